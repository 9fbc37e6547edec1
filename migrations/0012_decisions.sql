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
    kind           text not null check (kind in ('resolution', 'direction')),
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
    constraint an_item_of_that_meeting check (item is null or meeting is not null),
    constraint a_form_for_a_period check ((asks_form is null) = (asks_period is null))
);
comment on column tributary.decision.meeting_record is 'The record of a meeting of an office''s own task group.';
comment on column tributary.decision.year is 'The ROC year of its meeting.';
comment on column tributary.decision.number is 'Within its body, unit and year, from 1: 列管編號.';
comment on column tributary.decision.kind is 'resolution: 決議 of a discussion; direction: 決定 on a report.';
comment on column tributary.decision.asks is 'What data it asks its owners for; with a form and period: that they hand in.';
create unique index decision_number on tributary.decision (jurisdiction, plan, body, coalesce(unit, ''), year, number);

create table tributary.decision_owner (
    decision     uuid not null references tributary.decision,
    place        integer not null check (place > 0),
    jurisdiction text not null,
    office       text check (office <> ''),
    agency       text check (length(agency) between 1 and 100),
    sequence     bigint not null,
    primary key (decision, place),
    constraint an_office_or_an_agency check ((office is null) <> (agency is null))
);
comment on column tributary.decision_owner.agency is 'The name of an owner that is no district office.';
comment on column tributary.decision_owner.sequence is 'Of the decision''s entry, in which it stands.';
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

-- A file that a report of progress attaches: a content, as those of submissions.
create table tributary.decision_attachment (
    attachment   uuid primary key,
    jurisdiction text not null,
    progress     uuid not null references tributary.decision_progress,
    place        integer not null check (place > 0),
    name         text not null check (length(name) between 1 and 200),
    type         text not null,
    content      uuid not null references tributary.attachment_content,
    upload       uuid not null unique,
    sequence     bigint not null,
    unique (progress, place)
);
comment on column tributary.decision_attachment.sequence is 'Of the entry of the progress, in which it stands.';
create index decision_attachment_of_content on tributary.decision_attachment (content);

