/* cmd_watch_control.c - wirewatch watch control: texts with what the list is to find in them. */
#include "alerts/control.h"
#include "alerts/watchlist.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/article_facts.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "extractors/article.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <sysexits.h>

struct adding {
    struct cli *cli;
    struct workers *workers; /* opened for the first page */
    struct slice expected;
    bool has_expected;
    size_t n_new, n_changed;
};

static enum ww_status add(struct adding *a, struct control_row *row, struct ww_error *err)
{
    bool is_new;
    int64_t id;
    enum ww_status status;

    if (row->body.len == 0 && row->title.len == 0)
        return ww_fail(err, WW_INVALID, "no text in it");
    if (row->body.len > CONTROL_TEXT_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "%zu bytes of text, limit %zu", row->body.len,
                       CONTROL_TEXT_MAX_BYTES);
    row->added_at = clock_now(&a->cli->clock);
    status = store_add_control(a->cli->store, row, &id, &is_new, err);
    if (status != WW_OK)
        return status;
    a->n_new += is_new;
    a->n_changed += !is_new;
    return WW_OK;
}

/* ---- what is expected ------------------------------------------------------------------------ */

/* An item that is mistyped would be missed for ever, or never found where it must not be. */
static enum ww_status check_items(struct cli *cli, struct slice expected, struct ww_error *err)
{
    struct watchlist list;
    struct slice rest = expected, item;
    bool is_wanted;

    if (watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, &list,
                       NULL) != WW_OK)
        return WW_OK; /* lint says what is wrong with it */
    while (control_next_word(&rest, &item, &is_wanted)) {
        struct nearest near;
        bool is_known = slice_equal(item, SLICE("*"));

        nearest_init(&near, item);
        for (size_t i = 0; i < list.n_items && !is_known; i++) {
            is_known = slice_equal(list.items[i].id, item);
            nearest_try(&near, arena_string(&cli->arena, list.items[i].id));
        }
        if (!is_known)
            return ww_fail(err, WW_NOT_FOUND,
                           "no watched item \"%.*s\"%s%s%s; wirewatch watch list", SLICE_ARG(item),
                           near.best != NULL ? "; did you mean " : "",
                           near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
    }
    return WW_OK;
}

static enum ww_status read_expected(struct adding *a, struct ww_error *err)
{
    enum ww_status status = control_read_expected(slice_from(a->cli->values[OPTION_EXPECT]),
                                                  &a->cli->arena, &a->expected, err);

    a->has_expected = cli_has(a->cli, OPTION_EXPECT);
    return status == WW_OK ? check_items(a->cli, a->expected, err) : status;
}

static enum ww_status need_expected(const struct adding *a, struct ww_error *err)
{
    return a->has_expected ? WW_OK
                           : ww_fail(err, WW_INVALID,
                                     "say what is to be found: --expect ID,ID, or "
                                     "--expect none");
}

/* ---- of the archive -------------------------------------------------------------------------- */

static enum ww_status add_stored(struct adding *a, const char *word, struct ww_error *err)
{
    struct cli *cli = a->cli;
    struct control_row row = {.expected = a->expected,
                              .note = slice_from(cli->values[OPTION_NOTE])};
    struct article_row article;
    struct article_text text = {0};
    struct alert_view alert;
    int64_t id;
    enum ww_status status;

    if (word[0] == 'a' && cli_id(word, 'a', &id)) {
        status = store_alert(cli->store, id, &cli->arena, &alert, err);
        article = alert.article;
    } else {
        status = article_find(cli, word, &article, err);
    }
    if (status == WW_OK)
        status = store_article_text(cli->store, article.id, &cli->arena, &text, err);
    if (status != WW_OK)
        return status;
    row.url = article.url;
    row.title = article.title;
    row.language = article.language;
    row.body = text_cut(text.text, CONTROL_TEXT_MAX_BYTES);
    return add(a, &row, err);
}

/* ---- of files -------------------------------------------------------------------------------- */

