/* site.c - see site.h. */
#include "tests/support/site.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/hash.h"
#include "tests/support/template.h"

#include <dirent.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    OUTLETS_MAX = 64,
    FOLDERS_MAX = 256,
    PATH_MAX_BYTES = 512,
    SITE_MAX_BYTES = 64 * 1024 * 1024
};

struct outlet {
    const char *name;
    const char *address;
    const char *charset;
    const char *header_charset; /* "-": the header does not say */
    bool has_etag;
    bool has_date;
};

struct site {
    struct arena arena;
    const char *folder;
    int64_t now;
    unsigned port;
    struct outlet outlets[OUTLETS_MAX];
    size_t n_outlets;
    struct site_page *pages;
    size_t n_pages;
    size_t pages_capacity;
    struct site_route *routes;
    size_t n_routes;
    size_t routes_capacity;
};

/* ---- reading files --------------------------------------------------------------------------- */

static enum ww_status read_file(struct site *site, const char *path, struct slice *out,
                                struct ww_error *err)
{
    FILE *f = fopen(path, "rb");
    struct buf b;
    char piece[8192];
    size_t n;

    if (f == NULL)
        return ww_fail(err, WW_NOT_FOUND, "%s: %s", path, strerror(errno));
    buf_init(&b, SITE_MAX_BYTES);
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_add(&b, slice_of(piece, n));
    fclose(f);
    *out = arena_copy(&site->arena, buf_slice(&b));
    buf_release(&b);
    return arena_check(&site->arena, err);
}

/* One line of a tab-separated table in at most max cells. False for blank lines and comments. */
static size_t split_row(struct site *site, struct slice line, const char **cells, size_t max)
{
    struct slice cell;
    size_t n = 0;

    if (line.len == 0 || line.ptr[0] == '#')
        return 0;
    while (n < max && slice_next(&line, '\t', &cell))
        cells[n++] = arena_string(&site->arena, slice_trim(cell));
    return n;
}

static enum ww_status read_outlets(struct site *site, struct slice table, struct ww_error *err)
{
    struct slice line;

    while (slice_next_line(&table, &line)) {
        const char *cells[5];
        size_t n = split_row(site, line, cells, WW_COUNT(cells));

        if (n == 0)
            continue;
        if (n < WW_COUNT(cells) || site->n_outlets == OUTLETS_MAX)
            return ww_fail(err, WW_INVALID, "outlets.tsv: %.*s", SLICE_ARG(line));
        site->outlets[site->n_outlets++] = (struct outlet){
            .name = cells[0],
            .address = cells[1],
            .charset = cells[2],
            .header_charset = cells[3],
            .has_etag = strcmp(cells[4], "etag") == 0 || strcmp(cells[4], "both") == 0,
            .has_date = strcmp(cells[4], "date") == 0 || strcmp(cells[4], "both") == 0,
        };
    }
    return arena_check(&site->arena, err);
}

static const struct outlet *outlet_named(const struct site *site, struct slice name)
{
    for (size_t i = 0; i < site->n_outlets; i++)
        if (slice_equal(slice_from(site->outlets[i].name), name))
            return &site->outlets[i];
    return NULL;
}

static bool is_state_number(const char *s)
{
    return (s[0] == '1' || s[0] == '2') && s[1] == '\0';
}

static enum ww_status read_routes(struct site *site, struct slice table, struct ww_error *err)
{
    struct slice line;

    while (slice_next_line(&table, &line)) {
        const char *cells[5] = {"", "", "", "", ""};
        unsigned long long status = 0;
        struct site_route *routes;

        if (split_row(site, line, cells, WW_COUNT(cells)) == 0)
            continue;
        if (!is_state_number(cells[0]) || outlet_named(site, slice_from(cells[1])) == NULL ||
            !slice_number(slice_from(cells[3]), 599, &status))
            return ww_fail(err, WW_INVALID, "routes.tsv: %.*s", SLICE_ARG(line));
        routes = arena_grow(&site->arena, site->routes, site->n_routes, &site->routes_capacity,
                            sizeof(*routes));
        if (routes == NULL)
            break;
        site->routes = routes;
        routes[site->n_routes++] = (struct site_route){.outlet = cells[1],
                                                       .path = cells[2],
                                                       .state = (unsigned)(cells[0][0] - '1'),
                                                       .status = (unsigned)status,
                                                       .value = cells[4]};
    }
    return arena_check(&site->arena, err);
}

/* ---- rendering ------------------------------------------------------------------------------- */

/* What {{base}} and {{base other}} stand for. */
static enum ww_status base_of(void *context, struct slice name, struct buf *out,
                              struct ww_error *err)
{
    const struct site *site = context;
    const struct outlet *outlet = outlet_named(site, name);

