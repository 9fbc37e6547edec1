-- 0007: mails on their way to people, what people don't want to get, and how far the making of mails has come.
-- oldest-program: 1

-- What will be, is or was sent to one person. It holds no address: that is the account's, looked up when it is sent.
create table tributary.mail (
    mail            uuid primary key,
    place           bigint generated always as identity unique,
    jurisdiction    text not null references tributary.jurisdiction,
    account         uuid not null references tributary.account,
    office          text,
    kind            text not null
        check (kind in ('reminder', 'return', 'acceptance', 'break_glass', 'digest', 'reset')),
    dedupe          text not null check (dedupe <> ''),
    facts           jsonb not null,
    secret          text check (secret <> ''),
    language        text check (language in ('zh', 'en')),
    subject         text,
    message_id      text,
    state           text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'given_up')),
    attempts        integer not null default 0 check (attempts >= 0),
    created_at      timestamptz not null default clock_timestamp(),
    next_attempt_at timestamptz not null default clock_timestamp(),
    give_up_at      timestamptz not null,
    claimed_by      uuid,
    claimed_until   timestamptz,
    sent_at         timestamptz,
    last_error      text,
    unique (account, dedupe),
    check ((state = 'sending') = (claimed_by is not null)),
    check ((claimed_by is null) = (claimed_until is null)),
    check ((state = 'sent') = (sent_at is not null)),
    check (secret is null or kind = 'reset'),
    constraint no_secret_is_left check (secret is null or state not in ('sent', 'given_up'))
);
comment on column tributary.mail.place is 'Orders the list.';
comment on column tributary.mail.dedupe is 'What it is about: nobody is told twice.';
comment on column tributary.mail.facts is 'What it is written from when it is sent: codes, dates and ids, no name and no address of a person.';
comment on column tributary.mail.secret is 'Of a link that only its receiver may know; gone once it is sent or given up.';
comment on column tributary.mail.state is 'failed: it will be tried again; given_up: it won''t.';
comment on column tributary.mail.message_id is 'Given at the first attempt and kept: whoever gets it twice can tell.';
comment on column tributary.mail.last_error is 'A step of the delivery and what it was answered in numbers; no words of the mail server, which repeat addresses.';
create index mail_to_send on tributary.mail (jurisdiction, next_attempt_at) where state in ('waiting', 'sending', 'failed');
create index mail_by_place on tributary.mail (jurisdiction, place);

-- What a person doesn't want to get, and in which language they want the rest. The newest row of an account counts.
create table tributary.mail_preference (
    preference   uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    account      uuid not null references tributary.account,
    opted_out    text[] not null check (opted_out <@ array['reminder', 'return', 'acceptance', 'digest']),
    language     text check (language in ('zh', 'en')),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence),
    constraint only_for_oneself check (actor = account)
);
comment on column tributary.mail_preference.language is 'Null: that of the account.';
create index mail_preference_of on tributary.mail_preference (account, sequence);
create trigger append_only before update or delete or truncate on tributary.mail_preference
    for each statement execute function tributary.refuse_change();

-- Whoever bears the secret of a mail ends its kind for its receiver.
create table tributary.mail_unsubscription (
    secret_hash  bytea primary key check (octet_length(secret_hash) = 32),
    jurisdiction text not null,
    mail         uuid not null references tributary.mail
);

-- How far mails were made: what was recorded, and which days. Its row is the lock under which they are made.
create table tributary.mail_cursor (
    jurisdiction text primary key references tributary.jurisdiction,
    sequence     bigint not null,
    day          date not null,
    seen_at      timestamptz not null default clock_timestamp()
);
comment on column tributary.mail_cursor.seen_at is 'When a daemon that sends mails last came by.';

-- ---- row-level security ------------------------------------------------------------------------------------------
-- The daemon's thread that makes and sends mails works as the role `mail`, through functions (functions_mail.sql).

alter table tributary.mail enable row level security;
create policy read on tributary.mail for select
    using (tributary.is_caller(jurisdiction, account)
           or (jurisdiction = current_setting('tributary.jurisdiction', true)
               and current_setting('tributary.role', true) in ('geo', 'admin', 'auditor')));

alter table tributary.mail_preference enable row level security;
create policy read on tributary.mail_preference for select
    using (tributary.is_caller(jurisdiction, account) or tributary.may_look_after(jurisdiction));
create policy prefer on tributary.mail_preference for insert
    with check (tributary.is_caller(jurisdiction, actor) and actor = account);

alter table tributary.mail_unsubscription enable row level security;
alter table tributary.mail_cursor enable row level security;

grant select (mail, place, jurisdiction, account, office, kind, language, subject, message_id, state, attempts, created_at,
    next_attempt_at, give_up_at, sent_at, last_error) on tributary.mail to tributary_daemon;
grant select, insert on tributary.mail_preference to tributary_daemon;
