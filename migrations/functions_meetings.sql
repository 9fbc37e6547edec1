-- functions_meetings.sql: meetings of bodies, read: what becomes of them, agenda, attendance, resolutions; reloadable like
-- functions.sql.

-- ---- reading -----------------------------------------------------------------------------------------------------------

-- Meetings as they stood at a moment (null: now), with their newest step.
--   p_plan          null: of every plan
--   number          第N次: its place among those of its body, unit and year that aren't cancelled, by day; null: cancelled
--   state           of one recorded by its day only: on_record with a document number, otherwise held
--   changed         the sequence number of its newest step, or its own
drop function if exists tributary.meetings_as_of;
create function tributary.meetings_as_of(p_plan text, p_as_of timestamptz)
returns table (meeting uuid, plan text, body text, unit text, kind text, year integer, number bigint, state text, day date,
               begins time, ends time, place text, call_number text, minutes_number text, reason text, changed bigint,
               recorded_at timestamptz)
language sql stable as $$
    with stood as (
        select m.meeting, m.plan, m.body, m.unit, m.kind, m.sequence, m.recorded_at,
               coalesce(m.year, extract(year from coalesce(s.day, m.held_on))::integer - 1911) as year,
               coalesce(s.state, case when m.document_number is null then 'held' else 'on_record' end) as state,
               coalesce(s.day, m.held_on) as day, s.begins, s.ends, s.place, s.reason,
               (select c.document_number from tributary.meeting_step c
                where c.meeting = m.meeting and c.state = 'called' and (p_as_of is null or c.recorded_at <= p_as_of)
                order by c.sequence desc limit 1) as call_number,
               coalesce((select r.document_number from tributary.meeting_step r
                         where r.meeting = m.meeting and r.state = 'on_record'
                           and (p_as_of is null or r.recorded_at <= p_as_of)
                         order by r.sequence desc limit 1), m.document_number) as minutes_number,
               coalesce(s.sequence, m.sequence) as changed
        from tributary.meeting m
        left join lateral (
            select t.* from tributary.meeting_step t
            where t.meeting = m.meeting and (p_as_of is null or t.recorded_at <= p_as_of)
            order by t.sequence desc limit 1) s on true
        where m.jurisdiction = current_setting('tributary.jurisdiction') and (p_plan is null or m.plan = p_plan)
          and (p_as_of is null or m.recorded_at <= p_as_of)
    )
    select m.meeting, m.plan, m.body, m.unit, m.kind, m.year,
           case when m.state <> 'cancelled' then
               row_number() over (partition by m.plan, m.body, m.unit, m.year, m.state = 'cancelled'
                                  order by m.day, m.sequence) end,
           m.state, m.day, m.begins, m.ends, m.place, m.call_number, m.minutes_number, m.reason, m.changed, m.recorded_at
    from stood m
$$;

-- What stands of one meeting now; no row: the caller sees none.
drop function if exists tributary.meeting_now;
create function tributary.meeting_now(p_meeting uuid)
returns table (plan text, body text, unit text, state text, day date, minutes_number text)
language sql stable as $$
    select m.plan, m.body, m.unit,
           coalesce(s.state, case when m.document_number is null then 'held' else 'on_record' end), coalesce(s.day, m.held_on),
           coalesce((select r.document_number from tributary.meeting_step r
                     where r.meeting = m.meeting and r.state = 'on_record'
                     order by r.sequence desc limit 1), m.document_number)
    from tributary.meeting m
    left join lateral (
        select t.state, t.day from tributary.meeting_step t where t.meeting = m.meeting order by t.sequence desc limit 1) s
        on true
    where m.meeting = p_meeting and m.jurisdiction = current_setting('tributary.jurisdiction')
$$;

-- The newest sequence number of a meeting's agenda, of its sheet and of its resolutions at a moment (null: now); 0: none.
create or replace function tributary.agenda_of(p_meeting uuid, p_as_of timestamptz) returns bigint
language sql stable as $$
    select coalesce(max(a.sequence), 0) from tributary.meeting_agenda a
    where a.meeting = p_meeting and (p_as_of is null or a.recorded_at <= p_as_of)
$$;
create or replace function tributary.sheet_of(p_meeting uuid, p_as_of timestamptz) returns bigint
language sql stable as $$
    select coalesce(max(s.sequence), 0) from tributary.meeting_sheet s
    where s.meeting = p_meeting and (p_as_of is null or s.recorded_at <= p_as_of)
