/* alert_facts.c - an alert as a person reads it: what it is, what has changed, what was said. */
#include "cli/alert_facts.h"

#include "alerts/revision_words.h"
#include "base/date.h"
#include "cli/output.h"
#include "storage/store_marks.h"
#include "storage/store_revisions.h"

#include <inttypes.h>

/* ---- what has changed since ------------------------------------------------------------------ */

static enum ww_status read_changes(struct cli *cli, const struct alert_view *v,
                                   struct revision_view_list *out, struct ww_error *err)
{
    const struct revision_filter filter = {.alert_id = v->alert.id, .history = STORE_ANY_HISTORY};

    *out = (struct revision_view_list){0};
    return v->n_revisions == 0 ? WW_OK
                               : store_list_revisions(cli->store, &filter, &cli->arena, out, err);
}

static struct slice words_of(struct cli *cli, const struct revision_view *v)
{
    char at[DATE_TEXT_BYTES];

    return revision_words(v, date_format(revision_time(v), at), &cli->arena);
}

/* The newest change in words; empty: there is none. */
enum ww_status alert_last_change(struct cli *cli, const struct alert_view *v, struct slice *out,
                                 struct ww_error *err)
{
    struct revision_view_list list;
    enum ww_status status = read_changes(cli, v, &list, err);

    *out = (struct slice){"", 0};
    if (status == WW_OK && list.n_rows > 0)
        *out = words_of(cli, &list.rows[list.n_rows - 1]);
    return status;
}

enum ww_status alert_put_changes(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct revision_view_list list;
    enum ww_status status = read_changes(cli, v, &list, err);

    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        const struct revision_row *r = &list.rows[i].revision;
        const bool is_marked = r->mark_start >= 0 && r->mark_start <= r->mark_end &&
                               (uint64_t)r->mark_end <= r->sentence.len;

        output_fact(cli, "changed",
                    arena_printf(&cli->arena, "%.*s%s", SLICE_ARG(words_of(cli, &list.rows[i])),
                                 r->is_historic ? " (historic)" : ""));
        output_marked(cli, "", r->sentence, is_marked ? (size_t)r->mark_start : 0,
                      is_marked ? (size_t)r->mark_end : 0);
        output_fact(cli, "", list.rows[i].article.url);
    }
    return status;
}

/* ---- what was said of it --------------------------------------------------------------------- */

enum ww_status alert_put_marks(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct mark_list marks;
    enum ww_status status = store_list_marks(cli->store, v->alert.id, &cli->arena, &marks, err);

    for (size_t i = 0; status == WW_OK && i < marks.n_rows; i++)
        output_fact(cli, "mark",
                    arena_printf(
                        &cli->arena, "%s, %.*s, %.*s%s%.*s",
                        alert_verdict_name(marks.rows[i].verdict), SLICE_ARG(marks.rows[i].analyst),
                        SLICE_ARG(output_moment(cli, marks.rows[i].at)),
                        marks.rows[i].note.len > 0 ? ": " : "", SLICE_ARG(marks.rows[i].note)));
    return status;
}

enum ww_status alert_put_said(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct withheld_list withheld;
    enum ww_status status = alert_put_marks(cli, v, err);

    if (status == WW_OK)
        status = store_list_withheld(cli->store, v->alert.id, &cli->arena, &withheld, err);
    for (size_t i = 0; status == WW_OK && i < withheld.n_rows; i++)
        output_fact(cli, "withheld",
                    arena_printf(&cli->arena, "from %.*s by mute m%" PRId64 ", %.*s",
                                 SLICE_ARG(withheld.rows[i].analyst), withheld.rows[i].mute_id,
                                 SLICE_ARG(output_moment(cli, withheld.rows[i].at))));
    return status;
}

/* ---- one alert ------------------------------------------------------------------------------- */

enum ww_status alert_read(struct cli *cli, struct alert_view *out, struct ww_error *err)
{
    enum ww_status status;
    int64_t id;

    if (!cli_id(cli->words[0], 'a', &id))
        return ww_fail(err, WW_NOT_FOUND, "\"%s\" is no alert number (a17)", cli->words[0]);
    status = store_alert(cli->store, id, &cli->arena, out, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no alert a%" PRId64 "; wirewatch alert list shows them", id);
    return status;
}

void alert_put(struct cli *cli, const struct alert_view *v)
{
    char text[DATE_TEXT_BYTES];

    output_fact(cli, "alert",
                arena_printf(&cli->arena, "a%" PRId64 "  %s%s  %s", v->alert.id,
                             alert_severity_name(v->alert.severity),
                             v->alert.is_historic ? ", historic" : "",
                             date_format(v->alert.created_at, text)));
    output_fact(cli, "item",
                arena_printf(&cli->arena, "%.*s  %.*s (%.*s%s%.*s)", SLICE_ARG(v->alert.item),
                             SLICE_ARG(v->alert.item_name), SLICE_ARG(v->alert.item_kind),
                             v->alert.country.len > 0 ? ", " : "", SLICE_ARG(v->alert.country)));
    output_fact(cli, "tags", v->alert.tags);
    output_fact(cli, "owner", v->alert.owner);
    output_fact(cli, "headline", v->headline);
    output_marked(cli, "sentence", v->sentence, v->mark_start, v->mark_end);
    output_fact(cli, "outlet", v->article.outlet);
    if (v->article.published_at != 0)
        output_fact(cli, "published", slice_from(date_format(v->article.published_at, text)));
    output_fact(cli, "address", v->article.url);
    output_fact(cli, "story",
                arena_printf(&cli->arena,
                             "s%" PRId64 ", %" PRId64 " article%s in %" PRId64 " outlet%s, %" PRId64
                             " origin%s",
                             v->alert.story_id, v->n_articles, v->n_articles == 1 ? "" : "s",
                             v->n_outlets, v->n_outlets == 1 ? "" : "s", v->n_origins,
                             v->n_origins == 1 ? "" : "s"));
}
