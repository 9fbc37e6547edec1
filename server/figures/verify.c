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
    struct shelf *shelf;
    const struct plan_version *version;
    const struct form *form;
    const char *period, *basis;
    struct verification *verification;
    struct arena *arena;
    struct element_value **by_office; /* an office's values by element, NULL if there is no document */
};

/* One position of a stored list of numbers, as text; "NULL" past its end. */
static void read_stored(const char *list, int position, char ret_text[static DECIMAL_TEXT_SIZE])
{
    const char *at = position < 1 || strcmp(list, "{}") == 0 ? "" : list;

    for (int i = 1; i < position && *at; i++)
        at += 1 + strcspn(at + 1, ",}");
    snprintf(ret_text, DECIMAL_TEXT_SIZE, "%.*s", *at ? (int)strcspn(at + 1, ",}") : 4, *at ? at + 1 : "NULL");
}

static bool is_stored(struct element_value value, char state, const char *stored)
{
    static const char letters[] = {
        [CELL_BLANK] = 'b', [CELL_VALUE] = 'v', [CELL_NOT_YET] = 'n', [CELL_NOT_APPLICABLE] = 'x'};
    struct decimal number;

    if (letters[value.state] != state)
        return false;
    if (value.state != CELL_VALUE)
        return strcmp(stored, "NULL") == 0;
    return decimal_parse(stored, &number) && decimal_compare(number, value.value) == 0;
}

/* A revision as it is stored, beside what its document says under the plan version that judged it. */
struct stored_revision {
    const char *id, *text, *states, *values;
    bool reported, provisional;
    size_t field_count, row_count, value_count;
};

static int last_position(const struct form *form)
{
    int last = 0;

    for (size_t e = 0; e < form->element_count; e++)
        last = form->elements[e].position > last ? form->elements[e].position : last;
    return last;
}

static void compare_elements(const struct stored_revision *stored, const struct form *form,
                             const struct element_value *values, struct verification *verification)
{
    size_t width = strlen(stored->states);

    if (stored->value_count != width || width > (size_t)last_position(form))
        verification_fault(verification, "revision %s: it stores more elements than its form has, or fewer",
                           stored->id);
    for (size_t e = 0; e < form->element_count; e++) {
        int position = form->elements[e].position;
        char state = position >= 1 && (size_t)position <= width ? stored->states[position - 1] : 'b';
        char text[DECIMAL_TEXT_SIZE];

        read_stored(stored->values, position, text);
        if (!is_stored(values[e], state, text))
            verification_fault(verification,
                               "revision %s: element %s is stored as %c %s, but its document says otherwise",
                               stored->id, form->elements[e].code, state, text);
    }
}

/* Personal values stand apart from the stored document, so that it may hold less than was handed in. */
static void compare_facts(const struct stored_revision *stored, const struct document *document,
                          struct verification *verification)
{
    bool apart = strstr(stored->text, "{\"personal\":\"") != NULL;

    if (document->provisional != stored->provisional || document->row_count != stored->row_count ||
        (document->reported != stored->reported && !(apart && stored->reported)) ||
        (document->value_count != stored->field_count && !(apart && document->value_count < stored->field_count)))
        verification_fault(verification,
                           "revision %s: whether it reports, is provisional, or how much it holds was changed",
                           stored->id);
}

static bool check_stored(const struct stored_revision *stored, const struct plan_version *version,
                         struct verification *verification)
{
    struct arena *arena = arena_new(DOCUMENT_MEMORY);
    struct findings findings = FINDINGS_IN(arena);
    struct json_fault fault;
    json_t *json = json_parse_strict(stored->text, strlen(stored->text), DOCUMENT_VALUES, &fault);
    struct document *document = json && arena ? document_judge(version->plan, json, &findings) : NULL;
    struct element_value *values = document ? document_elements(document, arena) : NULL;

    if (json && !arena)
        json_decref(json);
    if (values) {
        compare_elements(stored, document->form, values, verification);
        compare_facts(stored, document, verification);
    }
    document_release(document);
    arena_free(arena);
    return values != NULL;
}

/* Every revision, the past ones too: figures as of their time are made of what is stored beside them. */
static bool check_revisions(struct db *db, struct shelf *shelf, const char *jurisdiction,
                            struct verification *verification)
{
    static const struct db_statement some = {
        "verify_stored",
        "select r.submission, r.number, r.id, s.plan, r.plan_version, r.document, r.element_state, r.element_value, r.reported,"
        " r.provisional, r.field_count, r.row_count, cardinality(r.element_value) from tributary.revision r join tributary.submission s using (submission)"
        " where r.jurisdiction = $1 and (r.submission, r.number) > ($2::bigint, $3::integer)"
        " order by r.submission, r.number limit 50",
        3};
    char submission[24] = "0", number[16] = "0";
    int count = 1;

