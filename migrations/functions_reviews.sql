-- functions_reviews.sql: reviews, and what is returned; reloadable like functions.sql.

-- How far a revision's review has come, at a moment (null: now): one row, whatever was said of it.
--   passed      how many stages of its chain it has passed, those counted that the return it answers left standing
--   outcome     of the newest review; null: nobody has looked at it yet
--   stage       of the newest review
--   official    whether it is, or was, official
--   moved_at    the sequence number of the newest review of its submission; 0: none
--   next_stage, next_role   whose turn it is by its chain; null: nobody's, or the office's, to which it is returned
drop function if exists tributary.review_progress;
create function tributary.review_progress(p_revision uuid, p_as_of timestamptz)
returns table (passed integer, outcome text, stage text, official boolean, moved_at bigint, next_stage text, next_role text)
language sql stable as $$
    select coalesce(v.passed, s.passed, 0), v.outcome, v.stage,
           exists (select from tributary.review o
                   where o.revision = p_revision and o.official and (p_as_of is null or o.recorded_at <= p_as_of)),
           coalesce((select max(m.sequence)
                     from tributary.revision r
                     join tributary.review m on m.submission = r.submission
                     where r.id = p_revision and (p_as_of is null or m.recorded_at <= p_as_of)), 0),
           t.stage, t.role
    from (select) one
    left join tributary.review_start s on s.revision = p_revision
    left join lateral (
        select v.passed, v.outcome, v.stage
        from tributary.review v
        where v.revision = p_revision and (p_as_of is null or v.recorded_at <= p_as_of)
        order by v.sequence desc
        limit 1) v on true
    left join lateral (
        select p.stage, p.role
        from tributary.revision r
        join tributary.submission u using (submission)
        join tributary.plan_stage p
            on p.jurisdiction = r.jurisdiction and p.plan = u.plan and p.version = r.plan_version and p.form = u.form
        where r.id = p_revision and r.reported and p.place = coalesce(v.passed, s.passed, 0) + 1
          and v.outcome is distinct from 'return') t on true
$$;

-- What stands returned of a revision: every return since it was last accepted, the first one first; null if nothing is.
--   {"stage","reason","cells":[every cell returned],"whole":true if one returns all of it,"recorded_at",
--    "returns":[{"review","stage","place","reason","cells","recorded_at"}]}     stage … recorded_at: of the newest
create or replace function tributary.return_ticket(p_revision uuid, p_as_of timestamptz) returns jsonb
language sql stable as $$
    with said as (
        select v.*
        from tributary.review v
        where v.revision = p_revision and (p_as_of is null or v.recorded_at <= p_as_of)
    ),
    returned as (
        select r.*
        from said r
        where r.outcome = 'return'
          and r.sequence > (select coalesce(max(a.sequence), 0) from said a where a.outcome <> 'return')
    ),
    newest as (
        select * from returned order by sequence desc limit 1
    )
    select jsonb_build_object(
        'stage', n.stage, 'reason', n.reason, 'recorded_at', tributary.moment_text(n.recorded_at),
        'whole', (select bool_or(r.cells = '{}') from returned r),
        'cells', (select coalesce(jsonb_agg(distinct c.cell order by c.cell), '[]')
                  from returned r cross join unnest(r.cells) as c (cell)),
        'returns', (select jsonb_agg(jsonb_build_object(
                        'review', r.review, 'stage', r.stage, 'place', r.place, 'reason', r.reason,
                        'cells', to_jsonb(r.cells), 'recorded_at', tributary.moment_text(r.recorded_at)) order by r.sequence)
                    from returned r))
    from newest n
$$;

