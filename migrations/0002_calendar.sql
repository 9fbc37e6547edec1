-- 0002: extensions of due dates, and calendar feeds that a calendar program reads without a token.
-- oldest-program: 1

-- A date until when an office may still report in time. The newest row of an office, form and period counts; one
-- without a date takes the extension back.
create table tributary.extension (
    id           uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    office       text not null,
    form         text not null,
    period       text not null,
    until        date,
    reason       text not null check (reason <> ''),
    granted_by   text not null check (granted_by <> ''),
    token        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.extension.until is 'The last day in time, where the plan is at home; null: taken back.';
comment on column tributary.extension.granted_by is 'The office or post that granted it.';
create index extension_of on tributary.extension (jurisdiction, plan, office, form, period, sequence);

-- A secret address under which a calendar program reads the due dates of one office, or of all of them.
create table tributary.calendar_feed (
    id           uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    office       text,
    secret_hash  bytea not null unique check (octet_length(secret_hash) = 32),
    token        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.calendar_feed.office is 'Null: every office of the plan.';

create table tributary.calendar_feed_revocation (
    feed         uuid primary key references tributary.calendar_feed (id),
    jurisdiction text not null references tributary.jurisdiction,
    office       text,
    token        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);

create trigger append_only before update or delete or truncate on tributary.extension
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.calendar_feed
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.calendar_feed_revocation
    for each statement execute function tributary.refuse_change();

-- Whose token it is that works now, and whether the row is of its jurisdiction.
create function tributary.is_caller(row_jurisdiction text, row_token uuid) returns boolean
language sql stable parallel safe as $$
    select row_jurisdiction = current_setting('tributary.jurisdiction', true)
       and row_token::text = current_setting('tributary.token', true)
$$;

alter table tributary.extension enable row level security;
create policy read on tributary.extension for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy grant_extension on tributary.extension for insert
    with check (tributary.is_caller(jurisdiction, token) and current_setting('tributary.role', true) in ('geo', 'admin'));

-- An office makes feeds of itself; the city's side of all offices, or of one.
alter table tributary.calendar_feed enable row level security;
create policy read on tributary.calendar_feed for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy make on tributary.calendar_feed for insert
    with check (tributary.is_caller(jurisdiction, token)
                and (tributary.is_own(jurisdiction, office) or tributary.may_read_all(jurisdiction)));

-- Who may take a feed back: its office, who made it, and those who look after the system.
alter table tributary.calendar_feed_revocation enable row level security;
create policy read on tributary.calendar_feed_revocation for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy revoke_feed on tributary.calendar_feed_revocation for insert
    with check (tributary.is_caller(jurisdiction, token)
                and exists (select from tributary.calendar_feed f
                            where f.id = feed and f.jurisdiction = calendar_feed_revocation.jurisdiction
                              and f.office is not distinct from calendar_feed_revocation.office
                              and (tributary.is_own(f.jurisdiction, f.office)
                                   or tributary.is_caller(f.jurisdiction, f.token)
                                   or current_setting('tributary.role', true) in ('geo', 'admin'))));

grant select, insert on tributary.extension, tributary.calendar_feed, tributary.calendar_feed_revocation
    to tributary_daemon;
-- Only the digest of a secret that is asked for leads to a feed (tributary.calendar_feed_of).
revoke select on tributary.calendar_feed from tributary_daemon;
grant select (id, jurisdiction, plan, office, token, sequence, recorded_at) on tributary.calendar_feed to tributary_daemon;
