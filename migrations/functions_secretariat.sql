-- functions_secretariat.sql: turns of a rotating secretariat; reloadable like functions.sql.

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
                              'reason_sha256', encode(sha256(convert_to(p_reason, 'UTF8')), 'hex'), 'turns', p_turns)
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
