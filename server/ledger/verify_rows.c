/* verify_rows.c: submissions, plans and personal values against the log, and what is derived from plans against the plans. */
#include "ledger/verify_inside.h"

bool verify_none(struct db *db, const struct db_statement *statement, const char *jurisdiction,
                 struct verification *verification)
{
    PGresult *result = NULL;

    if (db_run(db, statement, (const char *const[]){jurisdiction}, &result) != DB_OK)
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        verification_fault(verification, "%s", PQgetvalue(result, i, 0));
    PQclear(result);
    return true;
}

static const struct db_statement revisions_without_entry = {
    "verify_revisions",
    "select format('revision %s (%s of %s): it isn''t what entry %s of the log says', r.id, r.number, r.office, r.sequence)"
    " from tributary.revision r join tributary.submission s using (submission)"
    " left join tributary.log_entry e on e.jurisdiction = r.jurisdiction and e.sequence = r.sequence"
    " where r.jurisdiction = $1 and (e.entry is null or ("
    "  e.entry::jsonb ->> 'submission' = r.id::text and e.entry::jsonb ->> 'revision' = r.number::text"
    "  and e.entry::jsonb ->> 'office' = r.office and e.entry::jsonb ->> 'form' = s.form and e.entry::jsonb ->> 'period' = s.period"
    "  and e.entry::jsonb ->> 'plan' = s.plan and e.entry::jsonb ->> 'plan_version' = r.plan_version::text"
    "  and e.entry::jsonb ->> 'event' is not distinct from s.event::text and e.entry::jsonb ->> 'actor' = r.token::text"
    "  and (e.entry::jsonb ->> 'recorded_at')::timestamptz = r.recorded_at"
    "  and (e.entry::jsonb ->> 'received_at')::timestamptz = r.received_at"
    "  and e.entry::jsonb ->> 'sha256' = encode(r.sha256, 'hex')"
    "  and e.entry::jsonb ->> 'document_sha256' = encode(r.document_sha256, 'hex')"
    "  and e.entry::jsonb ->> 'stored_sha256' = encode(r.stored_sha256, 'hex')"
    "  and coalesce(e.entry::jsonb ->> 'on_behalf', 'false') = r.on_behalf::text"
    "  and coalesce(e.entry::jsonb ->> 'withdrawn', 'false') = (r.withdrawn is not null)::text"
    "  and (r.withdrawn is null or case when sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256"
    "                                   then r.document::jsonb ->> 'withdrawn' = r.withdrawn end)"
    "  and e.entry::jsonb -> 'attested' is not distinct from ("
    "   select tributary.said_of_attestation(a.received_at, a.reason, a.attested_by) from tributary.attestation a"
    "   where a.revision = r.id and a.sequence = r.sequence and a.recorded_at = r.recorded_at and a.actor = r.token"
    "   and a.office = r.office)"
    "  and sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256) is not true) order by r.sequence",
    1};

static const struct db_statement entries_without_revision = {
    "verify_missing_revisions",
    "select format('entry %s of the log tells of revision %s, which is gone', e.sequence, e.entry::jsonb ->> 'submission')"
    " from tributary.log_entry e where e.jurisdiction = $1 and e.entry::jsonb ->> 'kind' = 'submission'"
    " and not exists (select from tributary.revision r where r.id::text = e.entry::jsonb ->> 'submission' and r.sequence = e.sequence)"
    " order by e.sequence",
    1};

static const struct db_statement plans_without_entry = {
    "verify_plans",
    "select format('plan %s version %s isn''t what entry %s of the log says', p.plan, p.version, p.sequence)"
    " from tributary.plan_version p left join tributary.log_entry e on e.jurisdiction = p.jurisdiction and e.sequence = p.sequence"
    " where p.jurisdiction = $1 and (e.entry is null or (e.entry::jsonb ->> 'plan' = p.plan"
    "  and e.entry::jsonb ->> 'plan_version' = p.version::text and e.entry::jsonb ->> 'sha256' = encode(p.sha256, 'hex')"
    "  and (e.entry::jsonb ->> 'recorded_at')::timestamptz = p.recorded_at"
    "  and sha256(convert_to(p.document, 'UTF8')) = p.sha256) is not true) order by p.sequence",
    1};