static struct slice member_of(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    return slice_of(json_is_string(v) ? json_string_value(v) : "",
                    json_is_string(v) ? json_string_length(v) : 0);
}

static enum ww_status add_object(struct adding *a, const json_t *o, struct ww_error *err)
{
    struct control_row row = {.url = member_of(o, "url"),
                              .title = member_of(o, "title"),
                              .language = member_of(o, "language"),
                              .body = member_of(o, "text"),
                              .expected = a->expected,
                              .note = member_of(o, "note")};
    enum ww_status status = WW_OK;

    if (json_is_string(json_object_get(o, "expected")))
        status =
            control_read_expected(member_of(o, "expected"), &a->cli->arena, &row.expected, err);
    else
        status = need_expected(a, err);
    if (row.note.len == 0)
        row.note = slice_from(a->cli->values[OPTION_NOTE]);
    if (status == WW_OK && (!text_is_utf8(row.body) || !text_is_utf8(row.title)))
        status = ww_fail(err, WW_INVALID, "the text is not UTF-8");
    return status == WW_OK ? add(a, &row, err) : status;
}

/* One object a line, as watch control list --format jsonl writes them. */
static enum ww_status add_lines(struct adding *a, const char *path, struct slice bytes,
                                struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice line;
    size_t n = 0;

    while (status == WW_OK && slice_next_line(&bytes, &line)) {
        json_error_t why;
        json_t *o;

        n++;
        if (slice_trim(line).len == 0)
            continue;
        o = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, &why);
        status = json_is_object(o)
                     ? add_object(a, o, err)
                     : ww_fail(err, WW_INVALID, "no JSON object: %s", o == NULL ? why.text : "");
        json_decref(o);
        if (status != WW_OK)
            return ww_context(err, status, "%s:%zu:1", path, n);
    }
    return status;
}

/* A page or a plain text, read by a worker as any that was fetched. */
static enum ww_status add_page(struct adding *a, struct slice bytes, bool is_html,
                               struct ww_error *err)
{
    struct cli *cli = a->cli;
    const struct article_hints hints = {.content_type =
                                            is_html ? SLICE("text/html") : SLICE("text/plain"),
                                        .now = clock_now(&cli->clock)};
    struct control_row row = {.expected = a->expected,
                              .note = slice_from(cli->values[OPTION_NOTE])};
    struct workers_answer answer = {0};
    struct article article;
    struct buf request;
    enum ww_status status = WW_OK;

    if (a->workers == NULL)
        status = workers_open(cli->forkserver, 1, &a->workers, err);
    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_article(&request, bytes, &hints);
    if (status == WW_OK)
        status = buf_finish(&request, err);
    if (status == WW_OK)
        status = workers_submit(a->workers, 1, buf_slice(&request), err);
    if (status == WW_OK)
        status = workers_wait(a->workers, -1, &answer, err);
    if (status == WW_OK && answer.status != WW_OK)
        status = ww_fail(err, answer.status, "%s", answer.error.message);
    if (status == WW_OK)
        status = parse_answer_article(arena_copy(&cli->arena, answer.record), &cli->arena, &article,
                                      err);
    buf_release(&request);
    if (status != WW_OK)
        return status;
    row.url = article.canonical;
    row.title = article.title;
    row.language = article.language;
    row.body = article.text;
    return add(a, &row, err);
}

static enum ww_status add_file(struct adding *a, const char *path, struct ww_error *err)
{
    struct slice bytes, start;
    enum ww_status status =
        file_read_input(path, BODY_INFLATED_MAX_BYTES, &a->cli->arena, &bytes, err);

    if (status != WW_OK)
        return status;
    start = slice_trim(bytes);
    if (start.len > 0 && start.ptr[0] == '{')
        return add_lines(a, path, bytes, err);
    status = need_expected(a, err);
    if (status == WW_OK)
        status = add_page(a, bytes, start.len > 0 && start.ptr[0] == '<', err);
    return status == WW_OK ? status : ww_context(err, status, "%s", path);
}

/* ---- the three ------------------------------------------------------------------------------- */

