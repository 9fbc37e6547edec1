/* duties.c: the yearly duties of offices, by what they handed in. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "body/attendance.h"
#include "body/duty.h"
#include "body/inside.h"
#include "body/watch.h"
#include "obligations/obligations.h"

enum { LIST_LIMIT = 4096 };

/* The rows of one duty, office by office, and what sheets of attendance say. */
struct facts {
    PGresult *rows, *attendance;
    size_t element_count;
};

enum { OFFICE, PERIOD, REVISION, NUMBER, PROVISIONAL, SAYS, FIRST_FIGURE };

static bool write_positions(const struct yearly_duty *duty, struct buffer *out, size_t *ret_count)
{
    const struct element *elements[DUTY_ELEMENTS_MOST];

    *ret_count = duty_elements(duty, elements);
    buffer_append_char(out, '{');
    for (size_t i = 0; i < *ret_count; i++)
        buffer_append_format(out, "%s%d", i ? "," : "", elements[i]->position);
    buffer_append_char(out, '}');
    return !out->failed;
}

static bool write_periods(const struct plan *plan, const struct yearly_duty *duty, int year, struct buffer *out)
{
    struct period periods[4];
    size_t count = plan_form_periods(plan, duty->form, year, periods);

    buffer_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        char text[PERIOD_TEXT_SIZE];

        period_format(periods[i], text);
        buffer_append_format(out, "%s%s", i ? "," : "", text);
    }
    buffer_append_char(out, '}');
    return !out->failed;
}

static enum db_status read_facts(struct db *db, const struct duties_question *question, const struct yearly_duty *duty,
                                 struct facts *facts)
{
    static const struct db_statement list = {
        "duty_facts",
        "select office, period, revision, number, provisional, says, figures[1], figures[2], figures[3], figures[4],"
        " figures[5], figures[6], figures[7], figures[8], figures[9], figures[10], figures[11], figures[12], figures[13],"
        " figures[14], figures[15], figures[16]"
        " from tributary.duty_facts($1, $2, $3::text[], $4, $5::integer[], $6, $7, $8::timestamptz)",
        8};
    const struct plan *plan = question->version->plan;
    const struct item *field = duty->kind == DUTY_SAYS ? duty->field : duty->where;
    struct buffer periods = BUFFER_WITH_LIMIT(LIST_LIMIT), positions = BUFFER_WITH_LIMIT(LIST_LIMIT);
    enum db_status status = DB_FAILED;
    char as_of[TIMESTAMP_TEXT_SIZE];

    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    if (write_periods(plan, duty, question->year, &periods) && write_positions(duty, &positions, &facts->element_count))
        status =
            db_run(db, &list,
                   (const char *const[]){plan->code, duty->form->code, periods.data, question->office, positions.data,
                                         field ? field->code : NULL, question->basis, question->as_of ? as_of : NULL},
                   &facts->rows);
    buffer_free(&periods);
    buffer_free(&positions);
    return status;
}

/* One office's rows of a duty; `meeting`: whose sheet says it instead, or NULL. */
struct office_facts {
    const char *meeting;
    struct duty_fact *facts;
    size_t count;
    bool provisional;
    json_t *sources;
};

static const char **read_figures(const struct facts *facts, int row, struct arena *arena)
{
    const char **values = arena_alloc_array(arena, facts->element_count + 1, sizeof *values);

    for (size_t i = 0; values && i < facts->element_count; i++)
        values[i] = result_text(facts->rows, row, FIRST_FIGURE + (int)i);
    return values;
}

/* False without memory. */
static bool select_office(const struct facts *facts, const char *office, struct arena *arena,
                          struct office_facts *ret_selected)
{
    int rows = PQntuples(facts->rows);
    struct office_facts selected = {.facts = arena_alloc_array(arena, (size_t)rows + 1, sizeof(struct duty_fact)),
                                    .sources = json_array()};

    for (int i = 0; selected.facts && i < rows; i++) {
        if (strcmp(PQgetvalue(facts->rows, i, OFFICE), office) != 0)
            continue;
        selected.facts[selected.count++] =
            (struct duty_fact){read_figures(facts, i, arena), result_text(facts->rows, i, SAYS)};
        selected.provisional = selected.provisional || result_bool(facts->rows, i, PROVISIONAL);
        json_array_append_new(selected.sources,
                              json_pack("{ss ss sI}", "period", PQgetvalue(facts->rows, i, PERIOD), "submission",
                                        PQgetvalue(facts->rows, i, REVISION), "revision",
                                        (json_int_t)result_int64(facts->rows, i, NUMBER)));
    }
    *ret_selected = selected;
    return selected.sources && !arena_is_short(arena);
}

/* Where a sheet tells whether the office was there, it counts, and not what the office reported. False without memory. */
static bool ask_sheets(const struct duties_question *question, const struct yearly_duty *duty,
                       const struct facts *facts, const char *office, struct arena *arena,
                       struct office_facts *selected)
{
    bool present;

