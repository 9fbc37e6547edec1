/* annotate_ods.c: the marks of an ODS file, all of them in content.xml. */
#include "sheet/annotate_ods.h"

/* Looks at one row of a sheet for merged cells and for what an earlier annotation left. */
static bool survey_row(struct annotation *annotation, const struct ods_document *document, const struct ods_row *row,
                       struct remark *remarks, size_t count, struct marks *clean)
{
    const char *table = document->names.table;
    struct ods_cells cells = ods_cells_of(document, row);
    bool has_comment = ods_has_comment(document, row->range);
    struct ods_cell cell;

    while (ods_next_cell(&cells, &cell)) {
        struct cell_area area = {row->number, cell.column, xml_number(&cell.tag, table, "number-rows-spanned", 1),
                                 xml_number(&cell.tag, table, "number-columns-spanned", 1)};

        if (area.rows > 1 || area.columns > 1)
            remarks_gather(annotation, remarks, count, &area);
        if (has_comment && row->repeat == 1 && cell.repeat == 1 && ods_has_comment(document, cell.range) &&
            annotation_has_sign(annotation, cell.range.start, cell.range.end) &&
            !marks_add_clean(annotation, clean, row->number, cell.column))
            return false;
    }
    return true;
}

/* The first cell that a reader sees bears what belongs to no cell. */
static void settle(const struct ods_document *document, const struct ods_sheet *sheet, struct remark *remarks,
                   size_t count)
{
    struct ods_rows rows = ods_rows_of(document, sheet);
    struct ods_row row;
    size_t number = 1, column = 0;

    while (ods_next_row(&rows, &row)) {
        number = row.number;
        if (!row.hidden)
            break;
        number = 1;
    }
    for (size_t i = 0; i < rows.column_count && rows.columns[i].hidden; i++)
        column = rows.columns[i].first + rows.columns[i].count;
    remarks_settle(remarks, count, number, column < MOST_SHEET_COLUMNS ? column : 0);
}

/* Looks at all of a sheet, and brings each remark to the cell that will bear it. */
static bool survey_sheet(const struct ods_document *document, const struct ods_sheet *sheet, struct remark *remarks,
                         size_t count, struct marks *clean)
{
    struct ods_rows rows = ods_rows_of(document, sheet);
    struct ods_row row;

    while (ods_next_row(&rows, &row)) {
        if (count > 0 && row.hidden)
            remarks_hide(document->annotation, remarks, count,
                         &(struct cell_area){row.number, 0, row.repeat, MOST_SHEET_COLUMNS});
        if (!survey_row(document->annotation, document, &row, remarks, count, clean))
            return false;
    }
    for (size_t i = 0; i < rows.column_count && count > 0; i++)
        if (rows.columns[i].hidden)
            remarks_hide(document->annotation, remarks, count,
                         &(struct cell_area){1, rows.columns[i].first, MOST_SHEET_ROWS, rows.columns[i].count});
    if (count > 0)
        settle(document, sheet, remarks, count);
    return true;
}

static bool annotate_sheet(struct ods_document *document, size_t index)
{
    struct annotation *annotation = document->annotation;
    const struct ods_sheet *sheet = &document->sheets[index];
    struct marks marks, clean = {0};
    size_t count;
    struct remark *remarks = remarks_of_sheet(annotation, index, &count);

    if (!survey_sheet(document, sheet, remarks, count, &clean) || !marks_make(annotation, remarks, count, &marks))
        return false;
    for (size_t i = 0; i < clean.count; i++)
        if (!marks_add_clean(annotation, &marks, clean.items[i].row, clean.items[i].column))
            return false;
    marks_sort(&marks);
    return ods_edit_sheet(document, sheet, &marks);
}

/* The new styles stand behind the others. */
static void place_styles(struct ods_document *document)
{
    struct buffer *text = &document->new_style_text, whole = BUFFER_WITH_LIMIT(text->limit + 1024);
    const struct xml_tag *tag = &document->styles_tag;
    const char *office = document->names.office;

    if (text->length == 0 && !text->failed)
        return;
    if (tag->start && tag->kind == XML_OPEN) {
        const char *end = xml_content(tag, document->styles_range).end;

        xml_replace(&document->edits, (struct xml_range){end, end}, text);
    } else {
        struct xml_range range =
            tag->start ? document->styles_range : (struct xml_range){document->body, document->body};

        buffer_append_format(&whole, "<%sautomatic-styles>", office);
        buffer_append(&whole, text->data ? text->data : "", text->length);
        buffer_append_format(&whole, "</%sautomatic-styles>", office);
        xml_replace(&document->edits, range, &whole);
    }
    buffer_free(&whole);
}

static bool write_content(struct ods_document *document)
{
    struct buffer text = BUFFER_WITH_LIMIT(4 * (size_t)ANNOTATION_LARGEST_PART);

    if (document->edits.count == 0)
        return true;
    place_styles(document);
    if (document->new_style_text.failed || !xml_apply(&document->edits, document->content, document->length, &text)) {
        buffer_free(&text);
        return annotation_run_out(document->annotation);
    }
    return part_write(document->annotation, ODS_CONTENT, &text, true);
}

static bool annotate_sheets(struct ods_document *document)
{
    struct annotation *annotation = document->annotation;
    const char **names = arena_alloc_array(annotation->arena, document->sheet_count + 1, sizeof *names);

    if (!names)
        return annotation_run_out(annotation);
    for (size_t i = 0; i < document->sheet_count; i++)
        names[i] = document->sheets[i].name;
    remarks_assign(annotation, names, document->sheet_count);
    for (size_t i = 0; i < document->sheet_count; i++)
        if (!annotate_sheet(document, i))
            return false;
    return write_content(document);
}

bool annotate_ods(struct annotation *annotation)
{
    struct ods_document document = {.annotation = annotation,
                                    .edits = {.arena = annotation->arena},
                                    .new_style_text = BUFFER_WITH_LIMIT(ANNOTATION_LARGEST_PART)};

    document.content = part_read(annotation, ODS_CONTENT, &document.length);

    bool good = document.content && ods_survey(&document) && annotate_sheets(&document);

    buffer_free(&document.new_style_text);
    return good;
}
