/* inspect_mentions.c - `wirewatch inspect mentions`: what a watchlist finds in a text. */
#include "cli/inspect.h"

#include "alerts/mentions.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* The watchlist of this command line: read at the first job, kept for all. */
struct state {
    struct arena arena;
    struct watchlist watchlist;
    struct mention_engine *engine;
};

static void release(void *state)
{
    struct state *s = state;

    arena_release(&s->arena);
    mem_free(s);
}

static enum ww_status open_state(struct inspect *in, struct state **out, struct ww_error *err)
{
    const char *path = in->watchlist;
    struct state *s = in->state;
    enum ww_status status = WW_OK;

    if (s != NULL) {
        *out = s;
        return s->engine != NULL ? WW_OK : ww_fail(err, WW_INVALID, "the watchlist is not usable");
    }
    s = mem_alloc(sizeof(*s));
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    arena_init(&s->arena, WATCHLIST_ARENA_MAX_BYTES);
    if (path == NULL)
        path = environment_watchlist(&s->arena);
    if (path == NULL)
        status = ww_fail(err, WW_NOT_FOUND, "no watchlist: name its folder with --watchlist");
    if (status == WW_OK)
        status = watchlist_read(path, &s->arena, &s->watchlist, err);
    if (status == WW_OK)
        status = mentions_open(&s->watchlist, &s->arena, &s->engine, err);
    if (status != WW_OK) {
        release(s);
        return status;
    }
    in->state = s;
    in->release = release;
    *out = s;
    return WW_OK;
}

static struct slice quote_of(const struct mention_article *article, const struct mention_span *at)
{
    return slice_sub(at->field == MENTION_TITLE ? article->title : article->text, at->start,
                     at->end - at->start);
}

static const char *strength_name(enum term_strength strength)
{
    return strength == STRENGTH_STRONG ? "strong" : strength == STRENGTH_WEAK ? "weak" : "topical";
}

static json_t *mention_object(const struct mention_article *article, const struct mention *m)
{
    json_t *o = json_object();

    (void)json_object_set_new(o, "id", inspect_string(m->item->id));
    (void)json_object_set_new(o, "kind", inspect_string(m->item->kind));
    (void)json_object_set_new(o, "quote", inspect_string(quote_of(article, &m->at)));
    (void)json_object_set_new(o, "start", json_integer((json_int_t)m->at.start));
    (void)json_object_set_new(o, "end", json_integer((json_int_t)m->at.end));
    (void)json_object_set_new(o, "sentence_start", json_integer((json_int_t)m->at.sentence_start));
    (void)json_object_set_new(o, "sentence_end", json_integer((json_int_t)m->at.sentence_end));
    (void)json_object_set_new(o, "alias", inspect_string(m->alias));
    (void)json_object_set_new(o, "rule", json_string(m->rule));
    (void)json_object_set_new(o, "strength", json_string(strength_name(m->strength)));
    (void)json_object_set_new(o, "term", inspect_string(m->term));
    return o;
}

static json_t *candidate_object(const struct mention_article *article,
                                const struct mention_candidate *c)
{
    json_t *o = json_object();

    (void)json_object_set_new(o, "place", inspect_string(c->place->name));
    (void)json_object_set_new(o, "country", inspect_string(c->place->country));
    (void)json_object_set_new(o, "quote", inspect_string(quote_of(article, &c->at)));
    (void)json_object_set_new(o, "start", json_integer((json_int_t)c->at.start));
    (void)json_object_set_new(o, "end", json_integer((json_int_t)c->at.end));
    (void)json_object_set_new(o, "level", json_string(c->place->is_country ? "country" : "place"));
    (void)json_object_set_new(o, "term", inspect_string(c->term));
    (void)json_object_set_new(o, "stance", json_string(stance_name(c->stance)));
    return o;
}

