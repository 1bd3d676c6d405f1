/*
 * config_values.h - what a value of the settings may be; for config.c alone.
 */
#ifndef WW_BASE_CONFIG_VALUES_H
#define WW_BASE_CONFIG_VALUES_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* "90", "16k", "8M", "1G". */
bool config_bytes(struct slice text, int64_t *bytes);

/* Of an analyst: it stands in lists with '|' between, in headers and in folders of marks. */
#define CONFIG_NAME_MAX_BYTES 64
bool config_is_name(struct slice s);

/* The same with its host in A-labels, which every server takes; in the arena. */
struct slice config_mailbox(struct slice s, struct arena *arena);

/* name@host or Name <name@host>: one, and nothing in it that would end a header; name's in ASCII.
 */
bool config_is_mailbox(struct slice s);

/*
 * https, or http to this machine: what is sent there is the desk's, and nobody between may read it.
 * takes_http: of what anybody may read, http to any host too. No name and password in it.
 */
bool config_is_link(struct slice s, bool takes_http);

/* A host, with a port or without, by what is written: no name is looked up. */
bool config_is_this_machine(struct slice host);

enum ww_status config_check_certificates(struct slice path, struct arena *arena,
                                         struct ww_error *err);

/*
 * WW_INVALID names the word that is no hour, or no span. takes_run: "run" and "none" are some; else
 * hours are those of a week, and want their days.
 */
enum ww_status config_check_hours(const char *key, bool is_span, bool takes_run, struct slice value,
                                  struct ww_error *err);

#endif
