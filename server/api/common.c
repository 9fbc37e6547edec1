/* common.c: finding the plan, reading parameters and bodies, opening the snapshot, cells of tables. */
#include "api/common.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "figures/figures.h"
#include "plan/bodies.h"
#include "revisions/revisions.h"

enum { BODY_VALUES = 1000 * 1000, LONGEST_CELL = 64 * 1024 * 1024 };

const struct plan_version *find_plan(struct request *request, struct db *db, const timestamp *moment)
{
    struct shelf *shelf = request->service->shelf;
    const char *code = request->path_parameters[0];
    const struct plan_version *version = shelf_find(shelf, request->principal.jurisdiction, code, moment);

    if (version)
        return version;
    /* it may have been loaded this moment */
    enum db_status status = shelf_refresh(shelf, db);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "plan_refresh_failed");
        return NULL;
    }
    version = shelf_find(shelf, request->principal.jurisdiction, code, moment);
    if (!version)
        reply_problem(request, PROBLEM_unknown_plan, code);
    return version;
}

bool begin_snapshot(struct request *request, struct db *db)
{
    struct db_context context = principal_context(&request->principal);
    enum db_status status = db_snapshot_begin(db, &context);

    if (status == DB_OK)
        status = data_version(db, &request->data_version);
    request->has_data_version = status == DB_OK;
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "snapshot_failed");
    return status == DB_OK;
}

enum step_result reply_bad_parameter(struct request *request, const char *name, const char *expected)
{
    static const char *const forms[] = {[LANGUAGE_ZH] = "「%s」應為 %s", [LANGUAGE_EN] = "%s must be %s"};

    return reply_problem(request, PROBLEM_bad_parameter,
                         arena_format(request->arena, forms[request->language], name, expected));
}

enum step_result reply_unknown_value(struct request *request, const char *name, const char *found)
{
    static const char *const forms[] = {[LANGUAGE_ZH] = "「%s」沒有「%s」", [LANGUAGE_EN] = "there is no %s '%s'"};

    return reply_problem(request, PROBLEM_bad_parameter,
                         arena_format(request->arena, forms[request->language], name, found));
}

/* ---- units of bodies --------------------------------------------------------------------------------------------- */

struct unit_asked {
    const char *body; /* NULL: any */
    const char *unit;
};

static bool is_unit_of(const struct plan *plan, const struct body *body, const char *unit)
{
    for (size_t i = 0; i < body_unit_count(plan, body); i++) {
        const struct name *name;
        const char *code = NULL;

        body_unit_at(plan, body, i, plan->from, &code, &name);
        if (code && strcmp(code, unit) == 0)
            return true;
    }
    return false;
}

static bool version_has_unit(const struct plan_version *version, const void *what)
{
    const struct unit_asked *asked = what;
    const struct plan_bodies *all = version->plan->bodies;

    for (size_t b = 0; b < all->body_count; b++)
        if ((!asked->body || strcmp(all->bodies[b].code, asked->body) == 0) &&
            is_unit_of(version->plan, &all->bodies[b], asked->unit))
            return true;
    return false;
}

bool knows_unit(struct request *request, const char *body, const char *unit)
{
    const struct unit_asked asked = {body, unit};

    if (!unit || shelf_some(request->service->shelf, request->principal.jurisdiction, version_has_unit, &asked))
        return true;
    reply_unknown_value(request, "unit", unit);
    return false;
}

/* ---- tables and parameters --------------------------------------------------------------------------------------- */

enum step_result reply_csv(struct request *request, struct buffer *out)
{
    size_t length;
    char *body = buffer_take(out, &length);

    if (!body)
        return reply_problem(request, PROBLEM_internal, NULL);
    return reply_bytes(request, 200, "text/csv; charset=utf-8", body, length);
}

