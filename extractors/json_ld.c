/* json_ld.c - schema.org objects by Jansson: the article among them, and its fields. */
#include "extractors/json_ld.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/attributes.h"
#include "extractors/dom.h"
#include "extractors/prescan.h"
#include "extractors/sanitize.h"

#include <jansson.h>
#include <string.h>

/* Objects of one page that are looked at; real pages have below a hundred. */
#define OBJECTS_MAX 4096

/* ---- mending --------------------------------------------------------------------------------- */

/*
 * A copy that Jansson can read: control characters inside strings become spaces, commas before a
 * closing bracket go, brackets left open are closed. Returns false when nothing like JSON is there.
 */
static bool mend(struct slice text, struct buf *out)
{
    char open[256];
    size_t depth = 0, begin = 0;
    bool in_string = false;

    while (begin < text.len && text.ptr[begin] != '{' && text.ptr[begin] != '[')
        begin++;
    for (size_t i = begin; i < text.len; i++) {
        char c = text.ptr[i];

        if (in_string) {
            if (c == '\\' && i + 1 < text.len) {
                bool is_escape = strchr("\"\\/bfnrtu", text.ptr[i + 1]) != NULL;

                if (is_escape)
                    buf_add_char(out, c);
                buf_add_char(out, text.ptr[++i]);
                continue;
            }
            in_string = c != '"';
            buf_add_char(out, (unsigned char)c < 0x20 ? ' ' : c);
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth == sizeof(open))
                return false;
            open[depth++] = c == '{' ? '}' : ']';
        } else if (c == '}' || c == ']') {
            while (out->len > 0 && (out->ptr[out->len - 1] == ',' || out->ptr[out->len - 1] == ' '))
                buf_truncate(out, out->len - 1);
            if (depth == 0 || open[depth - 1] != c)
                return false;
            depth--;
        } else if ((unsigned char)c <= 0x20) {
            c = ' ';
        }
        in_string = c == '"';
        buf_add_char(out, c);
        if (depth == 0)
            return true;
    }
    if (in_string)
        buf_add_char(out, '"');
    while (depth > 0)
        buf_add_char(out, open[--depth]);
    return out->len > 0;
}

