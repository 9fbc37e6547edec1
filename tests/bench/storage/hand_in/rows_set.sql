insert into revision (submission_id, number, document)
values (:submission, :number, :document);
insert into element (submission_id, number, position, state, value)
select :submission, :number, cell.position, cell.state, cell.value
from unnest(:values::numeric[], :states::"char"[]) with ordinality as cell (value, state, position);
