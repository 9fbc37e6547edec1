/* fields_block.c: a block of fields: a row for each, its code or label, value and note in columns of their own. */
#include <stdint.h>

#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"
#include "sheet/value.h"

static const struct name no_heading_words = {
    {"標題列應有 code（或 label）與 value", "the heading row needs code (or label) and value"}};

struct fields_heading {
    size_t columns[FIELD_COLUMN_COUNT];
    const struct grid_row *row;
};

bool is_fields_heading(const struct grid_row *row)
{
    bool has[FIELD_COLUMN_COUNT + 1] = {false};

    for (size_t c = 0; c < row->cell_count; c++)
        if (!text_is_blank(grid_text(row, c)))
            has[field_column_find(grid_text(row, c))] = true;
    return (has[FIELD_CODE] || has[FIELD_LABEL]) && has[FIELD_VALUE] && !has[FIELD_COLUMN_COUNT];
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

/* Cells below no heading would be lost without a word. */
static void check_strays(struct grid_reader *reader, const struct fields_heading *heading, const struct grid_row *row)
{
    for (size_t c = 0; c < row->cell_count; c++)
        if (!text_is_blank(grid_text(row, c)) && text_is_blank(grid_text(heading->row, c)))
            grid_complain(reader, row, c,
                          (struct finding){.code = FINDING_unknown_column,
                                           .place = {.member = "fields"},
                                           .found = column_letters(reader->findings->arena, c)});
}

/* The field of the row; NULL with a finding, or because the row says nothing. */
static const struct item *find_field(struct grid_reader *reader, const struct fields_heading *heading,
                                     const struct grid_row *row)
{
    const struct form *form = reader->form;
    size_t code = heading->columns[FIELD_CODE], label = heading->columns[FIELD_LABEL];
    size_t column = text_is_blank(grid_text(row, code)) ? label : code;
    const char *text = grid_text(row, column);
    size_t index = wording_find(form->fields, form->field_count, item_wording, text);

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

static void read_row(struct grid_reader *reader, const struct fields_heading *heading, const struct grid_row *row)
{
    const struct item *field = find_field(reader, heading, row);

    check_strays(reader, heading, row);
    if (!field)
        return;

    struct field_spots *spots = &reader->places->fields[field->index];

    spots->value = grid_spot(reader, row, heading->columns[FIELD_VALUE]);
    spots->note = grid_spot(reader, row, heading->columns[FIELD_NOTE]);

    json_t *value =
        value_read(field, grid_text(row, spots->value.column),
                   (struct cell_site){.place = {.field = field->code}, .spot = spots->value}, reader->findings);

    if (value)
        grid_set(reader, grid_object(reader, "fields"), field->code, value);
    read_note(reader, field, grid_text(row, spots->note.column));
}

void read_fields_block(struct grid_reader *reader)
{
    const struct grid_row *row = grid_next(reader);
    struct fields_heading heading;

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
