-- functions_attachments.sql: uploads, attachments and their withdrawal; reloadable like functions.sql.

-- A moment as the log writes it.
create or replace function tributary.log_moment(t timestamptz) returns text
language sql stable strict as $$ select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- Deletes what expired, with its bytes, a few at a time; an upload that is being written to is left.
create or replace function tributary.drop_expired_uploads() returns void
language sql security definer set search_path = pg_catalog as $$
    with gone as (
        delete from tributary.upload
        where upload in (select u.upload from tributary.upload u
                         where u.expires_at <= clock_timestamp()
                         order by u.expires_at
                         limit 20
                         for update skip locked)
        returning upload)
    delete from tributary.attachment_piece p using gone where p.content = gone.upload
$$;
revoke all on function tributary.drop_expired_uploads() from public;
grant execute on function tributary.drop_expired_uploads() to tributary_daemon;

-- Opens an upload of the caller's office, or of the Gender Equality Office itself: opened, too_many (of this token) or
-- too_much (in flight for the office).
create or replace function tributary.open_upload(
    p_upload uuid, p_token uuid, p_name text, p_size bigint, p_sha256 bytea, p_expires_at timestamptz,
    p_most_open integer, p_most_bytes bigint)
returns text
language plpgsql as $$
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_office       text := nullif(current_setting('tributary.office'), '');
    v_open         bigint;
    v_bytes        numeric;
begin
    perform pg_advisory_xact_lock(7418203, hashtext(v_jurisdiction || '/' || coalesce(v_office, '')));
    select count(*) filter (where token = p_token), coalesce(sum(size), 0) into v_open, v_bytes
    from tributary.upload
    where jurisdiction = v_jurisdiction and office is not distinct from v_office and expires_at > clock_timestamp();
    if v_open >= p_most_open then
        return 'too_many';
    elsif v_bytes + p_size > p_most_bytes then
        return 'too_much';
    end if;
    insert into tributary.upload (upload, jurisdiction, office, token, name, size, sha256, expires_at)
    values (p_upload, v_jurisdiction, v_office, p_token, p_name, p_size, p_sha256, p_expires_at);
    return 'opened';
end
$$;
revoke all on function tributary.open_upload from public;
grant execute on function tributary.open_upload to tributary_daemon;

