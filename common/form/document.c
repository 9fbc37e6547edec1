/* document.c: identity and structure of a document; then its cells, rows, notes and rules. */
#include "form/document.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static void add_member_finding(struct findings *findings, enum finding_code code, const char *member,
                               const char *expected, const json_t *found)
{
    findings_add(findings, (struct finding){.code = code,
                                            .place = {.member = member},
                                            .expected = expected,
                                            .found = found ? json_excerpt(findings->arena, found) : NULL});
}

/* A text member of the document's head; NULL with a finding when it isn't one. */
static const char *read_head_text(const json_t *json, const char *member, struct findings *findings)
{
    const json_t *value = json_object_get(json, member);

    if (!value)
        add_member_finding(findings, FINDING_identity_missing, member, member, NULL);
    else if (!json_is_string(value))
        add_member_finding(findings, FINDING_wrong_type, member, "string", value);
    return json_string_value(value);
}

static const struct form *read_form(const struct plan *plan, const json_t *json, struct findings *findings)
{
    const char *code = read_head_text(json, "form", findings);
    const struct form *form = code ? plan_form(plan, code) : NULL;

    if (code && !form)
        add_member_finding(findings, FINDING_unknown_form, "form", NULL, json_object_get(json, "form"));
    return form;
}

static const char *period_kind_example(struct arena *arena, const struct document *document)
{
    switch (document->form->period) {
    case PERIOD_QUARTER: return arena_format(arena, "%dQ1", document->plan->from);
    case PERIOD_PLAN: return "plan";
    case PERIOD_YEAR: break;
    }
    return arena_format(arena, "%d", document->plan->from);
}

static bool read_period(struct document *document, struct findings *findings)
{
    const json_t *json = json_object_get(document->json, "period");
    struct period period;

    document->period_text = read_head_text(document->json, "period", findings);
    if (!document->period_text)
        return false;
    if (!period_parse(document->period_text, &period) || period.kind != document->form->period) {
        add_member_finding(findings, FINDING_bad_period, "period", period_kind_example(findings->arena, document),
                           json);
        return false;
    }
    document->period = period;
    if (!plan_has_period(document->plan, document->form, period)) {
        add_member_finding(findings, FINDING_period_outside_plan, "period",
                           arena_format(findings->arena, "%d–%d", document->plan->from, document->plan->to), json);
        return false;
    }
    return true;
}

static void read_office(struct document *document, bool has_period, struct findings *findings)
{
    const char *code = read_head_text(document->json, "office", findings);
    const json_t *json = json_object_get(document->json, "office");

    document->office = code ? plan_office(document->plan, code) : NULL;
    if (code && !document->office)
        add_member_finding(findings, FINDING_unknown_office, "office", NULL, json);
    else if (document->office && has_period &&
             !form_owed_by(document->form, document->office, plan_period_year(document->plan, document->period)))
        add_member_finding(findings, FINDING_office_not_owing, "office", NULL, json);
}

static bool is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '-' ? text[i] != '-' : strchr("0123456789abcdef", text[i]) == NULL)
            return false;
    return true;
}

static void read_event(struct document *document, struct findings *findings)
{
    const json_t *event = json_object_get(document->json, "event");

    if (!event || json_is_null(event))
        return;
    if (!document->form->event || !json_is_string(event) || !is_uuid(json_string_value(event)))
        add_member_finding(findings, FINDING_bad_event, "event", NULL, event);
    else
        document->event = json_string_value(event);
}

static void read_base(struct document *document, struct findings *findings)
{
    const json_t *base = json_object_get(document->json, "base");

    if (!base || json_is_null(base))
        return;
    document->has_base = true;
    if (!json_is_integer(base) || json_integer_value(base) < 0 || json_integer_value(base) > INT32_MAX)
        add_member_finding(findings, FINDING_bad_base, "base", "0", base);
    else
        document->base = json_integer_value(base);
}

static void check_members(const struct document *document, struct findings *findings)
{
    static const char *const known[] = {"form", "office", "period", "plan", "event",
                                        "base", "fields", "tables", "notes"};
    const char *key;
    json_t *value;

    json_object_foreach(document->json, key, value) {
        bool found = false;

        for (size_t i = 0; i < sizeof known / sizeof *known && !found; i++)
            found = strcmp(known[i], key) == 0;
        if (!found)
            findings_add(findings, (struct finding){.code = FINDING_unknown_member,
                                                    .place = {.member = arena_text(findings->arena, key)},
                                                    .found = arena_text(findings->arena, key)});
    }
    value = json_object_get(document->json, "plan");
    if (value && (!json_is_string(value) || strcmp(json_string_value(value), document->plan->code) != 0))
        add_member_finding(findings, FINDING_identity_differs, "plan", document->plan->code, value);
}

static void count_cell(struct document *document, const struct cell *cell)
{
    document->reported = document->reported || cell->state == CELL_VALUE;
}

