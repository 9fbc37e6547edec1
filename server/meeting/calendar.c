/* calendar.c: what the plan expects of each body and unit in a year, and what came of it. */
#include "meeting/calendar.h"

#include <string.h>

#include "meeting/gathering.h"
#include "meeting/inside.h"

enum { MOST_SLOTS = 32 };

/* A regular meeting that the plan expects. */
struct slot {
    int month; /* 0: not said */
    struct date due;
    struct gathering *gathering; /* NULL: none yet */
};

/* One unit's body in the year. */
struct unit_year {
    const struct meeting_calendar_question *question;
    const struct body *body;
    const char *unit;
    const struct name *unit_name;
    struct slot slots[MOST_SLOTS];
    size_t slot_count;
    struct gatherings *gatherings;
};

/* ---- what is expected -------------------------------------------------------------------------------------------- */

static struct date end_of_month(int year, int month)
{
    struct date next = month == 12 ? (struct date){year + 1, 1, 1} : (struct date){year, month + 1, 1};

    return date_from_days(date_to_days(next) - 1);
}

static void expect(struct unit_year *unit)
{
    const struct body *body = unit->body;
    int year = unit->question->year + ROC_EPOCH;
    size_t count = (size_t)body->meetings_least;

    if (count == 0)
        return;
    if (body->month_count > count)
        count = body->month_count;
    unit->slot_count = count < MOST_SLOTS ? count : MOST_SLOTS;
    for (size_t i = 0; i < unit->slot_count; i++) {
        struct slot *slot = &unit->slots[i];

        slot->month = i < body->month_count ? body->months[i] : 0;
        slot->due = body->by_month ? (struct date){year, body->by_month, body->by_day}
                                   : end_of_month(year, slot->month ? slot->month : 12);
    }
}

/* ---- what came of it --------------------------------------------------------------------------------------------- */

static bool is_of(const struct unit_year *unit, const struct gathering *one)
{
    if (one->body != unit->body || !one->unit != !unit->unit)
        return false;
    return !unit->unit || strcmp(unit->unit, one->unit) == 0;
}

/* Whether it may fulfil an expected one: `held` asks for those that took place, otherwise for those ahead. */
static bool may_take(const struct unit_year *unit, const struct gathering *one, bool held)
{
    return is_of(unit, one) && !one->taken && !one->cancelled && one->regular && one->took_place == held &&
           !one->missed_quorum;
}

static void take(struct slot *slot, struct gathering *one)
{
    slot->gathering = one;
    one->taken = true;
}

static void take_own_months(struct unit_year *unit, bool held)
{
    for (size_t g = 0; g < unit->gatherings->count; g++) {
        struct gathering *one = &unit->gatherings->all[g];

        for (size_t i = 0; i < unit->slot_count && may_take(unit, one, held); i++)
            if (!unit->slots[i].gathering && unit->slots[i].month == one->day.month &&
                one->day.year == unit->slots[i].due.year)
                take(&unit->slots[i], one);
    }
}

/* The last open one that was due before a day, else the next open one; NULL: none is open. */
static struct slot *nearest_slot(struct unit_year *unit, struct date day)
{
    struct slot *found = NULL;

    for (size_t i = 0; i < unit->slot_count; i++) {
        struct slot *slot = &unit->slots[i];

        if (slot->gathering)
            continue;
        if (date_compare(slot->due, day) < 0 || !found)
            found = slot;
    }
    return found;
}

static void take_others(struct unit_year *unit, bool held)
{
    for (size_t g = 0; g < unit->gatherings->count; g++) {
        struct gathering *one = &unit->gatherings->all[g];
        struct slot *slot = may_take(unit, one, held) ? nearest_slot(unit, one->day) : NULL;

        if (slot)
            take(slot, one);
    }
}

/* A planned meeting of which a record tells is that one. */
static void drop_recorded_plans(struct unit_year *unit)
{
    for (size_t a = 0; a < unit->gatherings->count; a++)
        for (size_t b = 0; b < unit->gatherings->count; b++) {
            struct gathering *plan = &unit->gatherings->all[a];
            const struct gathering *record = &unit->gatherings->all[b];

            if (is_of(unit, plan) && is_of(unit, record) && !plan->took_place && record->record &&
                date_compare(plan->day, record->day) == 0)
                plan->body = NULL;
        }
}

static void fulfil(struct unit_year *unit)
{
    drop_recorded_plans(unit);
    for (int ahead = 0; ahead < 2; ahead++) {
        take_own_months(unit, !ahead);
        take_others(unit, !ahead);
    }
}

/* ---- in JSON ----------------------------------------------------------------------------------------------------- */

/* 專責, 專案小組 and liaison meetings, then 分工小組, then the council (guide, 2). */
static int tier_of(const struct body *body)
{
    return body->kind == BODY_COUNCIL ? 3 : body->kind == BODY_DIVISION ? 2 : 1;
}

static json_t *day_json(const struct date *day)
{
    char text[DATE_TEXT_SIZE];

    if (!day)
        return json_null();
    date_format_iso(*day, text);
    return json_string(text);
}

static json_t *number_json(int number)
{
    return number ? json_integer(number) : json_null();
}

static json_t *unit_json(const struct unit_year *unit)
{
    return json_pack("{si ss so ss? so}", "tier", tier_of(unit->body), "body", unit->body->code, "name",
                     meeting_name_json(&unit->body->name), "unit", unit->unit, "unit_name",
                     meeting_name_json(unit->unit_name));
}

