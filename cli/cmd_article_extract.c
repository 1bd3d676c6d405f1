/* cmd_article_extract.c - wirewatch article extract: what is made of a page, and what rules change.
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/url.h"
#include "cli/article_facts.h"
#include "cli/database.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "crawler/ask.h"
#include "crawler/keep.h"
#include "crawler/parse.h"
#include "crawler/robots.h"
#include "crawler/site_rules.h"
#include "crawler/stored_page.h"
#include "crawler/workers.h"
#include "extractors/article.h"
#include "extractors/rules.h"
#include "storage/store.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Lines of a comparison fit a terminal of 80 columns. */
#define LINE_COLUMNS 76

static const struct {
    enum option_id option;
    enum rule_key key;
} rule_options[] = {
    {OPTION_BODY,   RULE_BODY  },
    {OPTION_REMOVE, RULE_REMOVE},
    {OPTION_TITLE,  RULE_TITLE },
    {OPTION_AUTHOR, RULE_AUTHOR},
    {OPTION_DATE,   RULE_DATE  },
};

/* A page, and what it is to be read with. */
struct trial {
    struct cli *cli;
    struct workers *workers;
    struct site_rules file;
    struct stored_page page; /* hints and bytes; the rows when it is a stored one */
    struct slice rules;      /* empty: none */
    struct slice rules_from; /* "example.org in FILE" */
    uint32_t rules_given;    /* 1u << rule_key */
};

/* One reading of the page. */
struct reading {
    struct article article;
    struct article_row row;
};

/* ---- the page -------------------------------------------------------------------------------- */

static enum ww_status read_file(struct trial *t, const char *path, struct ww_error *err)
{
    struct slice bytes;
    enum ww_status status =
        file_read_input(path, BODY_INFLATED_MAX_BYTES, &t->cli->arena, &bytes, err);

    if (status == WW_OK && inflate_is_gzip(bytes))
        status = inflate_all(bytes, BODY_INFLATED_MAX_BYTES, &t->cli->arena, &bytes, err);
    t->page.body.bytes = bytes;
    t->page.hints.now = clock_now(&t->cli->clock);
    return status;
}

/* A stranger's server is asked as a run would ask it: robots.txt first, then once. */
static enum ww_status fetch(struct trial *t, struct slice url, struct ww_error *err)
{
    struct cli *cli = t->cli;
    struct crawl_options options = desk_crawl_options(cli);
    const struct ask_means means = {&options, t->workers, &cli->clock, &cli->log, &cli->arena};
    struct ask ask = {0};
    struct robots *robots = NULL;
    enum ww_status status = config_check_contact(&cli->config, err);

    if (status == WW_OK)
        status = ask_open(&ask, &means, err);
    if (status == WW_OK)
        status = ask_robots(&ask, url, &robots, err);
    if (status == WW_OK && !robots_allows_url(robots, url, &cli->arena))
        status = ww_fail(err, WW_REFUSED, "robots.txt forbids %.*s", SLICE_ARG(url));
    if (status == WW_OK)
        status = ask_get(&ask, url, SLICE(""), SLICE(""), err);
    if (status == WW_OK) {
        t->page.body.bytes = arena_copy(&cli->arena, buf_slice(&ask.answer.body));
        t->page.hints.url = arena_copy(&cli->arena, ask.url);
        t->page.hints.content_type =
            arena_copy(&cli->arena, fetch_header(&ask.answer, "Content-Type"));
        t->page.hints.now = clock_now(&cli->clock);
        status = arena_check(&cli->arena, err);
    }
    ask_close(&ask);
    return status;
}

static enum ww_status read_stored(struct trial *t, int64_t id, struct ww_error *err)
{
    struct cli *cli = t->cli;
    const struct store_options options = database_options(cli, true);
    enum ww_status status = database_open(cli, &options, err);

    if (status == WW_OK)
        status = stored_page_read(cli->store, id, NULL, &cli->arena, &t->page, err);
    return status;
}

