/* title.c - the headline: what the page shows, as long as the page's data bear it out. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/blocks.h"
#include "extractors/metadata.h"
#include "extractors/title_parts.h"

/* Shorter texts are inside too many others to prove anything. */
#define PROOF_BYTES 10
/* A shorter h1 that nothing proves may be a section's name. */
#define LABEL_BYTES 15
#define HEADINGS_MAX 40

/* Skeletons; learned: what other pages of the site call it. */
struct site_names {
    struct slice name, learned, host;
};

static bool names_it(struct slice name, struct slice part)
{
    return name.len > 2 &&
           (slice_contains(name, part) || (slice_contains(part, name) && part.len < 60));
}

static bool is_site(const struct site_names *names, struct slice part, struct arena *arena)
{
    struct slice s = text_skeleton(part, arena);

    if (s.len < 3)
        return s.len == 0;
    return names_it(names->name, s) || names_it(names->learned, s) ||
           (names->host.len > 2 && slice_contains(names->host, s));
}

/* Where the first or the last separator of title begins and ends. */
static bool find_separator(struct slice title, bool is_last, size_t *begin, size_t *end)
{
    bool is_found = false;

    for (size_t at = 0, len; at < title.len && (is_last || !is_found); at += len > 0 ? len : 1) {
        len = title_separator(title, at);
        if (len == 0)
            continue;
        *begin = at;
        *end = at + len;
        is_found = true;
    }
    return is_found;
}

/*
 * Without the site's name at either end. When its name is not known, a short last part behind a
 * longer first one is taken for it.
 */
static struct slice strip_site(struct slice title, const struct site_names *names,
                               struct arena *arena)
{
    size_t begin, end;

    for (int rounds = 0; rounds < 3; rounds++) {
        struct slice head, tail;

        if (!find_separator(title, true, &begin, &end))
            break;
        head = slice_trim(slice_head(title, begin));
        tail = slice_trim(slice_skip(title, end));
        if (!is_site(names, tail, arena) &&
            !(rounds == 0 && names->name.len + names->learned.len == 0 && tail.len * 2 < head.len &&
              tail.len < 40))
            break;
        if (head.len == 0)
            break;
        title = head;
    }
    if (find_separator(title, false, &begin, &end) &&
        is_site(names, slice_trim(slice_head(title, begin)), arena) &&
        slice_trim(slice_skip(title, end)).len > 0)
        title = slice_trim(slice_skip(title, end));
    return title;
}

/* ---- headings -------------------------------------------------------------------------------- */

/* Does a heading say what the page claims? What names a mere part of it proves nothing. */
static bool proves(struct slice claim, struct slice heading, bool is_strict)
{
    if (is_strict)
        return claim.len >= PROOF_BYTES && slice_equal(claim, heading);
    if (heading.len < PROOF_BYTES || claim.len < PROOF_BYTES)
        return false;
    return slice_contains(heading, claim) ||
           (slice_contains(claim, heading) && heading.len * 3 >= claim.len);
}

static bool is_heading_one(const struct block *b)
{
    return b->node->tag == DOM_H1;
}

struct claims {
    struct slice text[3];
    struct slice skeleton[3];
    struct slice feed; /* skeleton of what the feed called it */
    struct site_names names;
};

/* A claim that the heading repeats behind a kicker ("Sport Team wins cup"); empty when none. */
static struct slice without_kicker(const struct claims *c, struct slice heading)
{
    for (size_t i = 0; i < WW_COUNT(c->text); i++)
        if (c->skeleton[i].len >= PROOF_BYTES && heading.len > c->skeleton[i].len &&
            slice_ends(heading, c->skeleton[i]))
            return c->text[i];
    return (struct slice){"", 0};
}

/*
 * The first heading that says the same as one of the page's claims; h1 before the others. Strict:
 * the very same.
 */
