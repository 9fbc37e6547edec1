-- 0010: who sits on the bodies of the city, its groups and bureaus, over time. Members of an office's task group come from
-- its roster form.
-- oldest-program: 1

create table tributary.body_member (
    member       uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    plan         text not null,
    body         text not null check (body <> ''),
    unit         text check (unit <> ''),
    name_digest  bytea not null check (octet_length(name_digest) = 32),
    sex          text not null check (sex in ('m', 'f')),
    seat         text not null check (seat in ('external', 'internal')),
    role         text not null check (role in ('convener', 'deputy', 'member', 'executive_secretary')),
    post         text check (length(post) between 1 and 200),
    served       boolean not null,
    from_date    date not null,
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence),
    unique (member, jurisdiction, name_digest),
    constraint only_an_external_one_served_on_the_council check (seat = 'external' or not served)
);
comment on column tributary.body_member.unit is 'The group or bureau whose body of this kind it is; null: a body of the city.';
comment on column tributary.body_member.name_digest is 'SHA-256 of the salt and the name, which live apart.';
comment on column tributary.body_member.post is 'The office a seat goes with, such as the head of a bureau; null: none.';
comment on column tributary.body_member.served is 'A current or former external member of the Gender Equality Council.';
create index body_member_of on tributary.body_member (jurisdiction, plan, body, unit);

-- Names live apart, so that they can be erased while the seats stay.
create table tributary.body_member_name (
    member       uuid primary key,
    jurisdiction text not null,
    salt         bytea check (octet_length(salt) = 16),
    digest       bytea not null,
    name         text,
    erased_at    timestamptz,
    foreign key (member, jurisdiction, digest) references tributary.body_member (member, jurisdiction, name_digest),
    check ((name is null) = (erased_at is not null)),
    check ((name is null) = (salt is null))
);

-- The newest row of a member counts.
create table tributary.body_member_end (
    ending       uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    member       uuid not null references tributary.body_member (member),
    ended_on     date,
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on column tributary.body_member_end.ended_on is
    'The last day; the day before the first one: they never were a member. Null: an end is taken back.';
create index body_member_end_of on tributary.body_member_end (member, sequence desc);

-- Offices read who sits for the city and in their own group, not what they are called.
create function tributary.sees_body(row_jurisdiction text, row_plan text, row_unit text) returns boolean
language sql stable parallel safe as $$
    select tributary.may_read_all(row_jurisdiction)
        or (row_jurisdiction = current_setting('tributary.jurisdiction', true)
            and current_setting('tributary.role', true) = 'office'
            and (row_unit is null
                 or exists (select from tributary.plan_unit_office u
                            where u.jurisdiction = row_jurisdiction and u.plan = row_plan and u.level = 'group'
                              and u.unit = row_unit and u.office = current_setting('tributary.office', true))))
$$;

-- The Gender Equality Office and the supervision team prepare what the bodies need.
create function tributary.prepares_bodies(row_jurisdiction text, row_actor uuid) returns boolean
language sql stable parallel safe as $$
    select tributary.is_caller(row_jurisdiction, row_actor)
       and current_setting('tributary.role', true) in ('geo', 'supervision')
$$;

alter table tributary.body_member enable row level security;
create policy read on tributary.body_member for select using (tributary.sees_body(jurisdiction, plan, unit));
create policy record on tributary.body_member for insert with check (tributary.prepares_bodies(jurisdiction, actor));

alter table tributary.body_member_name enable row level security;
create policy read on tributary.body_member_name for select using (tributary.may_read_all(jurisdiction));
create policy record on tributary.body_member_name for insert
    with check (exists (select from tributary.body_member m
                        where m.member = body_member_name.member and tributary.prepares_bodies(m.jurisdiction, m.actor)));

alter table tributary.body_member_end enable row level security;
create policy read on tributary.body_member_end for select
    using (exists (select from tributary.body_member m
                   where m.member = body_member_end.member and m.jurisdiction = body_member_end.jurisdiction));
create policy record on tributary.body_member_end for insert with check (
    tributary.prepares_bodies(jurisdiction, actor)
    and exists (select from tributary.body_member m
                where m.member = body_member_end.member and m.jurisdiction = body_member_end.jurisdiction));

create trigger append_only before update or delete or truncate on tributary.body_member
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.body_member_end
    for each statement execute function tributary.refuse_change();
create trigger append_only before delete or truncate on tributary.body_member_name
    for each statement execute function tributary.refuse_change();

create function tributary.only_erase_name() returns trigger
language plpgsql as $$
begin
    if new.name is not null or new.salt is not null or new.erased_at is null
        or (new.member, new.jurisdiction, new.digest) is distinct from (old.member, old.jurisdiction, old.digest) then
        raise exception 'a name can only be erased' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger only_erase before update on tributary.body_member_name
    for each row execute function tributary.only_erase_name();

grant select, insert on tributary.body_member, tributary.body_member_name, tributary.body_member_end to tributary_daemon;
