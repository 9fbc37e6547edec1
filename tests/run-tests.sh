#!/usr/bin/env bash
# Runs every test program against a private PostgreSQL; `make test` builds first and then calls this.
# Settings: VARIANT (release, asan), ONLY=unit/period (suites whose name begins so), WITH_LINT=yes, TEST_TIMEOUT (seconds).
#
# A suite is one program. Suites and how they report:
#   unit/NAME         a Criterion program, from tests/unit/NAME.c
#   fuzz/NAME         replays tests/fuzz/corpus/NAME, from tests/fuzz/NAME.c
#   integration, e2e, oracle, crash: each executable file there, and each program from a .c file there
# All but Criterion print a line `ok - name` or `not ok - name` for each test. A suite that exits non-zero without a
# `not ok`, takes too long, runs no test, leaves processes or makes a sanitizer speak counts as one failure.
#
# What a suite finds in its environment:
#   TRIBUTARY_TEST_PROGRAMS    folder of tributary and tributaryd
#   TRIBUTARY_TEST_DIRECTORY   an empty folder of its own, deleted afterwards (HOME and XDG folders lie in it)
#   TRIBUTARY_TEST_PG          the PostgreSQL socket's folder; PGHOST and PGPORT say the same
#   TRIBUTARY_TEST_ADMIN_URL   superuser, database postgres: to make and drop databases
#   TRIBUTARY_TEST_OWNER_URL, TRIBUTARY_TEST_DAEMON_URL   the two roles on an empty database `tributary`
#   TRIBUTARY_TEST_VARIANT     release or asan
# As many run at once as TEST_JOBS says, by default as there are cores, the longest first; those of crash one by one.
# Lint runs beside them all, on what they leave of the cores.
# It starts in the project's top folder with nothing on standard input.
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

variant=${VARIANT:-release}
only=${ONLY:-}
with_lint=${WITH_LINT:-no}
limit=${TEST_TIMEOUT:-600}
[ "$variant" != asan ] || limit=$((limit * 3))
programs=$PWD/build/$variant
at_once=${TEST_JOBS:-$(nproc)}
run_postgres=$PWD/server/run/private-postgres.sh

passed=0
failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tributary-test.XXXXXX")
chmod 711 "$scratch" # PostgreSQL's user passes through
: >"$scratch/numbers"

