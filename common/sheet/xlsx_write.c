/* xlsx_write.c: a workbook as XLSX, by libxlsxwriter, in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "sheet/places.h"
#include "sheet/workbook_write.h"

/* 2000-01-01T00:00:00Z: the same input gives the same bytes. */
enum { FIXED_TIME = 946684800, BORDER_COLOUR = 0x9db5ad, MOST_TITLE = 32, MOST_MESSAGE = 255, MOST_EXACT_DIGITS = 15 };

static const char *const number_formats[NUMBER_LOOK_COUNT] = {
    [NUMBER_GENERAL] = "General", [NUMBER_TEXT] = "@",
    [NUMBER_GROUPED] = "#,##0",   [NUMBER_DATE] = "[$-404]e\"年\"m\"月\"d\"日\";@",
    [NUMBER_RATE] = "0.00",
};
static const uint8_t alignments[ALIGNMENT_COUNT] = {
    [ALIGN_START] = LXW_ALIGN_LEFT, [ALIGN_CENTRE] = LXW_ALIGN_CENTER, [ALIGN_END] = LXW_ALIGN_RIGHT};

struct xlsx_writer {
    const struct workbook *workbook;
    struct arena *arena;
    lxw_workbook *file;
    lxw_format *formats[STYLE_COUNT], *below[STYLE_COUNT];
    lxw_error error;
};

/* Keeps the first error. */
static void note(struct xlsx_writer *writer, lxw_error error)
{
    if (writer->error == LXW_NO_ERROR)
        writer->error = error;
}

