/* propose.c: who might sit in on the meetings that nobody sits in on. */
#include <string.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "secretariat/fair.h"
#include "secretariat/table.h"

enum { LONGEST_ARRAY = 4 * 1024 * 1024 };

/* The meetings to fill, and what is chosen for each of them so far; FAIR_NOBODY: nobody. */
struct filling {
    const struct sat_table *table;
    size_t *open; /* places of the meetings */
    size_t count;
    int *choice, *load;
    bool *tight;
};

/* What speaks against giving a meeting to a member besides those they have or chair, and those chosen for them. */
static enum meeting_conflict conflict_with(const struct filling *filling, size_t member, size_t meeting)
{
    const struct sat_table *table = filling->table;
    enum meeting_conflict worst = CONFLICT_NONE;

    for (size_t other = 0; other < table->meeting_count; other++) {
        bool is_chosen = false;

        for (size_t i = 0; i < filling->count; i++)
            is_chosen = is_chosen || (filling->open[i] == other && filling->choice[i] == (int)member);
        if (other != meeting && (is_chosen || sat_is_busy(table, member, other))) {
            enum meeting_conflict conflict =
                occasion_conflict(&table->meetings[meeting].occasion, &table->meetings[other].occasion);

            worst = conflict > worst ? conflict : worst;
        }
    }
    return worst;
}

static bool is_free_that_day(const struct filling *filling, size_t member, size_t meeting)
{
    const struct sat_table *table = filling->table;

    for (size_t other = 0; other < table->meeting_count; other++)
        if (date_compare(table->meetings[other].occasion.day, table->meetings[meeting].occasion.day) == 0 &&
            sat_is_busy(table, member, other))
            return false;
    return true;
}

/* Who doesn't serve that day, or is in the chair, isn't asked. At first only who has nothing else that day is; whoever must
 * still be found may have something else then, but not at the same time. */
static bool may_have(const struct filling *filling, size_t member, size_t meeting, bool at_first)
{
    if (!sat_serves(filling->table, member, meeting) ||
        filling->table->chairs[meeting * filling->table->member_count + member])
        return false;
    return at_first ? is_free_that_day(filling, member, meeting)
                    : conflict_with(filling, member, meeting) != CONFLICT_CLASH;
}

/* Numbers the days of the meetings that are left, which follow each other by day. */
static size_t number_days(const struct filling *filling, const size_t *left, size_t count, size_t *ret_days)
{
    size_t days = 0;

    for (size_t i = 0; i < count; i++) {
        const struct sat_meeting *meetings = filling->table->meetings;

        if (i > 0 && date_compare(meetings[filling->open[left[i - 1]]].occasion.day,
                                  meetings[filling->open[left[i]]].occasion.day) != 0)
            days++;
        ret_days[i] = days;
    }
    return count ? days + 1 : 0;
}

/* Fills what is left as well as it can be. *ret_filled: how many more have somebody. False without memory. */
static bool fill_more(struct filling *filling, bool at_first, struct arena *arena, size_t *ret_filled)
{
    size_t members = filling->table->member_count, count = 0;
    size_t *left = arena_alloc_array(arena, filling->count + 1, sizeof *left),
           *days = arena_alloc_array(arena, filling->count + 1, sizeof *days);
    bool *may = arena_alloc_array(arena, filling->count * members + 1, sizeof *may);
    int *choice = arena_alloc_array(arena, filling->count + 1, sizeof *choice);
    struct fair_question question = {.members = members, .day = days, .may_have = may, .load = filling->load};

    *ret_filled = 0;
    if (!left || !days || !may || !choice)
        return false;
    for (size_t i = 0; i < filling->count; i++)
        if (filling->choice[i] == FAIR_NOBODY)
            left[count++] = i;
    for (size_t i = 0; i < count * members; i++)
        may[i] = may_have(filling, i % members, filling->open[left[i / members]], at_first);
    question.meetings = count;
    question.days = number_days(filling, left, count, days);
    if (!fair_choose(&question, arena, choice))
        return false;
    for (size_t i = 0; i < count; i++)
        if (choice[i] != FAIR_NOBODY) {
            filling->choice[left[i]] = choice[i];
            filling->load[choice[i]]++;
            ++*ret_filled;
        }
    return true;
}

/* Only meetings to come are filled. False without memory. */
static bool fill(const struct sat_table *table, struct arena *arena, struct filling *filling)
{
    size_t filled;
    bool good;

    *filling = (struct filling){
        .table = table,
        .open = arena_alloc_array(arena, table->meeting_count + 1, sizeof *filling->open),
        .choice = arena_alloc_array(arena, table->meeting_count + 1, sizeof *filling->choice),
        .tight = arena_alloc_array(arena, table->meeting_count + 1, sizeof *filling->tight),
        .load = arena_alloc_array(arena, table->member_count + 1, sizeof *filling->load),
    };
    if (!filling->open || !filling->choice || !filling->tight || !filling->load)
        return false;
    for (size_t i = 0; i < table->member_count; i++)
        filling->load[i] = table->members[i].load;
    for (size_t i = 0; i < table->meeting_count; i++)
        if (!sat_is_covered(table, i) &&
            (strcmp(table->meetings[i].state, "planned") == 0 || strcmp(table->meetings[i].state, "called") == 0)) {
            filling->choice[filling->count] = FAIR_NOBODY;
            filling->open[filling->count++] = i;
        }
    good = fill_more(filling, true, arena, &filled);
    do
        good = good && fill_more(filling, false, arena, &filled);
    while (good && filled > 0);
    for (size_t i = 0; good && i < filling->count; i++)
        filling->tight[i] = filling->choice[i] != FAIR_NOBODY &&
                            conflict_with(filling, (size_t)filling->choice[i], filling->open[i]) != CONFLICT_NONE;
    return good;
}

