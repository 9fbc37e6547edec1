/* command_remark.c: tributary remark add|answer|list|resolve|reopen: what is said about cells of a document. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "outbox.h"
#include "url.h"

static const char *role_word(struct client *client, const char *role)
{
    if (!role)
        return "";
    if (strcmp(role, "office") == 0)
        return client_word(client, role_office);
    if (strcmp(role, "geo") == 0)
        return client_word(client, role_geo);
    if (strcmp(role, "dbas") == 0)
        return client_word(client, role_dbas);
    return strcmp(role, "supervision") == 0 ? client_word(client, role_supervision) : role;
}

/* The place in words; the document as a whole has none of its own. */
static const char *place_text(struct client *client, const json_t *remark)
{
    const char *path = json_text_member(remark, "path"), *words = naming_of(client, json_object_get(remark, "place"));

    if (!path || !*path)
        return client_word(client, whole_document);
    return *words ? arena_format(client->arena, "%s\n%s", words, path) : path;
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

static void add_row(struct client *client, struct listing *listing, const json_t *remark)
{
    const char *text = json_text_member(remark, "text");
    bool answers = json_text_member(remark, "answers") != NULL;

    if (!text)
        text = client_word(client, erased);
    listing_row(listing, (const char *[]){answers ? "" : place_text(client, remark),
                                          role_word(client, json_text_member(remark, "role")),
                                          answers ? arena_format(client->arena, "→ %s", text) : text,
                                          answers ? ""
                                          : json_is_true(json_object_get(remark, "open"))
                                              ? client_word(client, remark_is_open)
                                              : client_word(client, remark_is_settled),
                                          client_moment(client, json_text_member(remark, "recorded_at")),
                                          json_text_member(remark, "remark")});
}

/* Each thread's remarks below the one that began it. */
static void show_list(struct client *client, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, place), LISTING_WRAPS},      {client_word(client, by), LISTING_LEFT},
        {client_word(client, said), LISTING_WRAPS},       {client_word(client, state), LISTING_LEFT},
        {client_word(client, recorded_at), LISTING_LEFT}, {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *first, *one;
    size_t i, k;

    json_array_foreach(list, i, first) {
        if (json_text_member(first, "answers"))
            continue;
        for (k = i; k < json_array_size(list); k++) {
            one = json_array_get(list, k);
            if (json_equal(json_object_get(one, "thread"), json_object_get(first, "remark")))
                add_row(client, listing, one);
        }
    }
    if (listing_row_count(listing) == 0)
        client_print(client, remarks_none);
    else
        client_show(client, listing);
}

static const char *list_path(struct client *client, const char *after)
{
    const struct url_parameter parameters[] = {
        {"open", client_option(client, "open") ? "true" : NULL}, {"limit", "1000"}, {"after", after}};
    const char *part = url_part(client->arena, client->arguments.words[1]);
    const char *path = part ? arena_format(client->arena, "/v1/submissions/%s/remarks", part) : NULL;

    return path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL;
}

static enum exit_status run_list(struct client *client)
{
    json_t *answer = NULL, *list = json_array();
    enum exit_status status = fetch_shown(client, list_path(client, NULL), &answer);
    bool shown = answer != NULL;

    while (status == EXIT_DONE && answer) {
        const char *next = arena_text(client->arena, json_text_member(answer, "next"));

        json_array_extend(list, json_object_get(answer, "remarks"));
        json_decref(answer);
        answer = NULL;
        if (next)
            status = fetch_json(client, list_path(client, next), &answer);
    }
    if (status == EXIT_DONE && shown)
        show_list(client, list);
    json_decref(answer);
    json_decref(list);
    return status;
}

/* ---- add, answer, resolve, reopen ----------------------------------------------------------------------------------- */

static void show_done(struct client *client, const json_t *remark, bool settles)
{
    const char *id = json_text_member(remark, "remark"), *path = json_text_member(remark, "path");
    const char *where = path && *path ? naming_of(client, json_object_get(remark, "place")) : "";

    if (!*where)
        where = path && *path ? path : client_word(client, whole_document);
    if (!settles)
        client_print(client, remark_made, where, id ? id : "");
    else if (json_is_true(json_object_get(remark, "open")))
        client_print(client, remark_reopened, where);
    else
        client_print(client, remark_resolved, where);
}

