/* audit.c: the log for those who audit it, and its heads for everybody who holds a receipt. */
#include "audit/audit.h"

#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/tabular.h"
#include "ledger/log_kinds.h"

enum { DEFAULT_LIMIT = 100, MOST_LIMIT = 1000 };

static bool read_number(struct request *request, const char *name, long long least, long long most,
                        long long *ret_number)
{
    const char *text = request_query(request, name);
    char *end = NULL;
    long long number = text ? strtoll(text, &end, 10) : *ret_number;

    if (text && (end == text || *end || number < least || number > most)) {
        reply_bad_parameter(request, name, arena_format(request->arena, "%lld–%lld", least, most));
        return false;
    }
    *ret_number = number;
    return true;
}

/* A member of the filter that must be a UUID. */
static bool read_id(struct request *request, const char *name, const char **ret_id)
{
    const char *text = request_query(request, name);

    if (text && !uuid_is_well_formed(text)) {
        reply_bad_parameter(request, name, "UUID");
        return false;
    }
    *ret_id = text;
    return true;
}

static bool read_order(struct request *request, bool *ret_oldest_first)
{
    static const char *const orders[] = {"newest", "oldest", NULL};
    const char *text = request_query(request, "order");

    if (text && !is_one_of(text, orders)) {
        reply_bad_parameter(request, "order", "newest, oldest");
        return false;
    }
    *ret_oldest_first = text && text[0] == 'o';
    return true;
}

static bool read_filter(struct request *request, struct audit_filter *filter, timestamp *from, timestamp *to)
{
    long long limit = request->format == FORMAT_JSON ? DEFAULT_LIMIT : MOST_LIMIT, after = 0;
    bool good = read_number(request, "limit", 1, MOST_LIMIT, &limit) &&
                read_number(request, "after", 1, INT64_MAX - 1, &after) && read_order(request, &filter->oldest_first) &&
                read_id(request, "actor", &filter->actor) && read_id(request, "submission", &filter->submission) &&
                read_optional_moment(request, "from", from, &filter->from) &&
                read_optional_moment(request, "to", to, &filter->to);

    filter->kind = request_query(request, "kind");
    filter->office = request_query(request, "office");
    filter->plan = request_query(request, "plan");
    filter->limit = (int)limit;
    filter->after = after;
    return good;
}

/* What the reader never sees is refused, not looked for; an office asks for its own. False: a problem is replied. */
static bool admit_filter(struct request *request, struct audit_filter *filter)
{
    const struct log_kind *kind = filter->kind ? log_kind_find(filter->kind) : NULL;
    const char *own = request->principal.role == ROLE_OFFICE ? request->principal.office : NULL;

    filter->open_only = !((unsigned)request->principal.role & (ROLE_ADMIN | ROLE_AUDITOR));
    if (filter->kind && !kind) {
        reply_unknown_value(request, "kind", filter->kind);
        return false;
    }
    if ((kind && filter->open_only && !kind->open) || (own && filter->office && strcmp(filter->office, own) != 0)) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    if (own)
        filter->office = own;
    return true;
}

static const struct tabulation_column columns[] = {
    {.code = "sequence", .kind = COLUMN_INTEGER, .heading = {{"序號", "Sequence"}}},
    {.code = "recorded_at", .kind = COLUMN_MOMENT, .heading = {{"登錄時間", "Recorded"}}},
    {.code = "kind", .kind = COLUMN_CODE, .heading = {{"種類代碼", "Kind code"}}},
    {.code = "kind_name", .kind = COLUMN_TEXT, .heading = {{"種類", "Kind"}}, .for_people = true},
    {.code = "actor.id", .kind = COLUMN_CODE, .heading = {{"行為人識別碼", "Actor id"}}},
    {.code = "actor.label", .kind = COLUMN_TEXT, .heading = {{"行為人", "Actor"}}},
    {.code = "actor.role", .kind = COLUMN_CODE, .heading = {{"角色", "Role"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關", "Office"}}},
    {.code = "plan", .kind = COLUMN_CODE, .heading = {{"計畫", "Plan"}}},
    {.code = "submission", .kind = COLUMN_CODE, .heading = {{"報送識別碼", "Submission"}}},
    {.code = "entry_text", .kind = COLUMN_TEXT, .heading = {{"紀錄內容", "Entry"}}},
};

/* A table has the entry as the text that it is. */
static void add_entry_texts(const json_t *entries)
{
    json_t *entry;
    size_t i;

    json_array_foreach((json_t *)entries, i, entry) {
        char *text = json_dumps(json_object_get(entry, "entry"), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

        if (text && !json_is_null(json_object_get(entry, "entry")))
            json_object_set_new(entry, "entry_text", json_string(text));
        free(text);
    }
}

static enum step_result reply_entries(struct request *request, json_t *entries, int64_t next)
{
    static const struct name title = {{"稽核紀錄", "Audit log"}};
    const char *after = next ? arena_format(request->arena, "%lld", (long long)next) : NULL;
    struct tabulation *table;

    if (request->format == FORMAT_JSON)
        return reply_json(request, 200, json_pack("{sO ss?}", "entries", entries, "next", after));
    add_entry_texts(entries);
    table = new_tabulation(request, NULL, &title, NULL, columns, sizeof columns / sizeof *columns);
    tabulate_list(request, table, entries);
    tell_next(request, after);
    return reply_tabulation(request, table);
}

enum step_result list_audit(struct request *request, struct db *db)
{
    struct audit_filter filter = {0};
    timestamp from, to;
    json_t *entries = NULL;
    int64_t next = 0;

    if (!read_filter(request, &filter, &from, &to))
        return STEP_DONE;
    if (!admit_filter(request, &filter))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = audit_list(db, &filter, &entries, &next);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "audit_failed");
        else
            reply_entries(request, entries, next);
        json_decref(entries);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_audit_entry(struct request *request, struct db *db)
{
    const char *text = request->path_parameters[0];
    char *end;
    long long sequence = strtoll(text, &end, 10);
    json_t *entry = NULL;

    if (*end || sequence < 1 || text[0] < '0' || text[0] > '9')
        return reply_problem(request, PROBLEM_not_found, NULL);
    if (begin_snapshot(request, db)) {
        enum db_status status = audit_find(db, sequence, &entry);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "audit_failed");
        else if (!entry)
            reply_problem(request, PROBLEM_not_found, NULL);
        else
            reply_json(request, 200, entry);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result get_audit_head(struct request *request, struct db *db)
{
    json_t *head = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status status = audit_newest_head(db, &head);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "audit_failed");
        else if (!head)
            reply_problem(request, PROBLEM_not_found, NULL);
        else
            reply_json(request, 200, head);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result seek_audit_head(struct request *request, struct db *db)
{
    const char *head = request->path_parameters[0];
    struct digest digest;
    json_t *answer = NULL;

    if (!digest_parse(head, &digest))
        return reply_bad_parameter(request, "head", "64 hexadecimal digits");
    if (begin_snapshot(request, db)) {
        enum db_status status = audit_seek_head(db, head, &answer);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "audit_failed");
        else
            reply_json(request, 200, answer);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}