-- What the chair of a later meeting rules: 繼續列管, 解除列管, 自行列管; a row for each owner that one ruling is about. The
-- newest of an owner counts.
create table tributary.decision_ruling (
    ruling         uuid not null,
    owner          integer not null,
    jurisdiction   text not null references tributary.jurisdiction,
    decision       uuid not null,
    meeting        uuid references tributary.meeting (meeting),
    meeting_record uuid references tributary.revision (id),
    outcome        text not null check (outcome in ('continue', 'close', 'hand_over')),
    text           text check (length(text) between 1 and 20000),
    due_on         date,
    actor          uuid not null,
    sequence       bigint not null,
    recorded_at    timestamptz not null,
    primary key (ruling, owner),
    foreign key (decision, owner) references tributary.decision_owner,
    constraint ruled_at_one_meeting check ((meeting is null) <> (meeting_record is null)),
    constraint only_what_goes_on_is_due check (due_on is null or outcome = 'continue')
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
create index decision_referral_of on tributary.decision_referral (decision, sequence);
create index decision_referral_to on tributary.decision_referral (jurisdiction, to_body, to_unit);

-- The newest of a referral counts.
create table tributary.decision_outcome (
    outcome      uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    referral     uuid not null references tributary.decision_referral,
    meeting      uuid not null references tributary.meeting (meeting),
    text         text not null check (length(text) between 1 and 20000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
create index decision_outcome_of on tributary.decision_outcome (referral, sequence);

-- ---- what is written stays written -------------------------------------------------------------------------------

create trigger append_only before update or delete or truncate on tributary.decision
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_owner
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_progress
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_attachment
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_ruling
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_referral
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.decision_outcome
    for each statement execute function tributary.refuse_change();

-- ---- who ---------------------------------------------------------------------------------------------------------
-- An office reads the decisions of the city's bodies, of its group's, of its own task group, and those that it owns, each
-- as a whole: what the other owners report stands in the papers of the same meeting.

create function tributary.owns_decision(p_decision uuid) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
    select exists (select from tributary.decision_owner o
                   where o.decision = p_decision and tributary.is_own(o.jurisdiction, o.office))
$$;
revoke all on function tributary.owns_decision(uuid) from public;
grant execute on function tributary.owns_decision(uuid) to tributary_daemon;

-- Who records what a meeting decides: those who prepare it; of its own task group's records an office itself.
create function tributary.may_decide(row_jurisdiction text, row_unit text, row_record uuid, row_actor uuid) returns boolean
language sql stable as $$
    select tributary.prepares_bodies(row_jurisdiction, row_actor)
        or (tributary.is_caller(row_jurisdiction, row_actor) and tributary.is_own(row_jurisdiction, row_unit)
            and exists (select from tributary.revision r
                        where r.id = row_record and r.jurisdiction = row_jurisdiction and r.office = row_unit))
$$;

alter table tributary.decision enable row level security;
create policy read on tributary.decision for select
    using (tributary.sees_body(jurisdiction, plan, unit) or tributary.is_own(jurisdiction, unit)
           or (jurisdiction = current_setting('tributary.jurisdiction', true) and tributary.owns_decision(decision)));
create policy record on tributary.decision for insert
    with check (tributary.may_decide(jurisdiction, unit, meeting_record, actor));

alter table tributary.decision_owner enable row level security;
create policy read on tributary.decision_owner for select
    using (exists (select from tributary.decision d
                   where d.decision = decision_owner.decision and d.jurisdiction = decision_owner.jurisdiction));
create policy record on tributary.decision_owner for insert
    with check (exists (select from tributary.decision d
                        where d.decision = decision_owner.decision and d.jurisdiction = decision_owner.jurisdiction
                          and tributary.may_decide(d.jurisdiction, d.unit, d.meeting_record, d.actor)));

alter table tributary.decision_progress enable row level security;
create policy read on tributary.decision_progress for select
    using (exists (select from tributary.decision d
                   where d.decision = decision_progress.decision and d.jurisdiction = decision_progress.jurisdiction));
create policy report on tributary.decision_progress for insert
    with check (tributary.prepares_bodies(jurisdiction, actor)
                or (tributary.is_caller(jurisdiction, actor)
                    and exists (select from tributary.decision_owner o
                                where o.decision = decision_progress.decision and o.place = decision_progress.owner
                                  and tributary.is_own(o.jurisdiction, o.office))));

alter table tributary.decision_attachment enable row level security;
create policy read on tributary.decision_attachment for select
    using (exists (select from tributary.decision_progress p
                   where p.progress = decision_attachment.progress and p.jurisdiction = decision_attachment.jurisdiction));
create policy report on tributary.decision_attachment for insert
    with check (exists (select from tributary.decision_progress p
                        where p.progress = decision_attachment.progress
                          and tributary.is_caller(p.jurisdiction, p.actor)
                          and p.jurisdiction = decision_attachment.jurisdiction));

alter table tributary.decision_ruling enable row level security;
create policy read on tributary.decision_ruling for select
    using (exists (select from tributary.decision d
                   where d.decision = decision_ruling.decision and d.jurisdiction = decision_ruling.jurisdiction));
create policy rule on tributary.decision_ruling for insert
    with check (exists (select from tributary.decision d
                        where d.decision = decision_ruling.decision and d.jurisdiction = decision_ruling.jurisdiction
                          and tributary.may_decide(d.jurisdiction, d.unit, decision_ruling.meeting_record,
                                                   decision_ruling.actor)));

-- Whoever carries something up prepares the meetings of both bodies.
alter table tributary.decision_referral enable row level security;
create policy read on tributary.decision_referral for select
    using (exists (select from tributary.decision d
                   where d.decision = decision_referral.decision and d.jurisdiction = decision_referral.jurisdiction));
create policy refer on tributary.decision_referral for insert
    with check (tributary.prepares_bodies(jurisdiction, actor)
                and exists (select from tributary.decision d
                            where d.decision = decision_referral.decision
                              and d.jurisdiction = decision_referral.jurisdiction));

alter table tributary.decision_outcome enable row level security;
create policy read on tributary.decision_outcome for select
    using (exists (select from tributary.decision_referral r
                   where r.referral = decision_outcome.referral and r.jurisdiction = decision_outcome.jurisdiction));
create policy record on tributary.decision_outcome for insert
    with check (tributary.prepares_bodies(jurisdiction, actor)
                and exists (select from tributary.decision_referral r
                            where r.referral = decision_outcome.referral
                              and r.jurisdiction = decision_outcome.jurisdiction));

-- The same file may come with a submission and with progress; each is seen through what it is attached to.
create policy read_of_progress on tributary.attachment_content for select
    using (exists (select from tributary.decision_attachment a where a.content = attachment_content.content));
create policy read_of_progress on tributary.attachment_piece for select
    using (exists (select from tributary.decision_attachment a where a.content = attachment_piece.content));

grant select, insert on tributary.decision, tributary.decision_owner, tributary.decision_progress,
    tributary.decision_attachment, tributary.decision_ruling, tributary.decision_referral, tributary.decision_outcome
    to tributary_daemon;
