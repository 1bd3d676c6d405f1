/* diff_status.c - negations, and the words of the caller, that came or went in a sentence. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/diff_finder.h"

#include <string.h>

#define WORDS_A_STATUS_MAX 16

struct negation {
    const char *word;      /* folded; of Han, kana and Hangul, characters in a row */
    const char *languages; /* two letters each; NULL: all */
    bool is_none;          /* a longer word that denies nothing */
};

/* The plain words that deny a sentence. Where two begin alike the longer one counts. */
static const struct negation negations[] = {
    {"aldrig",       "dasvno",       false},
    {"aucun",        "fr",           false},
    {"aucune",       "fr",           false},
    {"bukan",        "idms",         false},
    {"cannot",       NULL,           false},
    {"degil",        "tr",           false},
    {"ei",           "fiet",         false},
    {"ej",           "sv",           false},
    {"geen",         "nlaf",         false},
    {"icke",         "sv",           false},
    {"ikke",         "danonb",       false},
    {"ingen",        "dasvnonb",     false},
    {"inte",         "sv",           false},
    {"jamais",       "frpt",         false},
    {"jamas",        "es",           false},
    {"kein",         NULL,           false},
    {"keine",        NULL,           false},
    {"keinem",       NULL,           false},
    {"keinen",       NULL,           false},
    {"keiner",       NULL,           false},
    {"keines",       NULL,           false},
    {"khong",        "vi",           false},
    {"mai",          "it",           false},
    {"nao",          "pt",           false},
    {"ne",           "csslhrsrbssk", false},
    {"nem",          "hu",           false},
    {"nessun",       "it",           false},
    {"nessuna",      "it",           false},
    {"nessuno",      "it",           false},
    {"never",        NULL,           false},
    {"nicht",        NULL,           false},
    {"nie",          "deplsk",       false},
    {"niemals",      "de",           false},
    {"niet",         "nl",           false},
    {"nincs",        "hu",           false},
    {"ningun",       "es",           false},
    {"ninguna",      "es",           false},
    {"no",           "enesitca",     false},
    {"non",          "it",           false},
    {"nooit",        "nl",           false},
    {"not",          NULL,           false},
    {"nu",           "ro",           false},
    {"nunca",        "espt",         false},
    {"pas",          "fr",           false},
    {"tampoco",      "es",           false},
    {"tidak",        "idms",         false},
    {"δεν",       NULL,           false},
    {"не",         NULL,           false},
    {"нет",       NULL,           false},
    {"ні",         "uk",           false},
    {"אין",       NULL,           false},
    {"לא",         NULL,           false},
    {"لا",         "arfaur",       false},
    {"لم",         "ar",           false},
    {"لن",         "ar",           false},
    {"ليس",       "ar",           false},
    {"ليست",     "ar",           false},
    {"नहीं", NULL,           false},
    {"せん",       "ja",           false},
    {"ない",       NULL,           false},
    {"なかっ",    NULL,           false},
    {"不",          NULL,           false},
    {"不久",       NULL,           true },
    {"不仅",       NULL,           true },
    {"不但",       NULL,           true },
    {"不只",       NULL,           true },
    {"不同",       NULL,           true },
    {"不少",       NULL,           true },
    {"不断",       NULL,           true },
    {"不过",       NULL,           true },
    {"无",          NULL,           false},
    {"无论",       NULL,           true },
    {"未",          NULL,           false},
    {"未来",       NULL,           true },
    {"没",          NULL,           false},
    {"没收",       NULL,           true },
    {"没有",       NULL,           false},
    {"못",          NULL,           false},
    {"않",          NULL,           false},
    {"없",          NULL,           false},
};

bool diff_status_is_sorted(void)
{
    for (size_t i = 1; i < WW_COUNT(negations); i++)
        if (strcmp(negations[i - 1].word, negations[i].word) >= 0)
            return false;
    return true;
}

static bool speaks(const struct finder *f, const char *languages)
{
    const struct slice language = f->setting->options->language;
    struct slice rest = slice_from(languages);

    if (languages == NULL)
        return true;
    if (language.len < 2 || (language.len > 2 && language.ptr[2] != '-'))
        return false;
    for (; rest.len >= 2; rest = slice_skip(rest, 2))
        if (slice_equal_nocase(slice_head(rest, 2), slice_head(language, 2)))
            return true;
    return false;
}

/* How many units from i on are that word; 0: they are not. */
static size_t match_word(const struct diff_unit_list *list, size_t i, struct slice word)
{
    size_t n = 0;

    while (word.len > 0) {
        const struct diff_unit *u = &list->units[i + n];

        if (i + n >= list->n_units || u->folded.len == 0 || !slice_starts(word, u->folded) ||
            (n > 0 && (u->flags & TOKEN_GLUED) == 0))
            return 0;
        word = slice_skip(word, u->folded.len);
        n++;
    }
    return n;
}

