/* xlsx_parts.h: the parts an XLSX file is made of, each read by a file of its own. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_XLSX_PARTS_H
#define TRIBUTARY_SHEET_XLSX_PARTS_H

#include "base/buffer.h"
#include "sheet/sheet_files.h"

/* The namespaces of both editions of the standard, transitional and strict. */
enum xlsx_space { XLSX_NONE, XLSX_MAIN, XLSX_RELATION, XLSX_PACKAGE };
extern const struct xml_space xlsx_spaces[];

/* What a number's format makes of it. */
enum xlsx_format { XLSX_NUMBER, XLSX_PERCENT, XLSX_DATE, XLSX_HOURS };

struct xlsx_book {
    struct archive *archive;
    struct grid_builder *builder;
    const char **strings; /* the shared ones */
    size_t string_count, string_capacity;
    unsigned char *formats; /* enum xlsx_format, by number of the cell's style */
    size_t format_count, format_capacity;
    bool from_1904;
};

/* The text of a string item: its runs, without the spoken signs (ECMA-376, 18.4). */
struct xlsx_text {
    struct buffer text;
    bool collecting;
    size_t phonetic; /* depth in rPh */
};

void xlsx_text_begin(struct xlsx_text *text);
void xlsx_text_begin_element(struct xlsx_text *text, struct xml_name name);
void xlsx_text_end_element(struct xlsx_text *text, struct xml_name name);
void xlsx_text_append(struct xlsx_text *text, const char *bytes, size_t count);

/* The text by builder_text(), "_x000D_" and its like resolved (ECMA-376, 22.9.2.19). NULL when the builder has stopped. */
const char *xlsx_text_take(struct xlsx_text *text, struct grid_builder *builder);

/* Read a part into the book; false when the builder has stopped. */
bool xlsx_read_strings(struct xlsx_book *book, const char *member);
bool xlsx_read_styles(struct xlsx_book *book, const char *member);
bool xlsx_read_sheet(struct xlsx_book *book, const char *member);

/* The kind of a format code such as [$-404]e/m/d, by its first section. */
enum xlsx_format xlsx_format_of_code(const char *code);

/* Makes room for one more item in the builder's arena; NULL, the builder having stopped, without memory. */
void *xlsx_grow(struct grid_builder *builder, void *items, size_t count, size_t *capacity, size_t size);

#endif
