/*
 * desk.h - what several commands do with the settings of a desk: its crawl options, its analysts.
 */
#ifndef WW_CLI_DESK_H
#define WW_CLI_DESK_H

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/plan.h"
#include "cli/cli.h"
#include "crawler/crawl.h"
#include "storage/store_locks.h"

#include <stdbool.h>
#include <stddef.h>

struct site_rules;

/* Without rules: desk_read_rules. */
struct crawl_options desk_crawl_options(struct cli *cli);

/* The rules of sites; none when the file of the settings is not there. */
enum ww_status desk_read_rules(struct cli *cli, struct site_rules *out, struct ww_error *err);

/* In steps: a wait of hours ends when it is told to. WW_CONFLICT, as of store_lock. */
enum ww_status desk_take_lock(struct cli *cli, enum lock_kind kind, int64_t wait_ms,
                              struct ww_error *err);
/*
 * For what of pass 2 is done outside of a run: no run of this machine is on, and nobody's pass 2.
 * Without --lock-wait at once or not at all: WW_CONFLICT.
 */
enum ww_status desk_take_alerts(struct cli *cli, struct ww_error *err);
/* Also after a failure. */
void desk_leave_alerts(struct cli *cli);

/* Where the settings have our archive (store_options.archive); NULL: beside the database.
 * Of a shared one: in a folder of this machine. */
const char *desk_archive_folder(struct cli *cli, const char *db_path);

/* The bucket of the settings (store_options.bucket); NULL: they name none. */
const struct bucket_options *desk_bucket(struct cli *cli);
/* At the end of a run, without its locks: what of the archive is closed goes there. What fails is
 * logged, and the next run tries it again. */
void desk_send_archive(struct cli *cli);

/*
 * After pass 2: pages that the settings want archived go into their files, and those that were kept
 * long enough go, as many as one run may.
 */
enum ww_status desk_keep_pages(struct cli *cli, struct ww_error *err);
/* What was asked long ago is forgotten, some of it each time. */
enum ww_status desk_prune_requests(struct cli *cli, struct ww_error *err);

/* The i-th analyst as a digest wants it. */
enum ww_status desk_analyst(struct cli *cli, size_t i, struct analyst *out, struct ww_error *err);

/* "2026-11-23 07:30", where the analyst is. */
struct slice desk_moment(struct cli *cli, const struct analyst *analyst, int64_t at);

/* " (Europe/Rome)"; empty when the analyst is where the desk is. */
struct slice desk_zone(struct cli *cli, const struct analyst *analyst);

/*
 * Before anything is fetched: whoever cannot be told anything makes the settings wrong.
 * WW_INVALID, as of analyst_read.
 */
enum ww_status desk_check_analysts(struct cli *cli, struct ww_error *err);

/* Whose name stands on the mails. */
struct letter_sender desk_sender(const struct cli *cli);

/*
 * Who speaks: --analyst, else the only one of the settings. Where the settings have none, any name
 * is an analyst. WW_INVALID, with their names: nobody was named, or nobody of that name is there.
 */
enum ww_status desk_find_analyst(struct cli *cli, struct slice *out, struct ww_error *err);

/* WW_NOT_FOUND: the settings have no analyst of that name; with the names that they have. */
enum ww_status desk_fail_analyst(struct cli *cli, const char *name, struct ww_error *err);

/*
 * A list of one analyst's is empty: is there such a one at all, in the settings or with a message?
 * WW_NOT_FOUND as above.
 */
enum ww_status desk_check_named(struct cli *cli, struct ww_error *err);

/*
 * Queue the digests that are due, or, with ignore_schedule, of all who have not been told
 * something. name: of this analyst alone, or NULL. One whose digest fails keeps nobody else from
 * his: the first failure is given back at the end.
 */
enum ww_status desk_queue_digests(struct cli *cli, const char *name, bool ignore_schedule,
                                  struct plan_summary *out, struct ww_error *err);

/* "1 digest, 2 immediate mails"; "no message". */
struct slice desk_plan_words(struct cli *cli, const struct plan_summary *n);

/* Every analyst knows, without a mail, of what has come since then. */
enum ww_status desk_mark_found(struct cli *cli, const struct plan_before *before,
                               struct ww_error *err);

#endif
