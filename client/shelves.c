/* shelves.c: the folders of the outbox, as tributary status shows them. */
#include "shelves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "preparations.h"
#include "waiting_files.h"

enum { MOST_SHOWN = 20 };

static const char *const shelf_keys[SHELF_COUNT] = {[SHELF_OUTBOX] = "outbox",
                                                    [SHELF_RECEIPTS] = "receipts",
                                                    [SHELF_REFUSED] = "refused",
                                                    [SHELF_CONFLICTS] = "conflicts",
                                                    [SHELF_PREPARED] = "prepared"};

/* A list under its own heading. What was prepared makes several, by what became of it. */
struct view {
    enum shelf shelf;
    enum message heading;
    const char *state; /* of a preparation */
};

static const struct view views[] = {
    {SHELF_OUTBOX, MESSAGE_shelf_outbox, NULL},
    {SHELF_RECEIPTS, MESSAGE_shelf_receipts, NULL},
    {SHELF_REFUSED, MESSAGE_shelf_refused, NULL},
    {SHELF_CONFLICTS, MESSAGE_shelf_conflicts, NULL},
    {SHELF_PREPARED, MESSAGE_shelf_given_back, "rejected"},
    {SHELF_PREPARED, MESSAGE_shelf_prepared, "waiting"},
    {SHELF_PREPARED, MESSAGE_shelf_prepared_unknown, "unknown"},
};

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

/* The answer beside an entry; NULL if there is none. The caller decrefs it. */
static json_t *answer_beside(struct outbox *outbox, enum shelf shelf, const char *id)
{
    struct json_fault fault;
    const char *bytes;
    size_t length;

    return shelf != SHELF_OUTBOX && outbox_answer(outbox, shelf, id, &bytes, &length) == 0
               ? json_parse_strict(bytes, length, SIZE_MAX, &fault)
               : NULL;
}

/* What the server says by now of what the entry prepared; NULL: nothing is known. */
static const json_t *known_of(struct outbox *outbox, const char *id, const json_t *known)
{
    json_t *answer = known ? answer_beside(outbox, SHELF_PREPARED, id) : NULL;
    const char *prepared = json_text_member(answer, "prepared");
    const json_t *one = prepared ? json_object_get(known, prepared) : NULL;

    json_decref(answer);
    return one;
}

/* What the answer beside an entry, or the server by now, says of it in a few words. */
static const char *answer_text(struct client *client, struct outbox *outbox, enum shelf shelf, const char *id,
                               const json_t *known)
{
    json_t *answer = answer_beside(outbox, shelf, id);
    const char *text = "";

    if (!answer)
        return text;
    if (shelf == SHELF_RECEIPTS)
        text = client_text(client, revision_at,
                           client_number(client, json_integer_value(json_object_get(answer, "revision"))),
                           client_moment(client, json_text_member(answer, "recorded_at")));
    else if (shelf == SHELF_PREPARED)
        text = preparation_text(client, known ? known : answer);
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

/* Keeps what stands so with the server: it is done with once it was released, or given back and done over. */
static void keep_state(struct outbox *outbox, struct entries *entries, const char *state, const json_t *known)
{
    size_t kept = 0;

    for (size_t i = 0; i < entries->count; i++) {
        const json_t *one = known_of(outbox, entries->items[i].id, known);
        const char *now = one ? json_text_member(one, "state") : "unknown";

        if (now && strcmp(now, state) == 0 && (!one || json_is_true(json_object_get(one, "open"))))
            entries->items[kept++] = entries->items[i];
    }
    entries->count = kept;
}

static void show_entries(struct client *client, struct outbox *outbox, const struct plan *plan, const struct view *view,
                         const struct entries *entries, const json_t *known)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, file), LISTING_WRAPS},
                                             {client_word(client, stored), LISTING_LEFT},
                                             {client_word(client, answer), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, view->shelf == SHELF_OUTBOX ? 3 : 4);
    const char *const count[MESSAGE_SLOTS] = {client_number(client, (long long)entries->count)};

    if (entries->count == 0)
        return;
    client_print_text(client, message_format(client->arena, view->heading, client->language, count));
    for (size_t i = entries->count > MOST_SHOWN ? entries->count - MOST_SHOWN : 0; i < entries->count; i++) {
        const struct outbox_entry *entry = &entries->items[i];

        listing_row(listing, (const char *[]){naming_document(client, plan, entry->form, entry->office, entry->period),
                                              entry->file, client_moment(client, entry->stored_at),
                                              answer_text(client, outbox, view->shelf, entry->id,
                                                          known_of(outbox, entry->id, known))});
    }
    client_show(client, listing);
    if (entries->count > MOST_SHOWN)
        client_print(client, shelf_newest, client_number(client, MOST_SHOWN));
    puts("");
}

