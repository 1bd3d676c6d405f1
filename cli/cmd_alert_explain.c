/* cmd_alert_explain.c - wirewatch alert explain: why it was raised, and told to whom. */
#include "alerts/explain.h"
#include "alerts/story_tree.h"
#include "base/date.h"
#include "cli/alert_delivery.h"
#include "cli/alert_facts.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_alerts.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <sysexits.h>

/* Articles of the story that were not told again. */
#define COPIES_SHOWN 5

/* All that is known of one alert. */
struct explained {
    struct cli *cli;
    struct alert_view view;
    struct watchlist_row list;
    struct explanation why;
    struct explain_place place;
    struct slice unreadable; /* why the version of the list cannot be read any more */
    struct alert_deliveries deliveries;
    const char *history; /* why it is historic, by name; NULL: it is not */
    struct slice history_text;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* A version that this program cannot parse explains with what is stored beside the mention. */
static enum ww_status read_reason(struct explained *e, struct ww_error *err)
{
    struct cli *cli = e->cli;
    struct ww_error why = {0};
    enum ww_status status =
        store_watchlist(cli->store, e->view.alert.watchlist_id, &cli->arena, &e->list, err);

    if (status != WW_OK)
        return status;
    status = explain_mention(e->list.content, &e->view.mention, &cli->arena, &e->why, &why);
    if (status == WW_NOMEM) {
        *err = why;
        return status;
    }
    if (status != WW_OK)
        e->unreadable = arena_printf(&cli->arena, "%s", why.message);
    return WW_OK;
}

static enum ww_status read_place(struct explained *e, struct ww_error *err)
{
    struct cli *cli = e->cli;
    const struct alert_view *v = &e->view;
    struct article_text text = {0};
    enum ww_status status = WW_OK;

    if (v->mention.field == MENTION_TEXT)
        status = store_article_text(cli->store, v->article.id, &cli->arena, &text, err);
    if (status != WW_OK)
        return status;
    return explain_where(v->mention.field == MENTION_TITLE ? v->article.title : text.text,
                         v->article.language, &v->mention, &cli->arena, &e->place, err);
}

static enum ww_status read_all(struct explained *e, struct ww_error *err)
{
    struct cli *cli = e->cli;
    const struct alert_view *v = &e->view;
    enum ww_status status = read_reason(e, err);

    if (status == WW_OK)
        status = read_place(e, err);
    if (status == WW_OK)
        status = alert_delivery_read(cli, v, &e->deliveries, err);
    if (status == WW_OK && v->alert.is_historic)
        status = alert_history_reason(cli, &v->article, v->alert.created_at, &e->history,
                                      &e->history_text, err);
    return status;
}

/* ---- the match ------------------------------------------------------------------------------- */

static struct slice spelling(const struct explained *e)
{
    return !e->why.has_name
               ? SLICE("")
               : arena_printf(&e->cli->arena, "%s:%u:%u", watch_file_name(e->why.name.file),
                              e->why.name.row, e->why.name.column);
}

/* "3 words away, in its sentence"; a term may be a part of the name. */
static struct slice distance_words(const struct explained *e)
{
    const struct mention_row *m = &e->view.mention;
    const struct explain_place *p = &e->place;

