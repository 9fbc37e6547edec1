/* parts_figures.c: a plan's table of figures by office, group and city; and quarter by quarter. Rates are made of whole sums. */
#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "pack/parts.h"
#include "revisions/rows.h"

/* The figures of one table and period. */
struct figures {
    struct pack_making *making;
    const struct pack_table *table;
    int year; /* whose groups hold */
    json_t *rollups, *rates;
};

static bool asks_rates(const struct pack_table *table)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].indicator)
            return true;
    return false;
}

static bool begin_figures(struct pack_making *making, const struct pack_table *table, int year, struct period period,
                          struct figures *ret_figures)
{
    *ret_figures = (struct figures){.making = making, .table = table, .year = year};
    return ask_rollups(making, table->form, period, &ret_figures->rollups) &&
           (!asks_rates(table) || ask_indicators(making, table->form, year, &ret_figures->rates));
}

static void end_figures(struct figures *figures)
{
    json_decref(figures->rollups);
    json_decref(figures->rates);
}

/* ---- a group without some of its offices: its other offices' sums ------------------------------------------------------ */

static bool add_number(const json_t *number, struct decimal *sum)
{
    const char *text = json_string_value(number);
    struct decimal value = decimal_from_int(json_is_integer(number) ? json_integer_value(number) : 0);

    return (json_is_integer(number) || (text && decimal_parse(text, &value))) && decimal_add(*sum, value, sum);
}

static const json_t *rate_object(const struct figures *figures, const struct pack_column *column,
                                 const struct pack_unit *unit)
{
    const json_t *object = answer_of(figures->rates, column->indicator->code, unit), *part;
    size_t i;

    if (!column->part)
        return object;
    json_array_foreach(json_object_get(object, "parts"), i, part)
        if (strcmp(json_text_member(part, "code"), column->part->code) == 0)
            return part;
    return NULL;
}

static const json_t *element_object(const struct figures *figures, const struct pack_column *column,
                                    const struct pack_unit *unit)
{
    return json_object_get(json_object_get(answer_of(figures->rollups, NULL, unit), "elements"), column->element->code);
}

/* The sum of an element, or both sums of an indicator, over the offices that a unit keeps. False: nobody counts. */
static bool add_offices(const struct figures *figures, const struct pack_column *column, const struct pack_unit *unit,
                        struct decimal *ret_sum, struct decimal *ret_whole)
{
    const struct plan *plan = figures->making->question->version->plan;
    bool any = false;

    *ret_sum = *ret_whole = decimal_from_int(0);
    for (size_t i = 0; i < plan->office_count; i++) {
        const struct pack_unit office = {.kind = UNIT_OFFICE, .code = plan->offices[i].code};

        if (!unit_keeps(unit, &plan->offices[i], figures->year))
            continue;
        if (column->element) {
            any = add_number(json_object_get(element_object(figures, column, &office), "value"), ret_sum) || any;
        } else {
            const json_t *rate = rate_object(figures, column, &office);

            if (json_integer_value(json_object_get(rate, "counted")) > 0)
                any = (add_number(json_object_get(rate, "numerator"), ret_sum) &&
                       add_number(json_object_get(rate, "denominator"), ret_whole)) ||
                      any;
        }
    }
    return any;
}

static const char *summed_text(const struct figures *figures, const struct pack_column *column,
                               const struct pack_unit *unit)
{
    struct decimal sum, whole;
    char text[DECIMAL_TEXT_SIZE];

    if (!add_offices(figures, column, unit, &sum, &whole))
        return NOT_KNOWN;
    if (column->element)
        decimal_format(sum, text);
    else if (!ratio_percent(sum, whole, text))
        return NOT_KNOWN;
    return arena_text(figures->making->arena, text);
}

