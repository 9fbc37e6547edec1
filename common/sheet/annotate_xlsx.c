/* annotate_xlsx.c: the marks of an XLSX file: its workbook, and each sheet that has something to be marked. */
#include "sheet/annotate_xlsx.h"

#include <string.h>

static const struct name no_workbook_words = {
    {"檔案缺少試算表的內容，請重新存檔", "the file has no spreadsheet in it; save it again"}};

enum { MOST_SHEETS = 1024 };

struct sheet_part {
    const char *name, *part;
};

struct workbook {
    struct annotation *annotation;
    const char *part;
    struct sheet_part *sheets;
    size_t sheet_count;
};

/* ---- the workbook ------------------------------------------------------------------------------------------------ */

/* The prefix of relations that a tag declares. */
static const char *relation_prefix(struct arena *arena, const struct xml_tag *tag)
{
    const char *prefix = xml_prefix(arena, tag, "officeDocument/2006/relationships");

    return prefix ? prefix : xml_prefix(arena, tag, "officeDocument/relationships");
}

static void add_sheet(struct workbook *workbook, const struct xml_tag *tag, const char *root_prefix)
{
    struct arena *arena = workbook->annotation->arena;
    struct sheet_part sheet = {.name = xml_text(arena, tag, "", "name")};
    const char *prefix = relation_prefix(arena, tag), *id = xml_text(arena, tag, prefix ? prefix : root_prefix, "id");

    if (workbook->sheet_count == MOST_SHEETS)
        return;
    if (id)
        sheet.part = xlsx_related(workbook->annotation, workbook->part, "/worksheet", id);
    workbook->sheets[workbook->sheet_count++] = sheet; /* also one that is a chart, so that the order holds */
}

static bool read_workbook(struct workbook *workbook)
{
    struct annotation *annotation = workbook->annotation;
    size_t length;
    const char *text, *prefix = NULL, *relation = NULL;
    struct xml_tag tag;

    workbook->part = xlsx_related(annotation, "", "/officeDocument", NULL);
    if (!workbook->part)
        return annotation_refuse(annotation, &no_workbook_words);
    text = part_read(annotation, workbook->part, &length);
    workbook->sheets = arena_alloc_array(annotation->arena, MOST_SHEETS, sizeof *workbook->sheets);
    if (!text || !workbook->sheets)
        return annotation_run_out(annotation);
    for (struct xml_scan scan = {text, text + length}; xml_next(&scan, &tag);) {
        if (!prefix) {
            prefix = xml_own_prefix(annotation->arena, &tag);
            relation = relation_prefix(annotation->arena, &tag);
        } else if (tag.kind != XML_CLOSE && xml_is(&tag, prefix, "sheet")) {
            add_sheet(workbook, &tag, relation);
        }
    }
    return workbook->sheet_count > 0 || annotation_refuse(annotation, &no_workbook_words);
}

/* ---- a sheet ----------------------------------------------------------------------------------------------------- */

/* Whether legacyDrawing stands behind this child (ECMA-376, CT_Worksheet). Elements of other namespaces don't tell. */
static bool is_before_drawing(const struct xlsx_sheet *sheet, const struct xml_tag *tag)
{
    static const char *const behind[] = {"legacyDrawingHF", "drawingHF",       "picture",    "oleObjects",
                                         "controls",        "webPublishItems", "tableParts", "extLst"};
    size_t prefix = strlen(sheet->prefix);

    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        if (xml_is(tag, sheet->prefix, behind[i]))
            return false;
    return tag->name_length > prefix && memcmp(tag->name, sheet->prefix, prefix) == 0 &&
           !memchr(tag->name + prefix, ':', tag->name_length - prefix);
}

static void find_drawing(struct xlsx_sheet *sheet, const struct xml_tag *tag)
{
    struct arena *arena = sheet->annotation->arena;
    struct xml_attribute attribute;
    const char *at = memmem(tag->start, (size_t)(tag->end - tag->start), ":id", 3), *name = at;
    const char *id = NULL;

    while (name && name > tag->start && !strchr(" \t\r\n", name[-1]))
        name--;
    if (name && xml_find(tag, arena_copy(arena, name, (size_t)(at - name) + 1), "id", &attribute))
        id = arena_copy(arena, attribute.value, attribute.value_length);
    if (id)
        sheet->drawing_part = xlsx_related(sheet->annotation, sheet->part, "/vmlDrawing", id);
}

static bool survey(struct xlsx_sheet *sheet)
{
    struct xml_scan scan = {sheet->text, sheet->text + sheet->length};
    struct xml_tag tag;
    struct xml_range range;
    bool named = false;

    if (!xml_next(&scan, &sheet->root) || sheet->root.kind != XML_OPEN)
        return annotation_refuse(sheet->annotation, &no_workbook_words);
    sheet->prefix = xml_own_prefix(sheet->annotation->arena, &sheet->root);
    while (xml_next_child(&scan, &tag, &range)) {
        if (xml_is(&tag, sheet->prefix, "sheetData")) {
            sheet->data_tag = tag;
            sheet->data = range;
        } else if (xml_is(&tag, sheet->prefix, "cols")) {
            sheet->columns = range;
        } else if (xml_is(&tag, sheet->prefix, "legacyDrawing")) {
            named = true;
            find_drawing(sheet, &tag);
        }
        if (!named && is_before_drawing(sheet, &tag))
            sheet->drawing_place = range.end;
    }
    return sheet->data.start || annotation_refuse(sheet->annotation, &no_workbook_words);
}

