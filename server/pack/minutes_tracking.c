/* minutes_tracking.c: the decisions that a meeting found open (列管), in its minutes. What later meetings decided and ruled, and
 * what was reported after its day, isn't theirs to tell. */
#include <string.h>

#include "base/json.h"
#include "decision/decision.h"
#include "pack/figures.h"
#include "pack/minutes.h"

static const char *say(const struct minutes *minutes, const char *chinese, const char *english)
{
    return making_say(minutes->making, chinese, english);
}

static bool is_before(const struct minutes *minutes, const char *day)
{
    return day && strcmp(day, json_text_member(minutes->meeting, "day")) < 0;
}

static bool is_this(const struct minutes *minutes, const char *meeting)
{
    return meeting && strcmp(meeting, minutes->making->question->meeting) == 0;
}

/* Whether earlier meetings had left an owner open. */
static bool was_open(const struct minutes *minutes, const json_t *owner)
{
    const char *outcome = "continue";
    const json_t *ruling;
    size_t i;

    json_array_foreach(json_object_get(owner, "rulings"), i, ruling)
        if (is_before(minutes, json_text_member(ruling, "day")) &&
            !is_this(minutes, json_text_member(ruling, "meeting")))
            outcome = json_text_member(ruling, "outcome");
    return outcome && strcmp(outcome, "continue") == 0;
}

/* Whether something was recorded by the day of the meeting. */
static bool was_known(const struct minutes *minutes, const json_t *recorded)
{
    char day[DATE_TEXT_SIZE];

    making_day(minutes->making, json_text_member(recorded, "recorded_at"), day);
    return *day && strcmp(day, json_text_member(minutes->meeting, "day")) <= 0;
}

/* Whether it was withdrawn, unless the meeting had found it recorded, and not yet withdrawn: then it stands as it found it. */
static bool was_withdrawn(const struct minutes *minutes, const json_t *decision)
{
    const json_t *withdrawn = json_object_get(decision, "withdrawn");

    return json_is_object(withdrawn) && (was_known(minutes, withdrawn) || !was_known(minutes, decision));
}

static bool found_open(const struct minutes *minutes, const json_t *decision)
{
    const json_t *made = json_object_get(decision, "meeting"), *owner;
    size_t i;

    if (!is_before(minutes, json_text_member(made, "day")) || was_withdrawn(minutes, decision))
        return false;
    json_array_foreach(json_object_get(decision, "owners"), i, owner)
        if (was_open(minutes, owner))
            return true;
    return false;
}

/* ---- cells -------------------------------------------------------------------------------------------------------- */

static const char *add_line(const struct minutes *minutes, const char *text, const char *line)
{
    return text ? arena_format(minutes->making->arena, "%s\n%s", text, line) : line;
}

static const char *owner_name(const struct minutes *minutes, const json_t *owner)
{
    const char *name = json_text_member(json_object_get(owner, "name"),
                                        minutes->making->question->language == LANGUAGE_ZH ? "zh" : "en");

    return name ? name : NOT_KNOWN;
}

/* What an owner had reported last by the day of the meeting. NULL: nothing. */
static const char *progress_text(const struct minutes *minutes, const json_t *owner)
{
    const char *text = NULL;
    const json_t *progress;
    size_t i;

    json_array_foreach(json_object_get(owner, "progress"), i, progress)
        if (was_known(minutes, progress))
            text = json_text_member(progress, "text");
    return text;
}

static const char *outcome_text(const struct minutes *minutes, const char *outcome)
{
    if (strcmp(outcome, "close") == 0)
        return say(minutes, "解除列管", "closed");
    return strcmp(outcome, "hand_over") == 0 ? say(minutes, "自行列管", "handed over")
                                             : say(minutes, "繼續列管", "goes on");
}