    if (!p->has_term)
        return SLICE("");
    if (m->term_start < m->end && m->start < m->term_end)
        return SLICE(", a part of it");
    return arena_printf(&e->cli->arena, ", %zu %s%s away, %s", p->n_between,
                        p->counts_characters ? "character" : "word", p->n_between == 1 ? "" : "s",
                        p->is_in_sentence ? "in its sentence" : "in a sentence beside");
}

static void put_term(const struct explained *e)
{
    const struct mention_row *m = &e->view.mention;

    if (m->term.len > 0)
        output_fact(e->cli, "term",
                    arena_printf(&e->cli->arena, "\"%.*s\"%.*s, bytes %" PRId64 "-%" PRId64,
                                 SLICE_ARG(m->term), SLICE_ARG(distance_words(e)), m->term_start,
                                 m->term_end));
}

/* A line each of what might have taken it away. */
static void put_looked_at(const struct explained *e)
{
    struct slice rest = e->view.mention.looked_at;
    struct slice line;
    bool is_first = true;

    while (slice_next_line(&rest, &line)) {
        output_fact(e->cli, is_first ? "looked at" : "", line);
        is_first = false;
    }
}

static void put_match(const struct explained *e)
{
    struct cli *cli = e->cli;
    const struct mention_row *m = &e->view.mention;
    const struct explain_place *p = &e->place;
    struct arena *a = &cli->arena;

    output_fact(cli, "matched",
                arena_printf(
                    a, "\"%.*s\", spelt \"%.*s\" in the list, %s bytes %" PRId64 "-%" PRId64 "%.*s",
                    SLICE_ARG(m->quote), SLICE_ARG(m->alias), mention_field_name(m->field),
                    m->start, m->end,
                    SLICE_ARG(p->sentence == 0 ? SLICE("")
                                               : arena_printf(a, ", sentence %zu of %zu",
                                                              p->sentence, p->n_sentences))));
    if (e->why.has_name)
        output_fact(cli, "spelling",
                    e->why.n_in_cell > 1 ? arena_printf(a, "%.*s, number %u of its cell",
                                                        SLICE_ARG(spelling(e)), e->why.n_in_cell)
                                         : spelling(e));
    output_fact(cli, "rule",
                arena_printf(a, "%.*s%s%s", SLICE_ARG(m->rule), e->why.rule != NULL ? ": " : "",
                             e->why.rule != NULL ? e->why.rule : ""));
    put_term(e);
    put_looked_at(e);
    for (size_t i = 0; i < e->why.n_facts; i++)
        output_fact(cli, i == 0 ? "row" : "",
                    arena_printf(a, "%.*s: %.*s", SLICE_ARG(e->why.facts[i].title),
                                 SLICE_ARG(e->why.facts[i].value)));
}

static void put_list(const struct explained *e)
{
    struct cli *cli = e->cli;
    char hex[2 * SHA256_BYTES + 1];

    hash_hex((const unsigned char *)e->list.sha256.ptr,
             e->list.sha256.len < 8 ? e->list.sha256.len : 8, hex);
    output_fact(cli, "list",
                arena_printf(&cli->arena,
                             "version %" PRId64 " of %.*s, %" PRId64 " items, sha256 %s...",
                             e->list.id, SLICE_ARG(output_moment(cli, e->list.loaded_at)),
                             e->list.n_items, hex));
    if (e->unreadable.len > 0)
        output_fact(cli, "",
                    arena_printf(&cli->arena,
                                 "this program cannot read that version (%.*s): what "
                                 "is shown was stored with the mention",
                                 SLICE_ARG(e->unreadable)));
}

/* ---- the story ------------------------------------------------------------------------------- */

static const struct story_branch *find_branch(const struct story_tree *tree, int64_t article_id)
{
    for (size_t i = 0; i < tree->n_branches; i++)
        if (tree->branches[i].edge->article_id == article_id)
            return &tree->branches[i];
    return NULL;
}

/* Which of the story's articles it was, by arrival, and whose text that is. */
static void put_member(const struct explained *e, const struct story_tree *tree)
{
    struct cli *cli = e->cli;
    const struct story_branch *b = find_branch(tree, e->view.alert.article_id);
    struct slice evidence;
    size_t n = 1;

    for (size_t i = 0; i < tree->members.n_rows; i++)
        n += tree->members.rows[i].version == 1 &&
             tree->members.rows[i].id < e->view.alert.article_id;
    if (b == NULL)
        return;
    evidence = story_tree_evidence(b->edge, &cli->arena);
    output_fact(cli, "raised by",
                arena_printf(&cli->arena,
                             "n%" PRId64 ", number %zu of the story to come, %.*s%s%.*s",
                             e->view.alert.article_id, n, SLICE_ARG(story_tree_kind(tree, b)),
                             evidence.len > 0 ? ": " : "", SLICE_ARG(evidence)));
}

/* The others came after it, or before the item was named: the story had one alert to give. */
static void put_others(const struct explained *e, const struct story_tree *tree)
{
    struct cli *cli = e->cli;
    size_t n = 0;

    for (size_t i = 0; i < tree->n_branches; i++) {
        const struct article_row *a = tree->branches[i].member;

        if (a->id == e->view.alert.article_id || a->version > 1)
            continue;
        if (n++ < COPIES_SHOWN)
            output_fact(cli, n == 1 ? "not again" : "",
                        arena_printf(&cli->arena, "n%" PRId64 " %.*s, %.*s, %.*s", a->id,
                                     SLICE_ARG(a->outlet),
                                     SLICE_ARG(story_tree_kind(tree, &tree->branches[i])),
                                     SLICE_ARG(output_moment(cli, a->first_seen_at))));
    }
    if (n > COPIES_SHOWN)
        output_fact(cli, "",
                    arena_printf(&cli->arena, "and %zu more: wirewatch story show s%" PRId64,
                                 n - COPIES_SHOWN, e->view.alert.story_id));
    if (n > 0)
        output_fact(cli, "",
                    e->view.n_revisions > 0
                        ? SLICE("of these, what changed beside the mention:")
                        : SLICE("no other figure, name or status in the mention's sentence or "
                                "beside it"));
}

static enum ww_status put_story(const struct explained *e, struct ww_error *err)
{
    struct cli *cli = e->cli;
    const struct alert_row *alert = &e->view.alert;
    struct story_tree tree;
    enum ww_status status = WW_OK;

