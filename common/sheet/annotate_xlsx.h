/* annotate_xlsx.h: the parts of an XLSX file that marks are written into. Private to sheet/. */
#ifndef TRIBUTARY_SHEET_ANNOTATE_XLSX_H
#define TRIBUTARY_SHEET_ANNOTATE_XLSX_H

#include "sheet/annotation.h"
#include "sheet/xml_text.h"

/* A cell format made or found for this annotation: another one but for its fill. */
struct xlsx_new_format {
    size_t base, index;
    int fill; /* a severity, or NO_FILL */
    struct xlsx_new_format *next;
};

enum { NO_FILL = -1 };

/* styles.xml. Without one there are comments only. */
struct xlsx_styles {
    struct annotation *annotation;
    const char *part; /* NULL: the file has none, or none that serves */
    const char *text, *prefix;
    size_t length;
    struct xml_tag fills_tag, formats_tag;
    struct xml_range fills, formats;
    size_t fill_count, new_fill_count;
    size_t fill_indexes[SEVERITY_WARNING + 1]; /* 0: not made yet */
    struct xml_range *format_items;
    size_t format_count, new_format_count, made_count;
    struct xlsx_new_format *new_formats;
    struct buffer new_fill_text, new_format_text;
};

/* One sheet while it is being marked. */
struct xlsx_sheet {
    struct annotation *annotation;
    struct xlsx_styles *styles;
    const char *part, *text, *prefix; /* of xl/worksheets/sheet1.xml */
    size_t length, index;             /* index of the sheet in the workbook */
    struct xml_tag root, data_tag;
    struct xml_range data, columns;           /* sheetData, cols */
    const char *drawing_place;                /* where legacyDrawing belongs; NULL: there is one */
    const char *comments_part, *drawing_part; /* NULL: none yet */
    struct marks marks;
    struct xml_edits edits;
};

/* ---- parts and relations ---- */

/* The part that a relation of `part` leads to (`part` "" for the package itself): the one of that id, else the first whose
 * type ends so. NULL if there is none. */
const char *xlsx_related(struct annotation *annotation, const char *part, const char *type_ending, const char *id);

/* Adds a relation; `target` is a part of the package. */
bool xlsx_relate(struct annotation *annotation, const char *part, const char *id, const char *type, const char *target);

/* Says what kind of content a part, or each part with an extension, is. */
bool xlsx_declare_part(struct annotation *annotation, const char *part, const char *type);
bool xlsx_declare_extension(struct annotation *annotation, const char *extension, const char *type);

/* A name for a new part that isn't taken: "xl/comments7.xml" from "xl/comments%zu.xml". */
const char *xlsx_free_name(struct annotation *annotation, const char *before, const char *after);

/* ---- styles ---- */

bool xlsx_styles_read(struct annotation *annotation, const char *workbook, struct xlsx_styles *styles);

/* The format for a marked cell in the place of `base`. */
size_t xlsx_marked_format(struct xlsx_styles *styles, size_t base, const struct mark *mark);
bool xlsx_styles_write(struct xlsx_styles *styles);

/* ---- sheets ---- */

/* Adds the edits for the marked cells of the sheet. */
bool xlsx_edit_cells(struct xlsx_sheet *sheet);

/* The number of a row element, and the column of a cell element: what they say, else the one behind the one before. */
size_t xlsx_row_number(const struct xml_tag *tag, size_t before);
size_t xlsx_cell_column(const struct xml_tag *tag, size_t next);

/* ---- comments ---- */

/* Adds to sheet->marks the cells whose comment an earlier annotation wrote. */
bool xlsx_find_old_comments(struct xlsx_sheet *sheet);

/* Changes the comments to what the marks say, in their part and in the drawing that shows them. */
bool xlsx_write_comments(struct xlsx_sheet *sheet);

/* Changes the drawing: takes out the shapes of cells in `gone`, adds shapes for `fresh`. */
bool xlsx_write_drawing(struct xlsx_sheet *sheet, const struct marks *gone, const struct marks *fresh);

#endif
