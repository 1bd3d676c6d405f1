/* warc.c - records to documents: which of them are pages, and what becomes of the others. */
#include "crawler/history/warc.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/history/documents.h"
#include "feeds/http_message.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Records without a page, after which what they were is written down. */
#define COUNTED_MAX 1000
/* Reads, some 16 MiB, in which a transaction may stay open: a record can be as long as the file. */
#define READS_HELD_MAX 64
/* A block that took more gives its room back. */
#define KEPT_ROOM_BYTES (1024 * 1024)

struct reading {
    struct backfill *backfill;
    const struct warc_options *options;
    struct warc_source source; /* the caller's, or the one below around it */
    const struct warc_source *under;
    struct warc_reader *reader;
    struct buf block;
    struct arena arena; /* of one record */
    int n_counted;
    unsigned n_reads;
};

/* ---- what a record is ------------------------------------------------------------------------ */

static bool is_web(struct slice url)
{
    return slice_starts_nocase(url, SLICE("http://")) ||
           slice_starts_nocase(url, SLICE("https://"));
}

/* Files for machines, which are text and no page of any site. */
static bool is_for_machines(struct slice url)
{
    static const char *const names[] = {"/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt",
                                        "/llms.txt"};
    struct slice path = slice_skip(url, slice_find(url, SLICE("://")) + 3);

    path = slice_skip(path, slice_find_char(path, '/'));
    path = slice_head(path, slice_find_char(path, '?'));
    for (size_t i = 0; i < WW_COUNT(names); i++)
        if (slice_equal(path, slice_from(names[i])))
            return true;
    return slice_starts(path, SLICE("/.well-known/"));
}

/* Can it hold a page? Its head tells. */
static bool may_be_page(const struct warc_record *record)
{
    switch (record->type) {
    case WARC_CONVERSION:
    case WARC_RESOURCE:
    case WARC_RESPONSE:
    case WARC_REVISIT:
        return record->segment <= 1 && is_web(record->target) && !is_for_machines(record->target);
    case WARC_OTHER:
    case WARC_CONTINUATION:
    case WARC_METADATA:
    case WARC_REQUEST:
    case WARC_INFO:
    case WARC_TYPE_COUNT:
        break;
    }
    return false;
}

static bool looks_like_html(struct slice body)
{
    body = slice_head(body, 1024);
    return slice_contains_nocase(body, SLICE("<html")) ||
           slice_contains_nocase(body, SLICE("<!doctype html"));
}

/* The types that are read. A page without one is told by its first lines. */
static bool is_page_type(struct slice content_type, struct slice body)
{
    static const char *const types[] = {"text/html", "application/xhtml+xml", "text/plain"};
    const struct slice type = http_media_type(content_type);

    if (type.len == 0)
        return looks_like_html(body);
    for (size_t i = 0; i < WW_COUNT(types); i++)
        if (slice_equal_nocase(type, slice_from(types[i])))
            return true;
    return false;
}

/* A response holds an HTTP answer; old tools call it by that name in other ways, or by none. */
static bool holds_answer(const struct warc_record *record, struct slice block)
{
    return record->type == WARC_RESPONSE &&
           (slice_starts_nocase(http_media_type(record->content_type), SLICE("application/http")) ||
            slice_starts_nocase(block, SLICE("HTTP/")));
}

/* ---- documents ------------------------------------------------------------------------------- */

static enum ww_status count(struct reading *r, struct slice place, enum backfill_end end,
                            const struct ww_error *why, struct ww_error *err)
{
    backfill_count_end(r->backfill, place, end, why);
    if (++r->n_counted < COUNTED_MAX)
        return WW_OK;
    r->n_counted = 0;
    return backfill_rest(r->backfill, err);
}

static struct slice name_place(struct reading *r, struct warc_place place)
{
    const struct slice path = r->options->path;

    if (place.nth == 0)
        return arena_printf(&r->arena, "%.*s#%" PRId64, SLICE_ARG(path), place.offset);
    return arena_printf(&r->arena, "%.*s#%" PRId64 "+%" PRId64, SLICE_ARG(path), place.offset,
                        place.nth);
}

