/* command_take_over.c: tributary decision take-over MEETING: what a meeting resolved and nobody tracks yet: shown, corrected,
 * recorded. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "decisions.h"
#include "fetch.h"
#include "listing.h"
#include "naming.h"
#include "offices.h"
#include "posting.h"

/* ---- showing ------------------------------------------------------------------------------------------------------ */

static const char *owner_text(struct client *client, const struct plan *plan, const json_t *owner)
{
    const char *code = json_text_member(owner, "office"), *agency = json_text_member(owner, "agency");
    const struct office *office = code ? plan_office(plan, code) : NULL;

    return office ? name_text(office->name, client->language) : agency ? agency : code;
}

static const char *owners_text(struct client *client, const struct plan *plan, const json_t *decision,
                               const char *between)
{
    const char *text = NULL;
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *name = owner_text(client, plan, owner);

        text = text ? arena_format(client->arena, "%s%s%s", text, between, name) : name;
    }
    return text ? text : client_word(client, take_over_not_read);
}

/* What was resolved, and that it was tracked before by mistake. */
static const char *resolved_text(struct client *client, const json_t *one)
{
    const json_t *withdrawn = json_object_get(one, "withdrawn");
    const char *text = json_text_member(one, "text");

    return json_is_object(withdrawn)
               ? arena_format(client->arena, "%s\n%s", text,
                              client_text(client, take_over_was_withdrawn, json_text_member(withdrawn, "number"),
                                          json_text_member(withdrawn, "reason")))
               : text;
}

static void show(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, take_over_item), LISTING_RIGHT}, {client_word(client, decision_title), LISTING_WRAPS},
        {client_word(client, take_over_text), LISTING_WRAPS}, {client_word(client, take_over_owners), LISTING_WRAPS},
        {client_word(client, take_over_due), LISTING_LEFT},   {client_word(client, take_over_asks), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *due = json_text_member(one, "due_on");

        listing_row(listing, (const char *[]){client_number(client, json_integer_value(json_object_get(one, "place"))),
                                              json_text_member(one, "title"), resolved_text(client, one),
                                              owners_text(client, plan, one, "\n"),
                                              due ? client_date(client, due) : client_word(client, take_over_not_read),
                                              json_text_member(json_object_get(one, "asks"), "text")});
    }
    if (listing_row_count(listing) == 0) {
        client_print(client, take_over_none);
        return;
    }
    client_show(client, listing);
    client_print(client, take_over_how);
}

/* ---- correcting --------------------------------------------------------------------------------------------------- */

/* What is to be sent: the proposals that are taken, as they are corrected. */
struct taking {
    struct client *client;
    const struct plan *plan;
    json_t *proposed; /* the server's */
    bool *taken, *owners_said;
    json_t *current; /* the one that --item named last */
    size_t place;    /* where it stands among those proposed */
};

/* By its number on the agenda, as `meeting show` and `meeting resolve` have it. */
static enum exit_status choose_item(struct taking *taking, const char *value)
{
    char *end;
    long number = strtol(value, &end, 10);
    const char *there = "";
    json_t *one;
    size_t i;

    json_array_foreach(taking->proposed, i, one) {
        long place = (long)json_integer_value(json_object_get(one, "place"));

        if (!*end && place == number) {
            taking->place = i;
            taking->current = one;
            taking->taken[i] = true;
            return EXIT_DONE;
        }
        there = arena_format(taking->client->arena, "%s%s%ld", there, *there ? ", " : "", place);
    }
    return client_usage(taking->client, *there ? client_text(taking->client, take_over_no_item, value, there)
                                               : client_word(taking->client, take_over_none));
}

/* The first owner that is said takes the place of those that were recognised. */
static void add_owner(struct taking *taking, const char *member, const char *value)
{
    if (!taking->owners_said[taking->place])
        json_object_set_new(taking->current, "owners", json_array());
    taking->owners_said[taking->place] = true;
    json_array_append_new(json_object_get(taking->current, "owners"), json_pack("{ss}", member, value));
}

static enum exit_status set_due(struct taking *taking, const char *value)
{
    char iso[DATE_TEXT_SIZE];
    struct date date;

    if (!date_parse_habit(value, &date))
        return client_usage(taking->client, client_text(taking->client, bad_date_option, "--due", value));
    date_format_iso(date, iso);
    json_object_set_new(taking->current, "due_on", json_string(iso));
    return EXIT_DONE;
}

static enum exit_status correct(struct taking *taking, const char *option, const char *value)
{
    bool owner = strcmp(option, "owner") == 0, agency = strcmp(option, "agency") == 0, due = strcmp(option, "due") == 0,
         ask = strcmp(option, "ask") == 0;
    const char *office;

    if (strcmp(option, "item") == 0)
        return choose_item(taking, value);
    if (!owner && !agency && !due && !ask)
        return EXIT_DONE;
    if (!taking->current)
        return client_usage(taking->client, client_word(taking->client, take_over_item_first));
    if (due)
        return set_due(taking, value);
    if (ask)
        json_object_set_new(taking->current, "asks", *value ? json_pack("{ss}", "text", value) : json_null());
    else if (agency)
        add_owner(taking, "agency", value);
    else if ((office = office_meant(taking->plan, value)))
        add_owner(taking, "office", office);
    else
        return client_usage(taking->client, client_text(taking->client, decision_no_office, value));
    return EXIT_DONE;
}

