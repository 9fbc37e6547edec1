#!/usr/bin/env bash
# Cppcheck finds no error, warning, performance or portability fault. What it knows of unchanged files is kept in build/.
set -euo pipefail
mkdir -p build/lint/cppcheck
rooms=()
for room in common client server; do
    [ -z "$(find "$room" -name '*.c' -print -quit)" ] || rooms+=("$room")
done
[ ${#rooms[@]} -gt 0 ] || exit 0
cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr -j "$(nproc)" \
    --suppress=missingIncludeSystem --suppress=varFuncNullUB --cppcheck-build-dir=build/lint/cppcheck \
    --library=tests/lint/jansson.cfg \
    -D_GNU_SOURCE -Icommon -Iclient -Iserver "${rooms[@]}"
