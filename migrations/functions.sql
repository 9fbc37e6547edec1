-- functions.sql: reloadable; run whole after every migration.

-- Microseconds since 1970, exact. Of a moment in UTC, as only that extract is immutable too: so the planner inlines this.
create or replace function tributary.micros(t timestamptz) returns bigint
language sql immutable strict parallel safe as $$ select (extract(epoch from t at time zone 'UTC') * 1000000)::bigint $$;

-- A moment as the contract writes it.
create or replace function tributary.moment_text(t timestamptz) returns text
language sql stable strict parallel safe as $$ select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- Locks a jurisdiction's log until the transaction ends; sequence numbers and recorded_at are given under this lock.
create or replace function tributary.lock_log()
returns table (sequence bigint, batch bigint, head bytea)
language plpgsql as $$
begin
    -- beside the row's lock, one that readers may wait for (tributary.settle)
    perform pg_advisory_xact_lock(7418202, hashtext(current_setting('tributary.jurisdiction')));
    return query
        select h.sequence, h.batch, h.head
        from tributary.log_head h
        where h.jurisdiction = current_setting('tributary.jurisdiction')
        for update;
    perform set_config('tributary.log_sequence', h.sequence::text, true),
            set_config('tributary.log_recorded_at', h.recorded_at::text, true)
    from tributary.log_head h
    where h.jurisdiction = current_setting('tributary.jurisdiction');
end
$$;

-- The next sequence number and moment of the locked log. Moments rise strictly; p_clock is the feeder's in a sample.
create or replace function tributary.next_in_log(p_clock timestamptz, out sequence bigint, out recorded_at timestamptz)
language plpgsql as $$
begin
    sequence := set_config('tributary.log_sequence', (current_setting('tributary.log_sequence')::bigint + 1)::text, true);
    recorded_at := greatest(coalesce(p_clock, clock_timestamp()),
                            current_setting('tributary.log_recorded_at')::timestamptz + interval '1 microsecond');
    recorded_at := set_config('tributary.log_recorded_at', recorded_at::text, true);
end
$$;

-- Closes the batch of a locked log: its batch row, its entries in order, its new head.
create or replace function tributary.close_batch(
    p_previous_head bytea, p_head bytea, p_key text, p_signature bytea, p_entries text[], p_leaves bytea[])
returns void
language plpgsql as $$
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_last         bigint := current_setting('tributary.log_sequence')::bigint;
    v_first        bigint := v_last - cardinality(p_entries) + 1;
    v_batch        bigint;
begin
    update tributary.log_head h
    set sequence = v_last, batch = h.batch + 1, head = p_head, recorded_at = current_setting('tributary.log_recorded_at')::timestamptz
    where h.jurisdiction = v_jurisdiction and h.sequence = v_first - 1 and h.head = p_previous_head
    returning h.batch into strict v_batch;

    insert into tributary.log_batch (jurisdiction, batch, first_sequence, last_sequence, previous_head, head, key, signature)
    values (v_jurisdiction, v_batch, v_first, v_last, p_previous_head, p_head, p_key, p_signature);

    insert into tributary.log_entry (jurisdiction, sequence, batch, entry, leaf, kind, recorded_at, actor, office, plan, submission,
                                     is_open)
    select v_jurisdiction, v_first + ordinality - 1, v_batch, e.entry, e.leaf,
           s.kind, s.recorded_at, s.actor, s.office, s.plan, s.submission,
           tributary.is_open_kind(s.kind)
    from unnest(p_entries, p_leaves) with ordinality as e (entry, leaf, ordinality)
    cross join lateral jsonb_to_record(e.entry::jsonb)
        as s (kind text, recorded_at timestamptz, actor text, office text, plan text, submission text);
end
$$;

-- What an entry of the log says of what was done on an office's behalf; it says nothing of what wasn't.
create or replace function tributary.said_on_behalf(p_on_behalf boolean) returns jsonb
language sql immutable as $$ select case when p_on_behalf then '{"on_behalf": true}'::jsonb else '{}'::jsonb end $$;

