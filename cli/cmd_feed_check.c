/* cmd_feed_check.c - wirewatch feed check: ask feeds now, and say in words what they answer. */
#include "base/date.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/feed_fields.h"
#include "cli/feed_words.h"
#include "cli/output.h"
#include "crawler/ask.h"
#include "crawler/workers.h"
#include "extractors/links.h"
#include "feeds/feed.h"
#include "storage/store_hosts.h"
#include "storage/store_pages.h"
#include "storage/store_seen.h"

#include <inttypes.h>
#include <sysexits.h>

/* What one question brought. Texts are in the command's arena. */
struct finding {
    const struct feed_row *feed;
    enum feed_outcome outcome;
    struct slice words;  /* what happened: "read", "answers 404" */
    struct slice advice; /* what to do; may be empty */
    struct slice url;    /* where the answer came from; empty: none did */
    long http_status;
    struct slice content_type;
    int64_t body_bytes, duration_ms;
    struct feed parsed;
    bool was_parsed;
    size_t n_unseen; /* entries whose page is not known */
    int64_t newest_at;
};

/* ---- asking ---------------------------------------------------------------------------------- */

/* Retry-After and the like hold for a person too. */
static enum ww_status is_held(struct cli *cli, const struct feed_row *feed, struct finding *out,
                              struct ww_error *err)
{
    struct host_row host;
    char text[DATE_TEXT_BYTES];
    enum ww_status status =
        store_host(cli->store, url_host(feed->url, &cli->arena), &cli->arena, &host, err);

    if (status == WW_NOT_FOUND || (status == WW_OK && host.not_before <= clock_now(&cli->clock)))
        return WW_OK;
    if (status != WW_OK)
        return status;
    out->outcome = FEED_CHECK_SKIPPED;
    out->words = arena_printf(&cli->arena, "not asked: its host wants to be left alone until %s",
                              date_format(host.not_before, text));
    return WW_OK;
}

/* Where to look for an address that is no more. */
static struct slice look_elsewhere(struct cli *cli, const struct feed_row *feed)
{
    return arena_printf(
        &cli->arena, "wirewatch feed discover %.*s  may find another; else feed remove f%" PRId64,
        SLICE_ARG(feed_words_home(feed)), feed->id);
}

static struct slice advice_for(struct cli *cli, const struct ask *ask, const struct feed_row *feed,
                               enum ww_status status)
{
    long http = ask->answer.http_status;

    if (http == 404 || http == 410)
        return look_elsewhere(cli, feed);
    if (http == 401 || http == 403)
        return SLICE("the server refuses us: ask its owner, or look whether it moved");
    if (http == 429)
        return SLICE("its server wants fewer questions: wait");
    if (http >= 500)
        return SLICE("the server's own trouble: it is asked again");
    return http == 0 && status == WW_UNREACHABLE
               ? SLICE("its server, its name or the network here: it is asked again")
               : SLICE("");
}

/* An answer that is no feed: what is it? */
static void read_page(struct cli *cli, struct ask *ask, struct finding *out)
{
    struct page_links page = {0};

    if (ask_read_page(ask, &page, NULL) != WW_OK || page.title.len == 0)
        return;
    if (!slice_contains(out->words, text_cut(page.title, 80)))
        out->words = arena_printf(&cli->arena, "%.*s (\"%.*s\")", SLICE_ARG(out->words),
                                  SLICE_ARG(text_cut(page.title, 80)));
    if (page.has_password)
        out->advice = arena_printf(&cli->arena, "it wants a login; %.*s",
                                   SLICE_ARG(look_elsewhere(cli, out->feed)));
    else if (page.n_feeds > 0)
        out->advice = arena_printf(
            &cli->arena, "that page announces one:  wirewatch feed set f%" PRId64 " --url %.*s",
            out->feed->id, SLICE_ARG(page.feeds[0].url));
}

static enum ww_status count_unseen(struct cli *cli, struct finding *out, struct ww_error *err)
{
    for (size_t i = 0; i < out->parsed.n_entries; i++) {
        const struct entry *e = &out->parsed.entries[i];
        struct page_row page;
        struct slice canonical;
        int64_t seen_at;
        enum ww_status status;

        if (e->published.precision != DATE_NONE && e->published.at > out->newest_at)
            out->newest_at = e->published.at;
        if (e->link.len == 0 || url_canonical(e->original.len > 0 ? e->original : e->link,
                                              &cli->arena, &canonical, NULL) != WW_OK)
            continue;
        status = store_page_by_canonical(cli->store, canonical, &cli->arena, &page, err);
        if (status == WW_NOT_FOUND)
            status = store_seen(cli->store, out->feed->id, hash64(canonical), &seen_at, err);
        if (status != WW_OK && status != WW_NOT_FOUND)
            return status;
        out->n_unseen += status == WW_NOT_FOUND;
    }
    return WW_OK;
}

