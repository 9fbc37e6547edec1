-- functions_audit.sql: reading the log, proving its entries, recording exports, and giving up what needn't be kept;
-- reloadable like functions.sql.

-- The kinds of entries that those read who don't look after the system: what happened to plans and submissions. A kind that
-- isn't named here (sign-ins, accounts, tokens, exports, keys) is read by admin and auditor only.
create or replace function tributary.is_open_kind(p_kind text) returns boolean
language sql immutable parallel safe as $$
    select p_kind in ('submission', 'plan', 'extension', 'attachment', 'attachment_withdrawal', 'review', 'meeting',
                      'attestation', 'closing', 'preparation', 'prepared_rejection', 'remark',
                      'remark_resolution', 'retention', 'body_member', 'body_member_end',
                      'meeting_step', 'meeting_agenda', 'meeting_sheet', 'meeting_resolutions',
                      'decision', 'decision_progress', 'decision_ruling', 'decision_referral', 'decision_outcome',
                      'decision_withdrawal', 'secretariat_turn', 'sitting_in', 'pack')
$$;

-- The first sequence number recorded at or after a moment, by halving: entries have no gaps and rise in time. One past
-- the last if there is none. Sees every entry, as offices, too, ask for moments.
drop function if exists tributary.first_since;
create function tributary.first_since(p_moment timestamptz) returns bigint
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_low          bigint := 1;
    v_high         bigint;
    v_middle       bigint;
begin
    select h.sequence + 1 into v_high from tributary.log_head h where h.jurisdiction = v_jurisdiction;
    while v_low < v_high loop
        v_middle := (v_low + v_high) / 2;
        if (select e.recorded_at from tributary.log_entry e
            where e.jurisdiction = v_jurisdiction and e.sequence = v_middle) < p_moment then
            v_low := v_middle + 1;
        else
            v_high := v_middle;
        end if;
    end loop;
    return v_low;
end
$$;
revoke all on function tributary.first_since from public;
grant execute on function tributary.first_since to tributary_daemon;

-- The proof that an entry is in the log, for whoever may read the entry: its batch's leaves.
drop function if exists tributary.entry_proof;
create function tributary.entry_proof(p_sequence bigint)
returns table (entry text, sequence bigint, first_sequence bigint, last_sequence bigint, previous_head bytea, head bytea,
               key text, signature bytea, leaves bytea)
language sql stable security definer set search_path = pg_catalog as $$
    select mine.entry, mine.sequence, b.first_sequence, b.last_sequence, b.previous_head, b.head, b.key, b.signature,
           (select string_agg(e.leaf, ''::bytea order by e.sequence)
            from tributary.log_entry e
            where e.jurisdiction = mine.jurisdiction and e.sequence between b.first_sequence and b.last_sequence)
    from tributary.log_entry mine
    join tributary.log_batch b on b.jurisdiction = mine.jurisdiction and b.batch = mine.batch
    where mine.jurisdiction = current_setting('tributary.jurisdiction', true) and mine.sequence = p_sequence
      and ((tributary.may_read_all(mine.jurisdiction)
            and (current_setting('tributary.role', true) in ('admin', 'auditor') or mine.is_open))
           or (tributary.is_own(mine.jurisdiction, mine.office) and mine.is_open))
$$;
revoke all on function tributary.entry_proof from public;
grant execute on function tributary.entry_proof to tributary_daemon;

-- Who stands behind the actors of entries: their label, role and office. An office learns the labels of its own people
-- only; of others, their role.
drop function if exists tributary.actors;
create function tributary.actors(p_actors text[])
returns table (actor text, label text, role text, office text)
language sql stable security definer set search_path = pg_catalog as $$
    select t.token::text,
           case when tributary.may_read_all(t.jurisdiction) or tributary.is_own(t.jurisdiction, t.office) then t.label end,
           t.role, t.office
    from tributary.token t
    where t.token = any (p_actors::uuid[]) and t.jurisdiction = current_setting('tributary.jurisdiction', true)
    union all
    select a.account::text,
           case when tributary.may_read_all(a.jurisdiction) or tributary.is_own(a.jurisdiction, a.office) then a.name end,
           a.role, a.office
    from tributary.account a
    where a.account = any (p_actors::uuid[]) and a.jurisdiction = current_setting('tributary.jurisdiction', true)
