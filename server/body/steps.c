/* steps.c: membership over time. */
#include "body/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "body/members.h"

enum { ROSTER_COUNTS = 6, POSITIONS_TEXT_SIZE = 128 };

/* A revision of a roster. */
struct roster {
    int year, number;
    const char *revision;
    struct date effective;
    struct body_counts counts;
};

static int whole_number(const char *text)
{
    return text ? (int)strtol(text, NULL, 10) : 0;
}

/* The elements of a roster by the positions the store keeps them at, as an array literal. */
static void format_positions(const struct body_roster *roster, char ret_text[static POSITIONS_TEXT_SIZE])
{
    snprintf(ret_text, POSITIONS_TEXT_SIZE, "{%d,%d,%d,%d,%d,%d}", roster->members->position, roster->men->position,
             roster->women->position, roster->external->position, roster->conveners->position,
             roster->deputies->position);
}

static struct roster read_roster(const PGresult *rows, int row, struct arena *arena)
{
    struct roster roster = {.number = (int)result_int64(rows, row, 1),
                            .revision = arena_text(arena, PQgetvalue(rows, row, 2)),
                            .counts = {.members = whole_number(result_text(rows, row, 4)),
                                       .men = whole_number(result_text(rows, row, 5)),
                                       .women = whole_number(result_text(rows, row, 6)),
                                       .external = whole_number(result_text(rows, row, 7)),
                                       .conveners = whole_number(result_text(rows, row, 8)),
                                       .deputies = whole_number(result_text(rows, row, 9))}};
    const char *effective = result_text(rows, row, 3);
    struct period period = {0};
    struct date last;

    if (period_parse(PQgetvalue(rows, row, 0), &period))
        period_bounds(period, &roster.effective, &last);
    if (effective)
        date_parse_iso(effective, &roster.effective);
    roster.year = period.year;
    return roster;
}

static enum db_status read_rosters(struct db *db, const struct plan *plan, const struct body_roster *roster,
                                   const char *office, const timestamp *as_of, struct arena *arena,
                                   struct roster **ret_rosters, size_t *ret_count)
{
    static const struct db_statement list = {
        "roster_revisions",
        "select period, number, revision, effective_from, counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]"
        " from tributary.roster_revisions($1, $2, $3, $4, $5::integer[], $6::timestamptz)"
        " order by length(period), period, number",
        6};
    char positions[POSITIONS_TEXT_SIZE], moment[TIMESTAMP_TEXT_SIZE];
    PGresult *rows = NULL;
    enum db_status status;

    format_positions(roster, positions);
    if (as_of)
        timestamp_format(*as_of, moment);
    status = db_run(db, &list,
                    (const char *const[]){plan->code, roster->form->code, office,
                                          roster->form->effective_from ? roster->form->effective_from->code : NULL,
                                          positions, as_of ? moment : NULL},
                    &rows);
    if (status != DB_OK)
        return status;
    *ret_count = (size_t)PQntuples(rows);
    *ret_rosters = arena_alloc_array(arena, *ret_count + 1, sizeof **ret_rosters);
    for (size_t i = 0; *ret_rosters && i < *ret_count; i++)
        (*ret_rosters)[i] = read_roster(rows, (int)i, arena);
    PQclear(rows);
    return arena_is_short(arena) ? DB_FAILED : DB_OK;
}

static int compare_dates(const void *a, const void *b)
{
    return date_compare(*(const struct date *)a, *(const struct date *)b);
}

/* Puts days in order, each once. Returns how many are left. */
static size_t sort_days(struct date *days, size_t count)
{
    size_t used = 0;

    qsort(days, count, sizeof *days, compare_dates);
    for (size_t i = 0; i < count; i++)
        if (used == 0 || date_compare(days[used - 1], days[i]) != 0)
            days[used++] = days[i];
    return used;
}

static const struct roster *roster_on(const struct roster *rosters, size_t count, struct date day)
{
    const struct roster *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (rosters[i].year + ROC_EPOCH <= day.year && date_compare(rosters[i].effective, day) <= 0)
            best = &rosters[i];
    return best;
}

static enum db_status steps_of_rosters(struct db *db, const struct plan *plan, const struct body *body,
                                       const char *office, const timestamp *as_of, struct arena *arena,
                                       struct body_steps *steps)
{
    struct roster *rosters = NULL;
    size_t count = 0, day_count = 0;
    enum db_status status = read_rosters(db, plan, body->roster, office, as_of, arena, &rosters, &count);
    struct date *days = arena_alloc_array(arena, 2 * count + 1, sizeof *days);

