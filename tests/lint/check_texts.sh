#!/bin/sh
# Things no compiler sees: a first comment in every source file, no tab, no trailing blank, no work
# left for later, no banned function by its name, and no word of any beat in the engine (watchlists/
# alone may speak of what is watched).
set -eu
files=$(git ls-files 'base/*.[ch]' 'feeds/*.[ch]' 'extractors/*.[ch]' 'storage/*.[ch]' 'crawler/*.[ch]' \
    'alerts/*.[ch]' 'cli/*.[ch]' | while read -r f; do [ -f "$f" ] && echo "$f"; done)
# gcc makes strtol of atoi and memcpy of many a strcpy, so that check_symbols.sh cannot see them all.
banned='strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|gets|atoi|atol|atof|system|popen|localtime|gmtime|tolower|toupper|alloca'
# The engine knows kinds, roles and strengths; the words it looks for are data. Generated tables of
# characters (base/han*) are about writing, not about the beat.
words='police|fuzhou|qingtian|nantong|wenzhou|beijing|[^a-z]china|chinese'
# shellcheck disable=SC2086 # one word a file
awk -v banned="(^|[^A-Za-z0-9_\"])($banned)\\\\(" -v words="\"[^\"]*($words)[^\"]*\"" '
    function say(what) { print FILENAME ":" FNR ": " what; bad = 1 }
    FNR == 1 && !/^\/\*/ { say("begins with a comment that says what it is for") }
    /[ \t\r]$/ { say("blank at a line\047s end") }
    /\t/ { say("tab") }
    /TO[D]O|FIX[M]E|XX[X]/ { say("undone work needs an issue, not a comment") }
    !/^[ \t]*(\/\*|\*)/ && $0 ~ banned { say("a banned function is called: " $0) }
    /"/ && FILENAME !~ /^base\/(han|charset)/ && tolower($0) ~ words {
        say("a word of the beat stands in the engine, it belongs in watchlists/: " $0)
    }
    END {
        if (!bad) print "texts: comments, blanks, names and words are in order"
        exit bad
    }' $files
