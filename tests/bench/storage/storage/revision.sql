-- The revision table as every candidate has it; each adds its own columns.
-- Variable: document_type.
create table revision (
  submission_id bigint not null,
  number integer not null check (number > 0),
  previous integer generated always as (nullif(number - 1, 0)) stored,
  id uuid not null default gen_random_uuid(),
  recorded_at timestamptz not null default clock_timestamp(),
  received_at timestamptz not null default clock_timestamp(),
  actor uuid not null default '5b0c2f5e-2f0e-4f63-8f0b-7f0c8a3f6b11',
  plan_version integer not null default 1,
  sha256 bytea not null default sha256('sent'),
  document_sha256 bytea not null default sha256('canonical'),
  document :document_type not null
);
