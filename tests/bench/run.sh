#!/usr/bin/env bash
# `make bench`: measures this machine and prints one table: hand-ins through HTTP beside pgbench running the same
# statements one transaction each, reads, memory, start. Works on a private PostgreSQL with its durable settings, on
# 127.0.0.1 only, and leaves nothing behind. Under 4 minutes.
#   BENCH_SECONDS  seconds of each measurement (15), spent in rounds; the median round counts
#   BENCH_ROUNDS   rounds of each measurement of hand-ins (3)
set -euo pipefail
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
programs=$root/build/release
seconds=${BENCH_SECONDS:-15}
rounds=${BENCH_ROUNDS:-3}
connections=64
forms_each=2 # of the bench plan, for one round of hand-ins: more than a round can fill
starts=5

fail() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

[[ $seconds =~ ^[1-9][0-9]*$ && $rounds =~ ^[1-9][0-9]*$ ]] || fail 'BENCH_SECONDS and BENCH_ROUNDS are whole numbers from 1'
for program in "$programs/tributaryd" "$programs/tests/bench/bare_server"; do
    [ -x "$program" ] || fail "$program is not built (make bench)"
done
for tool in wrk pgbench psql python3 curl; do
    command -v "$tool" >/dev/null || fail "$tool is not installed"
done
round_seconds=$(((seconds + rounds - 1) / rounds))

mkdir -p "$root/build"
dir=$(mktemp -d "$root/build/bench.XXXXXX")
chmod 711 "$dir"
daemon='' bare='' background=''

end() {
    [ -z "$1" ] || {
        kill "$1" 2>/dev/null || true
        wait "$1" 2>/dev/null || true
    }
}