static struct slice find_proven(const struct blocks *b, const struct claims *claims, bool is_strict,
                                struct arena *arena)
{
    for (int only_h1 = 1; only_h1 >= 0; only_h1--) {
        size_t n_seen = 0;

        for (size_t i = 0; i < b->n && n_seen < HEADINGS_MAX; i++) {
            const struct block *block = &b->list[i];
            struct slice heading, plain;

            if (block->kind != BLOCK_HEADING || is_heading_one(block) != (only_h1 == 1) ||
                block->text.len > TITLE_MAX_BYTES || is_site(&claims->names, block->text, arena))
                continue;
            n_seen++;
            heading = text_skeleton(block->text, arena);
            plain = is_strict ? SLICE("") : without_kicker(claims, heading);
            if (plain.len > 0)
                return plain;
            for (size_t c = 0; c < WW_COUNT(claims->text); c++)
                if (proves(claims->skeleton[c], heading, is_strict))
                    return block->text;
        }
    }
    return (struct slice){"", 0};
}

/* One line, without soft hyphens. */
static struct slice tidy(struct slice title, struct arena *arena)
{
    struct slice one = text_squeeze(title, arena);
    char *out = arena_alloc(arena, one.len + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < one.len; i++) {
        if (slice_starts(slice_skip(one, i), SLICE("\u00ad")))
            i++;
        else
            out[n++] = one.ptr[i];
    }
    return slice_of(out, n);
}

/*
 * What page and feed both say: a heading, else one of the page's claims. A feed that calls it
 * otherwise decides nothing: feeds shorten titles, and some call everything "News".
 */
static struct slice find_announced(const struct blocks *b, const struct claims *claims,
                                   struct arena *arena)
{
    size_t n_seen = 0;

    if (claims->feed.len < PROOF_BYTES)
        return (struct slice){"", 0};
    for (size_t i = 0; i < b->n && n_seen < HEADINGS_MAX; i++) {
        const struct block *block = &b->list[i];

        if (block->kind != BLOCK_HEADING || block->text.len > TITLE_MAX_BYTES)
            continue;
        n_seen++;
        if (slice_equal(text_skeleton(block->text, arena), claims->feed))
            return block->text;
    }
    for (size_t i = 0; i < WW_COUNT(claims->text); i++)
        if (slice_equal(claims->skeleton[i], claims->feed))
            return claims->text[i];
    return (struct slice){"", 0};
}

/* The one h1 of the page, when it is no site's name or label. */
static struct slice only_heading_one(const struct blocks *b, const struct site_names *names,
                                     struct arena *arena)
{
    struct slice found = {"", 0};

    for (size_t i = 0; i < b->n; i++)
        if (is_heading_one(&b->list[i])) {
            if (found.len > 0)
                return (struct slice){"", 0};
            found = b->list[i].text;
        }
    if (found.len < LABEL_BYTES || is_site(names, found, arena))
        return (struct slice){"", 0};
    return found;
}

void title_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    static const char *const keys[] = {
        "og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "title", NULL};
    struct claims c = {
        .text = {metadata_tag(m, keys),                     m->title_element, m->json_ld.headline},
        .feed = text_skeleton(source->hints->feed_title, arena),
        .names = { text_skeleton(m->site, arena), text_skeleton(source->hints->site_name,           arena),
                 text_skeleton(url_host(source->hints->url, arena), arena)},
    };
    struct slice title;

    for (size_t i = 0; i < WW_COUNT(c.text); i++) {
        c.text[i] = strip_site(text_squeeze(c.text[i], arena), &c.names, arena);
        c.skeleton[i] = text_skeleton(c.text[i], arena);
    }
    title = find_announced(source->blocks, &c, arena);
    if (title.len == 0)
        title = find_proven(source->blocks, &c, true, arena);
    if (title.len == 0)
        title = find_proven(source->blocks, &c, false, arena);
    if (title.len == 0)
        title = only_heading_one(source->blocks, &c.names, arena);
    if (title.len == 0)
        title = c.text[0].len > 0 ? c.text[0] : c.text[2];
    if (title.len == 0)
        title = c.text[1];
    if (title.len == 0)
        title = source->hints->feed_title;
    m->title = text_cut(tidy(title, arena), TITLE_MAX_BYTES);
}
