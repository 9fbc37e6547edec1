/* verify_columns.c: what is noted beside the texts of entries, for filters, and the entries whose text was given up. */
#include "ledger/log_kinds.h"
#include "ledger/verify_inside.h"

static const struct db_statement notes_changed = {
    "verify_notes",
    "select format('entry %s of the log: what is noted beside its text was changed', e.sequence) from tributary.log_entry e"
    " cross join lateral (select " SOUND_ENTRY " as j) said"
    " where e.jurisdiction = $1 and said.j is not null and (said.j ->> 'kind', (said.j ->> 'recorded_at')::timestamptz,"
    "  said.j ->> 'actor', said.j ->> 'office', said.j ->> 'plan', said.j ->> 'submission', said.j ->> 'jurisdiction',"
    "  said.j ->> 'sequence', null::bigint)"
    "  is distinct from (e.kind, e.recorded_at, e.actor, e.office, e.plan, e.submission, e.jurisdiction, e.sequence::text,"
    "  e.pruned_by) order by e.sequence",
    1};

/* A text may be missing only where a later retention entry says so, and only of a kind that may be given up. */
static const struct db_statement texts_missing = {
    "verify_pruned",
    "select format('entry %s of the log (%s): its text is gone, and no retention entry accounts for it', e.sequence, e.kind)"
    " from tributary.log_entry e left join tributary.log_entry r on r.jurisdiction = e.jurisdiction and r.sequence = e.pruned_by"
    "  and r.kind = 'retention' and r.entry is not null and r.sequence > e.sequence"
    " where e.jurisdiction = $1 and e.entry is null and (r.sequence is null or e.kind <> all ($2::text[])"
    "  or (e.actor, e.office, e.plan, e.submission) is distinct from (null::text, null::text, null::text, null::text))"
    " order by e.sequence",
    2};

/* What a retention entry gave up is counted and summed up in it: nothing else can be passed off as given up. */
static const struct db_statement retentions_differ = {
    "verify_retentions",
    "select format('entry %s of the log (retention): other entries have lost their text than it says', r.sequence)"
    " from (select e.sequence, " SOUND_ENTRY " as j from tributary.log_entry e"
    "  where e.jurisdiction = $1 and e.kind = 'retention') r"
    " cross join lateral (select count(*) as entries, encode(sha256(coalesce(convert_to(string_agg("
    "   e.sequence || ' ' || e.kind || ' ' || tributary.micros(e.recorded_at) || ' ' || encode(e.leaf, 'hex') || E'\\n', ''"
    "   order by e.sequence), 'UTF8'), '')), 'hex') as sum"
    "  from tributary.log_entry e where e.jurisdiction = $1 and e.pruned_by = r.sequence) given_up"
    " where (r.j ->> 'entries' = given_up.entries::text and r.j ->> 'entries_sha256' = given_up.sum) is not true"
    " order by r.sequence",
    1};

/* Who may read an entry follows from its kind. */
static const struct db_statement readers_changed = {
    "verify_readers",
    "select format('entry %s of the log (%s): who may read it was changed', e.sequence, e.kind) from tributary.log_entry e"
    " where e.jurisdiction = $1 and e.is_open <> (e.kind = any ($2::text[])) order by e.sequence",
    2};

bool verify_columns(struct db *db, const char *jurisdiction, struct verification *verification)
{
    return verify_none(db, &notes_changed, jurisdiction, verification) &&
           verify_none_of(db, &texts_missing, jurisdiction, log_kinds_prunable(), verification) &&
           verify_none_of(db, &readers_changed, jurisdiction, log_kinds_open(), verification) &&
           verify_none(db, &retentions_differ, jurisdiction, verification);
}
