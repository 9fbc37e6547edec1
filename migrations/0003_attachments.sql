-- 0003: files that belong to a submission: uploads in flight, their bytes, attachments and their withdrawal.
-- oldest-program: 1

-- A file on its way in; gone once it is attached, given up or expired. Nothing of the record depends on it.
create table tributary.upload (
    upload       uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    office       text not null,
    token        uuid not null,
    name         text not null,
    size         bigint not null check (size > 0),
    received     bigint not null default 0 check (received between 0 and size),
    sha256       bytea check (octet_length(sha256) = 32),
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null
);
comment on column tributary.upload.sha256 is 'What the sender claims the whole gives; null: nothing was claimed.';
create index upload_of_office on tributary.upload (jurisdiction, office);
create index upload_expires on tributary.upload (expires_at);

-- The bytes of a content, in pieces of at most 256 KiB that follow each other without gaps. A content that was uploaded
-- keeps the upload's name, so that its bytes needn't be moved when it is attached.
create table tributary.attachment_piece (
    content      uuid not null,
    start        bigint not null check (start >= 0),
    jurisdiction text not null,
    bytes        bytea not null check (octet_length(bytes) between 1 and 262144),
    primary key (content, start)
);
alter table tributary.attachment_piece alter column bytes set storage external; -- what comes is compressed already

-- One content for each hash, however often it is attached.
create table tributary.attachment_content (
    content      uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    sha256       bytea not null check (octet_length(sha256) = 32),
    size         bigint not null check (size > 0),
    unique (jurisdiction, sha256)
);

create table tributary.attachment (
    attachment   uuid primary key,
    submission   bigint not null,
    jurisdiction text not null,
    office       text not null,
    revision     uuid not null references tributary.revision (id),
    slot         text not null,
    name         text not null check (length(name) between 1 and 200),
    type         text not null,
    content      uuid not null references tributary.attachment_content,
    upload       uuid not null unique,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    received_at  timestamptz not null,
    token        uuid not null,
    foreign key (submission, jurisdiction, office) references tributary.submission (submission, jurisdiction, office)
);
comment on column tributary.attachment.revision is 'The revision it was attached to; it belongs to the submission, whatever follows.';
create index attachment_of_submission on tributary.attachment (submission, sequence);
create index attachment_of_content on tributary.attachment (content);

-- The bytes stay, as proof; the attachment counts no more.
create table tributary.attachment_withdrawal (
    attachment   uuid primary key references tributary.attachment,
    jurisdiction text not null,
    office       text not null,
    reason       text not null check (length(reason) between 1 and 2000),
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    received_at  timestamptz not null,
    token        uuid not null
);

-- ---- what is written stays written -------------------------------------------------------------------------------

create trigger append_only before update or delete or truncate on tributary.attachment
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.attachment_withdrawal
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or delete or truncate on tributary.attachment_content
    for each statement execute function tributary.refuse_change();
create trigger append_only before update or truncate on tributary.attachment_piece
    for each statement execute function tributary.refuse_change();

-- Bytes go with their upload, never once they are part of the record.
create function tributary.keep_content() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if exists (select from tributary.attachment_content c where c.content = old.content) then
        raise exception 'the bytes of an attachment stay' using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;
create trigger keep_content before delete on tributary.attachment_piece
    for each row execute function tributary.keep_content();

-- ---- row-level security ------------------------------------------------------------------------------------------

alter table tributary.upload enable row level security;
create policy own on tributary.upload
    using (tributary.is_own(jurisdiction, office)) with check (tributary.is_own(jurisdiction, office));

alter table tributary.attachment enable row level security;
create policy read on tributary.attachment for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy attach on tributary.attachment for insert with check (tributary.is_own(jurisdiction, office));

alter table tributary.attachment_withdrawal enable row level security;
create policy read on tributary.attachment_withdrawal for select
    using (tributary.may_read_all(jurisdiction) or tributary.is_own(jurisdiction, office));
create policy withdraw on tributary.attachment_withdrawal for insert with check (tributary.is_own(jurisdiction, office));

-- The same file from two offices is stored once; each sees it through its own attachments only.
alter table tributary.attachment_content enable row level security;
create policy read on tributary.attachment_content for select
    using (exists (select from tributary.attachment a where a.content = attachment_content.content));

alter table tributary.attachment_piece enable row level security;
create policy read on tributary.attachment_piece for select
    using (exists (select from tributary.attachment a where a.content = attachment_piece.content)
           or exists (select from tributary.upload u where u.upload = attachment_piece.content));
create policy send on tributary.attachment_piece for insert
    with check (jurisdiction = current_setting('tributary.jurisdiction', true)
                and exists (select from tributary.upload u where u.upload = attachment_piece.content));

grant select on tributary.upload, tributary.attachment_piece, tributary.attachment_content, tributary.attachment,
    tributary.attachment_withdrawal to tributary_daemon;
grant insert on tributary.upload, tributary.attachment_piece, tributary.attachment, tributary.attachment_withdrawal
    to tributary_daemon;
grant update (received, expires_at) on tributary.upload to tributary_daemon;
