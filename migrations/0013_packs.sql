-- 0013: packs (會議資料): frozen with their moment, their sources and their bytes.
-- oldest-program: 1

create table tributary.pack (
    pack         uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    plan_version integer not null,
    kind         text not null check (kind in ('pack', 'minutes')),
    title        text not null check (title <> ''),
    body         text not null check (body <> ''),
    unit         text check (unit <> ''),
    year         integer not null,
    meeting      uuid references tributary.meeting (meeting),
    basis        text not null check (basis in ('latest', 'official')),
    language     text not null check (language in ('zh', 'en')),
    as_of        timestamptz not null,
    log_sequence bigint not null,
    release      text not null,
    sources      text not null,
    model_sha256 bytea not null check (octet_length(model_sha256) = 32),
    seen_as      text not null check (seen_as in ('office', 'geo', 'supervision')),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence),
    unique (pack, jurisdiction),
    foreign key (jurisdiction, plan, plan_version) references tributary.plan_version (jurisdiction, plan, version),
    constraint made_of_what_was_there check (log_sequence < sequence and as_of < recorded_at)
);
comment on column tributary.pack.year is 'The ROC year of the meeting it is for.';
comment on column tributary.pack.as_of is 'Its moment: everything recorded by then stands in it, nothing later.';
comment on column tributary.pack.log_sequence is 'The newest entry of the log at that moment.';
comment on column tributary.pack.release is 'The program, libraries and fonts that made the bytes.';
comment on column tributary.pack.sources is 'JSON: the revisions, meetings and decisions that stand behind it.';
comment on column tributary.pack.model_sha256 is
    'Of the paper as canonical JSON, without its moment and identifier: two that say the same have the same.';
comment on column tributary.pack.seen_as is 'By whose rights its figures were seen; an office''s: those of its unit.';
create index pack_of on tributary.pack (jurisdiction, plan, body, unit, year, sequence desc);

create table tributary.pack_file (
    pack         uuid not null,
    jurisdiction text not null,
    format       text not null check (format in ('odt', 'pdf', 'ods', 'json')),
    sha256       bytea not null check (octet_length(sha256) = 32),
    bytes        bytea not null,
    primary key (pack, format),
    foreign key (pack, jurisdiction) references tributary.pack (pack, jurisdiction)
);
alter table tributary.pack_file alter column bytes set storage external; -- compressed already

create trigger append_only before update or delete or truncate on tributary.pack
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.pack_file
    for each statement execute function tributary.refuse_change();

-- ---- who ---------------------------------------------------------------------------------------------------------
-- The Gender Equality Office and the supervision team make any pack, an office those of its own task group. An office reads
-- besides these what is laid before its own group and before the bodies of the city.

create function tributary.makes_pack(row_jurisdiction text, row_actor uuid, row_unit text, row_seen_as text) returns boolean
language sql stable parallel safe as $$
    select tributary.is_caller(row_jurisdiction, row_actor) and row_seen_as = current_setting('tributary.role', true)
       and (row_seen_as in ('geo', 'supervision') or tributary.is_own(row_jurisdiction, row_unit))
$$;

alter table tributary.pack enable row level security;
create policy read on tributary.pack for select
    using (tributary.sees_body(jurisdiction, plan, unit) or tributary.is_own(jurisdiction, unit));
create policy record on tributary.pack for insert
    with check (tributary.makes_pack(jurisdiction, actor, unit, seen_as));

alter table tributary.pack_file enable row level security;
create policy read on tributary.pack_file for select
    using (exists (select from tributary.pack p where p.pack = pack_file.pack and p.jurisdiction = pack_file.jurisdiction));
create policy record on tributary.pack_file for insert
    with check (exists (select from tributary.pack p
                        where p.pack = pack_file.pack and p.jurisdiction = pack_file.jurisdiction
                          and tributary.makes_pack(p.jurisdiction, p.actor, p.unit, p.seen_as)));

grant select, insert on tributary.pack, tributary.pack_file to tributary_daemon;
