/* template_sheets.c: the sheet of a form's fields, and the sheet of each table. */
#include <string.h>

#include "sheet/marks.h"
#include "sheet/template_inside.h"
#include "sheet/workbook_write.h"

/* Rows to be filled in, at least so many in all and so many beyond those that are known; below them more may be typed. */
enum { LEAST_ROWS = 30, SPARE_ROWS = 10, ROWS_BELOW = 1000, LONG_TEXT = 200, LONG_TEXT_HEIGHT = 220, HINT_HEIGHT = 60 };

/* ---- fields ----------------------------------------------------------------------------------------------------- */

enum { LABEL_COLUMN = FIRST_COLUMN, VALUE_COLUMN, UNIT_COLUMN, NOTE_COLUMN, HINT_COLUMN, BEHIND_COLUMN };

static const char *const field_headings[] = {
    [MARK_COLUMN] = "代碼", [LABEL_COLUMN] = "欄位", [VALUE_COLUMN] = "填報值",
    [UNIT_COLUMN] = "單位", [NOTE_COLUMN] = "說明",  [HINT_COLUMN] = "填寫提示"};

static bool is_long_text(const struct item *item)
{
    return item->type == ITEM_TEXT && item->max_length > LONG_TEXT;
}

static void set_field_columns(const struct form *form, struct workbook_sheet *sheet)
{
    static const int narrow[] = {MARK_WIDTH, 720, 350, 120, 350, 260}, wide[] = {MARK_WIDTH, 560, 640, 110, 270, 220};
    const int *widths = narrow;
    size_t texts = 0;
    static const enum cell_style styles[] = {
        [MARK_COLUMN] = STYLE_SYSTEM, [LABEL_COLUMN] = STYLE_PLAIN, [VALUE_COLUMN] = STYLE_PLAIN,
        [UNIT_COLUMN] = STYLE_PLAIN,  [NOTE_COLUMN] = STYLE_PLAIN,  [HINT_COLUMN] = STYLE_PLAIN};

    for (size_t i = 0; i < form->field_count; i++)
        texts += !item_is_number(&form->fields[i]) && form->fields[i].type != ITEM_DATE;
    if (texts * 2 > form->field_count)
        widths = wide;
    for (size_t c = 0; c < BEHIND_COLUMN; c++)
        sheet_set_column(sheet, c, widths[c], styles[c]);
    sheet_column(sheet, MARK_COLUMN)->hidden = true;
}

static void put_group(struct workbook_sheet *sheet, size_t row, const char *name)
{
    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, MARK_COMMENT);
    sheet_put_wide(sheet, row, FIRST_COLUMN, BEHIND_COLUMN - FIRST_COLUMN, STYLE_GROUP, name);
    template_fit_row(sheet, row, ROW_HEIGHT);
}

static void put_field(struct template *template, struct workbook_sheet *sheet, size_t row, const struct item *field)
{
    const char *path = arena_format(template->arena, "fields.%s", field->code);
    const char *note =
        path ? json_string_value(json_object_get(json_object_get(template->document, "notes"), path)) : NULL;

    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, field->code);
    sheet_put_text(sheet, row, LABEL_COLUMN, STYLE_LABEL, field->name.text[LANGUAGE_ZH]);
    template_put_value(template, sheet, row, VALUE_COLUMN, field,
                       json_object_get(json_object_get(template->document, "fields"), field->code));
    sheet_put_text(sheet, row, UNIT_COLUMN, STYLE_HINT, template_item_unit(field));
    sheet_put_text(sheet, row, NOTE_COLUMN, STYLE_INPUT_TEXT, note ? template_text(template, note) : NULL);
    sheet_put_text(sheet, row, HINT_COLUMN, STYLE_HINT, template_item_hint(field, template->arena));
    template_validate(template, sheet, VALUE_COLUMN, row, row, field);
    template_fit_row(sheet, row, is_long_text(field) ? LONG_TEXT_HEIGHT : ROW_HEIGHT);
}