/* "isn't" is two words, of which this is the second. */
static bool is_apart(const struct diff_unit_list *list, size_t i)
{
    return (list->units[i].flags & UNIT_QUOTE) != 0 &&
           slice_equal(list->units[i].folded, SLICE("t"));
}

/* Units of the negation at i; 0: none. */
static size_t match_negation(const struct finder *f, const struct diff_unit_list *list, size_t i)
{
    size_t longest = 0;
    bool is_none = true;

    if (is_apart(list, i))
        return 1;
    for (size_t k = 0; k < WW_COUNT(negations); k++) {
        const struct negation *n = &negations[k];
        size_t len;

        if (n->word[0] != list->units[i].folded.ptr[0])
            continue;
        len = match_word(list, i, slice_from(n->word));
        if (len > longest && speaks(f, n->languages)) {
            longest = len;
            is_none = n->is_none;
        }
    }
    return is_none ? 0 : longest;
}

/* Negations in what was changed on one side, and the first of them. */
static size_t count_negations(const struct finder *f, enum side side, struct run *first)
{
    const struct diff_unit_list *list = &finder_side(f, side)->list;
    size_t n = 0;

    *first = (struct run){0, 0};
    for (size_t r = 0; r < f->w->n_regions; r++) {
        const struct run run = finder_run(&f->w->regions[r], side);

        for (size_t i = run.first; i < run.end; i++) {
            const size_t len = list->units[i].folded.len > 0 ? match_negation(f, list, i) : 0;

            if (len > 0 && n++ == 0)
                *first = (struct run){is_apart(list, i) && i > 0 ? i - 1 : i, i + len};
        }
    }
    return n;
}

static void find_negations(struct finder *f)
{
    const struct run none = {0, 0};
    struct run a, b;
    const size_t n = count_negations(f, BEFORE, &a), m = count_negations(f, AFTER, &b);

    if ((n > 0) != (m > 0))
        finder_add(f, FACT_STATUS, n > 0 ? a : none, m > 0 ? b : none, (struct slice){"", 0});
}

/* How often the words of a status stand in a sentence, and where first. */
static size_t count_status(const struct finder *f, enum side side, const struct diff_term *term,
                           struct run *first)
{
    const struct diff_unit_list *list = &finder_side(f, side)->list;
    const size_t n_term = term->list.n_units;
    size_t n = 0;

    *first = (struct run){0, 0};
    for (size_t i = 0; i + n_term <= list->n_units && n_term > 0; i++) {
        size_t k = 0;

        while (k < n_term && list->units[i + k].hash == term->list.units[k].hash)
            k++;
        if (term->is_stem && k + 1 == n_term &&
            slice_starts(list->units[i + k].folded, term->list.units[k].folded))
            k++;
        if (k == n_term && n++ == 0)
            *first = (struct run){i, i + n_term};
    }
    return n;
}

/* Words of the caller that stand on one side alone; one that went is told with one that came. */
static void find_statuses(struct finder *f)
{
    struct run went[WORDS_A_STATUS_MAX], came[WORDS_A_STATUS_MAX];
    const struct run none = {0, 0};
    size_t n_went = 0, n_came = 0;

    if (!diff_work_take(f->work,
                        f->setting->n_terms * (f->w->a.list.n_units + f->w->b.list.n_units)))
        return;
    for (size_t i = 0; i < f->setting->n_terms; i++) {
        struct run a, b;
        const size_t n = count_status(f, BEFORE, &f->setting->terms[i], &a);
        const size_t m = count_status(f, AFTER, &f->setting->terms[i], &b);

        if (n > 0 && m == 0 && n_went < WORDS_A_STATUS_MAX)
            went[n_went++] = a;
        if (m > 0 && n == 0 && n_came < WORDS_A_STATUS_MAX)
            came[n_came++] = b;
    }
    for (size_t i = 0; i < n_went || i < n_came; i++)
        finder_add(f, FACT_STATUS, i < n_went ? went[i] : none, i < n_came ? came[i] : none,
                   (struct slice){"", 0});
}

void finder_statuses(struct finder *f)
{
    find_negations(f);
    find_statuses(f);
}

enum ww_status diff_facts_prepare(struct diff_setting *setting, struct arena *arena,
                                  struct ww_error *err)
{
    const struct text_diff_options *options = setting->options;
    struct diff_term *terms = arena_array(arena, options->n_words + 1, sizeof(*terms));
    enum ww_status status = WW_OK;

    if (terms == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < options->n_words; i++) {
        struct slice word = options->words[i];

        terms[i].is_stem = slice_ends(word, SLICE("~"));
        status = diff_units_read(word, 0, word.len, arena, &terms[i].list, err);
    }
    setting->terms = terms;
    setting->n_terms = options->n_words;
    return status;
}
