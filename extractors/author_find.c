/* author_find.c - where a page shows its authors: marked elements, and lines that begin with "By".
 */
#include "extractors/author.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/date.h"
#include "extractors/blocks.h"
#include "extractors/dom.h"
#include "extractors/marks.h"

/* An element inside a longer paragraph than this is not read. */
#define PARAGRAPH_MAX_BYTES 8192
/* A line with a byline in it is no longer; nor is one that has nothing but a name. */
#define LINE_MAX_BYTES 160
#define BARE_MAX_BYTES 40
/* Blocks around the headline, and behind the prose, where a byline stands. */
#define BEFORE_TITLE 5
#define BEHIND_TITLE 8
#define BEHIND_PROSE 8
/* Elements marked as the author's that are looked at: a forum's page has one for each post. */
#define ELEMENTS_MAX 128
/* An element that can be nothing else: rel=author, itemprop=author, a marked link to an author. */
#define SIGN_SURE 42
/* Bytes between two names of one list. */
#define JOINT_MAX_BYTES 12

/* The headline, which may come twice, and the prose of the article, as numbers of blocks. */
struct finder {
    const struct blocks *b;
    struct arena *arena;
    struct author_places *out;
    size_t first_title, title, prose, prose_end, end;
    const struct dom_node *last; /* of the place found last */
    size_t last_block;
};

static void measure(struct finder *f, const struct metadata_source *source, struct slice title)
{
    const struct blocks *b = source->blocks;
    size_t first = b->first[source->container->order];

    f->end = b->end[source->container->order];
    f->prose = f->end;
    f->prose_end = first;
    for (size_t i = first; i < f->end; i++)
        if (b->list[i].cut == CUT_NOT && b->list[i].mass > 0) {
            f->prose = i < f->prose ? i : f->prose;
            f->prose_end = i + 1;
        }
    f->title = f->first_title = b->n;
    for (size_t i = 0; i < b->n && i <= f->prose; i++)
        if (b->list[i].kind == BLOCK_HEADING && title.len > 0 &&
            slice_equal_nocase(b->list[i].text, title)) {
            f->first_title = f->title == b->n ? i : f->first_title;
            f->title = i;
        }
    if (f->title == b->n)
        for (size_t i = 0; i < b->n && i <= f->prose; i++)
            if (b->list[i].node->tag == DOM_H1)
                f->title = i;
    if (f->title == b->n)
        f->title = first;
    if (f->first_title > f->title)
        f->first_title = f->title;
}

/* How good a place a block is, by where it stands. */
static int rate_place(const struct finder *f, size_t i)
{
    if (i + BEFORE_TITLE >= f->title && i <= f->title + BEHIND_TITLE)
        return i < f->title ? 14 : 20;
    if (i > f->first_title && i <= f->prose + 1)
        return i <= f->first_title + BEHIND_TITLE ? 20 : 14;
    if (i < f->title)
        return -25;
    if (i + 1 < f->prose_end)
        return -12;
    return i < f->end + BEHIND_PROSE ? 0 : -25;
}

static void add_place(struct finder *f, const struct author_names *names, int score)
{
    if (names->n > 0 && f->out->n < AUTHOR_PLACES_MAX)
        f->out->list[f->out->n++] = (struct author_place){*names, score};
}

/* ---- elements -------------------------------------------------------------------------------- */

/* The address of a page about an author? */
static bool leads_to_author(struct slice href)
{
    static const char *const parts[] = {
        "/author/",    "/authors/",     "/autor/",        "/autoren/",    "/autores/",
        "/auteur/",    "/auteurs/",     "/autore/",       "/autori/",     "/writer/",
        "/writers/",   "/contributor/", "/contributors/", "/journalist/", "/journalists/",
        "/reporter/",  "/reporters/",   "/profile/",      "/profil/",     "/people/",
        "/staff/",     "/user/",        "/users/",        "/columnist/",  "/redakteur/",
        "/redaktion/", "/periodista/",  "/firma/",        "/firmas/",     "/creator/",
        "/by/",        "?author=",      "&author=",       "/szerzo/",     "/autorzy/",
        "/redakcja/",  "/giornalista/", "/autor-",        "/author-",     "/members/",
        "/kolumnist/", "/auteur-",
    };

    for (size_t i = 0; i < WW_COUNT(parts); i++)
        if (slice_contains_nocase(href, slice_from(parts[i])))
            return true;
    return false;
}

