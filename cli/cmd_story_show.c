/* cmd_story_show.c - wirewatch story show: who prints a story, since when, whose text, what
 * differs. */
#include "alerts/story_tree.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/article_changes.h"
#include "cli/article_facts.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/story_facts.h"
#include "cli/wrap.h"
#include "storage/store_alerts.h"
#include "storage/store_events.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <sysexits.h>

/* One screen. */
#define COPIES_SHOWN 20
#define FACTS_SHOWN 8
#define POINTERS_SHOWN 5
#define EVENTS_SHOWN 5
#define ALERTS_SHOWN 5
#define ORIGINS_SHOWN 6
#define OUTLETS_SHOWN 4
#define FACT_COLUMNS_MAX 40
/* Deeper in the tree nothing is moved further to the right. */
#define DEPTH_SHOWN 4

static const struct column columns[] = {
    {"what",          COLUMN_HIDDEN},
    {"id",            COLUMN_HIDDEN},
    {"article",       COLUMN_RIGHT },
    {"version",       COLUMN_HIDDEN},
    {"published_at",  0            },
    {"first_seen_at", COLUMN_HIDDEN},
    {"outlet",        0            },
    {"language",      COLUMN_HIDDEN},
    {"kind",          0            },
    {"of",            COLUMN_RIGHT },
    {"share",         COLUMN_HIDDEN},
    {"containment",   COLUMN_HIDDEN},
    {"jaccard",       COLUMN_HIDDEN},
    {"origin",        COLUMN_HIDDEN},
    {"evidence",      COLUMN_WIDE  },
    {"before",        COLUMN_HIDDEN},
    {"after",         COLUMN_HIDDEN},
    {"articles",      COLUMN_HIDDEN},
    {"outlets",       COLUMN_HIDDEN},
    {"origins",       COLUMN_HIDDEN},
    {"title",         COLUMN_HIDDEN},
    {"url",           COLUMN_HIDDEN}
};

/* One row of any kind; what is 0 or empty is left out. */
struct shown_row {
    const char *what;
    struct slice id;
    int64_t article, version, published_at, first_seen_at;
    struct slice day; /* for people: published on that day, and no more is known */
    struct slice outlet, language, kind;
    int64_t of;
    double share, containment, jaccard; /* negative: not known */
    struct slice origin, evidence, before, after;
    int64_t n_articles, n_outlets, n_origins;
    struct slice title, url;
};

static void put_number(struct output *o, int64_t n)
{
    if (n != 0)
        output_number(o, n);
    else
        output_none(o);
}

static void put_part(struct cli *cli, struct output *o, double part)
{
    if (part < 0)
        output_none(o);
    else if (cli->format == FORMAT_HUMAN)
        output_text(o, arena_printf(&cli->arena, "%.0f %%", 100 * part));
    else
        output_real(o, part);
}

static void put_row(struct cli *cli, struct output *o, const struct shown_row *r)
{
    output_string(o, r->what);
    output_text(o, r->id);
    put_number(o, r->article);
    put_number(o, r->version);
    if (r->day.len > 0)
        output_text(o, r->day);
    else
        output_time(o, r->published_at);
    output_time(o, r->first_seen_at);
    output_text(o, r->outlet);
    output_text(o, r->language);
    output_text(o, r->kind);
    put_number(o, r->of);
    put_part(cli, o, r->share);
    put_part(cli, o, r->containment);
    put_part(cli, o, r->jaccard);
    output_text(o, r->origin);
    output_text(o, r->evidence);
    output_text(o, r->before);
    output_text(o, r->after);
    put_number(o, r->n_articles);
    put_number(o, r->n_outlets);
    put_number(o, r->n_origins);
    output_text(o, r->title);
    output_text(o, r->url);
    output_end_row(o);
}

/* What is shown of a story. */
struct shown {
    struct cli *cli;
    struct story_row story;
    struct story_tree tree;
    struct article_row root, fullest;
    struct article_row *copies; /* whole rows of the branches that are shown */
    size_t first, n_copies;     /* branches */
    size_t n_not_compared;
    struct story_facts facts;
    struct alert_view_list alerts;
    struct event_list events;
    struct story_pointers pointers;
    bool has_begun; /* something was printed */
};

/* ---- reading --------------------------------------------------------------------------------- */

