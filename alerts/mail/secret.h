/*
 * secret.h - a password or a token: asked for when it is needed, wiped when it was used.
 *
 * From the first line that a program prints, from a file, or from a credential that systemd put
 * into the folder settings->credentials. It is never in the settings, in an argument list, in a
 * log or in the store. A file is refused (WW_REFUSED) when somebody else could read it, own it or
 * put another in its place, and when it is no plain file: a link or a pipe may be somebody's trick.
 */
#ifndef WW_ALERTS_MAIL_SECRET_H
#define WW_ALERTS_MAIL_SECRET_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

#define SECRET_MAX_BYTES 512

struct config;

struct secret {
    char text[SECRET_MAX_BYTES + 1]; /* terminated */
};

/* Where one is; at most one of the three is set. */
struct secret_source {
    const char *key; /* "password": the settings' keys are password-command, password-file ... */
    struct slice command, file, credential;
    struct slice credentials; /* the folder that a credential is in; may be empty */
};

struct secret_source secret_password(const struct config *settings);
struct secret_source secret_webhook_token(const struct config *settings);
struct secret_source secret_bucket(const struct config *settings);

bool secret_is_set(const struct secret_source *from);

/* WW_INVALID: none or several are set, the program failed, its first line is none. */
enum ww_status secret_read(const struct secret_source *from, struct secret *out,
                           struct ww_error *err);
/* The same complaints, but no program is run and nothing is read. */
enum ww_status secret_check(const struct secret_source *from, struct ww_error *err);
void secret_wipe(struct secret *s);

#endif