static bool is_of_archive(const char *word)
{
    int64_t id;

    return strstr(word, "://") != NULL || cli_id(word, 'a', &id) || cli_id(word, 'n', &id);
}

static enum ww_status add_words(struct adding *a, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (int i = 1; i < a->cli->n_words && status == WW_OK; i++) {
        const char *word = a->cli->words[i];

        if (!is_of_archive(word)) {
            status = add_file(a, word, err);
            continue;
        }
        status = need_expected(a, err);
        if (status == WW_OK)
            status = add_stored(a, word, err);
    }
    return status;
}

static int control_add(struct cli *cli)
{
    const bool is_marked = cli_has(cli, OPTION_MARKED);
    struct adding a = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status;

    if (is_marked == (cli->n_words > 1))
        return cli_usage(cli,
                         "add what? an address or article of the archive, a file, or --marked");
    status = read_expected(&a, &err);
    if (status == WW_OK)
        status = store_begin(cli->store, &err);
    if (status == WW_OK && is_marked)
        status = control_add_marked(cli->store, clock_now(&cli->clock), &cli->arena, &a.n_new,
                                    &a.n_changed, &err);
    else if (status == WW_OK)
        status = add_words(&a, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    workers_close(a.workers);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    cli_say(cli, "%zu case%s added, %zu known one%s changed", a.n_new, a.n_new == 1 ? "" : "s",
            a.n_changed, a.n_changed == 1 ? "" : "s");
    return EX_OK;
}

static int control_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",       0            },
        {"expected", 0            },
        {"language", 0            },
        {"title",    COLUMN_WIDE  },
        {"note",     0            },
        {"url",      COLUMN_HIDDEN},
        {"added_at", COLUMN_HIDDEN},
        {"text",     COLUMN_HIDDEN}
    };
    const struct store_window window = cli_window(cli, 0);
    struct control_list list;
    struct ww_error err = {0};
    struct output *o;
    enum ww_status status = store_list_controls(cli->store, &window, &cli->arena, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct control_row *row = &list.rows[i];

        output_text(o, arena_printf(&cli->arena, "c%" PRId64, row->id));
        output_text(o, row->expected.len > 0 ? row->expected : SLICE("none"));
        output_text(o, row->language);
        output_text(o, row->title);
        output_text(o, row->note);
        output_text(o, row->url);
        output_time(o, row->added_at);
        output_text(o, row->body);
        output_end_row(o);
    }
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "the control set is empty: wirewatch watch control add ARTICLE --expect ID");
    return EX_OK;
}

static int control_remove(struct cli *cli)
{
    struct ww_error err = {0};
    enum ww_status status;

    if (cli->n_words < 2)
        return cli_usage(cli, "remove which? watch control list has their numbers");
    status = store_begin(cli->store, &err);
    for (int i = 1; i < cli->n_words && status == WW_OK; i++) {
        int64_t id;

        if (!cli_id(cli->words[i], 'c', &id))
            status = WW_NOT_FOUND;
        else
            status = store_remove_control(cli->store, id, &err);
        if (status == WW_NOT_FOUND)
            (void)ww_fail(&err, status, "no case \"%s\"; wirewatch watch control list shows them",
                          cli->words[i]);
    }
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    return EX_OK;
}

int command_watch_control(struct cli *cli)
{
    static const struct {
        const char *name;
        int (*run)(struct cli *cli);
    } actions[] = {
        {"add",    control_add   },
        {"list",   control_list  },
        {"remove", control_remove},
    };
    struct nearest near;

    nearest_init(&near, slice_from(cli->words[0]));
    for (size_t i = 0; i < WW_COUNT(actions); i++) {
        if (strcmp(cli->words[0], actions[i].name) == 0)
            return actions[i].run(cli);
        nearest_try(&near, actions[i].name);
    }
    return cli_usage(cli, "watch control add, list or remove, not \"%s\"%s%s%s", cli->words[0],
                     near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "",
                     near.best != NULL ? "?" : "");
}
