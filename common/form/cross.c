/* cross.c: a document against what its office's other documents hold, and an empty form filled from them. */
#include <stdlib.h>
#include <string.h>

#include "form/neighbours.h"

struct crossing {
    const struct document *document;
    const struct neighbours *neighbours;
    struct findings *findings;
};

static const char *number_text(struct arena *arena, struct decimal number)
{
    char text[DECIMAL_TEXT_SIZE];

    decimal_format(number, text);
    return arena_text(arena, text);
}

/* A note explains what would otherwise have to be explained. */
static void speak(const struct crossing *crossing, struct finding finding)
{
    if (finding.severity == SEVERITY_EXPLAIN &&
        document_has_note(crossing->document, crossing->findings->arena, finding.place))
        return;
    findings_add(crossing->findings, finding);
}

/* The day that an origin asks about; false if the document doesn't say it. */
static bool find_day(const struct document *document, const struct origin *origin, struct date *ret_day)
{
    const struct cell *cell = origin->on ? &document->fields[origin->on->index] : NULL;

    if (!cell || cell->state != CELL_VALUE || cell->faulty)
        return false;
    *ret_day = cell->date;
    return true;
}

static struct origin_value find_value(const struct crossing *crossing, const struct origin *origin)
{
    const struct document *document = crossing->document;
    struct date day;
    bool has_day = find_day(document, origin, &day);

    if (origin->on && !has_day)
        return (struct origin_value){.reported = true}; /* nothing can be said */
    return origin_find(crossing->neighbours, document->plan, origin, document->period, has_day ? &day : NULL);
}

static bool is_yes(const json_t *json)
{
    return json_is_true(json) || (json_is_string(json) && strcmp(json_string_value(json), "yes") == 0);
}

/* Whether every code of one list stands in the other. */
static bool has_codes(const json_t *list, const json_t *wanted)
{
    const json_t *one, *other;
    size_t i, k;

    json_array_foreach(wanted, i, one) {
        bool found = false;

        json_array_foreach(list, k, other)
            found = found || json_equal(one, other);
        if (!found)
            return false;
    }
    return true;
}

/* Two sound values of an item that holds no numbers: yes is true, and a choice of codes has no order. */
static bool values_agree(const struct item *item, const json_t *a, const json_t *b)
{
    if (item->type == ITEM_BOOLEAN)
        return is_yes(a) == is_yes(b);
    if (item->type == ITEM_CODES)
        return has_codes(a, b) && has_codes(b, a);
    return json_equal(a, b);
}

static bool says_the_same(const struct cell *cell, const struct item *item, const struct origin_value *value)
{
    struct decimal number;

    if (!value->json)
        return decimal_compare(cell->number, value->number) == 0;
    if (item_is_number(item)) {
        char *text = json_dumps(value->json, JSON_ENCODE_ANY | JSON_COMPACT);
        const char *digits = json_is_string(value->json) ? json_string_value(value->json) : text;
        bool same = digits && decimal_parse(digits, &number) && decimal_compare(cell->number, number) == 0;

        free(text);
        return same;
    }
    return values_agree(item, cell->json, value->json);
}

static const char *value_text(struct arena *arena, const struct origin_value *value)
{
    return value->json ? json_excerpt(arena, value->json) : number_text(arena, value->number);
}

static void check_field(const struct crossing *crossing, const struct item *item)
{
    struct arena *arena = crossing->findings->arena;
    const struct cell *cell = &crossing->document->fields[item->index];
    struct origin_value value = find_value(crossing, item->origin);
    struct finding finding = {.severity = SEVERITY_WARNING,
                              .place = {.field = item->code},
                              .label = &item->name,
                              .other = &item->origin->form->name};

    if (cell->faulty || (!value.known && value.reported))
        return;
    if (!value.known) {
        finding.code = FINDING_other_form_missing;
        if (cell->state == CELL_VALUE && !(item_is_number(item) && cell->number.coefficient == 0))
            speak(crossing, finding);
        return;
    }
    finding.expected = value_text(arena, &value);
    if (cell->state != CELL_VALUE) {
        finding.code = FINDING_blank_beside_other_form;
        speak(crossing, finding);
    } else if (!says_the_same(cell, item, &value)) {
        finding.code = FINDING_differs_from_other_form;
        finding.severity = item->origin_severity;
        finding.found = json_excerpt(arena, cell->json);
        speak(crossing, finding);
    }
}

