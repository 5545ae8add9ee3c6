#!/bin/bash
# share-classes.sh DISTRIBUTION SUITE: has the Java of a Debian tree share the classes of a distribution, as "./strongroom build" has this machine's.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
distribution=$1 suite=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "$(id -u)" = 0 ]; then chown 65534:65534 "$scratch"; fi # as whom in-tree.sh runs it
env -u JAVA_HOME "$root/tests/in-tree.sh" "$("$root/tests/orthanc-tree.sh" "$suite")" "$distribution/bin/strongroom" share-classes "$scratch"
cp --no-dereference --remove-destination "$scratch"/*.jsa "$distribution/lib/classes/"
