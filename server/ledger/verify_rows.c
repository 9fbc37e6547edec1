/* verify_rows.c: submissions, plans and personal values against the log, and what is derived from plans against the plans. */
#include "ledger/verify_inside.h"

bool verify_none_of(struct db *db, const struct db_statement *statement, const char *jurisdiction, const char *second,
                    struct verification *verification)
{
    PGresult *result = NULL;

    if (db_run(db, statement, (const char *const[]){jurisdiction, second}, &result) != DB_OK)
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        verification_fault(verification, "%s", PQgetvalue(result, i, 0));
    PQclear(result);
    return true;
}

bool verify_none(struct db *db, const struct db_statement *statement, const char *jurisdiction,
                 struct verification *verification)
{
    return verify_none_of(db, statement, jurisdiction, NULL, verification);
}

static const struct db_statement revisions_without_entry = {
    "verify_revisions",
    "select format('revision %s (%s of %s): it isn''t what entry %s of the log says', r.id, r.number, r.office, r.sequence)"
    " from tributary.revision r left join tributary.submission s on s.submission = r.submission"
    "  and s.jurisdiction = r.jurisdiction and s.office = r.office"
    " left join tributary.log_entry e on e.jurisdiction = r.jurisdiction and e.sequence = r.sequence"
    " left join lateral (select " SOUND_ENTRY " as j) said on true"
    " left join tributary.review_start b on b.revision = r.id"
    " where r.jurisdiction = $1 and ("
    "  said.j ->> 'kind' = 'submission'"
    "  and said.j ->> 'passed' is not distinct from b.passed::text and (b.revision is null"
    "   or (b.submission, b.number, b.jurisdiction, b.office) = (r.submission, r.number, r.jurisdiction, r.office))"
    "  and said.j ->> 'submission' = r.id::text and said.j ->> 'revision' = r.number::text"
    "  and said.j ->> 'office' = r.office and said.j ->> 'form' = s.form and said.j ->> 'period' = s.period"
    "  and said.j ->> 'plan' = s.plan and said.j ->> 'plan_version' = r.plan_version::text"
    "  and said.j ->> 'event' is not distinct from s.event::text and said.j ->> 'actor' = r.token::text"
    "  and (said.j ->> 'recorded_at')::timestamptz = r.recorded_at"
    "  and (said.j ->> 'received_at')::timestamptz = r.received_at"
    "  and said.j ->> 'sha256' = encode(r.sha256, 'hex')"
    "  and said.j ->> 'document_sha256' = encode(r.document_sha256, 'hex')"
    "  and said.j ->> 'stored_sha256' = encode(r.stored_sha256, 'hex')"
    "  and coalesce(said.j ->> 'on_behalf', 'false') = r.on_behalf::text"
    "  and coalesce(said.j ->> 'withdrawn', 'false') = (r.withdrawn is not null)::text"
    "  and (r.withdrawn is null or case when sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256"
    "                                   then r.document::jsonb ->> 'withdrawn' = r.withdrawn end)"
    "  and said.j -> 'attested' is not distinct from ("
    "   select tributary.said_of_attestation(a.received_at, a.reason, a.attested_by) from tributary.attestation a"
    "   where a.revision = r.id and a.sequence = r.sequence and a.recorded_at = r.recorded_at and a.actor = r.token"
    "   and a.office = r.office)"
    "  and sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256) is not true order by r.sequence",
    1};

static const struct db_statement entries_without_revision = {
    "verify_missing_revisions",
    "select format('entry %s of the log tells of revision %s, which is gone', e.sequence, e.submission)"
    " from tributary.log_entry e left join tributary.revision r on r.jurisdiction = e.jurisdiction and r.sequence = e.sequence"
    "  and r.id::text = e.submission"
    " where e.jurisdiction = $1 and e.kind = 'submission' and r.id is null order by e.sequence",
    1};

static const struct db_statement starts_without_revision = {
    "verify_review_starts",
    "select format('review_start of revision %s: there is no such revision', b.revision) from tributary.review_start b"
    " left join tributary.revision r on r.id = b.revision where b.jurisdiction = $1 and r.id is null order by 1",
    1};

static const struct db_statement submissions_without_revision = {
    "verify_submissions",
    "select format('submission %s (%s, %s, %s) has no revision', s.submission, s.office, s.form, s.period)"
    " from tributary.submission s left join tributary.revision r using (submission)"
    " where s.jurisdiction = $1 and r.submission is null order by s.submission",
    1};

static const struct db_statement plans_without_entry = {
    "verify_plans",
    "select format('plan %s version %s isn''t what entry %s of the log says', p.plan, p.version, p.sequence)"
    " from tributary.plan_version p left join tributary.log_entry e on e.jurisdiction = p.jurisdiction and e.sequence = p.sequence"
    " left join lateral (select " SOUND_ENTRY " as j) said on true"
    " where p.jurisdiction = $1 and (said.j ->> 'kind' = 'plan' and said.j ->> 'plan' = p.plan"
    "  and said.j ->> 'plan_version' = p.version::text and said.j ->> 'sha256' = encode(p.sha256, 'hex')"
    "  and (said.j ->> 'recorded_at')::timestamptz = p.recorded_at"
    "  and sha256(convert_to(p.document, 'UTF8')) = p.sha256) is not true order by p.sequence",
    1};

