/* obligations.c: the plan's due dates joined with what was handed in and what was extended. */
#include "obligations/obligations.h"

#include <string.h>

#include "obligations/dues.h"

/* The columns in the order of the statement below. */
enum {
    PLACE,
    OFFICE,
    DUE_DATE,
    DUE_END,
    UNTIL,
    REASON,
    GRANTED_BY,
    GRANTED_AT,
    DISCHARGED,
    TIMELINESS,
    FIRST_RECEIVED_AT,
    SUBMISSION,
    REVISION,
    PROVISIONAL,
    EVENTS,
    EXTENSION_CHANGES,
    EXTENSION_CHANGED_AT,
    ATTACHED,
    NEXT_STAGE,
    NEXT_ROLE,
    REVIEW_OUTCOME,
    REVIEW_STAGE,
    IS_OFFICIAL,
    TICKET,
    OFFICIAL,
    ATTESTED,
    WITHDRAWN,
    WITHDRAWN_AT,
    CLOSED,
    CLOSED_AT,
    ON_BEHALF
};

static struct reasoned read_reasoned(const PGresult *rows, int row, int reason, int recorded_at, struct arena *arena)
{
    struct reasoned reasoned = {.reason = arena_text(arena, result_text(rows, row, reason))};

    if (reasoned.reason)
        reasoned.recorded_at = result_int64(rows, row, recorded_at);
    return reasoned;
}

static const struct extension_in_force *read_extension(const PGresult *rows, int row, struct arena *arena)
{
    const char *until = result_text(rows, row, UNTIL);
    struct extension_in_force *extension = until ? arena_alloc(arena, sizeof *extension) : NULL;

    if (!extension || !date_parse_iso(until, &extension->until))
        return NULL;
    extension->reason = arena_text(arena, result_text(rows, row, REASON));
    extension->granted_by = arena_text(arena, result_text(rows, row, GRANTED_BY));
    extension->recorded_at = result_int64(rows, row, GRANTED_AT);
    return extension;
}

/* How far the review of its current revision has come: a word of api.md. */
static const char *review_state(const PGresult *rows, int row)
{
    const char *outcome = result_text(rows, row, REVIEW_OUTCOME);

    if (!result_bool(rows, row, DISCHARGED))
        return outcome && strcmp(outcome, "return") == 0 ? "returned" : "not_received";
    if (!outcome)
        return "received";
    if (strcmp(outcome, "return") == 0)
        return "returned";
    return result_bool(rows, row, IS_OFFICIAL) ? "official" : "accepted";
}

static struct review_facts read_review(const PGresult *rows, int row, struct arena *arena)
{
    return (struct review_facts){.next_stage = arena_text(arena, result_text(rows, row, NEXT_STAGE)),
                                 .next_role = arena_text(arena, result_text(rows, row, NEXT_ROLE)),
                                 .state = review_state(rows, row),
                                 .stage = arena_text(arena, result_text(rows, row, REVIEW_STAGE)),
                                 .ticket = arena_text(arena, result_text(rows, row, TICKET)),
                                 .official = arena_text(arena, result_text(rows, row, OFFICIAL))};
}

/* False for a row of an office that this version of the plan doesn't know. */
static bool read_row(const PGresult *rows, int row, const struct obligations_question *question,
                     const struct dues *dues, struct arena *arena, struct obligation *ret_obligation)
{
    const struct plan *plan = question->version->plan;
    const struct due_item *item = &dues->items[result_int64(rows, row, PLACE) - 1];
    struct obligation obligation = {
        .office = plan_office(plan, PQgetvalue(rows, row, OFFICE)),
        .form = item->form,
        .period = item->period,
        .planned = item->due,
        .due_end = result_int64(rows, row, DUE_END),
        .extension = read_extension(rows, row, arena),
        .timeliness = arena_text(arena, PQgetvalue(rows, row, TIMELINESS)),
        .received = result_bool(rows, row, DISCHARGED),
        .provisional = result_bool(rows, row, PROVISIONAL),
        .submission = arena_text(arena, result_text(rows, row, SUBMISSION)),
        .events = (int)result_int64(rows, row, EVENTS),
        .extension_changes = (int)result_int64(rows, row, EXTENSION_CHANGES),
        .attached = arena_text(arena, result_text(rows, row, ATTACHED)),
        .review = read_review(rows, row, arena),
        .attested = arena_text(arena, result_text(rows, row, ATTESTED)),
        .withdrawn = read_reasoned(rows, row, WITHDRAWN, WITHDRAWN_AT, arena),
        .closed = read_reasoned(rows, row, CLOSED, CLOSED_AT, arena),
        .on_behalf = result_bool(rows, row, ON_BEHALF),
    };

    if (!obligation.office || !date_parse_iso(PQgetvalue(rows, row, DUE_DATE), &obligation.due_date))
        return false;
    obligation.due = calendar_due_state(&plan->calendar, obligation.due_date, question->now);
    if (obligation.extension_changes)
        obligation.extension_changed_at = result_int64(rows, row, EXTENSION_CHANGED_AT);
    if (obligation.received)
        obligation.first_received_at = result_int64(rows, row, FIRST_RECEIVED_AT);
    if (obligation.submission)
        obligation.revision = (int)result_int64(rows, row, REVISION);
    *ret_obligation = obligation;
    return true;
}

