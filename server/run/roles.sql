-- The two roles and the database of one Tributary; may be run again at any time, by a superuser.
-- tributary_owner owns the tables and migrates them; tributary_daemon is what the daemon works as:
-- it owns nothing, and row-level security binds it.
select 'create role tributary_owner'
 where not exists (select from pg_roles where rolname = 'tributary_owner') \gexec
select 'create role tributary_daemon'
 where not exists (select from pg_roles where rolname = 'tributary_daemon') \gexec

alter role tributary_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role tributary_daemon login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;

select 'create database tributary owner tributary_owner template template0'
 where not exists (select from pg_database where datname = 'tributary') \gexec

revoke all on database tributary from public;
grant connect on database tributary to tributary_daemon;