    while (count > 0) {
        PGresult *rows = NULL;

        if (db_run(db, &some, (const char *const[]){jurisdiction, submission, number}, &rows) != DB_OK)
            return false;
        count = PQntuples(rows);
        for (int i = 0; i < count; i++) {
            const struct plan_version *version =
                shelf_version(shelf, jurisdiction, PQgetvalue(rows, i, 3), (int)result_int64(rows, i, 4));
            struct stored_revision stored = {PQgetvalue(rows, i, 2),
                                             PQgetvalue(rows, i, 5),
                                             PQgetvalue(rows, i, 6),
                                             PQgetvalue(rows, i, 7),
                                             result_bool(rows, i, 8),
                                             result_bool(rows, i, 9),
                                             (size_t)result_int64(rows, i, 10),
                                             (size_t)result_int64(rows, i, 11),
                                             (size_t)result_int64(rows, i, 12)};

            if (!version || !check_stored(&stored, version, verification))
                verification_fault(verification, "revision %s: its document can't be read by its plan version",
                                   stored.id);
            snprintf(submission, sizeof submission, "%s", PQgetvalue(rows, i, 0));
            snprintf(number, sizeof number, "%s", PQgetvalue(rows, i, 1));
        }
        PQclear(rows);
    }
    return true;
}

/* What a document says of the elements that the form has now; those that its own version of the plan didn't know are blank
 * in it, whatever they would make of it. NULL without memory. */
static struct element_value *elements_now(const struct recount *recount, const struct document *document)
{
    const struct form *now = recount->form, *then = document->form;
    struct element_value *own = document_elements(document, recount->arena);
    struct element_value *values = arena_alloc_array(recount->arena, now->element_count + 1, sizeof *values);

    for (size_t e = 0; own && values && e < now->element_count; e++)
        for (size_t k = 0; k < then->element_count; k++)
            if (strcmp(now->elements[e].code, then->elements[k].code) == 0)
                values[e] = own[k];
    return own ? values : NULL;
}

/* id, office, document, plan version */
static bool recount_row(struct recount *recount, const PGresult *rows, int row)
{
    const struct plan *now = recount->version->plan;
    const struct plan_version *judged_by =
        shelf_version(recount->shelf, now->jurisdiction, now->code, (int)result_int64(rows, row, 3));
    struct findings findings = FINDINGS_IN(recount->arena);
    struct json_fault fault;
    const char *text = PQgetvalue(rows, row, 2);
    json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault);
    struct document *document = json && judged_by ? document_judge(judged_by->plan, json, &findings) : NULL;
    const struct office *office = plan_office(now, PQgetvalue(rows, row, 1));
    struct element_value *values = document ? elements_now(recount, document) : NULL;

    if (json && !judged_by)
        json_decref(json);
    if (values) {
        if (office)
            recount->by_office[office - now->offices] = values;
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
            verification_fault(recount->verification,
                               "%s %s %s (%s), %s: %s is published as %s, but its documents give %s", plan->code,
                               recount->form->code, recount->period, recount->basis, code, element->code,
                               published_text, text);
    }
    recount->verification->rollups++;
}

static bool compare_levels(struct recount *recount)
{
    static const char *const levels[] = {"office", "group", "city"};
    struct period period;
    bool good = true;

    if (!period_parse(recount->period, &period)) {
        verification_fault(recount->verification, "%s %s: '%s' is no period", recount->version->plan->code,
                           recount->form->code, recount->period);
        return true;
    }
    for (size_t i = 0; good && i < 3; i++) {
        struct figures_question question = {.version = recount->version, .level = levels[i], .basis = recount->basis};
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
        "select r.id, s.office, r.document, r.plan_version from tributary.submission s cross join lateral"
        " (select * from tributary.revision r where r.submission = s.submission order by r.number desc limit 1) r"
        " where s.jurisdiction = $1 and s.plan = $2 and s.form = $3 and s.period = $4 and r.withdrawn is null",
        4};
    static const struct db_statement official = {
        "verify_official",
        "select r.id, s.office, r.document, r.plan_version from (select v.submission, max(v.number) as number from tributary.review v"
        "  where v.jurisdiction = $1 and v.official group by v.submission) o"
        " join tributary.revision r using (submission, number) join tributary.submission s using (submission)"
        " where s.plan = $2 and s.form = $3 and s.period = $4 and not exists (select from tributary.revision w"
        "  where w.submission = r.submission and w.number > r.number and w.withdrawn is not null)",
        4};
    bool is_official = strcmp(recount->basis, "official") == 0;
    const struct plan *plan = recount->version->plan;
    PGresult *rows = NULL;
    bool good;

    recount->arena = arena_new(DOCUMENT_MEMORY);
    recount->by_office =
        recount->arena ? arena_alloc_array(recount->arena, plan->office_count, sizeof(struct element_value *)) : NULL;
    good = recount->by_office &&
           db_run(recount->db, is_official ? &official : &current,
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
    static const char *const bases[] = {"latest", "official"};
    PGresult *rows = NULL;
    bool good = db_run(db, &set_auditor, (const char *const[]){jurisdiction}, NULL) == DB_OK &&
                shelf_refresh(shelf, db) == DB_OK && check_revisions(db, shelf, jurisdiction, verification) &&
                db_run(db, &periods, (const char *const[]){jurisdiction}, &rows) == DB_OK;

    for (int i = 0; good && i < PQntuples(rows); i++) {
        const struct plan_version *version = shelf_find(shelf, jurisdiction, PQgetvalue(rows, i, 0), NULL);
        const struct form *form = version ? plan_form(version->plan, PQgetvalue(rows, i, 1)) : NULL;
        struct recount recount = {.db = db,
                                  .shelf = shelf,
                                  .version = version,
                                  .form = form,
                                  .period = PQgetvalue(rows, i, 2),
                                  .verification = verification};

        for (size_t b = 0; form && good && b < sizeof bases / sizeof *bases; b++) {
            recount.basis = bases[b];
            good = recount_period(&recount);
        }
    }
    PQclear(rows);
    return good;
}
