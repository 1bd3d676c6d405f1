/*
 * test_story_align.c - blocks of two texts, and that finding them takes work in proportion to the
 * texts, however they were made. Work is counted, not timed.
 */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "storage/story_align.h"
#include "storage/story_compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the worst of them needs is 25 a token; what is promised is much more. */
#define STEPS_A_TOKEN 100

static struct token_list tokens_of(const char *text, struct arena *arena)
{
    struct token_list list;

    assert_int_equal(token_scan(slice_from(text), arena, &list, NULL), WW_OK);
    return list;
}

/* Blocks written as "a+len=b", in order. */
static const struct {
    const char *name, *a, *b, *blocks;
} cases[] = {
    {"equal",                                                "one two three four",              "one two three four",                                        "0+4=0"       },
    {"nothing in common",                                    "one two three",                   "four five six",                                             ""            },
    {"two words are no block",                               "one two three",                   "one two four",                                              ""            },
    {"a word replaced",                                      "a b c d e f g",                   "a b c x e f g",                                             "0+3=0 4+3=4" },
    {"a word put in",                                        "a b c d e f",                     "a b c x d e f",                                             "0+3=0 3+3=4" },
    {"a paragraph moved",                                    "a b c d e f g h i j k l m n o p", "i j k l m n o p a b c d e f g h",
     "0+8=8 8+8=0"                                                                                                                                                         },
    {"seven words do not move",                              "a b c d e f g x y z 1 2 3",       "x y z 1 2 3 a b c d e f g",                                 "0+7=6"       },
    {"the words behind a replaced one stand elsewhere, too",
     "x y z 1 b c d e f g h i p q r s t u v w 1 b c d e f g h i",                               "x y z 2 b c d e f g h i p q r s t u v w 1 b c d e f g h i", "0+3=0 4+25=4"},
};

static void test_blocks(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct story_alignment al;
        struct token_list a, b;
        char got[256] = "";

        arena_init(&arena, (size_t)16 << 20);
        a = tokens_of(cases[i].a, &arena);
        b = tokens_of(cases[i].b, &arena);
        assert_true(story_align(&a, &b, &arena, &al));
        for (size_t k = 0; k < al.n_blocks; k++)
            (void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu+%zu=%zu",
                           k == 0 ? "" : " ", al.blocks[k].a, al.blocks[k].len, al.blocks[k].b);
        if (strcmp(got, cases[i].blocks) != 0)
            fail_msg("%s: %s", cases[i].name, got);
        arena_release(&arena);
    }
}

/* Texts of the longest size that is compared, made to be aligned badly. */
enum hostile { ONE_WORD, ONE_LINE, THREE_LETTERS, MANY_PLACES, NAMES, HOSTILE_COUNT };

static void make_hostile(enum hostile kind, uint64_t seed, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; used + 64 < size; i++) {
        uint64_t x = hash64_mix(seed, i);
        const char *words = "";

        switch (kind) {
        case ONE_WORD:
            words = "a ";
            break;
        case ONE_LINE:
            words = "The same line again.\n";
            break;
        case THREE_LETTERS: /* every run of three comes everywhere */
            words = (const char *const[]){"a ", "b ", "c "}[x % 3];
            break;
        case MANY_PLACES: /* the same beginnings, and other ends */
            words = (const char *const[]){"w x y z 1 ", "w x y z 2 ", "w x y z 3 ", "q "}[x % 4];
            break;
        case NAMES: /* gaps full of facts, each like the next */
        case HOSTILE_COUNT:
            used +=
                (size_t)snprintf(out + used, size - used, "%sAbcdefghijklmnopqrstuvwx%03u ",
                                 i % 40 == 0 ? "one two three four " : "", (unsigned)(x % 1000));
            continue;
        }
        used += (size_t)snprintf(out + used, size - used, "%s", words);
    }
}

static void test_work(void **state)
{
    static char a[STORY_TEXT_MAX_BYTES], b[STORY_TEXT_MAX_BYTES];

    WW_UNUSED(state);
    for (enum hostile kind = 0; kind < HOSTILE_COUNT; kind++) {
        struct arena arena;
        struct story_text earlier, later;
        struct story_facts facts;
        size_t n_tokens;

        make_hostile(kind, 1, a, sizeof(a));
        make_hostile(kind, 2, b, sizeof(b));
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(story_text_read(SLICE(""), slice_from(a), &arena, &earlier, NULL), WW_OK);
        assert_int_equal(story_text_read(SLICE(""), slice_from(b), &arena, &later, NULL), WW_OK);
        assert_int_equal(story_text_settle(&earlier, &arena, NULL), WW_OK);
        assert_int_equal(story_text_settle(&later, &arena, NULL), WW_OK);
        assert_int_equal(story_compare_facts(&earlier, &later, &arena, &facts, NULL), WW_OK);
        n_tokens = earlier.tokens.n_tokens + later.tokens.n_tokens;
        if (facts.n_steps > n_tokens * STEPS_A_TOKEN)
            fail_msg("hostile text %d: %zu steps for %zu tokens", (int)kind, facts.n_steps,
                     n_tokens);
        arena_release(&arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
