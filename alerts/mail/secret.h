/*
 * secret.h - the password of the mail server: asked for when it is needed, wiped when it was used.
 *
 * From a program's first line of output, or from a file that only its owner can read. It is never
 * in the settings, in an argument list, in a log or in the store.
 */
#ifndef WW_ALERTS_MAIL_SECRET_H
#define WW_ALERTS_MAIL_SECRET_H

#include "base/error.h"

#define SECRET_BYTES 512

struct config;

struct secret {
    char text[SECRET_BYTES]; /* terminated */
};

/* WW_INVALID: neither is set, the file is readable by others, the program failed. */
enum ww_status secret_read(const struct config *settings, struct secret *out, struct ww_error *err);
void secret_wipe(struct secret *s);

#endif
