/*
 * bench_parse.c - pages to trees and to articles, beside bare Gumbo and bare libxml2 over the same
 * bytes in the same run. Pages: the folder WW_BENCH_PAGES (HTML, perhaps gzipped), else a few made
 * here, with the share of script, markup and text that news pages have.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "extractors/article.h"
#include "extractors/dom.h"
#include "tests/bench/bench.h"
#include "tests/support/pages.h"

#include <sys/wait.h>
#include <unistd.h>

#include <gumbo.h>
#include <libxml/HTMLparser.h>

#define PAGES_MAX 300 /* the first of a folder: some 60 MB, half a minute */
#define MADE_PAGES 20
#define ROUND_S 2.0
#define SLOW_S 0.020

/* ---- pages ----------------------------------------------------------------------------------- */

static void make_page(unsigned page, struct buf *b)
{
    buf_reset(b);
    buf_printf(b, "<!doctype html><html lang=en><head><title>Page %u</title><style>", page);
    for (unsigned i = 0; i < 200 + 10 * page; i++)
        buf_printf(b, ".c%u > a:hover { color: #%06x; margin: 0 %upx }\n", i, i * 7919, i);
    buf_add_string(b, "</style><script>");
    for (unsigned i = 0; i < 600; i++)
        buf_printf(b, "window.q%u=window.q%u||function(a){return a<%u&&'<b>'+a+'</b>'};\n", i, i,
                   i);
    buf_add_string(b, "</script></head><body><nav><ul>");
    for (unsigned i = 0; i < 150; i++)
        buf_printf(b, "<li class=\"n n%u\"><a href=\"/s/%u?x=1&amp;y=2\">Section %u</a></li>", i, i,
                   i);
    buf_add_string(b, "</ul></nav><main><article><h1>The pier is closed</h1>");
    for (unsigned i = 0; i < 25; i++)
        buf_printf(
            b,
            "<div class=\"w\"><p id=p%u>The council of the island voted on the %u piers that "
            "ship worm has eaten, and the <a href=\"/t/%u\">ferry</a> will call at the north "
            "quay until the works are done, said the mayor &mdash; not before "
            "autumn.</p></div>\n",
            i, i + page, i);
    buf_add_string(b, "</article></main><footer><p>Contact, imprint</p></footer></body></html>");
}

typedef void page_function(struct slice raw, struct slice utf8, void *context);

/* How many there were. */
static size_t each_page(page_function *use, void *context)
{
    struct pages *pages = pages_open(getenv("WW_BENCH_PAGES"));
    struct page page;
    struct buf made;
    size_t n = 0;

    if (getenv("WW_BENCH_PAGES") != NULL) {
        while (pages != NULL && n < PAGES_MAX && pages_next(pages, &page)) {
            use(page.raw, page.utf8, context);
            n++;
        }
        pages_close(pages);
        return n;
    }
    buf_init(&made, BODY_INFLATED_MAX_BYTES);
    for (; n < MADE_PAGES; n++) {
        make_page((unsigned)n, &made);
        use(buf_slice(&made), buf_slice(&made), context);
    }
    buf_release(&made);
    return n;
}

struct loaded {
    struct slice raw[PAGES_MAX], utf8[PAGES_MAX];
    size_t n, n_bytes;
    struct arena arena;
};

static void load(struct slice raw, struct slice utf8, void *context)
{
    struct loaded *p = context;

    p->raw[p->n] = arena_copy(&p->arena, raw);
    p->utf8[p->n++] = arena_copy(&p->arena, utf8);
    p->n_bytes += raw.len;
}

/* ---- one page, four ways --------------------------------------------------------------------- */

/* True: it was understood. */
typedef bool parse_function(struct slice raw, struct slice utf8, struct arena *arena);

static bool parse_gumbo(struct slice raw, struct slice utf8, struct arena *arena)
{
    GumboOptions options = kGumboDefaultOptions;

    WW_UNUSED(raw);
    WW_UNUSED(arena);
    options.max_errors = 0;
    gumbo_destroy_output(&options, gumbo_parse_with_options(&options, utf8.ptr, utf8.len));
    return true;
}

