/* annotate_ods.h: where the sheets, rows and cells of an ODS file's content.xml stand. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ANNOTATE_ODS_H
#define TRIBUTARY_SHEET_ANNOTATE_ODS_H

#include "sheet/annotation.h"
#include "sheet/xml_text.h"

/* The prefixes that the document declares, each with its colon; NULL where it doesn't declare one. */
struct ods_names {
    const char *office, *table, *text, *style, *fo;
};

/* An automatic style of cells. */
struct ods_style {
    const char *name; /* as it stands, not terminated */
    size_t name_length;
    struct xml_range range;
};

struct ods_sheet {
    const char *name;
    struct xml_tag tag;
    struct xml_range range;
};

/* A style made for this annotation. */
struct ods_new_style {
    const char *name;
    struct ods_new_style *next;
};

struct ods_document {
    struct annotation *annotation;
    struct ods_names names;
    const char *content;
    size_t length;
    struct xml_tag styles_tag; /* office:automatic-styles; start NULL: there is none */
    struct xml_range styles_range;
    const char *body; /* where office:body begins */
    struct ods_style *styles;
    size_t style_count, style_capacity;
    struct ods_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    struct ods_new_style *new_styles;
    size_t new_style_count, searches;
    struct buffer new_style_text;
    struct xml_edits edits;
};

/* Columns of a sheet that are declared alike. */
struct ods_column {
    size_t first, count;
    const char *style; /* of cells that name none, or NULL */
    bool hidden;
};

struct ods_row {
    struct xml_tag tag;
    struct xml_range range;
    size_t number, repeat; /* number from 1 */
    const char *style;
    bool hidden;
};

struct ods_cell {
    struct xml_tag tag;
    struct xml_range range;
    size_t column, repeat; /* column from 0 */
};

/* A run through the rows of a sheet; the columns are gathered on the way. */
struct ods_rows {
    const struct ods_document *document;
    struct xml_scan scan;
    size_t depth, next_number;
    const char *tail; /* where rows may be added */
    struct ods_column *columns;
    size_t column_count, column_capacity, next_column;
};

/* A run through the cells of a row. */
struct ods_cells {
    const struct ods_document *document;
    struct xml_scan scan;
    size_t next_column;
};

/* Finds styles and sheets in document->content. */
bool ods_survey(struct ods_document *document);

/* The automatic style of cells of that name, or NULL. */
const struct ods_style *ods_find_style(const struct ods_document *document, const char *name);

struct ods_rows ods_rows_of(const struct ods_document *document, const struct ods_sheet *sheet);
bool ods_next_row(struct ods_rows *rows, struct ods_row *ret_row);
const struct ods_column *ods_column_at(const struct ods_rows *rows, size_t column);
struct ods_cells ods_cells_of(const struct ods_document *document, const struct ods_row *row);
bool ods_next_cell(struct ods_cells *cells, struct ods_cell *ret_cell);

/* Adds the edits for the marks of one sheet. */
bool ods_edit_sheet(struct ods_document *document, const struct ods_sheet *sheet, const struct marks *marks);

/* The name of the style that a marked cell gets in the place of `base` (NULL: none); NULL if it needs none. */
const char *ods_marked_style(struct ods_document *document, const char *base, const struct mark *mark);

/* Appends a cell's content with its comment changed to what the mark says. `content` is empty for an empty cell. */
void ods_append_content(const struct ods_document *document, struct xml_range content, const struct mark *mark,
                        struct buffer *out);

/* Whether there may be a comment between these places. */
bool ods_has_comment(const struct ods_document *document, struct xml_range range);

#endif
