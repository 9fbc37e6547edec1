/* template.c: the skeleton of a document, and the workbook around it: title, identity, the order of sheets. */
#include "sheet/template.h"

#include <stdint.h>
#include <string.h>

#include "sheet/csv.h"
#include "sheet/marks.h"
#include "sheet/places.h"
#include "sheet/template_inside.h"
#include "sheet/value.h"
#include "sheet/workbook_write.h"

enum { CELL_LIMIT = 1024 * 1024 };

/* ---- the document ----------------------------------------------------------------------------------------------- */

/* What is known of an item, or null. */
static json_t *known(const json_t *members, const char *code)
{
    json_t *value = json_object_get(members, code);

    return value ? json_deep_copy(value) : json_null();
}

json_t *template_document(const struct template_request *request)
{
    const json_t *fields = json_object_get(request->document, "fields"),
                 *tables = json_object_get(request->document, "tables"),
                 *base = json_object_get(request->document, "base"),
                 *notes = json_object_get(request->document, "notes");
    const struct form *form = request->form;
    char period[PERIOD_TEXT_SIZE];
    json_t *all_fields = json_object(), *all_tables = json_object();

    period_format(request->period, period);
    for (size_t i = 0; i < form->field_count; i++)
        json_object_set_new(all_fields, form->fields[i].code, known(fields, form->fields[i].code));
    for (size_t t = 0; t < form->table_count; t++)
        json_object_set_new(all_tables, form->tables[t].code, known(tables, form->tables[t].code));

    json_t *document = json_pack("{ss ss ss ss ss* si so so}", "plan", request->plan->code, "form", form->code,
                                 "office", request->office->code, "period", period, "event", request->event, "base",
                                 (int)json_integer_value(base), "fields", all_fields, "tables", all_tables);

    /* a known document that doesn't name its plan comes back as it was */
    if (document && json_integer_value(base) > 0 && !json_object_get(request->document, "plan"))
        json_object_del(document, "plan");
    if (document && form->field_count == 0)
        json_object_del(document, "fields");
    if (document && form->table_count == 0)
        json_object_del(document, "tables");
    if (document && json_object_size(notes) > 0)
        json_object_set_new(document, "notes", json_deep_copy(notes));
    return document;
}

bool template_write_csv(const struct template_request *request, struct buffer *out)
{
    json_t *document = template_document(request);
    bool good = document && csv_write_document(request->plan, document, LANGUAGE_ZH, out);

    json_decref(document);
    return good;
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

const char *template_short_name(struct arena *arena, const char *name)
{
    static const char bracket[] = "（";
    const char *end = strstr(name, bracket);

    return end && end > name ? arena_copy(arena, name, (size_t)(end - name)) : name;
}

const char *template_period_words(const struct template_request *request, struct arena *arena)
{
    struct period period = request->period;

    switch (period.kind) {
    case PERIOD_QUARTER: return arena_format(arena, "%d年第%d季", period.year, period.quarter);
    case PERIOD_YEAR: return arena_format(arena, "%d年度", period.year);
    case PERIOD_PLAN: break;
    }
    return arena_format(arena, "%d至%d年", request->plan->from, request->plan->to);
}

const char *template_due_words(const struct template_request *request, struct arena *arena)
{
    struct due_date due;

    if (!calendar_due(request->plan, request->form, request->period, &due))
        return NULL;
    return arena_format(arena, "%s%d年%d月%d日前", due.hard ? "" : "原則上", due.moved.year - ROC_EPOCH,
                        due.moved.month, due.moved.day);
}

const char *template_file_name(const struct template_request *request, enum language language, struct arena *arena)
{
    char period[PERIOD_TEXT_SIZE];

    period_format(request->period, period);
    if (language == LANGUAGE_EN)
        return arena_format(arena, "%s_%s_%s", request->form->code, request->office->code, period);
    return arena_format(arena, "%s_%s_%s", template_short_name(arena, request->form->name.text[LANGUAGE_ZH]),
                        request->office->name.text[LANGUAGE_ZH], template_period_words(request, arena));
}

/* ---- the workbook ----------------------------------------------------------------------------------------------- */

void template_put_mark(struct workbook_sheet *sheet, size_t row, const char *mark, const char *value)
{
    struct workbook_row *one = sheet_row(sheet, row);

    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, mark);
    sheet_put_text(sheet, row, FIRST_COLUMN, STYLE_SYSTEM, value);
    if (one)
        one->hidden = true;
}

void template_fit_row(struct workbook_sheet *sheet, size_t row, int least)
{
    struct workbook_row *one = sheet_row(sheet, row);
    int height = one ? row_text_height(sheet, one) : 0;

    if (one)
        one->height = height > least ? height : least;
}

