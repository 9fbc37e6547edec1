/* paper_ods.c: a paper's tables and the figures of its charts as a workbook, a sheet each. */
#include "base/decimal.h"
#include "paper/wording.h"
#include "paper/write.h"
#include "sheet/workbook.h"

enum { SCRATCH_LIMIT = 128 * 1024 * 1024, CHARACTER_WIDTH = 22, PADDING = 40, TITLE_HEIGHT = 110 };

static void put_figure(struct workbook_sheet *sheet, size_t row, size_t column, enum paper_holding holding,
                       const char *text)
{
    struct decimal exact;

    if (!text || !*text)
        sheet_put_text(sheet, row, column, STYLE_TEXT, NULL);
    else if (holding == PAPER_WORDS || !decimal_parse(text, &exact))
        sheet_put_text(sheet, row, column, STYLE_TEXT, text);
    else
        sheet_put_decimal(sheet, row, column,
                          holding == PAPER_RATE ? STYLE_RATE
                          : exact.scale         ? STYLE_DECIMAL
                                                : STYLE_INTEGER,
                          text);
}

/* The caption, that the figures are samples, and the moment. The next row is returned. */
static size_t put_top(struct workbook_sheet *sheet, const struct paper_head *head, struct arena *arena,
                      const char *caption, size_t columns)
{
    unsigned wide = (unsigned)columns;
    size_t row = 0;

    sheet_put_wide(sheet, row++, 0, wide, STYLE_TITLE, caption);

    struct workbook_row *first = sheet_row(sheet, 0);

    if (first)
        first->height = TITLE_HEIGHT;
    if (head->sample)
        sheet_put_wide(sheet, row++, 0, wide, STYLE_WARNING, head->sample);
    if (head->moment)
        sheet_put_wide(sheet, row++, 0, wide, STYLE_NOTE,
                       arena_format(arena, "%s%s%s", paper_word(WORD_AS_OF, head->language),
                                    head->language == LANGUAGE_ZH ? "：" : ": ",
                                    shown_moment(arena, head->moment, head->language)));
    return row;
}

static void put_notes(struct workbook_sheet *sheet, size_t row, struct arena *arena, const char *const *notes,
                      size_t count, size_t columns, enum language language)
{
    for (size_t i = 0; i < count; i++)
        sheet_put_wide(sheet, row + i, 0, (unsigned)columns, STYLE_NOTE,
                       note_text(arena, notes[i], i, count, language));
}

/* Headings in one row or, with groups, in two; the row behind them is returned. */
static size_t put_headings(struct workbook_sheet *sheet, const struct paper_table *table, size_t row)
{
    bool groups = has_groups(table);

    sheet->repeated_row = row;
    sheet->repeated_row_count = groups ? 2 : 1;
    for (size_t c = 0; c < table->column_count;) {
        size_t span = group_span(table, c);

        if (table->columns[c].group)
            sheet_put_wide(sheet, row, c, (unsigned)span, STYLE_HEADING, table->columns[c].group);
        for (size_t end = c + span; c < end; c++) {
            const struct paper_column *column = &table->columns[c];
            struct workbook_cell cell = {.holding = HOLDS_TEXT, .style = STYLE_HEADING, .text = column->heading};

            if (groups && !column->group) {
                cell.span_rows = 2;
                cell.span_columns = 1;
                sheet_put(sheet, row, c, cell);
                sheet_put_text(sheet, row + 1, c, STYLE_HEADING, NULL);
            } else {
                sheet_put(sheet, groups ? row + 1 : row, c, cell);
            }
        }
    }
    sheet->frozen_rows = row + sheet->repeated_row_count;
    return sheet->frozen_rows;
}

static size_t put_rows(struct workbook_sheet *sheet, const struct paper_table *table, size_t row)
{
    for (size_t r = 0; r < table->row_count; r++, row++) {
        const struct paper_row *one = &table->rows[r];

        if (one->kind == PAPER_ROW_GROUP) {
            sheet_put_wide(sheet, row, 0, (unsigned)table->column_count, STYLE_GROUP, one->texts[0]);
            continue;
        }
        for (size_t c = 0; c < table->column_count; c++)
            put_figure(sheet, row, c, table->columns[c].holding, one->texts[c]);
    }
    return row;
}

