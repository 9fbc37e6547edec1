-- functions_decisions.sql: decisions and their tracking, read; reloadable like functions.sql.

-- ---- the meeting of a decision -------------------------------------------------------------------------------------

-- The day and the state of a meeting at a moment (null: now), for an owner of a decision that was made, ruled or spoken of at
-- it, who doesn't see the meeting itself. No row for others.
drop function if exists tributary.decision_meeting_stood;
create function tributary.decision_meeting_stood(p_meeting uuid, p_as_of timestamptz) returns table (day date, state text)
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(s.day, m.held_on), coalesce(s.state, 'held')
    from tributary.meeting m
    left join lateral (
        select t.day, t.state from tributary.meeting_step t
        where t.meeting = m.meeting and (p_as_of is null or t.recorded_at <= p_as_of)
        order by t.sequence desc
        limit 1) s on true
    where m.meeting = p_meeting and m.jurisdiction = current_setting('tributary.jurisdiction')
      and exists (select from (
                      select d.decision from tributary.decision d where d.meeting = p_meeting
                      union all
                      select r.decision from tributary.decision_ruling r where r.meeting = p_meeting
                      union all
                      select f.decision from tributary.decision_outcome x join tributary.decision_referral f using (referral)
                      where x.meeting = p_meeting) at
                  cross join lateral (
                      select from tributary.decision_owner o
                      where o.decision = at.decision and tributary.is_own(o.jurisdiction, o.office)
                      limit 1) own)
$$;
revoke all on function tributary.decision_meeting_stood from public;
grant execute on function tributary.decision_meeting_stood to tributary_daemon;

-- The day and the state of a meeting, or of the record of one (p_day_field: the field of the form that says the day), at a
-- moment (null: now). No row: the caller sees none. One recorded by its day only was held.
drop function if exists tributary.decision_meeting;
create function tributary.decision_meeting(p_meeting uuid, p_record uuid, p_day_field text, p_as_of timestamptz)
returns table (day date, state text)
language sql stable as $$
    select coalesce(s.day, m.held_on), coalesce(s.state, 'held')
    from tributary.meeting m
    left join lateral (
        select t.day, t.state from tributary.meeting_step t
        where t.meeting = m.meeting and (p_as_of is null or t.recorded_at <= p_as_of)
        order by t.sequence desc
        limit 1) s on true
    where m.meeting = p_meeting and m.jurisdiction = current_setting('tributary.jurisdiction')
    union all
    select s.day, s.state from tributary.decision_meeting_stood(p_meeting, p_as_of) s
    where not exists (select from tributary.meeting m where m.meeting = p_meeting)
    union all
    select case when jsonb_typeof(f.day) = 'string' and f.day #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then (f.day #>> '{}')::date end,
           'on_record'
    from tributary.revision r
    cross join lateral (select r.document::jsonb -> 'fields' -> p_day_field as day) f
    where r.id = p_record and r.jurisdiction = current_setting('tributary.jurisdiction')
$$;

