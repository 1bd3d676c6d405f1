/*
 * mime_walk.h - the parts of a mail one after the other: what stands between mime.c and
 * mime_walk.c.
 */
#ifndef WW_FEEDS_MIME_WALK_H
#define WW_FEEDS_MIME_WALK_H

#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum mime_field {
    MIME_ARCHIVED_AT,
    MIME_CONTENT_BASE,
    MIME_DISPOSITION,
    MIME_LOCATION,
    MIME_ENCODING,
    MIME_TYPE,
    MIME_DATE,
    MIME_DELIVERED,
    MIME_FROM,
    MIME_LIST_ID,
    MIME_ID,
    MIME_RECEIVED,
    MIME_SENDER,
    MIME_SNAPSHOT,
    MIME_SUBJECT,
    MIME_VERSION,
    MIME_X_RSS_URL,
    MIME_X_URL,
    MIME_FIELD_COUNT
};

/* As they stand in the header; of several of one name the first. */
struct mime_fields {
    struct slice values[MIME_FIELD_COUNT];
};

/* Texts of one kind, in the order of the parts. */
struct mime_pieces {
    struct slice *items;
    size_t n, capacity;
};

struct mime_found {
    struct mime_fields fields;
    struct mime_pieces html, plain;
    const char *charset;
    struct slice location; /* of the first text that says where it is from */
    size_t depth;          /* open boundaries where it begins */
};

struct mime_level {
    struct slice boundary;
    bool is_digest;
};

struct mime_walk {
    struct slice rest;
    struct arena *arena;
    struct mime_level levels[MIME_DEPTH_MAX];
    size_t depth;
    struct mime_found mails[MIME_MAILS_MAX];
    size_t n_mails;
    size_t open[MIME_MAILS_MAX]; /* mails in mails: indices */
    size_t n_open;
    bool is_left_out; /* the parts at hand are of a mail too many */
    size_t left_out_depth;
    size_t n_parts;
};

/* Takes the fields of a header off *rest; how many it had, known ones or not. */
size_t mime_read_fields(struct slice *rest, struct mime_fields *out);

/* The header at w->rest and what stands below it. False when the mail ends. */
bool mime_take_part(struct mime_walk *w, bool is_mail);

#endif
