-- functions_remarks.sql: remarks and whether they are settled; reloadable like functions.sql.

-- A remark on the submission that p_revision belongs to; an answer (p_answers) takes its place from the remark it answers.
-- Answers as ledger/act.h says; refused for the reasons
--   no_such_remark   p_answers is none of this submission
--   other_place      p_path isn't where the remark stands that is answered
--   too_many         the submission has p_most remarks
-- Its text isn't in the log, only the digest of it behind its salt: it may name people.
drop function if exists tributary.record_remark;
create function tributary.record_remark(
    p_id uuid, p_revision uuid, p_path text, p_answers uuid, p_text text, p_most integer,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_subject record;
    v_answers record;
    v_place   record;
    v_path    text := coalesce(p_path, '');
    v_thread  uuid := p_id;
    v_salt    bytea := uuid_send(gen_random_uuid());
    v_digest  bytea := sha256(v_salt || convert_to(p_text, 'UTF8'));
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    -- its own, if the commit lost its answer and it comes again
    if exists (select from tributary.remark m where m.remark = p_id) then
        outcome := 'unchanged';
        id := p_id;
        return;
    end if;

    select s.submission, s.jurisdiction, s.office, s.plan, s.form, s.period, s.event into strict v_subject
    from tributary.revision r
    join tributary.submission s using (submission)
    where r.id = p_revision;
    if p_answers is not null then
        select m.thread, m.path into v_answers
        from tributary.remark m
        where m.remark = p_answers and m.submission = v_subject.submission;
        if not found then
            outcome := 'no_such_remark';
            return;
        elsif v_answers.path <> p_path then
            outcome := 'other_place';
            return;
        end if;
        v_thread := v_answers.thread;
        v_path := v_answers.path;
    end if;
    if p_most <= (select count(*) from tributary.remark m where m.submission = v_subject.submission) then
        outcome := 'too_many';
        return;
    end if;

    outcome := 'recorded';
    id := p_id;
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.remark (remark, jurisdiction, office, submission, revision, thread, answers, path, digest, actor,
                                  actor_role, sequence, recorded_at)
    values (p_id, v_subject.jurisdiction, v_subject.office, v_subject.submission, p_revision, v_thread, p_answers, v_path,
            v_digest, p_actor, current_setting('tributary.role'), v_place.sequence, v_place.recorded_at);
    insert into tributary.remark_text (remark, jurisdiction, office, salt, text)
    values (p_id, v_subject.jurisdiction, v_subject.office, v_salt, p_text);
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_id);
    said := jsonb_build_object(
        'remark', p_id, 'submission', p_revision, 'plan', v_subject.plan, 'form', v_subject.form, 'office', v_subject.office,
        'period', v_subject.period, 'event', v_subject.event, 'thread', v_thread, 'answers', p_answers, 'path', v_path,
        'role', current_setting('tributary.role'), 'text_digest', encode(v_digest, 'hex'));
end
$$;
revoke all on function tributary.record_remark from public;
grant execute on function tributary.record_remark to tributary_daemon;

-- Settles the thread of a remark, or opens it again. Answers as ledger/act.h says, with the remark that began it;
-- unchanged: it is so already; refused for the reason
--   not_found   the caller sees no such remark
drop function if exists tributary.record_remark_resolution;
create function tributary.record_remark_resolution(
    p_remark uuid, p_resolved boolean, p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_thread record;
    v_place  record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    select m.thread, m.jurisdiction, m.office into v_thread from tributary.remark m where m.remark = p_remark;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := v_thread.thread;
    if tributary.is_resolved(v_thread.thread) = p_resolved then
        outcome := 'unchanged';
    else
        outcome := 'recorded';
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.remark_resolution (jurisdiction, sequence, remark, office, resolved, actor, actor_role, recorded_at)
        values (v_thread.jurisdiction, v_place.sequence, v_thread.thread, v_thread.office, p_resolved, p_actor,
                current_setting('tributary.role'), v_place.recorded_at);
        said := jsonb_build_object('remark', v_thread.thread, 'office', v_thread.office, 'resolved', p_resolved,
                                   'role', current_setting('tributary.role'));
    end if;
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, v_thread.thread);
end
$$;
revoke all on function tributary.record_remark_resolution from public;
grant execute on function tributary.record_remark_resolution to tributary_daemon;

-- Whether a thread is settled, by the remark that began it.
create or replace function tributary.is_resolved(p_thread uuid) returns boolean
language sql stable as $$
    select coalesce((select s.resolved
                     from tributary.remark_resolution s
                     where s.remark = p_thread
                     order by s.sequence desc
                     limit 1), false)
$$;
