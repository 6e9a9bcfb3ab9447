# source me: carries out what read_card found. Uses its variables, $root, $state, $card, and mistake. By the shell's own
# means where they do: an old Pi takes long to start a program, and the daemon waits for this.

staged=''

# write_file FILE TEXT [UMASK]: the text becomes the file's at settle_files; a pulled plug leaves the old one or the new one.
write_file() {
  (
    umask "${3:-022}"
    [ -d "${1%/*}" ] || mkdir -p "${1%/*}"
    printf '%s\n' "$2" >"$1.new"
  )
  staged="$staged $1"
}

# In the order of write_file: what was written last is there only if all is.
settle_files() {
  [ -n "$staged" ] || return 0
  new=''
  for file in $staged; do new="$new $file.new"; done
  sync $new
  for file in $staged; do mv "$file.new" "$file"; done
}

# Sets first to a file's first line; to nothing where there is none.
read_first() {
  first=''
  [ ! -r "$1" ] || IFS= read -r first <"$1" || :
}

# "pi-" and four hex digits: of the board's serial number, else of its network card, else of the machine id.
own_name() {
  for file in sys/firmware/devicetree/base/serial-number sys/class/net/eth0/address etc/machine-id; do
    read_first "$root/$file"
    digits=$first
    while [ "$digits" != "${digits%%[!0-9a-fA-F]*}" ]; do
      digits=${digits%%[!0-9a-fA-F]*}${digits#*[!0-9a-fA-F]}
    done
    [ ${#digits} -lt 4 ] || break
  done
  printf 'pi-%04x' "0x${digits#"${digits%????}"}"
}

hosts_with() {
  [ ! -r "$root/etc/hosts" ] || while IFS= read -r entry; do
    case $entry in 127.0.1.1[[:space:]]*) ;; *) printf '%s\n' "$entry" ;; esac
  done <"$root/etc/hosts"
  printf '127.0.1.1 %s' "$1"
}

# The name of the file; else the board's own, so that a card in another board gets that one's. A name that somebody has
# given the running machine stays.
set_host_name() {
  read_first "$root/etc/hostname"
  current=${first:-localhost}
  read_first "$state/host-name"
  ours=${first:-localhost}
  if [ -n "$host_name" ]; then
    wanted=$host_name
  elif [ "$current" = "$ours" ]; then
    wanted=$(own_name)
  else
    return 0
  fi
  [ "$wanted" != "$current" ] || [ "$wanted" != "$ours" ] || return 0
  write_file "$state/host-name" "$wanted"
  write_file "$root/etc/hostname" "$wanted"
  write_file "$root/etc/hosts" "$(hosts_with "$wanted")"
  [ -n "$root" ] || printf '%s\n' "$wanted" >/proc/sys/kernel/hostname
}

# Runs a command of shadow's on the root file system's users.
on_users() {
  command=$1
  shift
  "$command" ${root:+--prefix "$root"} "$@"
}

# UID:GID of a user of this system; nothing where there is none.
ids_of() {
  while IFS=: read -r user _ uid gid _; do
    [ "$user" != "$1" ] || printf '%s:%s' "$uid" "$gid"
  done <"$root/etc/passwd"
}

make_user() {
  on_users useradd -m -s /bin/bash -G sudo,adm,systemd-journal "$1" && return
  mistake 0 "user $1 cannot be made; tried again at the next boot"
  return 1
}

set_user() {
  name=${user_name:-pi}
  ids=$(ids_of "$name")
  if [ -z "$ids" ]; then
    make_user "$name" || return
    ids=$(ids_of "$name")
  fi
  if [ "${ids%:*}" -lt 1000 ]; then
    mistake 0 "user.name = $name is a user of the system's: expected another name"
    return 1
  fi
  [ -z "$user_password_hash" ] || on_users usermod -p "$user_password_hash" "$name"
  [ -z "$user_ssh_keys" ] || set_ssh_keys
}

set_ssh_keys() {
  keys=$root/home/$name/.ssh/authorized_keys
  write_file "$keys" "${user_ssh_keys%?}" 077
  chown "$ids" "${keys%/*}" "$keys.new"
}

hex() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; }

# The name in hex and the password in quotes, of which wpa_supplicant takes the outermost: no character ends them early.
wpa_supplicant_configuration() {
  echo "ctrl_interface=/run/wpa_supplicant"
  [ -z "$wifi_country" ] || echo "country=$wifi_country"
  echo "network={"
  echo "  ssid=$(hex "$wifi_ssid")"
  case ${#wifi_password} in
    0) echo "  key_mgmt=NONE" ;;
    64) echo "  psk=$wifi_password" ;;
    *) echo "  psk=\"$wifi_password\"" ;;
  esac
  echo "}"
}

set_wifi() {
  file=$root/etc/wpa_supplicant/wpa_supplicant-wlan0.conf
  if [ -n "$wifi_ssid" ]; then
    write_file "$file" "$(wpa_supplicant_configuration)" 077
  elif [ -e "$file" ]; then
    rm "$file"
  fi
}

# Only when the file differs from what was carried out last: a password that was changed since stays changed.
apply_settings() {
  applied=$state/applied.sha256
  now=$(sha256sum <"$card")
  read_first "$applied"
  [ "$now" != "$first" ] || return 0
  set_wifi
  set_user && write_file "$applied" "$now"
}
