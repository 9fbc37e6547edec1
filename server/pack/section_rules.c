/* section_rules.c: which rules of the bodies concerned hold, and what would mend the others. */
#include <string.h>

#include "base/json.h"
#include "body/rules.h"
#include "body/watch.h"
#include "meeting/watching.h"
#include "pack/figures.h"

/* ---- which bodies concern the pack ---------------------------------------------------------------------------------- */

/* Whether a body carries its decisions, or its records, to another, by however many steps. */
static bool reports_to(const struct plan *plan, const struct body *body, const struct body *above)
{
    for (size_t step = 0; body && step < plan->bodies->body_count; step++) {
        if (body->refers_to == above || body->notes_to == above)
            return true;
        body = body->refers_to;
    }
    return false;
}

static bool is_office_of(const struct pack_making *making, const char *code)
{
    const struct office *office = code ? plan_office(making->question->version->plan, code) : NULL;

    return office && making_covers(making, office);
}

/* The body itself; those that report to it; of a group's, the bodies of the group's offices. */
static bool concerns(const struct pack_making *making, const json_t *rule)
{
    const struct pack_question *question = making->question;
    const struct body *body = plan_body(question->version->plan, json_text_member(rule, "body"));
    const char *unit = json_text_member(rule, "unit");

    if (!body)
        return false;
    if (body == question->body)
        return !question->unit || (unit && strcmp(unit, question->unit) == 0);
    if (question->body->per == BODY_PER_GROUP)
        return body->per == BODY_PER_OFFICE && is_office_of(making, unit);
    return question->body->per == BODY_OF_CITY && reports_to(question->version->plan, body, question->body);
}

static const char *name_of(const struct pack_making *making, const json_t *names)
{
    return arena_text(making->arena, json_text_member(names, making->question->language == LANGUAGE_ZH ? "zh" : "en"));
}

/* "桃園區公所" under the heading of the body, or the body's own name. */
static const char *unit_or_body(const struct pack_making *making, const json_t *rule)
{
    const char *unit = name_of(making, json_object_get(rule, "unit_name"));

    return json_text_member(rule, "unit") && unit ? unit : name_of(making, json_object_get(rule, "name"));
}

static bool same_unit(const json_t *a, const json_t *b)
{
    const char *one = json_text_member(a, "unit"), *other = json_text_member(b, "unit");

    return strcmp(json_text_member(a, "body"), json_text_member(b, "body")) == 0 &&
           (one == other || (one && other && strcmp(one, other) == 0));
}

/* ---- at a glance --------------------------------------------------------------------------------------------------- */

static bool is_rule(const json_t *one, const char *word)
{
    return strcmp(json_text_member(one, "rule"), word) == 0;
}

/* What is counted: meetings, members; of the share of either sex both counts stand there. */
static const char *found_text(const struct pack_making *making, const json_t *rule)
{
    const char *found = json_text_member(rule, "found");

    if (strchr(found, '/'))
        return found;
    return arena_format(making->arena,
                        is_rule(rule, watch_meetings_rule) ? making_say(making, "%s次", "%s")
                                                           : making_say(making, "%s人", "%s"),
                        found);
}

static const char *standing_text(const struct pack_making *making, const json_t *rule)
{
    const char *verdict = json_text_member(rule, "verdict"), *found = found_text(making, rule);

    if (strcmp(verdict, "holds") == 0)
        return arena_format(making->arena, making_say(making, "%s 符合", "%s, holds"), found);
    if (strcmp(verdict, "broken") == 0)
        return arena_format(making->arena, making_say(making, "%s 不符", "%s, broken"), found);
    if (is_rule(rule, watch_meetings_rule))
        return arena_format(making->arena, making_say(making, "%s 未屆期", "%s so far"), found);
    return making_say(making, "無資料", "unknown");
}

enum { MOST_RULES = BODY_RULE_COUNT + 1 }; /* those of the members, and that about meetings */

