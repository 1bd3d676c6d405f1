/* author.c - who wrote it: names, or nothing. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "extractors/blocks.h"
#include "extractors/marks.h"
#include "extractors/metadata.h"
#include "extractors/rules.h"

#include <string.h>

/* A line that names authors is no longer, nor is a name. */
#define BYLINE_MAX_BYTES 160
#define NAME_MAX_BYTES 60
#define NAME_MAX_WORDS 5
#define NAMES_MAX 12

struct names {
    struct slice list[NAMES_MAX];
    size_t n;
    struct slice site; /* folded */
    bool is_data;      /* from the page's data, where account names stand, too */
};

/* Words before a name, in the languages of bylines; longest first where one begins another. */
static const char *const prefixes[] = {
    "written by:",
    "written by",
    "article by",
    "story by",
    "posted by:",
    "posted by",
    "published by",
    "reported by",
    "reviewed by",
    "edited by",
    "words by",
    "text by",
    "author:",
    "authors:",
    "author",
    "by:",
    "by",
    "geschrieben von",
    "verfasst von",
    "veröffentlicht von",
    "ein beitrag von",
    "ein artikel von",
    "artikel von",
    "beitrag von",
    "text von",
    "text:",
    "autor:",
    "autorin:",
    "autoren:",
    "autor",
    "von:",
    "von",
    "écrit par",
    "publié par",
    "auteur :",
    "auteur:",
    "par",
    "escrito por",
    "publicado por",
    "por:",
    "por",
    "scritto da",
    "a cura di",
    "articolo di",
    "di",
    "da",
    "geschreven door",
    "door",
    "autor",
    "автор:",
    "автор",
    "作者：",
    "作者:",
    "记者",
    "記者",
    "文/",
    "文／",
};

/* What is behind a name: cut from there on. */
static const char *const enders[] = {
    " | ",      " - ",         " – ",        " — ",           " · ",          " • ",
    " / ",      " (",          " @",         ", contributor", ", staff",      ", editor",
    ", senior", ", associate", ", reporter", ", redaktion",   ", special to", ", updated",
    " updated", " published",  " posted",    " on ",          " am ",         " in ",
    " for ",    " at ",        " für ",      " aus ",         "\n",           "\t",
    ", ap",     ", dpa",       ", reuters",
};

/* Not names: roles, places where a name would stand, buttons. */
static const char *const no_names[] = {
    "admin",       "administrator", "editor",        "editors",   "editorial", "redaktion",
    "redaction",   "redaccion",     "redacción",     "redazione", "redação",   "redacao",
    "rédaction",   "staff",         "team",          "guest",     "author",    "autor",
    "contributor", "webmaster",     "newsroom",      "press",     "presse",    "desk",
    "agencies",    "agency",        "correspondent", "reporter",  "follow",    "share",
    "posts",       "view",          "read",          "more",      "comment",   "comments",
    "subscribe",   "email",         "e-mail",        "twitter",   "facebook",  "http",
    "www",         "minute",        "minutes",       "min",       "unknown",   "anonymous",
    "department",  "university",    "gmbh",          "inc",       "ltd",       "llc",
    "verlag",      "news",          "online",        "magazine",  "magazin",   "blog",
    "website",     "site",          "kommentare",    "uhr",       "published", "updated",
    "copyright",   "photo",         "foto",          "image",     "the",       "this",
    "that",        "you",           "our",           "your",      "und",       "der",
    "die",         "das",           "mehr",          "alle",      "beiträge",  "nobody",
    "user",        "null",          "undefined",     "none",      "agentur",   "service",
};

static bool is_word_of(struct slice word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(word, slice_from(list[i])))
            return true;
    return false;
}

/* "example.org": a dot with three letters or more before it and two or more behind. */
static bool is_host(struct slice word)
{
    size_t dot = slice_find_last_char(word, '.');

    return dot < word.len && dot > 2 && word.len - dot > 2;
}

/* Does it look like a person's: two to five words, or one with a capital; no digits, no roles? */
static bool is_name(const struct names *names, struct slice s, struct arena *arena)
{
    struct slice rest = s, word;
    size_t n_words = 0, n_capital = 0, at = 0;
    struct slice folded;
    uint32_t first;

    if (s.len < 3 || s.len > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || strchr("@/\\<>[]{}:;?!=+*#|\"_", s.ptr[i]))
            return false;
    while (slice_next(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        n_words++;
        if (is_word_of(word, no_names, WW_COUNT(no_names)) || is_host(word))
            return false;
        at = 0;
        n_capital += text_is_upper(text_next_code(word, &at));
    }
    at = 0;
    first = text_next_code(s, &at);
    if (n_words > NAME_MAX_WORDS || (!text_is_cjk(first) && n_capital == 0 && !names->is_data))
        return false;
    folded = text_fold_key(s, arena);
    return names->site.len == 0 ||
           !(slice_equal(folded, names->site) || slice_contains(names->site, folded) ||
             slice_contains(folded, names->site));
}

static struct slice cut_prefix(struct slice s)
{
    bool goes_on = true;

    while (goes_on) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(prefixes); i++) {
            struct slice p = slice_from(prefixes[i]);
            bool is_open = p.ptr[p.len - 1] == ':' || (unsigned char)p.ptr[0] >= 0x80;

            if (s.len > p.len && slice_starts_nocase(s, p) && (is_open || s.ptr[p.len] == ' ')) {
                s = slice_trim(slice_skip(s, p.len));
                goes_on = true;
                break;
            }
        }
    }
    return s;
}

