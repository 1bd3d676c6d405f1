/* why_item.c - the article through the list on disk: each name that was looked at, and its gate. */
#include "alerts/mentions.h"
#include "alerts/query_mentions.h"
#include "alerts/trace.h"
#include "base/limits.h"
#include "base/lookalike.h"
#include "base/nearest.h"
#include "cli/output.h"
#include "cli/why.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Places of names, items that came near, and terms: as many as are read. --limit says more. */
#define NAMES_SHOWN 12
#define ITEMS_SHOWN 12
#define TERMS_SHOWN 4
#define SPELLINGS_SHOWN 8

/* The article, matched with the list. */
struct look {
    struct why *w;
    const struct article_row *article;
    struct slice text;
    struct watchlist list;
    struct trace trace;
    struct mention_report report;
    bool is_of_store; /* the list on disk could not be read */
};

/* ---- the list -------------------------------------------------------------------------------- */

/* The list on disk; one that cannot be read is no reason to explain nothing. */
static enum ww_status read_list(struct look *l, struct ww_error *err)
{
    struct cli *cli = l->w->cli;
    struct ww_error why = {0};
    struct watchlist_row newest;
    enum ww_status status = watchlist_read(arena_string(&cli->arena, cli->config.watchlist),
                                           &cli->arena, &l->list, &why);

    if (status == WW_OK || status == WW_NOMEM)
        return status;
    status = store_watchlist(cli->store, 0, &cli->arena, &newest, err);
    if (status == WW_NOT_FOUND) {
        *err = why;
        return WW_INVALID;
    }
    if (status == WW_OK)
        status = watchlist_parse(newest.content, &cli->arena, &l->list, err);
    if (status == WW_OK)
        why_note(l->w, WHY_LIST, "unreadable",
                 "the list on disk cannot be read (%s); what follows is what version %" PRId64
                 " of the store says",
                 why.message, newest.id);
    l->is_of_store = status == WW_OK;
    return status;
}

/* Which version has seen the article, and is it the one on disk? */
static enum ww_status put_version(struct look *l, struct ww_error *err)
{
    struct cli *cli = l->w->cli;
    struct watchlist_row row;
    char hex[2 * SHA256_BYTES + 1];
    enum ww_status status;

    if (l->article->scanned_with == 0) {
        why_stop(l->w, WHY_LIST, "not-scanned", "no list has seen the article yet")->needs =
            SLICE("the next run: wirewatch run --only alert");
        return WW_OK;
    }
    status = store_watchlist(cli->store, l->article->scanned_with, &cli->arena, &row, err);
    if (status != WW_OK)
        return status;
    hash_hex((const unsigned char *)row.sha256.ptr, row.sha256.len, hex);
    if (strcmp(hex, l->list.version) == 0)
        why_note(l->w, WHY_LIST, "scanned", "scanned with list version %" PRId64 " of %.*s: %s",
                 row.id, SLICE_ARG(output_moment(cli, row.loaded_at)),
                 l->is_of_store ? "that one" : "the one on disk")
            ->at = row.loaded_at;
    else
        why_note(l->w, WHY_LIST, "scanned-before",
                 "scanned with list version %" PRId64 " of %.*s; %s", row.id,
                 SLICE_ARG(output_moment(cli, row.loaded_at)),
                 l->is_of_store ? "the newest of the store is another"
                                : "the list on disk is another, and what follows is what that one "
                                  "says")
            ->at = row.loaded_at;
    return WW_OK;
}

static enum ww_status match(struct look *l, struct ww_error *err)
{
    struct cli *cli = l->w->cli;
    struct article_text text = {0};
    struct mention_article words = {.title = l->article->title, .language = l->article->language};
    struct mention_engine *engine;
    enum ww_status status = store_article_text(cli->store, l->article->id, &cli->arena, &text, err);

    l->text = text.text;
    words.text = text.text;
    trace_init(&l->trace, &cli->arena);
    if (status == WW_OK)
        status = mentions_open(&l->list, &cli->arena, &engine, err);
    if (status == WW_OK)
        status = mentions_trace(engine, &words, &l->trace, &cli->arena, &l->report, err);
    return status;
}

/* ---- words ----------------------------------------------------------------------------------- */

static struct slice field_of(const struct look *l, const struct trace_row *row)
{
    return row->field == MENTION_TITLE ? l->article->title : l->text;
}

static struct slice quote_of(const struct look *l, const struct trace_row *row)
{
    return slice_sub(field_of(l, row), row->start, row->end - row->start);
}

