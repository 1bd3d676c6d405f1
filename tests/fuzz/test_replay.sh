#!/bin/sh
# Every fuzz target over its seeds and over what a fuzzer once found. Each has seeds to begin with.
#   B=build/cc tests/run fuzz
set -eu
here=$(dirname "$0")
targets=0
files=0
for source in "$here"/fuzz_*.c; do
    name=$(basename "$source" .c | cut -c6-)
    seeds=$here/seeds/$name
    if [ -z "$(ls "$seeds" 2>/dev/null)" ]; then
        echo "$name: no seeds in $seeds"
        exit 1
    fi
    "$B/tests/fuzz/replay" "$name" "$seeds"/* || {
        echo "$name: status $?"
        exit 1
    }
    targets=$((targets + 1))
    files=$((files + $(find "$seeds" -type f | wc -l)))
done
echo "$targets targets, $files files, each whole and cut at 64 places"
