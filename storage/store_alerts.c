/* store_alerts.c - watchlist versions, mentions, candidates and alerts. */
#include "storage/store_alerts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/article_rows.h"

const char *const mention_field_names[] = {
    [MENTION_TITLE] = "title",
    [MENTION_TEXT] = "text",
    NULL,
};

static const char *const severity_names[] = {
    [0] = "none", [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high",
    NULL,
};

static const char *const cause_names[] = {
    [CAUSE_RUN] = "run",
    [CAUSE_RESCAN] = "rescan",
    [CAUSE_BACKFILL] = "backfill",
    NULL,
};

const char *const alert_verdict_names[] = {
    [MARK_NONE] = "none",
    [MARK_RELEVANT] = "relevant",
    [MARK_IRRELEVANT] = "irrelevant",
    [MARK_KNOWN] = "known",
    NULL,
};

const char *mention_field_name(enum mention_field field)
{
    return mention_field_names[field];
}

const char *alert_severity_name(enum alert_severity severity)
{
    return (unsigned)severity > SEVERITY_HIGH ? severity_names[0] : severity_names[severity];
}

bool alert_severity_parse(struct slice name, enum alert_severity *out)
{
    unsigned choice;

    if (!choice_parse(severity_names, name, &choice) || choice == 0)
        return false;
    *out = (enum alert_severity)choice;
    return true;
}

const char *alert_cause_name(enum alert_cause cause)
{
    return cause_names[cause];
}

const char *alert_verdict_name(enum alert_verdict verdict)
{
    return alert_verdict_names[verdict];
}

bool alert_verdict_parse(struct slice name, enum alert_verdict *out)
{
    unsigned choice;

    if (!choice_parse(alert_verdict_names, name, &choice))
        return false;
    *out = (enum alert_verdict)choice;
    return true;
}

/* ---- watchlist versions ---------------------------------------------------------------------- */

#define AT(member) offsetof(struct watchlist_row, member)
static const struct member watchlist_members[] = {
    {MEMBER_NUMBER, AT(id),        NULL},
    {MEMBER_BYTES,  AT(sha256),    NULL},
    {MEMBER_TEXT,   AT(folder),    NULL},
    {MEMBER_NUMBER, AT(loaded_at), NULL},
    {MEMBER_NUMBER, AT(n_items),   NULL},
    {MEMBER_TEXT,   AT(origin),    NULL},
    {MEMBER_TEXT,   AT(note),      NULL},
 /* lists stop here */
    {MEMBER_PACKED, AT(content),   NULL},
};
#undef AT
#define N_WATCHLIST WW_COUNT(watchlist_members)
static const struct part watchlist_part = {watchlist_members, N_WATCHLIST, 0};
static const struct shape watchlist_shape = {sizeof(struct watchlist_row),
                                             {{watchlist_members, N_WATCHLIST, 0}}};
static const struct shape watchlist_list_shape = {sizeof(struct watchlist_row),
                                                  {{watchlist_members, N_WATCHLIST - 1, 0}}};
/* id and sha256 */
static const struct shape watchlist_key_shape = {sizeof(struct watchlist_row),
                                                 {{watchlist_members, 2, 0}}};

enum ww_status store_add_watchlist(struct store *s, const struct watchlist_row *row, int64_t *id,
                                   bool *is_new, struct ww_error *err)
{
    unsigned char sha256[SHA256_BYTES];
    struct watchlist_row stored = *row, newest = {0};
    struct db_value values[N_WATCHLIST];
    enum ww_status status;

    *is_new = false;
    arena_reset(store_scratch(s));
    status = row_read(s, QUERY_WATCHLIST_NEWEST, NULL, 0, &watchlist_key_shape, store_scratch(s),
                      &newest, err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        return status;
    hash_sha256(row->content, sha256);
    stored.sha256 = slice_of(sha256, sizeof(sha256));
    if (newest.id != 0 && slice_equal(newest.sha256, stored.sha256)) {
        *id = newest.id;
        return WW_OK;
    }
    status = row_bind(s, &watchlist_part, &stored, values, err);
    if (status == WW_OK)
        status = row_write_returning(s, QUERY_WATCHLIST_ADD, values, N_WATCHLIST, id, err);
    *is_new = status == WW_OK;
    return status;
}

enum ww_status store_watchlist(struct store *s, int64_t id, struct arena *arena,
                               struct watchlist_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status = row_read(s, QUERY_WATCHLIST_GET, values, WW_COUNT(values),
                                     &watchlist_shape, arena, out, err);

    if (status != WW_NOT_FOUND)
        return status;
    return id == 0 ? ww_fail(err, status, "no watchlist has been loaded yet")
                   : ww_fail(err, status, "there is no watchlist version %lld", (long long)id);
}

enum ww_status store_list_watchlists(struct store *s, const struct store_window *window,
                                     struct arena *arena, struct watchlist_list *out,
                                     struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_WATCHLIST_LIST, values, WW_COUNT(values),
                                     &watchlist_list_shape, arena, &list, err);

    *out = (struct watchlist_list){list.rows, list.n_rows};
    return status;
}

/* ---- mentions -------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct mention_row, member)
static const struct member mention_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(watchlist_id),   NULL               },
    {MEMBER_TEXT,   AT(item),           NULL               },
    {MEMBER_TEXT,   AT(kind),           NULL               },
    {MEMBER_TEXT,   AT(alias),          NULL               },
    {MEMBER_TEXT,   AT(rule),           NULL               },
    {MEMBER_TEXT,   AT(term),           NULL               },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
    {MEMBER_NUMBER, AT(term_start),     NULL               },
    {MEMBER_NUMBER, AT(term_end),       NULL               },
    {MEMBER_TEXT,   AT(quote),          NULL               },
    {MEMBER_TEXT,   AT(looked_at),      NULL               },
};
#undef AT
#define N_MENTION WW_COUNT(mention_members)
static const struct part mention_part = {mention_members, N_MENTION, 0};
static const struct shape mention_shape = {sizeof(struct mention_row),
                                           {{mention_members, N_MENTION, 0}}};

/* A fact that may be there already: add names it, or find does. */
static enum ww_status add_once(struct store *s, enum query add, enum query find,
                               const struct part *part, const void *row, int64_t *id, bool *is_new,
                               struct ww_error *err)
{
    struct db_value values[COLUMNS_MAX];
    enum ww_status status = row_bind(s, part, row, values, err);

    if (status == WW_OK)
        status = row_write_returning(s, add, values, part->n_members, id, err);
    *is_new = status == WW_OK;
    if (status == WW_NOT_FOUND)
        status = row_numbers(s, find, values, part->n_members, id, 1, err);
    return status;
}

enum ww_status store_add_mention(struct store *s, const struct mention_row *row, int64_t *id,
                                 struct ww_error *err)
{
    bool unused;

    return add_once(s, QUERY_MENTION_ADD, QUERY_MENTION_ID, &mention_part, row, id, &unused, err);
}

enum ww_status store_list_mentions(struct store *s, const struct mention_filter *filter,
                                   struct arena *arena, struct mention_list *out,
                                   struct ww_error *err)
{
    const struct db_value values[] = {
        db_integer(filter->article_id), db_integer(filter->watchlist_id),
        db_text(filter->item),          db_text(filter->kind),
        window_limit(&filter->window),  window_offset(&filter->window),
    };
    enum query query = filter->article_id != 0 ? QUERY_MENTION_LIST_ARTICLE
                       : filter->item.len > 0  ? QUERY_MENTION_LIST_ITEM
                                               : QUERY_MENTION_LIST;
    struct row_list list;
    enum ww_status status =
        row_list(s, query, values, WW_COUNT(values), &mention_shape, arena, &list, err);

    *out = (struct mention_list){list.rows, list.n_rows};
    return status;
}

/* ---- candidates ------------------------------------------------------------------------------ */

const char *const stance_names[] = {
    [STANCE_ASSERTED] = "asserted",
    [STANCE_ALLEGED] = "alleged",
    [STANCE_DENIED] = "denied",
    [STANCE_UNREAL] = "unreal",
    NULL,
};

const char *stance_name(enum stance stance)
{
    return stance_names[stance];
}

#define AT(member) offsetof(struct candidate_row, member)
static const struct member candidate_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(watchlist_id),   NULL               },
    {MEMBER_TEXT,   AT(place),          NULL               },
    {MEMBER_TEXT,   AT(country),        NULL               },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
    {MEMBER_TEXT,   AT(quote),          NULL               },
    {MEMBER_NUMBER, AT(found_at),       NULL               },
    {MEMBER_TEXT,   AT(place_id),       NULL               },
    {MEMBER_TEXT,   AT(term),           NULL               },
    {MEMBER_CHOICE, AT(stance),         stance_names       },
};
#undef AT
#define N_CANDIDATE WW_COUNT(candidate_members)
static const struct part candidate_part = {candidate_members, N_CANDIDATE, 0};
static const struct shape candidate_shape = {sizeof(struct candidate_row),
                                             {{candidate_members, N_CANDIDATE, 0}}};

