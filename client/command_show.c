/* command_show.c: tributary show ID: one revision of a document, as it was handed in. */
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "remarks.h"
#include "review_words.h"
#include "url.h"

static const char *code_text(struct client *client, const struct item *item, const json_t *code)
{
    const char *text = json_string_value(code);
    const struct code_entry *entry = item->codes && text ? code_list_entry(item->codes, text) : NULL;

    return entry ? name_text(entry->name, client->language) : text ? text : "";
}

static const char *codes_text(struct client *client, const struct item *item, const json_t *codes)
{
    const char *text = "", *comma = client->language == LANGUAGE_ZH ? "、" : ", ";
    const json_t *code;
    size_t i;

    json_array_foreach(codes, i, code) {
        text = arena_format(client->arena, "%s%s%s", text, i > 0 ? comma : "", code_text(client, item, code));
        if (!text)
            return "";
    }
    return text;
}

/* A cell in words: its value, or why it has none. */
static const char *cell_text(struct client *client, const struct item *item, const json_t *cell)
{
    const char *not_yet = json_text_member(cell, "not_yet"), *not_applicable = json_text_member(cell, "not_applicable");

    if (!cell || json_is_null(cell))
        return client_word(client, blank);
    if (not_yet)
        return client_text(client, with_reason, client_word(client, not_yet), not_yet);
    if (not_applicable)
        return client_text(client, with_reason, client_word(client, not_applicable), not_applicable);
    if (json_is_array(cell))
        return codes_text(client, item, cell);
    if (json_is_integer(cell))
        return item_is_number(item) ? client_grouped(client, client_number(client, json_integer_value(cell)))
                                    : client_number(client, json_integer_value(cell));
    if (json_is_boolean(cell))
        return json_is_true(cell) ? client_word(client, yes) : client_word(client, no);
    return code_text(client, item, cell);
}

static void show_cells(struct client *client, const struct item *items, size_t count, const json_t *cells)
{
    const struct listing_column columns[] = {{client_word(client, code), LISTING_LEFT},
                                             {client_word(client, name), LISTING_WRAPS},
                                             {client_word(client, value), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 3);

    for (size_t i = 0; i < count; i++) {
        const json_t *cell = json_object_get(cells, items[i].code);

        if (cell)
            listing_row(listing, (const char *[]){items[i].code, name_text(items[i].name, client->language),
                                                  cell_text(client, &items[i], cell)});
    }
    client_show(client, listing);
}

static const char *row_text(struct client *client, const struct table *table, const json_t *row)
{
    const char *identity = json_text_member(row, "_row"), *text = "";

    if (identity)
        return identity;
    for (size_t i = 0; i < table->key_count && text; i++)
        text = arena_format(client->arena, "%s%s%s", text, i > 0 ? " " : "",
                            cell_text(client, table->key[i], json_object_get(row, table->key[i]->code)));
    return text ? text : "";
}

static void show_table(struct client *client, const struct table *table, const json_t *rows)
{
    const json_t *row;
    size_t i;

    if (json_array_size(rows) == 0) {
        puts("");
        client_print(client, declared_empty, name_text(table->name, client->language));
    }
    json_array_foreach(rows, i, row) {
        puts("");
        client_print(client, row_heading, name_text(table->name, client->language),
                     client_number(client, (long long)i + 1), row_text(client, table, row));
        show_cells(client, table->columns, table->column_count, row);
    }
}

static void show_notes(struct client *client, const json_t *notes)
{
    const struct listing_column columns[] = {{client_word(client, note_at), LISTING_LEFT},
                                             {client_word(client, note), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, 2);
    const char *path;
    json_t *note;

    json_object_foreach((json_t *)(uintptr_t)notes, path, note) {
        listing_row(listing, (const char *[]){path, json_string_value(note)});
    }
    if (listing_row_count(listing) > 0) {
        puts("");
        client_show(client, listing);
    }
}

/* Where remarks are open. */
static void show_remarks(struct client *client, const struct plan *plan, const char *form, const json_t *answer)
{
    const struct listing_column columns[] = {{client_word(client, place), LISTING_WRAPS},
                                             {client_word(client, open_threads), LISTING_RIGHT}};
    const json_t *remarks = json_object_get(answer, "remarks"), *one;
    json_int_t open = json_integer_value(json_object_get(remarks, "open"));
    struct listing *listing = listing_new(client->arena, columns, 2);
    size_t i;

    if (open == 0)
        return;
    json_array_foreach(json_object_get(remarks, "by_path"), i, one) {
        const char *path = json_text_member(one, "path"), *words = naming_path(client, plan, form, path, 0);
        const char *whole = path && *path ? path : client_word(client, whole_document);

        listing_row(listing, (const char *[]){words ? arena_format(client->arena, "%s\n%s", words, path) : whole,
                                              client_number(client, json_integer_value(json_object_get(one, "open")))});
    }
    puts("");
    client_print(client, remarks_open, client_number(client, open), json_text_member(answer, "submission"));
    client_show(client, listing);
}

static void show_document(struct client *client, const struct plan *plan, const json_t *answer)
{
    const json_t *document = json_object_get(answer, "document");
    const char *code = json_text_member(document ? document : answer, "form");
    const struct form *form = code ? plan_form(plan, code) : NULL;

    if (!document)
        document = answer;
    client_print(
        client, document_heading,
        naming_document(client, plan, code, json_text_member(document, "office"), json_text_member(document, "period")),
        client_number(client, json_integer_value(json_object_get(answer, "revision"))),
        client_moment(client, json_text_member(answer, "recorded_at")));
    if (*remarks_of(client, answer))
        client_print_text(client, remarks_line(client, answer));
    if (json_is_object(json_object_get(answer, "review")))
        review_show(client, plan, code, json_object_get(answer, "review"));
    if (!form || json_is_object(json_object_get(answer, "withdrawn")))
        return;
    if (form->field_count > 0) {
        puts("");
        show_cells(client, form->fields, form->field_count, json_object_get(document, "fields"));
    }
    for (size_t i = 0; i < form->table_count; i++) {
        const json_t *rows = json_object_get(json_object_get(document, "tables"), form->tables[i].code);

        if (rows)
            show_table(client, &form->tables[i], rows);
    }
    show_notes(client, json_object_get(document, "notes"));
    show_remarks(client, plan, code, answer);
}

static enum exit_status run(struct client *client)
{
    const char *part = url_part(client->arena, client->arguments.words[0]);
    bool annotates = client_option(client, "annotate") != NULL;
    struct cached_plan plan;
    json_t *answer;

    if (annotates && !export_is_asked(client))
        return client_usage(client, client_text(client, option_needed, "-o"));

    enum exit_status status = fetch_shown(
        client,
        part ? arena_format(client->arena, "/v1/submissions/%s%s", part, annotates ? "?annotate=true" : "") : NULL,
        &answer);

    if (status != EXIT_DONE || !answer)
        return status;
    status = plan_cached(client, &plan);
    if (status == EXIT_DONE) {
        show_document(client, plan.plan, answer);
        cached_plan_release(&plan);
    }
    json_decref(answer);
    return status;
}

static const struct option options[] = {{"annotate",
                                         NULL,
                                         {{"與 -o 並用：退回的欄位上色並附退回事由",
                                           "with -o: what was returned is coloured, with a comment that says why"}}},
                                        EXPORT_OPTIONS,
                                        {0}};

const struct command command_show_document = {.name = "show",
                                              .usage = "ID",
                                              .summary = {{"顯示一份已收的資料", "show a document that was handed in"}},
                                              .options = options,
                                              .least_words = 1,
                                              .most_words = 1,
                                              .run = run};
