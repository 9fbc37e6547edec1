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