/* Options in their order: what follows --item is of that item. */
static enum exit_status correct_all(struct taking *taking)
{
    const struct arguments *arguments = &taking->client->arguments;
    enum exit_status status = EXIT_DONE;
    const json_t *one;
    size_t i;

    if (client_option(taking->client, "confirm") && !client_option(taking->client, "item"))
        json_array_foreach(taking->proposed, i, one) {
            taking->taken[i] = json_is_true(json_object_get(one, "ready"));
            if (json_is_object(json_object_get(one, "withdrawn")))
                client_say(taking->client, take_over_skipped,
                           client_number(taking->client, json_integer_value(json_object_get(one, "place"))),
                           json_text_member(json_object_get(one, "withdrawn"), "number"));
        }
    for (i = 0; i < arguments->given_count && status == EXIT_DONE; i++)
        status = correct(taking, arguments->given[i].option->name, arguments->given[i].value);
    return status;
}

/* Whether each that is taken has an owner; says which doesn't. */
static bool check_owners(const struct taking *taking)
{
    const json_t *one;
    size_t i;

    json_array_foreach(taking->proposed, i, one)
        if (taking->taken[i] && json_array_size(json_object_get(one, "owners")) == 0) {
            client_usage(taking->client,
                         client_text(taking->client, take_over_needs_owner,
                                     client_number(taking->client, json_integer_value(json_object_get(one, "place")))));
            return false;
        }
    return true;
}

/* ---- recording ---------------------------------------------------------------------------------------------------- */

static json_t *order_of(const struct taking *taking)
{
    static const char *const members[] = {"item", "kind", "title", "text", "owners", "due_on", "asks"};
    json_t *rows = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(taking->proposed, i, one) {
        json_t *row;

        if (!taking->taken[i])
            continue;
        row = json_object();
        for (size_t m = 0; m < sizeof members / sizeof *members; m++)
            json_object_set(row, members[m], json_object_get(one, members[m]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void show_done(struct client *client, const struct plan *plan, const json_t *decision)
{
    const char *due = json_text_member(decision, "due_on");

    client_print(client, take_over_done, json_text_member(decision, "number"), json_text_member(decision, "title"),
                 owners_text(client, plan, decision, client->language == LANGUAGE_ZH ? "、" : ", "),
                 due ? client_date(client, due) : "－");
}

static enum exit_status record(struct taking *taking, const char *path)
{
    struct client *client = taking->client;
    json_t *rows = order_of(taking);
    const json_t *one;
    struct posted posted;
    enum exit_status status;
    size_t i;

    if (json_array_size(rows) == 0) {
        json_decref(rows);
        return client_usage(client, json_array_size(taking->proposed) ? client_word(client, take_over_nothing)
                                                                      : client_word(client, take_over_none));
    }
    status = posting_send(client, path, json_pack("{so}", "decisions", rows), &posted);
    if (status == EXIT_DONE && !client->json)
        json_array_foreach(json_object_get(posted.answer, "decisions"), i, one)
            show_done(client, taking->plan, one);
    json_decref(posted.answer);
    return status;
}

/* Whether anything is to be recorded. */
static bool is_asked(const struct client *client)
{
    static const char *const options[] = {"confirm", "item", "owner", "agency", "due", "ask"};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (client_option(client, options[i]))
            return true;
    return false;
}

static enum exit_status take(struct client *client, const struct plan *plan, json_t *proposed, const char *path)
{
    size_t count = json_array_size(proposed) + 1;
    struct taking taking = {.client = client,
                            .plan = plan,
                            .proposed = proposed,
                            .taken = arena_alloc_array(client->arena, count, sizeof *taking.taken),
                            .owners_said = arena_alloc_array(client->arena, count, sizeof *taking.owners_said)};
    enum exit_status status;

    if (!taking.taken || !taking.owners_said)
        return client_usage(client, client_word(client, out_of_memory));
    status = correct_all(&taking);
    if (status == EXIT_DONE && !check_owners(&taking))
        status = EXIT_USAGE;
    return status == EXIT_DONE ? record(&taking, path) : status;
}

void decisions_tell_corrected(struct client *client, const json_t *corrected)
{
    const json_t *one;
    size_t i;

    json_array_foreach(corrected, i, one) {
        const json_t *correction = json_object_get(one, "correction");
        const char *number = json_text_member(one, "number");

        if (json_is_true(json_object_get(correction, "followed")))
            client_print(client, take_over_followed, number);
        else
            client_print(client, take_over_not_followed, number, json_text_member(correction, "text"));
    }
}

enum exit_status decision_take_over(struct client *client, const struct plan *plan)
{
    const char *id = NULL, *part, *path;
    json_t *answer = NULL;
    enum exit_status status = decision_find_meeting(client, plan, client->arguments.words[1], &id);

    if (status != EXIT_DONE)
        return status;
    part = url_part(client->arena, id);
    path = part ? arena_format(client->arena, "/v1/meetings/%s/decisions/", part) : "";
    status =
        (is_asked(client) ? fetch_json : fetch_shown)(client, arena_format(client->arena, "%sproposal", path), &answer);
    if (status == EXIT_DONE && answer && is_asked(client))
        status =
            take(client, plan, json_object_get(answer, "decisions"), arena_format(client->arena, "%stake-over", path));
    else if (status == EXIT_DONE && answer)
        show(client, plan, json_object_get(answer, "decisions"));
    if (status == EXIT_DONE && answer && !client->json)
        decisions_tell_corrected(client, json_object_get(answer, "corrected"));
    json_decref(answer);
    return status;
}
