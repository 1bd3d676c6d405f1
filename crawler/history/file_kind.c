/* file_kind.c - magic bytes, tags, headers, addresses. */
#include "crawler/history/file_kind.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/csv.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "crawler/history/lists.h"
#include "crawler/history/wacz.h"
#include "feeds/mailbox.h"
#include "feeds/mime.h"
#include "feeds/mime_header.h"
#include "feeds/warc.h"

#include <errno.h>
#include <stdio.h>

/* A page says what it is at its very beginning. */
#define HTML_SIGNS_BYTES 4096

const char *file_kind_format(enum file_kind kind)
{
    static const char *const formats[FILE_KIND_COUNT] = {
        [FILE_HTML] = "file",    [FILE_TEXT] = "file",           [FILE_MAIL] = "file",
        [FILE_MAILBOX] = "mbox", [FILE_ADDRESSES] = "addresses", [FILE_TABLE] = "addresses",
        [FILE_OTHER] = "file",   [FILE_WARC] = "warc",           [FILE_WACZ] = "wacz",
    };

    return formats[kind];
}

/* What the packed bytes begin with; damage shows when all is read. */
static enum ww_status unpack_head(struct slice packed, struct buf *out, struct ww_error *err)
{
    struct inflate *f = NULL;
    enum ww_status status = inflate_open(BODY_INFLATED_MAX_BYTES, &f, err);

    if (status == WW_OK)
        status = inflate_feed(f, slice_head(packed, FILE_SNIFF_BYTES / 4), out, err);
    inflate_close(f);
    return status == WW_NOMEM ? status : WW_OK;
}

enum ww_status file_head_read(const char *path, struct arena *arena, struct file_head *out,
                              struct ww_error *err)
{
    char *bytes = arena_alloc(arena, FILE_SNIFF_BYTES);
    FILE *file = fopen(path, "rb");
    enum ww_status status = WW_OK;
    struct buf unpacked;

    *out = (struct file_head){0};
    if (file == NULL)
        return ww_fail(err, WW_INVALID, "%s", strerror(errno));
    if (bytes == NULL) {
        (void)fclose(file);
        return arena_check(arena, err);
    }
    out->bytes = slice_of(bytes, fread(bytes, 1, FILE_SNIFF_BYTES, file));
    if (ferror(file) != 0)
        status = ww_fail(err, WW_INVALID, "%s", strerror(errno));
    (void)fclose(file);
    out->is_packed = inflate_is_gzip(out->bytes);
    if (status != WW_OK || !out->is_packed)
        return status;
    buf_init(&unpacked, BODY_INFLATED_MAX_BYTES);
    status = unpack_head(out->bytes, &unpacked, err);
    out->bytes = arena_copy(arena, slice_head(buf_slice(&unpacked), FILE_SNIFF_BYTES));
    buf_release(&unpacked);
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* ---- which ----------------------------------------------------------------------------------- */

static bool looks_like_html(struct slice head)
{
    static const char *const signs[] = {"<!doctype html", "<html",  "<head", "<body", "<article",
                                        "<meta",          "<title", "<div",  "<p>",   "<p "};

    head = slice_head(head, HTML_SIGNS_BYTES);
    if (!slice_starts(slice_trim(head), SLICE("<")))
        return slice_contains_nocase(head, SLICE("<html")) ||
               slice_contains_nocase(head, SLICE("<!doctype html"));
    for (size_t i = 0; i < WW_COUNT(signs); i++)
        if (slice_contains_nocase(head, slice_from(signs[i])))
            return true;
    return false;
}

static bool ends_in(const char *path, const char *const *names, size_t n)
{
    struct slice name = slice_from(path);

    if (slice_ends_nocase(name, SLICE(".gz")))
        name.len -= 3;
    for (size_t i = 0; i < n; i++)
        if (slice_ends_nocase(name, slice_from(names[i])))
            return true;
    return false;
}

/* Its header says so; one whose header is long or poor is believed where mails are to be expected.
 */
static bool is_mail(struct slice text, const char *path)
{
    static const char *const names[] = {".eml", ".mht", ".mhtml"};
    const struct slice name = slice_from(path);

    if (mime_is_mail(text))
        return true;
    return mime_is_field(text) &&
           (ends_in(path, names, WW_COUNT(names)) || slice_contains(name, SLICE("/cur/")) ||
            slice_contains(name, SLICE("/new/")));
}

enum file_kind file_kind_tell(const struct file_head *head, const char *path, struct arena *arena)
{
    static const char *const html_names[] = {".html", ".htm", ".xhtml"};
    static const char *const table_names[] = {".csv", ".tsv"};
    static const char *const warc_names[] = {".warc"};
    const char *utf16 = csv_utf16(head->bytes);
    struct slice text = head->bytes;

    if (!head->is_packed && wacz_is_zip(head->bytes))
        return FILE_WACZ;
    if (warc_is_warc(head->bytes) || ends_in(path, warc_names, WW_COUNT(warc_names)))
        return FILE_WARC;
    if (ends_in(path, html_names, WW_COUNT(html_names)))
        return FILE_HTML;
    if (utf16 != NULL && charset_decode(head->bytes, utf16, arena, &text, NULL) != WW_OK)
        return FILE_OTHER;
    if (slice_starts(text, SLICE("\xef\xbb\xbf")))
        text = slice_skip(text, 3);
    if (mailbox_is(text))
        return FILE_MAILBOX;
    if (is_mail(text, path))
        return FILE_MAIL;
    if (lists_is_table(text, arena))
        return FILE_TABLE;
    if (looks_like_html(text))
        return FILE_HTML;
    if (slice_find_char(text, '\0') < text.len)
        return FILE_OTHER;
    if (lists_is_addresses(text, head->bytes.len == FILE_SNIFF_BYTES))
        return FILE_ADDRESSES;
    return ends_in(path, table_names, WW_COUNT(table_names)) ? FILE_TABLE : FILE_TEXT;
}