/* What this meeting ruled of an owner. NULL: nothing. */
static const char *ruling_text(const struct minutes *minutes, const json_t *owner)
{
    struct pack_making *making = minutes->making;
    const char *told = NULL;
    const json_t *ruling;
    size_t i;

    json_array_foreach(json_object_get(owner, "rulings"), i, ruling) {
        const char *due_on = json_text_member(ruling, "due_on"), *text = json_text_member(ruling, "text");

        if (!is_this(minutes, json_text_member(ruling, "meeting")))
            continue;
        making_source(making, "ruling", json_text_member(ruling, "ruling"), NULL);
        told = outcome_text(minutes, json_text_member(ruling, "outcome"));
        if (due_on)
            told = arena_format(making->arena, say(minutes, "%s（期限%s）", "%s (due %s)"), told,
                                date_text(making, due_on));
        if (text)
            told = arena_format(making->arena, say(minutes, "%s：%s", "%s: %s"), told, text);
    }
    return told;
}

/* What a body that it was carried up to said of it at this meeting. NULL: nothing. */
static const char *answer_text(const struct minutes *minutes, const json_t *decision)
{
    const char *text = NULL;
    const json_t *referral;
    size_t i;

    json_array_foreach(json_object_get(decision, "referrals"), i, referral) {
        const json_t *outcome = json_object_get(referral, "outcome");

        if (is_this(minutes, json_text_member(outcome, "meeting")))
            text = json_text_member(outcome, "text");
    }
    return text;
}

