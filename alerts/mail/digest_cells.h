/*
 * digest_cells.h - an alert as the columns of `wirewatch alert list`, under their names; for
 * digest_csv.c and digest_json.c.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_CELLS_H
#define WW_ALERTS_MAIL_DIGEST_CELLS_H

#include "base/slice.h"

#include <stdint.h>

struct alert_view;
struct arena;

enum digest_cell_kind { DIGEST_CELL_TEXT, DIGEST_CELL_NUMBER, DIGEST_CELL_TIME, DIGEST_CELL_FLAG };

struct digest_cell {
    const char *name;
    enum digest_cell_kind kind;
    struct slice text;
    int64_t number; /* of a time: 0 when it is not known */
};

#define DIGEST_CELLS 28

/* In the order of the list. Texts are as they were found: whoever writes them makes them safe. */
void digest_cells(const struct alert_view *v, struct arena *arena,
                  struct digest_cell out[DIGEST_CELLS]);

#endif
