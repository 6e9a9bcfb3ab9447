# source me: where the tools of this folder work, and as whom. They want root (chroot); what they build belongs
# to whom the sources belong.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Build roots and the compilers' cache: some GB, and worth keeping when the build directory goes.
cache=${CLUSTER_LAB_CACHE:-$top/build/cache}
suites=(bookworm trixie)

if [ "$(id -u)" != 0 ]; then
  exec sudo --preserve-env=CLUSTER_LAB_CACHE,CI -- "$0" "$@"
fi
owner=$(stat -c %u:%g "$top")

die() { echo "${0##*/}: $1" >&2; exit 2; }

# The GNU name of a Debian architecture that we build for.
triplet_of() {
  case $1 in
    amd64) echo x86_64-linux-gnu ;;
    armhf) echo arm-linux-gnueabihf ;;
    arm64) echo aarch64-linux-gnu ;;
    armel) echo arm-linux-gnueabi ;;
    *) die "unknown architecture '$1': amd64, armhf, arm64 or armel" ;;
  esac
}

# Makes a folder, and those above it that are missing, the owner's.
make_folder() {
  [ -d "$1" ] && return
  make_folder "$(dirname "$1")"
  mkdir "$1"
  chown "$owner" "$1"
}

# Installs what is missing of these packages on this machine.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing: ${missing[*]}" >&2
  apt-get -qq -o DPkg::Lock::Timeout=300 update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
    install "${missing[@]}" >/dev/null
}
