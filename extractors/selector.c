/*
 * selector.c - reading a selector, and finding what it matches in one walk over the page.
 *
 * A selector is a row of parts. Each part has a bit: on the way down the tree every element knows
 * which parts it matches in its place, and which any element around it does. So nothing is tried
 * twice, however deep a page is.
 */
#include "extractors/selector.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/dom.h"

#include <stdint.h>

enum test_kind { TEST_PRESENT, TEST_EQUAL, TEST_BEGINS, TEST_ENDS, TEST_HOLDS, TEST_WORD };

/* Of one attribute; .class and #id are such tests, too. */
struct test {
    enum test_kind kind;
    char *name; /* lower case */
    struct slice value;
    struct test *next;
};

/* One element of the row: "h2", "li.first[lang]". */
struct part {
    struct slice tag; /* empty: any */
    struct test *tests;
    bool begins;   /* nothing has to be around it */
    bool is_child; /* the part before is its parent; else it is anywhere around it */
    bool ends;     /* what it matches is found */
};

struct selector {
    struct part parts[SELECTOR_PARTS_MAX];
    size_t n_parts;
};

/* ---- reading --------------------------------------------------------------------------------- */

struct reader {
    struct slice text;
    size_t at;
    struct arena *arena;
    struct selector *selector;
    size_t column; /* of the mistake */
};

static enum ww_status fail(struct reader *r, struct ww_error *err, const char *why)
{
    r->column = 1;
    for (size_t i = 0; i < r->at && i < r->text.len; i++)
        r->column += ((unsigned char)r->text.ptr[i] & 0xC0) != 0x80;
    return ww_fail(err, WW_INVALID, "%s", why);
}

