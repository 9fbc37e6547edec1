/* posting.c: one order, one answer. */
#include "posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "outbox.h"

static bool wants_reason(const json_t *problem)
{
    const char *code = json_text_member(problem, "code");

    return code && (strcmp(code, "meeting_correction") == 0 || strcmp(code, "meeting_reason_missing") == 0);
}

static enum exit_status explain(struct client *client, const struct reply *reply, struct posted *ret_posted)
{
    json_t *answer = reply_json(reply);
    enum exit_status status =
        reply->status == 409 || reply->status == 422 ? EXIT_REFUSED : status_meaning(reply->status);

    if (client->json && answer)
        client_print_json(answer);
    if (status == EXIT_DONE && answer) {
        *ret_posted = (struct posted){answer, reply->status == 200 && !reply->replayed};
        return EXIT_DONE;
    }
    fetch_explain(client, reply, answer);
    if (wants_reason(answer) && !client_option(client, "reason"))
        client_say(client, give_reason);
    json_decref(answer);
    return status == EXIT_DONE ? EXIT_SERVER_FAULT : status;
}

static enum exit_status send(struct client *client, const char *path, const char *method, const char *if_match,
                             json_t *body, struct posted *ret_posted)
{
    char key[OUTBOX_KEY_SIZE], *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    const char *clock = client_option(client, "sample-clock");
    struct request request = {.path = path,
                              .method = method,
                              .if_match = if_match,
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .idempotency_key = key,
                              .sample_clock = clock ? clock : getenv("TRIBUTARY_SAMPLE_CLOCK")};
    struct reply reply = {0};
    enum exit_status status;

    *ret_posted = (struct posted){0};
    outbox_make_key(key);
    status =
        text && path ? fetch_send(client, &request, &reply) : client_usage(client, client_word(client, out_of_memory));
    json_decref(body);
    free(text);
    if (status != EXIT_DONE)
        return status;
    status = explain(client, &reply, ret_posted);
    reply_free(&reply);
    return status;
}

enum exit_status posting_send(struct client *client, const char *path, json_t *body, struct posted *ret_posted)
{
    return send(client, path, NULL, NULL, body, ret_posted);
}

enum exit_status posting_put(struct client *client, const char *path, const char *if_match, json_t *body,
                             struct posted *ret_posted)
{
    return send(client, path, "PUT", if_match, body, ret_posted);
}

const char *posting_needs(struct client *client, const char *option)
{
    const char *value = client_option(client, option);

    if (value && *value)
        return value;
    client_usage(client, client_text(client, option_needed, arena_format(client->arena, "--%s", option)));
    return NULL;
}