static const struct db_statement entries_without_plan = {
    "verify_missing_plans",
    "select format('entry %s of the log tells of plan %s version %s, which is gone', e.sequence, e.entry::jsonb ->> 'plan',"
    " e.entry::jsonb ->> 'plan_version') from tributary.log_entry e"
    " where e.jurisdiction = $1 and e.entry::jsonb ->> 'kind' = 'plan'"
    " and not exists (select from tributary.plan_version p where p.jurisdiction = e.jurisdiction and p.sequence = e.sequence)"
    " order by e.sequence",
    1};

/* The rows that figures are grouped by, derived a second time from the plan's document. */
static const struct db_statement units_changed = {
    "verify_units",
    "with plan as (select p.jurisdiction, p.plan, p.version, p.document::jsonb as document from tributary.plan_version p"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    " office as (select p.*, o.value ->> 'code' as office, o.ordinality::integer - 1 as place,"
    "   coalesce((o.value ->> 'from')::integer, (p.document #>> '{years,from}')::integer) as first,"
    "   coalesce((o.value ->> 'to')::integer, (p.document #>> '{years,to}')::integer) as last"
    "  from plan p cross join jsonb_array_elements(p.document -> 'offices') with ordinality o),"
    " said as ("
    "  select o.plan, o.version, 'office' as level, o.office as unit, o.place as unit_place, o.office, o.place, o.first, o.last"
    "  from office o"
    "  union all"
    "  select o.plan, o.version, 'city', w.value ->> 'code', w.ordinality::integer - 1, o.office, o.place, o.first, o.last"
    "  from office o cross join jsonb_array_elements(o.document -> 'wholes') with ordinality w"
    "  where not coalesce(w.value -> 'except', '[]') ? o.office"
    "  union all"
    "  select o.plan, o.version, 'group', g.value ->> 'code', g.ordinality::integer - 1, o.office, o.place,"
    "   greatest(o.first, (m.value ->> 'from')::integer), least(o.last, (m.value ->> 'to')::integer)"
    "  from office o cross join jsonb_array_elements(o.document -> 'groups') with ordinality g"
    "  cross join jsonb_array_elements(g.value -> 'members') m where m.value ->> 'office' = o.office"
    "   and greatest(o.first, (m.value ->> 'from')::integer) <= least(o.last, (m.value ->> 'to')::integer)),"
    " stored as (select plan, version, level, unit, unit_order, office, office_order, from_year, to_year"
    "  from tributary.plan_unit_office where jurisdiction = $1)"
    " select distinct format('plan %s version %s: who stands behind %s was changed', plan, version, unit)"
    " from ((table said except table stored) union all (table stored except table said)) changed",
    1};

static const struct db_statement forms_changed = {
    "verify_forms",
    "with said as (select p.plan, p.version, f ->> 'code' as form,"
    "   (select array_agg(o.value order by o.ordinality)"
    "    from jsonb_array_elements_text(f -> 'owed_by') with ordinality o) as owed_by"
    "  from tributary.plan_version p cross join jsonb_array_elements(p.document::jsonb -> 'forms') f"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    " stored as (select plan, version, form, owed_by from tributary.plan_form where jurisdiction = $1)"
    " select distinct format('plan %s version %s: who owes form %s was changed', plan, version, form)"
    " from ((table said except table stored) union all (table stored except table said)) changed",
    1};

static const struct db_statement stages_changed = {
    "verify_stages",
    "with said as (select p.plan, p.version, f ->> 'code' as form, r.ordinality::integer as place, r.value ->> 'stage' as stage,"
    "   s ->> 'role' as role, coalesce((s ->> 'own')::boolean, false) as own,"
    "   coalesce((r.value ->> 'official')::boolean, false) as official"
    "  from tributary.plan_version p cross join jsonb_array_elements(p.document::jsonb -> 'forms') f"
    "  cross join jsonb_array_elements(coalesce(f -> 'review', '[]')) with ordinality r"
    "  join jsonb_array_elements(p.document::jsonb -> 'review_stages') s on s ->> 'code' = r.value ->> 'stage'"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    " stored as (select plan, version, form, place, stage, role, own, official from tributary.plan_stage"
    "  where jurisdiction = $1)"
    " select distinct format('plan %s version %s: the chain of review of form %s was changed', plan, version, form)"
    " from ((table said except table stored) union all (table stored except table said)) changed",
    1};

