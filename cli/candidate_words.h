/* candidate_words.h - what the commands on possible places share: finding one, showing one. */
#ifndef WW_CLI_CANDIDATE_WORDS_H
#define WW_CLI_CANDIDATE_WORDS_H

#include "alerts/candidates.h"
#include "cli/cli.h"

/* The list in use and all candidates, dismissed ones and listed ones too. */
enum ww_status candidate_read(struct cli *cli, struct watchlist *w,
                              struct candidate_group_list *out, struct ww_error *err);

/*
 * The one that the first word of the command names, by id or name. NULL after a message; *status is
 * what the command ends with then.
 */
const struct candidate_group *candidate_named(struct cli *cli,
                                              const struct candidate_group_list *list, int *status);

#endif
