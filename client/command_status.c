/* command_status.c: tributary status: what waits, what was taken in, what came back, and what the server has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "due_decisions.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "remarks.h"
#include "review_words.h"
#include "url.h"
#include "waiting.h"
#include "waiting_files.h"
#include "year_status.h"

enum { MOST_SHOWN = 20 };

static const char *const shelf_keys[SHELF_COUNT] = {[SHELF_OUTBOX] = "outbox",
                                                    [SHELF_RECEIPTS] = "receipts",
                                                    [SHELF_REFUSED] = "refused",
                                                    [SHELF_CONFLICTS] = "conflicts",
                                                    [SHELF_PREPARED] = "prepared"};

static const enum message shelf_headings[SHELF_COUNT] = {[SHELF_OUTBOX] = MESSAGE_shelf_outbox,
                                                         [SHELF_RECEIPTS] = MESSAGE_shelf_receipts,
                                                         [SHELF_REFUSED] = MESSAGE_shelf_refused,
                                                         [SHELF_CONFLICTS] = MESSAGE_shelf_conflicts,
                                                         [SHELF_PREPARED] = MESSAGE_shelf_prepared};

/* What the answer beside an entry says of it in a few words. */
static const char *answer_text(struct client *client, struct outbox *outbox, enum shelf shelf, const char *id)
{
    const char *bytes, *text = "";
    struct json_fault fault;
    size_t length;

    if (shelf == SHELF_OUTBOX || outbox_answer(outbox, shelf, id, &bytes, &length) != 0)
        return "";

    json_t *answer = json_parse_strict(bytes, length, SIZE_MAX, &fault);

    if (shelf == SHELF_RECEIPTS)
        text = client_text(client, revision_at,
                           client_number(client, json_integer_value(json_object_get(answer, "revision"))),
                           client_moment(client, json_text_member(answer, "recorded_at")));
    else if (shelf == SHELF_PREPARED)
        text = client_moment(client, json_text_member(answer, "prepared_at"));
    else if (json_array_size(json_object_get(answer, "findings")) > 0)
        text = client_text(client, findings_number,
                           client_number(client, (long long)json_array_size(json_object_get(answer, "findings"))));
    else if (shelf == SHELF_CONFLICTS)
        text = client_text(
            client, current_revision,
            client_number(client, json_integer_value(json_object_get(json_object_get(answer, "current"), "revision"))));
    else
        text = arena_text(client->arena, json_text_member(answer, "title"));
    json_decref(answer);
    return text ? text : "";
}

/* All readable entries of a shelf, in the order of storing. */
struct entries {
    struct outbox_entry *items;
    size_t count;
};

static void read_shelf(struct client *client, struct outbox *outbox, enum shelf shelf, struct entries *ret_entries)
{
    const char **ids;
    size_t count;

    *ret_entries = (struct entries){0};
    if (outbox_list(outbox, shelf, &ids, &count) != 0)
        return;
    ret_entries->items = arena_alloc_array(client->arena, count + 1, sizeof *ret_entries->items);
    for (size_t i = 0; ret_entries->items && i < count; i++) {
        int error = outbox_read(outbox, shelf, ids[i], &ret_entries->items[ret_entries->count]);

        if (error)
            client_machine_fault(client, outbox_entry_file(outbox, shelf, ids[i]), error);
        else
            ret_entries->count++;
    }
}

/* Whether a refusal or a conflict is history: a later hand-in of the same report has its receipt. */
static bool is_mended(const struct outbox_entry *entry, const struct entries *receipts)
{
    for (size_t i = receipts->count; i > 0 && strcmp(receipts->items[i - 1].id, entry->id) > 0; i--)
        if (outbox_same_report(&receipts->items[i - 1], entry))
            return true;
    return false;
}

