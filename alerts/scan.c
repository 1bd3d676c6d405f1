/*
 * scan.c - blocks of articles through the matcher (scan_walk.h); what is found in one is written in
 * one transaction, by the one thread that touches the store.
 *
 * Articles that were never scanned come first. When the watchlist is another one than last time,
 * the archive is walked after them: those articles alone that the change can touch, where the
 * search index can tell which (scan_change.h). Two notes in the store say which version has
 * finished it and how far a newer one has come, so that an unchanged list costs no walk and one
 * that was cut off goes on where it ended.
 */
#include "alerts/scan.h"

#include "alerts/mentions.h"
#include "alerts/revisions.h"
#include "alerts/said.h"
#include "alerts/scan_change.h"
#include "alerts/scan_mark.h"
#include "alerts/scan_walk.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_alerts.h"
#include "storage/store_articles.h"
#include "storage/store_looks.h"

#include <inttypes.h>
#include <stdio.h>

/* What was found in one article, ready to be stored. */
struct finding {
    const struct article_row *article;
    struct slice text;
    struct mention_row *mentions;
    const struct mention **sources; /* of mentions, for the choice of the alert's */
    size_t n_mentions;
    struct candidate_row *candidates;
    size_t n_candidates;
    struct said said;
    bool is_historic;
};

struct scan {
    struct store *store;
    const struct watchlist *watchlist;
    const struct scan_options *options;
    const struct log *log;
    struct mention_engine *engine;
    struct revisions *revisions;
    struct arena arena; /* a batch */
    struct arena page;  /* one article's tokens */
    int64_t now;
    enum alert_cause cause;    /* of the walk in hand */
    int64_t last_id;           /* the newest article when it began */
    bool is_marking;           /* of the walk in hand it is kept how far it has come */
    size_t n_unmarked;         /* articles since */
    struct walk_ids mentioned; /* articles with mentions, behind the walk */
    struct scan_summary summary;
};

/* ---- history --------------------------------------------------------------------------------- */

/* Articles of that time and later are no history. */
static int64_t news_since(const struct scan *scan)
{
    return scan->options->max_age_s > 0 ? scan->now - scan->options->max_age_s : 0;
}

static bool is_old(const struct scan *scan, const struct article_row *article)
{
    int64_t at = article->published_at > 0 ? article->published_at : article->first_seen_at;

    return article->is_historic || at < news_since(scan);
}

/* Old text under a new date is as old as the text. */
static enum ww_status find_history(struct scan *scan, struct finding *f, struct ww_error *err)
{
    struct article_row earlier;
    enum ww_status status;

    f->is_historic = is_old(scan, f->article);
    if (f->is_historic || f->article->recirculates_id == 0)
        return WW_OK;
    status = store_article(scan->store, f->article->recirculates_id, &scan->arena, &earlier, err);
    if (status == WW_OK)
        f->is_historic = is_old(scan, &earlier);
    return status;
}

/* ---- matching -------------------------------------------------------------------------------- */

static struct mention_row mention_row_of(struct scan *scan, const struct article_row *article,
                                         struct slice text, const struct mention *m)
{
    struct slice field = m->at.field == MENTION_TITLE ? article->title : text;

    return (struct mention_row){
        .article_id = article->id,
        .watchlist_id = scan->summary.watchlist_id,
        .item = m->item->id,
        .kind = m->item->kind,
        .alias = m->alias,
        .rule = slice_from(m->rule),
        .term = slice_sub(field, m->term_start, m->term_end - m->term_start),
        .field = m->at.field,
        .start = (int64_t)m->at.start,
        .end = (int64_t)m->at.end,
        .sentence_start = (int64_t)m->at.sentence_start,
        .sentence_end = (int64_t)m->at.sentence_end,
        .term_start = (int64_t)m->term_start,
        .term_end = (int64_t)m->term_end,
        .quote = slice_sub(field, m->at.start, m->at.end - m->at.start),
        .looked_at = arena_copy(&scan->arena, m->looked_at),
    };
}

static struct candidate_row candidate_row_of(const struct scan *scan,
                                             const struct article_row *article, struct slice text,
                                             const struct mention_candidate *c)
{
    struct slice field = c->at.field == MENTION_TITLE ? article->title : text;

    return (struct candidate_row){
        .article_id = article->id,
        .watchlist_id = scan->summary.watchlist_id,
        .place = c->place->name,
        .country = c->place->country,
        .field = c->at.field,
        .start = (int64_t)c->at.start,
        .end = (int64_t)c->at.end,
        .sentence_start = (int64_t)c->at.sentence_start,
        .sentence_end = (int64_t)c->at.sentence_end,
        .quote = slice_sub(field, c->at.start, c->at.end - c->at.start),
        .found_at = scan->now,
        .place_id = c->place->id,
        .term = c->term,
        .stance = c->stance,
    };
}

