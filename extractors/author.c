/* author.c - who wrote it: names, or nothing. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "extractors/blocks.h"
#include "extractors/marks.h"
#include "extractors/metadata.h"

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
        if (is_word_of(word, no_names, WW_COUNT(no_names)))
            return false;
        at = 0;
        n_capital += text_is_upper(text_next_code(word, &at));
    }
    at = 0;
    first = text_next_code(s, &at);
    if (n_words > NAME_MAX_WORDS || (!text_is_cjk(first) && n_capital == 0))
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

static struct slice cut_end(struct slice s)
{
    for (size_t i = 0; i < WW_COUNT(enders); i++) {
        size_t at = slice_find_nocase(s, slice_from(enders[i]));

        if (at > 0 && at < s.len)
            s = slice_head(s, at);
    }
    s = slice_trim(s);
    while (s.len > 0 && strchr(",.;:|-", s.ptr[s.len - 1]) != NULL &&
           !(s.ptr[s.len - 1] == '.' && s.len > 2 && s.ptr[s.len - 3] == ' '))
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
    return names->n > 0;
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
        return 4;
    if (marks & MARK_AUTHOR && !(marks & MARK_BIO))
        return 3;
    return 0;
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
        struct slice text;
        int rate;

        if (n == NULL || b->end[i] == b->first[i] || b->first[i] < head || b->first[i] >= tail)
            continue;
        if (b->list[b->first[i]].cut == CUT_NAME && b->list[b->first[i]].cut_by != NULL &&
            b->marks[b->list[b->first[i]].cut_by->order] & (MARK_COMMENTS | MARK_RELATED))
            continue;
        rate = rate_element(source, n);
        if (rate <= best_rate)
            continue;
        text = dom_text(n, arena);
        if (text.len > BYLINE_MAX_BYTES)
            continue;
        add_names(&found, text, arena);
        if (found.n > 0) {
            best = found;
            best_rate = rate;
        }
    }
    *names = best;
    return names->n > 0;
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

        if (s.len > BYLINE_MAX_BYTES || name.ptr == s.ptr || b->list[i].ends_sentence)
            continue;
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

    if (!read_data(&names, m, arena) && !read_card(&names, m, arena) &&
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
