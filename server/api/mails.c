/* mails.c: the outbox, for those who look after it. */
#include "mail/mails.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "api/tabular.h"
#include "mail/kinds.h"

static const struct tabulation_column columns[] = {
    {.code = "mail", .kind = COLUMN_CODE, .heading = {{"識別碼", "Identifier"}}},
    {.code = "kind", .kind = COLUMN_CODE, .heading = {{"種類代碼", "Kind code"}}},
    {.code = "name", .kind = COLUMN_TEXT, .heading = {{"種類", "Kind"}}},
    {.code = "office", .kind = COLUMN_CODE, .heading = {{"機關代碼", "Office code"}}},
    {.code = "account", .kind = COLUMN_CODE, .heading = {{"帳號識別碼", "Account"}}},
    {.code = "subject", .kind = COLUMN_TEXT, .heading = {{"主旨", "Subject"}}},
    {.code = "state", .kind = COLUMN_CODE, .heading = {{"狀態", "State"}}},
    {.code = "attempts", .kind = COLUMN_INTEGER, .heading = {{"嘗試次數", "Attempts"}}},
    {.code = "created_at", .kind = COLUMN_MOMENT, .heading = {{"建立時間", "Made"}}},
    {.code = "next_attempt_at", .kind = COLUMN_MOMENT, .heading = {{"下次嘗試", "Next attempt"}}},
    {.code = "sent_at", .kind = COLUMN_MOMENT, .heading = {{"寄出時間", "Sent"}}},
    {.code = "last_error", .kind = COLUMN_TEXT, .heading = {{"最近錯誤", "Last error"}}},
};

/* A whole number from 1 to `most`; `otherwise` if left out. False: a problem is replied. */
static bool read_filter(struct request *request, struct mail_filter *filter)
{
    static const char *const states[] = {"waiting", "sending", "sent", "failed", "given_up", NULL};
    enum mail_kind kind;

    *filter = (struct mail_filter){.state = request_query(request, "state"),
                                   .kind = request_query(request, "kind"),
                                   .office = request_query(request, "office"),
                                   .account = request_query(request, "account")};
    if (filter->state && !is_one_of(filter->state, states)) {
        reply_bad_parameter(request, "state", "waiting, sending, sent, failed, given_up");
        return false;
    }
    if (filter->kind && !mail_kind_parse(filter->kind, &kind)) {
        reply_unknown_value(request, "kind", filter->kind);
        return false;
    }
    if (filter->account && !uuid_is_well_formed(filter->account)) {
        reply_bad_parameter(request, "account", "UUID");
        return false;
    }
    return read_limit(request, LONG_PAGE_ROWS, &filter->limit) && read_after(request, &filter->before);
}

/* Takes the one too many off the list; where the next page begins. */
static void drop_places(json_t *list)
{
    json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        json_object_del(one, "place");
}

static void reply_list(struct request *request, json_t *list, int limit)
{
    static const struct name title = {{"郵件清單", "Mails"}};
    const char *next = cut_page(request, list, limit, "place");

    drop_places(list);
    if (request->format == FORMAT_JSON) {
        reply_json(request, 200, json_pack("{sO ss?}", "mails", list, "next", next));
        return;
    }
    tell_next(request, next);

    struct tabulation *table = new_tabulation(request, NULL, &title, NULL, columns, sizeof columns / sizeof *columns);

    tabulate_list(request, table, list);
    reply_tabulation(request, table);
}

enum step_result list_mails(struct request *request, struct db *db)
{
    struct mail_filter filter;
    json_t *list = NULL;

    if (!read_filter(request, &filter))
        return STEP_DONE;
    if (begin_snapshot(request, db)) {
        enum db_status status = mails_list(db, &filter, &list);

        if (status != DB_OK)
            reply_db_failure(request, db, (int)status, "mails_failed");
        else
            reply_list(request, list, filter.limit);
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

/* Shows the mail as it stands now. */
static enum step_result show_mail(struct request *request, struct db *db, const char *id)
{
    const struct mail_filter filter = {.id = id, .limit = 1};
    json_t *list = NULL;

    if (begin_snapshot(request, db)) {
        enum db_status status = mails_list(db, &filter, &list);

        drop_places(list);
        if (status != DB_OK || json_array_size(list) != 1)
            reply_db_failure(request, db, (int)status, "mail_failed");
        else
            reply_json(request, 200, json_incref(json_array_get(list, 0)));
        json_decref(list);
    }
    db_snapshot_end(db);
    return STEP_DONE;
}

enum step_result post_mail_retry(struct request *request, struct db *db)
{
    static const enum problem problems[] = {[RETRY_QUEUED] = PROBLEM_NONE,
                                            [RETRY_NOT_FOUND] = PROBLEM_not_found,
                                            [RETRY_SENT] = PROBLEM_mail_sent,
                                            [RETRY_SPENT] = PROBLEM_mail_link_gone};
    struct db_context context = principal_context(&request->principal);
    const char *id = request->path_parameters[0];
    enum mail_retry retry = RETRY_NOT_FOUND;
    enum db_status status;

    if (!uuid_is_well_formed(id))
        return reply_problem(request, PROBLEM_not_found, NULL);
    status = db_change_begin(db, &context);
    if (status == DB_OK)
        status = mail_retry(db, id, &retry);
    if (status == DB_OK && retry == RETRY_QUEUED)
        status = db_change_end(db, true);
    else
        db_change_end(db, false);
    if (status != DB_OK)
        return reply_db_failure(request, db, (int)status, "mail_retry_failed");
    return retry == RETRY_QUEUED ? show_mail(request, db, id) : reply_problem(request, problems[retry], NULL);
}
