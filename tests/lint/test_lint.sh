#!/bin/sh
# Each check of `make lint` sees its breach: made in a copy of the sources, named with its file.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0
git rev-parse --git-dir >/dev/null 2>&1 || {
    echo "no git repository"
    exit 77
}
git ls-files -z | tar --null -T - -cf - | tar -C "$dir" -xf - || exit 1
cd "$dir" || exit 1
git init -q . && git add -A

# breach CHECK FILE WORDS: the check fails and says the words of the file, which then is as it was
breach() {
    said=$(eval "$1" 2>&1)
    status=$?
    if [ $status = 0 ]; then
        echo "FAIL: $1 did not fail for $3"
        bad=1
    elif ! printf '%s\n' "$said" | grep -F -- "$2" | grep -qF -- "$3"; then
        echo "FAIL: $1 does not say \"$3\": $said"
        bad=1
    fi
    if git cat-file -e ":0:$2" 2>/dev/null; then git checkout -q -- "$2"; else rm -f "$2"; fi
}
layers=tests/lint/check_layers.sh
texts=tests/lint/check_texts.sh

echo '#include "storage/store.h"' >>feeds/opml.c
breach $layers feeds/opml.c 'feeds may not include storage'
echo '#include <storage/store.h>' >>feeds/opml.c
breach $layers feeds/opml.c 'feeds may not include storage'
echo '  #  include "cli/cli.h"' >>base/mem.h
breach $layers base/mem.h 'base may not include cli'
echo '#include "tests/support/http.h"' >>crawler/fetch.c
breach $layers crawler/fetch.c 'crawler may not include tests'
echo '#include "opml.h"' >>feeds/opml.c
breach $layers feeds/opml.c 'include by full path'

# What objects need: one small file a breach, compiled as make would.
calls() {
    mkdir -p "$dir/build/$(dirname "$1")"
    printf '%s\n' "$2" >"$1"
    ${CC:-cc} -O2 -D_FORTIFY_SOURCE=2 -w -c -o "$dir/build/${1%.c}.o" "$1" || exit 1
    B=$dir/build breach tests/lint/check_symbols.sh "$1" "$3"
    rm -f "$dir/build/${1%.c}.o"
}
calls feeds/breach.c 'void *curl_easy_init(void); void *f(void) { return curl_easy_init(); }' \
    'curl_easy_init of curl is called outside its room'
calls storage/breach.c 'int sqlite3_open(const char *, void **); int f(void **p) { return sqlite3_open("", p); }' \
    'sqlite3_open of sqlite'
calls alerts/breach.c '#include <stdlib.h>
void *f(void) { return malloc(3); }' 'malloc of malloc'
calls crawler/breach.c '#include <stdlib.h>
void f(void) { exit(1); }' 'exit of exit'
calls cli/breach.c '#include <stdio.h>
void f(int n) { printf("%d", n); }' 'printf of print'
calls extractors/breach.c '#include <string.h>
void f(char *a, const char *b) { strcpy(a, b); }' 'banned function strcpy'
calls base/breach.c '#include <stdio.h>
char t[9]; void f(int n) { sprintf(t, "%d", n); }' 'banned function sprintf'

echo 'int f(const char *s) { return atoi(s); }' >>base/slice.c
breach $texts base/slice.c 'banned function is called'
printf '\tint tab;\n' >>base/slice.c
breach $texts base/slice.c ': tab'
echo 'int blank; ' >>base/slice.c
breach $texts base/slice.c "blank at a line's end"
echo '/* TO''DO: later */' >>base/slice.c
breach $texts base/slice.c 'undone work'
echo 'const char *word = "the police";' >>alerts/matcher.c
breach $texts alerts/matcher.c 'a word of the beat'
echo 'int first;' >base/bare.c
git add base/bare.c
breach $texts base/bare.c 'begins with a comment'
git rm -q -f --cached base/bare.c
rm -f base/bare.c

if command -v clang-format >/dev/null; then
    echo 'int   slip( void );' >>base/slice.h
    breach 'tests/lint/check_format.sh base/slice.h' base/slice.h 'error'
fi
if command -v mandoc >/dev/null; then
    echo '.Nonsense' >>docs/wirewatch.1
    breach 'make --no-print-directory man' docs/wirewatch.1 'unknown macro'
fi

# And without a breach they are content.
for check in $layers $texts; do
    $check >"$dir/said" 2>&1 || {
        echo "FAIL: $check without a breach: $(cat "$dir/said")"
        bad=1
    }
done
[ $bad = 0 ] && echo "lint: every breach is seen and named"
exit $bad
