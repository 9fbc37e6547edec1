/* figure_tables.c: a roll-up as a row for each unit and element, indicators as a row for each indicator and unit. */
#include "api/figure_tables.h"

#include <string.h>

#include "api/common.h"
#include "api/tabular.h"
#include "base/json.h"

enum { MOST_TEXT = 1024 * 1024 };

static const struct tabulation_column rollup_columns[] = {
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"單位", "Unit"}}},
    {.code = "expected", .kind = COLUMN_INTEGER, .heading = {{"應報機關數", "Offices expected"}}},
    {.code = "reported", .kind = COLUMN_INTEGER, .heading = {{"已報機關數", "Offices reported"}}},
    {.code = "missing", .kind = COLUMN_TEXT, .heading = {{"未報機關", "Missing"}}},
    {.code = "provisional", .kind = COLUMN_TRUTH, .heading = {{"暫定", "Provisional"}}},
    {.code = "element", .kind = COLUMN_CODE, .heading = {{"項目代碼", "Element"}}},
    {.code = "element_name", .kind = COLUMN_TEXT, .heading = {{"項目", "Element's name"}}, .for_people = true},
    {.code = "value", .kind = COLUMN_NUMBER, .heading = {{"合計", "Value"}}},
    {.code = "offices", .kind = COLUMN_INTEGER, .heading = {{"有數值", "With a value"}}},
    {.code = "blank", .kind = COLUMN_INTEGER, .heading = {{"空白", "Blank"}}},
    {.code = "not_yet", .kind = COLUMN_INTEGER, .heading = {{"尚未統計", "Not yet"}}},
    {.code = "not_applicable", .kind = COLUMN_INTEGER, .heading = {{"不適用", "Not applicable"}}},
};

static const struct tabulation_column indicator_columns[] = {
    {.code = "indicator", .kind = COLUMN_CODE, .heading = {{"指標代碼", "Indicator"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"指標", "Indicator's name"}}},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位代碼", "Unit code"}}},
    {.code = "unit_name", .kind = COLUMN_TEXT, .heading = {{"單位", "Unit"}}},
    {.code = "numerator", .kind = COLUMN_NUMBER, .heading = {{"分子", "Numerator"}}},
    {.code = "denominator", .kind = COLUMN_NUMBER, .heading = {{"分母", "Denominator"}}},
    {.code = "rate", .kind = COLUMN_RATE, .heading = {{"比率（%）", "Rate (%)"}}},
    {.code = "target", .kind = COLUMN_NUMBER, .heading = {{"目標值（%）", "Target (%)"}}},
    {.code = "met", .kind = COLUMN_TRUTH, .heading = {{"達成", "Met"}}},
    {.code = "gap", .kind = COLUMN_INTEGER, .heading = {{"尚差人數", "Gap"}}},
    {.code = "expected", .kind = COLUMN_INTEGER, .heading = {{"應報機關數", "Offices expected"}}},
    {.code = "counted", .kind = COLUMN_INTEGER, .heading = {{"納計機關數", "Offices counted"}}},
    {.code = "missing", .kind = COLUMN_TEXT, .heading = {{"未納計機關", "Not counted"}}},
    {.code = "low", .kind = COLUMN_RATE, .heading = {{"可能下限（%）", "At least (%)"}}},
    {.code = "high", .kind = COLUMN_RATE, .heading = {{"可能上限（%）", "At most (%)"}}},
    {.code = "provisional", .kind = COLUMN_TRUTH, .heading = {{"暫定", "Provisional"}}},
};

static const char *member(struct arena *arena, const json_t *object, const char *key)
{
    return json_cell_text(arena, json_object_get(object, key));
}

static const char *flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key)) ? "true" : "false";
}

static const char *take_text(struct arena *arena, struct buffer *text)
{
    const char *copy = text->failed ? NULL : arena_copy(arena, text->data ? text->data : "", text->length);

    buffer_free(text);
    return copy;
}

/* "第1組 6/7、第2組 6/6": how many stand behind the figures of each unit. */
static const char *coverage_of(struct request *request, const json_t *units, const char *part)
{
    struct buffer text = BUFFER_WITH_LIMIT(MOST_TEXT);
    const char *comma = request->language == LANGUAGE_ZH ? "、" : ", ";
    const json_t *unit;
    size_t i;

    json_array_foreach(units, i, unit)
        buffer_append_format(&text, "%s%s %" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT, i ? comma : "",
                             json_name_text(request, unit), json_integer_value(json_object_get(unit, part)),
                             json_integer_value(json_object_get(unit, "expected")));
    return take_text(request->arena, &text);
}