static lxw_format *make_format(struct xlsx_writer *writer, const struct cell_look *look, bool below)
{
    lxw_format *format = workbook_add_format(writer->file);

    if (!format) {
        note(writer, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    format_set_font_name(format, WORKBOOK_FONT);
    format_set_font_size(format, look->points);
    format_set_font_color(format, (lxw_color_t)look->ink);
    format_set_align(format, alignments[look->alignment]);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_num_format(format, number_formats[look->number]);
    if (look->bold)
        format_set_bold(format);
    if (look->wrapped)
        format_set_text_wrap(format);
    if (look->unlocked)
        format_set_unlocked(format);
    if (look->bordered && !below) {
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, BORDER_COLOUR);
    }
    if (look->paper != NO_COLOUR && !below)
        format_set_bg_color(format, (lxw_color_t)look->paper);
    return format;
}

static double points(int tenths)
{
    return tenths * 72 / 254.0;
}

/* Excel counts a column's width in digits of 7 pixels, beside 5 pixels of padding. */
static double characters(int tenths)
{
    double pixels = tenths * 96 / 254.0;

    return pixels > 12 ? (pixels - 5) / 7 : pixels / 12;
}

/* The text cut to what Excel takes; NULL for none. */
static char *short_text(struct xlsx_writer *writer, const char *text, size_t most)
{
    char *copy = text ? (char *)xml_sound_text(writer->arena, text) : NULL;
    size_t count = 0;

    for (char *p = copy; p && *p; p++) {
        if (((unsigned char)*p & 0xc0) != 0x80 && count++ == most) {
            *p = '\0';
            break;
        }
    }
    return copy;
}

/* ---- what may be typed ------------------------------------------------------------------------------------------ */

static lxw_datetime to_datetime(const char *text)
{
    struct date date = {1900, 1, 1};

    if (text)
        date_parse_iso(text, &date);
    return (lxw_datetime){.year = date.year, .month = date.month, .day = date.day};
}

static char *date_formula(struct arena *arena, const struct workbook_validation *one)
{
    lxw_datetime least = to_datetime(one->least), most = to_datetime(one->most);
    const char *letters = column_letters(arena, one->first_column);
    const char *cell = letters ? arena_format(arena, "%s%zu", letters, one->first_row + 1) : NULL;

    if (!cell)
        return NULL;
    return arena_format(arena, "=OR(ISTEXT(%s),AND(%s>=DATE(%d,%d,%d),%s<=DATE(%d,%d,%d)))", cell, cell, least.year,
                        least.month, least.day, cell, most.year, most.month, most.day);
}

static char *range_formula(struct arena *arena, const struct workbook_validation *one)
{
    const char *letters = column_letters(arena, one->source_column);

    return arena_format(arena, "='%s'!$%s$%zu:$%s$%zu", one->source_sheet, letters ? letters : "",
                        one->source_first_row + 1, letters ? letters : "", one->source_last_row + 1);
}

/* NULL-terminated, as the library wants it. */
static char **choice_list(struct arena *arena, const struct workbook_validation *one)
{
    char **list = arena_alloc_array(arena, one->choice_count + 1, sizeof *list);

    for (size_t i = 0; list && i < one->choice_count; i++)
        list[i] = arena_text(arena, one->choices[i]);
    return list;
}

/* The sheet that a list stands on; NULL if there is none. */
static const struct workbook_sheet *find_source(const struct workbook *workbook, const char *name)
{
    for (size_t s = 0; s < workbook->sheet_count; s++)
        if (strcmp(workbook->sheets[s]->name, name) == 0)
            return workbook->sheets[s];
    return NULL;
}

/* A list in cells as a list of its own, NULL if it is too long for one: Excel takes 255 characters, commas among them.
 * It is the better way while it fits, since the library never frees the range of a list (seen in 1.1.4). */
static char **inline_list(const struct xlsx_writer *writer, const struct workbook_validation *one)
{
    const struct workbook_sheet *sheet = find_source(writer->workbook, one->source_sheet);
    size_t count = one->source_last_row - one->source_first_row + 1, characters = 0;
    char **list = sheet && one->source_last_row < sheet->row_count
                      ? arena_alloc_array(writer->arena, count + 1, sizeof *list)
                      : NULL;

    for (size_t i = 0; list && i < count; i++) {
        const struct workbook_row *row = &sheet->rows[one->source_first_row + i];
        const struct workbook_cell *cell =
            one->source_column < row->cell_count ? &row->cells[one->source_column] : NULL;

        if (!cell || cell->holding != HOLDS_TEXT || strpbrk(cell->text, ",\""))
            return NULL;
        list[i] = (char *)xml_sound_text(writer->arena, cell->text);
        for (const char *p = cell->text; *p; p++)
            characters += ((unsigned char)*p & 0xc0) != 0x80;
        if (!list[i] || ++characters > MOST_MESSAGE)
            return NULL;
    }
    return list;
}

static void set_list_range(struct xlsx_writer *writer, const struct workbook_validation *one, lxw_data_validation *rule)
{
    rule->value_list = inline_list(writer, one);
    rule->validate = rule->value_list ? LXW_VALIDATION_TYPE_LIST : LXW_VALIDATION_TYPE_LIST_FORMULA;
    if (!rule->value_list)
        rule->value_formula = range_formula(writer->arena, one);
}

static void set_rule(struct xlsx_writer *writer, const struct workbook_validation *one, lxw_data_validation *rule)
{
    switch (one->kind) {
    case VALIDATION_LIST:
        rule->validate = LXW_VALIDATION_TYPE_LIST;
        rule->value_list = choice_list(writer->arena, one);
        break;
    case VALIDATION_LIST_RANGE: set_list_range(writer, one, rule); break;
    case VALIDATION_WHOLE:
        rule->validate = LXW_VALIDATION_TYPE_INTEGER;
        rule->criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
        break;
    case VALIDATION_DECIMAL:
        rule->validate = LXW_VALIDATION_TYPE_DECIMAL;
        rule->criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
        break;
    case VALIDATION_DATE:
        rule->validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
        rule->value_formula = date_formula(writer->arena, one);
        break;
    }
}

static void write_validation(struct xlsx_writer *writer, lxw_worksheet *sheet, const struct workbook_validation *one)
{
    lxw_data_validation rule = {
        .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
        .show_error = one->message ? LXW_VALIDATION_ON : LXW_VALIDATION_OFF,
        .input_title = one->hint ? short_text(writer, one->title, MOST_TITLE) : NULL,
        .input_message = short_text(writer, one->hint, MOST_MESSAGE),
        .error_title = one->message ? short_text(writer, one->title, MOST_TITLE) : NULL,
        .error_message = short_text(writer, one->message, MOST_MESSAGE),
    };

    set_rule(writer, one, &rule);
    if (arena_is_short(writer->arena))
        note(writer, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else
        note(writer, worksheet_data_validation_range(sheet, (lxw_row_t)one->first_row, (lxw_col_t)one->first_column,
                                                     (lxw_row_t)one->last_row, (lxw_col_t)one->last_column, &rule));
}

/* ---- cells ------------------------------------------------------------------------------------------------------ */

static bool fits_a_number(const char *decimal)
{
    size_t digits = 0;

    for (; *decimal; decimal++)
        digits += *decimal >= '0' && *decimal <= '9';
    return digits <= MOST_EXACT_DIGITS;
}

static lxw_error write_text(struct xlsx_writer *writer, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                            const char *text, lxw_format *format)
{
    const char *sound = xml_sound_text(writer->arena, text);

    return sound ? worksheet_write_string(sheet, row, column, sound, format) : LXW_ERROR_MEMORY_MALLOC_FAILED;
}

/* The file's numbers are doubles, which hold every whole number up to 2^53 and every decimal of so few digits exactly
 * enough to come back as written. Excel knows no date before 1900. */
static lxw_error write_value(struct xlsx_writer *writer, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                             const struct workbook_cell *cell, lxw_format *format)
{
    lxw_datetime date;

    switch (cell->holding) {
    case HOLDS_NOTHING: break;
    case HOLDS_TEXT: return write_text(writer, sheet, row, column, cell->text, format);
    case HOLDS_INTEGER: return worksheet_write_number(sheet, row, column, (double)cell->integer, format);
    case HOLDS_DECIMAL:
        if (fits_a_number(cell->text))
            return worksheet_write_number(sheet, row, column, strtod(cell->text, NULL), format);
        return write_text(writer, sheet, row, column, cell->text, format);
    case HOLDS_DATE:
        date = to_datetime(cell->text);
        if (date.year >= 1900 && date.year <= 9999)
            return worksheet_write_datetime(sheet, row, column, &date, format);
        return write_text(writer, sheet, row, column, cell->text, format);
    }
    return worksheet_write_blank(sheet, row, column, format);
}

static void write_cell(struct xlsx_writer *writer, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                       const struct workbook_cell *cell)
{
    lxw_format *format = writer->formats[cell->style];
    lxw_row_t last_row = row + (cell->span_rows ? cell->span_rows - 1 : 0);
    lxw_col_t last_column = (lxw_col_t)(column + (cell->span_columns ? cell->span_columns - 1 : 0));

    if (last_row > row || last_column > column)
        note(writer, worksheet_merge_range(sheet, row, column, last_row, last_column, "", format));
    note(writer, write_value(writer, sheet, row, column, cell, format));
}

static bool covers(const struct workbook_cell *cell, size_t from, size_t column)
{
    return cell->span_columns > 1 && column > from && column < from + cell->span_columns;
}

static void write_row(struct xlsx_writer *writer, lxw_worksheet *page, const struct workbook_sheet *sheet,
                      size_t number)
{
    enum { MOST_HEIGHT = 1440 }; /* Excel's */
    const struct workbook_row *row = &sheet->rows[number];
    lxw_row_col_options options = {.hidden = row->hidden};
    int height = row->height ? row->height : row_text_height(sheet, row);
    size_t spanning = 0;

    if (height || row->hidden)
        note(writer,
             worksheet_set_row_opt(page, (lxw_row_t)number,
                                   height ? points(height < MOST_HEIGHT ? height : MOST_HEIGHT) : LXW_DEF_ROW_HEIGHT,
                                   NULL, &options));
    for (size_t c = 0; c < row->cell_count; c++) {
        if (row->cell_count > spanning && covers(&row->cells[spanning], spanning, c))
            continue;
        if (row->cells[c].span_columns > 1)
            spanning = c;
        write_cell(writer, page, (lxw_row_t)number, (lxw_col_t)c, &row->cells[c]);
    }
}

/* ---- sheets ----------------------------------------------------------------------------------------------------- */

static void set_page(lxw_worksheet *page, const struct workbook_sheet *sheet)
{
    enum { A4 = 9 };
    double margin = PAGE_MARGIN / 254.0;

    worksheet_set_paper(page, A4);
    if (sheet->landscape)
        worksheet_set_landscape(page);
    worksheet_set_margins(page, margin, margin, margin, margin + 0.2);
    worksheet_center_horizontally(page);
    worksheet_fit_to_pages(page, 1, 0);
    worksheet_set_footer(page, "&L&A&R第 &P 頁，共 &N 頁");
    worksheet_gridlines(page, LXW_HIDE_ALL_GRIDLINES);
    if (sheet->repeated_row_count)
        worksheet_repeat_rows(page, (lxw_row_t)sheet->repeated_row,
                              (lxw_row_t)(sheet->repeated_row + sheet->repeated_row_count - 1));
    if (sheet->frozen_rows || sheet->frozen_columns)
        worksheet_freeze_panes(page, (lxw_row_t)sheet->frozen_rows, (lxw_col_t)sheet->frozen_columns);
}

/* Widths and row heights may be changed on a locked sheet, and rows put in. */
static void lock(lxw_worksheet *page)
{
    lxw_protection allowed = {.format_columns = 1, .format_rows = 1, .insert_rows = 1, .delete_rows = 1};

    worksheet_protect(page, NULL, &allowed);
}

static void write_sheet(struct xlsx_writer *writer, const struct workbook_sheet *sheet)
{
    lxw_worksheet *page = workbook_add_worksheet(writer->file, sheet->name);

    if (!page) {
        note(writer, LXW_ERROR_SHEETNAME_ALREADY_USED);
        return;
    }
    set_page(page, sheet);
    for (size_t c = 0; c < sheet->column_count; c++) {
        const struct workbook_column *column = &sheet->columns[c];
        lxw_row_col_options options = {.hidden = column->hidden};

        note(writer, worksheet_set_column_opt(page, (lxw_col_t)c, (lxw_col_t)c,
                                              characters(column->width ? column->width : DEFAULT_COLUMN_WIDTH),
                                              writer->below[column->style], &options));
    }
    for (size_t r = 0; r < sheet->row_count && writer->error == LXW_NO_ERROR; r++)
        write_row(writer, page, sheet, r);
    for (size_t v = 0; v < sheet->validation_count; v++)
        write_validation(writer, page, &sheet->validations[v]);
    if (sheet->locked)
        lock(page);
    if (sheet->hidden)
        worksheet_hide(page);
}

/* Writes the file to that path and closes it. */
static bool write_file(const struct workbook *workbook, const char *path)
{
    lxw_workbook_options options = {.constant_memory = LXW_FALSE};
    struct xlsx_writer writer = {
        .workbook = workbook, .arena = workbook->arena, .file = workbook_new_opt(path, &options)};

    if (!writer.file)
        return false;

    lxw_doc_properties properties = {.title = short_text(&writer, workbook->title, MOST_MESSAGE),
                                     .created = FIXED_TIME};

    note(&writer, workbook_set_properties(writer.file, &properties));
    for (int style = 0; style < STYLE_COUNT; style++) {
        writer.formats[style] = make_format(&writer, &cell_looks[style], false);
        writer.below[style] = make_format(&writer, &cell_looks[style], true);
    }
    for (size_t s = 0; s < workbook->sheet_count && writer.error == LXW_NO_ERROR; s++)
        write_sheet(&writer, workbook->sheets[s]);
    note(&writer, workbook_close(writer.file));
    return writer.error == LXW_NO_ERROR && !arena_is_short(workbook->arena);
}

bool xlsx_write(const struct workbook *workbook, struct buffer *out)
{
    char path[64], chunk[16384];
    int memory = memfd_create("workbook", MFD_CLOEXEC);
    ssize_t got = 0;
    off_t at = 0;

    if (memory < 0)
        return false;
    /* the library writes to a path only; this one leads to memory, not to a disk */
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);

    bool good = write_file(workbook, path);

    while (good && !out->failed && (got = pread(memory, chunk, sizeof chunk, at)) > 0) {
        buffer_append(out, chunk, (size_t)got);
        at += got;
    }
    close(memory);
    return good && got == 0 && at > 0 && !out->failed;
}