/* Fields under a heading for each group of several; what stands apart behind a group has a heading of its own. */
static void put_fields(struct template *template, struct workbook_sheet *sheet, size_t row)
{
    const struct form *form = template->request->form;
    bool grouped = false;

    for (size_t i = 0; i < form->field_count;) {
        struct field_group group = template_group(template->arena, form, i);

        if (group.name)
            put_group(sheet, row++, group.name);
        else if (grouped)
            put_group(sheet, row++, "其他");
        grouped = group.name != NULL;
        for (; group.count > 0; group.count--)
            put_field(template, sheet, row++, &form->fields[i++]);
    }
}

void template_add_fields(struct template *template)
{
    const struct form *form = template->request->form;
    struct workbook_sheet *sheet =
        workbook_sheet(template->workbook, template_short_name(template->arena, form->name.text[LANGUAGE_ZH]));

    if (!sheet)
        return;
    set_field_columns(form, sheet);

    size_t row = template_put_top(template, sheet, BEHIND_COLUMN - FIRST_COLUMN, form->name.text[LANGUAGE_ZH]);

    template_put_mark(sheet, row++, MARK_FIELDS, NULL);
    for (size_t c = 0; c < BEHIND_COLUMN; c++)
        sheet_put_text(sheet, row, c, c == MARK_COLUMN ? STYLE_SYSTEM : STYLE_HEADING, field_headings[c]);
    template_fit_row(sheet, row, ROW_HEIGHT);
    sheet->locked = true;
    sheet->repeated_row = row;
    sheet->repeated_row_count = 1;
    sheet->frozen_rows = row + 1;
    put_fields(template, sheet, row + 1);
}

/* ---- tables ----------------------------------------------------------------------------------------------------- */

/* A column is as wide as its values want, and its heading in three lines at most, the last of which isn't a bracket. */
static int column_width(const struct item *item)
{
    enum { CHARACTER = 41, PADDING = 24, HEADING_LINES = 3 };
    int width = template_item_width(item), length = 0, in_line;

    for (const char *p = item->name.text[LANGUAGE_ZH]; *p; p++)
        length += ((unsigned char)*p & 0xc0) != 0x80;
    in_line = (width - PADDING) / CHARACTER;
    while (in_line * HEADING_LINES < length || (in_line < length && length % in_line == 1))
        in_line++;
    return width > in_line * CHARACTER + PADDING ? width : in_line * CHARACTER + PADDING;
}

/* Lets the columns of texts have what is left of the page. */
static void fill_page(const struct table *table, struct workbook_sheet *sheet)
{
    int left = page_width(sheet->landscape) - sheet_width(sheet), texts = 0;

    for (size_t c = 0; c < table->column_count; c++)
        texts += table->columns[c].type == ITEM_TEXT;
    for (size_t c = 0; texts > 0 && left > 0 && c < table->column_count; c++)
        if (table->columns[c].type == ITEM_TEXT)
            sheet->columns[FIRST_COLUMN + c].width += left / texts;
}

static void set_table_columns(const struct table *table, struct workbook_sheet *sheet)
{
    sheet_set_column(sheet, MARK_COLUMN, MARK_WIDTH, STYLE_SYSTEM);
    for (size_t c = 0; c < table->column_count; c++)
        sheet_set_column(sheet, FIRST_COLUMN + c, column_width(&table->columns[c]),
                         template_item_style(&table->columns[c]));
    sheet_column(sheet, MARK_COLUMN)->hidden = true;
    sheet->landscape = sheet_width(sheet) > page_width(false);
    fill_page(table, sheet);
}

