/* template_guide.c: the sheet that tells how the form is filled in, what is checked, and how it is handed in. */
#include <string.h>

#include "sheet/template_inside.h"

enum { TOPIC_COLUMN, TEXT_COLUMN, TOPIC_WIDTH = 300, TEXT_WIDTH = 1480 };

struct guide {
    struct template *template;
    struct workbook_sheet *sheet;
    size_t row;
};

static void put_line(struct guide *guide, const char *topic, const char *text)
{
    sheet_put_text(guide->sheet, guide->row, TOPIC_COLUMN, STYLE_LABEL, topic);
    sheet_put_text(guide->sheet, guide->row, TEXT_COLUMN, STYLE_TEXT, text);
    template_fit_row(guide->sheet, guide->row++, ROW_HEIGHT);
}

static void put_heading(struct guide *guide, const char *text)
{
    sheet_put_wide(guide->sheet, guide->row, TOPIC_COLUMN, 2, STYLE_GROUP, text);
    template_fit_row(guide->sheet, guide->row++, ROW_HEIGHT);
}

static bool has_type(const struct form *form, enum item_type type)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i].type == type)
            return true;
    for (size_t t = 0; t < form->table_count; t++)
        for (size_t c = 0; c < form->tables[t].column_count; c++)
            if (form->tables[t].columns[c].type == type)
                return true;
    return false;
}

/* How to fill in; the lines about a kind of cell stand only where the form has it. */
static void put_how(struct guide *guide)
{
    static const struct {
        enum item_type type;
        const char *topic, *text;
    } kinds[] = {
        {ITEM_COUNT, "人數、次數", "填整數，可加千分位（1,234），全形數字也可以。"},
        {ITEM_MONEY, "金額", "填整數，以新臺幣元為單位，可加千分位；不要以千元為單位。"},
        {ITEM_DECIMAL, "時數等小數", "填數字，如 1.5。"},
        {ITEM_DATE, "日期", "113/4/30、113.4.30、1130430、113年4月30日或 2024-04-30 都可以。"},
        {ITEM_CODE, "選單", "點選儲存格右側的箭頭，自選單選一項。"},
        {ITEM_CODES, "複選", "可填多項，以「、」分隔，例如「甲、乙」；選單只能選一項，複選請自行輸入。"},
        {ITEM_BOOLEAN, "是否", "填「是」或「否」。"},
        {ITEM_KEY, "編號", "每列一個編號，同一表內不可重複；更正時沿用原編號。"},
    };

    put_heading(guide, "一、怎麼填");
    put_line(guide, "黃色儲存格", "只填黃色儲存格；其他儲存格已鎖定（沒有密碼）。請勿更改標題列與隱藏的列、欄。");
    put_line(guide, "沒有（0）", "確實沒有請填 0。0 與空白不同：0 會列入統計，空白表示沒有填報。");
    put_line(guide, "空白", "尚未填寫。整份空白的表不算已填報。");
    put_line(guide, "不適用", "填「不適用：原因」，例如「不適用：本所未設該職務」。原因不可省略。");
    put_line(guide, "尚未確定", "填「未到」或「未到：原因」，例如「未到：人事室1月15日結算」。之後再補報更正。");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has_type(guide->template->request->form, kinds[i].type))
            put_line(guide, kinds[i].topic, kinds[i].text);
    if (guide->template->request->form->table_count > 0) {
        put_line(guide, "表格的列",
                 "每筆資料填一列，不必填滿；格線以下可以繼續填。已帶入的列請直接修改，不用的列請整列清空。");
        put_line(guide, "本期無資料",
                 "表格上方「本期如無任何資料」右邊的黃格填「無」，即申報該表沒有資料；不填而表格空白，視為尚未填報。");
    }
    if (guide->template->request->form->field_count > 0)
        put_line(guide, "說明欄", "需要解釋的數字（例如與去年差異很大）請寫在同一列的「說明」。");
}

