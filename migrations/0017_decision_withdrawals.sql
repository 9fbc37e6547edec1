-- 0017: a decision that was recorded by mistake is withdrawn; what was recorded stays.
-- oldest-program: 1

create table tributary.decision_withdrawal (
    withdrawal   uuid primary key,
    jurisdiction text not null references tributary.jurisdiction,
    decision     uuid not null unique references tributary.decision,
    reason       text not null check (length(reason) between 1 and 2000),
    actor        uuid not null,
    sequence     bigint not null,
    recorded_at  timestamptz not null,
    unique (jurisdiction, sequence)
);
comment on table tributary.decision_withdrawal is '撤回列管: its number stays, and nothing is tracked of it any more.';

create trigger append_only before update or delete or truncate on tributary.decision_withdrawal
    for each statement execute function tributary.refuse_change();

alter table tributary.decision_withdrawal enable row level security;
create policy read on tributary.decision_withdrawal for select
    using (exists (select from tributary.decision d
                   where d.decision = decision_withdrawal.decision and d.jurisdiction = decision_withdrawal.jurisdiction));
create policy withdraw on tributary.decision_withdrawal for insert
    with check (exists (select from tributary.decision d
                        where d.decision = decision_withdrawal.decision and d.jurisdiction = decision_withdrawal.jurisdiction
                          and tributary.may_decide(d.jurisdiction, d.unit, d.meeting_record, decision_withdrawal.actor)));

grant select, insert on tributary.decision_withdrawal to tributary_daemon;
