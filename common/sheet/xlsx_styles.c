/* xlsx_styles.c: which cells hold dates and which per cents: only the number format of a cell's style tells. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sheet/xlsx_parts.h"

enum { MOST_FORMATS = 65536 };

static const struct name too_many_styles_words = {{"檔案的儲存格樣式太多", "the file has too many cell styles"}};

/* The formats that have a number and no code (ECMA-376, 18.8.30; 27 to 36 and 50 to 58 are the dates of East Asia). */
static const struct {
    long first, last;
    enum xlsx_format format;
} built_in[] = {
    {9, 10, XLSX_PERCENT}, {14, 22, XLSX_DATE}, {27, 36, XLSX_DATE}, {45, 45, XLSX_DATE},
    {46, 46, XLSX_HOURS},  {47, 47, XLSX_DATE}, {50, 58, XLSX_DATE},
};

struct custom_format {
    long id;
    enum xlsx_format format;
};

struct styles_reader {
    struct xlsx_book *book;
    struct custom_format *customs;
    size_t custom_count, custom_capacity;
    bool in_cell_styles;
};

/* The length of what stands at `code` and isn't to be read by its letters: "…", \x, _x, *x, […]. */
static size_t literal_length(const char *code)
{
    const char *end;

    switch (*code) {
    case '"': end = strchr(code + 1, '"'); break;
    case '[': end = strchr(code, ']'); break;
    case '\\':
    case '_':
    case '*': return code[1] ? 2 : 1;
    default: return strncasecmp(code, "General", 7) == 0 ? 7 : 0;
    }
    return end ? (size_t)(end - code) + 1 : strlen(code);
}

/* [h]:mm, [mm]:ss: a length of time. */
static bool is_elapsed(const char *code)
{
    size_t letters = code[0] == '[' ? strspn(code + 1, "hHmMsS") : 0;

    return letters > 0 && code[1 + letters] == ']';
}

enum xlsx_format xlsx_format_of_code(const char *code)
{
    enum xlsx_format format = XLSX_NUMBER;

    while (*code && *code != ';') {
        size_t literal = literal_length(code);

        if (is_elapsed(code))
            return XLSX_HOURS;
        if (literal > 0) {
            code += literal;
            continue;
        }
        if (*code == '%')
            return XLSX_PERCENT;
        if (strchr("eE", *code) && (code[1] == '+' || code[1] == '-'))
            code++; /* 0.00E+00 */
        else if (strchr("dDmMyYeEhHsS", *code))
            format = XLSX_DATE;
        code++;
    }
    return format;
}

static enum xlsx_format format_of_id(const struct styles_reader *reader, long id)
{
    for (size_t i = 0; i < reader->custom_count; i++)
        if (reader->customs[i].id == id)
            return reader->customs[i].format;
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        if (id >= built_in[i].first && id <= built_in[i].last)
            return built_in[i].format;
    return XLSX_NUMBER;
}

static bool keep_custom(struct styles_reader *reader, const struct xml_attributes *attributes)
{
    const char *id = xml_attribute(attributes, XLSX_NONE, "numFmtId");
    const char *code = xml_attribute(attributes, XLSX_NONE, "formatCode");

    if (!id || !code || reader->custom_count == 1024) /* a workbook has some 200 at most */
        return true;
    reader->customs = xlsx_grow(reader->book->builder, reader->customs, reader->custom_count, &reader->custom_capacity,
                                sizeof *reader->customs);
    if (!reader->customs)
        return false;
    reader->customs[reader->custom_count++] = (struct custom_format){strtol(id, NULL, 10), xlsx_format_of_code(code)};
    return true;
}

static bool keep_style(struct styles_reader *reader, const struct xml_attributes *attributes)
{
    const char *id = xml_attribute(attributes, XLSX_NONE, "numFmtId");
    struct xlsx_book *book = reader->book;

    if (book->format_count == MOST_FORMATS)
        return builder_refuse(book->builder, &too_many_styles_words);
    book->formats = xlsx_grow(book->builder, book->formats, book->format_count, &book->format_capacity, 1);
    if (!book->formats)
        return false;
    book->formats[book->format_count++] = (unsigned char)format_of_id(reader, id ? strtol(id, NULL, 10) : 0);
    return true;
}

static bool on_begin(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct styles_reader *reader = context;

    if (name.space != XLSX_MAIN)
        return true;
    if (strcmp(name.local, "numFmt") == 0)
        return keep_custom(reader, attributes);
    if (strcmp(name.local, "cellXfs") == 0)
        reader->in_cell_styles = true;
    else if (reader->in_cell_styles && strcmp(name.local, "xf") == 0)
        return keep_style(reader, attributes);
    return true;
}

static bool on_end(void *context, struct xml_name name)
{
    struct styles_reader *reader = context;

    if (strcmp(name.local, "cellXfs") == 0)
        reader->in_cell_styles = false;
    return true;
}

static bool on_text(void *context, const char *bytes, size_t count)
{
    (void)context;
    (void)bytes;
    (void)count;
    return true;
}

bool xlsx_read_styles(struct xlsx_book *book, const char *member)
{
    static const struct xml_reading reading = {xlsx_spaces, on_begin, on_end, on_text};
    struct styles_reader reader = {.book = book};
    const struct name *refusal = NULL;

    enum archive_outcome outcome = xml_read_member(book->archive, member, &reading, &reader, &refusal);

    return builder_accept(book->builder, outcome, refusal);
}