enum ww_status store_add_candidate(struct store *s, const struct candidate_row *row, int64_t *id,
                                   struct ww_error *err)
{
    bool unused;

    return add_once(s, QUERY_CANDIDATE_ADD, QUERY_CANDIDATE_ID, &candidate_part, row, id, &unused,
                    err);
}

enum ww_status store_list_candidates(struct store *s, int64_t article_id,
                                     const struct store_window *window, struct arena *arena,
                                     struct candidate_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), window_since(window),
                                      window_until(window), window_limit(window),
                                      window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_CANDIDATE_LIST, values, WW_COUNT(values),
                                     &candidate_shape, arena, &list, err);

    *out = (struct candidate_list){list.rows, list.n_rows};
    return status;
}

/* ---- alerts ---------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct alert_row, member)
static const struct member alert_members[] = {
    {MEMBER_NUMBER,  AT(id),             NULL       },
    {MEMBER_NUMBER,  AT(story_id),       NULL       },
    {MEMBER_NUMBER,  AT(article_id),     NULL       },
    {MEMBER_NUMBER,  AT(mention_id),     NULL       },
    {MEMBER_NUMBER,  AT(watchlist_id),   NULL       },
    {MEMBER_TEXT,    AT(item),           NULL       },
    {MEMBER_TEXT,    AT(item_kind),      NULL       },
    {MEMBER_TEXT,    AT(item_name),      NULL       },
    {MEMBER_TEXT,    AT(country),        NULL       },
    {MEMBER_ORDINAL, AT(severity),       NULL       },
    {MEMBER_NUMBER,  AT(created_at),     NULL       },
    {MEMBER_FLAG,    AT(is_historic),    NULL       },
    {MEMBER_TEXT,    AT(tags),           NULL       },
    {MEMBER_TEXT,    AT(owner),          NULL       },
    {MEMBER_CHOICE,  AT(cause),          cause_names},
    {MEMBER_TEXT,    AT(story_decision), NULL       },
};
#undef AT
#define N_ALERT WW_COUNT(alert_members)
static const struct part alert_part = {alert_members, N_ALERT, 0};

#define AT(member) offsetof(struct alert_view, member)
static const struct member view_members[] = {
    {MEMBER_NUMBER, AT(n_articles),          NULL               },
    {MEMBER_NUMBER, AT(n_outlets),           NULL               },
    {MEMBER_NUMBER, AT(n_origins),           NULL               },
    {MEMBER_NUMBER, AT(story_first_seen_at), NULL               },
    {MEMBER_NUMBER, AT(n_told),              NULL               },
    {MEMBER_NUMBER, AT(n_revisions),         NULL               },
    {MEMBER_CHOICE, AT(verdict),             alert_verdict_names},
    {MEMBER_FLAG,   AT(is_told),             NULL               },
    {MEMBER_NUMBER, AT(n_withheld),          NULL               },
};
static const struct shape view_shape = {
    sizeof(struct alert_view),
    {{alert_members, N_ALERT, AT(alert)},
                         {mention_members, N_MENTION, AT(mention)},
                         {article_members, ARTICLE_MEMBERS_COUNT, AT(article)},
                         {view_members, WW_COUNT(view_members), 0}}
};
#undef AT

enum ww_status store_add_alert(struct store *s, const struct alert_row *row, int64_t *id,
                               bool *is_new, struct ww_error *err)
{
    return add_once(s, QUERY_ALERT_ADD, QUERY_ALERT_ID, &alert_part, row, id, is_new, err);
}

enum ww_status store_alert_of_page(struct store *s, const struct alert_row *row, bool *is_known,
                                   struct ww_error *err)
{
    const struct db_value values[] = {db_integer(row->article_id), db_text(row->item),
                                      db_integer(row->is_historic)};
    int64_t n = 0;
    enum ww_status status =
        row_numbers(s, QUERY_ALERT_OF_PAGE, values, WW_COUNT(values), &n, 1, err);

    *is_known = n > 0;
    return status;
}

enum ww_status store_revive_alert(struct store *s, const struct alert_row *row, int64_t since,
                                  bool *is_new, struct ww_error *err)
{
    struct db_value values[COLUMNS_MAX];
    int64_t id;
    enum ww_status status = row_bind(s, &alert_part, row, values, err);

    values[alert_part.n_members] = db_integer(since);
    if (status == WW_OK)
        status =
            row_write_returning(s, QUERY_ALERT_REVIVE, values, alert_part.n_members + 1, &id, err);
    *is_new = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_count_rescan_history(struct store *s, int64_t since, struct slice analyst,
                                          struct slice analysts, int64_t *n, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(since), db_text(analyst), db_text(analysts)};

    return row_numbers(s, QUERY_ALERT_RESCAN_HISTORY, values, WW_COUNT(values), n, 1, err);
}

/* start <= end <= len, both between characters: offsets come from a file that may be damaged. */
static bool is_span(struct slice text, int64_t start, int64_t end)
{
    return start >= 0 && start <= end && (uint64_t)end <= text.len;
}

