-- 0001: plans, submissions with every revision, the log, and who may see what.
-- oldest-program: 1

create schema tributary;
comment on schema tributary is 'District offices hand in, the city reads: plans, submissions, revisions, log.';

-- One row: what kind of database this is.
create table tributary.installation (
    only_row   boolean primary key default true check (only_row),
    sample     boolean not null default false,
    created_at timestamptz not null default clock_timestamp()
);
comment on column tributary.installation.sample is 'Synthetic sample data; takes its clock from the feeder.';

-- Every table that grows carries its jurisdiction; a jurisdiction lives whole on one server.
create table tributary.jurisdiction (
    jurisdiction text primary key,
    name_zh      text not null,
    name_en      text not null
);

-- ---- the log ---------------------------------------------------------------------------------------------------

-- The head of a jurisdiction's log; its row is the lock under which sequence numbers and recorded_at are given.
create table tributary.log_head (
    jurisdiction text primary key references tributary.jurisdiction,
    sequence     bigint not null default 0,
    batch        bigint not null default 0,
    head         bytea not null check (octet_length(head) = 32),
    recorded_at  timestamptz not null default '-infinity'
) with (fillfactor = 10);

create table tributary.signing_key (
    key        text primary key check (key ~ '^[0-9a-f]{16}$'),
    public_key bytea not null check (octet_length(public_key) = 32),
    since      timestamptz not null default clock_timestamp(),
    until      timestamptz
);

create table tributary.log_batch (
    jurisdiction   text not null references tributary.jurisdiction,
    batch          bigint not null check (batch > 0),
    previous_batch bigint generated always as (nullif(batch - 1, 0)) stored,
    first_sequence bigint not null check (first_sequence > 0),
    last_sequence  bigint not null check (last_sequence >= first_sequence),
    previous_head  bytea not null check (octet_length(previous_head) = 32),
    head           bytea not null check (octet_length(head) = 32),
    key            text not null,
    signature      bytea not null check (octet_length(signature) = 64),
    primary key (jurisdiction, batch),
    unique (jurisdiction, first_sequence),
    foreign key (jurisdiction, previous_batch) references tributary.log_batch (jurisdiction, batch)
);

create table tributary.log_entry (
    jurisdiction text not null,
    sequence     bigint not null check (sequence > 0),
    batch        bigint not null,
    entry        text not null,
    leaf         bytea not null check (octet_length(leaf) = 32),
    primary key (jurisdiction, sequence),
    foreign key (jurisdiction, batch) references tributary.log_batch (jurisdiction, batch)
);
comment on column tributary.log_entry.entry is 'Canonical JSON (RFC 8785); the leaf is SHA-256 of 0x00 and these bytes.';

-- ---- plans -----------------------------------------------------------------------------------------------------

create table tributary.plan_version (
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    version      integer not null check (version > 0),
    previous     integer generated always as (nullif(version - 1, 0)) stored,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    document     text not null,
    sha256       bytea not null check (octet_length(sha256) = 32),
    primary key (jurisdiction, plan, version),
    foreign key (jurisdiction, plan, previous) references tributary.plan_version (jurisdiction, plan, version)
);
create index plan_version_recorded on tributary.plan_version (jurisdiction, plan, recorded_at);

-- Who stands behind a unit in which years (level: office, group or city), as the plan version says.
create table tributary.plan_unit_office (
    jurisdiction text not null,
    plan         text not null,
    version      integer not null,
    level        text not null check (level in ('office', 'group', 'city')),
    unit         text not null,
    unit_order   integer not null,
    office       text not null,
    office_order integer not null,
    from_year    integer not null,
    to_year      integer not null check (to_year >= from_year),
    primary key (jurisdiction, plan, version, level, unit, office, from_year),
    foreign key (jurisdiction, plan, version) references tributary.plan_version
);

create table tributary.plan_form (
    jurisdiction text not null,
    plan         text not null,
    version      integer not null,
    form         text not null,
    owed_by      text[],
    primary key (jurisdiction, plan, version, form),
    foreign key (jurisdiction, plan, version) references tributary.plan_version
);

