#!/bin/sh
# Builds and tests wirewatch in a debootstrap chroot of another Debian: newer libcurl, libxml2,
# Gumbo and SQLite than the ones this was written with. Needs root, debootstrap and a mirror; not
# part of CI.
#
#   tests/chroot.sh [SUITE [FOLDER]]      default: trixie build/chroot-SUITE
#
# MIRROR (default: the one apt uses here) and http_proxy are honoured; a proxy of apt's own is taken
# over. The folder is kept, so that a second call takes a minute; remove it by hand.
set -eu
suite=${1:-trixie}
top=$(cd "$(dirname "$0")/.." && pwd)
root=${2:-$top/build/chroot-$suite}
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)}

[ "$(id -u)" = 0 ] || {
    echo "chroot.sh: needs root" >&2
    exit 77
}
command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap
if [ -z "${http_proxy:-}" ]; then
    http_proxy=$(apt-config shell p Acquire::http::Proxy | sed "s/^p='\(.*\)'$/\1/")
    [ -z "$http_proxy" ] || export http_proxy
fi

[ -x "$root/usr/bin/apt-get" ] || {
    mkdir -p "$root"
    debootstrap --variant=minbase "$suite" "$root" "$mirror"
}
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
cp /etc/resolv.conf "$root/etc/resolv.conf"
inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}
inside apt-get update -qq
work=$root/work
rm -rf "$work"
mkdir -p "$work"
(cd "$top" && git ls-files -z | tar --null -T - -cf -) | tar -C "$work" -xf -
inside sh -c 'cd /work && tests/lint/deps.sh build test'
echo "== $suite: $(chroot "$root" cat /etc/debian_version)"
inside dpkg-query -W -f '${Package} ${Version}\n' libcurl4-openssl-dev libxml2-dev libgumbo-dev \
    libsqlite3-dev libicu-dev libmicrohttpd-dev gcc
# The lint targets speak of the toolchain this was written with; here only build and tests count.
inside sh -c '
    cd /work && make --no-print-directory -k -j"$(nproc)" tests && B=build/cc tests/run'