static void keep_open(struct entries *entries, const struct entries *receipts)
{
    size_t kept = 0;

    for (size_t i = 0; i < entries->count; i++)
        if (!is_mended(&entries->items[i], receipts))
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

static void show_shelf(struct client *client, struct outbox *outbox, const struct plan *plan, enum shelf shelf,
                       const struct entries *entries)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, file), LISTING_WRAPS},
                                             {client_word(client, stored), LISTING_LEFT},
                                             {client_word(client, answer), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, shelf == SHELF_OUTBOX ? 3 : 4);
    const char *const count[MESSAGE_SLOTS] = {client_number(client, (long long)entries->count)};

    if (entries->count == 0)
        return;
    client_print_text(client, message_format(client->arena, shelf_headings[shelf], client->language, count));
    for (size_t i = entries->count > MOST_SHOWN ? entries->count - MOST_SHOWN : 0; i < entries->count; i++) {
        const struct outbox_entry *entry = &entries->items[i];

        listing_row(listing, (const char *[]){naming_document(client, plan, entry->form, entry->office, entry->period),
                                              entry->file, client_moment(client, entry->stored_at),
                                              answer_text(client, outbox, shelf, entry->id)});
    }
    client_show(client, listing);
    if (entries->count > MOST_SHOWN)
        client_print(client, shelf_newest, client_number(client, MOST_SHOWN));
    puts("");
}

static json_t *waiting_files_json(struct client *client)
{
    struct waiting_file *files;
    json_t *list = json_array();
    size_t count = 0;

    if (waiting_file_list(client->arena, client->config.state, &files, &count) != 0)
        return list;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss ss ss sI}", "id", files[i].id, "server", files[i].server, "name",
                                              files[i].name, "slot", files[i].slot, "size", (json_int_t)files[i].size));
    return list;
}

static void show_waiting_files(struct client *client)
{
    struct waiting_file *files;
    const char *names = "";
    size_t count = 0;

    if (waiting_file_list(client->arena, client->config.state, &files, &count) != 0 || count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        names = arena_format(client->arena, "%s%s%s (%s)", names, i ? ", " : "", files[i].name, files[i].slot);
    client_print(client, attachments_wait, names);
    puts("");
}

static void show_shelves(struct client *client, struct outbox *outbox, const struct plan *plan)
{
    struct entries shelves[SHELF_COUNT];

    for (int shelf = 0; shelf < SHELF_COUNT; shelf++)
        read_shelf(client, outbox, (enum shelf)shelf, &shelves[shelf]);
    keep_open(&shelves[SHELF_REFUSED], &shelves[SHELF_RECEIPTS]);
    keep_open(&shelves[SHELF_CONFLICTS], &shelves[SHELF_RECEIPTS]);
    if (shelves[SHELF_OUTBOX].count == 0) {
        client_print(client, nothing_waits);
        puts("");
    }
    for (int shelf = 0; shelf < SHELF_COUNT; shelf++)
        show_shelf(client, outbox, plan, (enum shelf)shelf, &shelves[shelf]);
    show_waiting_files(client);
}

static json_t *shelf_json(struct client *client, struct outbox *outbox, enum shelf shelf)
{
    json_t *list = json_array();
    struct entries entries;

    read_shelf(client, outbox, shelf, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        const struct outbox_entry *entry = &entries.items[i];

        json_array_append_new(list,
                              json_pack("{ss ss ss? ss? ss? ss? ss? ss?}", "id", entry->id, "server", entry->server,
                                        "form", entry->form, "office", entry->office, "period", entry->period, "file",
                                        entry->file, "stored_at", entry->stored_at, "answer",
                                        shelf == SHELF_OUTBOX ? NULL : outbox_answer_file(outbox, shelf, entry->id)));
    }
    return list;
}

static bool any_remarks(struct client *client, const json_t *answer)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(answer, "submissions"), i, item)
        if (*remarks_of(client, item))
            return true;
    return false;
}

static const char *review_text(struct client *client, const struct plan *plan, const json_t *review)
{
    const char *state = json_text_member(review, "state");

    return state ? review_state_text(client, plan, state, review) : "";
}

static void show_submissions(struct client *client, const struct plan *plan, const json_t *answer)
{
    const struct listing_column columns[] = {
        {client_word(client, document), LISTING_WRAPS},   {client_word(client, revision), LISTING_RIGHT},
        {client_word(client, received_at), LISTING_LEFT}, {client_word(client, review_word), LISTING_WRAPS},
        {client_word(client, id), LISTING_LEFT},          {client_word(client, remark), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, any_remarks(client, answer) ? 6 : 5);
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(answer, "submissions"), i, item) {
        listing_row(listing, (const char *[]){
                                 naming_document(client, plan, json_text_member(item, "form"),
                                                 json_text_member(item, "office"), json_text_member(item, "period")),
                                 client_number(client, json_integer_value(json_object_get(item, "revision"))),
                                 client_moment(client, json_text_member(item, "received_at")),
                                 review_text(client, plan, json_object_get(item, "review")),
                                 json_text_member(item, "submission"), remarks_of(client, item)});
    }
    client_print(client, server_has, client_number(client, (long long)listing_row_count(listing)));
    client_show(client, listing);
    if (json_text_member(answer, "next"))
        client_print(client, more_on_server);
}

