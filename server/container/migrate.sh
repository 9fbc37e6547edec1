#!/bin/sh
# Brings the schema up to date and loads the plan where none is, as the tables' owner; a plan that is loaded stays.
set -eu
tributaryd migrate
tributaryd plan load "/usr/local/share/tributary/plans/${TRIBUTARY_PLAN:-taoyuan-112-115}.json" --if-absent
