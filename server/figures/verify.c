/* verify.c: the second way to every roll-up: document by document, added up here. */
#include "figures/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "figures/units.h"
#include "form/document.h"

enum { DOCUMENT_VALUES = 4 * 1024 * 1024, DOCUMENT_MEMORY = 512 * 1024 * 1024 };

struct tally {
    struct decimal value;
    long long offices, blank, not_yet, not_applicable;
};

/* One form over one period: each office's elements, made from its document. */
struct recount {
    struct db *db;
    const struct plan_version *version;
    const struct form *form;
    const char *period;
    struct verification *verification;
    struct arena *arena;
    struct element_value **by_office; /* an office's values by element, NULL if there is no document */
};

static void compare_stored(struct recount *recount, const struct element_value *values, const char *states,
                           const char *stored_values, const char *id)
{
    static const char letters[] = {
        [CELL_BLANK] = 'b', [CELL_VALUE] = 'v', [CELL_NOT_YET] = 'n', [CELL_NOT_APPLICABLE] = 'x'};
    size_t width = strlen(states);
    const char *at = stored_values + 1; /* behind the brace; plain numbers and NULL only */

    for (size_t position = 1; position <= width; position++) {
        const char *end = at + strcspn(at, ",}");
        char text[DECIMAL_TEXT_SIZE], stored[DECIMAL_TEXT_SIZE];

        snprintf(stored, sizeof stored, "%.*s", (int)(end - at), at);
        at = *end ? end + 1 : end;
        for (size_t e = 0; e < recount->form->element_count; e++) {
            struct decimal stored_number;

            if (recount->form->elements[e].position != (int)position)
                continue;
            decimal_format(values[e].value, text);
            if (letters[values[e].state] != states[position - 1] ||
                (values[e].state == CELL_VALUE &&
                 (!decimal_parse(stored, &stored_number) || decimal_compare(stored_number, values[e].value) != 0)))
                verification_fault(
                    recount->verification, "revision %s: element %s is stored as %c %s, but its document gives %c %s",
                    id, recount->form->elements[e].code, states[position - 1], stored, letters[values[e].state], text);
        }
    }
}

/* id, office, document, element_state, element_value */
static bool recount_row(struct recount *recount, const PGresult *rows, int row)
{
    struct findings findings = FINDINGS_IN(recount->arena);
    struct json_fault fault;
    const char *text = PQgetvalue(rows, row, 2);
    json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault);
    struct document *document = json ? document_judge(recount->version->plan, json, &findings) : NULL;
    const struct office *office = plan_office(recount->version->plan, PQgetvalue(rows, row, 1));
    struct element_value *values = document ? document_elements(document, recount->arena) : NULL;

    if (values) {
        compare_stored(recount, values, PQgetvalue(rows, row, 3), PQgetvalue(rows, row, 4), PQgetvalue(rows, row, 0));
        if (office)
            recount->by_office[office - recount->version->plan->offices] = values;
    } else {
        verification_fault(recount->verification, "revision %s: its document can't be read", PQgetvalue(rows, row, 0));
    }
    document_release(document);
    return values != NULL;
}

static void add_office(struct tally *tally, const struct element_value *value)
{
    switch (value->state) {
    case CELL_VALUE:
        tally->offices++;
        decimal_add(tally->value, value->value, &tally->value);
        break;
    case CELL_BLANK: tally->blank++; break;
    case CELL_NOT_YET: tally->not_yet++; break;
    case CELL_NOT_APPLICABLE: tally->not_applicable++; break;
    }
}

/* Which offices stand behind a unit in a year, straight from the plan. */
static bool stands_behind(const struct plan *plan, const char *level, const char *unit, const struct office *office,
                          int year)
{
    if (strcmp(level, "office") == 0)
        return strcmp(office->code, unit) == 0;
    for (size_t g = 0; g < plan->group_count; g++)
        for (size_t m = 0; strcmp(plan->groups[g].code, unit) == 0 && m < plan->groups[g].member_count; m++) {
            const struct member *member = &plan->groups[g].members[m];

            if (member->office == office && year >= member->from && year <= member->to)
                return true;
        }
    for (size_t w = 0; w < plan->whole_count; w++) {
        bool excepted = false;

        if (strcmp(plan->wholes[w].code, unit) != 0)
            continue;
        for (size_t i = 0; i < plan->wholes[w].except_count; i++)
            excepted = excepted || plan->wholes[w].except[i] == office;
        return !excepted;
    }
    return false;
}