static json_t *load(struct slice text)
{
    json_t *value = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    struct buf mended;

    if (value != NULL)
        return value;
    buf_init(&mended, BODY_INFLATED_MAX_BYTES);
    if (mend(text, &mended))
        value = json_loadb(mended.ptr, mended.len, JSON_ALLOW_NUL, NULL);
    buf_release(&mended);
    return value;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* JSON-LD is no HTML, but holds it often: tags go, entities are decoded. */
static struct slice plain(struct slice s, struct arena *arena)
{
    struct slice text = {"", 0};
    struct arena scratch;
    struct dom dom;

    if (slice_find_char(s, '<') == s.len)
        return text_squeeze(attributes_decode(s, false, arena), arena);
    /* A body has thousands of lines: their trees go one by one. */
    arena_init(&scratch, arena->max_bytes);
    if (dom_parse_fragment(s, &scratch, &dom, NULL) == WW_OK)
        text = arena_copy(arena, text_squeeze(dom_text(dom.root, &scratch), &scratch));
    arena_release(&scratch);
    return text;
}

/* A string, or the first of a list of strings, or the @value or name of an object. */
static struct slice text_of(const json_t *value, struct arena *arena)
{
    for (int level = 0; level < 4 && value != NULL; level++) {
        if (json_is_string(value)) {
            struct slice s = slice_of(json_string_value(value), json_string_length(value));

            return plain(text_clean(s, arena), arena);
        }
        if (json_is_array(value)) {
            value = json_array_get(value, 0);
        } else {
            const json_t *inner = json_object_get(value, "@value");

            value = inner != NULL ? inner : json_object_get(value, "name");
        }
    }
    return (struct slice){"", 0};
}

struct slice json_ld_body(struct slice text, struct arena *arena)
{
    struct slice rest = text_clean(text, arena);
    struct slice line;
    struct slice body = {"", 0};
    struct buf out;

    /* Some escape their markup twice. */
    for (int i = 0; i < 2 && slice_contains(rest, SLICE("</")); i++) {
        if (sanitize_text(rest, arena, &body, NULL) != WW_OK)
            break;
        rest = body;
    }
    if (body.len > 0)
        return body;
    buf_init(&out, ARTICLE_TEXT_MAX_BYTES);
    while (slice_next_line(&rest, &line)) {
        line = plain(line, arena);
        if (line.len == 0)
            continue;
        if (out.len > 0)
            buf_add_string(&out, "\n\n");
        buf_add(&out, line);
    }
    body = arena_copy(arena, buf_slice(&out));
    buf_release(&out);
    return body;
}

/* A text that keeps its paragraphs. */
static struct slice body_of(const json_t *value, struct arena *arena)
{
    if (!json_is_string(value))
        return text_of(value, arena);
    return json_ld_body(slice_of(json_string_value(value), json_string_length(value)), arena);
}

static bool has_type(const json_t *object, const char *const *names, size_t n)
{
    const json_t *type = json_object_get(object, "@type");

    for (size_t i = 0; i < n; i++) {
        size_t k;
        const json_t *one;

        if (json_is_string(type) && strstr(json_string_value(type), names[i]) != NULL)
            return true;
        json_array_foreach(type, k,
                           one) if (json_is_string(one) &&
                                    strstr(json_string_value(one), names[i]) != NULL) return true;
    }
    return false;
}

static void take(struct slice *field, const json_t *object, const char *key, struct arena *arena)
{
    if (field->len == 0)
        *field = text_of(json_object_get(object, key), arena);
}

static void add_author(struct json_ld *out, struct slice name)
{
    if (name.len == 0 || out->n_authors == JSON_LD_AUTHORS_MAX)
        return;
    for (size_t i = 0; i < out->n_authors; i++)
        if (slice_equal(out->authors[i], name))
            return;
    out->authors[out->n_authors++] = name;
}

/* ---- the objects of a page ------------------------------------------------------------------- */

struct objects {
    const json_t *list[OBJECTS_MAX];
    size_t n;
};

/* Every object of value, outer ones first; the list is the queue of the walk. */
static void collect(struct objects *o, const json_t *value)
{
    size_t at = o->n;
    size_t i;
    const char *key;
    const json_t *inner;

    if (o->n < OBJECTS_MAX)
        o->list[o->n++] = value;
    for (; at < o->n; at++) {
        const json_t *v = o->list[at];

        if (json_is_array(v))
            json_array_foreach(v, i, inner)
            {
                if ((json_is_object(inner) || json_is_array(inner)) && o->n < OBJECTS_MAX)
                    o->list[o->n++] = inner;
            }
        else
            json_object_foreach((json_t *)(uintptr_t)v, key, inner)
            {
                if ((json_is_object(inner) || json_is_array(inner)) && o->n < OBJECTS_MAX)
                    o->list[o->n++] = inner;
            }
    }
}

/* An object that is only named by its @id stands elsewhere in the page. */
static const json_t *resolve(const struct objects *o, const json_t *value)
{
    const char *id = json_string_value(json_object_get(value, "@id"));

    if (id == NULL || json_object_get(value, "name") != NULL)
        return value;
    for (size_t i = 0; i < o->n; i++) {
        const char *other = json_string_value(json_object_get(o->list[i], "@id"));

        if (other != NULL && strcmp(other, id) == 0 && json_object_get(o->list[i], "name") != NULL)
            return o->list[i];
    }
    return value;
}

static void read_author(const struct objects *o, const json_t *value, struct arena *arena,
                        struct json_ld *out)
{
    static const char *const organisations[] = {"Organization", "Corporation"};
    const json_t *one = resolve(o, value);
    const json_t *names;
    size_t i;

    if (json_is_object(one) && has_type(one, organisations, WW_COUNT(organisations))) {
        take(&out->organisation, one, "name", arena);
        return;
    }
    names = json_is_object(one) ? json_object_get(one, "name") : NULL;
    if (json_is_array(names)) {
        json_array_foreach(names, i, value) add_author(out, text_of(value, arena));
        return;
    }
    add_author(out, text_of(one, arena));
}

static void read_authors(const struct objects *o, const json_t *article, struct arena *arena,
                         struct json_ld *out)
{
    const json_t *author = json_object_get(article, "author");
    const json_t *one;
    size_t i;

    if (author == NULL)
        author = json_object_get(article, "creator");
    if (json_is_array(author)) {
        json_array_foreach(author, i, one) read_author(o, one, arena, out);
    } else if (author != NULL) {
        read_author(o, author, arena, out);
    }
}

/* An address, of the first of several things, or of an object: its url or its @id. */
static struct slice address_of(const json_t *value, struct arena *arena)
{
    const json_t *inner;

    if (json_is_array(value))
        value = json_array_get(value, 0);
    inner = json_object_get(value, "url");
    if (inner == NULL)
        inner = json_object_get(value, "@id");
    return text_of(inner != NULL ? inner : value, arena);
}

/* isAccessibleForFree of the article, or of one of its parts, says no. */
static bool is_unfree(const json_t *object)
{
    const json_t *is_free = json_object_get(object, "isAccessibleForFree");
    const char *word = json_string_value(is_free);

    return json_is_false(is_free) ||
           (word != NULL && slice_equal_nocase(slice_from(word), SLICE("false")));
}

static bool is_paywalled(const json_t *article)
{
    const json_t *parts = json_object_get(article, "hasPart");
    const json_t *part;
    size_t i;

    if (is_unfree(article) || is_unfree(parts))
        return true;
    json_array_foreach(parts, i, part) if (is_unfree(part)) return true;
    return false;
}

static void read_article(const struct objects *o, const json_t *article, struct arena *arena,
                         struct json_ld *out)
{
    static const char *const live[] = {"LiveBlogPosting"};

    take(&out->headline, article, "headline", arena);
    take(&out->headline, article, "name", arena);
    take(&out->description, article, "description", arena);
    if (out->body.len == 0)
        out->body = body_of(json_object_get(article, "articleBody"), arena);
    take(&out->published, article, "datePublished", arena);
    take(&out->published, article, "dateCreated", arena);
    take(&out->modified, article, "dateModified", arena);
    take(&out->language, article, "inLanguage", arena);
    take(&out->section, article, "articleSection", arena);
    if (out->source.len == 0)
        out->source = text_of(resolve(o, json_object_get(article, "sourceOrganization")), arena);
    if (out->based_on.len == 0)
        out->based_on = address_of(json_object_get(article, "isBasedOn"), arena);
    if (out->based_on.len == 0)
        out->based_on = address_of(json_object_get(article, "isBasedOnUrl"), arena);
    if (out->publisher.len == 0)
        out->publisher = text_of(resolve(o, json_object_get(article, "publisher")), arena);
    out->is_paywalled = out->is_paywalled || is_paywalled(article);
    out->is_live = has_type(article, live, WW_COUNT(live));
    if (out->n_authors == 0)
        read_authors(o, article, arena, out);
}

/* Name and address stand in the ListItem, or both in its item, or the item is the address. */
static void read_crumbs(const json_t *list, struct arena *arena, struct json_ld *out)
{
    const json_t *items = json_object_get(list, "itemListElement");
    const json_t *one;
    size_t i;

    json_array_foreach(items, i, one)
    {
        const json_t *item = json_object_get(one, "item");
        const json_t *name = json_object_get(one, "name");
        struct json_ld_crumb crumb;

        if (out->n_crumbs == JSON_LD_CRUMBS_MAX)
            break;
        if (name == NULL)
            name = json_object_get(item, "name");
        if (json_is_object(item))
            item = json_object_get(item, "@id");
        crumb = (struct json_ld_crumb){text_of(name, arena), text_of(item, arena)};
        if (crumb.name.len > 0)
            out->crumbs[out->n_crumbs++] = crumb;
    }
}

void json_ld_read(const struct prescan *scan, struct arena *arena, struct json_ld *out)
{
    static const char *const articles[] = {"Article", "BlogPosting", "Posting", "Report"};
    static const char *const pages[] = {"WebPage", "ItemPage", "Recipe", "VideoObject"};
    static const char *const crumbs[] = {"BreadcrumbList"};
    struct objects *o = arena_alloc(arena, sizeof(*o));
    json_t *roots = json_array();

    *out = (struct json_ld){0};
    for (size_t i = 0; i < scan->n_scripts && o != NULL && roots != NULL; i++)
        if (scan->scripts[i].is_json_ld) {
            json_t *root = load(scan->scripts[i].text);

            if (root != NULL && json_array_append_new(roots, root) == 0)
                collect(o, root);
        }
    for (size_t i = 0; o != NULL && i < o->n; i++)
        if (has_type(o->list[i], articles, WW_COUNT(articles)) &&
            (json_object_get(o->list[i], "headline") != NULL ||
             json_object_get(o->list[i], "datePublished") != NULL)) {
            read_article(o, o->list[i], arena, out);
            out->has_article = true;
            break;
        }
    for (size_t i = 0; o != NULL && i < o->n && !out->has_article; i++)
        if (has_type(o->list[i], pages, WW_COUNT(pages)) &&
            json_object_get(o->list[i], "datePublished") != NULL) {
            read_article(o, o->list[i], arena, out);
            break;
        }
    for (size_t i = 0; o != NULL && i < o->n && out->n_crumbs == 0; i++)
        if (has_type(o->list[i], crumbs, WW_COUNT(crumbs)))
            read_crumbs(o->list[i], arena, out);
    json_decref(roots);
}