static void add_headline(struct alert_view *view)
{
    view->headline = view->article.title.len > 0 ? view->article.title : view->article.url;
}

/* The sentence of a mention, cut out of the stored text, with the marks inside it. */
enum ww_status store_alert_sentence(struct store *s, struct alert_view *view, struct arena *arena,
                                    struct ww_error *err)
{
    const struct mention_row *m = &view->mention;
    struct article_text text = {0};
    struct arena *scratch = store_scratch(s);
    struct slice field = view->article.title;
    enum ww_status status = WW_OK;

    arena_reset(scratch);
    if (m->field == MENTION_TEXT) {
        status = store_article_text(s, m->article_id, scratch, &text, err);
        field = text.text;
    }
    if (status != WW_OK || !is_span(field, m->sentence_start, m->sentence_end))
        return status;
    view->sentence = arena_copy(arena, slice_sub(field, (size_t)m->sentence_start,
                                                 (size_t)(m->sentence_end - m->sentence_start)));
    if (m->start >= m->sentence_start && m->start <= m->end && m->end <= m->sentence_end) {
        view->mark_start = (size_t)(m->start - m->sentence_start);
        view->mark_end = (size_t)(m->end - m->sentence_start);
    }
    if (m->term_start >= m->sentence_start && m->term_start <= m->term_end &&
        m->term_end <= m->sentence_end && m->term_end > 0) {
        view->term_start = (size_t)(m->term_start - m->sentence_start);
        view->term_end = (size_t)(m->term_end - m->sentence_start);
    }
    return arena_check(arena, err);
}