/* Takes `body` over. */
static enum exit_status send(struct client *client, const char *path, json_t *body, bool settles)
{
    char key[OUTBOX_KEY_SIZE], *text = json_dumps(body, JSON_COMPACT);
    const char *clock = client_option(client, "sample-clock");
    struct request request = {.path = path,
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .idempotency_key = key,
                              .sample_clock = clock ? clock : getenv("TRIBUTARY_SAMPLE_CLOCK")};
    struct reply reply = {0};
    enum exit_status status;

    json_decref(body);
    outbox_make_key(key);
    if (!text || !path)
        status = client_usage(client, client_word(client, out_of_memory));
    else
        status = fetch_send(client, &request, &reply);
    free(text);
    if (status != EXIT_DONE)
        return status;

    json_t *answer = reply_json(&reply);

    status = reply.status == 422 || reply.status == 409 ? EXIT_REFUSED : status_meaning(reply.status);
    if (status != EXIT_DONE || !answer)
        fetch_explain(client, &reply, answer);
    else if (client->json)
        client_print_json(answer);
    else
        show_done(client, answer, settles);
    json_decref(answer);
    reply_free(&reply);
    return status;
}

static enum exit_status run_add(struct client *client)
{
    const char **words = client->arguments.words;
    const char *part = url_part(client->arena, words[1]);

    return send(client, part ? arena_format(client->arena, "/v1/submissions/%s/remarks", part) : NULL,
                json_pack("{ss ss}", "path", words[2], "text", words[3]), false);
}

static enum exit_status run_answer(struct client *client)
{
    const char **words = client->arguments.words;
    const char *part = url_part(client->arena, words[1]);

    return send(client, part ? arena_format(client->arena, "/v1/submissions/%s/remarks", part) : NULL,
                json_pack("{ss ss}", "answers", words[2], "text", words[3]), false);
}

static enum exit_status settle(struct client *client, bool resolved)
{
    const char *part = url_part(client->arena, client->arguments.words[1]);

    return send(client, part ? arena_format(client->arena, "/v1/remarks/%s/resolution", part) : NULL,
                json_pack("{sb}", "resolved", resolved), true);
}

static enum exit_status run_resolve(struct client *client)
{
    return settle(client, true);
}

static enum exit_status run_reopen(struct client *client)
{
    return settle(client, false);
}

static const struct {
    const char *name;
    size_t words;
    enum exit_status (*run)(struct client *client);
} kinds[] = {
    {"add", 4, run_add},         {"answer", 4, run_answer}, {"list", 2, run_list},
    {"resolve", 2, run_resolve}, {"reopen", 2, run_reopen},
};

static enum exit_status run(struct client *client)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, client->arguments.words[0]) == 0 && kinds[i].words == client->arguments.word_count)
            return kinds[i].run(client);
    return client_usage(client, client_word(client, remark_what));
}

static const struct option options[] = {
    {"open", NULL, {{"list：只列待處理的意見", "list: only open threads"}}},
    EXPORT_OPTIONS,
    {"sample-clock", "TIME", {{"樣本資料庫的時間", "when it is said to happen; sample databases only"}}},
    {0},
};

const struct command command_remark = {
    .name = "remark",
    .usage =
        "add SUBMISSION PATH TEXT | answer SUBMISSION REMARK TEXT | list SUBMISSION | resolve REMARK | reopen REMARK",
    .summary = {{"對已收資料的儲存格提出意見、回覆、結案", "remark on cells of what was handed in; answer, settle"}},
    .details =
        {{"PATH 如 fields.general.staff.m 或 tables.courses[a1].hours（見 findings 與 diff 的位置）；以空字串（\"\"）表示整份資料。",
          "PATH is as findings and diffs write it: fields.general.staff.m, tables.courses[a1].hours; the empty one (\"\") is the document as a whole."}},
    .options = options,
    .least_words = 2,
    .most_words = 4,
    .run = run};
