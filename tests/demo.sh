#!/bin/bash
# ./strongroom demo [--once] [--beside] [--small] [--folder DIR] | --stop: a PACS with Strongroom, and a study that goes to the tier and comes back.
#
#   --once    stop the PACS at the end and delete its folder
#   --beside  run although an Orthanc is configured on this machine (it is left alone)
#   --small   a tenth of the study
#   --folder  where everything goes; default /var/tmp/strongroom-demo
#   --stop    end a demo PACS that still runs and delete its folder
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=/var/tmp/strongroom-demo once='' beside='' stop='' named='' share=1

while [ $# -gt 0 ]; do
    case $1 in
        --once) once=yes ;;
        --beside) beside=yes ;;
        --small) share=10 ;;
        --stop) stop=yes ;;
        --folder) folder=$(realpath -m -- "${2:?--folder needs a folder}") named=" --folder $2"; shift ;;
        --help | -h) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit ;;
        *) echo "strongroom demo: no such option: $1" >&2; exit 2 ;;
    esac
    shift
done

die() { printf 'strongroom demo: %s\n' "$@" >&2; exit 1; }

# Process ids whose command line has a word that is exactly $1 and another that is exactly $2.
processes() { { grep -lzxF -- "$1" /proc/[0-9]*/cmdline | xargs -r grep -lzxF -- "$2" | cut -d/ -f3; } 2>/dev/null || true; }
pacs() { processes /usr/sbin/Orthanc "$folder/orthanc.json"; }
sidecar() { processes org.strongroom.sidecar.Sidecar "$folder/home"; }

# end WHICH SECONDS: ends the processes that the function WHICH names, and waits for them.
end() {
    local pid
    for pid in $("$1"); do kill "$pid" || die "process $pid is another user's: stop the demo as that user, or as root"; done
    for _ in $(seq $(($2 * 10))); do [ -n "$("$1")" ] || return 0; sleep 0.1; done
    for pid in $("$1"); do kill -9 "$pid"; done
}

# The sidecar would end by itself a little later; its folder is not pulled from under it.
stop_pacs() { end pacs 30; end sidecar 10; }

delete_demo() {
    stop_pacs
    rm -rf --one-file-system "$folder"
}

# What this user may not read is read as root, where sudo lets us: Debian's package itself protects its passwords and its storage.
reader=()
protected() { "${reader[@]}" find /etc/orthanc /var/lib/orthanc \( ! -readable -o -type d ! -executable \) -print -quit 2>/dev/null || true; }
become_reader() {
    if [ "$(id -u)" != 0 ] && [ -n "$(protected)" ] && command -v sudo >/dev/null; then
        { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; } || return 0
        # A password that is not remembered, or rules for some commands only, let find read nothing: that would look like nothing there.
        if sudo -n find / -prune >/dev/null 2>&1; then reader=(sudo -n); fi
    fi
}

# The first file in /etc/orthanc that is not as a package brought it; nothing if there is none.
configured() {
    local -x LC_ALL=C
    [ -d /etc/orthanc ] || return 0
    comm -23 <("${reader[@]}" find /etc/orthanc ! -type d -exec md5sum {} + 2>/dev/null | sort) \
        <(dpkg-query -W -f '${Conffiles}\n' | sed -n 's|^ \(/etc/orthanc/.*\) \([0-9a-f]\{32\}\).*|\2  \1|p' | sort) | sed -n '1s/^[^ ]*  //p'
}

# Why this machine looks as if somebody uses Orthanc on it; nothing if nobody does.
orthanc_in_use() {
    local file hidden
    become_reader
    file=$(configured) hidden=$(protected)
    if grep -qsx Orthanc /proc/[0-9]*/comm; then echo "an Orthanc process runs"
    elif [ -n "$(find /etc/rc[2345].d /etc/systemd/system/*.wants \( -name 'S*orthanc' -o -name orthanc.service \) -print -quit 2>/dev/null)" ]; then
        echo "the service orthanc starts with the machine"
    elif [ -n "$file" ]; then echo "$file was edited or added"
    elif [ -n "$("${reader[@]}" find /var/lib/orthanc -type f -print -quit 2>/dev/null)" ]; then echo "there are files in /var/lib/orthanc"
    elif [ -n "$hidden" ]; then echo "$hidden cannot be read, and counts as edited"
    fi
}

