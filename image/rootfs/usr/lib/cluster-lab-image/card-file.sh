# source me: reads cluster-lab.conf of the card's FAT partition.
#
# read_card FILE PARSED: lines "key = value"; any computer may have written them, so line ends of Windows and a byte order
# mark are fine. Keys of the image (host, user, wifi) become the variables host_name, user_name, user_password_hash,
# user_ssh_keys (a line each), wifi_ssid, wifi_password, wifi_country. All other lines are the daemon's: they go to PARSED,
# each at its own line number, with an empty line for each of the image's and each comment; daemon_lines says whether there is any.
# Each mistake goes to mistake LINE-NUMBER TEXT, which the caller defines, and its line counts for nothing.

byte_order_mark=$(printf '\357\273\277')

matches() { printf '%s\n' "$1" | grep -Eqx -e "$2"; }

# Sets trimmed to the text without the blanks around it.
trim() {
  trimmed=${1#"${1%%[![:space:]]*}"}
  trimmed=${trimmed%"${trimmed##*[![:space:]]}"}
}

# Sets content, and key and value of a line. A '#' begins a comment at the start of a line or after a blank: a password may hold one.
split_line() {
  trim "$1"
  case $trimmed in '#'*) trimmed= ;; esac
  trim "${trimmed%%[[:space:]]#*}"
  content=$trimmed key='' value=''
  case $content in
    *=*)
      value=${content#*=}
      trim "${content%%=*}"
      key=$trimmed
      trim "$value"
      value=$trimmed
      ;;
  esac
}

# expect PATTERN WHAT: whether the value is of this form; else it is a mistake.
expect() {
  matches "$value" "$1" && return
  case $key in
    *password*) mistake "$number" "$key: expected $2" ;;
    *) mistake "$number" "$key = $value: expected $2" ;;
  esac
  return 1
}

# Whether this key comes for the first time; a second time only one of the two can be meant.
first_time() {
  case " $keys_seen " in
    *" $key "*)
      mistake "$number" "$key is given again"
      return 1
      ;;
  esac
  keys_seen="$keys_seen $key"
}

take_user_key() {
  case $key in
    user.name)
      expect '[a-z][a-z0-9_-]{0,31}' 'small letters, digits and "-"' && first_time && user_name=$value
      ;;
    user.password-hash)
      expect '\$(y|gy|7|6|5|2[aby])\$[^[:space:]:]{20,}' 'what "openssl passwd -6" prints' && first_time &&
        user_password_hash=$value
      ;;
    user.ssh-key)
      expect '(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]{60,}={0,2}( .*)?' \
        'a public key, as in ssh-ed25519 AAAA...' && user_ssh_keys="$user_ssh_keys$value
"
      ;;
    *) mistake "$number" "unknown key '$key': expected user.name, user.ssh-key or user.password-hash" ;;
  esac
}

take_wifi_key() {
  case $key in
    wifi.ssid) expect '.{1,32}' 'the name of a network' && first_time && wifi_ssid=$value ;;
    wifi.password)
      expect '[ -~]{8,63}|[0-9A-Fa-f]{64}' '8 to 63 characters' && first_time && wifi_password=$value
      ;;
    wifi.country) expect '[A-Z]{2}' 'two capital letters, as in DE' && first_time && wifi_country=$value ;;
    *) mistake "$number" "unknown key '$key': expected wifi.ssid, wifi.password or wifi.country" ;;
  esac
}

take_host_key() {
  case $key in
    host.name)
      expect '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?' 'small letters, digits and "-" inside' && first_time && host_name=$value
      ;;
    *) mistake "$number" "unknown key '$key': expected host.name" ;;
  esac
}

read_card() {
  host_name='' user_name='' user_password_hash='' user_ssh_keys='' wifi_ssid='' wifi_password='' wifi_country=''
  keys_seen='' daemon_lines='' number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    [ "$number" != 1 ] || line=${line#"$byte_order_mark"}
    split_line "$line"
    case $key in
      host.* | user.* | wifi.*) content='' ;;
    esac
    printf '%s\n' "$content"
    [ -z "$content" ] || daemon_lines=yes
    # An empty value is as good as none.
    [ -n "$value" ] || continue
    case $key in
      host.*) take_host_key ;;
      user.*) take_user_key ;;
      wifi.*) take_wifi_key ;;
    esac
  done <"$1" >"$2"
  [ -z "$wifi_password$wifi_country" ] || [ -n "$wifi_ssid" ] || mistake 0 "wifi.ssid is missing: there will be no Wi-Fi"
}
