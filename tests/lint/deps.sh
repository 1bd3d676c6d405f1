#!/bin/sh
# Install the Debian packages that are missing, of the groups named. Says nothing when all are there.
# Runs as root or with sudo; elsewhere it names what is missing.
#   tests/lint/deps.sh build test
set -eu
packages=$(awk -v wanted=" $* " '
    { sub(/#.*/, "") }
    /^\[/ { gsub(/[][ ]/, ""); takes = index(wanted, " " $0 " "); next }
    takes && NF { print $1 }' "$(dirname "$0")/packages.txt")

command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=
# shellcheck disable=SC2086 # one word a package
here=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages 2>/dev/null || true)
for p in $packages; do
    case "
$here
" in
    *"
$p installed
"*) ;;
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
