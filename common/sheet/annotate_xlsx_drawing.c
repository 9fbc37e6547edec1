/* annotate_xlsx_drawing.c: the VML drawing that shows the comments of an XLSX sheet: a shape for each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/annotate_xlsx.h"

#define DRAWING_TYPE  "application/vnd.openxmlformats-officedocument.vmlDrawing"
#define RELATION_TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing"
#define RELATION_ID   "tributaryDrawing"
#define SHAPE_TYPE                                                                                                     \
    "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">"      \
    "<v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"

enum {
    SHAPES_OF_A_BLOCK = 1024, /* shape numbers come in blocks, which the drawing names */
    COLUMNS_WIDE = 4,         /* a comment's frame, in columns and rows of usual size */
    MOST_ROWS_HIGH = 24,
    BYTES_OF_A_LINE = 60
};

static const struct name bad_drawing_words = {
    {"檔案的註解圖形無法讀取，請重新存檔", "the drawing of the file's comments can't be read; save it again"}};

/* Rows that a text needs. */
static size_t rows_high(const char *text)
{
    size_t rows = 2;

    for (const char *line = text; line;) {
        size_t length = strcspn(line, "\n");

        rows += 1 + length / BYTES_OF_A_LINE;
        line = line[length] ? line + length + 1 : NULL;
    }
    return rows < MOST_ROWS_HIGH ? rows : MOST_ROWS_HIGH;
}

static void append_shape(const struct mark *mark, size_t number, struct buffer *out)
{
    size_t row = mark->row - 1, high = rows_high(mark->text);

    buffer_append_format(
        out,
        "<v:shape id=\"_x0000_s%zu\" type=\"#_x0000_t202\" "
        "style='position:absolute;width:240pt;height:%zupt;z-index:%zu;visibility:hidden' fillcolor=\"#ffffe1\" "
        "o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>"
        "<v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div>"
        "</v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>"
        "<x:Anchor>%zu, 15, %zu, 4, %zu, 15, %zu, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        "<x:Row>%zu</x:Row><x:Column>%zu</x:Column></x:ClientData></v:shape>",
        number, high * 15, number, mark->column + 1, row, mark->column + 1 + COLUMNS_WIDE, row + high, row,
        mark->column);
}

static void append_shapes(const struct marks *marks, size_t number, struct buffer *out)
{
    for (size_t i = 0; i < marks->count; i++)
        if (marks->items[i].text)
            append_shape(&marks->items[i], number++, out);
}

/* ---- a drawing that is there ------------------------------------------------------------------------------------- */

/* The whole number that is all the text of an element; SIZE_MAX if there is none. */
static size_t number_of(const struct xml_tag *tag, const char *end)
{
    size_t number = 0;
    const char *at = tag->end;

    for (; at < end && *at >= '0' && *at <= '9' && number < MOST_SHEET_ROWS; at++)
        number = number * 10 + (size_t)(*at - '0');
    return at > tag->end && at < end && *at == '<' ? number : SIZE_MAX;
}

/* Whether a shape shows the comment of one of these cells. */
static bool shows(struct xml_range shape, const struct marks *cells)
{
    struct xml_scan scan = {shape.start, shape.end};
    size_t row = SIZE_MAX, column = SIZE_MAX;
    struct xml_tag tag;

    while (xml_next(&scan, &tag)) {
        if (tag.kind == XML_OPEN && xml_is(&tag, "x:", "Row"))
            row = number_of(&tag, shape.end);
        else if (tag.kind == XML_OPEN && xml_is(&tag, "x:", "Column"))
            column = number_of(&tag, shape.end);
    }
    for (size_t i = 0; i < cells->count; i++)
        if (cells->items[i].row == row + 1 && cells->items[i].column == column)
            return true;
    return false;
}

/* The largest number of a shape. */
static size_t last_number(const char *text, size_t length)
{
    static const char sign[] = "_x0000_s";
    size_t last = SHAPES_OF_A_BLOCK;
    const char *at = text, *end = text + length;

    while ((at = memmem(at, (size_t)(end - at), sign, sizeof sign - 1))) {
        size_t number = 0;

        for (at += sizeof sign - 1; at < end && *at >= '0' && *at <= '9' && number < SIZE_MAX / 100; at++)
            number = number * 10 + (size_t)(*at - '0');
        if (number > last && number < 100 * 1000 * 1000)
            last = number;
    }
    return last;
}

