-- Candidate e: nothing but the document, as jsonb.
insert into revision (submission_id, number, recorded_at, document)
select submission_id, number, recorded_at, document::jsonb from source;

\ir constraints.sql
