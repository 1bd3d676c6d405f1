#!/bin/sh
# Install the Debian packages that are missing: for the build, the tests and the checks. Says nothing
# when all are there. Runs as root or with sudo; elsewhere it names what is missing and goes on.
set -eu
here=$(dirname "$0")
# A line of packages.txt is "package", comments start with '#'.
packages=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$here/packages.txt")

command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=
for p in $packages; do
    case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
    *' installed') ;;
    *) missing="$missing $p" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "deps: missing packages, install them as root:$missing" >&2
    exit 1
fi
echo "installing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