    output_fact(cli, "raised",
                arena_printf(&cli->arena, "by a %s%s%.*s", alert_cause_name(alert->cause),
                             alert->story_decision.len > 0 ? ": " : "",
                             SLICE_ARG(alert->story_decision)));
    output_fact(cli, "once",
                arena_printf(&cli->arena, "story s%" PRId64 " alerts on %.*s once", alert->story_id,
                             SLICE_ARG(alert->item)));
    if (e->view.n_articles > 1)
        status = story_tree_read(cli->store, alert->story_id, &cli->arena, &tree, err);
    if (status == WW_OK && e->view.n_articles > 1) {
        put_member(e, &tree);
        put_others(e, &tree);
    }
    return status == WW_OK ? alert_put_changes(cli, &e->view, err) : status;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void put_deliveries(const struct explained *e)
{
    struct cli *cli = e->cli;

    if (e->history != NULL)
        output_fact(
            cli, "historic",
            arena_printf(&cli->arena, "%.*s: listed, and not mailed", SLICE_ARG(e->history_text)));
    for (size_t i = 0; i < e->deliveries.n_rows; i++)
        output_fact(cli, i == 0 ? "mail" : "",
                    arena_printf(&cli->arena, "%.*s%s%.*s",
                                 SLICE_ARG(e->deliveries.rows[i].analyst),
                                 e->deliveries.rows[i].analyst.len > 0 ? ": " : "",
                                 SLICE_ARG(e->deliveries.rows[i].text)));
}

static int put_human(struct explained *e, struct ww_error *err)
{
    enum ww_status status;

    alert_put(e->cli, &e->view);
    (void)fputc('\n', e->cli->out);
    put_list(e);
    put_match(e);
    status = put_story(e, err);
    put_deliveries(e);
    if (status == WW_OK)
        status = alert_put_marks(e->cli, &e->view, err);
    return status == WW_OK ? EX_OK : cli_fail(e->cli, status, err);
}

/* ---- for programs ---------------------------------------------------------------------------- */

/* "desk:sent night:waiting" */
static struct slice delivery_words(const struct explained *e)
{
    struct slice out = SLICE("");

