-- 0008: the log as auditors read it: what an entry is about, in columns; and entries whose text was given up.
-- oldest-program: 1

-- Whether those read a kind of entry who neither look after the system nor audit it; see functions_audit.sql, which is
-- loaded again after each migration.
create function tributary.is_open_kind(p_kind text) returns boolean
language sql immutable parallel safe as $$
    select p_kind in ('submission', 'plan', 'extension', 'attachment', 'attachment_withdrawal', 'review', 'meeting')
$$;

-- What filters ask for, copied from the entry in the same statement that stores it (tributary.close_batch); `tributaryd
-- verify` holds the copies against the entries.
alter table tributary.log_entry
    add column kind text,
    add column recorded_at timestamptz,
    add column actor text,
    add column office text,
    add column plan text,
    add column submission text,
    add column is_open boolean,
    add column pruned_by bigint;
comment on column tributary.log_entry.submission is 'The revision that the entry is about.';
comment on column tributary.log_entry.pruned_by is
    'The sequence number of the retention entry by which the text was given up; only the leaf stays, as proof.';

alter table tributary.log_entry disable trigger append_only;
update tributary.log_entry e
set kind = s.kind, recorded_at = s.recorded_at, actor = s.actor, office = s.office, plan = s.plan, submission = s.submission,
    is_open = tributary.is_open_kind(s.kind)
from tributary.log_entry o
cross join lateral jsonb_to_record(o.entry::jsonb)
    as s (kind text, recorded_at timestamptz, actor text, office text, plan text, submission text)
where o.jurisdiction = e.jurisdiction and o.sequence = e.sequence;
alter table tributary.log_entry enable trigger append_only;

alter table tributary.log_entry
    alter column kind set not null,
    alter column recorded_at set not null,
    alter column is_open set not null,
    alter column entry drop not null,
    add constraint a_pruned_entry_says_by_what check ((entry is null) = (pruned_by is not null)),
    add constraint a_pruned_entry_tells_of_nobody
        check (entry is not null or (actor is null and office is null and plan is null and submission is null));

-- Each filter alone finds its newest entries without reading the others. A moment needs no index: entries follow in time,
-- so the first one since a moment is found by halving (tributary.first_since).
create index log_entry_kind on tributary.log_entry (jurisdiction, kind, sequence);
create index log_entry_office on tributary.log_entry (jurisdiction, office, sequence) where office is not null;
create index log_entry_actor on tributary.log_entry (jurisdiction, actor, sequence) where actor is not null;
create index log_entry_plan on tributary.log_entry (jurisdiction, plan, sequence) where plan is not null;
create index log_entry_submission on tributary.log_entry (submission, sequence) where submission is not null;
create index log_entry_open on tributary.log_entry (jurisdiction, sequence) where is_open;
create index log_batch_head on tributary.log_batch (jurisdiction, head);
create index log_batch_last on tributary.log_batch (jurisdiction, last_sequence);

-- An entry may only lose its text, and only by a retention entry; which kinds may is checked by tributary.prune_log and
-- by `tributaryd verify`.
create function tributary.only_prune() returns trigger
language plpgsql as $$
begin
    if old.entry is null or new.entry is not null or new.pruned_by is null
        or (new.jurisdiction, new.sequence, new.batch, new.leaf, new.kind, new.recorded_at, new.is_open)
            is distinct from (old.jurisdiction, old.sequence, old.batch, old.leaf, old.kind, old.recorded_at, old.is_open) then
        raise exception 'an entry of the log can only lose its text, by retention' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
drop trigger append_only on tributary.log_entry;
create trigger append_only before delete or truncate on tributary.log_entry
    for each statement execute function tributary.refuse_change();
create trigger only_prune before update on tributary.log_entry
    for each row execute function tributary.only_prune();

-- What happened to accounts keeps the log's words in a row of its own, which goes with them.
create function tributary.only_pruned() returns trigger
language plpgsql as $$
begin
    if not exists (select from tributary.log_entry e
                   where e.jurisdiction = old.jurisdiction and e.sequence = old.sequence and e.entry is null) then
        raise exception '% is append-only: delete is refused', tg_table_name using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;
drop trigger append_only on tributary.account_event;
create trigger append_only before update or truncate on tributary.account_event
    for each statement execute function tributary.refuse_change();
create trigger only_pruned before delete on tributary.account_event
    for each row execute function tributary.only_pruned();

-- Those who look after the system and those who audit it read all of the log; the city's others what happened to plans
-- and submissions, not who signed in or took copies; an office what is about itself.
drop policy read on tributary.log_entry;
create policy read on tributary.log_entry for select
    using ((tributary.may_read_all(jurisdiction) and (current_setting('tributary.role', true) in ('admin', 'auditor')
                                                      or is_open))
           or (tributary.is_own(jurisdiction, office) and is_open));
