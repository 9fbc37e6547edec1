/* paper_json.c: a paper as JSON. */
#include <string.h>

#include "paper/write.h"

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* The list with one more item, which it takes; NULL, and nothing left, if either is missing or memory is. */
static json_t *with_item(json_t *list, json_t *item)
{
    if (json_array_append_new(list, item) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *texts_to_json(const char *const *texts, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        list = with_item(list, text_or_null(texts[i]));
    return list;
}

static json_t *head_to_json(const struct paper_head *head)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "title", text_or_null(head->title), "subtitle",
                     text_or_null(head->subtitle), "organisation", text_or_null(head->organisation), "date",
                     text_or_null(head->date), "identifier", text_or_null(head->identifier), "moment",
                     text_or_null(head->moment), "sample", text_or_null(head->sample), "language",
                     head->language == LANGUAGE_ZH ? "zh" : "en");
}

static json_t *columns_to_json(const struct paper_table *table)
{
    static const char *const holdings[] = {"words", "number", "rate"};
    json_t *list = json_array();

    for (size_t c = 0; c < table->column_count; c++)
        list = with_item(list, json_pack("{s:o, s:o, s:s}", "heading", text_or_null(table->columns[c].heading), "group",
                                         text_or_null(table->columns[c].group), "holding",
                                         holdings[table->columns[c].holding]));
    return list;
}

static json_t *rows_to_json(const struct paper_table *table)
{
    static const char *const kinds[] = {"plain", "group", "total"};
    json_t *list = json_array();

    for (size_t r = 0; r < table->row_count; r++) {
        const struct paper_row *row = &table->rows[r];
        size_t count = row->kind == PAPER_ROW_GROUP ? 1 : table->column_count;

        list = with_item(list,
                         json_pack("{s:s, s:o}", "kind", kinds[row->kind], "texts", texts_to_json(row->texts, count)));
    }
    return list;
}

static json_t *table_to_json(const struct paper_table *table)
{
    return json_pack("{s:s, s:i, s:o, s:o, s:i, s:b, s:o, s:o, s:o}", "kind", "table", "number", (int)table->number,
                     "caption", text_or_null(table->caption), "key", text_or_null(table->key), "key_columns",
                     (int)table->key_columns, "wide", (int)table->wide, "columns", columns_to_json(table), "rows",
                     rows_to_json(table), "notes", texts_to_json(table->notes, table->note_count));
}

static json_t *points_to_json(const struct chart_point *points, size_t count)
{
    static const char *const standings[] = {"none", "met", "below"};
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        list = with_item(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b}", "label",
                                         text_or_null(points[i].label), "value", text_or_null(points[i].value), "low",
                                         text_or_null(points[i].low), "high", text_or_null(points[i].high), "target",
                                         text_or_null(points[i].target), "size", text_or_null(points[i].size), "remark",
                                         text_or_null(points[i].remark), "standing", standings[points[i].standing],
                                         "small", (int)points[i].small));
    return list;
}

static json_t *chart_to_json(const struct paper_chart *chart)
{
    static const char *const kinds[] = {"bars", "lines", "intervals", "funnel"};
    json_t *series = json_array();

    for (size_t s = 0; s < chart->series_count; s++)
        series = with_item(series, json_pack("{s:o, s:o}", "name", text_or_null(chart->series[s].name), "points",
                                             points_to_json(chart->series[s].points, chart->series[s].point_count)));
    return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "chart", "chart", kinds[chart->kind],
                     "number", (int)chart->number, "caption", text_or_null(chart->caption), "description",
                     text_or_null(chart->description), "unit", text_or_null(chart->unit), "series", series, "limits",
                     points_to_json(chart->limits, chart->limit_count), "notes",
                     texts_to_json(chart->notes, chart->note_count));
}

static json_t *runs_to_json(const struct paper_block *block)
{
    json_t *list = json_array();

    for (size_t i = 0; i < block->run_count; i++)
        list = with_item(
            list, json_pack("{s:o, s:b}", "text", text_or_null(block->runs[i].text), "bold", (int)block->runs[i].bold));
    return list;
}

static json_t *lines_to_json(const struct paper_block *block)
{
    json_t *list = json_array();

    for (size_t i = 0; i < block->line_count; i++)
        list = with_item(list, json_pack("{s:o, s:o}", "label", text_or_null(block->lines[i].label), "text",
                                         text_or_null(block->lines[i].text)));
    return list;
}

static json_t *block_to_json(const struct paper_block *block)
{
    static const char *const styles[] = {"body", "lead", "centred", "small", "title"};

    switch (block->kind) {
    case PAPER_COVER: return json_pack("{s:s, s:o}", "kind", "cover", "lines", lines_to_json(block));
    case PAPER_CONTENTS: return json_pack("{s:s}", "kind", "contents");
    case PAPER_HEADING:
        return json_pack("{s:s, s:i, s:o, s:o}", "kind", "heading", "level", (int)block->level, "number",
                         text_or_null(block->number), "text", text_or_null(block->text));
    case PAPER_PARAGRAPH:
        return json_pack("{s:s, s:s, s:o}", "kind", "paragraph", "style", styles[block->style], "runs",
                         runs_to_json(block));
    case PAPER_ITEM:
        return json_pack("{s:s, s:i, s:o, s:o}", "kind", "item", "level", (int)block->level, "number",
                         text_or_null(block->number), "runs", runs_to_json(block));
    case PAPER_TABLE: return table_to_json(block->table);
    case PAPER_CHART: return chart_to_json(block->chart);
    case PAPER_BREAK: return json_pack("{s:s}", "kind", "break");
    case PAPER_BOX:
        return json_pack("{s:s, s:o, s:o}", "kind", "box", "text", text_or_null(block->text), "lines",
                         lines_to_json(block));
    case PAPER_KIND_COUNT: break;
    }
    return NULL;
}

json_t *paper_to_json(const struct paper *paper)
{
    json_t *blocks;

    if (!paper_is_sound(paper))
        return NULL;
    blocks = json_array();
    for (size_t i = 0; i < paper->block_count && blocks; i++)
        blocks = with_item(blocks, block_to_json(&paper->blocks[i]));
    return json_pack("{s:o, s:o}", "head", head_to_json(&paper->head), "blocks", blocks);
}
