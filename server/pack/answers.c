/* answers.c: what the rooms of figures answer, by unit; and words about it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "pack/figures.h"

static struct figures_question question_at(const struct pack_making *making, const struct form *form)
{
    return (struct figures_question){.version = making->question->version,
                                     .level = "all",
                                     .basis = making->question->basis,
                                     .as_of = &making->question->as_of,
                                     .form = form,
                                     .all_elements = true};
}

/* Names the revisions behind figures of those offices that the pack looks at. */
static void name_sources(struct pack_making *making, const struct form *form, int year, const json_t *indicators)
{
    const json_t *indicator, *unit, *source;
    size_t i, u, s;

    json_array_foreach(indicators, i, indicator)
        json_array_foreach(json_object_get(indicator, "units"), u, unit)
            if (plan_office(making->question->version->plan, json_text_member(unit, "unit")))
                json_array_foreach(json_object_get(unit, "sources"), s, source) {
                    const struct office *office =
                        plan_office(making->question->version->plan, json_text_member(source, "office"));

                    if (office && making_covers(making, office))
                        making_source(making, "revision", json_text_member(source, "submission"),
                                      json_pack("{ss ss so sO}", "office", office->code, "form", form->code, "period",
                                                json_sprintf("%d", year), "number",
                                                json_object_get(source, "revision")));
                }
}

bool ask_indicators(struct pack_making *making, const struct form *form, int year, json_t **ret_answers)
{
    const struct figures_question question = question_at(making, form);
    enum db_status status = figures_indicators(making->db, &question, year, ret_answers);

    if (status != DB_OK)
        return making_failed(making, status);
    name_sources(making, form, year, json_object_get(*ret_answers, "indicators"));
    return true;
}

bool ask_rollups(struct pack_making *making, const struct form *form, struct period period, json_t **ret_answers)
{
    const struct figures_question question = question_at(making, form);
    enum db_status status = figures_rollup(making->db, &question, form, period, ret_answers);

    return status == DB_OK || making_failed(making, status);
}

static const json_t *find(const json_t *list, const char *key, const char *code)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (code && strcmp(json_text_member(one, key), code) == 0)
            return one;
    return NULL;
}

const json_t *answer_of(const json_t *answers, const char *indicator, const struct pack_unit *unit)
{
    if (unit->kind == UNIT_HEADING || unit->kind == UNIT_GROUP_WITHOUT)
        return NULL;
    if (indicator)
        answers = find(json_object_get(answers, "indicators"), "code", indicator);
    return find(json_object_get(answers, "units"), "unit", unit->code);
}

/* ---- words -------------------------------------------------------------------------------------------------------- */

const char *year_text(const struct pack_making *making, int year)
{
    return arena_format(making->arena, "%d", making->question->language == LANGUAGE_ZH ? year : year + ROC_EPOCH);
}

/* How many bytes all offices' names end with alike, whole characters. */
static size_t common_ending(const struct pack_making *making)
{
    const struct plan *plan = making->question->version->plan;
    const char *first = plan->office_count ? making_name(making, &plan->offices[0].name) : "";
    size_t ending = strlen(first);

    for (size_t i = 1; i < plan->office_count; i++) {
        const char *name = making_name(making, &plan->offices[i].name);
        size_t length = strlen(name), same = 0;

        while (same < ending && same < length && name[length - 1 - same] == first[strlen(first) - 1 - same])
            same++;
        ending = same;
    }
    while (ending > 0 && ((unsigned char)first[strlen(first) - ending] & 0xc0) == 0x80)
        ending--;
    return ending;
}

const char *narrow_name(const struct pack_making *making, const struct office *office)
{
    const char *name = making_name(making, &office->name);
    size_t length = strlen(name), ending = common_ending(making), begin = length - ending;

    if (ending == 0 || ending >= length)
        return name;
    while (name[begin] == ' ')
        begin++;
    return arena_format(making->arena, "%.*s\n%s", (int)(length - ending), name, name + begin);
}

void note_as_table(const struct pack_making *making, struct paper_chart *chart, const struct paper_table *table,
                   const char *text)
{
    if (table)
        chart_note(chart, arena_format(making->arena,
                                       making_say(making, "%s資料、計算基準及時點同表%u。",
                                                  "%s Figures, basis and moment: see table %u."),
                                       text, table->number));
}

