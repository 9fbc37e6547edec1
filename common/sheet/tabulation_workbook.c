/* tabulation_workbook.c: a table as a workbook that a person is glad to open and to print. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "sheet/tabulation.h"

/* Lengths in tenths of a millimetre. */
enum {
    CHARACTER_WIDTH = 22,
    CELL_PADDING = 40,
    NARROWEST = 160,
    WIDEST_TEXT = 620,
    LABEL_WIDTH = 420,
    NOTE_WIDTH = 1700,
    MOST_ROWS_MEASURED = 2000,
    TITLE_HEIGHT = 110,
};

/* In characters. */
enum { MOST_HEADING_UNBROKEN = 14, MOST_NOTE_IN_LINE = 32 };

enum { TAIPEI_AHEAD_SECONDS = 8 * 3600 };

/* How wide a text is printed, in characters of Latin script; Chinese ones take two. */
static int width_of(const char *text)
{
    int width = 0;

    for (; text && *text; text++) {
        unsigned char byte = (unsigned char)*text;

        width += byte < 0x80 ? 1 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    }
    return width;
}

const char *tabulation_moment(struct arena *arena, const char *text, enum language language)
{
    char utc[TIMESTAMP_TEXT_SIZE];
    timestamp moment;
    int year;

    if (!timestamp_parse(text, &moment))
        return text;
    timestamp_format(moment + (timestamp)TAIPEI_AHEAD_SECONDS * 1000000, utc);
    utc[10] = ' ';
    utc[19] = '\0';
    year = (int)strtol(utc, NULL, 10);
    return language == LANGUAGE_ZH ? arena_format(arena, "%d%s", year - ROC_EPOCH, utc + 4) : arena_text(arena, utc);
}

static const char *truth_word(const char *text, enum language language)
{
    static const char *const words[2][2] = {{"否", "no"}, {"是", "yes"}};

    return words[strcmp(text, "true") == 0][language];
}

static bool is_whole_number(const char *text, int64_t *ret_number)
{
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end || errno || number > LARGEST_WHOLE_NUMBER || number < -LARGEST_WHOLE_NUMBER)
        return false;
    *ret_number = number;
    return true;
}

static void put_cell(struct workbook_sheet *sheet, const struct tabulation *tabulation, size_t row, size_t column,
                     const char *text, enum language language)
{
    enum column_kind kind = tabulation->columns[column].kind;
    struct decimal value;
    int64_t number;

    if (!text || !*text) {
        sheet_put_text(sheet, row, column, STYLE_TEXT, NULL);
        return;
    }
    if ((kind == COLUMN_INTEGER || kind == COLUMN_NUMBER) && is_whole_number(text, &number))
        sheet_put_integer(sheet, row, column, STYLE_INTEGER, number);
    else if ((kind == COLUMN_NUMBER || kind == COLUMN_RATE) && decimal_parse(text, &value))
        sheet_put_decimal(sheet, row, column, kind == COLUMN_RATE ? STYLE_RATE : STYLE_DECIMAL, text);
    else if (kind == COLUMN_DATE)
        sheet_put_date(sheet, row, column, STYLE_DATE, text);
    else if (kind == COLUMN_MOMENT)
        sheet_put_text(sheet, row, column, STYLE_TEXT, tabulation_moment(tabulation->arena, text, language));
    else if (kind == COLUMN_TRUTH)
        sheet_put_text(sheet, row, column, STYLE_TEXT, truth_word(text, language));
    else
        sheet_put_text(sheet, row, column, STYLE_TEXT, text);
}

/* How wide a cell's text comes out: numbers get separators, a program's fallback font may be a wide one. */
static int width_in(enum column_kind kind, const char *text)
{
    switch (kind) {
    case COLUMN_MOMENT: return (int)sizeof "2024-05-02 11:04:05";
    case COLUMN_TRUTH: return 3;
    case COLUMN_TEXT: return width_of(text);
    default: return width_of(text) + width_of(text) / 3 + 1;
    }
}

static bool is_of_other_language(const struct tabulation_column *column, enum language language)
{
    return column->in && strcmp(column->in, language == LANGUAGE_ZH ? "zh" : "en") != 0;
}

/* As wide as its longest text; long texts are broken over lines, headings always. */
static void set_widths(struct workbook_sheet *sheet, const struct tabulation *tabulation, enum language language)
{
    for (size_t column = 0; column < tabulation->column_count; column++) {
        const struct tabulation_column *one = &tabulation->columns[column];
        int widest = width_of(one->heading.text[language]), width;

        if (widest > MOST_HEADING_UNBROKEN)
            widest = widest / 2 > MOST_HEADING_UNBROKEN ? widest / 2 : MOST_HEADING_UNBROKEN;
        for (size_t row = 0; row < tabulation->row_count && row < MOST_ROWS_MEASURED; row++) {
            const char *text = tabulation->rows[row][column];
            int wide = width_in(one->kind, text);

            widest = wide > widest ? wide : widest;
        }
        width = widest * CHARACTER_WIDTH + CELL_PADDING;
        if (one->kind == COLUMN_TEXT && width > WIDEST_TEXT && !is_of_other_language(one, language))
            width = WIDEST_TEXT; /* a hidden column's texts aren't broken: they would make the rows high */
        sheet_set_column(sheet, column, width < NARROWEST ? NARROWEST : width, STYLE_PLAIN);

        struct workbook_column *made = sheet_column(sheet, column);

        if (made)
            made->hidden = is_of_other_language(one, language);
    }
}