/* Behind a shape's end tag; other tags may lack theirs, as VML isn't always sound. */
static const char *shape_end(struct xml_scan *scan)
{
    struct xml_tag tag;

    while (xml_next(scan, &tag) && !(tag.kind == XML_CLOSE && xml_is(&tag, "v:", "shape")))
        continue;
    return scan->at;
}

static bool change_drawing(struct xlsx_sheet *sheet, const struct marks *gone, const struct marks *fresh)
{
    struct annotation *annotation = sheet->annotation;
    struct xml_edits edits = {.arena = annotation->arena};
    struct buffer piece = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART), text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART);
    size_t length;
    const char *old = part_read(annotation, sheet->drawing_part, &length), *end = NULL;
    struct xml_tag tag;

    if (!old)
        return false;
    for (struct xml_scan scan = {old, old + length}; xml_next(&scan, &tag);) {
        if (tag.kind == XML_OPEN && xml_is(&tag, "v:", "shape")) {
            struct xml_range shape = {tag.start, shape_end(&scan)};

            if (gone->count > 0 && shows(shape, gone))
                xml_replace(&edits, shape, &piece);
        } else if (tag.kind == XML_CLOSE && xml_is(&tag, "", "xml")) {
            end = tag.start;
        }
    }
    if (!end)
        return annotation_refuse(annotation, &bad_drawing_words);
    if (!memmem(old, length, "\"_x0000_t202\"", 13))
        buffer_append_text(&piece, SHAPE_TYPE);
    append_shapes(fresh, last_number(old, length) + 1, &piece);
    xml_replace(&edits, (struct xml_range){end, end}, &piece);
    buffer_free(&piece);
    if (!xml_apply(&edits, old, length, &text)) {
        buffer_free(&text);
        return annotation_run_out(annotation);
    }
    return part_write(annotation, sheet->drawing_part, &text, false);
}

/* ---- a new drawing ----------------------------------------------------------------------------------------------- */

/* The sheet names its drawing. */
static bool name_drawing(struct xlsx_sheet *sheet)
{
    const char *space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    xml_insert(&sheet->edits, sheet->drawing_place,
               arena_format(sheet->annotation->arena, "<%slegacyDrawing xmlns:tributary=\"%s\" tributary:id=\"%s\"/>",
                            sheet->prefix, space, RELATION_ID));
    return !sheet->edits.failed || annotation_run_out(sheet->annotation);
}

static bool make_drawing(struct xlsx_sheet *sheet, const struct marks *fresh)
{
    struct annotation *annotation = sheet->annotation;
    struct buffer text = BUFFER_WITH_LIMIT(2 * (size_t)ANNOTATION_LARGEST_PART);
    size_t block = sheet->index + 1;

    sheet->drawing_part = xlsx_free_name(annotation, "xl/drawings/vmlDrawing", ".vml");
    if (!sheet->drawing_part || !sheet->drawing_place)
        return annotation_refuse(annotation, &bad_drawing_words);
    buffer_append_format(&text,
                         "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:"
                         "office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\">"
                         "<o:idmap v:ext=\"edit\" data=\"%zu",
                         block);
    for (size_t i = 1; i <= fresh->count / (SHAPES_OF_A_BLOCK - 1); i++)
        buffer_append_format(&text, ",%zu", block + i);
    buffer_append_text(&text, "\"/></o:shapelayout>" SHAPE_TYPE);
    append_shapes(fresh, block * SHAPES_OF_A_BLOCK + 1, &text);
    buffer_append_text(&text, "</xml>");
    return part_write(annotation, sheet->drawing_part, &text, false) &&
           xlsx_declare_extension(annotation, "vml", DRAWING_TYPE) &&
           xlsx_relate(annotation, sheet->part, RELATION_ID, RELATION_TYPE, sheet->drawing_part) && name_drawing(sheet);
}

bool xlsx_write_drawing(struct xlsx_sheet *sheet, const struct marks *gone, const struct marks *fresh)
{
    if (sheet->drawing_part)
        return change_drawing(sheet, gone, fresh);
    return fresh->count == 0 || make_drawing(sheet, fresh);
}
