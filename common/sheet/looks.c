/* looks.c: how each style of a workbook's cells looks, and the text that both formats can hold. */
#include <string.h>

#include "sheet/workbook_write.h"

/* Calm: one green for headings, pale yellow for what is to be filled in, grey for what is not for people. */
enum {
    INK = 0x222222,
    GREY = 0x8a8a8a,
    RED = 0xa61c00,
    GREEN = 0x1f5c4d,
    PALE_GREEN = 0xdcebe5,
    PALER_GREEN = 0xeef5f2,
    PALE_YELLOW = 0xfffbe6,
};

#define INPUT(look, align)                                                                                             \
    .points = 11, .bordered = true, .wrapped = true, .unlocked = true, .ink = INK, .paper = PALE_YELLOW,               \
    .alignment = (align), .number = (look)
#define OUTPUT(look, align, wraps)                                                                                     \
    .points = 11, .bordered = true, .wrapped = (wraps), .ink = INK, .paper = NO_COLOUR, .alignment = (align),          \
    .number = (look)

/* Dates are typed as texts: of 113/4/30 a cell for dates would make a day of the year 113. */
const struct cell_look cell_looks[STYLE_COUNT] = {
    [STYLE_PLAIN] = {.name = "plain", .points = 11, .ink = INK, .paper = NO_COLOUR},
    [STYLE_TITLE] = {.name = "title", .points = 18, .bold = true, .ink = GREEN, .paper = NO_COLOUR},
    [STYLE_SUBTITLE] = {.name = "subtitle", .points = 12, .wrapped = true, .ink = INK, .paper = NO_COLOUR},
    [STYLE_NOTE] = {.name = "note", .points = 11, .wrapped = true, .ink = INK, .paper = NO_COLOUR},
    [STYLE_WARNING] = {.name = "warning", .points = 12, .bold = true, .wrapped = true, .ink = RED, .paper = NO_COLOUR},
    [STYLE_GROUP] = {.name = "group",
                     .points = 12,
                     .bold = true,
                     .bordered = true,
                     .ink = GREEN,
                     .paper = PALE_GREEN,
                     .alignment = ALIGN_START},
    [STYLE_HEADING] = {.name = "heading",
                       .points = 11,
                       .bold = true,
                       .bordered = true,
                       .wrapped = true,
                       .ink = GREEN,
                       .paper = PALE_GREEN,
                       .alignment = ALIGN_CENTRE},
    [STYLE_LABEL] =
        {.name = "label", .points = 11, .bordered = true, .wrapped = true, .ink = INK, .paper = PALER_GREEN},
    [STYLE_HINT] = {.name = "hint", .points = 9, .bordered = true, .wrapped = true, .ink = GREY, .paper = NO_COLOUR},
    [STYLE_SYSTEM] = {.name = "system", .points = 8, .ink = GREY, .paper = NO_COLOUR, .number = NUMBER_TEXT},
    [STYLE_INPUT_TEXT] = {.name = "input-text", INPUT(NUMBER_TEXT, ALIGN_START)},
    [STYLE_INPUT_INTEGER] = {.name = "input-integer", INPUT(NUMBER_GROUPED, ALIGN_END)},
    [STYLE_INPUT_MONEY] = {.name = "input-money", INPUT(NUMBER_GROUPED, ALIGN_END)},
    [STYLE_INPUT_DECIMAL] = {.name = "input-decimal", INPUT(NUMBER_GENERAL, ALIGN_END)},
    [STYLE_INPUT_DATE] = {.name = "input-date", INPUT(NUMBER_TEXT, ALIGN_CENTRE)},
    [STYLE_INPUT_CODE] = {.name = "input-code", INPUT(NUMBER_TEXT, ALIGN_START)},
    [STYLE_TEXT] = {.name = "text", OUTPUT(NUMBER_GENERAL, ALIGN_START, true)},
    [STYLE_INTEGER] = {.name = "integer", OUTPUT(NUMBER_GROUPED, ALIGN_END, false)},
    [STYLE_MONEY] = {.name = "money", OUTPUT(NUMBER_GROUPED, ALIGN_END, false)},
    [STYLE_DECIMAL] = {.name = "decimal", OUTPUT(NUMBER_GENERAL, ALIGN_END, false)},
    [STYLE_DATE] = {.name = "date", OUTPUT(NUMBER_DATE, ALIGN_CENTRE, false)},
    [STYLE_RATE] = {.name = "rate", OUTPUT(NUMBER_RATE, ALIGN_END, false)},
};

int sheet_width(const struct workbook_sheet *sheet)
{
    int width = 0;

    for (size_t c = 0; c < sheet->column_count; c++)
        if (!sheet->columns[c].hidden)
            width += sheet->columns[c].width ? sheet->columns[c].width : DEFAULT_COLUMN_WIDTH;
    return width;
}

int page_width(bool landscape)
{
    return (landscape ? 2970 : 2100) - 2 * PAGE_MARGIN;
}

/* The width of a paragraph in thousandths of an em: Chinese characters are as wide as high, the others about half. */
static int paragraph_width(const char **text)
{
    int width = 0;

    for (; **text && **text != '\n'; (*text)++) {
        unsigned char byte = (unsigned char)**text;

        if ((byte & 0xc0) != 0x80)
            width += byte >= 0xe1 ? 1030 : 560;
    }
    *text += **text == '\n';
    return width;
}

int row_text_height(const struct workbook_sheet *sheet, const struct workbook_row *row)
{
    enum { PADDING = 30, ABOVE_AND_BELOW = 24, LINE_PER_MILLE = 1300 };
    int highest = 0;

    for (size_t c = 0; c < row->cell_count; c++) {
        const struct workbook_cell *cell = &row->cells[c];
        const struct cell_look *look = &cell_looks[cell->style];
        int width = -PADDING, em = look->points * 254 / 72, lines = 0;

        if (cell->holding != HOLDS_TEXT || !look->wrapped || cell->span_rows > 1)
            continue;
        for (size_t i = c; i < c + (cell->span_columns ? cell->span_columns : 1); i++)
            width +=
                i < sheet->column_count && sheet->columns[i].width ? sheet->columns[i].width : DEFAULT_COLUMN_WIDTH;
        if (width < em)
            width = em;
        for (const char *text = cell->text; *text;)
            lines += 1 + (int)((int64_t)paragraph_width(&text) * em / 1000 / (width + 1));
        if (lines > 1 && lines * em * LINE_PER_MILLE / 1000 + ABOVE_AND_BELOW > highest)
            highest = lines * em * LINE_PER_MILLE / 1000 + ABOVE_AND_BELOW;
    }
    return highest;
}
