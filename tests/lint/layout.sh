#!/usr/bin/env bash
# The C sources are laid out as .clang-format says. Prints each file that is not, with the number of places.
set -euo pipefail
find common client server tests -name '*.[ch]' -print0 |
    xargs -0 --no-run-if-empty clang-format --dry-run -Werror 2>&1 |
    sed -n 's/:[0-9]*:[0-9]*: error: .*//p' | sort | uniq -c | awk '
        { print $2 ": " $1 " places are not laid out as .clang-format says (make format)" }
        END { exit NR > 0 }'
