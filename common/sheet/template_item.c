/* template_item.c: the cells of one field or column: look, width, hint, what may be typed, and a value put in. */
#include <stdint.h>
#include <string.h>

#include "sheet/template_inside.h"
#include "sheet/value.h"

enum { CELL_LIMIT = 1024 * 1024, LONG_TEXT = 200 };

/* By enum item_type. Widths are for numbers and dates as people write them, in tenths of a millimetre. */
static const struct {
    enum cell_style style;
    int width;
    const char *hint; /* NULL: made from the item */
} cells[] = {
    [ITEM_COUNT] = {STYLE_INPUT_INTEGER, 185, "0 以上整數"},
    [ITEM_MONEY] = {STYLE_INPUT_MONEY, 270, "整數"},
    [ITEM_DECIMAL] = {STYLE_INPUT_DECIMAL, 170, NULL},
    [ITEM_DATE] = {STYLE_INPUT_DATE, 265, "如 113/4/30"},
    [ITEM_TEXT] = {STYLE_INPUT_TEXT, 0, ""},
    [ITEM_CODE] = {STYLE_INPUT_CODE, 0, "自選單點選"},
    [ITEM_CODES] = {STYLE_INPUT_CODE, 0, "可複選，以「、」分隔"},
    [ITEM_BOOLEAN] = {STYLE_INPUT_CODE, 170, "是或否"},
    [ITEM_KEY] = {STYLE_INPUT_TEXT, 160, "不可重複"},
    [ITEM_URL] = {STYLE_INPUT_TEXT, 500, "https://…"},
    [ITEM_EMAIL] = {STYLE_INPUT_TEXT, 450, "電子郵件"},
    [ITEM_PHONE] = {STYLE_INPUT_TEXT, 320, "如 03-3322101"},
};

static const struct {
    const char *unit, *word;
} units[] = {{"person", "人"}, {"hour", "小時"}, {"ntd", "元"}, {"session", "場"}, {"partner", "個"}};

static const char *const truth[] = {"是", "否"};

enum cell_style template_item_style(const struct item *item)
{
    return cells[item->type].style;
}

const char *template_item_unit(const struct item *item)
{
    static const char attendances[] = "人次"; /* the same person twice is two of them */

    if (strstr(item->name.text[LANGUAGE_ZH], attendances))
        return attendances;
    for (size_t i = 0; item->unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, item->unit) == 0)
            return units[i].word;
    return item->unit;
}

const char *template_item_hint(const struct item *item, struct arena *arena)
{
    char step[DECIMAL_TEXT_SIZE];

    if (item->origin)
        return arena_format(arena, "應與%s一致",
                            template_short_name(arena, item->origin->form->name.text[LANGUAGE_ZH]));
    if (cells[item->type].hint)
        return cells[item->type].hint;
    decimal_format(item->step, step);
    return arena_format(arena, "%s 的倍數", step);
}

/* The longest name of a list, in characters. */
static int longest_name(const struct code_list *list)
{
    int longest = 0;

    for (size_t i = 0; i < list->entry_count; i++) {
        int length = 0;

        for (const char *p = list->entries[i].name.text[LANGUAGE_ZH]; *p; p++)
            length += ((unsigned char)*p & 0xc0) != 0x80;
        if (length > longest)
            longest = length;
    }
    return longest;
}

int template_item_width(const struct item *item)
{
    enum { CHARACTER = 41, NARROWEST = 230, WIDEST_LIST = 370, SHORT_TEXT = 330, WIDE_TEXT = 470 };
    int width = cells[item->type].width;

    if (width > 0)
        return width;
    if (item->codes) {
        width = longest_name(item->codes) * CHARACTER + CHARACTER;
        return width < NARROWEST ? NARROWEST : width > WIDEST_LIST ? WIDEST_LIST : width;
    }
    return item->max_length > LONG_TEXT ? WIDE_TEXT : SHORT_TEXT;
}

/* The cell's text as the reader wants it; in the arena. */
static const char *value_text(struct template *template, const struct item *item, const json_t *value)
{
    struct buffer cell = BUFFER_WITH_LIMIT(CELL_LIMIT);
    const char *text = NULL;

    if (buffer_append_text(&cell, "") && value_write(item, value, LANGUAGE_ZH, &cell))
        text = arena_copy(template->arena, cell.data, cell.length);
    if (!text)
        arena_note_shortage(template->arena);
    buffer_free(&cell);
    return text;
}

/* A date as people type it, 113/4/30; any other text as it is. */
static const char *date_text(struct arena *arena, const char *text)
{
    struct date date;

    if (!date_parse_iso(text, &date) || date.year <= ROC_EPOCH)
        return text;
    return arena_format(arena, "%d/%d/%d", date.year - ROC_EPOCH, date.month, date.day);
}

void template_put_value(struct template *template, struct workbook_sheet *sheet, size_t row, size_t column,
                        const struct item *item, const json_t *value)
{
    enum cell_style style = template_item_style(item);
    const char *text = arena_text(template->arena, json_string_value(value));
    struct decimal decimal;

    if (!value || json_is_null(value))
        sheet_put_text(sheet, row, column, style, NULL);
    else if (json_is_integer(value) && item_is_number(item))
        sheet_put_integer(sheet, row, column, style, json_integer_value(value));
    else if (text && item->type == ITEM_DECIMAL && decimal_parse(text, &decimal))
        sheet_put_decimal(sheet, row, column, style, text);
    else if (text && item->type == ITEM_DATE)
        sheet_put_text(sheet, row, column, style, date_text(template->arena, text));
    else
        sheet_put_text(sheet, row, column, style, value_text(template, item, value));
}

/* ---- what may be typed ------------------------------------------------------------------------------------------ */

