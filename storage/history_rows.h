/* history_rows.h - names of states in rows of history, for the files that read such rows. */
#ifndef WW_STORAGE_HISTORY_ROWS_H
#define WW_STORAGE_HISTORY_ROWS_H

/* In the order of their enums, NULL at the end. */
extern const char *const history_backfill_states[];
extern const char *const history_find_states[];

#endif
