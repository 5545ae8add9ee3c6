#!/bin/bash
# A real Azure Blob service on this machine for tests: Microsoft's emulator Azurite, on 127.0.0.1.
#
#   tests/azurite.sh install          installs it, once
#   tests/azurite.sh start DIR PORT   starts it in DIR, empty or with what it held, and waits until it answers
#   tests/azurite.sh stop DIR         ends it, so that it writes what it holds; DIR stays
#
# Needs node and npm. It is installed from npm's registry outside the checkout, beside the Debian trees of orthanc-tree.sh, aside
# and renamed, so an interrupted run leaves nothing half-made. The one account is "strongroomtest"; its key is written to DIR/key.
set -euo pipefail

wanted=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/azurite # the version, and that of everything it needs
version=$(sed -n 's/.*"azurite": "\(.*\)".*/\1/p' "$wanted/package.json")
account=strongroomtest

if [ -n "${STRONGROOM_CACHE:-}" ]; then cache=$STRONGROOM_CACHE
elif [ "$(id -u)" = 0 ]; then cache=/var/cache/strongroom
else cache=${XDG_CACHE_HOME:-$HOME/.cache}/strongroom; fi
place=$cache/azurite-$version
main=$place/node_modules/azurite/dist/src/blob/main.js

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }

install() {
    [ -e "$main" ] && return
    command -v npm >/dev/null || { echo "azurite.sh: npm is missing (Debian: nodejs npm)" >&2; exit 1; }
    mkdir -p "$cache"
    exec 9>"$cache/azurite.lock"
    flock 9
    if [ ! -e "$main" ]; then # another run may have installed it meanwhile
        echo "Installing Azurite $version in $place (about a minute) …" >&2
        rm -rf --one-file-system "$place.part"
        mkdir "$place.part"
        cp "$wanted"/package*.json "$place.part/"
        if ! (cd "$place.part" && timeout 600 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$cache/azurite.log" 2>&1 9>&-); then
            echo "azurite.sh: could not install it; the end of $cache/azurite.log:" >&2
            tail -20 "$cache/azurite.log" >&2
            exit 1
        fi
        rm -rf --one-file-system "$place"
        mv -T "$place.part" "$place"
    fi
    exec 9>&-
}

running() { [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; }

start() {
    local port=$1
    install
    running && return
    mkdir -p "$dir/data"
    [ -f "$dir/key" ] || (umask 077; head -c 64 /dev/urandom | base64 -w 0 >"$dir/key")
    AZURITE_ACCOUNTS="$account:$(cat "$dir/key")" setsid node "$main" --blobHost 127.0.0.1 --blobPort "$port" -l "$dir/data" \
        --silent --disableTelemetry </dev/null >>"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && running && return
        running || break
        sleep 0.1
    done
    echo "azurite.sh: it does not answer on port $port:" >&2
    tail -5 "$dir/log" >&2
    stop
    return 1
}

stop() {
    running || return 0
    local pid
    pid=$(cat "$dir/pid")
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$dir/pid"
}

case ${1:-} in
install) [ $# = 1 ] || usage; install ;;
start | stop)
    [ $# -ge 2 ] || usage
    mkdir -p "$2"
    dir=$(cd "$2" && pwd)
    if [ "$1" = stop ]; then stop; else start "${3:?the port is missing}"; fi
    ;;
*) usage ;;
esac
