/* cmd_alert.c - wirewatch alert: what was found, and why it was told. */
#include "alerts/explain.h"
#include "alerts/revision_words.h"
#include "base/date.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_alerts.h"
#include "storage/store_marks.h"
#include "storage/store_outbox.h"
#include "storage/store_revisions.h"

#include <inttypes.h>
#include <sysexits.h>

#define ALERTS_SHOWN 50

static struct alert_filter read_filter(struct cli *cli)
{
    struct alert_filter filter = {.window = cli_window(cli, ALERTS_SHOWN),
                                  .item = slice_from(cli->values[OPTION_ITEM]),
                                  .history = STORE_LIVE,
                                  .cause = ALERTS_NOT_RESCAN};

    if (cli_has(cli, OPTION_HISTORIC)) {
        filter.history = STORE_HISTORIC;
        filter.cause = ALERTS_ANY;
    }
    if (cli_has(cli, OPTION_RESCAN)) {
        filter.history = cli_has(cli, OPTION_HISTORIC) ? STORE_HISTORIC : STORE_ANY_HISTORY;
        filter.cause = ALERTS_RESCAN;
    }
    /* What is asked for by name is wanted whatever raised it. */
    if (cli_has(cli, OPTION_ALL) || cli_has(cli, OPTION_MUTED) || cli_has(cli, OPTION_MARKED) ||
        cli_has(cli, OPTION_STATE)) {
        filter.history = STORE_ANY_HISTORY;
        filter.cause = ALERTS_ANY;
    }
    filter.is_muted = cli_has(cli, OPTION_MUTED);
    filter.tag = slice_from(cli->values[OPTION_TAG]);
    if (cli_has(cli, OPTION_MARKED))
        filter.marked = ALERT_MARKED;
    if (cli_has(cli, OPTION_UNMARKED))
        filter.marked = ALERT_UNMARKED;
    return filter;
}

/* --severity and --state; EX_USAGE when it was said what is wrong. */
static int read_choices(struct cli *cli, struct alert_filter *filter)
{
    const char *severity = cli->values[OPTION_SEVERITY];
    const char *state = cli->values[OPTION_STATE];

    if (severity != NULL && !alert_severity_parse(slice_from(severity), &filter->severity_min))
        return cli_usage(cli, "--severity is low, medium or high, not \"%s\"", severity);
    if (state != NULL &&
        (!alert_verdict_parse(slice_from(state), &filter->verdict) || filter->verdict == MARK_NONE))
        return cli_usage(cli, "--state of alerts is relevant, irrelevant or known, not \"%s\"",
                         state);
    return EX_OK;
}

/* ---- what has changed since ------------------------------------------------------------------ */

static enum ww_status read_changes(struct cli *cli, const struct alert_view *v,
                                   struct revision_view_list *out, struct ww_error *err)
{
    const struct revision_filter filter = {.alert_id = v->alert.id, .history = STORE_ANY_HISTORY};

    *out = (struct revision_view_list){0};
    return v->n_revisions == 0 ? WW_OK
                               : store_list_revisions(cli->store, &filter, &cli->arena, out, err);
}

static struct slice words_of(struct cli *cli, const struct revision_view *v)
{
    char at[DATE_TEXT_BYTES];

    return revision_words(v, date_format(revision_time(v), at), &cli->arena);
}

/* The newest change in words; empty: there is none. */
static enum ww_status last_change(struct cli *cli, const struct alert_view *v, struct slice *out,
                                  struct ww_error *err)
{
    struct revision_view_list list;
    enum ww_status status = read_changes(cli, v, &list, err);

    *out = (struct slice){"", 0};
    if (status == WW_OK && list.n_rows > 0)
        *out = words_of(cli, &list.rows[list.n_rows - 1]);
    return status;
}

/* A sentence with something marked: bold on a terminal that wants colour, » « elsewhere. */
static void put_marked(struct cli *cli, const char *name, struct slice s, size_t start, size_t end)
{
    bool color = environment_wants_color(cli->out, cli->values[OPTION_COLOR]);

    if (s.len == 0)
        return;
    (void)fprintf(cli->out, "%-10s ", name);
    output_visible(cli->out, slice_head(s, start), 0);
    if (end > start) {
        (void)fputs(color ? "\033[1;7m" : "\xC2\xBB", cli->out);
        output_visible(cli->out, slice_sub(s, start, end - start), 0);
        (void)fputs(color ? "\033[0m" : "\xC2\xAB", cli->out);
    }
    output_visible(cli->out, slice_skip(s, end), 0);
    (void)fputc('\n', cli->out);
}

