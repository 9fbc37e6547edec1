/* rules.c: by which rules a meeting counts, in whole numbers. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "meeting/inside.h"
#include "meeting/meeting.h"

enum { TEXT_SIZE = 48 };

static const struct {
    const char *word;
    struct name name;
} rules[MEETING_RULE_COUNT] = {
    [MEETING_QUORUM] = {"quorum", {{"法定出席人數", "quorum"}}},
    [MEETING_CHAIR] = {"chair",
                       {{"由秘書單位區長或副區長主持",
                         "chaired by the head or deputy head of the office that keeps the secretariat"}}},
    [MEETING_ADVISERS] = {"advisers", {{"外聘委員出席人數", "advisers from outside present"}}},
    [MEETING_COUNCIL] = {"council_adviser",
                         {{"其中現任或曾任性平會外聘委員", "of them, who served on the council as external members"}}},
    [MEETING_OFFICES] = {"offices", {{"本組各機關出席", "every office of the group present"}}},
    [MEETING_BY] = {"by", {{"召開期限", "held by the day"}}},
};

/* ---- the group's offices ----------------------------------------------------------------------------------------- */

static bool is_present(const struct meeting_facts *facts, const char *office)
{
    for (size_t i = 0; i < facts->office_count; i++)
        if (strcmp(facts->offices[i], office) == 0)
            return true;
    return false;
}

struct offices_there {
    int all, present;
};

static bool is_of_unit(const struct meeting_facts *facts, const struct office *office)
{
    return facts->unit && body_unit_has(facts->plan, facts->body, facts->unit, office->code,
                                        meeting_plan_year(facts->plan, facts->year));
}

static struct offices_there count_offices(const struct meeting_facts *facts)
{
    struct offices_there there = {0};

    for (size_t i = 0; i < facts->plan->office_count; i++) {
        const struct office *office = &facts->plan->offices[i];

        if (!is_of_unit(facts, office))
            continue;
        there.all++;
        there.present += is_present(facts, office->code);
    }
    return there;
}

/* ---- verdicts ---------------------------------------------------------------------------------------------------- */

/* The day by which the plan wants it. */
static struct date last_day(const struct meeting_facts *facts)
{
    return (struct date){facts->year + ROC_EPOCH, facts->body->by_month, facts->body->by_day};
}

bool meeting_rule_applies(const struct meeting_facts *facts, enum meeting_rule rule)
{
    const struct body *body = facts->body;

    switch (rule) {
    case MEETING_QUORUM: return body->quorum != QUORUM_NONE;
    case MEETING_CHAIR: return body->rotating;
    case MEETING_ADVISERS: return body->kind == BODY_LIAISON && body->external_least > 0;
    case MEETING_COUNCIL: return body->kind == BODY_LIAISON && body->council_least > 0;
    case MEETING_OFFICES: return body->per == BODY_PER_GROUP;
    case MEETING_BY: return body->by_month > 0 && facts->regular && !facts->further;
    default: return false;
    }
}

static enum verdict verdict_of(bool holds)
{
    return holds ? VERDICT_HOLDS : VERDICT_BROKEN;
}

/* Whether a post is that of an office's head or deputy head, whoever acts for them by that title. */
static bool is_head(const char *post)
{
    static const char *const within[] = {"區長", "district head", "district chief", "district executive"},
                             *const whole[] = {"head", "deputy head", "head of the office",
                                               "deputy head of the office"};

    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        if (strcasestr(post, within[i]))
            return true;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcasecmp(post, whole[i]) == 0)
            return true;
    return false;
}

/* In the chair sits the head or the deputy head of the office whose turn it is; without a post nobody knows. */
static enum verdict judge_chair(const struct meeting_facts *facts)
{
    if (!facts->secretariat || !facts->has_chair)
        return VERDICT_UNKNOWN;
    if (!facts->chair_office || strcmp(facts->chair_office, facts->secretariat) != 0)
        return VERDICT_BROKEN;
    return facts->chair_post ? verdict_of(is_head(facts->chair_post)) : VERDICT_UNKNOWN;
}

static enum verdict judge_offices(const struct meeting_facts *facts)
{
    struct offices_there there = count_offices(facts);

    return there.all == 0 ? VERDICT_UNKNOWN : verdict_of(there.present == there.all);
}

enum verdict meeting_rule_judge(const struct meeting_facts *facts, enum meeting_rule rule)
{
    const struct body *body = facts->body;

    if (rule == MEETING_BY)
        return verdict_of(date_compare(facts->day, last_day(facts)) <= 0);
    if (!facts->took_place || !facts->has_sheet)
        return VERDICT_UNKNOWN;
    switch (rule) {
    case MEETING_QUORUM:
        return body_quorum(body->quorum, facts->members, facts->present, facts->external, facts->external_present);
    case MEETING_CHAIR: return judge_chair(facts);
    case MEETING_ADVISERS: return verdict_of(facts->advisers >= body->external_least);
    case MEETING_COUNCIL: return verdict_of(facts->served >= body->council_least);
    case MEETING_OFFICES: return judge_offices(facts);
    default: return VERDICT_UNKNOWN;
    }
}

bool meeting_counts(const struct meeting_facts *facts)
{
    return facts->took_place && facts->regular && meeting_rule_judge(facts, MEETING_QUORUM) != VERDICT_BROKEN;
}

/* ---- in words ---------------------------------------------------------------------------------------------------- */