-- Gives up an upload of the caller's office, with its bytes. False if there is none.
create or replace function tributary.drop_upload(p_upload uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
    delete from tributary.upload u
    where u.upload = p_upload and tributary.is_own_upload(u.jurisdiction, u.office, u.token) and u.expires_at > clock_timestamp();
    if not found then
        return false;
    end if;
    delete from tributary.attachment_piece p where p.content = p_upload;
    return true;
end
$$;
revoke all on function tributary.drop_upload(uuid) from public;
grant execute on function tributary.drop_upload(uuid) to tributary_daemon;

-- Takes a whole upload of the caller's office into the record and names its content: its own bytes, or those that another
-- of the same hash brought before; whose they were isn't told.
create or replace function tributary.adopt_upload(p_upload uuid, p_sha256 bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_upload  tributary.upload;
    v_content uuid;
begin
    select * into strict v_upload
    from tributary.upload u
    where u.upload = p_upload and tributary.is_own_upload(u.jurisdiction, u.office, u.token) and u.received = u.size;
    select c.content into v_content
    from tributary.attachment_content c
    where c.jurisdiction = v_upload.jurisdiction and c.sha256 = p_sha256 and c.size = v_upload.size;
    if found then
        -- deleting its bytes may take a moment, and the log is locked: the next one to clean up does it
        update tributary.upload set expires_at = '-infinity' where upload = p_upload;
        return v_content;
    end if;
    insert into tributary.attachment_content (content, jurisdiction, sha256, size)
    values (p_upload, v_upload.jurisdiction, p_sha256, v_upload.size);
    delete from tributary.upload where upload = p_upload;
    return p_upload;
end
$$;
revoke all on function tributary.adopt_upload(uuid, bytea) from public;
grant execute on function tributary.adopt_upload(uuid, bytea) to tributary_daemon;

-- Attaches an upload to the submission that p_revision belongs to. Answers as ledger/act.h says; unchanged: this upload is
-- attached so already; refused for the reasons upload_used (it is attached otherwise),
-- upload_gone, upload_incomplete, slot_full (p_most that aren't withdrawn are there), period_closed (id: the closing),
-- submission_withdrawn (it can be attached once the submission is handed in again). The name and the reason of a withdrawal
-- are in the log as hashes only: they may name people.
drop function if exists tributary.record_attachment;
create function tributary.record_attachment(
    p_attachment uuid, p_upload uuid, p_revision uuid, p_slot text, p_most integer, p_name text, p_type text,
    p_sha256 bytea, p_received_at timestamptz, p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_on_behalf boolean := current_setting('tributary.role') = 'geo';
    v_seen      record;
    v_subject   record;
    v_upload    tributary.upload;
    v_content   uuid;
    v_place     record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select s.submission, s.jurisdiction, s.office, s.plan, s.form, s.period, s.event into v_subject
    from tributary.revision r
    join tributary.submission s using (submission)
    where r.id = p_revision;
    select a.attachment, a.submission, a.slot, a.name into v_seen from tributary.attachment a where a.upload = p_upload;
    if found then
        id := v_seen.attachment;
        outcome := case when v_seen.submission = v_subject.submission and v_seen.slot = p_slot and v_seen.name = p_name
                        then 'unchanged' else 'upload_used' end;
        return;
    end if;

    select c.closing into id
    from tributary.closing_in_force(v_subject.plan, v_subject.form, v_subject.period, null) c;
    if found then
        outcome := 'period_closed';
        return;
    end if;

    if (select r.withdrawn is not null
        from tributary.revision r
        where r.submission = v_subject.submission
        order by r.number desc
        limit 1) then
        outcome := 'submission_withdrawn';
        return;
    end if;

    select u.* into v_upload
    from tributary.upload u
    where u.upload = p_upload and u.expires_at > clock_timestamp()
    for update;
    if not found then
        outcome := 'upload_gone';
        return;
    elsif v_upload.received <> v_upload.size then
        outcome := 'upload_incomplete';
        return;
    elsif p_most <= (select count(*) from tributary.attachment a
                     where a.submission = v_subject.submission and a.slot = p_slot
                       and not exists (select from tributary.attachment_withdrawal w where w.attachment = a.attachment)) then
        outcome := 'slot_full';
        return;
    end if;

    v_content := tributary.adopt_upload(p_upload, p_sha256);
    v_place := tributary.next_in_log(p_clock);
    outcome := 'recorded';
    id := p_attachment;
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.attachment (attachment, submission, jurisdiction, office, revision, slot, name, type, content,
                                      upload, sequence, recorded_at, received_at, token, on_behalf)
    values (p_attachment, v_subject.submission, v_subject.jurisdiction, v_subject.office, p_revision, p_slot, p_name, p_type,
            v_content, p_upload, v_place.sequence, v_place.recorded_at, p_received_at, p_token, v_on_behalf);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_attachment);
    said := jsonb_build_object(
        'attachment', p_attachment, 'submission', p_revision, 'plan', v_subject.plan, 'form', v_subject.form,
        'office', v_subject.office, 'period', v_subject.period, 'event', v_subject.event, 'slot', p_slot,
        'name_sha256', tributary.text_sha256(p_name), 'type', p_type, 'size', v_upload.size,
        'sha256', encode(p_sha256, 'hex'), 'received_at', tributary.log_moment(p_received_at))
        || tributary.said_on_behalf(v_on_behalf);
end
$$;
revoke all on function tributary.record_attachment from public;
grant execute on function tributary.record_attachment to tributary_daemon;

-- Withdraws an attachment. Answers as ledger/act.h says; unchanged: it was withdrawn before for this reason; refused for
-- the reasons withdrawn (before, for another one), period_closed (id: the closing).
drop function if exists tributary.record_attachment_withdrawal;
create function tributary.record_attachment_withdrawal(
    p_attachment uuid, p_reason text, p_received_at timestamptz, p_clock timestamptz, p_token uuid, p_key text,
    p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_on_behalf  boolean := current_setting('tributary.role') = 'geo';
    v_seen       record;
    v_attachment tributary.attachment;
    v_closing    uuid;
    v_place      record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    id := p_attachment;
    select w.reason into v_seen from tributary.attachment_withdrawal w where w.attachment = p_attachment;
    if found then
        outcome := case when v_seen.reason = p_reason then 'unchanged' else 'withdrawn' end;
        return;
    end if;

    select a.* into strict v_attachment from tributary.attachment a where a.attachment = p_attachment;
    select c.closing into v_closing
    from tributary.submission s
    cross join lateral tributary.closing_in_force(s.plan, s.form, s.period, null) c
    where s.submission = v_attachment.submission;
    if found then
        outcome := 'period_closed';
        id := v_closing;
        return;
    end if;
    v_place := tributary.next_in_log(p_clock);
    outcome := 'recorded';
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.attachment_withdrawal (attachment, jurisdiction, office, reason, sequence, recorded_at, received_at, token,
                                                 on_behalf)
    values (p_attachment, v_attachment.jurisdiction, v_attachment.office, p_reason, v_place.sequence, v_place.recorded_at,
            p_received_at, p_token, v_on_behalf);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_attachment);
    said := jsonb_build_object(
        'attachment', p_attachment, 'office', v_attachment.office,
        'reason_sha256', tributary.text_sha256(p_reason),
        'received_at', tributary.log_moment(p_received_at)) || tributary.said_on_behalf(v_on_behalf);
end
$$;
revoke all on function tributary.record_attachment_withdrawal from public;
grant execute on function tributary.record_attachment_withdrawal to tributary_daemon;