/* "2024-05-02T11:04:05+08:00" loses its plus where nobody wrote %2B. */
static bool read_moment(struct request *request, const char *text, timestamp *ret_moment)
{
    char *copy = arena_text(request->arena, text), *space = copy ? strrchr(copy, ' ') : NULL;

    if (space && space - copy > 10)
        *space = '+';
    return copy && timestamp_parse(copy, ret_moment);
}

bool read_moment_parameter(struct request *request, const char *name, timestamp *ret_moment, bool *ret_given)
{
    const char *text = request_query(request, name);

    *ret_given = text != NULL;
    if (!text || read_moment(request, text, ret_moment))
        return true;
    reply_bad_parameter(request, name,
                        request->language == LANGUAGE_ZH ? "時點，如 2024-05-02T03:04:05Z"
                                                         : "a moment such as 2024-05-02T03:04:05Z");
    return false;
}

bool read_optional_moment(struct request *request, const char *name, timestamp *moment, const timestamp **ret_moment)
{
    bool given;

    *ret_moment = NULL;
    if (!read_moment_parameter(request, name, moment, &given))
        return false;
    if (given)
        *ret_moment = moment;
    return true;
}

bool read_as_of(struct request *request, timestamp *moment, const timestamp **ret_as_of)
{
    return read_optional_moment(request, "as_of", moment, ret_as_of);
}

bool settle(struct request *request, struct db *db, const timestamp *as_of)
{
    if (!as_of)
        return true;

    enum db_status status = figures_settle(db, request->principal.jurisdiction, *as_of);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "settle_failed");
    return status == DB_OK;
}

bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

const char *bilingual(const struct request *request, const char *zh, const char *en)
{
    return request->language == LANGUAGE_ZH ? zh : en;
}

const char *year_wanted(struct request *request, const struct plan *plan)
{
    return arena_format(request->arena, bilingual(request, "民國年度 %d–%d", "a ROC year, %d–%d"), plan->from,
                        plan->to);
}

const char *unit_wanted(const struct request *request, const struct body *body)
{
    switch (body->per) {
    case BODY_PER_OFFICE: return bilingual(request, "計畫中的機關代碼", "the code of an office of the plan");
    case BODY_PER_GROUP: return bilingual(request, "計畫中的組別代碼", "the code of a group of the plan");
    case BODY_OF_CITY: return bilingual(request, "不填；這個會議只有一個", "none; there is one such body");
    default: return bilingual(request, "這個會議的單位", "a unit of the body");
    }
}

json_t *read_json_body(struct request *request)
{
    static const enum problem problems[] = {
        [JSON_FAULT_MALFORMED] = PROBLEM_malformed_json,
        [JSON_FAULT_DUPLICATE_KEY] = PROBLEM_duplicate_key,
        [JSON_FAULT_TOO_MANY_VALUES] = PROBLEM_too_many_values,
    };
    struct json_fault fault;
    json_t *json =
        json_parse_strict(request->body.data ? request->body.data : "", request->body.length, BODY_VALUES, &fault);

    if (!json)
        reply_problem(request, problems[fault.kind],
                      arena_format(request->arena, "%d:%d %s", fault.line, fault.column, fault.text));
    return json;
}

const char *json_cell_text(struct arena *arena, const json_t *value)
{
    if (!value || json_is_null(value))
        return NULL;
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value))
        return arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_string_value(value);
}

const char *json_list_text(struct arena *arena, const json_t *list)
{
    struct buffer text = BUFFER_WITH_LIMIT(LONGEST_CELL);
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
        buffer_append_format(&text, "%s%s", i ? " " : "", json_string_value(item));

    const char *joined = text.failed ? NULL : arena_copy(arena, text.data ? text.data : "", text.length);

    buffer_free(&text);
    return joined;
}

const char *json_name_text(const struct request *request, const json_t *holder)
{
    return json_text_member(json_object_get(holder, "name"), request->language == LANGUAGE_ZH ? "zh" : "en");
}
