/* article_changes.c - the rows of a comparison, and its facts in one line. */
#include "cli/article_changes.h"

#include "base/buf.h"
#include "base/limits.h"
#include "cli/article_facts.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/wrap.h"
#include "storage/store_articles.h"

#include <inttypes.h>

/* Behind the mark and a space. */
#define INDENT 2
/* Of "2022-10-05 (meta)". */
#define DAY_BYTES 10

enum ww_status article_compare(struct cli *cli, const struct article_row *before,
                               const struct article_row *after, struct arena *arena,
                               struct text_diff *out, struct ww_error *err)
{
    const struct text_diff_options options = {
        .language = after->language.len > 0 ? after->language : before->language};
    struct article_text a, b;
    enum ww_status status = store_article_text(cli->store, before->id, arena, &a, err);

    if (status == WW_OK)
        status = store_article_text(cli->store, after->id, arena, &b, err);
    if (status == WW_OK)
        status =
            text_diff(&(struct text_diff_source){before->title, a.text},
                      &(struct text_diff_source){after->title, b.text}, &options, arena, out, err);
    return status;
}

struct slice article_when(struct cli *cli, const struct article_row *a)
{
    if (a->published_at == 0)
        return arena_printf(&cli->arena, "seen %.*s",
                            SLICE_ARG(output_moment(cli, a->first_seen_at)));
    if (a->published_precision < DATE_MINUTE)
        return slice_head(article_published(cli, a), DAY_BYTES);
    return output_moment(cli, a->published_at);
}

/* ---- facts ----------------------------------------------------------------------------------- */

bool article_is_same_fact(const struct text_diff_fact *a, const struct text_diff_fact *b)
{
    return a->kind == b->kind && slice_equal(a->before, b->before) &&
           slice_equal(a->after, b->after);
}

static bool was_told(const struct text_diff *d, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (article_is_same_fact(&d->facts[k], &d->facts[i]))
            return true;
    return false;
}

/* A figure without what it counts, where that is the same: it is said once. */
static struct slice without_noun(struct slice s, struct slice noun)
{
    return noun.len > 0 && s.len > noun.len ? slice_trim(slice_head(s, s.len - noun.len)) : s;
}

struct slice article_fact_words(struct cli *cli, const struct text_diff_fact *f)
{
    if (f->before.len == 0)
        return arena_printf(&cli->arena, "\"%.*s\" added", SLICE_ARG(f->after));
    if (f->after.len == 0)
        return arena_printf(&cli->arena, "\"%.*s\" removed", SLICE_ARG(f->before));
    return arena_printf(&cli->arena, "%.*s \xE2\x86\x92 %.*s",
                        SLICE_ARG(without_noun(f->before, f->noun)), SLICE_ARG(f->after));
}

struct slice article_changed_facts(struct cli *cli, const struct text_diff *d, size_t max)
{
    struct slice out = {"", 0};
    size_t n = 0;

    for (size_t i = 0; i < d->n_facts; i++) {
        if (was_told(d, i))
            continue;
        if (n++ < max)
            out = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(out), n > 1 ? "; " : "",
                               SLICE_ARG(article_fact_words(cli, &d->facts[i])));
    }
    if (n > max)
        out = arena_printf(&cli->arena, "%.*s; %zu more", SLICE_ARG(out), n - max);
    return out;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void put_pieces(struct wrap *w, const struct text_diff *d, const struct text_diff_row *row)
{
    for (size_t i = row->first_piece; i < row->first_piece + row->n_pieces; i++) {
        const struct text_diff_piece *p = &d->pieces[i];

        switch (p->kind) {
        case PIECE_KEPT:
            wrap_text(w, text_diff_after(d, row->part, p->after), WRAP_PLAIN);
            break;
        case PIECE_REMOVED:
            wrap_marked(w, text_diff_before(d, row->part, p->before), WRAP_REMOVED);
            break;
        case PIECE_ADDED:
            /* "1214": colours alone would not part them. */
            if (w->has_color && i > row->first_piece && p[-1].kind == PIECE_REMOVED)
                wrap_string(w, " ", WRAP_PLAIN);
            wrap_marked(w, text_diff_after(d, row->part, p->after), WRAP_ADDED);
            break;
        }
    }
}

static void put_row(struct wrap *w, const struct text_diff *d, const struct text_diff_row *row)
{
    static const struct {
        const char *mark;
        enum wrap_mark color;
    } marks[] = {
        [DIFF_SAME] = {"  ", WRAP_PLAIN  },
          [DIFF_MOVED] = {"> ", WRAP_QUIET  },
        [DIFF_CHANGED] = {"~ ", WRAP_BOLD   },
          [DIFF_REMOVED] = {"- ", WRAP_REMOVED},
        [DIFF_ADDED] = {"+ ", WRAP_ADDED  },
    };
    const enum wrap_mark color = marks[row->kind].color;

    wrap_begin(w, marks[row->kind].mark, color);
    if (row->part != DIFF_TEXT && row->kind != DIFF_SAME) {
        wrap_string(w, text_diff_parts[row->part], WRAP_QUIET);
        wrap_string(w, ": ", WRAP_QUIET);
    }
    if (row->kind == DIFF_MOVED)
        wrap_string(w, "moved here: ", WRAP_QUIET);
    if (row->kind == DIFF_CHANGED)
        put_pieces(w, d, row);
    else if (row->kind == DIFF_REMOVED)
        wrap_text(w, text_diff_before(d, row->part, row->before), color);
    else
        wrap_text(w, text_diff_after(d, row->part, row->after),
                  row->kind == DIFF_ADDED ? color : WRAP_PLAIN);
    wrap_end(w);
}

