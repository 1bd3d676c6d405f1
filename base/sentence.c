/* sentence.c - ICU's sentence iterator over UTF-8, with wrapped lines put together again. */
#include "base/sentence.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
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

/* An iterator that waits. */
struct waiting {
    UBreakIterator *iterator; /* NULL: a free place */
    char locale[LOCALE_BYTES];
};

struct sentence_pool {
    pthread_mutex_t lock;
    struct waiting rows[SENTENCE_ITERATORS_MAX];
};

static void close_pool(void *object)
{
    struct sentence_pool *pool = object;

    for (size_t i = 0; i < SENTENCE_ITERATORS_MAX; i++)
        ubrk_close(pool->rows[i].iterator);
    (void)pthread_mutex_destroy(&pool->lock);
}

struct sentence_pool *sentence_pool_open(struct arena *arena)
{
    struct sentence_pool *pool = arena_alloc(arena, sizeof(*pool));

    if (pool == NULL || pthread_mutex_init(&pool->lock, NULL) != 0)
        return NULL;
    if (arena_defer(arena, close_pool, pool))
        return pool;
    (void)pthread_mutex_destroy(&pool->lock);
    return NULL;
}

/* One that waits for this locale, or NULL. */
static UBreakIterator *take_waiting(struct sentence_pool *pool, const char *locale)
{
    UBreakIterator *found = NULL;

    if (pool == NULL)
        return NULL;
    (void)pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < SENTENCE_ITERATORS_MAX && found == NULL; i++)
        if (pool->rows[i].iterator != NULL && strcmp(pool->rows[i].locale, locale) == 0) {
            found = pool->rows[i].iterator;
            pool->rows[i].iterator = NULL;
        }
    (void)pthread_mutex_unlock(&pool->lock);
    return found;
}

/* Let it wait; where no place is free it is closed. */
static void put_back(struct sentence_pool *pool, UBreakIterator *iterator, const char *locale)
{
    if (pool != NULL && iterator != NULL) {
        (void)pthread_mutex_lock(&pool->lock);
        for (size_t i = 0; i < SENTENCE_ITERATORS_MAX && iterator != NULL; i++)
            if (pool->rows[i].iterator == NULL) {
                pool->rows[i].iterator = iterator;
                memcpy(pool->rows[i].locale, locale, LOCALE_BYTES);
                iterator = NULL;
            }
        (void)pthread_mutex_unlock(&pool->lock);
    }
    ubrk_close(iterator);
}

/* What ICU calls the language, with its abbreviations; the root's where it is no tag. */
static void make_locale(struct slice language, char locale[LOCALE_BYTES])
{
    for (size_t i = 0; i < language.len; i++) {
        char c = language.ptr[i];

        if (!(c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z')))
            language.len = 0;
    }
    if (language.len > LOCALE_BYTES / 2)
        language.len = 0;
    memset(locale, 0, LOCALE_BYTES);
    (void)snprintf(locale, LOCALE_BYTES, "%.*s@ss=standard", SLICE_ARG(language));
}

/* The first letter of s is a small one. */
static bool begins_small(struct slice s)
{
    size_t i = 0;
    uint32_t code = s.len > 0 ? text_next_code(s, &i) : ' ';

    return text_is_word(code) && !text_is_upper(code) && !text_is_digit(code) && !text_is_cjk(code);
}

/* The start of the character at or before `at`. */
static size_t character_at(struct slice text, size_t at)
{
    while (at > 0 && at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Without white space of any kind at either end. */
static struct sentence trim(struct slice text, size_t start, size_t end)
{
    for (size_t next = start; start < end; start = next)
        if (!text_is_space(text_next_code(text, &next)))
            break;
    while (end > start) {
        size_t last = character_at(text, end - 1), behind = last;

        if (!text_is_space(text_next_code(text, &behind)))
            break;
        end = last;
    }
    return (struct sentence){.start = (uint32_t)start, .end = (uint32_t)end};
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
    return sentence_scan_pooled(NULL, text, language, arena, out, err);
}

enum ww_status sentence_scan_pooled(struct sentence_pool *pool, struct slice text,
                                    struct slice language, struct arena *arena,
                                    struct sentence_list *out, struct ww_error *err)
{
    struct walk w = {.text = text, .arena = arena};
    UErrorCode code = U_ZERO_ERROR;
    UText *utext = NULL;
    UBreakIterator *iterator;
    char locale[LOCALE_BYTES];
    bool is_good = true;

    *out = (struct sentence_list){0};
    if (text.len > INT32_MAX)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit 2 GiB", text.len);
    make_locale(language, locale);
    iterator = take_waiting(pool, locale);
    if (iterator == NULL)
        iterator = ubrk_open(UBRK_SENTENCE, locale, NULL, 0, &code);
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
    if (U_FAILURE(code))
        ubrk_close(iterator);
    else
        put_back(pool, iterator, locale);
    if (U_FAILURE(code))
        return ww_fail(err, WW_NOMEM, "ICU's sentence iterator: %s", u_errorName(code));
    *out = w.list;
    return is_good ? WW_OK : arena_check(arena, err);
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
