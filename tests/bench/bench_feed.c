/*
 * bench_feed.c - one feed of 12 MB, from bytes to the rows of a run: encoding, entries, dates,
 * addresses, safe HTML, the record to the parent and its check there; beside bare libxml2 over the
 * same bytes in the same process. The feed is made here: 5,000 entries as a blog sends them, with a
 * summary, the whole article as HTML, an author and categories.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "feeds/feed.h"
#include "tests/bench/bench.h"

#include <string.h>

#include <libxml/parser.h>

#define ENTRIES 5000
#define ROUNDS_S 5.0
#define ROUNDS_MIN 5
#define CHUNK_BYTES (64 * 1024)

/* ---- the feed -------------------------------------------------------------------------------- */

static void add_sentence(struct buf *b, unsigned n)
{
    static const char *const who[] = {"The harbour board", "A court in the valley", "The ministry",
                                      "The ferry company", "Teachers of the island"};
    static const char *const did[] = {"has put off", "wants to look again at",
                                      "gave its consent to", "was told to end",
                                      "has asked neighbours about"};
    static const char *const what[] = {"the dredging of the north quay",
                                       "a bridge for goods trains",
                                       "last year\xe2\x80\x99s contract for tugs",
                                       "night work at the cannery",
                                       "a school for the villages",
                                       "its list of old wrecks"};

    buf_printf(b, "%s %s %s, %u days after the storm of %u. ", who[n % WW_COUNT(who)],
               did[n / 5 % WW_COUNT(did)], what[n / 25 % WW_COUNT(what)], n % 90 + 2,
               1900 + n % 120);
}

static void add_article(struct buf *b, unsigned n)
{
    buf_printf(b,
               "<content:encoded><![CDATA[<figure class=\"wide\"><img width=\"800\" "
               "height=\"450\" src=\"https://pictures.example.org/%u.jpg\" alt=\"The quay\" />"
               "<figcaption>The quay &#8211; before the works</figcaption></figure>\n",
               n);
    for (unsigned i = 0; i < 3; i++) {
        buf_add_string(b, "<p>");
        add_sentence(b, n * 13 + i);
        buf_printf(b, "<a href=\"https://news.example.org/2026/%u/%u.html?a=1&amp;b=2\">", n, i);
        add_sentence(b, n * 17 + i);
        buf_add_string(b, "</a> <strong>");
        add_sentence(b, n * 19 + i);
        buf_add_string(b, "</strong>&nbsp;");
        add_sentence(b, n * 23 + i);
        buf_add_string(b, i % 2 == 0 ? "</p>\n" : "<br />\n<em>To be continued.</em></p>\n");
    }
    buf_add_string(b, "<ul><li>One</li><li>Two</li></ul>]]></content:encoded>\n");
}

static void make_feed(struct buf *b)
{
    buf_add_string(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
                      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"
                      "<title>The quay</title><link>https://news.example.org/</link>"
                      "<description>News of the island</description><language>en</language>\n");
    for (unsigned n = 0; n < ENTRIES; n++) {
        buf_add_string(b, "<item><title>");
        add_sentence(b, n);
        buf_printf(b,
                   "</title>\n<link>https://news.example.org/2026/10/story-%u/</link>\n"
                   "<dc:creator><![CDATA[Desk %u]]></dc:creator>\n"
                   "<pubDate>Thu, %02u Oct 2026 %02u:%02u:11 +0000</pubDate>\n"
                   "<category><![CDATA[Harbour]]></category><category>Council</category>\n"
                   "<guid isPermaLink=\"false\">https://news.example.org/?p=%u</guid>\n"
                   "<description>&lt;p&gt;",
                   n, n % 9, n % 28 + 1, n % 24, n % 60, n);
        add_sentence(b, n * 3);
        buf_printf(b, "&lt;a href=\"/more/%u\"&gt;More&lt;/a&gt;&lt;/p&gt;</description>\n", n);
        add_article(b, n);
        buf_add_string(b, "</item>\n");
    }
    buf_add_string(b, "</channel></rss>\n");
}

/* ---- both sides ------------------------------------------------------------------------------ */

struct tally {
    size_t n_elements, n_bytes;
};

static void on_element(void *context, const xmlChar *name, const xmlChar *prefix,
                       const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                       int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    struct tally *tally = context;

    WW_UNUSED(name);
    WW_UNUSED(prefix);
    WW_UNUSED(uri);
    WW_UNUSED(n_namespaces);
    WW_UNUSED(namespaces);
    WW_UNUSED(n_attributes);
    WW_UNUSED(n_defaulted);
    WW_UNUSED(attributes);
    tally->n_elements++;
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct tally *tally = context;

    WW_UNUSED(text);
    tally->n_bytes += (size_t)len;
}

static size_t pass_bare(struct slice feed)
{
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_element,
                             .characters = on_text,
                             .cdataBlock = on_text};
    struct tally tally = {0};
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &tally, NULL, 0, NULL);

    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET);
    for (size_t at = 0; at < feed.len; at += CHUNK_BYTES) {
        struct slice piece = slice_sub(feed, at, CHUNK_BYTES);

        (void)xmlParseChunk(parser, piece.ptr, (int)piece.len, at + piece.len == feed.len);
    }
    xmlFreeParserCtxt(parser);
    return tally.n_elements;
}

static size_t pass_ours(struct slice feed)
{
    struct arena arena;
    struct buf request, answer;
    struct feed parsed = {0};
    struct slice charset;
    struct ww_error err = {0};

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&request, REQUEST_MAX_BYTES);
    buf_init(&answer, ANSWER_MAX_BYTES);
    parse_request_feed(&request, feed, SLICE("application/rss+xml"),
                       SLICE("https://news.example.org/feed/"));
    parse_run(buf_slice(&request), &arena, &answer);
    arena_reset(&arena);
    if (parse_answer_feed(buf_slice(&answer), &arena, &parsed, &charset, &err) != WW_OK)
        (void)fprintf(stderr, "bench_feed: %s\n", err.message);
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    return parsed.n_entries;
}

/* Seconds of processor time; the shortest of all rounds, for others use the machine, too. */
static void time_pass(struct slice feed, size_t (*pass)(struct slice feed), double *best_s)
{
    const double begun = bench_cpu_s();
    const size_t n = pass(feed);
    const double spent = bench_cpu_s() - begun;

    if (n < ENTRIES)
        *best_s = 0;
    else if (*best_s < 0 || spent < *best_s)
        *best_s = spent;
}

int main(void)
{
    const double until_s = bench_wall_s() + ROUNDS_S;
    double bare_s = -1, ours_s = -1, mb;
    struct buf feed;

    buf_init(&feed, BODY_INFLATED_MAX_BYTES);
    make_feed(&feed);
    mb = (double)feed.len / 1e6;
    /* In turns: whatever else the machine does meets both. */
    for (size_t i = 0; i < ROUNDS_MIN || bench_wall_s() < until_s; i++) {
        time_pass(buf_slice(&feed), pass_bare, &bare_s);
        time_pass(buf_slice(&feed), pass_ours, &ours_s);
    }
    buf_release(&feed);
    if (bare_s <= 0 || ours_s <= 0)
        return 1;
    bench_report("feed of 12 MB to rows, everything done (peer: bare libxml2 SAX)", mb / ours_s,
                 mb / bare_s, "MB/CPU s", true);
    return 0;
}
