/* proposal.c: from resolutions to decisions that might be recorded. */
#include "decision/proposal.h"

#include <string.h>

#include "base/json.h"
#include "decision/decision.h"
#include "decision/owners.h"

enum db_status meeting_decisions(struct db *db, const struct proposal_question *question, json_t **ret_decided)
{
    const char *meeting = json_text_member(question->meeting, "meeting");
    const struct decisions_question asked = {.plan = question->plan,
                                             .body = question->body->code,
                                             .unit = json_text_member(question->meeting, "unit"),
                                             .year =
                                                 (int)json_integer_value(json_object_get(question->meeting, "year")),
                                             .now = question->now};
    json_t *all = NULL, *decided;
    const json_t *one;
    size_t i;
    enum db_status status = decisions_list(db, &asked, &all);

    if (status != DB_OK)
        return status;
    decided = json_array();
    json_array_foreach(all, i, one) {
        const char *id = json_text_member(json_object_get(one, "meeting"), "id");

        if (id && strcmp(id, meeting) == 0)
            json_array_append(decided, json_array_get(all, i));
    }
    json_decref(all);
    *ret_decided = decided;
    return decided ? DB_OK : DB_FAILED;
}

static bool is_withdrawn(const json_t *decision)
{
    return json_is_object(json_object_get(decision, "withdrawn"));
}

/* The newest decision of an item that was withdrawn, or that wasn't; NULL: there is none. */
static const json_t *decision_of_item(const json_t *decided, const char *item, bool withdrawn)
{
    const json_t *one, *found = NULL;
    size_t i;

    json_array_foreach(decided, i, one) {
        const char *of = json_text_member(one, "item");

        if (of && strcmp(of, item) == 0 && is_withdrawn(one) == withdrawn)
            found = one;
    }
    return found;
}

bool item_is_decided(const json_t *decided, const char *item)
{
    return decision_of_item(decided, item, false) != NULL;
}

/* ---- what was recognised ------------------------------------------------------------------------------------------ */

/* A piece of the text as {"at","length"} in characters, added to an object. */
static json_t *with_place(json_t *object, const char *text, struct span span)
{
    json_int_t at = 0, length = 0;

    for (size_t i = 0; i < span.at + span.length; i++) {
        bool begins = ((unsigned char)text[i] & 0xC0) != 0x80;

        at += begins && i < span.at;
        length += begins && i >= span.at;
    }
    json_object_set_new(object, "at", json_integer(at));
    json_object_set_new(object, "length", json_integer(length));
    return object;
}

static json_t *piece(const char *text, struct span span)
{
    return json_stringn(text + span.at, span.length);
}

static json_t *mentions_json(const struct recognised *found, const char *text)
{
    static const char *const parts[] = {
        [MENTION_OWNER] = "owner", [MENTION_OTHER] = "other", [MENTION_EXCEPTED] = "excepted"};
    json_t *list = json_array();

    for (size_t i = 0; i < found->mention_count; i++) {
        const struct mention *mention = &found->mentions[i];
        json_t *one = json_pack("{ss? ss? ss? so ss}", "office", mention->office ? mention->office->code : NULL,
                                "agency", mention->agency, "group", mention->group ? mention->group->code : NULL,
                                "name", piece(text, mention->where), "part", parts[mention->role]);

        json_object_set_new(one, "everyone", json_boolean(mention->everyone));
        json_array_append_new(list, with_place(one, text, mention->where));
    }
    return list;
}

static json_t *days_json(const struct recognised *found, const char *text)
{
    json_t *list = json_array();
    char iso[DATE_TEXT_SIZE];

    for (size_t i = 0; i < found->day_count; i++) {
        date_format_iso(found->days[i].day, iso);
        json_array_append_new(list,
                              with_place(json_pack("{ss so}", "day", iso, "name", piece(text, found->days[i].where)),
                                         text, found->days[i].where));
    }
    return list;
}

static json_t *requests_json(const struct recognised *found, const char *text)
{
    json_t *list = json_array();

    for (size_t i = 0; i < found->request_count; i++) {
        const struct recognised_request *request = &found->requests[i];

        json_array_append_new(list,
                              with_place(json_pack("{so so}", "verb", piece(text, request->verb), "text",
                                                   request->what.length ? piece(text, request->what) : json_null()),
                                         text, request->verb));
    }
    return list;
}

/* ---- what is proposed --------------------------------------------------------------------------------------------- */