static enum ww_status put_changes(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct revision_view_list list;
    enum ww_status status = read_changes(cli, v, &list, err);

    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        const struct revision_row *r = &list.rows[i].revision;
        const bool is_marked = r->mark_start >= 0 && r->mark_start <= r->mark_end &&
                               (uint64_t)r->mark_end <= r->sentence.len;

        output_fact(cli, "changed",
                    arena_printf(&cli->arena, "%.*s%s", SLICE_ARG(words_of(cli, &list.rows[i])),
                                 r->is_historic ? " (historic)" : ""));
        put_marked(cli, "", r->sentence, is_marked ? (size_t)r->mark_start : 0,
                   is_marked ? (size_t)r->mark_end : 0);
        output_fact(cli, "", list.rows[i].article.url);
    }
    return status;
}

/* ---- what became of it ----------------------------------------------------------------------- */

/* "muted": somebody was not told of it; "told": somebody was. */
static const char *state_of(const struct alert_view *v)
{
    if (v->n_withheld > 0)
        return "muted";
    if (v->is_told)
        return "told";
    return v->alert.is_historic ? "history" : "waiting";
}

/* For people: the mark, else that it is muted; what waits and what was told is the rule. */
static const char *mark_of(const struct alert_view *v, bool is_human)
{
    if (v->verdict != MARK_NONE)
        return alert_verdict_name(v->verdict);
    return is_human && v->n_withheld > 0 ? "muted" : "";
}

static enum ww_status put_said(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct mark_list marks;
    struct withheld_list withheld;
    enum ww_status status = store_list_marks(cli->store, v->alert.id, &cli->arena, &marks, err);

    if (status == WW_OK)
        status = store_list_withheld(cli->store, v->alert.id, &cli->arena, &withheld, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < marks.n_rows; i++)
        output_fact(cli, "mark",
                    arena_printf(
                        &cli->arena, "%s, %.*s, %.*s%s%.*s",
                        alert_verdict_name(marks.rows[i].verdict), SLICE_ARG(marks.rows[i].analyst),
                        SLICE_ARG(output_moment(cli, marks.rows[i].at)),
                        marks.rows[i].note.len > 0 ? ": " : "", SLICE_ARG(marks.rows[i].note)));
    for (size_t i = 0; i < withheld.n_rows; i++)
        output_fact(cli, "withheld",
                    arena_printf(&cli->arena, "from %.*s by mute %" PRId64 ", %.*s",
                                 SLICE_ARG(withheld.rows[i].analyst), withheld.rows[i].mute_id,
                                 SLICE_ARG(output_moment(cli, withheld.rows[i].at))));
    return WW_OK;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void put_row(struct cli *cli, struct output *o, const struct alert_view *v,
                    struct slice change)
{
    const bool is_human = cli->format == FORMAT_HUMAN;

    output_text(o, arena_printf(&cli->arena, "a%" PRId64, v->alert.id));
    output_time(o, v->alert.created_at);
    output_string(o, alert_severity_name(v->alert.severity));
    output_text(o, v->alert.item);
    output_string(o, mark_of(v, is_human));
    output_string(o, state_of(v));
    output_text(o, v->alert.tags);
    output_text(o, v->alert.owner);
    output_text(o, v->alert.item_kind);
    output_text(o, v->alert.item_name);
    output_text(o, v->alert.country);
    if (is_human && v->n_articles > 1) /* programs have a column for each */
        output_text(o, arena_printf(&cli->arena, "%" PRId64 " (%" PRId64 " origin%s)", v->n_outlets,
                                    v->n_origins, v->n_origins == 1 ? "" : "s"));
    else
        output_number(o, v->n_outlets);
    output_number(o, v->n_origins);
    output_number(o, v->n_articles);
    if (is_human && v->n_revisions == 0)
        output_string(o, "");
    else
        output_number(o, v->n_revisions);
    output_text(o, change);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, v->alert.story_id));
    output_number(o, v->alert.article_id);
    output_text(o, v->article.outlet);
    output_text(o, v->article.language);
    output_time(o, v->article.published_at);
    output_text(o, v->headline);
    output_text(o, v->mention.quote);
    output_text(o, v->sentence);
    output_text(o, v->mention.rule);
    output_bool(o, v->alert.is_historic);
    output_string(o, alert_cause_name(v->alert.cause));
    output_number(o, v->n_told);
    output_text(o, v->article.url);
    output_end_row(o);
}

