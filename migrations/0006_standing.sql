-- 0006: what was handed in on an office's behalf, withdrawn submissions, attested receipts, closed periods.
-- oldest-program: 1

-- ---- on behalf of an office, and taken back ------------------------------------------------------------------------

alter table tributary.revision
    add column on_behalf boolean not null default false,
    add column withdrawn text check (length(withdrawn) between 1 and 2000),
    add constraint a_withdrawal_says_nothing_else check (
        withdrawn is null or (not reported and not provisional and field_count = 0 and row_count = 0
                              and element_state = '' and element_value = '{}'));
comment on column tributary.revision.on_behalf is 'The Gender Equality Office handed it in for the office.';
comment on column tributary.revision.withdrawn is 'Why the submission was withdrawn with this revision; null: it was handed in.';
create index revision_withdrawn on tributary.revision (submission, number) where withdrawn is not null;

alter table tributary.attachment add column on_behalf boolean not null default false;
alter table tributary.attachment_withdrawal add column on_behalf boolean not null default false;

-- Without an office it is the Gender Equality Office's own, of who announced it.
alter table tributary.upload alter column office drop not null;

-- Whether who works now may write for an office: the office itself, or the Gender Equality Office, which says so.
create function tributary.may_write_for(row_jurisdiction text, row_office text, row_on_behalf boolean, row_actor uuid)
returns boolean
language sql stable parallel safe as $$
    select case when row_on_behalf
                then tributary.is_caller(row_jurisdiction, row_actor)
                     and current_setting('tributary.role', true) = 'geo'
                else tributary.is_own(row_jurisdiction, row_office) and tributary.is_caller(row_jurisdiction, row_actor) end
$$;

create function tributary.is_own_upload(row_jurisdiction text, row_office text, row_token uuid) returns boolean
language sql stable parallel safe as $$
    select case when row_office is null
                then tributary.is_caller(row_jurisdiction, row_token)
                     and current_setting('tributary.role', true) = 'geo'
                else tributary.is_own(row_jurisdiction, row_office) end
$$;

-- A submission is only what its revisions are about: who writes those is said there.
drop policy hand_in on tributary.submission;
create policy hand_in on tributary.submission for insert
    with check (tributary.is_own(jurisdiction, office)
                or (jurisdiction = current_setting('tributary.jurisdiction', true)
                    and current_setting('tributary.role', true) = 'geo'));

drop policy hand_in on tributary.revision;
create policy hand_in on tributary.revision for insert
    with check (tributary.may_write_for(jurisdiction, office, on_behalf, token));

drop policy hand_in on tributary.personal_value;
create policy hand_in on tributary.personal_value for insert
    with check (exists (select from tributary.revision r
                        where r.id = revision and r.jurisdiction = personal_value.jurisdiction
                          and r.office = personal_value.office
                          and (tributary.may_write_for(r.jurisdiction, r.office, r.on_behalf, r.token)
                               or (not r.on_behalf and tributary.is_own(r.jurisdiction, r.office)))));

drop policy attach on tributary.attachment;
create policy attach on tributary.attachment for insert
    with check (tributary.may_write_for(jurisdiction, office, on_behalf, token));

drop policy withdraw on tributary.attachment_withdrawal;
create policy withdraw on tributary.attachment_withdrawal for insert
    with check (tributary.may_write_for(jurisdiction, office, on_behalf, token));

drop policy own on tributary.upload;
create policy own on tributary.upload
    using (tributary.is_own_upload(jurisdiction, office, token))
    with check (tributary.is_own_upload(jurisdiction, office, token));

-- ---- an earlier receipt, attested ---------------------------------------------------------------------------------

-- When a revision truly reached the city, by mail for instance. The newest row of a revision counts; one without a moment
-- takes that back. It decides timeliness, never what was known when.
create table tributary.attestation (
    attestation  uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    office       text not null,
    revision     uuid not null references tributary.revision (id),
    received_at  timestamptz,
    reason       text not null check (length(reason) between 1 and 2000),
    attested_by  text not null check (attested_by <> ''),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.attestation.received_at is 'Earlier than that of the revision; null: taken back.';
comment on column tributary.attestation.attested_by is 'Names the person or post that attests it.';
create index attestation_of on tributary.attestation (revision, sequence desc);

alter table tributary.attestation enable row level security;
create policy read on tributary.attestation for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy attest on tributary.attestation for insert
    with check (tributary.is_caller(jurisdiction, actor) and current_setting('tributary.role', true) = 'geo'
                and exists (select from tributary.revision r
                            where r.id = revision and r.jurisdiction = attestation.jurisdiction
                              and r.office = attestation.office
                              and (attestation.received_at is null or attestation.received_at < r.received_at)));

-- ---- closed periods -----------------------------------------------------------------------------------------------

-- The newest row of a plan, period and form (or of all forms) counts.
create table tributary.closing (
    closing      uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    period       text not null,
    form         text,
    closed       boolean not null,
    reason       text not null check (length(reason) between 1 and 2000),
    closed_by    text not null check (closed_by <> ''),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.closing.period is 'A year closes its quarters too.';
comment on column tributary.closing.form is 'Null: every form.';
comment on column tributary.closing.closed is 'False: opened again.';
comment on column tributary.closing.closed_by is 'Names the person or post that closes or opens it.';
create index closing_of on tributary.closing (jurisdiction, plan, period, form, sequence desc);

alter table tributary.closing enable row level security;
create policy read on tributary.closing for select using (jurisdiction = current_setting('tributary.jurisdiction', true));
create policy close on tributary.closing for insert
    with check (tributary.is_caller(jurisdiction, actor) and current_setting('tributary.role', true) in ('geo', 'admin'));

create trigger append_only before update or delete or truncate on tributary.attestation
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.closing
    for each statement execute function tributary.refuse_change();

grant select, insert on tributary.attestation, tributary.closing to tributary_daemon;
