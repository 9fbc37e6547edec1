/* command_form.c: tributary form [FORM]: what a form asks for, from the cached plan. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "form/findings.h"
#include "naming.h"
#include "plan_cache.h"
#include "sheet/template.h"

static const char *period_word(struct client *client, enum period_kind kind)
{
    static const enum message words[] = {
        [PERIOD_YEAR] = MESSAGE_by_year, [PERIOD_QUARTER] = MESSAGE_by_quarter, [PERIOD_PLAN] = MESSAGE_by_plan};

    return message_text(words[kind], client->language);
}

static const char *codes_text(struct client *client, const struct code_list *codes)
{
    const char *text = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";

    for (size_t i = 0; i < codes->entry_count && text; i++)
        text = arena_format(client->arena, "%s%s%s=%s", text, i > 0 ? comma : "", codes->entries[i].code,
                            name_text(codes->entries[i].name, client->language));
    return text ? text : "";
}

static const char *type_word(struct client *client, enum item_type type)
{
    static const struct name words[] = {
        [ITEM_COUNT] = {{"整數", "count"}},     [ITEM_MONEY] = {{"金額", "money"}},
        [ITEM_DECIMAL] = {{"小數", "decimal"}}, [ITEM_DATE] = {{"日期", "date"}},
        [ITEM_TEXT] = {{"文字", "text"}},       [ITEM_CODE] = {{"單選", "one of"}},
        [ITEM_CODES] = {{"複選", "some of"}},   [ITEM_BOOLEAN] = {{"是否", "yes or no"}},
        [ITEM_KEY] = {{"編號", "key"}},         [ITEM_URL] = {{"網址", "url"}},
        [ITEM_EMAIL] = {{"電子郵件", "email"}}, [ITEM_PHONE] = {{"電話", "phone"}},
    };

    return (size_t)type < sizeof words / sizeof *words ? name_text(words[type], client->language) : "";
}

/* The type, and what else limits a value. */
static const char *type_text(struct client *client, const struct item *item)
{
    char step[DECIMAL_TEXT_SIZE];

    switch (item->type) {
    case ITEM_CODE:
    case ITEM_CODES:
        return arena_format(client->arena, "%s: %s", type_word(client, item->type), codes_text(client, item->codes));
    case ITEM_DECIMAL:
        decimal_format(item->step, step);
        return arena_format(client->arena, "%s / %s", type_word(client, item->type), step);
    default: return type_word(client, item->type);
    }
}