static char peek(const struct reader *r)
{
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

/* True when there was white space. */
static bool skip_space(struct reader *r)
{
    size_t begin = r->at;

    while (ascii_is_space(peek(r)))
        r->at++;
    return r->at > begin;
}

static bool is_name_char(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || c == '-' || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* A name with its backslashes taken out; empty when none stands here. */
static struct slice read_name(struct reader *r)
{
    char *name = arena_alloc(r->arena, r->text.len - r->at + 1);
    size_t n = 0;

    if (name == NULL)
        return (struct slice){"", 0};
    for (;;) {
        if (peek(r) == '\\' && r->at + 1 < r->text.len)
            r->at++;
        else if (!is_name_char(peek(r)))
            break;
        name[n++] = r->text.ptr[r->at++];
    }
    return slice_of(name, n);
}

static char *lower(struct reader *r, struct slice name)
{
    char *copy = arena_string(r->arena, name);

    for (size_t i = 0; copy != NULL && i < name.len; i++)
        copy[i] = ascii_lower(copy[i]);
    return copy;
}

static void add_test(struct reader *r, enum test_kind kind, struct slice name, struct slice value)
{
    struct part *part = &r->selector->parts[r->selector->n_parts - 1];
    struct test *test = arena_alloc(r->arena, sizeof(*test));

    if (test == NULL)
        return; /* the arena is marked */
    *test = (struct test){kind, lower(r, name), value, part->tests};
    part->tests = test;
}

/* "..." or '...' or a name. */
static enum ww_status read_value(struct reader *r, struct slice *out, struct ww_error *err)
{
    const char quote = peek(r);

    if (quote == '"' || quote == '\'') {
        struct slice rest = slice_skip(r->text, r->at + 1);
        size_t end = slice_find_char(rest, quote);

        if (end == rest.len)
            return fail(r, err, "this quotation does not end");
        *out = slice_head(rest, end);
        r->at += end + 2;
        return WW_OK;
    }
    *out = read_name(r);
    return out->len > 0 ? WW_OK : fail(r, err, "a value is missing (quote it?)");
}

/* Behind '['. */
static enum ww_status read_attribute(struct reader *r, struct ww_error *err)
{
    static const struct {
        const char *text;
        enum test_kind kind;
    } signs[] = {
        {"=",  TEST_EQUAL },
        {"^=", TEST_BEGINS},
        {"$=", TEST_ENDS  },
        {"*=", TEST_HOLDS },
        {"~=", TEST_WORD  },
    };
    struct slice name, value = {"", 0};
    enum test_kind kind = TEST_PRESENT;
    enum ww_status status = WW_OK;

    (void)skip_space(r);
    name = read_name(r);
    if (name.len == 0)
        return fail(r, err, "the name of an attribute is missing");
    (void)skip_space(r);
    for (size_t i = 0; i < WW_COUNT(signs) && kind == TEST_PRESENT; i++)
        if (slice_starts(slice_skip(r->text, r->at), slice_from(signs[i].text))) {
            kind = signs[i].kind;
            r->at += slice_from(signs[i].text).len;
        }
    (void)skip_space(r);
    if (kind != TEST_PRESENT)
        status = read_value(r, &value, err);
    if (status != WW_OK)
        return status;
    (void)skip_space(r);
    if (peek(r) != ']')
        return fail(r, err, "\"]\" is missing");
    r->at++;
    add_test(r, kind, name, value);
    return WW_OK;
}

/* ".class", "#id" or "[attribute]". */
static enum ww_status read_test(struct reader *r, struct ww_error *err)
{
    const char sign = r->text.ptr[r->at++];
    struct slice name;

    if (sign == '[')
        return read_attribute(r, err);
    name = read_name(r);
    if (name.len == 0)
        return fail(r, err, sign == '.' ? "the name of a class is missing" : "an id is missing");
    if (sign == '.')
        add_test(r, TEST_WORD, SLICE("class"), name);
    else
        add_test(r, TEST_EQUAL, SLICE("id"), name);
    return WW_OK;
}

static bool is_test_sign(char c)
{
    return c == '.' || c == '#' || c == '[';
}

static enum ww_status read_part(struct reader *r, bool begins, bool is_child, struct ww_error *err)
{
    struct part *part;
    enum ww_status status = WW_OK;

    if (r->selector->n_parts == SELECTOR_PARTS_MAX)
        return fail(r, err, "this is too long");
    part = &r->selector->parts[r->selector->n_parts++];
    *part = (struct part){
        .tag = {"", 0},
          .begins = begins, .is_child = is_child
    };
    if (peek(r) == '*') {
        r->at++;
    } else if (!is_test_sign(peek(r))) {
        part->tag = read_name(r);
        if (part->tag.len == 0)
            return fail(r, err, "an element, .class, #id or [attribute] is missing");
    }
    while (status == WW_OK && is_test_sign(peek(r)))
        status = read_test(r, err);
    return status;
}

enum ww_status selector_read(struct slice text, struct arena *arena, struct selector **out,
                             size_t *column, struct ww_error *err)
{
    struct reader r = {.text = text, .arena = arena};
    bool begins = true, is_child = false, has_space;
    enum ww_status status = WW_OK;

    *out = NULL;
    *column = 0;
    r.selector = arena_alloc(arena, sizeof(*r.selector));
    if (r.selector == NULL)
        return arena_check(arena, err);
    r.selector->n_parts = 0;
    r.at = text.len > SELECTOR_MAX_BYTES ? SELECTOR_MAX_BYTES : 0;
    if (r.at > 0)
        status = fail(&r, err, "this is too long");
    (void)skip_space(&r);
    while (status == WW_OK) {
        status = read_part(&r, begins, is_child, err);
        if (status != WW_OK)
            break;
        has_space = skip_space(&r);
        begins = peek(&r) == ',';
        is_child = peek(&r) == '>';
        r.selector->parts[r.selector->n_parts - 1].ends = begins || r.at == text.len;
        if (r.at == text.len)
            break;
        if (begins || is_child) {
            r.at++;
            (void)skip_space(&r);
        } else if (!has_space) {
            status = fail(&r, err, "only element .class #id [attribute] blank > and , are known");
        }
    }
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK)
        *out = r.selector;
    *column = r.column;
    return status;
}

enum ww_status selector_parse(struct slice text, struct arena *arena, struct selector **out,
                              struct ww_error *err)
{
    size_t column;
    enum ww_status status = selector_read(text, arena, out, &column, err);

    if (column == 0)
        return status;
    return ww_context(err, status, "selector \"%.*s\", column %zu", SLICE_ARG(slice_head(text, 80)),
                      column);
}

/* ---- finding --------------------------------------------------------------------------------- */

static bool has_word(struct slice list, struct slice word)
{
    size_t begin = 0;

    for (size_t i = 0; i <= list.len; i++) {
        if (i < list.len && !ascii_is_space(list.ptr[i]))
            continue;
        if (slice_equal(slice_sub(list, begin, i - begin), word))
            return true;
        begin = i + 1;
    }
    return false;
}

static bool passes(const struct test *test, const struct dom_node *node)
{
    struct slice value = dom_get(node, test->name);

    if (value.ptr == NULL)
        return false;
    switch (test->kind) {
    case TEST_PRESENT:
        return true;
    case TEST_EQUAL:
        return slice_equal(value, test->value);
    case TEST_BEGINS:
        return test->value.len > 0 && slice_starts(value, test->value);
    case TEST_ENDS:
        return test->value.len > 0 && slice_ends(value, test->value);
    case TEST_HOLDS:
        return test->value.len > 0 && slice_contains(value, test->value);
    case TEST_WORD:
        return test->value.len > 0 && has_word(value, test->value);
    }
    return false;
}

static bool fits(const struct part *part, const struct dom_node *node)
{
    if (part->tag.len > 0 && !slice_equal_nocase(part->tag, node->name))
        return false;
    for (const struct test *t = part->tests; t != NULL; t = t->next)
        if (!passes(t, node))
            return false;
    return true;
}

/* The parts an element matches in its place, and those that it or an element around it does. */
struct place {
    uint64_t here, around;
};

/* True when the element is one of those that are looked for. */
static bool enter(const struct selector *s, const struct dom_node *node, const struct place *parent,
                  struct place *out)
{
    bool is_found = false;

    out->here = 0;
    for (size_t i = 0; i < s->n_parts; i++) {
        const struct part *part = &s->parts[i];
        const uint64_t before = part->is_child ? parent->here : parent->around;

        if ((part->begins || (before >> (i - 1) & 1) != 0) && fits(part, node)) {
            out->here |= (uint64_t)1 << i;
            is_found = is_found || part->ends;
        }
    }
    out->around = parent->around | out->here;
    return is_found;
}

enum ww_status selector_find(const struct selector *s, const struct dom *dom, struct arena *arena,
                             struct selected *out, struct ww_error *err)
{
    struct place *places = arena_array(arena, dom->depth + 2, sizeof(*places));
    struct dom_node *node = dom->root;
    size_t depth = 1, capacity = 0; /* place 0 is what is around the root: nothing */
    size_t n_places = dom->depth + 2;

    *out = (struct selected){0};
    if (places == NULL)
        return arena_check(arena, err);
    places[0] = (struct place){0, 0};
    while (node != NULL) {
        /* Parts that came late (late.h) may lie deeper than the tree was. */
        if (depth == n_places)
            places = arena_grow(arena, places, depth, &n_places, sizeof(*places));
        if (places == NULL)
            return arena_check(arena, err);
        if (node->tag != DOM_TEXT && enter(s, node, &places[depth - 1], &places[depth])) {
            struct dom_node **nodes =
                arena_grow(arena, out->nodes, out->n_nodes, &capacity, sizeof(struct dom_node *));

            if (nodes == NULL)
                return arena_check(arena, err);
            out->nodes = nodes;
            nodes[out->n_nodes++] = node;
        }
        if (node->first != NULL && node->tag != DOM_TEMPLATE) {
            node = node->first;
            depth++;
            continue;
        }
        while (node != dom->root && node->next == NULL) {
            node = node->parent;
            depth--;
        }
        node = node == dom->root ? NULL : node->next;
    }
    return WW_OK;
}
