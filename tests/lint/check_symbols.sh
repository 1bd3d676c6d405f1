#!/bin/sh
# Reads the undefined symbols of our objects: no banned function anywhere, no library outside its
# room (layers.txt). Prints each breach; exit 1 when any. A fortified call (__strcpy_chk) is the call
# itself; what the compiler makes of a call before it is a symbol, check_texts.sh sees.
set -eu
: "${B:?build folder}"
bad=0
banned='^(strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|gets|atoi|atol|atof|system|popen|localtime|gmtime|tolower|toupper|alloca|rand|tmpnam|mktemp)$'
list=$(mktemp)
trap 'rm -f "$list"' EXIT
for object in "$B"/base/*.o "$B"/feeds/*.o "$B"/extractors/*.o "$B"/storage/*.o "$B"/crawler/*.o "$B"/crawler/*/*.o \
    "$B"/alerts/*.o "$B"/alerts/*/*.o "$B"/cli/*.o; do
    [ -f "$object" ] || continue
    source=${object#"$B"/}
    source=${source%.o}.c
    [ -f "$source" ] || continue # an object of a file that is gone
    nm -u "$object" | sed -e 's/^[[:space:]]*U //' -e 's/^[[:space:]]*w //' \
        -e 's/^__\(.*\)_chk$/\1/' -e "s|^|$source |" >>"$list"
done
if awk -v re="$banned" '$2 ~ re {print $1 ": banned function " $2; n = 1} END {exit !n}' "$list"; then
    bad=1
fi
grep '^library ' layers.txt | while read -r _ name pattern files; do
    awk -v re="$pattern" -v files=" $files " -v name="$name" \
        '$2 ~ re && index(files, " " $1 " ") == 0 {print $1 ": " $2 " of " name " is called outside its room (layers.txt)"}' "$list"
done >"$list.out"
if [ -s "$list.out" ]; then
    cat "$list.out"
    bad=1
fi
rm -f "$list.out"
[ $bad = 0 ] && echo "symbols: no banned function, every library in its room"
exit $bad