-- What is resolved on the item of a decision at a moment (null: now), where that isn't what it says: it was resolved otherwise
-- since the decision was recorded, or between its being read and recorded.
--   followed      what the decision says was resolved on the item once; else it was recorded in other words
--   reason, recorded_at   of the act that made it so
-- An owner who doesn't see the meeting is told the text only where it follows, and no reason: it may be about other items.
-- No row: nothing differs, it is of no item, or the caller doesn't see the decision.
drop function if exists tributary.decision_correction;
create function tributary.decision_correction(p_decision uuid, p_as_of timestamptz)
returns table (text text, followed boolean, reason text, recorded_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
    with seen as (
        select d.*, tributary.sees_meeting(d.jurisdiction, d.plan, d.unit) as whole
        from tributary.decision d
        where d.decision = p_decision and d.jurisdiction = current_setting('tributary.jurisdiction')
          and (tributary.sees_body(d.jurisdiction, d.plan, d.unit) or tributary.is_own(d.jurisdiction, d.unit)
               or tributary.owns_decision(d.decision))
    ),
    texts as (
        select r.text, r.reason, r.sequence, r.recorded_at, lag(r.text) over (order by r.sequence) as before
        from seen d
        join tributary.meeting_resolution r on r.meeting = d.meeting and r.item = d.item
        where p_as_of is null or r.recorded_at <= p_as_of
    ),
    newest as (
        select t.* from texts t where t.text is distinct from t.before order by t.sequence desc limit 1
    )
    select case when d.whole or f.followed then n.text end, f.followed, case when d.whole then n.reason end, n.recorded_at
    from seen d
    cross join newest n
    cross join lateral (
        select exists (select from texts t where t.text = d.text) as followed,
               (select t.text from texts t where t.sequence < d.sequence order by t.sequence desc limit 1) as then) f
    where n.text <> d.text and (f.followed or n.text is distinct from f.then)
$$;
revoke all on function tributary.decision_correction from public;
grant execute on function tributary.decision_correction to tributary_daemon;

-- Whether a meeting, or the record of one, took place, so that it can decide and rule.
drop function if exists tributary.decision_meeting_was_held;
create function tributary.decision_meeting_was_held(p_meeting uuid, p_record uuid) returns boolean
language plpgsql stable as $$
begin
    return coalesce((select tributary.took_place(m.state) from tributary.decision_meeting(p_meeting, p_record, null, null) m),
                    false);
end
$$;

-- Where something was decided: a meeting, or the record of one of an office's own task group, by its id; with p_body also by
-- its day (the newest of several) among the meetings of that body and unit, or the records in p_form of that office.
--   year   the ROC year whose meeting it is;   form   of a record; null: a meeting
drop function if exists tributary.decision_place;
create function tributary.decision_place(p_id uuid, p_day date, p_body text, p_unit text, p_form text, p_day_field text)
returns table (meeting uuid, record uuid, plan text, body text, unit text, year integer, form text, day date, state text)
language sql stable as $$
    select m.meeting, null::uuid, m.plan, m.body, m.unit,
           coalesce(m.year, extract(year from d.day)::integer - 1911), null::text, d.day, d.state
    from tributary.meeting m
    cross join lateral tributary.decision_meeting(m.meeting, null, null, null) d
    where m.jurisdiction = current_setting('tributary.jurisdiction')
      and (m.meeting = p_id or (d.day = p_day and m.body = p_body and m.unit is not distinct from p_unit
                                and d.state <> 'cancelled'))
    union all
    select null, r.id, s.plan, null, s.office, substring(s.period from '^[0-9]+')::integer, s.form, d.day, d.state
    from tributary.submission s
    cross join lateral (select n.id, n.reported from tributary.revision n
                        where n.submission = s.submission
                        order by n.number desc
                        limit 1) r
    cross join lateral tributary.decision_meeting(null, r.id, p_day_field, null) d
    where s.jurisdiction = current_setting('tributary.jurisdiction') and r.reported
      and (s.submission = (select k.submission from tributary.revision k where k.id = p_id)
           or (d.day = p_day and s.form = p_form and s.office = p_unit))
    order by 8 desc
    limit 1
$$;

-- ---- reading -------------------------------------------------------------------------------------------------------

-- Whether a decision was withdrawn at a moment (null: now): it was recorded by mistake.
create or replace function tributary.decision_is_withdrawn(p_decision uuid, p_as_of timestamptz) returns boolean
language sql stable as $$
    select exists (select from tributary.decision_withdrawal w
                   where w.decision = p_decision and (p_as_of is null or w.recorded_at <= p_as_of))
$$;

-- Whether something is resolved on an item that carries a decision up, as its meeting's agenda stands now: also for an office
-- that doesn't see the meeting. No more than decisions that the caller sees are told of.
drop function if exists tributary.resolved_above;
create function tributary.resolved_above(p_decision uuid) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
    select exists (select from tributary.decision d
                   join tributary.decision_referral r using (decision)
                   join tributary.meeting_agenda_item i on i.referral = r.referral and i.jurisdiction = d.jurisdiction
                   join tributary.meeting_agenda a on a.jurisdiction = i.jurisdiction and a.sequence = i.sequence
                   join tributary.meeting_resolution m on m.meeting = a.meeting and m.item = i.item
                   where d.decision = p_decision and d.jurisdiction = current_setting('tributary.jurisdiction')
                     and not exists (select from tributary.meeting_agenda n where n.meeting = a.meeting and n.sequence > a.sequence)
                     and (tributary.sees_body(d.jurisdiction, d.plan, d.unit) or tributary.is_own(d.jurisdiction, d.unit)
                          or tributary.owns_decision(d.decision)))
$$;
revoke all on function tributary.resolved_above from public;
grant execute on function tributary.resolved_above to tributary_daemon;

-- The calendar day of a moment where clocks are p_utc_offset seconds ahead of UTC.
create or replace function tributary.local_day(p_moment timestamptz, p_utc_offset integer) returns date
language sql immutable parallel safe as $$
    select ((p_moment at time zone 'UTC') + make_interval(secs => p_utc_offset))::date
$$;

-- Since when what a decision asks for counts, of an office that owns it: since it was recorded, or the first decision of the
-- same item that asked the office for the same form and was withdrawn since: what was given then stays given.
drop function if exists tributary.asked_since;
create function tributary.asked_since(d tributary.decision, p_office text) returns timestamptz
language sql stable as $$
    select least(d.recorded_at,
                 (select min(b.recorded_at)
                  from tributary.decision b
                  where b.meeting = d.meeting and b.item = d.item and b.jurisdiction = d.jurisdiction and b.sequence < d.sequence
                    and (b.asks_form, b.asks_period) = (d.asks_form, d.asks_period)
                    and tributary.decision_is_withdrawn(b.decision, d.recorded_at)
                    and exists (select from tributary.decision_owner o where o.decision = b.decision and o.office = p_office)))
$$;

-- How an owner stands after the newest ruling (null: none yet).
create or replace function tributary.owner_state(p_outcome text) returns text
language sql immutable parallel safe as $$
    select case p_outcome when 'close' then 'closed' when 'hand_over' then 'handed_over' else 'open' end
$$;

-- The files that a report of progress attaches.
create or replace function tributary.progress_attachments(p_progress uuid) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('attachment', a.attachment, 'name', a.name, 'type', a.type, 'size', c.size,
                                                 'sha256', encode(c.sha256, 'hex')) order by a.place), '[]')
    from tributary.decision_attachment a
    join tributary.attachment_content c using (content)
    where a.progress = p_progress
