-- functions_decisions_recording.sql: recording decisions and what becomes of them; reloadable like functions.sql.

-- What the log says of a decision, of progress, of a ruling; ledger/verify_acts.c says the same of the rows.
create or replace function tributary.decision_said(d tributary.decision) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'decision', d.decision, 'plan', d.plan, 'body', d.body, 'unit', d.unit, 'year', d.year, 'number', d.number,
        'meeting', d.meeting, 'meeting_record', d.meeting_record, 'item', d.item, 'decision_kind', d.kind,
        'title_sha256', tributary.text_sha256(d.title), 'text_sha256', tributary.text_sha256(d.text),
        'due_on', d.due_on, 'asks_form', d.asks_form, 'asks_period', d.asks_period,
        'asks_sha256', tributary.text_sha256(d.asks),
        'owners', (select jsonb_agg(jsonb_build_object('owner', o.place, 'office', o.office, 'agency', o.agency)
                                    order by o.place)
                   from tributary.decision_owner o
                   where o.decision = d.decision and o.jurisdiction = d.jurisdiction and o.sequence = d.sequence))
$$;

create or replace function tributary.decision_progress_said(p tributary.decision_progress) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'progress', p.progress, 'decision', p.decision, 'owner', p.owner,
        'text_sha256', tributary.text_sha256(p.text), 'proposes', p.proposes,
        'attachments', (select coalesce(jsonb_agg(jsonb_build_object(
                                'attachment', a.attachment, 'place', a.place, 'name_sha256', tributary.text_sha256(a.name),
                                'type', a.type, 'upload', a.upload, 'size', c.size, 'sha256', encode(c.sha256, 'hex'))
                                order by a.place), '[]')
                        from tributary.decision_attachment a
                        join tributary.attachment_content c on c.content = a.content and c.jurisdiction = a.jurisdiction
                        where a.progress = p.progress and a.jurisdiction = p.jurisdiction and a.sequence = p.sequence))
$$;

create or replace function tributary.decision_ruled(r tributary.decision_ruling) returns jsonb
language sql stable as $$
    select jsonb_build_object('owner', r.owner, 'outcome', r.outcome, 'due_on', r.due_on,
                              'text_sha256', tributary.text_sha256(r.text))
$$;

create or replace function tributary.decision_ruling_said(p_ruling uuid) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'ruling', r.ruling, 'decision', r.decision, 'meeting', r.meeting, 'meeting_record', r.meeting_record,
        'owners', jsonb_agg(tributary.decision_ruled(r) order by r.owner))
    from tributary.decision_ruling r
    where r.ruling = p_ruling
    group by r.ruling, r.decision, r.meeting, r.meeting_record
$$;

