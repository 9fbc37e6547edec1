-- An office's own figures as they stand; the units from them, the whole from the units.
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
), cell as materialized (
  select current.office, current.unit, cell.position, cell.value, cell.state
  from current
  cross join lateral unnest(current.element_value, current.element_state) with ordinality as cell (value, state, position)
), unit as materialized (
  select cell.unit,
         cell.position,
         sum(cell.value) as value,
         count(cell.value) as offices,
         count(*) filter (where cell.state = 'b') as blank,
         count(*) filter (where cell.state = 'y') as not_yet,
         count(*) filter (where cell.state = 'n') as not_applicable
  from cell
  group by cell.unit, cell.position
)
select office as unit, position, trim_scale(value) as value, num_nonnulls(value)::bigint as offices,
       (state = 'b')::integer::bigint as blank,
       (state = 'y')::integer::bigint as not_yet,
       (state = 'n')::integer::bigint as not_applicable
from cell
union all
select unit, position, trim_scale(value), offices, blank, not_yet, not_applicable
from unit
union all
select 'whole', position, trim_scale(sum(value)), sum(offices)::bigint, sum(blank)::bigint,
       sum(not_yet)::bigint, sum(not_applicable)::bigint
from unit
group by position;
