-- functions_mail.sql: making, sending and refusing mails; reloadable like functions.sql. What the daemon's thread calls is
-- for the role `mail` only, and sees no more of an account than it needs.

-- Whether a kind may be refused by its receiver. What tells of a danger may not.
create or replace function tributary.mail_may_be_refused(p_kind text) returns boolean
language sql immutable parallel safe as $$
    select p_kind in ('reminder', 'return', 'acceptance', 'decision', 'digest')
$$;

create or replace function tributary.refuse_all_but_mail() returns void
language plpgsql as $$
begin
    if current_setting('tributary.role', true) is distinct from 'mail' then
        raise exception 'only the sender of mails may do this' using errcode = 'insufficient_privilege';
    end if;
end
$$;

-- Whether an account gets mails of a kind now: it is in use, has an address, and hasn't refused them.
drop function if exists tributary.wants_mail;
create function tributary.wants_mail(p_account tributary.account, p_kind text) returns boolean
language sql stable as $$
    select p_account.disabled_at is null and p_account.email is not null
       and not (tributary.mail_may_be_refused(p_kind)
                and coalesce((select p_kind = any (p.opted_out)
                              from tributary.mail_preference p
                              where p.account = p_account.account
                              order by p.sequence desc
                              limit 1), false))
$$;
revoke all on function tributary.wants_mail from public;

-- Locks the making of mails of the caller's jurisdiction until the transaction ends. No row: another daemon is at it. The
-- first call begins with what comes from now on: what was recorded before is nobody's mail.
drop function if exists tributary.lock_mail_cursor;
create function tributary.lock_mail_cursor(p_day date)
returns table (sequence bigint, day date, newest bigint)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_cursor       tributary.mail_cursor;
begin
    perform tributary.refuse_all_but_mail();
    insert into tributary.mail_cursor (jurisdiction, sequence, day)
    select h.jurisdiction, h.sequence, p_day - 1
    from tributary.log_head h
    where h.jurisdiction = v_jurisdiction
      and not exists (select from tributary.mail_cursor c where c.jurisdiction = v_jurisdiction)
    on conflict do nothing;
    select * into v_cursor from tributary.mail_cursor c where c.jurisdiction = v_jurisdiction for update skip locked;
    if not found then
        return;
    end if;
    if v_cursor.seen_at < clock_timestamp() - interval '1 minute' then
        update tributary.mail_cursor c set seen_at = clock_timestamp() where c.jurisdiction = v_jurisdiction;
    end if;
    return query
        select v_cursor.sequence, v_cursor.day, h.sequence from tributary.log_head h where h.jurisdiction = v_jurisdiction;
end
$$;
revoke all on function tributary.lock_mail_cursor from public;
grant execute on function tributary.lock_mail_cursor to tributary_daemon;

drop function if exists tributary.advance_mail_cursor;
create function tributary.advance_mail_cursor(p_sequence bigint, p_day date) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform tributary.refuse_all_but_mail();
    update tributary.mail_cursor c set sequence = p_sequence, day = p_day, seen_at = clock_timestamp()
    where c.jurisdiction = current_setting('tributary.jurisdiction');
end
$$;
revoke all on function tributary.advance_mail_cursor from public;
grant execute on function tributary.advance_mail_cursor to tributary_daemon;

-- Makes a mail for each account of a role (and office) that wants the kind; who has it already gets no second one. Answers
-- how many were made.
drop function if exists tributary.queue_mails;
create function tributary.queue_mails(
    p_kind text, p_dedupe text, p_role text, p_office text, p_facts jsonb, p_give_up_at timestamptz)
returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_count bigint;
begin
    perform tributary.refuse_all_but_mail();
    insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, give_up_at)
    select gen_random_uuid(), a.jurisdiction, a.account, a.office, p_kind, p_dedupe, p_facts, p_give_up_at
    from tributary.account a
    where a.jurisdiction = current_setting('tributary.jurisdiction') and a.role = p_role
      and a.office is not distinct from p_office and tributary.wants_mail(a, p_kind)
    on conflict (account, dedupe) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
revoke all on function tributary.queue_mails from public;
grant execute on function tributary.queue_mails to tributary_daemon;