struct glance {
    struct pack_making *making;
    const json_t *list;
    struct {
        const char *word, *name;
    } rules[MOST_RULES]; /* the columns */
    size_t rule_count;
};

/* A column for the rule of this word, if anything concerned has it. */
static void find_rule(struct glance *glance, const char *word)
{
    const json_t *one;
    size_t i;

    json_array_foreach(glance->list, i, one)
        if (glance->rule_count < MOST_RULES && is_rule(one, word) && concerns(glance->making, one)) {
            glance->rules[glance->rule_count].word = word;
            glance->rules[glance->rule_count++].name = name_of(glance->making, json_object_get(one, "rule_name"));
            return;
        }
}

static struct paper_table *glance_table(const struct glance *glance)
{
    const struct pack_making *making = glance->making;
    struct paper_column columns[1 + MOST_RULES] = {
        {making_say(making, "組織", "Body"), NULL, PAPER_WORDS, PAPER_AS_HELD, 20}};

    for (size_t i = 0; i < glance->rule_count; i++)
        columns[1 + i] = (struct paper_column){glance->rules[i].name, NULL, PAPER_WORDS, PAPER_CENTRE, 13};
    return paper_table(making->paper, making_say(making, "各組織規定符合情形", "Rules of the bodies at a glance"),
                       columns, 1 + glance->rule_count, glance->rule_count > 6);
}

/* The row of one unit, whose rules stand together from `first` on; returns behind them. */
static size_t glance_row(const struct glance *glance, struct paper_table *table, size_t first)
{
    const struct pack_making *making = glance->making;
    const json_t *head = json_array_get(glance->list, first);
    const char *texts[1 + MOST_RULES] = {unit_or_body(making, head)};
    size_t i;

    for (size_t r = 0; r < glance->rule_count; r++)
        texts[1 + r] = NOT_KNOWN;
    for (i = first; i < json_array_size(glance->list) && same_unit(json_array_get(glance->list, i), head); i++)
        for (size_t r = 0; r < glance->rule_count; r++)
            if (is_rule(json_array_get(glance->list, i), glance->rules[r].word))
                texts[1 + r] = standing_text(making, json_array_get(glance->list, i));
    paper_row(table, PAPER_ROW_PLAIN, texts);
    return i;
}

static bool any_broken(const struct pack_making *making, const json_t *list)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (concerns(making, one) && strcmp(json_text_member(one, "verdict"), "broken") == 0)
            return true;
    return false;
}

static void tell_glance(struct pack_making *making, const json_t *list)
{
    struct glance glance = {.making = making, .list = list};
    struct paper_table *table;
    const char *body = NULL, *others = making_say(making, "其他組織", "Other bodies");
    bool units = false; /* the row before is of a unit, below its body's name */
    size_t i = 0;

    for (int rule = 0; rule < BODY_RULE_COUNT; rule++)
        find_rule(&glance, body_rule_word((enum body_rule)rule));
    find_rule(&glance, watch_meetings_rule);
    if (glance.rule_count == 0)
        return;
    table = glance_table(&glance);
    while (i < json_array_size(list)) {
        const json_t *head = json_array_get(list, i);
        const char *code = json_text_member(head, "body"), *name = name_of(making, json_object_get(head, "name"));

        if (!concerns(making, head)) {
            i++;
            continue;
        }
        if (json_text_member(head, "unit") && (!body || strcmp(body, code) != 0))
            paper_row(table, PAPER_ROW_GROUP, &name);
        else if (!json_text_member(head, "unit") && units)
            paper_row(table, PAPER_ROW_GROUP, &others);
        body = code;
        units = json_text_member(head, "unit") != NULL;
        i = glance_row(&glance, table, i);
    }
    if (!any_broken(making, list))
        paper_note(table,
                   making_say(making, "有資料之各組織均符合規定。", "All rules hold wherever members are on record."));
    making_note(
        making, table,
        making_say(
            making,
            "各欄為現況及結果；「—」為該組織無此規定，「無資料」為尚未登錄名冊或委員，「未屆期」為會議次數未足而期限未至。"
            "性別比例欄為較少性別人數/委員總數。",
            "What was found, and whether the rule holds. “—”: there is no such rule; “unknown”: no members are on "
            "record; “so far”: meetings that aren’t due yet are still to be held. Sexes: members of the lesser sex of "
            "all members."));
}

