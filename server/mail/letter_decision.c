/* letter_decision.c: decisions that an office is to carry out (列管): those that are new or withdrawn, and those whose day comes. The facts
 * name them; how they stand is looked up when the letter is written. */
#include <string.h>

#include "base/json.h"
#include "decision/decision.h"
#include "mail/letter_inside.h"

enum { LONGEST_SHOWN = 2000 };

/* The office's decisions in a state. The caller decrefs *ret_list. */
static enum letter_outcome find_decisions(struct letter *letter, const struct plan_version *version, const char *state,
                                          json_t **ret_list)
{
    const struct decisions_question question = {
        .plan = version->plan, .office = letter->mail->office, .state = state, .now = letter->now};

    return decisions_list(letter->db, &question, ret_list) == DB_OK ? LETTER_WRITTEN : LETTER_UNAVAILABLE;
}

/* The office among the owners, where it isn't done; NULL: it is. */
static const json_t *find_owner(const struct letter *letter, const json_t *decision)
{
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *office = json_text_member(owner, "office"), *state = json_text_member(owner, "state");

        if (office && strcmp(office, letter->mail->office) == 0 && state && strcmp(state, "open") == 0)
            return owner;
    }
    return NULL;
}

/* Whether facts name a decision: by its id, or as {"decision"}. */
static bool is_named(const json_t *named, const json_t *decision)
{
    const char *id = json_text_member(decision, "decision");
    const json_t *one;
    size_t i;

    json_array_foreach(named, i, one) {
        const char *text = json_is_string(one) ? json_string_value(one) : json_text_member(one, "decision");

        if (id && text && strcmp(id, text) == 0)
            return true;
    }
    return false;
}

static const char *name_in(const struct letter *letter, const json_t *object, const char *member)
{
    return json_text_member(json_object_get(object, member), letter->mail->language == LANGUAGE_ZH ? "zh" : "en");
}

/* Which meeting it comes from: "性別平等業務聯繫會議 第1組，113年10月1日（星期二）". */
static void append_meeting(struct letter *letter, const json_t *decision)
{
    const char *body = name_in(letter, decision, "body_name"), *unit = name_in(letter, decision, "unit_name"),
               *day = json_text_member(json_object_get(decision, "meeting"), "day");
    struct date held_on;

    letter_line(letter, "     會議：%s%s%s", "     meeting: %s%s%s", body ? body : "", unit ? " " : "",
                unit ? unit : "");
    if (day && date_parse_iso(day, &held_on))
        letter_line(letter, "，%s", ", %s", letter_date(letter, held_on));
    letter_say(letter, "\n", "\n");
}

/* Its day and how far that is; negative: it is over. */
static int append_day(struct letter *letter, const json_t *owner, struct date today)
{
    const char *day = json_text_member(owner, "due_on");
    struct date due;
    int left;

    if (!day || !date_parse_iso(day, &due)) {
        letter_say(letter, "     期限：未定\n", "     no day is set\n");
        return 0;
    }
    left = date_days_between(today, due);
    letter_line(letter, "     期限：%s", "     due %s", letter_date(letter, due));
    if (left > 0)
        letter_line(letter, "，尚有 %d 日\n", "; days left: %d\n", left);
    else if (left == 0)
        letter_say(letter, "，今日截止\n", "; today\n");
    else
        letter_line(letter, "，已逾 %d 日\n", "; days over: %d\n", -left);
    return left;
}

static void append_head(struct letter *letter, const json_t *decision, size_t number)
{
    const char *code = json_text_member(decision, "number"), *title = json_text_member(decision, "title");

    letter_line(letter, "  %zu. 〔%s〕%s\n", "  %zu. [%s] %s\n", number, code ? code : "", title ? title : "");
    append_meeting(letter, decision);
}

static int append_decision(struct letter *letter, const json_t *decision, const json_t *owner, size_t number,
                           struct date today)
{
    append_head(letter, decision, number);
    return append_day(letter, owner, today);
}

static void append_how(struct letter *letter)
{
    letter_say(letter, "辦理情形請以 tributary decision progress 編號 填報；解除列管由後續會議裁示。\n",
               "Say how it goes with tributary decision progress NUMBER; a later meeting rules when it is done.\n");
}

enum letter_outcome letter_due_decisions(struct letter *letter, const struct plan_version *version, size_t *ret_past,
                                         size_t *ret_soon)
{
    const json_t *named = json_object_get(letter->mail->facts, "decisions"), *decision;
    struct date today = calendar_day_of(&version->plan->calendar, letter->now);
    json_t *list = NULL;
    enum letter_outcome outcome = LETTER_WRITTEN;
    size_t i;

    *ret_past = *ret_soon = 0;
    if (json_array_size(named) > 0)
        outcome = find_decisions(letter, version, "open", &list);
    json_array_foreach(list, i, decision) {
        const json_t *owner = is_named(named, decision) ? find_owner(letter, decision) : NULL;
        size_t before = *ret_past + *ret_soon;

        if (!owner)
            continue;
        if (before == 0)
            letter_say(letter, "\n【列管事項】\n", "\nDecisions to carry out:\n");
        if (append_decision(letter, decision, owner, before + 1, today) < 0)
            ++*ret_past;
        else
            ++*ret_soon;
    }
    if (*ret_past + *ret_soon > 0) {
        letter_say(letter, "\n", "\n");
        append_how(letter);
    }
    json_decref(list);
    return outcome;
}

