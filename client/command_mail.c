/* command_mail.c: tributary mail list|retry|preferences: what was mailed, and which mails one wants. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command.h"
#include "export.h"
#include "fetch.h"
#include "naming.h"
#include "plan_cache.h"
#include "url.h"

/* ---- list, retry -------------------------------------------------------------------------------------------------- */

/* A state in words. */
static const char *state_words(struct client *client, const char *code)
{
    const struct {
        const char *code, *words;
    } states[] = {{"waiting", client_word(client, mail_waiting)},
                  {"sending", client_word(client, mail_sending)},
                  {"sent", client_word(client, mail_sent)},
                  {"failed", client_word(client, mail_failed)},
                  {"given_up", client_word(client, mail_given_up)}};

    for (size_t i = 0; code && i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].code, code) == 0)
            return states[i].words;
    return code ? code : "";
}

/* The name of a kind that an answer gives in both languages. */
static const char *kind_words(const struct client *client, const json_t *one)
{
    const char *words = json_text_member(json_object_get(one, "name"), client->language == LANGUAGE_ZH ? "zh" : "en");

    return words ? words : "";
}

static void show_list(struct client *client, const json_t *list)
{
    const struct listing_column columns[] = {
        {client_word(client, mail_kind), LISTING_WRAPS},     {client_word(client, office), LISTING_WRAPS},
        {client_word(client, mail_subject), LISTING_WRAPS},  {client_word(client, state), LISTING_LEFT},
        {client_word(client, mail_attempts), LISTING_RIGHT}, {client_word(client, mail_error), LISTING_WRAPS},
        {client_word(client, created), LISTING_LEFT},        {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    struct cached_plan cached;
    const json_t *one;
    size_t i;

    plan_if_cached(client, &cached);
    json_array_foreach(list, i, one) {
        const char *office = json_text_member(one, "office");

        listing_row(listing,
                    (const char *[]){
                        kind_words(client, one), office ? naming_office(client, cached.plan, office) : "",
                        json_text_member(one, "subject"), state_words(client, json_text_member(one, "state")),
                        client_number(client, json_integer_value(json_object_get(one, "attempts"))),
                        json_text_member(one, "last_error"), client_moment(client, json_text_member(one, "created_at")),
                        json_text_member(one, "mail")});
    }
    if (listing_row_count(listing) == 0)
        client_print(client, mails_none);
    else
        client_show(client, listing);
    cached_plan_release(&cached);
}

static enum exit_status list_mails(struct client *client)
{
    const struct url_parameter parameters[] = {{"state", client_option(client, "state")},
                                               {"kind", client_option(client, "kind")},
                                               {"office", client_option(client, "office")},
                                               {"limit", client_option(client, "limit")},
                                               {"after", client_option(client, "after")}};
    json_t *answer;
    enum exit_status status = fetch_shown(
        client, url_query(client->arena, "/v1/mails", parameters, sizeof parameters / sizeof *parameters), &answer);
    const char *next = json_text_member(answer, "next");

    if (answer)
        show_list(client, json_object_get(answer, "mails"));
    if (next)
        client_print(client, mails_more, next);
    json_decref(answer);
    return status;
}

/* Ends an exchange: the answer's JSON if it went well (the caller decrefs it), otherwise NULL with the reason said. */
static json_t *take_answer(struct client *client, struct reply *reply, enum exit_status *status)
{
    json_t *answer = reply_json(reply);

    *status = status_meaning(reply->status);
    if (*status == EXIT_DONE && answer)
        return answer;
    fetch_explain(client, reply, answer);
    json_decref(answer);
    if (*status == EXIT_DONE)
        *status = EXIT_SERVER_FAULT;
    return NULL;
}

static enum exit_status retry(struct client *client, const char *mail)
{
    const char *part = url_part(client->arena, mail);
    struct request request = {.path = part ? arena_format(client->arena, "/v1/mails/%s/retry", part) : NULL,
                              .body = "{}",
                              .body_length = 2,
                              .content_type = "application/json"};
    struct reply reply = {0};
    enum exit_status status = request.path ? fetch_send(client, &request, &reply) : EXIT_USAGE;

    if (status != EXIT_DONE)
        return status;

    json_t *answer = take_answer(client, &reply, &status);

    if (answer && client->json)
        client_print_json(answer);
    else if (answer)
        client_print(client, mail_queued, mail);
    json_decref(answer);
    reply_free(&reply);
    return status;
}

/* ---- preferences -------------------------------------------------------------------------------------------------- */

static const char preferences_path[] = "/v1/account/mail-preferences";

static void show_preferences(struct client *client, const json_t *answer)
{
    const struct listing_column columns[] = {{client_word(client, mail_kind), LISTING_LEFT},
                                             {client_word(client, code), LISTING_LEFT},
                                             {client_word(client, mail_wanted), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *language = json_text_member(answer, "language");
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(answer, "kinds"), i, one) {
        const char *wanted = !json_is_true(json_object_get(one, "may_be_refused")) ? client_word(client, mail_always)
                             : json_is_true(json_object_get(one, "wanted"))        ? client_word(client, yes)
                                                                                   : client_word(client, no);

        listing_row(listing, (const char *[]){kind_words(client, one), json_text_member(one, "kind"), wanted});
    }
    client_show(client, listing);
    client_print(client, mail_language, language ? language : json_text_member(answer, "account_language"));
    if (!json_is_true(json_object_get(answer, "has_address")))
        client_print(client, mail_no_address);
}

/* Whether a kind stands in a list with commas. */
static bool names(const char *list, const char *kind)
{
    size_t length = strlen(kind);

    for (const char *at = list; at && *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strncmp(at, kind, length) == 0 && (at[length] == ',' || !at[length]))
            return true;
    return false;
}

/* What is to hold: what held, changed as the options say. NULL without memory. */
static json_t *change(struct client *client, const json_t *held)
{
    const char *without = client_option(client, "without"), *with = client_option(client, "with"),
               *language = client_option(client, "mail-language");
    json_t *opted_out = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(held, "kinds"), i, one) {
        const char *kind = json_text_member(one, "kind");

        if (kind && !names(with, kind) && (names(without, kind) || !json_is_true(json_object_get(one, "wanted"))))
            json_array_append_new(opted_out, json_string(kind));
    }
    if (!language)
        language = json_text_member(held, "language");
    else if (strcmp(language, "account") == 0)
        language = NULL;
    return json_pack("{so ss?}", "opted_out", opted_out, "language", language);
}

/* A word of an option that the answer's kinds don't have; NULL: there is none. */
static const char *unknown_kind(struct client *client, const char *list, const json_t *held)
{
    while (list && *list) {
        size_t length = strcspn(list, ","), i;
        const char *word = arena_copy(client->arena, list, length);
        const json_t *one;
        bool known = false;

        json_array_foreach(json_object_get(held, "kinds"), i, one)
            known = known || (word && names(word, json_text_member(one, "kind")));
        if (!known)
            return word ? word : "";
        list += length + (list[length] == ',');
    }
    return NULL;
}

static enum exit_status put(struct client *client, const json_t *body, const char *etag, json_t **ret_answer)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    struct request request = {.path = preferences_path,
                              .method = "PUT",
                              .body = text,
                              .body_length = text ? strlen(text) : 0,
                              .content_type = "application/json",
                              .if_match = etag};
    struct reply reply = {0};
    enum exit_status status =
        text ? fetch_send(client, &request, &reply) : client_usage(client, client_word(client, out_of_memory));

    free(text);
    *ret_answer = NULL;
    if (status != EXIT_DONE)
        return status;
    *ret_answer = take_answer(client, &reply, &status);
    reply_free(&reply);
    return status;
}

static enum exit_status preferences(struct client *client)
{
    bool changes =
        client_option(client, "without") || client_option(client, "with") || client_option(client, "mail-language");
    struct reply reply = {0};
    enum exit_status status = fetch_send(client, &(struct request){.path = preferences_path}, &reply);
    json_t *held = status == EXIT_DONE ? take_answer(client, &reply, &status) : NULL, *answer = NULL;
    const char *unknown = held ? unknown_kind(client, client_option(client, "without"), held) : NULL;

    if (held && !unknown)
        unknown = unknown_kind(client, client_option(client, "with"), held);
    if (unknown) {
        status = client_usage(client, client_text(client, mail_unknown_kind, unknown));
    } else if (held && changes) {
        json_t *body = change(client, held);

        status = put(client, body, reply.etag, &answer);
        json_decref(body);
    } else if (held) {
        answer = json_incref(held);
    }
    if (answer && client->json)
        client_print_json(answer);
    else if (answer)
        show_preferences(client, answer);
    json_decref(answer);
    json_decref(held);
    reply_free(&reply);
    return status;
}

static enum exit_status run(struct client *client)
{
    const char *what = client->arguments.words[0];
    const char *mail = client->arguments.word_count > 1 ? client->arguments.words[1] : NULL;
    bool retries = strcmp(what, "retry") == 0;

    if (retries && mail)
        return retry(client, mail);
    if (!mail && strcmp(what, "list") == 0)
        return list_mails(client);
    if (!mail && strcmp(what, "preferences") == 0)
        return preferences(client);
    return client_usage(client, client_word(client, mail_what));
}

static const struct option options[] = {
    {"state",
     "STATE",
     {{"list：waiting、sending、sent、failed 或 given_up", "list: waiting, sending, sent, failed or given_up"}}},
    {"kind", "KIND", {{"list：只列這一種", "list: only this kind"}}},
    {"office", "OFFICE", {{"list：只列寄給這個機關的", "list: only those to this office"}}},
    {"limit", "N", {{"list：最多幾筆", "list: at most so many"}}},
    {"after", "NEXT", {{"list：接續前一頁", "list: go on after the page before"}}},
    EXPORT_OPTIONS,
    {"without", "KIND,…", {{"preferences：不再接收的種類", "preferences: kinds that you want no more"}}},
    {"with", "KIND,…", {{"preferences：恢復接收的種類", "preferences: kinds that you want again"}}},
    {"mail-language", "zh|en|account", {{"preferences：郵件的語言", "preferences: the language of mails"}}},
    {0},
};

const struct command command_mail = {
    .name = "mail",
    .usage = "list|retry ID|preferences [--without KIND,…] …",
    .summary = {{"寄了哪些通知信；選擇要收哪些", "what was mailed; which mails you want"}},
    .options = options,
    .least_words = 1,
    .most_words = 2,
    .run = run};