-- What the reviews of a submission leave open to change; no row: nobody has reviewed it.
--   anchor     the newest revision that somebody reviewed
--   ticket     tributary.return_ticket() of it
--   held       the newest revision that a stage accepted, itself or as the answer to a return of something accepted: only what
--              is returned of it may change. It stays so beside a newer one that nobody accepted (what comes into force later,
--              or what follows a provisional one). Null: nothing was accepted, or all of it was returned or withdrawn since
--   held_ticket     tributary.return_ticket() of that
--   left_standing   the stages that a correction of it has passed already: those before the one that returned it, but never
--              the one that makes it official, which must look at every figure that becomes official
--   moved_at   the sequence number of the newest review
drop function if exists tributary.review_lock;
create function tributary.review_lock(p_plan text, p_form text, p_office text, p_period text, p_event uuid)
returns table (anchor uuid, ticket jsonb, held uuid, held_ticket jsonb, left_standing text[], moved_at bigint)
language sql stable as $$
    select a.revision, t.ticket, h.id, h.ticket,
           array(select p.stage
                 from tributary.plan_stage p
                 where p.jurisdiction = s.jurisdiction and p.plan = s.plan and p.version = h.plan_version and p.form = s.form
                   and p.place < least(
                       (select min((one ->> 'place')::integer) from jsonb_array_elements(h.ticket -> 'returns') one),
                       h.passed + 1,
                       (select o.place from tributary.plan_stage o
                        where o.jurisdiction = s.jurisdiction and o.plan = s.plan and o.version = h.plan_version
                          and o.form = s.form and o.official))
                 order by p.place),
           (select max(m.sequence) from tributary.review m where m.submission = s.submission)
    from tributary.submission s
    cross join lateral (
        select v.revision from tributary.review v where v.submission = s.submission order by v.number desc limit 1) a
    cross join lateral (select tributary.return_ticket(a.revision, null) as ticket) t
    left join lateral (
        select r.id, r.plan_version, g.passed, k.ticket
        from (select max(one.number) as number
              from (select v.number from tributary.review v where v.submission = s.submission and v.outcome <> 'return'
                    union all
                    select b.number from tributary.review_start b
                    where b.submission = s.submission
                      and exists (select from tributary.review v where v.revision = b.revision)) one) newest
        join tributary.revision r on r.submission = s.submission and r.number = newest.number
        cross join lateral tributary.review_progress(r.id, null) g
        cross join lateral (select tributary.return_ticket(r.id, null) as ticket) k
        where not exists (select from tributary.revision w
                          where w.submission = s.submission and w.number > r.number and w.withdrawn is not null)) h
        on (t.ticket ->> 'whole')::boolean is not true and (h.ticket ->> 'whole')::boolean is not true
    where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = p_plan and s.form = p_form
      and s.period = p_period and s.office = p_office and (s.event = p_event or (s.event is null and p_event is null))
$$;

