/*
 * bench_backfill.c - a backfill of 1,000 distinct pages from a loopback server, all of it: sitemaps
 * read, pages fetched, extracted, put into stories, stored, matched. Beside `wget -i` of the same
 * list, which only fetches. Seconds and memory are those of all processes of a program; the server
 * is this one and does not count.
 *
 * WW_BENCH_HISTORY=N: so many pages.
 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_texts.h"
#include "tests/support/http.h"
#include "tests/support/spent.h"

#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define HOSTS 8
#define PAGES 1000
#define TELLING_EVERY 20
#define FOLDER_BYTES 64
#define PATH_BYTES (FOLDER_BYTES + 32)
#define URL_BYTES 96
#define FIRST_DAY 1661990400 /* 2022-09-01 */
#define APART_S 10000

struct bench {
    struct http_server *server;
    size_t n_pages;
    char folder[FOLDER_BYTES];
    char program[512];
};

static int fail(const char *what)
{
    (void)fprintf(stderr, "bench_backfill: %s\n", what);
    return 1;
}

/* ---- the old sites --------------------------------------------------------------------------- */

static void add_date(struct buf *b, size_t page)
{
    const time_t at = (time_t)(FIRST_DAY + page * APART_S);
    struct tm parts;
    char text[32];

    (void)gmtime_r(&at, &parts);
    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    buf_add_string(b, text);
}

/* Some 50 kB, of which the text is a twentieth, as on news pages. */
static void make_page(size_t page, struct buf *b)
{
    char text[TEXT_BYTES_MAX];
    const size_t len = make_text(page, text);

    buf_printf(b, "<!doctype html><html lang=en><head><title>Report %zu of the old paper</title>",
               page);
    buf_add_string(b, "<meta property=\"article:published_time\" content=\"");
    add_date(b, page);
    buf_add_string(b, "\"><style>");
    for (size_t i = 0; i < 150; i++)
        buf_printf(b, ".c%zu > a:hover { color: #%06zx; margin: 0 %zupx }\n", i, i * 7919, i);
    buf_add_string(b, "</style><script>");
    for (size_t i = 0; i < 500; i++)
        buf_printf(b, "window.q%zu=window.q%zu||function(a){return a<%zu&&'<b>'+a+'</b>'};\n", i, i,
                   i);
    buf_add_string(b, "</script></head><body><nav><ul>");
    for (size_t i = 0; i < 120; i++)
        buf_printf(b, "<li class=\"n n%zu\"><a href=\"/s/%zu?x=1&amp;y=2\">Section %zu</a></li>", i,
                   i, i);
    buf_printf(b, "</ul></nav><main><article><h1>Report %zu of the old paper</h1><p>", page);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            buf_add_string(b, "</p>\n<p>");
        else
            buf_add_char(b, text[i]);
    }
    buf_add_string(b, "</p>");
    if (page % TELLING_EVERY == 0)
        buf_add_string(b, "<p>Neighbours said that the overseas police service station in "
                          "Rotterdam had been opened by the public security bureau of Fuzhou.</p>");
    buf_add_string(b, "</article></main><footer><p>Contact, imprint</p></footer></body></html>");
}

