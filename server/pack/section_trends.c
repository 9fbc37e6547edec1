/* section_trends.c: the indicators over the plan's years, by group and city, against the targets. A year of which an office
 * is missing, or provisional, is told but not drawn: a group without one of its offices is another group. */
#include <string.h>

#include "base/json.h"
#include "pack/figures.h"

enum { MOST_YEARS = 21 };

/* The answers of the years that the plan has, up to the meeting's. */
struct trend {
    struct pack_making *making;
    const struct form *form;
    json_t *answers[MOST_YEARS];
    size_t year_count;   /* asked */
    size_t column_count; /* of the plan */
    struct pack_units units;
};

static int year_at(const struct trend *trend, size_t i)
{
    return trend->making->question->version->plan->from + (int)i;
}

static const json_t *figures_at(const struct trend *trend, const struct indicator *indicator, size_t unit, size_t year)
{
    return year < trend->year_count ? answer_of(trend->answers[year], indicator->code, &trend->units.units[unit])
                                    : NULL;
}

static bool is_counted(const json_t *figures)
{
    return json_integer_value(json_object_get(figures, "counted")) > 0;
}

static bool is_complete(const json_t *figures)
{
    return is_counted(figures) && json_array_size(json_object_get(figures, "missing")) == 0 &&
           !json_is_true(json_object_get(figures, "provisional"));
}

static const char *cell_text(const struct trend *trend, const json_t *figures)
{
    const struct pack_making *making = trend->making;

    if (!is_counted(figures))
        return NOT_KNOWN;
    if (is_complete(figures))
        return figure_text(making, json_object_get(figures, "rate"));
    return arena_format(making->arena, making_say(making, "%s%%（%d/%d）", "%s%% (%d/%d)"),
                        figure_text(making, json_object_get(figures, "rate")),
                        (int)json_integer_value(json_object_get(figures, "counted")),
                        (int)json_integer_value(json_object_get(figures, "expected")));
}

static const char *target_at(const struct trend *trend, const struct indicator *indicator, size_t unit, size_t year)
{
    const struct plan *plan = trend->making->question->version->plan;
    const struct pack_unit *of = unit < trend->units.count ? &trend->units.units[unit] : NULL;
    const struct target *target = indicator_target(
        indicator, of && of->kind == UNIT_OFFICE ? plan_office(plan, of->code) : NULL, year_at(trend, year));

    return target ? target->text : NULL;
}

