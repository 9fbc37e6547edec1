-- Candidate c: packed in the revision, exact numbers, states as "char"[].
alter table revision
  add element_value numeric[] not null,
  add element_state "char"[] not null,
  add check (cardinality(element_value) = cardinality(element_state));

insert into revision (submission_id, number, recorded_at, document, element_value, element_state)
select submission_id, number, recorded_at, document, element_value, element_state from source;

\ir constraints.sql