-- The mails of what the reviews between two places of the log said: returns and acceptances to the office, what an
-- administrator forced to the Gender Equality Office too. News older than p_days is none any more.
drop function if exists tributary.queue_review_mails;
create function tributary.queue_review_mails(p_after bigint, p_last bigint, p_days integer)
returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_count bigint;
begin
    perform tributary.refuse_all_but_mail();
    insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, give_up_at)
    select gen_random_uuid(), a.jurisdiction, a.account, v.office, told.kind, 'review/' || told.kind || '/' || v.review,
           jsonb_build_object('review', v.review), clock_timestamp() + make_interval(days => p_days)
    from tributary.review v
    cross join lateral (
        values (case when v.outcome = 'return' then 'return' else 'acceptance' end, 'office', v.office),
               (case when v.break_glass then 'break_glass' end, 'geo', null)) as told (kind, role, office)
    join tributary.account a
        on a.jurisdiction = v.jurisdiction and a.role = told.role and a.office is not distinct from told.office
       and tributary.wants_mail(a, told.kind)
    where v.jurisdiction = current_setting('tributary.jurisdiction')
      and v.sequence > p_after and v.sequence <= p_last
      and v.recorded_at > clock_timestamp() - make_interval(days => p_days)
      and told.kind is not null
    on conflict (account, dedupe) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
revoke all on function tributary.queue_review_mails from public;
grant execute on function tributary.queue_review_mails to tributary_daemon;

-- The mails of the decisions recorded, and of earlier ones withdrawn, between two places of the log: one to each account of an
-- office for all that it owns. That one was withdrawn is told to who was told of it. News older than p_days is none any more.
drop function if exists tributary.queue_decision_mails;
create function tributary.queue_decision_mails(p_after bigint, p_last bigint, p_days integer)
returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_count bigint;
begin
    perform tributary.refuse_all_but_mail();
    with news as (
        select d.jurisdiction, d.plan, d.decision, d.sequence, d.recorded_at, false as withdrawn
        from tributary.decision d
        union all
        select d.jurisdiction, d.plan, d.decision, w.sequence, w.recorded_at, true
        from tributary.decision_withdrawal w
        join tributary.decision d using (decision)
        where d.sequence <= p_after
    ),
    owned as (
        select n.jurisdiction, n.plan, o.office, min(n.sequence) as first,
               coalesce(jsonb_agg(n.decision order by n.sequence) filter (where not n.withdrawn), '[]') as decisions,
               coalesce(jsonb_agg(n.decision order by n.sequence) filter (where n.withdrawn), '[]') as withdrawn
        from news n
        join tributary.decision_owner o using (decision)
        where n.jurisdiction = current_setting('tributary.jurisdiction') and o.office is not null
          and n.sequence > p_after and n.sequence <= p_last
          and n.recorded_at > clock_timestamp() - make_interval(days => p_days)
        group by n.jurisdiction, n.plan, o.office)
    insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, give_up_at)
    select gen_random_uuid(), a.jurisdiction, a.account, a.office, 'decision', 'decision/' || o.plan || '/' || o.first,
           jsonb_build_object('plan', o.plan, 'decisions', o.decisions, 'withdrawn', k.withdrawn), clock_timestamp() + make_interval(days => p_days)
    from owned o
    join tributary.account a
        on a.jurisdiction = o.jurisdiction and a.role = 'office' and a.office = o.office
       and tributary.wants_mail(a, 'decision')
    cross join lateral (
        select coalesce(jsonb_agg(w.decision), '[]') as withdrawn
        from jsonb_array_elements(o.withdrawn) as w (decision)
        where exists (select from tributary.mail m
                      where m.account = a.account and m.kind = 'decision' and m.state in ('sending', 'sent')
                        and m.facts -> 'decisions' @> jsonb_build_array(w.decision))) k
    where o.decisions <> '[]' or k.withdrawn <> '[]'
    on conflict (account, dedupe) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
revoke all on function tributary.queue_decision_mails from public;
grant execute on function tributary.queue_decision_mails to tributary_daemon;

-- Mails a reset link to its account: the daemon's address, p_path and the secret, whose digest the link was made with. False:
-- no daemon sends mails, the account has no address, or there is no such link; then nothing is kept.
drop function if exists tributary.queue_reset_mail;
create function tributary.queue_reset_mail(p_account uuid, p_path text, p_secret text)
returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, secret, give_up_at)
    select gen_random_uuid(), a.jurisdiction, a.account, a.office, 'reset', 'reset/' || r.reset,
           jsonb_build_object('path', p_path, 'expires_at', tributary.micros(r.expires_at)), p_secret, r.expires_at
    from tributary.account a
    join tributary.password_reset r on r.account = a.account and r.used_at is null and r.expires_at > clock_timestamp()
    join tributary.mail_cursor c on c.jurisdiction = a.jurisdiction and c.seen_at > clock_timestamp() - interval '10 minutes'
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
      and r.secret_hash = sha256(convert_to(p_secret, 'UTF8')) and tributary.wants_mail(a, 'reset')
    on conflict (account, dedupe) do nothing;
    return found;