$$;
revoke all on function tributary.actors from public;
grant execute on function tributary.actors to tributary_daemon;

-- A copy that leaves the system (csv, ods, xlsx of anything; the log; what is given to the public). p_sha256 is that of its
-- bytes, so that a copy found elsewhere can be told. Only its entry is stored. Answers as ledger/act.h says.
drop function if exists tributary.record_export;
create function tributary.record_export(
    p_id uuid, p_path text, p_query text, p_format text, p_plan text, p_office text, p_submission text, p_bytes bigint,
    p_sha256 text, p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
declare
    v_place record;
begin
    outcome := 'recorded';
    id := p_id;
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    said := jsonb_build_object('export', p_id, 'path', p_path, 'query', p_query, 'format', p_format, 'plan', p_plan,
                               'office', p_office, 'submission', p_submission, 'bytes', p_bytes, 'sha256', p_sha256);
end
$$;
revoke all on function tributary.record_export from public;
grant execute on function tributary.record_export to tributary_daemon;

-- ---- what the schema's owner does --------------------------------------------------------------------------------
-- Called by ledger/owner_act.h, so not granted to the daemon.

-- The moment of an owner's act: now; in a sample, whose clock is the feeder's, right after what was recorded last.
create or replace function tributary.owner_clock() returns timestamptz
language sql stable set search_path = pg_catalog as $$
    select current_setting('tributary.log_recorded_at')::timestamptz from tributary.installation i where i.sample
$$;
revoke all on function tributary.owner_clock() from public;

create or replace function tributary.entry_moment(p_moment timestamptz) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select to_char(p_moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- What the log says of a key.
create or replace function tributary.signing_key_said(k tributary.signing_key) returns jsonb
language sql stable set search_path = pg_catalog as $$
    select jsonb_build_object('key', k.key, 'public_key', encode(k.public_key, 'hex'),
                              'since', tributary.entry_moment(k.since), 'until', tributary.entry_moment(k.until))
$$;

-- Announces in a jurisdiction's log the key that signs from now on, beside those that did, and what kind of database this
-- is; unchanged if the newest announcement says the same.
drop function if exists tributary.record_signing_key;
create function tributary.record_signing_key(
    p_key text, out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
declare
    v_place record;
begin
    id := p_key;
    select jsonb_build_object(
        'key', p_key, 'sample', i.sample, 'installed_at', tributary.entry_moment(i.created_at),
        'keys', (select jsonb_agg(tributary.signing_key_said(k) order by k.since, k.key) from tributary.signing_key k))
    into said
    from tributary.installation i;
    if (select e.entry::jsonb @> said from tributary.log_entry e
        where e.jurisdiction = current_setting('tributary.jurisdiction') and e.kind = 'signing_key'
        order by e.sequence desc limit 1) then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(tributary.owner_clock());
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
end
$$;
revoke all on function tributary.record_signing_key from public;

-- Erases a personal value, and says so in the log without it; or, where it was erased before that was recorded, says that.
drop function if exists tributary.record_erasure;
create function tributary.record_erasure(
    p_revision uuid, p_path text, out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_place record;
begin
    id := p_revision;
    if exists (select from tributary.log_entry e
               where e.jurisdiction = current_setting('tributary.jurisdiction') and e.submission = p_revision::text
                 and e.kind = 'personal_erasure' and e.entry::jsonb ->> 'path' = p_path and not e.entry::jsonb ? 'remark') then
        outcome := 'unchanged';
        return;
    end if;
    v_place := tributary.next_in_log(tributary.owner_clock());
    update tributary.personal_value v
    set value = null, salt = null, erased_at = v_place.recorded_at
    where v.revision = p_revision and v.path = p_path and v.value is not null;
    select jsonb_build_object(
        'submission', r.id, 'plan', s.plan, 'form', s.form, 'office', r.office, 'period', s.period, 'path', v.path,
        'digest', encode(v.digest, 'hex'), 'erased_at', tributary.entry_moment(v.erased_at))
    into said
    from tributary.personal_value v
    join tributary.revision r on r.id = v.revision
    join tributary.submission s using (submission)
    where v.revision = p_revision and v.path = p_path;
    if said is null then
        outcome := 'not_found';
        return;
    end if;
    outcome := 'recorded';
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
end
$$;
revoke all on function tributary.record_erasure from public;

-- The same of the text of a remark.
drop function if exists tributary.record_text_erasure;
create function tributary.record_text_erasure(
    p_remark uuid, out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_place record;
begin
    id := p_remark;
    if exists (select from tributary.log_entry e
               join tributary.remark m on m.remark = p_remark and m.revision::text = e.submission
               where e.jurisdiction = current_setting('tributary.jurisdiction') and e.kind = 'personal_erasure'
                 and e.entry::jsonb ->> 'remark' = p_remark::text) then
        outcome := 'unchanged';
        return;
    end if;
    v_place := tributary.next_in_log(tributary.owner_clock());
    update tributary.remark_text t
    set text = null, salt = null, erased_at = v_place.recorded_at
    where t.remark = p_remark and t.text is not null;
    select jsonb_build_object(
        'submission', m.revision, 'plan', s.plan, 'form', s.form, 'office', m.office, 'period', s.period, 'remark', m.remark,
        'path', m.path, 'digest', encode(m.digest, 'hex'), 'erased_at', tributary.entry_moment(t.erased_at))
    into said
    from tributary.remark_text t
    join tributary.remark m using (remark)
    join tributary.submission s using (submission)
    where t.remark = p_remark;
    if said is null then
        outcome := 'not_found';
        return;
    end if;
    outcome := 'recorded';
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
end
$$;
revoke all on function tributary.record_text_erasure from public;

-- What may be given up was recorded before this moment: so many months before now, or before the newest entry if the
-- clock says later.
create or replace function tributary.prunable_before(p_months integer) returns timestamptz
language sql stable set search_path = pg_catalog as $$
    select least(clock_timestamp(), h.recorded_at) - make_interval(months => p_months)
    from tributary.log_head h
    where h.jurisdiction = current_setting('tributary.jurisdiction')
$$;
revoke all on function tributary.prunable_before(integer) from public;

-- Gives up the texts of entries of some kinds that were recorded before a moment, at most so many: their leaves stay, so
-- that the log verifies, and the entry that is recorded says how many they are and sums them up. What such entries had as
-- rows goes with them. The moment is at least six months back (domain.md 9), by the clock and by the log: a clock that
-- jumped ahead gives nothing up.
drop function if exists tributary.prune_log;
create function tributary.prune_log(
    p_kinds text[], p_months integer, p_most integer,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_before       timestamptz := tributary.prunable_before(p_months);
    v_sequences    bigint[];
    v_sum          text;
    v_place        record;
begin
    if p_months < 6 then
        raise exception 'entries are kept six months at least' using errcode = 'invalid_parameter_value';
    end if;
    select array_agg(e.sequence order by e.sequence),
           encode(sha256(convert_to(string_agg(
               e.sequence || ' ' || e.kind || ' ' || tributary.micros(e.recorded_at) || ' ' || encode(e.leaf, 'hex') || E'\n', ''
               order by e.sequence), 'UTF8')), 'hex')
    into v_sequences, v_sum
    from (select e.sequence, e.kind, e.recorded_at, e.leaf
          from tributary.log_entry e
          where e.jurisdiction = v_jurisdiction and e.kind = any (p_kinds) and e.entry is not null and e.recorded_at < v_before
          order by e.sequence
          limit p_most) e;
    if v_sequences is null then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    v_place := tributary.next_in_log(tributary.owner_clock());
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    id := v_place.sequence;
    update tributary.log_entry e
    set entry = null, actor = null, office = null, plan = null, submission = null, pruned_by = v_place.sequence
    where e.jurisdiction = v_jurisdiction and e.sequence = any (v_sequences);
    -- a session goes with its sign-in, though it ended a little later than that
    delete from tributary.session s
    where s.jurisdiction = v_jurisdiction
      and (s.expires_at < v_before
           or s.session in (select (x.said ->> 'session')::uuid from tributary.account_event x
                            where x.jurisdiction = v_jurisdiction and x.sequence = any (v_sequences)));
    delete from tributary.account_event x where x.jurisdiction = v_jurisdiction and x.sequence = any (v_sequences);
    said := jsonb_build_object(
        'kinds', p_kinds, 'months', p_months, 'before', tributary.entry_moment(v_before), 'entries', cardinality(v_sequences),
        'first', v_sequences[1], 'last', v_sequences[cardinality(v_sequences)], 'entries_sha256', v_sum);
end
$$;
revoke all on function tributary.prune_log from public;
