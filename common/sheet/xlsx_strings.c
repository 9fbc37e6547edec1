/* xlsx_strings.c: texts made of runs, and the table of those that cells share. */
#include <string.h>

#include "sheet/xlsx_parts.h"

enum { MOST_STRINGS = 1024 * 1024 };

static const struct name too_many_strings_words = {{"檔案的文字太多", "the file holds too much text"}};
void xlsx_text_begin(struct xlsx_text *text)
{
    if (text->text.limit == 0)
        text->text = BUFFER_WITH_LIMIT(MOST_CELL_TEXT);
    text->text.length = 0;
    text->collecting = false;
    text->phonetic = 0;
    buffer_append_text(&text->text, "");
}

void xlsx_text_begin_element(struct xlsx_text *text, struct xml_name name)
{
    text->phonetic += text->phonetic > 0 || strcmp(name.local, "rPh") == 0;
    text->collecting = text->phonetic == 0 && strcmp(name.local, "t") == 0;
}

void xlsx_text_end_element(struct xlsx_text *text, struct xml_name name)
{
    (void)name;
    text->phonetic -= text->phonetic > 0;
    text->collecting = false;
}

void xlsx_text_append(struct xlsx_text *text, const char *bytes, size_t count)
{
    if (text->collecting)
        buffer_append(&text->text, bytes, count);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The character that "_xHHHH_" at `p` stands for, -1 if it isn't such. */
static int escaped_character(const char *p)
{
    int character = 0;

    if (p[0] != '_' || p[1] != 'x')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (hex_digit(p[i]) < 0)
            return -1;
        character = character * 16 + hex_digit(p[i]);
    }
    return p[6] == '_' ? character : -1;
}

/* Control characters other than tab and line feed are nothing that anybody sees; further characters need no escape and
 * are left as they stand. */
static size_t resolve_escapes(char *text)
{
    char *out = text;

    for (const char *in = text; *in;) {
        int character = escaped_character(in);

        if (character < 0 || (character >= 0x20 && character != '_')) {
            *out++ = *in++;
            continue;
        }
        if (character == '_' || character == '\t' || character == '\n')
            *out++ = (char)character;
        in += 7;
    }
    *out = '\0';
    return (size_t)(out - text);
}

const char *xlsx_text_take(struct xlsx_text *text, struct grid_builder *builder)
{
    if (text->text.failed) {
        builder_lose_text(builder, &text->text);
        return NULL;
    }
    return builder_text(builder, text->text.data, resolve_escapes(text->text.data));
}

struct strings_reader {
    struct xlsx_book *book;
    struct xlsx_text text;
    bool in_item;
};

static bool on_begin(void *context, struct xml_name name, const struct xml_attributes *attributes)
{
    struct strings_reader *reader = context;

    (void)attributes;
    if (reader->in_item) {
        xlsx_text_begin_element(&reader->text, name);
    } else if (name.space == XLSX_MAIN && strcmp(name.local, "si") == 0) {
        reader->in_item = true;
        xlsx_text_begin(&reader->text);
    }
    return true;
}

static bool keep_string(struct strings_reader *reader)
{
    struct xlsx_book *book = reader->book;
    const char *text = xlsx_text_take(&reader->text, book->builder);

    if (!text)
        return false;
    if (book->string_count == MOST_STRINGS)
        return builder_refuse(book->builder, &too_many_strings_words);
    book->strings =
        xlsx_grow(book->builder, book->strings, book->string_count, &book->string_capacity, sizeof *book->strings);
    if (!book->strings)
        return false;
    book->strings[book->string_count++] = text;
    return true;
}

static bool on_end(void *context, struct xml_name name)
{
    struct strings_reader *reader = context;

    if (name.space == XLSX_MAIN && strcmp(name.local, "si") == 0) {
        reader->in_item = false;
        return keep_string(reader);
    }
    if (reader->in_item)
        xlsx_text_end_element(&reader->text, name);
    return true;
}

static bool on_text(void *context, const char *bytes, size_t count)
{
    struct strings_reader *reader = context;

    if (reader->in_item)
        xlsx_text_append(&reader->text, bytes, count);
    return true;
}

bool xlsx_read_strings(struct xlsx_book *book, const char *member)
{
    static const struct xml_reading reading = {xlsx_spaces, on_begin, on_end, on_text};
    struct strings_reader reader = {.book = book};
    const struct name *refusal = NULL;
    enum archive_outcome outcome = xml_read_member(book->archive, member, &reading, &reader, &refusal);

    buffer_free(&reader.text.text);
    return builder_accept(book->builder, outcome, refusal);
}