/* What a corrected revision began with must follow from what its submission was reviewed before. */
static const struct db_statement starts_changed = {
    "verify_review_starts",
    "select format('revision %s: the stages it is said to have passed before it was reviewed were changed', coalesce(e.id, b.id))"
    " from (select e.entry::jsonb ->> 'submission' as id, (e.entry::jsonb ->> 'passed')::integer as passed"
    "  from tributary.log_entry e where e.jurisdiction = $1 and e.entry::jsonb ->> 'kind' = 'submission'"
    "  and e.entry::jsonb ? 'passed') e"
    " full join (select revision::text as id, passed, submission, number from tributary.review_start where jurisdiction = $1) b"
    "  on b.id = e.id left join tributary.revision r on r.id::text = b.id"
    " where (e.passed = b.passed and r.submission = b.submission and r.number = b.number) is not true",
    1};

/* What moments of the past are asked by. */
static const struct db_statement moments_not_rising = {
    "verify_moments",
    "select format('entry %s of the log isn''t later than the one before', m.sequence) from ("
    "  select e.sequence, (e.entry::jsonb ->> 'recorded_at')::timestamptz as moment,"
    "   lag((e.entry::jsonb ->> 'recorded_at')::timestamptz) over (order by e.sequence) as before"
    "  from tributary.log_entry e where e.jurisdiction = $1) m"
    " where m.moment <= m.before order by m.sequence",
    1};

static const struct db_statement personal_changed = {
    "verify_personal",
    "select format('personal value %s of revision %s was changed: it doesn''t give its digest', v.path, v.revision)"
    " from tributary.personal_value v where v.jurisdiction = $1 and v.value is not null"
    " and sha256(v.salt || convert_to(v.value, 'UTF8')) <> v.digest",
    1};

/* A document that was changed is a fault already, and perhaps no JSON. */
static const struct db_statement personal_gone = {
    "verify_missing_personal",
    "select format('revision %s: the personal value of digest %s is gone, and was not erased', r.id, cell #>> '{}')"
    " from tributary.revision r"
    " cross join lateral (select case when sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256 then r.document::jsonb end) d (document)"
    " cross join lateral (select jsonb_path_query(d.document, 'lax $.fields.*.personal')"
    "  union all select jsonb_path_query(d.document, 'lax $.tables.*[*].*.personal')) c (cell)"
    " where r.jurisdiction = $1 and not exists (select from tributary.personal_value v"
    "  where v.revision = r.id and encode(v.digest, 'hex') = cell #>> '{}') order by r.sequence",
    1};

static bool count_things(struct db *db, const char *jurisdiction, struct verification *verification)
{
    static const struct db_statement count = {
        "verify_count",
        "select (select count(*) from tributary.revision where jurisdiction = $1), (select count(*) from tributary.plan_version where"
        " jurisdiction = $1)",
        1};
    PGresult *result = NULL;

    if (db_run(db, &count, (const char *const[]){jurisdiction}, &result) != DB_OK)
        return false;
    verification->revisions += (size_t)result_int64(result, 0, 0);
    verification->plan_versions += (size_t)result_int64(result, 0, 1);
    PQclear(result);
    return true;
}

bool verify_rows(struct db *db, const char *jurisdiction, struct verification *verification)
{
    static const struct db_statement *const checks[] = {&revisions_without_entry,
                                                        &entries_without_revision,
                                                        &plans_without_entry,
                                                        &entries_without_plan,
                                                        &units_changed,
                                                        &forms_changed,
                                                        &stages_changed,
                                                        &starts_changed,
                                                        &moments_not_rising,
                                                        &personal_changed,
                                                        &personal_gone};

    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!verify_none(db, checks[i], jurisdiction, verification))
            return false;
    return count_things(db, jurisdiction, verification);
}
