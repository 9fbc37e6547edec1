/* mail_preferences.c: what a person wants by mail, and ending a kind of mails with the secret that came in one. */
#include "mail/preferences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/if_match.h"
#include "api/members.h"
#include "api/recording.h"
#include "base/buffer.h"
#include "mail/kinds.h"

enum { ARRAY_LIMIT = 1024 };

static const struct refusal refusals[] = {
    {"no_account", PROBLEM_no_account, NULL}, {"stale", PROBLEM_precondition_failed, NULL}, {NULL, PROBLEM_NONE, NULL}};

static void reply_preference(struct request *request, struct db *db)
{
    struct mail_preference preference;
    bool found = false;
    enum db_status status = mail_preference_read(db, request->principal.actor, request->arena, &found, &preference);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "mail_preference_failed");
    else if (!found)
        reply_problem(request, PROBLEM_no_account, NULL);
    else
        reply_json(request, 200, mail_preference_to_json(request->principal.actor, &preference));
    if (request->reply.status == 200)
        snprintf(request->reply.etag, sizeof request->reply.etag, "\"p%lld\"", (long long)preference.sequence);
}

enum step_result get_mail_preferences(struct request *request, struct db *db)
{
    if (begin_snapshot(request, db))
        reply_preference(request, db);
    db_snapshot_end(db);
    return STEP_DONE;
}

/* The sequence number that If-Match names; "*" names any (*ret_sequence NULL). False: a problem is replied. */
static bool read_if_match(struct request *request, const char **ret_sequence)
{
    const char *tag;

    *ret_sequence = NULL;
    if (!if_match_read(request, true, &tag))
        return false;
    if (!tag)
        return true;
    if (tag[0] != 'p' || !if_match_is_number(tag + 1))
        return if_match_refuse(request);
    *ret_sequence = tag + 1;
    return true;
}

/* The kinds refused, as an array literal in the arena. False: a problem is replied. */
static bool read_opted_out(struct request *request, const json_t *body, const char **ret_array)
{
    const json_t *list = json_object_get(body, "opted_out"), *one;
    struct buffer array = BUFFER_WITH_LIMIT(ARRAY_LIMIT);
    enum mail_kind kind;
    bool good = json_is_array(list) && json_array_size(list) <= MAIL_KINDS;
    size_t i;

    buffer_append_char(&array, '{');
    json_array_foreach(list, i, one) {
        good = good && json_is_string(one) && mail_kind_parse(json_string_value(one), &kind) &&
               mail_kinds[kind].may_be_refused;
        if (good)
            buffer_append_format(&array, "%s%s", i ? "," : "", mail_kinds[kind].code);
    }
    buffer_append_char(&array, '}');
    *ret_array = good && !array.failed ? arena_text(request->arena, array.data) : NULL;
    buffer_free(&array);
    if (!*ret_array)
        members_refuse(request, "opted_out", "[reminder, return, acceptance, decision, digest]");
    return *ret_array != NULL;
}

static bool read_language(struct request *request, const json_t *body, const char **ret_language)
{
    static const char *const languages[] = {"zh", "en", NULL};
    const json_t *value = json_object_get(body, "language");

    *ret_language = NULL;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_string(value) || !is_one_of(json_string_value(value), languages)) {
        members_refuse(request, "language", "zh, en, null");
        return false;
    }
    *ret_language = strcmp(json_string_value(value), "en") == 0 ? "en" : "zh";
    return true;
}

/* The writer is done: show what holds now. */
static enum step_result answer_preference(struct request *request, struct db *db)
{
    if (!act_succeeded(request, request->state, refusals))
        return STEP_DONE;
    return get_mail_preferences(request, db);
}

static enum step_result record(struct request *request, const char *opted_out, const char *also, const char *language,
                               const char *sequence, step_fn *answer)
{
    char id[UUID_TEXT_SIZE];
    struct act *act;

    uuid_make(id);
    act = act_prepare(request, "mail_preference", &preference_record,
                      (const char *const[PREFERENCE_PARAMETERS - ACT_OWN_PARAMETERS]){
                          arena_text(request->arena, id), opted_out, also, language, sequence});
    if (!act)
        return STEP_DONE;
    request->state = act;
    return job_queue(request, &act->job, answer);
}