static void make_sitemap(const struct bench *b, size_t host, struct buf *out)
{
    buf_add_string(out, "<?xml version=\"1.0\"?><urlset "
                        "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
    for (size_t page = host; page < b->n_pages; page += HOSTS) {
        buf_printf(out, "<url><loc>http://127.22.0.%zu:%u/report/%zu</loc><lastmod>", host + 1,
                   http_server_port(b->server), page);
        add_date(out, page);
        buf_add_string(out, "</lastmod></url>\n");
    }
    buf_add_string(out, "</urlset>");
}

static void answer(void *context, const struct http_request *request, struct http_answer *out)
{
    const struct bench *b = context;
    const char *last = strrchr(request->address, '.');
    struct buf body;

    buf_init(&body, BODY_INFLATED_MAX_BYTES);
    out->status = 200;
    out->type = "text/html; charset=utf-8";
    if (strncmp(request->path, "/report/", 8) == 0) {
        make_page((size_t)strtoul(request->path + 8, NULL, 10), &body);
    } else if (strcmp(request->path, "/sitemap.xml") == 0 && last != NULL) {
        out->type = "application/xml";
        make_sitemap(b, (size_t)strtoul(last + 1, NULL, 10) - 1, &body);
    } else {
        out->status = 404;
        buf_add_string(&body, "not here");
    }
    out->body = malloc(body.len);
    if (out->body != NULL) {
        memcpy(out->body, body.ptr, body.len);
        out->body_len = body.len;
    }
    buf_release(&body);
}

static bool open_sites(struct bench *b, struct ww_error *err)
{
    char address[32];

    if (http_server_open("127.22.0.1", 0, &b->server, err) != WW_OK)
        return false;
    for (size_t i = 1; i < HOSTS; i++) {
        (void)snprintf(address, sizeof(address), "127.22.0.%zu", i + 1);
        if (http_server_listen(b->server, address, err) != WW_OK)
            return false;
    }
    http_server_handle(b->server, answer, b);
    return true;
}

/* ---- the programs ---------------------------------------------------------------------------- */

static FILE *create(const struct bench *b, const char *name, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", b->folder, name);
    return fopen(path, "w");
}

static bool write_settings(const struct bench *b)
{
    char path[PATH_BYTES], here[512];
    FILE *f = create(b, "wirewatch.conf", path);

    if (f == NULL || getcwd(here, sizeof(here)) == NULL)
        return false;
    (void)fprintf(f,
                  "[wirewatch]\ncontact = bench@example.org\n[fetch]\nallow = 127.0.0.0/8\n"
                  "per-host-interval = 0s\n[match]\n"
                  "watchlist = %s/watchlists/overseas-police-stations\n",
                  here);
    return fclose(f) == 0;
}

static struct spent run_backfill(const struct bench *b)
{
    char config[PATH_BYTES], db[PATH_BYTES], sites[HOSTS][URL_BYTES];
    const char *words[8 + HOSTS + 1] = {b->program, "-q", "-c", config, "-D", db};
    size_t n = 6;

    (void)snprintf(config, sizeof(config), "%s/wirewatch.conf", b->folder);
    (void)snprintf(db, sizeof(db), "%s/wirewatch.db", b->folder);
    words[n] = "init";
    if (spent_run(words).status != 0)
        return (struct spent){.status = -1};
    words[n++] = "backfill";
    words[n++] = "sitemap";
    for (size_t i = 0; i < HOSTS; i++) {
        (void)snprintf(sites[i], URL_BYTES, "http://127.22.0.%zu:%u/", i + 1,
                       http_server_port(b->server));
        words[n++] = sites[i];
    }
    return spent_run(words);
}

static struct spent run_wget(const struct bench *b)
{
    char list[PATH_BYTES];
    FILE *f = create(b, "list.txt", list);

    if (f == NULL)
        return (struct spent){.status = -1};
    for (size_t page = 0; page < b->n_pages; page++)
        (void)fprintf(f, "http://127.22.0.%zu:%u/report/%zu\n", page % HOSTS + 1,
                      http_server_port(b->server), page);
    (void)fclose(f);
    return spent_run((const char *const[]){"wget", "-q", "-i", list, "-O", "/dev/null", NULL});
}

static long ask_database(const struct bench *b, const char *question)
{
    char path[PATH_BYTES];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    long n = -1;

    (void)snprintf(path, sizeof(path), "%s/wirewatch.db", b->folder);
    if (sqlite3_open(path, &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        n = (long)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return n;
}

static int measure(const struct bench *b)
{
    const struct spent ours = run_backfill(b);
    const double n = (double)b->n_pages;
    const long n_telling = (long)((b->n_pages + TELLING_EVERY - 1) / TELLING_EVERY);
    struct spent peer;

    if (ours.status != 0)
        return fail("the backfill failed");
    if (ask_database(b, "SELECT COUNT(*) FROM article") != (long)b->n_pages)
        return fail("not every page became an article");
    if (ask_database(b, "SELECT COUNT(DISTINCT article_id) FROM mention") != n_telling)
        return fail("not every mention was found");
    bench_report("backfill, fetched to matched, pages a CPU second (peer: the 100 asked for)",
                 n / ours.cpu_s, 100, "pages/s", true);
    bench_report("backfill, PSS of all processes (peer: the 96 MB allowed)", ours.pss_mb, 96, "MB",
                 false);
    peer = run_wget(b);
    if (peer.status != 0) {
        (void)fprintf(stderr, "bench_backfill: no figures beside wget -i\n");
        return 0;
    }
    bench_report("backfill, CPU (peer: wget -i, which only fetches)", ours.cpu_s, peer.cpu_s, "s",
                 false);
    bench_report("backfill, wall (peer: wget -i, one page after the other)", ours.wall_s,
                 peer.wall_s, "s", false);
    return 0;
}

int main(void)
{
    struct bench b = {.folder = "/tmp/wirewatch-bench-XXXXXX",
                      .n_pages = (size_t)bench_number("WW_BENCH_HISTORY", PAGES)};
    const char *build = getenv("B");
    struct ww_error err = {0};
    char command[FOLDER_BYTES + 16];
    int status = 1;

    (void)snprintf(b.program, sizeof(b.program), "%s/wirewatch",
                   build == NULL ? "build/cc" : build);
    if (mkdtemp(b.folder) == NULL)
        return fail("no folder in /tmp");
    if (!write_settings(&b))
        (void)fail("no settings");
    else if (open_sites(&b, &err))
        status = measure(&b);
    else
        (void)fail(err.message);
    http_server_close(b.server);
    (void)snprintf(command, sizeof(command), "rm -rf %s", b.folder);
    return system(command) == 0 ? status : 1;
}
