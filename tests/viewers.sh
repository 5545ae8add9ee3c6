#!/bin/bash
# Clients for browsers that others make, for tests: dicomweb-client and dwv of npm.
#
#   tests/viewers.sh install    installs them, once, and says where their modules are
#
# Needs npm. Installed as azurite.sh does it.
set -euo pipefail

wanted=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/viewers # their versions, and those of everything they need

if [ -n "${STRONGROOM_CACHE:-}" ]; then cache=$STRONGROOM_CACHE
elif [ "$(id -u)" = 0 ]; then cache=/var/cache/strongroom
else cache=${XDG_CACHE_HOME:-$HOME/.cache}/strongroom; fi
place=$cache/viewers-$(sha256sum <"$wanted/package-lock.json" | cut -c1-12)

[ "$*" = install ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }
if [ ! -e "$place" ]; then
    command -v npm >/dev/null || { echo "viewers.sh: npm is missing (Debian: nodejs npm)" >&2; exit 1; }
    mkdir -p "$cache"
    exec 9>"$cache/viewers.lock"
    flock 9
    if [ ! -e "$place" ]; then # another run may have installed it meanwhile
        rm -rf --one-file-system "$place.part"
        mkdir "$place.part"
        cp "$wanted"/package*.json "$place.part/"
        if ! (cd "$place.part" && timeout 600 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$cache/viewers.log" 2>&1 9>&-); then
            echo "viewers.sh: could not install them; the end of $cache/viewers.log:" >&2
            tail -20 "$cache/viewers.log" >&2
            exit 1
        fi
        chmod -R a+rX "$place.part"
        mv -T "$place.part" "$place"
    fi
    exec 9>&-
fi
echo "$place/node_modules"