/* ---- as an answer -------------------------------------------------------------------------------------------------- */

static json_t *chosen_json(const struct filling *filling, size_t i)
{
    json_t *json = sat_meeting_json(filling->table, filling->open[i]);
    const struct sat_member *member = &filling->table->members[filling->choice[i]];

    if (json)
        json_object_set_new(json, "proposed",
                            json_pack("{ss ss? ss? sb}", "member", member->id, "name", member->name, "post",
                                      member->post, "tight", filling->tight[i]));
    return json;
}

static json_t *loads_json(const struct filling *filling)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < filling->table->member_count; i++) {
        const struct sat_member *member = &filling->table->members[i];

        json_array_append_new(list, json_pack("{ss ss? ss? si si}", "member", member->id, "name", member->name, "post",
                                              member->post, "before", member->load, "after", filling->load[i]));
    }
    return list;
}

/* "{a,b}": the meetings that are given, or their members. In the arena; NULL without memory. */
static const char *array_of(const struct filling *filling, bool of_members, struct arena *arena)
{
    struct buffer text = BUFFER_WITH_LIMIT(LONGEST_ARRAY);
    const char *result;
    bool first = true;

    buffer_append_format(&text, "{");
    for (size_t i = 0; i < filling->count; i++)
        if (filling->choice[i] != FAIR_NOBODY) {
            buffer_append_format(&text, "%s%s", first ? "" : ",",
                                 of_members ? filling->table->members[filling->choice[i]].id
                                            : filling->table->meetings[filling->open[i]].id);
            first = false;
        }
    buffer_append_format(&text, "}");
    result = text.failed ? NULL : arena_copy(arena, text.data, text.length);
    buffer_free(&text);
    return result;
}

/* What a person confirms: exactly these members for these meetings. In the arena; NULL without memory. */
static const char *proposal_digest(const struct sitting_in_proposal *proposal, struct arena *arena)
{
    const char *text = arena_format(arena, "%s %s", proposal->meetings, proposal->members);
    char hex[DIGEST_TEXT_SIZE];
    struct digest digest;

    if (!text)
        return NULL;
    digest = digest_of(text, strlen(text));
    digest_format(&digest, hex);
    return arena_text(arena, hex);
}

static enum db_status read_state(struct db *db, struct arena *arena, const char **ret_state)
{
    static const struct db_statement read = {"sitting_in_state", "select tributary.sitting_in_state()", 0};
    PGresult *rows = NULL;
    enum db_status status = db_run(db, &read, NULL, &rows);

    if (status != DB_OK)
        return status;
    *ret_state = arena_text(arena, PQgetvalue(rows, 0, 0));
    PQclear(rows);
    return DB_OK;
}

static json_t *proposal_json(const struct filling *filling, const char *digest)
{
    json_t *chosen = json_array(), *unfilled = json_array();

    for (size_t i = 0; i < filling->count; i++)
        if (filling->choice[i] == FAIR_NOBODY)
            json_array_append_new(unfilled, sat_meeting_json(filling->table, filling->open[i]));
        else
            json_array_append_new(chosen, chosen_json(filling, i));
    return json_pack("{so so so ss}", "proposal", chosen, "unfilled", unfilled, "loads", loads_json(filling), "digest",
                     digest);
}

enum db_status sitting_in_propose(struct db *db, const struct sitting_in_question *question, struct arena *arena,
                                  struct sitting_in_proposal *ret_proposal)
{
    struct sitting_in_proposal proposal = {0};
    struct sat_table table;
    struct filling filling;
    enum db_status status = sat_table_read(db, question, arena, &table);

    if (status == DB_OK)
        status = read_state(db, arena, &proposal.state);
    if (status != DB_OK)
        return status;
    if (!fill(&table, arena, &filling))
        return DB_FAILED;
    for (size_t i = 0; i < filling.count; i++)
        proposal.count += filling.choice[i] != FAIR_NOBODY;
    proposal.meetings = array_of(&filling, false, arena);
    proposal.members = array_of(&filling, true, arena);
    proposal.digest = proposal.meetings && proposal.members ? proposal_digest(&proposal, arena) : NULL;
    proposal.json = proposal.digest ? proposal_json(&filling, proposal.digest) : NULL;
    if (!proposal.json)
        return DB_FAILED;
    *ret_proposal = proposal;
    return DB_OK;
}
