-- 0004: people with accounts, their sessions, what happened to both; narrower tokens; hand-ins that wait for a second person.
-- oldest-program: 1

-- A person. Logins are the same for all jurisdictions, as who signs in says none.
create table tributary.account (
    account         uuid primary key,
    jurisdiction    text not null references tributary.jurisdiction,
    login           text not null unique check (login ~ '^[a-z0-9][a-z0-9._@+-]{0,79}$'),
    name            text not null check (length(name) between 1 and 200),
    email           text check (length(email) between 3 and 254),
    role            text not null check (role in ('office', 'geo', 'dbas', 'supervision', 'admin', 'auditor')),
    office          text,
    duty            text not null default 'both' check (duty in ('both', 'prepare', 'release')),
    language        text not null default 'zh' check (language in ('zh', 'en')),
    password_hash   text,
    must_change     boolean not null default false,
    totp_secret     bytea check (octet_length(totp_secret) between 16 and 64),
    totp_enabled    boolean not null default false,
    totp_last_step  bigint not null default 0,
    failures        integer not null default 0 check (failures >= 0),
    locked_until    timestamptz,
    last_seen_at    timestamptz,
    created_at      timestamptz not null default clock_timestamp(),
    disabled_at     timestamptz,
    disabled_reason text,
    version         integer not null default 1 check (version > 0),
    check ((role = 'office') = (office is not null)),
    check (role = 'office' or duty = 'both'),
    check (not totp_enabled or totp_secret is not null),
    check ((disabled_at is null) = (disabled_reason is null))
);
comment on column tributary.account.name is 'Of the person; may be replaced, as the e-mail address may, and stands in no log entry.';
comment on column tributary.account.password_hash is 'Argon2id with salt and parameters; null: none was set yet.';
comment on column tributary.account.must_change is 'The password was given by somebody else: it opens nothing but its own change.';
comment on column tributary.account.totp_secret is
    'Plain, as every daemon needs it: a key beside it would be read by whoever reads the table. The daemon sees it through one function only.';
comment on column tributary.account.totp_last_step is 'Of the last code taken; none is taken twice.';
comment on column tributary.account.version is 'Grows with every change by a person (If-Match).';
create index account_of_office on tributary.account (jurisdiction, office);

create table tributary.session (
    session      uuid primary key,
    jurisdiction text not null,
    account      uuid not null references tributary.account,
    secret_hash  bytea not null unique check (octet_length(secret_hash) = 32),
    created_at   timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    user_agent   text not null default '' check (length(user_agent) <= 200),
    address      inet
);
comment on column tributary.session.secret_hash is 'SHA-256 of the cookie; the token against forged requests is derived from the cookie too.';
create index session_of_account on tributary.session (account, created_at);
create index session_expires on tributary.session (expires_at);

-- Whoever bears the secret sets a new password, once.
create table tributary.password_reset (
    reset        uuid primary key,
    jurisdiction text not null,
    account      uuid not null references tributary.account,
    secret_hash  bytea not null unique check (octet_length(secret_hash) = 32),
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    used_at      timestamptz
);
create index password_reset_of on tributary.password_reset (account);

-- What happened to accounts, sessions and tokens, as the log says it: no names, no secrets. Mutable rows are held against it.
create table tributary.account_event (
    jurisdiction text not null references tributary.jurisdiction,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    kind         text not null,
    actor        uuid not null,
    account      uuid references tributary.account,
    said         jsonb not null,
    primary key (jurisdiction, sequence)
);
comment on column tributary.account_event.actor is 'All zeros: nobody signed in, or the owner at the command line.';
create index account_event_of on tributary.account_event (account, sequence);

-- Sign-ins that were refused without an entry: of unknown logins, and of accounts that are locked or disabled.
create table tributary.refused_sign_ins (
    day   date primary key,
    count bigint not null
);

alter table tributary.token add column account uuid references tributary.account;
alter table tributary.token add column network inet[] check (cardinality(network) between 1 and 16);
alter table tributary.token add column duty text not null default 'both' check (duty in ('both', 'prepare', 'release'));
alter table tributary.token add constraint duty_is_of_an_office check (role = 'office' or duty = 'both');
comment on column tributary.token.network is 'The addresses it may come from; null: any.';
create index token_of_account on tributary.token (account) where account is not null;

-- ---- what one prepares and another releases (核章) ---------------------------------------------------------------

