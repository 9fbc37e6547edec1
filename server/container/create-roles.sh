#!/bin/sh
# PostgreSQL's image runs this once, when it makes its cluster: the roles, the database and the roles' passwords.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres --file=/tributary/roles.sql
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres <<'SQL'
\set owner_password `cat /secrets/tributary_owner`
\set daemon_password `cat /secrets/tributary_daemon`
alter role tributary_owner password :'owner_password';
alter role tributary_daemon password :'daemon_password';
SQL
