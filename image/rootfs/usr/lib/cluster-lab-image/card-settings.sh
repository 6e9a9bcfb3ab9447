# source me: carries out what read_card found. Uses its variables, $root, $state, $card, and mistake.

# write_file FILE [MODE]: standard input becomes the file; a pulled plug leaves the old one or the new one.
write_file() {
  mkdir -p "${1%/*}"
  (umask 077 && cat >"$1.new") && chmod "${2:-644}" "$1.new" && sync "$1.new" && mv "$1.new" "$1"
}

# "pi-" and four hex digits: of the board's serial number, else of its network card, else of the machine id.
own_name() {
  for file in sys/firmware/devicetree/base/serial-number sys/class/net/eth0/address etc/machine-id; do
    number=$(cat "$root/$file" 2>/dev/null | tr -dc '[:xdigit:]' | tail -c 4)
    [ -z "$number" ] || break
  done
  printf 'pi-%s' "$number" | tr 'A-F' 'a-f'
}

# The name of the file; else the board's own, so that a card in another board gets that one's. A name that somebody has
# given the running machine stays.
set_host_name() {
  current=$(cat "$root/etc/hostname" 2>/dev/null || echo localhost)
  ours=$(cat "$state/host-name" 2>/dev/null || echo localhost)
  if [ -n "$host_name" ]; then
    wanted=$host_name
  elif [ "$current" = "$ours" ]; then
    wanted=$(own_name)
  else
    return 0
  fi
  if [ "$wanted" != "$current" ] || [ "$wanted" != "$ours" ]; then
    printf '%s\n' "$wanted" | write_file "$state/host-name"
    printf '%s\n' "$wanted" | write_file "$root/etc/hostname"
    {
      grep -v '^127\.0\.1\.1' "$root/etc/hosts" 2>/dev/null
      printf '127.0.1.1 %s\n' "$wanted"
    } | write_file "$root/etc/hosts"
  fi
  [ -n "$root" ] || hostname "$wanted"
}

# Runs a command of shadow's on the root file system's users.
on_users() {
  command=$1
  shift
  "$command" ${root:+--prefix "$root"} "$@"
}

# UID:GID of a user of this system; nothing where there is none.
ids_of() { sed -n "s/^$1:[^:]*:\([0-9]*:[0-9]*\):.*/\1/p" "$root/etc/passwd"; }

make_user() {
  on_users useradd -m -s /bin/bash -G sudo,adm,systemd-journal "$1" && return
  mistake 0 "user $1 cannot be made; tried again at the next boot"
  return 1
}

set_user() {
  name=${user_name:-pi}
  [ -n "$(ids_of "$name")" ] || make_user "$name" || return
  ids=$(ids_of "$name")
  if [ "${ids%:*}" -lt 1000 ]; then
    mistake 0 "user.name = $name is a user of the system's: expected another name"
    return 1
  fi
  [ -z "$user_password_hash" ] || on_users usermod -p "$user_password_hash" "$name"
  [ -z "$user_ssh_keys" ] || set_ssh_keys
}

set_ssh_keys() {
  home=$root/home/$name
  printf '%s' "$user_ssh_keys" | write_file "$home/.ssh/authorized_keys" 600
  chmod 700 "$home/.ssh"
  chown -R "$ids" "$home/.ssh"
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
    wpa_supplicant_configuration | write_file "$file" 600
  else
    rm -f "$file"
  fi
}

# Only when the file differs from what was carried out last: a password that was changed since stays changed.
apply_settings() {
  applied=$state/applied.sha256
  now=$(sha256sum <"$card")
  [ "$now" != "$(cat "$applied" 2>/dev/null)" ] || return 0
  set_user && set_wifi && printf '%s\n' "$now" | write_file "$applied"
}
