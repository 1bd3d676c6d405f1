/*
 * search_tsquery.c - phrases as a tsquery, and as text to be looked for.
 *
 * A tsvector knows no place behind 16,383, no more than 256 of a word, and no long word. So the
 * index has words without their places, cut to LEXEME_CHARS; what that cannot tell is looked for
 * in the words themselves (search_holds in schema_postgres.c), where " a b " is the phrase a b, and
 * " a b" the open one. A text with more words than a tsvector holds has WORDLESS for its only one:
 * it is looked at whatever is searched.
 */
#include "storage/search_form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

/* As in search_lexemes. No word holds a quote, a backslash or a tilde (base/token.h). */
#define LEXEME_CHARS 100
#define WORDLESS "'~'"

/* Its first LEXEME_CHARS characters, and whether that is less than all those it could have. */
static struct slice cut_word(struct slice word, bool *is_short)
{
    size_t n = 0, i = 0;

    for (; i < word.len; i++)
        if (((unsigned char)word.ptr[i] & 0xC0) != 0x80 && n++ == LEXEME_CHARS)
            break;
    *is_short = n < LEXEME_CHARS;
    return slice_head(word, i);
}

/* Does the index tell all there is to tell of it? */
static bool is_exact(const struct search_phrase *p)
{
    bool is_short;

    (void)cut_word(p->words, &is_short);
    return is_short && slice_find_char(p->words, ' ') == p->words.len;
}

/* ---- the question to the index --------------------------------------------------------------- */

/* All its words, wherever they stand: ('a'&'b':*) */
static void add_words(struct buf *b, const struct search_phrase *p)
{
    struct slice rest = p->words, word;
    char before = '(';

    while (slice_next(&rest, ' ', &word)) {
        bool is_short;
        const struct slice head = cut_word(word, &is_short);

        buf_add_char(b, before);
        buf_add_char(b, '\'');
        buf_add(b, head);
        buf_add_string(b, rest.len == 0 && p->is_open && is_short ? "':*" : "'");
        before = '&';
    }
    buf_add_char(b, ')');
}

/* (('a')|('b'))&(('c'))&!('d')|'~' */
static void add_match(struct buf *b, const struct search_phrase *phrases, size_t n)
{
    for (size_t i = 0; i < n && !phrases[i].is_refused; i++) {
        buf_add_string(b, i == 0 ? "(" : phrases[i].is_choice ? "|" : ")&(");
        add_words(b, &phrases[i]);
    }
    buf_add_char(b, ')');
    for (size_t i = 0; i < n; i++) {
        if (!phrases[i].is_refused || !is_exact(&phrases[i]))
            continue;
        buf_add_string(b, "&!");
        add_words(b, &phrases[i]);
    }
    buf_add_string(b, "|" WORDLESS);
}

/* ---- arrays: texts to look for, and questions ------------------------------------------------ */

static void begin_element(struct buf *b, bool is_first)
{
    buf_add_string(b, is_first ? "{\"" : ",\"");
}

static void end_array(struct buf *b, bool is_empty)
{
    buf_add_string(b, is_empty ? "{}" : "}");
}

/* mark: what the reader is to make of it */
static void add_needle(struct buf *b, bool is_first, char mark, const struct search_phrase *p)
{
    begin_element(b, is_first);
    buf_add_char(b, mark);
    buf_add_char(b, ' ');
    buf_add(b, p->words);
    buf_add_string(b, p->is_open ? "\"" : " \"");
}

/* Of the phrase and those of its group behind it. */
static bool is_group_exact(const struct search_phrase *phrases, size_t n, size_t at)
{
    bool all = is_exact(&phrases[at]);

    for (size_t i = at + 1; i < n && !phrases[i].is_refused && phrases[i].is_choice; i++)
        all = all && is_exact(&phrases[i]);
    return all;
}

/* {"& a b ","| c","- d "}: a group begins, goes on; what is refused. */
static void add_checks(struct buf *b, const struct search_phrase *phrases, size_t n, bool is_all)
{
    const size_t begin = b->len;
    bool is_asked = false;

    for (size_t i = 0; i < n; i++) {
        const struct search_phrase *p = &phrases[i];
        const bool begins = !p->is_refused && (i == 0 || !p->is_choice);

        if (p->is_refused)
            is_asked = is_all || !is_exact(p);
        else if (begins)
            is_asked = is_all || !is_group_exact(phrases, n, i);
        if (is_asked)
            add_needle(b, b->len == begin, p->is_refused ? '-' : begins ? '&' : '|', p);
    }
    end_array(b, b->len == begin);
}

/* {"= a ","~ b c"}: all that the index says is true of it, or is to be looked at. */
static void add_needles(struct buf *b, const struct search_phrase *phrases, size_t n)
{
    for (size_t i = 0; i < n && !phrases[i].is_refused; i++)
        add_needle(b, i == 0, is_exact(&phrases[i]) ? '=' : '~', &phrases[i]);
    end_array(b, false);
}

static void add_matches(struct buf *b, const struct search_phrase *phrases, size_t n)
{
    for (size_t i = 0; i < n && !phrases[i].is_refused; i++) {
        begin_element(b, i == 0);
        add_words(b, &phrases[i]);
        buf_add_string(b, "|" WORDLESS "\"");
    }
    end_array(b, false);
}

enum ww_status search_form_tsquery(const struct search_phrase *phrases, size_t n_phrases,
                                   struct arena *arena, struct search_form *out,
                                   struct ww_error *err)
{
    struct slice *const parts[] = {&out->match, &out->checks, &out->all, &out->needles,
                                   &out->matches};
    size_t ends[WW_COUNT(parts)], begin = 0;
    struct slice whole = {"", 0};
    struct buf b;
    enum ww_status status;

    buf_init(&b, SEARCH_FORM_MAX_BYTES);
    add_match(&b, phrases, n_phrases);
    ends[0] = b.len;
    add_checks(&b, phrases, n_phrases, false);
    ends[1] = b.len;
    add_checks(&b, phrases, n_phrases, true);
    ends[2] = b.len;
    add_needles(&b, phrases, n_phrases);
    ends[3] = b.len;
    add_matches(&b, phrases, n_phrases);
    ends[4] = b.len;
    status = buf_finish(&b, err);
    if (status == WW_OK)
        whole = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    if (status == WW_OK)
        status = arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < WW_COUNT(parts); begin = ends[i++])
        *parts[i] = slice_sub(whole, begin, ends[i] - begin);
    return status;
}
