/* entries.c: pages of entries, and one with its proof. */
#include <stdio.h>

#include "audit/audit.h"
#include "ledger/log_kinds.h"
#include "ledger/receipt.h"

/* Conditions that aren't asked vanish only when the statement is planned for its values. */
static enum db_status plan_for_values(struct db *db)
{
    static const struct db_statement each_time = {"audit_plans",
                                                  "select set_config('plan_cache_mode', 'force_custom_plan', true)", 0};

    return db_run(db, &each_time, NULL, NULL);
}

#define ENTRIES(order)                                                                                                 \
    "with page as ("                                                                                                   \
    " select e.sequence, e.recorded_at, e.kind, e.actor, e.office, e.plan, e.submission, e.entry"                      \
    " from tributary.log_entry e where e.jurisdiction = current_setting('tributary.jurisdiction')"                     \
    "  and ($1::text is null or e.kind = $1) and ($2::text is null or e.office = $2)"                                  \
    "  and ($3::text is null or e.actor = $3) and ($4::text is null or e.plan = $4)"                                   \
    "  and ($5::uuid is null or e.submission = any (array(select other.id::text from tributary.revision one"           \
    "   join tributary.revision other using (submission) where one.id = $5::uuid)))"                                   \
    "  and ($6::timestamptz is null or e.sequence >= (select tributary.first_since($6::timestamptz)))"                 \
    "  and ($7::timestamptz is null"                                                                                   \
    "   or e.sequence < (select tributary.first_since($7::timestamptz + interval '1 microsecond')))"                   \
    "  and ($11::boolean is null or e.is_open)"                                                                        \
    "  and ($8::bigint is null or e.sequence >= $8::bigint) and ($9::bigint is null or e.sequence <= $9::bigint)"      \
    " order by e.sequence " order " limit $10::integer)"                                                               \
    " select page.sequence, tributary.micros(page.recorded_at), page.kind, page.actor, page.office, page.plan,"        \
    "  page.submission, page.entry, who.label, who.role, who.office from page"                                         \
    " left join tributary.actors(array(select distinct actor from page)) who using (actor)"                            \
    " order by page.sequence " order

static json_t *actor_to_json(const PGresult *rows, int row)
{
    if (!result_text(rows, row, 3))
        return json_null();
    return json_pack("{ss ss? ss? ss?}", "id", PQgetvalue(rows, row, 3), "label", result_text(rows, row, 8), "role",
                     result_text(rows, row, 9), "office", result_text(rows, row, 10));
}

static json_t *entry_to_json(const PGresult *rows, int row)
{
    const char *code = PQgetvalue(rows, row, 2), *text = result_text(rows, row, 7);
    const struct log_kind *kind = log_kind_find(code);
    char recorded_at[TIMESTAMP_TEXT_SIZE];
    json_t *entry = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

    timestamp_format(result_int64(rows, row, 1), recorded_at);
    return json_pack("{sI ss ss s{ss ss} so ss? ss? ss? sb so?}", "sequence", (json_int_t)result_int64(rows, row, 0),
                     "recorded_at", recorded_at, "kind", code, "kind_name", "zh", kind ? kind->name[LANGUAGE_ZH] : code,
                     "en", kind ? kind->name[LANGUAGE_EN] : code, "actor", actor_to_json(rows, row), "office",
                     result_text(rows, row, 4), "plan", result_text(rows, row, 5), "submission",
                     result_text(rows, row, 6), "pruned", text == NULL, "entry", entry);
}

/* The rows of a page; `at_most` NULL: no bound. */
static enum db_status read_page(struct db *db, const struct audit_filter *filter, const char *at_least,
                                const char *at_most, const char *limit, PGresult **ret_rows)
{
    static const struct db_statement newest = {"audit_newest", ENTRIES("desc"), 11};
    static const struct db_statement oldest = {"audit_oldest", ENTRIES("asc"), 11};
    char from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
    enum db_status status = plan_for_values(db);

    if (filter->from)
        timestamp_format(*filter->from, from);
    if (filter->to)
        timestamp_format(*filter->to, to);
    if (status != DB_OK)
        return status;
    return db_run(db, filter->oldest_first ? &oldest : &newest,
                  (const char *const[]){filter->kind, filter->office, filter->actor, filter->plan, filter->submission,
                                        filter->from ? from : NULL, filter->to ? to : NULL, at_least, at_most, limit,
                                        filter->open_only ? "t" : NULL},
                  ret_rows);
}

enum db_status audit_list(struct db *db, const struct audit_filter *filter, json_t **ret_entries, int64_t *ret_next)
{
    char limit[16], bound[24];
    const char *after = filter->after ? bound : NULL;
    PGresult *rows = NULL;
    enum db_status status;

    snprintf(limit, sizeof limit, "%d", filter->limit + 1);
    snprintf(bound, sizeof bound, "%lld", (long long)filter->after + (filter->oldest_first ? 1 : -1));
    status =
        read_page(db, filter, filter->oldest_first ? after : NULL, filter->oldest_first ? NULL : after, limit, &rows);
    if (status != DB_OK)
        return status;

    int count = PQntuples(rows);

    *ret_next = count > filter->limit ? result_int64(rows, filter->limit - 1, 0) : 0;
    *ret_entries = json_array();
    for (int i = 0; i < count && i < filter->limit; i++)
        json_array_append_new(*ret_entries, entry_to_json(rows, i));
    PQclear(rows);
    return *ret_entries ? DB_OK : DB_FAILED;
}

static enum db_status add_proof(struct db *db, const char *sequence, json_t *entry)
{
    static const struct db_statement proof = {
        "entry_proof",
        "select entry, sequence, first_sequence, last_sequence, previous_head, head, key, signature, leaves"
        " from tributary.entry_proof($1::bigint)",
        1};
    struct log_place place = {0};
    PGresult *result = NULL;
    enum db_status status = db_run(db, &proof, (const char *const[]){sequence}, &result);

    if (status == DB_OK && (PQntuples(result) != 1 || !log_place_read(result, &place)))
        status = DB_FAILED;
    if (status == DB_OK) {
        json_object_set_new(entry, "log", log_place_to_json(&place, result_text(result, 0, 0)));
        json_object_set_new(entry, "signature", log_signature_to_json(place.key, place.signature));
    }
    PQclear(result);
    return status;
}

enum db_status audit_find(struct db *db, int64_t sequence, json_t **ret_entry)
{
    const struct audit_filter any = {.oldest_first = true};
    char text[24];
    PGresult *rows = NULL;

    snprintf(text, sizeof text, "%lld", (long long)sequence);

    enum db_status status = read_page(db, &any, text, text, "1", &rows);
    json_t *entry = status == DB_OK && PQntuples(rows) == 1 ? entry_to_json(rows, 0) : NULL;

    PQclear(rows);
    if (entry)
        status = add_proof(db, text, entry);
    if (status != DB_OK) {
        json_decref(entry);
        return status;
    }
    *ret_entry = entry;
    return DB_OK;
}
