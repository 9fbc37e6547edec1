#!/usr/bin/env bash
# `make fuzz`: lets libFuzzer work on each target for FUZZ_SECONDS. It starts from tests/fuzz/corpus/TARGET; what it learns
# stays under build/fuzz/corpus, and an input that breaks a target under build/fuzz/findings: mend the fault, then move the
# input to tests/fuzz/corpus/TARGET, where every `make test` replays it.
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${FUZZ_SECONDS:-60}
broken=0
for source in tests/fuzz/*.c; do
    target=$(basename "$source" .c)
    [ "$target" != replay ] || continue
    mkdir -p "build/fuzz/corpus/$target" "build/fuzz/findings/$target" "tests/fuzz/corpus/$target"
    printf '%s: %s s\n' "$target" "$seconds"
    if ! "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 -max_len=65536 \
        -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$target/" \
        "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1; then
        broken=1
        tail -n 40 "build/fuzz/$target.log"
        printf '%s: broken by build/fuzz/findings/%s\n' "$target" "$target"
    else
        grep -E 'number_of_executed_units|new_units_added|peak_rss_mb' "build/fuzz/$target.log" | sed 's/^stat::/  /'
    fi
done
exit $broken
