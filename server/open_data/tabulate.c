/* tabulate.c: the figures of a release as one long table, small counts and what would give them away left out. */
#include <string.h>

#include "base/json.h"
#include "open_data/collect.h"

/* One row of the table, before it is written. */
struct figure_row {
    const char *period;
    const struct form *form;
    size_t level, unit;    /* the unit's number in the protection */
    const json_t *figures; /* the unit's object */
    const char *measure, *statistic, *unit_of_measure;
    const struct name *measure_name;
    const json_t *value;
    json_int_t offices;
    bool withheld;
};

static const char *const statistic_sum = "sum";

static const char *number_text(struct arena *arena, const json_t *value)
{
    if (json_is_integer(value))
        return arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return arena_text(arena, json_string_value(value));
}

static void add_row(const struct collection *collection, struct tabulation *table, const struct figure_row *row)
{
    struct arena *arena = collection->arena;
    const json_t *name = json_object_get(row->figures, "name");
    const char *texts[] = {
        arena_format(arena, "%d", collection->release->year),
        row->period,
        row->form->code,
        row->form->name.text[LANGUAGE_ZH],
        row->form->name.text[LANGUAGE_EN],
        level_names[row->level],
        arena_text(arena, json_text_member(row->figures, "unit")),
        arena_text(arena, json_text_member(name, "zh")),
        arena_text(arena, json_text_member(name, "en")),
        row->measure,
        row->measure_name->text[LANGUAGE_ZH],
        row->measure_name->text[LANGUAGE_EN],
        row->statistic,
        row->unit_of_measure,
        row->withheld ? NULL : number_text(arena, row->value),
        row->withheld ? "true" : "false",
        arena_format(arena, "%" JSON_INTEGER_FORMAT, row->offices),
        number_text(arena, json_object_get(row->figures, "expected")),
        json_is_true(json_object_get(row->figures, "provisional")) ? "true" : "false",
    };

    _Static_assert(sizeof texts / sizeof *texts == RELEASE_COLUMN_COUNT, "a text for every column");
    tabulation_row(table, texts);
}

/* The number of a unit of a level in the protection; false if it isn't there. */
static bool number_of(const struct collection *collection, size_t level, const json_t *figures, size_t *ret_number)
{
    const struct protection *protection = &collection->protection;
    const char *code = json_text_member(figures, "unit");
    size_t count = level == 0 ? protection->office_count : protection->unit_count;

    for (size_t i = 0; i < count; i++)
        if (strcmp(level == 0 ? collection->offices[i]->code : collection->unit_codes[i], code) == 0) {
            *ret_number = i;
            return true;
        }
    return false;
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

/* A sum over several parts is withheld where one of them is: it could be told from the others. */
static bool is_element_withheld(const struct collection *collection, const struct collected_form *form, size_t period,
                                const struct element *element, const struct figure_row *row)
{
    const struct protection *protection = &collection->protection;
    bool all = period == form->part_count;

    for (size_t part = all ? 0 : period; part < (all ? form->part_count : period + 1); part++) {
        size_t column = column_of(form, part, element);

        if (row->level > 0 ? is_unit_withheld(protection, column, row->unit)
                           : protection->known[column * protection->office_count + row->unit] &&
                                 is_office_withheld(protection, column, row->unit))
            return true;
    }
    return false;
}

static const char *unit_of_element(const struct element *element)
{
    const struct item *item = element->field ? element->field : element->sum;

    return item ? item->unit : NULL;
}

static void add_elements(const struct collection *collection, struct tabulation *table,
                         const struct collected_form *form, size_t period, struct figure_row row)
{
    const json_t *elements = json_object_get(row.figures, "elements");

    for (size_t i = 0; i < form->form->element_count; i++) {
        const struct element *element = &form->form->elements[i];
        const json_t *figures = json_object_get(elements, element->code);

        if (!figures)
            continue;
        row.measure = element->code;
        row.measure_name = &element->name;
        row.unit_of_measure = unit_of_element(element);
        row.value = json_object_get(figures, "value");
        row.offices = json_integer_value(json_object_get(figures, "offices"));
        row.withheld = !json_is_null(row.value) && is_element_withheld(collection, form, period, element, &row);
        add_row(collection, table, &row);
    }
}

static void add_form(const struct collection *collection, struct tabulation *table, const struct collected_form *form)
{
    size_t periods = form->part_count == 1 ? 1 : form->part_count + 1;
    struct figure_row row = {.form = form->form, .statistic = statistic_sum};

    for (size_t period = 0; period < periods; period++) {
        char text[PERIOD_TEXT_SIZE];

        period_format(form->periods[period], text);
        row.period = arena_text(collection->arena, text);
        for (row.level = 0; row.level < LEVEL_COUNT; row.level++) {
            size_t i;

            json_array_foreach(json_object_get(form->rollups[period][row.level], "units"), i, row.figures)
                if (number_of(collection, row.level, row.figures, &row.unit))
                    add_elements(collection, table, form, period, row);
        }
    }
}

/* ---- indicators -------------------------------------------------------------------------------------------------- */

static bool is_ratio_withheld(const struct collection *collection, size_t indicator, const struct figure_row *row)
{
    const struct protection *protection = &collection->protection;

    return collection->indicator_is_hidden[indicator] ||
           (row->level > 0 ? is_indicator_withheld(protection, indicator, row->unit)
                           : is_indicator_withheld_of(protection, indicator, row->unit));
}

/* Bounds aren't published: they rest on what offices reported that aren't counted. */
static void add_ratio(const struct collection *collection, struct tabulation *table, size_t number,
                      const json_t *indicator, struct figure_row row)
{
    static const char *const statistics[] = {"numerator", "denominator", "rate", "target", "gap"};
    const struct indicator *plan_indicator = &collection->release->version->plan->indicators[number];
    bool withheld = is_ratio_withheld(collection, number, &row);
    const char *unit = unit_of_element(plan_indicator->ratio.numerator[0]);

    row.offices = json_integer_value(json_object_get(row.figures, "counted"));
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        bool is_target = i == 3, in_percent = i == 2 || is_target;

        if (i >= 3 && plan_indicator->target_count == 0)
            continue;
        row.statistic = statistics[i];
        row.unit_of_measure = in_percent ? "percent" : unit;
        row.value = json_object_get(row.figures, statistics[i]);
        if (is_target && !row.value)
            row.value = json_object_get(indicator, statistics[i]);
        if (!is_target && row.offices == 0)
            row.value = NULL; /* nobody is counted: 0 of 0 is no figure */
        /* also where the value is null, which would say that the denominator is zero */
        row.withheld = withheld && !is_target && row.offices > 0;
        add_row(collection, table, &row);
    }
}

