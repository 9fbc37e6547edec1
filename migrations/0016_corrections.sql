-- 0016: why something that stood in a meeting's agenda, sheet or resolutions was changed; decisions by their meetings.
-- oldest-program: 1

alter table tributary.meeting_agenda add column reason text check (length(reason) between 1 and 2000);
alter table tributary.meeting_sheet add column reason text check (length(reason) between 1 and 2000);
alter table tributary.meeting_resolution add column reason text check (length(reason) between 1 and 2000);
comment on column tributary.meeting_agenda.reason is '更正事由: why it takes the place of the one that was on record; null: it takes nothing''s.';
comment on column tributary.meeting_sheet.reason is 'As of meeting_agenda.';
comment on column tributary.meeting_resolution.reason is 'As of meeting_agenda; of all that one act resolved.';

-- For owners of decisions, who may not see the meetings at which these were made, ruled or spoken of.
create index decision_of_meeting on tributary.decision (meeting) where meeting is not null;
create index decision_ruling_of_meeting on tributary.decision_ruling (meeting) where meeting is not null;
create index decision_outcome_of_meeting on tributary.decision_outcome (meeting);