enum step_result put_mail_preferences(struct request *request, struct db *db)
{
    static const char *const known[] = {"opted_out", "language", NULL};
    const char *sequence, *opted_out, *language;
    json_t *body;
    bool good;

    (void)db;
    if (!read_if_match(request, &sequence) || !(body = members_read(request, known)))
        return STEP_DONE;
    good = read_opted_out(request, body, &opted_out) && read_language(request, body, &language);
    json_decref(body);
    return good ? record(request, opted_out, NULL, language, sequence, answer_preference) : STEP_DONE;
}

/* ---- with the secret of a mail ----------------------------------------------------------------------------------- */

/* A small page for who follows the link by hand: programs that look at links must end nothing, so it takes a button. */
static enum step_result reply_page(struct request *request, const char *kind, bool done)
{
    static const char *const texts[2][3] = {{"不再接收「%s」？", "取消訂閱", "已取消訂閱「%s」。"},
                                            {"Get no more %s?", "Unsubscribe", "You will get no more %s."}};
    const char *const *words = texts[request->language];
    const char *name = kind;
    struct buffer page = BUFFER_WITH_LIMIT(ARRAY_LIMIT * 4);
    enum mail_kind found;
    size_t length;

    if (mail_kind_parse(kind, &found))
        name = mail_kinds[found].name.text[request->language];
    buffer_append_format(&page,
                         "<!DOCTYPE html><html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                         " content=\"width=device-width\"><title>Tributary</title><main><p>",
                         request->language == LANGUAGE_ZH ? "zh-Hant-TW" : "en");
    buffer_append_format(&page, done ? words[2] : words[0], name);
    buffer_append_text(&page, "</p>");
    if (!done)
        buffer_append_format(
            &page, "<form method=\"post\"><button name=\"List-Unsubscribe\" value=\"One-Click\">%s</button></form>",
            words[1]);
    buffer_append_text(&page, "</main></html>\n");

    char *text = buffer_take(&page, &length);

    if (!text)
        return reply_problem(request, PROBLEM_internal, NULL);
    reply_header(request, "Content-Security-Policy", "default-src 'none'; form-action 'self'");
    reply_header(request, "Referrer-Policy", "no-referrer");
    return reply_bytes(request, 200, "text/html; charset=utf-8", text, length);
}

/* Acts for whoever the secret belongs to. NULL: a reply is set. */
static const char *find_kind(struct request *request, struct db *db)
{
    const char *kind = NULL;
    bool found = false;
    enum db_status status =
        mail_unsubscription_find(db, request->path_parameters[0], request->arena, &found, &request->principal, &kind);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "mail_unsubscription_failed");
    else if (!found)
        reply_problem(request, PROBLEM_not_found, NULL);
    return status == DB_OK && found ? kind : NULL;
}

enum step_result get_mail_unsubscription(struct request *request, struct db *db)
{
    const char *kind = find_kind(request, db);

    return kind ? reply_page(request, kind, false) : STEP_DONE;
}

static enum step_result answer_unsubscription(struct request *request, struct db *db)
{
    const struct act *act = request->state;

    (void)db;
    return act_succeeded(request, request->state, refusals) ? reply_page(request, act->parameters[2], true) : STEP_DONE;
}

/* RFC 8058: what is posted is "List-Unsubscribe=One-Click"; a program that posts anything else means something else. */
enum step_result post_mail_unsubscription(struct request *request, struct db *db)
{
    const char *kind;

    if (!request->body.data || !strstr(request->body.data, "List-Unsubscribe=One-Click"))
        return reply_problem(request, PROBLEM_bad_request, "List-Unsubscribe=One-Click");
    kind = find_kind(request, db);
    return kind ? record(request, NULL, kind, NULL, NULL, answer_unsubscription) : STEP_DONE;
}
