/* making_digest.c: the week's digest for the Gender Equality Office: by group, who is overdue, what came, what was returned,
 * what waits for review; with the head of the log at that moment, against which a cut-off tail is found. */
#include <stdio.h>
#include <string.h>

#include "mail/making.h"
#include "obligations/obligations.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024, DEDUPE_SIZE = 200, DAYS = 7 };

/* The lists of a group. */
enum part { OVERDUE, RECEIVED, RETURNED, WAITING, PARTS };
static const char *const part_names[PARTS] = {"overdue", "received", "returned", "waiting"};

/* The group of an office in a year; NULL if it is in none. */
static const struct group *find_group(const struct plan *plan, const char *office, int year)
{
    for (size_t i = 0; i < plan->group_count; i++) {
        const struct group *group = &plan->groups[i];

        for (size_t k = 0; k < group->member_count; k++)
            if (strcmp(group->members[k].office->code, office) == 0 && group->members[k].from <= year &&
                year <= group->members[k].to)
                return group;
    }
    return NULL;
}

/* The list of a part of a group in the facts. */
static json_t *find_part(json_t *groups, const struct plan *plan, const char *office, const char *period,
                         enum part part)
{
    struct period when;
    const struct group *group =
        period_parse(period, &when) ? find_group(plan, office, plan_period_year(plan, when)) : NULL;

    return group ? json_object_get(json_array_get(groups, (size_t)(group - plan->groups)), part_names[part]) : NULL;
}

/* Adds an office to the line of a form and period (and stage), which is made if need be. */
static void add(json_t *list, const char *form, const char *period, const char *stage, const char *office)
{
    json_t *line = NULL;
    size_t i;

    if (!list)
        return;
    json_array_foreach(list, i, line) {
        const char *at = json_string_value(json_object_get(line, "stage"));

        if (strcmp(json_string_value(json_object_get(line, "form")), form) == 0 &&
            strcmp(json_string_value(json_object_get(line, "period")), period) == 0 && !at == !stage &&
            (!at || strcmp(at, stage) == 0))
            break;
        line = NULL;
    }
    if (!line) {
        line = json_pack("{ss ss ss? s[]}", "form", form, "period", period, "stage", stage, "offices");
        json_array_append_new(list, line);
    }
    json_array_append_new(json_object_get(line, "offices"), json_string(office));
}

static json_t *empty_groups(const struct plan *plan)
{
    json_t *groups = json_array();

    for (size_t i = 0; i < plan->group_count; i++) {
        json_t *group = json_pack("{ss}", "group", plan->groups[i].code);

        for (int part = 0; part < PARTS; part++)
            json_object_set_new(group, part_names[part], json_array());
        json_array_append_new(groups, group);
    }
    return groups;
}

static enum db_status add_overdue(const struct making_days *days, json_t *groups)
{
    const struct plan *plan = days->version->plan;
    struct obligations_question question = {
        .version = days->version, .from_year = plan->from, .to_year = plan->to, .now = days->making->now};
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct obligation *obligations;
    size_t count = 0;
    enum db_status status =
        arena ? obligations_list(days->making->db, &question, arena, &obligations, &count) : DB_FAILED;

    for (size_t i = 0; status == DB_OK && i < count; i++) {
        const struct obligation *one = &obligations[i];
        char period[PERIOD_TEXT_SIZE];

        period_format(one->period, period);
        if (!one->received && one->due == DUE_PAST)
            add(find_part(groups, plan, one->office->code, period, OVERDUE), one->form->code, period, NULL,
                one->office->code);
    }
    arena_free(arena);
    return status;
}