static void show_items(struct client *client, const struct item *items, size_t count)
{
    const struct listing_column columns[] = {{client_word(client, code), LISTING_LEFT},
                                             {client_word(client, name), LISTING_WRAPS},
                                             {client_word(client, type), LISTING_WRAPS},
                                             {client_word(client, unit_of_measure), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, 4);

    for (size_t i = 0; i < count; i++)
        listing_row(listing,
                    (const char *[]){items[i].code, name_text(items[i].name, client->language),
                                     type_text(client, &items[i]),
                                     client->language == LANGUAGE_ZH ? template_item_unit(&items[i]) : items[i].unit});
    client_show(client, listing);
}

static const char *key_text(struct client *client, const struct table *table)
{
    const char *text = "";

    for (size_t i = 0; i < table->key_count && text; i++)
        text = arena_format(client->arena, "%s%s%s", text, i > 0 ? ", " : "", table->key[i]->code);
    return table->key_count > 0 && text ? text : "_row";
}

/* What is said when it isn't kept: the rule's own words or those of its code, about a value that nobody knows yet. */
static const char *rule_words(struct client *client, const struct rule *rule)
{
    const struct name *label = rule->subject ? &rule->subject->name : NULL;
    struct finding finding = {
        .code = rule->code, .label = label, .path = "", .expected = "○", .found = "○", .message = &rule->message};
    const char *text;

    if (!*name_text(rule->message, client->language))
        finding.message = NULL;
    text = finding_message(client->arena, &finding, client->language);
    return text ? text : "";
}

static void show_rules(struct client *client, const struct form *form)
{
    static const enum message words[] = {[SEVERITY_ERROR] = MESSAGE_error,
                                         [SEVERITY_EXPLAIN] = MESSAGE_to_explain,
                                         [SEVERITY_WARNING] = MESSAGE_warning};
    const struct listing_column columns[] = {{client_word(client, severity), LISTING_LEFT},
                                             {client_word(client, place), LISTING_LEFT},
                                             {client_word(client, rule), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 3);

    for (size_t i = 0; i < form->rule_count; i++) {
        const struct rule *rule = &form->rules[i];
        const char *place = rule->table ? arena_format(client->arena, "%s.%s", rule->table->code, rule->subject->code)
                                        : rule->subject->code;
        const char *text = rule_words(client, rule);

        listing_row(listing, (const char *[]){message_text(words[rule->severity], client->language), place, text});
    }
    if (form->rule_count > 0) {
        puts("");
        client_show(client, listing);
    }
}

static void show_slots(struct client *client, const struct form *form)
{
    const struct listing_column columns[] = {{client_word(client, code), LISTING_LEFT},
                                             {client_word(client, name), LISTING_WRAPS},
                                             {client_word(client, needed), LISTING_LEFT},
                                             {client_word(client, most), LISTING_RIGHT}};
    struct listing *listing = listing_new(client->arena, columns, 4);

    if (form->slot_count == 0)
        return;
    puts("");
    client_print(client, slots_heading);
    for (size_t i = 0; i < form->slot_count; i++) {
        const struct attachment_slot *slot = &form->slots[i];

        listing_row(listing, (const char *[]){slot->code, name_text(slot->name, client->language),
                                              slot->required ? client_word(client, yes) : client_word(client, no),
                                              client_number(client, slot->most)});
    }
    client_show(client, listing);
}

static void show_form(struct client *client, const struct form *form)
{
    client_print(client, form_heading, name_text(form->name, client->language), form->code,
                 period_word(client, form->period));
    if (form->field_count > 0) {
        puts("");
        client_print(client, fields_heading);
        show_items(client, form->fields, form->field_count);
    }
    for (size_t i = 0; i < form->table_count; i++) {
        const struct table *table = &form->tables[i];

        puts("");
        client_print(client, table_heading, name_text(table->name, client->language), table->code,
                     key_text(client, table));
        show_items(client, table->columns, table->column_count);
    }
    show_slots(client, form);
    show_rules(client, form);
}

static void show_forms(struct client *client, const struct plan *plan)
{
    const struct listing_column columns[] = {{client_word(client, form), LISTING_LEFT},
                                             {client_word(client, period), LISTING_LEFT},
                                             {client_word(client, name), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 3);

    for (size_t i = 0; i < plan->form_count; i++)
        listing_row(listing, (const char *[]){plan->forms[i].code, period_word(client, plan->forms[i].period),
                                              name_text(plan->forms[i].name, client->language)});
    client_show(client, listing);
}

/* The definition as the plan file writes it. */
static void print_definition(const struct plan *plan, const struct form *form)
{
    const json_t *forms = json_object_get(plan->json, "forms");

    client_print_json(form ? json_array_get(forms, form->index) : forms);
}

static enum exit_status run(struct client *client)
{
    const char *code = client->arguments.word_count > 0 ? client->arguments.words[0] : NULL;
    struct cached_plan plan;
    enum exit_status status = plan_cached(client, &plan);

    if (status != EXIT_DONE)
        return status;

    const struct form *form = code ? plan_form(plan.plan, code) : NULL;

    if (code && !form)
        status = client_usage(client, client_text(client, no_such_form, code));
    else if (client->json)
        print_definition(plan.plan, form);
    else if (form)
        show_form(client, form);
    else
        show_forms(client, plan.plan);
    cached_plan_release(&plan);
    return status;
}

const struct command command_form = {
    .name = "form",
    .usage = "[FORM]",
    .summary = {{"列出表單，或說明一張表單的欄位與規則", "list the forms, or show what one asks for"}},
    .most_words = 1,
    .run = run};
