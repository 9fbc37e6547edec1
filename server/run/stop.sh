#!/usr/bin/env bash
# `make stop`: stops what `make run` with the same VAR started: the run itself, or what it left behind.
set -euo pipefail
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=server/run/state.sh
source "$here/state.sh"

var=${VAR:-var}
if [ ! -e "$var/$marker_name" ]; then
    printf '%s 沒有在執行 / nothing runs in %s\n' "$var" "$var"
    exit 0
fi
end_process "$var/run.pid" 120
end_process "$var/daemon.pid" 60
"$here/private-postgres.sh" stop "$var/postgres"
printf '已停止 / stopped (%s)\n' "$var"
