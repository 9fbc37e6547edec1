/* comparisons.c: what was handed in, figure by figure, beside what it was in earlier periods. */
#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/earlier.h"
#include "api/handlers.h"
#include "api/revision_of.h"
#include "api/tabular.h"
#include "base/json.h"

enum { MOST_REFERENCES = 2 };

/* A comparison while it is made. */
struct comparing {
    const struct document *document;
    struct earlier earlier[MOST_REFERENCES];
    size_t count;
    json_t *cells, *by_path; /* of rows: their cells by path */
    json_int_t unusual;
};

/* ---- one cell --------------------------------------------------------------------------------------------------- */

static const char *state_name(enum cell_state state)
{
    static const char *const names[] = {
        [CELL_BLANK] = "blank",
        [CELL_VALUE] = "value",
        [CELL_NOT_YET] = "not_yet",
        [CELL_NOT_APPLICABLE] = "not_applicable",
    };

    return names[state];
}

/* Whole numbers as such, hours and what is beyond 2^53 as a text. */
static json_t *number_to_json(const struct item *item, struct decimal value)
{
    char text[DECIMAL_TEXT_SIZE];
    bool fits = value.coefficient <= LARGEST_WHOLE_NUMBER && value.coefficient >= -LARGEST_WHOLE_NUMBER;

    if (value.scale == 0 && fits && !(item && item->type == ITEM_DECIMAL))
        return json_integer((json_int_t)value.coefficient);
    decimal_format(value, text);
    return json_string(text);
}

static json_t *value_to_json(const struct compared *line, const struct element_value *value)
{
    return value->state == CELL_VALUE ? number_to_json(line->item, value->value) : json_null();
}

static json_t *unusual_to_json(struct request *request, const struct compared *line)
{
    if (line->unusual == UNUSUAL_NOT)
        return json_null();
    return json_pack("{ss ss* ss*}", "reason", unusual_name(line->unusual), "zh",
                     unusual_words(request->arena, line->unusual, line->rule, LANGUAGE_ZH), "en",
                     unusual_words(request->arena, line->unusual, line->rule, LANGUAGE_EN));
}

static json_t *side_to_json(struct request *request, const struct compared *line)
{
    return json_pack("{so ss so ss? so}", "value", value_to_json(line, &line->earlier), "state",
                     state_name(line->earlier.state), "change",
                     line->has_change ? number_to_json(line->item, line->change) : json_null(), "percent",
                     line->percent[0] ? line->percent : NULL, "unusual", unusual_to_json(request, line));
}

static json_t *cell_to_json(const struct comparing *comparing, const struct compared *line, const char *path)
{
    json_t *cell = json_pack("{ss ss? ss? s{ss ss} ss? so ss}", "path", path, "element",
                             line->element ? line->element->code : NULL, "row", line->place.row_identity, "name", "zh",
                             line->name->text[LANGUAGE_ZH], "en", line->name->text[LANGUAGE_EN], "unit",
                             line->item ? line->item->unit : NULL, "value", value_to_json(line, &line->now), "state",
                             state_name(line->now.state));

    for (size_t i = 0; i < comparing->count; i++)
        json_object_set_new(cell, reference_name(comparing->earlier[i].reference), json_null());
    return cell;
}