$$;
create or replace function tributary.resolutions_of(p_meeting uuid, p_as_of timestamptz) returns bigint
language sql stable as $$
    select coalesce(max(r.sequence), 0) from tributary.meeting_resolution r
    where r.meeting = p_meeting and (p_as_of is null or r.recorded_at <= p_as_of)
$$;

-- The members of a body whose members are recorded one by one, on a day, as known at a moment (null: now).
create or replace function tributary.members_on(p_plan text, p_body text, p_unit text, p_day date, p_as_of timestamptz)
returns setof tributary.body_member
language sql stable as $$
    select m.*
    from tributary.body_member m
    left join lateral (
        select e.ended_on from tributary.body_member_end e
        where e.member = m.member and (p_as_of is null or e.recorded_at <= p_as_of)
        order by e.sequence desc limit 1) e on true
    where m.jurisdiction = current_setting('tributary.jurisdiction') and m.plan = p_plan and m.body = p_body
      and m.unit is not distinct from p_unit and m.from_date <= p_day and coalesce(e.ended_on >= p_day, true)
      and (p_as_of is null or m.recorded_at <= p_as_of)
$$;

-- Whose turn the rotating secretariat of a unit's body is in a year, as known at a moment (null: now); null: nobody's yet,
-- or the caller has no part in that body.
drop function if exists tributary.secretariat_of;
create function tributary.secretariat_of(p_plan text, p_body text, p_unit text, p_year integer, p_as_of timestamptz)
returns text
language sql stable security definer set search_path = pg_catalog as $$
    select t.office
    from tributary.secretariat_turn t
    where t.jurisdiction = current_setting('tributary.jurisdiction') and t.plan = p_plan and t.body = p_body
      and t.unit = p_unit and t.year = p_year and (p_as_of is null or t.recorded_at <= p_as_of)
      and tributary.sees_meeting(t.jurisdiction, t.plan, t.unit)
    order by t.sequence desc
    limit 1
$$;
revoke all on function tributary.secretariat_of from public;
grant execute on function tributary.secretariat_of to tributary_daemon;

-- Whether a step of a meeting that took place says something else than the one before it; what it adds is no correction.
create or replace function tributary.meeting_step_corrects(before tributary.meeting_step, after tributary.meeting_step)
returns boolean
language sql immutable parallel safe as $$
    select tributary.took_place(before.state) and tributary.took_place(after.state)
       and (after.day <> before.day or coalesce(after.begins <> before.begins, false) or coalesce(after.ends <> before.ends, false)
            or coalesce(after.place <> before.place, false)
            or (before.state = after.state and coalesce(after.document_number <> before.document_number, false)))
$$;

-- What took the place of something on record of a meeting, and what was added after its minutes had gone out.
--   what      step, agenda, attendance or resolutions
--   changes   [{"field","title","before","after"}] of a step and of resolutions, whose title is the item's; else none
--   reason    null: it was only added
drop function if exists tributary.meeting_corrections;
create function tributary.meeting_corrections(p_meeting uuid)
returns table (what text, reason text, changes json, sequence bigint, recorded_at timestamptz)
language sql stable as $$
    with acts as (
        select 'agenda' as what, a.reason, a.sequence, a.recorded_at from tributary.meeting_agenda a where a.meeting = p_meeting
        union all
        select 'attendance', t.reason, t.sequence, t.recorded_at from tributary.meeting_sheet t where t.meeting = p_meeting
        union all
        select distinct 'resolutions', r.reason, r.sequence, r.recorded_at
        from tributary.meeting_resolution r where r.meeting = p_meeting
    )
    select 'step', s.reason,
           (select json_agg(json_build_object('field', v.field, 'title', null, 'before', v.before, 'after', v.after) order by v.place)
            from (values (1, 'day', b.day::text, s.day::text),
                         (2, 'begins', to_char(b.begins, 'HH24:MI'), to_char(s.begins, 'HH24:MI')),
                         (3, 'ends', to_char(b.ends, 'HH24:MI'), to_char(s.ends, 'HH24:MI')),
                         (4, 'place', b.place, s.place),
                         (5, 'document_number', case when b.state = s.state then b.document_number end, s.document_number))
                 as v (place, field, before, after)
            where v.before <> v.after),
           s.sequence, s.recorded_at
    from tributary.meeting_step s
    join lateral (select b.* from tributary.meeting_step b
                  where b.meeting = s.meeting and b.sequence < s.sequence
                  order by b.sequence desc limit 1) b on true
    where s.meeting = p_meeting and tributary.meeting_step_corrects(b, s)
    union all
    select c.what, c.reason,
           case when c.what = 'resolutions' then
               (select json_agg(json_build_object('field', 'resolution', 'title', i.title, 'before', b.text, 'after', r.text)
                                order by i.place)
                from tributary.meeting_resolution r
                left join tributary.meeting_agenda_item i
                    on i.item = r.item and i.jurisdiction = r.jurisdiction
                       and i.sequence = tributary.agenda_of(p_meeting, c.recorded_at)
                left join lateral (select o.text from tributary.meeting_resolution o
                                   where o.meeting = r.meeting and o.item = r.item and o.sequence < r.sequence
                                   order by o.sequence desc limit 1) b on true
                where r.meeting = p_meeting and r.sequence = c.sequence and b.text is distinct from r.text) end,
           c.sequence, c.recorded_at
    from acts c
    where c.reason is not null
       or c.sequence > (select min(o.sequence) from tributary.meeting_step o where o.meeting = p_meeting and o.state = 'on_record')