static void found_text(const struct meeting_facts *facts, enum meeting_rule rule, char text[static TEXT_SIZE])
{
    bool of_external = facts->body->quorum == QUORUM_HALF_OF_EXTERNAL;
    struct offices_there there;

    switch (rule) {
    case MEETING_QUORUM:
        snprintf(text, TEXT_SIZE, "%d/%d", of_external ? facts->external_present : facts->present,
                 of_external ? facts->external : facts->members);
        break;
    case MEETING_CHAIR: snprintf(text, TEXT_SIZE, "%s", facts->chair_office ? facts->chair_office : "-"); break;
    case MEETING_ADVISERS: snprintf(text, TEXT_SIZE, "%d", facts->advisers); break;
    case MEETING_COUNCIL: snprintf(text, TEXT_SIZE, "%d", facts->served); break;
    case MEETING_OFFICES:
        there = count_offices(facts);
        snprintf(text, TEXT_SIZE, "%d/%d", there.present, there.all);
        break;
    default: date_format_iso(facts->day, text); break;
    }
}

static void wanted_text(const struct meeting_facts *facts, enum meeting_rule rule, char text[static TEXT_SIZE])
{
    char day[DATE_TEXT_SIZE];

    switch (rule) {
    case MEETING_QUORUM:
        snprintf(text, TEXT_SIZE, "%s", facts->body->quorum == QUORUM_HALF_OF_EXTERNAL ? "≥1/2" : ">1/2");
        break;
    case MEETING_CHAIR: snprintf(text, TEXT_SIZE, "%s", facts->secretariat ? facts->secretariat : "-"); break;
    case MEETING_ADVISERS: snprintf(text, TEXT_SIZE, "≥%d", facts->body->external_least); break;
    case MEETING_COUNCIL: snprintf(text, TEXT_SIZE, "≥%d", facts->body->council_least); break;
    case MEETING_OFFICES: snprintf(text, TEXT_SIZE, "%d", count_offices(facts).all); break;
    default:
        date_format_iso(last_day(facts), day);
        snprintf(text, TEXT_SIZE, "≤%s", day);
        break;
    }
}

/* The offices of the group that weren't there, by name. */
static const char *missing_offices(const struct meeting_facts *facts, enum language language, struct arena *arena)
{
    const char *names = "";

    for (size_t i = 0; names && i < facts->plan->office_count; i++) {
        const struct office *office = &facts->plan->offices[i];

        if (is_of_unit(facts, office) && !is_present(facts, office->code))
            names = arena_format(arena, "%s%s%s", names, *names ? language == LANGUAGE_ZH ? "、" : ", " : "",
                                 office->name.text[language]);
    }
    return names;
}

static const char *secretariat_name(const struct meeting_facts *facts, enum language language)
{
    const struct office *office = plan_office(facts->plan, facts->secretariat);

    return office ? office->name.text[language] : facts->secretariat;
}

/* What to do about a rule that is broken. */
static const char *advise(const struct meeting_facts *facts, enum meeting_rule rule, enum language language,
                          struct arena *arena)
{
    const struct body *body = facts->body;
    bool zh = language == LANGUAGE_ZH;

    switch (rule) {
    case MEETING_QUORUM:
        return zh ? "本次不計入年度定期會議，應另行召開。"
                  : "It isn't one of the year's regular meetings; another one is owed.";
    case MEETING_CHAIR:
        return arena_format(arena,
                            zh ? "本次秘書單位為%s，應由其區長或副區長擔任主席。"
                               : "%s keeps the secretariat; its head or deputy head takes the chair.",
                            secretariat_name(facts, language));
    case MEETING_ADVISERS:
        return arena_format(
            arena, zh ? "應邀請外聘委員至少%d人，尚缺%d人。" : "At least %d advisers from outside; missing: %d.",
            body->external_least, body->external_least - facts->advisers);
    case MEETING_COUNCIL:
        return arena_format(arena,
                            zh ? "外聘委員中應有現任或曾任性平會外聘委員%d人，尚缺%d人。"
                               : "Of the advisers %d must have served on the council as external members; missing: %d.",
                            body->council_least, body->council_least - facts->served);
    case MEETING_OFFICES:
        return arena_format(arena, zh ? "未出席：%s。" : "Not there: %s.", missing_offices(facts, language, arena));
    default: return zh ? "原則上應於期限前召開。" : "In principle it is held by that day.";
    }
}

static json_t *rule_json(const struct meeting_facts *facts, enum meeting_rule rule, struct arena *arena)
{
    static const char *const verdicts[] = {"holds", "broken", "unknown"};
    const struct body *body = facts->body;
    enum verdict verdict = meeting_rule_judge(facts, rule);
    bool is_known = rule == MEETING_BY || (facts->took_place && facts->has_sheet);
    char found[TEXT_SIZE], wanted[TEXT_SIZE];
    json_t *advice = json_null();

    found_text(facts, rule, found);
    wanted_text(facts, rule, wanted);
    if (verdict == VERDICT_BROKEN)
        advice = json_pack("{ss? ss?}", "zh", advise(facts, rule, LANGUAGE_ZH, arena), "en",
                           advise(facts, rule, LANGUAGE_EN, arena));
    return json_pack(
        "{ss so ss ss? ss ss so}", "rule", rules[rule].word, "rule_name", meeting_name_json(&rules[rule].name),
        "verdict", verdicts[verdict], "found", is_known ? found : NULL, "wanted", wanted, "source",
        rule == MEETING_QUORUM && body->quorum_source ? body->quorum_source : body->source, "advice", advice);
}

json_t *meeting_rules_to_json(const struct meeting_facts *facts, struct arena *arena)
{
    json_t *list = json_array();

    for (int rule = 0; list && rule < MEETING_RULE_COUNT; rule++)
        if (meeting_rule_applies(facts, (enum meeting_rule)rule))
            json_array_append_new(list, rule_json(facts, (enum meeting_rule)rule, arena));
    return list;
}