/* "#none": the table is left out unless this row says that there was nothing, or rows are filled in. */
static void put_none(struct workbook_sheet *sheet, size_t row, bool none)
{
    enum { LABEL_WIDTH = 860 };
    static const char *const words[] = {NONE_WORD};
    size_t column = FIRST_COLUMN;

    for (int width = 0; width < LABEL_WIDTH && column + 1 < sheet->column_count; column++)
        width += sheet->columns[column].width;
    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, MARK_NONE);
    sheet_put_wide(sheet, row, FIRST_COLUMN, (unsigned)(column - FIRST_COLUMN), STYLE_LABEL,
                   "本期如無任何資料，請在右邊黃格填「" NONE_WORD "」，下表留空 →");
    sheet_put_text(sheet, row, column, STYLE_INPUT_CODE, none ? NONE_WORD : NULL);
    sheet_validate(sheet, (struct workbook_validation){.kind = VALIDATION_LIST,
                                                       .first_row = row,
                                                       .last_row = row,
                                                       .first_column = column,
                                                       .last_column = column,
                                                       .choices = words,
                                                       .choice_count = 1,
                                                       .title = "本期無資料",
                                                       .message = "本期無資料請填「" NONE_WORD "」，有資料請留空。"});
    template_fit_row(sheet, row, ROW_HEIGHT);
}

/* The headings, and below each what is asked for. Returns the row behind them. */
static size_t put_headings(struct template *template, struct workbook_sheet *sheet, size_t row,
                           const struct table *table)
{
    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, COLUMN_ROW);
    sheet_put_text(sheet, row + 1, MARK_COLUMN, STYLE_SYSTEM, MARK_COMMENT);
    for (size_t c = 0; c < table->column_count; c++) {
        const struct item *column = &table->columns[c];
        const char *unit = template_item_unit(column), *hint = template_item_hint(column, template->arena);

        sheet_put_text(sheet, row, FIRST_COLUMN + c, STYLE_HEADING, column_heading(table, c, LANGUAGE_ZH));
        sheet_put_text(sheet, row + 1, FIRST_COLUMN + c, STYLE_HINT,
                       unit && *hint ? arena_format(template->arena, "%s（%s）", hint, unit) : hint);
    }
    template_fit_row(sheet, row, ROW_HEIGHT);
    template_fit_row(sheet, row + 1, HINT_HEIGHT);
    sheet->repeated_row = row;
    sheet->repeated_row_count = 1;
    sheet->frozen_rows = row + 2;
    return row + 2;
}

static void put_row(struct template *template, struct workbook_sheet *sheet, size_t row, const struct table *table,
                    const json_t *known)
{
    const char *identity = json_string_value(json_object_get(known, COLUMN_ROW));

    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, identity ? template_text(template, identity) : NULL);
    for (size_t c = 0; c < table->column_count; c++)
        template_put_value(template, sheet, row, FIRST_COLUMN + c, &table->columns[c],
                           json_object_get(known, table->columns[c].code));
    template_fit_row(sheet, row, ROW_HEIGHT);
}

static void put_rows(struct template *template, struct workbook_sheet *sheet, size_t first, const struct table *table,
                     const json_t *list)
{
    size_t known = json_array_size(list), count = known + SPARE_ROWS > LEAST_ROWS ? known + SPARE_ROWS : LEAST_ROWS;

    for (size_t i = 0; i < count; i++)
        put_row(template, sheet, first + i, table, json_array_get(list, i));
    for (size_t c = 0; c < table->column_count; c++)
        template_validate(template, sheet, FIRST_COLUMN + c, first, first + count + ROWS_BELOW - 1, &table->columns[c]);
}

void template_add_table(struct template *template, const struct table *table)
{
    const struct form *form = template->request->form;
    const char *form_name = form->name.text[LANGUAGE_ZH], *name = table->name.text[LANGUAGE_ZH];
    const json_t *list = json_object_get(json_object_get(template->document, "tables"), table->code);
    struct workbook_sheet *sheet = workbook_sheet(template->workbook, name);

    if (!sheet)
        return;
    set_table_columns(table, sheet);

    bool alone = form->table_count == 1 && form->field_count == 0;
    const char *title = alone ? form_name : arena_format(template->arena, "%s　%s", form_name, name);
    size_t row = template_put_top(template, sheet, table->column_count, title);

    template_put_mark(sheet, row++, MARK_TABLE, table->code);
    put_none(sheet, row++, json_is_array(list) && json_array_size(list) == 0);
    row = put_headings(template, sheet, row, table);
    put_rows(template, sheet, row, table, list);
    sheet->locked = true;
}
