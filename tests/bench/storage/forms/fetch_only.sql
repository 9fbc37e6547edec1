-- Floor: nothing added up, only the packed figures of each office read.
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
select office, unit, element_value, element_state from current;
