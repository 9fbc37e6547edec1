#!/usr/bin/env bash
# A PostgreSQL of our own, reached by Unix socket only, beside whatever else the machine runs.
#   private-postgres.sh start DIRECTORY [--throwaway]   makes it if it isn't there, starts it, prints its socket's directory
#   private-postgres.sh stop DIRECTORY                  stops it if it runs
#   private-postgres.sh remove DIRECTORY                stops it and deletes everything of it
#   private-postgres.sh programs DIRECTORY              prints the folder of the programs that run it
# The server never works as root: for root it works as the system user postgres. Who may enter: the user who starts it,
# by peer authentication, as postgres, tributary_owner or tributary_daemon.
# --throwaway is for tests: what is lost when the machine loses power doesn't matter.
set -euo pipefail
exec </dev/null

oldest_version=15
# sun_path holds 107 bytes and a terminator; the socket's own name takes 15 of them.
longest_socket_directory=92

fail() {
    printf 'private-postgres: %s\n' "$*" >&2
    exit 1
}

usage='usage: private-postgres.sh start DIRECTORY [--throwaway] | stop DIRECTORY | remove DIRECTORY | programs DIRECTORY'
command=${1:-}
[ -n "${2:-}" ] || fail "$usage"
place=$(realpath -ms "$2")
throwaway=no
[ "${3:-}" != --throwaway ] || throwaway=yes

if [ "$(id -u)" -eq 0 ]; then
    system_user=postgres
else
    system_user=$(id -un)
fi

# Runs a command as the user the server works as, with nothing of our environment, from a folder everyone may enter.
as_system_user() {
    local become=()
    if [ "$(id -u)" -eq 0 ]; then
        become=(setpriv --reuid="$system_user" --regid="$(id -g "$system_user")" --init-groups)
    fi
    (cd / && exec "${become[@]}" env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$@")
}

# The folder of PostgreSQL's programs: those that made this cluster, or else the newest.
find_programs() {
    local wanted='' folder version best=0
    if [ -e "$place/data/PG_VERSION" ]; then
        wanted=$(cat "$place/data/PG_VERSION")
    fi
    for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
        [ -x "$folder/initdb" ] || continue
        version=$("$folder/postgres" --version | grep -oE '[0-9]+' | head -n 1)
        if [ -n "$wanted" ]; then
            [ "$version" -eq "$wanted" ] || continue
        fi
        if [ "$version" -ge "$oldest_version" ] && [ "$version" -gt "$best" ]; then
            best=$version
            programs=$folder
        fi
    done
    [ "$best" -gt 0 ] || fail "no PostgreSQL ${wanted:-$oldest_version or later} found"
}

# Makes the folder and gives it to the server's user. When that user can't come there (a clone under /root),
# the cluster lives in the system's state folder and the folder asked for is a link to it.
make_place() {
    if [ ! -e "$place" ]; then
        rm -f "$place"
        mkdir -p "$place"
        chown "$system_user" "$place" 2>/dev/null || true
        chmod 700 "$place"
        if ! as_system_user test -w "$place"; then
            local elsewhere
            mkdir -p /var/lib/tributary
            elsewhere=$(mktemp -d /var/lib/tributary/postgres.XXXXXX)
            chown "$system_user" "$elsewhere"
            rmdir "$place"
            ln -s "$elsewhere" "$place"
        fi
    fi
    place=$(realpath "$place")
    as_system_user test -w "$place" || fail "$system_user may not write to $place (who made it?)"
}

make_cluster() {
    [ ! -e "$place/data/PG_VERSION" ] || return 0
    local hurry=()
    [ "$throwaway" = no ] || hurry=(--no-sync)
    as_system_user rm -rf "$place/data" "$place/data.new"
    as_system_user "$programs/initdb" --pgdata="$place/data.new" --username=postgres --auth=peer --encoding=UTF8 \
        --locale=C.UTF-8 --data-checksums --no-instructions "${hurry[@]}" >/dev/null
    printf "include 'tributary.conf'\n" | as_system_user tee -a "$place/data.new/postgresql.conf" >/dev/null
    as_system_user mv "$place/data.new" "$place/data"
}

# Chooses the socket's folder: in the cluster's own place, or a short one when that path is too long or unusual.
make_socket_directory() {
    socket=$place/socket
    if [ ${#socket} -gt $longest_socket_directory ] || [[ $socket =~ [^A-Za-z0-9_./+-] ]]; then
        if [ ! -d "$socket" ]; then
            as_system_user rm -f "$socket"
            as_system_user ln -s "$(as_system_user mktemp -d /tmp/tributary-socket.XXXXXX)" "$socket"
        fi
        socket=$(realpath "$socket")
    else
        as_system_user mkdir -p -m 700 "$socket"
    fi
}

write_configuration() {
    local memory_mb role
    memory_mb=$(awk '/^MemTotal:/ { printf "%d", $2 / 1024 }' /proc/meminfo)
    {
        printf '%s\n' "listen_addresses = ''" \
            "unix_socket_directories = '$socket'" \
            "unix_socket_permissions = 0700" \
            "port = 5432" \
            "max_connections = 200" \
            "shared_buffers = $((memory_mb / 8 > 512 ? 512 : memory_mb / 8 < 64 ? 64 : memory_mb / 8))MB" \
            "max_wal_size = 2GB" \
            "wal_compression = on" \
            "random_page_cost = 1.1" \
            "jit = off" \
            "timezone = 'UTC'" \
            "log_timezone = 'UTC'"
        if [ "$throwaway" = yes ]; then
            printf '%s\n' "fsync = off" "full_page_writes = off"
        fi
    } | as_system_user tee "$place/data/tributary.conf" >/dev/null

    printf '%s\n' 'local all all peer map=tributary' 'local replication postgres peer map=tributary' |
        as_system_user tee "$place/data/pg_hba.conf" >/dev/null
    for role in postgres tributary_owner tributary_daemon; do
        printf 'tributary "%s" %s\n' "$(id -un)" "$role" "$system_user" "$role"
    done | sort -u | as_system_user tee "$place/data/pg_ident.conf" >/dev/null
}

is_running() {
    as_system_user "$programs/pg_ctl" status --pgdata="$place/data" >/dev/null 2>&1
}

start() {
    make_place
    find_programs
    make_cluster
    make_socket_directory
    if ! is_running; then
        write_configuration
        as_system_user "$programs/pg_ctl" start --pgdata="$place/data" --log="$place/log" --wait --timeout=300 --silent \
            >/dev/null || {
            tail -n 20 "$place/log" >&2
            fail "PostgreSQL did not start in $place"
        }
    fi
    printf '%s\n' "$socket"
}

stop() {
    [ -e "$place/data/PG_VERSION" ] || return 0
    place=$(realpath "$place")
    find_programs
    is_running || return 0
    as_system_user "$programs/pg_ctl" stop --pgdata="$place/data" --mode=fast --wait --timeout=60 --silent ||
        as_system_user "$programs/pg_ctl" stop --pgdata="$place/data" --mode=immediate --wait --timeout=20 --silent
}

remove() {
    local given=$place
    stop
    if [ -L "$place/socket" ]; then
        rm -rf "$(realpath -m "$place/socket")"
    fi
    [ ! -e "$place" ] || rm -rf "$(realpath "$place")"
    rm -f "$given"
}

case $command in
start | stop | remove) "$command" ;;
programs)
    find_programs
    printf '%s\n' "$programs"
    ;;
*) fail "$usage" ;;
esac
