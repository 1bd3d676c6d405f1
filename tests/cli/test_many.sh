#!/bin/sh
# Lists are whole: more rows than the store gives at a time come out of exports and of --limit 0.
set -u
w=$WIREWATCH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_CONFIG_HOME="$dir/config" XDG_DATA_HOME="$dir/data" HOME="$dir"

# shellcheck source=tests/support/engine.sh
. "$(dirname "$0")/../support/engine.sh"
new_store "$dir"
export WIREWATCH_DB="$db"

fail() {
    echo "FAIL: $1"
    exit 1
}
"$w" -q init || fail "init"
seq 1 2300 | sed 's|.*|https://news.example/feed/& Feed number &|' >"$dir/feeds.txt"
"$w" -q feed import "$dir/feeds.txt" || fail "import"
[ "$("$w" feed list --format csv | wc -l)" = 2301 ] || fail "feed list --format csv is cut"
[ "$("$w" feed list --limit 0 | wc -l)" = 2301 ] || fail "feed list --limit 0 is cut"
[ "$("$w" feed export | grep -c xmlUrl)" = 2300 ] || fail "feed export is cut"
[ "$("$w" feed list --format jsonl --limit 7 | wc -l)" = 7 ] || fail "--limit 7"
echo "lists: all of 2300 rows"
