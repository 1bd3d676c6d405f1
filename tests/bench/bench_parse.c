/*
 * bench_parse.c - pages to trees and to articles, beside bare Gumbo over the same bytes in the same
 * run. Pages: the folder WW_BENCH_PAGES
 * (HTML, perhaps gzipped), else a few made here, with the share of script, markup and
 * text that news pages have.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "extractors/article.h"
#include "extractors/dom.h"
#include "tests/bench/bench.h"

#include <dirent.h>
#include <gumbo.h>
#include <string.h>

#define PAGES_MAX 300 /* the first of a folder: some 60 MB, half a minute */
#define ROUND_S 2.0

struct pages {
    struct slice raw[PAGES_MAX], utf8[PAGES_MAX];
    size_t n, n_bytes;
    struct arena arena;
};

static struct slice read_whole(const char *path, struct arena *arena)
{
    FILE *f = fopen(path, "rb");
    struct buf bytes;
    struct slice out = {0};
    char piece[65536];
    size_t n;

    if (f == NULL)
        return out;
    buf_init(&bytes, BODY_INFLATED_MAX_BYTES);
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_add(&bytes, slice_of(piece, n));
    (void)fclose(f);
    if (buf_finish(&bytes, NULL) == WW_OK)
        out = arena_copy(arena, buf_slice(&bytes));
    buf_release(&bytes);
    if (inflate_is_gzip(out) &&
        inflate_all(out, BODY_INFLATED_MAX_BYTES, arena, &out, NULL) != WW_OK)
        return (struct slice){0};
    return out;
}

static void add_page(struct pages *p, struct slice raw)
{
    const char *charset;

    if (raw.len == 0 || p->n == PAGES_MAX)
        return;
    charset = charset_detect(raw, CHARSET_HTML, (struct slice){"", 0});
    if (charset_decode(raw, charset, &p->arena, &p->utf8[p->n], NULL) != WW_OK)
        return;
    p->raw[p->n++] = raw;
    p->n_bytes += raw.len;
}

static void read_folder(struct pages *p, const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        add_page(p, read_whole(path, &p->arena));
    }
    if (dir != NULL)
        (void)closedir(dir);
}

static void make_pages(struct pages *p)
{
    for (unsigned page = 0; page < 20; page++) {
        struct buf b;

        buf_init(&b, BODY_INFLATED_MAX_BYTES);
        buf_printf(&b, "<!doctype html><html lang=en><head><title>Page %u</title><style>", page);
        for (unsigned i = 0; i < 200 + 10 * page; i++)
            buf_printf(&b, ".c%u > a:hover { color: #%06x; margin: 0 %upx }\n", i, i * 7919, i);
        buf_add_string(&b, "</style><script>");
        for (unsigned i = 0; i < 600; i++)
            buf_printf(&b, "window.q%u=window.q%u||function(a){return a<%u&&'<b>'+a+'</b>'};\n", i,
                       i, i);
        buf_add_string(&b, "</script></head><body><nav><ul>");
        for (unsigned i = 0; i < 150; i++)
            buf_printf(&b, "<li class=\"n n%u\"><a href=\"/s/%u?x=1&amp;y=2\">Section %u</a></li>",
                       i, i, i);
        buf_add_string(&b, "</ul></nav><main><article><h1>The pier is closed</h1>");
        for (unsigned i = 0; i < 25; i++)
            buf_printf(
                &b,
                "<div class=\"w\"><p id=p%u>The council of the island voted on the %u piers that "
                "ship worm has eaten, and the <a href=\"/t/%u\">ferry</a> will call at the north "
                "quay until the works are done, said the mayor &mdash; not before "
                "autumn.</p></div>\n",
                i, i + page, i);
        buf_add_string(&b,
                       "</article></main><footer><p>Contact, imprint</p></footer></body></html>");
        add_page(p, arena_copy(&p->arena, buf_slice(&b)));
        buf_release(&b);
    }
}

/* One pass over all pages; how many were understood. */
typedef size_t pass_function(const struct pages *p, struct arena *arena);

static size_t pass_gumbo(const struct pages *p, struct arena *arena)
{
    GumboOptions options = kGumboDefaultOptions;

    WW_UNUSED(arena);
    options.max_errors = 0;
    for (size_t i = 0; i < p->n; i++) {
        GumboOutput *tree = gumbo_parse_with_options(&options, p->utf8[i].ptr, p->utf8[i].len);

        gumbo_destroy_output(&options, tree);
    }
    return p->n;
}

static size_t pass_dom(const struct pages *p, struct arena *arena)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct dom dom;

        arena_reset(arena);
        n += dom_parse(p->utf8[i], arena, &dom, NULL) == WW_OK;
    }
    return n;
}

static size_t pass_article(const struct pages *p, struct arena *arena)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct article_hints hints = {.url = SLICE("https://example.org/2024/05/06/page.html")};
        struct article article;

        arena_reset(arena);
        n += article_extract(p->raw[i], &hints, arena, &article, NULL) == WW_OK;
    }
    return n;
}

/* MB of raw pages in a CPU second. */
static double measure(const struct pages *p, pass_function *pass, size_t *n_good)
{
    struct arena arena;
    double begun, spent;
    size_t n_rounds = 0;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    *n_good = pass(p, &arena);
    begun = bench_cpu_s();
    do {
        (void)pass(p, &arena);
        n_rounds++;
        spent = bench_cpu_s() - begun;
    } while (spent < ROUND_S);
    arena_release(&arena);
    return (double)p->n_bytes * (double)n_rounds / spent / 1e6;
}

int main(void)
{
    static struct pages pages;
    const char *folder = getenv("WW_BENCH_PAGES");
    size_t n_good;
    double gumbo, dom, article;

    arena_init(&pages.arena, (size_t)2 << 30);
    if (folder != NULL)
        read_folder(&pages, folder);
    else
        make_pages(&pages);
    if (pages.n == 0) {
        (void)fprintf(stderr, "bench_parse: no pages in %s\n", folder);
        return 1;
    }
    gumbo = measure(&pages, pass_gumbo, &n_good);
    dom = measure(&pages, pass_dom, &n_good);
    article = measure(&pages, pass_article, &n_good);
    bench_report("page to tree: prescan and Gumbo (peer: bare Gumbo)", dom, gumbo, "MB/CPU s",
                 true);
    bench_report("page to article, all fields (peer: bare Gumbo)", article, gumbo, "MB/CPU s",
                 true);
    bench_report("pages with an article (peer: pages)", (double)n_good, (double)pages.n, "pages",
                 true);
    arena_release(&pages.arena);
    return 0;
}
