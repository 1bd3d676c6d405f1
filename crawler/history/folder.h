/*
 * folder.h - the names in a folder, in order, a batch at a time.
 *
 * In order, so that two backfills go the same way; in batches, so that a Maildir of a million mails
 * takes no more memory than one of some thousand: each batch reads the folder once more. Names that
 * begin with a dot are left out, unless asked for.
 */
#ifndef WW_CRAWLER_HISTORY_FOLDER_H
#define WW_CRAWLER_HISTORY_FOLDER_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct folder {
    struct arena arenas[2]; /* names live in the one, and move to the other */
    size_t current;
    char **names; /* of the batch; until the next call */
    size_t n_names;
    char *after; /* the last name of the batch before; NULL: it begins */
    bool is_over;
    bool has_hidden; /* names with a dot count, too */
};

void folder_init(struct folder *f, bool has_hidden);
void folder_release(struct folder *f);

/* The next names; none at the end. WW_NOT_FOUND: the folder cannot be read. */
enum ww_status folder_next(struct folder *f, const char *path, struct ww_error *err);

/* A Maildir has its mails in cur and new; in tmp are those that are not whole yet. */
bool folder_is_maildir(const char *path);

#endif
