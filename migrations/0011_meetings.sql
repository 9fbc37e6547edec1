-- 0011: meetings of bodies as they are planned, called, held and put on record: their days, agenda, who was there, what was
-- resolved.
-- oldest-program: 1

-- A meeting may be planned before it is held. Those recorded by their day only, as reviews need them, stay what they are:
-- regular meetings that were held.
alter table tributary.meeting alter column held_on drop not null;
alter table tributary.meeting drop constraint meeting_jurisdiction_plan_body_held_on_key;
alter table tributary.meeting add column unit text check (unit <> '');
alter table tributary.meeting add column kind text not null default 'regular' check (kind in ('regular', 'ad_hoc'));
alter table tributary.meeting add column year integer;
alter table tributary.meeting add constraint meeting_place unique (meeting, jurisdiction, plan, body);
comment on column tributary.meeting.body is 'The code of the body; of one that is a stage of review, of that stage.';
comment on column tributary.meeting.unit is 'The office, group or bureau whose body it is; null: a body of the city.';
comment on column tributary.meeting.year is 'The ROC year whose meeting it is; null: that of its day.';
comment on column tributary.meeting.held_on is 'Its day if it was recorded when it had been held; null: see its newest step.';

-- What became of a meeting; the newest step counts.
create table tributary.meeting_step (
    step            uuid primary key,
    meeting         uuid not null references tributary.meeting (meeting),
    jurisdiction    text not null references tributary.jurisdiction,
    state           text not null check (state in ('planned', 'called', 'held', 'on_record', 'cancelled')),
    day             date not null,
    begins          time,
    ends            time,
    place           text check (length(place) between 1 and 200),
    document_number text check (length(document_number) between 1 and 100),
    reason          text check (length(reason) between 1 and 2000),
    actor           uuid not null,
    sequence        bigint not null,
    recorded_at     timestamptz not null,
    unique (jurisdiction, sequence),
    check (ends is null or begins < ends),
    constraint a_cancelled_meeting_says_why check (state <> 'cancelled' or reason is not null)
);
comment on column tributary.meeting_step.document_number is
    '公文文號: of the letter that calls it, then of the one that sends its minutes out.';
create index meeting_step_of on tributary.meeting_step (meeting, sequence desc);

-- The agenda, written as a whole: the items of the newest sequence number count. An item keeps its name through them.
create table tributary.meeting_agenda (
    jurisdiction text not null references tributary.jurisdiction,
    meeting      uuid not null references tributary.meeting (meeting),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    primary key (jurisdiction, sequence)
);
create index meeting_agenda_of on tributary.meeting_agenda (meeting, sequence desc);
create table tributary.meeting_agenda_item (
    jurisdiction text not null,
    sequence     bigint not null,
    place        integer not null check (place > 0),
    item         uuid not null,
    kind         text not null check (kind in ('opening', 'minutes', 'tracking', 'report', 'discussion', 'motion', 'closing')),
    title        text not null check (length(title) between 1 and 500),
    proposer     text check (length(proposer) between 1 and 100),
    explanation  text check (length(explanation) between 1 and 20000),
    proposal     text check (length(proposal) between 1 and 20000),
    referral     uuid,
    primary key (jurisdiction, sequence, place),
    unique (jurisdiction, sequence, item),
    foreign key (jurisdiction, sequence) references tributary.meeting_agenda
);
comment on column tributary.meeting_agenda_item.explanation is '說明';
comment on column tributary.meeting_agenda_item.proposal is '辦法';

-- What was resolved on an item: 決議 of a discussion, 決定 of a report; the newest row of an item counts.
create table tributary.meeting_resolution (
    resolution   uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    meeting      uuid not null references tributary.meeting (meeting),
    item         uuid not null,
    text         text not null check (length(text) between 1 and 20000),
    remarks      text check (length(remarks) between 1 and 20000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence, item)
);
comment on column tributary.meeting_resolution.remarks is '發言摘要: what was said.';
create index meeting_resolution_of on tributary.meeting_resolution (meeting, sequence desc);
-- what one act resolved, all at once
comment on column tributary.meeting_resolution.sequence is 'Of the act: it may resolve several items.';

