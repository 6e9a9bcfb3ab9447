# source me after suite.bash: user-mode-linux machines with systemd on a bridge of their own, which two_machines and
# network_manager share. Wants $work, with the package in it, and $root, the folder of the machines' files, which are gone
# at the end.
switch=clpkg$$
patience=${CLUSTER_LAB_PATIENCE:-1}  # a slow machine gets so many times as long
sessions=()
deb=$(echo "$work"/hypriot-cluster-lab_*.deb)

clean_up() {
  local session
  for session in "${sessions[@]}"; do kill -KILL -- "-$session" 2>/dev/null; done
  ip netns delete "$switch" 2>/dev/null
  rm -rf "$root" "$work/uml"
}
trap clean_up EXIT

on_switch() { nsenter --net="/run/netns/$switch" "$@"; }

make_switch() {
  ip netns add "$switch" &&
    on_switch ip link set lo up &&
    on_switch ip link add br0 type bridge &&
    on_switch ip address add 198.18.250.254/24 dev br0 &&
    on_switch ip link set br0 up
}

# A shell on a port of each machine: the test's own way in.
open_door() {
  cat >"$root/etc/systemd/system/door.socket" <<'UNIT'
[Socket]
ListenStream=9
Accept=yes
[Install]
WantedBy=multi-user.target
UNIT
  cat >"$root/etc/systemd/system/door@.service" <<'UNIT'
[Service]
ExecStart=/bin/sh
StandardInput=socket
StandardOutput=socket
StandardError=socket
UNIT
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../door.socket "$root/etc/systemd/system/multi-user.target.wants/"
}

# make_files ROOT: the machines' files are a copy of that root, the package as /package.deb, and the door.
make_files() {
  cp -a "$1" "$root"
  cp "$deb" "$root/package.deb"
  cp "$(dirname "${BASH_SOURCE[0]}")/uml-init" "$root/sbin/uml-init"
  open_door
}

# boot NUMBER [KERNEL-ARGUMENT...]: powers that machine on.
boot() {
  local number=$1
  shift
  [ -p "$work/console-in" ] || mkfifo "$work/console-in"
  exec 9<>"$work/console-in"
  mkdir -p "$work/uml"
  on_switch ip tuntap add "tap$number" mode tap
  on_switch ip link set "tap$number" master br0 up
  TMPDIR=/dev/shm setsid nsenter --net="/run/netns/$switch" linux.uml mem=512M "uml_dir=$work/uml/" umid="$number" \
    root=/dev/root rootfstype=hostfs rootflags="$root" ro init=/sbin/uml-init con=null con0=fd:0,fd:1 \
    "vec0:transport=tap,ifname=tap$number,depth=128,gro=1,mac=02:00:00:00:c8:0$number" quiet "pi=$number" "$@" \
    <"$work/console-in" >"$work/pi$number.log" 2>&1 &
  sessions[number]=$!
  disown  # its end is no news for the last line
}

# pull_plug NUMBER: takes that machine's power.
pull_plug() { kill -KILL -- "-${sessions[$1]}"; }

# on NUMBER COMMAND...: runs it on that machine and gives its output; fails when it does.
on() {
  local number=$1 output
  shift
  output=$(on_switch timeout $((120 * patience)) bash -c '
    exec 3<>"/dev/tcp/198.18.250.$1/9" || exit 1
    printf "%s; echo \"exit \$?\"; exit\n" "$2" >&3
    cat <&3' _ "$number" "$*" 2>/dev/null) || return 1
  sed '$d' <<<"$output"
  [ "$(tail -1 <<<"$output")" = "exit 0" ]
}

# until_true SECONDS COMMAND...: tries until it succeeds or the time is over.
until_true() {
  local end=$((SECONDS + $1 * patience))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "not within the time: $*"; return 1; }
    sleep 0.3
  done
}

lists() { # lists NUMBER NAMES: the catalog of that machine holds exactly these nodes
  local names
  names=$(on_switch curl -s -m 2 "http://198.18.250.$1:8500/v1/catalog/nodes" |
    python3 -c 'import json, sys; print(*sorted(node["Node"] for node in json.load(sys.stdin)))') || return 1
  [ "$names" = "$2" ]
}

# boot_two [KERNEL-ARGUMENT...]: two machines run and have the package.
boot_two() {
  local number
  boot 1 "$@"
  boot 2 "$@"
  for number in 1 2; do
    check "pi$number boots" until_true 180 on $number true
    check "pi$number installs the package" on $number dpkg -i /package.deb
  done
}

# pi1 leads, pi2 follows.
form_cluster() {
  local number
  for number in 1 2; do
    check "pi$number starts its cluster: the unit gets ready" on $number systemctl start cluster-start
  done
  for number in 1 2; do check "pi$number lists both" until_true 60 lists $number "pi1 pi2"; done
}

# When something failed: what these machines say.
tell_about() {
  local number
  [ "$failed" != 0 ] || return 0
  for number in "$@"; do
    echo "--- pi$number"
    on "$number" "systemctl status cluster-start --no-pager -l -n 60; ip -4 address; ip -4 route"
    tail -30 "$work/pi$number.log"
  done
}
