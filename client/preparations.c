/* preparations.c: asking for them, and what they ask of the person. */
#include "preparations.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "url.h"

static bool is(const json_t *object, const char *key, const char *word)
{
    const char *text = json_text_member(object, key);

    return text && strcmp(text, word) == 0;
}

/* One page added to the list. *ret_after is NULL after the last one. */
static enum exit_status ask_page(struct client *client, const char *path, json_t *list, const char **ret_after)
{
    struct reply reply = {0};
    enum exit_status status = path ? fetch_send(client, &(struct request){.path = path}, &reply)
                                   : client_usage(client, client_word(client, out_of_memory));
    json_t *answer;

    *ret_after = NULL;
    if (status != EXIT_DONE)
        return status;
    answer = reply_json(&reply);
    status = status_meaning(reply.status);
    if (reply.status == 403) {
        status = EXIT_DONE;
    } else if (status != EXIT_DONE) {
        fetch_explain(client, &reply, answer);
    } else {
        json_array_extend(list, json_object_get(answer, "prepared"));
        *ret_after = arena_text(client->arena, json_text_member(answer, "next"));
    }
    json_decref(answer);
    reply_free(&reply);
    return status;
}

enum exit_status preparations_ask(struct client *client, const char *plan, const char *state, json_t **ret_list)
{
    const char *part = url_part(client->arena, plan), *after = NULL;
    json_t *list = json_array();
    enum exit_status status;

    do {
        const struct url_parameter parameters[] = {{"state", state}, {"limit", "500"}, {"after", after}};

        status = ask_page(
            client,
            part ? url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/prepared", part), parameters, 3)
                 : NULL,
            list, &after);
    } while (status == EXIT_DONE && after);
    if (status == EXIT_DONE)
        *ret_list = list;
    else
        json_decref(list);
    return status;
}

const char *preparation_text(struct client *client, const json_t *prepared)
{
    const char *by = json_text_member(prepared, "ended_by_name"), *reason = json_text_member(prepared, "reason"),
               *at = client_moment(client, json_text_member(prepared, "ended_at"));

    if (!is(prepared, "state", "rejected"))
        return client_moment(client, json_text_member(prepared, "prepared_at"));
    if (by)
        return client_text(client, given_back_by, at, by, reason);
    return client_text(client, given_back_at, at, reason);
}

static void show_given_back(struct client *client, const struct plan *plan, const json_t *list)
{
    const struct listing_column columns[] = {{client_word(client, document), LISTING_WRAPS},
                                             {client_word(client, prepared_by), LISTING_WRAPS},
                                             {client_word(client, review_returned_why), LISTING_WRAPS},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *form = client_option(client, "form"), *office = client_option(client, "office");
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *name = json_text_member(one, "prepared_by_name");

        if (is(one, "state", "rejected") && (!form || is(one, "form", form)) && (!office || is(one, "office", office)))
            listing_row(listing, (const char *[]){naming_document(client, plan, json_text_member(one, "form"),
                                                                  json_text_member(one, "office"),
                                                                  json_text_member(one, "period")),
                                                  name ? name : json_text_member(one, "prepared_by"),
                                                  preparation_text(client, one), json_text_member(one, "prepared")});
    }
    if (listing_row_count(listing) == 0)
        return;
    client_print(client, due_given_back, client_number(client, (long long)listing_row_count(listing)));
    client_show(client, listing);
    client_print_prose(client, client_word(client, due_given_back_next));
    puts("");
}

void preparations_show(struct client *client, const struct plan *plan)
{
    long long count = 0;
    json_t *list;
    const json_t *one;
    size_t i;

    if (preparations_ask(client, plan->code, "open", &list) != EXIT_DONE)
        return;
    show_given_back(client, plan, list);
    json_array_foreach(list, i, one) {
        count += json_is_true(json_object_get(json_object_get(one, "may"), "release"));
    }
    if (count > 0) {
        client_print(client, due_to_release, client_number(client, count));
        puts("");
    }
    json_decref(list);
}
