/* search_words.c - tokens to words, characters without blanks to pairs. */
#include "storage/search_words.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/lookalike.h"
#include "base/text.h"
#include "base/token.h"

#include <string.h>

static char *add(char *at, struct slice s)
{
    memcpy(at, s.ptr, s.len);
    return at + s.len;
}

enum ww_status search_tokens(struct slice text, struct arena *arena, struct token_list *out,
                             struct ww_error *err)
{
    enum ww_status status = token_scan(text, arena, out, err);

    return status == WW_OK ? lookalike_mend(text, arena, out, err) : status;
}

static enum ww_status join(const struct token_list *list, struct arena *arena, struct slice *out,
                           struct ww_error *err)
{
    size_t room = 0;
    char *words, *at;

    /* A token stands at most twice, with a blank each time. */
    for (size_t i = 0; i < list->n_tokens; i++)
        room += 2 * (list->tokens[i].folded.len + 1);
    words = at = arena_alloc(arena, room);
    if (words == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_tokens; i++) {
        const struct token *t = &list->tokens[i];
        const struct token *next = i + 1 < list->n_tokens ? t + 1 : NULL;

        at = add(at, t->folded);
        if (next != NULL && (t->flags & next->flags & TOKEN_CJK) != 0 &&
            (next->flags & TOKEN_GLUED) != 0)
            at = add(at, next->folded);
        *at++ = ' ';
    }
    *out = slice_of(words, (size_t)(at - words));
    return WW_OK;
}

enum ww_status search_words(struct slice text, struct arena *arena, struct slice *out,
                            struct ww_error *err)
{
    struct token_list list;
    enum ww_status status = search_tokens(text, arena, &list, err);

    *out = (struct slice){"", 0};
    return status == WW_OK ? join(&list, arena, out, err) : status;
}

enum ww_status search_text(struct slice text, struct arena *arena, struct token_list *tokens,
                           struct slice *words, struct ww_error *err)
{
    struct slice part = text_cut(text, SEARCH_TEXT_MAX_BYTES);
    enum ww_status status;

    do {
        arena_reset(arena);
        *words = (struct slice){"", 0};
        status = search_tokens(part, arena, tokens, err);
        if (status == WW_OK)
            status = join(tokens, arena, words, err);
        part = text_cut(part, part.len / 2);
    } while (status == WW_TOO_BIG && part.len > 0);
    return status;
}
