-- functions_closings.sql: periods that are closed and opened again; reloadable like functions.sql.

-- The closing under which nothing of a form may be handed in for a period, as it was at p_as_of (null: as it stands): its
-- own or the one of all forms, of the period or of the year around it; the newest if there are several.
drop function if exists tributary.closing_in_force;
create function tributary.closing_in_force(p_plan text, p_form text, p_period text, p_as_of timestamptz)
returns table (closing uuid, reason text, recorded_at timestamptz)
language sql stable as $$
    select c.closing, c.reason, c.recorded_at
    from (select distinct on (n.period, n.form) n.closing, n.reason, n.recorded_at, n.closed, n.sequence
          from tributary.closing n
          where n.jurisdiction = current_setting('tributary.jurisdiction') and n.plan = p_plan
            and n.period in (p_period, split_part(p_period, 'Q', 1)) and (n.form is null or n.form = p_form)
            and (p_as_of is null or n.recorded_at <= p_as_of)
          order by n.period, n.form, n.sequence desc) c
    where c.closed
    order by c.sequence desc
    limit 1
$$;
revoke all on function tributary.closing_in_force from public;
grant execute on function tributary.closing_in_force to tributary_daemon;

-- Closes a period, for one form or (without p_form) for all, or opens it again. Answers as ledger/act.h says; refused for
-- the reason
--   not_closed   there is nothing to open
drop function if exists tributary.record_closing;
create function tributary.record_closing(
    p_id uuid, p_plan text, p_period text, p_form text, p_closed boolean, p_reason text, p_by text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_current      record;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select c.closing, c.closed, c.reason into v_current
    from tributary.closing c
    where c.jurisdiction = v_jurisdiction and c.plan = p_plan and c.period = p_period and c.form is not distinct from p_form
    order by c.sequence desc
    limit 1;
    -- its own, if the commit lost its answer and it comes again
    if v_current.closing = p_id or (v_current.closed = p_closed and v_current.reason = p_reason) then
        outcome := 'unchanged';
        id := v_current.closing;
    elsif not p_closed and v_current.closed is not true then
        outcome := 'not_closed';
        return;
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.closing (closing, jurisdiction, plan, period, form, closed, reason, closed_by, actor, sequence,
                                       recorded_at)
        values (p_id, v_jurisdiction, p_plan, p_period, p_form, p_closed, p_reason, p_by, p_token, sequence,
                v_place.recorded_at);
        said := jsonb_build_object(
            'closing', p_id, 'plan', p_plan, 'period', p_period, 'form', p_form, 'closed', p_closed,
            'reason_sha256', tributary.text_sha256(p_reason),
            'by_sha256', tributary.text_sha256(p_by));
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_closing from public;
grant execute on function tributary.record_closing to tributary_daemon;
