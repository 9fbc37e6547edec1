#!/usr/bin/env bash
# `make run`: a private PostgreSQL (unless TRIBUTARY_DATABASE_URL names one), the schema, the plan, tokens, sample years,
# and the daemon, in the foreground until SIGINT or SIGTERM. /readyz answers 200 once all of it is done.
# Settings, from the environment: PORT, VAR (state), VARIANT (which build), PLAN, SAMPLE=no (no sample years).
set -euo pipefail
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
# shellcheck source=server/run/state.sh
source "$here/state.sh"

port=${PORT:-8013}
plan=${PLAN:-taoyuan-112-115}
plan_file=$root/common/plan/plans/$plan.json
programs=$root/build/${VARIANT:-release}
feeder=$root/client/sample/feed.sh
address=${TRIBUTARY_LISTEN_ADDRESS:-127.0.0.1}
url=http://127.0.0.1:$port

var='' postgres='' daemon='' child='' ready=no

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'run: %s\n' "$*" >&2
    exit 1
}

# Runs a command, as a process group of its own, so that a signal to us ends it and its children at once.
attend() {
    local status=0
    setsid "$@" 9>&- &
    child=$!
    wait "$child" || status=$?
    child=''
    return $status
}

http_status() {
    curl --silent --noproxy '*' --max-time 5 --output /dev/null --write-out '%{http_code}' "$@" || true
}

# curl with the token of standard input, which so shows in no list of processes.
with_token() {
    local token
    read -r token
    printf 'header = "Authorization: Bearer %s"\n' "$token" | "$@" --config -
}

# --- state and the database -----------------------------------------------------------------------------------------

# Opens VAR: our own, or one that is new or empty.
open_state() {
    mkdir -p "${VAR:-var}"
    var=$(cd "${VAR:-var}" && pwd -P)
    postgres=$var/postgres
    if [ ! -e "$var/$marker_name" ]; then
        if [ "$var" != "$root/var" ] && [ -n "$(ls -A "$var")" ]; then
            fail "VAR=$var holds something else; name a new or an empty folder"
        fi
        say "make run keeps its state in this folder; make fresh deletes the folder" >"$var/$marker_name"
    fi
    exec 9>"$var/run.lock"
    if ! flock --nonblock 9; then
        fail "already running in $var (make stop, or another VAR and PORT)"
    fi
    end_process "$var/daemon.pid" 60 # of a run that was killed
    rm -f "$var/ready"
    name_process $$ >"$var/run.pid"
}

