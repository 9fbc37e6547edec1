-- Candidate e: each cell taken out of the document, three levels by grouping sets.
with current as materialized (
  select asked.office, asked.unit, revision.*
  from asked
  join submission on submission.jurisdiction = asked.jurisdiction
                 and submission.plan = :plan
                 and submission.form = :form
                 and submission.period = :period
                 and submission.office = asked.office
  cross join lateral (
    select revision.document
    from revision
    where revision.submission_id = submission.id
      and revision.recorded_at <= :moment
    order by revision.number desc
    limit 1
  ) revision
  where asked.scope = :scope
)
select coalesce(current.office, current.unit, 'whole') as unit,
       cell.position,
       trim_scale(sum(cell.value)) as value,
       count(cell.value) as offices,
       count(*) filter (where cell.state = 'b') as blank,
       count(*) filter (where cell.state = 'y') as not_yet,
       count(*) filter (where cell.state = 'n') as not_applicable
from current
cross join element_code
cross join lateral (
  select element_code.position, document -> 'fields' -> element_code.code as found offset 0
) taken
cross join lateral (
  select taken.position,
         case jsonb_typeof(taken.found)
           when 'number' then taken.found::numeric
           when 'string' then (taken.found #>> '{}')::numeric
         end as value,
         case when taken.found is null or jsonb_typeof(taken.found) = 'null' then 'b'
              when jsonb_typeof(taken.found) <> 'object' then 'v'
              when taken.found ? 'not_yet' then 'y'
              else 'n' end as state
) cell
group by grouping sets ((cell.position, current.office), (cell.position, current.unit), (cell.position));
