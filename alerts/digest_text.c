/* digest_text.c - a digest as plain text: 72 columns by display width, complete by itself. */
#include "alerts/digest.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>

#define COLUMNS 72
#define RULE "------------------------------------------------------------------------\n"

/* A line being filled: words go in, breaks come by themselves. */
struct line {
    struct buf *out;
    size_t indent;
    size_t used; /* columns */
    bool is_empty;
};

static void begin_line(struct line *l)
{
    for (size_t i = 0; i < l->indent; i++)
        buf_add_char(l->out, ' ');
    l->used = l->indent;
    l->is_empty = true;
}

static void put_word(struct line *l, struct slice word, bool spaced)
{
    size_t width = text_width(word);
    bool gap = spaced && !l->is_empty;

    if (!l->is_empty && l->used + width + gap > COLUMNS) {
        buf_add_char(l->out, '\n');
        begin_line(l);
        gap = false;
    }
    if (gap)
        buf_add_char(l->out, ' ');
    text_add_visible(l->out, word);
    l->used += width + gap;
    l->is_empty = false;
}

/* Words end at spaces; a character of a script without spaces is a word of its own. */
static void put_wrapped(struct line *l, struct slice s, bool spaced)
{
    size_t at = 0;

    while (at < s.len) {
        size_t start = at;
        size_t next = at;
        uint32_t code = text_next_code(s, &next);

        if (code == ' ' || code == '\n' || code == '\t') {
            spaced = true;
            at = next;
            continue;
        }
        if (text_is_cjk(code)) {
            at = next;
        } else {
            while (at < s.len && code != ' ' && code != '\n' && code != '\t' &&
                   !text_is_cjk(code)) {
                at = next;
                if (at < s.len)
                    code = text_next_code(s, &next);
            }
        }
        put_word(l, slice_sub(s, start, at - start), spaced);
        spaced = false;
    }
}

/* The match between » and «, whatever the language does with quotation marks. */
static void put_quote(struct buf *out, const struct alert_view *v)
{
    struct digest_quote q = digest_quote(v, DIGEST_QUOTE_BYTES);
    struct line l = {.out = out, .indent = 5};
    struct buf marked;
    bool starts_spaced = q.before.len > 0 && q.before.ptr[q.before.len - 1] == ' ';

    begin_line(&l);
    if (q.is_cut_before)
        put_word(&l, SLICE("..."), false);
    put_wrapped(&l, q.before, false);
    buf_init(&marked, 4096);
    buf_add_string(&marked, "\xC2\xBB");
    buf_add(&marked, q.match);
    buf_add_string(&marked, "\xC2\xAB");
    put_wrapped(&l, buf_slice(&marked), starts_spaced);
    buf_release(&marked);
    put_wrapped(&l, q.after, false);
    if (q.is_cut_after)
        put_word(&l, SLICE("..."), true);
    buf_add_char(out, '\n');
}

static void put_story(const struct digest *d, size_t number, const struct digest_story *story,
                      struct buf *out)
{
    const struct alert_view *lead = story->first;
    struct line l = {.out = out, .indent = 0};
    char date[DIGEST_TIME_BYTES];
    int64_t published = lead->article.published_at;

    begin_line(&l);
    buf_printf(out, "%2zu. ", number);
    l.used = l.indent = 4;
    put_wrapped(&l, lead->headline, false);
    buf_printf(out, "\n    %s | ", alert_severity_name(lead->alert.severity));
    text_add_visible(out, lead->article.outlet);
    if (published != 0)
        buf_printf(out, " | %s", digest_time(d, published, date));
    if (lead->n_articles > 1)
        buf_printf(out, " | %" PRId64 " articles in %" PRId64 " outlet%s", lead->n_articles,
                   lead->n_outlets, lead->n_outlets == 1 ? "" : "s");
    buf_add_string(out, "\n    ");
    text_add_visible(out, lead->article.url);
    buf_add_string(out, "\n");
    for (size_t i = 0; i < story->n_alerts; i++) {
        const struct alert_view *v = story->alerts[i];

        buf_add_string(out, "\n   * ");
        text_add_visible(out, v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item);
        buf_printf(out, " [%.*s, a%" PRId64 "]\n", SLICE_ARG(v->alert.item), v->alert.id);
        put_quote(out, v);
    }
    buf_add_char(out, '\n');
}

static void put_candidates(const struct digest *d, struct buf *out)
{
    size_t n =
        d->candidates.n_rows < DIGEST_CANDIDATES_MAX ? d->candidates.n_rows : DIGEST_CANDIDATES_MAX;

    if (d->candidates.n_rows == 0)
        return;
    buf_add_string(out,
                   RULE "UNCONFIRMED: places that are not on the list, in a context that fits\n\n");
    for (size_t i = 0; i < n; i++) {
        const struct candidate_row *c = &d->candidates.rows[i];

        buf_add_string(out, "   * ");
        text_add_visible(out, c->place);
        buf_printf(out, " (%.*s), article %" PRId64 "\n", SLICE_ARG(c->country), c->article_id);
    }
    if (n < d->candidates.n_rows)
        buf_printf(out, "   and %zu more\n", d->candidates.n_rows - n);
    buf_add_char(out, '\n');
}

static void put_footer(const struct digest *d, struct buf *out)
{
    buf_add_string(out, RULE);
    buf_printf(out,
               "Watched: %" PRId64 " feed%s in order, %" PRId64 " failing, %" PRId64
               " gone; %" PRId64 " run%s\n",
               d->n_feeds_ok, d->n_feeds_ok == 1 ? "" : "s", d->n_feeds_failing, d->n_feeds_gone,
               d->n_runs, d->n_runs == 1 ? "" : "s");
    if (d->n_pages_failed + d->n_quarantined > 0)
        buf_printf(out, "Not read: %" PRId64 " pages that failed, %" PRId64 " in quarantine\n",
                   d->n_pages_failed, d->n_quarantined);
    if (d->n_feeds_failing + d->n_feeds_gone > 0)
        buf_add_string(out, "Which feeds: wirewatch feed list --state bad\n");
    buf_add_string(out, "Why an alert was raised: wirewatch alert explain a1\n");
}

void digest_text(const struct digest *d, struct buf *out)
{
    char date[DIGEST_TIME_BYTES];

    buf_printf(out, "Watch digest for %.*s, %s\n", SLICE_ARG(d->analyst->name),
               digest_time(d, d->now, date));
    buf_printf(out, "%zu stor%s, %zu alert%s", d->n_stories, d->n_stories == 1 ? "y" : "ies",
               d->n_alerts, d->n_alerts == 1 ? "" : "s");
    if (d->since != 0)
        buf_printf(out, " since %s", digest_time(d, d->since, date));
    buf_add_string(out, "\n" RULE "\n");
    for (size_t i = 0; i < d->n_shown; i++)
        put_story(d, i + 1, &d->stories[i], out);
    if (d->n_shown < d->n_stories)
        buf_printf(out, "and %zu more stories: wirewatch alert list\n\n",
                   d->n_stories - d->n_shown);
    put_candidates(d, out);
    put_footer(d, out);
}