end
$$;
revoke all on function tributary.queue_reset_mail from public;
grant execute on function tributary.queue_reset_mail to tributary_daemon;

-- Takes the next mail that is to be sent, for p_seconds: whoever sends it says so with settle_mail(), or asks
-- for more time with keep_mail(), before they are over, or another daemon sends it again. Mails whose time has passed, and those that aren't wanted any more, are given up here.
-- p_unsubscribe_hash leads back to the mail for who won't get more of its kind. No row: there is nothing to send now.
drop function if exists tributary.claim_mail;
create function tributary.claim_mail(p_claim uuid, p_seconds integer, p_host text, p_unsubscribe_hash bytea)
returns table (mail uuid, kind text, office text, facts jsonb, secret text, message_id text, attempts integer,
               address text, name text, language text, may_be_refused boolean)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_mail         tributary.mail;
    v_account      tributary.account;
begin
    perform tributary.refuse_all_but_mail();
    loop
        select * into v_mail
        from tributary.mail m
        where m.jurisdiction = v_jurisdiction and m.state in ('waiting', 'sending', 'failed')
          and m.next_attempt_at <= clock_timestamp()
          and (m.state <> 'sending' or m.claimed_until < clock_timestamp())
        order by m.kind <> 'reset', m.kind <> 'break_glass', m.next_attempt_at
        limit 1
        for update skip locked;
        if not found then
            return;
        end if;
        select * into strict v_account from tributary.account a where a.account = v_mail.account;
        exit when v_mail.give_up_at > clock_timestamp() and tributary.wants_mail(v_account, v_mail.kind);
        update tributary.mail m
        set state = 'given_up', claimed_by = null, claimed_until = null, secret = null,
            last_error = case when v_mail.give_up_at <= clock_timestamp() then coalesce(m.last_error || '; ', '') || 'out of time'
                              else 'not wanted any more' end
        where m.mail = v_mail.mail;
    end loop;

    update tributary.mail m
    set state = 'sending', claimed_by = p_claim, claimed_until = clock_timestamp() + make_interval(secs => p_seconds),
        attempts = m.attempts + 1, message_id = coalesce(m.message_id, '<' || m.mail || '@' || p_host || '>')
    where m.mail = v_mail.mail
    returning m.* into v_mail;
    if tributary.mail_may_be_refused(v_mail.kind) then
        insert into tributary.mail_unsubscription (secret_hash, jurisdiction, mail)
        values (p_unsubscribe_hash, v_jurisdiction, v_mail.mail);
    end if;
    return query
        select v_mail.mail, v_mail.kind, v_mail.office, v_mail.facts, v_mail.secret, v_mail.message_id, v_mail.attempts,
               v_account.email, v_account.name,
               coalesce((select p.language from tributary.mail_preference p
                         where p.account = v_account.account order by p.sequence desc limit 1), v_account.language),
               tributary.mail_may_be_refused(v_mail.kind);
end
$$;
revoke all on function tributary.claim_mail from public;
grant execute on function tributary.claim_mail to tributary_daemon;

-- Keeps a claimed mail for so many seconds from now: it is still on its way.
drop function if exists tributary.keep_mail;
create function tributary.keep_mail(p_mail uuid, p_claim uuid, p_seconds integer) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform tributary.refuse_all_but_mail();
    update tributary.mail m set claimed_until = clock_timestamp() + make_interval(secs => p_seconds)
    where m.mail = p_mail and m.claimed_by = p_claim and m.state = 'sending';
end
$$;
revoke all on function tributary.keep_mail from public;
grant execute on function tributary.keep_mail to tributary_daemon;

-- Says what came of a claimed mail: sent, failed (to be tried again in p_seconds) or given_up. False: the claim has lapsed.
drop function if exists tributary.settle_mail;
create function tributary.settle_mail(
    p_mail uuid, p_claim uuid, p_state text, p_seconds integer, p_error text, p_subject text, p_language text)
returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform tributary.refuse_all_but_mail();
    update tributary.mail m
    set state = p_state, claimed_by = null, claimed_until = null, last_error = p_error,
        subject = coalesce(p_subject, m.subject), language = coalesce(p_language, m.language),
        secret = case when p_state = 'failed' then m.secret end,
        sent_at = case when p_state = 'sent' then clock_timestamp() end,
        next_attempt_at = clock_timestamp() + make_interval(secs => p_seconds)
    where m.mail = p_mail and m.claimed_by = p_claim and m.state = 'sending';
    return found;
end
$$;
revoke all on function tributary.settle_mail from public;
grant execute on function tributary.settle_mail to tributary_daemon;