/* What has to lie beside the form, or may. */
static void put_attachments(struct guide *guide)
{
    const struct form *form = guide->template->request->form;
    struct arena *arena = guide->template->arena;

    for (size_t i = 0; i < form->slot_count; i++) {
        const struct attachment_slot *slot = &form->slots[i];

        put_line(guide, slot->required ? "附件（必附）" : "附件",
                 arena_format(arena, "%s　　tributary submit 檔名 --attach %s=附件檔名", slot->name.text[LANGUAGE_ZH],
                              slot->code));
    }
}

static void put_when(struct guide *guide)
{
    const struct template *template = guide->template;
    const struct template_request *request = template->request;
    const char *due = template_due_words(request, template->arena);

    put_heading(guide, "二、報送期限與方式");
    put_line(guide, "期間", template_period_words(request, template->arena));
    if (due)
        put_line(guide, "期限", due);
    put_line(guide, "先檢查", "tributary check 檔名　　在自己的電腦上檢查，不必連線；有錯誤會指出是哪一個儲存格。");
    put_line(guide, "標出錯誤",
             "tributary check 檔名 --annotate 新檔名　　另存一份，有錯誤的儲存格會上色並附註解，改好即可報送。");
    put_line(guide, "再報送", "tributary submit 檔名　　檔案裡已有表單、機關與期間，不必另外指定；收件後會有收據。");
    put_line(guide, "更正", "重新下載表單（會帶入已報送的內容），修改後再報送一次即可。");
    put_attachments(guide);
}

static const char *const severities[] = {
    [SEVERITY_ERROR] = "不符時退件", [SEVERITY_EXPLAIN] = "須加說明", [SEVERITY_WARNING] = "提醒"};

/* Writes what is said when something is not as it should be; {found} and {expected} are numbers nobody knows yet. */
static void put_message(struct guide *guide, enum severity severity, const char *message)
{
    struct buffer text = BUFFER_WITH_LIMIT(8192);
    const char *copy;

    for (const char *p = message; *p; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;

        if (end) {
            buffer_append_text(&text, "○");
            p = end;
        } else {
            buffer_append_char(&text, *p);
        }
    }
    copy = text.failed ? NULL : arena_copy(guide->template->arena, text.data, text.length);
    buffer_free(&text);
    put_line(guide, severities[severity], copy);
}

/* Whether a rule before this one says the same. */
static bool is_said(const struct form *form, size_t rule)
{
    const char *message = form->rules[rule].message.text[LANGUAGE_ZH];

    for (size_t i = 0; i < rule; i++)
        if (form->rules[i].message.text[LANGUAGE_ZH] && strcmp(form->rules[i].message.text[LANGUAGE_ZH], message) == 0)
            return true;
    return false;
}

/* The names of what has to be filled in, of the fields (NULL) or of a table; NULL if nothing has. */
static const char *needed_names(struct arena *arena, const struct form *form, const struct table *table)
{
    const char *names = NULL;

    for (size_t i = 0; i < form->rule_count; i++) {
        const struct rule *rule = &form->rules[i];

        if (rule->kind == RULE_NEEDED && rule->table == table && rule->severity == SEVERITY_ERROR)
            names = names ? arena_format(arena, "%s、%s", names, rule->subject->name.text[LANGUAGE_ZH])
                          : rule->subject->name.text[LANGUAGE_ZH];
    }
    return names;
}

static void put_needed(struct guide *guide)
{
    const struct form *form = guide->template->request->form;
    struct arena *arena = guide->template->arena;

    for (size_t t = 0; t <= form->table_count; t++) {
        const struct table *table = t < form->table_count ? &form->tables[t] : NULL;
        const char *names = needed_names(arena, form, table);

        if (names)
            put_line(guide, table ? arena_format(arena, "必填（%s）", table->name.text[LANGUAGE_ZH]) : "必填", names);
    }
}

/* Which other forms hold what is asked for here. */
static void put_origins(struct guide *guide)
{
    const struct form *form = guide->template->request->form, *before = NULL;
    struct arena *arena = guide->template->arena;

    for (size_t i = 0; i < form->field_count; i++) {
        const struct origin *origin = form->fields[i].origin;

        if (!origin || origin->form == before)
            continue;
        before = origin->form;
        put_line(guide, "與他表一致",
                 arena_format(arena, "「%s」等項由「%s」帶入，應與該表一致。", form->fields[i].name.text[LANGUAGE_ZH],
                              template_short_name(arena, before->name.text[LANGUAGE_ZH])));
    }
}

