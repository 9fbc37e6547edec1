/* manifest_words.c: what a manifest holds besides hand-ins, sent with the token of whom the line names: meetings by their
 * day, reviews of what a file became, and any other call, whose line says method, path and body. An answer's members can be
 * kept by names of the manifest's own; "$name" in a later path, or as a text of a body, is what was kept. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "manifest_inside.h"
#include "url.h"

bool manifest_is_word(const json_t *line)
{
    return json_text_member(line, "review_of") || json_text_member(line, "meeting") || json_text_member(line, "path");
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* What was kept by the name that a text "$name" says; NULL: it says none. */
static json_t *kept_by(const json_t *kept, const json_t *value)
{
    const char *text = json_string_value(value);

    return text && *text == '$' ? json_object_get(kept, text + 1) : NULL;
}

/* Puts what was kept in the place of every such text. */
static void resolve(const json_t *kept, json_t *value)
{
    const char *key;
    void *next;
    json_t *one;
    size_t i;

    json_array_foreach(value, i, one) {
        resolve(kept, one);
        if (kept_by(kept, one))
            json_array_set(value, i, kept_by(kept, one));
    }
    if (!json_is_object(value))
        return;
    json_object_foreach_safe(value, next, key, one) {
        resolve(kept, one);
        if (kept_by(kept, one))
            json_object_set(value, key, kept_by(kept, one));
    }
}

/* The path with what was kept in the place of its parts "$name", below the plan's if it doesn't begin with a slash. NULL: a
 * name that nothing was kept by. */
static const char *resolve_path(struct feed *feed, const char *path)
{
    struct arena *arena = feed->client->arena;
    const char *whole = *path == '/' ? "" : arena_format(arena, "%s/", feed->plan_path);

    while (whole && *path) {
        size_t length = strcspn(path, "/");
        const char *part = arena_copy(arena, path, length);

        if (part && *part == '$') {
            part = json_text_member(feed->kept, part + 1);
            part = part ? url_part(arena, part) : NULL;
        }
        path += length;
        whole = part ? arena_format(arena, "%s%s%s", whole, part, *path == '/' ? "/" : "") : NULL;
        path += *path == '/';
    }
    return whole;
}

/* The value at "agenda.items.2.item"; NULL if there is none. */
static json_t *dig(struct arena *arena, json_t *value, const char *place)
{
    while (value && *place) {
        size_t length = strcspn(place, ".");
        const char *part = arena_copy(arena, place, length);

        if (json_is_array(value))
            value = part ? json_array_get(value, strtoul(part, NULL, 10)) : NULL;
        else
            value = part ? json_object_get(value, part) : NULL;
        place += length + (place[length] == '.');
    }
    return value;
}

/* Keeps the texts of an answer that the line asks for, by the line's names. */
static void keep(struct feed *feed, const json_t *line, json_t *answer)
{
    const char *name;
    json_t *place;

    json_object_foreach(json_object_get(line, "keep"), name, place) {
        json_t *value = json_is_string(place) ? dig(feed->client->arena, answer, json_string_value(place)) : NULL;

        if (json_is_string(value))
            json_object_set(feed->kept, name, value);
    }
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
    const char *file = json_text_member(line, "review_of"), *path = json_text_member(line, "path");
    const char *id = file ? json_text_member(feed->submissions, file) : NULL,
               *part = id ? url_part(client->arena, id) : NULL;

    if (path)
        return resolve_path(feed, path);
    if (!file)
        return arena_format(client->arena, "%s/meetings", feed->plan_path);
    return part ? arena_format(client->arena, "/v1/submissions/%s/reviews", part) : NULL;
}

static void judge(struct feed *feed, const char *name, const json_t *line, const struct reply *reply)
{
    const char *expected = json_text_member(line, "expect");
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
    keep(feed, line, json);
    json_decref(json);
}

enum exit_status manifest_send_word(struct feed *feed, const json_t *line)
{
    struct client *client = feed->client;
    const char *file = json_text_member(line, "review_of"), *clock = json_text_member(line, "sample_clock"),
               *meeting = json_text_member(line, "meeting"), *path = path_of(feed, line),
               *token = token_of(feed, json_text_member(line, "by"));
    const char *call = json_text_member(line, "path"), *name = file ? file : meeting ? meeting : call;
    json_t *body = file ? review_body(line) : NULL;
    char key[MANIFEST_KEY_LENGTH + 1], *text;
    struct reply reply;
    enum exit_status status = EXIT_USAGE;

    if (!file)
        body = meeting ? meeting_body(line) : json_deep_copy(json_object_get(line, "body"));
    resolve(feed->kept, body);
    text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    if (!path || !token || !text || !clock) {
        client_usage(client, client_text(client, bad_manifest_line, name));
    } else {
        const char *keyed = arena_format(client->arena, "%s %s", path, text);

        manifest_key(clock, keyed ? keyed : "", keyed ? strlen(keyed) : 0, key);
        status = fetch_send(client,
                            &(struct request){.path = path,
                                              .method = json_text_member(line, "method"),
                                              .if_match = json_text_member(line, "if_match"),
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
    judge(feed, name, line, &reply);
    reply_free(&reply);
    return EXIT_DONE;
}
