/* ods.c: the tables of an ODF spreadsheet: rows and cells that stand many times, merged ones, sheets hidden by their
 * style. */
#include <stdlib.h>
#include <string.h>

#include "sheet/ods_cell.h"
#include "sheet/sheet_files.h"

static const char content_member[] = "content.xml", kind_member[] = "mimetype";
static const char ods_type[] = "application/vnd.oasis.opendocument.spreadsheet";

enum { MOST_REPEAT = 1 << 24, MOST_HIDDEN_STYLES = 1024 };

struct ods_reader {
    struct grid_builder *builder;
    size_t skipped; /* depth in an element that is passed over; 0: not in one */
    bool in_sheet, in_row, in_cell;
    size_t row, row_repeat, column, column_repeat; /* row from 1, column from 0 */
    struct ods_cell cell;
    const char *style; /* of a table, being defined */
    const char *hidden_styles[MOST_HIDDEN_STYLES];
    size_t hidden_style_count;
};

static const struct xml_space spaces[] = {
    {"urn:oasis:names:tc:opendocument:xmlns:table:1.0", ODS_TABLE},
    {"urn:oasis:names:tc:opendocument:xmlns:text:1.0", ODS_TEXT},
    {"urn:oasis:names:tc:opendocument:xmlns:office:1.0", ODS_OFFICE},
    {"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", ODS_CALCEXT},
    {"urn:oasis:names:tc:opendocument:xmlns:style:1.0", ODS_STYLE},
    {0},
};

static size_t read_repeat(const struct xml_attributes *attributes, const char *name)
{
    const char *text = xml_attribute(attributes, ODS_TABLE, name);
    unsigned long number = text && *text >= '0' && *text <= '9' ? strtoul(text, NULL, 10) : 1;

    return number < 1 ? 1 : number > MOST_REPEAT ? MOST_REPEAT : number;
}

static const char *copy_text(struct ods_reader *reader, const char *text)
{
    text = text ? text : "";
    return builder_text(reader->builder, text, strlen(text));
}

static bool begin_style(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    const char *family = xml_attribute(attributes, ODS_STYLE, "family");

    reader->style = NULL;
    if (family && strcmp(family, "table") == 0)
        reader->style = copy_text(reader, xml_attribute(attributes, ODS_STYLE, "name"));
    return !reader->builder->stopped;
}

static bool note_display(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    const char *display = xml_attribute(attributes, ODS_TABLE, "display");

    if (reader->style && display && strcmp(display, "false") == 0 && reader->hidden_style_count < MOST_HIDDEN_STYLES)
        reader->hidden_styles[reader->hidden_style_count++] = reader->style;
    return true;
}

static bool begin_sheet(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    const char *style = xml_attribute(attributes, ODS_TABLE, "style-name");
    const char *name = copy_text(reader, xml_attribute(attributes, ODS_TABLE, "name"));
    bool hidden = false;

    for (size_t i = 0; style && i < reader->hidden_style_count; i++)
        hidden = hidden || strcmp(reader->hidden_styles[i], style) == 0;
    reader->in_sheet = true;
    reader->row = 1;
    return name && builder_begin_sheet(reader->builder, name, hidden);
}

static bool begin_row(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    reader->in_row = true;
    reader->row_repeat = read_repeat(attributes, "number-rows-repeated");
    reader->column = 0;
    return builder_begin_row(reader->builder, reader->row);
}

static bool begin_cell(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    reader->column_repeat = read_repeat(attributes, "number-columns-repeated");
    reader->builder->spot.column = reader->column;
    reader->in_cell = true;
    ods_cell_begin(&reader->cell, attributes);
    return true;
}

/* What lies below a merged cell isn't seen by anybody. */
static bool begin_covered_cell(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    reader->column += read_repeat(attributes, "number-columns-repeated");
    reader->skipped = 1;
    return true;
}

static bool skip_element(struct ods_reader *reader, const struct xml_attributes *attributes)
{
    (void)attributes;
    reader->skipped = 1;
    return true;
}

static bool end_cell(struct ods_reader *reader)
{
    struct grid_cell cell;

    reader->in_cell = false;
    if (!ods_cell_end(&reader->cell, reader->builder, &cell) ||
        !builder_fill(reader->builder, reader->column, reader->column_repeat, cell))
        return false;
    reader->column += reader->column_repeat;
    return true;
}

static bool end_row(struct ods_reader *reader)
{
    reader->in_row = false;
    reader->row += reader->row_repeat;
    return builder_end_row(reader->builder, reader->row_repeat);
}

/* What an element means where it may stand. */
enum standing { OUTSIDE_SHEETS, IN_SHEET, IN_ROW };

