-- functions_meetings_recording.sql: recording what becomes of meetings, their agenda, attendance and resolutions; reloadable
-- like functions.sql.

-- Records a meeting: planned, called or held already. With p_held_on it is one of a body of the city recorded by its day only.
-- The same again is unchanged. Refused for the reasons
--   exists_already   the body met on that day, under another number
--   same_day         the body has another meeting on that day, which isn't cancelled
--   ends_before      it would end before it begins
--   in_future        it would have been held after p_today
drop function if exists tributary.record_meeting;
create function tributary.record_meeting(
    p_id uuid, p_plan text, p_body text, p_unit text, p_kind text, p_year integer, p_held_on date, p_step uuid, p_state text,
    p_day date, p_begins time, p_ends time, p_place text, p_document_number text, p_today date,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_there        record;
    v_place        record;
    v_row          tributary.meeting;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.* into v_there
    from tributary.meetings_as_of(p_plan, null) m
    where m.body = p_body and m.unit is not distinct from p_unit and m.day = coalesce(p_held_on, p_day)
      and m.state <> 'cancelled'
    order by m.changed
    limit 1;
    if found then
        id := v_there.meeting;
        outcome := case
            when v_there.meeting = p_id then 'unchanged'
            when p_held_on is not null and not tributary.took_place(v_there.state) then 'same_day'
            when p_held_on is not null then
                case when v_there.minutes_number is not distinct from p_document_number then 'unchanged'
                     else 'exists_already' end
            when (v_there.kind, v_there.year, v_there.state, v_there.begins, v_there.ends, v_there.place)
                     is not distinct from (p_kind, p_year, p_state, p_begins, p_ends, p_place)
                and coalesce(v_there.minutes_number, v_there.call_number) is not distinct from p_document_number
                then 'unchanged'
            else 'same_day' end;
        return;
    end if;
    outcome := case
        when p_begins >= p_ends then 'ends_before'
        when tributary.took_place(p_state) and p_day > p_today then 'in_future'
    end;
    if outcome is not null then
        return;
    end if;
    outcome := 'recorded';
    id := p_id;
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.meeting (meeting, jurisdiction, plan, body, unit, kind, year, held_on, document_number, actor, sequence,
                                   recorded_at)
    values (p_id, v_jurisdiction, p_plan, p_body, p_unit, p_kind, case when p_held_on is null then p_year end, p_held_on,
            case when p_held_on is not null then p_document_number end, p_token, sequence, v_place.recorded_at)
    returning * into v_row;
    if p_held_on is null then
        insert into tributary.meeting_step (step, meeting, jurisdiction, state, day, begins, ends, place, document_number, actor,
                                            sequence, recorded_at)
        values (p_step, p_id, v_jurisdiction, p_state, p_day, p_begins, p_ends, p_place, p_document_number, p_token, sequence,
                v_place.recorded_at);
    end if;
    said := jsonb_build_object('meeting', p_id, 'plan', p_plan, 'body', p_body, 'held_on', p_held_on,
                               'document_number', v_row.document_number) || tributary.meeting_more_said(v_row);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_meeting from public;
grant execute on function tributary.record_meeting to tributary_daemon;

-- Which state may follow which; one may follow itself, when what is said of it changes.
create or replace function tributary.meeting_may_become(p_from text, p_to text) returns boolean
language sql immutable strict parallel safe as $$
    select case p_from
        when 'planned' then p_to in ('planned', 'called', 'held', 'cancelled')
        when 'called' then p_to in ('called', 'held', 'cancelled')
        when 'held' then p_to in ('held', 'on_record')
        when 'on_record' then p_to = 'on_record'
        else false end
$$;

-- Records what became of a meeting. What is left out (null) stays as it was. The id answered is the meeting's. Refused for
-- the reasons
--   not_found          the caller sees no such meeting
--   stale              it hasn't p_seen steps (null: not asked)
--   wrong_step         the state can't follow the one it has
--   reason_missing     it is put off to another day, or cancelled, and nobody says why
--   correction         it took place, what is known of it would be another, and nobody says why
--   ends_before        it would end before it begins
--   in_future          it would have been held after p_today
--   same_day           the body has another meeting on that day, which isn't cancelled
--   still_reviewed     it would have been held on another day, or after what was said of submissions at it
--   out_of_order       it would have been held after a meeting that ruled of what it decided, or before one that decided what
--                      it ruled of
drop function if exists tributary.record_meeting_step;
create function tributary.record_meeting_step(
    p_id uuid, p_meeting uuid, p_state text, p_day date, p_begins time, p_ends time, p_place text, p_document_number text,
    p_reason text, p_today date, p_seen bigint,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_before       record;
    v_number       text;
    v_place        record;
    v_new          tributary.meeting_step;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.* into v_before from tributary.meetings_as_of(null, null) m where m.meeting = p_meeting;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_meeting;
    -- a number belongs to the letter that its state is about
    v_number := coalesce(p_document_number, case when p_state = v_before.state then
        case p_state when 'called' then v_before.call_number when 'on_record' then v_before.minutes_number end end);
    v_new := row(p_id, p_meeting, v_jurisdiction, p_state, coalesce(p_day, v_before.day), coalesce(p_begins, v_before.begins),
                 coalesce(p_ends, v_before.ends), coalesce(p_place, v_before.place), v_number, p_reason, p_token, 0,
                 clock_timestamp())::tributary.meeting_step;
    outcome := case
        when exists (select from tributary.meeting_step s where s.step = p_id) then 'unchanged'
        when p_state = v_before.state and coalesce(p_reason, v_before.reason) is not distinct from v_before.reason
            and (v_new.day, v_new.begins, v_new.ends, v_new.place, v_number) is not distinct from
                (v_before.day, v_before.begins, v_before.ends, v_before.place,
                 case p_state when 'called' then v_before.call_number when 'on_record' then v_before.minutes_number end)
            then 'unchanged'
        when (select count(*) from tributary.meeting_step s where s.meeting = p_meeting) <> p_seen then 'stale'
        when not tributary.meeting_may_become(v_before.state, p_state) then 'wrong_step'
        when p_reason is null and (p_state = 'cancelled'
                                   or (v_new.day <> v_before.day and not tributary.took_place(p_state))) then 'reason_missing'
        when p_reason is null and tributary.took_place(v_before.state)
            and (v_new.day <> v_before.day or v_new.begins <> v_before.begins or v_new.ends <> v_before.ends
                 or v_new.place <> v_before.place
                 or (p_state = 'on_record' and v_number <> v_before.minutes_number)) then 'correction'
        when v_new.begins >= v_new.ends then 'ends_before'
        when tributary.took_place(p_state) and v_new.day > p_today then 'in_future'
        when v_new.day <> v_before.day and tributary.took_place(v_before.state)
            and exists (select from tributary.review v where v.meeting = p_meeting) then 'still_reviewed'
        when v_new.day <> v_before.day and tributary.took_place(v_before.state) and exists (
            select from tributary.decision d
            join tributary.decision_ruling r using (decision)
            cross join lateral tributary.decision_meeting(d.meeting, null, null, null) m
            cross join lateral tributary.decision_meeting(r.meeting, null, null, null) n
            where (d.meeting = p_meeting and n.day < v_new.day) or (r.meeting = p_meeting and m.day > v_new.day))
            then 'out_of_order'
        when v_new.day <> v_before.day and p_state <> 'cancelled' and exists (
            select from tributary.meetings_as_of(v_before.plan, null) o
            where o.body = v_before.body and o.unit is not distinct from v_before.unit and o.day = v_new.day
              and o.meeting <> p_meeting and o.state <> 'cancelled') then 'same_day'
    end;
    if outcome is not null then
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    v_new.sequence := sequence;
    v_new.recorded_at := v_place.recorded_at;
    insert into tributary.meeting_step values (v_new.*);
    said := tributary.meeting_step_said(v_new);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_meeting);
end
$$;
revoke all on function tributary.record_meeting_step from public;
grant execute on function tributary.record_meeting_step to tributary_daemon;

-- Writes the agenda as a whole: p_items is a list of {"item","kind","title","proposer","explanation","proposal","referral"} in
-- their order. The id answered is the meeting's. Refused for the reasons
--   not_found       the caller sees no such meeting
--   cancelled       it won't take place
--   stale           it isn't the agenda of the sequence number p_seen (null: not asked)
--   unknown_item    an item that says it is an earlier one was never on the agenda
--   item_resolved   an item on which something was resolved would be gone
--   correction      the minutes are out, another agenda was on record, and nobody says why
-- p_known: the items that say so.
drop function if exists tributary.record_meeting_agenda;
create function tributary.record_meeting_agenda(
    p_meeting uuid, p_seen bigint, p_items jsonb, p_known uuid[], p_reason text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_before       record;
    v_newest       bigint;
    v_place        record;
    v_row          tributary.meeting_agenda;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.state into v_before from tributary.meeting_now(p_meeting) m;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_meeting;
    v_newest := tributary.agenda_of(p_meeting, null);
    outcome := case
        when v_newest > 0 and (
            select jsonb_agg(jsonb_build_object(
                       'item', i.item, 'kind', i.kind, 'title', i.title, 'proposer', i.proposer, 'explanation', i.explanation,
                       'proposal', i.proposal, 'referral', i.referral) order by i.place)
            from tributary.meeting_agenda_item i
            where i.jurisdiction = v_jurisdiction and i.sequence = v_newest) = p_items then 'unchanged'
        when v_before.state = 'cancelled' then 'cancelled'
        when v_newest <> p_seen then 'stale'
        when exists (select from unnest(p_known) k (item)
                     where not exists (select from tributary.meeting_agenda_item i
                                       join tributary.meeting_agenda a using (jurisdiction, sequence)
                                       where a.meeting = p_meeting and i.item = k.item)) then 'unknown_item'
        when exists (select from tributary.meeting_resolution r
                     where r.meeting = p_meeting and not p_items @> jsonb_build_array(jsonb_build_object('item', r.item)))
            then 'item_resolved'
        when v_before.state = 'on_record' and v_newest > 0 and p_reason is null then 'correction'
    end;
    if outcome is not null then
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.meeting_agenda (jurisdiction, meeting, reason, actor, sequence, recorded_at)
    values (v_jurisdiction, p_meeting, case when v_before.state = 'on_record' and v_newest > 0 then p_reason end, p_token, sequence,
            v_place.recorded_at)
    returning * into v_row;
    insert into tributary.meeting_agenda_item (jurisdiction, sequence, place, item, kind, title, proposer, explanation, proposal,
                                               referral)
    select v_jurisdiction, v_row.sequence, i.place, (i.said ->> 'item')::uuid, i.said ->> 'kind', i.said ->> 'title',
           i.said ->> 'proposer', i.said ->> 'explanation', i.said ->> 'proposal', (i.said ->> 'referral')::uuid
    from jsonb_array_elements(p_items) with ordinality as i (said, place);
    said := tributary.meeting_agenda_said(v_row);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_meeting);
end
$$;
revoke all on function tributary.record_meeting_agenda from public;
grant execute on function tributary.record_meeting_agenda to tributary_daemon;

-- Writes who was there as a whole: p_rows is a list of {"attendance","salt" (hexadecimal),"part","duty","office","member",
-- "seat","served","post","authorised","sex","name"} in their order. Somebody who is named as a member of the body that sits on
-- the day of the meeting is that member. Of a member, seat and whether they served on the council are what the body says. The
-- id answered is the meeting's. Refused for the reasons
--   not_found        the caller sees no such meeting
--   not_held         it hasn't taken place
--   stale            it isn't the sheet of the sequence number p_seen (null: not asked)
--   unknown_member   a member that isn't one of any body of the plan
--   member_twice     a member stands there twice
--   correction       the minutes are out, another sheet was on record, and nobody says why
drop function if exists tributary.record_meeting_sheet;
create function tributary.record_meeting_sheet(
    p_meeting uuid, p_seen bigint, p_rows jsonb, p_reason text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_before       record;
    v_newest       bigint;
    v_rows         jsonb;
    v_place        record;
    v_row          tributary.meeting_sheet;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.* into v_before from tributary.meeting_now(p_meeting) m;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_meeting;
    if not tributary.took_place(v_before.state) then
        outcome := 'not_held';
        return;
    end if;

    -- who is who: by the member that is named, else the one of that name, if there is only one
    with given as (
        select g.place, g.said, coalesce((g.said ->> 'member')::uuid, case when g.said ->> 'part' <> 'sitting_in' then (
                   select min(o.member::text)::uuid
                   from tributary.members_on(v_before.plan, v_before.body, v_before.unit, v_before.day, null) o
                   join tributary.body_member_name n using (member)
                   where n.name = g.said ->> 'name'
                   having count(*) = 1) end) as member
        from jsonb_array_elements(p_rows) with ordinality as g (said, place)
    )
    select coalesce(jsonb_agg(
               g.said || jsonb_build_object(
                   'place', g.place, 'member', g.member, 'known', g.member is null or o.member is not null,
                   'seat', coalesce(o.seat, g.said ->> 'seat'), 'served', coalesce(o.served, (g.said ->> 'served')::boolean),
                   'sex', coalesce(o.sex, g.said ->> 'sex'), 'post', coalesce(g.said ->> 'post', o.post)) order by g.place), '[]')
    into v_rows
    from given g
    left join tributary.body_member o on o.member = g.member and o.jurisdiction = v_jurisdiction and o.plan = v_before.plan;

    v_newest := tributary.sheet_of(p_meeting, null);
    outcome := case
        when v_newest > 0 and (
            select jsonb_agg(jsonb_build_object(
                       'place', a.place, 'part', a.part, 'duty', a.duty, 'office', a.office, 'member', a.member, 'seat', a.seat,
                       'served', a.served, 'post', a.post, 'authorised', a.authorised, 'sex', a.sex, 'name', n.name)
                   order by a.place)
            from tributary.meeting_attendance a left join tributary.meeting_attendance_name n using (attendance)
            where a.jurisdiction = v_jurisdiction and a.sequence = v_newest)
            = (select jsonb_agg(r.said - array['attendance', 'salt', 'known'] order by r.place)
               from jsonb_array_elements(v_rows) with ordinality as r (said, place)) then 'unchanged'
        when v_newest <> p_seen then 'stale'
        when v_rows @> '[{"known": false}]' then 'unknown_member'
        when exists (select from jsonb_array_elements(v_rows) r (said) where r.said ->> 'member' is not null
                     group by r.said ->> 'member' having count(*) > 1) then 'member_twice'
        when v_before.state = 'on_record' and v_newest > 0 and p_reason is null then 'correction'
    end;
    if outcome is not null then
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.meeting_sheet (jurisdiction, meeting, reason, actor, sequence, recorded_at)
    values (v_jurisdiction, p_meeting, case when v_before.state = 'on_record' and v_newest > 0 then p_reason end, p_token, sequence,
            v_place.recorded_at)
    returning * into v_row;
    insert into tributary.meeting_attendance (attendance, jurisdiction, sequence, place, part, duty, office, member, seat, served,
                                              post, authorised, sex, name_digest)
    select (r.said ->> 'attendance')::uuid, v_jurisdiction, v_row.sequence, (r.said ->> 'place')::integer, r.said ->> 'part',
           r.said ->> 'duty', r.said ->> 'office', (r.said ->> 'member')::uuid, r.said ->> 'seat', (r.said ->> 'served')::boolean,
           r.said ->> 'post', (r.said ->> 'authorised')::boolean, r.said ->> 'sex',
           sha256(decode(r.said ->> 'salt', 'hex') || convert_to(r.said ->> 'name', 'UTF8'))
    from jsonb_array_elements(v_rows) r (said);
    insert into tributary.meeting_attendance_name (attendance, jurisdiction, salt, digest, name)
    select a.attendance, v_jurisdiction, decode(r.said ->> 'salt', 'hex'), a.name_digest, r.said ->> 'name'
    from jsonb_array_elements(v_rows) r (said)
    join tributary.meeting_attendance a on a.attendance = (r.said ->> 'attendance')::uuid
    where a.name_digest is not null;
    said := tributary.meeting_sheet_said(v_row);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_meeting);
end
$$;
revoke all on function tributary.record_meeting_sheet from public;
grant execute on function tributary.record_meeting_sheet to tributary_daemon;

-- Records what was resolved on items of a meeting's agenda: p_rows is a list of {"resolution","item","text","remarks"}; items
-- that aren't in it stay as they were. The id answered is the meeting's. Refused for the reasons
--   not_found, not_held, stale   as above; p_seen: of tributary.resolutions_of()
--   unknown_item                 an item isn't on the agenda
--   correction                   something else was resolved on an item, the minutes are out or it is tracked, and nobody
--                                says why
drop function if exists tributary.record_meeting_resolutions;
create function tributary.record_meeting_resolutions(
    p_meeting uuid, p_seen bigint, p_rows jsonb, p_reason text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_before       record;
    v_newest       bigint;
    v_new          jsonb;
    v_corrects     boolean;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.* into v_before from tributary.meeting_now(p_meeting) m;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_meeting;
    select jsonb_agg(r.said),
           bool_or(o.text is not null
                   and (v_before.state = 'on_record'
                        or exists (select from tributary.decision d
                                   where d.meeting = p_meeting and d.item = (r.said ->> 'item')::uuid
                                     and not tributary.decision_is_withdrawn(d.decision, null))))
    into v_new, v_corrects
    from jsonb_array_elements(p_rows) r (said)
    left join lateral (
        select o.text, o.remarks from tributary.meeting_resolution o
        where o.meeting = p_meeting and o.item = (r.said ->> 'item')::uuid order by o.sequence desc limit 1) o on true
    where (o.text, o.remarks) is distinct from (r.said ->> 'text', r.said ->> 'remarks');
    v_newest := tributary.resolutions_of(p_meeting, null);
    outcome := case
        when not tributary.took_place(v_before.state) then 'not_held'
        when v_new is null then 'unchanged'
        when v_newest <> p_seen then 'stale'
        when exists (select from jsonb_array_elements(p_rows) r (said)
                     where not exists (select from tributary.meeting_agenda_item i
                                       where i.jurisdiction = v_jurisdiction
                                         and i.sequence = tributary.agenda_of(p_meeting, null)
                                         and i.item = (r.said ->> 'item')::uuid)) then 'unknown_item'
        when v_corrects and p_reason is null then 'correction'
    end;
    if outcome is not null then
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.meeting_resolution (resolution, jurisdiction, meeting, item, text, remarks, reason, actor, sequence,
                                              recorded_at)
    select (r.said ->> 'resolution')::uuid, v_jurisdiction, p_meeting, (r.said ->> 'item')::uuid, r.said ->> 'text',
           r.said ->> 'remarks', case when v_corrects then p_reason end, p_token, v_place.sequence, v_place.recorded_at
    from jsonb_array_elements(v_new) r (said);
    said := tributary.meeting_resolutions_said(v_jurisdiction, sequence);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_meeting);
end
$$;
revoke all on function tributary.record_meeting_resolutions from public;
grant execute on function tributary.record_meeting_resolutions to tributary_daemon;