/* "（112年10月1日撤回）". NULL: it wasn't. */
static const char *withdrawn_text(const struct minutes *minutes, const json_t *decision)
{
    const char *when = json_text_member(json_object_get(decision, "withdrawn"), "recorded_at");
    char iso[DATE_TEXT_SIZE];
    struct date day;

    if (!date_parse_iso(making_day(minutes->making, when, iso), &day))
        return NULL;
    return arena_format(minutes->making->arena, say(minutes, "（%s撤回）", "(withdrawn %s)"),
                        minutes_day(minutes, day));
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

/* The ruling of all owners that were open, if it is the same for each; NULL: it isn't. */
static const char *common_ruling(const struct minutes *minutes, const json_t *owners)
{
    const char *common = NULL;
    const json_t *owner;
    size_t i;

    json_array_foreach(owners, i, owner) {
        const char *ruling = was_open(minutes, owner) ? ruling_text(minutes, owner) : common;

        if (!ruling && was_open(minutes, owner))
            return NULL;
        if (common && ruling && strcmp(common, ruling) != 0)
            return NULL;
        common = ruling;
    }
    return common;
}

struct cells {
    const char *owners, *progress, *rulings;
};

static const char *of_owner(const struct minutes *minutes, const char *name, const char *text, bool alone)
{
    return alone ? text : arena_format(minutes->making->arena, say(minutes, "%s：%s", "%s: %s"), name, text);
}

static struct cells gather(const struct minutes *minutes, const json_t *decision, bool referred)
{
    const json_t *owners = json_object_get(decision, "owners"), *owner;
    bool alone = json_array_size(owners) == 1;
    struct cells cells = {NULL, NULL, NULL};
    const char *empty = minutes->draft
                            ? say(minutes, "□繼續列管\n□解除列管\n□自行列管", "□ goes on\n□ closed\n□ handed over")
                            : NOT_KNOWN;
    size_t i;

    json_array_foreach(owners, i, owner) {
        const char *name = owner_name(minutes, owner), *progress = progress_text(minutes, owner),
                   *ruling = referred ? NULL : ruling_text(minutes, owner);

        if (!referred && !was_open(minutes, owner))
            continue;
        cells.owners = add_line(minutes, cells.owners, name);
        if (progress)
            cells.progress = add_line(minutes, cells.progress, of_owner(minutes, name, progress, alone));
        if (ruling)
            cells.rulings = add_line(minutes, cells.rulings, of_owner(minutes, name, ruling, alone));
    }
    if (!referred && common_ruling(minutes, owners))
        cells.rulings = common_ruling(minutes, owners);
    if (referred)
        cells.rulings = answer_text(minutes, decision);
    if (!cells.progress)
        cells.progress = say(minutes, "尚未填報", "not reported");
    if (!cells.rulings)
        cells.rulings = withdrawn_text(minutes, decision);
    if (!cells.rulings)
        cells.rulings = referred && minutes->draft ? "" : empty;
    return cells;
}

static void add_decision(const struct minutes *minutes, struct paper_table *table, const json_t *decision,
                         bool referred)
{
    struct pack_making *making = minutes->making;
    const char *number = json_text_member(decision, "number");
    struct cells cells = gather(minutes, decision, referred);
    const char *texts[] = {
        referred ? arena_format(making->arena, say(minutes, "%s（提報）", "%s (referred)"), number) : number,
        arena_format(making->arena, "%s\n%s", json_text_member(decision, "title"), json_text_member(decision, "text")),
        cells.owners, cells.progress, cells.rulings};

    making_source(making, "decision", json_text_member(decision, "decision"), json_pack("{ss}", "number", number));
    paper_row(table, PAPER_ROW_PLAIN, texts);
}

static struct paper_table *new_table(const struct minutes *minutes)
{
    const struct paper_column columns[] = {{say(minutes, "列管編號", "Number"), NULL, PAPER_WORDS, PAPER_AS_HELD, 17},
                                           {say(minutes, "案由及決議", "Matter"), NULL, PAPER_WORDS, PAPER_AS_HELD, 28},
                                           {say(minutes, "主辦機關", "Owner"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12},
                                           {say(minutes, "辦理情形", "Progress"), NULL, PAPER_WORDS, PAPER_AS_HELD, 26},
                                           {say(minutes, "裁示", "Ruling"), NULL, PAPER_WORDS, PAPER_AS_HELD, 16}};
    struct paper_table *table =
        paper_table(minutes->making->paper, say(minutes, "歷次決議列管情形", "Decisions tracked"), columns,
                    sizeof columns / sizeof *columns, false);

    paper_key(table, "tracking", 1);
    return table;
}

static void tell_list(const struct minutes *minutes, const json_t *own, const json_t *agenda)
{
    struct paper_table *table = NULL;
    const json_t *decision;
    size_t i;

    json_array_foreach(own, i, decision)
        if (found_open(minutes, decision)) {
            table = table ? table : new_table(minutes);
            add_decision(minutes, table, decision, false);
        }
    json_array_foreach(agenda, i, decision) {
        const char *entry = json_text_member(decision, "agenda");

        if (entry && strcmp(entry, "referred") == 0 &&
            is_before(minutes, json_text_member(json_object_get(decision, "meeting"), "day"))) {
            table = table ? table : new_table(minutes);
            add_decision(minutes, table, decision, true);
        }
    }
    if (!table)
        paper_say(minutes->making->paper, PAPER_BODY,
                  say(minutes, "無列管中之決議事項。", "No decision is being tracked."));
}

bool minutes_tracking(const struct minutes *minutes)
{
    struct pack_making *making = minutes->making;
    const struct pack_question *question = making->question;
    const struct decisions_question of_body = {.plan = question->version->plan,
                                               .body = question->body->code,
                                               .unit = question->unit,
                                               .as_of = &question->as_of,
                                               .now = question->as_of};
    json_t *own = NULL, *agenda = NULL;
    enum db_status status = decisions_list(making->db, &of_body, &own);

    if (status == DB_OK)
        status = decisions_for_agenda(making->db, question->version->plan, question->body->code, question->unit,
                                      question->meeting, &question->as_of, &agenda);
    if (status == DB_OK)
        tell_list(minutes, own, agenda);
    json_decref(own);
    json_decref(agenda);
    return status == DB_OK || making_failed(making, status);
}
