-- functions_secretariat.sql: turns of a rotating secretariat, and who of the supervision team sits in where; reloadable like
-- functions.sql.

-- The newest turn recorded of a unit, whatever its year; 0: none.
create or replace function tributary.newest_turn(p_plan text, p_body text, p_unit text) returns bigint
language sql stable as $$
    select coalesce(max(t.sequence), 0)
    from tributary.secretariat_turn t
    where t.jurisdiction = current_setting('tributary.jurisdiction') and t.plan = p_plan and t.body = p_body
      and t.unit = p_unit
$$;

-- What the log says of the turns of one act, as its rows tell: one, or the two that were exchanged.
create or replace function tributary.turns_said(p_plan text, p_body text, p_unit text, p_reason text, p_turns jsonb)
returns jsonb
language sql immutable as $$
    select jsonb_build_object('plan', p_plan, 'body', p_body, 'unit', p_unit,
                              'reason_sha256', tributary.text_sha256(p_reason), 'turns', p_turns)
$$;
create or replace function tributary.turn_said(t tributary.secretariat_turn) returns jsonb
language sql immutable as $$
    select jsonb_build_object('turn', t.turn, 'year', t.year, 'office', t.office, 'swapped_with', t.swapped_with)
$$;

-- Records whose turn a year is. Answers as ledger/act.h says; the same office again is unchanged. Refused for the reason
--   reason_missing   the year is another office's by now, and nobody says why that changes
drop function if exists tributary.record_secretariat_turn;
create function tributary.record_secretariat_turn(
    p_id uuid, p_plan text, p_body text, p_unit text, p_year integer, p_office text, p_reason text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_newest       tributary.secretariat_turn;
    v_row          tributary.secretariat_turn;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select t.* into v_newest
    from tributary.secretariat_turn t
    where t.jurisdiction = v_jurisdiction and t.plan = p_plan and t.body = p_body and t.unit = p_unit and t.year = p_year
    order by t.sequence desc
    limit 1;
    outcome := case
        when v_newest.turn = p_id then 'unchanged' -- its own, as the commit lost its answer and it comes again
        when v_newest.office = p_office and (p_reason is null or p_reason = v_newest.reason) then 'unchanged'
        when v_newest.office <> p_office and p_reason is null then 'reason_missing'
        else 'recorded'
    end;
    if outcome = 'reason_missing' then
        return;
    end if;
    id := v_newest.turn;
    if outcome = 'recorded' then
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.secretariat_turn (turn, jurisdiction, plan, body, unit, year, office, reason, actor, sequence,
                                                recorded_at)
        values (p_id, v_jurisdiction, p_plan, p_body, p_unit, p_year, p_office, p_reason, p_token, sequence,
                v_place.recorded_at)
        returning * into v_row;
        said := tributary.turns_said(p_plan, p_body, p_unit, p_reason, jsonb_build_array(tributary.turn_said(v_row)));
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_secretariat_turn from public;
grant execute on function tributary.record_secretariat_turn to tributary_daemon;

-- Exchanges the turns of two years, as one act: each year with the office that it has from now on. The id answered is that
-- of the first year's turn. Refused for the reasons
--   turns_changed   a turn of the unit was recorded since the one (p_newest, as newest_turn() says) that was looked at
--   p_refused       whatever the turns that were looked at speak against it; null: nothing does
drop function if exists tributary.record_secretariat_swap;
create function tributary.record_secretariat_swap(
    p_id uuid, p_plan text, p_body text, p_unit text, p_year integer, p_office text,
    p_other_id uuid, p_other_year integer, p_other_office text, p_reason text, p_newest bigint, p_refused text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_turns        jsonb;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    outcome := case
        when exists (select from tributary.secretariat_turn t where t.turn = p_id) then 'unchanged' -- its own
        when tributary.newest_turn(p_plan, p_body, p_unit) <> p_newest then 'turns_changed'
        else coalesce(p_refused, 'recorded')
    end;
    if outcome not in ('recorded', 'unchanged') then
        return;
    end if;
    id := p_id;
    if outcome = 'recorded' then
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        with made as (
            insert into tributary.secretariat_turn (turn, jurisdiction, plan, body, unit, year, office, swapped_with, reason,
                                                    actor, sequence, recorded_at)
            select m.turn, v_jurisdiction, p_plan, p_body, p_unit, m.year, m.office, m.other, p_reason, p_token, sequence,
                   v_place.recorded_at
            from (values (p_id, p_year, p_office, p_other_year),
                         (p_other_id, p_other_year, p_other_office, p_year)) as m (turn, year, office, other)
            returning *)
        select jsonb_agg(tributary.turn_said(row(made.*)::tributary.secretariat_turn) order by made.year) into v_turns
        from made;
        said := tributary.turns_said(p_plan, p_body, p_unit, p_reason, v_turns);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_secretariat_swap from public;
grant execute on function tributary.record_secretariat_swap to tributary_daemon;

-- ---- who sits in where ---------------------------------------------------------------------------------------------------

-- The meetings of a calendar year (ROC) as they stood at a moment (null: now), but those cancelled, by their day.
drop function if exists tributary.meetings_to_sit_in;
create function tributary.meetings_to_sit_in(p_plan text, p_year integer, p_as_of timestamptz)
returns table (meeting uuid, body text, unit text, kind text, state text, day date, begins time, ends time, place text)
language sql stable as $$
    select m.meeting, m.body, m.unit, m.kind, m.state, m.day, m.begins, m.ends, m.place
    from tributary.meetings_as_of(p_plan, p_as_of) m
    where m.state <> 'cancelled' and extract(year from m.day) = p_year + 1911
    order by m.day, m.begins nulls first, m.recorded_at, m.meeting
$$;

-- The members of a team at a moment (null: now) who serve on a day of a year, and their last day; by their first one.
drop function if exists tributary.team_members;
create function tributary.team_members(p_plan text, p_team text, p_year integer, p_as_of timestamptz)
returns table (member uuid, name text, post text, from_date date, ended_on date)
language sql stable as $$
    select b.member, n.name, b.post, b.from_date, e.ended_on
    from tributary.body_member b
    left join tributary.body_member_name n using (member)
    left join lateral (
        select x.ended_on
        from tributary.body_member_end x
        where x.member = b.member and (p_as_of is null or x.recorded_at <= p_as_of)
        order by x.sequence desc
        limit 1) e on true
    where b.jurisdiction = current_setting('tributary.jurisdiction') and b.plan = p_plan and b.body = p_team
      and (p_as_of is null or b.recorded_at <= p_as_of) and b.from_date <= make_date(p_year + 1911, 12, 31)
      and coalesce(e.ended_on >= greatest(make_date(p_year + 1911, 1, 1), b.from_date), true)
    order by b.from_date, b.sequence
$$;

-- Which members of a team convene which body, and so chair its meetings: told by the name, as each seat is a row of its own.
-- Nothing for who may not read names.
drop function if exists tributary.team_conveners;
create function tributary.team_conveners(p_plan text, p_team text, p_as_of timestamptz)
returns table (member uuid, body text, unit text, from_date date, ended_on date)
language sql stable as $$
    select b.member, c.body, c.unit, c.from_date, e.ended_on
    from tributary.body_member b
    join tributary.body_member_name n on n.member = b.member
    join tributary.body_member_name o on o.name = n.name and o.member <> n.member
    join tributary.body_member c on c.member = o.member
    left join lateral (
        select x.ended_on
        from tributary.body_member_end x
        where x.member = c.member and (p_as_of is null or x.recorded_at <= p_as_of)
        order by x.sequence desc
        limit 1) e on true
    where b.jurisdiction = current_setting('tributary.jurisdiction') and b.plan = p_plan and b.body = p_team
      and c.jurisdiction = b.jurisdiction and c.plan = p_plan and c.body <> p_team and c.role = 'convener'
      and (p_as_of is null or c.recorded_at <= p_as_of)
    order by b.sequence, c.sequence
$$;

-- Who sits in on which meeting of a plan at a moment (null: now).
drop function if exists tributary.sittings_in;
create function tributary.sittings_in(p_plan text, p_as_of timestamptz)
returns table (meeting uuid, member uuid, allocation uuid, reason text, recorded_at timestamptz)
language sql stable as $$
    select a.meeting, a.member, a.allocation, a.reason, a.recorded_at
    from (
        select distinct on (i.meeting, i.member) i.*
        from tributary.sitting_in i
        join tributary.meeting m using (meeting)
        where i.jurisdiction = current_setting('tributary.jurisdiction') and m.plan = p_plan
          and (p_as_of is null or i.recorded_at <= p_as_of)
        order by i.meeting, i.member, i.sequence desc) a
    where a.given
    order by a.sequence
$$;

-- The newest sequence number of whatever a proposal depends on: meetings, members, who sits in where.
create or replace function tributary.sitting_in_state() returns bigint
language sql stable as $$
    select coalesce(max(newest), 0)
    from (select max(sequence) as newest from tributary.meeting where jurisdiction = current_setting('tributary.jurisdiction')
          union all
          select max(sequence) from tributary.meeting_step where jurisdiction = current_setting('tributary.jurisdiction')
          union all
          select max(sequence) from tributary.body_member where jurisdiction = current_setting('tributary.jurisdiction')
          union all
          select max(sequence) from tributary.body_member_end where jurisdiction = current_setting('tributary.jurisdiction')
          union all
          select max(sequence) from tributary.sitting_in where jurisdiction = current_setting('tributary.jurisdiction')) all_of
$$;

-- What the log says of one act, as its rows tell.
create or replace function tributary.sittings_said(p_reason text, p_rows jsonb) returns jsonb
language sql immutable as $$
    select jsonb_build_object('reason_sha256', tributary.text_sha256(p_reason), 'allocations', p_rows)
$$;
create or replace function tributary.sitting_said(i tributary.sitting_in) returns jsonb
language sql immutable as $$
    select jsonb_build_object('allocation', i.allocation, 'meeting', i.meeting, 'member', i.member, 'given', i.given)
$$;

-- Why a member of a team can't be given a meeting, or it can't be taken back; 'recorded': they can, 'unchanged': it is so.
create or replace function tributary.sitting_in_verdict(p_team text, p_meeting uuid, p_member uuid, p_given boolean)
returns text
language sql stable as $$
    select case
        when m.plan is null or m.body = p_team then 'not_found'
        when b.member is null then 'not_of_team'
        when p_given and i.given then 'unchanged'
        when not p_given and i.given is not true then 'not_given'
        when not p_given then 'recorded'
        when m.state = 'cancelled' then 'cancelled'
        when b.from_date > m.day or tributary.member_ended_on(b.member) < m.day then 'not_serving'
        else 'recorded' end
    from (select) asked
    left join tributary.meeting_now(p_meeting) m on true
    left join tributary.body_member b
        on b.member = p_member and b.jurisdiction = current_setting('tributary.jurisdiction') and b.plan = m.plan
       and b.body = p_team
    left join lateral (
        select x.given from tributary.sitting_in x where x.meeting = p_meeting and x.member = p_member
        order by x.sequence desc limit 1) i on true
$$;

-- Records that members of a team sit in on meetings (place by place of the arrays), or no longer do, as one act. The id
-- answered is that of the first. Refused for the reasons
--   not_found          the caller sees no such meeting, or it is the team's own
--   not_of_team        the member is none of the team of the meeting's plan
--   not_serving        … is not on the day of the meeting
--   cancelled          the meeting is cancelled
--   not_given          there is nothing to take back
--   proposal_changed   something that the proposal depends on was recorded since p_state, as sitting_in_state() says
drop function if exists tributary.record_sitting_in;
create function tributary.record_sitting_in(
    p_ids uuid[], p_team text, p_meetings uuid[], p_members uuid[], p_given boolean, p_reason text, p_state bigint,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_verdicts     text[];
    v_rows         jsonb;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select array_agg(tributary.sitting_in_verdict(p_team, a.meeting, a.member, p_given) order by a.place) into v_verdicts
    from unnest(p_meetings, p_members) with ordinality as a (meeting, member, place);
    outcome := case
        when exists (select from tributary.sitting_in i where i.allocation = p_ids[1]) then 'unchanged' -- its own
        when p_state <> tributary.sitting_in_state() then 'proposal_changed'
        else coalesce((select v from unnest(v_verdicts) v where v <> 'recorded' limit 1), 'recorded')
    end;
    if outcome not in ('recorded', 'unchanged') then
        return;
    end if;
    id := p_ids[1];
    if outcome = 'recorded' then
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        with made as (
            insert into tributary.sitting_in (allocation, jurisdiction, meeting, member, given, reason, actor, sequence,
                                              recorded_at)
            select a.allocation, v_jurisdiction, a.meeting, a.member, p_given, p_reason, p_token, sequence,
                   v_place.recorded_at
            from unnest(p_ids, p_meetings, p_members) as a (allocation, meeting, member)
            returning *)
        select jsonb_agg(tributary.sitting_said(row(made.*)::tributary.sitting_in) order by made.meeting, made.member)
        into v_rows
        from made;
        said := tributary.sittings_said(p_reason, v_rows);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_sitting_in from public;
grant execute on function tributary.record_sitting_in to tributary_daemon;