-- Records what one stage says of a revision. Answers as ledger/act.h says; refused for the reasons
--   not_found          the caller sees no such revision
--   not_current        there is a newer revision
--   withdrawn          the submission is withdrawn
--   stale              it was reviewed later than at the sequence number p_seen_at (null: not asked)
--   nothing_reported   it holds no value, so that there is nothing to accept
--   own_submission     who handed it in, or prepared it, can't accept it
--   forbidden          the stage isn't the caller's
--   stage_not_next     p_stage isn't the next stage of the revision's chain; of a return: it hasn't come so far yet; out of turn:
--                      it is past that stage, and would fall back behind it
--   beside_changed     what it was judged beside has changed since p_judged_at
--   no_meeting         p_meeting is no meeting of that body
--   meeting_not_held   it hasn't taken place, or won't
--   meeting_changed    p_meeting_record is no current record of a meeting of its office any more
-- p_break_glass: out of turn, by an administrator, with a reason.
drop function if exists tributary.record_review;
create function tributary.record_review(
    p_id uuid, p_revision uuid, p_stage text, p_outcome text, p_reason text,
    p_cells text[], p_meeting uuid, p_meeting_record uuid, p_break_glass boolean, p_seen_at bigint,
    p_beside_forms text[], p_judged_at bigint,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_role         text := current_setting('tributary.role');
    v_revision     record;
    v_standing     record;
    v_newest       record;
    v_passed       integer;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select r.submission, r.number, r.office, r.token, r.withdrawn, r.plan_version, r.reported, s.plan, s.form,
           p.place, p.official, p.role, p.own,
           (select max(n.number) from tributary.revision n where n.submission = r.submission) as newest
    into v_revision
    from tributary.revision r
    join tributary.submission s using (submission)
    left join tributary.plan_stage p
        on p.jurisdiction = r.jurisdiction and p.plan = s.plan and p.version = r.plan_version and p.form = s.form
       and p.stage = p_stage
    where r.id = p_revision and r.jurisdiction = v_jurisdiction;
    if not found or v_revision.place is null then
        outcome := 'not_found';
        return;
    end if;

    -- its own, if the commit lost its answer and it comes again, or the same once more
    select v.review, v.stage, v.outcome, v.reason, v.cells, v.actor into v_newest
    from tributary.review v
    where v.revision = p_revision
    order by v.sequence desc
    limit 1;
    if v_newest.review = p_id
        or (v_newest.stage, v_newest.outcome, v_newest.reason, v_newest.cells, v_newest.actor)
            is not distinct from (p_stage, p_outcome, p_reason, p_cells, p_token) then
        outcome := 'unchanged';
        id := v_newest.review;
        return;
    end if;

    select t.passed, t.moved_at into v_standing
    from tributary.review_progress(p_revision, null) t;
    outcome := case
        when v_role <> v_revision.role and not (v_role = 'admin' and p_break_glass)
            and not (v_role = 'office' and v_revision.own and p_outcome <> 'return') then 'forbidden'
        when v_revision.number <> v_revision.newest then 'not_current'
        when v_revision.withdrawn is not null then 'withdrawn'
        when p_outcome <> 'return' and not v_revision.reported then 'nothing_reported'
        when v_standing.moved_at > p_seen_at then 'stale'
        when p_outcome <> 'return' and (v_revision.token = p_token or exists (
            select from tributary.prepared_end e where e.revision = p_revision and e.preparer = p_token)) then 'own_submission'
        when p_outcome <> 'return' and v_revision.place <> v_standing.passed + 1
            and not (p_break_glass and v_revision.place > v_standing.passed) then 'stage_not_next'
        when p_outcome = 'return' and v_revision.place > v_standing.passed + 1 and not p_break_glass then 'stage_not_next'
        when p_beside_forms is not null and exists (
            select from tributary.submission s
            join tributary.revision r on r.submission = s.submission
            where s.jurisdiction = v_jurisdiction and s.plan = v_revision.plan and s.office = v_revision.office
              and s.form = any (p_beside_forms) and r.sequence > p_judged_at) then 'beside_changed'
        when p_meeting is not null and not exists (
            select from tributary.meeting m
            where m.meeting = p_meeting and m.jurisdiction = v_jurisdiction and m.plan = v_revision.plan
              and m.body = p_stage) then 'no_meeting'
        when p_meeting is not null and exists (
            select from tributary.meeting_now(p_meeting) m where not tributary.took_place(m.state)) then 'meeting_not_held'
        when p_meeting_record is not null and not exists (
            select from tributary.revision m
            where m.id = p_meeting_record and m.office = v_revision.office and m.reported
              and not exists (select from tributary.revision n
                              where n.submission = m.submission and n.number > m.number)) then 'meeting_changed'
    end;
    if outcome is not null then
        return;
    end if;

    outcome := 'recorded';
    id := p_id;
    -- a return out of turn, from further on than it came, lifts it past no stage
    v_passed := case when p_outcome = 'return' then least(v_revision.place - 1, v_standing.passed) else v_revision.place end;
    v_place := tributary.next_in_log(p_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.review (
        review, jurisdiction, office, revision, submission, number, submitter, plan, plan_version, form, stage, place, outcome,
        official, passed, reason, cells, meeting, meeting_record, break_glass, actor, actor_role, sequence, recorded_at)
    values (
        p_id, v_jurisdiction, v_revision.office, p_revision, v_revision.submission, v_revision.number, v_revision.token,
        v_revision.plan, v_revision.plan_version, v_revision.form, p_stage, v_revision.place, p_outcome,
        v_revision.official and p_outcome <> 'return', v_passed, p_reason, p_cells, p_meeting, p_meeting_record,
        p_break_glass, p_token, v_role, sequence, v_place.recorded_at);
    said := tributary.review_said(p_id);
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_review from public;
grant execute on function tributary.record_review to tributary_daemon;

-- Whether a meeting of the city can have dealt with a revision: it came in by that day (with an earlier receipt that is
-- attested), or it answers what that very meeting returned.
--   p_utc_offset   seconds east of Greenwich, where the plan is at home
create or replace function tributary.meeting_may_have_seen(p_meeting uuid, p_revision uuid, p_utc_offset integer)
returns boolean
language sql stable as $$
    select m.day >= ((coalesce(a.received_at, r.received_at) at time zone 'UTC') + make_interval(secs => p_utc_offset))::date
        or exists (select from tributary.review v
                   where v.submission = r.submission and v.meeting = p_meeting and v.outcome = 'return')
    from tributary.revision r
    cross join tributary.meeting_now(p_meeting) m
    left join lateral tributary.attestation_in_force(r.id, null) a on true
    where r.id = p_revision
$$;

-- What the log says of a review. Its reason stands there as a digest: it may name people.
create or replace function tributary.review_said(p_review uuid) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'review', v.review, 'submission', v.revision, 'office', v.office, 'revision', v.number, 'submitter', v.submitter,
        'stage', v.stage, 'place', v.place, 'outcome', v.outcome, 'official', v.official, 'passed', v.passed,
        'reason_sha256', tributary.text_sha256(v.reason), 'cells', to_jsonb(v.cells),
        'meeting', v.meeting, 'meeting_record', v.meeting_record, 'break_glass', v.break_glass, 'role', v.actor_role)
    from tributary.review v
    where v.review = p_review
$$;