/* Notes which rows and columns can't be seen; the first ones that can bear what belongs to no cell. */
static void settle(const struct xlsx_sheet *sheet, struct remark *remarks, size_t count)
{
    struct xml_range content = xml_content(&sheet->data_tag, sheet->data), range;
    struct xml_scan scan = {content.start, content.end}, columns = {sheet->columns.start, sheet->columns.end};
    size_t row = 1, number = 0, column = 0;
    struct xml_tag tag;

    while (xml_next_child(&scan, &tag, &range)) {
        number = xlsx_row_number(&tag, number);
        if (!xml_flag(&tag, "", "hidden"))
            continue;
        row += number == row;
        remarks_hide(sheet->annotation, remarks, count, &(struct cell_area){number, 0, 1, MOST_SHEET_COLUMNS});
    }
    while (columns.at && xml_next(&columns, &tag)) {
        size_t first = xml_number(&tag, "", "min", 1), last = xml_number(&tag, "", "max", 0);

        if (!xml_is(&tag, sheet->prefix, "col") || !xml_flag(&tag, "", "hidden") || first == 0 || last < first)
            continue;
        if (first == column + 1)
            column = last;
        remarks_hide(sheet->annotation, remarks, count,
                     &(struct cell_area){1, first - 1, MOST_SHEET_ROWS, last - first + 1});
    }
    remarks_settle(remarks, count, row, column < MOST_SHEET_COLUMNS ? column : 0);
}

static void gather_merged(const struct xlsx_sheet *sheet, struct remark *remarks, size_t count)
{
    struct xml_scan scan = {sheet->data.end, sheet->text + sheet->length};
    struct xml_attribute ref;
    struct xml_tag tag;

    while (count > 0 && xml_next(&scan, &tag)) {
        size_t row, column, last_row, last_column;

        if (!xml_is(&tag, sheet->prefix, "mergeCell") || !xml_find(&tag, "", "ref", &ref))
            continue;
        const char *colon = memchr(ref.value, ':', ref.value_length);
        size_t first = colon ? (size_t)(colon - ref.value) : 0;

        if (!colon || !ref_parse(ref.value, first, &row, &column) ||
            !ref_parse(colon + 1, ref.value_length - first - 1, &last_row, &last_column) || last_row < row ||
            last_column < column)
            continue;
        remarks_gather(sheet->annotation, remarks, count,
                       &(struct cell_area){row, column, last_row - row + 1, last_column - column + 1});
    }
}

/* The sheet's marks: new ones, and cells to be rid of an earlier one. */
static bool make_marks(struct xlsx_sheet *sheet, struct remark *remarks, size_t count)
{
    gather_merged(sheet, remarks, count);
    if (count > 0)
        settle(sheet, remarks, count);
    if (!marks_make(sheet->annotation, remarks, count, &sheet->marks) || !xlsx_find_old_comments(sheet))
        return false;
    marks_sort(&sheet->marks);
    return true;
}

static bool write_sheet(struct xlsx_sheet *sheet)
{
    struct buffer text = BUFFER_WITH_LIMIT(4 * (size_t)ANNOTATION_LARGEST_PART);

    if (!xml_apply(&sheet->edits, sheet->text, sheet->length, &text)) {
        buffer_free(&text);
        return annotation_run_out(sheet->annotation);
    }
    return part_write(sheet->annotation, sheet->part, &text, true);
}

static bool has_old_comments(struct annotation *annotation, const char *part)
{
    size_t length;
    const char *text = part && part_exists(annotation, part) ? part_read(annotation, part, &length) : NULL;

    return text && annotation_has_sign(annotation, text, text + length);
}

static bool annotate_sheet(const struct workbook *workbook, size_t index, struct xlsx_styles *styles)
{
    struct annotation *annotation = workbook->annotation;
    size_t count;
    struct remark *remarks = remarks_of_sheet(annotation, index, &count);
    struct xlsx_sheet sheet = {.annotation = annotation,
                               .styles = styles,
                               .part = workbook->sheets[index].part,
                               .index = index,
                               .edits = {.arena = annotation->arena}};

    if (!sheet.part)
        return count == 0 || annotation_refuse(annotation, &no_workbook_words);
    sheet.comments_part = xlsx_related(annotation, sheet.part, "/comments", NULL);
    if (count == 0 && !has_old_comments(annotation, sheet.comments_part))
        return !annotation->failed;
    sheet.text = part_read(annotation, sheet.part, &sheet.length);
    if (!sheet.text || !survey(&sheet) || !make_marks(&sheet, remarks, count))
        return false;
    return sheet.marks.count == 0 || (xlsx_edit_cells(&sheet) && xlsx_write_comments(&sheet) && write_sheet(&sheet));
}

bool annotate_xlsx(struct annotation *annotation)
{
    struct workbook workbook = {.annotation = annotation};
    struct xlsx_styles styles;
    const char **names;

    if (!read_workbook(&workbook))
        return false;
    names = arena_alloc_array(annotation->arena, workbook.sheet_count, sizeof *names);
    if (!names)
        return annotation_run_out(annotation);
    for (size_t i = 0; i < workbook.sheet_count; i++)
        names[i] = workbook.sheets[i].name;
    remarks_assign(annotation, names, workbook.sheet_count);

    bool good = xlsx_styles_read(annotation, workbook.part, &styles);

    for (size_t i = 0; good && i < workbook.sheet_count; i++)
        good = annotate_sheet(&workbook, i, &styles);
    return xlsx_styles_write(&styles) && good;
}