static json_t *owners_json(const struct proposal_question *question, int year, const struct recognised *found)
{
    struct named_owner owners[NAMED_OWNERS_MOST];
    size_t count =
        owners_named(question->plan, question->body, json_text_member(question->meeting, "unit"), year, found, owners);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, owners[i].office ? json_pack("{ss}", "office", owners[i].office->code)
                                                     : json_pack("{ss}", "agency", owners[i].agency));
    return list;
}

/* The only thing that is asked for by name; null: nothing is, or several things are. */
static json_t *asks_json(const struct recognised *found, const char *text)
{
    const struct recognised_request *only = NULL;

    for (size_t i = 0; i < found->request_count; i++) {
        if (found->requests[i].what.length == 0)
            continue;
        if (only)
            return json_null();
        only = &found->requests[i];
    }
    return only ? json_pack("{so}", "text", piece(text, only->what)) : json_null();
}

static json_t *due_json(const struct recognised *found, struct date meeting)
{
    char iso[DATE_TEXT_SIZE];
    struct date day;

    if (!recognised_due(found, meeting, &day))
        return json_null();
    date_format_iso(day, iso);
    return json_string(iso);
}

static bool is_report(const char *kind)
{
    return kind && strcmp(kind, "discussion") != 0 && strcmp(kind, "motion") != 0;
}

/* The decision of an item that was withdrawn, as {"number","reason"}; null: none was. */
static json_t *withdrawn_json(const json_t *withdrawn)
{
    if (!withdrawn)
        return json_null();
    return json_pack("{sO sO}", "number", json_object_get(withdrawn, "number"), "reason",
                     json_object_get(json_object_get(withdrawn, "withdrawn"), "reason"));
}

/* NULL without memory. */
static json_t *propose(const struct proposal_question *question, const json_t *item, const json_t *withdrawn,
                       struct arena *arena)
{
    const char *text = json_text_member(json_object_get(item, "resolution"), "text");
    int year = (int)json_integer_value(json_object_get(question->meeting, "year"));
    struct recognised *found = arena_alloc(arena, sizeof *found);
    struct date meeting;
    json_t *owners, *one;

    if (!found || !date_parse_iso(json_text_member(question->meeting, "day"), &meeting) ||
        !recognise(question->plan, year, meeting, text, arena, found))
        return NULL;
    owners = owners_json(question, year, found);
    one = json_pack("{sO sO ss sO ss so so so so sb}", "item", json_object_get(item, "item"), "place",
                    json_object_get(item, "place"), "kind",
                    is_report(json_text_member(item, "kind")) ? "direction" : "resolution", "title",
                    json_object_get(item, "title"), "text", text, "owners", owners, "due_on", due_json(found, meeting),
                    "asks", asks_json(found, text), "withdrawn", withdrawn_json(withdrawn), "ready",
                    json_array_size(owners) > 0 && !withdrawn);
    if (one)
        json_object_set_new(one, "recognised",
                            json_pack("{so so so sb}", "owners", mentions_json(found, text), "days",
                                      days_json(found, text), "requests", requests_json(found, text), "complete",
                                      !found->more));
    return one;
}

static json_t *corrected_json(const json_t *decided)
{
    static const char *const members[] = {"decision", "number", "item", "correction"};
    json_t *list = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(decided, i, one) {
        json_t *told;

        if (!json_is_object(json_object_get(one, "correction")) || is_withdrawn(one))
            continue;
        told = json_object();
        for (size_t m = 0; m < sizeof members / sizeof *members; m++)
            json_object_set(told, members[m], json_object_get(one, members[m]));
        json_array_append_new(list, told);
    }
    return list;
}

enum db_status decisions_proposed(struct db *db, const struct proposal_question *question, struct arena *arena,
                                  json_t **ret_list, json_t **ret_corrected)
{
    const json_t *items = json_object_get(json_object_get(question->meeting, "agenda"), "items"), *item;
    json_t *decided = NULL, *list;
    size_t i;
    enum db_status status = meeting_decisions(db, question, &decided);

    if (status != DB_OK)
        return status;
    list = json_array();
    json_array_foreach(items, i, item) {
        const char *id = json_text_member(item, "item");

        if (!id || !json_text_member(json_object_get(item, "resolution"), "text") || item_is_decided(decided, id))
            continue;
        if (json_array_append_new(list, propose(question, item, decision_of_item(decided, id, true), arena)) != 0) {
            status = DB_FAILED;
            break;
        }
    }
    if (status == DB_OK) {
        *ret_list = list;
        *ret_corrected = corrected_json(decided);
    } else {
        json_decref(list);
    }
    json_decref(decided);
    return status;
}
