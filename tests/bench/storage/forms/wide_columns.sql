-- Each element five columns of its own; three levels by grouping sets.
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
select coalesce(current.office, current.unit, 'whole') as unit
     , sum(element_value[1]), count(element_value[1]), count(*) filter (where element_state[1] = 'b')
     , count(*) filter (where element_state[1] = 'y'), count(*) filter (where element_state[1] = 'n')
     , sum(element_value[2]), count(element_value[2]), count(*) filter (where element_state[2] = 'b')
     , count(*) filter (where element_state[2] = 'y'), count(*) filter (where element_state[2] = 'n')
     , sum(element_value[3]), count(element_value[3]), count(*) filter (where element_state[3] = 'b')
     , count(*) filter (where element_state[3] = 'y'), count(*) filter (where element_state[3] = 'n')
     , sum(element_value[4]), count(element_value[4]), count(*) filter (where element_state[4] = 'b')
     , count(*) filter (where element_state[4] = 'y'), count(*) filter (where element_state[4] = 'n')
     , sum(element_value[5]), count(element_value[5]), count(*) filter (where element_state[5] = 'b')
     , count(*) filter (where element_state[5] = 'y'), count(*) filter (where element_state[5] = 'n')
     , sum(element_value[6]), count(element_value[6]), count(*) filter (where element_state[6] = 'b')
     , count(*) filter (where element_state[6] = 'y'), count(*) filter (where element_state[6] = 'n')
     , sum(element_value[7]), count(element_value[7]), count(*) filter (where element_state[7] = 'b')
     , count(*) filter (where element_state[7] = 'y'), count(*) filter (where element_state[7] = 'n')
     , sum(element_value[8]), count(element_value[8]), count(*) filter (where element_state[8] = 'b')
     , count(*) filter (where element_state[8] = 'y'), count(*) filter (where element_state[8] = 'n')
     , sum(element_value[9]), count(element_value[9]), count(*) filter (where element_state[9] = 'b')
     , count(*) filter (where element_state[9] = 'y'), count(*) filter (where element_state[9] = 'n')
     , sum(element_value[10]), count(element_value[10]), count(*) filter (where element_state[10] = 'b')
     , count(*) filter (where element_state[10] = 'y'), count(*) filter (where element_state[10] = 'n')
     , sum(element_value[11]), count(element_value[11]), count(*) filter (where element_state[11] = 'b')
     , count(*) filter (where element_state[11] = 'y'), count(*) filter (where element_state[11] = 'n')
     , sum(element_value[12]), count(element_value[12]), count(*) filter (where element_state[12] = 'b')
     , count(*) filter (where element_state[12] = 'y'), count(*) filter (where element_state[12] = 'n')
     , sum(element_value[13]), count(element_value[13]), count(*) filter (where element_state[13] = 'b')
     , count(*) filter (where element_state[13] = 'y'), count(*) filter (where element_state[13] = 'n')
     , sum(element_value[14]), count(element_value[14]), count(*) filter (where element_state[14] = 'b')
     , count(*) filter (where element_state[14] = 'y'), count(*) filter (where element_state[14] = 'n')
     , sum(element_value[15]), count(element_value[15]), count(*) filter (where element_state[15] = 'b')
     , count(*) filter (where element_state[15] = 'y'), count(*) filter (where element_state[15] = 'n')
     , sum(element_value[16]), count(element_value[16]), count(*) filter (where element_state[16] = 'b')
     , count(*) filter (where element_state[16] = 'y'), count(*) filter (where element_state[16] = 'n')
     , sum(element_value[17]), count(element_value[17]), count(*) filter (where element_state[17] = 'b')
     , count(*) filter (where element_state[17] = 'y'), count(*) filter (where element_state[17] = 'n')
     , sum(element_value[18]), count(element_value[18]), count(*) filter (where element_state[18] = 'b')
     , count(*) filter (where element_state[18] = 'y'), count(*) filter (where element_state[18] = 'n')
     , sum(element_value[19]), count(element_value[19]), count(*) filter (where element_state[19] = 'b')
     , count(*) filter (where element_state[19] = 'y'), count(*) filter (where element_state[19] = 'n')
     , sum(element_value[20]), count(element_value[20]), count(*) filter (where element_state[20] = 'b')
     , count(*) filter (where element_state[20] = 'y'), count(*) filter (where element_state[20] = 'n')
     , sum(element_value[21]), count(element_value[21]), count(*) filter (where element_state[21] = 'b')
     , count(*) filter (where element_state[21] = 'y'), count(*) filter (where element_state[21] = 'n')
     , sum(element_value[22]), count(element_value[22]), count(*) filter (where element_state[22] = 'b')
     , count(*) filter (where element_state[22] = 'y'), count(*) filter (where element_state[22] = 'n')
     , sum(element_value[23]), count(element_value[23]), count(*) filter (where element_state[23] = 'b')
     , count(*) filter (where element_state[23] = 'y'), count(*) filter (where element_state[23] = 'n')
     , sum(element_value[24]), count(element_value[24]), count(*) filter (where element_state[24] = 'b')
     , count(*) filter (where element_state[24] = 'y'), count(*) filter (where element_state[24] = 'n')
     , sum(element_value[25]), count(element_value[25]), count(*) filter (where element_state[25] = 'b')
     , count(*) filter (where element_state[25] = 'y'), count(*) filter (where element_state[25] = 'n')
     , sum(element_value[26]), count(element_value[26]), count(*) filter (where element_state[26] = 'b')
     , count(*) filter (where element_state[26] = 'y'), count(*) filter (where element_state[26] = 'n')
     , sum(element_value[27]), count(element_value[27]), count(*) filter (where element_state[27] = 'b')
     , count(*) filter (where element_state[27] = 'y'), count(*) filter (where element_state[27] = 'n')
     , sum(element_value[28]), count(element_value[28]), count(*) filter (where element_state[28] = 'b')
     , count(*) filter (where element_state[28] = 'y'), count(*) filter (where element_state[28] = 'n')
     , sum(element_value[29]), count(element_value[29]), count(*) filter (where element_state[29] = 'b')
     , count(*) filter (where element_state[29] = 'y'), count(*) filter (where element_state[29] = 'n')
     , sum(element_value[30]), count(element_value[30]), count(*) filter (where element_state[30] = 'b')
     , count(*) filter (where element_state[30] = 'y'), count(*) filter (where element_state[30] = 'n')
from current
group by grouping sets ((current.office), (current.unit), ());