static enum backfill_end end_of(enum ww_status status)
{
    return status == WW_TOO_BIG   ? BACKFILL_TOO_BIG
           : status == WW_REFUSED ? BACKFILL_CODING
                                  : BACKFILL_DAMAGED;
}

/* The page in a block, and what became of it when there is none: BACKFILL_NEW is one. */
static enum backfill_end find_page(struct reading *r, const struct warc_record *record,
                                   struct backfill_document *document, struct ww_error *why)
{
    struct http_message answer = {
        .status = 200, .content_type = record->content_type, .body = buf_slice(&r->block)};
    struct slice rest;
    enum ww_status status = WW_OK;

    if (holds_answer(record, answer.body)) {
        (void)head_split(answer.body, &document->head, &rest);
        status = http_message_parse(answer.body, &r->arena, &answer, why);
    }
    if (status != WW_OK)
        return BACKFILL_DAMAGED;
    if (answer.status < 200 || answer.status > 299)
        return BACKFILL_NO_PAGE;
    if (answer.content_type.len > 0 && !is_page_type(answer.content_type, answer.body))
        return BACKFILL_MEDIA;
    if (record->bytes > (int64_t)r->block.len)
        return BACKFILL_TOO_BIG;
    status = http_message_body(&answer, &r->arena, &document->bytes, why);
    if (status != WW_OK)
        return end_of(status);
    if (!is_page_type(answer.content_type, document->bytes))
        return BACKFILL_MEDIA;
    document->content_type = answer.content_type.len > 0 ? answer.content_type : SLICE("text/html");
    if (slice_trim(document->bytes).len == 0)
        return BACKFILL_EMPTY;
    return BACKFILL_NEW;
}

static enum ww_status take_page(struct reading *r, const struct warc_record *record,
                                struct slice place, struct ww_error *err)
{
    struct backfill_document document = {
        .place = place,
        .capture = place,
        .provenance = r->options->provenance.len > 0 ? r->options->provenance : SLICE("warc"),
        .captured_at = record->captured_at,
        .url = arena_copy(&r->arena, record->target),
        .at = warc_place_number(record->place)};
    struct ww_error why = {0};
    enum backfill_end end = BACKFILL_DAMAGED;
    enum ww_status status;

    buf_reset(&r->block);
    status = warc_block(r->reader, &r->block, &why);
    if (status != WW_OK && status != WW_INVALID && status != WW_TOO_BIG)
        return ww_fail(err, status, "%s", why.message);
    if (status != WW_INVALID && (!url_is_fetchable(document.url) || !text_is_utf8(document.url)))
        (void)ww_fail(&why, WW_INVALID, "an address that is none");
    else if (status != WW_INVALID)
        end = find_page(r, record, &document, &why);
    status = arena_check(&r->arena, err);
    if (status == WW_OK && end == BACKFILL_NEW) {
        r->n_counted = 0;
        status = backfill_offer(r->backfill, &document, err);
    } else if (status == WW_OK) {
        status = count(r, place, end, &why, err);
    }
    if (r->block.capacity > KEPT_ROOM_BYTES)
        buf_release(&r->block);
    return status;
}

/* What a revisit says, for the log. */
static void tell_revisit(const struct warc_record *record, struct ww_error *why)
{
    char at[DATE_TEXT_BYTES];

    (void)ww_fail(
        why, WW_OK, "as in %.*s of %s",
        SLICE_ARG(record->refers_to_target.len > 0 ? record->refers_to_target : record->target),
        record->refers_to_at > 0 ? date_format(record->refers_to_at, at) : "no date");
}

static enum ww_status pass_over(struct reading *r, const struct warc_record *record,
                                struct slice place, enum backfill_end end, struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status;

    if (end == BACKFILL_UNCHANGED)
        tell_revisit(record, &why);
    status = warc_block(r->reader, NULL, &why);
    if (status == WW_INVALID)
        end = BACKFILL_DAMAGED;
    else if (status != WW_OK)
        return ww_fail(err, status, "%s", why.message);
    return count(r, place, end, why.message[0] != '\0' ? &why : NULL, err);
}

static enum ww_status take_record(struct reading *r, const struct warc_record *record,
                                  struct ww_error *err)
{
    const struct warc_options *o = r->options;
    struct slice place;