static void add_gathering(json_t *json, const struct gathering *one)
{
    static const struct gathering none;
    const struct gathering *said = one ? one : &none;

    json_object_set_new(json, "day", day_json(one ? &one->day : NULL));
    json_object_set_new(json, "kind", said->kind ? json_string(said->kind) : json_null());
    json_object_set_new(json, "number", number_json(said->number));
    json_object_set_new(json, "counted",
                        said->took_place ? json_boolean(said->regular && !said->missed_quorum) : json_null());
    json_object_set_new(json, "meeting", said->meeting ? json_string(said->meeting) : json_null());
    json_object_set_new(json, "record", said->record ? json_string(said->record) : json_null());
    json_object_set_new(json, "place", said->place ? json_string(said->place) : json_null());
    json_object_set_new(json, "document_number",
                        said->document_number ? json_string(said->document_number) : json_null());
}

static json_t *slot_json(const struct unit_year *unit, size_t i)
{
    const struct slot *slot = &unit->slots[i];
    const struct gathering *one = slot->gathering;
    struct date today = unit->question->today, against = today;
    bool over = date_compare(today, slot->due) > 0;
    json_t *json = unit_json(unit);
    int late;

    if (one && (one->took_place || date_compare(one->day, today) > 0))
        against = one->day;
    late = date_compare(against, slot->due) > 0 ? date_days_between(slot->due, against) : 0;
    json_object_set_new(json, "expected", json_true());
    json_object_set_new(json, "slot", json_integer((json_int_t)i + 1));
    json_object_set_new(json, "month", number_json(slot->month));
    json_object_set_new(json, "due_date", day_json(&slot->due));
    json_object_set_new(json, "soft", json_boolean(unit->body->meetings_soft));
    json_object_set_new(json, "state", json_string(one ? one->state : over ? "missing" : "open"));
    json_object_set_new(json, "late", json_boolean(late > 0));
    json_object_set_new(json, "days_late", json_integer(late));
    json_object_set_new(json, "why", json_null());
    add_gathering(json, one);
    json_object_set_new(json, "source", json_string(unit->body->source));
    return json;
}

static const char *why_not(const struct gathering *one)
{
    if (one->cancelled)
        return "cancelled";
    if (!one->regular)
        return "ad_hoc";
    return one->missed_quorum ? "no_quorum" : "further";
}

static json_t *other_json(const struct unit_year *unit, const struct gathering *one)
{
    json_t *json = unit_json(unit);

    json_object_set_new(json, "expected", json_false());
    json_object_set_new(json, "slot", json_null());
    json_object_set_new(json, "month", json_null());
    json_object_set_new(json, "due_date", json_null());
    json_object_set_new(json, "soft", json_null());
    json_object_set_new(json, "state", json_string(one->state));
    json_object_set_new(json, "late", json_false());
    json_object_set_new(json, "days_late", json_integer(0));
    json_object_set_new(json, "why", json_string(why_not(one)));
    add_gathering(json, one);
    json_object_set_new(json, "source", json_string(unit->body->source));
    return json;
}

static void list_unit(struct unit_year *unit, json_t *list)
{
    expect(unit);
    fulfil(unit);
    for (size_t i = 0; i < unit->slot_count; i++)
        json_array_append_new(list, slot_json(unit, i));
    for (size_t i = 0; i < unit->gatherings->count; i++)
        if (is_of(unit, &unit->gatherings->all[i]) && !unit->gatherings->all[i].taken)
            json_array_append_new(list, other_json(unit, &unit->gatherings->all[i]));
}

/* ---- every body -------------------------------------------------------------------------------------------------- */

static bool covers(const struct meeting_calendar_question *question, const struct body *body, const char *unit)
{
    if (question->body && question->body != body)
        return false;
    if (question->unit && (!unit || strcmp(unit, question->unit) != 0))
        return false;
    return !question->office || body_unit_has(question->plan, body, unit, question->office, question->year);
}

enum db_status meeting_calendar(struct db *db, const struct meeting_calendar_question *question, struct arena *arena,
                                json_t **ret_list)
{
    const struct plan *plan = question->plan;
    struct gatherings gatherings;
    json_t *list;
    enum db_status status = gatherings_read(db, question, arena, &gatherings);

    if (status != DB_OK)
        return status;
    list = json_array();
    for (size_t b = 0; list && b < plan->bodies->body_count; b++)
        for (size_t i = 0; i < body_unit_count(plan, &plan->bodies->bodies[b]); i++) {
            struct unit_year unit = {.question = question, .body = &plan->bodies->bodies[b], .gatherings = &gatherings};

            if (body_unit_at(plan, unit.body, i, question->year, &unit.unit, &unit.unit_name) &&
                covers(question, unit.body, unit.unit))
                list_unit(&unit, list);
        }
    *ret_list = list;
    return list && !arena_is_short(arena) ? DB_OK : DB_FAILED;
}

int meetings_due_before(const struct body *body, int year, struct date day)
{
    const struct meeting_calendar_question question = {.year = year};
    struct unit_year unit = {.question = &question, .body = body};
    int count = 0;

    expect(&unit);
    for (size_t i = 0; i < unit.slot_count; i++)
        count += date_compare(unit.slots[i].due, day) < 0;
    return count;
}