/* Everything of the report that outlives the page: rows in the batch's arena. */
static enum ww_status keep(struct scan *scan, struct slice text, const struct mention_report *r,
                           struct finding *out, struct ww_error *err)
{
    struct arena *a = &scan->arena;
    struct mention *copies = arena_array(a, r->n_mentions + 1, sizeof(*copies));
    const struct said_source source = {out->article, text, scan->summary.watchlist_id, scan->now};

    out->mentions = arena_array(a, r->n_mentions + 1, sizeof(*out->mentions));
    out->sources = arena_array(a, r->n_mentions + 1, sizeof(const struct mention *));
    out->candidates = arena_array(a, r->n_candidates + 1, sizeof(*out->candidates));
    if (copies == NULL || out->mentions == NULL || out->sources == NULL || out->candidates == NULL)
        return arena_check(a, err);
    for (size_t i = 0; i < r->n_mentions; i++) {
        copies[i] = r->mentions[i];
        out->sources[i] = &copies[i];
        out->mentions[i] = mention_row_of(scan, out->article, text, &copies[i]);
    }
    for (size_t i = 0; i < r->n_candidates; i++)
        out->candidates[i] = candidate_row_of(scan, out->article, text, &r->candidates[i]);
    out->text = text;
    out->n_mentions = r->n_mentions;
    out->n_candidates = r->n_candidates;
    return said_keep(&source, r, a, &out->said, err);
}

/* An article that cannot be matched is logged and counts as scanned: it would fail for ever. */
static enum ww_status match_article(struct scan *scan, const struct article_row *article,
                                    struct finding *out, struct ww_error *err)
{
    struct mention_article words = {.title = article->title, .language = article->language};
    struct article_text text = {0};
    struct mention_report report;
    struct ww_error why = {0};
    enum ww_status status = store_article_text(scan->store, article->id, &scan->arena, &text, err);

    *out = (struct finding){.article = article};
    if (status == WW_OK)
        status = find_history(scan, out, err);
    if (status != WW_OK)
        return status;
    words.text = text.text;
    arena_reset(&scan->page);
    status = mentions_find(scan->engine, &words, &scan->page, &report, &why);
    if (status == WW_OK && report.is_cut)
        log_event(scan->log, LOG_WARN, "scan", "article=%" PRId64 " bytes=%zu read=%d", article->id,
                  text.text.len, MENTION_TEXT_MAX_BYTES);
    if (status == WW_OK)
        return keep(scan, text.text, &report, out, err);
    if (status == WW_NOMEM) {
        if (err != NULL)
            *err = why;
        return status;
    }
    log_event(scan->log, LOG_WARN, "scan", "article=%" PRId64 " unread=%s", article->id,
              why.message);
    return WW_OK;
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static bool is_better(const struct mention *a, const struct mention *b)
{
    if (a->strength != b->strength)
        return a->strength > b->strength;
    /* What was only beside the term is the weaker witness of two. */
    return (a->term_end > a->at.sentence_start && a->term_start < a->at.sentence_end) &&
           !(b->term_end > b->at.sentence_start && b->term_start < b->at.sentence_end);
}

/*
 * Is mention i the best of its item in the article? Of equal ones the first. A country that is
 * itself a site is one item of two kinds: the site is mentioned first wherever both are.
 */
static bool is_best(const struct finding *f, size_t i)
{
    for (size_t k = 0; k < f->n_mentions; k++) {
        if (k == i || !slice_equal(f->sources[k]->item->id, f->sources[i]->item->id))
            continue;
        if (is_better(f->sources[k], f->sources[i]) ||
            (k < i && !is_better(f->sources[i], f->sources[k])))
            return false;
    }
    return true;
}

static enum alert_severity severity_of(const struct mention *m)
{
    enum alert_severity severity;

    if (alert_severity_parse(m->item->severity, &severity))
        return severity;
    return m->strength == STRENGTH_STRONG ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

/* The story has alerted on the item before: does this article say something else of it? */
static enum ww_status revise(struct scan *scan, const struct finding *f, struct slice item,
                             struct ww_error *err)
{
    const struct revision_copy copy = {f->article, f->text, f->mentions, f->n_mentions};
    size_t n = 0;
    enum ww_status status = revisions_of_copy(scan->revisions, &copy, item, &n, err);

