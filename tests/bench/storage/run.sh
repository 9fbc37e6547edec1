#!/usr/bin/env bash
# Measures how the elements of a revision are best stored: hand-in rate, first
# and repeated reads of a year's figures, and size, with ELEMENTS in place.
# Makes a private PostgreSQL cluster, prints one report and removes the cluster.
#
#   ELEMENTS     elements in place before anything is measured (10000000)
#   SECONDS_EACH seconds of each hand-in round (3)
#   ROUNDS       hand-in rounds; the median counts (5)
#   REPEATS      warm repetitions of each read (20)
#   PG_BIN       folder of the PostgreSQL programs (asked of pg_config)
#   BENCH_DIR    folder for the cluster; must not exist yet (a new temporary one)
#   BENCH_USER   who runs the cluster when this is run by root (postgres)
set -euo pipefail
cd "$(dirname "$0")"

elements=${ELEMENTS:-10000000}
seconds_each=${SECONDS_EACH:-3}
rounds=${ROUNDS:-5}
repeats=${REPEATS:-20}
pg_bin=${PG_BIN:-$(pg_config --bindir)}
bench_user=${BENCH_USER:-postgres}
batch=64
clients=8
slots=$((4 * rounds)) # rounds that share one load: two candidates, batched and single

if [[ -n ${BENCH_DIR:-} ]]; then
  mkdir -m 0755 "$BENCH_DIR"
  dir=$BENCH_DIR
else
  dir=$(mktemp -d)
  chmod 0755 "$dir"
fi
mkdir "$dir/cluster" "$dir/files"
export PGHOST=$dir PGUSER=bench PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'

as_server() {
  if ((EUID == 0)); then (cd / && setpriv --reuid "$bench_user" --regid "$(id -g "$bench_user")" --init-groups "$@"); else "$@"; fi
}

remove_cluster() {
  as_server "$pg_bin/pg_ctl" -D "$dir/cluster" -m immediate -w stop >"$dir/files/stop.log" 2>&1 || true
  rm -rf "$dir"
}
trap remove_cluster EXIT
trap 'exit 130' INT TERM

say() { printf '%6ds  %s\n' "$SECONDS" "$*" >&2; }
sql() { "$pg_bin/psql" -XqAt -v ON_ERROR_STOP=1 "$@"; }
start_cluster() { as_server "$pg_bin/pg_ctl" -D "$dir/cluster" -l "$dir/cluster/log" -w start >"$dir/files/start.log"; }

make_cluster() {
  if ((EUID == 0)); then chown "$bench_user" "$dir" "$dir/cluster"; fi
  as_server "$pg_bin/initdb" -D "$dir/cluster" -U bench -A trust -E UTF8 --no-locale >"$dir/files/initdb.log"
  as_server tee -a "$dir/cluster/postgresql.conf" >"$dir/files/settings" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$dir'
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 6GB
checkpoint_timeout = 1h
autovacuum = off
synchronize_seqscans = off
max_parallel_workers_per_gather = 0
jit = off
SETTINGS
  start_cluster
}

# A cluster newly started, none of its files in the memory of the operating system.
chill() {
  as_server "$pg_bin/pg_ctl" -D "$dir/cluster" -m fast -w stop >"$dir/files/stop.log"
  sync -f "$dir/cluster"
  find "$dir/cluster/base" -type f -exec dd if={} iflag=nocache count=0 status=none \;
  start_cluster
}

# read_time FILE SCOPE MOMENT TIMES: mean milliseconds of one read.
read_time() {
  "$pg_bin/pgbench" -n -M prepared -t "$4" -f "$1" -D scope="$2" -D moment="$3" \
    -D plan="$asked_plan" -D form=form-07 -D period="$asked_period" 2>"$dir/files/pgbench.log" |
    sed -n 's/^latency average = \([0-9.]*\) ms$/\1/p'
}

cold_and_warm() {
  local cold
  chill
  cold=$(read_time "$1" "$2" "$3" 1)
  read_time "$1" "$2" "$3" "$repeats" >"$dir/files/warming"
  printf '%.1f / %.1f' "$cold" "$(read_time "$1" "$2" "$3" "$repeats")"
}

