-- Candidate d: packed in the revision, numbers in tenths, states as "char"[].
alter table revision
  add element_value bigint[] not null,
  add element_state "char"[] not null,
  add check (cardinality(element_value) = cardinality(element_state));

insert into revision (submission_id, number, recorded_at, document, element_value, element_state)
select submission_id, number, recorded_at, document,
       array(select (value * 10)::bigint from unnest(element_value) with ordinality as cell (value, position)
             order by position),
       element_state
from source;

\ir constraints.sql
