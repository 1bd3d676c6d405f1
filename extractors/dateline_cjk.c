/* dateline_cjk.c - openings in the brackets of Chinese, Japanese and Korean papers, and cables. */
#include "extractors/dateline_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/text.h"
#include "extractors/dateline_words.h"

/* "Hong Gildong, reporter =". */
#define REPORTER_MAX_BYTES 60

/* "Hong Gildong reporter =", behind the bracket. */
struct slice dateline_skip_reporter(struct slice s)
{
    const struct slice head = slice_head(s, REPORTER_MAX_BYTES);
    const size_t at = slice_find(head, SLICE("="));

    if (at < head.len && slice_contains(slice_head(head, at), SLICE("기자")))
        return slice_skip(s, at + 1);
    return s;
}

bool dateline_has_word(struct slice s, const char *list)
{
    struct slice rest = slice_from(list), one;

    while (slice_next(&rest, '|', &one))
        if (slice_contains(s, one))
            return true;
    return false;
}

static bool is_one_of(struct slice s, const char *list)
{
    struct slice rest = slice_from(list), one;

    while (slice_next(&rest, '|', &one))
        if (slice_equal(s, one))
            return true;
    return false;
}

/* Does s end with one of a list? *bytes: of it. */
static bool ends_with(struct slice s, const char *list, size_t *bytes)
{
    struct slice rest = slice_from(list), one;

    *bytes = 0;
    while (slice_next(&rest, '|', &one))
        if (one.len > *bytes && slice_ends(s, one))
            *bytes = one.len;
    return *bytes > 0;
}

static void take(struct dateline *out, const struct agency *one)
{
    if (one != NULL && out->agencies.n < AGENCIES_MAX)
        out->agencies.list[out->agencies.n++] = one;
}

/* Japanese: the agency ends each part of the bracket; "パリAFP=時事", "東京 26日 ロイター". */
static void read_parts(struct slice inner, struct arena *arena, struct dateline *out)
{
    size_t begin = 0;

    for (size_t at = 0; at <= inner.len;) {
        const struct slice rest = slice_skip(inner, at);
        const size_t n = at == inner.len ? 1 : signs_dash(rest) + signs_space(rest);
        struct slice part;
        size_t bytes, ascii = 0;

        if (n == 0) {
            (void)text_next_code(inner, &at);
            continue;
        }
        part = slice_sub(inner, begin, at - begin);
        while (ascii < part.len && ascii_is_letter(part.ptr[part.len - 1 - ascii]))
            ascii++;
        if (ascii > 0)
            take(out, agency_find(slice_skip(part, part.len - ascii), AGENCY_BARE, arena));
        else
            take(out, agency_suffix(part, &bytes));
        at += n;
        begin = at;
    }
}

/* What a bracket that opens a text says: reporter and place, agency and cable. */
static bool is_opening(struct slice inner, struct arena *arena, struct dateline *out)
{
    size_t bytes;
    const size_t equal = slice_find_char(inner, '=') < inner.len
                             ? slice_find_char(inner, '=')
                             : slice_find(inner, SLICE("\uff1d"));
    const struct agency *first = agency_prefix(inner, &bytes);

    out->agencies = (struct agencies){.n = 0};
    if (first != NULL &&
        (bytes == inner.len || signs_has_digit(inner) || dateline_has_word(inner, reporters) ||
         ends_with(inner, cables, &bytes))) {
        take(out, first);
        return true;
    }
    if (dateline_has_word(inner, reporters) && ends_with(inner, cables, &bytes))
        return true;
    if (signs_has_digit(inner) && ends_with(inner, own_cables, &bytes))
        return true;
    if (ends_with(inner, korean_reporters, &bytes) || equal < inner.len) {
        read_parts(inner, arena, out);
        return equal == inner.len || text_is_cjk(signs_code(inner)) || out->agencies.n > 0;
    }
    read_parts(inner, arena, out);
    return out->agencies.n > 0;
}

/* A bracket behind the opening that names the reporter: "（记者王明）". */
static struct slice skip_bracket(struct slice s)
{
    struct slice close = {"", 0},
                 head = slice_head(s, DATELINE_MARK_MAX_BYTES + REPORTER_MAX_BYTES);
    const size_t n = signs_bracket(s, &close);
    const size_t end = n > 0 ? slice_find(head, close) : head.len;

    if (end < head.len && dateline_has_word(slice_head(head, end), reporters))
        return slice_skip(s, end + close.len);
    return s;
}

static bool accept_cjk(struct slice line, struct slice rest, struct dateline *out)
{
    bool has_dash, has_stop;

    rest = skip_bracket(dateline_skip_reporter(rest));
    rest = signs_skip(rest, &has_dash, &has_stop);
    if (rest.len == 0)
        return false;
    out->words = slice_head(line, (size_t)(rest.ptr - line.ptr));
    return true;
}

static bool read_bracket(struct slice line, struct arena *arena, struct dateline *out)
{
    const struct slice head = text_cut(line, DATELINE_MAX_BYTES);
    struct slice close = {"", 0}, inner;
    const size_t n = signs_bracket(head, &close);
    size_t end;

    if (n == 0 || close.ptr[0] == '/')
        return false;
    end = slice_find(slice_skip(head, n), close);
    inner = slice_trim(slice_sub(head, n, end));
    if (n + end >= head.len || end > DATELINE_MARK_MAX_BYTES + REPORTER_MAX_BYTES)
        return false;
    for (size_t at = 0; at < inner.len;)
        if (text_is_cjk(text_next_code(inner, &at)))
            return is_opening(inner, arena, out) &&
                   accept_cjk(line, slice_skip(line, n + end + close.len), out);
    return false;
}

/* "新华社北京10月26日电（记者王明）", "中新网10月26日电 ", "本报讯（记者 王明）", "央视网消息：".
 */
static bool read_cable(struct slice line, struct arena *arena, struct dateline *out)
{
    struct slice head = text_cut(line, DATELINE_MAX_BYTES), run;
    const size_t skipped =
        slice_starts(head, SLICE("据")) || slice_starts(head, SLICE("據")) ? 3 : 0;
    const struct agency *first;
    size_t bytes, end = 0;
    struct slice rest, close = {"", 0};

    (void)arena;
    out->agencies = (struct agencies){.n = 0};
    head = slice_skip(head, skipped);
    first = agency_prefix(head, &bytes);
    for (size_t at = 0; at < head.len && end == 0 && at <= DATELINE_MARK_MAX_BYTES;) {
        size_t n, from = at;

        if (!text_is_word(text_next_code(head, &at)) && signs_space(slice_skip(head, from)) == 0)
            break;
        run = slice_head(head, at);
        if (ends_with(run, cables, &n) &&
            (signs_has_digit(run) || (first != NULL && n == at - bytes) ||
             is_one_of(slice_head(run, at - n), own_papers)))
            end = at;
    }
    rest = slice_skip(head, end);
    if (end == 0 || (first == NULL && !is_one_of(slice_head(head, 6), own_papers)) ||
        (signs_space(rest) + signs_stop(rest) + signs_bracket(rest, &close) + signs_dash(rest) ==
         0))
        return false;
    take(out, first);
    return accept_cjk(line, slice_skip(line, skipped + end), out);
}

bool dateline_read_cjk(struct slice line, struct arena *arena, struct dateline *out)
{
    return read_bracket(line, arena, out) || read_cable(line, arena, out);
}