static enum db_status read_rows(const PGresult *rows, const struct obligations_question *question,
                                const struct dues *dues, struct arena *arena, struct obligation **ret_obligations,
                                size_t *ret_count)
{
    int count = PQntuples(rows);
    struct obligation *obligations = arena_alloc_array(arena, (size_t)count + 1, sizeof *obligations);

    *ret_count = 0;
    for (int i = 0; obligations && i < count; i++)
        if (read_row(rows, i, question, dues, arena, &obligations[*ret_count]))
            ++*ret_count;
    *ret_obligations = obligations;
    return obligations && !arena_is_short(arena) ? DB_OK : DB_FAILED;
}

enum db_status obligations_list(struct db *db, const struct obligations_question *question, struct arena *arena,
                                struct obligation **ret_obligations, size_t *ret_count)
{
    static const struct db_statement facts = {
        "obligation_facts",
        "with closed as materialized (select a.place, c.reason, c.recorded_at"
        "  from unnest($4::text[], $5::text[]) with ordinality as a (form, period, place)"
        "  cross join lateral tributary.closing_in_force($1, a.form, a.period, $12::timestamptz) c)"
        " select f.place, f.office, due_date, tributary.micros(due_end), until, f.reason, granted_by, tributary.micros(granted_at),"
        " discharged, timeliness, tributary.micros(first_received_at), f.submission, revision, f.provisional, events,"
        " extension_changes, tributary.micros(extension_changed_at),"
        " (select string_agg(distinct a.slot, ' ') from tributary.revision r"
        "  join tributary.attachment a on a.submission = r.submission"
        "  left join tributary.attachment_withdrawal w on w.attachment = a.attachment"
        "  where r.id = f.submission and ($12::timestamptz is null or a.recorded_at <= $12::timestamptz)"
        "  and (w.attachment is null or w.recorded_at > $12::timestamptz)),"
        " g.next_stage, g.next_role, g.outcome, g.stage, coalesce(g.official, false),"
        " case when g.outcome = 'return' then tributary.return_ticket(f.submission, $12::timestamptz) end,"
        " (select v.revision from tributary.review v where v.submission = now.submission and v.official"
        "  and tributary.is_official(v.submission, v.number, $12::timestamptz) order by v.number desc limit 1),"
        " attested, now.withdrawn, tributary.micros(now.recorded_at), closed.reason, tributary.micros(closed.recorded_at),"
        " coalesce(now.on_behalf, false)"
        " from tributary.obligation_facts($1, $2::integer, $3, $4::text[], $5::text[], $6::integer[], $7::date[], $8::text[],"
        " $9::text[], $10::integer[], $11::integer, $12::timestamptz) f"
        " left join lateral tributary.review_progress(f.submission, $12::timestamptz) g on f.submission is not null"
        " left join tributary.revision now on now.id = f.submission left join closed on closed.place = f.place"
        " where tributary.may_read_all($13) or tributary.is_own($13, f.office) order by f.place, office_order",
        13};
    const struct plan *plan = question->version->plan;
    char as_of[TIMESTAMP_TEXT_SIZE];
    struct dues dues;
    PGresult *rows = NULL;
    enum db_status status = DB_FAILED;

    if (question->as_of)
        timestamp_format(*question->as_of, as_of);
    if (dues_collect(&dues, question, arena))
        status = db_run(db, &facts,
                        (const char *const[]){plan->code, dues.version, question->office, dues.arrays[0].data,
                                              dues.arrays[1].data, dues.arrays[2].data, dues.arrays[3].data,
                                              dues.arrays[4].data, dues.arrays[5].data, dues.arrays[6].data,
                                              dues.offset, question->as_of ? as_of : NULL, plan->jurisdiction},
                        &rows);
    if (status == DB_OK)
        status = read_rows(rows, question, &dues, arena, ret_obligations, ret_count);
    PQclear(rows);
    dues_free(&dues);
    return status;
}
