/*
 * alert_facts.h - an alert as a person reads it: facts in a column, what has changed since, what
 * analysts said.
 */
#ifndef WW_CLI_ALERT_FACTS_H
#define WW_CLI_ALERT_FACTS_H

#include "base/error.h"
#include "base/slice.h"

struct alert_view;
struct cli;

/* That of the command's first word: a17 or 17. WW_NOT_FOUND. */
enum ww_status alert_read(struct cli *cli, struct alert_view *out, struct ww_error *err);

/* What it is, its sentence, its article and story. */
void alert_put(struct cli *cli, const struct alert_view *v);

/* What copies and later versions of the page changed, oldest first. */
enum ww_status alert_put_changes(struct cli *cli, const struct alert_view *v, struct ww_error *err);
/* The newest of them in words; empty: there is none. */
enum ww_status alert_last_change(struct cli *cli, const struct alert_view *v, struct slice *out,
                                 struct ww_error *err);

/* What analysts said of it. */
enum ww_status alert_put_marks(struct cli *cli, const struct alert_view *v, struct ww_error *err);
/* That, and from whom a mute withheld it. */
enum ww_status alert_put_said(struct cli *cli, const struct alert_view *v, struct ww_error *err);

#endif