create table tributary.prepared (
    prepared     uuid primary key,
    jurisdiction text not null,
    plan         text not null,
    form         text not null,
    office       text not null,
    period       text not null,
    content_type text not null,
    query        text not null,
    bytes        bytea check (octet_length(bytes) <= 8388608),
    sha256       bytea not null check (octet_length(sha256) = 32),
    preparer     uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    received_at  timestamptz not null,
    unique (jurisdiction, sequence),
    unique (prepared, preparer, jurisdiction, office)
);
comment on column tributary.prepared.bytes is 'As they were sent; gone once it is released or rejected, as they may name people.';
create index prepared_of_office on tributary.prepared (jurisdiction, office, sequence);

create table tributary.prepared_end (
    prepared     uuid primary key,
    preparer     uuid not null,
    jurisdiction text not null,
    office       text not null,
    outcome      text not null check (outcome in ('released', 'rejected')),
    revision     uuid references tributary.revision (id),
    reason       text check (length(reason) between 1 and 2000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    foreign key (prepared, preparer, jurisdiction, office)
        references tributary.prepared (prepared, preparer, jurisdiction, office),
    constraint nobody_releases_what_they_prepared check (outcome <> 'released' or actor <> preparer),
    constraint a_release_has_its_revision check ((outcome = 'released') = (revision is not null)),
    constraint a_rejection_says_why check ((outcome = 'rejected') = (reason is not null))
);
create index prepared_end_revision on tributary.prepared_end (revision) where revision is not null;

-- ---- what is written stays written ------------------------------------------------------------------------------

create trigger append_only before update or delete or truncate on tributary.account_event
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.prepared_end
    for each statement execute function tributary.refuse_change();
create trigger append_only before delete or truncate on tributary.prepared
    for each statement execute function tributary.refuse_change();
create trigger stays before delete or truncate on tributary.account
    for each statement execute function tributary.refuse_change();

create function tributary.only_drop_bytes() returns trigger
language plpgsql as $$
begin
    if new.bytes is not null or (to_jsonb(new) - 'bytes') is distinct from (to_jsonb(old) - 'bytes') then
        raise exception 'what was prepared can only lose its bytes' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger only_drop_bytes before update on tributary.prepared
    for each row execute function tributary.only_drop_bytes();

-- ---- row-level security -----------------------------------------------------------------------------------------
-- The daemon writes none of these tables itself, but through functions (functions_accounts.sql) that look who asks.

create function tributary.may_look_after(row_jurisdiction text) returns boolean
language sql stable parallel safe as $$
    select row_jurisdiction = current_setting('tributary.jurisdiction', true)
       and current_setting('tributary.role', true) in ('admin', 'auditor')
$$;

alter table tributary.account enable row level security;
create policy read on tributary.account for select
    using (tributary.may_look_after(jurisdiction) or tributary.is_caller(jurisdiction, account));

alter table tributary.session enable row level security;
create policy read on tributary.session for select
    using (tributary.may_look_after(jurisdiction) or tributary.is_caller(jurisdiction, account));

alter table tributary.password_reset enable row level security;
create policy read on tributary.password_reset for select using (tributary.may_look_after(jurisdiction));

alter table tributary.account_event enable row level security;
create policy read on tributary.account_event for select
    using (tributary.may_look_after(jurisdiction) or tributary.is_caller(jurisdiction, account));

alter table tributary.token enable row level security;
create policy read on tributary.token for select
    using (tributary.may_look_after(jurisdiction) or tributary.is_caller(jurisdiction, account));

-- What isn't released is the office's own affair.
alter table tributary.prepared enable row level security;
create policy read on tributary.prepared for select using (tributary.is_own(jurisdiction, office));
create policy prepare on tributary.prepared for insert
    with check (tributary.is_own(jurisdiction, office) and tributary.is_caller(jurisdiction, preparer));

create policy drop_bytes on tributary.prepared for update using (tributary.is_own(jurisdiction, office));

alter table tributary.prepared_end enable row level security;
create policy read on tributary.prepared_end for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy finish on tributary.prepared_end for insert
    with check (tributary.is_own(jurisdiction, office) and tributary.is_caller(jurisdiction, actor));

grant select (account, jurisdiction, login, name, email, role, office, duty, language, must_change, totp_enabled, failures,
    locked_until, last_seen_at, created_at, disabled_at, disabled_reason, version) on tributary.account to tributary_daemon;
grant select (session, jurisdiction, account, created_at, last_seen_at, expires_at, ended_at, user_agent, address)
    on tributary.session to tributary_daemon;
grant select (reset, jurisdiction, account, created_at, expires_at, used_at) on tributary.password_reset to tributary_daemon;
grant select (token, jurisdiction, role, office, label, created_at, expires_at, revoked_at, account, network, duty)
    on tributary.token to tributary_daemon;
grant select on tributary.account_event, tributary.refused_sign_ins to tributary_daemon;
grant select, insert on tributary.prepared, tributary.prepared_end to tributary_daemon;
grant update (bytes) on tributary.prepared to tributary_daemon;
