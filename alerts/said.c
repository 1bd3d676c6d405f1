/* said.c - rows of proposals and claims. */
#include "alerts/said.h"

#include "base/arena.h"

static struct slice quote(const struct said_source *source, const struct mention_span *at)
{
    return slice_sub(at->field == MENTION_TITLE ? source->article->title : source->text, at->start,
                     at->end - at->start);
}

static struct proposal_row proposal_row_of(const struct said_source *source,
                                           const struct mention_proposal *p)
{
    return (struct proposal_row){
        .article_id = source->article->id,
        .watchlist_id = source->watchlist_id,
        .item = p->item->id,
        .state = p->state,
        .stance = p->stance,
        .field = p->at.field,
        .start = (int64_t)p->at.start,
        .end = (int64_t)p->at.end,
        .sentence_start = (int64_t)p->at.sentence_start,
        .sentence_end = (int64_t)p->at.sentence_end,
        .quote = quote(source, &p->at),
        .found_at = source->now,
    };
}

static struct claim_row claim_row_of(const struct said_source *source,
                                     const struct mention_claim *c)
{
    return (struct claim_row){
        .article_id = source->article->id,
        .watchlist_id = source->watchlist_id,
        .n_sites = c->n_sites,
        .n_countries = c->n_countries,
        .bound = c->bound,
        .speaker = c->speaker,
        .field = c->at.field,
        .start = (int64_t)c->at.start,
        .end = (int64_t)c->at.end,
        .sentence_start = (int64_t)c->at.sentence_start,
        .sentence_end = (int64_t)c->at.sentence_end,
        .quote = quote(source, &c->at),
        .found_at = source->now,
    };
}

enum ww_status said_keep(const struct said_source *source, const struct mention_report *report,
                         struct arena *arena, struct said *out, struct ww_error *err)
{
    out->proposals = arena_array(arena, report->n_proposals + 1, sizeof(*out->proposals));
    out->claims = arena_array(arena, report->n_claims + 1, sizeof(*out->claims));
    out->n_proposals = out->n_claims = 0;
    if (out->proposals == NULL || out->claims == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < report->n_proposals; i++)
        out->proposals[out->n_proposals++] = proposal_row_of(source, &report->proposals[i]);
    for (size_t i = 0; i < report->n_claims; i++)
        out->claims[out->n_claims++] = claim_row_of(source, &report->claims[i]);
    /* The speaker may be words of the article, which outlive the report, or of the watchlist. */
    return WW_OK;
}

enum ww_status said_store(struct store *s, const struct said *said, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int64_t id;

    for (size_t i = 0; i < said->n_proposals && status == WW_OK; i++)
        status = store_add_proposal(s, &said->proposals[i], &id, err);
    for (size_t i = 0; i < said->n_claims && status == WW_OK; i++)
        status = store_add_claim(s, &said->claims[i], &id, err);
    return status;
}
