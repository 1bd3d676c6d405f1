/* watch_cells.c - statuses, countries and days that are typed. */
#include "cli/watch_cells.h"

#include "base/date.h"
#include "base/nearest.h"

#include <sysexits.h>

#define STATUS_PREFIX SLICE("status:")

/* The values of a column, and what the typed one is held against. */
struct known {
    struct cli *cli;
    struct slice value;
    struct nearest near;
    size_t n;
    bool is_found;
};

static void hold_against(struct known *k, struct slice value)
{
    if (value.len == 0)
        return;
    k->n++;
    k->is_found |= slice_equal(value, k->value);
    nearest_try(&k->near, arena_string(&k->cli->arena, value));
}

static int refuse(struct known *k, const char *what)
{
    return cli_usage(k->cli, "%s \"%.*s\"%s%s%s", what, SLICE_ARG(slice_head(k->value, 80)),
                     k->near.best != NULL ? "; did you mean \"" : "",
                     k->near.best != NULL ? k->near.best : "", k->near.best != NULL ? "\"?" : "");
}

/* A status has words in terms.csv, or a row has it already. */
static int check_status(struct known *k, const struct watch_edit *e)
{
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_TERMS); i++) {
        struct slice role = watch_edit_cell(e, WATCH_TERMS, i, "role");

        if (watch_edit_is_there(e, WATCH_TERMS, i) && slice_starts(role, STATUS_PREFIX))
            hold_against(k, slice_skip(role, STATUS_PREFIX.len));
    }
    if (k->n == 0) /* a list that reads no statuses from articles takes any */
        return EX_OK;
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_STATIONS); i++)
        if (watch_edit_is_there(e, WATCH_STATIONS, i))
            hold_against(k, watch_edit_cell(e, WATCH_STATIONS, i, "status"));
    return k->is_found ? EX_OK : refuse(k, "the list has no status");
}

/* A list without countries knows none, and takes any. */
static int check_country(struct known *k, const struct watch_edit *e)
{
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_PLACES); i++)
        if (watch_edit_is_there(e, WATCH_PLACES, i) &&
            slice_equal(watch_edit_cell(e, WATCH_PLACES, i, "type"), SLICE("country")))
            hold_against(k, watch_edit_cell(e, WATCH_PLACES, i, "country"));
    return k->is_found || k->n == 0 ? EX_OK : refuse(k, "places.csv has no country");
}

/* Digits up to the next hyphen, or the end; false when it is not that many. */
static bool next_number(struct slice *rest, size_t n_digits, int64_t *out)
{
    *out = 0;
    if (rest->len < n_digits)
        return false;
    for (size_t i = 0; i < n_digits; i++) {
        if (rest->ptr[i] < '0' || rest->ptr[i] > '9')
            return false;
        *out = *out * 10 + (rest->ptr[i] - '0');
    }
    *rest = slice_skip(*rest, n_digits);
    if (rest->len == 0)
        return true;
    if (rest->ptr[0] != '-' || rest->len == 1)
        return false;
    *rest = slice_skip(*rest, 1);
    return true;
}

/* "2022", "2022-10", "2022-10-05" */
static bool is_day(struct slice s)
{
    int64_t year, month = 1, day = 1, days;

    return next_number(&s, 4, &year) && (s.len == 0 || next_number(&s, 2, &month)) &&
           (s.len == 0 || next_number(&s, 2, &day)) && s.len == 0 &&
           date_from_civil(year, (unsigned)month, (unsigned)day, &days);
}

int watch_cell_check(struct cli *cli, const struct watch_edit *edit, struct slice title,
                     struct slice value)
{
    struct known k = {.cli = cli, .value = value};

    nearest_init(&k.near, value);
    if (value.len == 0)
        return EX_OK;
    if (slice_equal(title, SLICE("status")))
        return check_status(&k, edit);
    if (slice_equal(title, SLICE("country")))
        return check_country(&k, edit);
    if (slice_equal(title, SLICE("status_date")) && !is_day(value))
        return cli_usage(cli, "\"%.*s\" is no day: write 2022-10-05, 2022-10 or 2022",
                         SLICE_ARG(slice_head(value, 80)));
    return EX_OK;
}
