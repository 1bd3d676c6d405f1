#!/bin/sh
# Tables that are searched by bsearch must be sorted by name, byte by byte.
set -eu
bad=0
for file in feeds/names.c feeds/feed_fields.c feeds/sitemap.c feeds/finds_cdx.c base/entities_table.h; do
    names=$(grep -o '{"[^" <][^"]*", *[{"A-Z]' "$file" | sed 's/^{"//; s/".*//')
    [ "$(printf '%s\n' "$names" | wc -l)" -gt 5 ] || { echo "$file: no table found"; bad=1; }
    printf '%s\n' "$names" | LC_ALL=C sort -cu || { echo "$file: not in order"; bad=1; }
done
# The table of HTML's names is what its maker makes.
python3 tests/lint/make_entities.py | cmp - base/entities_table.h || bad=1
exit $bad
