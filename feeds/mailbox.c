/* mailbox.c - lines of an mbox, and which of them begin a mail. */
#include "feeds/mailbox.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "feeds/mime.h"
#include "feeds/mime_header.h"

#include <string.h>

/* ---- the line between two mails -------------------------------------------------------------- */

static const char days[] = "MonTueWedThuFriSatSun";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Three letters out of a row of names of three. */
static bool is_name(struct slice token, const char *names)
{
    const size_t at = slice_find(slice_from(names), slice_head(token, 3));

    if (slice_ends(token, SLICE(",")))
        token.len--;
    return token.len == 3 && at % 3 == 0 && names[at] != '\0';
}

static bool is_number(struct slice token)
{
    return token.len > 0 && token.len <= 2 && ascii_is_digit(token.ptr[0]) &&
           ascii_is_digit(token.ptr[token.len - 1]);
}

/* "06:42", "06:42:10" */
static bool has_clock(struct slice token)
{
    const size_t colon = slice_find_char(token, ':');

    return colon > 0 && colon + 2 < token.len && ascii_is_digit(token.ptr[colon - 1]) &&
           ascii_is_digit(token.ptr[colon + 1]) && ascii_is_digit(token.ptr[colon + 2]);
}

/* "2026-11-22", and what may follow. */
static bool is_iso_day(struct slice token)
{
    for (size_t i = 0; i < 10; i++)
        if (i >= token.len ||
            (i == 4 || i == 7 ? token.ptr[i] != '-' : !ascii_is_digit(token.ptr[i])))
            return false;
    return true;
}

/* ctime's date, as RFC 4155 wants it; as the mail's own header has it; as ISO 8601 has it. */
static bool has_date(struct slice rest)
{
    struct slice tokens[16], token;
    size_t n = 0;

    while (n < WW_COUNT(tokens) - 4 && slice_next(&rest, ' ', &token))
        if (slice_trim(token).len > 0)
            tokens[n++] = slice_trim(token);
    for (size_t i = n; i < n + 4; i++)
        tokens[i] = SLICE("");
    for (size_t i = 0; i < n; i++) {
        const bool is_clocked =
            has_clock(tokens[i + 3]) || has_clock(tokens[i + 4 < n ? i + 4 : i]);

        if (is_iso_day(tokens[i]) && (has_clock(tokens[i]) || has_clock(tokens[i + 1])))
            return true;
        if (is_clocked && is_name(tokens[i], days) &&
            ((is_name(tokens[i + 1], months) && is_number(tokens[i + 2])) ||
             (is_number(tokens[i + 1]) && is_name(tokens[i + 2], months))))
            return true;
    }
    return false;
}

static bool is_from_line(struct slice line)
{
    return slice_starts(line, SLICE("From ")) && line.len <= MAILBOX_FROM_MAX_BYTES &&
           has_date(slice_skip(line, 5));
}

static bool begins_header(struct slice line)
{
    return mime_is_field(line) || slice_starts(line, SLICE(">From "));
}

bool mailbox_is(struct slice head)
{
    struct slice line;

    return slice_starts(head, SLICE("From ")) && slice_next_line(&head, &line) &&
           begins_header(head) && (has_date(line) || mime_is_mail(head));
}

/* ---- the stream ------------------------------------------------------------------------------ */

void mailbox_init(struct mailbox *m, int64_t at)
{
    *m = (struct mailbox){.at = at, .begin = at};
    buf_init(&m->text, MAILBOX_MESSAGE_MAX_BYTES);
    buf_init(&m->line, MAILBOX_FROM_MAX_BYTES);
    buf_init(&m->from, MAILBOX_FROM_MAX_BYTES);
    buf_init(&m->first, MAILBOX_MESSAGE_MAX_BYTES);
}

void mailbox_release(struct mailbox *m)
{
    buf_release(&m->text);
    buf_release(&m->line);
    buf_release(&m->from);
    buf_release(&m->first);
}

/* Of the mail at hand; what stands before the first is of none. */
static void add(struct mailbox *m, struct slice s)
{
    if (!m->has_mail || m->is_too_big)
        return;
    buf_add(&m->text, s);
    m->is_too_big = m->text.status == WW_TOO_BIG;
    if (m->is_too_big)
        buf_release(&m->text);
}

/* mboxrd: ">From " and ">>From " had one '>' less. */
static void add_line(struct mailbox *m, struct slice line)
{
    size_t n = 0;

    while (n < line.len && line.ptr[n] == '>')
        n++;
    add(m, n > 0 && slice_starts(slice_skip(line, n), SLICE("From ")) ? slice_skip(line, 1) : line);
}

/*
 * The next line off *chunk, its end included; of one that is longer than a "From " line may be, and
 * does not end in its chunk, a piece. False when *chunk is used up.
 */