/* "John F.", "Sammy Davis Jr.": the dot is the name's. */
static bool ends_in_initial(struct slice s)
{
    return slice_ends(s, SLICE(" Jr.")) || slice_ends(s, SLICE(" Sr.")) ||
           (s.len > 3 && s.ptr[s.len - 1] == '.' && s.ptr[s.len - 3] == ' ');
}

static struct slice cut_end(struct slice s)
{
    for (size_t i = 0; i < WW_COUNT(enders); i++) {
        size_t at = slice_find_nocase(s, slice_from(enders[i]));

        if (at > 0 && at < s.len)
            s = slice_head(s, at);
    }
    s = slice_trim(s);
    while (s.len > 0 && strchr("~-|:>*", s.ptr[0]) != NULL)
        s = slice_trim(slice_skip(s, 1));
    while (s.len > 0 && strchr(",.;:|-", s.ptr[s.len - 1]) != NULL && !ends_in_initial(s))
        s = slice_trim(slice_head(s, s.len - 1));
    return s;
}

static void add_name(struct names *names, struct slice s, struct arena *arena)
{
    s = cut_end(cut_prefix(slice_trim(s)));
    if (!is_name(names, s, arena) || names->n == NAMES_MAX)
        return;
    for (size_t i = 0; i < names->n; i++)
        if (slice_equal_nocase(names->list[i], s))
            return;
    names->list[names->n++] = s;
}

/* Several names in one text: "A, B and C". "Last, First" is one. */
static void add_names(struct names *names, struct slice s, struct arena *arena)
{
    static const char *const joints[] = {" and ",  " & ",  " und ", " et ", " y ",
                                         " e ",    " en ", ", ",    "; ",   ";",
                                         " with ", "、",   "，",    " / ",  "/"};
    struct slice rest = cut_prefix(slice_trim(s));

    if (slice_contains(s, SLICE("://")) || slice_contains_nocase(s, SLICE("www.")))
        return;
    while (rest.len > 0 && names->n < NAMES_MAX) {
        size_t best = rest.len, len = 0;

        for (size_t i = 0; i < WW_COUNT(joints); i++) {
            size_t at = slice_find(rest, slice_from(joints[i]));

            if (at < best) {
                best = at;
                len = strlen(joints[i]);
            }
        }
        add_name(names, slice_head(rest, best), arena);
        rest = slice_skip(rest, best + len);
    }
}

/* ---- places ---------------------------------------------------------------------------------- */

static bool read_data(struct names *names, struct metadata *m, struct arena *arena)
{
    static const char *const keys[] = {"author",
                                       "article:author_name",
                                       "dc.creator",
                                       "dcterms.creator",
                                       "dc:creator",
                                       "parsely-author",
                                       "sailthru.author",
                                       "byl",
                                       "cxenseparse:author",
                                       "article.author",
                                       "citation_author",
                                       "article:author",
                                       "og:article:author",
                                       "vr:author",
                                       "authors",
                                       "creator",
                                       NULL};

    names->is_data = true;
    for (size_t i = 0; i < m->json_ld.n_authors; i++)
        add_names(names, m->json_ld.authors[i], arena);
    for (size_t i = 0; names->n == 0 && keys[i] != NULL; i++)
        for (size_t t = 0; t < m->n_tags; t++)
            if (slice_equal_nocase(m->tags[t].key, slice_from(keys[i])))
                add_names(names, m->tags[t].value, arena);
    return names->n > 0;
}

/* Twitter cards say "Written by" in one tag and the name in the next. */
static bool read_card(struct names *names, struct metadata *m, struct arena *arena)
{
    static const char *const label[] = {"twitter:label1", NULL};
    static const char *const data[] = {"twitter:data1", NULL};
    struct slice s = metadata_tag(m, label);

    if (slice_contains_nocase(s, SLICE("by")) || slice_contains_nocase(s, SLICE("von")) ||
        slice_contains_nocase(s, SLICE("por")) || slice_contains_nocase(s, SLICE("par")))
        add_names(names, metadata_tag(m, data), arena);
    names->is_data = false;
    return names->n > 0;
}

/* The address of a page about an author? */
static bool leads_to_author(struct slice href)
{
    static const char *const parts[] = {
        "/author/",   "/authors/", "/autor/",   "/autoren/",     "/autores/",    "/auteur/",
        "/autore/",   "/writer/",  "/writers/", "/contributor/", "/journalist/", "/contributors/",
        "/reporter/", "/profile/", "/people/",  "/staff/"};

    for (size_t i = 0; i < WW_COUNT(parts); i++)
        if (slice_contains(href, slice_from(parts[i])))
            return true;
    return false;
}

