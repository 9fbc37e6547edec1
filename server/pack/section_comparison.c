/* section_comparison.c: offices of different size compared fairly: each rate beside the range that chance alone could make
 * of its group's rate (chance.h). */
#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "pack/chance.h"
#include "pack/figures.h"
#include "plan/packs.h"

enum { MOST_LIMITS = 60 };

/* One indicator, and the unit whose rate is the middle. */
struct comparison {
    struct pack_making *making;
    const struct indicator *indicator;
    struct pack_units units;
    const struct pack_unit *middle;
    const json_t *answers;
    int whole, part; /* people of the middle, and those trained */
    int year;
};

static int whole_number(const json_t *figures, const char *key)
{
    const json_t *number = json_object_get(figures, key);

    return json_is_integer(number) && json_integer_value(number) <= CHANCE_MOST_PEOPLE ? (int)json_integer_value(number)
                                                                                       : -1;
}

static bool is_counted(const json_t *figures)
{
    return json_integer_value(json_object_get(figures, "counted")) > 0;
}

static const char *percent(struct arena *arena, int part, int whole)
{
    char text[DECIMAL_TEXT_SIZE];

    return ratio_percent(decimal_from_int(part), decimal_from_int(whole), text) ? arena_text(arena, text) : NULL;
}

/* The group in the pack of a group or office, else the city. NULL: nothing is known of it. */
static const struct pack_unit *find_middle(const struct comparison *comparison)
{
    const struct pack_question *question = comparison->making->question;
    enum unit_kind wanted =
        question->body->per == BODY_PER_OFFICE || question->body->per == BODY_PER_GROUP ? UNIT_GROUP : UNIT_WHOLE;

    for (size_t i = 0; i < comparison->units.count; i++) {
        const struct pack_unit *unit = &comparison->units.units[i];

        if (unit->kind == wanted &&
            (question->body->per != BODY_PER_GROUP || strcmp(unit->code, question->unit) == 0) &&
            is_counted(answer_of(comparison->answers, comparison->indicator->code, unit)))
            return unit;
    }
    return NULL;
}

static struct comparison compare(struct pack_making *making, const struct indicator *indicator, int year,
                                 const json_t *answers)
{
    struct comparison comparison = {.making = making,
                                    .indicator = indicator,
                                    .units = units_of(making, year, false),
                                    .answers = answers,
                                    .year = year};
    const json_t *figures;

    comparison.middle = find_middle(&comparison);
    figures = comparison.middle ? answer_of(answers, indicator->code, comparison.middle) : NULL;
    comparison.whole = whole_number(figures, "denominator");
    comparison.part = whole_number(figures, "numerator");
    return comparison;
}

