/* sentence.c - ICU's sentence iterator over UTF-8, with wrapped lines put together again. */
#include "base/sentence.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdio.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

/*
 * What ICU's dictionary is shown around a name: words of these scripts are a few characters long.
 */
#define WINDOW_BYTES 48

/* Long enough for any tag ICU knows, and its keyword. */
#define LOCALE_BYTES 64

/* What the walk over the boundaries keeps. */
struct walk {
    struct slice text;
    struct arena *arena;
    struct sentence_list list;
    size_t capacity;
    uint32_t paragraph;
};

static UBreakIterator *open_iterator(struct slice language, UErrorCode *code)
{
    char locale[LOCALE_BYTES];

    for (size_t i = 0; i < language.len; i++) {
        char c = language.ptr[i];

        if (!(c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z')))
            language.len = 0;
    }
    if (language.len > LOCALE_BYTES / 2)
        language.len = 0;
    (void)snprintf(locale, sizeof(locale), "%.*s@ss=standard", SLICE_ARG(language));
    return ubrk_open(UBRK_SENTENCE, locale, NULL, 0, code);
}

/* The first letter of s is a small one. */
static bool begins_small(struct slice s)
{
    size_t i = 0;
    uint32_t code = s.len > 0 ? text_next_code(s, &i) : ' ';

    return text_is_word(code) && !text_is_upper(code) && !text_is_digit(code) && !text_is_cjk(code);
}

/* Trim white space of any kind, ASCII's first. */
static struct sentence trim(struct slice text, size_t start, size_t end)
{
    struct sentence s = {.start = (uint32_t)start, .end = (uint32_t)start};
    bool has_begun = false;

    for (size_t i = start; i < end;) {
        size_t at = i;

        if (text_is_space(text_next_code(text, &i)))
            continue;
        if (!has_begun)
            s.start = (uint32_t)at;
        has_begun = true;
        s.end = (uint32_t)i;
    }
    return s;
}

/* Was the line that ends the sentence before only wrapped here, at this sentence's beginning? */
static bool is_wrapped(struct slice text, const struct sentence *before, const struct sentence *s)
{
    struct slice gap = slice_sub(text, before->end, s->start - before->end);
    size_t first = slice_find_char(gap, '\n');
    char last = before->end > before->start ? text.ptr[before->end - 1] : '.';

    if (first == gap.len || slice_find_char(slice_skip(gap, first + 1), '\n') < gap.len - first - 1)
        return false;
    return begins_small(slice_sub(text, s->start, s->end - s->start)) && last != '.' &&
           last != '!' && last != '?' && last != ':' && last != ';';
}

static bool add(struct walk *w, size_t start, size_t end)
{
    struct sentence s = trim(w->text, start, end);
    struct sentence *before = w->list.n_rows > 0 ? &w->list.rows[w->list.n_rows - 1] : NULL;
    struct sentence *rows;

    if (s.end <= s.start)
        return true;
    if (before != NULL) {
        struct slice gap = slice_sub(w->text, before->end, s.start - before->end);

        if (is_wrapped(w->text, before, &s)) {
            before->end = s.end;
            return true;
        }
        w->paragraph += slice_find_char(gap, '\n') < gap.len;
    }
    rows = arena_grow(w->arena, w->list.rows, w->list.n_rows, &w->capacity, sizeof(*rows));
    if (rows == NULL)
        return false;
    s.paragraph = w->paragraph;
    w->list.rows = rows;
    rows[w->list.n_rows++] = s;
    return true;
}

enum ww_status sentence_scan(struct slice text, struct slice language, struct arena *arena,
                             struct sentence_list *out, struct ww_error *err)
{
    struct walk w = {.text = text, .arena = arena};
    UErrorCode code = U_ZERO_ERROR;
    UText *utext = NULL;
    UBreakIterator *iterator = NULL;
    bool is_good = true;

    *out = (struct sentence_list){0};
    if (text.len > INT32_MAX)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit 2 GiB", text.len);
    iterator = open_iterator(language, &code);
    utext = utext_openUTF8(NULL, text.ptr, (int64_t)text.len, &code);
    ubrk_setUText(iterator, utext, &code);
    if (U_SUCCESS(code)) {
        int32_t start = ubrk_first(iterator);
        int32_t end;

        while (is_good && (end = ubrk_next(iterator)) != UBRK_DONE) {
            is_good = add(&w, (size_t)start, (size_t)end);
            start = end;
        }
    }
    utext_close(utext);
    ubrk_close(iterator);
    if (U_FAILURE(code))
        return ww_fail(err, WW_NOMEM, "ICU's sentence iterator: %s", u_errorName(code));
    *out = w.list;
    return is_good ? WW_OK : arena_check(arena, err);
}

/* The start of the character at or before `at`. */
static size_t character_at(struct slice text, size_t at)
{
    while (at > 0 && at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at--;
    return at;
}

bool sentence_cuts_word(struct slice text, size_t start, size_t end)
{
    size_t from = character_at(text, start > WINDOW_BYTES ? start - WINDOW_BYTES : 0);
    size_t to = character_at(text, text.len - end > WINDOW_BYTES ? end + WINDOW_BYTES : text.len);
    UErrorCode code = U_ZERO_ERROR;
    UText *utext = utext_openUTF8(NULL, text.ptr + from, (int64_t)(to - from), &code);
    UBreakIterator *iterator = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
    bool is_cut = false;

    ubrk_setUText(iterator, utext, &code);
    if (U_SUCCESS(code)) {
        int32_t word = ubrk_first(iterator);
        int32_t behind;

        while (!is_cut && (behind = ubrk_next(iterator)) != UBRK_DONE) {
            size_t a = from + (size_t)word;
            size_t b = from + (size_t)behind;

            is_cut = (a < start && b > start && b < end) || (a > start && a < end && b > end);
            word = behind;
        }
    }
    utext_close(utext);
    ubrk_close(iterator);
    return is_cut;
}