-- Where an element stands in revision.element_state and element_value: the same in every version of a plan.
create table tributary.element (
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    form         text not null,
    position     integer not null check (position > 0),
    code         text not null,
    primary key (jurisdiction, plan, form, position),
    unique (jurisdiction, plan, form, code)
);

-- ---- who -------------------------------------------------------------------------------------------------------

create table tributary.token (
    token        uuid primary key default gen_random_uuid(),
    jurisdiction text not null references tributary.jurisdiction,
    role         text not null check (role in ('office', 'geo', 'dbas', 'supervision', 'admin', 'auditor')),
    office       text,
    label        text not null check (label <> ''),
    token_hash   bytea not null unique check (octet_length(token_hash) = 32),
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    check ((role = 'office') = (office is not null))
);
comment on column tributary.token.label is 'Names the person or post that holds it; may be erased.';

-- ---- submissions -----------------------------------------------------------------------------------------------

create table tributary.submission (
    submission   bigint generated always as identity primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    form         text not null,
    period       text not null,
    office       text not null,
    event        uuid,
    unique nulls not distinct (jurisdiction, plan, form, period, office, event),
    unique (submission, jurisdiction, office)
);

-- Revision numbers have no gaps: each refers to the one before it.
create table tributary.revision (
    submission      bigint not null,
    number          integer not null check (number > 0),
    previous        integer generated always as (nullif(number - 1, 0)) stored,
    jurisdiction    text not null,
    office          text not null,
    id              uuid not null unique,
    sequence        bigint not null,
    recorded_at     timestamptz not null,
    received_at     timestamptz not null,
    plan_version    integer not null,
    token           uuid not null,
    sha256          bytea not null check (octet_length(sha256) = 32),
    document_sha256 bytea not null check (octet_length(document_sha256) = 32),
    stored_sha256   bytea not null check (octet_length(stored_sha256) = 32),
    document        text not null,
    field_count     integer not null,
    row_count       integer not null,
    reported        boolean not null,
    provisional     boolean not null,
    element_state   text not null check (element_state ~ '^[vbnx]*$'),
    element_value   numeric[] not null,
    primary key (submission, number),
    foreign key (submission, previous) references tributary.revision (submission, number),
    foreign key (submission, jurisdiction, office) references tributary.submission (submission, jurisdiction, office)
);
comment on column tributary.revision.document is 'Canonical JSON without base; personal values are replaced by salted digests.';
comment on column tributary.revision.element_state is
    'One letter an element, by tributary.element.position: v value, b blank, n not yet known, x not applicable.';
comment on column tributary.revision.element_value is 'The values, by the same positions; null where the state is not v.';

-- Personal values live apart, so that they can be erased while revisions stay.
create table tributary.personal_value (
    revision     uuid not null references tributary.revision (id),
    path         text not null,
    jurisdiction text not null,
    office       text not null,
    salt         bytea check (octet_length(salt) = 16),
    digest       bytea not null check (octet_length(digest) = 32),
    value        text,
    erased_at    timestamptz,
    primary key (revision, path),
    check ((value is null) = (erased_at is not null)),
    check ((value is null) = (salt is null))
);

create table tributary.idempotency (
    token          uuid not null,
    key            text not null check (length(key) between 1 and 200),
    jurisdiction   text not null,
    request_sha256 bytea not null check (octet_length(request_sha256) = 32),
    revision       uuid not null,
    created_at     timestamptz not null default clock_timestamp(),
    primary key (token, key)
);
create index idempotency_created on tributary.idempotency (created_at);

-- ---- what is written stays written, whoever writes ---------------------------------------------------------------

create function tributary.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op)
        using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete or truncate on tributary.revision
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.submission
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.log_entry
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.log_batch
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.plan_version
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.plan_unit_office
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.plan_form
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.element
    for each statement execute function tributary.refuse_change();

