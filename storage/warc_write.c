/* warc_write.c - the lines of a WARC record, its digests, and its HTTP head. */
#include "storage/warc_write.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/head.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/url.h"

#include <stdio.h>
#include <string.h>

#define END SLICE("\r\n")

const char *warc_kind_name(enum warc_kind kind)
{
    static const char *const names[] = {"warcinfo", "response", "resource", "revisit"};

    return names[kind];
}

/* ---- ids ---------------------------------------------------------------------------------------
 */

void warc_id_text(const unsigned char id[WARC_ID_BYTES], char out[WARC_ID_TEXT_BYTES])
{
    char hex[2 * WARC_ID_BYTES + 1];

    hash_hex(id, WARC_ID_BYTES, hex);
    (void)snprintf(out, WARC_ID_TEXT_BYTES, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
                   hex + 12, hex + 16, hex + 20);
}

static unsigned char nibble(char c)
{
    return (unsigned char)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

void warc_id_make(const char *database, struct slice name, unsigned char out[WARC_ID_BYTES])
{
    unsigned char space[WARC_ID_BYTES] = {0}, digest[SHA1_BYTES];
    const struct slice pieces[] = {slice_of(space, sizeof(space)), name};

    if (strlen(database) == 2 * sizeof(space))
        for (size_t i = 0; i < sizeof(space); i++)
            space[i] = (unsigned char)((nibble(database[2 * i]) & 15) << 4 |
                                       (nibble(database[2 * i + 1]) & 15));
    hash_sha1(pieces, WW_COUNT(pieces), digest);
    memcpy(out, digest, WARC_ID_BYTES);
    out[6] = (unsigned char)((out[6] & 0x0F) | 0x50);
    out[8] = (unsigned char)((out[8] & 0x3F) | 0x80);
}

/* ---- addresses
 * ----------------------------------------------------------------------------------- */

/* RFC 3986 has no place for these; what is escaped already stays as it is. */
static bool is_plain(unsigned char c)
{
    return c > ' ' && c < 0x7F && strchr("\"<>\\^`{|}", c) == NULL;
}

static void add_escaped(struct buf *b, struct slice s)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        const char escaped[] = {'%', digits[c >> 4], digits[c & 15]};

        if (is_plain(c))
            buf_add_char(b, s.ptr[i]);
        else
            buf_add(b, slice_of(escaped, sizeof(escaped)));
    }
}

struct slice warc_uri(struct slice address, struct arena *arena)
{
    struct url parts;
    struct slice host, out;
    struct buf b;
    size_t at;

    buf_init(&b, (size_t)4 * PATH_MAX_BYTES + (size_t)4 * URL_MAX_BYTES);
    url_split(address, &parts);
    if (!parts.has_authority && parts.scheme.len < 2) { /* no scheme, or a drive's letter */
        buf_add_string(&b, slice_starts(address, SLICE("/")) ? "file://" : "file:");
        add_escaped(&b, address);
    } else if (parts.host.len > 0) {
        host = parts.host.ptr[0] == '[' ? parts.host : idn_to_ascii(parts.host, arena);
        at = (size_t)(parts.host.ptr - address.ptr);
        add_escaped(&b, slice_head(address, at));
        add_escaped(&b, host);
        add_escaped(&b, slice_skip(address, at + parts.host.len));
    } else {
        add_escaped(&b, address);
    }
    out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return out;
}

/* ---- the HTTP head
 * --------------------------------------------------------------------------------- */

/* What the answers of this protocol have no words for. */
static const char *reason_of(struct slice code)
{
    static const struct {
        const char *code, *words;
    } known[] = {
        {"200", "OK"                           },
        {"203", "Non-Authoritative Information"},
        {"206", "Partial Content"              },
        {"404", "Not Found"                    },
        {"410", "Gone"                         },
    };

    for (size_t i = 0; i < WW_COUNT(known); i++)
        if (slice_equal(code, slice_from(known[i].code)))
            return known[i].words;
    return "";
}

/* No control character gets into a line that others read. */
static void add_line(struct buf *b, struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        buf_add_char(b,
                     (unsigned char)line.ptr[i] < ' ' || line.ptr[i] == 0x7F ? ' ' : line.ptr[i]);
}

static void add_status_line(struct buf *b, struct slice line)
{
    const struct slice code =
        slice_head(slice_trim(slice_skip(line, slice_find_char(line, ' '))), 3);

    if (slice_starts(line, SLICE("HTTP/1."))) {
        add_line(b, slice_trim(line));
        if (slice_find_char(slice_trim(line), ' ') + 4 == slice_trim(line).len)
            buf_add_char(b, ' '); /* the grammar has a space before words that are not there */
    } else if (slice_starts(line, SLICE("HTTP/")) && code.len == 3) {
        buf_add_string(b, "HTTP/1.1 ");
        add_line(b, code);
        buf_printf(b, " %s", reason_of(code));
    } else {
        buf_add_string(b, "HTTP/1.1 200 OK");
    }
    buf_add(b, END);
}

static bool is_dropped(struct slice name, bool is_coded)
{
    return slice_equal_nocase(name, SLICE("Transfer-Encoding")) ||
           slice_equal_nocase(name, SLICE("Content-Length")) ||
           (!is_coded && slice_equal_nocase(name, SLICE("Content-Encoding")));
}

static enum ww_status make_http_head(const struct warc_draft *r, struct arena *arena,
                                     struct slice *out, struct ww_error *err)
{
    struct slice head, body, line;
    enum ww_status status;
    bool goes = false, is_first = true;
    struct buf b;

