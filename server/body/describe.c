/* describe.c: what a body is, by the plan, and who sits on it. */
#include <string.h>

#include "body/inside.h"
#include "body/members.h"
#include "body/steps.h"
#include "body/watch.h"
#include "revisions/revisions.h"

/* ---- what the plan says ------------------------------------------------------------------------------------------ */

static json_t *limit_json(int limit)
{
    return limit == BODY_NO_LIMIT ? json_null() : json_integer(limit);
}

static json_t *share_json(struct body_share share)
{
    return share.in ? json_sprintf("%d/%d", share.of, share.in) : json_null();
}

static json_t *meetings_json(const struct body *body)
{
    json_t *months = json_array();

    for (size_t i = 0; i < body->month_count; i++)
        json_array_append_new(months, json_integer(body->months[i]));
    return json_pack("{si so so sb}", "least", body->meetings_least, "months", months, "by",
                     body->by_month ? json_sprintf("%02d-%02d", body->by_month, body->by_day) : json_null(), "soft",
                     body->meetings_soft);
}

static json_t *units_json(const struct watch_question *question, const struct body *body)
{
    const struct plan *plan = question->version->plan;
    json_t *units = json_array();

    for (size_t i = 0; units && i < body_unit_count(plan, body); i++) {
        const struct name *name;
        const char *code;

        if (body_unit_at(plan, body, i, watch_year(plan, question->day), &code, &name) &&
            watch_covers(question, body, code))
            json_array_append_new(units, json_pack("{ss? so}", "unit", code, "name", name_json(name)));
    }
    return units;
}

static bool add_people(json_t *json, const struct body *body)
{
    const struct {
        const char *member;
        const struct name *name;
    } people[] = {{"secretariat", &body->secretariat}, {"convener", &body->convener},
                  {"deputy", &body->deputy},           {"executive_secretary", &body->executive_secretary},
                  {"attending", &body->attending},     {"sitting_in", &body->sitting_in}};
    bool good = json != NULL;

    for (size_t i = 0; good && i < sizeof people / sizeof *people; i++)
        good = json_object_set_new(json, people[i].member, name_json(people[i].name)) == 0;
    return good;
}

json_t *body_to_json(const struct watch_question *question, const struct body *body)
{
    json_t *json = json_pack(
        "{ss so ss ss? ss? ss? sb s{si so si so si} s{so so} ss? so ss? ss? ss so}", "body", body->code, "name",
        name_json(&body->name), "kind", body_kind_word(body->kind), "per", body_per_word(body->per), "stage",
        body->stage ? body->stage->code : NULL, "roster", body->roster ? body->roster->form->code : NULL, "rotating",
        body->rotating, "seats", "least", body->least, "most", limit_json(body->most), "external_least",
        body->external_least, "external_most", limit_json(body->external_most), "council_least", body->council_least,
        "sex", "hard", share_json(body->hard), "goal", share_json(body->goal), "quorum", body_quorum_word(body->quorum),
        "meetings", body->meetings_least ? meetings_json(body) : json_null(), "refers_to",
        body->refers_to ? body->refers_to->code : NULL, "notes_to", body->notes_to ? body->notes_to->code : NULL,
        "source", body->source, "units", units_json(question, body));

    if (!add_people(json, body)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* ---- who sits on it ---------------------------------------------------------------------------------------------- */

static json_t *counts_json(const struct body_step *step)
{
    static const struct body_step empty;
    const struct body_counts *counts = step ? &step->counts : &empty.counts;

    return json_pack("{si si si si so si si si}", "members", counts->members, "m", counts->men, "f", counts->women,
                     "external", counts->external, "served_on_council",
                     counts->council_is_known ? json_integer(counts->council) : json_null(), "conveners",
                     counts->conveners, "deputies", counts->deputies, "executive_secretaries",
                     counts->executive_secretaries);
}

static const char *cell_text(const json_t *row, const struct item *column)
{
    return json_string_value(json_object_get(row, column->code));
}

/* The rows of a roster's revision, names put back. */
static enum db_status roster_members(struct db *db, const struct body_roster *roster, const char *revision_id,
                                     struct arena *arena, json_t *members)
{
    struct revision revision;
    json_t *document = NULL;
    const json_t *row;
    bool found = false;
    size_t i;
    enum db_status status = revision_find(db, revision_id, arena, &found, &revision);

    if (status == DB_OK && found)
        status = revision_document(db, &revision, &document);
    json_array_foreach(json_object_get(json_object_get(document, "tables"), roster->table->code), i, row)
        json_array_append_new(members, json_pack("{sn ss? ss? ss? ss?}", "member", "name", cell_text(row, roster->name),
                                                 "sex", cell_text(row, roster->sex), "role",
                                                 cell_text(row, roster->role), "post", cell_text(row, roster->post)));
    json_decref(document);
    return status;
}

static enum db_status recorded_members(struct db *db, const struct watch_question *question, struct arena *arena,
                                       json_t *members)
{
    const struct body_member_filter filter = {NULL, question->version->plan->code, question->body->code, question->unit,
                                              question->as_of};
    struct body_member *all = NULL;
    size_t count = 0;
    enum db_status status = body_members_list(db, &filter, arena, &all, &count);

    for (size_t i = 0; status == DB_OK && i < count; i++)
        if (body_member_sits(&all[i], question->day))
            json_array_append_new(members, body_member_to_json(&all[i]));
    return status;
}

enum db_status body_seats(struct db *db, const struct watch_question *question, struct arena *arena, json_t **ret_seats)
{
    const struct body *body = question->body;
    struct body_steps steps;
    json_t *members = json_array();
    const struct body_step *step = NULL;
    char day[DATE_TEXT_SIZE];
    enum db_status status =
        members ? body_steps_read(db, question->version->plan, body, question->unit, question->as_of, arena, &steps)
                : DB_FAILED;

    if (status == DB_OK) {
        step = body_step_on(&steps, question->day);
        if (!body->roster)
            status = recorded_members(db, question, arena, members);
        else if (step)
            status = roster_members(db, body->roster, step->revision, arena, members);
    }
    if (status != DB_OK) {
        json_decref(members);
        return status;
    }
    date_format_iso(question->day, day);
    *ret_seats = json_pack("{ss? ss ss? so so}", "unit", question->unit, "date", day, "revision",
                           step ? step->revision : NULL, "counts", counts_json(step), "members", members);
    return *ret_seats ? DB_OK : DB_FAILED;
}