$$;

-- Everything that belongs to a meeting, at a moment (null: now), as lists for the contract; times as HH:MM.
--   members, external   of its body on its day
--   counted             whether a row counts for the quorum: it is present, and no member of another body
--   corrections         what tributary.meeting_corrections() tells, in the order of their recording
drop function if exists tributary.meeting_details;
create function tributary.meeting_details(
    p_meeting uuid, p_plan text, p_body text, p_unit text, p_day date, p_as_of timestamptz)
returns table (steps json, agenda bigint, items json, resolutions bigint, sheet bigint, attendance json, members bigint,
               external bigint, corrections json)
language sql stable as $$
    with body as (
        select m.member, m.seat from tributary.members_on(p_plan, p_body, p_unit, p_day, p_as_of) m
    )
    select (select json_agg(json_build_object(
                'step', s.step, 'state', s.state, 'day', s.day, 'begins', to_char(s.begins, 'HH24:MI'),
                'ends', to_char(s.ends, 'HH24:MI'), 'place', s.place, 'document_number', s.document_number,
                'reason', s.reason, 'recorded_at', tributary.moment_text(s.recorded_at)) order by s.sequence)
            from tributary.meeting_step s
            where s.meeting = p_meeting and (p_as_of is null or s.recorded_at <= p_as_of)),
           tributary.agenda_of(p_meeting, p_as_of),
           (select json_agg(json_build_object(
                'item', i.item, 'place', i.place, 'kind', i.kind, 'title', i.title, 'proposer', i.proposer,
                'explanation', i.explanation, 'proposal', i.proposal, 'referral', i.referral, 'resolution',
                (select json_build_object('text', r.text, 'remarks', r.remarks)
                 from tributary.meeting_resolution r
                 where r.meeting = p_meeting and r.item = i.item and (p_as_of is null or r.recorded_at <= p_as_of)
                 order by r.sequence desc limit 1)) order by i.place)
            from tributary.meeting_agenda_item i
            where i.jurisdiction = current_setting('tributary.jurisdiction')
              and i.sequence = tributary.agenda_of(p_meeting, p_as_of)),
           tributary.resolutions_of(p_meeting, p_as_of),
           tributary.sheet_of(p_meeting, p_as_of),
           (select json_agg(json_build_object(
                'part', a.part, 'duty', a.duty, 'office', a.office, 'member', a.member, 'seat', a.seat,
                'served', a.served, 'post', a.post, 'authorised', a.authorised, 'sex', a.sex,
                'name', coalesce(n.name, b.name),
                'counted', a.part = 'present' and (a.member is null or a.member in (select m.member from body m)))
                order by a.place)
            from tributary.meeting_attendance a
            left join tributary.meeting_attendance_name n using (attendance)
            left join tributary.body_member_name b on b.member = a.member and n.attendance is null
            where a.jurisdiction = current_setting('tributary.jurisdiction')
              and a.sequence = tributary.sheet_of(p_meeting, p_as_of)),
           (select count(*) from body), (select count(*) from body m where m.seat = 'external'),
           (select json_agg(json_build_object('of', c.what, 'reason', c.reason, 'changes', c.changes,
                                              'recorded_at', tributary.moment_text(c.recorded_at)) order by c.sequence)
            from tributary.meeting_corrections(p_meeting) c
            where p_as_of is null or c.recorded_at <= p_as_of)
$$;

