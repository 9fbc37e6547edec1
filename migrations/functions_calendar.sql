-- functions_calendar.sql: extensions and calendar feeds; reloadable like functions.sql.

-- An extension of a due date, or (without p_until) its end. Answers as ledger/act.h says; refused for the reasons
--   not_extended   there is none to take back
drop function if exists tributary.record_extension;
create function tributary.record_extension(
    p_id uuid, p_plan text, p_office text, p_form text, p_period text, p_until date, p_reason text, p_granted_by text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_place        record;
    v_current      record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select e.id, e.until, e.reason, e.granted_by into v_current
    from tributary.extension e
    where e.jurisdiction = v_jurisdiction and e.plan = p_plan and e.office = p_office and e.form = p_form and e.period = p_period
    order by e.sequence desc
    limit 1;
    -- its own, if the commit lost its answer and it comes again
    if v_current.id = p_id
        or (v_current.until, v_current.reason, v_current.granted_by) is not distinct from (p_until, p_reason, p_granted_by) then
        outcome := 'unchanged';
        id := v_current.id;
    elsif p_until is null and v_current.until is null then
        outcome := 'not_extended';
        return;
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.extension (
            id, jurisdiction, plan, office, form, period, until, reason, granted_by, token, sequence, recorded_at)
        values (p_id, v_jurisdiction, p_plan, p_office, p_form, p_period, p_until, p_reason, p_granted_by, p_token,
                sequence, v_place.recorded_at);
        said := jsonb_build_object(
            'extension', p_id, 'plan', p_plan, 'office', p_office, 'form', p_form, 'period', p_period, 'until', p_until,
            'reason', p_reason, 'granted_by', p_granted_by);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_extension from public;
grant execute on function tributary.record_extension to tributary_daemon;

-- What is owed and what came of it: one row for each office that owes the form of each position of the arrays, as it was
-- at p_as_of (null: as it stands). Sees the rows that the caller sees.
--   p_forms, p_periods, p_years   the form, its period, and the ROC year whose offices owe it
--   p_due_dates                   the day that counts, after moving
--   p_wheres, p_equals, p_least   for forms of events: how many events whose field says so discharge the year
--   p_utc_offset                  seconds that days begin before those of Greenwich
-- A receipt discharges if it reports, isn't provisional and (of an event) says what is asked. The first one that does
-- decides timeliness, whatever comes later, as long as the submission still reports; an attested receipt came when it is
-- attested to have come (attested says by whom and why). What was withdrawn since decides nothing.
drop function if exists tributary.unit_timeliness;
drop function if exists tributary.obligation_facts;
create function tributary.obligation_facts(
    p_plan text, p_version integer, p_office text, p_forms text[], p_periods text[], p_years integer[], p_due_dates date[],
    p_wheres text[], p_equals text[], p_least integer[], p_utc_offset integer, p_as_of timestamptz)
returns table (place integer, office text, office_order integer, due_date date, due_end timestamptz,
               until date, reason text, granted_by text, granted_at timestamptz,
               discharged boolean, timeliness text, first_received_at timestamptz,
               submission uuid, revision integer, provisional boolean, events bigint,
               extension_changes bigint, extension_changed_at timestamptz, attested jsonb)
language sql stable as $$
with owed as (
    select a.place::integer as place, a.form, a.period, a.due_date, a.field, a.equals, a.least, u.office, u.office_order,
           (a.due_date + 1)::timestamp at time zone 'UTC' - make_interval(secs => p_utc_offset) as due_end
    from unnest(p_forms, p_periods, p_years, p_due_dates, p_wheres, p_equals, p_least)
        with ordinality as a (form, period, year, due_date, field, equals, least, place)
    join tributary.plan_unit_office u
        on u.jurisdiction = current_setting('tributary.jurisdiction') and u.plan = p_plan and u.version = p_version
       and u.level = 'office' and a.year between u.from_year and u.to_year
    join tributary.plan_form f
        on f.jurisdiction = u.jurisdiction and f.plan = u.plan and f.version = u.version and f.form = a.form
    where (f.owed_by is null or u.office = any (f.owed_by)) and (p_office is null or u.office = p_office)
),
-- several events of a year are one obligation; of a form without events there is one submission at most
state as (
    select o.*, t.events, t.events >= o.least as discharged,
           case when t.events >= o.least then t.received[o.least] end as first_received_at,
           case when t.events >= o.least then t.attested[o.least] end as attested,
           t.ids[greatest(1, least(t.events, o.least))] as id, t.numbers[greatest(1, least(t.events, o.least))] as number,
           coalesce(t.provisional, false) as provisional,
           e.until, e.reason, e.granted_by, e.recorded_at as granted_at, c.changes, c.changed_at,
           (e.until + 1)::timestamp at time zone 'UTC' - make_interval(secs => p_utc_offset) as extended_end
    from owed o
    cross join lateral (
        select count(*) filter (where now.discharges) as events, bool_or(now.provisional) as provisional,
               array_agg(now.id order by first.received_at nulls last, now.id) as ids,
               array_agg(now.number order by first.received_at nulls last, now.id) as numbers,
               array_agg(first.received_at order by first.received_at nulls last, now.id) as received,
               array_agg(first.attested order by first.received_at nulls last, now.id) as attested
        from (
            select s.submission
            from tributary.submission s
            where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = p_plan and s.form = o.form
              and s.period = o.period and s.office = o.office
            offset 0) s
        cross join lateral (
            select r.id, r.number, r.provisional,
                   r.reported and not r.provisional
                   and case when o.field is null then true
                            else coalesce(r.document::jsonb -> 'fields' ->> o.field = o.equals, false) end as discharges
            from tributary.revision r
            where r.submission = s.submission and (p_as_of is null or r.recorded_at <= p_as_of)
            order by r.number desc
            limit 1) now
        left join lateral (
            select coalesce(a.received_at, r.received_at) as received_at, a.attested
            from tributary.revision r
            left join lateral tributary.attestation_in_force(r.id, p_as_of) a on true
            where r.submission = s.submission and (p_as_of is null or r.recorded_at <= p_as_of)
              and r.reported and not r.provisional
              and case when o.field is null then true
                       else coalesce(r.document::jsonb -> 'fields' ->> o.field = o.equals, false) end
              and r.number > coalesce((select max(w.number)
                                       from tributary.revision w
                                       where w.submission = s.submission and w.withdrawn is not null
                                         and (p_as_of is null or w.recorded_at <= p_as_of)), 0)
            order by coalesce(a.received_at, r.received_at), r.number
            limit 1) first on now.discharges) t
    left join lateral (
        select e.until, e.reason, e.granted_by, e.recorded_at
        from tributary.extension e
        where e.jurisdiction = current_setting('tributary.jurisdiction') and e.plan = p_plan and e.office = o.office
          and e.form = o.form and e.period = o.period and (p_as_of is null or e.recorded_at <= p_as_of)
        order by e.sequence desc
        limit 1) e on e.until is not null
    cross join lateral (
        select count(*) as changes, max(e.recorded_at) as changed_at
        from tributary.extension e
        where e.jurisdiction = current_setting('tributary.jurisdiction') and e.plan = p_plan and e.office = o.office
          and e.form = o.form and e.period = o.period and (p_as_of is null or e.recorded_at <= p_as_of)) c
)
select s.place, s.office, s.office_order, greatest(s.due_date, s.until), greatest(s.due_end, s.extended_end),
       s.until, s.reason, s.granted_by, s.granted_at, s.discharged,
       case when not s.discharged then 'none'
            when s.first_received_at < s.due_end then 'on_time'
            when s.first_received_at < s.extended_end then 'excused'
            else 'late' end,
       s.first_received_at, s.id, s.number, s.provisional, s.events, s.changes, s.changed_at, s.attested
from state s
$$;
revoke all on function tributary.obligation_facts from public;
grant execute on function tributary.obligation_facts to tributary_daemon;

-- The gate through which an office sees how complete and how timely its group and the city are, without the rows of the
-- others. Arrays as in obligation_facts; p_now decides what is past due.
create function tributary.unit_timeliness(
    p_plan text, p_version integer, p_level text, p_forms text[], p_periods text[], p_years integer[], p_due_dates date[],
    p_wheres text[], p_equals text[], p_least integer[], p_utc_offset integer, p_as_of timestamptz, p_now timestamptz)
returns table (place integer, unit text, unit_order integer, expected bigint, received bigint, on_time bigint, late bigint,
               excused bigint, outstanding bigint)
language sql stable security definer set search_path = pg_catalog as $$
with caller as (
    select current_setting('tributary.jurisdiction', true) as jurisdiction,
           current_setting('tributary.role', true) as role,
           current_setting('tributary.office', true) as office
)
select f.place, u.unit, u.unit_order, count(*), count(*) filter (where f.discharged),
       count(*) filter (where f.timeliness = 'on_time'), count(*) filter (where f.timeliness = 'late'),
       count(*) filter (where f.timeliness = 'excused'), count(*) filter (where not f.discharged and f.due_end <= p_now)
from caller c
cross join tributary.obligation_facts(p_plan, p_version, null, p_forms, p_periods, p_years, p_due_dates, p_wheres, p_equals,
                                      p_least, p_utc_offset, p_as_of) f
join tributary.plan_unit_office u
    on u.jurisdiction = c.jurisdiction and u.plan = p_plan and u.version = p_version and u.level = p_level
   and u.office = f.office and p_years[f.place] between u.from_year and u.to_year
where c.role in ('geo', 'dbas', 'supervision', 'admin', 'auditor')
   or (c.role = 'office' and (
       p_level = 'city'
       or (p_level = 'office' and u.unit = c.office)
       or (p_level = 'group' and exists (
           select from tributary.plan_unit_office own
           where own.jurisdiction = u.jurisdiction and own.plan = u.plan and own.version = u.version
             and own.level = 'group' and own.unit = u.unit and own.office = c.office
             and p_years[f.place] between own.from_year and own.to_year))))
group by f.place, u.unit, u.unit_order
order by f.place, u.unit_order
$$;
revoke all on function tributary.unit_timeliness from public;
grant execute on function tributary.unit_timeliness to tributary_daemon;

-- A new feed. Its secret is never stored: p_secret_hash is the SHA-256 of what stands in the address.
drop function if exists tributary.record_calendar_feed;
create function tributary.record_calendar_feed(
    p_id uuid, p_plan text, p_office text, p_secret_hash bytea,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_place record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_id;
    -- its own, if the commit lost its answer and it comes again
    if exists (select from tributary.calendar_feed f where f.id = p_id) then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.calendar_feed (id, jurisdiction, plan, office, secret_hash, token, sequence, recorded_at)
    values (p_id, current_setting('tributary.jurisdiction'), p_plan, p_office, p_secret_hash, p_token, sequence,
            v_place.recorded_at);
    said := jsonb_build_object('feed', p_id, 'plan', p_plan, 'office', p_office,
                               'secret_sha256', encode(p_secret_hash, 'hex'));
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_calendar_feed from public;
grant execute on function tributary.record_calendar_feed to tributary_daemon;

-- Takes a feed back. Refused for the reasons
--   not_found   the caller sees no such feed
--   forbidden   the caller may not take it back
drop function if exists tributary.revoke_calendar_feed;
create function tributary.revoke_calendar_feed(
    p_feed uuid, p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_feed  record;
    v_place record;
begin
    select f.id, f.jurisdiction, f.office, f.token into v_feed from tributary.calendar_feed f where f.id = p_feed;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    if current_setting('tributary.role') not in ('geo', 'admin')
        and not tributary.is_caller(v_feed.jurisdiction, v_feed.token)
        and not coalesce(tributary.is_own(v_feed.jurisdiction, v_feed.office), false) then
        outcome := 'forbidden';
        return;
    end if;
    id := p_feed;
    if exists (select from tributary.calendar_feed_revocation r where r.feed = p_feed) then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.calendar_feed_revocation (feed, jurisdiction, office, token, sequence, recorded_at)
    values (p_feed, v_feed.jurisdiction, v_feed.office, p_token, sequence, v_place.recorded_at);
    said := jsonb_build_object('feed', p_feed, 'office', v_feed.office);
end
$$;
revoke all on function tributary.revoke_calendar_feed from public;
grant execute on function tributary.revoke_calendar_feed to tributary_daemon;

-- The feed behind a secret: whoever bears it needs no token.
drop function if exists tributary.calendar_feed_of;
create function tributary.calendar_feed_of(p_secret_hash bytea)
returns table (feed uuid, jurisdiction text, plan text, office text)
language sql stable security definer set search_path = pg_catalog as $$
    select f.id, f.jurisdiction, f.plan, f.office
    from tributary.calendar_feed f
    where f.secret_hash = p_secret_hash
      and not exists (select from tributary.calendar_feed_revocation r where r.feed = f.id)
$$;
revoke all on function tributary.calendar_feed_of from public;
grant execute on function tributary.calendar_feed_of to tributary_daemon;