static const struct db_statement entries_without_plan = {
    "verify_missing_plans",
    "select format('entry %s of the log tells of plan %s, a version of which is gone', e.sequence, e.plan)"
    " from tributary.log_entry e"
    " where e.jurisdiction = $1 and e.kind = 'plan'"
    " and not exists (select from tributary.plan_version p where p.jurisdiction = e.jurisdiction and p.sequence = e.sequence)"
    " order by e.sequence",
    1};

/* A jurisdiction is called as the first plan that was loaded for it calls it. */
static const struct db_statement names_changed = {
    "verify_names",
    "select format('jurisdiction %s isn''t called as plan %s calls it', j.jurisdiction, p.plan) from tributary.jurisdiction j"
    " join lateral (select * from tributary.plan_version p where p.jurisdiction = j.jurisdiction order by p.sequence limit 1) p on true"
    " where j.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256"
    " and (j.name_zh, j.name_en) is distinct from (p.document::jsonb #>> '{jurisdiction,name,zh}',"
    "  p.document::jsonb #>> '{jurisdiction,name,en}')",
    1};

/* Logs and plans of jurisdictions that aren't listed would be passed over. */
static const struct db_statement jurisdictions_lost = {
    "verify_jurisdictions_lost",
    "select format('jurisdiction %s has no log or isn''t listed', coalesce(j.jurisdiction, h.jurisdiction))"
    " from tributary.jurisdiction j full join tributary.log_head h using (jurisdiction)"
    " where (j.jurisdiction is null or h.jurisdiction is null) and $1::text is not null",
    1};

/* The rows that figures are grouped by, derived a second time from the plan's document. */
static const struct db_statement units_changed = {
    "verify_units",
    "with whole as materialized (select p.jurisdiction, p.plan, p.version, p.document::jsonb as document"
    "  from tributary.plan_version p"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    /* without its forms, which are most of it: the rows below carry it */
    " plan as materialized (select jurisdiction, plan, version, document - 'forms' as document from whole),"
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

/* What moments of the past are asked by. */
static const struct db_statement moments_not_rising = {
    "verify_moments",
    "select format('entry %s of the log isn''t later than the one before', m.sequence) from ("
    "  select e.sequence, e.recorded_at as moment, lag(e.recorded_at) over (order by e.sequence) as before"
    "  from tributary.log_entry e where e.jurisdiction = $1) m"
    " where m.moment <= m.before order by m.sequence",
    1};

static const struct db_statement personal_changed = {
    "verify_personal",
    "select format('personal value %s of revision %s was changed: it doesn''t give its digest', v.path, v.revision)"
    " from tributary.personal_value v left join tributary.revision r on r.id = v.revision"
    "  and r.jurisdiction = v.jurisdiction and r.office = v.office"
    " where v.jurisdiction = $1 and (r.id is null or (v.value is null) <> (v.erased_at is not null)"
    "  or (v.value is null) <> (v.salt is null)"
    "  or (v.value is not null and sha256(v.salt || convert_to(v.value, 'UTF8')) <> v.digest))",
    1};

/* Each cell of people's data has its value at its place, or an erased one. A row of a table is told by its _row; where its
 * keys tell it, only its table and column are compared. A document that was changed is a fault already, and perhaps no
 * JSON. */
static const struct db_statement personal_gone = {
    "verify_missing_personal",
    "with cell as (select r.id, r.sequence, r.jurisdiction, r.office, c.path, c.digest, c.like_path from tributary.revision r"
    " cross join lateral (select case when sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256 then r.document::jsonb end as j) d"
    " cross join lateral ("
    "  select 'fields.' || f.key as path, f.value ->> 'personal' as digest, null as like_path"
    "  from jsonb_each(case when jsonb_typeof(d.j -> 'fields') = 'object' then d.j -> 'fields' end) f"
    "  where jsonb_typeof(f.value) = 'object' and f.value ? 'personal'"
    "  union all"
    "  select 'tables.' || t.key || '[' || (w.value ->> '_row') || '].' || f.key, f.value ->> 'personal',"
    "   case when not w.value ? '_row' then 'tables.' || t.key || '[%].' || f.key end"
    "  from jsonb_each(case when jsonb_typeof(d.j -> 'tables') = 'object' then d.j -> 'tables' end) t"
    "  cross join jsonb_array_elements(case when jsonb_typeof(t.value) = 'array' then t.value else '[]' end) w"
    "  cross join jsonb_each(case when jsonb_typeof(w.value) = 'object' then w.value end) f"
    "  where jsonb_typeof(f.value) = 'object' and f.value ? 'personal') c"
    " where r.jurisdiction = $1 and position('{\"personal\":\"' in r.document) > 0)"
    " select format('revision %s: the personal value %s (digest %s) is gone or stands elsewhere, and was not erased', cell.id,"
    "  coalesce(cell.path, cell.like_path), cell.digest) from cell where not exists (select from tributary.personal_value v"
    "  where v.revision = cell.id and v.jurisdiction = cell.jurisdiction and v.office = cell.office"
    "   and encode(v.digest, 'hex') = cell.digest and (v.path = cell.path or v.path like cell.like_path)) order by cell.sequence",
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
                                                        &submissions_without_revision,
                                                        &starts_without_revision,
                                                        &names_changed,
                                                        &jurisdictions_lost,
                                                        &units_changed,
                                                        &forms_changed,
                                                        &stages_changed,
                                                        &moments_not_rising,
                                                        &personal_changed,
                                                        &personal_gone};

    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!verify_none(db, checks[i], jurisdiction, verification))
            return false;
    return count_things(db, jurisdiction, verification);
}
