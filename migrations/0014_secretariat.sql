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
    constraint a_swap_says_why check (swapped_with is null or reason is not null),
    constraint a_year_is_exchanged_for_another check (swapped_with <> year)
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
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence, meeting, member)
);
comment on column tributary.sitting_in.given is 'False: taken back.';
create index sitting_in_of_meeting on tributary.sitting_in (meeting, sequence desc);
create index sitting_in_of_member on tributary.sitting_in (member, sequence desc);

alter table tributary.secretariat_turn enable row level security;
create policy read on tributary.secretariat_turn for select using (tributary.sees_body(jurisdiction, plan, unit));
create policy record on tributary.secretariat_turn for insert with check (tributary.prepares_bodies(jurisdiction, actor));

-- Whoever sees a meeting sees which member of the team sits in on it, not what they are called.
alter table tributary.sitting_in enable row level security;
create policy read on tributary.sitting_in for select
    using (exists (select from tributary.meeting m
                   where m.meeting = sitting_in.meeting and m.jurisdiction = sitting_in.jurisdiction));
create policy record on tributary.sitting_in for insert with check (
    tributary.prepares_bodies(jurisdiction, actor)
    and exists (select from tributary.meeting m
                where m.meeting = sitting_in.meeting and m.jurisdiction = sitting_in.jurisdiction)
    and exists (select from tributary.body_member b
                where b.member = sitting_in.member and b.jurisdiction = sitting_in.jurisdiction));

create trigger append_only before update or delete or truncate on tributary.secretariat_turn
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.sitting_in
    for each statement execute function tributary.refuse_change();

grant select, insert on tributary.secretariat_turn, tributary.sitting_in to tributary_daemon;