    for (size_t i = 0; i < e->deliveries.n_rows; i++)
        out = arena_printf(&e->cli->arena, "%.*s%s%.*s:%s", SLICE_ARG(out), i > 0 ? " " : "",
                           SLICE_ARG(e->deliveries.rows[i].analyst), e->deliveries.rows[i].reason);
    return out;
}

static const struct column columns[] = {
    {"id",             0},
    {"item",           0},
    {"quote",          0},
    {"alias",          0},
    {"spelling",       0},
    {"field",          0},
    {"start",          0},
    {"end",            0},
    {"rule",           0},
    {"rule_text",      0},
    {"term",           0},
    {"term_start",     0},
    {"term_end",       0},
    {"sentence",       0},
    {"article",        0},
    {"story",          0},
    {"articles",       0},
    {"origins",        0},
    {"changes",        0},
    {"last_change",    0},
    {"list_version",   0},
    {"list_sha256",    0},
    {"messages",       0},
    {"url",            0},
    {"sentence_n",     0},
    {"sentences",      0},
    {"term_distance",  0},
    {"looked_at",      0},
    {"list_loaded_at", 0},
    {"cause",          0},
    {"story_decision", 0},
    {"historic",       0},
    {"deliveries",     0},
    {"verdict",        0}
};

/* The mention and the rule that counts it; in the order of the columns. */
static void put_cells(const struct explained *e, struct output *o, struct slice change)
{
    const struct mention_row *m = &e->view.mention;
    const struct alert_view *v = &e->view;
    char hex[2 * SHA256_BYTES + 1];

    hash_hex((const unsigned char *)e->list.sha256.ptr, e->list.sha256.len, hex);
    output_text(o, arena_printf(&e->cli->arena, "a%" PRId64, v->alert.id));
    output_text(o, v->alert.item);
    output_text(o, m->quote);
    output_text(o, m->alias);
    output_text(o, spelling(e));
    output_string(o, mention_field_name(m->field));
    output_number(o, m->start);
    output_number(o, m->end);
    output_text(o, m->rule);
    output_string(o, e->why.rule);
    output_text(o, m->term);
    output_number(o, m->term_start);
    output_number(o, m->term_end);
    output_text(o, v->sentence);
    output_number(o, v->alert.article_id);
    output_text(o, arena_printf(&e->cli->arena, "s%" PRId64, v->alert.story_id));
    output_number(o, v->n_articles);
    output_number(o, v->n_origins);
    output_number(o, v->n_revisions);
    output_text(o, change);
    output_number(o, e->list.id);
    output_text(o, arena_printf(&e->cli->arena, "%s", hex)); /* read when the row ends */
    output_number(o, v->n_told);
    output_text(o, v->article.url);
}

static void put_decisions(const struct explained *e, struct output *o)
{
    const struct alert_view *v = &e->view;

    output_number(o, (int64_t)e->place.sentence);
    output_number(o, (int64_t)e->place.n_sentences);
    if (e->place.has_term)
        output_number(o, (int64_t)e->place.n_between);
    else
        output_none(o);
    output_text(o, v->mention.looked_at);
    output_time(o, e->list.loaded_at);
    output_string(o, alert_cause_name(v->alert.cause));
    output_text(o, v->alert.story_decision);
    output_string(o, e->history);
    output_text(o, delivery_words(e));
    output_string(o, alert_verdict_name(v->verdict));
}

/* The same facts for programs: one row. */
static int put_row(const struct explained *e, struct ww_error *err)
{
    struct slice change;
    enum ww_status status = alert_last_change(e->cli, &e->view, &change, err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(e->cli, status, err);
    o = output_open(e->cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    put_cells(e, o, change);
    put_decisions(e, o);
    output_end_row(o);
    (void)output_close(o);
    return EX_OK;
}

int command_alert_explain(struct cli *cli)
{
    struct explained e = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status = alert_read(cli, &e.view, &err);

    if (status == WW_OK) {
        status = read_all(&e, &err);
    }
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return cli->format == FORMAT_HUMAN ? put_human(&e, &err) : put_row(&e, &err);
}