-- Who was there, written as a whole: the rows of the newest sequence number count.
create table tributary.meeting_sheet (
    jurisdiction text not null references tributary.jurisdiction,
    meeting      uuid not null references tributary.meeting (meeting),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    primary key (jurisdiction, sequence)
);
create index meeting_sheet_of on tributary.meeting_sheet (meeting, sequence desc);
create table tributary.meeting_attendance (
    attendance   uuid primary key,
    jurisdiction text not null,
    sequence     bigint not null,
    place        integer not null check (place > 0),
    part         text not null check (part in ('present', 'sitting_in', 'excused', 'absent')),
    duty         text check (duty in ('chair', 'recorder')),
    office       text check (office <> ''),
    member       uuid references tributary.body_member (member),
    seat         text not null check (seat in ('internal', 'external')),
    served       boolean not null,
    post         text check (length(post) between 1 and 200),
    authorised   boolean not null,
    sex          text check (sex in ('m', 'f')),
    name_digest  bytea check (octet_length(name_digest) = 32),
    unique (jurisdiction, sequence, place),
    unique (attendance, jurisdiction, name_digest),
    foreign key (jurisdiction, sequence) references tributary.meeting_sheet
);
comment on column tributary.meeting_attendance.office is 'The office they come from; null: none, as an adviser from outside.';
comment on column tributary.meeting_attendance.served is 'A current or former external member of the Gender Equality Council.';
comment on column tributary.meeting_attendance.authorised is '充分授權: a deputy who may decide.';
-- Names live apart, so that they can be erased.
create table tributary.meeting_attendance_name (
    attendance   uuid primary key,
    jurisdiction text not null,
    salt         bytea check (octet_length(salt) = 16),
    digest       bytea not null,
    name         text,
    erased_at    timestamptz,
    foreign key (attendance, jurisdiction, digest)
        references tributary.meeting_attendance (attendance, jurisdiction, name_digest),
    check ((name is null) = (erased_at is not null)),
    check ((name is null) = (salt is null))
);

-- Offices read the meetings of the city, of their group and of their own task group.
create function tributary.sees_meeting(row_jurisdiction text, row_plan text, row_unit text) returns boolean
language sql stable parallel safe as $$
    select tributary.sees_body(row_jurisdiction, row_plan, row_unit)
        or (row_jurisdiction = current_setting('tributary.jurisdiction', true)
            and current_setting('tributary.role', true) = 'office'
            and row_unit = current_setting('tributary.office', true))
$$;

-- The Gender Equality Office and the supervision team prepare every meeting, an office those of its own task group.
create function tributary.prepares_meeting(row_jurisdiction text, row_actor uuid, row_unit text) returns boolean
language sql stable parallel safe as $$
    select tributary.prepares_bodies(row_jurisdiction, row_actor)
        or (tributary.is_caller(row_jurisdiction, row_actor) and current_setting('tributary.role', true) = 'office'
            and row_unit = current_setting('tributary.office', true))
$$;

-- A meeting recorded by its day, as reviews need it, by whoever reviews, too.
drop policy read on tributary.meeting;
create policy read on tributary.meeting for select using (tributary.sees_meeting(jurisdiction, plan, unit));
drop policy record on tributary.meeting;
create policy record on tributary.meeting for insert
    with check (tributary.prepares_meeting(jurisdiction, actor, unit)
                or (tributary.is_caller(jurisdiction, actor) and held_on is not null and unit is null
                    and current_setting('tributary.role', true) in ('dbas', 'admin')));

alter table tributary.meeting_step enable row level security;
create policy read on tributary.meeting_step for select
    using (exists (select from tributary.meeting m
                   where m.meeting = meeting_step.meeting and m.jurisdiction = meeting_step.jurisdiction));
create policy record on tributary.meeting_step for insert
    with check (exists (select from tributary.meeting m
                        where m.meeting = meeting_step.meeting and m.jurisdiction = meeting_step.jurisdiction
                          and tributary.prepares_meeting(m.jurisdiction, meeting_step.actor, m.unit)));

alter table tributary.meeting_agenda enable row level security;
create policy read on tributary.meeting_agenda for select
    using (exists (select from tributary.meeting m
                   where m.meeting = meeting_agenda.meeting and m.jurisdiction = meeting_agenda.jurisdiction));
