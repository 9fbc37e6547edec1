/* section_indicators.c: the plan's indicators against the year's targets, with the gap in people, who is counted, and
 * between which bounds a rate lies when someone is missing. */
#include <string.h>

#include "base/json.h"
#include "pack/figures.h"
#include "plan/packs.h"

enum { FEW_UNITS = 6 };

static const char *target_text(const struct indicator *indicator, const char *office, int year, const struct plan *plan)
{
    const struct target *target = indicator_target(indicator, office ? plan_office(plan, office) : NULL, year);

    return target ? target->text : NULL;
}

static const char *unit_target(const struct pack_making *making, const struct indicator *indicator,
                               const struct pack_unit *unit, int year)
{
    return target_text(indicator, unit->kind == UNIT_OFFICE ? unit->code : NULL, year, making->question->version->plan);
}

/* "92.10–95.00%" */
static const char *bounds_text(const struct pack_making *making, const json_t *figures)
{
    const json_t *bounds = json_object_get(figures, "bounds");
    const char *low = json_text_member(bounds, "low"), *high = json_text_member(bounds, "high");

    if (json_array_size(json_object_get(figures, "missing")) == 0)
        return NULL;
    if (!low || !high)
        return making_say(making, "界限不明", "bounds unknown");
    return arena_format(making->arena, making_say(making, "介於%s–%s%%", "%s–%s%%"), low, high);
}

static const char *join_remark(const struct pack_making *making, const char *first, const char *second)
{
    if (!first || !second)
        return first ? first : second;
    return arena_format(making->arena, making_say(making, "%s；%s", "%s; %s"), first, second);
}

static const char *remark_text(const struct pack_making *making, const struct pack_unit *unit, const json_t *figures)
{
    const json_t *missing = json_object_get(figures, "missing");
    const char *remark = NULL;

    if (json_array_size(missing) > 0)
        remark = unit->kind == UNIT_OFFICE ? making_say(making, "未計入", "not counted")
                                           : arena_format(making->arena, making_say(making, "缺%s", "without %s"),
                                                          offices_text(making, missing));
    if (unit->kind != UNIT_OFFICE)
        remark = join_remark(making, remark, bounds_text(making, figures));
    if (json_is_true(json_object_get(figures, "provisional")))
        remark = join_remark(making, remark, making_say(making, "暫定", "provisional"));
    return remark;
}

static const char *verdict_text(const struct pack_making *making, const json_t *figures)
{
    const json_t *met = json_object_get(figures, "met");

    if (!json_is_boolean(met))
        return NOT_KNOWN;
    return json_is_true(met) ? making_say(making, "達成", "met") : making_say(making, "未達", "below");
}

static bool is_counted(const json_t *figures)
{
    return json_integer_value(json_object_get(figures, "counted")) > 0;
}

/* ---- one indicator ----------------------------------------------------------------------------------------------- */

static void unit_row(const struct pack_making *making, struct paper_table *table, const struct indicator *indicator,
                     int year, const struct pack_unit *unit, const json_t *figures)
{
    bool counted = is_counted(figures);
    const char *target = unit_target(making, indicator, unit, year);
    const char *texts[] = {unit->name,
                           counted ? figure_text(making, json_object_get(figures, "numerator")) : NOT_KNOWN,
                           counted ? figure_text(making, json_object_get(figures, "denominator")) : NOT_KNOWN,
                           figure_text(making, json_object_get(figures, "rate")),
                           target ? target : NOT_KNOWN,
                           verdict_text(making, figures),
                           figure_text(making, json_object_get(figures, "gap")),
                           remark_text(making, unit, figures)};

    paper_row(table, unit_is_total(unit) ? PAPER_ROW_TOTAL : PAPER_ROW_PLAIN, texts);
}