static void check_at_most(const struct crossing *crossing, const struct cross_check *check)
{
    struct arena *arena = crossing->findings->arena;
    struct origin_value value = find_value(crossing, &check->origin);
    struct decimal sum = {0};

    for (size_t i = 0; i < check->part_count; i++) {
        const struct cell *cell = &crossing->document->fields[check->parts[i]->index];

        if (cell->state != CELL_VALUE || cell->faulty || !decimal_add(sum, cell->number, &sum))
            return;
    }
    if (value.known && decimal_compare(sum, value.number) > 0)
        speak(crossing, (struct finding){.severity = check->severity,
                                         .code = check->code,
                                         .place = {.field = check->parts[0]->code},
                                         .label = &check->parts[0]->name,
                                         .other = &check->origin.form->name,
                                         .expected = number_text(arena, value.number),
                                         .found = number_text(arena, sum),
                                         .message = check->message.text[LANGUAGE_ZH] ? &check->message : NULL});
}

/* ---- lines of the same key --------------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b)
{
    const struct row *const *left = a, *const *right = b;

    return strcmp((*left)->identity, (*right)->identity);
}

/* The rows of a table that can be told from one another; one without its key has a finding of its own. */
struct sorted_rows {
    const struct row **rows;
    size_t count;
};

static bool sort_rows(struct arena *arena, const struct table_rows *rows, struct sorted_rows *ret_sorted)
{
    struct sorted_rows sorted = {.rows = arena_alloc_array(arena, rows->row_count + 1, sizeof *sorted.rows)};

    if (!sorted.rows)
        return false;
    for (size_t i = 0; i < rows->row_count; i++)
        if (rows->rows[i].identity)
            sorted.rows[sorted.count++] = &rows->rows[i];
    qsort(sorted.rows, sorted.count, sizeof *sorted.rows, compare_rows);
    *ret_sorted = sorted;
    return true;
}

static const struct row *find_row(const struct sorted_rows *sorted, const char *identity)
{
    struct row wanted = {.identity = identity};
    const struct row *key = &wanted,
                     **found = bsearch(&key, sorted->rows, sorted->count, sizeof *sorted->rows, compare_rows);

    return found ? *found : NULL;
}

static bool cells_agree(const struct item *item, const struct cell *a, const struct cell *b)
{
    if (a->state != CELL_VALUE || b->state != CELL_VALUE || a->faulty || b->faulty)
        return true; /* a blank says nothing */
    return item_is_number(item) ? decimal_compare(a->number, b->number) == 0 : values_agree(item, a->json, b->json);
}

static void check_line(const struct crossing *crossing, const struct cross_check *check, size_t index,
                       const struct row *other)
{
    struct arena *arena = crossing->findings->arena;
    const struct row *row = &crossing->document->tables[check->table->index].rows[index];
    struct finding finding = {.severity = check->severity,
                              .code = FINDING_line_not_planned,
                              .place = {.table = check->table->code, .row_identity = row->identity, .row = index + 1},
                              .label = &check->table->name,
                              .other = &check->origin.form->name,
                              .found = row->identity,
                              .message = check->message.text[LANGUAGE_ZH] ? &check->message : NULL};

    if (!other) {
        finding.place.column = check->table->key[0]->code;
        speak(crossing, finding);
        return;
    }
    for (size_t c = 0; c < check->column_count; c++) {
        const struct item *column = check->columns[c];
        const struct cell *own = &row->cells[column->index], *theirs = &other->cells[check->other_columns[c]->index];

        if (cells_agree(column, own, theirs))
            continue;
        finding.code = check->code;
        finding.place.column = column->code;
        finding.label = &column->name;
        finding.expected = json_excerpt(arena, theirs->json);
        finding.found = json_excerpt(arena, own->json);
        speak(crossing, finding);
    }
}

/* The document whose lines are looked at; NULL if it isn't there. */
static const struct document *find_lines(const struct neighbours *neighbours, const struct plan *plan,
                                         const struct cross_check *check, struct period period)
{
    struct origin_value value = origin_find(neighbours, plan, &check->origin, period, NULL);

    return value.document && value.document->tables[check->other_table->index].declared ? value.document : NULL;
}