clean_up() {
    trap '' INT TERM HUP
    end "$background"
    end "$bare"
    end "$daemon"
    "$root/server/run/private-postgres.sh" remove "$dir/postgres" || true
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

say() {
    [ ! -t 2 ] || printf '%4ds  %s\n' "$SECONDS" "$*" >&2
}

sql() {
    psql -XqAt -v ON_ERROR_STOP=1 -U postgres "$@"
}

# --- numbers --------------------------------------------------------------------------------------------------------

# The middle one of the numbers of standard input (the lower of two).
middle() {
    sort -g | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}

# median NUMBER…
median() {
    printf '%s\n' "$@" | middle
}

# spread NUMBER…: "median (least-most)"
spread() {
    printf '%s (%s-%s)' "$(median "$@")" "$(printf '%s\n' "$@" | sort -g | head -n 1)" "$(printf '%s\n' "$@" | sort -g | tail -n 1)"
}

# ratio A B: A over B with two decimals
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

milliseconds() {
    awk -v us="$1" 'BEGIN { printf us < 10000 ? "%.2f" : "%.1f", us / 1000 }'
}

# Sets rate (a second), p50 and p99 (µs) and others (what was not accepted) from the line `result …` of a file.
read_result() {
    local microseconds count
    read -r _ microseconds count p50 p99 others < <(grep '^result ' "$1") || {
        cat "$1" >&2
        fail 'a measurement gave no result'
    }
    answers=$count
    rate=$((count * 1000000 / microseconds))
}

# --- the machine ----------------------------------------------------------------------------------------------------

processor() {
    sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1 | grep . || uname -m
}

# Mean time of a durable write of 8 kB where the database stands, in ms.
sync_time() {
    local began=$EPOCHREALTIME
    dd if=/dev/zero of="$dir/durable" bs=8k count=100 oflag=dsync status=none
    awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.2f", (ended - began) * 10 }'
    rm -f "$dir/durable"
}

commit() {
    git -C "$root" describe --always --dirty 2>/dev/null || printf 'unknown'
}

# --- what is measured -------------------------------------------------------------------------------------------------

start_database() {
    local name
    for name in $(compgen -e | grep -E '^(PG|TRIBUTARY_)' || true); do
        unset "$name"
    done
    PGHOST=$("$root/server/run/private-postgres.sh" start "$dir/postgres")
    export PGHOST PGPORT=5432
    sql -f "$root/server/run/roles.sql" postgres >/dev/null
    export PGDATABASE=tributary
    export TRIBUTARY_DATABASE_URL="postgresql://tributary_daemon@/tributary?host=$PGHOST&port=5432"
    export TRIBUTARY_MIGRATION_DATABASE_URL="postgresql://tributary_owner@/tributary?host=$PGHOST&port=5432"
    export TRIBUTARY_SIGNING_KEY_FILE=$dir/signing.key TRIBUTARY_HAND_INS_PER_SECOND=1000000 TRIBUTARY_PORT=0
}

make_inputs() {
    "$here/inputs.py" "$dir" $(((rounds + 3) * forms_each))
    {
        "$programs/tributaryd" migrate
        "$programs/tributaryd" plan load "$dir/plan.json"
    } >"$dir/setup.log" 2>&1 || {
        cat "$dir/setup.log" >&2
        fail 'the bench plan could not be loaded'
    }
    # shellcheck disable=SC2016 # xargs' shell expands it
    (umask 077 && xargs -P "$(nproc)" -I{} sh -c 'token=$("$2" token add --role office --office "$1" --label bench) && echo "$1 $token"' \
        - {} "$programs/tributaryd" <"$dir/offices" >"$dir/tokens")
    (umask 077 && "$programs/tributaryd" token add --role geo --label bench >"$dir/reader")
    token=$(cat "$dir/reader")
    # the logs that pgbench writes in
    sql -U tributary_owner <<'SQL'
with made as (
    insert into tributary.jurisdiction (jurisdiction, name_zh, name_en)
    select log, log, log from generate_series(1000, 1063) as log
    returning jurisdiction)
insert into tributary.log_head (jurisdiction, head) select jurisdiction, decode(repeat('00', 32), 'hex') from made;
SQL
}

# The status of GET /readyz, asked without starting a process.
ready_status() {
    local status=''
    if { exec 4<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
        printf 'GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n' >&4
        read -r _ status _ <&4 || true
        exec 4>&-
    fi
    printf '%s' "$status"
}

# Starts the daemon and sets start_ms, its time to /readyz 200. The first start takes a free port and isn't timed.
start_daemon() {
    local began=$EPOCHREALTIME
    "$programs/tributaryd" serve >"$dir/tributaryd.log" 2>&1 &
    daemon=$!
    while [ "$TRIBUTARY_PORT" = 0 ] && kill -0 "$daemon" 2>/dev/null; do
        TRIBUTARY_PORT=$(sed -n 's|.*"http://127.0.0.1:\([0-9]*\)".*|\1|p' "$dir/tributaryd.log" | grep . || printf 0)
    done
    until [ "$(ready_status "$TRIBUTARY_PORT")" = 200 ]; do
        kill -0 "$daemon" 2>/dev/null || {
            cat "$dir/tributaryd.log" >&2
            fail 'the daemon did not start'
        }
        [ "$(awk -v began="$began" -v now="$EPOCHREALTIME" 'BEGIN { print now - began < 30 }')" = 1 ] || fail 'the daemon did not become ready'
    done
    start_ms=$(awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.0f", (ended - began) * 1000 }')
    server=127.0.0.1:$TRIBUTARY_PORT
}

measure_starts() {
    local i times=()
    start_daemon
    for ((i = 0; i < starts; i++)); do
        end "$daemon"
        start_daemon
        times+=("$start_ms")
    done
    start_time=$(spread "${times[@]}")
}

# "resident, at most, proportional" of the daemon in MB
memory() {
    local peak
    peak=$(awk '/^VmHWM:/ { printf "%.1f", $2 / 1024 }' "/proc/$daemon/status")
    awk -v peak="$peak" '/^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } END { printf "%.1f / %s / %.1f", rss / 1024, peak, pss / 1024 }' \
        "/proc/$daemon/smaps_rollup"
}

# hand_in SECONDS FIRST_FORM FILE: hand-ins from 64 connections; wrk's own words and our result go to the file.
hand_in() {
    wrk -t1 -c$connections -d"$1s" --timeout 30s -s "$here/hand_in.lua" "http://$server/v1/plans/bench/submissions" -- "$dir" "$2" >"$3" 2>&1
}

# one_each LOG_STEP ROUND: sets rate; the first second is not counted, in which each client prepares its statements.
one_each() {
    pgbench -n -M prepared -c $connections -j "$(nproc)" -T $((round_seconds + 1)) -P 1 -U tributary_daemon \
        -f "$here/one_transaction_each.sql" -D log_step="$1" -D round=$((2 * $2 + $1)) -D n=-1 -D role=office \
        -D token=00000000-0000-7000-8000-000000000001 -D plan=bench -D form="training-$1$2" \
        -D received_at=2024-05-02T03:04:05.000001Z -D document="$(cat "$dir/document")" -D entry="$(cat "$dir/entry")" \
        -D element_state="$(cat "$dir/state")" -D element_value="$(cat "$dir/value")" \
        -D head="\\x$(printf '%064d' 0)" -D key=0123456789abcdef -D signature="\\x$(printf '%0128d' 0)" \
        >"$dir/pgbench.out" 2>&1 || {
        grep -m 1 -A 3 'error' "$dir/pgbench.out" >&2 || true
        fail 'pgbench failed'
    }
    rate=$(awk '/^progress: / && ++n > 1 { sum += $4; of++ } END { printf "%.0f", of ? sum / of : 0 }' "$dir/pgbench.out")
}

# What pgbench hands in: one hand-in as the daemon stored it.
take_sample() {
    local column
    for column in document element_state element_value; do
        sql -c "select $column from tributary.revision where number = 2 and jurisdiction = 'bench' order by sequence limit 1" |
            tr -d '\n' >"$dir/${column#element_}"
        [ -s "$dir/${column#element_}" ] || fail 'the warm-up handed in too little'
    done
    sql -c "select e.entry from tributary.log_entry e join tributary.revision r using (jurisdiction, sequence)
            where r.number = 2 and r.jurisdiction = 'bench' order by sequence limit 1" | tr -d '\n' >"$dir/entry"
}

measure_hand_ins() {
    local round form=$((1 + forms_each)) log_0=() log_1=() rates=() middles=() slowest=()
    accepted=0 refused=''
    for ((round = 1; round <= rounds; round++, form += forms_each)); do
        say "hand-ins, round $round of $rounds"
        sql -c checkpoint
        hand_in "$round_seconds" "$form" "$dir/wrk.out"
        read_result "$dir/wrk.out"
        rates+=("$rate") middles+=("$p50") slowest+=("$p99")
        accepted=$((accepted + answers)) refused+=${others:+$others }
        sql -c checkpoint
        one_each 1 "$round"
        log_1+=("$rate")
        sql -c checkpoint
        one_each 0 "$round"
        log_0+=("$rate")
    done
    http_rate=$(median "${rates[@]}") http_rates=$(spread "${rates[@]}")
    hand_in_p50=$(median "${middles[@]}") hand_in_p99=$(median "${slowest[@]}")
    own_logs=$(spread "${log_1[@]}") one_log=$(spread "${log_0[@]}")
    best_pgbench=$(printf '%s\n' "$(median "${log_1[@]}")" "$(median "${log_0[@]}")" | sort -n | tail -n 1)
    local stored
    stored=$(sql -c "select count(*) from tributary.revision where jurisdiction = 'bench'")
    [ "$stored" -ge "$accepted" ] || fail "$accepted hand-ins were answered 201 but only $stored revisions are stored"
}

# read_rate SECONDS URL CONNECTIONS [HEADER…]: sets rate, p50, p99
read_rate() {
    local for_seconds=$1 url=$2 clients=$3 headers=() header
    shift 3
    for header in "$@"; do
        headers+=(-H "$header")
    done
    wrk -t2 -c"$clients" -d"${for_seconds}s" -s "$here/read.lua" "${headers[@]}" "$url" >"$dir/read.out" 2>&1
    read_result "$dir/read.out"
    [ -z "$others" ] || fail "reads of $url: $others"
}

# "12345/s   p50 0.12 ms   p99 0.34 ms"
in_words() {
    printf '%7d/s   p50 %6s ms   p99 %6s ms' "$rate" "$(milliseconds "$p50")" "$(milliseconds "$p99")"
}

# Keeps what read_rate set as one round of NAME; takes the median rounds of NAME back.
keep_round() {
    printf '%s %s %s\n' "$rate" "$p50" "$p99" >>"$dir/$1.rounds"
}

median_round() {
    rate=$(cut -d' ' -f1 "$dir/$1.rounds" | middle)
    p50=$(cut -d' ' -f2 "$dir/$1.rounds" | middle)
    p99=$(cut -d' ' -f3 "$dir/$1.rounds" | middle)
}

measure_reads() {
    local url=http://$server$rollup authorized="Authorization: Bearer $token" each=$(((round_seconds + 1) / 2)) etag port round
    curl --silent --noproxy '*' --fail --dump-header "$dir/head" --output "$dir/rollup.json" -H "$authorized" "$url" || fail 'the roll-up could not be read'
    etag=$(sed -n 's/^[Ee][Tt]ag: *\([^[:space:]]*\).*/\1/p' "$dir/head")
    rollup_bytes=$(wc -c <"$dir/rollup.json")
    [ "$(curl --silent --noproxy '*' --output "$dir/empty" --write-out '%{http_code}' -H "$authorized" -H "If-None-Match: $etag" "$url")" = 304 ] ||
        fail 'If-None-Match is not answered 304'

    coproc { exec "$programs/tests/bench/bare_server" "$dir/rollup.json"; }
    # shellcheck disable=SC2153 # bash sets it for the coproc
    bare=$COPROC_PID
    read -r port <&"${COPROC[0]}"
    for ((round = 1; round <= rounds; round++)); do
        say "reads, round $round of $rounds"
        read_rate "$each" "http://127.0.0.1:$port/" $connections
        keep_round bare
        read_rate "$each" "$url" $connections "$authorized"
        keep_round cached
        read_rate "$each" "$url" $connections "$authorized" "If-None-Match: $etag"
        keep_round unchanged
    done
    end "$bare"
    bare=''
    median_round bare
    bare_read=$(in_words) bare_rate=$rate
    median_round cached
    cached_read=$(in_words) cached_rate=$rate
    median_round unchanged
    unchanged_read=$(in_words)
    read_each=$each

    say 'reads after changes'
    "$here/after_change.py" "$server" "$dir" "$(printf 'training-%02d' $((1 + (rounds + 2) * forms_each)))" "$rollup" "$round_seconds" >"$dir/change.out"
    read_result "$dir/change.out"
    changed_p50=$p50 changed_p99=${p99%% *}
    read -r lone_p50 lone_p99 <<<"$others"
}

measure_mixed() {
    say 'reads while hand-ins go on'
    hand_in $((round_seconds + 1)) $((1 + (rounds + 1) * forms_each)) "$dir/mixed.out" &
    background=$!
    sleep 0.5
    read_rate "$round_seconds" "http://$server$rollup" 8 "Authorization: Bearer $token"
    mixed_read=$(in_words)
    wait "$background"
    background=''
    read_result "$dir/mixed.out"
    mixed_hand_in=$(in_words)
    [ -z "$others" ] || refused+="$others"
}

report() {
    cat <<TABLE

Machine     $(nproc) cores, $(processor); $(awk '/^MemTotal:/ { printf "%.1f GB", $2 / 1048576 }' /proc/meminfo) memory; Linux $(uname -r)
Disk        a durable write of 8 kB took $sync_before ms before, $sync_after ms after
Database    PostgreSQL $(sql -c 'show server_version'), synchronous_commit $(sql -c 'show synchronous_commit'), fsync $(sql -c 'show fsync'), shared_buffers $(sql -c 'show shared_buffers'), the same for all
Program     commit $(commit); server, database and clients share the cores
Load        $load_before before, $(cut -d' ' -f1 /proc/loadavg) after (1 minute, of this bench too); the run took $SECONDS s

Hand-ins    30 elements, 368 offices, $connections connections; median (least-most) of $rounds rounds of $round_seconds s
  through HTTP, answered 201            $http_rates/s   p50 $(milliseconds "$hand_in_p50") ms   p99 $(milliseconds "$hand_in_p99") ms
  other answers                         ${refused:-none}
  pgbench, each client its own log      $own_logs/s
  pgbench, all clients in one log       $one_log/s
  ratio to the faster pgbench           $(ratio "$http_rate" "$best_pgbench")   (goal: 0.80)
  one client, one after the other       p50 $(milliseconds "$lone_p50") ms   p99 $(milliseconds "$lone_p99") ms

Reads       one roll-up by group over 368 offices, $rollup_bytes bytes, $connections connections; median of $rounds rounds of $read_each s
  bare libmicrohttpd, the same bytes    $bare_read
  unchanged data                        $cached_read   $(ratio "$cached_rate" "$bare_rate") of bare
  unchanged data, If-None-Match: 304    $unchanged_read
  first read after each change                       p50 $(printf '%6s' "$(milliseconds "$changed_p50")") ms   p99 $(printf '%6s' "$(milliseconds "$changed_p99")") ms
  8 readers while hand-ins go on        $mixed_read   ($round_seconds s)
  those hand-ins, $connections connections        $mixed_hand_in

Daemon      memory in MB: resident / most ever / proportional share
  when ready                            $memory_before
  after all of the above                $memory_after
  start to /readyz 200                  $start_time ms, median (least-most) of $starts
TABLE
}

rollup='/v1/plans/bench/rollups/training-01?period=100Q1&by=group'
load_before=$(cut -d' ' -f1 /proc/loadavg)
start_database
sync_before=$(sync_time)
say 'plan and tokens'
make_inputs
measure_starts
memory_before=$(memory)
say 'warm-up'
hand_in 4 1 "$dir/wrk.out"
read_result "$dir/wrk.out"
take_sample
sql -c analyze # as autovacuum does within the minute, whenever it comes
measure_hand_ins
measure_reads
measure_mixed
memory_after=$(memory)
sync_after=$(sync_time)
report