$$;

-- What the owners of a decision reported and what was ruled, at a moment (null: now).
--   open          how many owners are neither closed nor handed over; of a decision that was withdrawn none is
--   open_before   the same, without what was ruled at the meeting p_meeting (null: none) and at later ones, and without a
--                 withdrawal
--   due_on        the earliest day of the owners that are open;   overdue_days   past it on p_today; 0: none. An owner that
--                 proposed to close or hand over since what was last ruled of it has done its part: the meeting's turn it is
drop function if exists tributary.decision_owners_at;
create function tributary.decision_owners_at(
    p_decision uuid, p_due_on date, p_today date, p_meeting uuid, p_day_field text, p_as_of timestamptz)
returns table (owners jsonb, open bigint, open_before bigint, due_on date, overdue_days integer)
language sql stable as $$
    with ruled as (
        select r.*, d.day,
               exists (select from tributary.decision_ruling x
                       left join tributary.revision k on k.id = x.meeting_record
                       where x.decision = r.decision and x.owner = r.owner and x.sequence > r.sequence
                         and (p_as_of is null or x.recorded_at <= p_as_of)
                         and coalesce(x.meeting = r.meeting, k.submission = s.submission, false)) as replaced
        from tributary.decision_ruling r
        left join tributary.revision s on s.id = r.meeting_record
        left join lateral tributary.decision_meeting(r.meeting, r.meeting_record, p_day_field, p_as_of) d on true
        where r.decision = p_decision and (p_as_of is null or r.recorded_at <= p_as_of)
    ),
    stood as (
        select o.place, o.office, o.agency,
               case when w.withdrawn then 'withdrawn' else tributary.owner_state(n.outcome) end as state,
               tributary.owner_state(b.outcome) as before, coalesce(l.due_on, p_due_on) as due_on,
               coalesce(p.proposes in ('close', 'hand_over') and p.sequence > coalesce(n.sequence, 0), false) as waits
        from tributary.decision_owner o
        cross join (select tributary.decision_is_withdrawn(p_decision, p_as_of) as withdrawn) w
        left join lateral tributary.decision_meeting(p_meeting, null, p_day_field, p_as_of) held on true
        left join lateral (select r.outcome, r.sequence from ruled r where r.owner = o.place
                           order by r.sequence desc limit 1) n on true
        left join lateral (select g.proposes, g.sequence from tributary.decision_progress g
                           where g.decision = p_decision and g.owner = o.place
                             and (p_as_of is null or g.recorded_at <= p_as_of)
                           order by g.sequence desc limit 1) p on true
        left join lateral (select r.outcome from ruled r
                           where r.owner = o.place and coalesce(r.meeting, r.meeting_record) is distinct from p_meeting
                             and (held.day is null or r.day <= held.day)
                           order by r.sequence desc limit 1) b on true
        left join lateral (select r.due_on from ruled r where r.owner = o.place and r.due_on is not null and not r.replaced
                           order by r.sequence desc limit 1) l on true
        where o.decision = p_decision
    ),
    late as (
        select s.*, case when s.state = 'open' and not s.waits and s.due_on < p_today then p_today - s.due_on
                    else 0 end as overdue_days
        from stood s
    )
    select jsonb_agg(jsonb_build_object(
               'owner', s.place, 'office', s.office, 'agency', s.agency, 'state', s.state, 'due_on', s.due_on,
               'waits', s.state = 'open' and s.waits, 'overdue_days', s.overdue_days,
               'progress', (select coalesce(jsonb_agg(jsonb_build_object(
                                'progress', p.progress, 'text', p.text, 'proposes', p.proposes,
                                'recorded_at', tributary.log_moment(p.recorded_at),
                                'attachments', tributary.progress_attachments(p.progress)) order by p.sequence), '[]')
                            from tributary.decision_progress p
                            where p.decision = p_decision and p.owner = s.place
                              and (p_as_of is null or p.recorded_at <= p_as_of)),
               'rulings', (select coalesce(jsonb_agg(jsonb_build_object(
                               'ruling', r.ruling, 'meeting', coalesce(r.meeting, r.meeting_record), 'day', r.day,
                               'outcome', r.outcome, 'text', r.text, 'due_on', r.due_on, 'replaced', r.replaced,
                               'recorded_at', tributary.log_moment(r.recorded_at)) order by r.sequence), '[]')
                           from ruled r
                           where r.owner = s.place)) order by s.place),
           count(*) filter (where s.state = 'open'), count(*) filter (where s.before = 'open'),
           min(s.due_on) filter (where s.state = 'open'), coalesce(max(s.overdue_days), 0)::integer
    from late s
