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

/* The length of the UTF-8 character at `text` if XML 1.0 has it, else 0. */
static size_t sound_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = *byte < 0x80 ? 1 : *byte >= 0xc2 && *byte < 0xe0 ? 2 : (*byte & 0xf0) == 0xe0 ? 3 : 4;

    if (*byte < 0x20)
        return *byte == '\t' || *byte == '\n' || *byte == '\r';
    if (length == 1)
        return 1;
    if (*byte < 0xc2 || *byte > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    if ((*byte == 0xe0 && byte[1] < 0xa0) || (*byte == 0xed && byte[1] > 0x9f) || (*byte == 0xf0 && byte[1] < 0x90) ||
        (*byte == 0xf4 && byte[1] > 0x8f))
        return 0;
    if (*byte == 0xef && byte[1] == 0xbf && byte[2] >= 0xbe) /* U+FFFE and U+FFFF */
        return 0;
    return length;
}

/* Hands the sound characters to `append` until the text is too long. */
static bool each_sound(const char *text, struct buffer *out, bool (*append)(struct buffer *, const char *, size_t))
{
    size_t units = 0;

    while (*text) {
        size_t length = sound_length(text);

        units += length == 4 ? 2 : length > 0;
        if (units >= WORKBOOK_MOST_TEXT)
            return buffer_append_text(out, "…");
        if (length > 0 && !append(out, text, length))
            return false;
        text += length ? length : 1;
    }
    return !out->failed;
}

static bool append_escaped(struct buffer *out, const char *character, size_t length)
{
    switch (*character) {
    case '&': return buffer_append_text(out, "&amp;");
    case '<': return buffer_append_text(out, "&lt;");
    case '>': return buffer_append_text(out, "&gt;");
    case '"': return buffer_append_text(out, "&quot;");
    default: return buffer_append(out, character, length);
    }
}

static bool append_plain(struct buffer *out, const char *character, size_t length)
{
    return buffer_append(out, character, length);
}

bool xml_append(struct buffer *out, const char *text)
{
    return each_sound(text, out, append_escaped);
}

const char *xml_sound_text(struct arena *arena, const char *text)
{
    struct buffer sound = BUFFER_WITH_LIMIT(4 * WORKBOOK_MOST_TEXT + 4);
    bool good = buffer_append_text(&sound, "") && each_sound(text, &sound, append_plain);
    const char *copy = good ? arena_copy(arena, sound.data, sound.length) : NULL;

    buffer_free(&sound);
    return copy;
}

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
