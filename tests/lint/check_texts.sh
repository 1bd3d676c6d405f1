#!/bin/sh
# Things no compiler sees: a first comment in every source file, no tab, no trailing blank, no open
# TODO, and no word of any beat in the engine (watchlists/ alone may speak of what is watched).
set -eu
bad=0
say() {
    echo "$1"
    bad=1
}
files=$(git ls-files 'base/*.[ch]' 'feeds/*.[ch]' 'extractors/*.[ch]' 'storage/*.[ch]' 'crawler/*.[ch]' \
    'alerts/*.[ch]' 'cli/*.[ch]')
for f in $files; do
    [ -f "$f" ] || continue
    head -c 2 "$f" | grep -q '^/\*' || say "$f:1: begins with a comment that says what it is for"
    grep -nE '[[:space:]]$' "$f" /dev/null && say "$f: blank at a line's end"
    grep -nE '	' "$f" /dev/null && say "$f: tab"
    grep -nE 'TODO|FIXME|XXX' "$f" /dev/null && say "$f: undone work needs an issue, not a comment"
done
# The engine knows kinds, roles and strengths; the words it looks for are data. Generated tables of
# characters (base/han*) are about writing, not about the beat.
words='police|fuzhou|qingtian|nantong|wenzhou|beijing|[^a-z]china|chinese'
# shellcheck disable=SC2086 # one word a file
if grep -nEi "\"[^\"]*($words)[^\"]*\"" $files /dev/null | grep -v '^base/han' | grep -v '^base/charset'; then
    say "a word of the beat stands in the engine: it belongs in watchlists/"
fi
[ $bad = 0 ] && echo "texts: comments, blanks and words are in order"
exit $bad
