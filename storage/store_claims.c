/* store_claims.c - candidates as they are shown, decisions on them, proposals, claims. */
#include "storage/store_claims.h"

#include "base/arena.h"
#include "storage/article_rows.h"
#include "storage/rows.h"

static const char *const verdict_names[] = {
    [PLACE_ADOPTED] = "adopted",
    [PLACE_DISMISSED] = "dismissed",
    [PLACE_REOPENED] = "reopened",
    NULL,
};

const char *verdict_on_place_name(enum verdict_on_place verdict)
{
    return verdict_names[verdict];
}

/* ---- sightings ------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct sighting, member)
static const struct member sighting_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(watchlist_id),   NULL               },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
    {MEMBER_TEXT,   AT(quote),          NULL               },
    {MEMBER_NUMBER, AT(found_at),       NULL               },
    {MEMBER_NUMBER, AT(story_id),       NULL               },
    {MEMBER_NUMBER, AT(published_at),   NULL               },
    {MEMBER_NUMBER, AT(first_seen_at),  NULL               },
    {MEMBER_NUMBER, AT(n_origins),      NULL               },
    {MEMBER_TEXT,   AT(outlet),         NULL               },
    {MEMBER_TEXT,   AT(site),           NULL               },
    {MEMBER_TEXT,   AT(url),            NULL               },
    {MEMBER_TEXT,   AT(title),          NULL               },
    {MEMBER_TEXT,   AT(language),       NULL               },
    {MEMBER_FLAG,   AT(is_historic),    NULL               },
};
#undef AT
#define N_SIGHTING WW_COUNT(sighting_members)

int64_t sighting_at(const struct sighting *s)
{
    return s->published_at > 0 ? s->published_at : s->first_seen_at;
}

/* Offsets come from a file that may be damaged. */
static bool is_sound(const struct sighting *at, struct slice field)
{
    return at->sentence_start >= 0 && at->sentence_start <= at->start && at->start <= at->end &&
           at->end <= at->sentence_end && (uint64_t)at->sentence_end <= field.len;
}

enum ww_status store_sighting_sentence(struct store *s, const struct sighting *at,
                                       struct arena *arena, struct sighting_sentence *out,
                                       struct ww_error *err)
{
    struct article_text text = {0};
    struct slice field = at->title;
    enum ww_status status = WW_OK;

    *out = (struct sighting_sentence){.text = SLICE("")};
    if (at->field == MENTION_TEXT) {
        status = store_article_text(s, at->article_id, arena, &text, err);
        field = text.text;
    }
    if (status != WW_OK || !is_sound(at, field))
        return status;
    *out = (struct sighting_sentence){
        .text = slice_sub(field, (size_t)at->sentence_start,
                          (size_t)(at->sentence_end - at->sentence_start)),
        .mark_start = (size_t)(at->start - at->sentence_start),
        .mark_end = (size_t)(at->end - at->sentence_start),
    };
    return WW_OK;
}

/* ---- candidates and decisions ---------------------------------------------------------------- */

#define AT(member) offsetof(struct candidate_view, member)
static const struct member candidate_members[] = {
    {MEMBER_TEXT,   AT(place_id), NULL        },
    {MEMBER_TEXT,   AT(place),    NULL        },
    {MEMBER_TEXT,   AT(country),  NULL        },
    {MEMBER_TEXT,   AT(term),     NULL        },
    {MEMBER_CHOICE, AT(stance),   stance_names},
};
static const struct shape candidate_shape = {
    sizeof(struct candidate_view),
    {{sighting_members, N_SIGHTING, AT(at)}, {candidate_members, WW_COUNT(candidate_members), 0}}
};
#undef AT

enum ww_status store_list_candidate_views(struct store *s, struct slice country, size_t limit,
                                          struct arena *arena, struct candidate_view_list *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(country), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_CANDIDATE_VIEWS, values, WW_COUNT(values),
                                     &candidate_shape, arena, &list, err);

    *out = (struct candidate_view_list){list.rows, list.n_rows};
    return status;
}

#define AT(member) offsetof(struct decision_row, member)
static const struct member decision_members[] = {
    {MEMBER_NUMBER, AT(id),      NULL         },
    {MEMBER_TEXT,   AT(country), NULL         },
    {MEMBER_TEXT,   AT(place),   NULL         },
    {MEMBER_CHOICE, AT(verdict), verdict_names},
    {MEMBER_TEXT,   AT(item),    NULL         },
    {MEMBER_TEXT,   AT(note),    NULL         },
    {MEMBER_NUMBER, AT(at),      NULL         },
};
#undef AT
#define N_DECISION WW_COUNT(decision_members)
static const struct part decision_part = {decision_members, N_DECISION, 0};
static const struct shape decision_shape = {sizeof(struct decision_row),
                                            {{decision_members, N_DECISION, 0}}};

enum ww_status store_add_decision(struct store *s, const struct decision_row *row, int64_t *id,
                                  struct ww_error *err)
{
    struct db_value values[N_DECISION];
    enum ww_status status = row_bind(s, &decision_part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_DECISION_ADD, values, N_DECISION, id, err)
                           : status;
}

enum ww_status store_list_decisions(struct store *s, struct arena *arena, struct decision_list *out,
                                    struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_DECISION_LIST, NULL, 0, &decision_shape, arena, &list, err);

    *out = (struct decision_list){list.rows, list.n_rows};
    return status;
}

/* ---- whom they were told ----------------------------------------------------------------------
 */

