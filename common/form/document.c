/* document.c: the fields and tables of a document; head, notes and rules are read beside. */
#include "form/document.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

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
        findings_add_member(findings, FINDING_wrong_type, "fields", "object", fields);
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
        findings_add_member(findings, FINDING_wrong_type, "tables", "object", tables);
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
        findings_add_member(findings, FINDING_wrong_type, "", "object", json);
        document_release(document);
        return NULL;
    }
    bool has_period = false;

    if (!head_read(document, &has_period, findings)) {
        document_release(document);
        return NULL;
    }
    json_object_del(json, "base");
    read_fields(document, findings);
    if (!findings->out_of_memory)
        read_tables(document, findings);
    if (findings->out_of_memory) {
        document_release(document);
        return NULL;
    }
    notes_read(document, findings);
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