/* By which level, on which basis, as of when. */
static void add_question(struct request *request, struct tabulation *table, const json_t *answer)
{
    static const struct name by = {{"層級", "By"}}, basis = {{"基準", "Basis"}}, as_of = {{"資料時點", "As of"}};
    static const struct {
        const char *code;
        struct name word;
    } words[] = {{"office", {{"機關", "office"}}},
                 {"group", {{"組", "group"}}},
                 {"city", {{"全市", "city"}}},
                 {"latest", {{"最新版", "latest revisions"}}},
                 {"official", {{"已核定", "official revisions"}}}};
    const char *level = json_text_member(answer, "by"), *on = json_text_member(answer, "basis"),
               *moment = json_text_member(answer, "as_of");

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].code, level) == 0)
            note_tabulation(request, table, &by, words[i].word.text[request->language]);
        if (strcmp(words[i].code, on) == 0)
            note_tabulation(request, table, &basis, words[i].word.text[request->language]);
    }
    if (moment)
        note_tabulation(request, table, &as_of, tabulation_moment(request->arena, moment, request->language));
}

static void add_elements(struct request *request, struct tabulation *table, const struct form *form, const json_t *unit)
{
    struct arena *arena = request->arena;
    const char *missing = json_list_text(arena, json_object_get(unit, "missing")), *code;
    json_t *elements = json_object_get(unit, "elements"), *one;

    json_object_foreach(elements, code, one) {
        const struct element *element = form_element(form, code);

        tabulation_row(table, (const char *const[]){json_text_member(unit, "unit"), json_name_text(request, unit),
                                                    member(arena, unit, "expected"), member(arena, unit, "reported"),
                                                    missing, flag(unit, "provisional"), code,
                                                    element ? element->name.text[request->language] : NULL,
                                                    member(arena, one, "value"), member(arena, one, "offices"),
                                                    member(arena, one, "blank"), member(arena, one, "not_yet"),
                                                    member(arena, one, "not_applicable")});
    }
}

struct tabulation *tabulate_rollup(struct request *request, const struct plan *plan, const struct form *form,
                                   const json_t *rollup)
{
    static const struct name period = {{"期間", "Period"}},
                             reported = {{"已報／應報機關數", "Offices reported/expected"}};
    const json_t *units = json_object_get(rollup, "units"), *unit;
    struct tabulation *table =
        new_tabulation(request, plan, &form->name,
                       arena_format(request->arena, request->language == LANGUAGE_ZH ? "%s 彙總" : "%s, sums",
                                    period_words(request, json_text_member(rollup, "period"))),
                       rollup_columns, sizeof rollup_columns / sizeof *rollup_columns);
    size_t i;

    if (!table)
        return NULL;
    note_tabulation(request, table, &period, period_words(request, json_text_member(rollup, "period")));
    add_question(request, table, rollup);
    note_tabulation(request, table, &reported, coverage_of(request, units, "reported"));
    json_array_foreach(units, i, unit)
        add_elements(request, table, form, unit);
    return table;
}

static void add_indicator(struct request *request, struct tabulation *table, const json_t *indicator)
{
    struct arena *arena = request->arena;
    const json_t *unit;
    size_t i;

    json_array_foreach(json_object_get(indicator, "units"), i, unit) {
        const json_t *bounds = json_object_get(unit, "bounds"), *own = json_object_get(unit, "target");

        tabulation_row(
            table,
            (const char *const[]){
                json_text_member(indicator, "code"), json_name_text(request, indicator), json_text_member(unit, "unit"),
                json_name_text(request, unit), member(arena, unit, "numerator"), member(arena, unit, "denominator"),
                member(arena, unit, "rate"), json_cell_text(arena, own ? own : json_object_get(indicator, "target")),
                member(arena, unit, "met"), member(arena, unit, "gap"), member(arena, unit, "expected"),
                member(arena, unit, "counted"), json_list_text(arena, json_object_get(unit, "missing")),
                member(arena, bounds, "low"), member(arena, bounds, "high"), flag(unit, "provisional")});
    }
}

struct tabulation *tabulate_indicators(struct request *request, const struct plan *plan, const json_t *indicators)
{
    static const struct name title = {{"指標達成情形", "Indicators"}}, year = {{"年度", "Year"}},
                             note = {{"說明", "Note"}}, counted = {{"納計／應報機關數", "Offices counted/expected"}};
    const char *year_text = period_words(request, member(request->arena, indicators, "year"));
    struct tabulation *table = new_tabulation(request, plan, &title, year_text, indicator_columns,
                                              sizeof indicator_columns / sizeof *indicator_columns);
    const char *const language = request->language == LANGUAGE_ZH ? "zh" : "en", *const pair =
                                                                                     request->language == LANGUAGE_ZH
                                                                                         ? "%s：%s"
                                                                                         : "%s: %s";
    const json_t *indicator;
    size_t i;

    if (!table)
        return NULL;
    note_tabulation(request, table, &year, year_text);
    add_question(request, table, indicators);
    json_array_foreach(json_object_get(indicators, "indicators"), i, indicator) {
        const char *of = json_text_member(json_object_get(indicator, "note"), language);

        tabulation_note(table, counted.text[request->language],
                        arena_format(request->arena, pair, json_name_text(request, indicator),
                                     coverage_of(request, json_object_get(indicator, "units"), "counted")));
        if (of)
            tabulation_note(table, note.text[request->language],
                            arena_format(request->arena, pair, json_name_text(request, indicator), of));
        add_indicator(request, table, indicator);
    }
    return table;
}
