-- Units as pairs (unit, office): also serves overlapping wholes, such as the city without one district.
with current as materialized (
  select asked.office, asked.unit, revision.*
  from asked
  join submission on submission.jurisdiction = asked.jurisdiction
                 and submission.plan = :plan
                 and submission.form = :form
                 and submission.period = :period
                 and submission.office = asked.office
  cross join lateral (
    select revision.element_value, revision.element_state
    from revision
    where revision.submission_id = submission.id
      and revision.recorded_at <= :moment
    order by revision.number desc
    limit 1
  ) revision
  where asked.scope = :scope
)
select member.unit,
       cell.position,
       trim_scale(sum(cell.value)) as value,
       count(cell.value) as offices,
       count(*) filter (where cell.state = 'b') as blank,
       count(*) filter (where cell.state = 'y') as not_yet,
       count(*) filter (where cell.state = 'n') as not_applicable
from current
cross join lateral unnest(current.element_value, current.element_state) with ordinality as cell (value, state, position)
join asked_unit member on member.scope = :scope and member.office = current.office
group by member.unit, cell.position;
