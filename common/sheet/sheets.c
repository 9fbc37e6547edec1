/* sheets.c: which sheets of a file say something, from which row on, and which block it is where no mark says so. */
#include <stdint.h>
#include <string.h>

#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"

enum { TITLE_ROWS = 20 }; /* a heading row is looked for so far down */

static const struct name no_block_words = {
    {"看不出這些資料屬於哪個表格：請在標題列之前加上「#table,表格代碼」或「#fields」",
     "these rows may belong to several tables: put \"#table,CODE\" or \"#fields\" before the heading row"}};

static bool is_remark(const struct grid_row *row)
{
    return strncmp(grid_text(row, 0), MARK_REMARK, sizeof MARK_REMARK - 1) == 0;
}

/* The sheet's rows but for remarks. The rows stay the grid's own where there are none. */
static bool copy_sheet(struct arena *arena, const struct grid_sheet *sheet, struct grid_sheet *ret_sheet)
{
    struct grid_row *rows;
    size_t count = 0, first = 0;

    *ret_sheet = *sheet;
    while (first < sheet->row_count && !is_remark(&sheet->rows[first]))
        first++;
    if (first == sheet->row_count)
        return true;
    rows = arena_alloc_array(arena, sheet->row_count, sizeof *rows);
    if (!rows)
        return false;
    for (size_t r = 0; r < sheet->row_count; r++)
        if (!is_remark(&sheet->rows[r]))
            rows[count++] = sheet->rows[r];
    ret_sheet->rows = rows;
    ret_sheet->row_count = count;
    return true;
}

bool leave_out_remarks(struct arena *arena, const struct grid *grid, struct grid *ret_grid)
{
    struct grid_sheet *sheets = arena_alloc_array(arena, grid->sheet_count + 1, sizeof *sheets);

    for (size_t s = 0; sheets && s < grid->sheet_count; s++)
        if (!copy_sheet(arena, &grid->sheets[s], &sheets[s]))
            return false;
    *ret_grid = (struct grid){.sheets = sheets, .sheet_count = grid->sheet_count};
    return sheets != NULL;
}

const struct table *find_table(const struct grid_reader *reader, const char *text)
{
    size_t index = wording_find(reader->form->tables, reader->form->table_count, table_wording, text);

    return index == SIZE_MAX ? NULL : &reader->form->tables[index];
}

/* How much speaks for a row being the heading of the fields (table NULL) or of a table; 0: nothing that would do. */
static size_t heading_weight(const struct grid_reader *reader, const struct table *table, const struct grid_row *row)
{
    size_t known = table ? known_table_headings(table, row) : known_field_headings(row);
    bool whole = table ? is_table_heading(table, row) : is_fields_heading(row);

    if (!table && reader->form->field_count == 0)
        return 0;
    return whole ? known + row->cell_count : known >= 2 ? known : 0;
}

/* The block whose heading the row most likely is (*ret_table NULL: the fields). False if none, or if two are as likely. */
static bool match_heading(const struct grid_reader *reader, const struct grid_row *row, const struct table **ret_table)
{
    size_t best = heading_weight(reader, NULL, row);
    bool alone = best > 0;

    *ret_table = NULL;
    for (size_t t = 0; t < reader->form->table_count; t++) {
        size_t weight = heading_weight(reader, &reader->form->tables[t], row);

        if (weight == best)
            alone = false;
        if (weight > best) {
            best = weight;
            alone = true;
            *ret_table = &reader->form->tables[t];
        }
    }
    return alone;
}

/* The first row from reader->row on, before `end`, that could be a heading: of `only`, or of any block if it is NULL;
 * SIZE_MAX if there is none among the first. */
static size_t find_heading(const struct grid_reader *reader, size_t end, const struct table *only,
                           const struct table **ret_table)
{
    const struct grid_sheet *sheet = reader->sheet;

    for (size_t r = reader->row; r < end && r < reader->row + TITLE_ROWS && !grid_is_mark(&sheet->rows[r]); r++) {
        *ret_table = only;
        if (only ? heading_weight(reader, only, &sheet->rows[r]) > 0
                 : match_heading(reader, &sheet->rows[r], ret_table))
            return r;
    }
    return SIZE_MAX;
}

static size_t filled_sheet_count(const struct grid *grid)
{
    size_t count = 0;

    for (size_t s = 0; s < grid->sheet_count; s++)
        count += grid->sheets[s].row_count > 0 && !grid->sheets[s].hidden;
    return count;
}

/* The one block that a form has; a file that is nothing else must be meant for it. */
static bool is_only_block(const struct grid_reader *reader, const struct table **ret_table)
{
    const struct form *form = reader->form;

    *ret_table = form->table_count ? form->tables : NULL;
    return form->table_count + (form->field_count > 0) == 1;
}

/* Rows of a sheet without a mark that are none of the form's blocks. */
static void pass_over(struct grid_reader *reader)
{
    const struct grid_row *row = grid_next(reader);
    struct arena *arena = reader->findings->arena;
    const struct grid_sheet *sheet = reader->sheet;
    bool silent = sheet->hidden || (sheet->name && is_guide_name(sheet->name));

    if (!silent && (!sheet->name || identity_begin(sheet) < sheet->row_count || filled_sheet_count(reader->grid) == 1))
        grid_complain(reader, row, 0, (struct finding){.code = FINDING_unreadable_file, .message = &no_block_words});
    else if (!silent)
        grid_complain(reader, row, 0,
                      (struct finding){.code = FINDING_unknown_sheet,
                                       .severity = SEVERITY_WARNING,
                                       .found = text_excerpt(arena, sheet->name)});
    skip_block(reader);
}

void read_unmarked_block(struct grid_reader *reader)
{
    const struct grid_sheet *sheet = reader->sheet;
    const struct table *named = sheet->name ? find_table(reader, sheet->name) : NULL, *table = named;
    bool marked = identity_begin(sheet) < sheet->row_count;
    size_t heading;

    if (sheet->hidden && !marked) {
        skip_block(reader);
        return;
    }
    heading = find_heading(reader, sheet->row_count, named, &table);
    if (heading != SIZE_MAX) {
        reader->row = heading;
    } else if (named) {
        table = named;
    } else if (!is_only_block(reader, &table) || (sheet->name && !marked && filled_sheet_count(reader->grid) > 1) ||
               (sheet->name && is_guide_name(sheet->name))) {
        pass_over(reader);
        return;
    }
    if (table)
        read_table_block(reader, table, grid_spot(reader, grid_next(reader), 0));
    else
        read_fields_block(reader);
}

/* Rows above the identity lines or the first mark: a block if one of them is a heading, else titles, which nobody
 * misses. */
static void read_title_rows(struct grid_reader *reader, const struct grid_sheet *sheet, size_t end)
{
    struct grid_sheet above = *sheet;
    const struct table *table;

    above.row_count = end;
    reader->sheet = &above;
    reader->row = 0;
    if (find_heading(reader, end, NULL, &table) != SIZE_MAX)
        read_unmarked_block(reader);
    reader->sheet = sheet;
}

void begin_sheet(struct grid_reader *reader, const struct grid_sheet *sheet)
{
    size_t begin = identity_begin(sheet);

    if (begin > 0 && begin < sheet->row_count)
        read_title_rows(reader, sheet, begin);
    reader->sheet = sheet;
    reader->row = identity_end(sheet);
}