create policy record on tributary.meeting_agenda for insert
    with check (exists (select from tributary.meeting m
                        where m.meeting = meeting_agenda.meeting and m.jurisdiction = meeting_agenda.jurisdiction
                          and tributary.prepares_meeting(m.jurisdiction, meeting_agenda.actor, m.unit)));

alter table tributary.meeting_agenda_item enable row level security;
create policy read on tributary.meeting_agenda_item for select
    using (exists (select from tributary.meeting_agenda a
                   where a.jurisdiction = meeting_agenda_item.jurisdiction and a.sequence = meeting_agenda_item.sequence));
create policy record on tributary.meeting_agenda_item for insert
    with check (exists (select from tributary.meeting_agenda a join tributary.meeting m using (meeting, jurisdiction)
                        where a.jurisdiction = meeting_agenda_item.jurisdiction
                          and a.sequence = meeting_agenda_item.sequence
                          and tributary.prepares_meeting(m.jurisdiction, a.actor, m.unit)));

alter table tributary.meeting_resolution enable row level security;
create policy read on tributary.meeting_resolution for select
    using (exists (select from tributary.meeting m
                   where m.meeting = meeting_resolution.meeting and m.jurisdiction = meeting_resolution.jurisdiction));
create policy record on tributary.meeting_resolution for insert
    with check (tributary.prepares_bodies(jurisdiction, actor)
                and exists (select from tributary.meeting m
                            where m.meeting = meeting_resolution.meeting
                              and m.jurisdiction = meeting_resolution.jurisdiction));

alter table tributary.meeting_sheet enable row level security;
create policy read on tributary.meeting_sheet for select
    using (exists (select from tributary.meeting m
                   where m.meeting = meeting_sheet.meeting and m.jurisdiction = meeting_sheet.jurisdiction));
create policy record on tributary.meeting_sheet for insert
    with check (tributary.prepares_bodies(jurisdiction, actor)
                and exists (select from tributary.meeting m
                            where m.meeting = meeting_sheet.meeting and m.jurisdiction = meeting_sheet.jurisdiction));

alter table tributary.meeting_attendance enable row level security;
create policy read on tributary.meeting_attendance for select
    using (exists (select from tributary.meeting_sheet s
                   where s.jurisdiction = meeting_attendance.jurisdiction and s.sequence = meeting_attendance.sequence));
create policy record on tributary.meeting_attendance for insert
    with check (exists (select from tributary.meeting_sheet s
                        where s.jurisdiction = meeting_attendance.jurisdiction
                          and s.sequence = meeting_attendance.sequence
                          and tributary.prepares_bodies(s.jurisdiction, s.actor)));

alter table tributary.meeting_attendance_name enable row level security;
create policy read on tributary.meeting_attendance_name for select using (tributary.may_read_all(jurisdiction));
create policy record on tributary.meeting_attendance_name for insert
    with check (exists (select from tributary.meeting_attendance a join tributary.meeting_sheet s using (jurisdiction, sequence)
                        where a.attendance = meeting_attendance_name.attendance
                          and a.jurisdiction = meeting_attendance_name.jurisdiction
                          and tributary.prepares_bodies(s.jurisdiction, s.actor)));

create trigger append_only before update or delete or truncate on tributary.meeting_step
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting_agenda
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting_agenda_item
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting_resolution
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting_sheet
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting_attendance
    for each statement execute function tributary.refuse_change();
create trigger append_only before delete or truncate on tributary.meeting_attendance_name
    for each statement execute function tributary.refuse_change();

create function tributary.only_erase_attendance_name() returns trigger
language plpgsql as $$
begin
    if new.name is not null or new.salt is not null or new.erased_at is null
        or (new.attendance, new.jurisdiction, new.digest) is distinct from (old.attendance, old.jurisdiction, old.digest) then
        raise exception 'a name can only be erased' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger only_erase before update on tributary.meeting_attendance_name
    for each row execute function tributary.only_erase_attendance_name();

grant select, insert on tributary.meeting_step, tributary.meeting_agenda, tributary.meeting_agenda_item,
    tributary.meeting_resolution, tributary.meeting_sheet, tributary.meeting_attendance, tributary.meeting_attendance_name
    to tributary_daemon;
