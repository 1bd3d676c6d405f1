/*
 * config_table.h - the table of settings; for config*.c alone. The order is that of the manual.
 */
#ifndef WW_BASE_CONFIG_TABLE_H
#define WW_BASE_CONFIG_TABLE_H

#include "base/config.h"

#include <stddef.h>
#include <stdint.h>

enum option_type {
    TYPE_TEXT,
    TYPE_PATH,
    TYPE_CERTIFICATES, /* a file of them, which must be there */
    TYPE_DURATION,
    TYPE_BYTES,
    TYPE_NUMBER,
    TYPE_CHOICE,
    TYPE_WORDS,   /* a list of words, kept with a blank between */
    TYPE_HOURS,   /* the same, of hours; "run" and "none" too where min is 1 */
    TYPE_SPANS,   /* the same, of spans of hours */
    TYPE_MAILBOX, /* name@host, or Name <name@host> */
    TYPE_DOMAIN,  /* watch.example.org */
    TYPE_LINK,    /* https, or http to this machine; http to any where min is 1 */
    TYPE_RANGES,  /* a list of CIDR ranges */
    TYPE_ZONE,
    TYPE_DATABASE, /* a path, or an address: never shown with its password */
    TYPE_MACHINE
};

/* One setting. at: offset in struct config, or in struct config_analyst for section "analyst". */
struct option {
    const char *section, *key;
    enum option_type type;
    size_t at;
    const char *fallback;
    int64_t min, max; /* of numbers, in the unit stored */
    const char *const *choices;
    const char *help;
};

extern const struct option config_options[];
extern const size_t config_n_options;
extern const char *const config_type_names[];

/* What must hold over the whole file; WW_INVALID names the line. */
enum ww_status config_check_whole(const struct config *c, struct ww_error *err);

#endif
