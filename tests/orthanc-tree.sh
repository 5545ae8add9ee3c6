#!/bin/bash
# orthanc-tree.sh SUITE: makes (once) a Debian tree with that suite's Orthanc, plugins, Java and PostgreSQL, and prints its path.
#
#   bookworm  Orthanc 1.10.1, Java 17      trixie  Orthanc 1.12.7, Java 21      sid  Orthanc 1.13, Java 25
#
# Trees live outside the checkout: $STRONGROOM_CACHE, or /var/cache/strongroom for root, or the user's cache folder. Making one
# takes about a minute and root (or sudo). It is built aside and renamed, so an interrupted run leaves nothing half-made.
set -euo pipefail

suite=${1:?usage: orthanc-tree.sh bookworm|trixie|sid}
case $suite in
    bookworm) java=openjdk-17-jre-headless ;;
    trixie) java=openjdk-21-jre-headless ;;
    sid) java=openjdk-25-jre-headless ;;
    *) echo "orthanc-tree.sh: no such suite: $suite (bookworm, trixie, sid)" >&2; exit 2 ;;
esac
packages="orthanc orthanc-dicomweb orthanc-webviewer orthanc-postgresql postgresql libargon2-1 $java"

if [ -n "${STRONGROOM_CACHE:-}" ]; then cache=$STRONGROOM_CACHE
elif [ "$(id -u)" = 0 ]; then cache=/var/cache/strongroom
else cache=${XDG_CACHE_HOME:-$HOME/.cache}/strongroom; fi
tree=$cache/debian-$suite
wanted="1 $packages"

if [ "$(cat "$tree/strongroom-tree" 2>/dev/null)" = "$wanted" ]; then echo "$tree"; exit 0; fi
if [ "$(id -u)" != 0 ]; then
    mkdir -p "$cache"
    sudo -n true 2>/dev/null || { echo "orthanc-tree.sh: making $tree needs root; run once: sudo STRONGROOM_CACHE=$cache $0 $suite" >&2; exit 1; }
    exec sudo -n STRONGROOM_CACHE="$cache" "$0" "$suite"
fi

mkdir -p "$cache"
exec 9>"$cache/$suite.lock"
flock 9
# Another run may have finished it while this one waited.
if [ "$(cat "$tree/strongroom-tree" 2>/dev/null)" = "$wanted" ]; then echo "$tree"; exit 0; fi

echo "Making the Debian $suite tree in $tree (about a minute) …" >&2
part=$tree.part log=$cache/$suite.log
rm -rf --one-file-system "$part"
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "${proxy:-}" ] || export http_proxy=$proxy

# A mount namespace of its own: whatever is mounted in there is gone with the process.
if ! PART=$part SUITE=$suite PACKAGES=$packages unshare --mount bash -euo pipefail >"$log" 2>&1 9>&- <<'MAKE'
debootstrap --variant=minbase "$SUITE" "$PART" ${DEBIAN_MIRROR:-}
printf '#!/bin/sh\nexit 101\n' >"$PART/usr/sbin/policy-rc.d"
chmod 755 "$PART/usr/sbin/policy-rc.d"
echo '127.0.0.1 localhost' >"$PART/etc/hosts"
mkdir -p "$PART/etc/postgresql-common"
echo 'create_main_cluster = false' >"$PART/etc/postgresql-common/createcluster.conf"
mount -t proc proc "$PART/proc"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# sid's Release file can be out of date on a mirror.
chroot "$PART" apt-get -q -o Acquire::Check-Valid-Until=false update
chroot "$PART" apt-get -q -y install --no-install-recommends $PACKAGES
chroot "$PART" apt-get clean
rm -rf "$PART"/var/lib/apt/lists/* "$PART"/usr/share/doc/* "$PART"/usr/share/man/*
umount "$PART/proc"
MAKE
then
    echo "orthanc-tree.sh: could not make $tree; the end of $log:" >&2
    tail -20 "$log" >&2
    exit 1
fi
echo "$wanted" >"$part/strongroom-tree"
rm -rf --one-file-system "$tree"
mv -T "$part" "$tree"
echo "$tree"