-- A personal value may only be erased, never rewritten. Its digest stays; its salt goes with it, or a telephone number
-- could be found again by trying them all.
create function tributary.only_erase() returns trigger
language plpgsql as $$
begin
    if new.value is not null or new.salt is not null or new.erased_at is null
        or (new.revision, new.path, new.jurisdiction, new.office, new.digest)
            is distinct from (old.revision, old.path, old.jurisdiction, old.office, old.digest) then
        raise exception 'a personal value can only be erased' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger only_erase before update on tributary.personal_value
    for each row execute function tributary.only_erase();
create trigger append_only before delete or truncate on tributary.personal_value
    for each statement execute function tributary.refuse_change();

-- ---- row-level security ------------------------------------------------------------------------------------------
-- The daemon says for whom it works: tributary.jurisdiction, tributary.role, tributary.office. What isn't said is
-- nobody, and nobody sees nothing.

create function tributary.may_read_all(row_jurisdiction text) returns boolean
language sql stable parallel safe as $$
    select row_jurisdiction = current_setting('tributary.jurisdiction', true)
       and current_setting('tributary.role', true) in ('geo', 'dbas', 'supervision', 'admin', 'auditor')
$$;

create function tributary.is_own(row_jurisdiction text, row_office text) returns boolean
language sql stable parallel safe as $$
    select row_jurisdiction = current_setting('tributary.jurisdiction', true)
       and current_setting('tributary.role', true) = 'office'
       and row_office = current_setting('tributary.office', true)
$$;

alter table tributary.submission enable row level security;
create policy read on tributary.submission for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy hand_in on tributary.submission for insert with check (tributary.is_own(jurisdiction, office));

alter table tributary.revision enable row level security;
create policy read on tributary.revision for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy hand_in on tributary.revision for insert with check (tributary.is_own(jurisdiction, office));

alter table tributary.personal_value enable row level security;
create policy read on tributary.personal_value for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy hand_in on tributary.personal_value for insert with check (tributary.is_own(jurisdiction, office));

alter table tributary.idempotency enable row level security;
create policy own on tributary.idempotency
    using (jurisdiction = current_setting('tributary.jurisdiction', true)
           and token::text = current_setting('tributary.token', true));

-- The log's writer works for a whole jurisdiction; entries name offices, so an office reads only through its receipts.
alter table tributary.log_entry enable row level security;
create policy read on tributary.log_entry for select using (tributary.may_read_all(jurisdiction));
create policy append on tributary.log_entry for insert
    with check (jurisdiction = current_setting('tributary.jurisdiction', true));

alter table tributary.log_batch enable row level security;
create policy read on tributary.log_batch for select using (jurisdiction = current_setting('tributary.jurisdiction', true));
create policy append on tributary.log_batch for insert
    with check (jurisdiction = current_setting('tributary.jurisdiction', true));

alter table tributary.log_head enable row level security;
create policy jurisdiction on tributary.log_head using (jurisdiction = current_setting('tributary.jurisdiction', true));

-- Usually the role is there already, made by an administrator; an owner who may make roles makes it. Whoever owns the
-- tables and serves with the same login must be able to step down to it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'tributary_daemon') then
        create role tributary_daemon nologin nosuperuser nobypassrls;
    end if;
    if not pg_has_role(current_user, 'tributary_daemon', 'member') then
        grant tributary_daemon to current_user;
    end if;
exception
    when insufficient_privilege then
        if not exists (select from pg_roles where rolname = 'tributary_daemon') then
            raise;
        end if;
end
$$;

grant usage on schema tributary to tributary_daemon;
grant select on all tables in schema tributary to tributary_daemon;
revoke select on tributary.token from tributary_daemon;
grant insert on tributary.submission, tributary.revision, tributary.personal_value, tributary.idempotency,
    tributary.log_entry, tributary.log_batch to tributary_daemon;
grant update (sequence, batch, head, recorded_at) on tributary.log_head to tributary_daemon;
