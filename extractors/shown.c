/* shown.c - dated lines of a page, and the words beside the dates. */
#include "extractors/shown.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "extractors/blocks.h"
#include "extractors/marks.h"
#include "extractors/metadata.h"

/* A line with a date in it is hardly longer; prose is. */
#define LINE_MAX_BYTES 200
#define FILED_LINE_MAX_BYTES 400
/* Hardly more than a date. */
#define ALONE_MAX_BYTES 40
/* A label that stands in a line of its own before the date: "Zuletzt aktualisiert am". */
#define LABEL_MAX_BYTES 40
/* How far behind a date its label may be: "2023年5月3日 更新", "am 3. Mai 2023 um 13:22 Uhr
 * geändert".
 */
#define LABEL_BEHIND_BYTES 32
/* Dates that are read of one line: "Published 4 May, updated 5 May". */
#define LINE_DATES_MAX 4
/* Blocks before the headline that belong to it, and paragraphs behind it that still do. */
#define ABOVE_BLOCKS 3
#define HEAD_PARAGRAPHS 3
#define PARAGRAPH_MASS 100

/* Parts of words, without a first letter that may be a capital outside ASCII. */
static const char *const publication_words[] = {
    "publish",      "posted",       "veröffentlich", "erschienen",  "erstellt",   "publié",
    "paru le",      "mis en ligne", "publicad",      "publicación", "publicació", "pubblicat",
    "gepubliceerd", "geplaatst",    "opublikowan",   "publikován",  "publikovan", "vydáno",
    "zveřejněn",    "megjelen",     "közzét",        "publicerad",  "publisert",  "udgivet",
    "julkaistu",    "yayın",        "публикова",     "δημοσ",       "发布",       "發布",
    "发表",         "發表",         "刊登",          "公開",        "掲載",       "게시",
    "입력",         "نشر",          "created on",
};
static const char *const change_words[] = {
    "update",   "modified",  "changed",    "last edit",   "revised",    "aktualisier", "geändert",
    "nderung",  "stand:",    "mis à jour", "mise à jour", "modifié",    "actualiza",   "modificad",
    "aggiorna", "modificat", "atualiza",   "alterad",     "bijgewerkt", "gewijzigd",   "aktualiz",
    "zmodyfik", "upraven",   "frissít",    "rissítve",    "módosít",    "uppdater",    "oppdater",
    "opdater",  "päivitet",  "güncel",     "бновлен",     "новлено",    "изменен",     "ενημ",
    "更新",     "修改",      "수정",       "تحديث",
};

bool shown_is_credible(const struct shown_bounds *bounds, const struct date *d)
{
    return d->precision >= DATE_DAY && d->at >= bounds->first && d->at <= bounds->last;
}

/* How near to the end of text one of words begins; text.len + 1 when none does. */
static size_t distance(struct slice text, const char *const *words, size_t n)
{
    size_t best = text.len + 1;

    for (size_t i = 0; i < n; i++) {
        struct slice word = slice_from(words[i]), rest = text;

        for (;;) {
            size_t at = slice_find_nocase(rest, word);

            if (at + word.len > rest.len)
                break;
            rest = slice_skip(rest, at + word.len);
            if (rest.len < best)
                best = rest.len;
        }
    }
    return best;
}

enum shown_kind shown_label(struct slice text)
{
    size_t change = distance(text, change_words, WW_COUNT(change_words));
    size_t publication = distance(text, publication_words, WW_COUNT(publication_words));

