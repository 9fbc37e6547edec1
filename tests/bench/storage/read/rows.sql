-- Candidates a and b: rows, three levels by grouping sets.
with current as materialized (
  select asked.office, asked.unit, revision.*
  from asked
  join submission on submission.jurisdiction = asked.jurisdiction
                 and submission.plan = :plan
                 and submission.form = :form
                 and submission.period = :period
                 and submission.office = asked.office
  cross join lateral (
    select revision.submission_id, revision.number
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
join element cell on cell.submission_id = current.submission_id and cell.number = current.number
group by grouping sets ((cell.position, current.office), (cell.position, current.unit), (cell.position));