/* Marked as something about the author that is not the name. */
static bool is_aside(struct slice names)
{
    static const char *const parts[] = {"descri",    "position", "-role", "_role",
                                        "job-title", "jobtitle", "-bio",  "_bio",
                                        "social",    "avatar",   "-date"};

    for (size_t i = 0; i < WW_COUNT(parts); i++)
        if (slice_contains_nocase(names, slice_from(parts[i])))
            return true;
    return false;
}

/* How good a sign an element is by itself; 0: none. */
static int rate_element(const struct finder *f, const struct dom_node *n)
{
    uint32_t marks = f->b->marks[n->order];
    bool is_link = false;
    int score = 0;

    for (size_t i = 0; i < n->n_attributes; i++) {
        struct slice name = n->attributes[i].name, value = n->attributes[i].value;

        if (slice_equal(name, SLICE("rel")) && slice_contains_nocase(value, SLICE("author")))
            score = 46;
        else if (slice_equal(name, SLICE("itemprop")) &&
                 slice_contains_nocase(value, SLICE("author")))
            score = score < 44 ? 44 : score;
        else if (slice_equal(name, SLICE("href")) && n->tag == DOM_A)
            is_link = leads_to_author(value);
        else if (slice_equal(name, SLICE("class")) && marks & MARK_AUTHOR && is_aside(value))
            return 0;
        else if (slice_equal(name, SLICE("class")) && marks & MARK_AUTHOR &&
                 slice_contains_nocase(value, SLICE("name")))
            score = score < 41 ? 41 : score;
    }
    if (marks & MARK_AUTHOR && score < 38)
        score = 38;
    if (is_link)
        score = score > 0 ? score + 4 : 26;
    return score;
}

/* "Reviewed by", "Photo:": the name behind did something else. */
static bool is_other_work(struct slice line, struct slice name)
{
    static const char *const works[] = {
        "review", "fact",  "edited", "translat", "übersetz", "photo", "foto",
        "illust", "image", "bild:",  "medical",  "grafik",   "video", "updated by"};
    size_t at = slice_find(line, name);
    size_t from = at > 30 ? at - 30 : 0;

    if (at >= line.len)
        return false;
    for (size_t i = 0; i < WW_COUNT(works); i++)
        if (slice_contains_nocase(slice_sub(line, from, at - from), slice_from(works[i])))
            return true;
    return false;
}

/* Is it inside a part that tells of something else? What holds the article's prose tells nothing.
 */
static bool is_elsewhere(const struct finder *f, const struct dom_node *n, bool is_labelled)
{
    const uint32_t away =
        MARK_COMMENTS | MARK_RELATED | MARK_AD | MARK_CONSENT | (is_labelled ? 0 : MARK_CAPTION);

    for (; n != NULL; n = n->parent) {
        uint32_t marks = f->b->marks[n->order];
        size_t first = f->b->first[n->order], end = f->b->end[n->order];

        if ((first <= f->prose && end > f->prose) || (first <= f->title && end > f->title))
            return false;
        if ((marks & away && !(marks & MARK_AUTHOR && !(marks & MARK_COMMENTS))) ||
            n->tag == DOM_FIGURE || n->tag == DOM_NAV)
            return true;
    }
    return false;
}

/* Is all of the element inside one block? */
static bool is_inline(const struct finder *f, const struct dom_node *n)
{
    size_t first = f->b->first[n->order];

    return f->b->end[n->order] - first == 1 && !dom_contains(n, f->b->list[first].node);
}

/* The first of its blocks that holds names; of an inline element its own text. */
static int read_element(const struct finder *f, const struct dom_node *n, struct author_names *out)
{
    size_t first = f->b->first[n->order], end = f->b->end[n->order];
    int labelled = 0;

    *out = (struct author_names){.n = 0};
    if (is_inline(f, n)) {
        struct slice line = f->b->list[first].text;
        struct slice text;

        if (line.len > PARAGRAPH_MAX_BYTES)
            return 0;
        text = dom_text(n, f->arena);
        author_clean(text, AUTHOR_MARKED, out);
        return line.len <= LINE_MAX_BYTES && line.len > text.len && author_cut_label(&line) ? 8 : 0;
    }
    for (size_t i = first; i < end && i < first + 4 && out->n == 0; i++) {
        struct slice text = f->b->list[i].text;

        if (author_is_label(text))
            labelled = 8;
        else if (text.len <= LINE_MAX_BYTES && f->b->list[i].mass == 0) {
            struct slice rest = text;

            if (author_cut_label(&rest))
                labelled = 8;
            author_clean(text, AUTHOR_MARKED, out);
        }
    }
    return labelled;
}

