/* due_reviews.c: the first lines of tributary due. */
#include "due_reviews.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "review_words.h"
#include "url.h"

enum { MOST_SHOWN = 40 };

static bool is(const json_t *object, const char *key, const char *word)
{
    const char *text = json_text_member(object, key);

    return text && strcmp(text, word) == 0;
}

static const char *returned_at(const json_t *obligation)
{
    const char *text = json_text_member(json_object_get(obligation, "ticket"), "recorded_at");

    return text ? text : "";
}

/* What stands returned, the newest return first. */
static json_t *returned_of(const json_t *answers)
{
    json_t *list = json_array(), *answer, *one;
    size_t i, k, at;

    json_array_foreach(answers, i, answer) {
        json_array_foreach(json_object_get(answer, "obligations"), k, one) {
            if (!is(one, "review", "returned"))
                continue;
            for (at = 0; at < json_array_size(list); at++)
                if (strcmp(returned_at(json_array_get(list, at)), returned_at(one)) < 0)
                    break;
            json_array_insert(list, at, one);
        }
    }
    return list;
}

static const char *what_text(struct client *client, const struct plan *plan, const json_t *one)
{
    return naming_document(client, plan, json_text_member(one, "form"), json_text_member(one, "office"),
                           json_text_member(one, "period"));
}

static void show_returned(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, review_returned_why), LISTING_WRAPS},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    size_t count = json_array_size(list), i;
    const json_t *one;

    json_array_foreach(list, i, one) {
        if (i < MOST_SHOWN)
            listing_row(listing, (const char *[]){what_text(client, plan, one),
                                                  review_ticket_text(client, plan, json_object_get(one, "ticket")),
                                                  json_text_member(one, "submission")});
    }
    client_print(client, due_returned, client_number(client, (long long)count));
    client_show(client, listing);
    client_print_prose(client, client_word(client, due_returned_next));
    puts("");
}

/* Only the roles that review are asked what waits for them. */
static void show_waiting(struct client *client, const struct plan *plan)
{
    json_t *me = NULL, *answer = NULL;
    const char *part = url_part(client->arena, plan->code);
    const struct url_parameter parameters[] = {{"office", client_option(client, "office")}, {"limit", "1000"}};

    if (!part || fetch_json(client, "/v1/whoami", &me) != EXIT_DONE)
        return;
    if ((is(me, "role", "geo") || is(me, "role", "dbas")) &&
        fetch_json(client,
                   url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/waiting", part), parameters, 2),
                   &answer) == EXIT_DONE) {
        size_t count = json_array_size(json_object_get(answer, "waiting"));
        const char *number = client_number(client, (long long)count);

        if (json_text_member(answer, "next"))
            number = client_text(client, at_least, number);
        if (count > 0) {
            client_print(client, due_waiting, number);
            puts("");
        }
    }
    json_decref(answer);
    json_decref(me);
}

void due_reviews_show(struct client *client, const struct plan *plan, const json_t *answers)
{
    json_t *returned = returned_of(answers);

    if (json_array_size(returned) > 0)
        show_returned(client, plan, returned);
    json_decref(returned);
    if (!client_option(client, "as-of"))
        show_waiting(client, plan);
}
