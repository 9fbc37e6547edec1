-- 0009: remarks on what was handed in, cell by cell, between an office and its reviewers.
-- oldest-program: 1

-- Rows are only added. A remark begins a thread or answers one; a thread stays at its place, over every revision.
create table tributary.remark (
    remark       uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    office       text not null,
    submission   bigint not null,
    revision     uuid not null references tributary.revision (id),
    thread       uuid not null,
    answers      uuid,
    path         text not null check (octet_length(path) <= 1000),
    digest       bytea not null check (octet_length(digest) = 32),
    actor        uuid not null,
    actor_role   text not null check (actor_role in ('office', 'geo', 'dbas', 'supervision')),
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence),
    unique (remark, submission, thread, path),
    foreign key (submission, jurisdiction, office) references tributary.submission (submission, jurisdiction, office),
    foreign key (answers, submission, thread, path) references tributary.remark (remark, submission, thread, path),
    constraint a_thread_begins_with_itself check ((answers is null) = (thread = remark))
);
comment on column tributary.remark.revision is 'The revision it was made on; it belongs to the submission, whatever follows.';
comment on column tributary.remark.path is 'A cell, row, column or table of the document; empty: the whole of it.';
comment on column tributary.remark.digest is 'SHA-256 of the text''s salt and the text.';
create index remark_of_submission on tributary.remark (submission, sequence);
create index remark_of_thread on tributary.remark (thread, sequence);

-- Texts live apart: they may name people, and can be erased while the remark and its digest stay.
create table tributary.remark_text (
    remark       uuid primary key references tributary.remark,
    jurisdiction text not null,
    office       text not null,
    salt         bytea check (octet_length(salt) = 16),
    text         text check (length(text) between 1 and 2000),
    erased_at    timestamptz,
    check ((text is null) = (erased_at is not null)),
    check ((text is null) = (salt is null))
);

-- Whether a thread is settled; the last row says.
create table tributary.remark_resolution (
    jurisdiction text not null references tributary.jurisdiction,
    sequence     bigint not null,
    remark       uuid not null references tributary.remark,
    office       text not null,
    resolved     boolean not null,
    actor        uuid not null,
    actor_role   text not null check (actor_role in ('office', 'geo', 'dbas', 'supervision')),
    recorded_at  timestamptz not null,
    primary key (jurisdiction, sequence)
);
comment on column tributary.remark_resolution.remark is 'The remark that began the thread.';
create index remark_resolution_of on tributary.remark_resolution (remark, sequence);

create trigger append_only before update or delete or truncate on tributary.remark
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.remark_resolution
    for each statement execute function tributary.refuse_change();

-- A text may only be erased, its salt with it, or a short one could be found again by trying.
create function tributary.only_erase_text() returns trigger
language plpgsql as $$
begin
    if new.text is not null or new.salt is not null or new.erased_at is null
        or (new.remark, new.jurisdiction, new.office) is distinct from (old.remark, old.jurisdiction, old.office) then
        raise exception 'the text of a remark can only be erased' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger only_erase before update on tributary.remark_text
    for each row execute function tributary.only_erase_text();
create trigger append_only before delete or truncate on tributary.remark_text
    for each statement execute function tributary.refuse_change();

-- ---- who ---------------------------------------------------------------------------------------------------------
-- The office about its own, and those who review; administrators and auditors read.

create function tributary.may_remark(row_jurisdiction text, row_office text) returns boolean
language sql stable parallel safe as $$
    select row_jurisdiction = current_setting('tributary.jurisdiction', true)
       and (tributary.is_own(row_jurisdiction, row_office)
            or current_setting('tributary.role', true) in ('geo', 'dbas', 'supervision'))
$$;

alter table tributary.remark enable row level security;
create policy read on tributary.remark for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy make on tributary.remark for insert
    with check (tributary.is_caller(jurisdiction, actor) and actor_role = current_setting('tributary.role', true)
                and tributary.may_remark(jurisdiction, office)
                and exists (select from tributary.revision r
                            where r.id = revision and r.submission = remark.submission and r.office = remark.office));

alter table tributary.remark_text enable row level security;
create policy read on tributary.remark_text for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy make on tributary.remark_text for insert
    with check (exists (select from tributary.remark m
                        where m.remark = remark_text.remark and m.jurisdiction = remark_text.jurisdiction
                          and m.office = remark_text.office and tributary.is_caller(m.jurisdiction, m.actor)
                          and m.digest = sha256(salt || convert_to(text, 'UTF8'))));

alter table tributary.remark_resolution enable row level security;
create policy read on tributary.remark_resolution for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy settle on tributary.remark_resolution for insert
    with check (tributary.is_caller(jurisdiction, actor) and actor_role = current_setting('tributary.role', true)
                and tributary.may_remark(jurisdiction, office)
                and exists (select from tributary.remark m
                            where m.remark = remark_resolution.remark and m.answers is null
                              and m.jurisdiction = remark_resolution.jurisdiction
                              and m.office = remark_resolution.office));

grant select, insert on tributary.remark, tributary.remark_text, tributary.remark_resolution to tributary_daemon;
