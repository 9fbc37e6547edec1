/* publish.c: one transaction under the log's lock: the version, its units, its elements' places, the log entry. */
#include "ledger/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ledger/batch.h"

enum { PLAN_LIMIT = 16 * 1024 * 1024, PLAN_VALUES = 4 * 1024 * 1024 };

struct publishing {
    struct db *db;
    const struct plan *plan;
    const char *sample_clock;
    char version[16];
    struct digest sha256, previous_head;
    int64_t sequence;
    timestamp recorded_at;
    char *fault;
    size_t fault_size;
};

static bool fail(struct publishing *publishing, const char *what)
{
    snprintf(publishing->fault, publishing->fault_size, "%s: %s", what, db_error(publishing->db));
    return false;
}

static bool lock_log(struct publishing *publishing)
{
    static const struct db_statement new_jurisdiction = {
        "new_jurisdiction",
        "with made as (insert into tributary.jurisdiction (jurisdiction, name_zh, name_en) values ($1, $2, $3) on conflict do nothing)"
        " select set_config('tributary.jurisdiction', $1, true), set_config('tributary.role', 'admin', true)",
        3};
    static const struct db_statement new_head = {
        "new_head",
        "insert into tributary.log_head (jurisdiction, head) values ($1, decode(repeat('00', 32), 'hex')) on conflict do nothing",
        1};
    static const struct db_statement lock = {"lock_log_for_plan", "select head from tributary.lock_log()", 0};
    static const struct db_statement take_place = {
        "take_place",
        "select n.sequence, tributary.micros(n.recorded_at) from tributary.next_in_log($1::timestamptz) n", 1};
    const struct plan *plan = publishing->plan;
    PGresult *result = NULL;

    if (db_run(publishing->db, &new_jurisdiction,
               (const char *const[]){plan->jurisdiction, plan->jurisdiction_name.text[LANGUAGE_ZH],
                                     plan->jurisdiction_name.text[LANGUAGE_EN]},
               NULL) != DB_OK ||
        db_run(publishing->db, &new_head, (const char *const[]){plan->jurisdiction}, NULL) != DB_OK ||
        db_run(publishing->db, &lock, NULL, &result) != DB_OK)
        return fail(publishing, "locking the log");
    bool good =
        PQntuples(result) == 1 && bytea_parse(PQgetvalue(result, 0, 0), publishing->previous_head.bytes, DIGEST_SIZE);

    PQclear(result);
    if (!good || db_run(publishing->db, &take_place, (const char *const[]){publishing->sample_clock}, &result) != DB_OK)
        return fail(publishing, "taking a place in the log");
    publishing->sequence = result_int64(result, 0, 0);
    publishing->recorded_at = result_int64(result, 0, 1);
    PQclear(result);
    return true;
}

/* The number of the next version; *ret_unchanged if the newest has the same bytes. */
static bool next_version(struct publishing *publishing, int *ret_version, bool *ret_unchanged)
{
    static const struct db_statement newest = {
        "newest_plan_version",
        "select version, sha256 from tributary.plan_version where jurisdiction = $1 and plan = $2 order by version desc limit 1",
        2};
    struct digest digest;
    PGresult *result = NULL;

    if (db_run(publishing->db, &newest, (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code},
               &result) != DB_OK)
        return fail(publishing, "reading the newest version");
    int version = PQntuples(result) ? (int)result_int64(result, 0, 0) : 0;

    *ret_unchanged = version > 0 && bytea_parse(PQgetvalue(result, 0, 1), digest.bytes, DIGEST_SIZE) &&
                     memcmp(digest.bytes, publishing->sha256.bytes, DIGEST_SIZE) == 0;
    *ret_version = *ret_unchanged ? version : version + 1;
    snprintf(publishing->version, sizeof publishing->version, "%d", *ret_version);
    PQclear(result);
    return true;
}

static bool insert_version(struct publishing *publishing, const char *document)
{
    static const struct db_statement insert = {
        "insert_plan_version",
        "insert into tributary.plan_version (jurisdiction, plan, version, sequence, recorded_at, document, sha256)"
        " values ($1, $2, $3::integer, $4::bigint, $5::timestamptz, $6, $7::bytea)",
        7};
    char sequence[24], recorded_at[TIMESTAMP_TEXT_SIZE], sha256[BYTEA_TEXT_SIZE];

    snprintf(sequence, sizeof sequence, "%lld", (long long)publishing->sequence);
    timestamp_format(publishing->recorded_at, recorded_at);
    bytea_format(publishing->sha256.bytes, DIGEST_SIZE, sha256);
    return db_run(publishing->db, &insert,
                  (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code, publishing->version,
                                        sequence, recorded_at, document, sha256},
                  NULL) == DB_OK ||
           fail(publishing, "storing the version");
}