static bool take_line(struct mailbox *m, struct slice *chunk, struct slice *line)
{
    const size_t end = slice_find_char(*chunk, '\n');
    struct slice piece = slice_head(*chunk, end + 1);
    bool is_whole = end < chunk->len;

    if (m->is_line_taken)
        buf_reset(&m->line);
    m->is_line_taken = false;
    if (piece.len == 0)
        return false;
    if (m->is_long_line || (is_whole && m->line.len == 0)) {
        *line = piece;
        *chunk = slice_skip(*chunk, piece.len);
        m->is_long_line = !is_whole;
        return true;
    }
    is_whole &= m->line.len + piece.len <= MAILBOX_FROM_MAX_BYTES;
    piece = slice_head(piece, MAILBOX_FROM_MAX_BYTES - m->line.len);
    *chunk = slice_skip(*chunk, piece.len);
    buf_add(&m->line, piece);
    m->is_long_line = !is_whole && m->line.len == MAILBOX_FROM_MAX_BYTES;
    m->is_line_taken = is_whole || m->is_long_line;
    *line = buf_slice(&m->line);
    return m->is_line_taken;
}

/* Without the empty line that a mailbox has between two mails. */
static struct slice without_gap(struct slice s)
{
    static const char *const gaps[] = {"\r\n\r\n", "\n\n"};

    for (size_t i = 0; i < WW_COUNT(gaps); i++)
        if (slice_ends(s, slice_from(gaps[i])))
            return slice_head(s, s.len - strlen(gaps[i]) / 2);
    return s;
}

static void give(const struct mailbox *m, int64_t end, struct mailbox_mail *out)
{
    *out = (struct mailbox_mail){.bytes = without_gap(buf_slice(&m->text)),
                                 .begin = m->begin,
                                 .end = end,
                                 .is_too_big = m->is_too_big};
}

/* Behind what may be a "From " line: is it one? True when a mail has ended before it. */
static bool settle_from(struct mailbox *m, struct slice line, struct mailbox_mail *out)
{
    const bool had_mail = m->has_mail;

    m->has_from = false;
    if (!begins_header(line)) {
        add_line(m, buf_slice(&m->from));
        return false;
    }
    if (had_mail)
        give(m, m->from_at, out);
    m->has_mail = true;
    m->begin = m->from_at;
    return had_mail;
}

/* One line; true when a mail has ended before it: then it is kept for the next. */
static bool see_line(struct mailbox *m, struct slice line, bool is_rest, struct mailbox_mail *out)
{
    const int64_t at = m->at;

    m->at += (int64_t)line.len;
    if (m->has_from && settle_from(m, line, out)) {
        buf_reset(&m->first);
        buf_add(&m->first, line);
        m->has_first = true;
        return true;
    }
    if (!is_rest && !m->is_long_line &&
        (is_from_line(line) || (at == 0 && slice_starts(line, SLICE("From "))))) {
        buf_reset(&m->from);
        buf_add(&m->from, line);
        m->from_at = at;
        m->has_from = true;
        return false;
    }
    add_line(m, line);
    return false;
}

static enum ww_status check_memory(const struct mailbox *m, struct ww_error *err)
{
    const struct buf *const bufs[] = {&m->text, &m->line, &m->from, &m->first};

    for (size_t i = 0; i < WW_COUNT(bufs); i++)
        if (bufs[i]->status == WW_NOMEM)
            return ww_fail(err, WW_NOMEM, "out of memory");
    return WW_OK;
}

/* The mail that was given is not needed any more. */
static void begin_next(struct mailbox *m)
{
    if (!m->has_first)
        return;
    buf_reset(&m->text);
    m->is_too_big = false;
    m->has_first = false;
    add_line(m, buf_slice(&m->first));
}

enum ww_status mailbox_feed(struct mailbox *m, struct slice *chunk, struct mailbox_mail *out,
                            struct ww_error *err)
{
    struct slice line;
    bool is_rest;

    begin_next(m);
    for (is_rest = m->is_long_line; take_line(m, chunk, &line); is_rest = m->is_long_line)
        if (see_line(m, line, is_rest, out))
            return check_memory(m, err);
    return check_memory(m, err) == WW_OK ? WW_NOT_FOUND : WW_NOMEM;
}

enum ww_status mailbox_finish(struct mailbox *m, struct mailbox_mail *out, struct ww_error *err)
{
    begin_next(m);
    if (!m->is_line_taken && m->line.len > 0) {
        const struct slice line = buf_slice(&m->line);

        m->is_line_taken = true;
        if (see_line(m, line, false, out))
            return check_memory(m, err);
    }
    if (m->has_from)
        add_line(m, buf_slice(&m->from));
    m->has_from = false;
    if (check_memory(m, err) != WW_OK)
        return WW_NOMEM;
    if (!m->has_mail)
        return WW_NOT_FOUND;
    give(m, m->at, out);
    m->has_mail = false;
    return WW_OK;
}
