/* due_decisions.c: open decisions and the data they ask for. */
#include "due_decisions.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "decisions.h"
#include "fetch.h"
#include "naming.h"

static bool is(const json_t *object, const char *member, const char *word)
{
    const char *text = json_text_member(object, member);

    return text && strcmp(text, word) == 0;
}

static const char *due_of(const json_t *object, const char *member)
{
    const char *day = json_text_member(object, member);

    return day ? day : "9999"; /* no day comes last */
}

/* Puts one where its day belongs, behind those of the same. */
static void insert(json_t *list, const json_t *one, const char *member)
{
    size_t at = json_array_size(list);

    while (at > 0 && strcmp(due_of(json_array_get(list, at - 1), member), due_of(one, member)) > 0)
        at--;
    json_array_insert(list, at, (json_t *)one);
}

static const char *day_text(struct client *client, const json_t *object, const char *member)
{
    const char *day = json_text_member(object, member);

    return day ? client_date(client, day) : "";
}

/* The one office that all rows are about; NULL: there are several. */
static const char *only_office(const json_t *answers)
{
    const char *office = NULL;
    const json_t *answer, *one;
    size_t i, k;

    json_array_foreach(answers, i, answer) {
        json_array_foreach(json_object_get(answer, "obligations"), k, one) {
            const char *code = json_text_member(one, "office");

            if (office && code && strcmp(office, code) != 0)
                return NULL;
            office = code;
        }
    }
    return office;
}

/* ---- requests ------------------------------------------------------------------------------------------------------- */

static const char *what_of(struct client *client, const struct plan *plan, const json_t *request)
{
    const char *form = json_text_member(request, "form"), *text = json_text_member(request, "text");

    if (!form)
        return text;
    form = arena_format(client->arena, "%s %s", naming_form(client, plan, form), json_text_member(request, "period"));
    return text ? arena_format(client->arena, "%s\n%s", form, text) : form;
}

static void show_requests(struct client *client, const struct plan *plan, const json_t *answers, bool alone)
{
    const struct listing_column columns[] = {{client_word(client, due_date), LISTING_LEFT},
                                             {client_word(client, state), LISTING_LEFT},
                                             {client_word(client, what), LISTING_WRAPS},
                                             {client_word(client, decision_number), LISTING_LEFT},
                                             {client_word(client, office), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, alone ? 4 : 5);
    json_t *list = json_array();
    const json_t *answer, *one;
    size_t i, k;

    json_array_foreach(answers, i, answer) {
        json_array_foreach(json_object_get(answer, "requests"), k, one) {
            if (is(one, "state", "asked"))
                insert(list, one, "due_date");
        }
    }
    json_array_foreach(list, i, one) {
        listing_row(listing, (const char *[]){day_text(client, one, "due_date"),
                                              decision_left(client, plan, json_text_member(one, "due_date")),
                                              what_of(client, plan, one), json_text_member(one, "number"),
                                              naming_office(client, plan, json_text_member(one, "office"))});
    }
    if (listing_row_count(listing)) {
        client_print(client, due_requests);
        client_show(client, listing);
        puts("");
    }
    json_decref(list);
}

/* ---- decisions ------------------------------------------------------------------------------------------------------ */

/* An owner's row of a decision: the owner with the decision's number and title. */
static void add_owners(json_t *list, const json_t *decision, const char *office)
{
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        bool late = json_integer_value(json_object_get(owner, "overdue_days")) > 0;
        json_t *row;

        if (!is(owner, "state", "open") || !json_is_string(json_object_get(owner, "office")) ||
            (office ? !is(owner, "office", office) : !late))
            continue;
        row = json_copy((json_t *)owner);
        json_object_set(row, "number", json_object_get(decision, "number"));
        json_object_set(row, "title", json_object_get(decision, "title"));
        insert(list, row, "due_on");
        json_decref(row);
    }
}

static enum exit_status ask(struct client *client, const struct plan *plan, const char *office, json_t *list)
{
    const char *after = NULL;
    enum exit_status status;

    do {
        const struct url_parameter parameters[] = {{"state", "open"},
                                                   {"office", office},
                                                   {"as_of", client_option(client, "as-of")},
                                                   {"limit", "500"},
                                                   {"after", after}};
        json_t *answer = NULL;
        const json_t *one;
        size_t i;

        status = fetch_json(
            client, decisions_path(client, plan, "decisions", parameters, sizeof parameters / sizeof *parameters),
            &answer);
        json_array_foreach(json_object_get(answer, "decisions"), i, one) {
            add_owners(list, one, office);
        }
        after = arena_text(client->arena, json_text_member(answer, "next"));
        json_decref(answer);
    } while (status == EXIT_DONE && after);
    return status;
}

static void show_decisions(struct client *client, const struct plan *plan, const char *office)
{
    const struct listing_column columns[] = {{client_word(client, due_date), LISTING_LEFT},
                                             {client_word(client, state), LISTING_LEFT},
                                             {client_word(client, decision_number), LISTING_LEFT},
                                             {client_word(client, decision_title), LISTING_WRAPS},
                                             {client_word(client, owner), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, office ? 4 : 5);
    json_t *list = json_array();
    const json_t *one;
    size_t i;

    if (ask(client, plan, office, list) == EXIT_DONE) {
        json_array_foreach(list, i, one) {
            listing_row(listing, (const char *[]){day_text(client, one, "due_on"), decision_lateness(client, plan, one),
                                                  json_text_member(one, "number"), json_text_member(one, "title"),
                                                  naming_of(client, json_object_get(one, "name"))});
        }
    }
    if (listing_row_count(listing)) {
        if (office)
            client_print(client, due_decisions);
        else
            client_print(client, due_decisions_overdue);
        client_show(client, listing);
        puts("");
    }
    json_decref(list);
}

void due_decisions_show(struct client *client, const struct plan *plan, const json_t *answers)
{
    const char *office = only_office(answers);

    if (client_option(client, "form"))
        return;
    show_requests(client, plan, answers, office != NULL);
    show_decisions(client, plan, office);
}

enum exit_status due_decisions_tell(struct client *client, const struct plan *plan)
{
    const char *office = client_option(client, "office");
    json_t *list = json_array(), *person = NULL;
    enum exit_status status = office ? EXIT_DONE : fetch_json(client, "/v1/whoami", &person);
    const json_t *one;
    size_t i, late = 0;

    if (!office)
        office = json_text_member(person, "office");
    if (status == EXIT_DONE && office)
        status = ask(client, plan, office, list);
    json_array_foreach(list, i, one) {
        late += json_integer_value(json_object_get(one, "overdue_days")) > 0;
    }
    if (status == EXIT_DONE && json_array_size(list))
        client_print(client, status_decisions, client_number(client, (long long)json_array_size(list)),
                     client_number(client, (long long)late));
    json_decref(list);
    json_decref(person);
    return status;
}
