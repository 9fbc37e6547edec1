/* reading.c: one meeting with everything that belongs to it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "meeting/gathering.h"
#include "meeting/inside.h"
#include "meeting/meeting.h"

json_t *meeting_name_json(const struct name *name)
{
    return name && name->text[0] ? json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN])
                                 : json_null();
}

int meeting_plan_year(const struct plan *plan, int year)
{
    return year < plan->from ? plan->from : year > plan->to ? plan->to : year;
}

const struct name *meeting_unit_name(const struct plan *plan, const struct body *body, const char *unit, int year)
{
    const struct name *name;
    const char *code;
    size_t place;

    return unit && body_unit_find(plan, body, unit, year, &place) && body_unit_at(plan, body, place, year, &code, &name)
               ? name
               : NULL;
}

static bool add_names(const struct plan *plan, json_t *meeting)
{
    const struct body *body = meeting_body(plan, json_text_member(meeting, "body"));
    int year = meeting_plan_year(plan, (int)json_integer_value(json_object_get(meeting, "year")));
    const char *unit = json_text_member(meeting, "unit");

    return json_object_set_new(meeting, "name", meeting_name_json(body ? &body->name : NULL)) == 0 &&
           json_object_set_new(meeting, "unit_name",
                               meeting_name_json(body ? meeting_unit_name(plan, body, unit, year) : NULL)) == 0;
}

bool meetings_name(const struct plan *plan, json_t *list)
{
    json_t *meeting;
    size_t i;

    json_array_foreach(list, i, meeting)
        if (!add_names(plan, meeting))
            return false;
    return true;
}

/* ---- what is stored ---------------------------------------------------------------------------------------------- */

/* The columns in the order of the statement below. */
enum { STEPS, AGENDA, ITEMS, RESOLUTIONS, SHEET, ATTENDANCE, MEMBERS, EXTERNAL, SECRETARIAT, CORRECTIONS };

static enum db_status read_details(struct db *db, const json_t *meeting, const struct body *body,
                                   const timestamp *as_of, PGresult **ret_rows)
{
    static const struct db_statement read = {
        "meeting_details",
        "select d.steps, d.agenda, d.items, d.resolutions, d.sheet, d.attendance, d.members, d.external,"
        " tributary.secretariat_of($2, $3, $4, $5::integer, $7::timestamptz), d.corrections"
        " from tributary.meeting_details($1::uuid, $2, $3, $4, $6::date, $7::timestamptz) d",
        7};
    char moment[TIMESTAMP_TEXT_SIZE], year[16];

    if (as_of)
        timestamp_format(*as_of, moment);
    snprintf(year, sizeof year, "%d", (int)json_integer_value(json_object_get(meeting, "year")));
    return db_run(db, &read,
                  (const char *const[]){json_text_member(meeting, "meeting"), json_text_member(meeting, "plan"),
                                        body ? body->code : json_text_member(meeting, "body"),
                                        json_text_member(meeting, "unit"), year, json_text_member(meeting, "day"),
                                        as_of ? moment : NULL},
                  ret_rows);
}

static json_t *list_of(const PGresult *rows, int column)
{
    const char *text = result_text(rows, 0, column);

    return text ? json_loads(text, 0, NULL) : json_array();
}

static json_t *usual_items(void)
{
    json_t *items = json_array();

    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        json_array_append_new(items, json_pack("{sn si ss ss sn sn sn sn sn}", "item", "place", kind + 1, "kind",
                                               item_kind_word((enum item_kind)kind), "title",
                                               item_titles[kind].text[LANGUAGE_ZH], "proposer", "explanation",
                                               "proposal", "referral", "resolution"));
    return items;
}

static json_t *agenda_json(const PGresult *rows)
{
    json_int_t sequence = (json_int_t)result_int64(rows, 0, AGENDA);

    return json_pack("{sI sI so}", "sequence", sequence, "resolved", (json_int_t)result_int64(rows, 0, RESOLUTIONS),
                     "items", sequence ? list_of(rows, ITEMS) : usual_items());
}

/* ---- who was there ----------------------------------------------------------------------------------------------- */

struct tally {
    int present, sitting_in, excused, absent, men, women;
    int counted, counted_external; /* for the quorum */
    int external, served;          /* present from outside */
};

static bool says(const json_t *row, const char *member, const char *word)
{
    const char *text = json_text_member(row, member);

    return text && strcmp(text, word) == 0;
}

static struct tally tally_rows(const json_t *attendance)
{
    struct tally tally = {0};
    const json_t *row;
    size_t i;

