-- 0006: filled by the change that needs it.
-- oldest-program: 1

select 1;