static bool insert_unit_office(struct publishing *publishing, const char *level, const char *unit, size_t unit_order,
                               const struct office *office, int from, int to)
{
    static const struct db_statement insert = {
        "insert_unit_office",
        "insert into tributary.plan_unit_office (jurisdiction, plan, version, level, unit, unit_order, office, office_order, from_year, to_year)"
        " values ($1, $2, $3::integer, $4, $5, $6::integer, $7, $8::integer, $9::integer, $10::integer)",
        10};
    char unit_order_text[24], office_order[24], from_text[16], to_text[16];

    /* a member counts only while its office exists */
    from = from > office->from ? from : office->from;
    to = to < office->to ? to : office->to;
    if (from > to)
        return true;
    snprintf(unit_order_text, sizeof unit_order_text, "%zu", unit_order);
    snprintf(office_order, sizeof office_order, "%zu", (size_t)(office - publishing->plan->offices));
    snprintf(from_text, sizeof from_text, "%d", from);
    snprintf(to_text, sizeof to_text, "%d", to);
    return db_run(publishing->db, &insert,
                  (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code, publishing->version,
                                        level, unit, unit_order_text, office->code, office_order, from_text, to_text},
                  NULL) == DB_OK ||
           fail(publishing, "storing the units");
}

static bool is_excepted(const struct whole *whole, const struct office *office)
{
    for (size_t i = 0; i < whole->except_count; i++)
        if (whole->except[i] == office)
            return true;
    return false;
}

static bool insert_units(struct publishing *publishing)
{
    const struct plan *plan = publishing->plan;
    bool good = true;

    for (size_t i = 0; good && i < plan->office_count; i++) {
        const struct office *office = &plan->offices[i];

        good = insert_unit_office(publishing, "office", office->code, i, office, office->from, office->to);
        for (size_t w = 0; good && w < plan->whole_count; w++)
            if (!is_excepted(&plan->wholes[w], office))
                good =
                    insert_unit_office(publishing, "city", plan->wholes[w].code, w, office, office->from, office->to);
    }
    for (size_t g = 0; good && g < plan->group_count; g++) {
        const struct group *group = &plan->groups[g];

        for (size_t m = 0; good && m < group->member_count; m++)
            good = insert_unit_office(publishing, "group", group->code, g, group->members[m].office,
                                      group->members[m].from, group->members[m].to);
    }
    return good;
}

static bool insert_form(struct publishing *publishing, const struct form *form)
{
    static const struct db_statement insert = {
        "insert_plan_form",
        "insert into tributary.plan_form (jurisdiction, plan, version, form, owed_by) values ($1, $2, $3::integer, $4, $5::text[])",
        5};
    struct buffer owed_by = BUFFER_WITH_LIMIT(1024 * 1024);

    buffer_append_char(&owed_by, '{');
    for (size_t i = 0; i < form->owed_by_count; i++)
        buffer_append_format(&owed_by, "%s\"%s\"", i ? "," : "", form->owed_by[i]->code);
    buffer_append_char(&owed_by, '}');

    bool good = !owed_by.failed && db_run(publishing->db, &insert,
                                          (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code,
                                                                publishing->version, form->code,
                                                                form->owed_by_count ? owed_by.data : NULL},
                                          NULL) == DB_OK;

    buffer_free(&owed_by);
    return good || fail(publishing, "storing the forms");
}

/* The chain of the form, which its revisions keep. */
static bool insert_stages(struct publishing *publishing, const struct form *form)
{
    static const struct db_statement insert = {
        "insert_plan_stage",
        "insert into tributary.plan_stage (jurisdiction, plan, version, form, place, stage, role, own, official)"
        " values ($1, $2, $3::integer, $4, $5::integer, $6, $7, $8::boolean, $9::boolean)",
        9};
    bool good = true;

    for (size_t i = 0; good && i < form->stage_count; i++) {
        const struct stage *stage = form->stages[i].stage;
        char place[24];

        snprintf(place, sizeof place, "%zu", i + 1);
        good = db_run(publishing->db, &insert,
                      (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code, publishing->version,
                                            form->code, place, stage->code, stage->role, stage->own ? "t" : "f",
                                            form->stages[i].official ? "t" : "f"},
                      NULL) == DB_OK;
    }
    return good || fail(publishing, "storing the chains of review");
}