/* How good a place an element is for an author's name; 0: none. */
static int rate_element(const struct metadata_source *source, const struct dom_node *n)
{
    uint32_t marks = source->blocks->marks[n->order];
    struct slice rel = dom_get(n, "rel");

    if (marks & (MARK_COMMENTS | MARK_RELATED))
        return 0;
    if (slice_contains_nocase(dom_get(n, "itemprop"), SLICE("author")))
        return 4;
    if (slice_equal_nocase(rel, SLICE("author")))
        return 5;
    if (n->tag == DOM_A && marks & MARK_AUTHOR && leads_to_author(dom_get(n, "href")))
        return 5;
    if (marks & MARK_AUTHOR && !(marks & MARK_BIO))
        return 3;
    return n->tag == DOM_A && leads_to_author(dom_get(n, "href")) ? 2 : 0;
}

/* The first of its blocks that holds names; of an inline element its own text. */
static void read_element(struct names *names, const struct blocks *b, const struct dom_node *n,
                         struct arena *arena)
{
    size_t first = b->first[n->order], end = b->end[n->order];

    if (end - first == 1 && !dom_contains(n, b->list[first].node)) {
        struct slice text = dom_text(n, arena);

        if (text.len <= BYLINE_MAX_BYTES)
            add_names(names, text, arena);
        return;
    }
    for (size_t i = first; i < end && i < first + 4 && names->n == 0; i++)
        if (b->list[i].text.len <= BYLINE_MAX_BYTES && !b->list[i].ends_sentence)
            add_names(names, b->list[i].text, arena);
}

/* Between the headline and a little into the prose, or just behind it. */
static bool read_elements(struct names *names, const struct metadata_source *source,
                          struct arena *arena)
{
    const struct blocks *b = source->blocks;
    size_t first = b->first[source->container->order], end = b->end[source->container->order];
    size_t head = first > 25 ? first - 25 : 0;
    size_t tail = end + 8 < b->n ? end + 8 : b->n;
    struct names best = {.site = names->site};
    int best_rate = 0;

    for (size_t i = 0; i < b->n_nodes; i++) {
        const struct dom_node *n = b->nodes[i];
        struct names found = {.site = names->site};
        int rate;

        if (n == NULL || b->end[i] == b->first[i] || b->first[i] < head || b->first[i] >= tail)
            continue;
        if (b->list[b->first[i]].cut == CUT_NAME && b->list[b->first[i]].cut_by != NULL &&
            b->marks[b->list[b->first[i]].cut_by->order] & (MARK_COMMENTS | MARK_RELATED))
            continue;
        rate = rate_element(source, n);
        if (rate <= best_rate)
            continue;
        found.is_data = rate == 5;
        read_element(&found, b, n, arena);
        if (found.n > 0) {
            best = found;
            best_rate = rate;
        }
    }
    *names = best;
    return names->n > 0;
}

/* "Written by" alone: the name stands in the next block. */
static bool is_label(struct slice s)
{
    for (size_t i = 0; i < WW_COUNT(prefixes); i++)
        if (slice_equal_nocase(s, slice_from(prefixes[i])) && s.len > 2)
            return true;
    return false;
}

/* A line "By Ana Silva" near the head of the container. */
static bool read_lines(struct names *names, const struct metadata_source *source,
                       struct arena *arena)
{
    const struct blocks *b = source->blocks;
    size_t first = b->first[source->container->order];
    size_t from = first > 12 ? first - 12 : 0;
    size_t end = b->end[source->container->order];

    for (size_t i = from; i < end && i < first + 12; i++) {
        struct slice s = b->list[i].text;
        struct slice name = cut_prefix(s);

        if (is_label(s) && i + 1 < end)
            name = b->list[i + 1].text;
        else if (name.ptr == s.ptr || b->list[i].ends_sentence)
            continue;
        if (name.len <= BYLINE_MAX_BYTES)
            add_names(names, name, arena);
        if (names->n > 0)
            return true;
    }
    return false;
}

void author_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    struct names names = {.site = text_fold_key(m->site, arena)};
    struct buf joined;

    if (source->rules != NULL)
        add_names(&names, source->rules->author, arena);
    if (names.n == 0 && !read_data(&names, m, arena) && !read_card(&names, m, arena) &&
        !read_elements(&names, source, arena) && !read_lines(&names, source, arena))
        add_names(&names, source->hints->feed_author, arena);
    buf_init(&joined, 4096);
    for (size_t i = 0; i < names.n; i++) {
        if (i > 0)
            buf_add_string(&joined, "; ");
        buf_add(&joined, names.list[i]);
    }
    m->author = arena_copy(arena, buf_slice(&joined));
    buf_release(&joined);
}