/* An office's count beside the limits; false if it isn't counted, or nothing can be said. */
static bool limits_of(const struct comparison *comparison, const struct pack_unit *unit, int *ret_people,
                      int *ret_trained, struct chance_limits *ret_limits)
{
    const json_t *figures = answer_of(comparison->answers, comparison->indicator->code, unit);

    *ret_people = whole_number(figures, "denominator");
    *ret_trained = whole_number(figures, "numerator");
    return unit->kind == UNIT_OFFICE && is_counted(figures) && *ret_trained >= 0 &&
           chance_limits(comparison->making->arena, comparison->whole, comparison->part, *ret_people, ret_limits);
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

enum { COLUMNS_EACH = 3, MOST_COMPARED = (PAPER_MOST_COLUMNS - 1) / COLUMNS_EACH };

/* All indicators side by side. */
struct comparisons {
    struct pack_making *making;
    struct comparison list[MOST_COMPARED];
    size_t count;
    int year;
};

static struct paper_table *comparison_table(const struct comparisons *all)
{
    const struct pack_making *making = all->making;
    struct paper_column columns[PAPER_MOST_COLUMNS] = {{making_say(making, "機關", "Office"), NULL, PAPER_WORDS,
                                                        PAPER_AS_HELD,
                                                        making->question->language == LANGUAGE_ZH ? 13 : 18}};
    size_t count = 1;

    for (size_t i = 0; i < all->count; i++) {
        const char *name = making_name(making, &all->list[i].indicator->name);

        columns[count++] =
            (struct paper_column){making_say(making, "人數", "Staff"), name, PAPER_NUMBER, PAPER_AS_HELD, 8};
        columns[count++] =
            (struct paper_column){making_say(making, "比率", "Rate"), name, PAPER_RATE, PAPER_AS_HELD, 10};
        columns[count++] =
            (struct paper_column){making_say(making, "機率範圍（%）", "Chance (%)"), name, PAPER_WORDS, PAPER_END, 14};
    }
    return paper_table(
        making->paper,
        arena_format(making->arena,
                     making_say(making, "%s年各機關比率與機率範圍", "Rates of %s and the range of chance"),
                     year_text(making, all->year)),
        columns, count, true);
}

/* "90.97–95.67", and where the rate lies outside: "低於 90.97–95.67". */
static const char *range_text(const struct pack_making *making, int trained, int people,
                              const struct chance_limits *limits)
{
    const char *side = trained < limits->low    ? making_say(making, "低於\n", "below\n")
                       : trained > limits->high ? making_say(making, "高於\n", "above\n")
                                                : "";

    return arena_format(making->arena, "%s%s–%s", side, percent(making->arena, limits->low, people),
                        percent(making->arena, limits->high, people));
}

static void comparison_cells(const struct comparison *comparison, const struct pack_unit *unit, const char **texts)
{
    const struct pack_making *making = comparison->making;
    const json_t *figures = answer_of(comparison->answers, comparison->indicator->code, unit);
    int people, trained, small = making->question->version->plan->packs->small_below;
    struct chance_limits limits;

    texts[0] = texts[1] = texts[2] = NOT_KNOWN;
    if (!is_counted(figures))
        return;
    texts[0] = figure_text(making, json_object_get(figures, "denominator"));
    texts[1] = figure_text(making, json_object_get(figures, "rate"));
    if (!limits_of(comparison, unit, &people, &trained, &limits))
        return;
    if (people < small)
        texts[0] = arena_format(making->arena, "%s*", texts[0]);
    texts[2] = range_text(making, trained, people, &limits);
}

static void comparison_row(const struct comparisons *all, struct paper_table *table, const struct pack_unit *unit)
{
    const char *texts[PAPER_MOST_COLUMNS] = {unit->name};

    for (size_t i = 0; i < all->count; i++)
        comparison_cells(&all->list[i], unit, &texts[1 + COLUMNS_EACH * i]);
    paper_row(table, unit_is_total(unit) ? PAPER_ROW_TOTAL : PAPER_ROW_PLAIN, texts);
}

/* Names the offices outside the ranges. */
static const char *outside_text(const struct comparisons *all)
{
    const struct pack_making *making = all->making;
    const char *text = NULL;

    for (size_t i = 0; i < all->count; i++)
        for (size_t u = 0; u < all->list[i].units.count; u++) {
            const struct pack_unit *unit = &all->list[i].units.units[u];
            struct chance_limits limits;
            int people, trained;

            if (!limits_of(&all->list[i], unit, &people, &trained, &limits) ||
                (trained >= limits.low && trained <= limits.high))
                continue;
            text = join_text(making, text,
                             arena_format(making->arena, making_say(making, "%s「%s」%s", "%s (%s, %s)"), unit->name,
                                          making_name(making, &all->list[i].indicator->name),
                                          trained < limits.low ? making_say(making, "低於範圍", "below")
                                                               : making_say(making, "高於範圍", "above")));
        }
    return text ? arena_format(making->arena, making_say(making, "範圍外者：%s。", "Outside: %s."), text)
                : making_say(making, "各機關各指標均在範圍內。", "Every office lies within, for every indicator.");
}

/* What the ranges say, and what they don't. */
static void say_how(const struct pack_making *making, struct paper_table *table)
{
    paper_note(
        table,
        making_say(
            making,
            "各機關人數不同，人數愈少，比率愈易因一、二人而大幅升降，不宜逕以比率高低排序。表列為全體人員之實際比率，"
            "並非抽樣，無抽樣誤差。",
            "Offices differ in size: the fewer people, the more a rate swings with one or two of them, so rates should "
            "not simply be ranked. The rates are those of all staff, no sample, and carry no sampling error."));
    paper_note(
        table,
        making_say(
            making,
            "機率範圍：假設全組（或全市）達標準者隨機分布於各機關，該人數之機關有95%以上機會落入之範圍（超幾何分布，上、下各"
            "至多2.5%，以整數精確計算）。",
            "Range of chance: where an office of that size would lie with a probability of at least 95 % if it were drawn "
            "by lot which people of the group (or city) are the trained ones (hypergeometric distribution, at most 2.5 % "
            "on either side, computed exactly in whole numbers)."));
    paper_note(
        table,
        making_say(
            making,
            "落於範圍外，表示差異不易僅以人數多寡解釋，宜瞭解原因；惟每20個機關約有1個可能純屬偶然，亦非績效優劣之認定。",
            "A rate outside is hardly explained by size alone and worth asking about; but about one office in twenty may "
            "lie outside by chance, and it is no judgement of merit."));
}

static struct paper_table *tell_table(const struct comparisons *all)
{
    struct pack_making *making = all->making;
    const struct pack_units *units = &all->list[0].units;
    struct paper_table *table = comparison_table(all);
    int small = making->question->version->plan->packs->small_below;

    for (size_t i = 0; i < units->count; i++) {
        if (units->units[i].kind == UNIT_HEADING)
            paper_row(table, PAPER_ROW_GROUP, &units->units[i].name);
        else if (units->units[i].kind == UNIT_OFFICE || strcmp(units->units[i].code, all->list[0].middle->code) == 0)
            comparison_row(all, table, &units->units[i]);
    }
    paper_note(table, outside_text(all));
    say_how(making, table);
    paper_note(table,
               arena_format(making->arena,
                            making_say(making, "機率範圍以%s之比率為準。%s", "The ranges are about the rate of %s. %s"),
                            all->list[0].middle->name,
                            small ? arena_format(making->arena,
                                                 making_say(making, "*為總人數未滿%d人之機關，比率易受一、二人影響。",
                                                            "*: fewer than %d staff; one or two people move the rate."),
                                                 small)
                                  : ""));
    making_note(making, table, coverage_text(making, units, all->list[0].answers, all->list[0].indicator->code, false));
    return table;
}

/* ---- the funnel --------------------------------------------------------------------------------------------------- */

static struct chart_point office_point(const struct comparison *comparison, const struct pack_unit *unit)
{
    const struct pack_making *making = comparison->making;
    const struct plan *plan = making->question->version->plan;
    const json_t *figures = answer_of(comparison->answers, comparison->indicator->code, unit);
    const struct target *target = indicator_target(comparison->indicator, NULL, comparison->year);
    const json_t *met = json_object_get(figures, "met");
    int people = whole_number(figures, "denominator");

    return (struct chart_point){.label = unit->name,
                                .value = arena_text(making->arena, json_text_member(figures, "rate")),
                                .target = target ? target->text : NULL,
                                .size = arena_format(making->arena, "%d", people),
                                .remark = "",
                                .standing = json_is_true(met)    ? STANDING_MET
                                            : json_is_false(met) ? STANDING_BELOW
                                                                 : STANDING_NONE,
                                .small = people < plan->packs->small_below};
}

/* The limits from somewhat below the smallest office to the greatest one, at most MOST_LIMITS sizes. */
static void draw_limits(const struct comparison *comparison, struct paper_chart *chart, int least, int most)
{
    struct arena *arena = comparison->making->arena;
    struct chart_point *points = arena_alloc_array(arena, MOST_LIMITS + 1, sizeof *points);
    int first = least * 2 / 3 > 0 ? least * 2 / 3 : 1, step = (most - first + MOST_LIMITS) / MOST_LIMITS;
    size_t count = 0;

    for (int size = first; points && size <= most && count < MOST_LIMITS; size += step) {
        int at = size + step > most ? most : size;
        struct chance_limits limits;

        if (chance_limits(arena, comparison->whole, comparison->part, at, &limits))
            points[count++] = (struct chart_point){.label = "",
                                                   .remark = "",
                                                   .size = arena_format(arena, "%d", at),
                                                   .low = percent(arena, limits.low, at),
                                                   .high = percent(arena, limits.high, at),
                                                   .value = percent(arena, comparison->part, comparison->whole)};
    }
    chart_limits(chart, points, count);
}

static void comparison_chart(const struct comparison *comparison, const struct paper_table *table)
{
    struct pack_making *making = comparison->making;
    const struct plan *plan = making->question->version->plan;
    struct chart_point *points = arena_alloc_array(making->arena, comparison->units.count + 1, sizeof *points);
    const struct target *target = indicator_target(comparison->indicator, NULL, comparison->year);
    struct paper_chart *chart;
    size_t count = 0;
    int least = CHANCE_MOST_PEOPLE, most = 0, people, trained;
    struct chance_limits limits;

    for (size_t i = 0; points && i < comparison->units.count; i++)
        if (limits_of(comparison, &comparison->units.units[i], &people, &trained, &limits)) {
            points[count++] = office_point(comparison, &comparison->units.units[i]);
            most = people > most ? people : most;
            least = people < least ? people : least;
        }
    if (count == 0)
        return;
    chart = paper_chart(
        making->paper,
        &(struct paper_chart){
            .kind = CHART_FUNNEL,
            .caption =
                arena_format(making->arena, making_say(making, "%s年%s（依總人數）", "%2$s, %1$s, by staff"),
                             year_text(making, comparison->year), making_name(making, &comparison->indicator->name)),
            .unit = "%",
            .size_name = making_say(making, "總人數", "staff"),
            .target_name =
                target ? arena_format(making->arena, making_say(making, "目標%s%%", "target %s%%"), target->text)
                       : NULL,
            .small_name = plan->packs->small_below
                              ? arena_format(making->arena, making_say(making, "總人數未滿%d人", "fewer than %d staff"),
                                             plan->packs->small_below)
                              : NULL});
    chart_series(chart, making_say(making, "比率", "Rate"), points, count);
    draw_limits(comparison, chart, least, most);
    note_as_table(
        making, chart, table,
        making_say(making, "淡色區為機率範圍，點線為其中心。", "Pale: the range of chance; dotted: its middle."));
}

/* ---- the section ---------------------------------------------------------------------------------------------------- */

/* The indicators of one form that can be compared; false: the section gives up. */
static bool tell_form(struct pack_making *making, const struct form *form, int year)
{
    const struct plan *plan = making->question->version->plan;
    struct comparisons all = {.making = making, .year = year};
    struct paper_table *table;
    json_t *answers = NULL;

    if (!ask_indicators(making, form, year, &answers))
        return false;
    for (size_t i = 0; i < plan->indicator_count && all.count < MOST_COMPARED; i++) {
        if (plan->indicators[i].form != form || !plan->indicators[i].target_count)
            continue;
        all.list[all.count] = compare(making, &plan->indicators[i], year, answers);
        if (all.list[all.count].middle && all.list[all.count].whole > 0 && all.list[all.count].part >= 0)
            all.count++;
        else
            say_nothing(making,
                        arena_format(making->arena,
                                     making_say(making, "本期無「%s」之比較：人數不明或逾可精確計算之範圍。",
                                                "No comparison of “%s”: the staff isn’t known, or beyond exact reach."),
                                     making_name(making, &plan->indicators[i].name)));
    }
    table = all.count ? tell_table(&all) : NULL;
    for (size_t i = 0; i < all.count && making->question->body->per != BODY_PER_OFFICE; i++)
        comparison_chart(&all.list[i], table);
    json_decref(answers);
    return true;
}

bool section_comparison(struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;
    int year = making->question->year - 1;

    paper_heading(making->paper, 1, making_say(making, "機關間之公平比較", "Offices compared fairly"));
    if (!year_is_in_plan(making, year))
        return true;
    for (size_t f = 0; f < plan->form_count; f++) {
        if (form_has_targets(plan, &plan->forms[f]) && !tell_form(making, &plan->forms[f], year))
            return false;
    }
    return true;
}
