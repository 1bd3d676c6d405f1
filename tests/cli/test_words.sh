#!/bin/sh
# The command line itself: help, corrections, exit statuses, the manual beside the tables.
set -u
w=$WIREWATCH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export XDG_CONFIG_HOME="$dir/config" XDG_DATA_HOME="$dir/data" HOME="$dir"
: >"$dir/failures"

# expect STATUS PATTERN COMMAND... : the exit status, and a pattern in what it says on either stream
expect() {
    want=$1 pattern=$2
    shift 2
    said=$("$@" 2>&1 </dev/null)
    status=$?
    if [ $status != "$want" ]; then
        echo "$* gave status $status, not $want: $said" >>"$dir/failures"
    elif ! printf '%s\n' "$said" | grep -qF -- "$pattern"; then
        echo "$* lacks \"$pattern\": $said" >>"$dir/failures"
    fi
}

expect 0 'wirewatch 0.' "$w" --version
expect 0 'A first watch:' "$w" --help
expect 64 'A first watch:' "$w"
expect 64 'did you mean alert?' "$w" alrt list
expect 64 'did you mean alert list?' "$w" alert lsit
expect 64 'feed what? add discover list show check' "$w" feed
expect 64 'did you mean --since?' "$w" alert list --sinc 7d
expect 64 '--format is human, jsonl or csv' "$w" --format xml alert list
expect 64 '--color is auto, always or never, not "sometimes"' "$w" --color sometimes alert list
expect 64 '--progress is auto, never or json, not "xx"' "$w" alert list --progress xx
expect 64 '--lock-wait wants seconds, not "abc"' "$w" alert list --lock-wait abc
# An option and its value stand anywhere.
expect 66 'wirewatch init makes one' "$w" --since 3d alert list
expect 66 'wirewatch init makes one' "$w" alert --limit 1 list
expect 64 'unknown command "alert lsit"' "$w" --since 3d alert --limit 1 lsit
expect 64 '--since wants a date' "$w" alert list --since someday
expect 64 '--limit wants a number' "$w" alert list --limit many
expect 64 'one word too many' "$w" alert show a1 a2
expect 64 'is missing' "$w" alert show
expect 64 '--now wants a time' "$w" --now never alert list
for option in config db machine format fields color progress lock-wait now; do
    expect 64 "--$option wants" "$w" "--$option=" alert list
done
expect 78 'wirewatch init makes one' "$w" run
expect 66 'wirewatch init makes one' "$w" alert list
expect 0 'why an alert was raised' "$w" alert explain --help
expect 0 'why an alert was raised' "$w" help alert explain
expect 0 'watch revert VERSION' "$w" watch --help
expect 0 'alert explain ALERT' "$w" help alert
expect 64 'unknown command "wtach"' "$w" wtach --help
[ "$("$w" help watch | wc -l)" -lt 40 ] || echo "help of a noun is long" >>"$dir/failures"
"$w" --help | grep -q 'watch control add|list|remove \.\.\. *texts' || echo "a call is cut in a word" >>"$dir/failures"
expect 0 '--for ID ' "$w" why-not --help
expect 0 'who says so' "$w" alert mark --help
expect 0 '--expect N ' "$w" watch test --help

# Every command of the overview explains itself, and the manual has it with its options.
"$w" --help | sed -n '/^Commands:/,/^$/p' | grep '^  ' >"$dir/commands"
[ "$(wc -l <"$dir/commands")" -gt 25 ] || echo "few commands in --help" >>"$dir/failures"
while read -r noun verb _; do
    name=$noun
    case $verb in
    [a-z]*) "$w" help "$noun" "$verb" >"$dir/help" 2>/dev/null && name="$noun $verb" ;;
    esac
    # shellcheck disable=SC2086 # a name is one or two words
    "$w" $name --help >"$dir/help" || echo "$name --help fails" >>"$dir/failures"
    grep -qE "^\.It Nm wirewatch Cm $name( |\$)" docs/wirewatch.1 ||
        echo "wirewatch.1 lacks the command $name" >>"$dir/failures"
    sed -n 's/^  ..[, ] \(--[a-z-]*\).*/\1/p' "$dir/help" | while read -r option; do
        grep -qE "Fl Fl ${option#--}( |\$)" docs/wirewatch.1 ||
            echo "wirewatch.1 lacks $option of $name" >>"$dir/failures"
    done
    # A variable that is not set widens nothing; feed set alone has a use for an empty value.
    if [ "$name" != inspect ] && [ "$name" != 'feed set' ]; then
        sed -n '/^Options of every/q; s/^  ..[, ] \(--[a-z-]*\) [A-Z][^ ]* .*/\1/p' "$dir/help" | while read -r option; do
            # shellcheck disable=SC2086
            expect 64 "$option wants" "$w" $name "$option" ''
        done
    fi
done <"$dir/commands"

# Every setting of the table is in the manual.
mkdir -p "$dir/config/wirewatch"
printf '[wirewatch]\ncontact = desk@example.org\n' >"$dir/config/wirewatch/wirewatch.conf"
"$w" config --format jsonl --fields key >"$dir/settings" || echo "config fails" >>"$dir/failures"
[ "$(wc -l <"$dir/settings")" -gt 20 ] || echo "few settings" >>"$dir/failures"
sed 's/.*"key":"\([^"]*\)".*/\1/' "$dir/settings" | while read -r key; do
    grep -q "^\.It Ic $key\$" docs/wirewatch.1 ||
        echo "wirewatch.1 lacks the setting $key" >>"$dir/failures"
done

# A mistake in the settings: file:line and the nearest key, status 78.
printf '[wirewatch]\ncontatc = x\n' >"$dir/config/wirewatch/wirewatch.conf"
expect 78 'wirewatch.conf:2: unknown key "contatc"; did you mean "contact"?' "$w" run

# The completion is shell that bash takes, and it completes.
if command -v bash >/dev/null; then
    "$w" completion >"$dir/completion"
    got=$(bash -c ". '$dir/completion'; COMP_WORDS=(wirewatch al); COMP_CWORD=1; _wirewatch; echo \${COMPREPLY[@]}")
    [ "$got" = alert ] || echo "completion of \"al\" gave \"$got\"" >>"$dir/failures"
    got=$(bash -c ". '$dir/completion'; COMP_WORDS=(wirewatch alert ex); COMP_CWORD=2; _wirewatch; echo \${COMPREPLY[@]}")
    [ "$got" = explain ] || echo "completion of \"alert ex\" gave \"$got\"" >>"$dir/failures"
fi

# Standard output that is full is an error, not silence.
if [ -e /dev/full ]; then
    "$w" --help >/dev/full 2>"$dir/full"
    [ $? = 74 ] || echo "a full standard output gave no status 74" >>"$dir/failures"
fi

if [ -s "$dir/failures" ]; then
    sed 's/^/FAIL: /' "$dir/failures"
    exit 1
fi
echo "command line: all as the manual says"
