/* annotate_ods_survey.c: running through content.xml: styles, sheets, columns, rows, cells, each repeated as it says. */
#include "sheet/annotate_ods.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMN_RUNS = 1024 };

static const struct name no_content_words = {
    {"檔案缺少試算表的內容，請重新存檔", "the file has no spreadsheet in it; save it again"}};

/* Makes room for one more item of a list in the arena. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t larger = *capacity ? *capacity * 2 : 16;
    char *copy;

    if (count < *capacity)
        return items;
    copy = arena_alloc_array(arena, larger, size);
    if (!copy)
        return NULL;
    if (count)
        memcpy(copy, items, count * size);
    *capacity = larger;
    return copy;
}

static void read_names(struct ods_document *document, const struct xml_tag *root)
{
    struct arena *arena = document->annotation->arena;

    document->names = (struct ods_names){
        .office = xml_prefix(arena, root, "xmlns:office:1.0"),
        .table = xml_prefix(arena, root, "xmlns:table:1.0"),
        .text = xml_prefix(arena, root, "xmlns:text:1.0"),
        .style = xml_prefix(arena, root, "xmlns:style:1.0"),
        .fo = xml_prefix(arena, root, "xmlns:xsl-fo-compatible:1.0"),
    };
}

static bool add_style(struct ods_document *document, const struct xml_tag *tag, struct xml_range range)
{
    const struct ods_names *names = &document->names;
    struct xml_attribute family, name;
    static const char of_cells[] = "table-cell";

    if (!xml_is(tag, names->style, "style") || !xml_find(tag, names->style, "family", &family) ||
        family.value_length != sizeof of_cells - 1 || memcmp(family.value, of_cells, family.value_length) != 0 ||
        !xml_find(tag, names->style, "name", &name))
        return true;
    document->styles = grow(document->annotation->arena, document->styles, document->style_count,
                            &document->style_capacity, sizeof *document->styles);
    if (!document->styles)
        return annotation_run_out(document->annotation);
    document->styles[document->style_count++] =
        (struct ods_style){.name = name.value, .name_length = name.value_length, .range = range};
    return true;
}

static int compare_styles(const void *a, const void *b)
{
    const struct ods_style *x = a, *y = b;
    size_t shorter = x->name_length < y->name_length ? x->name_length : y->name_length;
    int order = memcmp(x->name, y->name, shorter);

    return order ? order : (x->name_length > y->name_length) - (x->name_length < y->name_length);
}

const struct ods_style *ods_find_style(const struct ods_document *document, const char *name)
{
    struct ods_style wanted = {.name = name, .name_length = strlen(name)};

    return document->style_count
               ? bsearch(&wanted, document->styles, document->style_count, sizeof wanted, compare_styles)
               : NULL;
}

static bool survey_styles(struct ods_document *document, const struct xml_tag *tag, struct xml_range range)
{
    struct xml_range content = xml_content(tag, range);
    struct xml_scan scan = {content.start, content.end};
    struct xml_tag child;
    struct xml_range whole;

    document->styles_tag = *tag;
    document->styles_range = range;
    while (xml_next_child(&scan, &child, &whole))
        if (!add_style(document, &child, whole))
            return false;
    if (document->style_count)
        qsort(document->styles, document->style_count, sizeof *document->styles, compare_styles);
    return true;
}

static bool add_sheet(struct ods_document *document, const struct xml_tag *tag, struct xml_range range)
{
    const char *name = xml_text(document->annotation->arena, tag, document->names.table, "name");

    document->sheets = grow(document->annotation->arena, document->sheets, document->sheet_count,
                            &document->sheet_capacity, sizeof *document->sheets);
    if (!document->sheets)
        return annotation_run_out(document->annotation);
    document->sheets[document->sheet_count++] = (struct ods_sheet){.name = name, .tag = *tag, .range = range};
    return true;
}

/* office:body holds office:spreadsheet, and that the sheets. */
static bool survey_body(struct ods_document *document, const struct xml_tag *tag, struct xml_range range)
{
    struct xml_range content = xml_content(tag, range);
    struct xml_scan scan = {content.start, content.end};
    struct xml_tag child;
    struct xml_range whole;

    document->body = range.start;
    while (xml_next(&scan, &child) && !xml_is(&child, document->names.office, "spreadsheet"))
        continue;
    while (xml_next_child(&scan, &child, &whole))
        if (xml_is(&child, document->names.table, "table") && !add_sheet(document, &child, whole))
            return false;
    return true;
}

bool ods_survey(struct ods_document *document)
{
    struct xml_scan scan = {document->content, document->content + document->length};
    struct xml_tag root, tag;
    struct xml_range range;
    bool good = xml_next(&scan, &root);

    if (good)
        read_names(document, &root);
    while (good && xml_next_child(&scan, &tag, &range)) {
        if (xml_is(&tag, document->names.office, "automatic-styles"))
            good = survey_styles(document, &tag, range);
        else if (xml_is(&tag, document->names.office, "body"))
            good = survey_body(document, &tag, range);
    }
    if (good && document->sheet_count > 0 && document->names.text && document->names.style)
        return true;
    return annotation_refuse(document->annotation, &no_content_words);
}

