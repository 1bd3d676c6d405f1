/* digest_text.c - a digest as plain text: 72 columns by display width, complete by itself. */
#include "alerts/mail/digest.h"
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

/* Marks that never begin a line, and those that never end one. */
static bool clings_to_left(uint32_t code)
{
    static const uint32_t marks[] = {0xAB,   0x2019, 0x201D, 0x3001, 0x3002, 0x300B, 0x300D, 0x300F,
                                     0x3011, 0xFF01, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F};

    for (size_t i = 0; i < WW_COUNT(marks); i++)
        if (code == marks[i])
            return true;
    return false;
}

static bool clings_to_right(uint32_t code)
{
    return code == 0xBB || code == 0x201C || code == 0x2018 || code == 0x300A || code == 0x300C ||
           code == 0x300E || code == 0x3010 || code == 0xFF08;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == '\n' || code == '\t';
}

/* The end of the word that begins at start: a line may be broken there. */
static size_t word_end(struct slice s, size_t start)
{
    size_t at = start;
    uint32_t last = text_next_code(s, &at);

    while (at < s.len) {
        size_t next = at;
        uint32_t code = text_next_code(s, &next);
        bool may_break = text_is_cjk(last) || text_is_cjk(code);

        if (is_space(code) || (may_break && !clings_to_left(code) && !clings_to_right(last)))
            break;
        last = code;
        at = next;
    }
    return at;
}

/* Words end at spaces; a character of a script without spaces is a word of its own. */
static void put_words(struct line *l, struct slice s, bool spaced)
{
    size_t at = 0;

    while (at < s.len) {
        size_t next = at;

        if (is_space(text_next_code(s, &next))) {
            spaced = true;
            at = next;
            continue;
        }
        next = word_end(s, at);
        put_word(l, slice_sub(s, at, next - at), spaced);
        spaced = false;
        at = next;
    }
}

static void put_wrapped(struct line *l, struct slice s)
{
    put_words(l, s, false);
}

/* On the same line, behind a space. */
static void put_wrapped_more(struct line *l, struct slice s)
{
    put_words(l, s, true);
}

/* What was found between » and «, whatever the language does with quotation marks. */
static void put_quote(struct buf *out, struct digest_quote q)
{
    struct line l = {.out = out, .indent = 5};
    struct buf marked;

    buf_init(&marked, DIGEST_MAX_BYTES);
    if (q.is_cut_before)
        buf_add_string(&marked, "... ");
    for (size_t i = 0; i < q.n_pieces; i++) {
        if (q.pieces[i].is_match)
            buf_add_string(&marked, "\xC2\xBB");
        buf_add(&marked, q.pieces[i].text);
        if (q.pieces[i].is_match)
            buf_add_string(&marked, "\xC2\xAB");
    }
    if (q.is_cut_after)
        buf_add_string(&marked, " ...");
    begin_line(&l);
    put_wrapped(&l, buf_slice(&marked));
    buf_release(&marked);
    buf_add_char(out, '\n');
}

static void put_items(struct buf *out, const struct digest_passage *passage)
{
    for (size_t i = 0; i < passage->n_alerts; i++) {
        const struct alert_view *v = passage->alerts[i];

        buf_add_string(out, i == 0 ? "\n   * " : "     ");
        text_add_visible(out, v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item);
        buf_printf(out, " [%.*s, a%" PRId64 "]", SLICE_ARG(v->alert.item), v->alert.id);
        if (v->alert.tags.len > 0) {
            buf_add_string(out, " ");
            text_add_visible(out, v->alert.tags);
        }
        buf_add_char(out, '\n');
    }
}

static void put_line(struct buf *out, struct slice label, struct slice words)
{
    struct line l = {.out = out, .indent = 4};

    if (words.len == 0)
        return;
    begin_line(&l);
    put_wrapped(&l, label);
    put_wrapped_more(&l, words);
    buf_add_char(out, '\n');
}

/* "| 14 copies in 9 outlets, 2 origins" */
static void put_counts(int64_t n_articles, int64_t n_outlets, int64_t n_origins, struct buf *out)
{
    if (n_articles > 1)
        buf_printf(out, " | %" PRId64 " copies in %" PRId64 " outlet%s, %" PRId64 " origin%s",
                   n_articles, n_outlets, n_outlets == 1 ? "" : "s", n_origins,
                   n_origins == 1 ? "" : "s");
}

static void put_change(const struct digest_change *c, struct buf *out)
{
    const struct revision_view *v = c->view;
    struct line l = {.out = out, .indent = 5};

    buf_add_string(out, "\n   * ");
    text_add_visible(out, v->item_name.len > 0 ? v->item_name : v->item);
    buf_printf(out, " [%.*s, a%" PRId64 "]\n", SLICE_ARG(v->item), v->revision.alert_id);
    begin_line(&l);
    put_wrapped(&l, c->words);
    buf_add_char(out, '\n');
    if (v->revision.sentence.len > 0)
        put_quote(out, digest_change_quote(v, DIGEST_QUOTE_BYTES));
    buf_add_string(out, "     ");
    text_add_visible(out, v->article.url);
    buf_add_char(out, '\n');
}

