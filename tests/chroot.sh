#!/bin/sh
# Builds and tests wirewatch in a debootstrap chroot of another Debian: newer libcurl, libxml2,
# Gumbo and SQLite than the ones this was written with. Needs root, debootstrap and a mirror; not
# part of CI.
#
#   tests/chroot.sh [SUITE [FOLDER]]      default: trixie build/chroot-SUITE
#
# MIRROR (default http://deb.debian.org/debian) and http_proxy are honoured; a proxy of apt's own is
# taken over. The folder is kept, so that a second call takes a minute; remove it by hand.
set -eu
suite=${1:-trixie}
top=$(cd "$(dirname "$0")/.." && pwd)
root=${2:-$top/build/chroot-$suite}
mirror=${MIRROR:-http://deb.debian.org/debian}

[ "$(id -u)" = 0 ] || {
    echo "chroot.sh: needs root" >&2
    exit 77
}
command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap
if [ -z "${http_proxy:-}" ]; then
    http_proxy=$(apt-config shell p Acquire::http::Proxy | sed "s/^p='\(.*\)'$/\1/")
    [ -z "$http_proxy" ] || export http_proxy
fi

if [ ! -x "$root/usr/bin/make" ]; then
    mkdir -p "$root"
    # One include list instead of an apt run inside: the mirror is asked once.
    packages=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$top/tests/lint/packages.txt" | paste -sd,)
    debootstrap --variant=minbase --include="ca-certificates,$packages" "$suite" "$root" "$mirror"
fi

work=$root/work
rm -rf "$work"
mkdir -p "$work"
(cd "$top" && git ls-files -z | tar --null -T - -cf -) | tar -C "$work" -xf -
mounted=
unmount() {
    for m in $mounted; do umount -l "$m" 2>/dev/null || true; done
}
trap unmount EXIT
for m in proc dev; do
    mountpoint -q "$root/$m" || {
        mount --rbind "/$m" "$root/$m" && mount --make-rslave "$root/$m" && mounted="$root/$m $mounted"
    }
done

echo "== $suite: $(chroot "$root" cat /etc/debian_version)"
chroot "$root" dpkg-query -W -f '${Package} ${Version}\n' libcurl4-openssl-dev libxml2-dev \
    libgumbo-dev libsqlite3-dev libicu-dev libmicrohttpd-dev gcc
# The lint targets speak of the toolchain this was written with; here only build and tests count.
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 sh -c '
    cd /work && make --no-print-directory -j"$(nproc)" WERROR= tests && B=build/cc tests/run'
