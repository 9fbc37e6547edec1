/* reviewing.c: what a review must find before it counts. */
#include "api/reviewing.h"

#include <stdio.h>
#include <string.h>

#include "api/common.h"
#include "api/members.h"
#include "base/json.h"
#include "form/document.h"
#include "meeting/meeting.h"
#include "meeting/records.h"
#include "review/chain.h"
#include "review/reviews.h"

enum { DOCUMENT_VALUES = 4 * 1024 * 1024 };

bool reviewing_begin(struct request *request, struct db *db, struct reviewing *reviewing)
{
    const struct plan_version *newest, *version = NULL;
    bool found = false;
    enum db_status status;

    reviewing->seen_at = -1;
    if (!begin_snapshot(request, db))
        return false;
    status = revision_find(db, request->path_parameters[0], request->arena, &found, &reviewing->revision);
    if (status == DB_OK && found)
        status = progress_read(db, reviewing->revision.id, NULL, request->arena, &reviewing->progress);
    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "review_begin_failed");
        return false;
    }
    newest = found
                 ? shelf_find(request->service->shelf, request->principal.jurisdiction, reviewing->revision.plan, NULL)
                 : NULL;
    if (newest)
        version = version_of(request, db, &reviewing->revision);
    reviewing->plan = newest ? newest->plan : NULL;
    reviewing->form = version ? plan_form(version->plan, reviewing->revision.form) : NULL;
    if (!reviewing->form)
        reply_problem(request, PROBLEM_not_found, NULL);
    return reviewing->form != NULL;
}

/* ---- If-Match --------------------------------------------------------------------------------------------------- */

static const char *state_prefix(const struct request *request, const struct revision *revision,
                                const struct progress *progress)
{
    return arena_format(request->arena, "r%d.%lld-", revision->number, (long long)progress->moved_at);
}

void set_state_tag(struct request *request, const struct revision *revision, const struct progress *progress)
{
    char hex[DIGEST_TEXT_SIZE];
    struct digest digest = digest_of(request->reply.body, request->reply.length);
    const char *prefix = state_prefix(request, revision, progress);

    digest_format(&digest, hex);
    if (prefix && request->reply.status == 200)
        snprintf(request->reply.etag, sizeof request->reply.etag, "\"%s%.24s\"", prefix, hex);
}

/* Whether an If-Match names the state that stands now. */
static bool check_match(struct request *request, struct reviewing *reviewing)
{
    const char *header = request_header(request, MHD_HTTP_HEADER_IF_MATCH);
    const char *prefix = state_prefix(request, &reviewing->revision, &reviewing->progress);
    const char *tag = header && prefix ? strstr(header, prefix) : NULL;

    if (!header || strcmp(header, "*") == 0)
        return true;
    if (!tag || tag == header || tag[-1] != '"') {
        reply_problem(request, PROBLEM_precondition_failed, NULL);
        return false;
    }
    reviewing->seen_at = reviewing->progress.moved_at;
    return true;
}

/* ---- the meeting ------------------------------------------------------------------------------------------------ */

/* A meeting by its id, or by its day in any habit. */
static const char *meeting_word(struct request *request, const char *asked)
{
    struct date date;
    char iso[DATE_TEXT_SIZE];

    if (uuid_is_well_formed(asked))
        return asked;
    if (!date_parse_habit(asked, &date))
        return NULL;
    date_format_iso(date, iso);
    return arena_text(request->arena, iso);
}

/* Of several on that day the one that took place. */
static const json_t *choose_meeting(const json_t *list)
{
    const json_t *meeting;
    size_t i;

    json_array_foreach(list, i, meeting)
        if (json_is_string(json_object_get(meeting, "held_on")))
            return meeting;
    return json_array_get(list, 0);
}

/* Only a meeting that was held, and not before the document came in, can have dealt with it; an office's own body may have
 * discussed a draft. */