/*
 * One more name of the list that the last place began: <a>A</a> and <a>B</a>. What is printed
 * between them is their joint.
 */
static bool join_list(struct finder *f, const struct dom_node *n, size_t block, int score,
                      const struct author_names *names)
{
    struct author_place *p = f->out->n > 0 ? &f->out->list[f->out->n - 1] : NULL;
    struct slice line = f->b->list[block].text;
    struct slice joint = {"; ", 2};
    size_t at, behind;

    if (p == NULL || f->last == NULL || f->last->tag != n->tag || names->n != 1 ||
        p->names.n == AUTHOR_NAMES_MAX || block > f->last_block + 2 || p->score > score + 8 ||
        dom_contains(f->last, n) || !slice_equal(dom_get(f->last, "class"), dom_get(n, "class")))
        return false;
    for (size_t i = 0; i < p->names.n; i++)
        if (slice_equal_nocase(p->names.list[i].text, names->list[0].text))
            return true;
    if (block == f->last_block) {
        struct slice before = p->names.list[p->names.n - 1].text;

        at = slice_find(line, before) + before.len;
        behind = at >= line.len ? line.len : slice_find(slice_skip(line, at), names->list[0].text);
        if (behind > JOINT_MAX_BYTES)
            return false;
        if (behind > 1)
            joint = slice_sub(line, at, behind);
    }
    p->names.list[p->names.n] = names->list[0];
    p->names.list[p->names.n++].joint = joint;
    f->last = n;
    f->last_block = block;
    return true;
}

