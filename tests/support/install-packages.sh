#!/usr/bin/env bash
# Installs from the machine's own Debian sources what a purpose needs (see the file packages beside this one).
#   install-packages.sh build|run|test|lint|format|bench|fuzz|serve
# Does nothing, quickly, when everything is there. Uses sudo when not root.
set -euo pipefail
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
no_cluster=/etc/postgresql-common/createcluster.d/tributary.conf

fail() {
    printf 'install-packages: %s\n' "$*" >&2
    exit 1
}

case ${1:-} in
build | serve | format) purposes=" $1 " ;;
run) purposes=" build run " ;;
test | lint | bench | fuzz) purposes=" build run test $1 " ;;
*) fail 'usage: install-packages.sh build|run|test|lint|format|bench|fuzz|serve' ;;
esac

# Prints the alternatives ("a/b") of each package line that serves one of the purposes.
wanted_packages() {
    local for_purposes package purpose
    while IFS='|' read -r for_purposes package _; do
        for purpose in ${for_purposes//,/ }; do
            if [[ $purposes == *" $purpose "* ]]; then
                printf '%s\n' "${package// /}"
                break
            fi
        done
    done < <(grep -v -e '^#' -e '^$' "$here/packages") | sort -u
}

# Prints those of standard input's alternatives of which none is installed.
missing_packages() {
    local installed alternatives one
    installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | tr '\n' ' ')"
    while read -r alternatives; do
        for one in ${alternatives//\// }; do
            [[ $installed == *" $one "* ]] && continue 2
        done
        printf '%s\n' "$alternatives"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Chooses of each missing alternative the first one that apt knows, and installs them all.
install_missing() {
    local alternatives one chosen=()
    for alternatives in "${missing[@]}"; do
        for one in ${alternatives//\// }; do
            if apt-cache show --no-all-versions "$one" >/dev/null 2>&1; then
                chosen+=("$one")
                continue 2
            fi
        done
        printf 'no package source offers %s\n' "$alternatives"
        return 1
    done
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${chosen[@]}"
}

mapfile -t missing < <(wanted_packages | missing_packages)
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || fail "this is no Debian; please install: ${missing[*]}"
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || fail "neither root nor sudo; please install: ${missing[*]}"
printf '安裝套件 / installing: %s\n' "${missing[*]}"

log=$(mktemp)
declined_cluster=no
# shellcheck disable=SC2317 # called by the trap
clean_up() {
    rm -f "$log"
    [ "$declined_cluster" = no ] || as_root rm -f "$no_cluster"
}
trap clean_up EXIT

# Debian's PostgreSQL package makes and starts a cluster for the whole machine; nobody asked for one here.
if [ ! -e /usr/share/postgresql-common ] && [[ " ${missing[*]}" == *' postgresql/'* ]]; then
    declined_cluster=yes
    as_root mkdir -p "${no_cluster%/*}"
    printf 'create_main_cluster = false\n' | as_root tee "$no_cluster" >/dev/null
fi

install_missing >"$log" 2>&1 && exit 0
# Package lists that are absent or out of date are the usual cause: refresh them once.
as_root apt-get update -qq >>"$log" 2>&1 && install_missing >>"$log" 2>&1 && exit 0
tail -n 30 "$log" >&2
fail "could not install: ${missing[*]}"
