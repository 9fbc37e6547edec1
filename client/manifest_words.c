/* manifest_words.c: meetings and reviews of a manifest, sent with the token of whom the line names. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "manifest_inside.h"
#include "url.h"

bool manifest_is_word(const json_t *line)
{
    return json_text_member(line, "review_of") || json_text_member(line, "meeting");
}

/* Of a role, or of an office. */
static const char *token_of(const struct feed *feed, const char *who)
{
    const char *token = who ? json_text_member(feed->tokens, who) : NULL;

    return token || !who ? token : json_text_member(json_object_get(feed->tokens, "offices"), who);
}

static json_t *meeting_body(const json_t *line)
{
    return json_pack("{ss ss? ss*}", "body", json_text_member(line, "meeting"), "held_on",
                     json_text_member(line, "held_on"), "document_number", json_text_member(line, "document_number"));
}

static json_t *review_body(const json_t *line)
{
    json_t *body = json_pack("{ss? ss* ss* ss*}", "outcome", json_text_member(line, "outcome"), "stage",
                             json_text_member(line, "stage"), "reason", json_text_member(line, "reason"), "meeting",
                             json_text_member(line, "held_on")),
           *cells = json_object_get(line, "cells");

    if (body && cells)
        json_object_set(body, "cells", cells);
    return body;
}

/* Where the word goes; NULL if nothing came of the file that it reviews. */
static const char *path_of(struct feed *feed, const json_t *line)
{
    struct client *client = feed->client;
    const char *file = json_text_member(line, "review_of");
    const char *id = file ? json_text_member(feed->submissions, file) : NULL,
               *part = id ? url_part(client->arena, id) : NULL;

    if (!file)
        return arena_format(client->arena, "%s/meetings", feed->plan_path);
    return part ? arena_format(client->arena, "/v1/submissions/%s/reviews", part) : NULL;
}

static void judge(struct feed *feed, const char *name, const char *expected, const struct reply *reply)
{
    json_t *json = reply_json(reply);
    bool recorded = reply->status >= 200 && reply->status <= 299;
    const char *detail = json_text_member(json, "detail"), *code = json_text_member(json, "code");
    const char *came = recorded ? "recorded"
                                : arena_format(feed->client->arena, "%ld %s: %s", reply->status, code ? code : "",
                                               detail ? detail : "");

    if (!came || !expected || (recorded ? strcmp(expected, came) != 0 : !code || strcmp(expected, code) != 0))
        manifest_deviate(feed, name, expected, came);
    else
        feed->reviewed++;
    json_decref(json);
}

enum exit_status manifest_send_word(struct feed *feed, const json_t *line)
{
    struct client *client = feed->client;
    const char *file = json_text_member(line, "review_of"), *clock = json_text_member(line, "sample_clock"),
               *name = file ? file : json_text_member(line, "meeting"), *path = path_of(feed, line),
               *token = token_of(feed, json_text_member(line, "by"));
    json_t *body = file ? review_body(line) : meeting_body(line);
    char key[MANIFEST_KEY_LENGTH + 1], *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    struct reply reply;
    enum exit_status status = EXIT_USAGE;

    json_decref(body);
    if (!path || !token || !text || !clock) {
        client_usage(client, client_text(client, bad_manifest_line, name));
    } else {
        const char *keyed = arena_format(client->arena, "%s %s", path, text);

        manifest_key(clock, keyed ? keyed : "", keyed ? strlen(keyed) : 0, key);
        status = fetch_send(client,
                            &(struct request){.path = path,
                                              .token = token,
                                              .body = text,
                                              .body_length = strlen(text),
                                              .content_type = "application/json",
                                              .idempotency_key = key,
                                              .sample_clock = clock},
                            &reply);
    }
    free(text);
    if (status != EXIT_DONE)
        return status;
    judge(feed, name, json_text_member(line, "expect"), &reply);
    reply_free(&reply);
    return EXIT_DONE;
}