    if (!backfill_reach(r->backfill, warc_place_number(record->place)))
        return WW_OK;
    place = name_place(r, record->place);
    if (!may_be_page(record))
        return pass_over(r, record, place, BACKFILL_BESIDE, err);
    if (o->wants != NULL && !o->wants(o->context, record))
        return pass_over(r, record, place, BACKFILL_PASSED, err);
    if (record->type == WARC_REVISIT)
        return pass_over(r, record, place, BACKFILL_UNCHANGED, err);
    return take_page(r, record, place, err);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static enum ww_status rest_and_read(void *context, int64_t offset, char *room, size_t len,
                                    size_t *got, struct ww_error *err)
{
    struct reading *r = context;
    enum ww_status status = WW_OK;

    if (r->options->waits_to_read || ++r->n_reads % READS_HELD_MAX == 0)
        status = backfill_rest(r->backfill, err);
    return status == WW_OK ? r->under->read(r->under->context, offset, room, len, got, err)
                           : status;
}

static enum ww_status read_all(struct reading *r, int64_t *read_to, bool *is_whole,
                               struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK && !backfill_is_stopped(r->backfill)) {
        struct ww_error why = {0};
        struct warc_record record;

        arena_reset(&r->arena);
        *read_to = warc_read_to(r->reader);
        status = warc_next(r->reader, &record, &why);
        if (status == WW_OK) {
            status = take_record(r, &record, err);
        } else if (status == WW_INVALID) {
            status = WW_OK;
            if (backfill_reach(r->backfill, warc_place_number(record.place)))
                status = count(r, name_place(r, record.place), BACKFILL_DAMAGED, &why, err);
        } else if (status == WW_NOT_FOUND) {
            *is_whole = true;
            *read_to = warc_read_to(r->reader);
        } else {
            (void)ww_fail(err, status, "%s", why.message);
        }
    }
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status warc_documents(struct backfill *b, const struct warc_source *source,
                              const struct warc_options *options, int64_t *read_to, bool *is_whole,
                              struct ww_error *err)
{
    struct reading r = {.backfill = b, .options = options, .under = source, .source = *source};
    enum ww_status status;

    *read_to = warc_place_of(options->from).offset;
    *is_whole = false;
    r.source.read = rest_and_read;
    r.source.context = &r;
    buf_init(&r.block, WARC_BLOCK_MAX_BYTES);
    arena_init(&r.arena, DOCUMENT_ARENA_MAX_BYTES);
    status = warc_open(&r.source, *read_to, &r.reader, err);
    if (status == WW_OK)
        status = read_all(&r, read_to, is_whole, err);
    warc_close(r.reader);
    buf_release(&r.block);
    arena_release(&r.arena);
    return status;
}

struct local {
    const char *path;
    int fd;
};

static enum ww_status read_local(void *context, int64_t offset, char *room, size_t len, size_t *got,
                                 struct ww_error *err)
{
    const struct local *file = context;
    ssize_t n;

    do {
        n = pread(file->fd, room, len, (off_t)offset);
    } while (n < 0 && errno == EINTR);
    *got = n > 0 ? (size_t)n : 0;
    return n >= 0 ? WW_OK : ww_fail(err, WW_UNREACHABLE, "%s: %s", file->path, strerror(errno));
}

enum ww_status warc_file_documents(struct backfill *b, const char *path, int64_t from,
                                   bool *is_whole, struct ww_error *err)
{
    struct local file = {path, open(path, O_RDONLY | O_CLOEXEC)};
    struct warc_source source = {.read = read_local, .context = &file, .seeks = true};
    const struct warc_options options = {.path = slice_from(path), .from = from};
    struct stat about;
    int64_t read_to;
    enum ww_status status;

    *is_whole = false;
    if (file.fd < 0 || fstat(file.fd, &about) != 0) {
        status = ww_fail(err, WW_UNREACHABLE, "%s: %s", path, strerror(errno));
    } else {
        source.bytes = (int64_t)about.st_size;
        status = warc_documents(b, &source, &options, &read_to, is_whole, err);
    }
    if (file.fd >= 0)
        (void)close(file.fd);
    return status;
}
