/* outbox_words.h - what the commands of the outbox share. */
#ifndef WW_CLI_OUTBOX_WORDS_H
#define WW_CLI_OUTBOX_WORDS_H

#include "cli/cli.h"

struct message_row;

/* "17" or "m17". WW_NOT_FOUND, with words for a person. */
enum ww_status outbox_find(struct cli *cli, const char *word, struct message_row *out,
                           struct ww_error *err);

#endif
