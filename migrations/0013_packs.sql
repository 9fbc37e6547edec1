-- 0013: packs (會議資料): frozen with their moment, their sources and their bytes.
-- oldest-program: 1

create table tributary.pack (
    pack         uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    plan_version integer not null,
    kind         text not null check (kind in ('pack', 'minutes')),
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
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.pack.year is 'The ROC year of the meeting it is for.';
comment on column tributary.pack.as_of is 'Its moment: everything recorded by then stands in it, nothing later.';
comment on column tributary.pack.log_sequence is 'The newest entry of the log at that moment.';
comment on column tributary.pack.release is 'The program, libraries and fonts that made the bytes.';
comment on column tributary.pack.sources is 'JSON: the revisions, meetings and decisions that stand behind it.';
comment on column tributary.pack.model_sha256 is 'Of the paper as canonical JSON.';
create index pack_of on tributary.pack (jurisdiction, plan, body, unit, year, sequence desc);

create table tributary.pack_file (
    pack         uuid not null references tributary.pack,
    jurisdiction text not null,
    format       text not null check (format in ('odt', 'pdf', 'ods', 'json')),
    sha256       bytea not null check (octet_length(sha256) = 32),
    bytes        bytea not null,
    primary key (pack, format)
);
alter table tributary.pack_file alter column bytes set storage external; -- compressed already