enum ww_status store_alert(struct store *s, int64_t id, struct arena *arena, struct alert_view *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status;

    *out = (struct alert_view){0};
    status = row_read(s, QUERY_ALERT_GET, values, WW_COUNT(values), &view_shape, arena, out, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "there is no alert %lld", (long long)id);
    if (status != WW_OK)
        return status;
    add_headline(out);
    return store_alert_sentence(s, out, arena, err);
}

enum ww_status store_list_alerts(struct store *s, const struct alert_filter *filter,
                                 struct arena *arena, struct alert_view_list *out,
                                 struct ww_error *err)
{
    const struct slice verdict =
        filter->verdict == MARK_NONE ? SLICE("") : slice_from(alert_verdict_name(filter->verdict));
    const struct db_value values[] = {
        window_since(&filter->window), window_until(&filter->window),
        db_integer(filter->history),   db_integer(filter->after_id),
        db_text(filter->item),         db_text(filter->item_kind),
        db_text(filter->country),      db_integer(filter->severity_min),
        db_integer(filter->story_id),  db_integer(filter->article_id),
        db_text(filter->not_told_to),  db_text(filter->for_analyst),
        db_text(filter->analysts),     db_text(filter->tag),
        db_integer(filter->marked),    db_text(verdict),
        db_integer(filter->is_muted),  db_integer(filter->cause),
        window_limit(&filter->window), window_offset(&filter->window),
        db_text(filter->owner),        db_integer(filter->backfill_id),
    };
    /* By is_light, then by oldest_first. */
    static const enum query queries[2][2] = {
        {QUERY_ALERT_LIST,       QUERY_ALERT_LIST_OLDEST      },
        {QUERY_ALERT_LIST_LIGHT, QUERY_ALERT_LIST_LIGHT_OLDEST}
    };
    struct row_list list;
    enum ww_status status = row_list(s, queries[filter->is_light][filter->oldest_first], values,
                                     WW_COUNT(values), &view_shape, arena, &list, err);

    *out = (struct alert_view_list){list.rows, list.n_rows};
    for (size_t i = 0; status == WW_OK && i < out->n_rows; i++) {
        add_headline(&out->rows[i]);
        if (!filter->is_light)
            status = store_alert_sentence(s, &out->rows[i], arena, err);
    }
    return status;
}