/* A new element gets the next free position of its form; a known one keeps its own for ever. */
static bool insert_elements(struct publishing *publishing, const struct form *form)
{
    static const struct db_statement insert = {
        "insert_element",
        "insert into tributary.element (jurisdiction, plan, form, position, code)"
        " select $1, $2, $3, coalesce(max(position), 0) + 1, $4 from tributary.element"
        " where jurisdiction = $1 and plan = $2 and form = $3"
        " having not exists (select from tributary.element where jurisdiction = $1 and plan = $2 and form = $3 and code = $4)",
        4};
    bool good = true;

    for (size_t i = 0; good && i < form->element_count; i++)
        good = db_run(publishing->db, &insert,
                      (const char *const[]){publishing->plan->jurisdiction, publishing->plan->code, form->code,
                                            form->elements[i].code},
                      NULL) == DB_OK;
    return good || fail(publishing, "storing the elements");
}

static bool close_log(struct publishing *publishing, const struct signer *signer, int version)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE], sha256[DIGEST_TEXT_SIZE];
    struct buffer text = BUFFER_WITH_LIMIT(64 * 1024);

    timestamp_format(publishing->recorded_at, recorded_at);
    digest_format(&publishing->sha256, sha256);
    json_t *entry = json_pack("{ss ss sI ss ss si ss}", "kind", "plan", "jurisdiction", publishing->plan->jurisdiction,
                              "sequence", (json_int_t)publishing->sequence, "recorded_at", recorded_at, "plan",
                              publishing->plan->code, "plan_version", version, "sha256", sha256);
    bool good = entry && json_write_canonical(entry, &text) &&
                batch_close_single(publishing->db, signer, publishing->plan->jurisdiction,
                                   (uint64_t)publishing->sequence, &publishing->previous_head, text.data) == DB_OK;

    json_decref(entry);
    buffer_free(&text);
    return good || fail(publishing, "closing the log");
}

static const char *addition_name(bool adds_offices, bool adds_periods)
{
    return adds_offices ? (adds_periods ? "sum over offices and periods" : "sum over offices")
                        : (adds_periods ? "sum over periods" : "none");
}

/* What older revisions hold under a code must still be readable as what the code means now. */
static bool check_items(const struct form *form, const struct item *old_items, size_t old_count,
                        const struct item *items, size_t count, char *ret_fault, size_t fault_size)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < old_count; k++) {
            if (strcmp(items[i].code, old_items[k].code) != 0 || items[i].type == old_items[k].type)
                continue;
            snprintf(ret_fault, fault_size, "'%s' of form '%s' was of another type before; give it a new code",
                     items[i].code, form->code);
            return false;
        }
    return true;
}

static bool check_all_items(const struct form *old_form, const struct form *form, char *ret_fault, size_t fault_size)
{
    bool good = check_items(form, old_form->fields, old_form->field_count, form->fields, form->field_count, ret_fault,
                            fault_size);

    for (size_t t = 0; good && t < form->table_count; t++) {
        const struct table *table = &form->tables[t], *old_table = form_table(old_form, table->code);

        good = !old_table || check_items(form, old_table->columns, old_table->column_count, table->columns,
                                         table->column_count, ret_fault, fault_size);
    }
    return good;
}

/* Codes are never retyped: an element that both versions have must add up the same way and be of the same kind. */
static bool check_not_retyped(const struct plan *old_plan, const struct plan *plan, char *ret_fault, size_t fault_size)
{
    for (size_t f = 0; f < plan->form_count; f++) {
        const struct form *form = &plan->forms[f], *old_form = plan_form(old_plan, form->code);

        if (old_form && (old_form->period != form->period || old_form->event != form->event)) {
            snprintf(ret_fault, fault_size,
                     "form '%s' has another kind of period in a version before; give it a new code", form->code);
            return false;
        }
        if (old_form && !check_all_items(old_form, form, ret_fault, fault_size))
            return false;
        for (size_t e = 0; old_form && e < form->element_count; e++) {
            const struct element *element = &form->elements[e], *old_element = form_element(old_form, element->code);

            if (!old_element || (!old_element->field == !element->field && !old_element->sum == !element->sum &&
                                 old_element->over_offices == element->over_offices &&
                                 old_element->over_periods == element->over_periods))
                continue;
            snprintf(ret_fault, fault_size,
                     "element '%s' of form '%s' was of another kind before (%s); give it a new code", element->code,
                     form->code, addition_name(old_element->over_offices, old_element->over_periods));
            return false;
        }
    }
    return true;
}