$$;

-- The bodies a decision was carried up to, and what each said, at a moment (null: now).
--   waits_for   of those, {"body","unit"} of each that has said nothing yet, but at the meeting p_meeting
drop function if exists tributary.decision_referrals_at;
create function tributary.decision_referrals_at(p_decision uuid, p_meeting uuid, p_as_of timestamptz)
returns table (referrals jsonb, waits_for jsonb)
language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object(
               'referral', r.referral, 'to_body', r.to_body, 'to_unit', r.to_unit, 'reason', r.reason,
               'recorded_at', tributary.log_moment(r.recorded_at), 'outcome', o.said) order by r.sequence), '[]'),
           coalesce(jsonb_agg(jsonb_build_object('body', r.to_body, 'unit', r.to_unit))
                    filter (where o.said is null or o.meeting = p_meeting), '[]')
    from tributary.decision_referral r
    left join lateral (
        select x.meeting, jsonb_build_object(
                   'outcome', x.outcome, 'text', x.text, 'meeting', x.meeting, 'day', d.day,
                   'recorded_at', tributary.log_moment(x.recorded_at)) as said
        from tributary.decision_outcome x
        left join lateral tributary.decision_meeting(x.meeting, null, null, p_as_of) d on true
        where x.referral = r.referral and (p_as_of is null or x.recorded_at <= p_as_of)
        order by x.sequence desc
        limit 1) o on true
    where r.decision = p_decision and (p_as_of is null or r.recorded_at <= p_as_of)
$$;

-- Decisions as they stood at a moment (null: now), in the order of their recording. Those of an earlier plan (of a year
-- before p_from) are there as long as they are open, and where what was withdrawn is asked for.
--   p_agenda   null: any; a body (with p_unit): what its agenda holds by itself, its own open ones and those carried up to it
--              that it hasn't spoken of; for the meeting p_meeting without what that meeting itself and later
--              ones decided and ruled; of one that took place with what it found recorded, withdrawn only after its day
--   p_code     with p_number: the unit whose body's it is, or the body of the city; or both with a hyphen between them
--   p_state    open, closed, withdrawn; null: any
--   said       its JSON without what only the plan knows. Its text follows the item from which it was taken over, word by
--              word, when that is corrected, until it is withdrawn; one that was written otherwise stays as it was written
drop function if exists tributary.decisions_at;
create function tributary.decisions_at(
    p_id uuid, p_plan text, p_from integer, p_body text, p_unit text, p_office text, p_year integer, p_code text, p_number integer,
    p_state text, p_agenda text, p_meeting uuid, p_today date, p_day_field text, p_utc_offset integer, p_after bigint,
    p_limit integer, p_as_of timestamptz)
