-- functions_accounts.sql: accounts, sessions, tokens; reloadable like functions.sql.
-- The daemon reads no hash and no secret of these tables and writes none of them itself: it calls these functions, which run as
-- the owner and look at who asks (tributary.role, tributary.token). Moments are those of the database, so that all daemons agree.

-- ---- what every act of these does -------------------------------------------------------------------------------

-- What the log says of an account whenever that changes. The login, the hash and the secret stand in it as digests only.
create or replace function tributary.account_state(a tributary.account) returns jsonb
language sql stable set search_path = pg_catalog as $$
    select jsonb_build_object(
        'account', a.account, 'role', a.role, 'office', a.office, 'duty', a.duty, 'disabled', a.disabled_at is not null,
        'must_change', a.must_change, 'totp', a.totp_enabled,
        'login_sha256', encode(sha256(convert_to(a.account::text || ' ' || a.login, 'UTF8')), 'hex'),
        'password_sha256', tributary.text_sha256(a.password_hash),
        'totp_sha256', case when a.totp_enabled then encode(sha256(a.totp_secret), 'hex') end)
$$;
revoke all on function tributary.account_state from public;

create or replace function tributary.token_state(t tributary.token, p_revoked boolean) returns jsonb
language sql stable set search_path = pg_catalog as $$
    select jsonb_build_object(
        'token', t.token, 'role', t.role, 'office', t.office, 'account', t.account, 'duty', t.duty,
        'network', to_jsonb(t.network::text[]), 'expires_at',
        to_char(t.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'secret_sha256', encode(t.token_hash, 'hex'), 'revoked', p_revoked)
$$;
revoke all on function tributary.token_state from public;

-- Takes a place in the log and keeps what is said there.
create or replace function tributary.keep_account_event(
    p_kind text, p_account uuid, p_actor uuid, p_clock timestamptz, p_said jsonb, out recorded_at bigint, out sequence bigint)
language plpgsql set search_path = pg_catalog as $$
declare
    v_place record;
    v_clock timestamptz := p_clock;
begin
    if p_clock is null and p_actor = '00000000-0000-0000-0000-000000000000'
        and current_setting('tributary.log_recorded_at') <> '-infinity' and (select i.sample from tributary.installation i) then
        -- the owner prepares a sample whose clock the feeder sets: the log's own moment, or what is fed would come later than it
        v_clock := current_setting('tributary.log_recorded_at');
    end if;
    v_place := tributary.next_in_log(v_clock);
    recorded_at := tributary.micros(v_place.recorded_at);
    sequence := v_place.sequence;
    insert into tributary.account_event (jurisdiction, sequence, recorded_at, kind, actor, account, said)
    values (current_setting('tributary.jurisdiction'), v_place.sequence, v_place.recorded_at, p_kind, p_actor, p_account, p_said);
end
$$;
revoke all on function tributary.keep_account_event from public;

create or replace function tributary.is_administrator() returns boolean
language sql stable set search_path = pg_catalog as $$
    select coalesce(current_setting('tributary.role', true) = 'admin', false)
$$;

create or replace function tributary.knows_office(p_jurisdiction text, p_office text) returns boolean
language sql stable set search_path = pg_catalog as $$
    select p_office is null or exists (
        select from tributary.plan_unit_office u where u.jurisdiction = p_jurisdiction and u.office = p_office)
$$;

-- A locked account is locked for so long and no longer, even if the clock was set back since.
create or replace function tributary.is_locked(a tributary.account, p_seconds integer) returns boolean
language sql stable set search_path = pg_catalog as $$
    select coalesce(a.locked_until > clock_timestamp()
                    and a.locked_until <= clock_timestamp() + make_interval(secs => p_seconds), false)
$$;
revoke all on function tributary.is_locked from public;

create or replace function tributary.is_idle(a tributary.account, p_days integer) returns boolean
language sql stable set search_path = pg_catalog as $$
    select p_days > 0 and greatest(a.last_seen_at, a.created_at, (
        select max(e.recorded_at) from tributary.account_event e
        where e.account = a.account and e.kind = 'account' and e.said ->> 'enabled' = 'true'))
        < clock_timestamp() - make_interval(days => p_days)
$$;
revoke all on function tributary.is_idle from public;

-- ---- who asks ---------------------------------------------------------------------------------------------------

-- Whose token this is. An account's token is worth no more than the account: its role and office must still be the same, and
-- the narrower duty counts.
create or replace function tributary.token_bearer(p_token_hash bytea, p_address inet)
returns table (actor uuid, jurisdiction text, role text, office text, label text, duty text, account uuid, token uuid)
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(t.account, t.token), t.jurisdiction, t.role, t.office, coalesce(a.name, t.label),
           case when a.duty is null or a.duty = 'both' then t.duty else a.duty end, t.account, t.token
    from tributary.token t
    left join tributary.account a on a.account = t.account
    where t.token_hash = p_token_hash
      and t.revoked_at is null
      and (t.expires_at is null or t.expires_at > clock_timestamp())
      and (t.network is null or exists (select from unnest(t.network) n where p_address <<= n))
      and (t.account is null
           or (a.disabled_at is null and a.role = t.role and a.office is not distinct from t.office
               and (a.duty = 'both' or t.duty in ('both', a.duty))))
$$;
revoke all on function tributary.token_bearer from public;
grant execute on function tributary.token_bearer to tributary_daemon;

-- For a program from before tokens were narrowed.
create or replace function tributary.token_holder(p_token_hash bytea)
returns table (token uuid, jurisdiction text, role text, office text, label text)
language sql stable security definer set search_path = pg_catalog as $$
    select b.token, b.jurisdiction, b.role, b.office, b.label
    from tributary.token_bearer(p_token_hash, null) b
    where b.account is null and b.duty = 'both'
$$;
revoke all on function tributary.token_holder(bytea) from public;
grant execute on function tributary.token_holder(bytea) to tributary_daemon;

-- Whose session this is, if it is still one; notes now and then that it is used. One that begins in the future is none: the
-- clock was set back.
create or replace function tributary.session_holder(p_secret_hash bytea, p_idle_seconds integer)
returns table (actor uuid, jurisdiction text, role text, office text, label text, duty text, session uuid, must_change boolean,
               totp boolean)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_now timestamptz := clock_timestamp();
    v     record;
begin
    select s.session, s.last_seen_at, a.account, a.jurisdiction, a.role, a.office, a.name, a.duty, a.must_change, a.totp_enabled
    into v
    from tributary.session s
    join tributary.account a on a.account = s.account
    where s.secret_hash = p_secret_hash and s.ended_at is null and s.expires_at > v_now
      and s.last_seen_at > v_now - make_interval(secs => p_idle_seconds)
      and s.created_at < v_now + interval '5 minutes'
      and a.disabled_at is null;
    if not found then
        return;
    end if;
    if v.last_seen_at < v_now - make_interval(secs => least(60, p_idle_seconds / 4.0)) then
        update tributary.session set last_seen_at = v_now
        where session = v.session and last_seen_at = v.last_seen_at;
    end if;
    return query select v.account, v.jurisdiction, v.role, v.office, v.name, v.duty, v.session, v.must_change, v.totp_enabled;
end
$$;
revoke all on function tributary.session_holder from public;
grant execute on function tributary.session_holder to tributary_daemon;

-- All that a sign-in is checked with. An unknown login gets a row too, so that it takes the same way: nobody's, of the first
-- jurisdiction.
create or replace function tributary.account_for_sign_in(p_login text, p_lock_seconds integer, p_idle_days integer)
returns table (account uuid, jurisdiction text, role text, office text, name text, password_hash text, usable boolean,
               idle boolean, totp_secret bytea, totp_last_step bigint, moment bigint)
language sql stable security definer set search_path = pg_catalog as $$
    select a.account, coalesce(a.jurisdiction, j.jurisdiction), a.role, a.office, a.name, a.password_hash,
           coalesce(a.disabled_at is null and not tributary.is_locked(a, p_lock_seconds), false),
           coalesce(a.disabled_at is null and tributary.is_idle(a, p_idle_days), false),
           case when a.totp_enabled then a.totp_secret end, a.totp_last_step, extract(epoch from clock_timestamp())::bigint
    from (select min(j.jurisdiction) as jurisdiction from tributary.jurisdiction j) j
    left join tributary.account a on a.login = p_login
$$;
revoke all on function tributary.account_for_sign_in from public;
grant execute on function tributary.account_for_sign_in to tributary_daemon;

-- The same of the one who asks, to check their password or code once more.
create or replace function tributary.own_secrets()
returns table (login text, password_hash text, totp_secret bytea, totp_enabled boolean, totp_last_step bigint, moment bigint)
language sql stable security definer set search_path = pg_catalog as $$
    select a.login, a.password_hash, a.totp_secret, a.totp_enabled, a.totp_last_step, extract(epoch from clock_timestamp())::bigint
    from tributary.account a
    where tributary.is_caller(a.jurisdiction, a.account)
$$;
revoke all on function tributary.own_secrets from public;
grant execute on function tributary.own_secrets to tributary_daemon;

-- Whose a reset link is, while it is good.
create or replace function tributary.reset_holder(p_secret_hash bytea)
returns table (account uuid, jurisdiction text, role text, office text, name text, login text)
language sql stable security definer set search_path = pg_catalog as $$
    select a.account, a.jurisdiction, a.role, a.office, a.name, a.login
    from tributary.password_reset r
    join tributary.account a on a.account = r.account
    where r.secret_hash = p_secret_hash and r.used_at is null and r.expires_at > clock_timestamp() and a.disabled_at is null
$$;
revoke all on function tributary.reset_holder from public;
grant execute on function tributary.reset_holder to tributary_daemon;

-- ---- sessions ---------------------------------------------------------------------------------------------------

-- A new session; of an account's open ones the oldest end, so that there are never more than twenty.
create or replace function tributary.open_session(
    p_session uuid, p_account uuid, p_secret_hash bytea, p_seconds integer, p_user_agent text, p_address inet)
returns jsonb
language plpgsql set search_path = pg_catalog as $$
begin
    update tributary.session s set ended_at = clock_timestamp()
    where s.session in (
        select o.session from tributary.session o
        where o.account = p_account and o.ended_at is null
        order by o.created_at desc offset 19);
    insert into tributary.session (session, jurisdiction, account, secret_hash, expires_at, user_agent, address)
    values (p_session, current_setting('tributary.jurisdiction'), p_account, p_secret_hash,
            clock_timestamp() + make_interval(secs => p_seconds), left(coalesce(p_user_agent, ''), 200), p_address);
    return jsonb_build_object('session', p_session, 'session_sha256', encode(p_secret_hash, 'hex'));
end
$$;
revoke all on function tributary.open_session from public;

-- A sign-in whose password (its stored hash gives p_password_sha256) and code were right a moment ago. Refused as
--   refused_sign_in   the account changed, was locked, or the code was used meanwhile
drop function if exists tributary.record_sign_in;
create function tributary.record_sign_in(
    p_session uuid, p_account uuid, p_secret_hash bytea, p_password_sha256 bytea, p_totp_step bigint, p_seconds integer,
    p_lock_seconds integer, p_user_agent text, p_address inet,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account tributary.account;
begin
    id := p_session;
    select * into v_account from tributary.account a where a.account = p_account for update;
    if exists (select from tributary.session s where s.session = p_session and s.secret_hash = p_secret_hash) then
        outcome := 'unchanged';
        return;
    end if;
    if not tributary.is_caller(v_account.jurisdiction, p_account) or v_account.disabled_at is not null
        or tributary.is_locked(v_account, p_lock_seconds)
        or sha256(convert_to(v_account.password_hash, 'UTF8')) is distinct from p_password_sha256
        or (v_account.totp_enabled and coalesce(p_totp_step, 0) <= v_account.totp_last_step) then
        outcome := 'refused_sign_in';
        return;
    end if;
    update tributary.account a
    set failures = 0, locked_until = null, last_seen_at = clock_timestamp(),
        totp_last_step = greatest(a.totp_last_step, case when a.totp_enabled then p_totp_step else 0 end)
    where a.account = p_account;
    outcome := 'recorded';
    said := jsonb_build_object('account', p_account)
            || tributary.open_session(p_session, p_account, p_secret_hash, p_seconds, p_user_agent, p_address);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('sign_in', p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_sign_in from public;
grant execute on function tributary.record_sign_in to tributary_daemon;

-- A wrong password or code. The p_most-th in a row locks the account. Of an unknown login (p_account null) and of an account
-- that is locked or disabled only a count is kept, which costs as much time.
drop function if exists tributary.record_sign_in_failure;
create function tributary.record_sign_in_failure(
    p_account uuid, p_most integer, p_lock_seconds integer,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account  tributary.account;
    v_failures integer;
begin
    id := p_account;
    select * into v_account
    from tributary.account a
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
    for update;
    if not found or v_account.disabled_at is not null or tributary.is_locked(v_account, p_lock_seconds) then
        outcome := 'refused_sign_in';
        insert into tributary.refused_sign_ins as c (day, count) values ((clock_timestamp() at time zone 'UTC')::date, 1)
        on conflict (day) do update set count = c.count + 1;
        return;
    end if;
    v_failures := v_account.failures + 1;
    update tributary.account a
    set failures = case when v_failures >= p_most then 0 else v_failures end,
        locked_until = case when v_failures >= p_most then clock_timestamp() + make_interval(secs => p_lock_seconds) end
    where a.account = p_account;
    outcome := 'recorded';
    said := jsonb_build_object('account', p_account, 'failures', v_failures, 'locked', v_failures >= p_most);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('sign_in_failed', p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_sign_in_failure from public;
grant execute on function tributary.record_sign_in_failure to tributary_daemon;

-- Ends one session, or (p_session null) all of an account. A person ends their own, an administrator anybody's. Refused as
--   not_found
drop function if exists tributary.record_sign_out;
create function tributary.record_sign_out(
    p_session uuid, p_account uuid,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account uuid := p_account;
    v_ended   integer;
begin
    if p_session is not null then
        select s.account into v_account from tributary.session s where s.session = p_session;
    end if;
    if not exists (
        select from tributary.account a
        where a.account = v_account and a.jurisdiction = current_setting('tributary.jurisdiction')
          and (a.account = p_actor or tributary.is_administrator())) then
        outcome := 'not_found';
        return;
    end if;
    id := coalesce(p_session, v_account);
    update tributary.session s set ended_at = clock_timestamp()
    where s.ended_at is null and (s.session = p_session or (p_session is null and s.account = v_account));
    get diagnostics v_ended = row_count;
    if v_ended = 0 then
        outcome := 'unchanged';
        return;
    end if;
    outcome := 'recorded';
    said := jsonb_build_object('account', v_account, 'session', p_session, 'ended', v_ended);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('sign_out', v_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_sign_out from public;
grant execute on function tributary.record_sign_out to tributary_daemon;

-- ---- accounts ---------------------------------------------------------------------------------------------------

-- A link by which a new password is set, once; older ones end. What the log says of it: nobody can plant one.
drop function if exists tributary.open_reset;
create function tributary.open_reset(p_reset uuid, p_account uuid, p_secret_hash bytea, p_seconds integer) returns jsonb
language plpgsql set search_path = pg_catalog as $$
declare
    v_until timestamptz := clock_timestamp() + make_interval(secs => p_seconds);
begin
    update tributary.password_reset set used_at = clock_timestamp() where account = p_account and used_at is null;
    insert into tributary.password_reset (reset, jurisdiction, account, secret_hash, expires_at)
    values (p_reset, current_setting('tributary.jurisdiction'), p_account, p_secret_hash, v_until);
    return jsonb_build_object('reset', p_reset, 'reset_sha256', encode(p_secret_hash, 'hex'),
                              'expires_at', to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
end
$$;
revoke all on function tributary.open_reset from public;

-- A new account. It begins with a password that must be changed (p_password_hash) or with a reset link. Refused as
--   login_taken, unknown_office, forbidden
drop function if exists tributary.record_account;
create function tributary.record_account(
    p_account uuid, p_login text, p_name text, p_email text, p_role text, p_office text, p_duty text, p_language text,
    p_password_hash text, p_reset uuid, p_reset_hash bytea, p_reset_seconds integer,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_account      tributary.account;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    if not tributary.is_administrator() then
        outcome := 'forbidden';
        return;
    end if;
    select * into v_account from tributary.account a where a.login = p_login;
    if found then
        outcome := case when v_account.account = p_account then 'unchanged' else 'login_taken' end;
        id := case when v_account.account = p_account then p_account end;
        return;
    end if;
    if not tributary.knows_office(v_jurisdiction, p_office) then
        outcome := 'unknown_office';
        return;
    end if;
    insert into tributary.account (account, jurisdiction, login, name, email, role, office, duty, language, password_hash, must_change)
    values (p_account, v_jurisdiction, p_login, p_name, p_email, p_role, p_office, p_duty, p_language, p_password_hash,
            p_password_hash is not null)
    returning * into v_account;
    outcome := 'recorded';
    id := p_account;
    said := tributary.account_state(v_account) || jsonb_build_object('changed', '["created"]'::jsonb, 'reset', null)
            || case when p_reset is null then '{}'::jsonb
                    else tributary.open_reset(p_reset, p_account, p_reset_hash, p_reset_seconds) end;
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('account', p_account, p_actor, p_clock, said) k;
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_account);
end
$$;
revoke all on function tributary.record_account from public;
grant execute on function tributary.record_account to tributary_daemon;

-- Changes what p_change names: name, email, role, office, duty, language, disabled (with reason), unlocked, totp (false). A
-- person changes their own name, email and language, an administrator all. Who may do other things than before, or nothing any
-- more, is signed out. p_version null: whatever it is now. Refused as
--   not_found, stale, forbidden, unknown_office, bad_office (office goes with the role office, duty too)
drop function if exists tributary.record_account_change;
create function tributary.record_account_change(
    p_account uuid, p_version integer, p_change jsonb,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_old tributary.account;
    v_new tributary.account;
begin
    select * into v_old
    from tributary.account a
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
      and (a.account = p_actor or tributary.is_administrator())
    for update;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_account;
    if p_version <> v_old.version then
        outcome := 'stale';
        return;
    end if;
    -- nor does an administrator put their own codes away so: that takes their password (record_totp)
    if (not tributary.is_administrator() and p_change - array['name', 'email', 'language'] <> '{}')
        or (p_change ? 'totp' and p_account = p_actor) then
        outcome := 'forbidden';
        return;
    end if;
    v_new := jsonb_populate_record(v_old, (
        select coalesce(jsonb_object_agg(c.key, c.value), '{}')
        from jsonb_each(p_change) c
        where c.key in ('name', 'email', 'role', 'office', 'duty', 'language')));
    if p_change ? 'disabled' then
        v_new.disabled_at := case when (p_change ->> 'disabled')::boolean then coalesce(v_old.disabled_at, clock_timestamp()) end;
        v_new.disabled_reason := case when v_new.disabled_at is not null then coalesce(p_change ->> 'reason', v_old.disabled_reason, '') end;
    end if;
    if p_change ->> 'unlocked' = 'true' then
        v_new.failures := 0;
        v_new.locked_until := null;
    end if;
    if p_change ->> 'totp' = 'false' then
        v_new.totp_enabled := false;
        v_new.totp_secret := null;
    end if;
    if not tributary.knows_office(v_old.jurisdiction, v_new.office) then
        outcome := 'unknown_office';
        return;
    end if;
    if (v_new.role = 'office') <> (v_new.office is not null) or (v_new.role <> 'office' and v_new.duty <> 'both') then
        outcome := 'bad_office';
        return;
    end if;
    if v_new is not distinct from v_old then
        outcome := 'unchanged';
        return;
    end if;
    update tributary.account a
    set name = v_new.name, email = v_new.email, role = v_new.role, office = v_new.office, duty = v_new.duty,
        language = v_new.language, disabled_at = v_new.disabled_at, disabled_reason = v_new.disabled_reason,
        failures = v_new.failures, locked_until = v_new.locked_until, totp_enabled = v_new.totp_enabled,
        totp_secret = v_new.totp_secret, version = a.version + 1
    where a.account = p_account
    returning * into v_new;
    if tributary.account_state(v_new) is distinct from tributary.account_state(v_old) then
        update tributary.session s set ended_at = clock_timestamp() where s.account = p_account and s.ended_at is null;
    end if;
    if v_new.disabled_at is not null then
        update tributary.password_reset r set used_at = clock_timestamp() where r.account = p_account and r.used_at is null;
    end if;
    outcome := 'recorded';
    said := tributary.account_state(v_new)
            || jsonb_build_object('changed', (select jsonb_agg(k order by k) from jsonb_object_keys(p_change - 'reason') k))
            || case when v_old.disabled_at is not null and v_new.disabled_at is null then '{"enabled": true}'::jsonb else '{}'::jsonb end;
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event(
        case when v_new.disabled_at is not null and v_old.disabled_at is null then 'account_disabled' else 'account' end,
        p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_account_change from public;
grant execute on function tributary.record_account_change to tributary_daemon;

-- Disables an account that nobody used for so many days. Refused as
--   not_idle
drop function if exists tributary.record_idle_account;
create function tributary.record_idle_account(
    p_account uuid, p_days integer,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account tributary.account;
begin
    select * into v_account
    from tributary.account a
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
    for update;
    if not found or v_account.disabled_at is not null or not tributary.is_idle(v_account, p_days) then
        outcome := 'not_idle';
        return;
    end if;
    update tributary.account a
    set disabled_at = clock_timestamp(), disabled_reason = 'idle', version = a.version + 1
    where a.account = p_account
    returning * into v_account;
    update tributary.session s set ended_at = clock_timestamp() where s.account = p_account and s.ended_at is null;
    outcome := 'recorded';
    id := p_account;
    said := tributary.account_state(v_account) || jsonb_build_object('idle_days', p_days);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('account_disabled', p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_idle_account from public;
grant execute on function tributary.record_idle_account to tributary_daemon;

-- The accounts that are to be disabled for it.
create or replace function tributary.idle_accounts(p_days integer)
returns table (account uuid, jurisdiction text)
language sql stable security definer set search_path = pg_catalog as $$
    select a.account, a.jurisdiction
    from tributary.account a
    where a.disabled_at is null and tributary.is_idle(a, p_days)
    order by a.jurisdiction, a.account
    limit 100
$$;
revoke all on function tributary.idle_accounts from public;
grant execute on function tributary.idle_accounts to tributary_daemon;

-- Forgets where ended sessions came from half a year ago, and links long past: the log keeps that there were such.
create or replace function tributary.forget_sessions() returns void
language sql security definer set search_path = pg_catalog as $$
    delete from tributary.session
    where least(ended_at, expires_at) < clock_timestamp() - interval '184 days';
    delete from tributary.password_reset
    where least(used_at, expires_at) < clock_timestamp() - interval '184 days';
$$;
revoke all on function tributary.forget_sessions from public;
grant execute on function tributary.forget_sessions to tributary_daemon;

-- A link for a new password. Nobody makes one for themselves: who took over a session, or holds a token, doesn't know the old
-- one. Refused as
--   not_found, account_disabled, forbidden
drop function if exists tributary.record_reset;
create function tributary.record_reset(
    p_reset uuid, p_account uuid, p_secret_hash bytea, p_seconds integer,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account tributary.account;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    if not tributary.is_administrator() or p_account = p_actor then
        outcome := 'forbidden';
        return;
    end if;
    select * into v_account
    from tributary.account a
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
    for update;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_reset;
    if exists (select from tributary.password_reset r where r.reset = p_reset) then
        outcome := 'unchanged';
        return;
    end if;
    if v_account.disabled_at is not null then
        outcome := 'account_disabled';
        return;
    end if;
    outcome := 'recorded';
    said := jsonb_build_object('account', p_account) || tributary.open_reset(p_reset, p_account, p_secret_hash, p_seconds);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('account_reset', p_account, p_actor, p_clock, said) k;
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_reset);
end
$$;
revoke all on function tributary.record_reset from public;
grant execute on function tributary.record_reset to tributary_daemon;

-- A new password: by who knew the old one (p_old_sha256 is that of its stored hash), by who bears a reset link (p_reset_hash),
-- or from an administrator, who gives a first one (both null; it must be changed). All sessions end; p_session is the new one
-- of who asked, if any. Refused as
--   stale, reset_gone, not_found
drop function if exists tributary.record_password;
create function tributary.record_password(
    p_account uuid, p_hash text, p_old_sha256 bytea, p_reset_hash bytea,
    p_session uuid, p_secret_hash bytea, p_seconds integer, p_user_agent text, p_address inet,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account tributary.account;
    v_way     text := case when p_reset_hash is not null then 'reset' when p_old_sha256 is not null then 'change' else 'given' end;
begin
    select * into v_account
    from tributary.account a
    where a.account = p_account and a.jurisdiction = current_setting('tributary.jurisdiction')
      and (a.account = p_actor or tributary.is_administrator())
    for update;
    if not found or (v_way = 'given' and not tributary.is_administrator()) or v_account.disabled_at is not null then
        outcome := 'not_found';
        return;
    end if;
    id := p_account;
    if v_account.password_hash = p_hash then
        outcome := 'unchanged';
        return;
    end if;
    if v_way = 'change' and sha256(convert_to(v_account.password_hash, 'UTF8')) is distinct from p_old_sha256 then
        outcome := 'stale';
        return;
    end if;
    if v_way = 'reset' and not exists (
        select from tributary.password_reset r
        where r.account = p_account and r.secret_hash = p_reset_hash and r.used_at is null and r.expires_at > clock_timestamp()) then
        outcome := 'reset_gone';
        return;
    end if;
    update tributary.password_reset r set used_at = clock_timestamp() where r.account = p_account and r.used_at is null;
    update tributary.session s set ended_at = clock_timestamp() where s.account = p_account and s.ended_at is null;
    update tributary.account a
    set password_hash = p_hash, must_change = v_way = 'given', failures = 0, locked_until = null, version = a.version + 1
    where a.account = p_account
    returning * into v_account;
    outcome := 'recorded';
    said := tributary.account_state(v_account) || jsonb_build_object('way', v_way)
            || case when p_session is null then '{}'::jsonb
                    else tributary.open_session(p_session, p_account, p_secret_hash, p_seconds, p_user_agent, p_address) end;
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('account_password', p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_password from public;
grant execute on function tributary.record_password to tributary_daemon;

-- Keeps a secret for codes that waits for its first code; false where codes are asked for already.
create or replace function tributary.keep_totp_secret(p_secret bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
begin
    update tributary.account a set totp_secret = p_secret
    where tributary.is_caller(a.jurisdiction, a.account) and not a.totp_enabled;
    return found;
end
$$;
revoke all on function tributary.keep_totp_secret from public;
grant execute on function tributary.keep_totp_secret to tributary_daemon;

-- From now on codes are asked for (p_step is that of the first one), or no more. Other sessions end, and p_session is the new one
-- of who asked. Refused as
--   not_found, stale (it is so already, or another secret waits)
drop function if exists tributary.record_totp;
create function tributary.record_totp(
    p_account uuid, p_enabled boolean, p_step bigint, p_secret_sha256 bytea,
    p_session uuid, p_secret_hash bytea, p_seconds integer, p_user_agent text, p_address inet,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_account tributary.account;
begin
    select * into v_account
    from tributary.account a
    where a.account = p_account and a.account = p_actor and a.jurisdiction = current_setting('tributary.jurisdiction')
    for update;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_account;
    if exists (select from tributary.session s where s.session = p_session) then
        outcome := 'unchanged';
        return;
    end if;
    if v_account.totp_enabled = p_enabled or (p_enabled and sha256(v_account.totp_secret) is distinct from p_secret_sha256) then
        outcome := 'stale';
        return;
    end if;
    update tributary.session s set ended_at = clock_timestamp() where s.account = p_account and s.ended_at is null;
    update tributary.account a
    set totp_enabled = p_enabled, totp_secret = case when p_enabled then a.totp_secret end,
        totp_last_step = case when p_enabled then greatest(a.totp_last_step, p_step) else a.totp_last_step end,
        version = a.version + 1
    where a.account = p_account
    returning * into v_account;
    outcome := 'recorded';
    said := tributary.account_state(v_account)
            || tributary.open_session(p_session, p_account, p_secret_hash, p_seconds, p_user_agent, p_address);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('account_totp', p_account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_totp from public;
grant execute on function tributary.record_totp to tributary_daemon;

-- ---- tokens -----------------------------------------------------------------------------------------------------

-- A new token. Refused as
--   forbidden, unknown_office, unknown_account, account_differs (role, office or duty are not the account's)
drop function if exists tributary.record_token;
create function tributary.record_token(
    p_id uuid, p_role text, p_office text, p_label text, p_token_hash bytea, p_expires_at timestamptz, p_account uuid,
    p_network inet[], p_duty text,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_account      tributary.account;
    v_token        tributary.token;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_actor, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;
    if not tributary.is_administrator() then
        outcome := 'forbidden';
        return;
    end if;
    if exists (select from tributary.token t where t.token = p_id) then
        outcome := 'unchanged';
        id := p_id;
        return;
    end if;
    if not tributary.knows_office(v_jurisdiction, p_office) then
        outcome := 'unknown_office';
        return;
    end if;
    if p_account is not null then
        select * into v_account from tributary.account a where a.account = p_account and a.jurisdiction = v_jurisdiction;
        if not found then
            outcome := 'unknown_account';
            return;
        end if;
        if (v_account.role, v_account.office) is distinct from (p_role, p_office)
            or (v_account.duty <> 'both' and p_duty not in ('both', v_account.duty)) then
            outcome := 'account_differs';
            return;
        end if;
    end if;
    insert into tributary.token (token, jurisdiction, role, office, label, token_hash, expires_at, account, network, duty)
    values (p_id, v_jurisdiction, p_role, p_office, p_label, p_token_hash, p_expires_at, p_account, p_network, p_duty)
    returning * into v_token;
    outcome := 'recorded';
    id := p_id;
    said := tributary.token_state(v_token, false);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('token', p_account, p_actor, p_clock, said) k;
    perform tributary.keep_key(p_actor, p_key, p_request_sha256, p_id);
end
$$;
revoke all on function tributary.record_token from public;
grant execute on function tributary.record_token to tributary_daemon;

-- Ends a token. An administrator ends anybody's, a person those of their own account. Refused as
--   not_found
drop function if exists tributary.record_token_revocation;
create function tributary.record_token_revocation(
    p_id uuid,
    p_clock timestamptz, p_actor uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_token tributary.token;
begin
    select * into v_token
    from tributary.token t
    where t.token = p_id and t.jurisdiction = current_setting('tributary.jurisdiction')
      and (tributary.is_administrator() or t.account = p_actor)
    for update;
    if not found then
        outcome := 'not_found';
        return;
    end if;
    id := p_id;
    if v_token.revoked_at is not null then
        outcome := 'unchanged';
        return;
    end if;
    update tributary.token t set revoked_at = clock_timestamp() where t.token = p_id;
    outcome := 'recorded';
    said := jsonb_build_object('token', p_id);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('token_revocation', v_token.account, p_actor, p_clock, said) k;
end
$$;
revoke all on function tributary.record_token_revocation from public;
grant execute on function tributary.record_token_revocation to tributary_daemon;

-- Enters one token of before tokens stood in the log (the owner runs it after migrating). Refused as
--   none
drop function if exists tributary.record_older_token;
create function tributary.record_older_token(
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    v_token tributary.token;
begin
    select t.* into v_token
    from tributary.token t
    where t.jurisdiction = current_setting('tributary.jurisdiction')
      and not exists (select from tributary.account_event e
                      where e.jurisdiction = t.jurisdiction and e.kind = 'token' and e.said ->> 'token' = t.token::text)
    order by t.created_at, t.token
    limit 1;
    if not found then
        outcome := 'none';
        return;
    end if;
    outcome := 'recorded';
    id := v_token.token;
    said := tributary.token_state(v_token, v_token.revoked_at is not null);
    select k.recorded_at, k.sequence into recorded_at, sequence
    from tributary.keep_account_event('token', v_token.account, '00000000-0000-0000-0000-000000000000', null, said) k;
end
$$;
revoke all on function tributary.record_older_token from public;