/* The phrase as it stands there: "@ Gazette" with the name for its "@". */
static struct slice fill_in(const struct look *l, const struct trace_row *row)
{
    size_t at = slice_find_char(row->words, '@');

    if (at >= row->words.len)
        return row->words;
    return arena_printf(&l->w->cli->arena, "%.*s%.*s%.*s", SLICE_ARG(slice_head(row->words, at)),
                        SLICE_ARG(quote_of(l, row)), SLICE_ARG(slice_skip(row->words, at + 1)));
}

/* "; the nearest term that counts, "pier", is 14 words away, in a sentence beside" */
static struct slice term_words(const struct look *l, const struct trace_row *row)
{
    struct arena *a = &l->w->cli->arena;

    if (row->term.len == 0)
        return SLICE("");
    return arena_printf(a, "; the nearest term that counts, \"%.*s\", is %u word%s away%s",
                        SLICE_ARG(row->term), row->term_words, row->term_words == 1 ? "" : "s",
                        row->term_sentences == 0   ? ", in its sentence"
                        : row->term_sentences == 1 ? ", in a sentence beside"
                                                   : "");
}

/* The rule by which a name counts: "the place, in a sentence with a term". */
static struct slice rule_of(const struct look *l, const struct trace_row *row)
{
    for (size_t i = 0; i < l->report.n_mentions; i++) {
        const struct mention *m = &l->report.mentions[i];

        if (m->item == &l->list.items[row->item] && m->at.field == row->field &&
            m->at.start == row->start)
            return slice_from(mention_rule_text(slice_from(m->rule)));
    }
    return SLICE("");
}

static struct slice words_of(const struct look *l, const struct trace_row *row)
{
    struct arena *a = &l->w->cli->arena;
    struct slice filled = fill_in(l, row);
    const char *letters = lookalike_words(quote_of(l, row));

    if (row->gate == GATE_NONE && row->item != WATCH_NONE)
        return arena_printf(a, "\"%.*s\"%s%s counts: %.*s", SLICE_ARG(quote_of(l, row)),
                            letters != NULL ? ", " : "", letters != NULL ? letters : "",
                            SLICE_ARG(rule_of(l, row)));
    return arena_printf(a, "\"%.*s\" %s%s%.*s%s%s%s%.*s", SLICE_ARG(quote_of(l, row)),
                        gate_text(row->gate), filled.len > 0 ? " (\"" : "", SLICE_ARG(filled),
                        filled.len > 0 ? "\")" : "", row->also != GATE_NONE ? "; and it " : "",
                        row->also != GATE_NONE ? gate_text(row->also) : "",
                        SLICE_ARG(term_words(l, row)));
}

static void put_row(const struct look *l, const struct trace_row *row, enum why_stage stage,
                    struct slice item)
{
    const struct watch_name *name = &l->list.names[row->name];
    struct slice field = field_of(l, row);
    struct why_line *line =
        why_note(l->w, stage, gate_name(row->gate), "%.*s", SLICE_ARG(words_of(l, row)));

    line->item = item;
    line->alias = name->text;
    line->cell = name->cell;
    line->quote = quote_of(l, row);
    line->words = fill_in(l, row);
    line->field = mention_field_name(row->field);
    line->start = (int64_t)row->start;
    line->end = (int64_t)row->end;
    line->needs = slice_from(gate_needs(row->gate));
    line->sentence = slice_sub(field, row->sentence_start, row->sentence_end - row->sentence_start);
    line->mark_start = row->start - row->sentence_start;
    line->mark_end = row->end - row->sentence_start;
}

/* ---- how near a name came -------------------------------------------------------------------- */

/* Gates in the order in which matching asks; behind the last stands what counts. */
static unsigned nearness(const struct trace_row *row)
{
    enum gate gate = row->also != GATE_NONE ? row->also : row->gate;
    unsigned n = row->also != GATE_NONE ? 0 : 1;

    if (gate == GATE_NONE)
        return 20;
    if (gate == GATE_LANGUAGE)
        return 0;
    if (gate <= GATE_CUT_WORD)
        return 1;
    if (gate == GATE_HIDDEN || gate == GATE_VETO)
        return 2;
    if (gate <= GATE_CAPTION)
        return 4;
    if (gate >= GATE_NO_TERM && gate <= GATE_NO_TERM_BESIDE)
        return (gate == GATE_NO_TERM ? 4 : 6) + n;
    if (gate >= GATE_VETO_SENTENCE && gate <= GATE_COUNTRY_BESIDE)
        return 8 + n;
    return gate >= GATE_NAME_LIMIT ? 14 : 12;
}

