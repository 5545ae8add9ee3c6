#!/bin/bash
# A Docker engine on this machine for tests, out of a Debian tree of its own: nothing is installed here, no firewall is changed.
#
#   tests/docker-engine.sh install        makes the tree, once: Debian 12's docker.io and docker-compose, and a bare Debian 12
#   tests/docker-engine.sh start DIR      starts an engine that keeps everything in DIR and listens on DIR/docker.sock only, and gives
#                                         it that bare Debian as image debian:bookworm-slim
#   tests/docker-engine.sh compose DIR WORDS…   docker-compose, with this engine
#   tests/docker-engine.sh stop DIR       ends it with its containers, and deletes DIR
#
# Exit status 3: no engine can work here, and standard error says why.
set -euo pipefail

packages='docker.io docker-compose'
if [ -n "${STRONGROOM_CACHE:-}" ]; then cache=$STRONGROOM_CACHE
elif [ "$(id -u)" = 0 ]; then cache=/var/cache/strongroom
else cache=${XDG_CACHE_HOME:-$HOME/.cache}/strongroom; fi
place=$cache/docker-engine
wanted="1 $packages"

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }

cannot() {
    echo "docker-engine.sh: no Docker engine can work here: $1" >&2
    exit 3
}

install() {
    [ "$(cat "$place/made" 2>/dev/null)" != "$wanted" ] || return 0
    mkdir -p "$cache"
    exec 9>"$cache/docker-engine.lock"
    flock 9
    if [ "$(cat "$place/made" 2>/dev/null)" != "$wanted" ]; then # another run may have made it meanwhile
        echo "Making a Docker engine in $place (about a minute) …" >&2
        rm -rf --one-file-system "$place.part"
        mkdir "$place.part"
        # A mount namespace of its own: whatever is mounted in there is gone with the process.
        if ! PLACE=$place.part PACKAGES=$packages unshare --mount bash -euo pipefail >"$cache/docker-engine.log" 2>&1 9>&- <<'MAKE'
tree=$PLACE/tree
debootstrap --variant=minbase bookworm "$tree" ${DEBIAN_MIRROR:-}
tar -C "$tree" -c . | gzip -1 >"$PLACE/debian.tar.gz"
printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
chmod 755 "$tree/usr/sbin/policy-rc.d"
mount -t proc proc "$tree/proc"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$tree" apt-get -q update
chroot "$tree" apt-get -q -y install --no-install-recommends $PACKAGES
umount "$tree/proc"
rm -rf "$tree"/var "$tree"/usr/share/doc "$tree"/usr/share/man
MAKE
        then
            echo "docker-engine.sh: could not make it; the end of $cache/docker-engine.log:" >&2
            tail -20 "$cache/docker-engine.log" >&2
            exit 1
        fi
        echo "$wanted" >"$place.part/made"
        rm -rf --one-file-system "$place"
        mv -T "$place.part" "$place"
    fi
    exec 9>&-
}

# in_tree COMMAND…: becomes the command, which sees the tree's programs and everything else of this machine. Its mounts end with it.
in_tree() { exec unshare --mount sh -c 'mount --bind "$0/usr" /usr && exec "$@"' "$place/tree" "$@"; }

client() { (DOCKER_HOST=unix://$dir/docker.sock in_tree docker "$@"); }

running() { [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; }

# Docker's own default networks and its firewall rules are left out: --bridge=none --iptables=false.
start() {
    [ "$(id -u)" = 0 ] || cannot 'it needs root'
    install
    (in_tree setsid dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$dir/data" --exec-root "$dir/run" \
        --pidfile "$dir/docker.pid" --host "unix://$dir/docker.sock") </dev/null >>"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
    for _ in $(seq 100); do
        if client version >/dev/null 2>&1 || ! running; then break; fi
        sleep 0.3
    done
    attempt version
    gzip -dc "$place/debian.tar.gz" | client import - debian:bookworm-slim >/dev/null
    attempt network create trial
    attempt network rm trial
    attempt run --rm --network none debian:bookworm-slim true
}

# attempt WORDS…: what an engine can do that works. In a chroot, or where there are no control groups, it starts and can nothing.
attempt() {
    local said
    if ! said=$(client "$@" 2>&1); then
        running || said="$said $(tail -3 "$dir/log")"
        stop
        cannot "docker $*: $said"
    fi
}

stop() {
    if running; then
        local pid
        pid=$(cat "$dir/pid")
        kill -TERM "$pid" 2>/dev/null || true
        for _ in $(seq 300); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -rf --one-file-system "$dir"
}

case ${1:-} in
install) [ $# = 1 ] || usage; install ;;
start | stop | compose)
    [ $# -ge 2 ] || usage
    action=$1
    mkdir -p "$2"
    dir=$(cd "$2" && pwd)
    shift 2
    case $action in
    compose) DOCKER_HOST=unix://$dir/docker.sock in_tree docker-compose "$@" ;;
    *) $action ;;
    esac
    ;;
*) usage ;;
esac
