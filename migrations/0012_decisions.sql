-- 0012: decisions and their tracking (列管): who owns them, what came of them, what a later meeting rules, what goes up a tier.
-- oldest-program: 1

create table tributary.decision (
    decision       uuid primary key,
    jurisdiction   text not null references tributary.jurisdiction,
    plan           text not null,
    body           text not null check (body <> ''),
    unit           text check (unit <> ''),
    year           integer not null,
    number         integer not null check (number > 0),
    meeting        uuid references tributary.meeting (meeting),
    meeting_record uuid references tributary.revision (id),
    item           uuid,
    kind           text not null check (kind in ('resolution', 'ruling')),
    title          text not null check (length(title) between 1 and 500),
    text           text not null check (length(text) between 1 and 20000),
    due_on         date,
    asks_form      text,
    asks_period    text,
    asks           text check (length(asks) between 1 and 2000),
    actor          uuid not null,
    sequence       bigint not null,
    recorded_at    timestamptz not null,
    unique (jurisdiction, sequence),
    constraint made_at_one_meeting check ((meeting is null) <> (meeting_record is null)),
    constraint a_form_for_a_period check ((asks_form is null) = (asks_period is null))
);
comment on column tributary.decision.number is 'Within its body, unit and year, from 1: 列管編號.';
comment on column tributary.decision.kind is '決議 of a discussion, 決定 of a report.';
comment on column tributary.decision.asks is 'What data it asks its owners for; with a form and period: that they hand in.';
create unique index decision_number on tributary.decision (jurisdiction, plan, body, coalesce(unit, ''), year, number);

create table tributary.decision_owner (
    decision     uuid not null references tributary.decision,
    place        integer not null check (place > 0),
    jurisdiction text not null,
    office       text check (office <> ''),
    agency       text check (length(agency) between 1 and 100),
    primary key (decision, place),
    constraint an_office_or_an_agency check ((office is null) <> (agency is null))
);
comment on column tributary.decision_owner.agency is 'The name of an owner that is no district office.';
create unique index decision_owner_once on tributary.decision_owner (decision, coalesce(office, ''), coalesce(agency, ''));

-- 辦理情形 of one owner. What it attaches are contents, as those of submissions.
create table tributary.decision_progress (
    progress     uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    decision     uuid not null,
    owner        integer not null,
    text         text not null check (length(text) between 1 and 20000),
    proposes     text not null check (proposes in ('continue', 'close', 'hand_over')),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence),
    foreign key (decision, owner) references tributary.decision_owner
);
create index decision_progress_of on tributary.decision_progress (decision, sequence);

-- What the chair of a later meeting rules for one owner: 繼續列管, 解除列管, 自行列管. The newest counts.
create table tributary.decision_ruling (
    ruling         uuid primary key,
    jurisdiction   text not null references tributary.jurisdiction,
    decision       uuid not null,
    owner          integer not null,
    meeting        uuid references tributary.meeting (meeting),
    meeting_record uuid references tributary.revision (id),
    outcome        text not null check (outcome in ('continue', 'close', 'hand_over')),
    text           text check (length(text) between 1 and 20000),
    due_on         date,
    actor          uuid not null,
    sequence       bigint not null,
    recorded_at    timestamptz not null,
    foreign key (decision, owner) references tributary.decision_owner
);
comment on column tributary.decision_ruling.due_on is 'A later day that a decision which goes on is due; null: as before.';
create index decision_ruling_of on tributary.decision_ruling (decision, sequence);

-- 提報: a decision is carried up to another body, and what that body says of it comes down.
create table tributary.decision_referral (
    referral     uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    decision     uuid not null references tributary.decision,
    to_body      text not null,
    to_unit      text,
    reason       text check (length(reason) between 1 and 2000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
create table tributary.decision_outcome (
    outcome_id   uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    referral     uuid not null references tributary.decision_referral,
    meeting      uuid not null references tributary.meeting (meeting),
    text         text not null check (length(text) between 1 and 20000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
