/*
 * backfill_timeline.h - how many articles of a backfill speak of each watched item, month by month:
 * for people a line an item and year, a column a month.
 */
#ifndef WW_CLI_BACKFILL_TIMELINE_H
#define WW_CLI_BACKFILL_TIMELINE_H

struct cli;
struct timeline_rows;

/* Nothing when there are no rows. */
void backfill_timeline_put(struct cli *cli, const struct timeline_rows *t);

#endif