/* The rows of branches from `first` on, at most n of them. */
static enum ww_status read_copies(struct shown *s, size_t first, size_t n, struct article_row **out,
                                  size_t *n_out, struct ww_error *err)
{
    struct arena *arena = &s->cli->arena;
    enum ww_status status = WW_OK;

    first = first < s->tree.n_branches ? first : s->tree.n_branches;
    *n_out = s->tree.n_branches - first < n ? s->tree.n_branches - first : n;
    *out = arena_array(arena, *n_out + 1, sizeof(**out));
    if (*out == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < *n_out; i++)
        status = store_article(s->cli->store, s->tree.branches[first + i].member->id, arena,
                               &(*out)[i], err);
    return status;
}

/* Copies are compared whether they are shown or not. */
static enum ww_status read_facts(struct shown *s, struct ww_error *err)
{
    struct article_row *compared;
    size_t n;
    enum ww_status status = read_copies(s, 0, STORY_COMPARED_MAX, &compared, &n, err);

    if (status == WW_OK)
        status = story_facts_read(s->cli, &s->fullest, compared, n, &s->facts, err);
    s->n_not_compared = s->tree.n_branches - n;
    return status;
}

static enum ww_status read_all(struct shown *s, int64_t id, struct ww_error *err)
{
    struct cli *cli = s->cli;
    struct alert_filter alerts = {.story_id = id, .window = {.limit = ALL_ROWS}};
    struct event_filter events = {.story_id = id, .window = {.limit = ALL_ROWS}};
    const struct store_window window = cli_window(cli, COPIES_SHOWN);
    enum ww_status status = store_story(cli->store, id, &cli->arena, &s->story, err);

    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no story s%" PRId64 "; wirewatch story list shows them", id);
    if (status == WW_OK)
        status = story_tree_read(cli->store, id, &cli->arena, &s->tree, err);
    if (status == WW_OK)
        status =
            store_article(cli->store, s->story.canonical_article_id, &cli->arena, &s->fullest, err);
    if (status == WW_OK)
        status = store_article(cli->store,
                               s->tree.origins.n_edges > 0 ? s->tree.origins.edges[0].article_id
                                                           : s->story.first_article_id,
                               &cli->arena, &s->root, err);
    if (status == WW_OK)
        status = read_copies(s, window.offset, window.limit, &s->copies, &s->n_copies, err);
    if (status == WW_OK)
        status = read_facts(s, err);
    if (status == WW_OK)
        status = story_pointers_read(cli, &s->tree, &s->pointers, err);
    if (status == WW_OK)
        status = store_list_alerts(cli->store, &alerts, &cli->arena, &s->alerts, err);
    if (status == WW_OK)
        status = store_list_events(cli->store, &events, &cli->arena, &s->events, err);
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct slice outlet_of(const struct article_row *a)
{
    return a->outlet.len > 0 ? a->outlet : a->site;
}

/* The outlet, moved to the right by its depth in the tree. */
static struct slice branch_name(const struct shown *s, size_t i)
{
    const struct story_branch *b = &s->tree.branches[s->first + i];
    const size_t depth = b->depth < DEPTH_SHOWN ? b->depth : DEPTH_SHOWN;

