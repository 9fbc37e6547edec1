#!/bin/sh
# Makes, once, a password for each database role, and hands each service a volume with only what it needs:
#   /secrets/database  all passwords, for the database's first start
#   /secrets/owner     a libpq password file for migrations
#   /secrets/daemon    a libpq password file for the daemon
# Runs as root in a service of its own that ends when it is done.
set -eu

# Writes standard input to a file with an owner and a mode, whole or not at all.
put() {
    cat >"$1.new"
    chown "$2" "$1.new"
    chmod "$3" "$1.new"
    mv "$1.new" "$1"
}

for role in postgres tributary_owner tributary_daemon; do
    password_file=/secrets/database/$role
    # Only the database's service mounts this volume; its user differs between PostgreSQL's images.
    [ -s "$password_file" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' | put "$password_file" root 444
done
printf '*:*:tributary:tributary_owner:%s\n' "$(cat /secrets/database/tributary_owner)" |
    put /secrets/owner/pgpass tributary 600
printf '*:*:tributary:tributary_daemon:%s\n' "$(cat /secrets/database/tributary_daemon)" |
    put /secrets/daemon/pgpass tributary 600
