/* making_reminders.c: which offices are reminded today, and of what. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "decision/decision.h"
#include "mail/making.h"
#include "obligations/obligations.h"

enum { ARENA_LIMIT = 64 * 1024 * 1024, DEDUPE_SIZE = 200 };

static bool is_step(const struct reminder_steps *steps, int days)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->days[i] == days)
            return true;
    return false;
}

/* Whether one of the days is one on which an office hears of it: so many days before, on or after the due date, and once a
 * week when the last step is over. */
static bool is_told(const struct making_days *days, struct date due)
{
    const struct mail_settings *settings = days->making->settings;
    const struct reminder_steps *after = &settings->after;
    int last_step = after->count > 0 ? after->days[after->count - 1] : 0;

    for (int64_t day = date_to_days(days->last) + 1; day <= date_to_days(days->today); day++) {
        int over = (int)(day - date_to_days(due));

        if (over <= 0 ? is_step(&settings->before, -over) : is_step(after, over))
            return true;
        if (over > last_step && date_weekday(date_from_days(day)) == settings->weekday)
            return true;
    }
    return false;
}

/* What this office is told of, as facts; NULL without memory. */
static json_t *list_told(const struct making_days *days, const struct obligation *obligations, size_t count,
                         const struct office *office)
{
    json_t *list = json_array();
    char period[PERIOD_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        const struct obligation *one = &obligations[i];

        if (one->office != office || one->received || !is_told(days, one->due_date))
            continue;
        period_format(one->period, period);
        json_array_append_new(list, json_pack("{ss ss}", "form", one->form->code, "period", period));
    }
    return list;
}

/* Past its day, but not overdue: the office proposed to be done with it, and the next meeting rules. */
static bool waits_for_ruling(const struct making_days *days, struct date due, const json_t *owner)
{
    return date_compare(due, days->today) < 0 && json_integer_value(json_object_get(owner, "overdue_days")) == 0;
}

/* The open decisions whose day this office, as an owner, is told of, as facts; NULL without memory. */
static json_t *list_decisions_told(const struct making_days *days, const json_t *decisions, const struct office *office)
{
    json_t *list = json_array();
    const json_t *decision, *owner;
    struct date due;
    size_t i, k;

    json_array_foreach(decisions, i, decision) {
        json_array_foreach(json_object_get(decision, "owners"), k, owner) {
            const char *code = json_text_member(owner, "office"), *state = json_text_member(owner, "state"),
                       *day = json_text_member(owner, "due_on");

            if (code && strcmp(code, office->code) == 0 && state && strcmp(state, "open") == 0 && day &&
                date_parse_iso(day, &due) && is_told(days, due) && !waits_for_ruling(days, due, owner))
                json_array_append_new(list, json_pack("{sO sO}", "decision", json_object_get(decision, "decision"),
                                                      "owner", json_object_get(owner, "owner")));
        }
    }
    return list;
}

static enum db_status queue_office(const struct making_days *days, const struct office *office, json_t *told,
                                   json_t *decisions, int64_t *made)
{
    const char *plan = days->version->plan->code;
    char dedupe[DEDUPE_SIZE], today[DATE_TEXT_SIZE];
    json_t *facts = json_pack("{ss sO sO}", "plan", plan, "items", told, "decisions", decisions);
    int64_t count = 0;
    enum db_status status = DB_FAILED;

    date_format_iso(days->today, today);
    snprintf(dedupe, sizeof dedupe, "reminder/%s/%s", plan, today);
    if (facts)
        status =
            mail_queue(days->making->db,
                       &(struct mail_order){.kind = MAIL_REMINDER,
                                            .dedupe = dedupe,
                                            .role = "office",
                                            .office = office->code,
                                            .facts = facts,
                                            .give_up_at = days->making->now + (int64_t)MAIL_DAYS * 86400 * 1000000},
                       &count);
    json_decref(facts);
    *made += count;
    return status;
}

/* What is owed at all: reports, and open decisions. */
struct owed {
    struct obligation *obligations;
    size_t count;
    json_t *decisions;
};

/* The caller decrefs the decisions. */
static enum db_status read_owed(const struct making_days *days, struct arena *arena, struct owed *ret_owed)
{
    const struct plan *plan = days->version->plan;
    const struct obligations_question obligations = {
        .version = days->version, .from_year = plan->from, .to_year = plan->to, .now = days->making->now};
    const struct decisions_question decisions = {.plan = plan, .state = "open", .now = days->making->now};
    enum db_status status = mail_read_as_auditor(days->making->db, true);

    if (status == DB_OK)
        status = obligations_list(days->making->db, &obligations, arena, &ret_owed->obligations, &ret_owed->count);
    if (status == DB_OK)
        status = decisions_list(days->making->db, &decisions, &ret_owed->decisions);
    if (status == DB_OK)
        status = mail_read_as_auditor(days->making->db, false);
    return status;
}

enum db_status mails_make_reminders(const struct making_days *days, int64_t *ret_made)
{
    const struct plan *plan = days->version->plan;
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct owed owed = {0};
    enum db_status status = arena ? read_owed(days, arena, &owed) : DB_FAILED;

    for (size_t i = 0; status == DB_OK && i < plan->office_count; i++) {
        json_t *told = list_told(days, owed.obligations, owed.count, &plan->offices[i]),
               *decisions = list_decisions_told(days, owed.decisions, &plan->offices[i]);

        if (json_array_size(told) + json_array_size(decisions) > 0)
            status = queue_office(days, &plan->offices[i], told, decisions, ret_made);
        json_decref(told);
        json_decref(decisions);
    }
    json_decref(owed.decisions);
    arena_free(arena);
    return status;
}
