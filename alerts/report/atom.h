/*
 * atom.h - the newest alerts as an Atom feed (RFC 4287), for any feed reader.
 *
 * An entry is an alert: its id is a tag URI (RFC 4151) of the list's domain, the day the alert was
 * raised and its number, and never changes; its time is that of the alert or of what changed last
 * of it. Title: the headline; author: the outlet; content (HTML, no images, no script): item,
 * sentence with what was found, how, and what changed last. Categories: item, country, tags,
 * severity, mark. Alerts of items that have an owner are in it, too; those of history are not.
 *
 * The same alerts are the same bytes, whenever they are written. XML 1.0 and UTF-8; hostile text
 * goes through base/markup.h. Limits: sentences longer than ATOM_SENTENCE_BYTES are cut around what
 * was found.
 */
#ifndef WW_ALERTS_REPORT_ATOM_H
#define WW_ALERTS_REPORT_ATOM_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_alerts.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct store;

struct atom_options {
    struct slice domain; /* names who speaks: that of the list */
    struct slice url;    /* of the folder where it and the report are read; or empty */
    bool has_pages;      /* the report's pages are there, too */
    struct slice file;   /* its name in that folder: for its own address; or empty */
    size_t n_entries;
    struct slice item, country; /* of these alone; or empty */
    enum alert_severity severity_min;
};

/* WW_INVALID: domain is none. Errors of the store and the arena. */
enum ww_status atom_write(struct store *s, const struct atom_options *options, struct arena *arena,
                          struct buf *out, struct ww_error *err);

#endif