/* WW_INVALID: there is no such column, which was said. */
static enum ww_status put_list(struct cli *cli, const struct alert_view *views, size_t n,
                               size_t *n_rows, struct ww_error *err)
{
    static const struct column columns[] = {
        {"id",           0                           },
        {"created_at",   0                           },
        {"severity",     0                           },
        {"item",         0                           },
        {"mark",         0                           },
        {"state",        COLUMN_HIDDEN               },
        {"tags",         COLUMN_HIDDEN               },
        {"owner",        COLUMN_HIDDEN               },
        {"kind",         COLUMN_HIDDEN               },
        {"item_name",    COLUMN_HIDDEN               },
        {"country",      COLUMN_HIDDEN               },
        {"outlets",      COLUMN_RIGHT                },
        {"origins",      COLUMN_RIGHT | COLUMN_HIDDEN},
        {"articles",     COLUMN_RIGHT | COLUMN_HIDDEN},
        {"changes",      COLUMN_RIGHT                },
        {"last_change",  COLUMN_HIDDEN               },
        {"story",        0                           },
        {"article",      COLUMN_HIDDEN               },
        {"outlet",       0                           },
        {"language",     COLUMN_HIDDEN               },
        {"published_at", COLUMN_HIDDEN               },
        {"headline",     COLUMN_WIDE                 },
        {"quote",        COLUMN_HIDDEN               },
        {"sentence",     COLUMN_HIDDEN               },
        {"rule",         COLUMN_HIDDEN               },
        {"historic",     COLUMN_HIDDEN               },
        {"cause",        COLUMN_HIDDEN               },
        {"messages",     COLUMN_HIDDEN               },
        {"url",          COLUMN_HIDDEN               }
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    enum ww_status status = WW_OK;
    struct slice change;

    if (o == NULL)
        return WW_INVALID;
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        status = last_change(cli, &views[i], &change, err);
        if (status == WW_OK)
            put_row(cli, o, &views[i], change);
    }
    *n_rows = output_close(o);
    return status;
}

/* What a plain list leaves out for its cause is said: nobody must take it for all there is. */
static enum ww_status say_rescan(struct cli *cli, const struct alert_filter *shown,
                                 struct ww_error *err)
{
    struct alert_filter filter = *shown;
    struct alert_view_list list;
    enum ww_status status;

    if (cli->format != FORMAT_HUMAN || shown->cause != ALERTS_NOT_RESCAN)
        return WW_OK;
    filter.cause = ALERTS_RESCAN;
    filter.window.limit = 1;
    filter.window.offset = 0;
    status = store_list_alerts(cli->store, &filter, &cli->arena, &list, err);
    if (status == WW_OK && list.n_rows > 0)
        cli_say(cli, "what the archive gave after the list had changed: --rescan");
    return status;
}