static void check_same_lines(const struct crossing *crossing, const struct cross_check *check)
{
    const struct document *document = crossing->document,
                          *other = find_lines(crossing->neighbours, document->plan, check, document->period);
    const struct table_rows *rows = &document->tables[check->table->index],
                            *planned = other ? &other->tables[check->other_table->index] : NULL;
    struct finding finding = {.severity = check->severity,
                              .code = FINDING_line_missing,
                              .place = {.table = check->table->code},
                              .label = &check->table->name,
                              .other = &check->origin.form->name};

    if (!rows->declared || !other)
        return;

    struct sorted_rows own_rows, planned_rows;

    if (!sort_rows(crossing->findings->arena, rows, &own_rows) ||
        !sort_rows(crossing->findings->arena, planned, &planned_rows)) {
        crossing->findings->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < rows->row_count; i++)
        if (rows->rows[i].identity)
            check_line(crossing, check, i, find_row(&planned_rows, rows->rows[i].identity));
    for (size_t i = 0; i < planned->row_count; i++) {
        const char *identity = planned->rows[i].identity;

        if (!identity || find_row(&own_rows, identity))
            continue;
        finding.expected = identity;
        speak(crossing, finding);
    }
}

void cross_check(const struct document *document, const struct neighbours *neighbours, struct findings *findings)
{
    const struct crossing crossing = {document, neighbours, findings};
    const struct form *form = document->form;

    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].origin)
            check_field(&crossing, &form->fields[i]);
    for (size_t i = 0; i < form->cross_check_count; i++) {
        if (form->cross_checks[i].kind == CROSS_AT_MOST)
            check_at_most(&crossing, &form->cross_checks[i]);
        else
            check_same_lines(&crossing, &form->cross_checks[i]);
    }
}

/* ---- an empty form ----------------------------------------------------------------------------------------------- */

static json_t *object_of(json_t *document, const char *key)
{
    if (!json_is_object(json_object_get(document, key)))
        json_object_set_new(document, key, json_object());
    return json_object_get(document, key);
}

static bool is_blank(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static bool copy_line(const struct cross_check *check, const struct row *row, json_t *list)
{
    json_t *line = json_object();
    bool good = line != NULL;

    for (size_t k = 0; good && k < check->other_table->key_count; k++) {
        const struct item *from = check->other_table->key[k], *to = check->table->key[k];

        good = json_object_set_new(line, to->code, json_deep_copy(json_object_get(row->json, from->code))) == 0;
    }
    for (size_t c = 0; good && c < check->column_count; c++) {
        const json_t *value = json_object_get(row->json, check->other_columns[c]->code);

        good = !value || json_object_set_new(line, check->columns[c]->code, json_deep_copy(value)) == 0;
    }
    if (good)
        return json_array_append_new(list, line) == 0;
    json_decref(line);
    return false;
}

static bool prefill_lines(const struct cross_check *check, const struct document *other, json_t *tables)
{
    const struct table_rows *rows = &other->tables[check->other_table->index];
    json_t *list = json_array();
    bool good = list != NULL;

    for (size_t i = 0; good && i < rows->row_count; i++)
        good = copy_line(check, &rows->rows[i], list);
    if (good)
        return json_object_set_new(tables, check->table->code, list) == 0;
    json_decref(list);
    return false;
}

bool neighbours_prefill(const struct neighbours *neighbours, const struct plan *plan, const struct form *form,
                        struct period period, json_t *document)
{
    json_t *fields = object_of(document, "fields"), *tables = object_of(document, "tables");
    bool good = fields && tables;

    for (size_t i = 0; good && i < form->field_count; i++) {
        const struct item *item = &form->fields[i];
        struct origin_value value = {0};
        json_t *json;

        if (item->origin && !item->origin->on && is_blank(json_object_get(fields, item->code)))
            value = origin_find(neighbours, plan, item->origin, period, NULL);
        json = origin_to_json(&value, item);
        good = !json || json_object_set_new(fields, item->code, json) == 0;
    }
    for (size_t i = 0; good && i < form->cross_check_count; i++) {
        const struct cross_check *check = &form->cross_checks[i];
        const struct document *other =
            check->kind == CROSS_SAME_LINES ? find_lines(neighbours, plan, check, period) : NULL;

        if (other && is_blank(json_object_get(tables, check->table->code)))
            good = prefill_lines(check, other, tables);
    }
    return good;
}
