/* section_decisions.c: the open decisions of earlier meetings, owner by owner (列管事項). */
#include <string.h>

#include "base/json.h"
#include "decision/decision.h"
#include "pack/figures.h"
#include "pack/occasion.h"

enum { NUMBER, OWNER, WHAT, DUE, PROGRESS, PROPOSED, RULED, TO_RULE, COLUMN_COUNT };

/* What an owner proposes and a chair rules. */
static const char *outcome_word(const struct pack_making *making, const char *outcome)
{
    if (!outcome)
        return "";
    if (strcmp(outcome, "close") == 0)
        return making_say(making, "解除列管", "close");
    return strcmp(outcome, "hand_over") == 0 ? making_say(making, "自行列管", "hand over")
                                             : making_say(making, "繼續列管", "keep open");
}

/* Papers of a meeting that was held show what it found: nothing that was reported after its day. */
static bool was_known(const struct pack_making *making, const json_t *report)
{
    const char *held_on = json_text_member(making->meeting, "held_on");
    char day[DATE_TEXT_SIZE];

    return !held_on || strcmp(making_day(making, json_text_member(report, "recorded_at"), day), held_on) <= 0;
}

static const json_t *newest_report(const struct pack_making *making, const json_t *owner)
{
    const json_t *report, *found = NULL;
    size_t i;

    json_array_foreach(json_object_get(owner, "progress"), i, report)
        if (was_known(making, report))
            found = report;
    return found;
}

/* What is resolved where that was corrected since it is tracked. */
static const char *with_correction(const struct pack_making *making, const char *text, const json_t *correction)
{
    char day[DATE_TEXT_SIZE];
    const char *when;

    if (!json_is_object(correction))
        return text;
    when = date_text(making, making_day(making, json_text_member(correction, "recorded_at"), day));
    if (json_is_true(json_object_get(correction, "followed")))
        return arena_format(making->arena,
                            making_say(making, "%s\n（%s更正；主辦機關及期限為列管時所定）",
                                       "%s\n(corrected %s; owners and days as they were recorded)"),
                            text, when);
    return arena_format(making->arena,
                        making_say(making, "%s\n（%s決議更正為：%s）", "%s\n(resolved otherwise %s: %s)"), text, when,
                        json_text_member(correction, "text"));
}

/* "（提報：…）案由：決議". */
static const char *what_of(const struct pack_making *making, const json_t *decision)
{
    const char *title = json_text_member(decision, "title"), *text = json_text_member(decision, "text"),
               *agenda = json_text_member(decision, "agenda");
    const char *from = agenda && strcmp(agenda, "referred") == 0
                           ? json_text_member(json_object_get(decision, "body_name"), making_say(making, "zh", "en"))
                           : NULL;

    text = with_correction(making, text, json_object_get(decision, "correction"));
    if (from)
        return arena_format(making->arena, making_say(making, "〔%s提報〕%s\n%s", "[carried up by: %s] %s\n%s"), from,
                            title, text);
    return arena_format(making->arena, "%s\n%s", title, text);
}

/* "113/9/1 …", every report in its order. */
static const char *progress_of(const struct pack_making *making, const json_t *reports)
{
    const json_t *report;
    const char *all = NULL;
    size_t i;

    json_array_foreach(reports, i, report) {
        char day[DATE_TEXT_SIZE];

        if (was_known(making, report))
            all = arena_format(making->arena, "%s%s%s %s", all ? all : "", all ? "\n" : "",
                               date_text(making, making_day(making, json_text_member(report, "recorded_at"), day)),
                               json_text_member(report, "text"));
    }
    return all ? all : making_say(making, "尚未填報", "not reported yet");
}

/* What this meeting itself ruled of an owner, and what meetings before it did last. NULL: nothing. Papers of a meeting that
 * was held show what it found open, not what is open since. */