static void compare_unit(struct recount *recount, const char *level, const json_t *unit)
{
    const struct plan *plan = recount->version->plan;
    const char *code = json_text_member(unit, "unit");
    struct period period;
    json_t *elements = json_object_get(unit, "elements");

    if (!period_parse(recount->period, &period))
        return;
    int year = plan_period_year(plan, period);

    for (size_t e = 0; e < recount->form->element_count; e++) {
        const struct element *element = &recount->form->elements[e];
        const json_t *published = json_object_get(elements, element->code),
                     *value = json_object_get(published, "value");
        struct tally tally = {0};
        struct decimal number;
        char text[DECIMAL_TEXT_SIZE], published_text[DECIMAL_TEXT_SIZE] = "";

        if (!published)
            continue;
        for (size_t o = 0; o < plan->office_count; o++)
            if (recount->by_office[o] && form_owed_by(recount->form, &plan->offices[o], year) &&
                stands_behind(plan, level, code, &plan->offices[o], year))
                add_office(&tally, &recount->by_office[o][e]);
        decimal_format(tally.value, text);
        if (json_is_integer(value))
            snprintf(published_text, sizeof published_text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_string(value))
            snprintf(published_text, sizeof published_text, "%s", json_string_value(value));
        bool same = tally.offices ? decimal_parse(published_text, &number) && decimal_compare(number, tally.value) == 0
                                  : json_is_null(value);

        same = same && json_integer_value(json_object_get(published, "offices")) == tally.offices &&
               json_integer_value(json_object_get(published, "blank")) == tally.blank &&
               json_integer_value(json_object_get(published, "not_yet")) == tally.not_yet &&
               json_integer_value(json_object_get(published, "not_applicable")) == tally.not_applicable;
        if (!same)
            verification_fault(recount->verification, "%s %s %s, %s: %s is published as %s, but its documents give %s",
                               plan->code, recount->form->code, recount->period, code, element->code, published_text,
                               text);
    }
    recount->verification->rollups++;
}

static bool compare_levels(struct recount *recount)
{
    static const char *const levels[] = {"office", "group", "city"};
    struct period period;
    bool good = period_parse(recount->period, &period);

    for (size_t i = 0; good && i < 3; i++) {
        struct figures_question question = {.version = recount->version, .level = levels[i], .basis = "latest"};
        json_t *rollup = NULL, *unit;
        size_t k;

        good = figures_rollup(recount->db, &question, recount->form, period, &rollup) == DB_OK;
        json_array_foreach(json_object_get(rollup, "units"), k, unit)
            compare_unit(recount, levels[i], unit);
        json_decref(rollup);
    }
    return good;
}

static bool recount_period(struct recount *recount)
{
    static const struct db_statement current = {
        "verify_current",
        "select r.id, s.office, r.document, r.element_state, r.element_value from tributary.submission s cross join lateral"
        " (select * from tributary.revision r where r.submission = s.submission order by r.number desc limit 1) r"
        " where s.jurisdiction = $1 and s.plan = $2 and s.form = $3 and s.period = $4",
        4};
    const struct plan *plan = recount->version->plan;
    PGresult *rows = NULL;
    bool good;

    recount->arena = arena_new(DOCUMENT_MEMORY);
    recount->by_office =
        recount->arena ? arena_alloc_array(recount->arena, plan->office_count, sizeof(struct element_value *)) : NULL;
    good = recount->by_office &&
           db_run(recount->db, &current,
                  (const char *const[]){plan->jurisdiction, plan->code, recount->form->code, recount->period},
                  &rows) == DB_OK;
    for (int i = 0; good && i < PQntuples(rows); i++)
        recount_row(recount, rows, i);
    /* several events of one office make no single value here; their sums are the database's alone */
    good = good && (recount->form->event || compare_levels(recount));
    PQclear(rows);
    arena_free(recount->arena);
    return good;
}

bool verify_figures(struct db *db, struct shelf *shelf, const char *jurisdiction, struct verification *verification)
{
    static const struct db_statement set_auditor = {
        "verify_set_role",
        "select set_config('tributary.jurisdiction', $1, false), set_config('tributary.role', 'auditor', false)", 1};
    static const struct db_statement periods = {
        "verify_periods",
        "select distinct plan, form, period from tributary.submission where jurisdiction = $1 order by 1, 2, 3", 1};
    PGresult *rows = NULL;
    bool good = db_run(db, &set_auditor, (const char *const[]){jurisdiction}, NULL) == DB_OK &&
                shelf_refresh(shelf, db) == DB_OK &&
                db_run(db, &periods, (const char *const[]){jurisdiction}, &rows) == DB_OK;

    for (int i = 0; good && i < PQntuples(rows); i++) {
        const struct plan_version *version = shelf_find(shelf, jurisdiction, PQgetvalue(rows, i, 0), NULL);
        const struct form *form = version ? plan_form(version->plan, PQgetvalue(rows, i, 1)) : NULL;
        struct recount recount = {
            .db = db, .version = version, .form = form, .period = PQgetvalue(rows, i, 2), .verification = verification};

        if (form)
            good = recount_period(&recount);
    }
    PQclear(rows);
    return good;
}