    buf_init(&b, (size_t)2 * HEADERS_MAX_BYTES);
    (void)head_split(r->head, &head, &body);
    while (slice_next_line(&head, &line)) {
        const size_t colon = slice_find_char(line, ':');

        if (is_first) {
            add_status_line(&b, line);
        } else if (line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t')) {
            if (goes) { /* a line that is folded: no reader today would know */
                buf_truncate(&b, b.len - END.len);
                buf_add_char(&b, ' ');
                add_line(&b, slice_trim(line));
                buf_add(&b, END);
            }
        } else if (colon > 0 && colon < line.len) {
            goes = !is_dropped(slice_trim(slice_head(line, colon)), r->is_coded);
            if (goes) {
                add_line(&b, line);
                buf_add(&b, END);
            }
        }
        is_first = false;
    }
    buf_printf(&b, "Content-Length: %zu\r\n\r\n", r->payload.len);
    status = buf_finish(&b, err);
    *out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* ---- the record
 * ------------------------------------------------------------------------------------- */

static void add_digest(struct buf *b, const char *name, const struct slice *pieces, size_t n)
{
    unsigned char digest[SHA1_BYTES];
    char text[SHA1_TEXT_BYTES];

    hash_sha1(pieces, n, digest);
    hash_base32(digest, sizeof(digest), text);
    buf_printf(b, "%s: sha1:%s\r\n", name, text);
}

static void add_header(struct buf *b, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    buf_printf(b, "%s: ", name);
    add_line(b, slice_head(value, URL_MAX_BYTES * 4));
    buf_add(b, END);
}

static void add_revisit(struct buf *b, const struct warc_draft *r, struct arena *arena)
{
    char id[WARC_ID_TEXT_BYTES], at[DATE_TEXT_BYTES];

    warc_id_text(r->refers_to, id);
    buf_add_string(b, "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/"
                      "identical-payload-digest\r\n");
    buf_printf(b, "WARC-Refers-To: <%s>\r\n", id);
    add_header(b, "WARC-Refers-To-Target-URI", warc_uri(r->refers_target, arena));
    buf_printf(b, "WARC-Refers-To-Date: %s\r\n", date_format(r->refers_at, at));
}

static struct slice protocol_of(struct slice head)
{
    if (slice_starts(head, SLICE("HTTP/2")))
        return SLICE("h2");
    return slice_starts(head, SLICE("HTTP/3")) ? SLICE("h3") : SLICE("");
}

static struct slice info_of(struct arena *arena)
{
    return arena_printf(
        arena,
        "software: wirewatch/%s\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/"
        "warc-1.1/\r\nrobots: obey\r\n",
        WW_VERSION);
}

static const char *type_of(const struct warc_draft *r)
{
    if (r->kind == WARC_KIND_INFO)
        return "application/warc-fields";
    return r->head.len > 0 ? "application/http;msgtype=response" : NULL;
}

static void add_heads(struct buf *b, const struct warc_draft *r, const struct slice block[2],
                      struct arena *arena)
{
    const bool is_info = r->kind == WARC_KIND_INFO;
    char id[WARC_ID_TEXT_BYTES], at[DATE_TEXT_BYTES];

    warc_id_text(r->id, id);
    buf_printf(b, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s>\r\nWARC-Date: %s\r\n",
               warc_kind_name(r->kind), id, date_format(r->at, at));
    if (is_info)
        add_header(b, "WARC-Filename", r->payload);
    else
        add_header(b, "WARC-Target-URI", warc_uri(r->target, arena));
    add_header(b, "WARC-IP-Address", r->address);
    add_header(b, "WARC-Protocol", r->protocol.len > 0 ? r->protocol : protocol_of(r->head));
    if (r->source.len > 0)
        add_header(b, "WARC-Source-URI", warc_uri(r->source, arena));
    if (r->kind == WARC_KIND_REVISIT)
        add_revisit(b, r, arena);
    if (!is_info)
        add_digest(b, "WARC-Payload-Digest", &r->payload, 1);
    add_digest(b, "WARC-Block-Digest", block, 2);
    add_header(b, "Content-Type", type_of(r) != NULL ? slice_from(type_of(r)) : r->content_type);
    buf_printf(b, "Content-Length: %zu\r\n\r\n", block[0].len + block[1].len);
}

enum ww_status warc_write(struct gzip *g, const struct warc_draft *r, struct arena *arena,
                          struct buf *out, struct ww_error *err)
{
    const bool has_payload = r->kind == WARC_KIND_RESPONSE || r->kind == WARC_KIND_RESOURCE;
    struct slice block[2] = {
        {"", 0},
        has_payload ? r->payload : SLICE("")
    };
    struct gzip_piece pieces[4];
    struct buf heads;
    enum ww_status status = WW_OK;

    if (r->kind == WARC_KIND_INFO)
        block[0] = info_of(arena);
    else if (r->head.len > 0)
        status = make_http_head(r, arena, &block[0], err);
    if (status != WW_OK)
        return status;
    buf_init(&heads, (size_t)4 * HEADERS_MAX_BYTES);
    add_heads(&heads, r, block, arena);
    status = buf_finish(&heads, err);
    if (status == WW_OK)
        status = arena_check(arena, err);
    pieces[0] = (struct gzip_piece){buf_slice(&heads), false};
    pieces[1] = (struct gzip_piece){block[0], false};
    pieces[2] = (struct gzip_piece){block[1], r->is_coded};
    pieces[3] = (struct gzip_piece){SLICE("\r\n\r\n"), r->is_coded};
    if (status == WW_OK)
        status = gzip_pack(g, pieces, WW_COUNT(pieces), out, err);
    buf_release(&heads);
    return status;
}