/* ---- one item -------------------------------------------------------------------------------- */

static bool is_of_item(const struct look *l, const struct trace_row *row, struct slice id)
{
    uint32_t items[2];
    size_t n = trace_items(&l->list, row, items);

    for (size_t i = 0; i < n; i++)
        if (slice_equal(l->list.items[items[i]].id, id))
            return true;
    return false;
}

static const struct watch_item *find_item(const struct watchlist *list, struct slice id)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (slice_equal(list->items[i].id, id))
            return &list->items[i];
    return NULL;
}

/* WW_NOT_FOUND with the nearest id. */
static enum ww_status check_item(const struct look *l, struct slice id, struct ww_error *err)
{
    struct nearest near;

    if (find_item(&l->list, id) != NULL)
        return WW_OK;
    nearest_init(&near, id);
    for (size_t i = 0; i < l->list.n_items; i++)
        nearest_try(&near, arena_string(&l->w->cli->arena, l->list.items[i].id));
    return ww_fail(err, WW_NOT_FOUND,
                   "no item \"%.*s\" in %.*s%s%s%s; wirewatch watch list shows them", SLICE_ARG(id),
                   SLICE_ARG(l->w->cli->config.watchlist),
                   near.best != NULL ? "; did you mean \"" : "", near.best != NULL ? near.best : "",
                   near.best != NULL ? "\"?" : "");
}

/* What the item is looked for by: how many spellings an article of this language is asked for. */
static void put_spellings(const struct look *l, struct slice id)
{
    struct arena *a = &l->w->cli->arena;
    struct slice shown = SLICE("");
    size_t n_all = 0, n_usable = 0;

    for (uint32_t i = 0; i < l->list.n_names; i++) {
        const struct watch_name *name = &l->list.names[i];
        struct trace_row row = {.name = i, .item = WATCH_NONE};

        if (!is_of_item(l, &row, id))
            continue;
        n_all++;
        if (name->language.len > 0 && !watch_same_language(name->language, l->article->language))
            continue;
        if (n_usable++ < SPELLINGS_SHOWN)
            shown = arena_printf(a, "%.*s%s\"%.*s\"", SLICE_ARG(shown), n_usable > 1 ? ", " : "",
                                 SLICE_ARG(name->text));
    }
    if (n_usable == 0)
        why_stop(l->w, WHY_ITEM, "no-spelling",
                 "%.*s has no spelling in %.*s, and none in every language; %zu in others",
                 SLICE_ARG(id),
                 SLICE_ARG(l->article->language.len > 0 ? l->article->language : SLICE("any")),
                 n_all)
            ->needs = SLICE("a spelling in that language in the list");
    else
        why_stop(l->w, WHY_ITEM, "no-name",
                 "no spelling of %.*s is in the article: it is looked for as %.*s%s%s",
                 SLICE_ARG(id), SLICE_ARG(shown), n_usable > SPELLINGS_SHOWN ? " ..." : "",
                 n_all > n_usable ? ", and in other languages" : "")
            ->needs =
            SLICE("one of its spellings in title or text, or another spelling in the list");
}

/* A term that does not count, and over which stands none that does or that is shown before it. */
static bool is_missed(const struct look *l, const struct trace_row *row)
{
    if (row->gate == GATE_NONE)
        return false;
    for (size_t i = 0; i < l->trace.n_terms; i++) {
        const struct trace_row *other = &l->trace.terms[i];

        if (other != row && other->field == row->field && other->start < row->end &&
            row->start < other->end && (other->gate != GATE_TERM_HIDDEN || other < row))
            return false;
    }
    return true;
}

/* Terms that nearly put a sentence in context. */
static void put_terms(const struct look *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->trace.n_terms; i++)
        if (is_missed(l, &l->trace.terms[i]) && n++ < TERMS_SHOWN)
            put_row(l, &l->trace.terms[i], WHY_TERM, SLICE(""));
    if (n > TERMS_SHOWN)
        why_note(l->w, WHY_TERM, "more", "%zu more terms that do not count", n - TERMS_SHOWN);
}

static bool misses_term(const struct trace_row *row)
{
    enum gate gate = row->also != GATE_NONE ? row->also : row->gate;

    return gate >= GATE_NO_TERM && gate <= GATE_COUNTRY_BESIDE;
}