# The figures a read answers, as one hash: every candidate must answer the same.
figures_hash() {
  local moment
  for moment in infinity "$past_moment"; do
    sed -E "s/:(scope|plan|form|period|moment)\b/:'\1'/g" "$1" |
      sql -v scope=368 -v moment="$moment" -v plan="$asked_plan" -v form=form-07 -v period="$asked_period" | sort
  done | sha256sum | cut -c1-16
}

check_figures() {
  local hash
  hash=$(figures_hash "$1")
  if [[ $hash != "${expected_hash:=$hash}" ]]; then
    echo "$1 answers other figures than the first candidate" >&2
    exit 1
  fi
}

# hand_in_script CANDIDATE JOBS: a transaction of so many hand-ins in one pipeline.
hand_in_script() {
  local job
  printf '%s\n' 'begin;' '\startpipeline'
  for ((job = 0; job < $2; job++)); do
    printf '%s\n' '\set job :job + 1' \
      '\set submission 1 + :first + :each_client * :client_id + permute(:job % :count, :count, 7) * :stride' \
      '\set number 2 + :submission % 9 + :job / :count'
    cat "hand_in/$1.sql"
    if [[ $1 == rows ]]; then cat "$dir/files/element_inserts.sql"; fi
  done
  printf '%s\n' 'commit;' '\endpipeline'
}

# hand_in_rate CANDIDATE JOBS CLIENTS: sets rate, revisions per second: median (slowest-fastest round).
# Each round and client has every stride-th submission, so that revision numbers have no gaps.
hand_in_rate() {
  local round tps stride=$((slots * $3))
  hand_in_script "$1" "$2" >"$dir/files/hand_in.sql"
  : >"$dir/files/rates"
  for ((round = 0; round < rounds; round++, slot++)); do
    sql -c checkpoint
    PGOPTIONS="$PGOPTIONS -c plan_cache_mode=force_generic_plan" \
      "$pg_bin/pgbench" -n -M prepared -c "$3" -T "$seconds_each" -f "$dir/files/hand_in.sql" \
      -D job=-1 -D first="$slot" -D each_client="$slots" -D stride="$stride" -D count=$((submissions / stride)) \
      -D document="$(sample document)" -D values="$(sample element_value)" -D tenths="$(sample tenths)" \
      -D states="$(sample element_state)" -D state_letters="$(sample state_letters)" \
      >"$dir/files/pgbench.out" 2>"$dir/files/pgbench.log" || {
      cat "$dir/files/pgbench.log" >&2
      exit 1
    }
    tps=$(sed -n 's/^tps = \([0-9.]*\) .*/\1/p' "$dir/files/pgbench.out")
    awk -v tps="$tps" -v jobs="$2" 'BEGIN { printf "%.0f\n", tps * jobs }' >>"$dir/files/rates"
  done
  rate=$(sort -n "$dir/files/rates" | awk '{ r[NR] = $1 } END { printf "%d (%d-%d)", r[int(NR / 2) + 1], r[1], r[NR] }')
}

# load STORAGE DOCUMENT_TYPE
load() {
  say "load $1"
  sql -c 'drop table if exists element, revision'
  sql -v document_type="$2" -f storage/revision.sql -f "storage/$1.sql"
  sql -c 'vacuum (analyze, freeze)'
  slot=0
  size=$(sql -c "
    select round(sum(pg_total_relation_size(oid)) / 1e6) || ' / ' || round(sum(pg_indexes_size(oid)) / 1e6)
    from pg_class where relname in ('revision', 'element') and relkind = 'r'")
}

# measure_reads STORAGE: sets reads, the cells of the report.
measure_reads() {
  local scope moment
  say "read $1"
  check_figures "read/$1.sql"
  reads=
  for scope in 13 368; do
    for moment in infinity "$past_moment"; do
      reads+="|$(cold_and_warm "read/$1.sql" "$scope" "$moment")"
    done
  done
}

# measure_hand_in LABEL CANDIDATE: one line of the report. After the reads, for it adds revisions.
measure_hand_in() {
  local batched
  say "hand in $2"
  hand_in_rate "$2" "$batch" 1
  batched=$rate
  hand_in_rate "$2" 1 "$clients"
  echo "$1|$batched|$rate$reads|$size" >>"$dir/files/lines"
}

# measure_forms: the ways to write the read over a packed revision.
measure_forms() {
  local form small
  for form in read/numeric_array.sql forms/*.sql; do
    case $form in
      */unnest_members.sql | */subscript_grouping.sql | */unnest_stacked.sql) check_figures "$form" ;;
    esac
    small=$(read_time "$form" 13 infinity "$repeats")
    printf '%s|%.1f|%.1f\n' "$form" "$small" "$(read_time "$form" 368 infinity "$repeats")" >>"$dir/files/forms"
  done
}

