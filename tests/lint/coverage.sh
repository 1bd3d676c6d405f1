#!/bin/sh
# Lines and branches that the tests ran, by file and in all, from a coverage build.
#   B=build/cc-coverage tests/lint/coverage.sh FILE.c...
set -eu
: "${B:?build folder}"
for file in "$@"; do
    # gcov names every header as well; the file itself comes in the block "File 'room/name.c'".
    gcov --no-output --branch-probabilities --object-directory "$B/${file%.c}.o" "$file" 2>/dev/null |
        awk -v file="$file" '
            /^File / { ours = ($0 == "File \047" file "\047") }
            ours && /^Lines executed:/ { split($2, p, /[:%]/); lines = p[2]; n_lines = $NF }
            ours && /^Taken at least once:/ { split($0, p, /[:%]/); taken = p[2]; n_branches = $NF }
            END { printf "%s %s %d %s %d\n", file, lines + 0, n_lines, taken + 0, n_branches }'
done | awk '
    BEGIN { printf "%-36s %7s %6s  %9s %6s\n", "file", "lines", "of", "branches", "of" }
    {
        printf "%-36s %6.1f%% %6d  %8.1f%% %6d\n", $1, $2, $3, $4, $5
        run += $2 * $3 / 100; lines += $3; taken += $4 * $5 / 100; branches += $5
    }
    END {
        printf "%-36s %6.1f%% %6d  %8.1f%% %6d\n", "in all", lines ? 100 * run / lines : 0, lines,
            branches ? 100 * taken / branches : 0, branches
    }'
