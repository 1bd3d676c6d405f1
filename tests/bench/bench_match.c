/*
 * bench_match.c - what an article costs on its way to alerts: folding and tokens, the match step
 * beside Hyperscan's, the whole of mentions; what a list costs to read and build.
 *
 * Hyperscan gets texts that are folded already and the names as plain literals, in its favour: no
 * borders of words, no way back to the original. It and ripgrep are left out where they are not
 * installed.
 */
#include "alerts/matcher.h"
#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_tongues.h"

#include <sys/wait.h>
#include <unistd.h>

#ifdef WITH_HYPERSCAN
#include <hs.h>
#endif

#define TEXTS 2000
/* A measurement goes over the texts until it has lasted this long; the best of ROUNDS counts. */
#define ROUND_S 0.15
#define ROUNDS 5
/*
 * In an article's way its tokens are in the nearest cache when they are matched: the step alone is
 * measured so, for both sides. Tokens of all the texts are ten times what a cache holds.
 */
#define HOT_TIMES 8
/* Every so many texts hold a name of the list. */
#define PLANTED_EVERY 3
#define LIST_ARENA_BYTES ((size_t)1024 * 1024 * 1024)

static const size_t sizes[] = {1000, 10000, 100000};
#define NAMES_MAX 100000

/* ---- texts and names ------------------------------------------------------------------------- */

struct texts {
    struct slice *rows;
    size_t n_rows;
    size_t bytes;
};

static struct watch_name names[NAMES_MAX];

static void *must(void *p)
{
    if (p == NULL)
        exit(1);
    return p;
}

static void check(enum ww_status status, const struct ww_error *err)
{
    if (status == WW_OK)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static void make_names(struct arena *arena)
{
    for (size_t i = 0; i < NAMES_MAX; i++) {
        char name[TONGUE_NAME_BYTES];

        names[i] = (struct watch_name){
            .text = arena_copy(arena, slice_of(name, make_name(i, name))), .class = WATCH_DIRECT};
    }
}

/* Texts of all tongues in their shares, or of one; planted ones hold one of the first names. */
static struct texts make_texts(struct arena *arena, int only, const struct slice *planted,
                               size_t n_planted)
{
    struct texts t = {must(arena_array(arena, TEXTS, sizeof(struct slice))), TEXTS, 0};
    uint64_t x = 99;

    for (size_t i = 0; i < TEXTS; i++) {
        static char text[2 * TONGUE_TEXT_BYTES];
        const enum tongue tongue = only < 0 ? draw_tongue(&x) : (enum tongue)only;
        size_t len = make_tongue_text(tongue, i, text);

        if (n_planted > 0 && i % PLANTED_EVERY == 0) {
            const struct slice s = planted[next_random(&x) % n_planted];

            memcpy(text + len, s.ptr, s.len);
            len += s.len;
            text[len++] = '\n';
        }
        t.rows[i] = arena_copy(arena, slice_of(text, len));
        (void)must((void *)(uintptr_t)t.rows[i].ptr);
        t.bytes += len;
    }
    return t;
}

/* ---- measuring ------------------------------------------------------------------------------- */

/* What is done to one text. */
typedef void work(void *state, size_t i);

/*
 * The best rate of several rounds, in MB (10^6 bytes) a CPU second; each text so many times in a
 * row.
 */
static double rate_in_a_row(const struct texts *t, work *do_one, void *state, size_t n_times)
{
    double best = 0;

    for (size_t round = 0; round < ROUNDS; round++) {
        const double begun = bench_cpu_s();
        size_t bytes = 0;
        double took;

        do {
            for (size_t i = 0; i < t->n_rows * n_times; i++)
                do_one(state, i / n_times);
            bytes += t->bytes * n_times;
            took = bench_cpu_s() - begun;
        } while (took < ROUND_S);
        if ((double)bytes / took / 1e6 > best)
            best = (double)bytes / took / 1e6;
    }
    return best;
}

static double rate(const struct texts *t, work *do_one, void *state)
{
    return rate_in_a_row(t, do_one, state, 1);
}

struct job {
    const struct texts *texts;
    struct arena *arena; /* reset for each text */
    const struct matcher *matcher;
    const struct mention_engine *engine;
    const struct match_text *cuts; /* of all texts */
    size_t n_found;
};

static void scan_tokens(void *state, size_t i)
{
    struct job *job = state;
    struct token_list list;

    arena_reset(job->arena);
    check(token_scan(job->texts->rows[i], job->arena, &list, NULL), NULL);
    job->n_found += list.n_tokens;
}

static void cut_and_match(void *state, size_t i)
{
    struct job *job = state;
    struct match_text cut;
    struct match_list list;

    arena_reset(job->arena);
    check(match_text_cut(job->texts->rows[i], job->arena, &cut, NULL), NULL);
    check(matcher_find(job->matcher, &cut, job->arena, &list, NULL), NULL);
    job->n_found += list.n_rows;
}

static void match_alone(void *state, size_t i)
{
    struct job *job = state;
    struct match_list list;

    arena_reset(job->arena);
    check(matcher_find(job->matcher, &job->cuts[i], job->arena, &list, NULL), NULL);
    job->n_found += list.n_rows;
}

static void find_mentions(void *state, size_t i)
{
    struct job *job = state;
    struct mention_article article = {.title = SLICE("A title"), .text = job->texts->rows[i]};
    struct mention_report report;

    arena_reset(job->arena);
    check(mentions_find(job->engine, &article, job->arena, &report, NULL), NULL);
    job->n_found += report.n_mentions;
}

/* ---- Hyperscan ------------------------------------------------------------------------------- */

#ifdef WITH_HYPERSCAN
struct hyperscan {
    const struct texts *folded;
    hs_database_t *db;
    hs_scratch_t *scratch;
    size_t n_found;
};

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                       void *context)
{
    WW_UNUSED(id);
    WW_UNUSED(from);
    WW_UNUSED(to);
    WW_UNUSED(flags);
    ++*(size_t *)context;
    return 0;
}