-- Who was present at the meetings of a body in a year that have a sheet, at a moment (null: now): one row for each office, and
-- one without an office for each meeting.
drop function if exists tributary.attendance_facts;
create function tributary.attendance_facts(p_plan text, p_body text, p_year integer, p_as_of timestamptz)
returns table (meeting uuid, unit text, office text)
language sql stable as $$
    with sheets as (
        select m.meeting, m.unit, m.day, tributary.sheet_of(m.meeting, p_as_of) as sheet
        from tributary.meetings_as_of(p_plan, p_as_of) m
        where m.body = p_body and m.year = p_year and tributary.took_place(m.state)
    )
    select s.meeting, s.unit, null from sheets s where s.sheet > 0
    union all
    select distinct s.meeting, s.unit, a.office
    from sheets s
    join tributary.meeting_attendance a
        on a.jurisdiction = current_setting('tributary.jurisdiction') and a.sequence = s.sheet
    where a.part = 'present' and a.office is not null
$$;

-- ---- what the log says ---------------------------------------------------------------------------------------------------

-- Of a step. Where it is and why it changed stand there as digests: they may name people.
create or replace function tributary.meeting_step_said(s tributary.meeting_step) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'step', s.step, 'meeting', s.meeting, 'state', s.state, 'day', s.day, 'begins', s.begins, 'ends', s.ends,
        'place_sha256', tributary.text_sha256(s.place), 'document_number', s.document_number,
        'reason_sha256', tributary.text_sha256(s.reason))
$$;

-- Of a meeting besides what is said of one recorded by its day only: whose it is, and its first step.
create or replace function tributary.meeting_more_said(m tributary.meeting) returns jsonb
language sql stable as $$
    select case when m.held_on is not null and (m.unit, m.year, m.kind) is not distinct from (null::text, null::integer, 'regular')
                then '{}'::jsonb
                else jsonb_build_object(
                    'unit', m.unit, 'of', m.kind, 'year', m.year,
                    'first', (select tributary.meeting_step_said(s) from tributary.meeting_step s
                              where (s.meeting, s.jurisdiction, s.sequence, s.actor, s.recorded_at)
                                    = (m.meeting, m.jurisdiction, m.sequence, m.actor, m.recorded_at))) end
$$;

-- Why something takes the place of what was on record, as a digest; nothing where it takes nothing's.
create or replace function tributary.correction_said(p_reason text) returns jsonb
language sql immutable parallel safe as $$
    select case when p_reason is null then '{}'::jsonb
                else jsonb_build_object('reason_sha256', tributary.text_sha256(p_reason)) end
$$;

-- Of an agenda: its items with their texts as digests.
create or replace function tributary.meeting_agenda_said(a tributary.meeting_agenda) returns jsonb
language sql stable as $$
    select jsonb_build_object('meeting', a.meeting, 'items', coalesce(jsonb_agg(jsonb_build_object(
        'place', i.place, 'item', i.item, 'kind', i.kind, 'title_sha256', tributary.text_sha256(i.title),
        'proposer_sha256', tributary.text_sha256(i.proposer), 'explanation_sha256', tributary.text_sha256(i.explanation),
        'proposal_sha256', tributary.text_sha256(i.proposal), 'referral', i.referral) order by i.place), '[]'))
        || tributary.correction_said(a.reason)
    from tributary.meeting_agenda_item i
    where i.jurisdiction = a.jurisdiction and i.sequence = a.sequence
$$;

-- Of a sheet of attendance: neither names nor posts.
create or replace function tributary.meeting_sheet_said(s tributary.meeting_sheet) returns jsonb
language sql stable as $$
    select jsonb_build_object('meeting', s.meeting, 'rows', coalesce(jsonb_agg(jsonb_build_object(
        'attendance', a.attendance, 'place', a.place, 'part', a.part, 'duty', a.duty, 'office', a.office, 'member', a.member,
        'seat', a.seat, 'served', a.served, 'post_sha256', tributary.text_sha256(a.post), 'authorised', a.authorised,
        'sex', a.sex, 'name_digest', encode(a.name_digest, 'hex')) order by a.place), '[]'))
        || tributary.correction_said(s.reason)
    from tributary.meeting_attendance a
    where a.jurisdiction = s.jurisdiction and a.sequence = s.sequence
$$;

-- Of what one act resolved.
create or replace function tributary.meeting_resolutions_said(p_jurisdiction text, p_sequence bigint) returns jsonb
language sql stable as $$
    select jsonb_build_object('resolutions', jsonb_agg(jsonb_build_object(
        'resolution', r.resolution, 'meeting', r.meeting, 'item', r.item, 'text_sha256', tributary.text_sha256(r.text),
        'remarks_sha256', tributary.text_sha256(r.remarks)) || tributary.correction_said(r.reason) order by r.item))
    from tributary.meeting_resolution r
    where r.jurisdiction = p_jurisdiction and r.sequence = p_sequence
$$;
