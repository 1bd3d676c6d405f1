/*
 * finds_timemap.c - the captures of one address, as RFC 7089 writes them: a list of links (RFC
 * 6690), each an address in angle brackets with its parameters. Long ones name further timemaps.
 */
#include "feeds/finds_parts.h"

#include "base/ascii.h"
#include "base/attrs.h"

struct timemap_link {
    struct slice target, rel;
    struct slice datetime, from, until;
    bool is_whole; /* its end was seen, or the document ends where a link may end */
};

static struct slice skip_space(struct slice s)
{
    while (s.len > 0 && (ascii_is_space(s.ptr[0])))
        s = slice_skip(s, 1);
    return s;
}

/* The value of a parameter: a word or a text in quotes. False: it has no end. */
static bool read_value(struct slice *rest, struct slice *value)
{
    size_t n = 0;

    *rest = skip_space(*rest);
    if (slice_starts(*rest, SLICE("\""))) {
        n = slice_find_char(slice_skip(*rest, 1), '"') + 1;
        *value = slice_sub(*rest, 1, n - 1);
        if (n >= rest->len)
            return false;
        *rest = slice_skip(*rest, n + 1);
        return true;
    }
    while (n < rest->len && !ascii_is_space(rest->ptr[n]) && rest->ptr[n] != ';' &&
           rest->ptr[n] != ',')
        n++;
    *value = slice_head(*rest, n);
    *rest = slice_skip(*rest, n);
    return n > 0;
}

/* One ";name=value" behind the last. False: none follows, or it breaks off (is_whole is false). */
static bool read_parameter(struct slice *rest, struct timemap_link *link)
{
    static const struct {
        const char *name;
        size_t offset;
    } known[] = {
        {"datetime", offsetof(struct timemap_link, datetime)},
        {"from",     offsetof(struct timemap_link, from)    },
        {"rel",      offsetof(struct timemap_link, rel)     },
        {"until",    offsetof(struct timemap_link, until)   },
    };
    struct slice name, value = {"", 0};
    size_t n = 0;

    *rest = skip_space(*rest);
    if (!slice_starts(*rest, SLICE(";")))
        return false;
    *rest = skip_space(slice_skip(*rest, 1));
    while (n < rest->len && !ascii_is_space(rest->ptr[n]) && rest->ptr[n] != '=' &&
           rest->ptr[n] != ';' && rest->ptr[n] != ',')
        n++;
    name = slice_head(*rest, n);
    *rest = skip_space(slice_skip(*rest, n));
    link->is_whole = rest->len > 0;
    if (slice_starts(*rest, SLICE("="))) {
        *rest = slice_skip(*rest, 1);
        link->is_whole = read_value(rest, &value);
    }
    for (size_t i = 0; i < WW_COUNT(known) && link->is_whole; i++) {
        struct slice *member = (struct slice *)(void *)((char *)link + known[i].offset);

        if (member->len == 0 && slice_equal_nocase(name, slice_from(known[i].name)))
            *member = value;
    }
    return link->is_whole;
}

static bool next_link(struct slice *rest, struct timemap_link *link)
{
    size_t end;

    *link = (struct timemap_link){.is_whole = true};
    *rest = slice_skip(*rest, slice_find_char(*rest, '<'));
    if (rest->len == 0)
        return false;
    end = slice_find_char(*rest, '>');
    link->is_whole = end < rest->len;
    if (link->is_whole)
        link->target = slice_sub(*rest, 1, end - 1);
    *rest = slice_skip(*rest, end + 1); /* none at all is left behind one that never ends */
    while (link->is_whole && read_parameter(rest, link))
        ;
    /* Up to the comma: what stands before it, when it is no parameter, is no link either. */
    *rest = slice_skip(*rest, slice_find_char(*rest, ','));
    return true;
}

static bool has_rel(struct slice rels, const char *name)
{
    struct slice rel;

    while (slice_next(&rels, ' ', &rel))
        if (slice_equal_nocase(rel, slice_from(name)))
            return true;
    return false;
}

/* What an archive's address holds of the original's, when the timemap does not name it. */
static struct slice original_in(struct slice capture)
{
    struct slice rest = slice_skip(capture, 8);
    size_t at = slice_find(rest, SLICE("/http"));

    return slice_skip(rest, at + 1);
}

static void add_capture(struct finds_reader *r, const struct timemap_link *link,
                        struct slice original)
{
    struct find find = {.url = original};

    if (!finds_address(r, link->target, &find.capture) ||
        !date_parse(link->datetime, &find.captured)) {
        r->out->n_bad++;
        return;
    }
    if (original.len == 0)
        find.url = original_in(find.capture);
    finds_add(r, &find);
}

static void add_timemap(struct finds_reader *r, const struct timemap_link *link)
{
    struct finds_list list = {0};

    if (!finds_address(r, link->target, &list.url)) {
        r->out->n_bad++;
        return;
    }
    if (!date_parse(link->from, &list.about))
        list.about = (struct date){0};
    if (!date_parse(link->until, &list.until))
        list.until = (struct date){0};
    finds_add_list(r, &list);
}

/* The address that all the captures are of; it need not stand first. */
static struct slice find_original(struct slice rest)
{
    struct timemap_link link;

    while (next_link(&rest, &link))
        if (has_rel(link.rel, "original"))
            return link.target;
    return SLICE("");
}

enum ww_status finds_read_timemap(struct finds_reader *r, struct ww_error *err)
{
    const struct slice original = find_original(r->text);
    struct slice rest = r->text;
    struct timemap_link link;
    bool has_links = false;

    if (!slice_starts(r->text, SLICE("<")) || slice_starts(r->text, SLICE("<!")) ||
        slice_starts(r->text, SLICE("<?")) || slice_starts_nocase(r->text, SLICE("<html")))
        return finds_read_other(r, "a timemap", err);
    while (next_link(&rest, &link)) {
        const bool is_last = rest.len == 0, is_capture = has_rel(link.rel, "memento");

        has_links = has_links || link.rel.len > 0 || !link.is_whole;
        r->out->is_cut = !link.is_whole;
        if (is_capture && is_last && link.datetime.len == 0)
            r->out->is_cut = true;
        else if (is_capture && !finds_is_full(r))
            add_capture(r, &link, original);
        else if (has_rel(link.rel, "timemap") && !has_rel(link.rel, "self") && !finds_is_full(r))
            add_timemap(r, &link);
    }
    if (!has_links)
        return ww_fail(err, WW_INVALID, "not a timemap");
    return WW_OK;
}