returns table (sequence bigint, said jsonb)
language sql stable as $$
    select d.sequence, jsonb_build_object(
               'decision', d.decision, 'sequence', d.sequence, 'plan', d.plan, 'body', d.body, 'unit', d.unit,
               'year', d.year, 'place', d.number,
               'meeting', jsonb_build_object('id', coalesce(d.meeting, d.meeting_record), 'day', m.day,
                                             'record', d.meeting_record is not null),
               'item', d.item, 'kind', d.kind, 'title', d.title,
               'text', case when c.followed then c.text else d.text end,
               'correction', case when c.followed is not null then jsonb_build_object(
                   'before', d.text, 'text', c.text, 'followed', c.followed, 'reason', c.reason,
                   'recorded_at', tributary.log_moment(c.recorded_at)) end,
               'first_due_on', d.due_on, 'due_on', case when o.open > 0 then o.due_on else d.due_on end,
               'asks', case when d.asks is not null or d.asks_form is not null then
                   jsonb_build_object('form', d.asks_form, 'period', d.asks_period, 'text', d.asks) end,
               'owners', o.owners, 'state', s.state,
               'withdrawn', case when w.decision is not null then jsonb_build_object(
                   'reason', w.reason, 'recorded_at', tributary.log_moment(w.recorded_at)) end,
               'overdue', o.overdue_days > 0, 'overdue_days', o.overdue_days, 'referrals', f.referrals,
               'resolved_above', f.referrals <> '[]' and tributary.resolved_above(d.decision),
               'agenda', a.entry, 'recorded_at', tributary.log_moment(d.recorded_at))
    from tributary.decision d
    cross join lateral tributary.decision_owners_at(d.decision, d.due_on, p_today, p_meeting, p_day_field, p_as_of) o
    cross join lateral tributary.decision_referrals_at(d.decision, p_meeting, p_as_of) f
    left join lateral tributary.decision_meeting(d.meeting, d.meeting_record, p_day_field, p_as_of) m on true
    left join lateral tributary.decision_meeting(p_meeting, null, p_day_field, p_as_of) h on true
    left join tributary.decision_withdrawal w
        on w.decision = d.decision and (p_as_of is null or w.recorded_at <= p_as_of)
    left join lateral (select x.* from tributary.decision_correction(d.decision, coalesce(w.recorded_at, p_as_of)) x
                       where d.item is not null) c on true
    cross join lateral (
        select case when w.decision is not null then 'withdrawn' when o.open > 0 then 'open' else 'closed' end as state) s
    cross join lateral (
        select case
            when w.decision is not null
                and coalesce(not tributary.took_place(h.state) or tributary.local_day(d.recorded_at, p_utc_offset) > h.day
                             or tributary.local_day(w.recorded_at, p_utc_offset) <= h.day, true)
                then null
            when d.body = p_agenda and d.unit is not distinct from p_unit then
                case when o.open_before > 0 and coalesce(d.meeting, d.meeting_record) is distinct from p_meeting
                          and (h.day is null or m.day <= h.day) then 'own' end
            when f.waits_for @> jsonb_build_array(jsonb_build_object('body', p_agenda, 'unit', p_unit)) then 'referred'
        end as entry) a
    where d.jurisdiction = current_setting('tributary.jurisdiction')
      and (p_as_of is null or d.recorded_at <= p_as_of)
      and d.sequence > p_after
      and (p_id is null or d.decision = p_id)
      and (p_plan is null or d.plan = p_plan
           or (d.year < p_from and (o.open > 0 or a.entry is not null or (p_state = 'withdrawn' and w.decision is not null))))
      and (p_body is null or d.body = p_body)
      and (p_unit is null or p_agenda is not null or d.unit = p_unit)
      and (p_year is null or d.year = p_year)
      and (p_number is null or (d.number = p_number
                                and p_code in (coalesce(d.unit, d.body), d.body || '-' || d.unit)))
      and (p_office is null or exists (select from tributary.decision_owner w
                                       where w.decision = d.decision and w.office = p_office))
      and (p_state is null or p_state = s.state)
      and (p_agenda is null or a.entry is not null)
    order by d.sequence
    limit p_limit