static json_t *proposal_object(const struct mention_article *article,
                               const struct mention_proposal *p)
{
    json_t *o = json_object();

    (void)json_object_set_new(o, "id", inspect_string(p->item->id));
    (void)json_object_set_new(o, "state", inspect_string(p->state));
    (void)json_object_set_new(o, "stance", json_string(stance_name(p->stance)));
    (void)json_object_set_new(o, "quote", inspect_string(quote_of(article, &p->at)));
    (void)json_object_set_new(o, "field", json_string(mention_field_name(p->at.field)));
    (void)json_object_set_new(o, "start", json_integer((json_int_t)p->at.start));
    (void)json_object_set_new(o, "end", json_integer((json_int_t)p->at.end));
    return o;
}

static json_t *claim_object(const struct mention_article *article, const struct mention_claim *c)
{
    json_t *o = json_object();

    (void)json_object_set_new(o, "sites", json_integer((json_int_t)c->n_sites));
    (void)json_object_set_new(o, "countries", json_integer((json_int_t)c->n_countries));
    (void)json_object_set_new(o, "bound", inspect_string(c->bound));
    (void)json_object_set_new(o, "speaker", inspect_string(c->speaker));
    (void)json_object_set_new(o, "quote", inspect_string(quote_of(article, &c->at)));
    (void)json_object_set_new(o, "field", json_string(mention_field_name(c->at.field)));
    (void)json_object_set_new(o, "start", json_integer((json_int_t)c->at.start));
    (void)json_object_set_new(o, "end", json_integer((json_int_t)c->at.end));
    return o;
}

/* Offsets are bytes of `text`; what stands in the title has a list of its own. */
static json_t *report_object(const json_t *job, const struct mention_article *article,
                             const struct mention_report *report)
{
    json_t *answer = json_object();
    json_t *lists[2] = {json_array(), json_array()};
    json_t *candidates = json_array();
    json_t *proposals = json_array();
    json_t *claims = json_array();

    for (size_t i = 0; i < report->n_mentions; i++)
        (void)json_array_append_new(lists[report->mentions[i].at.field],
                                    mention_object(article, &report->mentions[i]));
    for (size_t i = 0; i < report->n_candidates; i++)
        (void)json_array_append_new(candidates, candidate_object(article, &report->candidates[i]));
    for (size_t i = 0; i < report->n_proposals; i++)
        (void)json_array_append_new(proposals, proposal_object(article, &report->proposals[i]));
    for (size_t i = 0; i < report->n_claims; i++)
        (void)json_array_append_new(claims, claim_object(article, &report->claims[i]));
    if (json_object_get(job, "id") != NULL)
        (void)json_object_set(answer, "id", json_object_get(job, "id"));
    else if (json_object_get(job, "path") != NULL)
        (void)json_object_set(answer, "path", json_object_get(job, "path"));
    (void)json_object_set_new(answer, "mentions", lists[MENTION_TEXT]);
    (void)json_object_set_new(answer, "title_mentions", lists[MENTION_TITLE]);
    (void)json_object_set_new(answer, "candidates", candidates);
    (void)json_object_set_new(answer, "proposals", proposals);
    (void)json_object_set_new(answer, "claims", claims);
    return answer;
}

enum ww_status inspect_mentions(struct inspect *in, const json_t *job, json_t **answer,
                                struct ww_error *err)
{
    struct state *s = NULL;
    struct mention_article article = {.title = inspect_text(job, "title"),
                                      .text = inspect_text(job, "text"),
                                      .language = inspect_text(job, "language")};
    struct mention_report report;
    enum ww_status status = open_state(in, &s, err);

    if (status == WW_OK && json_object_get(job, "text") == NULL) {
        status = inspect_file(in, job, &article.text, err);
        if (status == WW_OK && !text_is_utf8(article.text))
            status = ww_fail(err, WW_INVALID, "the text is not UTF-8");
    }
    if (status == WW_OK)
        status = mentions_find(s->engine, &article, &in->arena, &report, err);
    if (status == WW_OK)
        *answer = report_object(job, &article, &report);
    return status;
}
