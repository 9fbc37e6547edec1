-- functions_bodies.sql: members of bodies; reloadable like functions.sql.

-- Whether a state is one of a meeting that took place.
create or replace function tributary.took_place(p_state text) returns boolean
language sql immutable strict parallel safe as $$ select p_state in ('held', 'on_record') $$;

-- The last day of a member as the newest record of it says; null: none is known.
create or replace function tributary.member_ended_on(p_member uuid) returns date
language sql stable as $$
    select e.ended_on from tributary.body_member_end e where e.member = p_member order by e.sequence desc limit 1
$$;

-- What the log says of a member: neither the name nor the post, which tells who it is.
create or replace function tributary.body_member_said(m tributary.body_member) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'member', m.member, 'plan', m.plan, 'body', m.body, 'unit', m.unit, 'name_digest', encode(m.name_digest, 'hex'),
        'sex', m.sex, 'seat', m.seat, 'role', m.role, 'post_sha256', tributary.text_sha256(m.post),
        'served', m.served, 'from', m.from_date)
$$;

-- Records that somebody sits on a body from a day on. Answers as ledger/act.h says; the same person from the same day in the
-- same seat is unchanged.
drop function if exists tributary.record_body_member;
create function tributary.record_body_member(
    p_id uuid, p_plan text, p_body text, p_unit text, p_name text, p_salt bytea, p_sex text, p_seat text, p_role text,
    p_post text, p_served boolean, p_from date,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_digest       bytea := sha256(p_salt || convert_to(p_name, 'UTF8'));
    v_place        record;
    v_row          tributary.body_member;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    -- its own, if the commit lost its answer and it comes again, or the same once more
    select m.member into id
    from tributary.body_member m
    left join tributary.body_member_name n using (member)
    where m.jurisdiction = v_jurisdiction and m.plan = p_plan and m.body = p_body and m.unit is not distinct from p_unit
      and (m.member = p_id
           or ((n.name, m.sex, m.seat, m.role, m.post, m.served, m.from_date)
                   is not distinct from (p_name, p_sex, p_seat, p_role, p_post, p_served, p_from)
               and coalesce(tributary.member_ended_on(m.member) >= m.from_date, true)))
    limit 1;
    if id is not null then
        outcome := 'unchanged';
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.body_member (member, jurisdiction, plan, body, unit, name_digest, sex, seat, role, post, served,
                                           from_date, actor, sequence, recorded_at)
        values (p_id, v_jurisdiction, p_plan, p_body, p_unit, v_digest, p_sex, p_seat, p_role, p_post, p_served, p_from,
                p_token, sequence, v_place.recorded_at)
        returning * into v_row;
        insert into tributary.body_member_name (member, jurisdiction, salt, digest, name)
        values (p_id, v_jurisdiction, p_salt, v_digest, p_name);
        said := tributary.body_member_said(v_row);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_body_member from public;
grant execute on function tributary.record_body_member to tributary_daemon;

-- Records the last day of a member, or (null) takes it back. The id answered is the member's. Refused for the reasons
--   not_found          the caller sees no such member
--   before_beginning   more than a day before the first one
--   not_ended          there is no end to take back
drop function if exists tributary.record_body_member_end;
create function tributary.record_body_member_end(
    p_id uuid, p_member uuid, p_ended_on date,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_member       record;
    v_place        record;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    select m.member, m.from_date, tributary.member_ended_on(m.member) as ended_on into v_member
    from tributary.body_member m
    where m.member = p_member and m.jurisdiction = v_jurisdiction;
    outcome := case
        when not found then 'not_found'
        when p_ended_on < v_member.from_date - 1 then 'before_beginning'
        when p_ended_on is null and v_member.ended_on is null
            and not exists (select from tributary.body_member_end e where e.ending = p_id) then 'not_ended'
        when p_ended_on is not distinct from v_member.ended_on then 'unchanged'
        else 'recorded'
    end;
    if outcome not in ('recorded', 'unchanged') then
        return;
    end if;
    id := p_member;
    if outcome = 'recorded' then
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.body_member_end (ending, jurisdiction, member, ended_on, actor, sequence, recorded_at)
        values (p_id, v_jurisdiction, p_member, p_ended_on, p_token, sequence, v_place.recorded_at);
        said := jsonb_build_object('ending', p_id, 'member', p_member, 'ended_on', p_ended_on);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, p_member);
end
$$;
revoke all on function tributary.record_body_member_end from public;
grant execute on function tributary.record_body_member_end to tributary_daemon;

-- Every revision of a roster form, of an office and all years up to one: from when it holds, and its elements at the
-- given positions, as text. What was withdrawn isn't there.
--   p_as_of    only what was recorded by then; null: all
drop function if exists tributary.roster_revisions;
create function tributary.roster_revisions(
    p_plan text, p_form text, p_office text, p_field text, p_positions integer[], p_as_of timestamptz)
returns table (period text, number integer, revision uuid, effective_from text, counts text[])
language sql stable as $$
    select s.period, r.number, r.id, r.document::jsonb -> 'fields' ->> p_field,
           array(select case when substr(r.element_state, p.position, 1) = 'v' then r.element_value[p.position]::text end
                 from unnest(p_positions) with ordinality as p (position, place)
                 order by p.place)
    from tributary.submission s
    join tributary.revision r using (submission)
    where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = p_plan and s.form = p_form
      and s.office = p_office and r.reported and (p_as_of is null or r.recorded_at <= p_as_of)
      and not exists (select from tributary.revision w
                      where w.submission = s.submission and w.number > r.number and w.withdrawn is not null
                        and (p_as_of is null or w.recorded_at <= p_as_of))
$$;

-- What the duties of a year are told by: of each submission the revision that counts, its elements at the given positions
-- as text, and what one of its fields says.
--   p_basis    latest: the newest revision; official: the newest that passed the stage which makes it official
--   p_as_of    only what was recorded by then; null: all
drop function if exists tributary.duty_facts;
create function tributary.duty_facts(
    p_plan text, p_form text, p_periods text[], p_office text, p_positions integer[], p_field text, p_basis text,
    p_as_of timestamptz)
returns table (office text, period text, revision uuid, number integer, provisional boolean, figures text[], says text)
language sql stable as $$
    select s.office, s.period, r.id, r.number, r.provisional,
           array(select case when substr(r.element_state, p.position, 1) = 'v' then r.element_value[p.position]::text end
                 from unnest(p_positions) with ordinality as p (position, place)
                 order by p.place),
           case when jsonb_typeof(r.document::jsonb -> 'fields' -> p_field) in ('string', 'boolean')
                then r.document::jsonb -> 'fields' ->> p_field end
    from tributary.submission s
    cross join lateral (
        select n.id, n.number, n.provisional, n.reported, n.withdrawn, n.element_state, n.element_value, n.document
        from tributary.revision n
        where n.submission = s.submission and (p_as_of is null or n.recorded_at <= p_as_of)
          and (p_basis = 'latest' or tributary.is_official(n.submission, n.number, p_as_of))
        order by n.number desc
        limit 1) r
    where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = p_plan and s.form = p_form
      and s.period = any (p_periods) and (p_office is null or s.office = p_office) and r.reported and r.withdrawn is null
    order by s.office, s.period, s.submission
$$;
