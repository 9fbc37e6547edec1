/* ods_cell.c: values are taken from office:value, which is exact, and not from the text shown, which may be rounded. */
#include "sheet/ods_cell.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/number.h"
#include "sheet/text.h"

enum { MOST_BLANKS = 1000 };

/* By office:value-type: where the value stands and what it is. */
static const struct value_type {
    const char *name, *attribute;
    enum grid_kind kind;
} value_types[] = {
    {"", NULL, GRID_TEXT}, /* no type: the text is all there is */
    {"string", "string-value", GRID_TEXT},
    {"float", "value", GRID_NUMBER},
    {"currency", "value", GRID_NUMBER},
    {"percentage", "value", GRID_PERCENT},
    {"date", "date-value", GRID_DATE},
    {"boolean", "boolean-value", GRID_BOOLEAN},
    {"time", "time-value", GRID_TEXT},
};

enum { TYPE_COUNT = sizeof value_types / sizeof *value_types };

static void set_text(struct buffer *buffer, const char *text)
{
    buffer->length = 0;
    buffer_append_text(buffer, text ? text : "");
}

void ods_cell_begin(struct ods_cell *cell, const struct xml_attributes *attributes)
{
    const char *type = xml_attribute(attributes, ODS_OFFICE, "value-type");
    const char *shown = xml_attribute(attributes, ODS_CALCEXT, "value-type");

    cell->type = 0;
    for (int i = 1; type && i < TYPE_COUNT; i++)
        if (strcmp(value_types[i].name, type) == 0)
            cell->type = i;
    cell->is_error = (shown && strcmp(shown, "error") == 0) || (type && strcmp(type, "error") == 0);
    set_text(&cell->value,
             cell->type ? xml_attribute(attributes, ODS_OFFICE, value_types[cell->type].attribute) : NULL);
    set_text(&cell->formula, xml_attribute(attributes, ODS_TABLE, "formula"));
    set_text(&cell->text, "");
    cell->paragraphs = cell->paragraph_depth = 0;
}

static void append_blanks(struct ods_cell *cell, const char *count)
{
    long number = count ? strtol(count, NULL, 10) : 1;

    for (long i = 0; i < number && i < MOST_BLANKS; i++)
        buffer_append_char(&cell->text, ' ');
    cell->after_blank = false;
}

static bool is_any(const char *text, const char *const *names)
{
    while (*names && strcmp(text, *names) != 0)
        names++;
    return *names != NULL;
}

static bool is_paragraph(struct xml_name name)
{
    return strcmp(name.local, "p") == 0 || strcmp(name.local, "h") == 0;
}

bool ods_cell_begin_element(struct ods_cell *cell, struct xml_name name, const struct xml_attributes *attributes)
{
    /* spoken signs beside a word, footnotes, what was deleted */
    static const char *const no_text[] = {"ruby-text", "note", "tracked-changes", NULL};

    if (name.space != ODS_TEXT || is_any(name.local, no_text))
        return false;
    if (is_paragraph(name)) {
        if (cell->paragraph_depth++ == 0 && cell->paragraphs++ > 0)
            buffer_append_char(&cell->text, '\n');
        cell->after_blank = true;
    } else if (strcmp(name.local, "s") == 0) {
        append_blanks(cell, xml_attribute(attributes, ODS_TEXT, "c"));
    } else if (strcmp(name.local, "tab") == 0) {
        buffer_append_char(&cell->text, '\t');
    } else if (strcmp(name.local, "line-break") == 0) {
        buffer_append_char(&cell->text, '\n');
    }
    return true;
}

void ods_cell_end_element(struct ods_cell *cell, struct xml_name name)
{
    if (is_paragraph(name) && cell->paragraph_depth > 0)
        cell->paragraph_depth--;
}

void ods_cell_text(struct ods_cell *cell, const char *bytes, size_t count)
{
    if (cell->paragraph_depth == 0)
        return;
    for (size_t i = 0; i < count;) {
        size_t run = 0;

        while (i + run < count && !strchr(" \t\r\n", bytes[i + run]))
            run++;
        buffer_append(&cell->text, bytes + i, run);
        cell->after_blank = cell->after_blank && run == 0;
        i += run;
        if (i < count && !cell->after_blank) {
            buffer_append_char(&cell->text, ' ');
            cell->after_blank = true;
        }
        i += i < count;
    }
}

static const char *text_of(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

static bool is_error_word(const char *text)
{
    static const char *const words[] = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", NULL};

    return strncmp(text, "Err:", 4) == 0 || is_any(text, words);
}

/* The value as its owner saw it; NULL: as the text shown. */
static const char *show_value(struct ods_cell *cell, enum grid_kind kind, char room[static NUMBER_TEXT_SIZE])
{
    const char *value = text_of(&cell->value);

    switch (kind) {
    case GRID_NUMBER: return number_settle(value, 0, room) ? room : NULL;
    case GRID_PERCENT:
        if (!number_settle(value, 2, room))
            return NULL;
        memcpy(room + strlen(room), "%", 2);
        return room;
    case GRID_DATE: return *value ? show_iso_date(cell->value.data) : NULL;
    case GRID_BOOLEAN: return *value ? (strcmp(value, "true") == 0 ? "TRUE" : "FALSE") : NULL;
    default: return text_is_blank(text_of(&cell->text)) && *value ? value : NULL;
    }
}

bool ods_cell_end(struct ods_cell *cell, struct grid_builder *builder, struct grid_cell *ret_cell)
{
    enum grid_kind kind = value_types[cell->type].kind;
    const char *shown = text_of(&cell->text), *formula = text_of(&cell->formula);
    char room[NUMBER_TEXT_SIZE + 2];

    const struct buffer *const buffers[] = {&cell->text, &cell->value, &cell->formula};

    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        if (buffers[i]->failed)
            return builder_lose_text(builder, buffers[i]);
    if (cell->is_error || (*formula && is_error_word(shown))) {
        kind = GRID_ERROR;
        shown = *shown ? shown : "#";
    } else if (*formula && strcmp(value_types[cell->type].name, "string") != 0 && !*text_of(&cell->value) &&
               text_is_blank(shown)) {
        kind = GRID_FORMULA;
        shown = strchr(formula, '=') ? strchr(formula, '=') : formula;
    } else {
        const char *value = show_value(cell, kind, room);

        kind = value ? kind : GRID_TEXT;
        shown = value ? value : shown;
    }
    *ret_cell = (struct grid_cell){.text = builder_text(builder, shown, strlen(shown)), .kind = kind};
    return ret_cell->text != NULL;
}

void ods_cell_free(struct ods_cell *cell)
{
    buffer_free(&cell->value);
    buffer_free(&cell->formula);
    buffer_free(&cell->text);
}