    if (outlet == NULL)
        return ww_fail(err, WW_INVALID, "no outlet %.*s", SLICE_ARG(name));
    buf_printf(out, "http://%s:%u", outlet->address, site->port);
    return WW_OK;
}

static enum ww_status encode(struct site *site, const struct outlet *outlet, struct slice utf8,
                             struct slice *out, struct ww_error *err)
{
    iconv_t converter;
    size_t in_left = utf8.len;
    size_t out_left = utf8.len * 4 + 16;
    size_t room = out_left;
    char *in = (char *)(uintptr_t)utf8.ptr; /* iconv does not write to it */
    char *bytes = arena_alloc(&site->arena, room);
    char *at = bytes;
    size_t done;

    *out = utf8;
    if (strcmp(outlet->charset, "UTF-8") == 0)
        return WW_OK;
    if (bytes == NULL)
        return arena_check(&site->arena, err);
    converter = iconv_open(outlet->charset, "UTF-8");
    if (converter == (iconv_t)-1)
        return ww_fail(err, WW_INVALID, "no encoding %s here", outlet->charset);
    done = iconv(converter, &in, &in_left, &at, &out_left);
    iconv_close(converter);
    if (done == (size_t)-1)
        return ww_fail(err, WW_INVALID, "not in %s: \"%.*s\"", outlet->charset,
                       SLICE_ARG(slice_head(slice_of(in, in_left), 12)));
    *out = slice_of(bytes, room - out_left);
    return WW_OK;
}

static const char *type_of(struct slice path)
{
    static const struct {
        const char *suffix;
        const char *type;
    } types[] = {
        {".atom", "application/atom+xml"},
        {".rdf",  "application/rdf+xml" },
        {".rss",  "application/rss+xml" },
        {".txt",  "text/plain"          },
        {".xml",  "text/xml"            },
    };

    for (size_t i = 0; i < WW_COUNT(types); i++)
        if (slice_ends(path, slice_from(types[i].suffix)))
            return types[i].type;
    return "text/html";
}

static void set_headers(struct site *site, const struct outlet *outlet, struct site_page *page)
{
    time_t changed = (time_t)(site->now - (page->state == 0 ? 3600 : 60));
    struct tm tm;

    if (strcmp(outlet->header_charset, "-") == 0)
        snprintf(page->type, sizeof(page->type), "%s", type_of(slice_from(page->path)));
    else
        snprintf(page->type, sizeof(page->type), "%s; charset=%s", type_of(slice_from(page->path)),
                 outlet->header_charset);
    if (outlet->has_etag)
        snprintf(page->etag, sizeof(page->etag), "\"%016llx\"",
                 (unsigned long long)hash64(page->body));
    if (outlet->has_date && gmtime_r(&changed, &tm) != NULL)
        strftime(page->last_modified, sizeof(page->last_modified), "%a, %d %b %Y %H:%M:%S GMT",
                 &tm);
}

/* The layout that the page names, of the first state: layouts are not edited. */
static enum ww_status read_layout(struct site *site, const struct outlet *outlet,
                                  const struct template *t, struct slice *layout,
                                  struct ww_error *err)
{
    struct slice name = template_key(t, SLICE("layout"));
    char path[PATH_MAX_BYTES];

    if (name.len == 0)
        name = SLICE("layout.html");
    snprintf(path, sizeof(path), "%s/%s/%.*s", site->folder, outlet->name, SLICE_ARG(name));
    return read_file(site, path, layout, err);
}

static enum ww_status add_page(struct site *site, const struct outlet *outlet, unsigned state,
                               const char *path, const char *file, struct ww_error *err)
{
    struct site_page page = {.outlet = outlet->name, .path = path, .state = state};
    struct template t = {.now = site->now, .base = base_of, .context = site};
    struct slice text = {0};
    struct slice layout;
    struct slice utf8 = {0};
    struct site_page *pages;
    enum ww_status status = read_file(site, file, &text, err);

    if (status != WW_OK)
        return status;
    layout = text;
    t.outlet = slice_from(outlet->name);
    t.path = slice_from(path);
    if (template_read_page(text, &t))
        status = read_layout(site, outlet, &t, &layout, err);
    if (status == WW_OK)
        status = template_expand(&t, layout, &site->arena, &utf8, err);
    if (status == WW_OK)
        status = encode(site, outlet, utf8, &page.body, err);
    if (status != WW_OK)
        return ww_context(err, status, "%s", file);
    set_headers(site, outlet, &page);
    pages =
        arena_grow(&site->arena, site->pages, site->n_pages, &site->pages_capacity, sizeof(*pages));
    if (pages == NULL)
        return arena_check(&site->arena, err);
    site->pages = pages;
    pages[site->n_pages++] = page;
    return WW_OK;
}