if [ -n "$stop" ]; then
    [ -e "$folder/strongroom-demo" ] || die "there is no demo in $folder"
    delete_demo
    echo "The demo PACS is stopped and $folder deleted."
    exit
fi
if [ -n "$(pacs)" ]; then die "a demo still runs from $folder; to end it: ./strongroom demo --stop$named"; fi
if [ -e "$folder" ] && [ ! -e "$folder/strongroom-demo" ]; then die "$folder exists and is not a demo's: name another with --folder"; fi
reason=$(orthanc_in_use)
if [ -n "$reason" ] && [ -z "$beside" ]; then
    cat >&2 <<REFUSED
strongroom demo: an Orthanc is configured on this machine ($reason).
The demo would leave it alone: it uses free ports and a folder of its own, $folder.
To run it all the same: ./strongroom demo --beside$named
REFUSED
    exit 1
fi

# The DICOMweb plugin's package would join an Orthanc that is configured here; then its file alone is taken.
dicomweb=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
packages=(orthanc dcmtk)
if [ -z "$reason" ]; then packages+=(orthanc-dicomweb); fi
"$root/strongroom" build-for-demo "${packages[@]}"

umask 022
if [ -e "$folder" ]; then delete_demo; fi
mkdir "$folder" || die "$folder cannot be made: name another with --folder"
touch "$folder/strongroom-demo"
interrupted() { trap '' INT TERM HUP; delete_demo; printf '\nInterrupted: the PACS is stopped and %s deleted.\n' "$folder" >&2; exit 130; }
trap interrupted INT TERM HUP
[ "$(df --output=avail -k "$folder" | tail -1)" -gt 1000000 ] || die "less than 1 GB is free in $folder: name another with --folder"
mkdir "$folder"/{orthanc,home,tier,modality}
cp -r "$root/target/strongroom" "$folder/strongroom"
if [ ! -e "$dicomweb" ]; then
    (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download orthanc-dicomweb && dpkg-deb -x orthanc-dicomweb_*.deb dicomweb && rm orthanc-dicomweb_*.deb)
    dicomweb=$folder/dicomweb$dicomweb
fi
(umask 077 && head -c 24 /dev/urandom | base64 >"$folder/passphrase")

# Orthanc never runs as root: root hands the folder to the user that Debian's package made.
as_user=()
if [ "$(id -u)" = 0 ]; then
    chown orthanc: "$folder"/{orthanc,home,tier,passphrase} "$folder"
    as_user=(setpriv --reuid=orthanc --regid=orthanc --init-groups)
fi

# No connection is kept: Orthanc closes one that was idle for a second, perhaps just when the next request is on its way.
java -Djdk.httpclient.keepalive.timeout=0 -cp "$root/tests/target/test-classes:$(cat "$root/tests/target/class-path")" org.strongroom.tests.demo.Demo \
    "$folder" "$folder/strongroom" "$dicomweb" "$share" "${as_user[@]}" || {
    stop_pacs
    die "the demo failed; its PACS is stopped, and its log is $folder/orthanc.log"
}

echo
if [ -n "$once" ]; then
    delete_demo
    echo "The demo PACS is stopped and $folder deleted."
else
    cat <<RUNS
The PACS keeps running: open http://127.0.0.1:$(sed -n 's/.*"HttpPort" : \([0-9]*\).*/\1/p' "$folder/orthanc.json") in a browser, or, from this machine, send it more.
Everything it uses is in $folder.
    where is what     $folder/strongroom/bin/strongroom --config $folder/orthanc.json status
    its log           $folder/orthanc.log
    end it            ./strongroom demo --stop$named
RUNS
fi