report() {
  cat <<HEAD
Storage of elements: $((revisions * 30)) elements in $revisions revisions of $submissions submissions, 368 offices, 12 forms, $years years
Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo) memory; load while it ran $(cut -d' ' -f2 /proc/loadavg) (5 minutes)
$("$pg_bin/postgres" --version), fsync on, shared_buffers 512 MB; one durable write of 8 KB takes $(fsync_time)
Hand-ins per second: median (slowest-fastest) of $rounds rounds of $seconds_each s, client and server on the same cores
Reads in ms, cold / warm: one form, one period, 30 elements, three levels of units, latest and as of a past moment
Size in MB: all / indexes alone; before the hand-ins

HEAD
  {
    echo "storage|batch of $batch|single, $clients clients|13 offices|13, as of|368 offices|368, as of|MB"
    cat "$dir/files/lines"
  } | column -t -s '|'
  printf '\nThe same read of candidate c in other forms, ms warm\n\n'
  {
    echo 'form|13 offices|368 offices'
    cat "$dir/files/forms"
  } | column -t -s '|'
}

# Mean time of a durable 8 KB write where the cluster stands.
fsync_time() {
  local began=$EPOCHREALTIME
  dd if=/dev/zero of="$dir/files/durable" bs=8k count=200 oflag=dsync status=none
  awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.2f ms", (ended - began) * 1000 / 200 }'
}

make_cluster
years=$(((elements + 662399) / 662400))
say "make the figures of $years years"
sql -v years="$years" -f source.sql
submissions=$(sql -c 'select count(*) from submission')
revisions=$(sql -c 'select count(*) from source')
asked_period=$((112 + years / 2))
asked_plan=plan-$((112 + years / 2 / 4 * 4))
past_moment=$(sql -c "
  select percentile_disc(0.5) within group (order by recorded_at)
  from source join submission on submission.id = submission_id and period = '$asked_period'")
sample() { sql -c "select $1 from sample"; }
sql <<'SAMPLE'
create table sample as
select *, array_to_string(element_state, '') as state_letters,
       array(select (value * 10)::bigint from unnest(element_value) with ordinality as cell (value, position)
             order by position) as tenths
from source where submission_id = 4 and number = 3;
SAMPLE
sql >"$dir/files/element_inserts.sql" <<'INSERTS'
select format('insert into element (submission_id, number, position, state, value) values (:submission, :number, %s, %L, %L);',
              position, state, value)
from sample cross join unnest(element_value, element_state) with ordinality as cell (value, state, position);
INSERTS

load rows text
measure_reads rows
measure_hand_in 'a  row per element, one by one' rows
measure_hand_in 'b  row per element, set-based' rows_set
load numeric_array text
measure_reads numeric_array
measure_forms
measure_hand_in 'c  numeric[] + "char"[]' numeric_array
load numeric_array_text text
measure_reads numeric_array_text
measure_hand_in 'c  numeric[] + text' numeric_array_text
load bigint_array text
measure_reads bigint_array
measure_hand_in 'd  bigint[] tenths + "char"[]' bigint_array
load jsonb jsonb
measure_reads jsonb
measure_hand_in 'e  jsonb document only' jsonb
say 'done'
report