    if (!attendance_tells(question, duty, facts->attendance, office, &present, &selected->meeting))
        return true;
    selected->facts = arena_alloc(arena, sizeof *selected->facts);
    if (!selected->facts)
        return false;
    *selected->facts = (struct duty_fact){NULL, present ? "true" : "false"};
    selected->count = 1;
    selected->provisional = false;
    return json_array_clear(selected->sources) == 0;
}

/* When the duty must be done: its own day, or the last one on which its form is due, extensions counted. */
static struct date last_day(const struct duties_question *question, const struct yearly_duty *duty, const char *office,
                            const struct obligation *obligations, size_t count)
{
    struct date last = {question->year + duty->year_offset + ROC_EPOCH, duty->month, duty->day};

    if (duty->month)
        return last;
    last = (struct date){question->year + ROC_EPOCH, 12, 31};
    for (size_t i = 0; i < count; i++)
        if (obligations[i].form == duty->form && strcmp(obligations[i].office->code, office) == 0 &&
            date_compare(obligations[i].due_date, last) > 0)
            last = obligations[i].due_date;
    return last;
}

/* Whole numbers as such; null where nothing is known. */
static json_t *figure_json(bool reported, struct decimal value)
{
    char text[DECIMAL_TEXT_SIZE];

    if (!reported)
        return json_null();
    if (value.scale == 0)
        return json_integer((json_int_t)value.coefficient);
    decimal_format(value, text);
    return json_string(text);
}

static json_t *gap_json(const struct yearly_duty *duty, const struct duty_figures *figures)
{
    struct decimal trained = figures->numerator, gap;

    trained.coefficient = -trained.coefficient;
    if (duty->kind != DUTY_EVERYONE || !figures->known || !decimal_add(figures->denominator, trained, &gap))
        return json_null();
    return figure_json(true, gap);
}

static json_t *duty_json(const struct duties_question *question, const struct yearly_duty *duty,
                         const struct office *office, struct date last, const struct office_facts *selected)
{
    const struct plan *plan = question->version->plan;
    struct duty_figures figures = duty_judge(duty, selected->facts, selected->count);
    bool reported = selected->count > 0, done = figures.done && !selected->provisional;
    enum duty_state state =
        duty_state_at(plan, question->year, calendar_day_end(&plan->calendar, last), done, question->now);
    char due[DATE_TEXT_SIZE];

    date_format_iso(last, due);
    return json_pack("{ss so si ss so ss ss ss ss so so so sb sb sO ss? ss}", "office", office->code, "name",
                     name_json(&office->name), "year", question->year, "duty", duty->code, "duty_name",
                     name_json(&duty->name), "kind", duty_kind_word(duty->kind), "form", duty->form->code, "state",
                     duty_state_word(state), "due_date", due, "found", figure_json(reported, figures.numerator),
                     "wanted", figure_json(reported || duty->kind != DUTY_EVERYONE, figures.denominator), "gap",
                     gap_json(duty, &figures), "known", figures.known, "provisional", selected->provisional, "sources",
                     selected->sources, "meeting", selected->meeting, "source", duty->source);
}

static enum db_status add_duty(const struct duties_question *question, const struct yearly_duty *duty,
                               const struct facts *facts, const struct obligation *obligations, size_t count,
                               struct arena *arena, json_t *list)
{
    const struct plan *plan = question->version->plan;

    for (size_t i = 0; i < plan->office_count; i++) {
        const struct office *office = &plan->offices[i];
        struct office_facts selected = {0};
        bool good;

        if ((question->office && strcmp(question->office, office->code) != 0) ||
            !form_owed_by(duty->form, office, question->year))
            continue;
        good = select_office(facts, office->code, arena, &selected) &&
               ask_sheets(question, duty, facts, office->code, arena, &selected) &&
               json_array_append_new(list, duty_json(question, duty, office,
                                                     last_day(question, duty, office->code, obligations, count),
                                                     &selected)) == 0;
        json_decref(selected.sources);
        if (!good)
            return DB_FAILED;
    }
    return DB_OK;
}

enum db_status watch_duties(struct db *db, const struct duties_question *question, struct arena *arena,
                            json_t **ret_list)
{
    const struct plan *plan = question->version->plan;
    const struct obligations_question owed = {.version = question->version,
                                              .from_year = question->year,
                                              .to_year = question->year,
                                              .office = question->office,
                                              .as_of = question->as_of,
                                              .now = question->now};
    struct obligation *obligations = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum db_status status = list ? obligations_list(db, &owed, arena, &obligations, &count) : DB_FAILED;

    for (size_t i = 0; status == DB_OK && i < plan->bodies->duty_count; i++) {
        const struct yearly_duty *duty = &plan->bodies->duties[i];
        struct facts facts = {0};

        status = read_facts(db, question, duty, &facts);
        if (status == DB_OK)
            status = attendance_read(db, question, duty, &facts.attendance);
        if (status == DB_OK)
            status = add_duty(question, duty, &facts, obligations, count, arena, list);
        PQclear(facts.rows);
        PQclear(facts.attendance);
    }
    if (status == DB_OK)
        *ret_list = list;
    else
        json_decref(list);
    return status;
}
