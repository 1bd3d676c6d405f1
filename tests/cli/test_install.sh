#!/bin/sh
# make install into a folder of its own: the program finds its watchlists there, uninstall leaves
# nothing. Takes the program that is built already: no flavour is built anew for it.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_CONFIG_HOME="$dir/config" XDG_DATA_HOME="$dir/data" HOME="$dir"
bad=0
fail() {
    echo "FAIL: $*"
    bad=1
}

# What make would install, with the program of this build in place of a new one.
install() {
    make --no-print-directory --old-file=all "$1" B="$B" DESTDIR="$dir/stage" PREFIX=/usr MANDIR=/usr/man \
        >"$dir/make.log" 2>&1 || {
        cat "$dir/make.log"
        fail "make $1"
    }
}
install install
for file in bin/wirewatch man/man1/wirewatch.1 man/man5/wirewatch-watchlist.5 man/man7/wirewatch-query.7 share/bash-completion/completions/wirewatch \
    share/wirewatch/watchlists/overseas-police-stations/stations.csv; do
    [ -s "$dir/stage/usr/$file" ] || fail "no $file"
done
[ -x "$dir/stage/usr/bin/wirewatch" ] || fail "the program cannot be run"
# From a folder that has no watchlists, so that only the installed ones can be found.
(cd / && "$dir/stage/usr/bin/wirewatch" -q init) || fail "init of the installed program"
cmp -s "$dir/config/wirewatch/watchlist/stations.csv" \
    "$dir/stage/usr/share/wirewatch/watchlists/overseas-police-stations/stations.csv" ||
    fail "init did not bring the installed watchlist"
if command -v bash >/dev/null; then
    bash -n "$dir/stage/usr/share/bash-completion/completions/wirewatch" || fail "completion is no shell"
fi
install uninstall
left=$(find "$dir/stage" -type f)
[ -z "$left" ] || fail "uninstall left $left"
[ $bad = 0 ] && echo "install: found where it was put, gone when taken away"
exit $bad