enum ww_status store_has_possible(struct store *s, bool *out, struct ww_error *err)
{
    int64_t n = 0;
    enum ww_status status = row_numbers(s, QUERY_POSSIBLE_COUNT, NULL, 0, &n, 1, err);

    *out = n > 0;
    return status;
}

enum ww_status store_is_possible_told(struct store *s, struct slice analyst, struct slice subject,
                                      bool *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_text(subject)};
    int64_t n = 0;
    enum ww_status status =
        row_numbers(s, QUERY_POSSIBLE_TOLD, values, WW_COUNT(values), &n, 1, err);

    *out = n > 0;
    return status;
}

enum ww_status store_mark_possible_told(struct store *s, struct slice analyst, struct slice subject,
                                        int64_t at, struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_text(subject), db_integer(at)};

    return row_write(s, QUERY_POSSIBLE_TELL, values, WW_COUNT(values), err);
}

/* ---- proposals ------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct proposal_row, member)
static const struct member proposal_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(watchlist_id),   NULL               },
    {MEMBER_TEXT,   AT(item),           NULL               },
    {MEMBER_TEXT,   AT(state),          NULL               },
    {MEMBER_CHOICE, AT(stance),         stance_names       },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
    {MEMBER_TEXT,   AT(quote),          NULL               },
    {MEMBER_NUMBER, AT(found_at),       NULL               },
};
#undef AT
#define N_PROPOSAL WW_COUNT(proposal_members)
static const struct part proposal_part = {proposal_members, N_PROPOSAL, 0};

#define AT(member) offsetof(struct proposal_view, member)
static const struct member proposal_view_members[] = {
    {MEMBER_TEXT,   AT(item),   NULL        },
    {MEMBER_TEXT,   AT(state),  NULL        },
    {MEMBER_CHOICE, AT(stance), stance_names},
};
static const struct shape proposal_shape = {
    sizeof(struct proposal_view),
    {{sighting_members, N_SIGHTING, AT(at)},
                            {proposal_view_members, WW_COUNT(proposal_view_members), 0}}
};
#undef AT

/* What is there already is no error, and is not stored again. */
static enum ww_status add_once(struct store *s, enum query add, const struct part *part,
                               const void *row, int64_t *id, struct ww_error *err)
{
    struct db_value values[COLUMNS_MAX];
    enum ww_status status = row_bind(s, part, row, values, err);

    *id = 0;
    if (status == WW_OK)
        status = row_write_returning(s, add, values, part->n_members, id, err);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_add_proposal(struct store *s, const struct proposal_row *row, int64_t *id,
                                  struct ww_error *err)
{
    return add_once(s, QUERY_PROPOSAL_ADD, &proposal_part, row, id, err);
}

static enum ww_status list_sightings(struct store *s, enum query query,
                                     const struct sighting_filter *filter,
                                     const struct shape *shape, struct arena *arena,
                                     struct row_list *out, struct ww_error *err)
{
    const struct db_value values[] = {
        window_since(&filter->window),  window_until(&filter->window),
        db_text(filter->item),          db_integer(filter->article_id),
        db_integer(filter->story_id),   window_limit(&filter->window),
        window_offset(&filter->window),
    };

    return row_list(s, query, values, WW_COUNT(values), shape, arena, out, err);
}

enum ww_status store_list_proposals(struct store *s, const struct sighting_filter *filter,
                                    struct arena *arena, struct proposal_view_list *out,
                                    struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        list_sightings(s, QUERY_PROPOSAL_LIST, filter, &proposal_shape, arena, &list, err);

    *out = (struct proposal_view_list){list.rows, list.n_rows};
    return status;
}

/* ---- claims ---------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct claim_row, member)
static const struct member claim_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(watchlist_id),   NULL               },
    {MEMBER_NUMBER, AT(n_sites),        NULL               },
    {MEMBER_NUMBER, AT(n_countries),    NULL               },
    {MEMBER_TEXT,   AT(bound),          NULL               },
    {MEMBER_TEXT,   AT(speaker),        NULL               },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
    {MEMBER_TEXT,   AT(quote),          NULL               },
    {MEMBER_NUMBER, AT(found_at),       NULL               },
};
#undef AT
#define N_CLAIM WW_COUNT(claim_members)
static const struct part claim_part = {claim_members, N_CLAIM, 0};

#define AT(member) offsetof(struct claim_view, member)
static const struct member claim_view_members[] = {
    {MEMBER_NUMBER, AT(n_sites),     NULL},
    {MEMBER_NUMBER, AT(n_countries), NULL},
    {MEMBER_TEXT,   AT(bound),       NULL},
    {MEMBER_TEXT,   AT(speaker),     NULL},
};
static const struct shape claim_shape = {
    sizeof(struct claim_view),
    {{sighting_members, N_SIGHTING, AT(at)},
                         {claim_view_members, WW_COUNT(claim_view_members), 0}}
};
#undef AT

enum ww_status store_add_claim(struct store *s, const struct claim_row *row, int64_t *id,
                               struct ww_error *err)
{
    return add_once(s, QUERY_CLAIM_ADD, &claim_part, row, id, err);
}

enum ww_status store_list_claims(struct store *s, const struct sighting_filter *filter,
                                 struct arena *arena, struct claim_view_list *out,
                                 struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        list_sightings(s, QUERY_CLAIM_LIST, filter, &claim_shape, arena, &list, err);

    *out = (struct claim_view_list){list.rows, list.n_rows};
    return status;
}