/* What came since, and how far the review of everything is: that of the newest revision of each submission. */
static enum db_status add_reviews(const struct making_days *days, json_t *groups)
{
    static const struct db_statement states = {
        "mail_digest",
        "select s.form, s.period, s.office, r.recorded_at > $2::timestamptz, v.outcome = 'return',"
        " coalesce(v.passed, b.passed, 0)"
        " from tributary.submission s"
        " cross join lateral (select r.id, r.number, r.recorded_at, r.reported from tributary.revision r"
        "  where r.submission = s.submission order by r.number desc limit 1) r"
        " left join lateral (select v.outcome, v.passed, v.recorded_at from tributary.review v"
        "  where v.submission = s.submission and v.number = r.number order by v.sequence desc limit 1) v on true"
        " left join tributary.review_start b on b.revision = r.id"
        " where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = $1 and r.reported"
        " order by s.form, s.period, s.office",
        2};
    const struct plan *plan = days->version->plan;
    char since[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;

    timestamp_format(days->making->now - (int64_t)DAYS * 86400 * 1000000, since);

    enum db_status status = db_run(days->making->db, &states, (const char *const[]){plan->code, since}, &rows);

    for (int i = 0; status == DB_OK && i < PQntuples(rows); i++) {
        const char *code = PQgetvalue(rows, i, 0), *period = PQgetvalue(rows, i, 1), *office = PQgetvalue(rows, i, 2);
        const struct form *form = plan_form(plan, code);
        size_t passed = (size_t)result_int64(rows, i, 5);

        if (result_bool(rows, i, 3))
            add(find_part(groups, plan, office, period, RECEIVED), code, period, NULL, office);
        if (result_bool(rows, i, 4))
            add(find_part(groups, plan, office, period, RETURNED), code, period, NULL, office);
        else if (form && passed < form->stage_count)
            add(find_part(groups, plan, office, period, WAITING), code, period, form->stages[passed].stage->code,
                office);
    }
    PQclear(rows);
    return status;
}

/* The log's head and its last sequence number. */
static enum db_status read_head(struct db *db, json_t *facts)
{
    static const struct db_statement head = {"mail_log_head",
                                             "select sequence, encode(head, 'hex') from tributary.log_head"
                                             " where jurisdiction = current_setting('tributary.jurisdiction')",
                                             0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &head, NULL, &rows);

    if (status == DB_OK && PQntuples(rows) == 1) {
        json_object_set_new(facts, "sequence", json_integer(result_int64(rows, 0, 0)));
        json_object_set_new(facts, "head", json_string(PQgetvalue(rows, 0, 1)));
    }
    PQclear(rows);
    return status;
}

/* Whether there is anything to say. */
static bool has_lines(const json_t *groups)
{
    const json_t *group;
    size_t i;

    json_array_foreach(groups, i, group)
        for (int part = 0; part < PARTS; part++)
            if (json_array_size(json_object_get(group, part_names[part])) > 0)
                return true;
    return false;
}

static enum db_status queue(const struct making_days *days, const json_t *facts, int64_t *made)
{
    char dedupe[DEDUPE_SIZE], today[DATE_TEXT_SIZE];
    int64_t count = 0;
    enum db_status status;

    date_format_iso(days->today, today);
    snprintf(dedupe, sizeof dedupe, "digest/%s/%s", days->version->plan->code, today);
    status = mail_queue(days->making->db,
                        &(struct mail_order){.kind = MAIL_DIGEST,
                                             .dedupe = dedupe,
                                             .role = "geo",
                                             .facts = facts,
                                             .give_up_at = days->making->now + (int64_t)MAIL_DAYS * 86400 * 1000000},
                        &count);
    *made += count;
    return status;
}

enum db_status mails_make_digest(const struct making_days *days, int64_t *ret_made)
{
    struct db *db = days->making->db;
    json_t *groups = empty_groups(days->version->plan);
    json_t *facts = json_pack("{ss sI so}", "plan", days->version->plan->code, "made_at", (json_int_t)days->making->now,
                              "groups", groups);
    enum db_status status = facts ? mail_read_as_auditor(db, true) : DB_FAILED;

    if (status == DB_OK)
        status = add_overdue(days, groups);
    if (status == DB_OK)
        status = add_reviews(days, groups);
    if (status == DB_OK)
        status = read_head(db, facts);
    if (status == DB_OK)
        status = mail_read_as_auditor(db, false);
    if (status == DB_OK && has_lines(groups))
        status = queue(days, facts, ret_made);
    json_decref(facts);
    return status;
}