static void put_changes(const struct digest_change *changes, size_t n, struct buf *out)
{
    const size_t n_shown = n < DIGEST_STORY_CHANGES_MAX ? n : DIGEST_STORY_CHANGES_MAX;

    for (size_t i = n - n_shown; i < n; i++)
        put_change(&changes[i], out);
    if (n_shown < n)
        buf_printf(out, "\n     and %zu more: wirewatch alert show a%" PRId64 "\n", n - n_shown,
                   changes[0].view->revision.alert_id);
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
    put_wrapped(&l, lead->headline);
    buf_printf(out, "\n    %s | ", alert_severity_name(lead->alert.severity));
    text_add_visible(out, lead->article.outlet);
    if (published != 0)
        buf_printf(out, " | %s", digest_time(d, published, date));
    put_counts(lead->n_articles, lead->n_outlets, lead->n_origins, out);
    buf_add_string(out, "\n    ");
    text_add_visible(out, lead->article.url);
    buf_add_string(out, "\n");
    put_line(out, SLICE("also in"), story->outlets);
    for (size_t i = 0; i < story->n_passages; i++) {
        put_items(out, &story->passages[i]);
        put_quote(out, digest_quote(&story->passages[i], DIGEST_QUOTE_BYTES));
    }
    if (story->aside.len > 0)
        buf_add_char(out, '\n');
    put_line(out, SLICE("also named:"), story->aside);
    if (story->n_changes > 0)
        buf_add_string(out, "\n   Changed since:\n");
    put_changes(story->changes, story->n_changes, out);
    buf_add_char(out, '\n');
}

/* A story that was told before. */
static void put_developing(size_t number, const struct digest_developing *story, struct buf *out)
{
    const struct revision_view *first = story->first;
    struct line l = {.out = out, .indent = 0};

    begin_line(&l);
    buf_printf(out, "%2zu. ", number);
    l.used = l.indent = 4;
    put_wrapped(&l, first->title.len > 0 ? first->title : first->url);
    buf_printf(out, "\n    %s | told of ", alert_severity_name(story->severity));
    text_add_visible(out, first->outlet);
    put_counts(first->n_articles, first->n_outlets, first->n_origins, out);
    buf_add_string(out, "\n    ");
    text_add_visible(out, first->url);
    buf_add_string(out, "\n");
    put_changes(story->changes, story->n_changes, out);
    buf_add_char(out, '\n');
}

static void put_all_developing(const struct digest *d, struct buf *out)
{
    if (d->n_developing == 0)
        return;
    buf_add_string(out, RULE "DEVELOPING: told before, and changed since\n\n");
    for (size_t i = 0; i < d->n_developing_shown; i++)
        put_developing(d->n_shown + i + 1, &d->developing[i], out);
    if (d->n_developing_shown < d->n_developing)
        buf_printf(out, "and %zu more that changed: wirewatch alert list\n\n",
                   d->n_developing - d->n_developing_shown);
}

static void put_possible(const struct digest_possible *p, struct buf *out)
{
    struct line l = {.out = out, .indent = 3};

    begin_line(&l);
    l.indent = 5;
    put_wrapped(&l, SLICE("*"));
    put_wrapped_more(&l, p->words);
    put_wrapped_more(&l, SLICE("["));
    put_wrapped(&l, p->label);
    put_wrapped(&l, SLICE("]"));
    buf_add_string(out, "\n     ");
    buf_add(out, p->evidence);
    buf_add_char(out, '\n');
    if (p->sentence.len > 0)
        put_quote(out, digest_possible_quote(p, DIGEST_QUOTE_BYTES));
    buf_add_string(out, "     ");
    text_add_visible(out, p->outlet);
    buf_add_string(out, "\n     ");
    text_add_visible(out, p->url);
    buf_add_string(out, "\n\n");
}

static void put_all_possible(const struct digest *d, struct buf *out)
{
    if (d->n_possible == 0)
        return;
    buf_add_string(out, RULE "POSSIBLE, UNCONFIRMED: proposals, each with its sentence\n\n");
    for (size_t i = 0; i < d->n_possible_shown; i++)
        put_possible(&d->possible[i], out);
    if (d->n_possible_shown < d->n_possible)
        buf_printf(out, "   and %zu more\n", d->n_possible - d->n_possible_shown);
    buf_add_string(out, "   All: wirewatch watch candidates, wirewatch watch proposals\n\n");
}

