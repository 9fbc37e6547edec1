-- The made figures every candidate stores: offices, submissions, and one row
-- per revision in the order of recording. Variable: years.
-- Submission number n has 1 + n % 9 revisions (five on average), which lets
-- the hand-in scripts know the next number without asking.
select setseed(0.112);

create table office (
  office text primary key,
  city text not null,
  district_group text not null
);

-- 22 cities, 368 offices; one city has 13 offices in groups of 7 and 6.
insert into office
select '68000' || lpad((n * 10)::text, 3, '0'), '68000',
       case when n <= 7 then 'group-1' else 'group-2' end
from generate_series(1, 13) n
union all
select (10001 + n % 21) || lpad((n / 21 * 10 + 10)::text, 3, '0'), (10001 + n % 21)::text,
       'group-' || 1 + n / 21 % 2
from generate_series(0, 354) n;

-- What is asked for: one city by its groups, or all 368 offices by their cities.
create table asked (
  scope text not null,
  jurisdiction text not null,
  office text not null,
  unit text not null,
  primary key (scope, office)
);
insert into asked
select '13', city, office, district_group from office where city = '68000'
union all
select '368', city, office, city from office;

create table asked_unit (
  scope text not null,
  office text not null,
  unit text not null,
  primary key (scope, office, unit)
);
insert into asked_unit
select scope, office, unit from asked
union all select scope, office, office from asked
union all select scope, office, 'whole' from asked;

create table submission (
  id bigint primary key,
  jurisdiction text not null,
  plan text not null,
  form text not null,
  office text not null,
  period text not null,
  event uuid
);
insert into submission
select row_number() over (order by year, office, form), city,
       'plan-' || (112 + (year - 112) / 4 * 4), 'form-' || lpad(form::text, 2, '0'), office, year::text, null
from office
cross join generate_series(1, 12) form
cross join generate_series(112, 111 + :years) year;
alter table submission
  add unique nulls not distinct (jurisdiction, plan, form, period, office, event);

create table element_code (
  position smallint primary key,
  code text not null,
  kind text not null
);
insert into element_code
select row_number() over (order by code collate "C"), code, kind
from (select category || '.' || what || '.' || sex as code, 'count' as kind
      from unnest(array['general', 'supervisor']) category,
           unnest(array['staff', 'gm2h', 'cedaw1h', 'cedaw2h']) what,
           unnest(array['m', 'f']) sex
      union all
      select 'business.' || what, 'count'
      from unnest(array['staff.m', 'staff.f', 'ge10h.m', 'ge10h.f']) what
      union all
      select 'lines.' || what, 'money'
      from unnest(array['budget', 'executed', 'gender_budget', 'reserve', 'carried', 'saved']) what
      union all
      select 'total_budget', 'large_money'
      union all
      select 'courses.' || what, 'decimal'
      from unnest(array['hours', 'hours_online', 'hours_visit']) what) made;

create unlogged table source (
  submission_id bigint not null,
  number integer not null,
  recorded_at timestamptz not null,
  element_value numeric[] not null,
  element_state "char"[] not null,
  document text not null
);

insert into source
select revision.submission_id, revision.number, revision.recorded_at, made.element_value, made.element_state,
       '{"fields":{' || made.cells || ',"review":"' || repeat('本年度各課室依計畫辦理並檢討策進，', 8)
       || '"},"form":"' || revision.form || '","notes":{},"office":"' || revision.office
       || '","period":"' || revision.period || '"}'
from (select id as submission_id, form, office, period, number,
             make_date(1912 + period::integer, 1, 1)::timestamptz
               + number * interval '20 days' + random() * interval '15 days'
               + id * interval '1 microsecond' as recorded_at
      from submission
      cross join lateral generate_series(1, 1 + (id % 9)::integer) number
      order by recorded_at) revision
cross join lateral (
  select array_agg(value order by position) as element_value,
         array_agg(state order by position) as element_state,
         string_agg('"' || code || '":'
                    || case state
                         when 'y' then '{"not_yet":"人事室結算中"}'
                         when 'n' then '{"not_applicable":"無此業務"}'
                         else case kind when 'decimal' then '"' || value || '"' else value::text end
                       end, ',' order by position) filter (where state <> 'b') as cells
  from (select position, code, kind, state,
               case when state = 'v' then
                 case kind
                   when 'count' then floor(chance ^ 3 * 3000)::numeric
                   when 'money' then floor(chance * 1e8)::numeric
                   when 'large_money' then floor(chance * 9e15)::numeric
                   else trim_scale(round((chance * 400)::numeric, 1))
                 end
               end as value
        from (select position, code, kind, random() as chance,
                     (case when fate < 0.90 then 'v' when fate < 0.96 then 'b'
                           when fate < 0.98 then 'y' else 'n' end)::"char" as state
              from (select element_code.*, random() as fate
                    from element_code where revision.number > 0 offset 0) fated) chosen) cell
) made;
analyze;