    json_array_foreach(attendance, i, row) {
        bool present = says(row, "part", "present"), external = says(row, "seat", "external"),
             counted = json_is_true(json_object_get(row, "counted"));

        tally.present += present;
        tally.sitting_in += says(row, "part", "sitting_in");
        tally.excused += says(row, "part", "excused");
        tally.absent += says(row, "part", "absent");
        tally.men += present && says(row, "sex", "m");
        tally.women += present && says(row, "sex", "f");
        tally.counted += counted;
        tally.counted_external += counted && external;
        tally.external += present && external;
        tally.served += present && external && json_is_true(json_object_get(row, "served"));
    }
    return tally;
}

/* Who has a duty, or null: the first one who was there. */
static json_t *duty_json(const json_t *attendance, const char *duty)
{
    const json_t *row;
    size_t i;

    json_array_foreach(attendance, i, row)
        if (says(row, "duty", duty))
            return json_pack("{ss? ss? ss?}", "office", json_text_member(row, "office"), "post",
                             json_text_member(row, "post"), "name", json_text_member(row, "name"));
    return json_null();
}

static const char **present_offices(const json_t *attendance, struct arena *arena, size_t *ret_count)
{
    const char **offices = arena_alloc_array(arena, json_array_size(attendance) + 1, sizeof *offices);
    const json_t *row;
    size_t i;

    *ret_count = 0;
    json_array_foreach(attendance, i, row) {
        const char *office = json_text_member(row, "office");

        if (offices && office && says(row, "part", "present"))
            offices[(*ret_count)++] = office;
    }
    return offices;
}

static json_t *quorum_json(const struct meeting_facts *facts)
{
    static const char *const verdicts[] = {"holds", "broken", "unknown"};
    const struct body *body = facts->body;
    bool of_external = body->quorum == QUORUM_HALF_OF_EXTERNAL;

    if (body->quorum == QUORUM_NONE)
        return json_null();
    return json_pack("{ss ss si si ss}", "verdict", verdicts[meeting_rule_judge(facts, MEETING_QUORUM)], "kind",
                     body_quorum_word(body->quorum), "members", of_external ? facts->external : facts->members,
                     "present", of_external ? facts->external_present : facts->present, "source",
                     body->quorum_source ? body->quorum_source : body->source);
}

static json_t *attendance_json(const PGresult *rows, json_t *attendance, const struct tally *tally,
                               const struct meeting_facts *facts)
{
    return json_pack("{sI sO s{si si si si si si si si} so}", "sequence", (json_int_t)result_int64(rows, 0, SHEET),
                     "rows", attendance, "counts", "present", tally->present, "sitting_in", tally->sitting_in,
                     "excused", tally->excused, "absent", tally->absent, "present_m", tally->men, "present_f",
                     tally->women, "external_present", tally->external, "served_present", tally->served, "quorum",
                     facts->body ? quorum_json(facts) : json_null());
}

/* ---- together ---------------------------------------------------------------------------------------------------- */

/* Whether those before it were all that the year owes, which only a body with a day to meet by wants to know. One whose quorum
 * is counted here doesn't say so: which of them missed it isn't known before they are read. */
static enum db_status read_further(struct db *db, const struct meeting_question *question, const struct body *body,
                                   const json_t *meeting, struct arena *arena, bool *ret_further)
{
    const struct meeting_calendar_question asked = {.plan = question->plan,
                                                    .body = body,
                                                    .unit = json_text_member(meeting, "unit"),
                                                    .year = (int)json_integer_value(json_object_get(meeting, "year")),
                                                    .as_of = question->as_of};
    struct date day = {0};
    int counted = 0;
    enum db_status status = DB_OK;

    if (body && body->by_month && (meeting_is_by_record(body) || body->quorum == QUORUM_NONE) &&
        date_parse_iso(json_text_member(meeting, "day"), &day))
        status = gatherings_counted(db, &asked, day, arena, &counted);
    *ret_further = body && body->meetings_least > 0 && counted >= body->meetings_least;
    return status;
}