/* The newest of what the server has of this person's office; as a file that is all that is said. */
static enum exit_status ask_server(struct client *client, json_t **ret_answer)
{
    enum exit_status status;
    const char *plan = plan_code(client, &status), *part = plan ? url_part(client->arena, plan) : NULL;
    const struct url_parameter parameters[] = {{"form", client_option(client, "form")},
                                               {"office", client_option(client, "office")},
                                               {"period", client_option(client, "period")},
                                               {"limit", export_is_asked(client) ? "1000" : "100"}};

    if (!part)
        return status == EXIT_DONE ? EXIT_USAGE : status;

    const char *path = url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/submissions", part),
                                 parameters, sizeof parameters / sizeof *parameters);

    return export_is_asked(client) ? export_answer(client, path) : fetch_json(client, path, ret_answer);
}

static enum exit_status print_all_json(struct client *client, struct outbox *outbox, bool ask)
{
    json_t *all = json_object(), *answer = NULL;
    enum exit_status status = ask ? ask_server(client, &answer) : EXIT_DONE;

    for (int shelf = 0; shelf < SHELF_COUNT; shelf++)
        json_object_set_new(all, shelf_keys[shelf], shelf_json(client, outbox, (enum shelf)shelf));
    json_object_set_new(all, "attachments", waiting_files_json(client));
    if (status == EXIT_DONE && answer)
        json_object_set_new(all, "server", answer);
    client_print_json(all);
    json_decref(all);
    return status;
}

static enum exit_status run_year(struct client *client, struct outbox *outbox, const char *year)
{
    struct entries waiting;

    read_shelf(client, outbox, SHELF_OUTBOX, &waiting);
    return year_status_show(client, year, waiting.count);
}

/* Unless only submissions of a form or a period are asked for. */
static enum exit_status tell_decisions(struct client *client, struct cached_plan *plan)
{
    enum exit_status status = EXIT_DONE;

    if (client_option(client, "form") || client_option(client, "period"))
        return EXIT_DONE;
    if (!plan->plan)
        status = plan_current(client, plan);
    return status == EXIT_DONE ? due_decisions_tell(client, plan->plan) : status;
}

static enum exit_status run(struct client *client)
{
    bool ask = !client_option(client, "local");
    struct outbox *outbox;
    struct cached_plan plan;
    json_t *answer = NULL;
    enum exit_status status = waiting_open(client, &outbox);

    if (status != EXIT_DONE)
        return status;
    if (client_option(client, "year"))
        return run_year(client, outbox, client_option(client, "year"));
    if (export_is_asked(client))
        return ask_server(client, &answer);
    if (client->json)
        return print_all_json(client, outbox, ask);
    plan_if_cached(client, &plan);
    show_shelves(client, outbox, plan.plan);
    if (ask) {
        status = ask_server(client, &answer);
        if (status == EXIT_DONE) {
            show_submissions(client, plan.plan, answer);
            json_decref(answer);
            status = tell_decisions(client, &plan);
        }
    }
    cached_plan_release(&plan);
    return status;
}

static const struct option options[] = {
    {"year",
     "YEAR",
     {{"改列這個年度各機關各表單的填報情形，如 113",
       "instead, how every office and form of this ROC year stands, such as 113"}}},
    {"as-of", "TIME", {{"填報情形回到某一時點", "with --year: as it was then, such as 2024-05-02T03:04:05Z"}}},
    {"local", NULL, {{"只看本機，不詢問伺服器", "only this machine; do not ask the server"}}},
    {"form", "FORM", {{"伺服器上只列這張表單", "of the server's, only this form"}}},
    {"office", "CODE", {{"伺服器上只列這個機關", "of the server's, only this office"}}},
    {"period", "PERIOD", {{"伺服器上只列這個期間", "of the server's, only this period"}}},
    EXPORT_OPTIONS,
    {0},
};

const struct command command_status = {.name = "status",
                                       .usage = "[--year YEAR]",
                                       .summary = {{"待送、收據、退件，以及伺服器上已收的資料",
                                                    "what waits, receipts, refusals, and what the server has"}},
                                       .options = options,
                                       .run = run};
