#!/bin/sh
# Runs a command beside a PostgreSQL server of its own, which goes away with it: in a new folder, on
# a unix socket alone, quick where a crash of the machine would cost something. The command finds in
# $WW_TEST_STORE the address under which it may make databases: postgresql:///?host=FOLDER, a name
# to be put before the "?". There is one already, wirewatch_template: a store with nothing in it.
#   B=build/cc tests/support/cluster.sh tests/run
#   WW_TEST_DURABLE=1   what is committed is on the disk: for measuring
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${B:?build folder}"

pg_bin() {
    for d in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/bin /usr/bin; do
        if [ -x "$d/initdb" ] && [ -x "$d/postgres" ]; then
            echo "$d"
            return
        fi
    done
    echo "cluster.sh: no PostgreSQL server here (initdb, postgres); Debian's package is postgresql" >&2
    return 1
}
bin=$(pg_bin) || exit 77

# PostgreSQL does not run as root.
me=$(id -un)
as=
if [ "$(id -u)" = 0 ]; then
    other=postgres
    id "$other" >/dev/null 2>&1 || other=nobody
    as="setpriv --reuid=$other --regid=$(id -g "$other") --clear-groups"
fi

# What a killed run left: the folders whose lock nobody holds.
stop() { # FOLDER
    # shellcheck disable=SC2086 # words
    [ ! -f "$1/data/postmaster.pid" ] || $as "$bin/pg_ctl" -D "$1/data" -m immediate -w -s stop
    rm -rf "$1"
}
# Not under $B: the socket's path has 107 bytes, and the server's user must be able to go there.
home=${TMPDIR:-/tmp}
[ ${#home} -le 60 ] && $as test -w "$home" -a -x "$home" || home=/tmp
for old in "$home"/wirewatch-pg.*; do
    [ ! -O "$old/lock" ] || ! flock -n "$old/lock" true || stop "$old"
done

folder=$(mktemp -d "$home/wirewatch-pg.XXXXXX") || exit 1
exec 9>"$folder/lock" && flock 9
ended() {
    trap '' INT TERM HUP
    [ ! -f "$folder/log" ] || cp "$folder/log" "$B/postgresql.log"
    stop "$folder"
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failed() {
    echo "cluster.sh: $1" >&2
    cat "$folder/log" >&2 2>/dev/null
    exit 1
}
chmod 755 "$folder"
[ -z "$as" ] || chown "$other" "$folder"
# shellcheck disable=SC2086 # words
$as "$bin/initdb" -D "$folder/data" -U postgres -A trust --locale=C --encoding=UTF8 --no-sync \
    >"$folder/initdb.log" 2>&1 9>&- || {
    cat "$folder/initdb.log" >&2
    failed "no cluster"
}
durable=off
[ -z "${WW_TEST_DURABLE:-}" ] || durable=on
cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = $durable
full_page_writes = $durable
synchronous_commit = $durable
wal_level = minimal
max_wal_senders = 0
max_connections = 200
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
logging_collector = off
END
# shellcheck disable=SC2086 # words
$as "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -s start 9>&- || failed "the server does not start"

# The tests' databases belong to somebody who may make some and nothing else, as a newsroom's do.
PGHOST=$folder
PGOPTIONS="-c client_min_messages=warning"
export PGHOST PGOPTIONS
unset PGPORT PGUSER PGDATABASE PGPASSWORD PGSERVICE
PATH=$bin:$PATH # psql itself, not a distribution's wrapper in perl
# pg_signal_backend: who drops a database ends what autovacuum does there.
psql -X -q -U postgres -d postgres -c "CREATE ROLE \"$me\" LOGIN CREATEDB" -c "GRANT pg_signal_backend TO \"$me\"" ||
    failed "no role"
WW_TEST_STORE="postgresql:///?host=$folder"
# For a test that takes its server away: a command to be followed by stop, start, restart. Such a test
# runs under a cluster.sh of its own.
WW_TEST_SERVER="$as $bin/pg_ctl -w -s -D $folder/data -l $folder/log"
template="postgresql:///wirewatch_template?host=$folder"
psql -X -q -d postgres -c "CREATE DATABASE wirewatch_template" || failed "no template"
mkdir "$folder/home" || failed "no folder"
env -u WIREWATCH_DB HOME="$folder/home" XDG_CONFIG_HOME="$folder/home" XDG_DATA_HOME="$folder/home" \
    "${WIREWATCH:-$B/wirewatch}" --config "$folder/home/w.conf" --db "$template" \
    init "$top/watchlists/overseas-police-stations" >"$folder/init.log" 2>&1 || {
    cat "$folder/init.log" >&2
    failed "no schema in the template"
}
unset PGHOST PGOPTIONS
export WW_TEST_STORE WW_TEST_SERVER

"$@" 9>&-