static bool parse_libxml2(struct slice raw, struct slice utf8, struct arena *arena)
{
    htmlDocPtr doc = htmlReadMemory(utf8.ptr, (int)utf8.len, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                        HTML_PARSE_RECOVER);

    WW_UNUSED(raw);
    WW_UNUSED(arena);
    xmlFreeDoc(doc);
    return doc != NULL;
}

static bool parse_dom(struct slice raw, struct slice utf8, struct arena *arena)
{
    struct dom dom;

    WW_UNUSED(raw);
    arena_reset(arena);
    return dom_parse(utf8, arena, &dom, NULL) == WW_OK;
}

static bool parse_article(struct slice raw, struct slice utf8, struct arena *arena)
{
    struct article_hints hints = {.url = SLICE("https://example.org/2024/05/06/page.html")};
    struct article article;

    WW_UNUSED(utf8);
    arena_reset(arena);
    return article_extract(raw, &hints, arena, &article, NULL) == WW_OK;
}

/* ---- measuring ------------------------------------------------------------------------------- */

struct measured {
    double mb_per_s; /* of raw pages in a CPU second */
    size_t n_good, n_slow;
};

static struct measured measure(const struct loaded *p, parse_function *parse)
{
    struct measured m = {0};
    struct arena arena;
    double spent = 0;
    size_t n_rounds = 0;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < p->n; i++) {
        const double begun = bench_cpu_s();

        m.n_good += parse(p->raw[i], p->utf8[i], &arena);
        m.n_slow += bench_cpu_s() - begun > SLOW_S;
    }
    for (const double begun = bench_cpu_s(); spent < ROUND_S; n_rounds++) {
        for (size_t i = 0; i < p->n; i++)
            (void)parse(p->raw[i], p->utf8[i], &arena);
        spent = bench_cpu_s() - begun;
    }
    arena_release(&arena);
    m.mb_per_s = (double)p->n_bytes * (double)n_rounds / spent / 1e6;
    return m;
}

struct walk {
    parse_function *parse;
    struct arena arena;
};

static void parse_one(struct slice raw, struct slice utf8, void *context)
{
    struct walk *w = context;

    (void)w->parse(raw, utf8, &w->arena);
}

/* The most that a process has in memory which parses the pages one after the other. */
static double peak_mb(parse_function *parse)
{
    struct walk w = {.parse = parse};
    struct rusage usage = {0};
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        arena_init(&w.arena, PAGE_ARENA_MAX_BYTES);
        (void)each_page(parse_one, &w);
        _exit(EXIT_SUCCESS);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
        return 0;
    return (double)usage.ru_maxrss / 1024;
}

int main(void)
{
    static struct loaded pages;
    struct measured gumbo, libxml2, dom, article;
    /* Before any page is here: a child has what its parent had. */
    const double article_mb = peak_mb(parse_article);
    const double gumbo_mb = peak_mb(parse_gumbo);

    arena_init(&pages.arena, (size_t)2 << 30);
    if (each_page(load, &pages) == 0) {
        (void)fprintf(stderr, "bench_parse: no pages in %s\n", getenv("WW_BENCH_PAGES"));
        return 1;
    }
    gumbo = measure(&pages, parse_gumbo);
    libxml2 = measure(&pages, parse_libxml2);
    dom = measure(&pages, parse_dom);
    article = measure(&pages, parse_article);
    bench_report("page to tree: pre-scan and Gumbo (peer: bare Gumbo)", dom.mb_per_s,
                 gumbo.mb_per_s, "MB/CPU s", true);
    bench_report("page to tree: pre-scan and Gumbo (peer: bare libxml2)", dom.mb_per_s,
                 libxml2.mb_per_s, "MB/CPU s", true);
    bench_report("page to article, all fields (peer: bare Gumbo)", article.mb_per_s, gumbo.mb_per_s,
                 "MB/CPU s", true);
    bench_report("page to article, all fields (peer: bare libxml2)", article.mb_per_s,
                 libxml2.mb_per_s, "MB/CPU s", true);
    bench_report("most memory, pages to articles (peer: bare Gumbo)", article_mb, gumbo_mb, "MB",
                 false);
    bench_report("pages with an article (peer: pages)", (double)article.n_good, (double)pages.n,
                 "pages", true);
    bench_report("pages of more than 20 ms (peer: bare Gumbo)", (double)article.n_slow,
                 (double)gumbo.n_slow, "pages", false);
    arena_release(&pages.arena);
    return 0;
}