static const char *year_label(const struct trend *trend, size_t i)
{
    return arena_format(trend->making->arena, making_say(trend->making, "%s年", "%s"),
                        year_text(trend->making, year_at(trend, i)));
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

/* Names a year and unit that aren't complete. */
static const char *name_gap(const struct trend *trend, const char *gaps, const struct indicator *indicator, size_t unit,
                            size_t year)
{
    const struct pack_making *making = trend->making;
    const json_t *figures = figures_at(trend, indicator, unit, year), *missing = json_object_get(figures, "missing");
    const char *text;

    if (!is_counted(figures) || is_complete(figures))
        return gaps;
    text = arena_format(making->arena, making_say(making, "%s%s", "%s, %s"), year_label(trend, year),
                        trend->units.units[unit].name);
    if (json_array_size(missing) > 0 && json_array_size(missing) <= 8)
        text = arena_format(making->arena, making_say(making, "%s缺%s", "%s without %s"), text,
                            offices_text(making, missing));
    if (gaps && strstr(gaps, text))
        return gaps;
    return gaps ? arena_format(making->arena, making_say(making, "%s；%s", "%s; %s"), gaps, text) : text;
}

static void indicator_rows(struct trend *trend, struct paper_table *table, const struct indicator *indicator)
{
    const char *texts[PAPER_MOST_COLUMNS] = {making_name(trend->making, &indicator->name)};

    paper_row(table, PAPER_ROW_GROUP, texts);
    for (size_t u = 0; u < trend->units.count; u++) {
        texts[0] = trend->units.units[u].name;
        for (size_t y = 0; y < trend->column_count; y++)
            texts[1 + y] = cell_text(trend, figures_at(trend, indicator, u, y));
        paper_row(table, PAPER_ROW_PLAIN, texts);
    }
    texts[0] = making_say(trend->making, "目標", "Target");
    for (size_t y = 0; y < trend->column_count; y++) {
        const char *target = target_at(trend, indicator, trend->units.count, y);

        texts[1 + y] = target ? target : NOT_KNOWN;
    }
    paper_row(table, PAPER_ROW_TOTAL, texts);
}

static struct paper_table *trend_table(struct trend *trend)
{
    struct pack_making *making = trend->making;
    const struct plan *plan = making->question->version->plan;
    struct paper_column columns[PAPER_MOST_COLUMNS] = {
        {making_say(making, "機關", "Unit"), NULL, PAPER_WORDS, PAPER_AS_HELD, 0}};
    const char *gaps = NULL;
    struct paper_table *table;

    for (size_t y = 0; y < trend->column_count; y++)
        columns[1 + y] = (struct paper_column){year_label(trend, y), NULL, PAPER_RATE, PAPER_AS_HELD, 14};
    table = paper_table(making->paper,
                        arena_format(making->arena,
                                     making_say(making, "%s年至%s年指標達成率", "The indicators from %s to %s"),
                                     year_text(making, plan->from), year_text(making, plan->to)),
                        columns, 1 + trend->column_count, false);
    for (size_t i = 0; i < plan->indicator_count; i++)
        if (plan->indicators[i].target_count && plan->indicators[i].form == trend->form)
            indicator_rows(trend, table, &plan->indicators[i]);
    for (size_t y = 0; y < trend->year_count; y++)
        for (size_t u = 0; u < trend->units.count; u++)
            for (size_t i = 0; i < plan->indicator_count; i++)
                if (plan->indicators[i].target_count && plan->indicators[i].form == trend->form)
                    gaps = name_gap(trend, gaps, &plan->indicators[i], u, y);
    if (gaps)
        paper_note(table, arena_format(
                              making->arena,
                              making_say(making, "資料未齊者於比率後括註已計/應計機關數，圖中不繪：%s。",
                                         "Years that aren’t complete say how many offices are counted of how many, and "
                                         "aren’t drawn: %s."),
                              gaps));
    making_note(making, table,
                making_say(making, "「—」為截至資料時點尚無資料。各年組別依該年之分組計算。",
                           "“—”: nothing is known by then. Groups are those of each year."));
    return table;
}

/* ---- the charts --------------------------------------------------------------------------------------------------- */

static bool any_drawn(const struct trend *trend, const struct indicator *indicator)
{
    for (size_t u = 0; u < trend->units.count; u++)
        for (size_t y = 0; y < trend->year_count; y++)
            if (is_complete(figures_at(trend, indicator, u, y)))
                return true;
    return false;
}

static void trend_chart(struct trend *trend, const struct indicator *indicator, const struct paper_table *table)
{
    struct pack_making *making = trend->making;
    struct paper_chart *chart;

    if (!any_drawn(trend, indicator))
        return;
    chart = paper_chart(
        making->paper,
        &(struct paper_chart){.kind = CHART_LINES,
                              .caption = arena_format(making->arena, making_say(making, "%s趨勢", "%s over the years"),
                                                      making_name(making, &indicator->name)),
                              .unit = "%",
                              .target_name = making_say(making, "目標", "target")});
    for (size_t u = 0; u < trend->units.count && u < PAPER_MOST_SERIES; u++) {
        struct chart_point *points = arena_alloc_array(making->arena, trend->column_count + 1, sizeof *points);

        for (size_t y = 0; points && y < trend->column_count; y++) {
            const json_t *figures = figures_at(trend, indicator, u, y);

            points[y] = (struct chart_point){
                .label = year_label(trend, y),
                .value = is_complete(figures) ? arena_text(making->arena, json_text_member(figures, "rate")) : NULL,
                .target = target_at(trend, indicator, u, y)};
        }
        chart_series(chart, trend->units.units[u].name, points, trend->column_count);
    }
    note_as_table(making, chart, table, making_say(making, "僅繪資料齊全之年度。", "Only complete years are drawn."));
}

/* ---- the section ---------------------------------------------------------------------------------------------------- */

static bool ask_years(struct trend *trend)
{
    const struct pack_question *question = trend->making->question;
    const struct plan *plan = question->version->plan;

    for (int year = plan->from; year <= plan->to && year <= question->year && trend->year_count < MOST_YEARS; year++) {
        if (!ask_indicators(trend->making, trend->form, year, &trend->answers[trend->year_count]))
            return false;
        trend->year_count++;
    }
    return true;
}

static bool tell_form(struct pack_making *making, const struct form *form)
{
    const struct plan *plan = making->question->version->plan;
    struct trend trend = {.making = making,
                          .form = form,
                          .column_count = (size_t)(plan->to - plan->from + 1),
                          .units = units_in_sum(making, making->question->year)};
    struct paper_table *table = NULL;
    bool good = ask_years(&trend);

    if (trend.column_count > PAPER_MOST_COLUMNS - 1)
        trend.column_count = PAPER_MOST_COLUMNS - 1;
    if (good)
        table = trend_table(&trend);
    for (size_t i = 0; good && i < plan->indicator_count; i++)
        if (plan->indicators[i].target_count && plan->indicators[i].form == form)
            trend_chart(&trend, &plan->indicators[i], table);
    for (size_t y = 0; y < trend.year_count; y++)
        json_decref(trend.answers[y]);
    return good;
}

bool section_trends(struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;

    paper_heading(making->paper, 1, making_say(making, "計畫期間趨勢", "Trends over the plan’s years"));
    for (size_t f = 0; f < plan->form_count; f++) {
        if (form_has_targets(plan, &plan->forms[f]) && !tell_form(making, &plan->forms[f]))
            return false;
    }
    return true;
}
