/* answer.c: obligations in JSON, and their summary by form and period. */
#include <string.h>

#include "ledger/receipt.h"
#include "obligations/obligations.h"
#include "plans/names.h"

static json_t *date_of(struct date date)
{
    char text[DATE_TEXT_SIZE];

    date_format_iso(date, text);
    return json_string(text);
}

static json_t *moment_of(timestamp moment)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format(moment, text);
    return json_string(text);
}

/* The last second of the due day: "2024-01-31T15:59:59Z". */
static json_t *due_at_of(const struct obligation *obligation)
{
    char text[TIMESTAMP_TEXT_SIZE];

    timestamp_format(obligation->due_end - 1000000, text);
    memcpy(text + 19, "Z", 2);
    return json_string(text);
}

static json_t *extension_of(const struct extension_in_force *extension)
{
    if (!extension)
        return json_null();
    return json_pack("{so ss ss so}", "until", date_of(extension->until), "reason", extension->reason, "granted_by",
                     extension->granted_by, "recorded_at", moment_of(extension->recorded_at));
}

/* The stage whose turn it is, with whose it is; its name as the plan in force has it. */
static json_t *turn_of(const struct plan *plan, const struct review_facts *review)
{
    const struct name *name = NULL;

    if (!review->next_stage)
        return json_null();
    for (size_t i = 0; i < plan->stage_count; i++)
        if (strcmp(plan->stages[i].code, review->next_stage) == 0)
            name = &plan->stages[i].name;
    return json_pack("{ss so ss}", "stage", review->next_stage, "name", name ? name_to_json(name) : json_null(), "role",
                     review->next_role);
}

/* Whether a word stands in a list of words with one space between them. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list ? strstr(list, word) : NULL; at; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* The required slots of the form that nothing is attached to, once there is something to attach it to. */
static json_t *missing_attachments_of(const struct obligation *obligation)
{
    const struct form *form = obligation->form;
    json_t *list = json_array();

    for (size_t i = 0; obligation->submission && !obligation->withdrawn.reason && i < form->slot_count; i++)
        if (form->slots[i].required && !has_word(obligation->attached, form->slots[i].code))
            json_array_append_new(list, json_string(form->slots[i].code));
    return list;
}

/* On whose behalf, when it truly came, whether it still stands, and whether the period is open. */
static void add_standing(json_t *json, const struct obligation *obligation)
{
    json_object_set_new(json, "on_behalf", json_boolean(obligation->on_behalf));
    json_object_set_new(json, "attested", attested_to_json(obligation->attested));
    json_object_set_new(json, "withdrawn",
                        reason_to_json(obligation->withdrawn.reason, obligation->withdrawn.recorded_at));
    json_object_set_new(json, "closed", reason_to_json(obligation->closed.reason, obligation->closed.recorded_at));
}

static json_t *obligation_to_json(const struct plan *plan, const struct obligation *obligation)
{
    char period[PERIOD_TEXT_SIZE];
    const struct review_facts *review = &obligation->review;

    period_format(obligation->period, period);

    json_t *json = json_pack(
        "{ss so ss so ss sn ss so so so sb so ss ss ss? ss? so so sb so}", "office", obligation->office->code, "name",
        name_to_json(&obligation->office->name), "form", obligation->form->code, "form_name",
        name_to_json(&obligation->form->name), "period", period, "event", "due", due_state_name(obligation->due),
        "due_date", date_of(obligation->due_date), "planned_date", date_of(obligation->planned.planned), "due_at",
        due_at_of(obligation), "hard", obligation->planned.hard, "extension", extension_of(obligation->extension),
        "timeliness", obligation->timeliness, "review", review->state, "stage", review->stage, "submission",
        obligation->submission, "revision", obligation->submission ? json_integer(obligation->revision) : json_null(),
        "first_received_at", obligation->received ? moment_of(obligation->first_received_at) : json_null(),
        "provisional", obligation->provisional, "missing_attachments", missing_attachments_of(obligation));

    if (json) {
        add_standing(json, obligation);
        json_object_set_new(json, "next", turn_of(plan, review));
        json_object_set_new(json, "ticket", review->ticket ? json_loads(review->ticket, 0, NULL) : json_null());
        json_object_set_new(json, "official", review->official ? json_string(review->official) : json_null());
    }
    if (json && obligation->form->event)
        json_object_set_new(
            json, "events",
            json_pack("{si si}", "reported", obligation->events, "expected", obligation_least(obligation->form)));
    return json;
}

struct summary {
    const struct form *form;
    struct period period;
    int expected, received, on_time, late, excused, outstanding;
};

static void count_in(struct summary *summary, const struct obligation *obligation)
{
    summary->expected++;
    summary->received += obligation->received;
    summary->on_time += strcmp(obligation->timeliness, "on_time") == 0;
    summary->late += strcmp(obligation->timeliness, "late") == 0;
    summary->excused += strcmp(obligation->timeliness, "excused") == 0;
    summary->outstanding += !obligation->received && obligation->due == DUE_PAST;
}

static void append_summary(json_t *list, const struct summary *summary)
{
    char period[PERIOD_TEXT_SIZE];

    period_format(summary->period, period);
    json_array_append_new(list, json_pack("{ss ss si si si si si si}", "form", summary->form->code, "period", period,
                                          "expected", summary->expected, "received", summary->received, "on_time",
                                          summary->on_time, "late", summary->late, "excused", summary->excused,
                                          "outstanding", summary->outstanding));
}

/* Obligations of one form and period stand together. */
static json_t *summarise(const struct obligation *obligations, size_t count)
{
    json_t *list = json_array();
    struct summary summary = {0};

    for (size_t i = 0; i < count; i++) {
        const struct obligation *one = &obligations[i];

        if (summary.form &&
            (summary.form != one->form || memcmp(&summary.period, &one->period, sizeof one->period) != 0)) {
            append_summary(list, &summary);
            summary = (struct summary){0};
        }
        summary.form = one->form;
        summary.period = one->period;
        count_in(&summary, one);
    }
    if (summary.form)
        append_summary(list, &summary);
    return list;
}

json_t *obligations_to_json(const struct obligations_question *question, const struct obligation *obligations,
                            size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, obligation_to_json(question->version->plan, &obligations[i]));
    return json_pack("{ss si si ss? so so so}", "plan", question->version->plan->code, "plan_version",
                     question->version->version, "year", question->from_year, "office", question->office, "as_of",
                     question->as_of ? moment_of(*question->as_of) : json_null(), "obligations", list, "summary",
                     summarise(obligations, count));
}