static struct meeting_facts gather_facts(const struct meeting_question *question, const json_t *meeting,
                                         const PGresult *rows, const json_t *attendance, const struct tally *tally,
                                         struct arena *arena)
{
    const json_t *row;
    size_t i;
    struct meeting_facts facts = {.plan = question->plan,
                                  .body = meeting_body(question->plan, json_text_member(meeting, "body")),
                                  .unit = json_text_member(meeting, "unit"),
                                  .year = (int)json_integer_value(json_object_get(meeting, "year")),
                                  .took_place = json_is_string(json_object_get(meeting, "held_on")),
                                  .regular = says(meeting, "kind", "regular"),
                                  .has_sheet = result_int64(rows, 0, SHEET) > 0,
                                  .members = (int)result_int64(rows, 0, MEMBERS),
                                  .external = (int)result_int64(rows, 0, EXTERNAL),
                                  .present = tally->counted,
                                  .external_present = tally->counted_external,
                                  .advisers = tally->external,
                                  .served = tally->served,
                                  .secretariat = result_text(rows, 0, SECRETARIAT)};

    date_parse_iso(json_text_member(meeting, "day"), &facts.day);
    facts.offices = present_offices(attendance, arena, &facts.office_count);
    json_array_foreach(attendance, i, row) {
        if (!says(row, "duty", "chair"))
            continue;
        facts.has_chair = true;
        facts.chair_office = json_text_member(row, "office");
        facts.chair_post = json_text_member(row, "post");
    }
    return facts;
}

static json_t *secretariat_json(const struct meeting_facts *facts)
{
    const struct office *office = facts->secretariat ? plan_office(facts->plan, facts->secretariat) : NULL;
    const struct name *name = office ? &office->name : facts->body ? &facts->body->secretariat : NULL;

    return json_pack("{ss? so}", "office", facts->secretariat, "name", meeting_name_json(name));
}

static json_t *counted_json(const struct meeting_facts *facts)
{
    return facts->took_place ? json_boolean(meeting_counts(facts)) : json_null();
}

static bool add_details(const struct meeting_question *question, json_t *meeting, const PGresult *rows, bool further,
                        struct arena *arena)
{
    json_t *attendance = list_of(rows, ATTENDANCE), *more;
    struct tally tally = tally_rows(attendance);
    struct meeting_facts facts = gather_facts(question, meeting, rows, attendance, &tally, arena);
    bool good;

    facts.further = further;
    more = json_pack("{so so so so so so so so so}", "secretariat", secretariat_json(&facts), "chair",
                     duty_json(attendance, "chair"), "recorder", duty_json(attendance, "recorder"), "steps",
                     list_of(rows, STEPS), "agenda", agenda_json(rows), "attendance",
                     attendance_json(rows, attendance, &tally, &facts), "rules",
                     facts.body ? meeting_rules_to_json(&facts, arena) : json_array(), "counted",
                     facts.body ? counted_json(&facts) : json_null(), "corrections", list_of(rows, CORRECTIONS));
    good =
        more && add_names(question->plan, meeting) && json_object_update(meeting, more) == 0 && !arena_is_short(arena);
    json_decref(more);
    json_decref(attendance);
    return good;
}

enum db_status meeting_add_details(struct db *db, const struct meeting_question *question, json_t *meeting,
                                   struct arena *arena)
{
    const struct body *body = meeting_body(question->plan, json_text_member(meeting, "body"));
    PGresult *rows = NULL;
    bool further;
    enum db_status status = read_further(db, question, body, meeting, arena, &further);

    if (status == DB_OK)
        status = read_details(db, meeting, body, question->as_of, &rows);
    if (status == DB_OK && !add_details(question, meeting, rows, further, arena))
        status = DB_FAILED;
    PQclear(rows);
    return status;
}

enum db_status meeting_to_json(struct db *db, const struct meeting_question *question, struct arena *arena,
                               json_t **ret_meeting)
{
    const struct meeting_filter filter = {.id = question->id, .plan = question->plan->code, .as_of = question->as_of};
    json_t *list = NULL, *meeting, *first_number;
    enum db_status status = meetings_list(db, &filter, &list);

    *ret_meeting = NULL;
    if (status != DB_OK || json_array_size(list) == 0) {
        json_decref(list);
        return status;
    }
    status = meetings_number(db, question->plan, question->as_of, arena, list);
    meeting = json_incref(json_array_get(list, 0));
    json_decref(list);
    if (status == DB_OK)
        status = meeting_add_details(db, question, meeting, arena);
    if (status == DB_OK)
        status = meeting_first_number(db, question->plan, question->id, json_object_get(meeting, "steps"), arena,
                                      &first_number);
    if (status == DB_OK && json_object_set_new(meeting, "first_number", first_number) != 0)
        status = DB_FAILED;
    if (status == DB_OK)
        *ret_meeting = meeting;
    else
        json_decref(meeting);
    return status;
}
