#!/usr/bin/env bash
# Tries the README's two commands on a bare Debian 12 that has nothing but make, git and sudo.
#   try.sh [SCRIPT…]    default: make-run.sh and make-test.sh of this folder, each as root and as an ordinary user with sudo
# Each trial gets a fresh copy of a root made by debootstrap, with a git clone of the last commit (TREE=working: the files
# as they are) in the user's home. AS="root clerk" chooses the users, PORT the port. Needs root and debootstrap; the mirror
# is the one this machine's apt uses. The base root and the packages it downloads are kept in BARE_ROOT_CACHE
# (/tmp/tributary-bare-root), as are the logs.
set -euo pipefail
exec </dev/null
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
cache=${BARE_ROOT_CACHE:-/tmp/tributary-bare-root}
release=bookworm

fail() {
    printf 'bare-root: %s\n' "$*" >&2
    exit 1
}
[ "$(id -u)" -eq 0 ] || fail 'needs root'
command -v debootstrap >/dev/null || fail 'needs debootstrap (apt-get install debootstrap)'

# What apt is told here about servers: its sources, and its settings of proxies and of outdated lists.
copy_apt_settings() {
    local root=$1 file
    rm -f "$root/etc/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || install -D -m 644 "$file" "$root$file"
    done
    apt-config dump | grep -E '^Acquire::(http|https|Check-)' >"$root/etc/apt/apt.conf.d/90machine" || true
    cp --dereference /etc/resolv.conf /etc/hosts "$root/etc/"
}

make_base() {
    [ ! -e "$cache/base/.complete" ] || return 0
    local mirror
    # shellcheck disable=SC2016 # apt-get's own placeholders
    mirror=$(apt-get indextargets --format '$(RELEASE) $(SITE)' | sed -n "s/^$release //p" | head -n 1)
    [ -n "$mirror" ] || fail "apt on this machine has no source for $release (apt-get update first)"
    printf 'debootstrap %s\n' "$release"
    rm -rf "$cache/base"
    mkdir -p "$cache/archives/partial"
    chmod 711 "$cache"
    debootstrap --variant=minbase --include=make,git,sudo "$release" "$cache/base" "$mirror" >"$cache/debootstrap.log" 2>&1 || {
        tail -n 20 "$cache/debootstrap.log"
        fail 'debootstrap failed'
    }
    copy_apt_settings "$cache/base"
    chroot "$cache/base" useradd --create-home --shell /bin/bash clerk
    printf 'clerk ALL=(ALL) NOPASSWD: ALL\n' >"$cache/base/etc/sudoers.d/clerk"
    touch "$cache/base/.complete"
}

put_project() {
    if [ "${TREE:-committed}" = working ]; then
        mkdir -p "$1"
        tar -C "$project" --exclude=./build --exclude=./var --exclude=./.git -cf - . | tar -C "$1" --no-same-owner -xf -
    else
        git clone --quiet "file://$project" "$1"
    fi
}

# Runs a command in a root, in namespaces of its own: every process and mount of it ends with it.
inside() {
    # shellcheck disable=SC2016 # it expands inside
    unshare --mount --pid --fork --kill-child --propagation private bash -euc '
        root=$1 archives=$2; shift 2
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs shm "$root/dev/shm"
        mkdir -p "$root/var/cache/apt/archives"
        mount --bind "$archives" "$root/var/cache/apt/archives"
        status=0 # no exec: this shell is the first process there, and takes leave of those whose parents ended before them
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@" || status=$?
        exit $status' inside "$1" "$cache/archives" "${@:2}"
}

try() {
    local script=$1 user=$2 root=$cache/trial name home status=0 started=$SECONDS
    name=$(basename "$script" .sh)
    home=/root
    [ "$user" = root ] || home=/home/$user
    rm -rf "$root"
    cp -a "$cache/base" "$root"
    put_project "$root$home/tributary"
    install -m 755 "$script" "$root/trial"
    chroot "$root" chown -R "$user:" "$home/tributary"
    inside "$root" su - "$user" -c "cd tributary && PORT=${PORT:-8013} exec /trial" >"$cache/$name-$user.log" 2>&1 || status=$?
    if [ $status -eq 0 ]; then
        printf 'ok - %s on a bare root as %s (%d s)\n' "$name" "$user" $((SECONDS - started))
    else
        tail -n 40 "$cache/$name-$user.log" | sed 's/^/    | /'
        printf 'not ok - %s on a bare root as %s (%d s, exit status %d)\n' "$name" "$user" $((SECONDS - started)) $status
        failed=1
    fi
    rm -rf "$root"
}

failed=0
make_base
[ $# -gt 0 ] || set -- "$here/make-run.sh" "$here/make-test.sh"
for script in "$@"; do
    for user in ${AS:-root clerk}; do
        try "$script" "$user"
    done
done
exit $failed
