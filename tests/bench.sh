#!/bin/bash
# ./strongroom bench [--quick | --full | --trial] [--json FILE] [--report FILE.html] [--only PARTS] [--debian SUITE]:
# Strongroom beside its peers, in one run.
#
#   --quick   (default) at most ten minutes: the figures that matter, with smaller rounds
#   --full    about an hour: more rounds, larger instances and ledgers, the store 0, 30 and 100 ms away, peers with 1, 4 and 10 senders
#   --trial   a minute or two: shows that everything runs; its figures mean nothing
#   --json    the figures as one flat JSON object
#   --report  the figures as one HTML page, with charts
#   --only    parts of a run, with commas between: sizes, start, ingest, frames, cold, ledger, audit, tenants, recording
#   --debian  whose Orthanc: bookworm, trixie (default) or sid
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
suite=trixie option=
for word in "$@"; do
    case $word in --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;; esac
    if [ "$option" = --debian ]; then suite=$word; fi
    option=$word
done

if [ -z "${STRONGROOM_BENCH_COMPILED:-}" ]; then # its own test runs where all of this has been done
    "$root/tests/debian-install.sh" gcc g++ libc6-dev orthanc-dev dcmtk debootstrap debian-archive-keyring util-linux
    "$root/tests/debian-install.sh" fuse3 rclone || echo 'The run goes on without rclone mount.' >&2
    "$root/strongroom" build
    "$root/tests/share-classes.sh" "$root/target/strongroom" "$suite" # as docs/operations.md has an administrator do
    echo "Compiling the benchmark …"
    (cd "$root" && mvn -q -B -ntp -Dstyle.color=never -pl tests/bench -am test-compile)
fi
exec java -Xmx1g -cp "$root/tests/bench/target/classes:$(cat "$root/tests/bench/target/class-path")" \
    org.strongroom.tests.bench.Bench "$@"