static enum ww_status read_feed(struct cli *cli, struct ask *ask, struct finding *out,
                                struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status = out->feed->kind == FEED_KIND_PAGE
                                ? ask_read_listing(ask, out->feed->selector, &out->parsed, &why)
                                : ask_read_feed(ask, &out->parsed, &why);

    if (status != WW_OK) {
        out->outcome = FEED_CHECK_FAILED;
        out->words = arena_copy(&cli->arena, slice_from(why.message));
        read_page(cli, ask, out);
        return WW_OK;
    }
    out->was_parsed = true;
    out->outcome = FEED_CHECK_OK;
    out->words = out->parsed.is_malformed ? SLICE("read, though it is malformed") : SLICE("read");
    return count_unseen(cli, out, err);
}

static enum ww_status ask_feed(struct cli *cli, struct ask *ask, const struct feed_row *feed,
                               struct finding *out, struct ww_error *err)
{
    bool has_validators =
        feed->validators_url.len == 0 || slice_equal(feed->validators_url, feed->url);
    struct ww_error why = {0};
    enum ww_status status = is_held(cli, feed, out, err);

    if (status != WW_OK || out->outcome == FEED_CHECK_SKIPPED)
        return status;
    status = ask_get(ask, feed->url, has_validators ? feed->etag : SLICE(""),
                     has_validators ? feed->last_modified : SLICE(""), &why);
    out->url = ask->url;
    out->http_status = ask->answer.http_status;
    out->content_type = arena_copy(&cli->arena, fetch_header(&ask->answer, "Content-Type"));
    out->body_bytes = ask->answer.received_bytes;
    out->duration_ms = ask->answer.duration_ms;
    if (status != WW_OK) {
        out->outcome = FEED_CHECK_FAILED;
        out->words = arena_copy(&cli->arena, slice_from(why.message));
        out->advice = advice_for(cli, ask, feed, status);
        if (out->http_status >= 400)
            read_page(cli, ask, out);
        return WW_OK;
    }
    if (out->http_status == 304) {
        out->outcome = FEED_CHECK_UNCHANGED;
        out->words = SLICE("nothing new since the last poll");
        return WW_OK;
    }
    return read_feed(cli, ask, out, err);
}

/* ---- saying ---------------------------------------------------------------------------------- */

static void say_redirect(struct cli *cli, const struct ask *ask, const struct finding *f)
{
    if (ask->n_redirects == 0 || f->url.len == 0)
        return;
    if (slice_equal(ask->lasting_url, f->url))
        output_fact(cli, "  moved",
                    arena_printf(&cli->arena, "to %.*s for good", SLICE_ARG(f->url)));
    else
        output_fact(cli, "  moved",
                    arena_printf(&cli->arena, "to %.*s for now", SLICE_ARG(f->url)));
}

static void say_feed(struct cli *cli, const struct finding *f)
{
    const struct feed *p = &f->parsed;
    struct arena *a = &cli->arena;
    char text[DATE_TEXT_BYTES];
    size_t n_full = 0;

    for (size_t i = 0; i < p->n_entries; i++)
        n_full += p->entries[i].content.len > 0;
    output_fact(cli, "  read as",
                arena_printf(a, "%s, %zu entries, %zu of them with the full text%s%s", p->format,
                             p->n_entries, n_full, f->newest_at != 0 ? ", the newest of " : "",
                             f->newest_at != 0 ? date_format(f->newest_at, text) : ""));
    output_fact(cli, "  new", arena_printf(a, "%zu lead to pages that are not known", f->n_unseen));
    if (p->ttl_minutes > 0)
        output_fact(cli, "  it asks",
                    arena_printf(a, "for no more than a question in %" PRId64 " minutes (ttl)",
                                 p->ttl_minutes));
    if (p->n_dropped > 0)
        output_fact(cli, "  too much",
                    arena_printf(a, "%zu entries more than are kept", p->n_dropped));
}

