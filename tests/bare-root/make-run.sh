#!/usr/bin/env bash
# Inside a bare root: `make run` becomes ready, the client reads figures, and `make stop` ends it.
set -euo pipefail
url=http://127.0.0.1:$PORT

ready() {
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/readyz" 2>/dev/null)" = 200 ]
}

make run PORT="$PORT" <&- &
make=$!
until ready; do
    kill -0 $make
    sleep 0.5
done
TRIBUTARY_TOKEN=$(jq -r .geo var/sample-tokens.json)
export TRIBUTARY_TOKEN TRIBUTARY_SERVER=$url TRIBUTARY_PLAN=taoyuan-112-115
build/release/tributary indicators --year 113 --by group
make stop
wait $make

# The second time needs no set-up, and finds its state again.
make run PORT="$PORT" <&- &
make=$!
until ready; do
    kill -0 $make
    sleep 0.5
done
build/release/tributary indicators --year 113 --by group
make stop
wait $make
