#!/bin/sh
# A second run at once must not disturb the first: it exits 75, names the first one's pid, and says
# nothing under -q, because cron mails every word.
set -eu
: "${B:?}" "${WIREWATCH:?}"
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "$B/second.XXXXXX")
work=$(cd "$work" && pwd)
first=
server=
cleanup() {
    [ -z "$first" ] || kill "$first" 2>/dev/null || true
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# A feed that never answers keeps the first run busy: a socket that accepts and is silent.
python3 -c '
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1] + ".half", "w").write(str(s.getsockname()[1]))
import os; os.rename(sys.argv[1] + ".half", sys.argv[1])
s.settimeout(120)
kept = []
end = time.monotonic() + 120
while time.monotonic() < end:
    try: kept.append(s.accept())
    except OSError: break
    open(sys.argv[2], "w").write("asked")
' "$work/port" "$work/asked" &
server=$!
for _ in $(seq 100); do
    [ -s "$work/port" ] && break
    sleep 0.05
done
# shellcheck source=tests/support/engine.sh
. "$here/tests/support/engine.sh"
new_store "$work"
cat >"$work/wirewatch.conf" <<END
[wirewatch]
contact = desk@example.org
[fetch]
allow = 127.0.0.0/8
per-host-interval = 0s
timeout = 60s
[match]
watchlist = $here/watchlists/overseas-police-stations
[mail]
transport = file
from = wirewatch@example.org
[analyst "desk"]
email = desk@example.org
END
cat >"$work/feeds.opml" <<END
<opml version="2.0"><body>
<outline type="rss" text="silent" xmlUrl="http://127.0.0.1:$(cat "$work/port")/feed"/>
</body></opml>
END
ww() {
    "$WIREWATCH" --config "$work/wirewatch.conf" --db "$db" "$@"
}
ww init >/dev/null 2>&1
ww feed import "$work/feeds.opml" >/dev/null
"$WIREWATCH" --config "$work/wirewatch.conf" --db "$db" run >"$work/first.out" 2>&1 &
first=$!
for _ in $(seq 1200); do # who asks has its lock
    [ ! -s "$work/asked" ] || break
    kill -0 "$first" 2>/dev/null || break
    sleep 0.05
done
[ -s "$work/asked" ] && kill -0 "$first" || {
    echo "the first run is over already, or asks nothing:"
    cat "$work/first.out"
    exit 1
}
status=0
ww run >"$work/out" 2>"$work/err" || status=$?
[ "$status" = 75 ] || {
    echo "a second run ended with $status, not 75"
    cat "$work/err"
    exit 1
}
grep -q "$first" "$work/err" || {
    echo "the message does not name process $first: $(cat "$work/err")"
    exit 1
}
status=0
ww run -q >"$work/out" 2>"$work/err" || status=$?
[ "$status" = 75 ] && [ ! -s "$work/err" ] && [ ! -s "$work/out" ] || {
    echo "under -q: status $status, said: $(cat "$work/out" "$work/err")"
    exit 1
}
ww feed list >/dev/null || {
    echo "a reading command did not work beside the run"
    exit 1
}
kill "$first"
status=0
for _ in $(seq 100); do
    kill -0 "$first" 2>/dev/null || break
    sleep 0.05
done
if kill -0 "$first" 2>/dev/null; then
    echo "SIGTERM did not end the first run within 5 s"
    exit 1
fi
first=
echo "75, named, silent under -q; readers work; SIGTERM ends the run"
