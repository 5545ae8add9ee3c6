#!/bin/bash
# ./strongroom demo [--once] [--beside] [--folder DIR] | --stop: a PACS with Strongroom, and a study that goes to the tier and comes back.
#
#   --once    stop the PACS at the end and delete its folder
#   --beside  run although an Orthanc is configured on this machine (it is left alone)
#   --folder  where everything goes; default /var/tmp/strongroom-demo
#   --stop    end a demo PACS that still runs and delete its folder
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=/var/tmp/strongroom-demo once='' beside='' stop=''

while [ $# -gt 0 ]; do
    case $1 in
        --once) once=yes ;;
        --beside) beside=yes ;;
        --stop) stop=yes ;;
        --folder) folder=${2:?--folder needs a folder}; shift ;;
        --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;;
        *) echo "strongroom demo: no such option: $1" >&2; exit 2 ;;
    esac
    shift
done

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

running() { [ -s "$folder/orthanc.pid" ] && tr '\0' ' ' <"/proc/$(cat "$folder/orthanc.pid")/cmdline" 2>/dev/null | grep -qF "$folder/orthanc.json"; }

stop_pacs() {
    if running; then
        local pid
        pid=$(cat "$folder/orthanc.pid")
        as_root kill "$pid"
        for _ in $(seq 300); do running || break; sleep 0.1; done
        if running; then as_root kill -9 "$pid"; fi
    fi
    # Its sidecar would end by itself a little later; its folder is not pulled from under it.
    local sidecar
    for sidecar in $(pgrep -f -- "--home $folder/home" || true); do
        as_root kill "$sidecar" 2>/dev/null || true
        for _ in $(seq 100); do [ -e "/proc/$sidecar" ] || break; sleep 0.1; done
    done
}

delete_demo() {
    [ -e "$folder/strongroom-demo" ] || { echo "strongroom demo: there is no demo in $folder" >&2; return 1; }
    stop_pacs
    as_root rm -rf "$folder"
    echo "The demo PACS is stopped and $folder deleted."
}

# Why this machine looks as if somebody uses Orthanc on it; nothing if nobody does.
orthanc_in_use() {
    if pgrep -x Orthanc >/dev/null; then echo "an Orthanc process runs"
    elif ls /etc/rc[2345].d/S*orthanc >/dev/null 2>&1; then echo "the service orthanc is installed and starts with the machine"
    elif as_root find /var/lib/orthanc -type f 2>/dev/null | grep -q .; then echo "there are files in /var/lib/orthanc"
    fi
}

if [ -n "$stop" ]; then delete_demo; exit; fi
if running; then echo "strongroom demo: a demo still runs from $folder: ./strongroom demo --stop ends it" >&2; exit 1; fi
if [ -e "$folder" ] && [ ! -e "$folder/strongroom-demo" ]; then echo "strongroom demo: $folder exists and is not a demo's: name another with --folder" >&2; exit 1; fi
reason=$(orthanc_in_use)
if [ -n "$reason" ] && [ -z "$beside" ]; then
    cat >&2 <<REFUSED
strongroom demo: an Orthanc is configured on this machine ($reason).
The demo would leave it alone: it uses free ports and a folder of its own, $folder.
To run it all the same: ./strongroom demo --beside
REFUSED
    exit 1
fi

# The DICOMweb plugin's package would join an Orthanc that is configured here; then its file alone is taken.
dicomweb=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
packages=(orthanc dcmtk)
if [ -z "$reason" ]; then packages+=(orthanc-dicomweb); fi
"$root/tests/debian-install.sh" "${packages[@]}"
"$root/strongroom" build

echo "Compiling the demo …"
(cd "$root" && mvn -q -B -ntp -Dstyle.color=never -pl tests -am test-compile)

umask 022
as_root rm -rf "$folder"
mkdir -p "$folder"/{orthanc,home,tier,modality}
touch "$folder/strongroom-demo"
cp -r "$root/target/strongroom" "$folder/strongroom"
if [ ! -e "$dicomweb" ]; then
    (cd "$folder" && apt-get -q download orthanc-dicomweb && dpkg-deb -x orthanc-dicomweb_*.deb dicomweb && rm orthanc-dicomweb_*.deb)
    dicomweb=$folder/dicomweb$dicomweb
fi
(umask 077 && head -c 24 /dev/urandom | base64 >"$folder/passphrase")

# Orthanc never runs as root: root hands the folder to the user that Debian's package made.
as_user=()
if [ "$(id -u)" = 0 ]; then
    chown orthanc: "$folder"/{orthanc,home,tier,passphrase} "$folder"
    as_user=(setpriv --reuid=orthanc --regid=orthanc --init-groups)
fi

echo
echo "Everything the demo makes is in $folder; nothing else on this machine is touched."
java -cp "$root/tests/target/test-classes:$(cat "$root/tests/target/class-path")" org.strongroom.tests.demo.Demo \
    "$folder" "$folder/strongroom" "$dicomweb" "${as_user[@]}" || {
    stop_pacs
    echo "The demo failed, and its PACS is stopped; the log is $folder/orthanc.log" >&2
    exit 1
}

echo
if [ -n "$once" ]; then
    delete_demo
else
    cat <<RUNS
The PACS keeps running: open http://127.0.0.1:$(sed -n 's/.*"HttpPort" : \([0-9]*\).*/\1/p' "$folder/orthanc.json") in a browser, or send it more.
    where is what     $folder/strongroom/bin/strongroom --config $folder/orthanc.json status
    its log           $folder/orthanc.log
    end it            ./strongroom demo --stop
RUNS
fi
