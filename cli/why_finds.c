/* why_finds.c - what backfills found of an address, and why nothing came of it. */
#include "cli/why.h"
#include "storage/store_finds.h"

#include <inttypes.h>

#define FINDS_SHOWN 5

/* Why a find has no article; empty for one that has. */
static struct slice find_words(struct why *w, const struct find_view *f, const char **reason)
{
    struct arena *a = &w->cli->arena;
    const bool has_ended =
        f->backfill_state == BACKFILL_DONE || f->backfill_state == BACKFILL_CANCELLED;

    *reason = "backfill-waits";
    switch (f->state) {
    case FIND_FOUND:
    case FIND_QUEUED:
        if (!has_ended)
            return arena_printf(a, "it waits to be fetched");
        *reason = "backfill-ended";
        return f->backfill_state == BACKFILL_CANCELLED
                   ? SLICE("never asked: that backfill was cancelled")
                   : arena_printf(a, "the backfill is %s, and did not fetch it",
                                  backfill_state_name(f->backfill_state));
    case FIND_PASSED:
        *reason = "backfill-passed";
        return arena_printf(a, "passed over: %s \"%.*s\" does not speak for it",
                            f->title.len > 0 ? "its title" : "its address",
                            SLICE_ARG(f->title.len > 0 ? f->title : f->url));
    case FIND_FAILED:
        *reason = "backfill-failed";
        return arena_printf(a, "failed: %.*s", SLICE_ARG(f->message));
    case FIND_DONE:
    case FIND_KNOWN:
        break;
    }
    *reason = "backfill";
    return SLICE("");
}

enum ww_status why_finds(struct why *w, struct slice canonical, bool has_article, size_t *n,
                         struct ww_error *err)
{
    struct find_views list;
    enum ww_status status =
        store_finds_of_address(w->cli->store, canonical, FINDS_SHOWN, &w->cli->arena, &list, err);

    *n = status == WW_OK ? list.n_rows : 0;
    for (size_t i = 0; i < *n; i++) {
        const struct find_view *f = &list.rows[i];
        const char *reason;
        const struct slice words = find_words(w, f, &reason);
        struct why_line *line = (has_article || words.len == 0 ? why_note : why_stop)(
            w, WHY_ANNOUNCED, reason, "found by backfill %" PRId64 " (%.*s) in list %.*s%s%.*s",
            f->backfill_id, SLICE_ARG(f->source), SLICE_ARG(f->list_url), words.len > 0 ? ": " : "",
            SLICE_ARG(words));

        if (line->is_stop && slice_equal(slice_from(reason), SLICE("backfill-ended")))
            line->needs = arena_printf(
                &w->cli->arena, "a backfill that asks for it anew: wirewatch backfill %.*s ...",
                SLICE_ARG(f->source));
        else if (line->is_stop && (f->state == FIND_FOUND || f->state == FIND_QUEUED))
            line->needs =
                arena_printf(&w->cli->arena, "wirewatch backfill resume %" PRId64, f->backfill_id);
        else if (line->is_stop && f->state == FIND_PASSED)
            line->needs = SLICE("a backfill with --no-match-first, or its address in a file for "
                                "backfill files");
    }
    return status;
}