void article_put_changes(struct cli *cli, const struct text_diff *d, bool is_whole)
{
    struct wrap w;
    size_t n_same = 0;

    wrap_init(&w, cli, INDENT);
    for (size_t i = 0; i <= d->n_rows; i++) {
        const bool is_same = i < d->n_rows && d->rows[i].kind == DIFF_SAME;

        if (is_same && !is_whole) {
            n_same++;
            continue;
        }
        if (n_same > 0) {
            const struct slice said =
                arena_printf(&cli->arena, "\xE2\x80\xA6 %zu sentence%s the same", n_same,
                             n_same == 1 ? "" : "s");

            wrap_begin(&w, "  ", WRAP_PLAIN);
            wrap_text(&w, said, WRAP_QUIET);
            wrap_end(&w);
            n_same = 0;
        }
        if (i < d->n_rows)
            put_row(&w, d, &d->rows[i]);
    }
    wrap_release(&w);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static const struct column columns[] = {
    {"kind",            0           },
    {"part",            0           },
    {"before_article",  COLUMN_RIGHT},
    {"after_article",   COLUMN_RIGHT},
    {"before_sentence", COLUMN_RIGHT},
    {"after_sentence",  COLUMN_RIGHT},
    {"before_start",    COLUMN_RIGHT},
    {"before_end",      COLUMN_RIGHT},
    {"after_start",     COLUMN_RIGHT},
    {"after_end",       COLUMN_RIGHT},
    {"before",          0           },
    {"after",           0           },
    {"marked",          COLUMN_WIDE }
};

struct put {
    struct output *o;
    const struct text_diff *d;
    int64_t before_id, after_id;
};

static void put_count(struct output *o, uint32_t n)
{
    if (n > 0)
        output_number(o, n);
    else
        output_none(o);
}

static void put_span(struct output *o, struct text_diff_span span, bool is_there)
{
    if (is_there) {
        output_number(o, span.start);
        output_number(o, span.end);
    } else {
        output_none(o);
        output_none(o);
    }
}

static void put_head(const struct put *p, const char *kind, const struct text_diff_row *row)
{
    output_string(p->o, kind);
    output_string(p->o, text_diff_parts[row->part]);
    output_number(p->o, p->before_id);
    output_number(p->o, p->after_id);
    put_count(p->o, row->before_sentence);
    put_count(p->o, row->after_sentence);
}

/* "The [-12-]{+14+} men", in the arena. */
static struct slice marked_text(struct cli *cli, const struct text_diff *d,
                                const struct text_diff_row *row)
{
    struct buf out;
    struct slice copy;

    if (row->kind != DIFF_CHANGED)
        return (struct slice){"", 0};
    buf_init(&out, STORE_BLOB_MAX_BYTES);
    for (size_t i = row->first_piece; i < row->first_piece + row->n_pieces; i++) {
        const struct text_diff_piece *p = &d->pieces[i];
        static const char *const marks[][2] = {
            {"",   ""  },
            {"[-", "-]"},
            {"{+", "+}"}
        };

        buf_add_string(&out, marks[p->kind][0]);
        buf_add(&out, p->kind == PIECE_REMOVED ? text_diff_before(d, row->part, p->before)
                                               : text_diff_after(d, row->part, p->after));
        buf_add_string(&out, marks[p->kind][1]);
    }
    copy = arena_copy(&cli->arena, buf_slice(&out));
    buf_release(&out);
    return copy;
}

bool article_put_change_rows(struct cli *cli, const struct text_diff *d, int64_t before_id,
                             int64_t after_id)
{
    const struct put p = {output_open(cli, columns, WW_COUNT(columns)), d, before_id, after_id};

    if (p.o == NULL)
        return false;
    for (size_t i = 0; i < d->n_rows; i++) {
        const struct text_diff_row *row = &d->rows[i];

        put_head(&p, text_diff_kinds[row->kind], row);
        put_span(p.o, row->before, row->before_sentence > 0);
        put_span(p.o, row->after, row->after_sentence > 0);
        output_text(p.o, text_diff_before(d, row->part, row->before));
        output_text(p.o, text_diff_after(d, row->part, row->after));
        output_text(p.o, marked_text(cli, d, row));
        output_end_row(p.o);
    }
    for (size_t i = 0; i < d->n_facts; i++) {
        const struct text_diff_fact *f = &d->facts[i];

        put_head(&p, text_diff_fact_kinds[f->kind], &d->rows[f->row]);
        put_span(p.o, (struct text_diff_span){0, 0}, false);
        put_span(p.o, (struct text_diff_span){0, 0}, false);
        output_text(p.o, f->before);
        output_text(p.o, f->after);
        output_none(p.o);
        output_end_row(p.o);
    }
    (void)output_close(p.o);
    return true;
}
