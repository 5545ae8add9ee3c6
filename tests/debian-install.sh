#!/bin/bash
# debian-install.sh PACKAGE…: installs those of the Debian packages that are missing, and starts, stops or restarts no service.
#
# Orthanc's packages restart a running Orthanc when a plugin is added; a policy-rc.d that refuses every service action stands in
# the way while this runs, and whatever stood there before is put back. Nothing that is installed is upgraded for its own sake.
set -euo pipefail
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # dpkg refuses to work without them, and "su" keeps a user's

missing=()
for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -v; then
        printf 'Debian packages are missing, and without sudo this user cannot install them. As root:\n    %s %s\n' "$(realpath "$0")" "${missing[*]}" >&2
        exit 1
    fi
    exec sudo "$0" "$@"
fi

mkdir -p /run/lock
exec 9>/run/lock/strongroom-debian-install.lock
flock 9
policy=/usr/sbin/policy-rc.d saved=/usr/sbin/policy-rc.d.before-strongroom
orthanc_before=$(dpkg-query -W -f '${db:Status-Status}' orthanc 2>/dev/null || true)

restore() {
    if [ -e "$saved" ]; then mv -f "$saved" "$policy"; elif grep -qs 'Strongroom' "$policy"; then rm -f "$policy"; fi
}
# An Orthanc that came with this run must not start with the next boot either: it would listen, and store clear text.
switch_orthanc_off() {
    if [ "$orthanc_before" != installed ] && [ "$(dpkg-query -W -f '${db:Status-Status}' orthanc 2>/dev/null || true)" = installed ]; then
        update-rc.d orthanc disable >/dev/null 2>&1 || true
        echo "Debian's orthanc service is installed but switched off; 'update-rc.d orthanc enable' switches it on." >&2 || true
    fi
}
finish() {
    [ -z "$dots" ] || kill "$dots" 2>/dev/null || true
    switch_orthanc_off
    restore
}
restore # a run that was killed may have left its own
dots=''
trap finish EXIT
trap 'exit 130' INT TERM HUP # bash runs it when apt-get has ended, so the policy stands until then
if [ -e "$policy" ]; then cp -p "$policy" "$saved"; fi
printf '#!/bin/sh\n# Strongroom installs packages: no service is started, stopped or restarted meanwhile.\nexit 101\n' >"$policy.new"
chmod 755 "$policy.new"
mv -f "$policy.new" "$policy"

# No pipe behind apt-get: an interruption would break it in the middle of dpkg's work.
log=$(mktemp /tmp/strongroom-install.XXXXXX)
apt() {
    echo "apt-get $*" >>"$log"
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@" >>"$log" 2>&1 9>&-
}

printf 'Installing from Debian: %s ' "${missing[*]}" >&2
apt update || true # another source's failure does not matter if the packages are there
size=$(LC_ALL=C apt-get -q --no-install-recommends --no-upgrade --assume-no install "${missing[@]}" 2>/dev/null | sed -n 's/^Need to get \([^/]*[^/ ]\)\(\/.*\)\? of archives.*/\1/p' || true)
printf '(%s to fetch) ' "${size:-nothing}" >&2
while sleep 3; do printf . >&2; done 9>&- &
dots=$!
if ! apt -y --no-install-recommends --no-upgrade install "${missing[@]}"; then
    printf '\n' >&2
    grep -E '^(E|W|Err|dpkg): ?' "$log" | tail -5 >&2
    if grep -qE 'Temporary failure resolving|Could not (resolve|connect)|Unable to connect' "$log"; then
        echo "Debian's servers cannot be reached from here: this needs the network, or a mirror or proxy in /etc/apt." >&2
    fi
    echo "Could not install ${missing[*]}; all that apt-get said is in $log" >&2
    exit 1
fi
echo 'done' >&2
rm -f "$log"