static void put_comment(struct workbook_sheet *sheet, size_t row, size_t columns, enum cell_style style, int height,
                        const char *text)
{
    sheet_put_text(sheet, row, MARK_COLUMN, STYLE_SYSTEM, MARK_COMMENT);
    sheet_put_wide(sheet, row, FIRST_COLUMN, (unsigned)columns, style, text);
    template_fit_row(sheet, row, height);
}

const char *template_text(struct template *template, const char *text)
{
    struct buffer cell = BUFFER_WITH_LIMIT(CELL_LIMIT);
    const char *copy = value_write_text(text, &cell) ? arena_copy(template->arena, cell.data, cell.length) : NULL;

    if (cell.failed)
        arena_note_shortage(template->arena);
    buffer_free(&cell);
    return copy;
}

/* The identity as in CSV, and the notes that have no column of their own; returns the next row. */
static size_t put_identity(struct template *template, struct workbook_sheet *sheet, size_t row)
{
    json_t *notes = json_object_get(template->document, "notes"), *note;
    const char *path;

    for (int part = 0; part < HEAD_PART_COUNT; part++) {
        const char *name = head_part_name((enum head_part)part);
        const json_t *value = json_object_get(template->document, name);
        const char *text = json_is_integer(value)
                               ? arena_format(template->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value))
                               : arena_text(template->arena, json_string_value(value));

        if (text)
            template_put_mark(sheet, row++, arena_format(template->arena, "#%s", name), text);
    }
    json_object_foreach(notes, path, note) {
        if (!json_is_string(note) ||
            (strncmp(path, "fields.", 7) == 0 && form_field(template->request->form, path + 7)))
            continue;
        template_put_mark(sheet, row, MARK_NOTE, arena_text(template->arena, path));
        sheet_put_text(sheet, row++, FIRST_COLUMN + 1, STYLE_SYSTEM, template_text(template, json_string_value(note)));
    }
    return row;
}

static const char *subject(const struct template *template)
{
    const struct template_request *request = template->request;
    const char *due = template_due_words(request, template->arena);
    json_int_t base = json_integer_value(json_object_get(template->document, "base"));

    return arena_format(template->arena, "機關：%s%s　　期間：%s%s%s%s",
                        request->plan->jurisdiction_name.text[LANGUAGE_ZH], request->office->name.text[LANGUAGE_ZH],
                        template_period_words(request, template->arena), due ? "　　報送期限：" : "", due ? due : "",
                        base > 0 ? arena_format(template->arena, "　　（已帶入第 %d 版）", (int)base) : "");
}

/* Names the sheets of the tables, which are easily overlooked behind the one of the fields. */
static const char *further_sheets(const struct template *template)
{
    const struct form *form = template->request->form;
    const char *names = "";

    for (size_t t = 0; t < form->table_count && names; t++)
        names = arena_format(template->arena, "%s「%s」", names, form->tables[t].name.text[LANGUAGE_ZH]);
    return arena_format(template->arena, "另有工作表：%s，請一併填寫（見下方頁籤）。", names ? names : "");
}

size_t template_put_top(struct template *template, struct workbook_sheet *sheet, size_t columns, const char *title)
{
    bool first = template->workbook->sheets[0] == sheet;
    size_t row = 0;

    put_comment(sheet, row++, columns, STYLE_TITLE, 110, title);
    put_comment(sheet, row++, columns, STYLE_SUBTITLE, 75, subject(template));
    if (template->request->sample)
        put_comment(sheet, row++, columns, STYLE_WARNING, 75, "合成樣本資料，非真實填報資料");
    put_comment(
        sheet, row++, columns, STYLE_NOTE, 65,
        "請填黃色儲存格。沒有請填 0，空白表示未填；不適用請填「不適用：原因」，尚未確定請填「未到：原因」。詳見「" GUIDE_NAME
        "」。");
    if (first && template->request->form->field_count > 0 && template->request->form->table_count > 0)
        put_comment(sheet, row++, columns, STYLE_NOTE, 65, further_sheets(template));
    return first ? put_identity(template, sheet, row) : row;
}

struct workbook *template_workbook(const struct template_request *request, struct arena *arena)
{
    const struct form *form = request->form;
    json_t *document = template_document(request);
    struct template template = {.request = request,
                                .document = document,
                                .arena = arena,
                                .workbook = workbook_in(arena, form->name.text[LANGUAGE_ZH])};

    if (!document || !template.workbook) {
        json_decref(document);
        return NULL;
    }
    template_number_codes(&template);
    if (form->field_count > 0)
        template_add_fields(&template);
    for (size_t t = 0; t < form->table_count; t++)
        template_add_table(&template, &form->tables[t]);
    template_add_guide(&template);
    template_add_codes(&template);
    json_decref(document);
    return arena_is_short(arena) ? NULL : template.workbook;
}