-- Records what a meeting decided. Answers as ledger/act.h says; the number follows the last one of its body, unit and year,
-- under the log's lock, so that there are no gaps. Refused for the reasons
--   forbidden          it isn't the caller's to record what this body decides
--   not_held           the meeting hasn't taken place yet, or was cancelled
--   meeting_changed    the record of the meeting has a newer revision, or was withdrawn
--   no_item            its agenda has no such item
--   due_before         it would be due before the day of its meeting
drop function if exists tributary.record_decision;
create function tributary.record_decision(
    p_id uuid, p_plan text, p_body text, p_unit text, p_year integer, p_meeting uuid, p_record uuid, p_item uuid, p_kind text,
    p_title text, p_text text, p_due_on date, p_asks_form text, p_asks_period text, p_asks text, p_owners jsonb,
    p_day_field text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_item_kind    text;
    v_place        record;
    v_row          tributary.decision;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    -- its own, if the commit lost its answer and it comes again
    if exists (select from tributary.decision d where d.decision = p_id) then
        outcome := 'unchanged';
        id := p_id;
        return;
    end if;
    select i.kind into v_item_kind
    from tributary.meeting_agenda_item i
    where i.item = p_item and i.jurisdiction = v_jurisdiction
      and i.sequence = (select max(a.sequence) from tributary.meeting_agenda a where a.meeting = p_meeting);
    outcome := case
        when not tributary.may_decide(v_jurisdiction, p_unit, p_record, p_actor) then 'forbidden'
        when not tributary.decision_meeting_was_held(p_meeting, p_record) then 'not_held'
        when p_record is not null and not tributary.is_current_record(p_record) then 'meeting_changed'
        when p_item is not null and v_item_kind is null then 'no_item'
        when p_due_on < (select m.day from tributary.decision_meeting(p_meeting, p_record, p_day_field, null) m) then 'due_before'
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    id := p_id;
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision (
        decision, jurisdiction, plan, body, unit, year, number, meeting, meeting_record, item, kind, title, text, due_on,
        asks_form, asks_period, asks, actor, sequence, recorded_at)
    select p_id, v_jurisdiction, p_plan, p_body, p_unit, p_year,
           tributary.last_decision_number(p_plan, p_body, p_unit, p_year) + 1, p_meeting, p_record, p_item,
           coalesce(p_kind, case when v_item_kind = 'report' then 'direction' else 'resolution' end),
           p_title, p_text, p_due_on, p_asks_form, p_asks_period, p_asks, p_actor, v_place.sequence, v_place.recorded_at
    returning * into v_row;
    insert into tributary.decision_owner (decision, place, jurisdiction, office, agency, sequence)
    select p_id, o.place, v_jurisdiction, o.owner ->> 'office', o.owner ->> 'agency', v_place.sequence
    from jsonb_array_elements(p_owners) with ordinality as o (owner, place);
    said := tributary.decision_said(v_row);
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_decision from public;
grant execute on function tributary.record_decision to tributary_daemon;

-- The newest number of a body, unit and year; 0: none yet. An office that records what its own task group decided sees all
-- of those.
create or replace function tributary.last_decision_number(p_plan text, p_body text, p_unit text, p_year integer)
returns integer
language sql stable as $$
    select coalesce(max(d.number), 0)
    from tributary.decision d
    where d.jurisdiction = current_setting('tributary.jurisdiction') and d.plan = p_plan and d.body = p_body
      and d.unit is not distinct from p_unit and d.year = p_year
$$;

-- Whether a revision is the newest of its submission and reports something.
create or replace function tributary.is_current_record(p_revision uuid) returns boolean
language sql stable as $$
    select exists (select from tributary.revision r
                   where r.id = p_revision and r.reported and r.withdrawn is null
                     and not exists (select from tributary.revision n
                                     where n.submission = r.submission and n.number > r.number))
$$;

-- Records what an owner did (p_owner null: the office that acts). p_attachments: [{"attachment","upload","name","type",
-- "sha256"}], the bytes looked at already. Answers as ledger/act.h says; refused for the reasons
--   not_found        the caller sees no such decision
--   withdrawn        it was recorded by mistake
--   not_owner        it has no such owner, or the caller speaks for another
--   owner_closed     nothing is tracked of that owner any more
--   upload_gone, upload_incomplete, upload_used
drop function if exists tributary.record_decision_progress;
create function tributary.record_decision_progress(
    p_id uuid, p_decision uuid, p_owner integer, p_text text, p_proposes text, p_attachments jsonb,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_owner        record;
    v_file         record;
    v_place        record;
    v_row          tributary.decision_progress;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_decision;
    if exists (select from tributary.decision_progress p where p.progress = p_id) then
        outcome := 'unchanged';
        return;
    end if;
    select o.place, tributary.owner_state((select r.outcome from tributary.decision_ruling r
                                           where r.decision = o.decision and r.owner = o.place
                                           order by r.sequence desc limit 1)) as state
    into v_owner
    from tributary.decision_owner o
    where o.decision = p_decision and (o.place = p_owner or p_owner is null)
      and (tributary.prepares_bodies(v_jurisdiction, p_actor) and p_owner is not null
           or tributary.is_own(o.jurisdiction, o.office));
    outcome := case
        when not exists (select from tributary.decision d where d.decision = p_decision) then 'not_found'
        when tributary.decision_is_withdrawn(p_decision, null) then 'withdrawn'
        when v_owner.place is null then 'not_owner'
        when v_owner.state = 'closed' then 'owner_closed'
        else tributary.upload_refused(p_attachments)
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision_progress (
        progress, jurisdiction, decision, owner, text, proposes, actor, sequence, recorded_at)
    values (p_id, v_jurisdiction, p_decision, v_owner.place, p_text, p_proposes, p_actor, v_place.sequence,
            v_place.recorded_at)
    returning * into v_row;
    for v_file in select f.file, f.place from jsonb_array_elements(p_attachments) with ordinality as f (file, place) loop
        insert into tributary.decision_attachment (attachment, jurisdiction, progress, place, name, type, content, upload,
                                                   sequence)
        values ((v_file.file ->> 'attachment')::uuid, v_jurisdiction, p_id, v_file.place, v_file.file ->> 'name',
                v_file.file ->> 'type',
                tributary.adopt_upload((v_file.file ->> 'upload')::uuid, decode(v_file.file ->> 'sha256', 'hex')),
                (v_file.file ->> 'upload')::uuid, v_place.sequence);
    end loop;
    said := tributary.decision_progress_said(v_row);
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_decision);
end
$$;
revoke all on function tributary.record_decision_progress from public;
grant execute on function tributary.record_decision_progress to tributary_daemon;

-- Why uploads can't be attached now; null: they can. Those that can are locked.
create or replace function tributary.upload_refused(p_attachments jsonb) returns text
language plpgsql as $$
declare
    v_file   jsonb;
    v_upload record;
begin
    for v_file in select f.file from jsonb_array_elements(p_attachments) as f (file) loop
        if exists (select from tributary.decision_attachment a where a.upload = (v_file ->> 'upload')::uuid)
            or exists (select from tributary.attachment a where a.upload = (v_file ->> 'upload')::uuid) then
            return 'upload_used';
        end if;
        select u.size, u.received into v_upload
        from tributary.upload u
        where u.upload = (v_file ->> 'upload')::uuid and u.expires_at > clock_timestamp()
        for update;
        if not found then
            return 'upload_gone';
        elsif v_upload.received <> v_upload.size then
            return 'upload_incomplete';
        end if;
    end loop;
    return null;
end
$$;

-- Why a meeting of the day p_day can't rule so of owners, after what was ruled of them; null: it can. What the same meeting
-- ruled of an owner it corrects: its newest ruling takes the place of those before.
--   ruled_since   a later meeting has ruled of one of them
--   owner_done    an earlier one closed one of them or handed it over; it can only be taken up again (continue)
create or replace function tributary.ruling_refused(
    p_decision uuid, p_meeting uuid, p_record uuid, p_day date, p_day_field text, p_rulings jsonb) returns text
language sql stable as $$
    select case when bool_or(n.day > p_day) then 'ruled_since'
                when bool_or(not n.same and n.outcome <> 'continue' and g.ruling ->> 'outcome' <> 'continue') then 'owner_done' end
    from jsonb_array_elements(p_rulings) as g (ruling)
    cross join lateral (
        select r.outcome, d.day, coalesce(r.meeting = p_meeting, k.submission = s.submission, false) as same
        from tributary.decision_ruling r
        left join lateral tributary.decision_meeting(r.meeting, r.meeting_record, p_day_field, null) d on true
        left join tributary.revision k on k.id = r.meeting_record
        left join tributary.revision s on s.id = p_record
        where r.decision = p_decision and r.owner = (g.ruling ->> 'owner')::integer
        order by r.sequence desc
        limit 1) n
$$;

-- Records what a later meeting ruled of owners: p_rulings [{"owner","outcome","due_on","text"}]. Answers as ledger/act.h
-- says, with the decision's id; refused for the reasons
--   not_found          the caller sees no such decision
--   forbidden          it isn't the caller's to record what this body rules
--   withdrawn          it was recorded by mistake
--   no_meeting         no meeting, or record of one, of the decision's body and unit
--   not_held           the meeting hasn't taken place yet, or was cancelled
--   meeting_changed    the record of the meeting has a newer revision, or was withdrawn
--   too_early          the meeting that decided it, or an earlier one
--   no_owner           it has no such owner
--   due_before         it would be due before the day of the meeting that rules
--   ruled_since, owner_done   as tributary.ruling_refused() says
drop function if exists tributary.record_decision_ruling;
create function tributary.record_decision_ruling(
    p_id uuid, p_decision uuid, p_meeting uuid, p_record uuid, p_meeting_body text, p_day_field text, p_rulings jsonb,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_decision     tributary.decision;
    v_made         record;
    v_ruled        record;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_decision;
    if exists (select from tributary.decision_ruling r where r.ruling = p_id) then
        outcome := 'unchanged';
        return;
    end if;
    select * into v_decision from tributary.decision d where d.decision = p_decision;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    select m.day into v_made
    from tributary.decision_meeting(v_decision.meeting, v_decision.meeting_record, p_day_field, null) m;
    select m.day into v_ruled from tributary.decision_meeting(p_meeting, p_record, p_day_field, null) m;
    outcome := case
        when not tributary.may_decide(v_jurisdiction, v_decision.unit, p_record, p_actor) then 'forbidden'
        when tributary.decision_is_withdrawn(p_decision, null) then 'withdrawn'
        when p_meeting is not null and not exists (
            select from tributary.meeting m
            where m.meeting = p_meeting and m.jurisdiction = v_jurisdiction and m.body = p_meeting_body
              and m.unit is not distinct from v_decision.unit) then 'no_meeting'
        when p_record is not null and not exists (
            select from tributary.revision r
            join tributary.submission s using (submission)
            join tributary.revision k on k.id = v_decision.meeting_record
            join tributary.submission m on m.submission = k.submission
            where r.id = p_record and r.office = v_decision.unit and s.form = m.form) then 'no_meeting'
        when not tributary.decision_meeting_was_held(p_meeting, p_record) then 'not_held'
        when p_record is not null and not tributary.is_current_record(p_record) then 'meeting_changed'
        when v_ruled.day < v_made.day or p_meeting = v_decision.meeting
            or (select r.submission from tributary.revision r where r.id = p_record)
               = (select r.submission from tributary.revision r where r.id = v_decision.meeting_record) then 'too_early'
        when exists (select from jsonb_array_elements(p_rulings) as g (ruling)
                     where not exists (select from tributary.decision_owner o
                                       where o.decision = p_decision
                                         and o.place = (g.ruling ->> 'owner')::integer)) then 'no_owner'
        when exists (select from jsonb_array_elements(p_rulings) as g (ruling)
                     where (g.ruling ->> 'due_on')::date < v_ruled.day) then 'due_before'
        else tributary.ruling_refused(p_decision, p_meeting, p_record, v_ruled.day, p_day_field, p_rulings)
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision_ruling (
        ruling, owner, jurisdiction, decision, meeting, meeting_record, outcome, text, due_on, actor, sequence, recorded_at)
    select p_id, (g.ruling ->> 'owner')::integer, v_jurisdiction, p_decision, p_meeting, p_record, g.ruling ->> 'outcome',
           g.ruling ->> 'text', (g.ruling ->> 'due_on')::date, p_actor, v_place.sequence, v_place.recorded_at
    from jsonb_array_elements(p_rulings) as g (ruling);
    said := tributary.decision_ruling_said(p_id);
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_decision);
end
$$;
revoke all on function tributary.record_decision_ruling from public;
grant execute on function tributary.record_decision_ruling to tributary_daemon;

-- Carries a decision up to another body. Answers as ledger/act.h says, with the decision's id; refused for the reasons
--   not_found          the caller sees no such decision
--   withdrawn          it was recorded by mistake
--   decision_closed    every owner is done with it
--   already_referred   that body has it before it
drop function if exists tributary.record_decision_referral;
create function tributary.record_decision_referral(
    p_id uuid, p_decision uuid, p_to_body text, p_to_unit text, p_reason text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_decision;
    outcome := case
        when not exists (select from tributary.decision d where d.decision = p_decision) then 'not_found'
        when exists (select from tributary.decision_referral r where r.referral = p_id) then 'unchanged'
        when tributary.decision_is_withdrawn(p_decision, null) then 'withdrawn'
        when (select o.open from tributary.decision_owners_at(p_decision, null, null, null, null, null) o) = 0
            then 'decision_closed'
        when (select f.waits_for @> jsonb_build_array(jsonb_build_object('body', p_to_body, 'unit', p_to_unit))
              from tributary.decision_referrals_at(p_decision, null, null) f) then 'already_referred'
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision_referral (
        referral, jurisdiction, decision, to_body, to_unit, reason, actor, sequence, recorded_at)
    values (p_id, v_jurisdiction, p_decision, p_to_body, p_to_unit, p_reason, p_actor, v_place.sequence, v_place.recorded_at);
    said := jsonb_build_object('referral', p_id, 'decision', p_decision, 'to_body', p_to_body, 'to_unit', p_to_unit,
                               'reason_sha256', tributary.text_sha256(p_reason));
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_decision);
end
$$;
revoke all on function tributary.record_decision_referral from public;
grant execute on function tributary.record_decision_referral to tributary_daemon;

-- Records what a body said of what was carried up to it; a newer one takes its place. Answers as ledger/act.h says, with the
-- decision's id; refused for the reasons
--   not_found          the caller sees no such referral
--   withdrawn          the decision was recorded by mistake
--   no_meeting         no meeting of the body it was carried to
--   not_held           the meeting hasn't taken place yet, or was cancelled
--   too_early          it was before the meeting that decided it
drop function if exists tributary.record_decision_outcome;
create function tributary.record_decision_outcome(
    p_id uuid, p_referral uuid, p_meeting uuid, p_meeting_body text, p_text text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_referral     tributary.decision_referral;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select * into v_referral from tributary.decision_referral r where r.referral = p_referral;
    id := v_referral.decision;
    outcome := case
        when v_referral.referral is null then 'not_found'
        when exists (select from tributary.decision_outcome o where o.outcome = p_id) then 'unchanged'
        when tributary.decision_is_withdrawn(v_referral.decision, null) then 'withdrawn'
        when not exists (
            select from tributary.meeting m
            where m.meeting = p_meeting and m.jurisdiction = v_jurisdiction and m.body = p_meeting_body
              and m.unit is not distinct from v_referral.to_unit) then 'no_meeting'
        when not tributary.decision_meeting_was_held(p_meeting, null) then 'not_held'
        when (select m.day from tributary.decision_meeting(p_meeting, null, null, null) m)
             < (select m.day from tributary.decision d
                cross join lateral tributary.decision_meeting(d.meeting, null, null, null) m
                where d.decision = v_referral.decision) then 'too_early'
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision_outcome (
        outcome, jurisdiction, referral, meeting, text, actor, sequence, recorded_at)
    values (p_id, v_jurisdiction, p_referral, p_meeting, p_text, p_actor, v_place.sequence, v_place.recorded_at);
    said := jsonb_build_object('outcome', p_id, 'referral', p_referral, 'meeting', p_meeting,
                               'text_sha256', tributary.text_sha256(p_text));
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, v_referral.decision);
end
$$;
revoke all on function tributary.record_decision_outcome from public;
grant execute on function tributary.record_decision_outcome to tributary_daemon;

-- Withdraws a decision that was recorded by mistake: its number stays, and nothing is tracked of it any more. An office
-- withdraws those of its own task group, of which it may rule, too, whoever recorded them. Answers as
-- ledger/act.h says, with the decision's id; refused for the reasons
--   not_found          the caller sees no such decision
--   forbidden          it isn't the caller's to record what this body decides
--   withdrawn          it was withdrawn before
--   ruled_upon         a meeting has ruled of it, or one of a body that it was carried up to has spoken of it or resolved
--                      something on it: that stands in minutes
drop function if exists tributary.record_decision_withdrawal;
create function tributary.record_decision_withdrawal(
    p_id uuid, p_decision uuid, p_reason text, p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_decision     tributary.decision;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_decision;
    select * into v_decision from tributary.decision d where d.decision = p_decision and d.jurisdiction = v_jurisdiction;
    outcome := case
        when v_decision.decision is null then 'not_found'
        when exists (select from tributary.decision_withdrawal w where w.withdrawal = p_id) then 'unchanged'
        when not tributary.may_decide(v_jurisdiction, v_decision.unit, v_decision.meeting_record, p_actor) then 'forbidden'
        when tributary.decision_is_withdrawn(p_decision, null) then 'withdrawn'
        when exists (select from tributary.decision_ruling r where r.decision = p_decision)
            or exists (select from tributary.decision_referral r
                       join tributary.decision_outcome o using (referral)
                       where r.decision = p_decision)
            or tributary.resolved_above(p_decision) then 'ruled_upon'
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.decision_withdrawal (withdrawal, jurisdiction, decision, reason, actor, sequence, recorded_at)
    values (p_id, v_jurisdiction, p_decision, p_reason, p_actor, v_place.sequence, v_place.recorded_at);
    said := jsonb_build_object('withdrawal', p_id, 'decision', p_decision, 'reason_sha256', tributary.text_sha256(p_reason));
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_decision);
end
$$;
revoke all on function tributary.record_decision_withdrawal from public;
grant execute on function tributary.record_decision_withdrawal to tributary_daemon;
