#!/bin/sh
# gcc's -fanalyzer, then clang-tidy, one file a call (several in one call bring false va_list
# reports). Which checks, and why some are off, stands in .clang-tidy. Exit 1 when anything is found.
#   CFLAGS=... tests/lint/analyze.sh FILE.c...
set -u
: "${CFLAGS?what the files need to be read: -I, -D, -std}"
found=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for file in "$@"; do
    # The flags hold quotes (-DWW_VERSION='"0.1.0"').
    eval "gcc -O1 -fanalyzer -c -o /dev/null $CFLAGS \"$file\"" >"$said" 2>&1
    eval "clang-tidy --quiet --warnings-as-errors='*' \"$file\" -- $CFLAGS" >>"$said" 2>/dev/null
    if grep -qE '(warning|error): ' "$said"; then
        grep -vE '^[0-9]+ warnings? ' "$said"
        found=$((found + $(grep -cE '(warning|error): ' "$said")))
    fi
done
echo "analyze: $# files, $found findings"
[ $found = 0 ]
