-- 0014: whose turn it is to keep a rotating secretariat, and who of the supervision team sits in where.
-- oldest-program: 1

-- A turn as it was recorded, never computed; the newest row of a unit's year counts.
create table tributary.secretariat_turn (
    turn         uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    body         text not null check (body <> ''),
    unit         text not null check (unit <> ''),
    year         integer not null,
    office       text not null check (office <> ''),
    swapped_with integer,
    reason       text check (length(reason) between 1 and 2000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence, year),
    constraint a_swap_says_why check (swapped_with is null or reason is not null)
);
comment on column tributary.secretariat_turn.year is 'The ROC year of the meeting.';
comment on column tributary.secretariat_turn.swapped_with is 'The year whose turn it was exchanged for; null: no exchange.';
create index secretariat_turn_of on tributary.secretariat_turn (jurisdiction, plan, body, unit, year, sequence desc);

-- 列席分配: a member of the supervision team is to sit in on a meeting, or no longer; the newest row of the pair counts.
create table tributary.sitting_in (
    allocation   uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    meeting      uuid not null references tributary.meeting (meeting),
    member       uuid not null references tributary.body_member (member),
    given        boolean not null,
    reason       text check (length(reason) between 1 and 2000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null
);
create index sitting_in_of_meeting on tributary.sitting_in (meeting, sequence desc);
create index sitting_in_of_member on tributary.sitting_in (member, sequence desc);