static size_t n_shown(const struct look *l, size_t usual)
{
    int64_t limit = l->w->cli->limit;

    return limit < 0 ? usual : limit == 0 ? SIZE_MAX : (size_t)limit;
}

/* By place; of several spellings at one place, which languages share, the one that came nearest. */
static int compare_places(const void *a, const void *b)
{
    const struct trace_row *const *x = a;
    const struct trace_row *const *y = b;
    unsigned p = nearness(*x), q = nearness(*y);

    if ((*x)->field != (*y)->field)
        return (*x)->field < (*y)->field ? -1 : 1;
    if ((*x)->start != (*y)->start)
        return (*x)->start < (*y)->start ? -1 : 1;
    if (p != q)
        return p > q ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

/* One row a place of the item; NULL: the arena is full. */
static const struct trace_row **find_places(const struct look *l, struct slice id, size_t *n_places)
{
    const struct trace_row **rows =
        arena_array(&l->w->cli->arena, l->trace.n_names + 1, sizeof(const struct trace_row *));
    size_t n = 0;

    *n_places = 0;
    for (size_t i = 0; rows != NULL && i < l->trace.n_names; i++)
        if (is_of_item(l, &l->trace.names[i], id))
            rows[n++] = &l->trace.names[i];
    if (n > 1)
        qsort(rows, n, sizeof(const struct trace_row *), compare_places);
    for (size_t i = 0; i < n; i++)
        if (*n_places == 0 || rows[*n_places - 1]->start != rows[i]->start ||
            rows[*n_places - 1]->field != rows[i]->field)
            rows[(*n_places)++] = rows[i];
    return rows;
}

/* The names of one item that were found, and what each met. True: one of them counts. */
static bool put_item(struct look *l, struct slice id)
{
    const struct trace_row *best = NULL;
    bool misses = false;
    size_t n = 0, n_counted = 0;
    const struct trace_row **rows = find_places(l, id, &n);

    for (size_t i = 0; i < n; i++) {
        if (best == NULL || nearness(rows[i]) > nearness(best))
            best = rows[i];
        n_counted += rows[i]->gate == GATE_NONE;
        misses |= misses_term(rows[i]);
        if (i < n_shown(l, NAMES_SHOWN))
            put_row(l, rows[i], WHY_NAME, id);
    }
    if (n > n_shown(l, NAMES_SHOWN))
        why_note(l->w, WHY_NAME, "more", "%zu more (--limit 0 shows them)",
                 n - n_shown(l, NAMES_SHOWN));
    if (misses && n_counted == 0)
        put_terms(l);
    if (best == NULL) {
        put_spellings(l, id);
    } else if (n_counted == 0) {
        struct why_line *line =
            n == 1 ? why_stop(l->w, WHY_ITEM, gate_name(best->gate),
                              "%.*s is named once, which does not count", SLICE_ARG(id))
                   : why_stop(l->w, WHY_ITEM, gate_name(best->gate),
                              "%.*s is named %.*s, and none of it counts; the nearest: %.*s",
                              SLICE_ARG(id), SLICE_ARG(why_times(l->w, n)),
                              SLICE_ARG(words_of(l, best)));

        line->item = id;
        line->needs =
            slice_from(gate_needs(best->also != GATE_NONE && n == 1 ? best->also : best->gate));
    }
    return n_counted > 0;
}

/* ---- all items ------------------------------------------------------------------------------- */

struct near {
    struct slice id;
    const struct trace_row *best;
};

static int compare_near(const void *a, const void *b)
{
    const struct near *x = a;
    const struct near *y = b;
    unsigned p = nearness(x->best), q = nearness(y->best);

    if (p != q)
        return p > q ? -1 : 1;
    return slice_compare(x->id, y->id);
}

static int compare_items(const void *a, const void *b)
{
    const struct near *x = a;
    const struct near *y = b;
    int order = slice_compare(x->id, y->id);

    return order != 0 ? order : compare_near(a, b);
}

static void note_found(struct why_found *found, struct slice id)
{
    for (size_t i = 0; i < found->n_items; i++)
        if (slice_equal(found->items[i], id))
            return;
    if (found->n_items < WW_COUNT(found->items))
        found->items[found->n_items++] = id;
    else
        found->n_more++;
}

/* The best row of each item that is named, by id; *n of them. */
static struct near *find_near(const struct look *l, size_t *n)
{
    struct arena *a = &l->w->cli->arena;
    struct near *rows = arena_array(a, 2 * l->trace.n_names + 1, sizeof(*rows));

    *n = 0;
    for (size_t i = 0; rows != NULL && i < l->trace.n_names; i++) {
        uint32_t items[2];
        size_t n_items = trace_items(&l->list, &l->trace.names[i], items);

        for (size_t k = 0; k < n_items; k++)
            rows[(*n)++] = (struct near){l->list.items[items[k]].id, &l->trace.names[i]};
    }
    return rows;
}

/* Of rows by item and nearness the first of each item. */
static size_t keep_first(struct near *rows, size_t n_rows)
{
    size_t n = 0;

    for (size_t i = 0; i < n_rows; i++)
        if (n == 0 || !slice_equal(rows[n - 1].id, rows[i].id))
            rows[n++] = rows[i];
    return n;
}

static enum ww_status put_all(struct look *l, struct why_found *found, struct ww_error *err)
{
    const size_t limit = n_shown(l, ITEMS_SHOWN);
    size_t n;
    struct near *rows = find_near(l, &n);

    if (rows == NULL)
        return arena_check(&l->w->cli->arena, err);
    qsort(rows, n, sizeof(*rows), compare_items);
    n = keep_first(rows, n);
    qsort(rows, n, sizeof(*rows), compare_near);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].best->gate == GATE_NONE)
            note_found(found, rows[i].id);
        if (i < limit)
            put_row(l, rows[i].best, WHY_NAME, rows[i].id);
    }
    if (n > limit)
        why_note(l->w, WHY_NAME, "more", "%zu more items (--limit 0 shows them)", n - limit);
    if (n == 0 && found->n_items == 0)
        why_stop(l->w, WHY_ITEM, "no-name", "no name of the list is in the article");
    else if (found->n_items == 0)
        why_stop(l->w, WHY_ITEM, gate_name(rows[0].best->gate),
                 "%zu item%s named and none counts; the nearest, %.*s: %.*s", n,
                 n == 1 ? " is" : "s are", SLICE_ARG(rows[0].id),
                 SLICE_ARG(words_of(l, rows[0].best)))
            ->needs = slice_from(gate_needs(rows[0].best->gate));
    return WW_OK;
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* *is_all: the item has no names that could be looked for beside its rule. */
static enum ww_status put_rules(struct look *l, struct why_found *found, bool *is_all,
                                struct ww_error *err)
{
    const struct mention_article article = {l->article->title, l->text, l->article->language};
    const struct slice id = l->w->item;

