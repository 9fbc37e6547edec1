/* describe.c: turns of a secretariat as JSON: whose turn a year is, why somebody is suggested, what is unfair or late. */
#include "secretariat/turns.h"

enum { PASSED_OVER_MOST = 64, HELD_MOST = 64 };

static json_t *name_json(const struct name *name)
{
    return json_pack("{ss ss}", "zh", name->text[LANGUAGE_ZH], "en", name->text[LANGUAGE_EN]);
}

/* null for an office that the plan doesn't have, as an earlier plan's may be. */
static json_t *office_name_json(const struct plan *plan, const char *code)
{
    const struct office *office = plan_office(plan, code);

    return office ? name_json(&office->name) : json_null();
}

json_t *turn_to_json(const struct rotation *rotation, const struct turn *turn)
{
    return json_pack("{ss ss si ss so so ss? ss sb}", "turn", turn->id, "plan", turn->plan, "year", turn->year,
                     "office", turn->office, "name", office_name_json(rotation->plan, turn->office), "swapped_with",
                     turn->swapped_with ? json_integer(turn->swapped_with) : json_null(), "reason", turn->reason,
                     "recorded_at", turn->recorded_at, "current", turn->current);
}

/* ---- a suggestion and why ------------------------------------------------------------------------------------------ */

static const char *reason_text(const struct suggestion *suggestion, enum language language, struct arena *arena)
{
    const bool zh = language == LANGUAGE_ZH;
    const char *name = suggestion->office->name.text[language], *text;

    if (suggestion->last_year == 0)
        text = arena_format(arena, zh ? "%s尚未輪值" : "%s has never had a turn", name);
    else
        text = arena_format(arena, zh ? "%s上次輪值為%d年度，距今最久" : "%s had its last turn in ROC %d, longest ago",
                            name, suggestion->last_year);
    if (text && suggestion->tie)
        text = arena_format(arena, zh ? "%s；情形相同者依計畫所列次序" : "%s; the plan's order decides between equals",
                            text);
    for (size_t i = 0; text && i < suggestion->assumed_count; i++)
        text = arena_format(arena,
                            zh ? "%s；%d年度尚無登錄，假定依建議由%s輪值"
                               : "%s; no turn is recorded for ROC %d, taken to be that of %s",
                            text, suggestion->assumed_years[i], suggestion->assumed_offices[i]->name.text[language]);
    return text;
}

/* null: the group has no office in that year. */
static json_t *suggestion_json(const struct rotation *rotation, int year, struct arena *arena)
{
    struct suggestion suggestion;
    const char *zh, *en;

    if (!rotation_suggest(rotation, year, arena, &suggestion))
        return NULL;
    if (!suggestion.office)
        return json_null();
    zh = reason_text(&suggestion, LANGUAGE_ZH, arena);
    en = reason_text(&suggestion, LANGUAGE_EN, arena);
    return zh && en ? json_pack("{ss so so s{ss ss}}", "office", suggestion.office->code, "name",
                                name_json(&suggestion.office->name), "last_year",
                                suggestion.last_year ? json_integer(suggestion.last_year) : json_null(), "reason", "zh",
                                zh, "en", en)
                    : NULL;
}

static json_t *year_json(const struct rotation *rotation, int year, struct arena *arena)
{
    const struct turn *turn = rotation_turn(rotation, year);

    return json_pack("{si so so}", "year", year, "turn", turn ? turn_to_json(rotation, turn) : json_null(),
                     "suggestion", turn ? json_null() : suggestion_json(rotation, year, arena));
}

/* ---- what is unfair or late ------------------------------------------------------------------------------------------------ */

static json_t *offices_json(const struct office *const *offices, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(list,
                              json_pack("{ss so}", "office", offices[i]->code, "name", name_json(&offices[i]->name)));
    return list;
}

/* NULL: nobody was passed over. */
static json_t *passed_over_json(const struct rotation *rotation, const struct turn *turn)
{
    const struct office *waiting[PASSED_OVER_MOST];
    size_t count = rotation_passed_over(rotation, turn, waiting, PASSED_OVER_MOST);

    return count == 0
               ? NULL
               : json_pack("{ss si ss so so s{ss ss}}", "finding", "second_turn_before_first", "year", turn->year,
                           "office", turn->office, "name", office_name_json(rotation->plan, turn->office), "waiting",
                           offices_json(waiting, count), "message", "zh", "尚有機關未曾輪值，此機關已再次輪值", "en",
                           "This office has another turn although others have had none");
}

/* NULL: it was changed in time, or not at all. */
static json_t *changed_late_json(const struct rotation *rotation, const struct turn *turn)
{
    const struct held_meeting *held[HELD_MOST];
    size_t count = rotation_held_before(rotation, turn, held, HELD_MOST);
    json_t *meetings = count > 0 ? json_array() : NULL;

    for (size_t i = 0; meetings && i < count; i++)
        json_array_append_new(meetings, json_pack("{ss ss}", "meeting", held[i]->id, "day", held[i]->day));
    return !meetings ? NULL
                     : json_pack("{ss si ss so so s{ss ss}}", "finding", "changed_after_meeting", "year", turn->year,
                                 "office", turn->office, "name", office_name_json(rotation->plan, turn->office),
                                 "meetings", meetings, "message", "zh", "該年度會議已召開，輪值其後才變更", "en",
                                 "The turn was changed when meetings of its year had already been held");
}

json_t *rotation_findings(const struct rotation *rotation)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < rotation->count; i++) {
        json_t *found[] = {passed_over_json(rotation, &rotation->turns[i]),
                           changed_late_json(rotation, &rotation->turns[i])};

        for (size_t k = 0; k < sizeof found / sizeof *found; k++)
            if (found[k])
                json_array_append_new(list, found[k]);
    }
    return list;
}

/* ---- a group ------------------------------------------------------------------------------------------------------- */

static json_t *history_json(const struct rotation *rotation)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < rotation->count; i++)
        json_array_append_new(list, turn_to_json(rotation, &rotation->turns[i]));
    return list;
}

static json_t *unit_json(const struct rotation *rotation, int year, struct arena *arena)
{
    json_t *years = json_array();

    for (int one = year; years && one <= year + 1 && one <= rotation->plan->to; one++)
        json_array_append_new(years, year_json(rotation, one, arena));
    return json_pack("{ss so so so so}", "unit", rotation->group->code, "name", name_json(&rotation->group->name),
                     "years", years, "history", history_json(rotation), "findings", rotation_findings(rotation));
}

enum db_status secretariat_units(struct db *db, const struct secretariat_question *question, struct arena *arena,
                                 json_t **ret_units)
{
    const struct plan *plan = question->version->plan;
    enum db_status status = DB_OK;
    json_t *units = json_array();
    bool good = units != NULL;

    for (size_t i = 0; good && status == DB_OK && i < plan->group_count; i++) {
        struct rotation rotation;

        if (!secretariat_covers(question, &plan->groups[i]))
            continue;
        status = secretariat_rotation(db, question, &plan->groups[i], arena, &rotation);
        if (status == DB_OK)
            good = json_array_append_new(units, unit_json(&rotation, question->year, arena)) == 0;
    }
    if (status != DB_OK || !good) {
        json_decref(units);
        return status != DB_OK ? status : DB_FAILED;
    }
    *ret_units = units;
    return DB_OK;
}
