#!/bin/bash
# debian-install.sh PACKAGE…: installs those of the Debian packages that are missing, and starts, stops or restarts no service.
#
# Orthanc's packages restart a running Orthanc when a plugin is added; a policy-rc.d that refuses every service action stands in
# the way while this runs, and whatever stood there before is put back. Nothing that is installed is upgraded for its own sake.
set -euo pipefail

missing=()
for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -v; then
        printf 'Missing Debian packages. As root, run:\n    apt-get update && apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
        exit 1
    fi
    exec sudo "$0" "$@"
fi

echo "Installing from Debian: ${missing[*]}" >&2
exec 9>/run/lock/strongroom-debian-install.lock
flock 9
policy=/usr/sbin/policy-rc.d saved=/usr/sbin/policy-rc.d.before-strongroom
orthanc_before=$(dpkg-query -W -f '${db:Status-Status}' orthanc 2>/dev/null || true)

restore() {
    if [ -e "$saved" ]; then mv -f "$saved" "$policy"; elif grep -qs 'Strongroom' "$policy"; then rm -f "$policy"; fi
}
restore # a run that was killed may have left its own
trap restore EXIT
trap 'exit 130' INT TERM
if [ -e "$policy" ]; then cp -p "$policy" "$saved"; fi
printf '#!/bin/sh\n# Strongroom installs packages: no service is started, stopped or restarted meanwhile.\nexit 101\n' >"$policy.new"
chmod 755 "$policy.new"
mv -f "$policy.new" "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=600 update >&2
apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends --no-upgrade install "${missing[@]}" >&2 9>&-

# An Orthanc that came with this run must not start with the next boot either: it would listen, and store clear text.
if [ "$orthanc_before" != installed ] && [ "$(dpkg-query -W -f '${db:Status-Status}' orthanc 2>/dev/null || true)" = installed ]; then
    update-rc.d orthanc disable >/dev/null 2>&1
    echo "Debian's orthanc service is installed but switched off; 'update-rc.d orthanc enable' switches it on." >&2
fi