static const char *cell_text(const struct figures *figures, const struct pack_column *column,
                             const struct pack_unit *unit)
{
    if (unit->kind == UNIT_GROUP_WITHOUT)
        return summed_text(figures, column, unit);
    return figure_text(figures->making, column->element
                                            ? json_object_get(element_object(figures, column, unit), "value")
                                            : json_object_get(rate_object(figures, column, unit), "rate"));
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

static struct paper_table *new_table(const struct pack_making *making, const struct pack_table *table,
                                     const char *caption, const char *first)
{
    struct paper_column columns[1 + PACK_MOST_COLUMNS] = {{first, NULL, PAPER_WORDS, PAPER_AS_HELD, 0}};

    for (size_t i = 0; i < table->column_count; i++) {
        const struct pack_column *column = &table->columns[i];
        const char *name = making_name(making, &column->name);

        columns[1 + i] = (struct paper_column){name              ? name
                                               : column->element ? making_name(making, &column->element->name)
                                                                 : making_name(making, &column->indicator->name),
                                               making_name(making, &column->group),
                                               column->element ? PAPER_NUMBER : PAPER_RATE, PAPER_AS_HELD, 0};
    }
    return paper_table(making->paper, caption, columns, 1 + table->column_count, part_is_wide(making, table));
}

static void add_row(const struct figures *figures, struct paper_table *paper, const char *name,
                    const struct pack_unit *unit, enum paper_row_kind kind)
{
    const char *texts[1 + PACK_MOST_COLUMNS] = {name};

    for (size_t i = 0; i < figures->table->column_count; i++)
        texts[1 + i] = cell_text(figures, &figures->table->columns[i], unit);
    paper_row(paper, kind, texts);
}

/* What each rate of the table is made of. */
static void formula_notes(const struct pack_making *making, const struct pack_table *table, struct paper_table *paper)
{
    const struct indicator *told = NULL;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct indicator *indicator = table->columns[i].indicator;

        if (!indicator || indicator == told)
            continue;
        told = indicator;
        paper_note(paper, arena_format(
                              making->arena,
                              making_say(making, "%s＝%s÷%s；合計以加總後之數相除，非比率之平均。",
                                         "%s = %s ÷ %s; of totals, made of whole sums, never averaged."),
                              making_name(making, &indicator->name),
                              elements_text(making, indicator->ratio.numerator, indicator->ratio.numerator_count),
                              elements_text(making, indicator->ratio.denominator, indicator->ratio.denominator_count)));
    }
}

static void end_notes(struct figures *figures, struct paper_table *paper, const struct pack_units *units)
{
    struct pack_making *making = figures->making;

    if (figures->table->note.text[LANGUAGE_ZH])
        paper_note(paper, making_name(making, &figures->table->note));
    formula_notes(making, figures->table, paper);
    making_note(making, paper, coverage_text(making, units, figures->rollups, NULL, figures->table->by_quarter));
}

static void tell_units(struct figures *figures, int year)
{
    struct pack_making *making = figures->making;
    struct pack_units units = units_of(making, year, figures->table->wholes);
    struct paper_table *paper = new_table(making, figures->table, part_title(making, figures->table, year),
                                          making_say(making, "機關", "Office"));

    for (size_t i = 0; i < units.count; i++) {
        const struct pack_unit *unit = &units.units[i];

        if (unit->kind == UNIT_HEADING)
            paper_row(paper, PAPER_ROW_GROUP, &unit->name);
        else
            add_row(figures, paper, unit->name, unit, unit_is_total(unit) ? PAPER_ROW_TOTAL : PAPER_ROW_PLAIN);
    }
    end_notes(figures, paper, &units);
}

static bool nobody_reported(const struct figures *figures)
{
    struct pack_units units = units_of(figures->making, figures->year, false);

    for (size_t i = 0; i < units.count; i++)
        if (json_integer_value(json_object_get(answer_of(figures->rollups, NULL, &units.units[i]), "reported")) > 0)
            return false;
    return true;
}

/* ---- quarter by quarter --------------------------------------------------------------------------------------------- */

