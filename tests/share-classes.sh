#!/bin/bash
# share-classes.sh DISTRIBUTION SUITE: has the Java of a Debian tree share the classes of a distribution, as "./strongroom build" has this machine's.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
distribution=$1 suite=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 1777 "$scratch"
"$root/tests/in-tree.sh" "$("$root/tests/orthanc-tree.sh" "$suite")" "$distribution/bin/strongroom" share-classes "$scratch"
cp "$scratch"/*.jsa "$distribution/lib/classes/"