/* Whether a rule of the form wants this date within the period. */
static bool is_in_period(const struct form *form, const struct item *item)
{
    for (size_t i = 0; i < form->rule_count; i++)
        if (form->rules[i].kind == RULE_IN_PERIOD && form->rules[i].subject == item)
            return true;
    return false;
}

static const char *iso(struct arena *arena, struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_format_iso(date, text);
    return arena_text(arena, text);
}

static void set_dates(const struct template *template, const struct item *item, struct workbook_validation *rule)
{
    const struct template_request *request = template->request;
    struct date first = {request->plan->from + ROC_EPOCH - 10, 1, 1},
                last = {request->plan->to + ROC_EPOCH + 10, 12, 31};

    if (is_in_period(request->form, item))
        period_bounds(request->period, &first, &last);
    rule->kind = VALIDATION_DATE;
    rule->least = iso(template->arena, first);
    rule->most = iso(template->arena, last);
    rule->message =
        arena_format(template->arena, "日期應在 %d/%d/%d 至 %d/%d/%d 之間，如 113/4/30。確定要保留嗎？",
                     first.year - ROC_EPOCH, first.month, first.day, last.year - ROC_EPOCH, last.month, last.day);
}

static void set_codes(const struct template *template, const struct item *item, struct workbook_validation *rule)
{
    rule->kind = VALIDATION_LIST_RANGE;
    rule->source_sheet = CODES_NAME;
    rule->source_column = template->code_columns[item->codes - template->request->plan->code_lists];
    rule->source_first_row = 1;
    rule->source_last_row = item->codes->entry_count;
    rule->message = item->type == ITEM_CODES ? "選單一次選一項；複選請直接輸入，以「、」分隔，並保留輸入的內容。"
                                             : "這不是選單上的項目（不適用請填「不適用：原因」）。確定要保留嗎？";
    rule->hint = item->type == ITEM_CODES ? "可複選：請自行輸入，以「、」分隔" : NULL;
}

void template_validate(struct template *template, struct workbook_sheet *sheet, size_t column, size_t first_row,
                       size_t last_row, const struct item *item)
{
    struct workbook_validation rule = {.first_row = first_row,
                                       .last_row = last_row,
                                       .first_column = column,
                                       .last_column = column,
                                       .title = template_short_name(template->arena, item->name.text[LANGUAGE_ZH])};

    switch (item->type) {
    case ITEM_COUNT:
    case ITEM_MONEY:
        rule.kind = VALIDATION_WHOLE;
        rule.message = "應為 0 以上的整數（不適用請填「不適用：原因」，尚未確定請填「未到：原因」）。確定要保留嗎？";
        break;
    case ITEM_DECIMAL:
        rule.kind = VALIDATION_DECIMAL;
        rule.message = "應為 0 以上的數字（不適用請填「不適用：原因」，尚未確定請填「未到：原因」）。確定要保留嗎？";
        break;
    case ITEM_DATE: set_dates(template, item, &rule); break;
    case ITEM_CODE:
    case ITEM_CODES: set_codes(template, item, &rule); break;
    case ITEM_BOOLEAN:
        rule.kind = VALIDATION_LIST;
        rule.choices = truth;
        rule.choice_count = sizeof truth / sizeof *truth;
        rule.message = "請填「是」或「否」（不適用請填「不適用：原因」）。確定要保留嗎？";
        break;
    default: return;
    }
    sheet_validate(sheet, rule);
}

/* ---- the lists of codes ----------------------------------------------------------------------------------------- */

static void number_list(struct template *template, const struct item *items, size_t count, size_t *next)
{
    for (size_t i = 0; i < count; i++) {
        size_t list = items[i].codes ? (size_t)(items[i].codes - template->request->plan->code_lists) : SIZE_MAX;

        if (list != SIZE_MAX && template->code_columns[list] == SIZE_MAX)
            template->code_columns[list] = (*next)++;
    }
}

void template_number_codes(struct template *template)
{
    const struct plan *plan = template->request->plan;
    const struct form *form = template->request->form;
    size_t next = 0;

    template->code_columns = arena_alloc_array(template->arena, plan->code_list_count + 1, sizeof(size_t));
    if (!template->code_columns)
        return;
    for (size_t i = 0; i < plan->code_list_count; i++)
        template->code_columns[i] = SIZE_MAX;
    number_list(template, form->fields, form->field_count, &next);
    for (size_t t = 0; t < form->table_count; t++)
        number_list(template, form->tables[t].columns, form->tables[t].column_count, &next);
}

static void put_list(struct template *template, struct workbook_sheet *sheet, const struct code_list *list,
                     size_t column)
{
    const struct item item = {.type = ITEM_CODE, .codes = list};

    sheet_put_text(sheet, 0, column, STYLE_SYSTEM, list->code);
    sheet_set_column(sheet, column, 500, STYLE_SYSTEM);
    for (size_t i = 0; i < list->entry_count; i++) {
        json_t *code = json_string(list->entries[i].code);

        sheet_put_text(sheet, i + 1, column, STYLE_SYSTEM, value_text(template, &item, code));
        json_decref(code);
    }
}

void template_add_codes(struct template *template)
{
    const struct plan *plan = template->request->plan;
    struct workbook_sheet *sheet = NULL;

    for (size_t i = 0; template->code_columns && i < plan->code_list_count; i++) {
        if (template->code_columns[i] == SIZE_MAX)
            continue;
        if (!sheet)
            sheet = workbook_sheet(template->workbook, CODES_NAME);
        put_list(template, sheet, &plan->code_lists[i], template->code_columns[i]);
    }
    if (sheet)
        sheet->hidden = sheet->locked = true;
}