/* A quarter of which nobody has reported anything isn't shown. */
static bool tell_quarter(struct pack_making *making, const struct pack_table *table, int year, struct period period,
                         const struct pack_units *units, struct paper_table *paper, const char **missing)
{
    const char *quarter = arena_format(making->arena, making_say(making, "第%d季", "Q%d"), period.quarter);
    struct figures figures;
    bool good = begin_figures(making, table, year, period, &figures);

    bool shown = good && !nobody_reported(&figures);

    if (shown)
        paper_row(paper, PAPER_ROW_GROUP, &quarter);
    for (size_t i = 0; good && i < units->count; i++) {
        const json_t *answer = answer_of(figures.rollups, NULL, &units->units[i]);

        if (shown)
            add_row(&figures, paper, units->units[i].name, &units->units[i], PAPER_ROW_PLAIN);
        if (units->units[i].kind == UNIT_WHOLE && json_array_size(json_object_get(answer, "missing")) > 0)
            *missing = arena_format(making->arena, making_say(making, "%s%s%s %d/%d", "%s%s%s %d/%d"),
                                    *missing ? *missing : "", *missing ? making_say(making, "；", "; ") : "", quarter,
                                    (int)json_integer_value(json_object_get(answer, "reported")),
                                    (int)json_integer_value(json_object_get(answer, "expected")));
    }
    end_figures(&figures);
    return good;
}

static bool tell_quarters(struct pack_making *making, const struct pack_table *table, int year)
{
    const struct plan *plan = making->question->version->plan;
    struct pack_units units = units_in_sum(making, year);
    struct period periods[4];
    size_t count = plan_form_periods(plan, table->form, year, periods);
    struct paper_table *paper =
        new_table(making, table,
                  arena_format(making->arena, making_say(making, "%s（各季）", "%s, by quarter"),
                               part_title(making, table, year)),
                  making_say(making, "機關", "Unit"));
    const char *missing = NULL;

    for (size_t i = 0; i < count; i++)
        if (!tell_quarter(making, table, year, periods[i], &units, paper, &missing))
            return false;
    making_note(
        making, paper,
        missing ? arena_format(
                      making->arena,
                      making_say(
                          making, "全市未齊之季別（已填報/應填報機關數）：%s；其餘各季均齊。尚無機關填報之季別不列。",
                          "Quarters that aren’t complete in the city (offices reported of owing): %s. Those of which "
                          "nobody has reported anything aren’t shown."),
                      missing)
                : making_say(making, "各季應填報機關均已填報。", "Every office has reported every quarter."));
    return true;
}

/* ---- the whole of it ------------------------------------------------------------------------------------------------- */

/* Names the revisions behind the sums, which roll-ups don't tell. */
static bool name_revisions(struct pack_making *making, const struct pack_table *table, int year)
{
    const struct pack_question *question = making->question;
    const struct rows_question asked = {.version = question->version,
                                        .form = table->form,
                                        .table = table->form->table_count ? &table->form->tables[0] : NULL,
                                        .year = year,
                                        .basis = question->basis,
                                        .as_of = &question->as_of};
    json_t *list = NULL, *one;
    enum db_status status = rows_reported(making->db, &asked, &list);
    size_t i;

    if (status != DB_OK)
        return making_failed(making, status);
    json_array_foreach(list, i, one) {
        const struct office *office = plan_office(question->version->plan, json_text_member(one, "office"));

        if (office && making_covers(making, office))
            making_source(making, "revision", json_text_member(one, "submission"),
                          json_pack("{ss ss sO sO}", "office", office->code, "form", table->form->code, "period",
                                    json_object_get(one, "period"), "number", json_object_get(one, "revision")));
    }
    json_decref(list);
    return true;
}

bool part_of_figures(struct pack_making *making, const struct pack_table *table, int year)
{
    struct figures figures;
    bool good = begin_figures(making, table, year, (struct period){PERIOD_YEAR, year, 0}, &figures), empty;

    empty = good && nobody_reported(&figures);
    if (empty)
        part_is_empty(making, table, year);
    else if (good)
        tell_units(&figures, year);
    end_figures(&figures);
    if (good && !empty && table->by_quarter && table->form->period == PERIOD_QUARTER)
        good = tell_quarters(making, table, year);
    return good && (empty || name_revisions(making, table, year));
}