-- Records one hand-in, or says why not. Outcomes:
--   recorded               a new revision
--   unchanged              the content equals the current revision (given back)
--   replay                 this Idempotency-Key was answered before (that revision is given back)
--   idempotency_conflict   the key was used for other content
--   revision_conflict      the submission has a newer revision than p_base (given back)
--   unknown_event          p_event was named, but no such event exists
--   beside_changed         it was judged beside the office's documents of p_beside_forms as they stood at the sequence number
--                          p_judged_at, and one of those has changed since: it must be judged again
--   reviewed               its submission was reviewed later than at the sequence number p_reviewed_at (null: nobody looked):
--                          what the reviews leave open to change must be looked at first
-- p_passed: so many stages of review the new revision has passed, since it answers a return of something that was accepted
-- and changes nothing else; null: it begins anew.
--   period_closed          the period is closed (that closing is given back as id and recorded_at)
--   accepted               it is to be withdrawn, but a stage of review accepted it, or an earlier revision, and didn't return
--                          all of it
--   withdrawn              it is to be withdrawn, but is so already (the current revision is given back)
--   attest_afterwards      the content equals the current revision, whose receipt isn't attested as p_attested_at says
-- p_withdrawn: the revision withdraws the submission, for this reason. p_attested_*: it truly came earlier, who says so and
-- why; under the sequence number of the revision. The Gender Equality Office hands in on behalf of offices, and only so.
-- p_prepared: it was prepared by somebody else (functions_prepared.sql) and is released now; also the outcome
--   prepared_ended         that was released or rejected before
-- Runs under the caller's row-level security, inside the writer's transaction, under the lock of the log. Every hand-in
-- passes here, so it runs as few statements as it can; what is only computed is assigned, which takes none.
drop function if exists tributary.record_submission;
create function tributary.record_submission(
    p_plan text, p_plan_version integer, p_form text, p_office text, p_period text, p_event uuid, p_new_event boolean,
    p_base integer, p_id uuid, p_received_at timestamptz, p_clock timestamptz,
    p_token uuid, p_key text, p_request_sha256 bytea,
    p_sha256 bytea, p_document_sha256 bytea, p_stored_sha256 bytea, p_document text,
    p_field_count integer, p_row_count integer, p_reported boolean, p_provisional boolean,
    p_element_state text, p_element_value numeric[], p_personal jsonb,
    p_beside_forms text[] default null, p_judged_at bigint default null,
    p_reviewed_at bigint default null, p_passed integer default null,
    p_withdrawn text default null, p_attested_at timestamptz default null, p_attested_reason text default null,
    p_attested_by text default null,
    p_prepared uuid default null,
    out outcome text, out id uuid, out number integer, out replaces uuid, out recorded_at bigint, out sequence bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_on_behalf    boolean := current_setting('tributary.role') = 'geo';
    v_submission   bigint;
    v_withdrawn    text;
    v_current_at   timestamptz;
    v_current_sha  bytea;
    v_seen_sha     bytea;
    v_seen         uuid;
    v_place        record;
begin
    if p_key is not null then
        select i.request_sha256, i.revision into v_seen_sha, v_seen
        from tributary.idempotency i
        where i.token = p_token and i.key = p_key;
        if found then
            outcome := case when v_seen_sha = p_request_sha256 then 'replay' else 'idempotency_conflict' end;
            select r.id, r.number, tributary.micros(r.recorded_at), r.sequence into id, number, recorded_at, sequence
            from tributary.revision r
            where r.id = v_seen;
            return;
        end if;
    end if;

    if p_prepared is not null and tributary.prepared_has_ended(p_prepared, p_id) then
        outcome := 'prepared_ended';
        return;
    end if;

    select s.submission, r.id, r.number, r.recorded_at, r.document_sha256, r.withdrawn
    into v_submission, id, number, v_current_at, v_current_sha, v_withdrawn
    from tributary.submission s
    cross join lateral (
        select r.id, r.number, r.recorded_at, r.document_sha256, r.withdrawn
        from tributary.revision r
        where r.submission = s.submission
        order by r.number desc
        limit 1) r
    where s.jurisdiction = v_jurisdiction and s.plan = p_plan and s.form = p_form
      and s.period = p_period and s.office = p_office and (s.event = p_event or (s.event is null and p_event is null));
    number := coalesce(number, 0);
    recorded_at := tributary.micros(v_current_at);
    sequence := 0;

    if v_current_sha = p_document_sha256 and (p_withdrawn is null or id = p_id) then
        outcome := 'unchanged';
        if p_attested_at is not null
            and not exists (select from tributary.attestation_in_force(id, null) a where a.received_at = p_attested_at) then
            outcome := 'attest_afterwards';
            return;
        end if;
    elsif p_withdrawn is not null and v_withdrawn is not null then
        outcome := 'withdrawn';
        return;
    elsif exists (select from tributary.closing_in_force(p_plan, p_form, p_period, null)) then
        outcome := 'period_closed';
        select c.closing, tributary.micros(c.recorded_at) into id, recorded_at
        from tributary.closing_in_force(p_plan, p_form, p_period, null) c;
        return;
    elsif v_submission is null and p_event is not null and not p_new_event then
        outcome := 'unknown_event';
        return;
    elsif number <> p_base then
        outcome := 'revision_conflict';
        return;
    elsif p_beside_forms is not null and exists (
        select from tributary.submission s
        join tributary.revision r on r.submission = s.submission
        where s.jurisdiction = v_jurisdiction and s.plan = p_plan and s.office = p_office
          and s.form = any (p_beside_forms) and r.sequence > p_judged_at) then
        outcome := 'beside_changed';
        return;
    elsif p_withdrawn is null and exists (
        select from tributary.review v
        where v.submission = v_submission and v.sequence > coalesce(p_reviewed_at, 0)) then
        outcome := 'reviewed';
        return;
    elsif p_withdrawn is not null and exists (
        select from tributary.review_lock(p_plan, p_form, p_office, p_period, p_event) l where l.held is not null) then
        outcome := 'accepted';
        return;
    else
        outcome := 'recorded';
        replaces := id;
        id := p_id;
        number := number + 1;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;

        if v_submission is null then
            insert into tributary.submission as s (jurisdiction, plan, form, period, office, event)
            values (v_jurisdiction, p_plan, p_form, p_period, p_office, p_event)
            returning s.submission into v_submission;
        end if;

        insert into tributary.revision (
            submission, number, jurisdiction, office, id, sequence, recorded_at, received_at, plan_version, token,
            sha256, document_sha256, stored_sha256, document, field_count, row_count, reported, provisional,
            element_state, element_value, on_behalf, withdrawn)
        values (
            v_submission, number, v_jurisdiction, p_office, id, sequence, v_place.recorded_at, p_received_at, p_plan_version, p_token,
            p_sha256, p_document_sha256, p_stored_sha256, p_document, p_field_count, p_row_count, p_reported, p_provisional,
            p_element_state, p_element_value, v_on_behalf, p_withdrawn);

        if p_attested_at is not null then
            insert into tributary.attestation (attestation, jurisdiction, office, revision, received_at, reason, attested_by,
                                               actor, sequence, recorded_at)
            values (gen_random_uuid(), v_jurisdiction, p_office, id, p_attested_at, p_attested_reason, p_attested_by,
                    p_token, sequence, v_place.recorded_at);
        end if;

        if p_passed is not null then
            insert into tributary.review_start (revision, submission, number, jurisdiction, office, passed)
            values (id, v_submission, number, v_jurisdiction, p_office, p_passed);
        end if;

        if p_prepared is not null then
            perform tributary.end_prepared(p_prepared, 'released', p_id, null, p_token, v_place.sequence, v_place.recorded_at);
        end if;

        if p_personal is not null then
            insert into tributary.personal_value (revision, path, jurisdiction, office, salt, digest, value)
            select p_id, apart ->> 'path', v_jurisdiction, p_office,
                   decode(apart ->> 'salt', 'hex'), decode(apart ->> 'digest', 'hex'), (apart -> 'value')::text
            from jsonb_array_elements(p_personal) as apart;
        end if;
    end if;

    if p_key is not null then
        insert into tributary.idempotency (token, key, jurisdiction, request_sha256, revision)
        values (p_token, p_key, v_jurisdiction, p_request_sha256, id);
    end if;
end
$$;
revoke all on function tributary.record_submission from public;
grant execute on function tributary.record_submission to tributary_daemon;

-- Whether a revision had passed the stage that makes it official, and its submission wasn't withdrawn since, at a moment
-- (null: by now).
create or replace function tributary.is_official(p_submission bigint, p_number integer, p_as_of timestamptz) returns boolean
language sql stable parallel safe as $$
    select exists (select from tributary.review v
                   where v.submission = p_submission and v.number = p_number and v.official
                     and (p_as_of is null or v.recorded_at <= p_as_of))
       and not exists (select from tributary.revision w
                       where w.submission = p_submission and w.number > p_number and w.withdrawn is not null
                         and (p_as_of is null or w.recorded_at <= p_as_of))
$$;

-- The one gate through which an office sees figures that other offices stand behind. Sums elements, and matched pairs
-- (p_ratios: [{"numerator":[positions],"denominator":[positions]}]), of one form over the units of a level.
-- A unit comes as
--   {"unit","expected","reported","missing":["office" or "office/period"],"provisional",
--    "elements":[{"position","value","offices","blank","not_yet","not_applicable"}],
--    "ratios":[{"numerator","denominator","counted","missing":[office],"uncounted_denominator","uncounted_unknown",
--               "sources":[{"office","submission","revision","numerator","denominator","provisional"}]}]}
-- with numbers as text, exact. Units that the caller may not see are left out, and so are sources of other offices.
--   p_level    office, group, city; all: all three in one answer
--   p_periods  the periods that are added; each names its ROC year in p_years
--   p_line     every period from the plan's first to the last one added, the latest first: along it the last known
--              denominator of an office that isn't counted is looked for
--   p_basis    latest: each submission's newest revision; official: the newest that passed the stage which its form's chain
--              marks official; p_as_of null: as it stands
-- In PL/pgSQL, and planned once for a connection: planning takes as long as answering, and a pack asks some twenty times.
drop function if exists tributary.unit_figures;
create function tributary.unit_figures(
    p_plan text, p_version integer, p_form text, p_level text,
    p_periods text[], p_years integer[], p_line text[], p_ratios jsonb, p_basis text, p_as_of timestamptz)
returns table (unit text, figures jsonb)
language plpgsql stable security definer set search_path = pg_catalog set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
return query
with caller as (
    select current_setting('tributary.jurisdiction', true) as jurisdiction,
           current_setting('tributary.role', true) as role,
           current_setting('tributary.office', true) as office
),
-- who stands behind which unit in which of the periods
member as materialized (
    select u.unit, u.unit_order, u.office, u.office_order, p.period, p.ordinal as period_order
    from caller c
    join tributary.plan_unit_office u
        on u.jurisdiction = c.jurisdiction and u.plan = p_plan and u.version = p_version and p_level in (u.level, 'all')
    join tributary.plan_form f
        on f.jurisdiction = u.jurisdiction and f.plan = u.plan and f.version = u.version and f.form = p_form
    join unnest(p_periods, p_years) with ordinality as p (period, year, ordinal)
        on p.year between u.from_year and u.to_year
    where (f.owed_by is null or u.office = any (f.owed_by))
      and (c.role in ('geo', 'dbas', 'supervision', 'admin', 'auditor')
           or (c.role = 'office' and (
               u.level = 'city'
               or (u.level = 'office' and u.unit = c.office)
               or (u.level = 'group' and exists (
                   select from tributary.plan_unit_office own
                   where own.jurisdiction = u.jurisdiction and own.plan = u.plan and own.version = u.version
                     and own.level = 'group' and own.unit = u.unit and own.office = c.office
                     and own.from_year <= any (p_years) and own.to_year >= any (p_years))))))
),
-- the revision that counts for each office and period (several for event forms); `offset 0` makes the planner look each
-- office's submission up by its whole key, even where it believes the form's submissions so few that it might read them all
counting as materialized (
    select m.office, m.period, r.id, r.number, r.reported, r.provisional, r.element_state, r.element_value
    from (select distinct office, period from member) m
    cross join caller c
    cross join lateral (
        select s.submission
        from tributary.submission s
        where s.jurisdiction = c.jurisdiction and s.plan = p_plan and s.form = p_form
          and s.period = m.period and s.office = m.office
        offset 0) s
    cross join lateral (
        select r.id, r.number, r.reported, r.provisional, r.element_state, r.element_value, r.withdrawn
        from tributary.revision r
        where r.submission = s.submission and (p_as_of is null or r.recorded_at <= p_as_of)
          and (p_basis = 'latest' or tributary.is_official(r.submission, r.number, p_as_of))
        order by r.number desc
        limit 1) r
    where p_basis in ('latest', 'official') and r.withdrawn is null
),
element_of_office as (
    select k.office, k.period, e.position, k.element_value[e.position] as value,
           coalesce(nullif(substr(k.element_state, e.position, 1), ''), 'b') as state
    from counting k
    cross join caller c
    join tributary.element e on e.jurisdiction = c.jurisdiction and e.plan = p_plan and e.form = p_form
),
element_of_unit as (
    select m.unit, e.position, sum(e.value) as value,
           count(*) filter (where e.state = 'v') as offices, count(*) filter (where e.state = 'b') as blank,
           count(*) filter (where e.state = 'n') as not_yet, count(*) filter (where e.state = 'x') as not_applicable
    from member m
    join element_of_office e on e.office = m.office and e.period = m.period
    group by m.unit, e.position
),
elements as materialized (
    select unit,
           jsonb_agg(jsonb_build_object('position', position, 'value', value::text, 'offices', offices, 'blank', blank,
                                        'not_yet', not_yet, 'not_applicable', not_applicable)) as list
    from element_of_unit
    group by unit
),
coverage as (
    select m.unit, m.unit_order, count(*) as expected,
           count(*) filter (where k.reported) as reported,
           coalesce(bool_or(k.provisional), false) as provisional,
           coalesce(jsonb_agg(case when cardinality(p_periods) = 1 then m.office else m.office || '/' || m.period end
                              order by m.office_order, m.period_order) filter (where k.reported is not true), '[]') as missing
    from member m
    left join (
        select office, period, bool_or(reported) as reported, bool_or(provisional) as provisional
        from counting
        group by office, period) k on k.office = m.office and k.period = m.period
    group by m.unit, m.unit_order
),
ratio as (
    select ordinality as ratio,
           array(select jsonb_array_elements_text(spec -> 'numerator')::integer) as numerator,
           array(select jsonb_array_elements_text(spec -> 'denominator')::integer) as denominator
    from jsonb_array_elements(p_ratios) with ordinality as r (spec, ordinality)
),
-- both sides of each pair per office and period; null where not every element is a value
pair as materialized (
    select q.ratio, k.office, k.period, k.id, k.number, k.provisional,
           (select case when count(k.element_value[i]) = cardinality(q.numerator) then sum(k.element_value[i]) end
            from unnest(q.numerator) i) as numerator,
           (select case when count(k.element_value[i]) = cardinality(q.denominator) then sum(k.element_value[i]) end
            from unnest(q.denominator) i) as denominator
    from ratio q
    cross join counting k
),
-- the last known denominator where an office isn't counted: this period's, else the latest earlier one's
last_known as (
    select q.ratio, m.office, m.period,
           (select known.denominator
            from caller c
            cross join unnest(p_line) with ordinality as t (period, ordinal)
            cross join lateral (
                select s.submission
                from tributary.submission s
                where s.jurisdiction = c.jurisdiction and s.plan = p_plan and s.form = p_form
                  and s.period = t.period and s.office = m.office
                offset 0) s
            cross join lateral (
                select r.element_value
                from tributary.revision r
                where r.submission = s.submission and (p_as_of is null or r.recorded_at <= p_as_of)
                  and (p_basis = 'latest' or tributary.is_official(r.submission, r.number, p_as_of))
                order by r.number desc
                limit 1) r
            cross join lateral (
                select case when count(r.element_value[i]) = cardinality(q.denominator) then sum(r.element_value[i]) end as denominator
                from unnest(q.denominator) i) known
            where p_basis in ('latest', 'official') and t.ordinal >= array_position(p_line, m.period) and known.denominator is not null
            order by t.ordinal
            limit 1) as denominator
    from ratio q
    cross join (select distinct office, period from member) m
    where not exists (
        select from pair p
        where p.ratio = q.ratio and p.office = m.office and p.period = m.period
          and p.numerator is not null and p.denominator is not null)
),
ratio_of_unit as (
    select m.unit, q.ratio,
           jsonb_build_object(
               'numerator', sum(p.numerator)::text,
               'denominator', sum(p.denominator)::text,
               'counted', count(p.office),
               'provisional', coalesce(bool_or(p.provisional), false),
               'missing', coalesce(jsonb_agg(case when cardinality(p_periods) = 1 then m.office else m.office || '/' || m.period end
                                             order by m.office_order, m.period_order) filter (where p.office is null), '[]'),
               'uncounted_denominator', coalesce(sum(k.denominator), 0)::text,
               'uncounted_unknown', count(*) filter (where p.office is null and k.denominator is null),
               'sources', coalesce(jsonb_agg(jsonb_build_object(
                       'office', p.office, 'period', p.period, 'submission', p.id, 'revision', p.number,
                       'numerator', p.numerator::text, 'denominator', p.denominator::text, 'provisional', p.provisional)
                       order by m.office_order, m.period_order)
                   filter (where p.office is not null and (c.role <> 'office' or p.office = c.office)), '[]')) as figures
    from member m
    cross join caller c
    cross join ratio q
    left join pair p
        on p.ratio = q.ratio and p.office = m.office and p.period = m.period
       and p.numerator is not null and p.denominator is not null
    left join last_known k on k.ratio = q.ratio and k.office = m.office and k.period = m.period
    group by m.unit, q.ratio
),
ratios as materialized (
    select unit, jsonb_agg(figures order by ratio) as list
    from ratio_of_unit
    group by unit
)
select v.unit,
       jsonb_build_object('unit', v.unit, 'expected', v.expected, 'reported', v.reported, 'missing', v.missing,
                          'provisional', v.provisional, 'elements', coalesce(e.list, '[]'), 'ratios', coalesce(q.list, '[]'))
from coverage v
left join elements e on e.unit = v.unit
left join ratios q on q.unit = v.unit
order by v.unit_order;
end
$$;
revoke all on function tributary.unit_figures from public;
grant execute on function tributary.unit_figures to tributary_daemon;

-- A text as its digest in hexadecimal: texts may name people, and the log keeps what it says.
create or replace function tributary.text_sha256(p_text text) returns text
language sql immutable strict parallel safe as $$ select encode(sha256(convert_to(p_text, 'UTF8')), 'hex') $$;

-- For acts (ledger/act.h): whether this Idempotency-Key was answered before; no outcome: it wasn't, or there is none.
drop function if exists tributary.find_key;
create function tributary.find_key(p_token uuid, p_key text, p_request_sha256 bytea, out outcome text, out id text)
language sql stable as $$
    select case when i.request_sha256 = p_request_sha256 then 'replay' else 'idempotency_conflict' end, i.revision::text
    from tributary.idempotency i
    where i.token = p_token and i.key = p_key
$$;

-- Keeps what a key was answered with: the id of whatever was recorded.
drop function if exists tributary.keep_key;
create function tributary.keep_key(p_token uuid, p_key text, p_request_sha256 bytea, p_id uuid) returns void
language sql as $$
    insert into tributary.idempotency (token, key, jurisdiction, request_sha256, revision)
    select p_token, p_key, current_setting('tributary.jurisdiction'), p_request_sha256, p_id
    where p_key is not null
$$;

-- The proof that an entry is in the log, for whoever may read the revision it is about: its batch's leaves.
drop function if exists tributary.revision_proof;
create function tributary.revision_proof(p_id uuid)
returns table (entry text, sequence bigint, first_sequence bigint, last_sequence bigint, previous_head bytea, head bytea,
               key text, signature bytea, leaves bytea)
language sql stable security definer set search_path = pg_catalog as $$
    select mine.entry, mine.sequence, b.first_sequence, b.last_sequence, b.previous_head, b.head, b.key, b.signature,
           (select string_agg(e.leaf, ''::bytea order by e.sequence)
            from tributary.log_entry e
            where e.jurisdiction = mine.jurisdiction and e.sequence between b.first_sequence and b.last_sequence)
    from tributary.revision r
    join tributary.log_entry mine on mine.jurisdiction = r.jurisdiction and mine.sequence = r.sequence
    join tributary.log_batch b on b.jurisdiction = mine.jurisdiction and b.batch = mine.batch
    where r.id = p_id
      and (tributary.may_read_all(r.jurisdiction) or tributary.is_own(r.jurisdiction, r.office))
$$;
revoke all on function tributary.revision_proof from public;
grant execute on function tributary.revision_proof to tributary_daemon;

-- The number of the newest entry of each log: the version of everything a daemon may have cached.
create or replace function tributary.log_versions()
returns table (jurisdiction text, sequence bigint)
language sql stable security definer set search_path = pg_catalog as $$
    select h.jurisdiction, h.sequence from tributary.log_head h
$$;
revoke all on function tributary.log_versions() from public;
grant execute on function tributary.log_versions() to tributary_daemon;

-- Waits until every batch that was open in a jurisdiction's log has ended, if p_as_of is so late that one may still
-- record something at or before it. The database's clock decides, because it gives the moments.
drop function if exists tributary.settle(text);
create or replace function tributary.settle(p_jurisdiction text, p_as_of timestamptz) returns void
language plpgsql as $$
begin
    if p_as_of > clock_timestamp() - interval '60 seconds' then
        perform pg_advisory_xact_lock_shared(7418202, hashtext(p_jurisdiction));
    end if;
end
$$;
