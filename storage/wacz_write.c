/* wacz_write.c - libzip, and the JSON that stands beside the records. */
#include "storage/wacz_write.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/url.h"
#include "storage/store_articles.h"
#include "storage/warc_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zip.h>

#define DATA_NAME "data.warc.gz"

/* A line of the index, in the buffer of them all. */
struct line {
    size_t at, len;
};

struct wacz {
    char path[PATH_MAX];
    int64_t now;
    FILE *data; /* has no name */
    int64_t data_bytes;
    struct hasher *hasher;
    struct buf lines, pages;
    struct line *index;
    size_t n_index, capacity;
    struct arena arena; /* of one record; at the end, of the whole */
};

/* A member besides the records; its bytes live until the zip is closed. */
struct resource {
    const char *path;
    struct slice bytes;
};

static enum ww_status fail(const struct wacz *w, const char *why, struct ww_error *err)
{
    return ww_fail(err, WW_STORE, "%s cannot be written: %s", w->path, why);
}

/*
 * Beside the file, where the room is, and without a name from then on: nothing stays, whatever
 * becomes of us. What has that name already is somebody else's.
 */
static FILE *open_nameless(const char *path)
{
    char name[PATH_MAX];
    const int n = snprintf(name, sizeof(name), "%s.%ld", path, (long)getpid());
    FILE *file;
    int fd;

    if (n < 0 || (size_t)n >= sizeof(name)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    (void)unlink(name);
    file = fdopen(fd, "w+b");
    if (file == NULL)
        (void)close(fd);
    return file;
}

enum ww_status wacz_open(const char *path, int64_t now, struct wacz **out, struct ww_error *err)
{
    struct wacz *w = mem_alloc(sizeof(*w));
    struct stat info;

    *out = NULL;
    if (w == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    w->now = now;
    arena_init(&w->arena, (size_t)2 * ARCHIVE_INDEX_MAX_BYTES);
    buf_init(&w->lines, ARCHIVE_INDEX_MAX_BYTES);
    buf_init(&w->pages, ARCHIVE_INDEX_MAX_BYTES);
    buf_add_string(&w->pages, "{\"format\": \"json-pages-1.0\", \"id\": \"pages\", "
                              "\"title\": \"All pages\"}\n");
    *out = w;
    if (strlen(path) >= sizeof(w->path))
        return ww_fail(err, WW_STORE, "%s: the path is too long", path);
    memcpy(w->path, path, strlen(path) + 1);
    if (lstat(path, &info) == 0)
        return ww_fail(err, WW_STORE, "%s is there already", path);
    w->hasher = hasher_open();
    w->data = open_nameless(path);
    if (w->data == NULL)
        return fail(w, strerror(errno), err);
    return w->hasher != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}

void wacz_close(struct wacz *w)
{
    if (w == NULL)
        return;
    if (w->data != NULL)
        (void)fclose(w->data);
    hasher_close(w->hasher);
    buf_release(&w->lines);
    buf_release(&w->pages);
    arena_release(&w->arena);
    mem_free(w->index);
    mem_free(w);
}

enum ww_status wacz_write(void *context, struct slice bytes, struct ww_error *err)
{
    struct wacz *w = context;

    if (fwrite(bytes.ptr, 1, bytes.len, w->data) != bytes.len)
        return fail(w, strerror(errno), err);
    hasher_add(w->hasher, bytes);
    w->data_bytes += (int64_t)bytes.len;
    return WW_OK;
}

/* ---- the index ------------------------------------------------------------------------------- */

/* The parts of a query, or the labels of a host, are few; more stay in the order they came in. */
#define PARTS_MAX 200

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static struct slice lower(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len + 1);

    for (size_t i = 0; out != NULL && i < s.len; i++)
        out[i] = ascii_lower(s.ptr[i]);
    return slice_of(out, out != NULL ? s.len : 0);
}

static size_t split(struct slice s, char at, struct slice parts[PARTS_MAX])
{
    struct slice rest = s, part;
    size_t n = 0;

    while (n < PARTS_MAX - 1 && slice_next(&rest, at, &part))
        parts[n++] = part;
    if (rest.ptr != NULL && n == PARTS_MAX - 1)
        parts[n++] = rest;
    return n;
}

static struct slice without_www(struct slice host)
{
    size_t i = 3;

    if (!slice_starts(host, SLICE("www")))
        return host;
    while (i < host.len && host.ptr[i] >= '0' && host.ptr[i] <= '9')
        i++;
    return i < host.len && host.ptr[i] == '.' ? slice_skip(host, i + 1) : host;
}

struct slice wacz_key(struct slice uri, struct arena *arena)
{
    struct slice parts[PARTS_MAX], out;
    struct url url;
    struct buf b;
    size_t n;

    url_split(lower(uri, arena), &url);
    if (url.host.len == 0 ||
        (!slice_equal(url.scheme, SLICE("http")) && !slice_equal(url.scheme, SLICE("https"))))
        return uri;
    buf_init(&b, uri.len + 16);
    n = url.host.ptr[0] == '[' ? 0 : split(without_www(url.host), '.', parts);
    for (size_t i = n; i > 0; i--) {
        buf_add(&b, parts[i - 1]);
        if (i > 1)
            buf_add_char(&b, ',');
    }
    if (n == 0)
        buf_add(&b, url.host);
    if (url.port.len > 0 && !slice_equal(url.port, SLICE("80")) &&
        !slice_equal(url.port, SLICE("443")))
        buf_printf(&b, ":%.*s", SLICE_ARG(url.port));
    buf_add_char(&b, ')');
    buf_add(&b, url.path.len > 0 ? url.path : SLICE("/"));
    n = url.query.len > 0 ? split(url.query, '&', parts) : 0;
    qsort(parts, n, sizeof(parts[0]), compare_slices);
    for (size_t i = 0; i < n; i++) {
        buf_add_char(&b, i == 0 ? '?' : '&');
        buf_add(&b, parts[i]);
    }
    out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return out;
}

/* Texts are UTF-8: of the store, or escaped ASCII. */
static void add_json(struct buf *b, const char *name, struct slice value)
{
    buf_printf(b, "%s\"%s\": \"", b->len > 0 && b->ptr[b->len - 1] == '"' ? ", " : "", name);
    for (size_t i = 0; i < value.len; i++) {
        const char c = value.ptr[i];

        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if ((unsigned char)c < ' ')
            buf_printf(b, "\\u%04x", (unsigned)c);
        else
            buf_add_char(b, c);
    }
    buf_add_char(b, '"');
}

static struct slice media_type(const struct warc_view *v)
{
    const struct slice type = v->kind == WARC_KIND_REVISIT ? SLICE("warc/revisit")
                              : v->http_head.len > 0 ? head_value(v->http_head, "Content-Type")
                                                     : head_value(v->heads, "Content-Type");

    return slice_trim(slice_head(type, slice_find_char(type, ';')));
}

static struct slice http_status(const struct warc_view *v)
{
    const struct slice line = slice_head(v->http_head, slice_find_char(v->http_head, '\r'));

    return v->http_head.len > 0 ? slice_sub(line, slice_find_char(line, ' ') + 1, 3) : SLICE("200");
}

static void add_line(struct wacz *w, const struct archive_exported *r, struct slice uri,
                     const char *at)
{
    struct buf *b = &w->lines;
    const struct slice key = wacz_key(uri, &w->arena);

    buf_printf(b, "%.*s %.4s%.2s%.2s%.2s%.2s%.2s {", SLICE_ARG(key), at, at + 5, at + 8, at + 11,
               at + 14, at + 17);
    add_json(b, "url", uri);
    add_json(b, "mime", media_type(r->view));
    add_json(b, "status", http_status(r->view));
    add_json(b, "digest", head_value(r->view->heads, "WARC-Payload-Digest"));
    add_json(b, "length", arena_printf(&w->arena, "%" PRId64, r->n_bytes));
    add_json(b, "offset", arena_printf(&w->arena, "%" PRId64, r->offset));
    add_json(b, "filename", SLICE(DATA_NAME));
    buf_add_string(b, "}\n");
}

enum ww_status wacz_record(void *context, const struct archive_exported *r, struct ww_error *err)
{
    struct wacz *w = context;
    const struct slice uri = head_value(r->view->heads, "WARC-Target-URI");
    const struct slice date = head_value(r->view->heads, "WARC-Date");
    struct line *index = mem_grow(w->index, w->n_index, &w->capacity, sizeof(*index));
    const size_t before = w->lines.len;
    enum ww_status status;

    arena_reset(&w->arena);
    if (index == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    w->index = index;
    add_line(w, r, uri, arena_string(&w->arena, date));
    index[w->n_index++] = (struct line){before, w->lines.len - before};
    buf_add_char(&w->pages, '{');
    add_json(&w->pages, "id", arena_printf(&w->arena, "%" PRId64, r->article->id));
    add_json(&w->pages, "url", uri);
    add_json(&w->pages, "ts", date);
    add_json(&w->pages, "title", r->article->title);
    buf_add_string(&w->pages, "}\n");
    status = buf_finish(&w->lines, err);
    if (status == WW_OK)
        status = buf_finish(&w->pages, err);
    return status == WW_OK ? arena_check(&w->arena, err) : status;
}

/* ---- the zip --------------------------------------------------------------------------------- */

static enum ww_status sort_index(struct wacz *w, struct slice *out, struct ww_error *err)
{
    struct slice *lines = arena_array(&w->arena, w->n_index + 1, sizeof(*lines));
    char *bytes = arena_alloc(&w->arena, w->lines.len + 1);
    size_t at = 0;

    if (lines == NULL || bytes == NULL)
        return arena_check(&w->arena, err);
    for (size_t i = 0; i < w->n_index; i++)
        lines[i] = slice_sub(buf_slice(&w->lines), w->index[i].at, w->index[i].len);
    qsort(lines, w->n_index, sizeof(*lines), compare_slices);
    for (size_t i = 0; i < w->n_index; i++) {
        memcpy(bytes + at, lines[i].ptr, lines[i].len);
        at += lines[i].len;
    }
    *out = slice_of(bytes, at);
    return WW_OK;
}

static struct slice hash_text(const unsigned char digest[SHA256_BYTES], struct arena *arena)
{
    char hex[2 * SHA256_BYTES + 1];

    hash_hex(digest, SHA256_BYTES, hex);
    return arena_printf(arena, "sha256:%s", hex);
}

static struct slice hash_of(struct slice bytes, struct arena *arena)
{
    unsigned char digest[SHA256_BYTES];

    hash_sha256(bytes, digest);
    return hash_text(digest, arena);
}

static void add_resource(struct buf *b, const char *path, struct slice hash, int64_t n_bytes)
{
    const char *name = strrchr(path, '/');

    buf_printf(b, "%s\n    {", b->ptr[b->len - 1] == '}' ? "," : "");
    add_json(b, "name", slice_from(name != NULL ? name + 1 : path));
    add_json(b, "path", slice_from(path));
    add_json(b, "hash", hash);
    buf_printf(b, ", \"bytes\": %" PRId64 "}", n_bytes);
}

static struct slice describe(struct wacz *w, const struct resource *parts, size_t n)
{
    unsigned char digest[SHA256_BYTES];
    char at[DATE_TEXT_BYTES];
    struct slice out;
    struct buf b;

    buf_init(&b, (size_t)64 * 1024);
    buf_add_string(&b, "{\n  \"profile\": \"data-package\",\n  \"wacz_version\": \"1.1.1\",\n");
    buf_printf(&b, "  \"title\": \"wirewatch\",\n  \"created\": \"%s\",\n",
               date_format(w->now, at));
    buf_printf(&b, "  \"software\": \"wirewatch/%s\",\n  \"resources\": [", WW_VERSION);
    hasher_finish(w->hasher, digest);
    add_resource(&b, "archive/" DATA_NAME, hash_text(digest, &w->arena), w->data_bytes);
    for (size_t i = 0; i < n; i++)
        add_resource(&b, parts[i].path, hash_of(parts[i].bytes, &w->arena),
                     (int64_t)parts[i].bytes.len);
    buf_add_string(&b, "\n  ]\n}\n");
    out = arena_copy(&w->arena, buf_slice(&b));
    buf_release(&b);
    return out;
}

/* A viewer finds a record by its offset in the zip: it must stand there as it is. */
static bool add_data(struct wacz *w, zip_t *zip)
{
    zip_source_t *source = zip_source_filep(zip, w->data, 0, -1);
    zip_int64_t i;

    if (source != NULL)
        w->data = NULL; /* the source's to close */
    i = source != NULL ? zip_file_add(zip, "archive/" DATA_NAME, source, 0) : -1;

    if (i < 0)
        zip_source_free(source);
    return i >= 0 && zip_set_file_compression(zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0;
}

static bool add_bytes(zip_t *zip, const struct resource *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->bytes.ptr, part->bytes.len, 0);
    zip_int64_t i = source != NULL ? zip_file_add(zip, part->path, source, ZIP_FL_ENC_UTF_8) : -1;

    if (i < 0)
        zip_source_free(source);
    return i >= 0;
}

static enum ww_status write_zip(struct wacz *w, const struct resource *parts, size_t n,
                                struct ww_error *err)
{
    zip_t *zip;
    bool is_whole;
    int code = 0;

    zip = zip_open(w->path, ZIP_CREATE | ZIP_EXCL, &code);
    if (zip == NULL)
        return fail(w, strerror(errno), err);
    is_whole = add_data(w, zip);
    for (size_t i = 0; is_whole && i < n; i++)
        is_whole = add_bytes(zip, &parts[i]);
    if (is_whole && zip_close(zip) == 0)
        return WW_OK;
    (void)fail(w, zip_strerror(zip), err);
    zip_discard(zip);
    return WW_STORE;
}

enum ww_status wacz_finish(struct wacz *w, struct ww_error *err)
{
    struct resource parts[] = {
        {"indexes/index.cdxj",      {"", 0}},
        {"pages/pages.jsonl",       {"", 0}},
        {"datapackage.json",        {"", 0}},
        {"datapackage-digest.json", {"", 0}},
    };
    enum ww_status status;

    if (fseek(w->data, 0, SEEK_SET) != 0) /* libzip reads on from where it stands */
        return fail(w, strerror(errno), err);
    arena_reset(&w->arena);
    status = sort_index(w, &parts[0].bytes, err);
    if (status != WW_OK)
        return status;
    parts[1].bytes = buf_slice(&w->pages);
    parts[2].bytes = describe(w, parts, 2);
    parts[3].bytes =
        arena_printf(&w->arena, "{\"path\": \"datapackage.json\", \"hash\": \"%.*s\"}\n",
                     SLICE_ARG(hash_of(parts[2].bytes, &w->arena)));
    status = arena_check(&w->arena, err);
    return status == WW_OK ? write_zip(w, parts, WW_COUNT(parts), err) : status;
}