static const struct part {
    int space;
    const char *local;
    enum standing standing;
    bool (*begin)(struct ods_reader *reader, const struct xml_attributes *attributes);
} parts[] = {
    {ODS_TABLE, "table-cell", IN_ROW, begin_cell},
    {ODS_TABLE, "covered-table-cell", IN_ROW, begin_covered_cell},
    {ODS_TABLE, "table-row", IN_SHEET, begin_row},
    {ODS_TABLE, "table", OUTSIDE_SHEETS, begin_sheet},
    {ODS_TABLE, "shapes", IN_SHEET, skip_element},
    {ODS_TABLE, "scenario", IN_SHEET, skip_element},
    {ODS_OFFICE, "forms", IN_SHEET, skip_element},
    {ODS_TABLE, "tracked-changes", OUTSIDE_SHEETS, skip_element}, /* cells as they were */
    {ODS_TABLE, "dde-links", OUTSIDE_SHEETS, skip_element},       /* tables of other files */
    {ODS_STYLE, "style", OUTSIDE_SHEETS, begin_style},
    {ODS_STYLE, "table-properties", OUTSIDE_SHEETS, note_display},
};

static const struct part *find_part(const struct ods_reader *reader, struct xml_name name)
{
    enum standing standing = reader->in_row ? IN_ROW : reader->in_sheet ? IN_SHEET : OUTSIDE_SHEETS;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].space == name.space && parts[i].standing == standing && strcmp(parts[i].local, name.local) == 0)
            return &parts[i];
    return NULL;
}

static bool on_begin(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct ods_reader *reader = context;
    const struct part *part;

    if (reader->skipped > 0) {
        reader->skipped++;
        return true;
    }
    if (reader->in_cell) {
        reader->skipped = !ods_cell_begin_element(&reader->cell, name, attributes);
        return true;
    }
    part = find_part(reader, name);
    if (part)
        return part->begin(reader, attributes);
    /* drawings and charts, whose own tables are no sheets; but groups of rows are what they hold */
    if (reader->in_row || (reader->in_sheet && name.space != ODS_TABLE))
        reader->skipped = 1;
    return true;
}

static bool on_end(void *context, struct xml_name name)
{
    struct ods_reader *reader = context;

    if (reader->skipped > 0) {
        reader->skipped--;
    } else if (reader->in_cell) {
        if (name.space == ODS_TABLE)
            return end_cell(reader);
        ods_cell_end_element(&reader->cell, name);
    } else if (reader->in_row) {
        return end_row(reader);
    } else if (name.space == ODS_TABLE && strcmp(name.local, "table") == 0) {
        reader->in_sheet = false;
    }
    return true;
}

static bool on_text(void *context, const char *bytes, size_t count)
{
    struct ods_reader *reader = context;

    if (reader->in_cell && reader->skipped == 0)
        ods_cell_text(&reader->cell, bytes, count);
    return true;
}

static const struct xml_reading reading = {spaces, on_begin, on_end, on_text};

static struct ods_reader *new_reader(struct grid_builder *builder)
{
    struct ods_reader *reader = arena_alloc(builder->findings->arena, sizeof *reader);

    if (!reader) {
        builder_run_out_of_memory(builder);
        return NULL;
    }
    reader->builder = builder;
    reader->cell = ODS_CELL;
    return reader;
}

bool ods_is(struct archive *archive)
{
    struct arena *arena = arena_new(1024);
    const struct name *refusal;
    const char *kind = "";
    size_t length;
    bool is = archive_has(archive, content_member) && !archive_has(archive, kind_member);

    if (arena && archive_read(archive, kind_member, 128, arena, &kind, &length, &refusal) == ARCHIVE_GOOD)
        is = strncmp(kind, ods_type, sizeof ods_type - 1) == 0;
    arena_free(arena);
    return is;
}

void ods_read(struct archive *archive, struct grid_builder *builder)
{
    struct ods_reader *reader = new_reader(builder);
    const struct name *refusal = NULL;

    if (!reader)
        return;

    enum archive_outcome outcome = xml_read_member(archive, content_member, &reading, reader, &refusal);

    builder_accept(builder, outcome, refusal);
    ods_cell_free(&reader->cell);
}

void ods_read_content(const char *bytes, size_t length, struct grid_builder *builder)
{
    struct ods_reader *reader = new_reader(builder);
    const struct name *refusal = NULL;

    if (!reader)
        return;

    enum archive_outcome outcome = xml_read_bytes(bytes, length, &reading, reader, &refusal);

    builder_accept(builder, outcome, refusal);
    ods_cell_free(&reader->cell);
}
