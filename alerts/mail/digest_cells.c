/* digest_cells.c - an alert in columns. */
#include "alerts/mail/digest_cells.h"

#include "base/arena.h"
#include "storage/store_alerts.h"

#include <inttypes.h>
#include <string.h>

static struct digest_cell text(const char *name, struct slice s)
{
    return (struct digest_cell){.name = name, .kind = DIGEST_CELL_TEXT, .text = s};
}

static struct digest_cell number(const char *name, int64_t n)
{
    return (struct digest_cell){.name = name, .kind = DIGEST_CELL_NUMBER, .number = n};
}

static struct digest_cell moment(const char *name, int64_t at)
{
    return (struct digest_cell){.name = name, .kind = DIGEST_CELL_TIME, .number = at};
}

static struct digest_cell flag(const char *name, bool is_set)
{
    return (struct digest_cell){.name = name, .kind = DIGEST_CELL_FLAG, .number = is_set};
}

void digest_cells(const struct alert_view *v, struct arena *arena,
                  struct digest_cell out[DIGEST_CELLS])
{
    const struct alert_row *a = &v->alert;
    const struct article_row *article = &v->article;
    const struct digest_cell cells[] = {
        text("id", arena_printf(arena, "a%" PRId64, a->id)),
        moment("created_at", a->created_at),
        text("severity", slice_from(alert_severity_name(a->severity))),
        text("item", a->item),
        text("mark",
             v->verdict == MARK_NONE ? SLICE("") : slice_from(alert_verdict_name(v->verdict))),
        text("state", SLICE("told")),
        text("tags", a->tags),
        text("owner", a->owner),
        text("kind", a->item_kind),
        text("item_name", a->item_name),
        text("country", a->country),
        number("outlets", v->n_outlets),
        number("origins", v->n_origins),
        number("articles", v->n_articles),
        number("changes", v->n_revisions),
        text("story", arena_printf(arena, "s%" PRId64, a->story_id)),
        number("article", a->article_id),
        text("outlet", article->outlet),
        text("language", article->language),
        moment("published_at", article->published_at),
        text("headline", v->headline),
        text("quote", v->mention.quote),
        text("sentence", v->sentence),
        text("rule", v->mention.rule),
        flag("historic", a->is_historic),
        text("cause", slice_from(alert_cause_name(a->cause))),
        number("messages", v->n_told + 1),
        text("url", article->url),
    };

    _Static_assert(sizeof(cells) == DIGEST_CELLS * sizeof(*out), "one cell for each column");
    memcpy(out, cells, sizeof(cells));
}