static enum ww_status find_page(struct trial *t, struct ww_error *err)
{
    const char *word = t->cli->words[0];
    int64_t id;
    enum ww_status status;

    if (strstr(word, "://") != NULL)
        status = fetch(t, slice_from(word), err);
    else if (cli_id(word, 'n', &id))
        status = read_stored(t, id, err);
    else
        status = read_file(t, word, err);
    if (cli_has(t->cli, OPTION_URL))
        t->page.hints.url = slice_from(t->cli->values[OPTION_URL]);
    return status;
}

/* ---- the rules ------------------------------------------------------------------------------- */

/* Rules that are tried before they are written down. */
static enum ww_status take_options(struct trial *t, struct rules *parsed, struct ww_error *err)
{
    size_t column;
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < WW_COUNT(rule_options); i++) {
        const char *key = rule_keys[rule_options[i].key];
        const char *value = t->cli->values[rule_options[i].option];

        if (value == NULL)
            continue;
        status =
            rules_add(parsed, slice_from(key), slice_from(value), &t->cli->arena, &column, err);
        if (status != WW_OK)
            return ww_context(err, status, "--%s \"%s\", column %zu", key, value, column);
        t->rules = arena_printf(&t->cli->arena, "%.*s%s = %s\n", SLICE_ARG(t->rules), key, value);
    }
    t->rules_from = SLICE("the command line");
    return status;
}

/* Those of the command line, else those of the file for this site. */
static enum ww_status find_rules(struct trial *t, struct ww_error *err)
{
    struct arena *arena = &t->cli->arena;
    struct rules parsed = {0};
    const struct site_rule *site;
    enum ww_status status = desk_read_rules(t->cli, &t->file, err);

    if (status == WW_OK)
        status = take_options(t, &parsed, err);
    site = site_rules_find(&t->file, t->page.hints.url, arena);
    if (t->rules.len == 0)
        t->rules_from = (struct slice){"", 0};
    if (t->rules.len == 0 && site != NULL && status == WW_OK) {
        t->rules = site->text;
        t->rules_from = arena_printf(arena, "[%.*s] of %.*s", SLICE_ARG(site->host),
                                     SLICE_ARG(t->cli->config.site_rules));
        status = rules_parse(t->rules, arena, &parsed, err);
    }
    for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++)
        t->rules_given |= parsed.by_key[key].n > 0 ? 1U << key : 0;
    return status;
}

/* "remove, date": those that selected nothing. */
static struct slice unmatched(const struct trial *t, const struct reading *r)
{
    struct slice names = {"", 0};

    for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++)
        if ((t->rules_given & ~r->article.rules_matched & 1U << key) != 0)
            names = arena_printf(&t->cli->arena, "%.*s%s%s", SLICE_ARG(names),
                                 names.len > 0 ? ", " : "", rule_keys[key]);
    return names;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum ww_status read_page(struct trial *t, struct slice rules, struct reading *out,
                                struct ww_error *err)
{
    struct article_hints hints = t->page.hints;
    struct workers_answer answer = {0};
    struct buf request;
    enum ww_status status;

    hints.rules = rules;
    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_article(&request, t->page.body.bytes, &hints);
    status = buf_finish(&request, err);
    if (status == WW_OK)
        status = workers_submit(t->workers, 1, buf_slice(&request), err);
    if (status == WW_OK)
        status = workers_wait(t->workers, -1, &answer, err);
    if (status == WW_OK && answer.status != WW_OK)
        status = ww_fail(err, answer.status, "%s", answer.error.message);
    if (status == WW_OK)
        status = parse_answer_article(arena_copy(&t->cli->arena, answer.record), &t->cli->arena,
                                      &out->article, err);
    buf_release(&request);
    if (status != WW_OK)
        return status;
    out->row = keep_row(&out->article, &t->cli->arena);
    out->row.url = t->page.hints.url.len > 0 ? t->page.hints.url : slice_from(t->cli->words[0]);
    return WW_OK;
}