static bool check_city_meeting(struct request *request, struct db *db, const struct reviewing *reviewing,
                               const json_t *meeting)
{
    bool fits = false;
    enum db_status status;

    if (!json_is_string(json_object_get(meeting, "held_on"))) {
        reply_problem(request, PROBLEM_meeting_not_held, json_text_member(meeting, "day"));
        return false;
    }
    if (reviewing->stage->own)
        return true;
    status = review_meeting_fits(db, json_text_member(meeting, "meeting"), reviewing->revision.id,
                                 reviewing->plan->calendar.utc_offset, &fits);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "meeting_failed");
    else if (!fits)
        reply_problem(request, PROBLEM_meeting_before_receipt, json_text_member(meeting, "day"));
    return status == DB_OK && fits;
}

static bool find_city_meeting(struct request *request, struct db *db, struct reviewing *reviewing, const char *asked)
{
    bool is_id = uuid_is_well_formed(asked);
    struct meeting_filter filter = {.id = is_id ? asked : NULL,
                                    .plan = reviewing->plan->code,
                                    .body = reviewing->stage->code,
                                    .day = is_id ? NULL : asked};
    json_t *list = NULL;
    enum db_status status = meetings_list(db, &filter, &list);

    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "meeting_failed");
    else if (json_array_size(list) == 0)
        reply_problem(request, PROBLEM_no_meeting, asked);
    else if (check_city_meeting(request, db, reviewing, choose_meeting(list)))
        reviewing->meeting = arena_text(request->arena, json_text_member(choose_meeting(list), "meeting"));
    json_decref(list);
    return reviewing->meeting != NULL;
}

/* Judges the record as its form does, so that its figures are read as they are everywhere. */
static bool check_quorum(struct request *request, const struct reviewing *reviewing, const char *text)
{
    struct findings ignored = FINDINGS_IN(request->arena);
    struct json_fault fault;
    json_t *json = json_parse_strict(text, strlen(text), DOCUMENT_VALUES, &fault);
    struct document *record = json ? document_judge(reviewing->plan, json, &ignored) : NULL;
    bool reached = record && meeting_quorum(reviewing->stage, record) == QUORUM_REACHED;

    document_release(record);
    if (!reached)
        reply_problem(request, PROBLEM_no_quorum, NULL);
    return reached;
}

static bool find_own_meeting(struct request *request, struct db *db, struct reviewing *reviewing, const char *asked)
{
    const char *document = NULL, *record = "";
    enum db_status status = meeting_record_find(db, reviewing->stage, reviewing->plan->code, reviewing->revision.office,
                                                asked, request->arena, &record, &document);

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "meeting_record_failed");
        return false;
    }
    if (!*record) {
        reply_problem(request, PROBLEM_no_meeting, asked);
        return false;
    }
    reviewing->meeting_record = record;
    return check_quorum(request, reviewing, document);
}

static bool check_meeting(struct request *request, struct db *db, struct reviewing *reviewing)
{
    const char *asked = reviewing->meeting_asked;

    if (!reviewing->stage->body) {
        if (!asked)
            return true;
        members_refuse(request, "meeting", bilingual(request, "不填；這個階段不開會", "none; the stage is no meeting"));
        return false;
    }
    if (!asked && reviewing->break_glass)
        return true;
    asked = asked ? meeting_word(request, asked) : NULL;
    if (!asked) {
        members_refuse(request, "meeting",
                       request->language == LANGUAGE_ZH ? "會議的識別碼或日期" : "a meeting's id or day");
        return false;
    }
    return reviewing->stage->meetings ? find_own_meeting(request, db, reviewing, asked)
                                      : find_city_meeting(request, db, reviewing, asked);
}

/* ---- what is to be explained ------------------------------------------------------------------------------------ */

/* A key that was used before answers as it did then, whatever has changed since: beside the document, or by the review
 * itself, whose answer got lost. */
static bool was_said_before(struct request *request, struct db *db)
{
    const char *key = request_header(request, "Idempotency-Key");
    bool found = false;

    return key && key_is_used(db, request->principal.actor, key, &found) == DB_OK && found;
}