static void scan_text(void *state, size_t i)
{
    struct hyperscan *h = state;
    const struct slice s = h->folded->rows[i];

    if (hs_scan(h->db, s.ptr, (unsigned)s.len, 0, h->scratch, count_match, &h->n_found) !=
        HS_SUCCESS)
        exit(1);
}

/* Seconds to build, 0 when it is not to be had; h is ready to scan. */
static double open_hyperscan(struct hyperscan *h, size_t n_names, struct arena *arena)
{
    const char **patterns = must(arena_array(arena, n_names, sizeof(*patterns)));
    size_t *lengths = must(arena_array(arena, n_names, sizeof(*lengths)));
    unsigned *ids = must(arena_array(arena, n_names, sizeof(*ids)));
    unsigned *flags = must(arena_array(arena, n_names, sizeof(*flags)));
    hs_compile_error_t *why = NULL;
    const double begun = bench_cpu_s();

    for (size_t i = 0; i < n_names; i++) {
        const struct slice key = text_fold_key(names[i].text, arena);

        patterns[i] = key.ptr;
        lengths[i] = key.len;
        ids[i] = (unsigned)i;
    }
    if (hs_compile_lit_multi(patterns, flags, ids, lengths, (unsigned)n_names, HS_MODE_BLOCK, NULL,
                             &h->db, &why) != HS_SUCCESS ||
        hs_alloc_scratch(h->db, &h->scratch) != HS_SUCCESS)
        exit(1);
    return bench_cpu_s() - begun;
}

static void close_hyperscan(struct hyperscan *h)
{
    (void)hs_free_scratch(h->scratch);
    (void)hs_free_database(h->db);
}
#endif

/* ---- the match step -------------------------------------------------------------------------- */

static struct texts fold_texts(const struct texts *t, struct arena *arena)
{
    struct texts folded = {must(arena_array(arena, t->n_rows, sizeof(struct slice))), t->n_rows,
                           t->bytes};

    for (size_t i = 0; i < t->n_rows; i++)
        folded.rows[i] = text_fold_key(t->rows[i], arena);
    return folded;
}

static void bench_step(const struct texts *t, const struct texts *folded, size_t n_names)
{
    struct arena list, page;
    struct match_text *cuts;
    struct matcher *m;
    struct ww_error err = {0};
    struct job job = {.texts = t, .arena = &page};
    double begun, built_s, ours, peer = 0, peer_built_s = 0;
    char what[128];

    arena_init(&list, LIST_ARENA_BYTES);
    arena_init(&page, PAGE_ARENA_MAX_BYTES);
    begun = bench_cpu_s();
    check(matcher_build(names, n_names, &list, &m, &err), &err);
    built_s = bench_cpu_s() - begun;
    job.matcher = m;
    cuts = must(arena_array(&list, t->n_rows, sizeof(*cuts)));
    for (size_t i = 0; i < t->n_rows; i++)
        check(match_text_cut(t->rows[i], &list, &cuts[i], &err), &err);
    job.cuts = cuts;
    ours = rate_in_a_row(t, match_alone, &job, HOT_TIMES);
#ifdef WITH_HYPERSCAN
    {
        struct hyperscan h = {.folded = folded};

        peer_built_s = open_hyperscan(&h, n_names, &list);
        peer = rate_in_a_row(folded, scan_text, &h, HOT_TIMES);
        close_hyperscan(&h);
    }
#else
    WW_UNUSED(folded);
#endif
    (void)snprintf(what, sizeof(what), "match: %zu names, the step alone (peer: Hyperscan)",
                   n_names);
    bench_report(what, ours, peer, "MB/CPU s", true);
    (void)snprintf(what, sizeof(what), "match: %zu names, built (peer: Hyperscan)", n_names);
    bench_report(what, built_s * 1e3, peer_built_s * 1e3, "ms", false);
    (void)snprintf(what, sizeof(what), "match: %zu names, with folding and tokens (peer: asked)",
                   n_names);
    bench_report(what, rate(t, cut_and_match, &job), n_names < NAMES_MAX ? 100 : 60, "MB/CPU s",
                 true);
    arena_release(&page);
    arena_release(&list);
}