static void put_rules(struct guide *guide)
{
    const struct form *form = guide->template->request->form;

    put_heading(guide, "三、會檢查什麼（○ 表示實際填報的內容）");
    put_needed(guide);
    for (size_t i = 0; i < form->rule_count; i++)
        if (form->rules[i].message.text[LANGUAGE_ZH] && !is_said(form, i))
            put_message(guide, form->rules[i].severity, form->rules[i].message.text[LANGUAGE_ZH]);
    put_line(guide, "共通", "數字不可為負；註明不適用時須有原因；編號不可重複。");
    put_origins(guide);
    for (size_t i = 0; i < form->cross_check_count; i++)
        if (form->cross_checks[i].message.text[LANGUAGE_ZH])
            put_message(guide, form->cross_checks[i].severity, form->cross_checks[i].message.text[LANGUAGE_ZH]);
}

/* The names of a list's codes, as one text. */
static const char *list_names(struct arena *arena, const struct code_list *list)
{
    const char *text = "";

    for (size_t i = 0; i < list->entry_count && text; i++)
        text = arena_format(arena, "%s%s%s", text, i ? "；" : "", list->entries[i].name.text[LANGUAGE_ZH]);
    return text;
}

static void put_codes_of(struct guide *guide, const struct item *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (items[i].codes)
            put_line(guide, items[i].name.text[LANGUAGE_ZH], list_names(guide->template->arena, items[i].codes));
}

static void put_codes(struct guide *guide)
{
    const struct form *form = guide->template->request->form;

    if (!has_type(form, ITEM_CODE) && !has_type(form, ITEM_CODES))
        return;
    put_heading(guide, "四、選單的項目");
    put_codes_of(guide, form->fields, form->field_count);
    for (size_t t = 0; t < form->table_count; t++)
        put_codes_of(guide, form->tables[t].columns, form->tables[t].column_count);
}

static void put_english(struct guide *guide)
{
    const struct form *form = guide->template->request->form;

    put_heading(guide, "In English");
    put_line(
        guide, form->name.text[LANGUAGE_EN],
        "Fill in the yellow cells. A blank cell is not reported, 0 is a true zero; write “不適用：reason” (or “N/A: reason”) for what "
        "does not apply and “未到” or “未到：reason” (“TBD”) for what is not known yet. Dates such as 113/4/30 or "
        "2024-04-30. An empty table counts as not reported unless “無” stands in the yellow cell above it. Check the "
        "file with `tributary check FILE` and hand it in with `tributary submit FILE`.");
}

void template_add_guide(struct template *template)
{
    const char *name = template->request->form->name.text[LANGUAGE_ZH];
    struct guide guide = {.template = template, .sheet = workbook_sheet(template->workbook, GUIDE_NAME)};

    if (!guide.sheet)
        return;
    sheet_set_column(guide.sheet, TOPIC_COLUMN, TOPIC_WIDTH, STYLE_PLAIN);
    sheet_set_column(guide.sheet, TEXT_COLUMN, TEXT_WIDTH, STYLE_PLAIN);
    sheet_put_wide(guide.sheet, guide.row, TOPIC_COLUMN, 2, STYLE_TITLE,
                   arena_format(template->arena, "%s　%s", GUIDE_NAME, template_short_name(template->arena, name)));
    template_fit_row(guide.sheet, guide.row++, 110);
    if (template->request->sample) {
        sheet_put_wide(guide.sheet, guide.row, TOPIC_COLUMN, 2, STYLE_WARNING, "合成樣本資料，非真實填報資料");
        template_fit_row(guide.sheet, guide.row++, ROW_HEIGHT);
    }
    put_how(&guide);
    put_when(&guide);
    put_rules(&guide);
    put_codes(&guide);
    put_english(&guide);
    guide.sheet->locked = true;
}