static bool check_against(const char *document, const struct plan *plan, char *ret_fault, size_t fault_size)
{
    struct json_fault fault;
    json_t *json = json_parse_strict(document, strlen(document), PLAN_VALUES, &fault), *faults = NULL;
    struct plan *old_plan = json ? plan_load(json, &faults) : NULL;
    bool good = old_plan && check_not_retyped(old_plan, plan, ret_fault, fault_size);

    if (!old_plan)
        snprintf(ret_fault, fault_size, "a version that is stored can't be read; it may need a newer program");
    plan_free(old_plan);
    json_decref(json);
    json_decref(faults);
    return good;
}

/* Compares with every stored version, under the lock: a code that was dropped and comes back means what it meant. */
static bool check_against_stored(struct publishing *publishing)
{
    static const struct db_statement documents = {
        "stored_plan_documents",
        "select document from tributary.plan_version where jurisdiction = $1 and plan = $2 order by version", 2};
    const struct plan *plan = publishing->plan;
    PGresult *result = NULL;
    bool good = true;

    if (db_run(publishing->db, &documents, (const char *const[]){plan->jurisdiction, plan->code}, &result) != DB_OK)
        return fail(publishing, "reading the stored versions");
    for (int i = 0; good && i < PQntuples(result); i++)
        good = check_against(PQgetvalue(result, i, 0), plan, publishing->fault, publishing->fault_size);
    PQclear(result);
    return good;
}

static bool publish_locked(struct publishing *publishing, const struct signer *signer, const char *document,
                           int *ret_version, bool *ret_unchanged)
{
    const struct plan *plan = publishing->plan;

    if (!next_version(publishing, ret_version, ret_unchanged))
        return false;
    if (*ret_unchanged)
        return true;

    bool good = check_against_stored(publishing) && insert_version(publishing, document) && insert_units(publishing);

    for (size_t i = 0; good && i < plan->form_count; i++)
        good = insert_form(publishing, &plan->forms[i]) && insert_stages(publishing, &plan->forms[i]) &&
               insert_elements(publishing, &plan->forms[i]);
    return good && close_log(publishing, signer, *ret_version);
}

enum db_status newest_plan(struct db *db, const struct plan *plan, int *ret_version, json_t **ret_json)
{
    static const struct db_statement newest = {
        "newest_plan_document",
        "select version, document from tributary.plan_version where jurisdiction = $1 and plan = $2"
        " order by version desc limit 1",
        2};
    PGresult *result = NULL;
    struct json_fault fault;
    enum db_status status = db_run(db, &newest, (const char *const[]){plan->jurisdiction, plan->code}, &result);

    *ret_json = NULL;
    if (status == DB_OK && PQntuples(result) == 1) {
        const char *document = PQgetvalue(result, 0, 1);

        *ret_version = (int)result_int64(result, 0, 0);
        *ret_json = json_parse_strict(document, strlen(document), PLAN_VALUES, &fault);
        if (!*ret_json)
            status = DB_FAILED;
    }
    PQclear(result);
    return status;
}

static bool takes_sample_clock(struct db *db, char *ret_fault, size_t fault_size)
{
    static const struct db_statement ask = {"takes_sample_clock", "select sample from tributary.installation", 0};
    PGresult *result = NULL;
    bool sample = db_run(db, &ask, NULL, &result) == DB_OK && PQntuples(result) == 1 && result_bool(result, 0, 0);

    PQclear(result);
    if (!sample)
        snprintf(ret_fault, fault_size, "only a sample database takes a sample clock");
    return sample;
}

bool publish_plan(struct db *db, const struct signer *signer, const struct plan *plan, const char *sample_clock,
                  int *ret_version, bool *ret_unchanged, char *ret_fault, size_t fault_size)
{
    struct buffer document = BUFFER_WITH_LIMIT(PLAN_LIMIT);
    struct publishing publishing = {
        .db = db, .plan = plan, .sample_clock = sample_clock, .fault = ret_fault, .fault_size = fault_size};
    bool good;

    *ret_unchanged = false;
    if (!json_write_canonical(plan->json, &document)) {
        snprintf(ret_fault, fault_size,
                 "the plan is too large, or holds a number that isn't whole (write decimals as texts)");
        buffer_free(&document);
        return false;
    }
    publishing.sha256 = digest_of(document.data, document.length);
    if (sample_clock && !takes_sample_clock(db, ret_fault, fault_size)) {
        buffer_free(&document);
        return false;
    }
    good = db_execute(db, "begin") == DB_OK || fail(&publishing, "begin");
    good =
        good && lock_log(&publishing) && publish_locked(&publishing, signer, document.data, ret_version, ret_unchanged);
    if (!good || *ret_unchanged)
        db_execute(db, "rollback");
    else if (db_execute(db, "commit") != DB_OK)
        good = fail(&publishing, "commit");
    buffer_free(&document);
    return good;
}