static struct paper_table *unit_table(const struct pack_making *making, const struct indicator *indicator, int year)
{
    const unsigned first = making->question->language == LANGUAGE_ZH ? 13 : 23;
    const struct paper_column columns[] = {
        {making_say(making, "機關", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, first},
        {making_say(making, "達標準人數", "Trained"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 12},
        {making_say(making, "總人數", "Staff"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 9},
        {making_say(making, "比率", "Rate"), NULL, PAPER_RATE, PAPER_AS_HELD, 10},
        {making_say(making, "目標", "Target"), NULL, PAPER_RATE, PAPER_AS_HELD, 9},
        {making_say(making, "結果", "Result"), NULL, PAPER_WORDS, PAPER_CENTRE, 8},
        {making_say(making, "差距（人）", "Short"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 12},
        {making_say(making, "備註", "Remark"), NULL, PAPER_WORDS, PAPER_AS_HELD, 30}};

    return paper_table(making->paper,
                       arena_format(making->arena, making_say(making, "%s年%s", "%2$s, %1$s"), year_text(making, year),
                                    making_name(making, &indicator->name)),
                       columns, sizeof columns / sizeof *columns, false);
}

static const char *formula_text(const struct pack_making *making, const struct indicator *indicator)
{
    return arena_format(
        making->arena,
        making_say(making, "比率＝%s÷%s；差距為達目標尚需之人數＝目標×總人數（進位）－達標準人數。",
                   "Rate = (%s) ÷ (%s). Short: the people still needed = target × staff, rounded up, less "
                   "those trained."),
        elements_text(making, indicator->ratio.numerator, indicator->ratio.numerator_count),
        elements_text(making, indicator->ratio.denominator, indicator->ratio.denominator_count));
}

static struct chart_point chart_point_of(const struct pack_making *making, const struct indicator *indicator, int year,
                                         const struct pack_unit *unit, const json_t *figures)
{
    const json_t *met = json_object_get(figures, "met"), *gap = json_object_get(figures, "gap");
    json_int_t people = json_integer_value(json_object_get(figures, "denominator")),
               small = making->question->version->plan->packs->small_below;
    bool counted = is_counted(figures);

    return (struct chart_point){.label = unit->name,
                                .value = arena_text(making->arena, json_text_member(figures, "rate")),
                                .target = unit_target(making, indicator, unit, year),
                                .remark = json_is_integer(gap) && json_integer_value(gap) > 0
                                              ? arena_format(making->arena, making_say(making, "差%d人", "%d short"),
                                                             (int)json_integer_value(gap))
                                              : "",
                                .standing = json_is_true(met)    ? STANDING_MET
                                            : json_is_false(met) ? STANDING_BELOW
                                                                 : STANDING_NONE,
                                .small = unit->kind == UNIT_OFFICE && counted && people < small};
}

static const char *small_name(const struct pack_making *making)
{
    int below = making->question->version->plan->packs->small_below;

    return below ? arena_format(making->arena,
                                making_say(making, "總人數未滿%d人之機關", "offices with fewer than %d staff"), below)
                 : NULL;
}

static void unit_chart(struct pack_making *making, const struct indicator *indicator, int year,
                       const struct pack_units *units, const json_t *answers, const struct paper_table *table)
{
    struct chart_point *points = arena_alloc_array(making->arena, units->count + 1, sizeof *points);
    const char *target = target_text(indicator, NULL, year, making->question->version->plan);
    struct paper_chart *chart;
    size_t count = 0;

    for (size_t i = 0; points && i < units->count; i++)
        if (units->units[i].kind != UNIT_HEADING)
            points[count++] = chart_point_of(making, indicator, year, &units->units[i],
                                             answer_of(answers, indicator->code, &units->units[i]));
    chart = paper_chart(
        making->paper,
        &(struct paper_chart){
            .kind = CHART_BARS,
            .caption = arena_format(making->arena, making_say(making, "%s年%s", "%2$s, %1$s"), year_text(making, year),
                                    making_name(making, &indicator->name)),
            .unit = "%",
            .target_name =
                target ? arena_format(making->arena, making_say(making, "目標%s%%", "target %s%%"), target) : NULL,
            .small_name = small_name(making)});
    chart_series(chart, making_say(making, "比率", "Rate"), points, count);
    note_as_table(making, chart, table,
                  making_say(making, "「差n人」為再有n人達標準即達目標。",
                             "“n short”: the target is met once n more people are trained."));
}

static bool misses_any(const struct pack_units *units, const json_t *answers, const struct indicator *indicator)
{
    for (size_t i = 0; i < units->count; i++)
        if (unit_is_total(&units->units[i]) &&
            json_array_size(json_object_get(answer_of(answers, indicator->code, &units->units[i]), "missing")) > 0)
            return true;
    return false;
}

static void tell_indicator(struct pack_making *making, const struct indicator *indicator, int year,
                           const json_t *answers)
{
    struct pack_units units = units_of(making, year, false);
    struct paper_table *table;

    if (units.count > FEW_UNITS) /* the table and its chart on one page */
        paper_break(making->paper);
    paper_heading(making->paper, 2, making_name(making, &indicator->name));
    table = unit_table(making, indicator, year);
    for (size_t i = 0; i < units.count; i++) {
        if (units.units[i].kind == UNIT_HEADING)
            paper_row(table, PAPER_ROW_GROUP, &units.units[i].name);
        else
            unit_row(making, table, indicator, year, &units.units[i],
                     answer_of(answers, indicator->code, &units.units[i]));
    }
    paper_note(table, formula_text(making, indicator));
    if (misses_any(&units, answers, indicator))
        paper_note(
            table,
            making_say(
                making,
                "備註之範圍為未計入機關（未填報，或分子、分母尚缺）全未達標準至全達標準時之比率，其人數依最近一次填報數計。",
                "Ranges among the remarks: the rate if nobody, or everybody, of the offices not counted "
                "(no report, or a numerator or denominator wanting) were trained, by their last known staff."));
    if (indicator->note.text[LANGUAGE_ZH])
        paper_note(table, making_name(making, &indicator->note));
    making_note(making, table, coverage_text(making, &units, answers, indicator->code, false));
    unit_chart(making, indicator, year, &units, answers, table);
}

/* ---- all of them at a glance -------------------------------------------------------------------------------------------- */

static struct paper_table *overview_table(const struct pack_making *making, int year, const struct pack_units *units,
                                          bool so_far)
{
    struct paper_column columns[PAPER_MOST_COLUMNS] = {
        {making_say(making, "指標", "Indicator"), NULL, PAPER_WORDS, PAPER_AS_HELD,
         making->question->language == LANGUAGE_ZH ? 28 : 38},
        {making_say(making, "目標", "Target"), NULL, PAPER_RATE, PAPER_AS_HELD, 9}};
    size_t count = 2;

    for (size_t i = 0; i < units->count && count + 2 <= PAPER_MOST_COLUMNS; i++) {
        columns[count++] = (struct paper_column){making_say(making, "比率", "Rate"), units->units[i].name, PAPER_RATE,
                                                 PAPER_AS_HELD, 0};
        columns[count++] = (struct paper_column){making_say(making, "差距（人）", "Short"), units->units[i].name,
                                                 PAPER_NUMBER, PAPER_AS_HELD, 0};
    }
    return paper_table(
        making->paper,
        arena_format(making->arena,
                     so_far ? making_say(making, "%s年指標達成情形（截至資料時點）", "Indicators of %s so far")
                            : making_say(making, "%s年指標達成情形", "Indicators of %s"),
                     year_text(making, year)),
        columns, count, false);
}

static void overview_row(const struct pack_making *making, struct paper_table *table, const struct indicator *indicator,
                         int year, const struct pack_units *units, const json_t *answers)
{
    const char *target = target_text(indicator, NULL, year, making->question->version->plan);
    const char *texts[PAPER_MOST_COLUMNS] = {making_name(making, &indicator->name), target ? target : NOT_KNOWN};
    size_t count = 2;

    for (size_t i = 0; i < units->count && count + 2 <= PAPER_MOST_COLUMNS; i++) {
        const json_t *figures = answer_of(answers, indicator->code, &units->units[i]);

        texts[count++] = figure_text(making, json_object_get(figures, "rate"));
        texts[count++] = figure_text(making, json_object_get(figures, "gap"));
    }
    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static const char *full_coverage(struct pack_making *making, const struct pack_units *units, const json_t *answers,
                                 const struct form *form)
{
    const struct plan *plan = making->question->version->plan;
    const char *text = NULL, *first = NULL;

    /* indicators of one form mostly count the same offices: only those that don't are named */
    for (size_t i = 0; i < plan->indicator_count; i++) {
        const struct indicator *one = &plan->indicators[i];
        const char *said =
            one->form == form && one->target_count ? coverage_text(making, units, answers, one->code, false) : NULL;

        if (said && !first)
            text = first = said;
        else if (said && strcmp(said, first) != 0)
            text = arena_format(making->arena, making_say(making, "%s「%s」%s", "%s “%s”: %s"), text,
                                making_name(making, &one->name), said);
    }
    return text;
}

static void tell_overview(struct pack_making *making, const struct form *form, int year, const json_t *answers,
                          bool so_far)
{
    const struct plan *plan = making->question->version->plan;
    struct pack_units units = units_in_sum(making, year);
    struct paper_table *table = overview_table(making, year, &units, so_far);

    for (size_t i = 0; i < plan->indicator_count; i++)
        if (plan->indicators[i].target_count && plan->indicators[i].form == form)
            overview_row(making, table, &plan->indicators[i], year, &units, answers);
    paper_note(
        table,
        making_say(making, "差距為達目標尚需之人數，0即已達成。組別及全市之比率為各機關人數加總後相除，非比率之平均。",
                   "Short: the people still needed to meet the target; 0: it is met. Rates of groups and of the city "
                   "are made of whole sums, never averaged."));
    making_note(making, table, full_coverage(making, &units, answers, form));
}

/* ---- the section ---------------------------------------------------------------------------------------------------- */

static bool anything_counted(const struct pack_making *making, const struct form *form, const json_t *answers)
{
    const struct plan *plan = making->question->version->plan;

    for (size_t w = 0; w < plan->whole_count; w++)
        for (size_t i = 0; i < plan->indicator_count; i++) {
            const struct pack_unit whole = {.kind = UNIT_WHOLE, .code = plan->wholes[w].code};

            if (plan->indicators[i].form == form && plan->indicators[i].target_count &&
                is_counted(answer_of(answers, plan->indicators[i].code, &whole)))
                return true;
        }
    return false;
}

/* The meeting's own year as far as it is known; nothing for one after the plan's last. */
static bool tell_this_year(struct pack_making *making, const struct form *form, int year)
{
    const char *due = due_text(making, form, (struct period){PERIOD_YEAR, year, 0});
    json_t *answers = NULL;

    if (year > making->question->version->plan->to)
        return true;
    if (!ask_indicators(making, form, year, &answers))
        return false;
    if (anything_counted(making, form, answers))
        tell_overview(making, form, year, answers, true);
    else
        say_nothing(
            making,
            arena_format(making->arena,
                         making_say(making,
                                    "%2$s年指標：本期無，「%1$s」%2$s年資料於%3$s前填報，截至資料時點尚無機關填報。",
                                    "Indicators of %2$s: nothing yet; “%1$s” of %2$s is due by %3$s and no office has "
                                    "handed it in."),
                         making_name(making, &form->name), year_text(making, year), due ? due : NOT_KNOWN));
    json_decref(answers);
    return true;
}

/* The year before the meeting's whole, the meeting's so far, then each indicator of the year before. */
static bool tell_form(struct pack_making *making, const struct form *form, int year)
{
    const struct plan *plan = making->question->version->plan;
    json_t *answers = NULL;
    bool known = year_is_in_plan(making, year - 1), good;

    if (known && !ask_indicators(making, form, year - 1, &answers))
        return false;
    if (known)
        tell_overview(making, form, year - 1, answers, false);
    good = tell_this_year(making, form, year);
    for (size_t i = 0; good && known && i < plan->indicator_count; i++)
        if (plan->indicators[i].target_count && plan->indicators[i].form == form)
            tell_indicator(making, &plan->indicators[i], year - 1, answers);
    json_decref(answers);
    return good;
}

bool section_indicators(struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;

    if (making->question->body->per != BODY_PER_OFFICE)
        paper_break(making->paper);
    paper_heading(making->paper, 1, making_say(making, "關鍵績效指標（KPI）達成情形", "Key performance indicators"));
    paper_heading(making->paper, 2, making_say(making, "總覽", "Overview"));
    for (size_t f = 0; f < plan->form_count; f++)
        if (form_has_targets(plan, &plan->forms[f]) && !tell_form(making, &plan->forms[f], making->question->year))
            return false;
    return true;
}
