#!/bin/sh
# Every #include "room/..." must follow an arrow of layers.txt. Prints each breach; exit 1 when any.
set -eu
bad=0
for file in $(git ls-files 'base/*.[ch]' 'feeds/*.[ch]' 'extractors/*.[ch]' 'storage/*.[ch]' \
    'crawler/*.[ch]' 'alerts/*.[ch]' 'cli/*.[ch]'); do
    [ -f "$file" ] || continue
    room=${file%%/*}
    allowed=" $room $(sed -n "s/^room $room:[[:space:]]*//p" layers.txt) "
    for target in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file" | sort -u); do
        case $allowed in
        *" $target "*) ;;
        *)
            echo "$file: $room may not include $target (layers.txt)"
            bad=1
            ;;
        esac
    done
    for line in $(grep -nE '^#include "[^/"]*"' "$file" | cut -d: -f1); do
        echo "$file:$line: include by full path from the top (\"room/name.h\")"
        bad=1
    done
done
[ $bad = 0 ] && echo "layers: every include follows an arrow"
exit $bad