int command_alert_list(struct cli *cli)
{
    struct alert_filter filter = read_filter(cli);
    struct alert_view_list list;
    struct ww_error err = {0};
    size_t n_rows = 0;
    enum ww_status status;

    if (read_choices(cli, &filter) != EX_OK)
        return EX_USAGE;
    status = store_list_alerts(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    status = put_list(cli, list.rows, list.n_rows, &n_rows, &err);
    if (status != WW_OK)
        return status == WW_INVALID ? EX_USAGE : cli_fail(cli, status, &err);
    if (n_rows == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no alerts%s",
                cli_has(cli, OPTION_HISTORIC) ? "" : " (--historic lists what backfills found)");
    if (n_rows == ALERTS_SHOWN && cli->limit < 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "the newest %d; --limit 0 lists all", ALERTS_SHOWN);
    status = say_rescan(cli, &filter, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return n_rows == 0 && cli_has(cli, OPTION_EXIT_CODE) ? EXIT_FINDINGS : EX_OK;
}

/* ---- one alert ------------------------------------------------------------------------------- */

static enum ww_status read_alert(struct cli *cli, struct alert_view *out, struct ww_error *err)
{
    enum ww_status status;
    int64_t id;

    if (!cli_id(cli->words[0], 'a', &id))
        return ww_fail(err, WW_NOT_FOUND, "\"%s\" is no alert number (a17)", cli->words[0]);
    status = store_alert(cli->store, id, &cli->arena, out, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no alert a%" PRId64 "; wirewatch alert list shows them", id);
    return status;
}

static void put_alert(struct cli *cli, const struct alert_view *v)
{
    char text[DATE_TEXT_BYTES];

    output_fact(cli, "alert",
                arena_printf(&cli->arena, "a%" PRId64 "  %s%s  %s", v->alert.id,
                             alert_severity_name(v->alert.severity),
                             v->alert.is_historic ? ", historic" : "",
                             date_format(v->alert.created_at, text)));
    output_fact(cli, "item",
                arena_printf(&cli->arena, "%.*s  %.*s (%.*s%s%.*s)", SLICE_ARG(v->alert.item),
                             SLICE_ARG(v->alert.item_name), SLICE_ARG(v->alert.item_kind),
                             v->alert.country.len > 0 ? ", " : "", SLICE_ARG(v->alert.country)));
    output_fact(cli, "tags", v->alert.tags);
    output_fact(cli, "owner", v->alert.owner);
    output_fact(cli, "headline", v->headline);
    put_marked(cli, "sentence", v->sentence, v->mark_start, v->mark_end);
    output_fact(cli, "outlet", v->article.outlet);
    if (v->article.published_at != 0)
        output_fact(cli, "published", slice_from(date_format(v->article.published_at, text)));
    output_fact(cli, "address", v->article.url);
    output_fact(cli, "story",
                arena_printf(&cli->arena,
                             "s%" PRId64 ", %" PRId64 " article%s in %" PRId64 " outlet%s, %" PRId64
                             " origin%s",
                             v->alert.story_id, v->n_articles, v->n_articles == 1 ? "" : "s",
                             v->n_outlets, v->n_outlets == 1 ? "" : "s", v->n_origins,
                             v->n_origins == 1 ? "" : "s"));
}

int command_alert_show(struct cli *cli)
{
    struct alert_view v;
    struct ww_error err = {0};
    size_t n_rows;
    enum ww_status status = read_alert(cli, &v, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_HUMAN) {
        put_alert(cli, &v);
        status = put_changes(cli, &v, &err);
        if (status == WW_OK)
            status = put_said(cli, &v, &err);
    } else {
        status = put_list(cli, &v, 1, &n_rows, &err);
        if (status == WW_INVALID)
            return EX_USAGE;
    }
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

static void put_match(struct cli *cli, const struct alert_view *v, const struct explanation *why)
{
    const struct mention_row *m = &v->mention;

    output_fact(cli, "matched",
                arena_printf(&cli->arena,
                             "\"%.*s\", spelt \"%.*s\" in the list, %s bytes %" PRId64 "-%" PRId64,
                             SLICE_ARG(m->quote), SLICE_ARG(m->alias), mention_field_name(m->field),
                             m->start, m->end));
    if (why->has_name)
        output_fact(cli, "spelling",
                    arena_printf(&cli->arena, "%s:%u:%u", watch_file_name(why->name.file),
                                 why->name.row, why->name.column));
    output_fact(cli, "rule",
                arena_printf(&cli->arena, "%.*s%s%s", SLICE_ARG(m->rule),
                             why->rule != NULL ? ": " : "", why->rule != NULL ? why->rule : ""));
    if (m->term.len > 0)
        output_fact(cli, "term",
                    arena_printf(&cli->arena, "\"%.*s\", bytes %" PRId64 "-%" PRId64,
                                 SLICE_ARG(m->term), m->term_start, m->term_end));
    for (size_t i = 0; i < why->n_facts; i++)
        output_fact(cli, i == 0 ? "row" : "",
                    arena_printf(&cli->arena, "%.*s: %.*s", SLICE_ARG(why->facts[i].title),
                                 SLICE_ARG(why->facts[i].value)));
}

/* From the version of the list that the alert names, as it was then. */
static enum ww_status put_reason(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    struct watchlist_row list;
    struct explanation why;
    char loaded[DATE_TEXT_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    enum ww_status status =
        store_watchlist(cli->store, v->alert.watchlist_id, &cli->arena, &list, err);

    if (status == WW_OK)
        status = explain_mention(list.content, &v->mention, &cli->arena, &why, err);
    if (status != WW_OK)
        return status;
    put_match(cli, v, &why);
    hash_hex((const unsigned char *)list.sha256.ptr, list.sha256.len < 8 ? list.sha256.len : 8,
             hex);
    output_fact(cli, "list",
                arena_printf(&cli->arena,
                             "version %" PRId64 " of %s, %" PRId64 " items, sha256 %s...", list.id,
                             date_format(list.loaded_at, loaded), list.n_items, hex));
    return WW_OK;
}

static enum ww_status put_messages(struct cli *cli, const struct alert_view *v,
                                   struct ww_error *err)
{
    struct message_filter filter = {.alert_id = v->alert.id};
    struct message_list list;
    enum ww_status status = store_list_messages(cli->store, &filter, &cli->arena, &list, err);
    char text[DATE_TEXT_BYTES];

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        output_fact(cli, "mail",
                    arena_printf(&cli->arena, "%.*s  %s%s%s  %.*s", SLICE_ARG(m->recipient),
                                 message_state_name(m->state), m->sent_at != 0 ? " " : "",
                                 m->sent_at != 0 ? date_format(m->sent_at, text) : "",
                                 SLICE_ARG(m->message_id)));
    }
    if (list.n_rows == 0)
        output_fact(cli, "mail",
                    v->alert.is_historic ? SLICE("none: historic alerts are not mailed")
                                         : SLICE("none yet"));
    return WW_OK;
}

/* What the story's other articles have done to the alert, and why no more than that. */
static enum ww_status put_since(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    const int64_t n = v->n_articles - 1;

    output_fact(cli, "once",
                arena_printf(&cli->arena, "story s%" PRId64 " alerts on %.*s once",
                             v->alert.story_id, SLICE_ARG(v->alert.item)));
    if (n > 0)
        output_fact(
            cli, "copies",
            arena_printf(&cli->arena,
                         "%" PRId64 " more article%s in the story: %s in the mention's "
                         "sentence or beside it",
                         n, n == 1 ? "" : "s",
                         v->n_revisions > 0 ? "what changed" : "no other figure, name or status"));
    return put_changes(cli, v, err);
}

/* The mention, the rule that counts it and what came of it; in the order of the columns. */
static void put_explained(struct cli *cli, struct output *o, const struct alert_view *v,
                          const struct explanation *why, const struct watchlist_row *list,
                          struct slice change)
{
    const struct mention_row *m = &v->mention;
    char hex[2 * SHA256_BYTES + 1];

    hash_hex((const unsigned char *)list->sha256.ptr, list->sha256.len, hex);
    output_text(o, arena_printf(&cli->arena, "a%" PRId64, v->alert.id));
    output_text(o, v->alert.item);
    output_text(o, m->quote);
    output_text(o, m->alias);
    output_text(o, !why->has_name
                       ? SLICE("")
                       : arena_printf(&cli->arena, "%s:%u:%u", watch_file_name(why->name.file),
                                      why->name.row, why->name.column));
    output_string(o, mention_field_name(m->field));
    output_number(o, m->start);
    output_number(o, m->end);
    output_text(o, m->rule);
    output_string(o, why->rule);
    output_text(o, m->term);
    output_number(o, m->term_start);
    output_number(o, m->term_end);
    output_text(o, v->sentence);
    output_number(o, v->alert.article_id);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, v->alert.story_id));
    output_number(o, v->n_articles);
    output_number(o, v->n_origins);
    output_number(o, v->n_revisions);
    output_text(o, change);
    output_number(o, list->id);
    output_string(o, hex);
    output_number(o, v->n_told);
    output_text(o, v->article.url);
    output_end_row(o);
}

/* The same facts for programs: one row. */
static int put_explanation(struct cli *cli, const struct alert_view *v, struct ww_error *err)
{
    static const struct column columns[] = {
        {"id",           0},
        {"item",         0},
        {"quote",        0},
        {"alias",        0},
        {"spelling",     0},
        {"field",        0},
        {"start",        0},
        {"end",          0},
        {"rule",         0},
        {"rule_text",    0},
        {"term",         0},
        {"term_start",   0},
        {"term_end",     0},
        {"sentence",     0},
        {"article",      0},
        {"story",        0},
        {"articles",     0},
        {"origins",      0},
        {"changes",      0},
        {"last_change",  0},
        {"list_version", 0},
        {"list_sha256",  0},
        {"messages",     0},
        {"url",          0}
    };
    struct watchlist_row list;
    struct explanation why;
    struct slice change;
    struct output *o;
    enum ww_status status =
        store_watchlist(cli->store, v->alert.watchlist_id, &cli->arena, &list, err);

    if (status == WW_OK)
        status = explain_mention(list.content, &v->mention, &cli->arena, &why, err);
    if (status == WW_OK)
        status = last_change(cli, v, &change, err);
    if (status != WW_OK)
        return cli_fail(cli, status, err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    put_explained(cli, o, v, &why, &list, change);
    (void)output_close(o);
    return EX_OK;
}

int command_alert_explain(struct cli *cli)
{
    struct alert_view v;
    struct ww_error err = {0};
    enum ww_status status = read_alert(cli, &v, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN)
        return put_explanation(cli, &v, &err);
    put_alert(cli, &v);
    (void)fputc('\n', cli->out);
    status = put_reason(cli, &v, &err);
    if (status == WW_OK)
        status = put_since(cli, &v, &err);
    if (status == WW_OK)
        status = put_messages(cli, &v, &err);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
