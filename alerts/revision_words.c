/* revision_words.c - a sentence for each kind of revision. */
#include "alerts/revision_words.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>

#define ARROW "\xE2\x86\x92"

int64_t revision_time(const struct revision_view *v)
{
    if (v->event_at != 0)
        return v->event_at;
    return v->article.published_at != 0 ? v->article.published_at : v->article.first_seen_at;
}

/* What is new as it stands in the sentence: with the word that a figure counts. */
static struct slice marked(const struct revision_row *r)
{
    struct slice s = {"", 0};

    if (r->mark_start >= 0 && r->mark_start < r->mark_end &&
        (uint64_t)r->mark_end <= r->sentence.len)
        s = slice_sub(r->sentence, (size_t)r->mark_start, (size_t)(r->mark_end - r->mark_start));
    return slice_contains(s, r->after) ? s : r->after;
}

/* "12 → 14 stations", "now says "charged"". */
static struct slice change_words(const struct revision_row *r, struct arena *arena)
{
    if (r->before.len == 0)
        return arena_printf(arena, "now says \"%.*s\"", SLICE_ARG(r->after));
    if (r->after.len == 0)
        return arena_printf(arena, "no longer says \"%.*s\"", SLICE_ARG(r->before));
    return arena_printf(arena, "%.*s " ARROW " %.*s", SLICE_ARG(r->before), SLICE_ARG(marked(r)));
}

static struct slice still_words(const struct revision_row *r, struct arena *arena)
{
    if (r->n_still == 0 || r->before.len == 0)
        return (struct slice){"", 0};
    return arena_printf(arena, "; %" PRId64 " cop%s still say%s %.*s", r->n_still,
                        r->n_still == 1 ? "y" : "ies", r->n_still == 1 ? "s" : "",
                        SLICE_ARG(r->before));
}

struct slice revision_words(const struct revision_view *v, const char *at, struct arena *arena)
{
    const struct revision_row *r = &v->revision;
    const struct slice outlet = v->article.outlet.len > 0 ? v->article.outlet : v->article.url;
    const char *silently = v->is_noted ? "" : ", without saying so";

    switch (r->kind) {
    case REVISION_NUMBER:
    case REVISION_NAME:
    case REVISION_STATUS:
        if (r->event_id != 0)
            return arena_printf(arena, "%.*s, on the page of %.*s since %s%s%.*s",
                                SLICE_ARG(change_words(r, arena)), SLICE_ARG(outlet), at, silently,
                                SLICE_ARG(still_words(r, arena)));
        return arena_printf(arena, "%.*s, at %.*s %s%.*s", SLICE_ARG(change_words(r, arena)),
                            SLICE_ARG(outlet), at, SLICE_ARG(still_words(r, arena)));
    case REVISION_CHANGED:
        if (r->before.len == 0)
            return arena_printf(arena, "the page of %.*s no longer mentions it since %s%s",
                                SLICE_ARG(outlet), at, silently);
        if (r->after.len == 0)
            return arena_printf(arena, "the page of %.*s no longer says this since %s%s",
                                SLICE_ARG(outlet), at, silently);
        return arena_printf(arena, "the page of %.*s was changed since %s%s; it said: \"%.*s\"",
                            SLICE_ARG(outlet), at, silently,
                            SLICE_ARG(text_cut(r->before, DIGEST_QUOTE_BYTES)));
    case REVISION_REMOVED:
        return arena_printf(arena, "page removed (%.*s) since %s: %.*s", SLICE_ARG(r->after), at,
                            SLICE_ARG(outlet));
    case REVISION_RETURNED:
        break;
    }
    return arena_printf(arena, "page is there again since %s: %.*s", at, SLICE_ARG(outlet));
}