/* ---- what is broken ------------------------------------------------------------------------------------------------- */

static struct paper_table *broken_table(const struct pack_making *making)
{
    const struct paper_column columns[] = {
        {making_say(making, "組織", "Body"), NULL, PAPER_WORDS, PAPER_AS_HELD, 14},
        {making_say(making, "規定", "Rule"), NULL, PAPER_WORDS, PAPER_AS_HELD, 14},
        {making_say(making, "現況", "Found"), NULL, PAPER_WORDS, PAPER_CENTRE, 7},
        {making_say(making, "標準", "Wanted"), NULL, PAPER_WORDS, PAPER_CENTRE, 7},
        {making_say(making, "不符起日", "Since"), NULL, PAPER_WORDS, PAPER_CENTRE, 11},
        {making_say(making, "最近符合日", "Last held"), NULL, PAPER_WORDS, PAPER_CENTRE, 11},
        {making_say(making, "建議", "Advice"), NULL, PAPER_WORDS, PAPER_AS_HELD, 40}};

    return paper_table(making->paper, making_say(making, "未符合規定者及建議", "Rules that are broken, and advice"),
                       columns, sizeof columns / sizeof *columns, true);
}

static const char *whose_rule(const struct pack_making *making, const json_t *rule)
{
    const char *name = name_of(making, json_object_get(rule, "rule_name"));

    return json_is_true(json_object_get(rule, "hard"))
               ? name
               : arena_format(making->arena, making_say(making, "%s（努力目標）", "%s (goal)"), name);
}

static void tell_broken(struct pack_making *making, const json_t *list)
{
    struct paper_table *table = NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one) {
        if (!concerns(making, one))
            continue;
        if (json_text_member(one, "revision"))
            making_source(making, "revision", json_text_member(one, "revision"),
                          json_pack("{ss*}", "office", json_text_member(one, "unit")));
        if (strcmp(json_text_member(one, "verdict"), "broken") != 0)
            continue;
        if (!table) {
            table = broken_table(making);
            paper_key(table, NULL, 2);
        }
        paper_row(table, PAPER_ROW_PLAIN,
                  (const char *[]){unit_or_body(making, one), whose_rule(making, one),
                                   arena_text(making->arena, json_text_member(one, "found")),
                                   arena_text(making->arena, json_text_member(one, "wanted")),
                                   date_text(making, json_text_member(one, "since")),
                                   date_text(making, json_text_member(one, "last_held")),
                                   name_of(making, json_object_get(one, "advice"))});
    }
    if (table)
        making_note(making, table, NULL);
}

static bool tell_rules(struct pack_making *making)
{
    const struct pack_question *question = making->question;
    const struct plan *plan = question->version->plan;
    bool alone = question->body->per == BODY_PER_OFFICE || question->body->per == BODY_PER_UNIT;
    const struct watch_question asked = {.version = question->version,
                                         .body = alone ? question->body : NULL,
                                         .unit = alone ? question->unit : NULL,
                                         .day = calendar_day_of(&plan->calendar, question->as_of),
                                         .as_of = &question->as_of};
    json_t *list = NULL;
    enum db_status status = watch_rules(making->db, &asked, making->arena, &list);

    if (status == DB_OK)
        status = watch_meetings(making->db, &asked, making->arena, list);
    if (status != DB_OK) {
        json_decref(list);
        return making_failed(making, status);
    }
    tell_glance(making, list);
    tell_broken(making, list);
    json_decref(list);
    return true;
}

bool section_rules(struct pack_making *making)
{
    paper_heading(making->paper, 1,
                  making_say(making, "組織規定及應辦事項檢視", "Rules of the bodies and yearly duties"));
    return tell_rules(making);
}