static void find_elements(struct finder *f)
{
    const struct blocks *b = f->b;
    size_t from = f->title > 40 ? f->title - 40 : 0, n_seen = 0;

    for (size_t i = 0; i < b->n_nodes && n_seen < ELEMENTS_MAX; i++) {
        const struct dom_node *n = b->nodes[i];
        struct author_names names;
        int score, sign, place, labelled;

        if (n == NULL || n->n_attributes == 0 || b->end[i] == b->first[i] || b->first[i] < from ||
            b->first[i] >= f->end + BEHIND_PROSE)
            continue;
        sign = score = rate_element(f, n);
        if (score == 0 || b->end[i] - b->first[i] > 12)
            continue;
        n_seen++;
        place = rate_place(f, b->first[i]);
        score += place - (place <= 0 && b->marks[i] & MARK_BIO ? 8 : 0);
        if (score < 20)
            continue;
        labelled = read_element(f, n, &names);
        if (is_elsewhere(f, n, labelled > 0))
            continue;
        score += labelled;
        /* A category may be marked so, too. */
        if (sign < SIGN_SURE && labelled == 0 && !names.is_person)
            score -= 14;
        if (names.n > 0 && f->b->list[b->first[i]].text.len <= LINE_MAX_BYTES &&
            is_other_work(f->b->list[b->first[i]].text, names.list[0].text))
            continue;
        if (names.n == 0 || join_list(f, n, b->first[i], score, &names))
            continue;
        /* Inside the place found last: the name alone is better than what stands around it. */
        if (f->last != NULL && dom_contains(f->last, n) && f->out->n > 0 &&
            names.n >= f->out->list[f->out->n - 1].names.n &&
            names.list[0].text.len < f->out->list[f->out->n - 1].names.list[0].text.len &&
            score + 12 > f->out->list[f->out->n - 1].score)
            score = score > f->out->list[--f->out->n].score ? score : f->out->list[f->out->n].score;
        add_place(f, &names, score);
        f->last = n;
        f->last_block = b->first[i];
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool has_date(struct slice s)
{
    struct date date;
    struct slice found;

    return date_find(s, DATE_ORDER_UNKNOWN, &date, &found) || slice_contains(s, SLICE("/20")) ||
           slice_contains_nocase(s, SLICE("min read")) || slice_contains(s, SLICE("Min."));
}

/* A line that is nothing but a name beside the headline, with a date as its neighbour. */
static void read_bare(struct finder *f, size_t i)
{
    const struct block *block = &f->b->list[i];
    struct author_names names;
    bool near_date;

    if (i <= f->title || i > f->title + 3 || block->text.len > BARE_MAX_BYTES ||
        block->link_bytes > 0 || block->kind == BLOCK_HEADING || block->ends_sentence)
        return;
    near_date =
        (i + 1 < f->b->n && f->b->list[i + 1].text.len < 60 && has_date(f->b->list[i + 1].text)) ||
        (f->b->list[i - 1].text.len < 60 && has_date(f->b->list[i - 1].text));
    if (!near_date)
        return;
    author_clean(block->text, AUTHOR_GUESSED, &names);
    if (names.n > 0 && names.is_person)
        add_place(f, &names, 24 + rate_place(f, i));
}

/* "14 March 2026 | Ana Silva": a date, a bar, and what may be a name; empty when it is not so. */
static struct slice beside_date(struct slice line)
{
    static const char *const bars[] = {" | ", " · ", " • "};

    for (size_t i = 0; i < WW_COUNT(bars); i++) {
        size_t at = slice_find(line, slice_from(bars[i]));
        struct slice before = slice_head(line, at), behind = slice_skip(line, at + strlen(bars[i]));

        if (at == line.len || has_date(before) == has_date(behind))
            continue;
        return has_date(before) ? slice_head(behind, slice_find(behind, slice_from(bars[i])))
                                : before;
    }
    return (struct slice){"", 0};
}

static void read_line(struct finder *f, size_t i)
{
    const struct block *block = &f->b->list[i];
    struct slice text = block->text, rest = text;
    struct author_names names;
    int score = 40;

    if (text.len > LINE_MAX_BYTES || block->kind == BLOCK_CAPTION ||
        is_elsewhere(f, block->node, true))
        return;
    if (author_is_label(text)) {
        if (i + 1 >= f->b->n)
            return;
        author_clean(f->b->list[i + 1].text, AUTHOR_GUESSED, &names);
    } else if (author_cut_label(&rest)) {
        if (block->ends_sentence && block->mass > 0)
            return;
        author_clean(rest, AUTHOR_GUESSED, &names);
    } else {
        struct slice behind = {"", 0};

        if (block->mass == 0 && block->kind != BLOCK_HEADING && text.len <= 120 &&
            (has_date(text) || slice_contains(text, SLICE(" | ")) ||
             slice_contains(text, SLICE(" · "))))
            behind = author_after_label(text);

        author_clean(behind, AUTHOR_GUESSED, &names);
        score = 34;
        if (names.n == 0 && block->mass == 0 && block->kind != BLOCK_HEADING && text.len <= 120) {
            author_clean(beside_date(text), AUTHOR_GUESSED, &names);
            if (!names.is_person)
                names.n = 0;
        }
        if (names.n == 0) {
            read_bare(f, i);
            return;
        }
    }
    score += names.is_person ? 4 : -6;
    add_place(f, &names, score + rate_place(f, i));
}

/* A line of its own at the end: "— Ana Silva", "Text: Ana Silva". */
static void read_end(struct finder *f, size_t i)
{
    const struct block *block = &f->b->list[i];
    struct slice rest = block->text;
    struct author_names names;
    bool is_labelled;

    if (rest.len > LINE_MAX_BYTES || block->kind == BLOCK_HEADING || block->kind == BLOCK_CAPTION ||
        block->mass > 0 || is_elsewhere(f, block->node, true))
        return;
    is_labelled = author_is_label(rest);
    if (is_labelled && i + 1 < f->b->n)
        rest = f->b->list[i + 1].text;
    else
        is_labelled = author_cut_label(&rest);
    if (!is_labelled &&
        (block->link_bytes > 0 || block->ends_sentence || rest.len > BARE_MAX_BYTES ||
         i + 1 < f->prose_end || block->node->tag == DOM_LI))
        return;
    author_clean(rest, AUTHOR_GUESSED, &names);
    if (names.n > 0 && names.is_person)
        add_place(f, &names, is_labelled ? 42 : 30);
}

static void find_lines(struct finder *f)
{
    size_t from = f->title > BEFORE_TITLE ? f->title - BEFORE_TITLE : 0;
    size_t to = f->prose + 2 < f->title + 30 ? f->prose + 2 : f->title + 30;
    size_t tail = f->prose_end > f->prose + 2 ? f->prose_end - 2 : f->prose_end;

    for (size_t i = from; i < to && i < f->b->n; i++)
        read_line(f, i);
    for (size_t i = tail > to ? tail : to;
         i < f->end + BEHIND_PROSE && i < f->b->n && i < tail + 16; i++)
        read_end(f, i);
}

void author_find(const struct metadata_source *source, struct slice title, struct arena *arena,
                 struct author_places *out)
{
    struct finder f = {.b = source->blocks, .arena = arena, .out = out};

    out->n = 0;
    measure(&f, source, title);
    find_elements(&f);
    find_lines(&f);
}