static bool check_explained(struct request *request, struct db *db, struct reviewing *reviewing)
{
    struct findings findings = FINDINGS_IN(request->arena), open = FINDINGS_IN(request->arena);
    json_t *json = NULL;
    enum db_status status = revision_document(db, &reviewing->revision, &json);
    struct document *document;
    bool good;

    if (status != DB_OK) {
        reply_db_failure(request, db, (int)status, "document_failed");
        return false;
    }
    document_drop_erased(json);
    document = document_judge(reviewing->plan, json, &findings);
    good = judge_across_inside(request, db, document, &findings);
    if (good)
        reviewing->beside = beside_of(request, document);
    document_release(document);
    for (size_t i = 0; good && i < findings.count; i++)
        if (findings.items[i].severity == SEVERITY_EXPLAIN)
            findings_add(&open, findings.items[i]);
    if (good && open.count > 0)
        reply_problem_with(request, PROBLEM_explanation_missing, NULL,
                           json_pack("{so}", "findings", findings_to_json(&open, request->language)));
    return good && open.count == 0;
}

bool reviewing_check(struct request *request, struct db *db, struct reviewing *reviewing)
{
    bool accepts = strcmp(reviewing->outcome, "return") != 0;

    if (was_said_before(request, db))
        return true;
    return check_match(request, reviewing) && check_meeting(request, db, reviewing) &&
           (!accepts || reviewing->break_glass || reviewing->place > chain_official_place(reviewing->form) ||
            check_explained(request, db, reviewing));
}

/* ---- what a submission says of it ------------------------------------------------------------------------------- */

json_t *submission_review(struct request *request, struct db *db, const struct revision *revision,
                          const struct form *form)
{
    struct progress progress;
    struct review_filter filter = {.revision = revision->id, .break_glass = true, .limit = 1000};
    char official[UUID_TEXT_SIZE] = "";
    int number = 0;
    json_t *ticket = NULL, *glass = NULL, *json = NULL;
    enum db_status status = progress_read(db, revision->id, NULL, request->arena, &progress);

    if (status == DB_OK)
        status = ticket_read(db, revision->id, &ticket);
    if (status == DB_OK)
        status = official_read(db, revision->id, official, sizeof official, &number);
    if (status == DB_OK)
        status = reviews_list(db, &filter, &glass);
    if (status != DB_OK)
        reply_db_failure(request, db, (int)status, "review_progress_failed");
    else if (!(json = progress_to_json(&progress, form, revision->reported, ticket, official, number)))
        reply_problem(request, PROBLEM_internal, NULL);
    else
        json_object_set(json, "break_glass", glass);
    json_decref(glass);
    json_decref(ticket);
    return json;
}

static json_t *turn_to_json(const struct stage *stage, bool accepts, bool returns)
{
    json_t *outcomes = json_array();

    if (accepts)
        json_array_append_new(outcomes, json_string("accept"));
    if (accepts && stage->body)
        json_array_append_new(outcomes, json_string("note"));
    if (returns)
        json_array_append_new(outcomes, json_string("return"));
    return json_pack("{ss sb so}", "stage", stage->code, "meeting", stage->body, "outcomes", outcomes);
}

json_t *submission_may_review(const struct request *request, const struct revision *revision, const struct form *form,
                              const struct progress *progress)
{
    json_t *list = json_array();
    bool current = strcmp(revision->id, revision->current) == 0 && revision->reported,
         own = strcmp(revision->actor, request->principal.actor) == 0;

    for (int place = 1; form && current && place <= progress->passed + 1; place++) {
        const struct stage *stage = chain_stage(form, place);
        bool returns = stage && chain_may_return(stage, &request->principal);
        bool accepts = stage && place == progress->passed + 1 && !own &&
                       chain_may_accept(stage, &request->principal, revision->office);

        if (accepts || returns)
            json_array_append_new(list, turn_to_json(stage, accepts, returns));
    }
    return list;
}
