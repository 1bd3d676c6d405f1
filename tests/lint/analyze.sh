#!/bin/sh
# gcc's -fanalyzer, then clang-tidy, one file a call (several in one call bring false va_list
# reports). Which checks of clang-tidy are off, and why, stands in .clang-tidy. Exit 1 when anything
# is found.
#   CFLAGS=... tests/lint/analyze.sh FILE.c...
set -u
: "${CFLAGS?what the files need to be read: -I, -D, -std}"
# Off in gcc 12, on in clang: gcc takes every lookup that may find nothing for one that finds nothing,
# and what a function of another file fills through a table for unset.
gcc_off='-Wno-analyzer-null-dereference -Wno-analyzer-use-of-uninitialized-value'
found=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for file in "$@"; do
    before='-include tests/lint/analyze.h'
    [ "$file" != base/error.c ] || before=
    # The flags hold quotes (-DWW_VERSION='"0.1.0"').
    eval "gcc -O1 -fanalyzer $gcc_off -fdiagnostics-path-format=none -c -o /dev/null $before $CFLAGS $file" >"$said" 2>&1
    eval "clang-tidy --quiet --warnings-as-errors='*' $file -- $before $CFLAGS" >>"$said" 2>/dev/null
    n=$(grep -cE '(warning|error): ' "$said")
    [ "$n" = 0 ] || cat "$said"
    found=$((found + n))
done
echo "analyze: $# files, $found findings"
[ $found = 0 ]
