-- functions_attestations.sql: receipts that are attested to have come earlier; reloadable like functions.sql.

-- The attestation that counts for a revision, as it was at p_as_of (null: as it stands); none if it was taken back.
drop function if exists tributary.attestation_in_force;
create function tributary.attestation_in_force(p_revision uuid, p_as_of timestamptz)
returns table (received_at timestamptz, attested jsonb)
language sql stable as $$
    select a.received_at,
           jsonb_build_object('received_at', tributary.log_moment(a.received_at), 'reason', a.reason, 'by', a.attested_by,
                              'recorded_at', tributary.log_moment(a.recorded_at))
    from (select n.received_at, n.reason, n.attested_by, n.recorded_at
          from tributary.attestation n
          where n.revision = p_revision and (p_as_of is null or n.recorded_at <= p_as_of)
          order by n.sequence desc
          limit 1) a
    where a.received_at is not null
$$;
revoke all on function tributary.attestation_in_force from public;
grant execute on function tributary.attestation_in_force to tributary_daemon;

-- What the log says of an attestation: why and by whom may name people, and is there as hashes only.
create or replace function tributary.said_of_attestation(p_received_at timestamptz, p_reason text, p_by text) returns jsonb
language sql stable as $$
    select jsonb_build_object('received_at', tributary.log_moment(p_received_at),
                              'reason_sha256', tributary.text_sha256(p_reason),
                              'by_sha256', tributary.text_sha256(p_by))
$$;

-- Attests that a revision came at p_received_at, or (without one) takes that back. Answers as ledger/act.h says; refused
-- for the reasons
--   not_attested      there is nothing to take back
--   withdrawn         the revision withdraws its submission: nothing came with it
--   not_earlier       it came no later than that
drop function if exists tributary.record_attestation;
create function tributary.record_attestation(
    p_id uuid, p_revision uuid, p_received_at timestamptz, p_reason text, p_by text,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_revision record;
    v_current  record;
    v_place    record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select r.jurisdiction, r.office, r.received_at, r.withdrawn into strict v_revision
    from tributary.revision r
    where r.id = p_revision;
    select a.attestation, a.received_at, a.reason into v_current
    from tributary.attestation a
    where a.revision = p_revision
    order by a.sequence desc
    limit 1;
    -- its own, if the commit lost its answer and it comes again
    if v_current.attestation = p_id
        or (v_current.received_at = p_received_at and v_current.reason = p_reason) then
        outcome := 'unchanged';
        id := v_current.attestation;
    elsif v_revision.withdrawn is not null then
        outcome := 'withdrawn';
        return;
    elsif p_received_at is null and v_current.received_at is null then
        outcome := 'not_attested';
        return;
    elsif p_received_at >= v_revision.received_at then
        outcome := 'not_earlier';
        return;
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.attestation (attestation, jurisdiction, office, revision, received_at, reason, attested_by,
                                           actor, sequence, recorded_at)
        values (p_id, v_revision.jurisdiction, v_revision.office, p_revision, p_received_at, p_reason, p_by, p_token,
                sequence, v_place.recorded_at);
        said := tributary.said_of_attestation(p_received_at, p_reason, p_by)
                || jsonb_build_object('attestation', p_id, 'submission', p_revision, 'office', v_revision.office);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_attestation from public;
grant execute on function tributary.record_attestation to tributary_daemon;
