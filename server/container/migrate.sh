#!/bin/sh
# Brings the schema up to date and loads the plan, as the tables' owner; both change nothing when there is nothing to do.
set -eu
tributaryd migrate
tributaryd plan load "/usr/local/share/tributary/plans/${TRIBUTARY_PLAN:-taoyuan-112-115}.json"
