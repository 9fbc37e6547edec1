-- functions_take_over.sql: what a meeting resolved, taken over into tracking; reloadable like functions.sql.

-- Records a decision of an item of a meeting's agenda, unless one was recorded of it already. Otherwise as
-- tributary.record_decision(); refused besides its reasons for
--   taken_over   a decision of this meeting was recorded of that item, and not withdrawn since
drop function if exists tributary.take_over_decision;
create function tributary.take_over_decision(
    p_id uuid, p_plan text, p_body text, p_unit text, p_year integer, p_meeting uuid, p_record uuid, p_item uuid, p_kind text,
    p_title text, p_text text, p_due_on date, p_asks_form text, p_asks_period text, p_asks text, p_owners jsonb, p_day_field text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    if exists (select from tributary.decision d
               where d.jurisdiction = current_setting('tributary.jurisdiction') and d.meeting = p_meeting and d.item = p_item
                 and d.decision <> p_id and not tributary.decision_is_withdrawn(d.decision, null)) then
        outcome := 'taken_over';
        return;
    end if;
    select r.outcome, r.id, r.recorded_at, r.sequence, r.said into outcome, id, recorded_at, sequence, said
    from tributary.record_decision(p_id, p_plan, p_body, p_unit, p_year, p_meeting, p_record, p_item, p_kind, p_title, p_text,
                                   p_due_on, p_asks_form, p_asks_period, p_asks, p_owners, p_day_field, p_clock, p_actor, p_key,
                                   p_request_sha256) r;
end
$$;
revoke all on function tributary.take_over_decision from public;
grant execute on function tributary.take_over_decision to tributary_daemon;