check_port() {
    [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || fail "PORT=$port is no port"
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        fail "port $port is taken; choose another: make run PORT=8014 VAR=var-8014"
    fi
}

start_private_postgres() {
    local name socket
    for name in $(compgen -e | grep '^PG' || true); do
        unset "$name" # libpq would read them
    done
    socket=$("$here/private-postgres.sh" start "$postgres" 9>&-)
    local administer=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$socket" --port=5432 --username=postgres postgres)
    if [ -e "$var/feeding" ]; then
        say '上次樣本資料未匯完，重新開始 / the sample years were cut short last time: starting over'
        "${administer[@]}" --command='drop database if exists tributary with (force)' 2>/dev/null
        rm -f "$var/feeding" "$var/sample-tokens.json" "$var/sample-sign-ins.json"
    fi
    "${administer[@]}" --file="$here/roles.sql" >/dev/null
    export TRIBUTARY_DATABASE_URL="postgresql://tributary_daemon@/tributary?host=$socket&port=5432"
    export TRIBUTARY_MIGRATION_DATABASE_URL="postgresql://tributary_owner@/tributary?host=$socket&port=5432"
    # For a person who calls tributaryd beside it.
    printf '%s = %s\n' database_url "$TRIBUTARY_DATABASE_URL" migration_database_url "$TRIBUTARY_MIGRATION_DATABASE_URL" \
        signing_key_file "$TRIBUTARY_SIGNING_KEY_FILE" >"$var/tributaryd.conf"
}

# An empty database becomes a sample one; one that holds something stays what it is.
migrate() {
    if [ "${SAMPLE:-yes}" != no ] && attend "$programs/tributaryd" migrate --sample >"$var/migrate.log" 2>&1; then
        return
    fi
    attend "$programs/tributaryd" migrate >>"$var/migrate.log" 2>&1 || {
        cat "$var/migrate.log" >&2
        fail 'the schema could not be brought up to date'
    }
}

# In a sample database the plan is as old as its years: the feeder's clock begins when they do. One that is loaded stays, for
# somebody may have amended it: `tributaryd plan load` loads another version.
load_plan() {
    local from
    from=$(jq --raw-output '.years.from + 1911' "$plan_file")
    if [ "${SAMPLE:-yes}" != no ] && attend "$programs/tributaryd" plan load "$plan_file" --if-absent \
        --sample-clock "$((from - 1))-12-01T00:00:00Z" >>"$var/migrate.log" 2>&1; then
        return
    fi
    attend "$programs/tributaryd" plan load "$plan_file" --if-absent >>"$var/migrate.log" 2>&1
}

# --- the daemon -----------------------------------------------------------------------------------------------------

daemon_runs() {
    [ -n "$(live_pid "$var/daemon.pid")" ]
}

# Waits until a path of the daemon answers 200, for as long as the daemon runs.
await_ok() {
    local path=$1 seconds=$2 until
    until=$((SECONDS + seconds))
    while [ "$(http_status "$url$path")" != 200 ]; do
        daemon_runs || {
            tail -n 20 "$var/tributaryd.log" >&2
            fail "the daemon ended; its log is $var/tributaryd.log"
        }
        [ $SECONDS -lt "$until" ] || {
            tail -n 5 "$var/tributaryd.log" >&2
            fail "$url$path did not answer 200 within $seconds s; the daemon's log is $var/tributaryd.log"
        }
        sleep 0.1
    done
}

start_daemon() {
    export TRIBUTARY_PORT=$port TRIBUTARY_LISTEN_ADDRESS=$address
    export TRIBUTARY_READY_FILE=$var/ready
    [ ! -e "$var/tributaryd.log" ] || mv "$var/tributaryd.log" "$var/tributaryd.log.1"
    # A session of its own: the terminal's ^C comes to us, and we stop the daemon in order.
    setsid "$programs/tributaryd" serve >"$var/tributaryd.log" 2>&1 9>&- &
    daemon=$!
    name_process "$daemon" >"$var/daemon.pid"
    await_ok /healthz 30
}

# --- tokens and sample years ----------------------------------------------------------------------------------------

tokens_work() {
    [ -s "$var/sample-tokens.json" ] || return 1
    local wanted found
    wanted=$(jq --compact-output '[.offices[].code] | sort' "$plan_file")
    found=$(jq --compact-output '[.offices | keys[]] | sort' "$var/sample-tokens.json" 2>/dev/null) || return 1
    [ "$wanted" = "$found" ] || return 1
    local token
    while read -r token; do
        [ "$(with_token http_status "$url/v1/plans" <<<"$token")" = 200 ] || return 1
    done < <(jq --raw-output '.offices[], .geo, .supervision, .dbas, .admin, .auditor' "$var/sample-tokens.json")
}

# Prints "office<tab>CODE<tab>TOKEN" for each office of the plan and "role<tab>ROLE<tab>TOKEN" for each other role.
add_tokens() {
    local code name role
    while IFS=$'\t' read -r code name; do
        printf 'office\t%s\t%s\n' "$code" "$("$programs/tributaryd" token add --role office --office "$code" \
            --label "樣本帳號：$name承辦人 (sample clerk)" 2>>"$var/tokens.log")"
    done < <(jq --raw-output '.offices[] | [.code, .name.zh] | @tsv' "$plan_file")
    for role in geo supervision dbas admin auditor; do
        printf 'role\t%s\t%s\n' "$role" "$("$programs/tributaryd" token add --role "$role" \
            --label "樣本帳號：$role (sample)" 2>>"$var/tokens.log")"
    done
}

make_tokens() {
    tokens_work && return
    say '製作樣本權杖 / making sample tokens'
    rm -f "$var/tokens.log"
    (
        umask 077
        add_tokens | jq --raw-input --null-input '
            [inputs | split("\t") | {kind: .[0], key: .[1], value: .[2]}]
            | if all(.[]; .value | length > 0) then . else error("a token could not be made") end
            | {offices: (map(select(.kind == "office")) | from_entries)} + (map(select(.kind == "role")) | from_entries)' >"$var/sample-tokens.json.new"
    ) || {
        cat "$var/tokens.log" >&2
        fail 'the tokens could not be made'
    }
    mv "$var/sample-tokens.json.new" "$var/sample-tokens.json"
}

# Some people who can sign in, in var/sample-sign-ins.json; each first password must be changed at the first sign-in.
make_sign_ins() {
    [ ! -s "$var/sample-sign-ins.json" ] || return 0
    local office
    office=$(jq --raw-output '.offices[0].code' "$plan_file")
    (
        umask 077
        add_sign_ins "$office" | jq --raw-input --null-input '
            [inputs | split("\t") | {login: .[0], role: .[1], office: (if .[2] == "-" then null else .[2] end), duty: .[3],
                                     first_password: .[4]}]
            | if all(.[]; .first_password | length > 0) then . else error("an account could not be made") end' \
            >"$var/sample-sign-ins.json.new"
    ) || {
        cat "$var/tokens.log" >&2
        fail 'the accounts could not be made'
    }
    mv "$var/sample-sign-ins.json.new" "$var/sample-sign-ins.json"
}

# Prints "LOGIN<tab>ROLE<tab>OFFICE<tab>DUTY<tab>FIRST PASSWORD" for each; who is there already gets a new password.
add_sign_ins() {
    local login role office duty options
    while read -r login role office duty; do
        options=(--role "$role" --name "樣本帳號：$login (sample)" --by password)
        [ "$office" = - ] || options+=(--office "$office" --duty "$duty")
        printf '%s\t%s\t%s\t%s\t%s\n' "$login" "$role" "$office" "$duty" "$("$programs/tributaryd" account add "$login" \
            "${options[@]}" 2>>"$var/tokens.log" || "$programs/tributaryd" account reset "$login" --by password 2>>"$var/tokens.log")"
    done <<LIST
admin admin - both
geo geo - both
auditor auditor - both
clerk office $1 prepare
head office $1 release
LIST
}

token_of() {
    jq --raw-output --arg role "$1" '.[$role]' "$var/sample-tokens.json"
}

# Whether the sample years belong here: wanted, a database marked as a sample, and nothing handed in yet.
wants_sample() {
    [ "${SAMPLE:-yes}" != no ] || return 1
    local ask=(curl --silent --show-error --fail --noproxy '*' --max-time 30)
    with_token "${ask[@]}" "$url/v1/plans" < <(token_of geo) | jq --exit-status '.sample == true' >/dev/null || return 1
    with_token "${ask[@]}" "$url/v1/plans/$plan/submissions?limit=1" < <(token_of geo) |
        jq --exit-status '.submissions == []' >/dev/null
}

feed_sample() {
    wants_sample || return 0
    say '匯入合成樣本年度 / feeding the synthetic sample years'
    : >"$var/feeding"
    attend env TRIBUTARY_BIN="$programs/tributary" "$feeder" "$url" "$var/sample-tokens.json" || fail 'the sample years could not be fed in'
    # The planner knows the tables as empty until it has looked at them again, which it does by itself a minute later.
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$TRIBUTARY_MIGRATION_DATABASE_URL" \
        --command='set client_min_messages = error' --command='analyze' || fail 'the sample years could not be counted'
    rm -f "$var/feeding"
}

# --- the end --------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2317 # called by the trap
stop_everything() {
    local status=$?
    trap '' INT TERM HUP
    [ -n "$var" ] || exit "$status"
    if [ -n "$child" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    [ "$(live_pid "$var/run.pid")" = $$ ] || exit "$status" # another run holds the folder
    rm -f "$var/ready"
    end_process "$var/daemon.pid" 60
    "$here/private-postgres.sh" stop "$postgres" 9>&- || true
    rm -f "$var/run.pid"
    exit "$status"
}

# shellcheck disable=SC2317 # called by the trap
interrupted() {
    if [ "$ready" = yes ]; then
        say '' '停止中 / stopping'
        exit 0
    fi
    exit 130
}

tell_where_to_look() {
    local tokens=$var/sample-tokens.json client=$programs/tributary daemon_command=$programs/tributaryd year
    year=$(jq --raw-output '.years.from + 1' "$plan_file")
    [ "$database" != private ] || daemon_command="$daemon_command --config $var/tributaryd.conf"
    cat <<TEXT

匯流已就緒 / Tributary is ready        $url
  樣本權杖 / sample tokens             $tokens   (.offices[CODE], .geo, .supervision, .dbas, .admin, .auditor)
  樣本帳號 / sample sign-ins           $var/sample-sign-ins.json   (POST /v1/session)
  狀態與紀錄 / state and log           $var   (tributaryd.log)
  管理 / to administer                 $daemon_command account list

試試看 / try, in another terminal:
  export TRIBUTARY_SERVER=$url TRIBUTARY_PLAN=$plan
  export TRIBUTARY_TOKEN=\$(jq -r .geo $tokens)
  $client indicators --year $year --by group
  curl -H "Authorization: Bearer \$TRIBUTARY_TOKEN" '$url/v1/plans/$plan/indicators?year=$year&by=group'

以 ^C 或 make stop 停止 / stop with ^C or make stop; make fresh 從頭開始 / make fresh starts over

TEXT
}

for program in "$programs/tributaryd" "$programs/tributary"; do
    [ -x "$program" ] || fail "$program is not built (make build)"
done
[ -r "$plan_file" ] || fail "there is no plan $plan_file"
trap stop_everything EXIT
trap interrupted INT TERM HUP

open_state
check_port
export TRIBUTARY_SIGNING_KEY_FILE=${TRIBUTARY_SIGNING_KEY_FILE:-$var/signing.key}
database=given
if [ -z "${TRIBUTARY_DATABASE_URL:-}" ]; then
    database=private
    start_private_postgres
fi
migrate
load_plan || {
    cat "$var/migrate.log" >&2
    fail 'the plan could not be loaded'
}
start_daemon
make_tokens
make_sign_ins
feed_sample
: >"$var/ready"
await_ok /readyz 30
ready=yes
tell_where_to_look

status=0
wait "$daemon" || status=$?
tail -n 20 "$var/tributaryd.log" >&2
fail "the daemon ended with status $status; its log is $var/tributaryd.log"