static const json_t *rulings_of(const struct pack_making *making, const json_t *owner, const json_t **ret_earlier)
{
    const char *meeting = json_text_member(making->meeting, "meeting"), *day = json_text_member(making->meeting, "day");
    const json_t *here = NULL, *ruling;
    size_t i;

    *ret_earlier = NULL;
    json_array_foreach(json_object_get(owner, "rulings"), i, ruling) {
        const char *at = json_text_member(ruling, "meeting"), *ruled_on = json_text_member(ruling, "day");

        if (meeting && at && strcmp(at, meeting) == 0)
            here = ruling;
        else if (!meeting || !day || !ruled_on || strcmp(ruled_on, day) <= 0)
            *ret_earlier = ruling;
    }
    return here;
}

static bool was_open(const struct pack_making *making, const json_t *owner)
{
    const json_t *earlier;
    const char *outcome;

    rulings_of(making, owner, &earlier);
    outcome = json_text_member(earlier, "outcome");
    return !outcome || strcmp(outcome, "continue") == 0;
}

/* By when an owner was to be done, as the meeting found it: a ruling may have set another day. NULL: no day. */
static const char *due_day(const struct pack_making *making, const json_t *decision, const json_t *owner)
{
    const char *meeting = json_text_member(making->meeting, "meeting"),
               *held_on = json_text_member(making->meeting, "held_on"),
               *due = json_text_member(decision, "first_due_on");
    const json_t *ruling;
    size_t i;

    if (!held_on)
        return json_text_member(owner, "due_on");
    json_array_foreach(json_object_get(owner, "rulings"), i, ruling) {
        const char *at = json_text_member(ruling, "meeting"), *day = json_text_member(ruling, "day"),
                   *other = json_text_member(ruling, "due_on");

        if (other && !json_is_true(json_object_get(ruling, "replaced")) && !(at && strcmp(at, meeting) == 0) &&
            (!day || strcmp(day, held_on) <= 0))
            due = other;
    }
    return due;
}

/* Whether an owner has proposed to be done with it since what was last ruled of it: it is the meeting's turn. */
static bool waits_for_ruling(const struct pack_making *making, const json_t *owner)
{
    const json_t *report = newest_report(making, owner), *earlier;
    const char *proposes = json_text_member(report, "proposes"), *reported = json_text_member(report, "recorded_at"),
               *ruled;

    rulings_of(making, owner, &earlier);
    ruled = json_text_member(earlier, "recorded_at");
    return proposes && strcmp(proposes, "continue") != 0 && (!ruled || strcmp(reported, ruled) > 0);
}

/* On the day of the meeting, or at the moment of the pack where it is still to come. */
static bool is_overdue(const struct pack_making *making, const json_t *decision, const json_t *owner)
{
    const char *due = due_day(making, decision, owner), *held_on = json_text_member(making->meeting, "held_on");

    if (!held_on)
        return json_integer_value(json_object_get(owner, "overdue_days")) > 0;
    return due && was_open(making, owner) && !waits_for_ruling(making, owner) && strcmp(due, held_on) < 0;
}

static const char *due_text_of(const struct pack_making *making, const json_t *decision, const json_t *owner)
{
    const char *due = due_day(making, decision, owner);

    if (!due)
        return NOT_KNOWN;
    return is_overdue(making, decision, owner)
               ? arena_format(making->arena, making_say(making, "%s\n（已逾期）", "%s\n(overdue)"),
                              date_text(making, due))
               : date_text(making, due);
}

/* What the meeting ruled; before it, what the chair may tick, with room to write beside it. What was withdrawn after the meeting
 * stands as it found it. */
static const char *ruling_text(const struct pack_making *making, const json_t *decision, const json_t *ruling)
{
    const json_t *withdrawn = json_object_get(decision, "withdrawn");
    char day[DATE_TEXT_SIZE];

    if (json_is_object(withdrawn))
        return arena_format(making->arena, making_say(making, "（%s撤回）", "(withdrawn %s)"),
                            date_text(making, making_day(making, json_text_member(withdrawn, "recorded_at"), day)));
    if (ruling || json_text_member(making->meeting, "held_on"))
        return outcome_word(making, json_text_member(ruling, "outcome"));
    return making_say(making, "□繼續列管\n□解除列管\n□自行列管", "□ keep open\n□ close\n□ hand over");
}

