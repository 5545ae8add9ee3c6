#!/bin/bash
# A real Ceph object gateway on this machine for tests: one monitor, one disk, one gateway, all on 127.0.0.1.
#
#   tests/ceph-rgw.sh start DIR PORT MONITOR-PORT   starts it in DIR, from nothing or again, and waits until it answers
#   tests/ceph-rgw.sh user DIR NAME                 makes another user, with its key in DIR/NAME
#   tests/ceph-rgw.sh kill DIR                      ends the gateway as a power cut would
#   tests/ceph-rgw.sh stop DIR                      ends what start began; DIR stays
#   tests/ceph-rgw.sh drop DIR                      ends it at once, for good: nothing is written down any more
#
# PORT serves S3. Needs the Debian packages radosgw, ceph-mon, ceph-osd and ceph-common, /proc and about 1 GB of memory.
# The one user's key is written to DIR/credentials. Nothing outside DIR is touched.
set -euo pipefail

ACCESS_KEY=STRONGROOMTESTKEY
SECRET_KEY=strongroom-test-secret-0123456789

usage() {
    sed -n '2,12s/^# \{0,1\}//p' "$0"
    exit 2
}

[ $# -ge 2 ] || usage
action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
conf=$dir/ceph.conf
gateway=client.rgw.a

running() { [ -f "$dir/run/$1.pid" ] && kill -0 "$(cat "$dir/run/$1.pid")" 2>/dev/null; }

# daemon WORDS…: starts a program that goes to the background, without our output, which it would keep open.
daemon() {
    timeout 60 "$@" </dev/null >>"$dir/log/start.log" 2>&1 || {
        tail -5 "$dir/log/start.log" >&2
        return 1
    }
}

# end NAME SIGNAL: ends one daemon by its pid file, within 10 seconds.
end() {
    running "$1" || return 0
    local pid
    pid=$(cat "$dir/run/$1.pid")
    kill "-$2" "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$dir/run/$1.pid"
}

stop() {
    end "$gateway" "${1:-TERM}"
    end osd.0 "${1:-TERM}"
    end mon.a "${1:-TERM}"
}

configure() {
    local port=$1 monitor=$2
    # One copy on one disk; small caches; 2 GB of sparse file as the disk.
    cat >"$conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = v2:127.0.0.1:$monitor
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr1 = false
keyring = $dir/keyring
run_dir = $dir/run
pid_file = $dir/run/\$name.pid
admin_socket = $dir/run/\$name.asok
log_file = $dir/log/\$name.log
auth_allow_insecure_global_id_reclaim = false
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 2000
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_op_num_shards = 2
osd_memory_target = 939524096
bluestore_block_size = 8589934592
bluestore_cache_autotune = false
bluestore_cache_size = 134217728
[mon.a]
mon_data = $dir/mon
mon_cluster_log_file = $dir/log/cluster.log
[osd.0]
osd_data = $dir/osd
[$gateway]
rgw_data = $dir/rgw
rgw_dns_name = localhost
rgw_thread_pool_size = 32
rgw_lc_debug_interval = 10
rgw_frontends = beast endpoint=127.0.0.1:$port
CONF
    local fsid
    fsid=$(sed -n 's/^fsid = //p' "$conf")
    monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" "$dir/monmap" >/dev/null
    ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
    local name
    for name in client.admin osd.0 "$gateway"; do
        ceph-authtool "$dir/keyring" --gen-key -n "$name" --cap mon 'allow *' --cap osd 'allow *' >/dev/null
    done
    ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap" --keyring "$dir/keyring"
}

make_disk() {
    local uuid
    uuid=$(cat /proc/sys/kernel/random/uuid)
    timeout 60 ceph -c "$conf" osd new "$uuid" >/dev/null
    timeout 60 ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$uuid" >/dev/null 2>&1
}

wait_for_disk() {
    for _ in $(seq 100); do
        timeout 10 ceph -c "$conf" osd stat 2>/dev/null | grep -q '1 up' && return 0
        sleep 0.3
    done
    echo "ceph-rgw: the disk did not come up; see $dir/log" >&2
    return 1
}

# make_user NAME ACCESS-KEY FILE
make_user() {
    timeout 120 radosgw-admin -c "$conf" -n "$gateway" user create --uid="$1" --display-name="$1" \
        --access-key="$2" --secret-key="$SECRET_KEY" >/dev/null 2>&1
    printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$2" "$SECRET_KEY" >"$dir/$3"
    chmod 600 "$dir/$3"
}

wait_for_gateway() {
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        sleep 0.1
    done
    echo "ceph-rgw: the gateway does not answer on port $1; see $dir/log" >&2
    return 1
}

start() {
    local port=$1 monitor=$2 fresh=no
    [ -f "$dir/made" ] || fresh=yes
    mkdir -p "$dir"/{mon,osd,rgw,run,log}
    [ $fresh = no ] || configure "$port" "$monitor"
    running mon.a || daemon ceph-mon -c "$conf" -i a
    [ $fresh = no ] || make_disk
    running osd.0 || daemon ceph-osd -c "$conf" -i 0
    wait_for_disk
    [ $fresh = no ] || make_user strongroom "$ACCESS_KEY" credentials
    touch "$dir/made"
    running "$gateway" || daemon radosgw -c "$conf" -n "$gateway"
    wait_for_gateway "$port"
}

case $action in
start)
    [ $# = 4 ] || usage
    trap 'stop TERM' ERR
    start "$3" "$4"
    ;;
user)
    [ $# = 3 ] || usage
    make_user "$3" "$ACCESS_KEY$3" "$3"
    ;;
kill) end "$gateway" KILL ;;
stop) stop ;;
drop) stop KILL ;;
*) usage ;;
esac
