#!/bin/bash
# bare-debian.sh SUITE COMMAND…: runs COMMAND in a clone of this checkout, on a Debian SUITE (bookworm, trixie) that has nothing but
# its smallest system, as root, as whoever has just installed it and follows the README:
#
#   tests/bare-debian.sh bookworm ./strongroom demo --once
#   tests/bare-debian.sh bookworm ./strongroom test
#
# With STRONGROOM_BARE_USER=1 it runs as a user who has sudo, in that user's home. With STRONGROOM_BARE_CACHES=1, as root only, what Maven has
# fetched and the Debian trees of the tests are this machine's, as on a second run.
# What is committed is what runs. The machine is a folder with namespaces of its own for mounts and processes, this machine's network, devices
# and control groups; it goes when the command ends, and with it whatever the command started or installed. Needs root, debootstrap, git and 15 GB.
set -euo pipefail
suite=${1:?usage: bare-debian.sh SUITE COMMAND…}
shift
[ "$(id -u)" = 0 ] || { echo "bare-debian.sh: needs root" >&2; exit 2; }
# The PATH that Debian gives whoever logs in: a user's leaves out where its servers are.
user=${STRONGROOM_BARE_USER:+clinic} home=/root path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if [ -n "$user" ]; then
    [ -z "${STRONGROOM_BARE_CACHES:-}" ] || { echo "bare-debian.sh: the caches are root's: not with STRONGROOM_BARE_USER" >&2; exit 2; }
    home=/home/$user path=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games
fi
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
machine=$(mktemp -d "${STRONGROOM_CACHE:-/var/cache/strongroom}/bare-$suite.XXXXXX")
chmod 755 "$machine"
trap 'rm -rf --one-file-system "$machine" "$machine.log"' EXIT
echo "A bare Debian $suite in $machine …" >&2
debootstrap --variant=minbase ${user:+--include=sudo} "$suite" "$machine" ${DEBIAN_MIRROR:-} >"$machine.log" 2>&1 || { tail -20 "$machine.log" >&2; exit 1; }
# Authorities of this network's own, as its administrator would install them first.
mkdir -p "$machine/usr/local/share"
[ ! -d /usr/local/share/ca-certificates ] || cp -a /usr/local/share/ca-certificates "$machine/usr/local/share/"
git -c safe.directory="$root" clone -q --no-hardlinks "$root" "$machine/strongroom"
if [ -n "$user" ]; then
    chroot "$machine" useradd --create-home --shell /bin/bash "$user"
    echo "$user ALL=(ALL) NOPASSWD: ALL" >"$machine/etc/sudoers.d/$user"
    chroot "$machine" chown -R "$user:" strongroom
fi
mv "$machine/strongroom" "$machine$home/"
# shellcheck disable=SC2016 # expanded by the inner shell
unshare --mount --uts --ipc --pid --fork --kill-child bash -euo pipefail -c '
    machine=$1 home=$2 user=$3 path=$4
    shift 4
    mount --bind "$machine" "$machine"
    cd "$machine"
    mount -t proc proc proc
    mount --rbind /sys sys
    mount --rbind /dev dev
    mount -t tmpfs tmpfs dev/shm
    if [ -n "${STRONGROOM_BARE_CACHES:-}" ]; then
        mkdir -p var/cache/strongroom root/.m2/repository
        mount --bind /var/cache/strongroom var/cache/strongroom
        mount --bind "$HOME/.m2/repository" root/.m2/repository
    fi
    mkdir old
    pivot_root . old
    cd "$home/strongroom"
    umount -l /old
    rmdir /old
    exec setpriv --reuid "$user" --regid "$user" --init-groups env -i HOME="$home" USER="$user" LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt TERM="${TERM:-dumb}" PATH="$path" "$@"
' bare-debian "$machine" "$home" "${user:-root}" "$path" "$@"
