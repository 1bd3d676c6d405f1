#!/bin/sh
# Every #include "room/..." must follow an arrow of layers.txt. Prints each breach; exit 1 when any.
set -eu
rooms=$(sed -n 's/^room \([a-z]*\):.*/\1/p' layers.txt) # a folder in a room comes with it
# shellcheck disable=SC2046,SC2086 # one word a file, one a room
awk '
    function room_of(path) {
        sub(/\/[^\/]*$/, "", path)
        if (!(path in allowed)) sub(/\/.*/, "", path)
        return path
    }
    FILENAME == "layers.txt" {
        if ($1 == "room") { sub(/:/, "", $2); allowed[$2] = " " $0 " "; sub(/:/, "", allowed[$2]) }
        next
    }
    !/^[ \t]*#[ \t]*include/ { next }
    {
        room = room_of(FILENAME)
        target = $0; sub(/^[^"<]*/, "", target)
        ours = target ~ /^"/
        name = substr(target, 2)
        if (ours && name !~ /\//) {
            print FILENAME ":" FNR ": include by full path from the top (\"room/name.h\")"
            bad = 1
        }
        sub(/".*/, "", name)
        name = room_of(name)
        # Ours in quotes; a room in angle brackets would be found through -I. as well.
        if (target ~ /\// && (ours || name in allowed) && !index(allowed[room], " " name " ")) {
            print FILENAME ":" FNR ": " room " may not include " name " (layers.txt)"
            bad = 1
        }
    }
    END {
        if (!bad) print "layers: every include follows an arrow"
        exit bad
    }' layers.txt $(for room in $rooms; do git ls-files "$room/*.[ch]"; done |
    while read -r f; do [ -f "$f" ] && echo "$f"; done)