/* ---- rows and cells ---------------------------------------------------------------------------------------------- */

struct ods_rows ods_rows_of(const struct ods_document *document, const struct ods_sheet *sheet)
{
    struct xml_range content = xml_content(&sheet->tag, sheet->range);

    return (struct ods_rows){
        .document = document, .scan = {content.start, content.end}, .next_number = 1, .tail = content.start};
}

static bool is_container(const struct ods_names *names, const struct xml_tag *tag)
{
    static const char *const locals[] = {"table-row-group",    "table-header-rows",    "table-rows",
                                         "table-column-group", "table-header-columns", "table-columns"};

    for (size_t i = 0; i < sizeof locals / sizeof *locals; i++)
        if (xml_is(tag, names->table, locals[i]))
            return true;
    return false;
}

static bool is_hidden(const struct ods_names *names, const struct xml_tag *tag)
{
    struct xml_attribute visibility;

    return xml_find(tag, names->table, "visibility", &visibility) &&
           !(visibility.value_length == 7 && memcmp(visibility.value, "visible", 7) == 0);
}

static size_t read_repeat(const struct ods_names *names, const struct xml_tag *tag, const char *local)
{
    size_t repeat = xml_number(tag, names->table, local, 1);

    return repeat == 0 ? 1 : repeat;
}

static void add_column(struct ods_rows *rows, const struct xml_tag *tag)
{
    const struct ods_names *names = &rows->document->names;
    struct arena *arena = rows->document->annotation->arena;
    struct ods_column column = {.first = rows->next_column,
                                .count = read_repeat(names, tag, "number-columns-repeated"),
                                .style = xml_text(arena, tag, names->table, "default-cell-style-name"),
                                .hidden = is_hidden(names, tag)};
    struct ods_column *columns = NULL;

    rows->next_column += column.count;
    if (rows->column_count < MOST_COLUMN_RUNS)
        columns = grow(arena, rows->columns, rows->column_count, &rows->column_capacity, sizeof *columns);
    if (!columns)
        return;
    rows->columns = columns;
    rows->columns[rows->column_count++] = column;
}

const struct ods_column *ods_column_at(const struct ods_rows *rows, size_t column)
{
    for (size_t i = 0; i < rows->column_count; i++)
        if (column - rows->columns[i].first < rows->columns[i].count)
            return &rows->columns[i];
    return NULL;
}

static void read_row(struct ods_rows *rows, const struct xml_tag *tag, struct ods_row *row)
{
    const struct ods_names *names = &rows->document->names;
    struct arena *arena = rows->document->annotation->arena;

    *row = (struct ods_row){.tag = *tag,
                            .range = {tag->start, xml_skip(&rows->scan, tag)},
                            .number = rows->next_number,
                            .repeat = read_repeat(names, tag, "number-rows-repeated"),
                            .style = xml_text(arena, tag, names->table, "default-cell-style-name"),
                            .hidden = is_hidden(names, tag)};
    rows->next_number += row->repeat;
}

bool ods_next_row(struct ods_rows *rows, struct ods_row *ret_row)
{
    const struct ods_names *names = &rows->document->names;
    struct xml_tag tag;

    while (xml_next(&rows->scan, &tag)) {
        bool container = is_container(names, &tag), row = xml_is(&tag, names->table, "table-row");

        if (tag.kind == XML_CLOSE) {
            if (rows->depth > 0 && --rows->depth == 0)
                rows->tail = tag.end;
            continue;
        }
        if (container && tag.kind == XML_OPEN) {
            rows->depth++;
            continue;
        }
        if (row)
            read_row(rows, &tag, ret_row);
        else
            xml_skip(&rows->scan, &tag);
        if (xml_is(&tag, names->table, "table-column"))
            add_column(rows, &tag);
        if (rows->depth == 0 && (row || xml_is(&tag, names->table, "table-column")))
            rows->tail = rows->scan.at;
        if (row)
            return true;
    }
    return false;
}

struct ods_cells ods_cells_of(const struct ods_document *document, const struct ods_row *row)
{
    struct xml_range content = xml_content(&row->tag, row->range);

    return (struct ods_cells){.document = document, .scan = {content.start, content.end}};
}

bool ods_next_cell(struct ods_cells *cells, struct ods_cell *ret_cell)
{
    const struct ods_names *names = &cells->document->names;
    struct xml_tag tag;
    struct xml_range range;

    while (xml_next_child(&cells->scan, &tag, &range)) {
        if (!xml_is(&tag, names->table, "table-cell") && !xml_is(&tag, names->table, "covered-table-cell"))
            continue;
        *ret_cell = (struct ods_cell){.tag = tag,
                                      .range = range,
                                      .column = cells->next_column,
                                      .repeat = read_repeat(names, &tag, "number-columns-repeated")};
        cells->next_column += ret_cell->repeat;
        return true;
    }
    return false;
}

bool ods_has_comment(const struct ods_document *document, struct xml_range range)
{
    static const char name[] = "annotation";

    return document->names.office && memmem(range.start, (size_t)(range.end - range.start), name, sizeof name - 1);
}