/* All files under one outlet's folder; folders wait in a list, so nothing recurses. */
static enum ww_status add_folder(struct site *site, const struct outlet *outlet, unsigned state,
                                 struct ww_error *err)
{
    const char *waiting[FOLDERS_MAX] = {""};
    size_t n_waiting = 1;
    enum ww_status status = WW_OK;

    while (n_waiting > 0 && status == WW_OK) {
        const char *inner = waiting[--n_waiting];
        const char *folder = arena_printf(&site->arena, "%s/%s%s%s", site->folder,
                                          state == 0 ? "" : "second/", outlet->name, inner)
                                 .ptr;
        DIR *dir = folder != NULL ? opendir(folder) : NULL;
        struct dirent *entry;

        while (dir != NULL && status == WW_OK && (entry = readdir(dir)) != NULL) {
            const char *path;
            const char *file;
            struct stat st;

            if (entry->d_name[0] == '.' || strncmp(entry->d_name, "layout", 6) == 0)
                continue;
            path = arena_printf(&site->arena, "%s/%s", inner, entry->d_name).ptr;
            file = arena_printf(&site->arena, "%s/%s", folder, entry->d_name).ptr;
            if (path == NULL || file == NULL || stat(file, &st) != 0)
                continue;
            if (!S_ISDIR(st.st_mode))
                status = add_page(site, outlet, state, path, file, err);
            else if (n_waiting < FOLDERS_MAX)
                waiting[n_waiting++] = path;
        }
        if (dir != NULL)
            closedir(dir);
    }
    return status != WW_OK ? status : arena_check(&site->arena, err);
}

/* ---- life ------------------------------------------------------------------------------------ */

static enum ww_status read_table(struct site *site, const char *name,
                                 enum ww_status (*reader)(struct site *, struct slice,
                                                          struct ww_error *),
                                 struct ww_error *err)
{
    char path[PATH_MAX_BYTES];
    struct slice table = {0};
    enum ww_status status;

    snprintf(path, sizeof(path), "%s/%s", site->folder, name);
    status = read_file(site, path, &table, err);
    return status != WW_OK ? status : reader(site, table, err);
}

enum ww_status site_open(const char *folder, int64_t now, unsigned port, struct site **out,
                         struct ww_error *err)
{
    struct site *site = calloc(1, sizeof(*site));
    enum ww_status status;

    *out = NULL;
    if (site == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for a site");
    arena_init(&site->arena, SITE_MAX_BYTES);
    site->folder = folder;
    site->now = now;
    site->port = port;
    status = read_table(site, "outlets.tsv", read_outlets, err);
    if (status == WW_OK)
        status = read_table(site, "routes.tsv", read_routes, err);
    for (size_t i = 0; i < site->n_outlets && status == WW_OK; i++)
        for (unsigned state = 0; state < SITE_STATES && status == WW_OK; state++)
            status = add_folder(site, &site->outlets[i], state, err);
    if (status == WW_OK)
        *out = site;
    else
        site_close(site);
    return status;
}

void site_close(struct site *site)
{
    if (site == NULL)
        return;
    arena_release(&site->arena);
    free(site);
}

/* ---- asking ---------------------------------------------------------------------------------- */

const char *site_address(const struct site *site, size_t i)
{
    return i < site->n_outlets ? site->outlets[i].address : NULL;
}

static const struct outlet *outlet_at(const struct site *site, const char *address)
{
    for (size_t i = 0; i < site->n_outlets; i++)
        if (strcmp(site->outlets[i].address, address) == 0)
            return &site->outlets[i];
    return NULL;
}

const struct site_page *site_find_page(const struct site *site, const char *address,
                                       const char *path, unsigned state)
{
    const struct outlet *outlet = outlet_at(site, address);
    struct slice name = slice_from(path);
    const struct site_page *found = NULL;

    name = slice_head(name, slice_find_char(name, '?'));
    for (size_t i = 0; outlet != NULL && i < site->n_pages; i++) {
        const struct site_page *page = &site->pages[i];

        if (page->outlet == outlet->name && page->state <= state &&
            slice_equal(slice_from(page->path), name) &&
            (found == NULL || page->state > found->state))
            found = page;
    }
    return found;
}

const struct site_route *site_find_route(const struct site *site, const char *address,
                                         const char *path, unsigned state)
{
    const struct outlet *outlet = outlet_at(site, address);
    const struct site_route *found = NULL;

    for (size_t i = 0; outlet != NULL && i < site->n_routes; i++) {
        const struct site_route *route = &site->routes[i];

        if (strcmp(route->outlet, outlet->name) == 0 && route->state <= state &&
            strcmp(route->path, path) == 0 && (found == NULL || route->state > found->state))
            found = route;
    }
    return found;
}

enum ww_status site_expand(struct site *site, struct slice text, struct slice *out,
                           struct ww_error *err)
{
    struct template t = {.now = site->now, .base = base_of, .context = site};

    return template_expand(&t, text, &site->arena, out, err);
}
