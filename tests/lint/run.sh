#!/usr/bin/env bash
# `make lint`: runs each check and prints `ok - lint: NAME`, or what it found and `not ok - lint: NAME`.
# A check is an executable in this folder, or the make target lint-NAME; it says nothing when all is well.
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

failed=0
check() {
    local name=$1 findings
    shift
    if findings=$("$@" 2>&1); then
        printf 'ok - lint: %s\n' "$name"
    else
        printf '%s\nnot ok - lint: %s\n' "$findings" "$name"
        failed=1
    fi
}

check layout tests/lint/layout.sh
check 'headers compile alone' make --keep-going --silent --jobs="$(nproc)" lint-headers
check 'warnings and clang-tidy' make --keep-going --silent --jobs="$(nproc)" lint-sources
check cppcheck tests/lint/cppcheck.sh
check shellcheck tests/lint/shellcheck.sh
check 'banned functions' tests/lint/banned-functions.py
check 'plan codes' tests/lint/plan-codes.py
exit $failed