static void put_table(struct workbook *workbook, const struct paper *paper, const struct paper_table *table)
{
    enum language language = paper->head.language;
    const char *name = table->number
                           ? arena_format(workbook->arena, language == LANGUAGE_ZH ? "表%u" : "Table %u", table->number)
                           : arena_format(workbook->arena, "%zu", workbook->sheet_count + 1);
    struct workbook_sheet *sheet = workbook_sheet(workbook, name ? name : "");
    size_t row;

    if (!sheet)
        return;
    sheet->landscape = table->wide;
    for (size_t c = 0; c < table->column_count; c++)
        sheet_set_column(sheet, c, (int)wanted_width(table, c) * CHARACTER_WIDTH + PADDING, STYLE_PLAIN);
    row = put_top(sheet, &paper->head, workbook->arena,
                  table->number ? table_caption(workbook->arena, table, language) : paper->head.title,
                  table->column_count);
    row = put_rows(sheet, table, put_headings(sheet, table, row));
    put_notes(sheet, row, workbook->arena, table->notes, table->note_count, table->column_count, language);
}

enum { CHART_COLUMNS = 9 };

static void put_point(struct workbook_sheet *sheet, size_t row, const char *series, const struct chart_point *point,
                      enum language language)
{
    const char *const figures[] = {point->value, point->low, point->high, point->target, point->size};

    sheet_put_text(sheet, row, 0, STYLE_TEXT, series);
    sheet_put_text(sheet, row, 1, STYLE_TEXT, point->label);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        put_figure(sheet, row, 2 + i, PAPER_NUMBER, figures[i]);
    sheet_put_text(sheet, row, 7, STYLE_TEXT,
                   point->standing == STANDING_NONE
                       ? NULL
                       : paper_word(point->standing == STANDING_MET ? WORD_MET : WORD_BELOW, language));
    sheet_put_text(sheet, row, 8, STYLE_TEXT, point->remark);
}

static void put_chart(struct workbook *workbook, const struct paper *paper, const struct paper_chart *chart)
{
    static const char *const headings[CHART_COLUMNS][2] = {
        {"數列", "Series"}, {"項目", "Item"}, {"數值", "Value"},     {"下限", "Low"},   {"上限", "High"},
        {"目標", "Target"}, {"人數", "Size"}, {"達成情形", "State"}, {"說明", "Remark"}};
    static const int widths[CHART_COLUMNS] = {320, 320, 240, 240, 240, 240, 240, 340, 420};
    enum language language = paper->head.language;
    const char *name = arena_format(workbook->arena, language == LANGUAGE_ZH ? "圖%u" : "Figure %u", chart->number);
    struct workbook_sheet *sheet = workbook_sheet(workbook, name ? name : "");
    size_t row;

    if (!sheet)
        return;
    row = put_top(sheet, &paper->head, workbook->arena, chart_caption(workbook->arena, chart, language), CHART_COLUMNS);
    for (size_t c = 0; c < CHART_COLUMNS; c++) {
        sheet_set_column(sheet, c, widths[c], STYLE_PLAIN);
        sheet_put_text(sheet, row, c, STYLE_HEADING, headings[c][language]);
    }
    sheet->repeated_row = row;
    sheet->repeated_row_count = 1;
    sheet->frozen_rows = ++row;
    for (size_t s = 0; s < chart->series_count; s++)
        for (size_t i = 0; i < chart->series[s].point_count; i++)
            put_point(sheet, row++, chart->series[s].name, &chart->series[s].points[i], language);
    for (size_t i = 0; i < chart->limit_count; i++)
        put_point(sheet, row++, paper_word(WORD_LIMITS, language), &chart->limits[i], language);
    put_notes(sheet, row, workbook->arena, chart->notes, chart->note_count, CHART_COLUMNS, language);
}

bool paper_write_ods(const struct paper *paper, struct buffer *out)
{
    struct arena *arena = paper_is_sound(paper) ? arena_new(SCRATCH_LIMIT) : NULL;
    struct workbook *workbook = arena ? workbook_in(arena, paper->head.title) : NULL;
    bool good;

    for (size_t i = 0; workbook && i < paper->block_count; i++) {
        const struct paper_block *block = &paper->blocks[i];

        if (block->kind == PAPER_TABLE)
            put_table(workbook, paper, block->table);
        else if (block->kind == PAPER_CHART)
            put_chart(workbook, paper, block->chart);
    }
    good = workbook && workbook->sheet_count > 0 && workbook_write(workbook, WORKBOOK_ODS, out);
    arena_free(arena);
    return good;
}
