-- Candidates a and b: one row per element.
create table element (
  submission_id bigint not null,
  number integer not null,
  position smallint not null,
  state "char" not null,
  value numeric
);

insert into revision (submission_id, number, recorded_at, document)
select submission_id, number, recorded_at, document from source;

insert into element (submission_id, number, position, state, value)
select submission_id, number, cell.position, cell.state, cell.value
from source
cross join lateral unnest(element_value, element_state) with ordinality as cell (value, state, position);

\ir constraints.sql

alter table element
  add primary key (submission_id, number, position),
  add foreign key (submission_id, number) references revision (submission_id, number);