/* ---- the difference -------------------------------------------------------------------------- */

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Lines of text that other has not, one below the other. */
static struct slice lines_beyond(struct slice text, struct slice other, struct arena *arena,
                                 size_t *n_same)
{
    struct slice line, rest = other;
    struct buf lines;
    size_t n = 0, capacity = 0;
    uint64_t *known = NULL, *grown;

    *n_same = 0;
    while (slice_next_line(&rest, &line)) {
        grown = arena_grow(arena, known, n, &capacity, sizeof(*known));
        if (grown == NULL)
            return (struct slice){"", 0};
        known = grown;
        known[n++] = hash64(line);
    }
    if (n > 1)
        qsort(known, n, sizeof(*known), compare_hashes);
    buf_init(&lines, ARTICLE_TEXT_MAX_BYTES);
    while (slice_next_line(&text, &line)) {
        const uint64_t hash = hash64(line);

        if (line.len == 0)
            continue;
        if (n > 0 && bsearch(&hash, known, n, sizeof(*known), compare_hashes) != NULL) {
            ++*n_same;
            continue;
        }
        if (lines.len > 0)
            buf_add_char(&lines, '\n');
        buf_add(&lines, line);
    }
    rest = arena_copy(arena, buf_slice(&lines));
    buf_release(&lines);
    return rest;
}

static void put_lines(struct cli *cli, char sign, struct slice lines)
{
    struct slice line;

    while (slice_next_line(&lines, &line)) {
        (void)fprintf(cli->out, "%c ", sign);
        output_visible(cli->out, line, LINE_COLUMNS);
        (void)fputc('\n', cli->out);
    }
}

static void put_change(struct cli *cli, const char *name, struct slice before, struct slice after)
{
    if (slice_equal(before, after))
        return;
    output_fact(cli, name, before.len > 0 ? before : SLICE("(none)"));
    output_fact(cli, "  by rules", after.len > 0 ? after : SLICE("(none)"));
}