    scan->summary.n_revisions += (int64_t)n;
    return status;
}

static enum ww_status store_alert_of(struct scan *scan, const struct finding *f, size_t i,
                                     int64_t mention_id, struct ww_error *err)
{
    const struct mention *m = f->sources[i];
    struct alert_row row = {
        .story_id = f->article->story_id,
        .article_id = f->article->id,
        .mention_id = mention_id,
        .watchlist_id = scan->summary.watchlist_id,
        .item = m->item->id,
        .item_kind = m->item->kind,
        .item_name = m->item->name,
        .country = m->item->country,
        .severity = severity_of(m),
        .created_at = scan->now,
        .is_historic = f->is_historic,
        .tags = m->item->tags,
        .owner = m->item->owner,
        .cause = scan->cause == CAUSE_RUN && f->article->is_historic ? CAUSE_BACKFILL : scan->cause,
        .story_decision = SLICE("the first of its story on the item"),
    };
    int64_t id;
    bool is_new = false, is_known = false;
    enum ww_status status = WW_OK;

    /* Read again, a page may fall into another story; what it raised was told. */
    if (f->article->version > 1)
        status = store_alert_of_page(scan->store, &row, &is_known, err);
    if (status != WW_OK || is_known)
        return status;
    status = store_add_alert(scan->store, &row, &id, &is_new, err);

    row.story_decision = SLICE("its story had alerted as history, and is news now");
    if (status == WW_OK && !is_new && !row.is_historic)
        status = store_revive_alert(scan->store, &row, news_since(scan), &is_new, err);
    if (status == WW_OK && !is_new && !row.is_historic)
        return revise(scan, f, row.item, err);
    if (status != WW_OK || !is_new)
        return status;
    scan->summary.n_alerts_rescan += scan->cause == CAUSE_RESCAN;
    if (row.is_historic)
        scan->summary.n_alerts_historic++;
    else
        scan->summary.n_alerts++;
    return WW_OK;
}

static enum ww_status store_finding(struct scan *scan, const struct finding *f,
                                    struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int64_t id;

    for (size_t i = 0; i < f->n_mentions && status == WW_OK; i++) {
        status = store_add_mention(scan->store, &f->mentions[i], &id, err);
        if (status == WW_OK && f->article->story_id > 0 && is_best(f, i))
            status = store_alert_of(scan, f, i, id, err);
    }
    for (size_t i = 0; i < f->n_candidates && status == WW_OK; i++)
        status = store_add_candidate(scan->store, &f->candidates[i], &id, err);
    if (status == WW_OK)
        status = said_store(scan->store, &f->said, err);
    if (status == WW_OK && f->n_mentions > 0 && !f->is_historic)
        status = store_look_at(scan->store, f->article->id, scan->now, err);
    if (status == WW_OK)
        status = store_set_scanned(scan->store, f->article->id, scan->summary.watchlist_id, err);
    return status;
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Has the article a mention in the store, by whatever version? Asked in the order of ids. */
static bool was_mentioned(struct scan *scan, int64_t id)
{
    struct walk_ids *m = &scan->mentioned;

    while (m->n_ids > 0 && m->ids[0] < id) {
        m->ids++;
        m->n_ids--;
    }
    return m->n_ids > 0 && m->ids[0] == id;
}

/*
 * The articles without a finding whose rows say with which version they were matched: all, the
 * first time; of those that are matched again, those that have a mention which is no longer one. Of
 * the others the mark of the walk tells enough, and a change of the list does not write the archive
 * anew.
 */
static enum ww_status choose_marked(struct scan *scan, const struct scan_block *block,
                                    struct walk_ids *out, struct ww_error *err)
{
    const struct scan_hit *hit = block->hits, *behind = hit + block->n_hits;

    *out = (struct walk_ids){arena_array(&scan->arena, block->n_rows + 1, sizeof(int64_t)), 0};
    if (out->ids == NULL)
        return arena_check(&scan->arena, err);
    for (size_t i = 0; i < block->n_rows; i++) {
        const int64_t id = block->rows[i].id;

        if (hit < behind && hit->row == &block->rows[i])
            hit++;
        else if (scan->cause != CAUSE_RESCAN || was_mentioned(scan, id))
            out->ids[out->n_ids++] = id;
    }
    return WW_OK;
}

/* A batch is one transaction, with the mark. */
static enum ww_status store_batch(struct scan *scan, const struct scan_block *block,
                                  const struct finding *findings, const struct walk_ids *marked,
                                  struct ww_error *err)
{
    struct scan_summary before = scan->summary;
    enum ww_status status = store_begin(scan->store, err);

    for (size_t i = 0; i < block->n_hits && status == WW_OK; i++) {
        status = store_finding(scan, &findings[i], err);
        scan->summary.n_mentions += (int64_t)findings[i].n_mentions;
        scan->summary.n_candidates += (int64_t)findings[i].n_candidates;
    }
    for (size_t i = 0; i < marked->n_ids && status == WW_OK; i++)
        status = store_set_scanned(scan->store, marked->ids[i], scan->summary.watchlist_id, err);
    if (status == WW_OK && scan->is_marking)
        status = scan_mark_put(scan->store, scan->summary.watchlist_id, block->last_id, err);
    if (status == WW_OK)
        status = store_commit(scan->store, err);
    if (status != WW_OK) {
        store_rollback(scan->store);
        scan->summary = before;
    }
    scan->n_unmarked = 0;
    return status;
}

/* What was found in a block, with all that is stored of it. */
static enum ww_status take_block(void *context, const struct scan_block *block,
                                 struct ww_error *err)
{
    struct scan *scan = context;
    struct article_row *articles;
    struct finding *findings;
    struct walk_ids marked = {0};
    enum ww_status status = store_keep(scan->store, err);

    if (status != WW_OK)
        return status;
    arena_reset(&scan->arena);
    articles = arena_array(&scan->arena, block->n_hits + 1, sizeof(*articles));
    findings = arena_array(&scan->arena, block->n_hits + 1, sizeof(*findings));
    if (articles == NULL || findings == NULL)
        return arena_check(&scan->arena, err);
    status = choose_marked(scan, block, &marked, err);
    for (size_t i = 0; i < block->n_hits && status == WW_OK; i++) {
        status =
            store_article(scan->store, block->hits[i].row->id, &scan->arena, &articles[i], err);
        if (status == WW_OK)
            status = match_article(scan, &articles[i], &findings[i], err);
    }
    scan->n_unmarked += block->n_rows;
    if (status == WW_OK && (block->n_hits > 0 || marked.n_ids > 0 ||
                            (scan->is_marking && scan->n_unmarked >= SCAN_MARK_ARTICLES)))
        status = store_batch(scan, block, findings, &marked, err);
    if (status != WW_OK)
        return status;
    scan->summary.n_articles += (int64_t)block->n_rows;
    if (scan->options->progress != NULL)
        scan->options->progress(scan->options->context, block->last_id, scan->last_id);
    return WW_OK;
}

static bool is_stopped(const struct scan *scan)
{
    return scan->options->stop != NULL && *scan->options->stop != 0;
}

static enum ww_status walk(struct scan *scan, const struct walk_filter *filter,
                           const struct walk_ids *only, struct ww_error *err)
{
    const struct scan_walk_options options = {.engine = scan->engine,
                                              .filter = *filter,
                                              .only = only,
                                              .n_threads = scan->options->n_threads,
                                              .stop = scan->options->stop};

    return scan_walk(scan->store, &options, take_block, scan, err);
}

/* ---- the version ----------------------------------------------------------------------------- */

/* The number of this watchlist, stored now when it is new: the first, or changed by hand. */
static enum ww_status find_version(struct scan *scan, struct ww_error *err)
{
    struct watchlist_row newest;
    struct watchlist_row row = {.folder = scan->options->folder,
                                .loaded_at = scan->now,
                                .n_items = (int64_t)scan->watchlist->n_items,
                                .origin = SLICE("run"),
                                .content = scan->watchlist->content};
    bool is_new;
    enum ww_status status = store_begin(scan->store, err);

    if (status == WW_OK)
        status = store_watchlist(scan->store, 0, &scan->arena, &newest, err);
    if (status == WW_OK)
        row.origin = SLICE("hand");
    else if (status == WW_NOT_FOUND)
        status = WW_OK;
    if (status == WW_OK)
        status = store_add_watchlist(scan->store, &row, &scan->summary.watchlist_id, &is_new, err);
    if (status == WW_OK)
        status = store_commit(scan->store, err);
    store_rollback(scan->store);
    return status;
}

/* What has become of the pages, once their newer versions were scanned. */
static enum ww_status scan_events(struct scan *scan, struct ww_error *err)
{
    size_t n = 0;
    enum ww_status status = revisions_of_events(scan->revisions, scan->options->stop, &n, err);

    scan->summary.n_revisions += (int64_t)n;
    return status;
}

/* Which articles a new version can touch: all, where nobody can tell. */
static enum ww_status find_change(struct scan *scan, int64_t finished, struct arena *arena,
                                  struct scan_change *out, struct ww_error *err)
{
    const struct scan_options *o = scan->options;
    enum ww_status status = WW_OK;

    *out = (struct scan_change){.reason = "all were asked for"};
    if (!o->is_forced)
        status = scan_change_find(scan->store, finished, scan->summary.watchlist_id,
                                  scan->watchlist, arena, out, err);
    if (status == WW_OK)
        log_event(scan->log, LOG_INFO, "scan", "names=%zu index=%s articles=%zu", out->n_names,
                  out->is_narrowed ? "used" : out->reason, out->articles.n_ids);
    scan->summary.is_narrowed = out->is_narrowed;
    return status;
}

/* What was matched before, again. */
static enum ww_status scan_archive(struct scan *scan, struct arena *arena, struct ww_error *err)
{
    const int64_t version = scan->summary.watchlist_id;
    const struct scan_options *o = scan->options;
    const bool is_whole = o->window.since == 0 && o->window.until == 0 && o->language.len == 0;
    struct walk_filter filter = {
        .window = o->window, .language = o->language, .last_id = scan->last_id};
    struct scan_change change;
    struct scan_mark mark;
    enum ww_status status = scan_mark_read(scan->store, arena, &mark, err);

    scan->summary.was_finished = mark.finished == version;
    if (status != WW_OK || (mark.finished == version && !o->is_forced))
        return status;
    filter.not_scanned_with = o->is_forced ? 0 : version;
    filter.after_id = mark.walking == version && !o->is_forced ? mark.id : 0;
    scan->cause = CAUSE_RESCAN;
    scan->is_marking = is_whole && !o->is_forced;
    status = find_change(scan, mark.finished, arena, &change, err);
    if (status == WW_OK)
        status = store_walk_mentioned(scan->store, arena, &scan->mentioned, err);
    if (status == WW_OK)
        status = walk(scan, &filter, change.is_narrowed ? &change.articles : NULL, err);
    if (status == WW_OK && is_whole && !is_stopped(scan))
        status = scan_mark_finish(scan->store, version, err);
    return status;
}

static enum ww_status scan_all(struct scan *scan, struct arena *arena, struct ww_error *err)
{
    enum ww_status status = find_version(scan, err);

    if (status == WW_OK)
        status = revisions_open(scan->store, scan->watchlist, scan->summary.watchlist_id, scan->now,
                                arena, &scan->revisions, err);
    if (status == WW_OK)
        status = store_walk_last(scan->store, &scan->last_id, err);
    if (status == WW_OK)
        status = walk(scan, &(struct walk_filter){.is_unscanned = true, .last_id = scan->last_id},
                      NULL, err);
    if (status == WW_OK)
        status = scan_events(scan, err);
    if (status == WW_OK && !is_stopped(scan))
        status = scan_archive(scan, arena, err);
    return status;
}

enum ww_status scan_run(struct store *s, const struct watchlist *w,
                        const struct scan_options *options, const struct clock *clock,
                        const struct log *log, struct scan_summary *out, struct ww_error *err)
{
    struct scan scan = {
        .store = s, .watchlist = w, .options = options, .log = log, .now = clock_now(clock)};
    struct arena engine;
    enum ww_status status;

    arena_init(&engine, WATCHLIST_ARENA_MAX_BYTES);
    arena_init(&scan.arena, SCAN_ARENA_MAX_BYTES);
    arena_init(&scan.page, SCAN_ARENA_MAX_BYTES);
    status = mentions_open(w, &engine, &scan.engine, err);
    if (status == WW_OK)
        mentions_record(scan.engine);
    if (status == WW_OK)
        status = scan_all(&scan, &engine, err);
    revisions_close(scan.revisions);
    arena_release(&scan.page);
    arena_release(&scan.arena);
    arena_release(&engine);
    *out = scan.summary;
    log_event(log, status == WW_OK ? LOG_INFO : LOG_ERROR, "scan",
              "watchlist=%" PRId64 " articles=%" PRId64 " mentions=%" PRId64 " candidates=%" PRId64
              " alerts=%" PRId64 " historic=%" PRId64 " revisions=%" PRId64,
              out->watchlist_id, out->n_articles, out->n_mentions, out->n_candidates, out->n_alerts,
              out->n_alerts_historic, out->n_revisions);
    return status;
}
