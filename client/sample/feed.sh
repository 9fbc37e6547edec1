#!/bin/sh
# Feeds the labelled synthetic sample years through the real client into a daemon whose database is marked as a sample.
# usage: client/sample/feed.sh SERVER_URL TOKENS_JSON
# TRIBUTARY_BIN names another client; SAMPLE_TODAY (YYYY-MM-DD) leaves out what is handed in after that day, today by default.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 SERVER_URL TOKENS_JSON" >&2
    exit 2
fi
server=$1
tokens=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
client=${TRIBUTARY_BIN:-$here/../../build/release/tributary}
today=${SAMPLE_TODAY:-$(TZ=Asia/Taipei date +%Y-%m-%d)}

# The client's cache and outbox of this run are its own: nothing of the person's is read or changed.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

unset TRIBUTARY_TOKEN TRIBUTARY_SAMPLE_CLOCK
python3 "$here/generate.py" --output "$work/documents" --today "$today"
XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state \
    TRIBUTARY_SERVER=$server TRIBUTARY_PLAN=taoyuan-112-115 \
    "$client" submit --manifest "$work/documents/manifest.jsonl" --tokens "$tokens"
