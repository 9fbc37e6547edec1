#!/usr/bin/env bash
# `make fresh`: stops what runs in VAR and deletes everything it kept there. Deletes nothing that `make run` did not make.
set -euo pipefail
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=server/run/state.sh
source "$here/state.sh"

var=${VAR:-var}
if [ ! -e "$var" ]; then
    printf '%s 已經是空的 / %s is empty already\n' "$var" "$var"
    exit 0
fi
if [ ! -f "$var/$marker_name" ]; then
    printf 'fresh: %s was not made by make run; nothing deleted\n' "$var" >&2
    exit 1
fi
"$here/stop.sh"
"$here/private-postgres.sh" remove "$var/postgres"
rm -rf -- "$(realpath "$var")"
printf '已清空 / emptied: %s\n' "$var"