/* The cell of a line, made if no earlier document had it: elements are the same lines every time, rows are not. */
static json_t *find_cell(struct request *request, struct comparing *comparing, const struct compared *line,
                         size_t index)
{
    const char *path = place_path(request->arena, line->place);
    json_t *cell = line->element ? json_array_get(comparing->cells, index) : json_object_get(comparing->by_path, path);

    if (cell || !path)
        return cell;
    cell = cell_to_json(comparing, line, path);
    if (!line->element)
        json_object_set(comparing->by_path, path, cell);
    return json_array_append_new(comparing->cells, cell) == 0 ? cell : NULL;
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

/* Adds what one earlier document says; with none, the document's own figures. False without memory. */
static bool add_reference(struct request *request, struct comparing *comparing, const struct earlier *earlier)
{
    const struct document *document = earlier ? earlier->document : NULL;
    enum reference reference = earlier ? earlier->reference : REFERENCE_GIVEN;
    size_t count = 0;
    struct compared *lines = documents_compare(comparing->document, document, reference, request->arena, &count);

    for (size_t i = 0; lines && i < count; i++) {
        json_t *cell = find_cell(request, comparing, &lines[i], i);

        if (!cell)
            return false;
        if (document)
            json_object_set_new(cell, reference_name(reference), side_to_json(request, &lines[i]));
        comparing->unusual += lines[i].unusual != UNUSUAL_NOT;
    }
    return lines != NULL;
}

static json_t *references_to_json(const struct comparing *comparing)
{
    json_t *list = json_array();

    for (size_t i = 0; i < comparing->count; i++) {
        const struct earlier *earlier = &comparing->earlier[i];
        const struct revision *revision = earlier->document ? &earlier->revision : NULL;

        json_array_append_new(list, json_pack("{ss ss ss? ss? so}", "kind", reference_name(earlier->reference),
                                              "period", earlier->period, "plan", revision ? revision->plan : NULL,
                                              "submission", revision ? revision->id : NULL, "revision",
                                              revision ? json_integer(revision->number) : json_null()));
    }
    return list;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

enum { OWN_COLUMNS = 7, SIDE_COLUMNS = 4 };

static const struct tabulation_column own_columns[OWN_COLUMNS] = {
    {.code = "path", .kind = COLUMN_CODE, .heading = {{"位置代碼", "Path"}}},
    {.code = "element", .kind = COLUMN_CODE, .heading = {{"項目代碼", "Element"}}},
    {.code = "row", .kind = COLUMN_CODE, .heading = {{"列", "Row"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"項目", "Name"}}, .for_people = true},
    {.code = "unit", .kind = COLUMN_CODE, .heading = {{"單位", "Unit"}}},
    {.code = "value", .kind = COLUMN_NUMBER, .heading = {{"本期", "Value"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"狀態", "State"}}},
};

static const struct tabulation_column side_columns[REFERENCE_COUNT][SIDE_COLUMNS] = {
    [REFERENCE_LAST_YEAR] =
        {{.code = "last_year.value", .kind = COLUMN_NUMBER, .heading = {{"去年同期", "Last year"}}},
         {.code = "last_year.change", .kind = COLUMN_NUMBER, .heading = {{"較去年增減", "Change"}}},
         {.code = "last_year.percent", .kind = COLUMN_RATE, .heading = {{"較去年增減（%）", "Change (%)"}}},
         {.code = "last_year.unusual", .kind = COLUMN_TEXT, .heading = {{"較去年異常變動", "Unusual"}}}},
    [REFERENCE_PREVIOUS] =
        {{.code = "previous.value", .kind = COLUMN_NUMBER, .heading = {{"前一期", "Period before"}}},
         {.code = "previous.change", .kind = COLUMN_NUMBER, .heading = {{"較前期增減", "Change since"}}},
         {.code = "previous.percent", .kind = COLUMN_RATE, .heading = {{"較前期增減（%）", "Change since (%)"}}},
         {.code = "previous.unusual", .kind = COLUMN_TEXT, .heading = {{"較前期異常變動", "Unusual since"}}}},
    [REFERENCE_GIVEN] = {{.code = "given.value", .kind = COLUMN_NUMBER, .heading = {{"對照版", "Compared with"}}},
                         {.code = "given.change", .kind = COLUMN_NUMBER, .heading = {{"增減", "Change"}}},
                         {.code = "given.percent", .kind = COLUMN_RATE, .heading = {{"增減（%）", "Change (%)"}}},
                         {.code = "given.unusual", .kind = COLUMN_TEXT, .heading = {{"異常變動", "Unusual"}}}},
};

static void note_reference(struct request *request, struct tabulation *table, const struct earlier *earlier)
{
    static const struct name labels[REFERENCE_COUNT] = {
        [REFERENCE_LAST_YEAR] = {{"去年同期", "Last year"}},
        [REFERENCE_PREVIOUS] = {{"前一期", "Period before"}},
        [REFERENCE_GIVEN] = {{"對照版", "Compared with"}},
    };
    static const char *const none[] = {"無資料", "nothing was reported"};
    const char *period = period_words(request, earlier->period);

    note_tabulation(request, table, &labels[earlier->reference],
                    earlier->document ? arena_format(request->arena,
                                                     request->language == LANGUAGE_ZH ? "%s 第%d版" : "%s, revision %d",
                                                     period, earlier->revision.number)
                                      : none[request->language]);
}

static void reply_table(struct request *request, const struct revision *revision, const struct comparing *comparing)
{
    static const struct name title = {{"與前期比較", "Beside earlier periods"}};
    const struct document *document = comparing->document;
    size_t count = OWN_COLUMNS + SIDE_COLUMNS * comparing->count;
    struct tabulation_column *columns = arena_alloc_array(request->arena, count, sizeof *columns);
    struct tabulation *table = NULL;

    if (columns) {
        memcpy(columns, own_columns, sizeof own_columns);
        for (size_t i = 0; i < comparing->count; i++)
            memcpy(columns + OWN_COLUMNS + SIDE_COLUMNS * i, side_columns[comparing->earlier[i].reference],
                   sizeof side_columns[0]);
        table = new_tabulation(request, document->plan, &title,
                               arena_format(request->arena, "%s %s %s", document->form->name.text[request->language],
                                            document->office->name.text[request->language],
                                            period_words(request, revision->period)),
                               columns, count);
    }
    for (size_t i = 0; table && i < comparing->count; i++)
        note_reference(request, table, &comparing->earlier[i]);
    tabulate_list(request, table, comparing->cells);
    reply_tabulation(request, table);
}

/* ---- what is asked ---------------------------------------------------------------------------------------------- */

/* A revision of the same form by its id. False: a reply is set. */
static bool find_given(struct request *request, struct db *db, const struct revision *revision, const char *id,
                       struct comparing *comparing)
{
    struct earlier *earlier = &comparing->earlier[comparing->count++];

    *earlier = (struct earlier){.reference = REFERENCE_GIVEN};
    if (!uuid_is_well_formed(id)) {
        reply_bad_parameter(request, "against", "last_year, previous, UUID");
        return false;
    }
    if (!find_revision(request, db, id, &earlier->revision))
        return false;
    if (strcmp(earlier->revision.form, revision->form) != 0) {
        reply_bad_parameter(request, "against",
                            request->language == LANGUAGE_ZH ? "同一表單的版本" : "a revision of the same form");
        return false;
    }
    snprintf(earlier->period, sizeof earlier->period, "%s", earlier->revision.period);
    earlier->document = judged_document_of(request, db, &earlier->revision);
    return earlier->document != NULL;
}

static bool find_reference(struct request *request, struct db *db, enum reference reference, bool official,
                           struct comparing *comparing)
{
    struct earlier *earlier = &comparing->earlier[comparing->count];

    if (!earlier_find(request, db, comparing->document, reference, official, earlier))
        return false;
    comparing->count += earlier->period[0] != '\0';
    return true;
}

static bool find_references(struct request *request, struct db *db, const struct revision *revision,
                            struct comparing *comparing)
{
    const char *against = request_query(request, "against"), *basis = request_query(request, "basis");
    bool official = basis && strcmp(basis, "official") == 0;

    if (basis && !official && strcmp(basis, "latest") != 0) {
        reply_bad_parameter(request, "basis", "latest, official");
        return false;
    }
    if (against && strcmp(against, "last_year") == 0)
        return find_reference(request, db, REFERENCE_LAST_YEAR, official, comparing);
    if (against && strcmp(against, "previous") == 0)
        return find_reference(request, db, REFERENCE_PREVIOUS, official, comparing);
    if (against)
        return find_given(request, db, revision, against, comparing);
    return find_reference(request, db, REFERENCE_LAST_YEAR, official, comparing) &&
           (comparing->document->form->period != PERIOD_QUARTER ||
            find_reference(request, db, REFERENCE_PREVIOUS, official, comparing));
}

/* ---- the handler ------------------------------------------------------------------------------------------------ */

static void reply_cells(struct request *request, const struct revision *revision, const struct comparing *comparing)
{
    const char *basis = request_query(request, "basis");

    if (request->format != FORMAT_JSON)
        reply_table(request, revision, comparing);
    else
        reply_json(request, 200,
                   json_pack("{ss si ss ss ss ss ss so sI sO}", "submission", revision->id, "revision",
                             revision->number, "plan", revision->plan, "form", revision->form, "office",
                             revision->office, "period", revision->period, "basis", basis ? basis : "latest",
                             "references", references_to_json(comparing), "unusual", comparing->unusual, "cells",
                             comparing->cells));
}

static void compare(struct request *request, struct db *db, const struct revision *revision,
                    struct comparing *comparing)
{
    bool good = true;

    if (!find_references(request, db, revision, comparing))
        return;
    comparing->cells = json_array();
    comparing->by_path = json_object();
    for (size_t i = 0; good && i < comparing->count; i++)
        good = add_reference(request, comparing, &comparing->earlier[i]);
    if (good && comparing->count == 0)
        good = add_reference(request, comparing, NULL);
    if (good)
        reply_cells(request, revision, comparing);
    else
        reply_problem(request, PROBLEM_internal, NULL);
    json_decref(comparing->cells);
    json_decref(comparing->by_path);
}

static void reply_comparison(struct request *request, struct db *db, const struct revision *revision)
{
    struct document *document = judged_document_of(request, db, revision);
    struct comparing comparing = {.document = document};

    if (!document)
        return;
    if (document->office)
        compare(request, db, revision, &comparing);
    else
        reply_problem(request, PROBLEM_internal, NULL);
    for (size_t i = 0; i < MOST_REFERENCES; i++)
        document_release(comparing.earlier[i].document);
    document_release(document);
}

enum step_result get_comparison(struct request *request, struct db *db)
{
    return with_revision(request, db, reply_comparison);
}
