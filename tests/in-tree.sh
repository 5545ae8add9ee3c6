#!/bin/bash
# in-tree.sh TREE COMMAND…: runs COMMAND, unprivileged, with /usr and /etc of a Debian tree and everything else of this machine.
#
# The mounts are in a namespace of the command's own and end with it; every path outside /usr and /etc means the same inside and
# out. The command replaces this script, so signals sent to its process id reach it.
#   as root:        it runs as "nobody", with no capabilities
#   as another user: it runs in a user namespace, in which its user is called root but may do nothing more than outside
# With STRONGROOM_NOEXEC_TMP=FOLDER nothing in /tmp can be executed or loaded, except what is in FOLDER.
# With STRONGROOM_INSTEAD=THERE:HERE what is at HERE is seen at THERE, a file or folder of the tree.
set -euo pipefail
tree=${1:?usage: in-tree.sh TREE COMMAND…}
shift
noexec=''
if [ -n "${STRONGROOM_NOEXEC_TMP:-}" ]; then
    noexec='mount --bind /tmp /tmp && mount -o remount,bind,noexec /tmp && mount --bind "$STRONGROOM_NOEXEC_TMP" "$STRONGROOM_NOEXEC_TMP" && mount -o remount,bind,exec "$STRONGROOM_NOEXEC_TMP" && '
fi
instead=''
if [ -n "${STRONGROOM_INSTEAD:-}" ]; then instead='mount --bind "${STRONGROOM_INSTEAD#*:}" "${STRONGROOM_INSTEAD%%:*}" && '; fi
enter="$noexec"'mount --bind "$0/usr" /usr && mount --bind "$0/etc" /etc && '"$instead"'exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"'
if [ "$(id -u)" = 0 ]; then
    exec unshare --mount sh -c "$enter" "$tree" --reuid=65534 --regid=65534 --clear-groups -- "$@"
fi
exec unshare --user --map-root-user --mount sh -c "$enter" "$tree" -- "$@"
