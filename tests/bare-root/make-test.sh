#!/usr/bin/env bash
# Inside a bare root: `make test`.
exec make test <&-