const char *figure_text(const struct pack_making *making, const json_t *number)
{
    if (json_is_integer(number))
        return arena_format(making->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    return json_is_string(number) ? arena_text(making->arena, json_string_value(number)) : NOT_KNOWN;
}

const char *date_text(const struct pack_making *making, const char *iso)
{
    struct date date;

    if (!iso || !date_parse_iso(iso, &date))
        return NOT_KNOWN;
    if (making->question->language == LANGUAGE_EN)
        return arena_text(making->arena, iso);
    return arena_format(making->arena, "%d/%d/%d", date.year - ROC_EPOCH, date.month, date.day);
}

const char *join_text(const struct pack_making *making, const char *first, const char *second)
{
    return first ? arena_format(making->arena, "%s%s%s", first, making_say(making, "、", ", "), second) : second;
}

const char *offices_text(const struct pack_making *making, const json_t *codes)
{
    const char *text = NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(codes, i, one) {
        const char *code = json_string_value(one), *slash = strchr(code, '/');
        struct period period;
        const struct office *office = plan_office(
            making->question->version->plan, slash ? arena_copy(making->arena, code, (size_t)(slash - code)) : code);
        const char *name = office ? making_name(making, &office->name) : code;

        if (slash && period_parse(slash + 1, &period) && period.kind == PERIOD_QUARTER)
            name = arena_format(making->arena, making_say(making, "%s（第%d季）", "%s (Q%d)"), name, period.quarter);
        text = join_text(making, text, name);
    }
    return text;
}

const char *coverage_text(struct pack_making *making, const struct pack_units *units, const json_t *answers,
                          const char *indicator, bool by_quarter)
{
    const char *label = by_quarter ? making_say(making, "涵蓋件數（各機關每季1件）：%s。",
                                                "Reports counted (one from each office each quarter): %s.")
                                   : making_say(making, "涵蓋機關數：%s。", "Offices counted: %s.");
    const char *text = NULL;

    for (size_t i = 0; i < units->count; i++) {
        const json_t *figures = answer_of(answers, indicator, &units->units[i]),
                     *missing = json_object_get(figures, "missing");
        json_int_t expected = json_integer_value(json_object_get(figures, "expected")),
                   counted = json_integer_value(json_object_get(figures, indicator ? "counted" : "reported"));
        const char *one;

        if (!figures || (units->units[i].kind == UNIT_OFFICE && counted == expected) ||
            (units->units[i].kind == UNIT_OFFICE && units->count > 4))
            continue;
        one = arena_format(making->arena, "%s %d/%d", units->units[i].name, (int)counted, (int)expected);
        if (json_array_size(missing) > 0 && json_array_size(missing) <= 8)
            one = arena_format(making->arena,
                               indicator ? making_say(making, "%s（未計入：%s）", "%s (not counted: %s)")
                                         : making_say(making, "%s（未填報：%s）", "%s (not reported: %s)"),
                               one, offices_text(making, missing));
        text = text ? arena_format(making->arena, "%s%s%s", text, making_say(making, "；", "; "), one) : one;
    }
    return text ? arena_format(making->arena, label, text) : NULL;
}

void say_nothing(struct pack_making *making, const char *why)
{
    paper_say(making->paper, PAPER_BODY, why);
}

const char *due_text(const struct pack_making *making, const struct form *form, struct period period)
{
    struct due_date due;
    char iso[DATE_TEXT_SIZE];

    if (!calendar_due(making->question->version->plan, form, period, &due))
        return NULL;
    date_format_iso(due.moved, iso);
    return date_text(making, iso);
}

bool year_is_in_plan(struct pack_making *making, int year)
{
    const struct plan *plan = making->question->version->plan;

    if (year >= plan->from && year <= plan->to)
        return true;
    say_nothing(making,
                arena_format(making->arena,
                             making_say(making, "本期無%s年資料：計畫期間為%s年至%s年。",
                                        "Nothing of %s this time: the plan covers %s to %s."),
                             year_text(making, year), year_text(making, plan->from), year_text(making, plan->to)));
    return false;
}

/* How much two names begin alike with, whole characters. */
static size_t common_beginning(const char *a, const char *b)
{
    size_t same = 0;

    while (a[same] && a[same] == b[same])
        same++;
    while (same > 0 && ((unsigned char)a[same] & 0xc0) == 0x80)
        same--;
    return same;
}

/* "人數（男）" and "人數（女）" as "人數（男＋女）"; "Staff, men" and "Staff, women" as "Staff, men + women". NULL: they don't go
 * together. */
static const char *pair_text(const struct pack_making *making, const char *one, const char *other)
{
    static const char bracket[] = "）";
    size_t same = common_beginning(one, other), length = strlen(one), end = sizeof bracket - 1;
    bool bracketed = length > end && strcmp(one + length - end, bracket) == 0;

    if (same < 6 || length - same > 12 || strlen(other) - same > 12)
        return NULL;
    return arena_format(making->arena, making_say(making, "%.*s＋%s", "%.*s + %s"),
                        (int)(bracketed ? length - end : length), one, other + same);
}

const char *elements_text(const struct pack_making *making, const struct element *const *elements, size_t count)
{
    const char *text = NULL;

    if (count == 2)
        text = pair_text(making, making_name(making, &elements[0]->name), making_name(making, &elements[1]->name));
    for (size_t i = 0; i < count && !(count == 2 && i == 0 && text); i++) {
        const char *name = making_name(making, &elements[i]->name);

        text = text ? arena_format(making->arena, making_say(making, "%s＋%s", "%s + %s"), text, name) : name;
    }
    return text;
}

bool form_has_targets(const struct plan *plan, const struct form *form)
{
    for (size_t i = 0; i < plan->indicator_count; i++)
        if (plan->indicators[i].form == form && plan->indicators[i].target_count)
            return true;
    return false;
}
