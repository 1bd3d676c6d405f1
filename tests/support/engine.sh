# engine.sh - the store of a shell test, to be sourced. new_store FOLDER sets $db to the address of a
# new one: a file in the folder, or a database on the server of $WW_TEST_STORE (cluster.sh), which
# goes with that server.
new_store() {
    db=$1/wirewatch.db
    [ -n "${WW_TEST_STORE:-}" ] || return 0
    name=test_$$_$(date +%s%N)
    psql -X -q -c "CREATE DATABASE $name TEMPLATE wirewatch_template" \
        "${WW_TEST_STORE%%\?*}postgres?${WW_TEST_STORE#*\?}" || exit 1
    db=${WW_TEST_STORE%%\?*}$name?${WW_TEST_STORE#*\?}
}
