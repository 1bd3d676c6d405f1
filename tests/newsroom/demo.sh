#!/bin/sh
# `make demo`: wirewatch crawls the bundled newsroom twice, in a folder of its own under $B, shows
# its alerts with their reasons, leaves the digest as .eml and .html, and says what the second run
# did not do again. Talks to 127.11.x.y alone.
set -eu
: "${B:?build folder}"
top=$(cd "$(dirname "$0")/../.." && pwd)
B=$(cd "$B" && pwd)
ww=$B/wirewatch
out=$B/demo
room=

say() {
    printf '\n\033[1m%s\033[0m\n' "$*"
}
[ -t 1 ] || say() {
    printf '\n== %s\n' "$*"
}
stop_newsroom() {
    if [ -n "$room" ]; then kill "$room" 2>/dev/null || true; fi
    room=
}
trap stop_newsroom EXIT
trap 'exit 130' INT TERM

rm -rf "$out"
mkdir -p "$out"
export XDG_CONFIG_HOME="$out/config" XDG_DATA_HOME="$out/data" XDG_CACHE_HOME="$out/cache" XDG_STATE_HOME="$out/state"
unset WIREWATCH_CONFIG WIREWATCH_DB || true
if [ -n "${WW_TEST_STORE:-}" ]; then
    . "$top/tests/support/engine.sh"
    new_store "$out"
    WIREWATCH_DB=$db
    export WIREWATCH_DB
fi

say "The newsroom opens: ten invented outlets on addresses of their own"
"$B/tests/newsroom/newsroom" --site "$top/tests/newsroom/site" --opml "$out/newsroom.opml" \
    --log "$out/requests.tsv" --ready "$out/ready" --seconds 300 &
room=$!
for _ in $(seq 100); do
    [ -s "$out/ready" ] && break
    sleep 0.1
done
[ -s "$out/ready" ] || {
    echo "the newsroom did not open" >&2
    exit 1
}
cut -f 1,2,3 "$top/tests/newsroom/site/outlets.tsv" | sed '/^#/d' | awk '{printf "  %-12s %-12s %s\n", $1, $2, $3}'

run() {
    echo "\$ wirewatch $*"
    "$ww" "$@" 2>&1 | sed 's/^/  /'
}

say "A new desk: settings, the default watchlist, the feeds"
run init
cat >"$XDG_CONFIG_HOME/wirewatch/wirewatch.conf" <<END
[wirewatch]
contact = desk@example.org
timezone = Europe/Dublin
[fetch]
allow = 127.0.0.0/8
per-host-interval = 0s
[mail]
transport = maildir
directory = $out/Maildir
from = Wire Watch <wirewatch@example.org>
list-id = watch.example.org
[analyst "europe"]
email = europe-desk@example.org
digest = run
END
run feed import "$out/newsroom.opml"

# Numbers that both crawls are compared by.
alerts() {
    "$ww" alert list --format jsonl --limit 1000 | wc -l
}
letters() {
    find "$out/Maildir" -type f 2>/dev/null | wc -l
}
requests() { # state, what: pages feeds unchanged again
    sleep 0.1 # the newsroom writes its log every 20 ms
    awk -F '\t' -v state="$1" -v what="$2" '
        {
            feed = $5 ~ /\.(rss|atom|rdf|xml)$|\/rss$/
            page = !feed && $5 != "/robots.txt" && $6 == 200
        }
        $2 == "first" && page { seen[$4 $5] = 1 }
        $2 != state { next }
        what == "pages" && page { n++ }
        what == "feeds" && feed && $6 != 301 { n++ }
        what == "unchanged" && $6 == 304 { n++ }
        what == "again" && page && ($4 $5) in seen { n++ }
        END { print n + 0 }' "$out/requests.tsv"
}

say "First crawl: feeds, pages, stories, alerts, one digest"
begun=$(date +%s%N)
run run
first_ms=$((($(date +%s%N) - begun) / 1000000))
first_alerts=$(alerts)
first_letters=$(letters)
run alert list

say "Why? Every alert says"
run alert explain "$("$ww" alert list --item nl-rotterdam --format csv --fields id | sed 1d | tr -d "\r")"

say "Copies are one story: four outlets under four headlines; Traditional and Simplified"
for story in $("$ww" story list --limit 200 --format csv --fields outlets,id | tr -d '\r' |
    sed 1d | sort -t , -k 1,1rn | head -n 2 | cut -d , -f 2); do
    run story show "$story"
done

say "Chinese names of two characters are found"
run search 福州

say "Two hours later: one page edited, one new, a feed moved, one gone, one busy, one broken"
kill -USR1 "$room"
sleep 0.3
later=$(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ)
begun=$(date +%s%N)
run --now "$later" run
second_ms=$((($(date +%s%N) - begun) / 1000000))
second_alerts=$(alerts)
second_letters=$(letters)
run --now "$later" feed list
run --now "$later" alert list --limit $((second_alerts - first_alerts))
run --now "$later" outbox list

say "What the second run did not do"
cat <<END
                         first    second
  feeds asked          $(printf '%7d   %7d' "$(requests first feeds)" "$(requests second feeds)")
  answered 304         $(printf '%7d   %7d' "$(requests first unchanged)" "$(requests second unchanged)")
  pages fetched        $(printf '%7d   %7d' "$(requests first pages)" "$(requests second pages)")
  ... of them again    $(printf '%7d   %7d' 0 "$(requests second again)")   (those that changed, or never say)
  alerts raised        $(printf '%7d   %7d' "$first_alerts" $((second_alerts - first_alerts)))
  digests mailed       $(printf '%7d   %7d' "$first_letters" $((second_letters - first_letters)))
  milliseconds         $(printf '%7d   %7d' "$first_ms" "$second_ms")
END

say "What was told of was looked at again: a figure mended in silence, another with a note, a page gone"
latest=$(date -u -d '+4 hours' +%Y-%m-%dT%H:%M:%SZ)
run --now "$latest" run
run --now "$latest" article events
run --now "$latest" article show "$("$ww" article events --format csv --fields noted,newer | tr -d '\r' |
    sed -n 's/^no,//p')"

say "The same to read and to keep: a folder of pages"
run --now "$latest" report html "$out/report"

# The digest as it was mailed, and its HTML half for a browser.
n=0
for letter in $(find "$out/Maildir" -type f | sort); do
    n=$((n + 1))
    cp "$letter" "$out/digest-$n.eml"
    python3 -c '
import email, email.policy, sys
letter = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
open(sys.argv[2], "w", encoding="utf-8").write(letter.get_body(("html",)).get_content())
' "$out/digest-$n.eml" "$out/digest-$n.html"
done

say "The digest, as it arrives"
python3 -c '
import email, email.policy, sys
letter = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
for name in ("From", "To", "Subject", "Message-ID"):
    print(f"  {name}: {letter[name]}")
print()
for line in letter.get_body(("plain",)).get_content().splitlines()[:40]:
    print(" ", line)
print("  ...")
' "$out/digest-1.eml"
echo
for i in $(seq "$n"); do
    echo "  $out/digest-$i.eml"
    echo "  $out/digest-$i.html"
done
