#!/bin/sh
# Every fuzz target RUNS times under its sanitizers, one after the other on one core, and a table of
# what was done and found. What was done is remembered with the sum of the program that did it, so
# that a soak which was stopped, or whose time was up, goes on where it ended.
#   B=build/clang-fuzz [RUNS=1000000] [SOAK_S=14400] [TARGETS="feed url"] tests/fuzz/soak.sh
# Status 0: all of them did it without a finding; 1: there are findings; 2: more time is needed.
set -eu
: "${B:?build folder}"
here=$(dirname "$0")
runs=${RUNS:-1000000}
until=$(($(date +%s) + ${SOAK_S:-14400}))
targets=${TARGETS:-$(for f in "$here"/fuzz_*.c; do basename "$f" .c | cut -c6-; done)}
out=$B/soak
mkdir -p "$out/findings"
# Freed memory is kept for a while, to be watched: with the default, 256 MB of it fall out of caches.
export ASAN_OPTIONS="${ASAN_OPTIONS:-quarantine_size_mb=16:malloc_context_size=8}"

# Executions of this very program, and of all that were soaked: lines of "sum executions seconds".
sum_of() {
    cksum <"$B/tests/fuzz/fuzz_$1" | cut -d' ' -f1
}
done_by_this() {
    awk -v sum="$(sum_of "$1")" '$1 == sum { n += $2 } END { print n + 0 }' "$out/$1.tally"
}

soak() {
    left=$((runs - $(done_by_this "$1")))
    [ $left -gt 0 ] || return 0
    dictionary=$here/$1.dict
    [ -f "$dictionary" ] || dictionary=
    mkdir -p "$out/corpus/$1"
    begun=$(date +%s)
    # -entropic=0: counting how rare each feature is takes a fifth of the time.
    nice -n 10 "$B/tests/fuzz/fuzz_$1" -runs=$left -max_total_time="$2" -max_len=4096 -entropic=0 \
        -timeout=10 -rss_limit_mb=1024 -artifact_prefix="$out/findings/$1-" \
        -print_final_stats=1 -verbosity=0 ${dictionary:+-dict="$dictionary"} \
        "$out/corpus/$1" "$here/seeds/$1" >"$out/$1.log" 2>&1 || true
    did=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$1.log")
    echo "$(sum_of "$1") ${did:-0} $(($(date +%s) - begun))" >>"$out/$1.tally"
}

n_left=$(echo $targets | wc -w)
for t in $targets; do
    : >>"$out/$t.tally"
    share=$(((until - $(date +%s)) / n_left)) # of the time that is left
    n_left=$((n_left - 1))
    [ $share -lt 1 ] || soak "$t" $share
done

short=0
found=0
printf '%-10s %12s %14s %8s %8s %9s\n' target executions "in all builds" "per s" corpus findings
for t in $targets; do
    n=$(done_by_this "$t")
    findings=$(find "$out/findings" -name "$t-*" | wc -l)
    printf '%-10s %12d %14d %8d %8d %9d\n' "$t" "$n" \
        $(awk '{ n += $2; s += $3 } END { print n + 0, int(n / (s > 0 ? s : 1)) }' "$out/$t.tally") \
        "$(find "$out/corpus/$t" -type f 2>/dev/null | wc -l)" "$findings"
    [ "$n" -ge "$runs" ] || short=$((short + 1))
    found=$((found + findings))
done
echo "$found findings; $short targets have fewer than $runs executions"
[ $found = 0 ] || exit 1
[ $short = 0 ] || exit 2
