-- Added after the load, which they would only slow down.
alter table revision
  add primary key (submission_id, number),
  add unique (id),
  add foreign key (submission_id) references submission (id),
  add constraint revision_without_gaps
    foreign key (submission_id, previous) references revision (submission_id, number);