static void read_fields(struct document *document, struct findings *findings)
{
    const struct form *form = document->form;
    json_t *fields = json_object_get(document->json, "fields"), *value;
    const char *key;

    document->fields = arena_alloc_array(findings->arena, form->field_count + 1, sizeof *document->fields);
    if (!document->fields) {
        findings->out_of_memory = true;
        return;
    }
    if (fields && !json_is_object(fields)) {
        add_member_finding(findings, FINDING_wrong_type, "fields", "object", fields);
        return;
    }
    json_object_foreach(fields, key, value) {
        if (!form_field(form, key))
            findings_add(findings, (struct finding){.code = FINDING_unknown_field,
                                                    .place = {.field = arena_text(findings->arena, key)},
                                                    .found = arena_text(findings->arena, key)});
    }
    for (size_t i = 0; i < form->field_count; i++) {
        const struct item *field = &form->fields[i];

        document->fields[i] =
            cell_read(field, json_object_get(fields, field->code), (struct place){.field = field->code}, findings);
        document->value_count += document->fields[i].state != CELL_BLANK;
        count_cell(document, &document->fields[i]);
    }
}

static void check_columns(const struct table *table, const struct row *row, size_t position, struct findings *findings)
{
    const char *key;
    json_t *value;

    json_object_foreach(row->json, key, value) {
        if (strcmp(key, "_row") == 0 || table_column(table, key))
            continue;
        const char *column = arena_text(findings->arena, key);

        findings_add(
            findings,
            (struct finding){
                .code = FINDING_unknown_column,
                .found = column,
                .place = {.table = table->code, .row_identity = row->identity, .row = position, .column = column}});
    }
}

/* Reads the cells of one row. Key cells come first without findings, because a row's paths need its identity. */
static void read_row_cells(const struct table *table, struct row *row, size_t position, struct findings *findings)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct item *column = &table->columns[i];

        row->cells[i] =
            cell_read(column, json_object_get(row->json, column->code),
                      (struct place){
                          .table = table->code, .row_identity = row->identity, .row = position, .column = column->code},
                      findings);
    }
}

static bool read_key_cells(const struct table *table, struct row *row, struct arena *arena)
{
    struct arena *scratch = table->key_count ? arena_new(64 * 1024) : NULL;
    struct findings ignored = FINDINGS_IN(scratch);

    row->cells = arena_alloc_array(arena, table->column_count + 1, sizeof *row->cells);
    for (size_t i = 0; row->cells && scratch && i < table->key_count; i++) {
        const struct item *column = table->key[i];

        row->cells[column->index] =
            cell_read(column, json_object_get(row->json, column->code), (struct place){0}, &ignored);
    }
    arena_free(scratch);
    return row->cells && (scratch || table->key_count == 0);
}

/* A row that is no object leaves nothing to read in it: every such row is named. */
static bool check_row_types(const struct table *table, const json_t *list, struct findings *findings)
{
    const json_t *item;
    bool good = true;
    size_t i;

    json_array_foreach(list, i, item) {
        if (json_is_object(item))
            continue;
        good = false;
        findings_add(findings, (struct finding){.code = FINDING_wrong_type,
                                                .place = {.table = table->code, .row = i + 1},
                                                .expected = "object",
                                                .found = json_excerpt(findings->arena, item)});
    }
    return good;
}

static void read_rows(struct document *document, const struct table *table, const json_t *list,
                      struct findings *findings)
{
    struct table_rows *rows = &document->tables[table->index];
    json_t *item;
    size_t i;

    rows->declared = true;
    rows->rows = arena_alloc_array(findings->arena, json_array_size(list) + 1, sizeof *rows->rows);
    if (!rows->rows) {
        findings->out_of_memory = true;
        return;
    }
    if (!check_row_types(table, list, findings))
        return;
    json_array_foreach(list, i, item) {
        rows->rows[rows->row_count].json = item;
        if (!read_key_cells(table, &rows->rows[rows->row_count], findings->arena)) {
            findings->out_of_memory = true;
            return;
        }
        rows->row_count++;
    }
    if (!rows_identify(table, rows, findings))
        return;
    for (i = 0; i < rows->row_count; i++) {
        check_columns(table, &rows->rows[i], i + 1, findings);
        read_row_cells(table, &rows->rows[i], i + 1, findings);
        for (size_t c = 0; c < table->column_count; c++)
            count_cell(document, &rows->rows[i].cells[c]);
    }
    document->row_count += rows->row_count;
    document->reported = document->reported || rows->row_count == 0;
}

static void read_tables(struct document *document, struct findings *findings)
{
    const struct form *form = document->form;
    json_t *tables = json_object_get(document->json, "tables"), *value;
    const char *key;

    document->tables = arena_alloc_array(findings->arena, form->table_count + 1, sizeof *document->tables);
    if (!document->tables) {
        findings->out_of_memory = true;
        return;
    }
    if (tables && !json_is_object(tables)) {
        add_member_finding(findings, FINDING_wrong_type, "tables", "object", tables);
        return;
    }
    json_object_foreach(tables, key, value) {
        const struct table *table = form_table(form, key);
        const char *code = arena_text(findings->arena, key);

        if (!table)
            findings_add(findings,
                         (struct finding){.code = FINDING_unknown_table, .place = {.table = code}, .found = code});
        else if (json_is_array(value))
            read_rows(document, table, value, findings);
        else if (!json_is_null(value))
            findings_add(findings, (struct finding){.code = FINDING_wrong_type,
                                                    .place = {.table = code},
                                                    .label = &table->name,
                                                    .expected = "array",
                                                    .found = json_excerpt(findings->arena, value)});
    }
}