$$;

-- Data that decisions of a plan ask their offices for, as it stood at a moment (null: now), in the order of their recording.
-- A form for a period is given by the first revision received after the decision (tributary.asked_since), and before it was
-- withdrawn, that reports final figures and wasn't withdrawn since; the answer to a question by the first report of progress.
--   p_year_of_plan   the ROC year that the plan's own period counts to;   p_utc_offset   as in obligation_facts
--   state            asked; given; lifted: the owner was closed or handed over, or the decision withdrawn, before it gave any
--   year             of the period, or (of a question) of the meeting
drop function if exists tributary.requests_at;
create function tributary.requests_at(
    p_plan text, p_from integer, p_to integer, p_office text, p_form text, p_year_of_plan integer, p_day_field text,
    p_utc_offset integer, p_as_of timestamptz)
returns table (said jsonb, due_on date)
language sql stable as $$
    with asked as (
        select d.*, tributary.asked_since(d, o.office) as since, o.place as owner, o.office,
               (w.owner ->> 'due_on')::date as until, w.owner ->> 'state' as stands,
               case when d.asks_form is null then d.year
                    else coalesce(substring(d.asks_period from '^[0-9]+')::integer, p_year_of_plan) end as of_year
        from tributary.decision d
        join tributary.decision_owner o on o.decision = d.decision and o.office is not null
        cross join lateral tributary.decision_owners_at(d.decision, d.due_on, null, null, p_day_field, p_as_of) s
        cross join lateral (select s.owners -> (o.place - 1) as owner) w
        where d.jurisdiction = current_setting('tributary.jurisdiction') and d.plan = p_plan
          and (d.asks_form is not null or d.asks is not null) and (p_as_of is null or d.recorded_at <= p_as_of)
          and (p_office is null or o.office = p_office) and (p_form is null or d.asks_form = p_form)
    )
    select jsonb_build_object(
               'decision', a.decision, 'plan', a.plan, 'body', a.body, 'unit', a.unit, 'year', a.year, 'place', a.number,
               'title', a.title, 'owner', a.owner, 'office', a.office, 'form', a.asks_form, 'period', a.asks_period,
               'text', a.asks, 'due_date', a.until,
               'state', case when g.received_at is not null then 'given' when a.stands <> 'open' then 'lifted' else 'asked' end,
               'timeliness', case when g.received_at is null then 'none'
                                  when a.until is null or g.received_at < (a.until + 1)::timestamp at time zone 'UTC'
                                                                          - make_interval(secs => p_utc_offset) then 'on_time'
                                  else 'late' end,
               'given_at', tributary.log_moment(g.received_at), 'submission', g.revision, 'progress', g.progress),
           a.until
    from asked a
    left join lateral (
        (select coalesce(t.received_at, r.received_at) as received_at, r.id as revision, null::uuid as progress
         from tributary.submission s
         join tributary.revision r using (submission)
         left join lateral tributary.attestation_in_force(r.id, p_as_of) t on true
         where s.jurisdiction = a.jurisdiction and s.plan = a.plan and s.form = a.asks_form and s.period = a.asks_period
           and s.office = a.office and r.reported and not r.provisional and (p_as_of is null or r.recorded_at <= p_as_of)
           and coalesce(t.received_at, r.received_at) > a.since
           and not exists (select from tributary.decision_withdrawal x
                           where x.decision = a.decision and x.recorded_at < r.recorded_at
                             and (p_as_of is null or x.recorded_at <= p_as_of))
           and not exists (select from tributary.revision w
                           where w.submission = s.submission and w.number > r.number and w.withdrawn is not null
                             and (p_as_of is null or w.recorded_at <= p_as_of))
         order by 1, r.sequence
         limit 1)
        union all
        (select p.recorded_at, null, p.progress
         from tributary.decision_progress p
         where a.asks_form is null and p.decision = a.decision and p.owner = a.owner
           and (p_as_of is null or p.recorded_at <= p_as_of)
         order by p.sequence
         limit 1)
        limit 1) g on true
    where a.of_year between p_from and p_to
    order by a.sequence, a.owner
$$;