# shellcheck disable=SC2317 # called by the trap
clean_up() {
    "$run_postgres" remove "$scratch/postgres"
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

ulimit -c 0 # a crash on purpose leaves no core file

# Runs a suite and waits for what outlives its parent, as init does: in a container without one, a killed PostgreSQL would
# stay a process for ever, and the next one would refuse to start beside it. 36 is PR_SET_CHILD_SUBREAPER.
# Writes the processor time that all of them used, in seconds, into the file named first (the shared PostgreSQL's isn't in it).
attend='
import ctypes, os, resource, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
child = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
pid = 0
while pid != child:
    pid, status = os.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as told:
    told.write(f"{used.ru_utime + used.ru_stime:.1f}")
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
'

# Nothing of the caller's settings reaches the tests, but what is said to the tests themselves.
for name in $(compgen -e | grep -E '^(TRIBUTARY_|PG|MAKE|MFLAGS|VARIANT$|PORT$|VAR$|SAMPLE$|ONLY$)'); do
    [[ $name == TRIBUTARY_TEST_* ]] || unset "$name"
done

prepare() {
    local socket
    socket=$("$run_postgres" start "$scratch/postgres" --throwaway) || return 1
    # Debian's psql looks in Perl for the cluster that is meant: for each of many thousand questions, longer than the answer takes
    PATH=$("$run_postgres" programs "$scratch/postgres"):$PATH
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$socket" --port=5432 --username=postgres --dbname=postgres \
        --file=server/run/roles.sql >/dev/null || return 1
    export TRIBUTARY_TEST_PROGRAMS=$programs TRIBUTARY_TEST_VARIANT=$variant TRIBUTARY_TEST_PG=$socket
    export TRIBUTARY_TEST_ADMIN_URL="postgresql://postgres@/postgres?host=$socket&port=5432"
    export TRIBUTARY_TEST_OWNER_URL="postgresql://tributary_owner@/tributary?host=$socket&port=5432"
    export TRIBUTARY_TEST_DAEMON_URL="postgresql://tributary_daemon@/tributary?host=$socket&port=5432"
    export PGHOST=$socket PGPORT=5432 LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
}

# Sets suite_passed and suite_failed from a suite's log and exit status; a reason that is no test's goes into `remark`.
judge() {
    local kind=$1 log=$2 status=$3 synthesis
    suite_passed=0 suite_failed=0 remark=''
    if [ "$kind" = criterion ]; then
        synthesis=$(grep -aoE 'Synthesis: Tested: [0-9]+ \| Passing: [0-9]+' "$log" | tail -n 1)
        if [ -n "$synthesis" ]; then
            suite_passed=${synthesis##* }
            suite_failed=$(($(grep -oE '[0-9]+' <<<"$synthesis" | head -n 1) - suite_passed))
        fi
    else
        suite_passed=$(grep -aE '^ok\b' "$log" | grep -acv '# SKIP')
        suite_failed=$(grep -acE '^not ok\b' "$log")
    fi
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        remark="was ended after $limit s"
    elif [ "$status" -ne 0 ] && [ "$suite_failed" -eq 0 ]; then
        remark="exit status $status"
    elif [ $((suite_passed + suite_failed)) -eq 0 ]; then
        remark='ran no test'
    fi
}

# Whether a process of the group still runs; one that ended and waits for its parent doesn't count.
group_runs() {
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | awk -v group="$1" '
        $3 == group && $1 != "Z" { found = 1 }
        END { exit !found }'
}

# Those that take longest are started first, so that none of them is the last to run, alone.
longest=(integration/rights.py integration/verify_bytes_acts.py integration/verify_bytes_accounts.py
    integration/verify_bytes.py e2e/sample_years.py oracle/run integration/rights_sql.py oracle/reviewed
    integration/receipts.py integration/audit_export.py integration/accounts.py integration/row_security.py
    e2e/twelve_forms.py integration/bad_reviews.py integration/large_replies.py integration/open_data.py
    integration/mail_line.py integration/clock_jumps.py integration/durability.py)

# add_suite KIND NAME COMMAND…: a suite that start_suites will start.
declare -A suites
suite_order=()
add_suite() {
    local IFS='|'
    [[ $2 == "$only"* ]] || return 0
    suites[$2]="$*"
    suite_order+=("$2")
}

# Starts those that were added, as many at once as there are cores.
start_suites() {
    local name words
    for name in "${longest[@]}" "${suite_order[@]}"; do
        [ -n "${suites[$name]:-}" ] || continue
        IFS='|' read -ra words <<<"${suites[$name]}"
        unset "suites[$name]"
        start_suite "${words[@]}"
    done
    suite_order=()
}

# start_suite KIND NAME COMMAND…: runs a suite beside others. What a suite has to say it says when it is done, whole; its
# numbers wait for the end.
lint_job=''
numbers=$scratch/numbers
start_suite() {
    while [ "$(jobs -rp | grep -cvx "$lint_job")" -ge "$at_once" ]; do
        wait -n || true
    done
    start_now "$@"
}

start_now() {
    (
        trap - EXIT INT TERM HUP
        # shellcheck disable=SC2030 # its own numbers, which it hands on in a file
        passed=0 failed=0
        said=$(run_suite "$@"; printf '%d %d\n' "$passed" "$failed" >>"$numbers")
        flock "$scratch/numbers" printf '%s\n' "$said"
    ) &
}

# Waits for the suites that run, but for lint, and adds their numbers up.
await_suites() {
    local one_passed one_failed
    while jobs -rp | grep -qvx "$lint_job"; do
        wait -n || true
    done
    while read -r one_passed one_failed; do
        # shellcheck disable=SC2031
        passed=$((passed + one_passed)) failed=$((failed + one_failed))
    done <"$numbers"
    : >"$numbers"
}

# run_suite KIND NAME COMMAND…
run_suite() {
    local kind=$1 name=$2 directory log status=0 started group tenths report
    shift 2
    directory=$scratch/${name//\//-}
    log=$directory.log
    mkdir -m 711 "$directory"
    started=$(date +%s%N)
    TRIBUTARY_TEST_DIRECTORY=$directory HOME=$directory TMPDIR=$directory \
        XDG_CONFIG_HOME=$directory/config XDG_STATE_HOME=$directory/state XDG_CACHE_HOME=$directory/cache \
        ASAN_OPTIONS=log_path=$directory.sanitizer:detect_stack_use_after_return=1:fast_unwind_on_malloc=0 \
        UBSAN_OPTIONS=log_path=$directory.sanitizer:print_stacktrace=1 \
        LSAN_OPTIONS=$([ "$kind" != criterion ] || echo leak_check_at_exit=0:)suppressions=$PWD/tests/support/leaks-of-libraries:print_suppressions=0 \
        timeout --kill-after=10 "$limit" python3 -c "$attend" "$directory.cpu" "$@" >"$log" 2>&1 &
    group=$!
    wait "$group" || status=$?

    judge "$kind" "$log" "$status"
    for ((tenths = 0; tenths < 20; tenths++)); do
        group_runs "$group" || break
        sleep 0.1
    done
    if group_runs "$group"; then
        kill -KILL -- "-$group" 2>/dev/null
        remark=${remark:-left processes behind}
    fi
    for report in "$directory".sanitizer.*; do
        [ -e "$report" ] || continue
        cat "$report" >>"$log"
        remark='a sanitizer reported'
    done
    [ -z "$remark" ] || suite_failed=$((suite_failed + 1))
    passed=$((passed + suite_passed))
    failed=$((failed + suite_failed))
    printf '  %-40s %5d passed %s %7.1f s %7.1f s cpu\n' "$name" "$suite_passed" \
        "$([ "$suite_failed" -eq 0 ] && echo '          ' || printf '%3d FAILED' "$suite_failed")" \
        "$((($(date +%s%N) - started) / 100000000))e-1" "$(cat "$directory.cpu" 2>/dev/null || echo 0)"
    if [ "$suite_failed" -gt 0 ]; then
        [ -z "$remark" ] || printf '    %s: %s\n' "$name" "$remark" | tee -a "$scratch/failures"
        { grep -aE '^not ok\b' "$log" | head -n 40; echo '…'; tail -n 60 "$log"; } | sed 's/^/    | /'
        grep -aE -A 2 '^not ok\b|^\[FAIL\]|THE DAEMON DIED' "$log" | head -n 20 | cut -c 1-300 | sed "s|^|    $name: |" >>"$scratch/failures"
    fi
    rm -rf "$directory" "$log" "$directory.cpu" "$directory".sanitizer.*
}

# Adds the suites of a room that are programs of their own: executable files, and what was built from .c files.
add_room() {
    local room=$1 file
    for file in tests/"$room"/*; do
        if [[ $file == *.c ]]; then
            file=$programs/${file%.c}
            add_suite plain "$room/${file##*/}" "$file"
        elif [ -f "$file" ] && [ -x "$file" ]; then
            add_suite plain "$room/${file##*/}" "$PWD/$file"
        elif [ -f "$file" ] && [[ $room/${file##*/} == "$only"* ]] && [ "$(head -c 2 "$file")" = '#!' ]; then
            printf '  %-40s is a suite that cannot be executed: chmod +x\n' "$room/${file##*/}"
            failed=$((failed + 1))
        fi
    done
}

prepare || {
    printf 'the private PostgreSQL for the tests did not start\n0 passed, 1 failed\n'
    exit 1
}
if [ "$with_lint" = yes ] && [[ lint == "$only"* ]]; then
    : >"$scratch/lint-numbers"
    numbers=$scratch/lint-numbers limit=3600 start_now plain lint nice -n 19 tests/lint/run.sh
    lint_job=$!
fi
for source in tests/unit/*.c; do
    name=$(basename "$source" .c)
    [ ! -e "$source" ] || add_suite criterion "unit/$name" "$programs/tests/unit/$name"
done
for source in tests/fuzz/*.c; do
    name=$(basename "$source" .c)
    [ ! -e "$source" ] || [ "$name" = replay ] ||
        add_suite plain "fuzz/$name" "$programs/tests/fuzz/$name" "tests/fuzz/corpus/$name"
done
for room in integration e2e oracle; do
    add_room $room
done
start_suites
await_suites
at_once=1 # these load the machine themselves, and hold waits to limits under that load
add_room crash
start_suites
await_suites

minimum=$(cat tests/minimum-count)
if [ -z "$only" ] && [ $((passed + failed)) -lt "$minimum" ]; then
    printf 'only %d tests ran; tests/minimum-count says %d\n' $((passed + failed)) "$minimum"
    failed=$((failed + 1))
fi
if [ "$with_lint" = yes ]; then
    lint_job='' numbers=$scratch/lint-numbers
    await_suites
fi

# The shared PostgreSQL's: of the processes that ended.
postgres_cpu() {
    local postmaster
    postmaster=$(head -n 1 "$(realpath "$scratch/postgres")/data/postmaster.pid")
    sed 's/.*) //' "/proc/$postmaster/stat" | awk -v hertz="$(getconf CLK_TCK)" '{ printf "%.1f", ($12 + $13 + $14 + $15) / hertz }'
}
printf '  %-40s %43s s cpu\n' 'the shared PostgreSQL' "$(postgres_cpu)"

# Once more at the end, where whoever reads but the last lines finds them.
if [ -s "$scratch/failures" ]; then
    printf '\n  What failed:\n'
    cat "$scratch/failures"
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