/* The text of a decision, not without end. */
static void append_text(struct letter *letter, const json_t *decision)
{
    const char *text = json_text_member(decision, "text");
    size_t length = text ? strlen(text) : 0;
    bool cut = length > LONGEST_SHOWN;

    if (cut)
        for (length = LONGEST_SHOWN; ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    if (length > 0)
        letter_line(letter, "     內容：%.*s%s\n", "     what: %.*s%s\n", (int)length, text, cut ? "…" : "");
}

/* How many a letter tells of, and the number of the first. */
struct told {
    size_t count;
    const char *first;
};

static void count_told(struct letter *letter, struct told *told, const json_t *decision)
{
    const char *number = json_text_member(decision, "number");

    if (told->count++ == 0)
        told->first = arena_text(letter->arena, number ? number : "");
}

static enum letter_outcome tell_new(struct letter *letter, const struct plan_version *version, struct told *told)
{
    const json_t *named = json_object_get(letter->mail->facts, "decisions"), *decision;
    json_t *list = NULL;
    size_t i;
    enum letter_outcome outcome = find_decisions(letter, version, "open", &list);

    json_array_foreach(list, i, decision) {
        const json_t *owner = is_named(named, decision) ? find_owner(letter, decision) : NULL;

        if (!owner)
            continue;
        if (told->count == 0)
            letter_line(letter, "下列會議決議自即日起列管，由%s辦理：\n\n",
                        "The following decisions of meetings are tracked from now on, to be carried out by %s:\n\n",
                        letter_office(letter, version->plan, letter->mail->office));
        count_told(letter, told, decision);
        append_decision(letter, decision, owner, told->count, calendar_day_of(&version->plan->calendar, letter->now));
        append_text(letter, decision);
    }
    json_decref(list);
    if (told->count > 0) {
        letter_say(letter, "\n", "\n");
        append_how(letter);
    }
    return outcome;
}

static void append_withdrawn(struct letter *letter, const json_t *decision, size_t number)
{
    const char *reason = json_text_member(json_object_get(decision, "withdrawn"), "reason");

    append_head(letter, decision, number);
    letter_line(letter, "     事由：%s\n", "     because: %s\n", reason ? reason : "");
}

static enum letter_outcome tell_withdrawn(struct letter *letter, const struct plan_version *version, bool more,
                                          struct told *told)
{
    const json_t *named = json_object_get(letter->mail->facts, "withdrawn"), *decision;
    json_t *list = NULL;
    size_t i;
    enum letter_outcome outcome =
        json_array_size(named) > 0 ? find_decisions(letter, version, "withdrawn", &list) : LETTER_WRITTEN;

    json_array_foreach(list, i, decision) {
        if (!is_named(named, decision))
            continue;
        if (told->count == 0 && more)
            letter_say(letter, "\n", "\n");
        if (told->count == 0)
            letter_line(
                letter, "下列列管事項係誤登，已撤回，%s無須再辦理：\n\n",
                "The following decisions had been recorded by mistake and are withdrawn; there is nothing left to "
                "do of them for %s:\n\n",
                letter_office(letter, version->plan, letter->mail->office));
        count_told(letter, told, decision);
        append_withdrawn(letter, decision, told->count);
    }
    json_decref(list);
    return outcome;
}

/* "新增列管事項：113-group-1-02", of several how many; NULL of none. */
static const char *subject_of(struct letter *letter, const struct told *told, const char *chinese, const char *english)
{
    const char *what = letter_words(letter, chinese, english);

    if (told->count == 0)
        return NULL;
    return told->count == 1
               ? arena_format(letter->arena, letter_words(letter, "%s：%s", "%s: %s"), what, told->first)
               : arena_format(letter->arena, letter_words(letter, "%s：%zu 件", "%s: %zu"), what, told->count);
}

enum letter_outcome letter_of_decision(struct letter *letter)
{
    const struct plan_version *version = letter_plan(letter, json_text_member(letter->mail->facts, "plan"));
    struct told new = {0}, withdrawn = {0};
    const char *of_new, *of_withdrawn;
    enum letter_outcome outcome;

    if (!version || !letter->mail->office)
        return LETTER_FAILED;
    outcome = tell_new(letter, version, &new);
    if (outcome == LETTER_WRITTEN)
        outcome = tell_withdrawn(letter, version, new.count > 0, &withdrawn);
    if (outcome != LETTER_WRITTEN)
        return outcome;
    if (new.count + withdrawn.count == 0)
        return LETTER_NEEDLESS;
    of_new = subject_of(letter, &new, "新增列管事項", new.count == 1 ? "New decision" : "New decisions");
    of_withdrawn = subject_of(letter, &withdrawn, "撤回列管事項",
                              withdrawn.count == 1 ? "Decision withdrawn" : "Decisions withdrawn");
    letter->subject = of_new && of_withdrawn
                          ? arena_format(letter->arena, letter_words(letter, "%s；%s", "%s; %s"), of_new, of_withdrawn)
                      : of_new ? of_new
                               : of_withdrawn;
    return LETTER_WRITTEN;
}