/* ---- a whole list ---------------------------------------------------------------------------- */

/* A folder with a stations.csv of so many aliases, five a row; its name is returned. */
static const char *write_list(size_t n_names)
{
    static char folder[] = "/tmp/wirewatch-bench-XXXXXX";
    char path[sizeof(folder) + 32];
    FILE *f;

    (void)must(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/stations.csv", folder);
    f = must(fopen(path, "w"));
    (void)fputs("id,name,kind,match_scope,aliases\n", f);
    for (size_t i = 0; i < n_names; i++) {
        if (i % 5 == 0)
            (void)fprintf(f,
                          "%s"
                          "s%zu,Site %zu,station,none,",
                          i > 0 ? "\n" : "", i, i);
        (void)fprintf(f, "%s%.*s", i % 5 == 0 ? "" : "|", SLICE_ARG(names[i].text));
    }
    (void)fputs("\n", f);
    (void)fclose(f);
    return folder;
}

/* Names per line, and all texts in one file, for ripgrep. */
static void write_lines(const char *path, const struct slice *rows, size_t n_rows)
{
    FILE *f = must(fopen(path, "w"));

    for (size_t i = 0; i < n_rows; i++)
        (void)fprintf(f, "%.*s\n", SLICE_ARG(rows[i]));
    (void)fclose(f);
}

/* CPU seconds of `rg -o -F -f NAMES TEXTS`; 0 when there is no rg. */
static double run_ripgrep(const char *names_path, const char *texts_path)
{
    struct rusage before, after;
    int status = 1;
    pid_t pid = fork();

    if (pid == 0) {
        (void)(freopen("/dev/null", "w", stdout) != NULL);
        (void)execlp("rg", "rg", "--no-config", "-j1", "-a", "-o", "-F", "-f", names_path,
                     texts_path, (char *)NULL);
        _exit(127);
    }
    (void)getrusage(RUSAGE_CHILDREN, &before);
    (void)waitpid(pid, &status, 0);
    (void)getrusage(RUSAGE_CHILDREN, &after);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        return 0;
    return (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
           (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6 +
           (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
           (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
}

static void bench_list(const struct texts *t)
{
    const char *folder = write_list(NAMES_MAX);
    char names_path[128], texts_path[128], list_path[128];
    struct slice *rows;
    struct arena arena, page;
    struct watchlist w;
    struct mention_engine *engine;
    struct ww_error err = {0};
    struct job job = {.texts = t, .arena = &page};
    double begun = bench_cpu_s(), built_s, once_s, rg_s;

    arena_init(&arena, LIST_ARENA_BYTES);
    arena_init(&page, PAGE_ARENA_MAX_BYTES);
    check(watchlist_read(folder, &arena, &w, &err), &err);
    check(mentions_open(&w, &arena, &engine, &err), &err);
    built_s = bench_cpu_s() - begun;
    job.engine = engine;
    begun = bench_cpu_s();
    for (size_t i = 0; i < t->n_rows; i++)
        find_mentions(&job, i);
    once_s = bench_cpu_s() - begun;
    bench_report("match: a list of 100,000 aliases, read and built (peer: asked)", built_s * 1e3,
                 100, "ms", false);
    bench_report("match: its memory (peer: asked)", (double)arena.used_bytes / 1e6, 300, "MB",
                 false);
    bench_report("match: 100,000 aliases, mentions whole (peer: asked)",
                 rate(t, find_mentions, &job), 60, "MB/CPU s", true);

    (void)snprintf(names_path, sizeof(names_path), "%s/names", folder);
    (void)snprintf(texts_path, sizeof(texts_path), "%s/texts", folder);
    (void)snprintf(list_path, sizeof(list_path), "%s/stations.csv", folder);
    rows = must(arena_array(&arena, NAMES_MAX, sizeof(*rows)));
    for (size_t i = 0; i < NAMES_MAX; i++)
        rows[i] = names[i].text;
    write_lines(names_path, rows, NAMES_MAX);
    write_lines(texts_path, t->rows, t->n_rows);
    rg_s = run_ripgrep(names_path, texts_path);
    bench_report("match: 100,000 aliases, all texts once from cold (peer: rg -o -F -f)",
                 built_s + once_s, rg_s, "CPU s", false);
    (void)unlink(names_path);
    (void)unlink(texts_path);
    (void)unlink(list_path);
    (void)rmdir(folder);
    arena_release(&page);
    arena_release(&arena);
}

/* ---- the default list ------------------------------------------------------------------------ */

/* Sentences that a list finds: a strong term of it and a place. The list's words, not ours. */
static size_t make_sentences(const struct watchlist *w, struct slice *out, size_t max,
                             struct arena *arena)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_places && n < max; i++) {
        const struct watch_term *term = NULL;

        for (size_t k = 0; k < w->n_terms && term == NULL; k++) {
            const struct watch_term *t = &w->terms[(i * 31 + k) % w->n_terms];

            if (t->role == ROLE_TERM && t->strength == STRENGTH_STRONG && t->language.len > 0 &&
                slice_find_char(t->text, '~') == t->text.len &&
                slice_find_char(t->text, '*') == t->text.len)
                term = t;
        }
        if (term == NULL || w->places[i].item == WATCH_NONE)
            continue;
        out[n++] = arena_printf(arena, "There is a %.*s in %.*s, they say.", SLICE_ARG(term->text),
                                SLICE_ARG(w->places[i].name));
    }
    return n;
}

static void bench_default_list(struct arena *arena)
{
    static struct slice sentences[64];
    struct watchlist w;
    struct mention_engine *engine;
    struct ww_error err = {0};
    struct arena page;
    struct texts none = make_texts(arena, -1, NULL, 0), some;
    struct job job = {.arena = &page};
    const double begun = bench_cpu_s();
    double tokens;

    if (watchlist_read("watchlists/overseas-police-stations", arena, &w, &err) != WW_OK) {
        (void)fprintf(stderr, "match: the default list is not here: %s\n", err.message);
        return;
    }
    check(mentions_open(&w, arena, &engine, &err), &err);
    bench_report("match: the default list, read and built (peer: asked)",
                 (bench_cpu_s() - begun) * 1e3, 100, "ms", false);
    some =
        make_texts(arena, -1, sentences, make_sentences(&w, sentences, WW_COUNT(sentences), arena));
    arena_init(&page, PAGE_ARENA_MAX_BYTES);
    job.engine = engine;
    job.texts = &none;
    tokens = rate(&none, scan_tokens, &job);
    bench_report("match: default list, mentions whole, texts that hold nothing (peer: asked)",
                 rate(&none, find_mentions, &job), 100, "MB/CPU s", true);
    job.texts = &some;
    job.n_found = 0;
    find_mentions(&job, 0);
    if (job.n_found == 0)
        exit(1);
    bench_report("match: default list, mentions whole, a third hold one (peer: tokens alone)",
                 rate(&some, find_mentions, &job), tokens, "MB/CPU s", true);
    arena_release(&page);
}

static void bench_tokens(struct arena *arena)
{
    struct arena page;
    double ascii = 0;

    arena_init(&page, PAGE_ARENA_MAX_BYTES);
    for (int i = 0; i < TONGUE_COUNT; i++) {
        struct texts t = make_texts(arena, i, NULL, 0);
        struct job job = {.texts = &t, .arena = &page};
        const double mb_s = rate(&t, scan_tokens, &job);
        char what[128];

        ascii = i == TONGUE_ASCII ? mb_s : ascii;
        (void)snprintf(what, sizeof(what), "tokens: %s (peer: ASCII)", tongues[i].name);
        bench_report(what, mb_s, ascii, "MB/CPU s", true);
    }
    arena_release(&page);
}

int main(void)
{
    static struct slice planted[1000]; /* of every list */
    struct arena arena;
    struct texts t, folded;

    arena_init(&arena, LIST_ARENA_BYTES);
    make_names(&arena);
    for (size_t i = 0; i < WW_COUNT(planted); i++)
        planted[i] = names[i].text;
    t = make_texts(&arena, -1, planted, WW_COUNT(planted));
    folded = fold_texts(&t, &arena);
    bench_tokens(&arena);
    bench_default_list(&arena);
    for (size_t i = 0; i < WW_COUNT(sizes); i++)
        bench_step(&t, &folded, sizes[i]);
    bench_list(&t);
#ifndef WITH_HYPERSCAN
    (void)fprintf(stderr, "match: no libhyperscan here (its lines have no peer)\n");
#endif
    arena_release(&arena);
    return 0;
}
