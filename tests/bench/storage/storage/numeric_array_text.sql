-- Candidate c with the states as one text, a letter for each element.
alter table revision
  add element_value numeric[] not null,
  add element_state text collate "C" not null,
  add check (cardinality(element_value) = length(element_state));

insert into revision (submission_id, number, recorded_at, document, element_value, element_state)
select submission_id, number, recorded_at, document, element_value, array_to_string(element_state, '') from source;

\ir constraints.sql