    *is_all = false;
    for (size_t i = 0; i < l->list.n_rules && id.len > 0; i++)
        *is_all |= slice_equal(l->list.items[l->list.rules[i].item].id, id);
    for (size_t i = 0; i < l->trace.n_names && *is_all; i++)
        *is_all = !is_of_item(l, &l->trace.names[i], id);
    for (size_t i = 0; i < l->report.n_mentions; i++) {
        const struct mention *m = &l->report.mentions[i];

        if (slice_equal(slice_from(m->rule), SLICE(QUERY_RULE)) &&
            (id.len == 0 || slice_equal(m->item->id, id)))
            note_found(found, m->item->id);
    }
    return why_rules(l->w, &l->list, &article, &l->report, *is_all, err);
}

/* ---- the whole ------------------------------------------------------------------------------- */

enum ww_status why_match(struct why *w, const struct article_row *article, struct why_found *found,
                         struct ww_error *err)
{
    struct look look = {.w = w, .article = article};
    bool is_rule = false;
    enum ww_status status = read_list(&look, err);

    *found = (struct why_found){0};
    if (status == WW_OK && w->item.len > 0)
        status = check_item(&look, w->item, err);
    if (status == WW_OK)
        status = put_version(&look, err);
    if (status == WW_OK)
        status = match(&look, err);
    if (status != WW_OK)
        return status;
    if (look.report.is_cut)
        why_note(w, WHY_LIST, "cut", "only the first %d bytes of the text are looked at",
                 MENTION_TEXT_MAX_BYTES);
    if (look.trace.n_more > 0)
        why_note(w, WHY_LIST, "cut", "%zu more names and terms were looked at than are kept",
                 look.trace.n_more);
    status = put_rules(&look, found, &is_rule, err);
    if (status != WW_OK || is_rule)
        return status;
    if (w->item.len == 0)
        return put_all(&look, found, err);
    if (put_item(&look, w->item))
        note_found(found, w->item);
    return WW_OK;
}
