-- functions_prepared.sql: what one of an office prepares and another releases (核章); reloadable like functions.sql.

-- Whether it was released or rejected; not by the revision p_own, whose commit may have lost its answer.
create or replace function tributary.prepared_has_ended(p_prepared uuid, p_own uuid) returns boolean
language sql stable as $$
    select exists (select from tributary.prepared_end e where e.prepared = p_prepared and (p_own is null or e.revision is distinct from p_own))
$$;

-- Ends it. Its bytes go: they may name people, and what is released is kept as its revision keeps it.
create or replace function tributary.end_prepared(
    p_prepared uuid, p_outcome text, p_revision uuid, p_reason text, p_actor uuid, p_sequence bigint, p_recorded_at timestamptz)
returns void
language plpgsql as $$
begin
    insert into tributary.prepared_end (prepared, preparer, jurisdiction, office, outcome, revision, reason, actor, sequence,
                                        recorded_at)
    select p.prepared, p.preparer, p.jurisdiction, p.office, p_outcome, p_revision, p_reason, p_actor, p_sequence, p_recorded_at
    from tributary.prepared p
    where p.prepared = p_prepared;
    update tributary.prepared set bytes = null where prepared = p_prepared;
end
$$;

-- What a colleague is called: people of an office see who of them prepared what.
create or replace function tributary.colleague_name(p_actor uuid) returns text
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(
        (select a.name from tributary.account a where a.account = p_actor and tributary.is_own(a.jurisdiction, a.office)),
        (select t.label from tributary.token t where t.token = p_actor and tributary.is_own(t.jurisdiction, t.office)))
$$;
revoke all on function tributary.colleague_name from public;
grant execute on function tributary.colleague_name to tributary_daemon;

-- Keeps a hand-in that was judged sound until somebody else releases it. Answers as ledger/act.h says.
drop function if exists tributary.record_preparation;
create function tributary.record_preparation(
    p_prepared uuid, p_plan text, p_form text, p_office text, p_period text, p_content_type text, p_query text, p_bytes bytea,
    p_sha256 bytea, p_received_at timestamptz,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_place record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    id := p_prepared;
    if exists (select from tributary.prepared p where p.prepared = p_prepared) then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.prepared (prepared, jurisdiction, plan, form, office, period, content_type, query, bytes, sha256,
                                    preparer, sequence, recorded_at, received_at)
    values (p_prepared, current_setting('tributary.jurisdiction'), p_plan, p_form, p_office, p_period, p_content_type, p_query,
            p_bytes, p_sha256, p_actor, v_place.sequence, v_place.recorded_at, p_received_at);
    said := jsonb_build_object('prepared', p_prepared, 'plan', p_plan, 'form', p_form, 'office', p_office, 'period', p_period,
                               'sha256', encode(p_sha256, 'hex'));
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_prepared);
end
$$;
revoke all on function tributary.record_preparation from public;
grant execute on function tributary.record_preparation to tributary_daemon;

-- Gives it back to who prepared it, with a reason. Refused as
--   not_found, prepared_ended
drop function if exists tributary.record_prepared_rejection;
create function tributary.record_prepared_rejection(
    p_prepared uuid, p_reason text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_place record;
begin
    id := p_prepared;
    if not exists (select from tributary.prepared p where p.prepared = p_prepared) then
        outcome := 'not_found';
        return;
    end if;
    if tributary.prepared_has_ended(p_prepared, null) then
        outcome := case when exists (
            select from tributary.prepared_end e
            where e.prepared = p_prepared and e.outcome = 'rejected' and e.reason = p_reason and e.actor = p_actor)
            then 'unchanged' else 'prepared_ended' end;
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    perform tributary.end_prepared(p_prepared, 'rejected', null, p_reason, p_actor, v_place.sequence, v_place.recorded_at);
    said := jsonb_build_object('prepared', p_prepared, 'reason_sha256', tributary.text_sha256(p_reason));
end
$$;
revoke all on function tributary.record_prepared_rejection from public;
grant execute on function tributary.record_prepared_rejection to tributary_daemon;