static void put_difference(struct trial *t, const struct reading *generic,
                           const struct reading *ruled)
{
    struct cli *cli = t->cli;
    size_t n_same;
    struct slice gone =
        lines_beyond(generic->article.text, ruled->article.text, &cli->arena, &n_same);
    struct slice more =
        lines_beyond(ruled->article.text, generic->article.text, &cli->arena, &n_same);
    struct slice missing = unmatched(t, ruled);

    output_fact(cli, "page", ruled->row.url);
    output_fact(cli, "rules", t->rules_from);
    if (missing.len > 0)
        output_fact(cli, "nothing by", missing);
    if ((t->rules_given & ~ruled->article.rules_matched & 1U << RULE_BODY) != 0)
        output_fact(cli, "", SLICE("body selects no text here: it was found the generic way"));
    put_change(cli, "title", generic->row.title, ruled->row.title);
    put_change(cli, "author", generic->row.author, ruled->row.author);
    put_change(cli, "published", article_published(cli, &generic->row),
               article_published(cli, &ruled->row));
    put_change(cli, "language", generic->row.language, ruled->row.language);
    put_change(cli, "text from", generic->row.text_source, ruled->row.text_source);
    output_fact(cli, "text",
                arena_printf(&cli->arena, "%zu bytes, by rules %zu; %zu line%s the same",
                             generic->article.text.len, ruled->article.text.len, n_same,
                             n_same == 1 ? " is" : "s are"));
    if (gone.len > 0) {
        (void)fputs("\ntaken away by the rules:\n", cli->out);
        put_lines(cli, '-', gone);
    }
    if (more.len > 0) {
        (void)fputs("\nadded by the rules:\n", cli->out);
        put_lines(cli, '+', more);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void put_row(struct trial *t, struct output *o, const struct reading *r, bool is_ruled,
                    struct slice added, struct slice removed)
{
    output_string(o, is_ruled ? "rules" : "generic");
    output_text(o, r->row.url);
    output_text(o, r->row.title);
    output_text(o, r->row.author);
    output_time(o, r->row.published_at);
    output_text(o, r->row.published_source);
    output_time(o, r->row.modified_at);
    output_text(o, r->row.language);
    output_text(o, r->row.site);
    output_text(o, r->row.section);
    output_text(o, r->row.canonical);
    output_text(o, r->row.access);
    output_text(o, r->row.text_source);
    output_number(o, r->row.text_bytes);
    output_text(o, r->article.text);
    output_text(o, r->article.cut);
    output_text(o, is_ruled ? unmatched(t, r) : SLICE(""));
    output_text(o, added);
    output_text(o, removed);
    output_end_row(o);
}

static int put_rows(struct trial *t, const struct reading *generic, const struct reading *ruled)
{
    static const struct column columns[] = {
        {"by",               0           },
        {"url",              0           },
        {"title",            0           },
        {"author",           0           },
        {"published_at",     0           },
        {"published_source", 0           },
        {"modified_at",      0           },
        {"language",         0           },
        {"site",             0           },
        {"section",          0           },
        {"canonical",        0           },
        {"access",           0           },
        {"text_source",      0           },
        {"text_bytes",       COLUMN_RIGHT},
        {"text",             COLUMN_WIDE },
        {"cut",              COLUMN_WIDE },
        {"unmatched",        0           },
        {"added",            0           },
        {"removed",          0           },
    };
    struct output *o = output_open(t->cli, columns, WW_COUNT(columns));
    struct arena *arena = &t->cli->arena;
    struct slice added = {"", 0}, removed = {"", 0};
    size_t n_same;

    if (o == NULL)
        return EX_USAGE;
    if (generic != NULL) {
        added = lines_beyond(ruled->article.text, generic->article.text, arena, &n_same);
        removed = lines_beyond(generic->article.text, ruled->article.text, arena, &n_same);
        put_row(t, o, generic, false, SLICE(""), SLICE(""));
    }
    put_row(t, o, ruled, t->rules.len > 0, added, removed);
    (void)output_close(o);
    return EX_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void put_page(struct trial *t, const struct reading *r)
{
    struct slice missing = unmatched(t, r);

    article_put_facts(t->cli, &r->row);
    output_fact(t->cli, "rules", t->rules_from);
    output_fact(t->cli, "nothing by", missing);
    (void)fputc('\n', t->cli->out);
    if (cli_has(t->cli, OPTION_CUT))
        article_put_cut(t->cli, r->article.cut);
    else
        article_put_text(t->cli, r->article.text);
}

static int show(struct trial *t, bool is_test, const struct reading *generic,
                const struct reading *ruled)
{
    const bool is_unmatched = is_test && unmatched(t, ruled).len > 0;

    if (t->cli->format != FORMAT_HUMAN || cli_has(t->cli, OPTION_FIELDS)) {
        int status = put_rows(t, is_test ? generic : NULL, ruled);

        if (status != EX_OK)
            return status;
    } else if (is_test && t->rules.len == 0) {
        put_page(t, ruled);
        cli_say(t->cli, "no rules for this page in %.*s; try some: --body, --remove",
                SLICE_ARG(t->cli->config.site_rules));
    } else if (is_test) {
        put_difference(t, generic, ruled);
    } else {
        put_page(t, ruled);
    }
    return is_unmatched ? EXIT_FINDINGS : EX_OK;
}

int command_article_extract(struct cli *cli)
{
    const bool is_test = cli_has(cli, OPTION_TEST);
    struct trial t = {
        .cli = cli, .rules = {"", 0}
    };
    struct reading generic = {0}, ruled = {0};
    struct ww_error err = {0};
    int result = EX_OK;
    enum ww_status status = workers_open(cli->forkserver, 1, &t.workers, &err);

    if (status == WW_OK)
        status = find_page(&t, &err);
    if (status == WW_OK)
        status = find_rules(&t, &err);
    if (status == WW_OK)
        status = read_page(&t, t.rules, &ruled, &err);
    if (status == WW_OK && is_test)
        status = read_page(&t, SLICE(""), &generic, &err);
    if (status == WW_OK)
        result = show(&t, is_test, &generic, &ruled);
    workers_close(t.workers);
    return status == WW_OK ? result : cli_fail(cli, status, &err);
}
