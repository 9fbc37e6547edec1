-- 0015: mails that tell an office of decisions which are tracked from now on.
-- oldest-program: 1

alter table tributary.mail drop constraint mail_kind_check;
alter table tributary.mail add constraint mail_kind_check
    check (kind in ('reminder', 'return', 'acceptance', 'decision', 'break_glass', 'digest', 'reset'));

alter table tributary.mail_preference drop constraint mail_preference_opted_out_check;
alter table tributary.mail_preference add constraint mail_preference_opted_out_check
    check (opted_out <@ array['reminder', 'return', 'acceptance', 'decision', 'digest']);
