/*
 * robots.c - RFC 9309.
 *
 * Only the rules of our own group and of "*" are kept, brought to one escaping (section 2.2.2) and
 * cut at their stars, so that a check looks for the pieces of a pattern from left to right: linear
 * in pattern and path, whatever the number of stars.
 */
#include "crawler/robots.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"

#include <string.h>

/* Google's parser cuts lines here; no real address comes near. */
#define LINE_MAX_BYTES 16663

struct rule {
    struct slice pattern; /* levelled, '*' alone is special, without the '$' at the end */
    size_t octets;        /* its length as RFC 9309 compares it */
    bool is_allow, is_anchored;
};

struct group {
    struct rule *rules;
    size_t n_rules, capacity;
    int64_t delay_ms;
    bool is_present;
};

struct robots {
    struct group ours, everyone;
    struct slice *sitemaps;
    size_t n_sitemaps, sitemap_capacity;
};

/* ---- escaping -------------------------------------------------------------------------------- */

static bool is_one_of(unsigned char c, const char *set)
{
    return c != 0 && strchr(set, c) != NULL;
}

static bool is_alphanumeric(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Escapes of unreserved characters are resolved, other escapes get upper-case digits, octets that
 * may not stand plain in an address are escaped, and so are those in `special`: a star in an
 * address is the "%2A" of a rule. The result is at most three times as long.
 */
static struct slice level(struct slice s, const char *special, struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_array(arena, s.len + 1, 3);
    size_t len = 0;

    if (out == NULL)
        return (struct slice){"", 0};
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        int high = c == '%' && i + 2 < s.len ? ascii_hex(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex(s.ptr[i + 2]) : -1;
        bool is_plain;

        if (low >= 0) {
            c = (unsigned char)(high * 16 + low);
            is_plain = is_alphanumeric(c) || is_one_of(c, "-._~");
            i += 2;
        } else {
            is_plain = is_alphanumeric(c) || is_one_of(c, "-._~:/?#[]@!$&'()*+,;=%");
            is_plain = is_plain && !is_one_of(c, special);
        }
        if (is_plain) {
            out[len++] = (char)c;
        } else {
            out[len++] = '%';
            out[len++] = digits[c >> 4];
            out[len++] = digits[c & 15];
        }
    }
    return slice_of(out, len);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/*
 * RFC 9309, 2.2.1: a product token is letters, '_' and '-'. "wirewatch/1.2 (...)" is "wirewatch".
 */
static struct slice product_token(struct slice s)
{
    size_t len = 0;

    while (len < s.len && (is_one_of((unsigned char)s.ptr[len], "_-") ||
                           (is_alphanumeric((unsigned char)s.ptr[len]) &&
                            !(s.ptr[len] >= '0' && s.ptr[len] <= '9'))))
        len++;
    return slice_head(s, len);
}

/* "key: value # comment". Without a colon, two words are taken for a key and its value. */
static bool split_line(struct slice line, struct slice *key, struct slice *value)
{
    size_t colon;

    line = slice_head(line, LINE_MAX_BYTES);
    line = slice_trim(slice_head(line, slice_find_char(line, '#')));
    colon = slice_find_char(line, ':');
    if (colon == line.len) {
        size_t blank = 0;

        while (blank < line.len && !is_blank(line.ptr[blank]))
            blank++;
        *key = slice_head(line, blank);
        *value = slice_trim(slice_skip(line, blank));
        return value->len > 0 && slice_find_char(*value, ' ') == value->len &&
               slice_find_char(*value, '\t') == value->len;
    }
    *key = slice_trim(slice_head(line, colon));
    *value = slice_trim(slice_skip(line, colon + 1));
    return key->len > 0;
}

enum line_kind { LINE_OTHER, LINE_AGENT, LINE_ALLOW, LINE_DISALLOW, LINE_DELAY, LINE_SITEMAP };

/* Misspellings are those that Google's parser has met often enough to accept. */
static const struct {
    const char *name;
    enum line_kind kind;
} keys[] = {
    {"user-agent",  LINE_AGENT   },
    {"useragent",   LINE_AGENT   },
    {"user agent",  LINE_AGENT   },
    {"allow",       LINE_ALLOW   },
    {"disallow",    LINE_DISALLOW},
    {"dissallow",   LINE_DISALLOW},
    {"dissalow",    LINE_DISALLOW},
    {"disalow",     LINE_DISALLOW},
    {"diasllow",    LINE_DISALLOW},
    {"disallaw",    LINE_DISALLOW},
    {"crawl-delay", LINE_DELAY   },
    {"crawldelay",  LINE_DELAY   },
    {"sitemap",     LINE_SITEMAP },
    {"site-map",    LINE_SITEMAP },
};

static enum line_kind kind_of(struct slice key)
{
    for (size_t i = 0; i < WW_COUNT(keys); i++)
        if (slice_starts_nocase(key, slice_from(keys[i].name)))
            return keys[i].kind;
    return LINE_OTHER;
}

/* Seconds with an optional fraction, to milliseconds; 0 for what is no number. */
static int64_t parse_delay(struct slice value)
{
    int64_t ms = 0;
    int64_t unit = 100;
    size_t i = 0;

    for (; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9'; i++) {
        ms = ms * 10 + (value.ptr[i] - '0') * (int64_t)1000;
        if (ms > CRAWL_DELAY_MAX_MS)
            return CRAWL_DELAY_MAX_MS;
    }
    if (i < value.len && value.ptr[i] == '.')
        for (i++; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9'; i++, unit /= 10)
            ms += (value.ptr[i] - '0') * unit;
    return i == value.len && ms <= CRAWL_DELAY_MAX_MS ? ms
           : i == value.len                           ? CRAWL_DELAY_MAX_MS
                                                      : 0;
}

static void add_pattern(struct group *g, struct slice pattern, bool is_allow, bool is_anchored,
                        struct arena *arena)
{
    struct rule *rules = arena_grow(arena, g->rules, g->n_rules, &g->capacity, sizeof(*rules));

    if (rules == NULL)
        return; /* the arena is marked */
    g->rules = rules;
    g->rules[g->n_rules++] = (struct rule){
        .pattern = pattern,
        .octets = pattern.len + is_anchored,
        .is_allow = is_allow,
        .is_anchored = is_anchored,
    };
}

static void add_rule(struct group *g, struct slice value, bool is_allow, struct arena *arena)
{
    bool is_anchored = slice_ends(value, SLICE("$"));
    struct slice pattern;
    size_t slash;

    if (value.len == 0)
        return; /* an empty rule matches nothing that another would not decide */
    if (is_anchored)
        value.len--;
    pattern = level(value, "$", arena);
    add_pattern(g, pattern, is_allow, is_anchored, arena);
    /* Leave for "/dir/index.html" is leave for "/dir/": Google's addition. */
    slash = slice_find_last_char(pattern, '/');
    if (is_allow && slash < pattern.len &&
        slice_starts(slice_skip(pattern, slash), SLICE("/index.htm")))
        add_pattern(g, slice_head(pattern, slash + 1), true, true, arena);
}

static void add_sitemap(struct robots *r, struct slice value, struct arena *arena)
{
    struct slice *list =
        arena_grow(arena, r->sitemaps, r->n_sitemaps, &r->sitemap_capacity, sizeof(*r->sitemaps));

    if (list == NULL || value.len == 0)
        return;
    r->sitemaps = list;
    r->sitemaps[r->n_sitemaps++] = value;
}

/* Which groups the lines being read belong to. */
struct section {
    bool is_ours, is_everyone;
    bool has_rules; /* the next user-agent line begins a new group */
};

static void read_agent(struct robots *r, struct section *now, struct slice value,
                       struct slice agent)
{
    if (now->has_rules)
        *now = (struct section){0};
    if (value.len > 0 && value.ptr[0] == '*' && (value.len == 1 || is_blank(value.ptr[1]))) {
        now->is_everyone = true;
    } else if (agent.len > 0 && slice_equal_nocase(product_token(value), agent)) {
        now->is_ours = true;
        r->ours.is_present = true;
    }
}

static void read_line(struct robots *r, struct section *now, struct slice line, struct slice agent,
                      struct arena *arena)
{
    struct slice key, value;
    enum line_kind kind;
    int64_t delay_ms;

    if (!split_line(line, &key, &value))
        return;
    kind = kind_of(key);
    switch (kind) {
    case LINE_AGENT:
        read_agent(r, now, value, agent);
        break;
    case LINE_ALLOW:
    case LINE_DISALLOW:
        now->has_rules |= now->is_ours || now->is_everyone;
        if (now->is_ours)
            add_rule(&r->ours, value, kind == LINE_ALLOW, arena);
        if (now->is_everyone)
            add_rule(&r->everyone, value, kind == LINE_ALLOW, arena);
        break;
    case LINE_DELAY:
        delay_ms = parse_delay(value);
        if (now->is_ours && delay_ms > r->ours.delay_ms)
            r->ours.delay_ms = delay_ms;
        if (now->is_everyone && delay_ms > r->everyone.delay_ms)
            r->everyone.delay_ms = delay_ms;
        break;
    case LINE_SITEMAP:
        add_sitemap(r, value, arena);
        break;
    case LINE_OTHER:
        break;
    }
}

/* The byte order mark, or as much of it as is there. */
static struct slice skip_mark(struct slice text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t n = 0;

    while (n < 3 && n < text.len && text.ptr[n] == mark[n])
        n++;
    return slice_skip(text, n);
}

/*
 * What counts of a text that is too long ends with its last whole line: half a line would forbid
 * more than it says, or allow it.
 */
static struct slice cut(struct slice text)
{
    size_t line_feed, carriage_return;

    if (text.len <= ROBOTS_MAX_BYTES)
        return text;
    text = slice_head(text, ROBOTS_MAX_BYTES);
    line_feed = slice_find_last_char(text, '\n');
    carriage_return = slice_find_last_char(text, '\r');
    if (line_feed == text.len || (carriage_return < text.len && carriage_return > line_feed))
        line_feed = carriage_return;
    return slice_head(text, line_feed == text.len ? 0 : line_feed);
}

/* NULs come from editors and broken exports, and mean nothing in any rule. */
static struct slice without_nuls(struct slice text, struct arena *arena)
{
    size_t len = 0;
    char *copy;

    if (slice_find_char(text, '\0') == text.len)
        return text;
    copy = arena_alloc(arena, text.len);
    for (size_t i = 0; copy != NULL && i < text.len; i++)
        if (text.ptr[i] != '\0')
            copy[len++] = text.ptr[i];
    return slice_of(copy, len);
}

struct robots *robots_parse(struct slice text, struct slice agent, struct arena *arena)
{
    struct robots *r = arena_alloc(arena, sizeof(*r));
    struct section now = {0};
    struct slice line;

    if (r == NULL)
        return NULL;
    agent = product_token(slice_trim(agent));
    text = skip_mark(without_nuls(cut(text), arena));
    while (slice_next_line(&text, &line))
        read_line(r, &now, line, agent, arena);
    return arena->failed ? NULL : r;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* The pieces between the stars are found one after the other, each as early as can be. */
static bool matches(const struct rule *rule, struct slice path)
{
    struct slice rest = rule->pattern;
    struct slice piece;
    bool is_first = true;

    while (slice_next(&rest, '*', &piece)) {
        bool is_last = rest.ptr == NULL;
        size_t at;

        if (is_first && !slice_starts(path, piece))
            return false;
        if (is_last && rule->is_anchored)
            return is_first ? slice_equal(path, piece) : slice_ends(path, piece);
        at = is_first ? 0 : slice_find(path, piece);
        if (at + piece.len > path.len)
            return false;
        path = slice_skip(path, at + piece.len);
        is_first = false;
    }
    return true;
}

static const struct group *group_of(const struct robots *r)
{
    return r->ours.is_present ? &r->ours : &r->everyone;
}

/* The rule with the most octets decides; of equal ones, the one that allows. */
static bool group_allows(const struct group *g, struct slice path)
{
    size_t longest = 0;
    bool is_allowed = true;

    for (size_t i = 0; i < g->n_rules; i++) {
        const struct rule *rule = &g->rules[i];

        if (rule->octets < longest || (rule->octets == longest && !rule->is_allow))
            continue;
        if (!matches(rule, path))
            continue;
        longest = rule->octets;
        is_allowed = rule->is_allow;
    }
    return is_allowed;
}

bool robots_allows(const struct robots *r, struct slice path, struct arena *arena)
{
    const struct group *g = r == NULL ? NULL : group_of(r);

    if (g == NULL || g->n_rules == 0 || slice_equal(path, SLICE("/robots.txt")))
        return true;
    return group_allows(g, level(path, "*$", arena)) && !arena->failed;
}

/* Offset of the first of these marks from `from` on, or s.len. */
static size_t find_any(struct slice s, size_t from, const char *marks)
{
    while (from < s.len && !is_one_of((unsigned char)s.ptr[from], marks))
        from++;
    return from;
}

bool robots_allows_url(const struct robots *r, struct slice url, struct arena *arena)
{
    size_t begin = slice_starts(url, SLICE("//")) ? 2 : 0;
    size_t early = find_any(url, begin, "/?;");
    size_t scheme = begin + slice_find(slice_skip(url, begin), SLICE("://"));
    struct slice path;

    url = slice_head(url, slice_find_char(url, '#'));
    if (scheme < url.len && early > scheme)
        begin = scheme + 3;
    path = slice_skip(url, find_any(url, begin, "/?;"));
    if (path.len == 0)
        path = SLICE("/");
    else if (path.ptr[0] != '/')
        path = arena_printf(arena, "/%.*s", SLICE_ARG(path));
    return robots_allows(r, path, arena);
}

int64_t robots_delay_ms(const struct robots *r)
{
    return r == NULL ? 0 : group_of(r)->delay_ms;
}

const struct slice *robots_sitemaps(const struct robots *r, size_t *n)
{
    *n = r == NULL ? 0 : r->n_sitemaps;
    return r == NULL ? NULL : r->sitemaps;
}