    steps->steps = arena_alloc_array(arena, 2 * count + 1, sizeof *steps->steps);
    if (status != DB_OK || !days || !steps->steps)
        return status == DB_OK ? DB_FAILED : status;
    for (size_t i = 0; i < count; i++) {
        days[day_count++] = rosters[i].effective;
        days[day_count++] = (struct date){rosters[i].year + ROC_EPOCH, 1, 1};
    }
    day_count = sort_days(days, day_count);
    for (size_t i = 0; i < day_count; i++) {
        const struct roster *roster = roster_on(rosters, count, days[i]);
        const char *before = steps->count ? steps->steps[steps->count - 1].revision : NULL;

        if (roster && roster->revision != before)
            steps->steps[steps->count++] =
                (struct body_step){days[i], roster->counts, roster->revision, roster->number};
    }
    return DB_OK;
}

static void count_member(struct body_counts *counts, const struct body_member *member)
{
    counts->members++;
    counts->men += strcmp(member->sex, "m") == 0;
    counts->women += strcmp(member->sex, "f") == 0;
    counts->external += strcmp(member->seat, "external") == 0;
    counts->council += member->served;
    counts->conveners += strcmp(member->role, "convener") == 0;
    counts->deputies += strcmp(member->role, "deputy") == 0;
    counts->executive_secretaries += strcmp(member->role, "executive_secretary") == 0;
}

static enum db_status steps_of_members(struct db *db, const struct plan *plan, const struct body *body,
                                       const char *unit, const timestamp *as_of, struct arena *arena,
                                       struct body_steps *steps)
{
    const struct body_member_filter filter = {NULL, plan->code, body->code, unit, as_of};
    struct body_member *members = NULL;
    size_t count = 0, day_count = 0;
    enum db_status status = body_members_list(db, &filter, arena, &members, &count);
    struct date *days = arena_alloc_array(arena, 2 * count + 1, sizeof *days);

    steps->steps = arena_alloc_array(arena, 2 * count + 1, sizeof *steps->steps);
    if (status != DB_OK || !days || !steps->steps)
        return status == DB_OK ? DB_FAILED : status;
    for (size_t i = 0; i < count; i++) {
        days[day_count++] = members[i].from;
        if (members[i].ended)
            days[day_count++] = date_from_days(date_to_days(members[i].to) + 1);
    }
    day_count = sort_days(days, day_count);
    for (size_t d = 0; d < day_count; d++) {
        struct body_step step = {.from = days[d], .counts = {.council_is_known = true}};

        for (size_t i = 0; i < count; i++)
            if (body_member_sits(&members[i], days[d]))
                count_member(&step.counts, &members[i]);
        steps->steps[steps->count++] = step;
    }
    return DB_OK;
}

enum db_status body_steps_read(struct db *db, const struct plan *plan, const struct body *body, const char *unit,
                               const timestamp *as_of, struct arena *arena, struct body_steps *ret_steps)
{
    *ret_steps = (struct body_steps){0};
    return body->roster ? steps_of_rosters(db, plan, body, unit, as_of, arena, ret_steps)
                        : steps_of_members(db, plan, body, unit, as_of, arena, ret_steps);
}

const struct body_step *body_step_on(const struct body_steps *steps, struct date day)
{
    const struct body_step *found = NULL;

    for (size_t i = 0; i < steps->count && date_compare(steps->steps[i].from, day) <= 0; i++)
        found = &steps->steps[i];
    return found;
}

struct rule_history rule_history_on(const struct body *body, enum body_rule rule, const struct body_steps *steps,
                                    struct date day)
{
    struct rule_history history = {.verdict = VERDICT_UNKNOWN};

    for (size_t i = 0; i < steps->count && date_compare(steps->steps[i].from, day) <= 0; i++) {
        const struct body_step *step = &steps->steps[i];
        enum verdict verdict = body_rule_judge(body, rule, &step->counts);
        bool is_last = i + 1 == steps->count || date_compare(steps->steps[i + 1].from, day) > 0;

        if (i == 0 || verdict != history.verdict)
            history.since = step->from;
        history.has_since = true;
        history.verdict = verdict;
        if (verdict != VERDICT_HOLDS)
            continue;
        history.ever_held = true;
        history.last_held = is_last ? day : date_from_days(date_to_days(steps->steps[i + 1].from) - 1);
    }
    return history;
}