/* A note may point at the document, a field, a table, a row or a cell. */
static bool note_path_exists(const struct document *document, struct arena *arena, const char *path)
{
    const char *rest = strncmp(path, "tables.", 7) == 0 ? path + 7 : NULL;

    if (strcmp(path, "document") == 0 || form_field(document->form, path))
        return true;
    if (strncmp(path, "fields.", 7) == 0)
        return form_field(document->form, path + 7) != NULL;
    if (!rest)
        return false;

    const char *open = strchr(rest, '['), *close = open ? strrchr(open, ']') : NULL;
    const char *code = arena_copy(arena, rest, open ? (size_t)(open - rest) : strlen(rest));
    const struct table *table = code ? form_table(document->form, code) : NULL;

    if (!table || !open)
        return table != NULL;
    const char *identity = close ? arena_copy(arena, open + 1, (size_t)(close - open - 1)) : NULL;

    if (!identity || !rows_have(&document->tables[table->index], arena, identity))
        return false;
    return close[1] == '\0' || (close[1] == '.' && table_column(table, close + 2));
}

static void read_notes(const struct document *document, struct findings *findings)
{
    json_t *notes = json_object_get(document->json, "notes"), *value;
    const char *path;

    if (!notes || json_is_null(notes))
        return;
    if (!json_is_object(notes)) {
        add_member_finding(findings, FINDING_wrong_type, "notes", "object", notes);
        return;
    }
    json_object_foreach(notes, path, value) {
        const char *copy = arena_text(findings->arena, path);

        if (!json_is_string(value))
            findings_add(findings,
                         (struct finding){.code = FINDING_wrong_type,
                                          .place = {.member = arena_format(findings->arena, "notes.%s", path)},
                                          .expected = "string",
                                          .found = json_excerpt(findings->arena, value)});
        else if (!note_path_exists(document, findings->arena, path))
            findings_add(findings,
                         (struct finding){.severity = SEVERITY_WARNING,
                                          .code = FINDING_note_path_unknown,
                                          .place = {.member = arena_format(findings->arena, "notes.%s", path)},
                                          .found = copy});
    }
}

bool document_has_note(const struct document *document, struct arena *arena, struct place place)
{
    const json_t *notes = json_object_get(document->json, "notes");
    const char *cell = place_path(arena, place), *row;

    if (!json_is_object(notes) || !cell)
        return false;
    place.column = NULL;
    row = place.table ? place_path(arena, place) : place.field;
    return json_object_get(notes, cell) || (row && json_object_get(notes, row));
}

static void judge_provisional(struct document *document)
{
    const struct item *counted_on = document->form->counted_on;
    struct date first, last;

    if (!counted_on || document->fields[counted_on->index].state != CELL_VALUE ||
        document->fields[counted_on->index].faulty || !period_bounds(document->period, &first, &last))
        return;
    document->provisional = date_compare(document->fields[counted_on->index].date, last) < 0;
}

struct document *document_judge(const struct plan *plan, json_t *json, struct findings *findings)
{
    struct document *document = arena_alloc(findings->arena, sizeof *document);

    if (!document) {
        findings->out_of_memory = true;
        json_decref(json);
        return NULL;
    }
    document->plan = plan;
    document->json = json;
    if (!json_is_object(json)) {
        add_member_finding(findings, FINDING_wrong_type, "", "object", json);
        document_release(document);
        return NULL;
    }
    document->form = read_form(plan, json, findings);
    if (!document->form) {
        document_release(document);
        return NULL;
    }
    bool has_period = read_period(document, findings);

    read_office(document, has_period, findings);
    read_event(document, findings);
    read_base(document, findings);
    check_members(document, findings);
    json_object_del(json, "base");
    read_fields(document, findings);
    if (!findings->out_of_memory)
        read_tables(document, findings);
    if (findings->out_of_memory) {
        document_release(document);
        return NULL;
    }
    read_notes(document, findings);
    if (has_period) {
        rules_apply(document, findings);
        judge_provisional(document);
    }
    if (!document->reported && findings->error_count == 0)
        findings_add(
            findings,
            (struct finding){.severity = SEVERITY_WARNING, .code = FINDING_nothing_reported, .place = {.member = ""}});
    if (findings->out_of_memory || arena_is_short(findings->arena)) {
        findings->out_of_memory = true;
        document_release(document);
        return NULL;
    }
    return document;
}

void document_release(struct document *document)
{
    if (!document)
        return;
    json_decref(document->json);
    document->json = NULL;
}

bool document_write_canonical(const struct document *document, struct buffer *out)
{
    return json_write_canonical(document->json, out);
}
