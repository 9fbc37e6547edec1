-- 0005: reviews along the chain that the plan gives each form, the meetings they are recorded against, remarks on cells.
-- oldest-program: 1

-- The chain of a form: which stages its submissions pass in which order, as each plan version says. A revision keeps the
-- chain of the version that judged it, whatever the plan becomes.
create table tributary.plan_stage (
    jurisdiction text not null,
    plan         text not null,
    version      integer not null,
    form         text not null,
    place        integer not null check (place > 0),
    stage        text not null,
    role         text not null,
    own          boolean not null,
    official     boolean not null,
    primary key (jurisdiction, plan, version, form, place),
    unique (jurisdiction, plan, version, form, stage),
    unique (jurisdiction, plan, version, form, stage, place, official),
    foreign key (jurisdiction, plan, version, form) references tributary.plan_form
);
comment on column tributary.plan_stage.role is 'Who records it; of an office''s own body a second person of the office may, too.';

insert into tributary.plan_stage (jurisdiction, plan, version, form, place, stage, role, own, official)
select p.jurisdiction, p.plan, p.version, f ->> 'code', r.ordinality, r.value ->> 'stage', s ->> 'role',
       coalesce((s ->> 'own')::boolean, false), coalesce((r.value ->> 'official')::boolean, false)
from tributary.plan_version p
cross join jsonb_array_elements(p.document::jsonb -> 'forms') f
cross join jsonb_array_elements(coalesce(f -> 'review', '[]')) with ordinality r
join jsonb_array_elements(p.document::jsonb -> 'review_stages') s on s ->> 'code' = r.value ->> 'stage';

-- A meeting of a body of the city, by its day. Those of an office's own body are its meeting records, which are submissions.
create table tributary.meeting (
    meeting         uuid primary key,
    jurisdiction    text not null references tributary.jurisdiction,
    plan            text not null,
    body            text not null check (body <> ''),
    held_on         date not null,
    document_number text,
    actor           uuid not null,
    sequence        bigint not null,
    recorded_at     timestamptz not null,
    unique (jurisdiction, plan, body, held_on)
);
comment on column tributary.meeting.body is 'The code of the stage of review at which the body decides.';
comment on column tributary.meeting.document_number is '公文文號 of its minutes, where there is one.';

-- Who handed a revision in stands in its reviews too, so that a constraint can tell them from who accepts.
alter table tributary.revision add constraint revision_submitter
    unique (id, submission, number, jurisdiction, office, token, plan_version);
alter table tributary.submission add constraint submission_form unique (submission, plan, form);

-- What one stage said of one revision. Rows are only added; what a submission has come to follows from them in order.
create table tributary.review (
    review         uuid primary key,
    jurisdiction   text not null references tributary.jurisdiction,
    office         text not null,
    revision       uuid not null,
    submission     bigint not null,
    number         integer not null,
    submitter      uuid not null,
    plan           text not null,
    plan_version   integer not null,
    form           text not null,
    stage          text not null,
    place          integer not null check (place > 0),
    outcome        text not null check (outcome in ('accept', 'return', 'note')),
    official       boolean not null,
    passed         integer not null check (passed >= 0),
    reason         text check (reason <> ''),
    cells          text[] not null default '{}',
    meeting        uuid references tributary.meeting (meeting),
    meeting_record uuid references tributary.revision (id),
    break_glass    boolean not null default false,
    actor          uuid not null,
    actor_role     text not null,
    sequence       bigint not null,
    recorded_at    timestamptz not null,
    unique (jurisdiction, sequence),
    foreign key (revision, submission, number, jurisdiction, office, submitter, plan_version)
        references tributary.revision (id, submission, number, jurisdiction, office, token, plan_version),
    foreign key (submission, plan, form) references tributary.submission (submission, plan, form),
    constraint nobody_accepts_what_they_handed_in check (outcome = 'return' or actor <> submitter),
    constraint a_return_says_why check (outcome <> 'return' or reason is not null),
    constraint only_a_return_names_cells check (outcome = 'return' or cells = '{}'),
    constraint break_glass_says_why check (not break_glass or reason is not null),
    constraint official_is_accepted check (not official or outcome <> 'return'),
    constraint a_stage_of_its_chain foreign key (jurisdiction, plan, plan_version, form, stage)
        references tributary.plan_stage (jurisdiction, plan, version, form, stage)
);
comment on column tributary.review.submitter is 'Who handed the revision in.';
comment on column tributary.review.place is 'Of the stage in its form''s chain, from 1.';
comment on column tributary.review.official is 'Whether this made the revision official.';
comment on column tributary.review.passed is 'How many stages have been passed after it.';
comment on column tributary.review.cells is 'What is returned: paths of cells, rows or tables; none: the whole submission.';
create index review_of on tributary.review (submission, sequence);
create index review_of_revision on tributary.review (revision, sequence);
create index review_official on tributary.review (submission, number desc, recorded_at) where official;
create index review_recorded on tributary.review (jurisdiction, sequence);

-- A revision that answers a return of something accepted before: only what was returned changed in it. It begins with the
-- stages that the return left standing, perhaps none.
create table tributary.review_start (
    revision     uuid primary key references tributary.revision (id),
    submission   bigint not null,
    number       integer not null,
    jurisdiction text not null,
    office       text not null,
    passed       integer not null check (passed >= 0),
    foreign key (submission, jurisdiction, office) references tributary.submission (submission, jurisdiction, office),
    unique (submission, number)
);

create trigger append_only before update or delete or truncate on tributary.plan_stage
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.meeting
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.review
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.review_start
    for each statement execute function tributary.refuse_change();

alter table tributary.meeting enable row level security;
create policy read on tributary.meeting for select using (jurisdiction = current_setting('tributary.jurisdiction', true));
create policy record on tributary.meeting for insert
    with check (tributary.is_caller(jurisdiction, actor)
                and current_setting('tributary.role', true) in ('geo', 'dbas', 'supervision', 'admin'));

alter table tributary.review enable row level security;
create policy read on tributary.review for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy record on tributary.review for insert
    with check (tributary.is_caller(jurisdiction, actor)
                and actor_role = current_setting('tributary.role', true)
                and (exists (select from tributary.plan_stage s
                             where s.jurisdiction = review.jurisdiction and s.plan = review.plan
                               and s.version = review.plan_version and s.form = review.form and s.stage = review.stage
                               and s.role = current_setting('tributary.role', true))
                     or (current_setting('tributary.role', true) = 'admin' and break_glass)
                     or (tributary.is_own(jurisdiction, office) and outcome <> 'return' and not break_glass
                         and meeting_record is not null)));

alter table tributary.review_start enable row level security;
create policy read on tributary.review_start for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy carry_over on tributary.review_start for insert
    with check (tributary.is_own(jurisdiction, office) or (jurisdiction = current_setting('tributary.jurisdiction', true)
                                                           and current_setting('tributary.role', true) in ('geo', 'admin')));

grant select on tributary.plan_stage to tributary_daemon;
grant select, insert on tributary.meeting, tributary.review, tributary.review_start to tributary_daemon;
