#!/bin/bash
# A certified OpenID Connect provider on this machine for tests: oidc-provider of npm, on 127.0.0.1.
#
#   tests/oidc-provider.sh install                     installs it, once
#   tests/oidc-provider.sh start DIR PORT REDIRECT     starts it, and waits until it answers
#   tests/oidc-provider.sh stop DIR                    ends it
#
# Needs node and npm: version 8 of it is the last that runs on Debian 12's Node 18. Installed as azurite.sh does it. The environment says who there is (PEOPLE) and the client's CLIENT_SECRET: server.js.
set -euo pipefail

wanted=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/oidc-provider # the version, and that of everything it needs
version=$(sed -n 's/.*"oidc-provider": "\(.*\)".*/\1/p' "$wanted/package.json")

if [ -n "${STRONGROOM_CACHE:-}" ]; then cache=$STRONGROOM_CACHE
elif [ "$(id -u)" = 0 ]; then cache=/var/cache/strongroom
else cache=${XDG_CACHE_HOME:-$HOME/.cache}/strongroom; fi
place=$cache/oidc-provider-$version

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }

install() {
    [ -e "$place" ] && return
    command -v npm >/dev/null || { echo "oidc-provider.sh: npm is missing (Debian: nodejs npm)" >&2; exit 1; }
    mkdir -p "$cache"
    exec 9>"$cache/oidc-provider.lock"
    flock 9
    if [ ! -e "$place" ]; then # another run may have installed it meanwhile
        rm -rf --one-file-system "$place.part"
        mkdir "$place.part"
        cp "$wanted"/package*.json "$place.part/"
        if ! (cd "$place.part" && timeout 600 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$cache/oidc-provider.log" 2>&1 9>&-); then
            echo "oidc-provider.sh: could not install it; the end of $cache/oidc-provider.log:" >&2
            tail -20 "$cache/oidc-provider.log" >&2
            exit 1
        fi
        mv -T "$place.part" "$place"
    fi
    exec 9>&-
}

running() { [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; }

start() {
    install
    running && return
    cp "$wanted/server.js" "$dir/server.js"
    ln -sfn "$place/node_modules" "$dir/node_modules"
    echo '{"type": "module"}' >"$dir/package.json"
    setsid node "$dir/server.js" "$1" "$2" </dev/null >>"$dir/log" 2>&1 &
    echo $! >"$dir/pid"
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && running && return
        running || break
        sleep 0.1
    done
    echo "oidc-provider.sh: it does not answer on port $1:" >&2
    tail -5 "$dir/log" >&2
    stop
    return 1
}

stop() {
    running || return 0
    kill -KILL "$(cat "$dir/pid")" 2>/dev/null || true
    rm -f "$dir/pid"
}

case ${1:-} in
install) [ $# = 1 ] || usage; install ;;
start | stop)
    [ $# -ge 2 ] || usage
    mkdir -p "$2"
    dir=$(cd "$2" && pwd)
    if [ "$1" = stop ]; then stop; else start "${3:?the port is missing}" "${4:?the redirect is missing}"; fi
    ;;
*) usage ;;
esac