static void add_indicators(const struct collection *collection, struct tabulation *table)
{
    const struct plan *plan = collection->release->version->plan;
    struct figure_row row = {.period = arena_format(collection->arena, "%d", collection->release->year)};

    for (size_t number = 0; number < plan->indicator_count; number++) {
        row.form = plan->indicators[number].form;
        row.measure = plan->indicators[number].code;
        row.measure_name = &plan->indicators[number].name;
        for (row.level = 0; row.level < LEVEL_COUNT; row.level++) {
            const json_t *list = json_object_get(collection->indicators[row.level], "indicators"), *indicator;
            size_t i, k;

            json_array_foreach(list, i, indicator) {
                if (strcmp(json_text_member(indicator, "code"), row.measure) != 0)
                    continue;
                json_array_foreach(json_object_get(indicator, "units"), k, row.figures)
                    if (number_of(collection, row.level, row.figures, &row.unit))
                        add_ratio(collection, table, number, indicator, row);
            }
        }
    }
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static void add_notes(const struct release *release, struct tabulation *table, enum language language)
{
    static const struct {
        const char *words[2];
    } labels[] = {{{"年度", "Year"}},      {{"提供機關", "Publisher"}}, {{"授權方式", "Licence"}},
                  {{"資料時點", "As of"}}, {{"不公布者", "Withheld"}},  {{"說明", "Note"}}};
    const struct open_data_terms *terms = release->terms;
    char moment[TIMESTAMP_TEXT_SIZE];

    timestamp_format(release->moment, moment);
    table->title = arena_format(table->arena, language == LANGUAGE_ZH ? "%s（%d年度）" : "%s, ROC year %d",
                                terms->title.text[language], release->year);
    table->warning = release->sample ? release_sample_words.text[language] : NULL;
    tabulation_note(table, labels[0].words[language], arena_format(table->arena, "%d", release->year));
    tabulation_note(table, labels[1].words[language], terms->publisher.text[language]);
    tabulation_note(table, labels[2].words[language],
                    arena_format(table->arena, "%s (%s) %s", terms->licence_name.text[language], terms->licence,
                                 terms->licence_url));
    tabulation_note(table, labels[3].words[language], tabulation_moment(table->arena, moment, language));
    tabulation_note(table, labels[4].words[language],
                    arena_format(table->arena,
                                 language == LANGUAGE_ZH
                                     ? "人數為1至%d者，及可據以推算該等人數者，不予公布"
                                     : "counts of 1 to %d persons, and what they could be worked out from",
                                 terms->smallest - 1));
    for (size_t i = 0; i < terms->note_count; i++)
        tabulation_note(table, labels[5].words[language], terms->notes[i].text[language]);
}

enum db_status release_tabulate(struct db *db, const struct release *release, struct arena *arena,
                                enum language language, struct tabulation **ret_tabulation)
{
    struct collection collection;
    struct tabulation *table = tabulation_in(arena, release_columns, RELEASE_COLUMN_COUNT);
    enum db_status status = collect_figures(db, release, arena, &collection);

    if (status == DB_OK && (!table || !collect_cells(&collection) || !collect_relations(&collection) ||
                            !protect(&collection.protection, arena)))
        status = DB_FAILED;
    if (status == DB_OK) {
        add_notes(release, table, language);
        for (size_t i = 0; i < collection.form_count; i++)
            add_form(&collection, table, &collection.forms[i]);
        add_indicators(&collection, table);
        *ret_tabulation = table;
    }
    collection_release(&collection);
    return status == DB_OK && table->refused ? DB_FAILED : status;
}