void shelves_show(struct client *client, struct outbox *outbox, const struct plan *plan, const json_t *known)
{
    struct entries receipts, entries;

    read_shelf(client, outbox, SHELF_RECEIPTS, &receipts);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        const struct view *view = &views[i];

        read_shelf(client, outbox, view->shelf, &entries);
        if (view->shelf == SHELF_REFUSED || view->shelf == SHELF_CONFLICTS)
            keep_open(&entries, &receipts);
        if (view->state)
            keep_state(outbox, &entries, view->state, known);
        if (view->shelf == SHELF_OUTBOX && entries.count == 0) {
            client_print(client, nothing_waits);
            puts("");
        }
        show_entries(client, outbox, plan, view, &entries, known);
    }
}

size_t shelves_waiting(struct client *client, struct outbox *outbox)
{
    struct entries waiting;

    read_shelf(client, outbox, SHELF_OUTBOX, &waiting);
    return waiting.count;
}

static void set_now(json_t *entry, const json_t *prepared)
{
    json_object_set_new(entry, "now", prepared ? json_deep_copy(prepared) : json_null());
}

static json_t *shelf_json(struct client *client, struct outbox *outbox, enum shelf shelf, const json_t *known)
{
    json_t *list = json_array();
    struct entries entries;

    read_shelf(client, outbox, shelf, &entries);
    for (size_t i = 0; i < entries.count; i++) {
        const struct outbox_entry *entry = &entries.items[i];
        json_t *one = json_pack("{ss ss ss? ss? ss? ss? ss? ss?}", "id", entry->id, "server", entry->server, "form",
                                entry->form, "office", entry->office, "period", entry->period, "file", entry->file,
                                "stored_at", entry->stored_at, "answer",
                                shelf == SHELF_OUTBOX ? NULL : outbox_answer_file(outbox, shelf, entry->id));

        if (shelf == SHELF_PREPARED)
            set_now(one, known_of(outbox, entry->id, known));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *shelves_json(struct client *client, struct outbox *outbox, const json_t *known)
{
    json_t *all = json_object();

    for (int shelf = 0; shelf < SHELF_COUNT; shelf++)
        json_object_set_new(all, shelf_keys[shelf], shelf_json(client, outbox, (enum shelf)shelf, known));
    return all;
}

/* Each plan of which something was prepared for this server, once. */
static json_t *plans_of(struct client *client, struct outbox *outbox)
{
    json_t *plans = json_object();
    struct entries entries;
    const char *server;

    read_shelf(client, outbox, SHELF_PREPARED, &entries);
    server = entries.count > 0 ? fetch_server(client) : NULL;
    for (size_t i = 0; server && i < entries.count; i++) {
        json_t *answer = answer_beside(outbox, SHELF_PREPARED, entries.items[i].id);
        const char *plan = json_text_member(answer, "plan");

        if (plan && strcmp(entries.items[i].server, server) == 0)
            json_object_set_new(plans, plan, json_true());
        json_decref(answer);
    }
    return plans;
}

enum exit_status shelves_ask(struct client *client, struct outbox *outbox, json_t **ret_known)
{
    json_t *plans = plans_of(client, outbox), *known = json_object(), *list, *one, *unused;
    enum exit_status status = EXIT_DONE;
    const char *plan;
    size_t i;

    json_object_foreach(plans, plan, unused) {
        status = preparations_ask(client, plan, "all", &list);
        if (status != EXIT_DONE)
            break;
        json_array_foreach(list, i, one) {
            json_object_set(known, json_text_member(one, "prepared"), one);
        }
        json_decref(list);
    }
    json_decref(plans);
    *ret_known = known;
    return status;
}
