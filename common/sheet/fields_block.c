/* fields_block.c: a block of fields: a row for each, its code or label, value and note in columns of their own. */
#include <stdint.h>
#include <string.h>

#include "sheet/builder.h"
#include "sheet/headings.h"
#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"
#include "sheet/value.h"

static const struct name no_heading_words = {
    {"標題列應有 code（或 label）與 value", "the heading row needs code (or label) and value"}};

struct fields_heading {
    size_t columns[FIELD_COLUMN_COUNT];
    const struct grid_row *row;
    bool named[MOST_COLUMNS]; /* columns without a heading that have had their finding */
};

/* Counts the headings of a row by what they mean. */
static void count_headings(const struct grid_row *row, size_t ret_counts[static FIELD_COLUMN_COUNT + 1])
{
    memset(ret_counts, 0, (FIELD_COLUMN_COUNT + 1) * sizeof *ret_counts);
    for (size_t c = 0; c < row->cell_count; c++)
        if (!text_is_blank(grid_text(row, c)))
            ret_counts[field_column_find(grid_text(row, c))]++;
}

size_t known_field_headings(const struct grid_row *row)
{
    size_t counts[FIELD_COLUMN_COUNT + 1], known = 0;

    count_headings(row, counts);
    if (counts[FIELD_CODE] + counts[FIELD_LABEL] == 0 || counts[FIELD_VALUE] == 0)
        return 0;
    for (size_t i = 0; i < FIELD_COLUMN_COUNT; i++)
        known += counts[i];
    return known;
}

bool is_fields_heading(const struct grid_row *row)
{
    size_t counts[FIELD_COLUMN_COUNT + 1];

    count_headings(row, counts);
    return known_field_headings(row) > 0 && counts[FIELD_COLUMN_COUNT] == 0;
}

static bool read_heading(struct grid_reader *reader, const struct grid_row *row, struct fields_heading *heading)
{
    heading->row = row;
    for (int i = 0; i < FIELD_COLUMN_COUNT; i++)
        heading->columns[i] = NO_COLUMN;
    for (size_t c = 0; c < row->cell_count; c++) {
        enum field_column column = field_column_find(grid_text(row, c));

        if (text_is_blank(grid_text(row, c)))
            continue;
        if (column == FIELD_COLUMN_COUNT && reader->sheet->name && !column_has_content(reader, c))
            continue;
        if (column == FIELD_COLUMN_COUNT)
            grid_complain(reader, row, c,
                          (struct finding){.code = FINDING_unknown_column, .place = {.member = "fields"}});
        else if (heading->columns[column] != NO_COLUMN)
            grid_complain(reader, row, c,
                          (struct finding){.code = FINDING_row_identity_repeated, .place = {.member = "fields"}});
        else
            heading->columns[column] = c;
    }
    if (heading->columns[FIELD_VALUE] != NO_COLUMN &&
        (heading->columns[FIELD_CODE] != NO_COLUMN || heading->columns[FIELD_LABEL] != NO_COLUMN))
        return true;
    grid_complain(
        reader, row, 0,
        (struct finding){.code = FINDING_unreadable_file, .message = &no_heading_words, .place = {.member = "fields"}});
    return false;
}

/* Cells below no heading would be lost without a word; one for each column says enough. */
static void check_strays(struct grid_reader *reader, struct fields_heading *heading, const struct grid_row *row)
{
    for (size_t c = 0; c < row->cell_count && c < MOST_COLUMNS; c++) {
        if (heading->named[c] || text_is_blank(grid_text(row, c)) || !text_is_blank(grid_text(heading->row, c)))
            continue;
        grid_complain(reader, row, c,
                      (struct finding){.code = FINDING_unknown_column,
                                       .place = {.member = "fields"},
                                       .found = column_letters(reader->findings->arena, c)});
        heading->named[c] = true;
    }
}

/* The field of the row; NULL with a finding, or because the row says nothing. */
static const struct item *find_field(struct grid_reader *reader, const struct fields_heading *heading,
                                     const struct grid_row *row)
{
    const struct form *form = reader->form;
    size_t code = heading->columns[FIELD_CODE], label = heading->columns[FIELD_LABEL];
    size_t column = text_is_blank(grid_text(row, code)) ? label : code;
    const char *text = grid_text(row, column);
    size_t index = heading_find(form->fields, form->field_count, text);

    if (text_is_blank(text) && text_is_blank(grid_text(row, heading->columns[FIELD_VALUE])) &&
        text_is_blank(grid_text(row, heading->columns[FIELD_NOTE])))
        return NULL;
    if (index == SIZE_MAX || text_is_blank(text)) {
        grid_complain(reader, row, column == NO_COLUMN ? code : column,
                      (struct finding){.code = FINDING_unknown_field,
                                       .found = text_excerpt(reader->findings->arena, text),
                                       .place = {.field = text_excerpt(reader->findings->arena, text)}});
        return NULL;
    }
    if (reader->places->fields[index].value.row > 0) {
        grid_complain(reader, row, column,
                      (struct finding){.code = FINDING_row_identity_repeated,
                                       .label = &form->fields[index].name,
                                       .place = {.field = form->fields[index].code}});
        return NULL;
    }
    return &form->fields[index];
}

static void read_note(struct grid_reader *reader, const struct item *field, const char *cell)
{
    struct arena *arena = reader->findings->arena;
    const char *note = value_read_text(arena, cell), *path = place_path(arena, (struct place){.field = field->code});

    if (!note || !path)
        reader->findings->out_of_memory = true;
    else if (*note)
        grid_set(reader, grid_object(reader, "notes"), path, json_string(note));
}

static void read_row(struct grid_reader *reader, struct fields_heading *heading, const struct grid_row *row)
{
    const struct item *field = find_field(reader, heading, row);

    check_strays(reader, heading, row);
    if (!field)
        return;

    struct field_spots *spots = &reader->places->fields[field->index];

    spots->value = grid_spot(reader, row, heading->columns[FIELD_VALUE]);
    spots->note = grid_spot(reader, row, heading->columns[FIELD_NOTE]);

    json_t *value = grid_value(reader, field, row, spots->value.column, (struct place){.field = field->code});

    if (value)
        grid_set(reader, grid_object(reader, "fields"), field->code, value);
    if (grid_has_result(reader, row, spots->note.column, &field->name, (struct place){.field = field->code}))
        read_note(reader, field, grid_text(row, spots->note.column));
}

void read_fields_block(struct grid_reader *reader)
{
    const struct grid_row *row = grid_next(reader);
    struct fields_heading heading = {0};

    grid_object(reader, "fields");
    if (!row || grid_is_mark(row))
        return;
    reader->row++;
    if (!read_heading(reader, row, &heading)) {
        skip_block(reader);
        return;
    }
    while ((row = grid_next(reader)) && !grid_is_mark(row) && !reader->findings->out_of_memory) {
        reader->row++;
        read_row(reader, &heading, row);
    }
}