    if (change > text.len && publication > text.len)
        return SHOWN_PLAIN;
    return change <= publication ? SHOWN_CHANGE : SHOWN_PUBLICATION;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Inside comments or a list of other articles? */
static bool is_elsewhere(const struct blocks *b, const struct block *block)
{
    uint32_t marks = block->cut_by != NULL ? b->marks[block->cut_by->order] : 0;

    return block->cut == CUT_NAME && marks & (MARK_COMMENTS | MARK_RELATED) && !(marks & MARK_DATE);
}

static uint32_t marks_around(const struct blocks *b, const struct block *block)
{
    const struct dom_node *n = block->node;
    uint32_t marks = b->marks[n->order];

    if (n->parent != NULL)
        marks |= b->marks[n->parent->order];
    if (n->first != NULL)
        marks |= b->marks[n->first->order];
    if (block->cut_by != NULL)
        marks |= b->marks[block->cut_by->order] & MARK_META;
    return marks;
}

/* Has it what every date has? Most lines have not, and that is quickly seen. */
static bool may_hold_date(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (ascii_is_digit(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0xD9)
            return true;
    return false;
}

/* "30.10.23": years of two digits count where a date is all that is written. */
static bool find_short_year(struct slice line, const struct shown_bounds *bounds, struct date *out)
{
    struct slice word;

    while (slice_next(&line, ' ', &word)) {
        size_t n_digits = 0;

        while (word.len > 0 && (word.ptr[word.len - 1] == ',' || word.ptr[word.len - 1] == '.'))
            word.len--;
        for (size_t i = 0; i < word.len; i++)
            n_digits += ascii_is_digit(word.ptr[i]);
        if (word.len >= 6 && word.len <= 8 && n_digits + 2 == word.len &&
            date_parse_ordered(word, bounds->order, out) && shown_is_credible(bounds, out))
            return true;
    }
    return false;
}

static enum shown_kind label_of(const struct blocks *b, size_t i, struct slice before,
                                struct slice behind, bool is_first)
{
    enum shown_kind kind = shown_label(before);
    struct date date;
    struct slice found;

    /* A label between two dates belongs to the second. */
    if (kind == SHOWN_PLAIN && !date_find(behind, DATE_ORDER_UNKNOWN, &date, &found))
        kind = shown_label(slice_head(behind, LABEL_BEHIND_BYTES));
    if (kind == SHOWN_PLAIN && is_first && i > 0 && b->list[i].text.len <= ALONE_MAX_BYTES &&
        b->list[i - 1].text.len <= LABEL_MAX_BYTES &&
        !date_find(b->list[i - 1].text, DATE_ORDER_UNKNOWN, &date, &found))
        kind = shown_label(b->list[i - 1].text);
    return kind;
}

static void add(struct shown *out, const struct shown_bounds *bounds, const struct shown_date *one)
{
    if (out->n < SHOWN_MAX && shown_is_credible(bounds, &one->date))
        out->list[out->n++] = *one;
}

/* Text from its first digit on, where that one is glued to a letter: "Published04.05.2023". */
static struct slice unglue(struct slice line)
{
    size_t at = 0;

    while (at < line.len && !ascii_is_digit(line.ptr[at]))
        at++;
    return at > 0 && at < line.len && line.ptr[at - 1] != ' ' ? slice_skip(line, at) : line;
}

/* The dates of blocks [from, end). */
static void read_lines(const struct blocks *b, size_t from, size_t end, enum shown_place place,
                       const struct shown_bounds *bounds, struct shown *out)
{
    for (size_t i = from; i < end && out->n < SHOWN_MAX; i++) {
        const struct block *block = &b->list[i];
        struct slice rest = block->text, found;
        struct shown_date one = {.place = place, .is_alone = block->text.len <= ALONE_MAX_BYTES};
        uint32_t marks;

        if (rest.len > FILED_LINE_MAX_BYTES || !may_hold_date(rest) || is_elsewhere(b, block))
            continue;
        marks = marks_around(b, block);
        one.is_filed = rest.len > LINE_MAX_BYTES;
        one.is_prose = block->mass > 0;
        one.is_marked = (marks & MARK_DATE) != 0 && !one.is_filed;
        if (one.is_filed && (marks & MARK_META) == 0)
            continue;
        for (size_t n = 0; n < LINE_DATES_MAX; n++) {
            struct slice before = rest;

            if (n == 0 && (one.is_alone || one.is_marked))
                rest = unglue(rest);
            if (!date_find(rest, bounds->order, &one.date, &found)) {
                if (n == 0 && (one.is_alone || one.is_marked) &&
                    find_short_year(rest, bounds, &one.date)) {
                    one.kind = shown_label(rest);
                    add(out, bounds, &one);
                }
                break;
            }
            before.len = (size_t)(found.ptr - before.ptr);
            rest = slice_skip(rest, (size_t)(found.ptr - rest.ptr) + found.len);
            one.kind = label_of(b, i, before, rest, n == 0);
            add(out, bounds, &one);
        }
    }
}

/* Where the headline stands, the first prose, the end of the container. */
struct places {
    size_t head, first, prose, end;
};

static struct places find_places(const struct metadata_source *source)
{
    const struct blocks *b = source->blocks;
    struct places p = {.first = b->first[source->container->order],
                       .end = b->end[source->container->order]};
    size_t n_prose = 0;

    p.head = p.prose = p.first;
    for (size_t i = 0; i < p.first; i++)
        if (b->list[i].node->tag == DOM_H1)
            p.head = i;
    while (p.prose < p.end && n_prose < HEAD_PARAGRAPHS)
        n_prose += b->list[p.prose++].mass > PARAGRAPH_MASS;
    return p;
}

static size_t first_above(const struct places *p)
{
    return p->head > ABOVE_BLOCKS ? p->head - ABOVE_BLOCKS : 0;
}

static void read_head(const struct metadata_source *source, const struct places *p,
                      const struct shown_bounds *bounds, struct shown *out)
{
    out->n = 0;
    read_lines(source->blocks, p->head, p->prose, SHOWN_HEAD, bounds, out);
    read_lines(source->blocks, first_above(p), p->head, SHOWN_ABOVE, bounds, out);
}

void shown_read_head(const struct metadata_source *source, const struct shown_bounds *bounds,
                     struct shown *out)
{
    const struct places p = find_places(source);

    read_head(source, &p, bounds, out);
}

void shown_read_page(const struct metadata_source *source, const struct shown_bounds *bounds,
                     struct shown *out)
{
    const struct places p = find_places(source);

    read_head(source, &p, bounds, out);
    read_lines(source->blocks, p.prose, p.end, SHOWN_TEXT, bounds, out);
    read_lines(source->blocks, 0, first_above(&p), SHOWN_BELOW, bounds, out);
    read_lines(source->blocks, p.end, source->blocks->n, SHOWN_BELOW, bounds, out);
}