/* "年度：113　基準：最新版": the notes that fit into a line. */
static const char *notes_in_a_line(const struct tabulation *tabulation, enum language language)
{
    const char *line = "", *colon = language == LANGUAGE_ZH ? "：" : ": ",
               *gap = language == LANGUAGE_ZH ? "　" : "   ";

    for (size_t i = 0; line && i < tabulation->note_count; i++) {
        const struct tabulation_note *note = &tabulation->notes[i];

        if (note->label && width_of(note->text) <= MOST_NOTE_IN_LINE)
            line =
                arena_format(tabulation->arena, "%s%s%s%s%s", line, *line ? gap : "", note->label, colon, note->text);
    }
    return line;
}

static size_t put_top(struct workbook_sheet *sheet, const struct tabulation *tabulation, enum language language)
{
    unsigned wide = (unsigned)tabulation->column_count;
    struct workbook_row *first;
    size_t row = 0;

    sheet_put_wide(sheet, row++, 0, wide, STYLE_TITLE, tabulation->title);
    first = sheet_row(sheet, 0);
    if (first)
        first->height = TITLE_HEIGHT;
    if (tabulation->warning)
        sheet_put_wide(sheet, row++, 0, wide, STYLE_WARNING, tabulation->warning);
    sheet_put_wide(sheet, row++, 0, wide, STYLE_NOTE, notes_in_a_line(tabulation, language));
    return row;
}

static void put_table(struct workbook_sheet *sheet, const struct tabulation *tabulation, enum language language)
{
    size_t row = put_top(sheet, tabulation, language);

    for (size_t column = 0; column < tabulation->column_count; column++)
        sheet_put_text(sheet, row, column, STYLE_HEADING, tabulation->columns[column].heading.text[language]);
    sheet->repeated_row = row;
    sheet->repeated_row_count = 1;
    sheet->frozen_rows = ++row;
    for (size_t i = 0; i < tabulation->row_count; i++)
        for (size_t column = 0; column < tabulation->column_count; column++)
            put_cell(sheet, tabulation, row + i, column, tabulation->rows[i][column], language);
}

/* Everything that is to be known of the table, then what its columns mean. */
static void put_notes(struct workbook_sheet *sheet, const struct tabulation *tabulation, enum language language)
{
    size_t row = 0;

    sheet_set_column(sheet, 0, LABEL_WIDTH, STYLE_PLAIN);
    sheet_set_column(sheet, 1, NOTE_WIDTH, STYLE_PLAIN);
    sheet_put_wide(sheet, row++, 0, 2, STYLE_TITLE, tabulation->title);
    if (tabulation->warning)
        sheet_put_wide(sheet, row++, 0, 2, STYLE_WARNING, tabulation->warning);
    for (size_t i = 0; i < tabulation->note_count; i++, row++) {
        sheet_put_text(sheet, row, 0, STYLE_LABEL, tabulation->notes[i].label);
        sheet_put_text(sheet, row, 1, STYLE_TEXT, tabulation->notes[i].text);
    }
    for (size_t i = 0; i < tabulation->column_count; i++) {
        const struct tabulation_column *column = &tabulation->columns[i];

        if (!column->meaning.text[language])
            continue;
        sheet_put_text(sheet, row, 0, STYLE_LABEL,
                       arena_format(tabulation->arena, "%s (%s)", column->heading.text[language], column->code));
        sheet_put_text(sheet, row++, 1, STYLE_TEXT, column->meaning.text[language]);
    }
}

struct workbook *tabulation_to_workbook(const struct tabulation *tabulation, enum language language)
{
    static const char *const names[2][2] = {{"資料", "Data"}, {"說明", "Notes"}};
    struct workbook *workbook;
    struct workbook_sheet *data, *notes;

    if (!tabulation || tabulation->refused || !tabulation->title)
        return NULL;
    workbook = workbook_in(tabulation->arena, tabulation->title);
    data = workbook_sheet(workbook, names[0][language]);
    notes = workbook_sheet(workbook, names[1][language]);
    if (!workbook || !data || !notes)
        return NULL;
    data->landscape = true;
    set_widths(data, tabulation, language);
    put_table(data, tabulation, language);
    put_notes(notes, tabulation, language);
    return workbook;
}