static void add_owner(struct pack_making *making, struct paper_table *table, const json_t *decision,
                      const json_t *owner, bool first)
{
    const json_t *report = newest_report(making, owner), *earlier, *here = rulings_of(making, owner, &earlier);
    const char *texts[COLUMN_COUNT] = {
        [NUMBER] = json_text_member(decision, "number"),
        [OWNER] = json_text_member(json_object_get(owner, "name"), making_say(making, "zh", "en")),
        [WHAT] = first ? what_of(making, decision) : making_say(making, "同上", "as above"),
        [DUE] = due_text_of(making, decision, owner),
        [PROGRESS] = progress_of(making, json_object_get(owner, "progress")),
        [PROPOSED] = outcome_word(making, json_text_member(report, "proposes")),
        [RULED] = outcome_word(making, json_text_member(earlier, "outcome")),
        [TO_RULE] = ruling_text(making, decision, here)};

    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static struct paper_table *begin_table(struct pack_making *making)
{
    const struct paper_column columns[COLUMN_COUNT] = {
        [NUMBER] = {making_say(making, "列管編號", "Number"), NULL, PAPER_WORDS, PAPER_AS_HELD, 17},
        [OWNER] = {making_say(making, "主（協）辦機關", "Owner"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12},
        [WHAT] = {making_say(making, "案由及決議", "What was decided"), NULL, PAPER_WORDS, PAPER_AS_HELD, 31},
        [DUE] = {making_say(making, "辦理期限", "Due"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12},
        [PROGRESS] = {making_say(making, "辦理情形", "Progress"), NULL, PAPER_WORDS, PAPER_AS_HELD, 33},
        [PROPOSED] = {making_say(making, "機關建議", "Proposed"), NULL, PAPER_WORDS, PAPER_AS_HELD, 10},
        [RULED] = {making_say(making, "前次裁示", "Last ruling"), NULL, PAPER_WORDS, PAPER_AS_HELD, 10},
        [TO_RULE] = {making_say(making, "本次裁示", "Ruling"), NULL, PAPER_WORDS, PAPER_AS_HELD, 18}};
    struct paper_table *table =
        paper_table(making->paper, making_say(making, "歷次會議決議事項列管情形", "Open decisions of earlier meetings"),
                    columns, COLUMN_COUNT, true);

    paper_key(table, "decisions", 2);
    return table;
}

/* The newest report and ruling of each owner, so that a new one is seen to be a change. */
static void name_source(struct pack_making *making, const json_t *decision)
{
    json_t *reports = json_array(), *rulings = json_array();
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const json_t *report = newest_report(making, owner), *earlier, *here = rulings_of(making, owner, &earlier);

        if (report)
            json_array_append(reports, json_object_get(report, "progress"));
        if (here || earlier)
            json_array_append(rulings, json_object_get(here ? here : earlier, "ruling"));
    }
    making_source(making, "decision", json_text_member(decision, "decision"),
                  json_pack("{ss ss so so}", "number", json_text_member(decision, "number"), "title",
                            json_text_member(decision, "title"), "progress", reports, "rulings", rulings));
}

static void add_table(struct pack_making *making, const json_t *list)
{
    struct paper_table *table = begin_table(making);
    const json_t *decision, *owner;
    size_t i, o;

    json_array_foreach(list, i, decision) {
        bool first = true;

        json_array_foreach(json_object_get(decision, "owners"), o, owner) {
            if (!was_open(making, owner))
                continue;
            add_owner(making, table, decision, owner, first);
            first = false;
        }
        name_source(making, decision);
    }
    paper_note(table, making->moment_note);
}

/* "列管中 5 案，其中已逾期 1 案。" */
static void say_counts(struct pack_making *making, const json_t *list)
{
    const json_t *decision, *owner;
    size_t i, o;
    int overdue = 0;

    json_array_foreach(list, i, decision) {
        bool late = false;

        json_array_foreach(json_object_get(decision, "owners"), o, owner)
            late = late || is_overdue(making, decision, owner);
        overdue += late;
    }
    paper_say(making->paper, PAPER_LEAD,
              arena_format(
                  making->arena,
                  making_say(making, "列管中計 %d 案，其中已逾期 %d 案，請各主（協）辦機關報告辦理情形，並請主席裁示。",
                             "%d decisions are open, %d of them overdue. Their owners report; the chair rules."),
                  (int)json_array_size(list), overdue));
}

static bool is_listed(const json_t *list, const json_t *decision)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (json_equal(json_object_get(one, "decision"), json_object_get(decision, "decision")))
            return true;
    return false;
}

/* The numbers that were withdrawn since the last meeting's day, and why: those that nobody finds in the table. Papers of a meeting
 * that was held say nothing of what was withdrawn after its day. */
static void say_withdrawn(struct pack_making *making, const json_t *withdrawn, const json_t *list)
{
    const char *last = json_text_member(making->last, "held_on");
    const json_t *decision;
    bool said = false;
    size_t i;

    json_array_foreach(withdrawn, i, decision) {
        const json_t *how = json_object_get(decision, "withdrawn");
        char day[DATE_TEXT_SIZE];

        if (!last || strcmp(making_day(making, json_text_member(how, "recorded_at"), day), last) < 0 ||
            !was_known(making, how) || is_listed(list, decision))
            continue;
        if (!said)
            paper_say(making->paper, PAPER_LEAD,
                      making_say(making, "前次會議後撤回列管者：", "Withdrawn since the last meeting:"));
        said = true;
        paper_list(making->paper, 1,
                   arena_format(making->arena, making_say(making, "%s　%s：%s", "%s %s: %s"),
                                json_text_member(decision, "number"), json_text_member(decision, "title"),
                                json_text_member(how, "reason")));
        making_source(making, "decision", json_text_member(decision, "decision"),
                      json_pack("{ss ss ss}", "number", json_text_member(decision, "number"), "title",
                                json_text_member(decision, "title"), "state", "withdrawn"));
    }
}

static enum db_status list_withdrawn(struct pack_making *making, json_t **ret_list)
{
    const struct pack_question *question = making->question;
    const struct decisions_question withdrawn = {.plan = question->version->plan,
                                                 .body = question->body->code,
                                                 .unit = question->unit,
                                                 .state = "withdrawn",
                                                 .as_of = &question->as_of,
                                                 .now = question->as_of};

    return decisions_list(making->db, &withdrawn, ret_list);
}

bool section_decisions(struct pack_making *making)
{
    const struct pack_question *question = making->question;
    json_t *list = NULL, *withdrawn = NULL;
    enum db_status status =
        decisions_for_agenda(making->db, question->version->plan, question->body->code, question->unit,
                             json_text_member(making->meeting, "meeting"), &question->as_of, &list);

    if (status == DB_OK)
        status = list_withdrawn(making, &withdrawn);
    if (status != DB_OK) {
        json_decref(list);
        return making_failed(making, status);
    }
    paper_heading(making->paper, 1, making_say(making, "歷次會議決議列管情形", "Earlier decisions"));
    if (json_array_size(list) == 0) {
        paper_say(making->paper, PAPER_BODY, making_say(making, "目前無列管中之決議事項。", "No decision is open."));
    } else {
        say_counts(making, list);
        say_withdrawn(making, withdrawn, list);
        add_table(making, list);
    }
    if (json_array_size(list) == 0)
        say_withdrawn(making, withdrawn, list);
    json_decref(list);
    json_decref(withdrawn);
    return true;
}