static void say_facts(struct cli *cli, const struct ask *ask, const struct finding *f)
{
    struct arena *a = &cli->arena;

    output_visible(cli->out,
                   arena_printf(a, "f%" PRId64 " %.*s: %s", f->feed->id,
                                SLICE_ARG(f->feed->title.len > 0 ? f->feed->title : f->feed->url),
                                feed_outcome_name(f->outcome)),
                   0);
    (void)fputc('\n', cli->out);
    output_fact(cli, "  asked", f->feed->url);
    if (f->http_status != 0)
        output_fact(cli, "  answer",
                    arena_printf(a, "%ld %.*s, %" PRId64 " bytes in %" PRId64 " ms", f->http_status,
                                 SLICE_ARG(f->content_type), f->body_bytes, f->duration_ms));
    if (f->url.len > 0)
        say_redirect(cli, ask, f);
    output_fact(cli, "  result", f->words);
    if (f->was_parsed)
        say_feed(cli, f);
    output_fact(cli, "  advice", f->advice);
    if (f->feed->state != FEED_STATE_ACTIVE)
        output_fact(cli, "  but",
                    arena_printf(a, "it is %s and not polled: feed resume f%" PRId64,
                                 feed_state_name(f->feed->state), f->feed->id));
    output_fact_time(cli, "  next poll",
                     f->feed->state == FEED_STATE_ACTIVE ? f->feed->next_due_at : 0);
}

static void put_row(struct output *o, const struct finding *f)
{
    output_number(o, f->feed->id);
    output_string(o, feed_outcome_name(f->outcome));
    output_number(o, f->http_status);
    output_text(o, f->words);
    output_text(o, f->advice);
    output_string(o, f->was_parsed ? f->parsed.format : NULL);
    output_number(o, (int64_t)f->parsed.n_entries);
    output_number(o, (int64_t)f->n_unseen);
    output_time(o, f->newest_at);
    output_text(o, f->feed->url);
    output_text(o, f->url);
    output_end_row(o);
}

/* ---- which ----------------------------------------------------------------------------------- */

/* Those that the command line names, or those that need a look. */
static enum ww_status choose(struct cli *cli, struct feed_list *out, struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .is_bad = true};
    enum ww_status status = WW_OK;

    if (cli->n_words == 0)
        return store_list_feeds(cli->store, &filter, &cli->arena, out, err);
    *out = (struct feed_list){
        .rows = arena_array(&cli->arena, (size_t)cli->n_words, sizeof(*out->rows))};
    for (int i = 0; i < cli->n_words && status == WW_OK; i++)
        status = feed_find(cli, cli->words[i], &out->rows[out->n_rows++], err);
    return status;
}

static enum ww_status check_all(struct cli *cli, struct ask *ask, struct output *o,
                                const struct feed_list *list, size_t *n_failed,
                                struct ww_error *err)
{
    for (size_t i = 0; i < list->n_rows; i++) {
        struct finding f = {.feed = &list->rows[i]};
        enum ww_status status;

        if (*cli->stop != 0)
            break;
        status = ask_feed(cli, ask, f.feed, &f, err);
        if (status != WW_OK)
            return status;
        *n_failed += f.outcome == FEED_CHECK_FAILED;
        if (o == NULL)
            say_facts(cli, ask, &f);
        else
            put_row(o, &f);
    }
    return WW_OK;
}

int command_feed_check(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",          COLUMN_RIGHT},
        {"outcome",     0           },
        {"http_status", COLUMN_RIGHT},
        {"words",       COLUMN_WIDE },
        {"advice",      COLUMN_WIDE },
        {"format",      0           },
        {"entries",     COLUMN_RIGHT},
        {"unseen",      COLUMN_RIGHT},
        {"newest_at",   0           },
        {"url",         COLUMN_WIDE },
        {"answered_by", COLUMN_WIDE }
    };
    struct crawl_options options = desk_crawl_options(cli);
    struct output *o = NULL;
    struct ask_means means = {&options, NULL, &cli->clock, &cli->log, &cli->arena};
    struct ask ask = {0};
    struct feed_list list = {0};
    struct ww_error err = {0};
    size_t n_failed = 0;
    enum ww_status status;

    if (cli->format != FORMAT_HUMAN || cli_has(cli, OPTION_FIELDS)) {
        o = output_open(cli, columns, WW_COUNT(columns));
        if (o == NULL)
            return EX_USAGE;
    }
    status = choose(cli, &list, &err);
    if (status == WW_OK)
        status = workers_open(cli->forkserver, 1, &means.workers, &err);
    if (status == WW_OK)
        status = ask_open(&ask, &means, &err);
    if (status == WW_OK)
        status = check_all(cli, &ask, o, &list, &n_failed, &err);
    ask_close(&ask);
    workers_close(means.workers);
    if (o != NULL)
        (void)output_close(o);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (list.n_rows == 0)
        cli_say(cli, "no feed needs a look; name those to be asked");
    return n_failed > 0 ? EXIT_FINDINGS : EX_OK;
}