drop function if exists tributary.count_mails_to_send;
create function tributary.count_mails_to_send() returns bigint
language sql stable security definer set search_path = pg_catalog as $$
    select count(*)
    from tributary.mail m
    where m.jurisdiction = current_setting('tributary.jurisdiction') and m.state in ('waiting', 'sending', 'failed')
$$;
revoke all on function tributary.count_mails_to_send from public;
grant execute on function tributary.count_mails_to_send to tributary_daemon;

-- ---- for people --------------------------------------------------------------------------------------------------

-- Has an administrator's mail tried again. Answers queued, not_found, sent (there is nothing to try) or spent (its link
-- is gone: a new one must be asked for).
drop function if exists tributary.retry_mail;
create function tributary.retry_mail(p_mail uuid, p_days integer) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
    v_mail tributary.mail;
begin
    if current_setting('tributary.role', true) is distinct from 'admin' then
        raise exception 'only an administrator may do this' using errcode = 'insufficient_privilege';
    end if;
    select * into v_mail
    from tributary.mail m
    where m.mail = p_mail and m.jurisdiction = current_setting('tributary.jurisdiction')
    for update;
    if not found then
        return 'not_found';
    elsif v_mail.state = 'sent' then
        return 'sent';
    elsif v_mail.kind = 'reset' and v_mail.secret is null then
        return 'spent';
    elsif v_mail.state in ('failed', 'given_up') then
        update tributary.mail m
        set state = 'waiting', next_attempt_at = clock_timestamp(),
            give_up_at = case when m.kind = 'reset' then m.give_up_at else clock_timestamp() + make_interval(days => p_days) end
        where m.mail = p_mail;
    end if;
    return 'queued';
end
$$;
revoke all on function tributary.retry_mail from public;
grant execute on function tributary.retry_mail to tributary_daemon;

-- Whose mails of which kind a secret ends.
drop function if exists tributary.mail_unsubscription_of;
create function tributary.mail_unsubscription_of(p_secret_hash bytea)
returns table (jurisdiction text, account uuid, role text, office text, kind text)
language sql stable security definer set search_path = pg_catalog as $$
    select a.jurisdiction, a.account, a.role, a.office, m.kind
    from tributary.mail_unsubscription u
    join tributary.mail m on m.mail = u.mail
    join tributary.account a on a.account = m.account
    where u.secret_hash = p_secret_hash
$$;
revoke all on function tributary.mail_unsubscription_of from public;
grant execute on function tributary.mail_unsubscription_of to tributary_daemon;

-- What the caller's own account wants, or refuses besides (p_also). Answers as ledger/act.h says; refused for the reasons
--   no_account   the caller has none
--   stale        p_expected isn't the sequence of the newest preference (0: there is none); null asks for none
drop function if exists tributary.record_mail_preference;
create function tributary.record_mail_preference(
    p_id uuid, p_opted_out text[], p_also text, p_language text, p_expected bigint,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_place        record;
    v_current      tributary.mail_preference;
    v_opted_out    text[];
    v_language     text;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    if not exists (select from tributary.account a where a.account = p_actor and a.jurisdiction = v_jurisdiction) then
        outcome := 'no_account';
        return;
    end if;
    select p.* into v_current
    from tributary.mail_preference p where p.account = p_actor order by p.sequence desc limit 1;
    if p_expected is not null and p_expected <> coalesce(v_current.sequence, 0) and v_current.preference is distinct from p_id then
        outcome := 'stale';
        return;
    end if;
    v_opted_out := array(select distinct kind
                         from unnest(coalesce(p_opted_out, v_current.opted_out, '{}') || p_also) as kind
                         where kind is not null order by kind);
    v_language := case when p_also is null then p_language else v_current.language end;
    if v_current.preference = p_id
        or (coalesce(v_current.opted_out, '{}'), v_current.language) is not distinct from (v_opted_out, v_language) then
        outcome := 'unchanged';
        id := v_current.preference;
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.mail_preference (
            preference, jurisdiction, account, opted_out, language, actor, sequence, recorded_at)
        values (p_id, v_jurisdiction, p_actor, v_opted_out, v_language, p_actor, sequence, v_place.recorded_at);
        said := jsonb_build_object('preference', p_id, 'account', p_actor, 'opted_out', to_jsonb(v_opted_out), 'language', v_language);
    end if;
    if id is not null then
        perform tributary.keep_key(p_actor, p_key, p_request_sha256, id::uuid);
    end if;
end
$$;
revoke all on function tributary.record_mail_preference from public;
grant execute on function tributary.record_mail_preference to tributary_daemon;