    if (s->cli->format != FORMAT_HUMAN || depth == 0)
        return outlet_of(&s->copies[i]);
    return arena_printf(&s->cli->arena, "%*s\xE2\x94\x94 %.*s", (int)(2 * (depth - 1)), "",
                        SLICE_ARG(outlet_of(&s->copies[i])));
}

static void put_copy(const struct shown *s, struct output *o, size_t i)
{
    const struct story_branch *b = &s->tree.branches[s->first + i];
    const struct article_row *a = &s->copies[i];
    const bool is_human = s->cli->format == FORMAT_HUMAN;
    const struct shown_row row = {
        .what = "copy",
        .article = a->id,
        .version = a->version,
        .published_at = is_human && a->published_at == 0 ? a->first_seen_at : a->published_at,
        .day = is_human && a->published_at != 0 && a->published_precision < DATE_MINUTE
                   ? article_when(s->cli, a)
                   : (struct slice){"", 0},
        .first_seen_at = a->first_seen_at,
        .outlet = branch_name(s, i),
        .language = a->language,
        .kind = story_tree_kind(&s->tree, b),
        .of = b->edge->parent_id,
        .share = story_tree_share(b->edge),
        .containment = b->relation != NULL ? b->relation->containment : -1,
        .jaccard = b->relation != NULL ? b->relation->jaccard : -1,
        .origin = s->tree.origins.origins[b->edge->origin].name,
        .evidence = story_tree_evidence(b->edge, &s->cli->arena),
        .title = a->title,
        .url = a->url
    };

    put_row(s->cli, o, &row);
}

static const struct shown_row blank = {.share = -1, .containment = -1, .jaccard = -1};

static void put_story(const struct shown *s, struct output *o)
{
    struct shown_row row = blank;

    row.what = "story";
    row.id = arena_printf(&s->cli->arena, "s%" PRId64, s->story.id);
    row.article = s->fullest.id;
    row.of = s->root.id;
    row.published_at = s->root.published_at;
    row.first_seen_at = s->story.first_seen_at;
    row.outlet = outlet_of(&s->fullest);
    row.language = s->fullest.language;
    row.n_articles = s->story.n_articles;
    row.n_outlets = s->story.n_outlets;
    row.n_origins = (int64_t)s->tree.origins.n_origins;
    row.title = s->fullest.title;
    row.url = s->fullest.url;
    put_row(s->cli, o, &row);
}

static void put_facts(const struct shown *s, struct output *o)
{
    for (size_t i = 0; i < s->facts.n_rows; i++)
        for (size_t k = 0; k < s->facts.rows[i].n_copies; k++) {
            const struct story_fact *f = &s->facts.rows[i];
            struct shown_row row = blank;

            row.what = "fact";
            row.article = f->copies[k]->id;
            row.outlet = outlet_of(f->copies[k]);
            row.of = s->fullest.id;
            row.kind = slice_from(text_diff_fact_kinds[f->fact.kind]);
            row.before = f->fact.before;
            row.after = f->fact.after;
            put_row(s->cli, o, &row);
        }
}

static void put_others(const struct shown *s, struct output *o)
{
    for (size_t i = 0; i < s->pointers.n_rows; i++) {
        const struct story_pointer *p = &s->pointers.rows[i];
        struct shown_row row = blank;

        row.what = "pointer";
        row.id = arena_printf(&s->cli->arena, "s%" PRId64, p->other.story_id);
        row.article = p->relation->article_id;
        row.of = p->other.id;
        row.kind = p->relation->kind;
        row.containment = p->relation->containment;
        row.jaccard = p->relation->jaccard;
        row.outlet = outlet_of(&p->other);
        row.title = p->other.title;
        row.url = p->other.url;
        put_row(s->cli, o, &row);
    }
    for (size_t i = 0; i < s->events.n_rows; i++) {
        const struct event_row *e = &s->events.rows[i];
        struct shown_row row = blank;

        row.what = "event";
        row.article = e->article_id;
        row.of = e->newer_id;
        row.first_seen_at = e->at;
        row.kind = slice_from(event_kind_name(e->kind));
        row.evidence = e->kind == EVENT_CHANGED && e->is_noted ? SLICE("noted") : e->how;
        put_row(s->cli, o, &row);
    }
    for (size_t i = 0; i < s->alerts.n_rows; i++) {
        const struct alert_view *v = &s->alerts.rows[i];
        struct shown_row row = blank;

        row.what = "alert";
        row.id = arena_printf(&s->cli->arena, "a%" PRId64, v->alert.id);
        row.article = v->alert.article_id;
        row.first_seen_at = v->alert.created_at;
        row.kind = v->alert.item;
        row.title = v->headline;
        put_row(s->cli, o, &row);
    }
}

static bool put_rows(const struct shown *s)
{
    struct output *o = output_open(s->cli, columns, WW_COUNT(columns));
    const bool is_human = s->cli->format == FORMAT_HUMAN;

    if (o == NULL)
        return false;
    if (!is_human)
        put_story(s, o);
    for (size_t i = 0; i < s->n_copies; i++)
        put_copy(s, o, i);
    if (!is_human) {
        put_facts(s, o);
        put_others(s, o);
    }
    (void)output_close(o);
    return true;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void put_line(const struct shown *s, struct slice line)
{
    struct wrap w;

    wrap_init(&w, s->cli, 4);
    wrap_begin(&w, "  ", WRAP_PLAIN);
    wrap_text(&w, line, WRAP_PLAIN);
    wrap_end(&w);
    wrap_release(&w);
}

/* Of a part, with an empty line before it. */
static void put_heading(struct shown *s, struct slice text)
{
    struct wrap w;

    wrap_init(&w, s->cli, 2);
    if (s->has_begun)
        (void)fputc('\n', s->cli->out);
    wrap_text(&w, text, WRAP_BOLD);
    wrap_end(&w);
    wrap_release(&w);
    s->has_begun = true;
}

static struct slice count_of(struct cli *cli, int64_t n, const char *noun)
{
    return arena_printf(&cli->arena, "%" PRId64 " %s%s", n, noun, n == 1 ? "" : "s");
}

/* "The Ledger 9, dpa 5". */
static struct slice origin_names(const struct shown *s)
{
    struct cli *cli = s->cli;
    const struct story_origins *all = &s->tree.origins;
    struct slice out = {"", 0};

    for (size_t i = 0; i < all->n_origins && i < ORIGINS_SHOWN; i++)
        out =
            arena_printf(&cli->arena, "%.*s%s%.*s (%.*s)", SLICE_ARG(out), i > 0 ? ", " : "",
                         SLICE_ARG(all->origins[i].name),
                         SLICE_ARG(count_of(cli, (int64_t)all->origins[i].n_articles, "article")));
    if (all->n_origins > ORIGINS_SHOWN)
        out = arena_printf(&cli->arena, "%.*s and %zu more", SLICE_ARG(out),
                           all->n_origins - ORIGINS_SHOWN);
    return out;
}

static void put_head(struct shown *s)
{
    struct cli *cli = s->cli;
    const struct article_row *first = story_tree_member(&s->tree, s->story.first_article_id);

    put_heading(s, s->fullest.title.len > 0 ? s->fullest.title : s->fullest.url);
    output_fact(
        cli, "story",
        arena_printf(&cli->arena, "s%" PRId64 ": %.*s in %.*s, %.*s", s->story.id,
                     SLICE_ARG(count_of(cli, s->story.n_articles, "article")),
                     SLICE_ARG(count_of(cli, s->story.n_outlets, "outlet")),
                     SLICE_ARG(count_of(cli, (int64_t)s->tree.origins.n_origins, "origin"))));
    if (s->tree.origins.n_origins > 1)
        output_fact(cli, "origins", origin_names(s));
    output_fact(cli, "first seen",
                arena_printf(&cli->arena, "%.*s%s%.*s",
                             SLICE_ARG(output_moment(cli, s->story.first_seen_at)),
                             first != NULL && first->outlet.len > 0 ? ", at " : "",
                             SLICE_ARG(first != NULL ? first->outlet : SLICE(""))));
    output_fact(cli, "earliest",
                arena_printf(&cli->arena, "%.*s, at %.*s (%" PRId64 ")",
                             SLICE_ARG(article_when(cli, &s->root)), SLICE_ARG(outlet_of(&s->root)),
                             s->root.id));
    output_fact(cli, "fullest text",
                arena_printf(&cli->arena, "at %.*s (%" PRId64 "): %.*s",
                             SLICE_ARG(outlet_of(&s->fullest)), s->fullest.id,
                             SLICE_ARG(s->fullest.url)));
    for (size_t i = 0; i < s->alerts.n_rows && i < ALERTS_SHOWN; i++)
        output_fact(cli, i == 0 ? "alerts" : "",
                    arena_printf(&cli->arena, "a%" PRId64 "  %s  %.*s", s->alerts.rows[i].alert.id,
                                 alert_severity_name(s->alerts.rows[i].alert.severity),
                                 SLICE_ARG(s->alerts.rows[i].alert.item)));
    if (s->alerts.n_rows > ALERTS_SHOWN)
        output_fact(cli, "",
                    arena_printf(&cli->arena, "and %zu more", s->alerts.n_rows - ALERTS_SHOWN));
    (void)fputc('\n', cli->out);
}

/* "3 copies: 15 Northmoor Post, 17 Echo and 1 more". */
static struct slice copy_names(struct cli *cli, const struct story_fact *f)
{
    struct slice out =
        arena_printf(&cli->arena, "%zu %s: ", f->n_all, f->n_all == 1 ? "copy" : "copies");

    for (size_t i = 0; i < f->n_copies && i < OUTLETS_SHOWN; i++)
        out = arena_printf(&cli->arena, "%.*s%s%" PRId64 " %.*s", SLICE_ARG(out), i > 0 ? ", " : "",
                           f->copies[i]->id, SLICE_ARG(outlet_of(f->copies[i])));
    if (f->n_all > OUTLETS_SHOWN)
        out = arena_printf(&cli->arena, "%.*s and %zu more", SLICE_ARG(out),
                           f->n_all - OUTLETS_SHOWN);
    return out;
}

/* The facts in one column, who says so behind it. */
static void put_fact_lines(const struct shown *s)
{
    struct cli *cli = s->cli;
    const struct story_facts *f = &s->facts;
    const size_t n = f->n_rows < FACTS_SHOWN ? f->n_rows : FACTS_SHOWN;
    const size_t columns_all = output_columns(cli->out);
    size_t width = 0;

    for (size_t i = 0; i < n; i++) {
        const size_t own = text_width(article_fact_words(cli, &f->rows[i].fact));

        width = own > width ? own : width;
    }
    width = width > FACT_COLUMNS_MAX ? FACT_COLUMNS_MAX : width;
    for (size_t i = 0; i < n; i++) {
        const struct slice words = article_fact_words(cli, &f->rows[i].fact);
        const size_t own = text_width(words);

        (void)fputs("  ", cli->out);
        output_visible(cli->out, words, width);
        (void)fprintf(cli->out, "%*s", own < width ? (int)(width - own + 3) : 3, "");
        output_visible(cli->out, copy_names(cli, &f->rows[i]),
                       columns_all > width + 20 ? columns_all - width - 5 : 0);
        (void)fputc('\n', cli->out);
    }
}

static void put_differences(struct shown *s)
{
    struct cli *cli = s->cli;
    const struct story_facts *f = &s->facts;

    if (f->n_compared == 0)
        return;
    put_heading(s,
                f->n_rows > 0
                    ? arena_printf(&cli->arena, "What differs from the text at %.*s (%" PRId64 "):",
                                   SLICE_ARG(outlet_of(&s->fullest)), s->fullest.id)
                    : SLICE("No figure, name or status differs from the fullest text."));
    put_fact_lines(s);
    if (f->n_rows > FACTS_SHOWN)
        put_line(s, arena_printf(&cli->arena, "and %zu more", f->n_rows - FACTS_SHOWN));
    if (f->n_rows > 0)
        put_line(s,
                 arena_printf(&cli->arena,
                              "sentence by sentence: wirewatch article diff %" PRId64 " %" PRId64,
                              s->fullest.id, f->rows[0].copies[0]->id));
    if (s->n_not_compared > 0)
        put_line(s, arena_printf(&cli->arena, "%zu copies were not compared", s->n_not_compared));
}

static void put_pointers(struct shown *s)
{
    struct cli *cli = s->cli;

    if (s->pointers.n_rows > 0)
        put_heading(s, SLICE("Points to other stories:"));
    for (size_t i = 0; i < s->pointers.n_rows && i < POINTERS_SHOWN; i++) {
        const struct story_pointer *p = &s->pointers.rows[i];

        put_line(s, arena_printf(
                        &cli->arena, "s%" PRId64 "  %.*s, article %" PRId64 ": %.*s",
                        p->other.story_id, SLICE_ARG(p->relation->kind), p->relation->article_id,
                        SLICE_ARG(p->other.title.len > 0 ? p->other.title : p->other.url)));
    }
    if (s->pointers.n_all > POINTERS_SHOWN)
        put_line(s, arena_printf(&cli->arena, "and %zu more", s->pointers.n_all - POINTERS_SHOWN));
}

static void put_events(struct shown *s)
{
    struct cli *cli = s->cli;

    if (s->events.n_rows > 0)
        put_heading(s, SLICE("What became of its pages:"));
    for (size_t i = 0; i < s->events.n_rows && i < EVENTS_SHOWN; i++) {
        const struct event_row *e = &s->events.rows[i];
        struct slice line = arena_printf(
            &cli->arena, "%.*s  article %" PRId64 " %s%s%.*s", SLICE_ARG(output_moment(cli, e->at)),
            e->article_id, event_kind_name(e->kind), e->how.len > 0 ? ", " : "", SLICE_ARG(e->how));

        if (e->newer_id != 0)
            line = arena_printf(&cli->arena, "%.*s, now %" PRId64 "%s", SLICE_ARG(line),
                                e->newer_id, e->is_noted ? " (noted)" : "");
        put_line(s, line);
    }
    if (s->events.n_rows > EVENTS_SHOWN)
        put_line(s, arena_printf(&cli->arena, "and %zu more", s->events.n_rows - EVENTS_SHOWN));
}

static void put_left(const struct shown *s)
{
    const size_t n = s->tree.n_branches - s->n_copies;

    if (n > 0)
        put_line(s,
                 arena_printf(&s->cli->arena, "%zu of %zu copies are shown; --limit 0 shows all%s",
                              s->n_copies, s->tree.n_branches,
                              s->tree.is_cut ? " that are looked through" : ""));
}

int command_story_show(struct cli *cli)
{
    struct shown s = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status;
    int64_t id;

    if (!cli_id(cli->words[0], 's', &id))
        return cli_usage(cli, "\"%s\" is no story number (s5)", cli->words[0]);
    s.first = (size_t)cli->offset;
    status = read_all(&s, id, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_HUMAN)
        put_head(&s);
    if (!put_rows(&s))
        return EX_USAGE;
    if (cli->format == FORMAT_HUMAN) {
        put_left(&s);
        put_differences(&s);
        put_pointers(&s);
        put_events(&s);
    }
    return EX_OK;
}