static void put_trouble(const struct digest_trouble *t, struct buf *out)
{
    struct line l = {.out = out, .indent = 3};

    begin_line(&l);
    l.indent = 5;
    put_wrapped(&l, SLICE("*"));
    put_wrapped_more(&l, t->name);
    buf_printf(out, " [%.*s]", SLICE_ARG(t->label));
    l.used += t->label.len + 3;
    put_wrapped_more(&l, t->words);
    buf_add_char(out, '\n');
}

/* Those from first on, n of them; what is beyond the limit is counted. */
static void put_troubles(const struct digest *d, size_t first, size_t n, const char *title,
                         struct buf *out)
{
    const size_t n_shown = n < DIGEST_FEEDS_MAX ? n : DIGEST_FEEDS_MAX;

    if (n == 0)
        return;
    buf_printf(out, RULE "%s\n\n", title);
    for (size_t i = 0; i < n_shown; i++)
        put_trouble(&d->troubles[first + i], out);
    if (n_shown < n)
        buf_printf(out, "   and %zu more: wirewatch feed list\n", n - n_shown);
    buf_add_char(out, '\n');
}

/* A line of the footer, when there is something to say. */
static void put_note(struct buf *out, const char *label, struct slice words)
{
    struct line l = {.out = out};

    if (words.len == 0)
        return;
    begin_line(&l);
    put_wrapped(&l, slice_from(label));
    put_wrapped_more(&l, words);
    buf_add_char(out, '\n');
}

static void put_mutes(const struct digest *d, struct buf *out)
{
    for (size_t i = 0; i < d->n_mutes_shown; i++)
        put_note(out, "Muted:", d->mutes[i]);
    if (d->n_mutes_shown < d->n_mutes)
        buf_printf(out, "and %zu more mutes: wirewatch alert mutes\n",
                   d->n_mutes - d->n_mutes_shown);
    if (d->n_mutes > 0)
        buf_add_string(out, "What was withheld: wirewatch alert list --muted\n");
}

static void put_footer(const struct digest *d, struct buf *out)
{
    buf_add_string(out, RULE);
    put_mutes(d, out);
    if (d->n_rescan_old > 0)
        buf_printf(out,
                   "In older articles a change of the list found %" PRId64 " more:\n"
                   "wirewatch alert list --rescan --historic\n",
                   d->n_rescan_old);
    put_note(out, "Feeds:", d->feeds);
    put_note(out, "", d->standing);
    put_note(out, "No healthy feed:", d->gaps);
    put_note(out, "Own network:", d->outage);
    if (d->n_pages_failed + d->n_quarantined > 0)
        buf_printf(out, "Not read: %" PRId64 " pages that failed, %" PRId64 " in quarantine\n",
                   d->n_pages_failed, d->n_quarantined);
    if (d->n_began > 0)
        buf_printf(out, "Why a feed is in trouble: wirewatch feed show f%" PRId64 "\n",
                   d->told.rows[0].trouble.feed_id);
    if (d->n_began + d->n_ended > 0 || d->standing.len > 0)
        buf_add_string(out, "All feeds in trouble: wirewatch feed list --state bad\n");
    if (d->n_stories > 0)
        buf_printf(out, "Why an alert was raised: wirewatch alert explain a%" PRId64 "\n",
                   d->stories[0].first->alert.id);
    if (d->n_stories > 0)
        buf_printf(out, "Was it right? wirewatch alert mark a%" PRId64 " relevant|irrelevant\n",
                   d->stories[0].first->alert.id);
}

size_t digest_text(const struct digest *d, struct buf *out)
{
    char date[DIGEST_TIME_BYTES];

    buf_printf(out, "Watch digest for %.*s, %s\n", SLICE_ARG(d->analyst->name),
               digest_time(d, d->now, date));
    if (d->n_stories + d->n_developing > 0)
        buf_add(out, d->counts);
    else
        buf_add_string(out, "No alerts");
    if (d->n_alerts > 0)
        buf_printf(out, ", %zu alert%s", d->n_alerts, d->n_alerts == 1 ? "" : "s");
    if (d->since != 0)
        buf_printf(out, " since %s", digest_time(d, d->since, date));
    buf_add_string(out, d->n_stories > 0 ? "\n" RULE "\n" : "\n\n");
    for (size_t i = 0; i < d->n_shown; i++) {
        if (i == d->n_stories - d->n_rescan)
            buf_add_string(out, RULE "FOUND AGAIN: in what was read before, since the list has "
                                     "changed\n\n");
        put_story(d, i + 1, &d->stories[i], out);
    }
    if (d->n_shown < d->n_stories)
        buf_printf(out, "and %zu more stories: wirewatch alert list\n\n",
                   d->n_stories - d->n_shown);
    put_all_developing(d, out);
    put_all_possible(d, out);
    put_troubles(d, 0, d->n_began, "WATCH TROUBLE", out);
    put_troubles(d, d->n_began, d->n_ended, "BACK AGAIN", out);
    put_footer(d, out);
    return digest_count_left(d, d->n_shown);
}
