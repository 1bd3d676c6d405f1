/*
 * entry_match.c - rules from the surest to the most doubtful, each over all entries that are still
 * unknown: a row goes to the entry with the best claim.
 */
#include "crawler/entry_match.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/likeness.h"
#include "base/limits.h"

/* Headlines this much alike are one headline, corrected; texts, one text. */
#define TITLE_LIKENESS_MIN 0.75
#define TEXT_LIKENESS_MIN 0.98

/* ---- a set of numbers ------------------------------------------------------------------------ */

struct set {
    uint64_t *slots; /* 0: free */
    size_t n_slots;  /* a power of two */
};

static void set_init(struct set *set, size_t n, struct arena *arena)
{
    set->n_slots = 16;
    while (set->n_slots < 2 * n)
        set->n_slots *= 2;
    set->slots = arena_array(arena, set->n_slots, sizeof(*set->slots));
}

static size_t find_slot(const struct set *set, uint64_t number)
{
    size_t at = (size_t)hash64_mix(0, number) & (set->n_slots - 1);

    while (set->slots[at] != 0 && set->slots[at] != number)
        at = (at + 1) & (set->n_slots - 1);
    return at;
}

static bool set_has(const struct set *set, uint64_t number)
{
    return set->slots[find_slot(set, number)] == number;
}

/* False when it is in the set already. */
static bool set_add(struct set *set, uint64_t number)
{
    size_t at = find_slot(set, number);
    bool is_new = set->slots[at] == 0;

    set->slots[at] = number;
    return is_new;
}

/* ---- the document ---------------------------------------------------------------------------- */

struct match {
    struct store *store;
    struct announced *list;
    size_t n, n_listed, n_unknown;
    struct set taken; /* rows that are an entry of this document */
    bool are_many;    /* so many are unknown that the feed may have renewed all it says of them */
    size_t n_found;   /* rows that the rule in hand was offered */
    struct arena *arena, scratch;
};

static uint64_t number_of(struct slice text)
{
    uint64_t hash = hash64(text);

    return hash != 0 ? hash : 1;
}

static bool is_unknown(const struct announced *e)
{
    return e->news == ENTRY_NEW && e->id == 0;
}

static bool is_many(size_t n, size_t of)
{
    return n >= ENTRIES_MANY_MIN && 2 * n >= of;
}

struct slice entry_other_name(const struct announced *e, unsigned n, struct arena *arena)
{
    const uint64_t salts[] = {0, 0, hash64(e->row.canonical)};

    if (n == 0)
        return e->has_place ? e->row.canonical : entry_other_name(e, 1, arena);
    if (n >= WW_COUNT(salts))
        return (struct slice){"", 0};
    return arena_printf(arena, "words:%016llx",
                        (unsigned long long)hash64_mix(salts[n], (uint64_t)e->words));
}

static void count_words(struct match *m)
{
    for (size_t i = 0; i < m->n; i++)
        m->list[i].words = entry_words(&m->list[i].row, &m->list[i].text_bytes);
}

/*
 * One id stands for several entries: the first keeps it, the others go by their addresses, else by
 * their words. What is the same in all of these stands there twice.
 */
static void part_shared(struct match *m)
{
    struct set names, twice, wholes;

    set_init(&names, 2 * m->n, m->arena);
    set_init(&twice, m->n, m->arena);
    set_init(&wholes, 2 * m->n, m->arena);
    if (m->arena->failed)
        return;
    count_words(m);
    for (size_t i = 0; i < m->n; i++)
        if (!set_add(&names, number_of(m->list[i].row.guid)))
            (void)set_add(&twice, number_of(m->list[i].row.guid));
    for (size_t i = 0; i < m->n; i++) {
        struct announced *e = &m->list[i];
        const uint64_t guid = number_of(e->row.guid);
        const uint64_t place = hash64_mix(guid, hash64(e->row.canonical));
        bool is_named = set_has(&twice, guid) && set_add(&wholes, guid);

        e->shares_guid = set_has(&twice, guid);
        if (!e->shares_guid)
            continue;
        if (!set_add(&wholes, hash64_mix(place, (uint64_t)e->words) | 1))
            e->news = ENTRY_REPEATED;
        for (unsigned n = 0; !is_named && e->news != ENTRY_REPEATED; n++) {
            e->row.guid = entry_other_name(e, n, m->arena);
            is_named = set_add(&names, number_of(e->row.guid));
            if (e->row.guid.len == 0)
                e->news = ENTRY_REPEATED;
        }
    }
}

/* Every entry gets a guid, no two the same. */
static void name_all(struct match *m)
{
    struct set names;
    bool are_shared = false;

    set_init(&names, m->n, m->arena);
    if (m->arena->failed)
        return;
    for (size_t i = 0; i < m->n; i++) {
        struct announced *e = &m->list[i];

        e->fingerprint = entry_fingerprint(&e->row);
        e->has_id = e->row.guid.len > 0;
        if (!e->has_id && !e->has_place)
            e->words = entry_words(&e->row, &e->text_bytes);
        if (!e->has_id)
            e->row.guid = entry_other_name(e, 0, m->arena);
        are_shared |= !set_add(&names, number_of(e->row.guid));
    }
    if (are_shared && !m->arena->failed)
        part_shared(m);
}

static void find_shared_places(struct match *m)
{
    struct set places, twice;

    set_init(&places, m->n, m->arena);
    set_init(&twice, m->n, m->arena);
    if (m->arena->failed)
        return;
    for (size_t i = 0; i < m->n; i++)
        if (!set_add(&places, number_of(m->list[i].row.canonical)))
            (void)set_add(&twice, number_of(m->list[i].row.canonical));
    for (size_t i = 0; i < m->n; i++)
        m->list[i].shares_place = set_has(&twice, number_of(m->list[i].row.canonical));
}

/* ---- what two have in common ----------------------------------------------------------------- */

/* Of a canonical address: what is left when scheme, "www." and, if wanted, the query are gone. */
static struct slice place_of(struct slice canonical, bool has_query)
{
    struct slice rest = slice_skip(canonical, slice_find(canonical, SLICE("//")) + 2);

    if (slice_starts(rest, SLICE("www.")))
        rest = slice_skip(rest, 4);
    return has_query ? rest : slice_head(rest, slice_find_char(rest, '?'));
}

static bool is_same_place(const struct announced *e, const struct entry_brief *row)
{
    return e->has_place &&
           slice_equal(place_of(e->row.canonical, true), place_of(row->canonical, true));
}

static bool is_same_path(const struct announced *e, const struct entry_brief *row)
{
    return e->has_place &&
           slice_equal(place_of(e->row.canonical, false), place_of(row->canonical, false));
}

static bool says_same_words(const struct announced *e, const struct entry_brief *row)
{
    return e->words != 0 && e->words == row->words;
}

static bool is_titled_alike(const struct announced *e, const struct entry_brief *row)
{
    struct likeness a, b;

    if (slice_equal(e->row.title, row->title))
        return e->row.title.len > 0;
    likeness_init(&a, e->row.title);
    likeness_init(&b, row->title);
    return likeness_of(&a, &b) >= TITLE_LIKENESS_MIN;
}

static bool has_same_date(const struct announced *e, const struct entry_brief *row)
{
    return e->row.published_at != 0 && e->row.published_at == row->published_at;
}

static bool has_other_date(const struct announced *e, const struct entry_brief *row)
{
    return e->row.published_at != 0 && row->published_at != 0 &&
           e->row.published_at != row->published_at;
}

/* As the dates of two entries are, not those of one whose date is read anew at every poll. */
static bool has_far_date(const struct announced *e, const struct entry_brief *row)
{
    const int64_t a = e->row.published_at, b = row->published_at;

    return a != 0 && b != 0 && (a > b ? a - b : b - a) > ENTRY_DATES_MAX_S;
}

/* ---- the rules ------------------------------------------------------------------------------- */

/* Its guid at its place. */
static bool is_in_place(const struct match *m, const struct announced *e,
                        const struct entry_brief *row)
{
    WW_UNUSED(m);
    if (is_same_place(e, row))
        return !e->shares_guid || says_same_words(e, row) || is_titled_alike(e, row);
    return !e->has_place && (says_same_words(e, row) || is_titled_alike(e, row) ||
                             (has_same_date(e, row) && !e->shares_guid));
}

static bool is_worded_alike(const struct match *m, const struct announced *e,
                            const struct entry_brief *row)
{
    if (is_same_place(e, row))
        return !e->shares_place || m->are_many || !has_other_date(e, row);
    if (!e->has_place)
        return m->are_many || !has_other_date(e, row);
    if (e->text_bytes >= ENTRY_TEXT_MIN_BYTES)
        return has_same_date(e, row) || (m->are_many && !has_far_date(e, row));
    return m->are_many && is_same_path(e, row) && !has_far_date(e, row);
}

/* At its address under another guid. Where several share the address only words tell them apart. */
static bool is_renamed(const struct match *m, const struct announced *e,
                       const struct entry_brief *row)
{
    if (!e->has_place || e->shares_place || m->n_found > 1)
        return false;
    return is_titled_alike(e, row) || !e->has_id || slice_equal(row->guid, row->canonical) ||
           !has_other_date(e, row);
}

/* The same id from another host, or by another scheme. A planet has "/?p=1" of many a host. */
static bool is_rehosted(const struct match *m, const struct announced *e,
                        const struct entry_brief *row)
{
    return (m->are_many || !has_far_date(e, row)) && is_titled_alike(e, row);
}

/* Its guid at another place, if it is no guid that is given to whatever comes. */
static bool is_moved(const struct match *m, const struct announced *e,
                     const struct entry_brief *row)
{
    WW_UNUSED(m);
    if (e->shares_guid)
        return false;
    if (says_same_words(e, row) && e->text_bytes >= ENTRY_TEXT_MIN_BYTES)
        return true;
    return is_titled_alike(e, row) &&
           (has_same_date(e, row) || is_same_path(e, row) ||
            slice_equal(entry_guid_key(e->row.canonical), entry_guid_key(row->canonical)));
}

static void take(struct match *m, struct announced *e, const struct entry_brief *row)
{
    (void)set_add(&m->taken, (uint64_t)row->id);
    m->n_unknown--;
    e->id = row->id;
    e->page_id = row->page_id;
    e->is_elsewhere = !is_same_path(e, row);
    e->must_rename = e->holder_id == 0 && !e->shares_guid && !slice_equal(e->row.guid, row->guid);
    if (e->fingerprint == row->fingerprint)
        e->news = ENTRY_KNOWN;
    else if (!says_same_words(e, row) || (e->is_elsewhere && e->text_bytes < ENTRY_TEXT_MIN_BYTES))
        e->news = ENTRY_CHANGED; /* a title alone does not tell that it is the same article */
    else if (!slice_equal(e->row.canonical, row->canonical))
        e->news = ENTRY_MOVED;
    else if (e->row.updated_at != row->updated_at && e->row.updated_at != 0)
        e->news = ENTRY_TOUCHED;
    else
        e->news = ENTRY_KNOWN;
}

static const struct rule {
    enum entry_key key;
    bool (*is_same)(const struct match *m, const struct announced *e,
                    const struct entry_brief *row);
} rules[] = {
    {ENTRY_BY_GUID,      is_in_place    },
    {ENTRY_BY_WORDS,     is_worded_alike},
    {ENTRY_BY_CANONICAL, is_renamed     },
    {ENTRY_BY_GUID_KEY,  is_rehosted    },
    {ENTRY_BY_GUID,      is_moved       },
};

static enum ww_status try_rule(struct match *m, const struct rule *rule, struct announced *e,
                               struct ww_error *err)
{
    struct entry_brief_list found = {0};
    enum ww_status status;

    if (rule->key == ENTRY_BY_GUID && e->holder_id == 0)
        return WW_OK;
    arena_reset(&m->scratch);
    status = store_find_entries(m->store, rule->key, &e->row, &m->scratch, &found, err);
    m->n_found = found.n_rows;
    if (rule->key == ENTRY_BY_CANONICAL)
        e->place_is_known = found.n_rows > 0;
    for (size_t i = 0; i < found.n_rows && e->id == 0; i++)
        if (!set_has(&m->taken, (uint64_t)found.rows[i].id) && rule->is_same(m, e, &found.rows[i]))
            take(m, e, &found.rows[i]);
    return status;
}

/* ---- all of it new at once ------------------------------------------------------------------- */

static struct slice plain_text(const struct entry_row *row, struct arena *arena)
{
    const struct slice html = row->content.len > 0 ? row->content : row->summary;
    struct slice rest = html, piece;
    char *text = arena_alloc(arena, html.len + 1);
    size_t len = 0;

    for (bool is_tag = false; text != NULL && slice_next(&rest, '<', &piece); is_tag = true) {
        if (is_tag)
            piece = slice_skip(piece, slice_find_char(piece, '>') + 1);
        for (size_t i = 0; i < piece.len; i++)
            text[len++] = piece.ptr[i];
    }
    return slice_of(text, len);
}

/* Is one text the other but for a number or two? */
static enum ww_status compare_texts(struct match *m, const struct announced *e,
                                    const struct entry_brief *row, bool *is_same,
                                    struct ww_error *err)
{
    struct entry_row known = {0};
    struct slice ours, theirs;
    struct likeness a, b;
    enum ww_status status;

    arena_reset(&m->scratch);
    status = store_entry(m->store, row->id, &m->scratch, &known, err);
    if (status != WW_OK)
        return status;
    ours = plain_text(&e->row, &m->scratch);
    theirs = plain_text(&known, &m->scratch);
    likeness_init(&a, ours);
    likeness_init(&b, theirs);
    *is_same = ours.len >= ENTRY_TEXT_MIN_BYTES && likeness_of(&a, &b) >= TEXT_LIKENESS_MIN &&
               (double)ours.len >= TEXT_LIKENESS_MIN * (double)theirs.len &&
               (double)theirs.len >= TEXT_LIKENESS_MIN * (double)ours.len;
    return arena_check(&m->scratch, err);
}

/*
 * Ids and addresses are all new, and the words not quite the old ones: a counter in the text. Title
 * and date must be the same to the letter. Weather reports and lists of earthquakes are alike, too.
 */
static enum ww_status compare_newest(struct match *m, struct ww_error *err)
{
    struct entry_brief_list newest = {0};
    size_t n_compared = 0;
    enum ww_status status = store_newest_entries(m->store, m->list[0].row.feed_id,
                                                 ENTRIES_COMPARED_MAX, m->arena, &newest, err);

    for (size_t i = 0; status == WW_OK && i < m->n && n_compared < ENTRIES_COMPARED_MAX; i++) {
        struct announced *e = &m->list[i];

        n_compared += is_unknown(e);
        for (size_t k = 0; status == WW_OK && k < newest.n_rows && is_unknown(e); k++) {
            const struct entry_brief *row = &newest.rows[k];
            bool is_same = false;

            if (has_same_date(e, row) && slice_equal(e->row.title, row->title) &&
                !set_has(&m->taken, (uint64_t)row->id))
                status = compare_texts(m, e, row, &is_same, err);
            if (is_same) {
                take(m, e, row);
                e->news = ENTRY_MOVED; /* what little changed is no reason to fetch all again */
            }
        }
    }
    return status;
}

/* ---- all together ---------------------------------------------------------------------------- */

/* The rows of their guids; what is as it was is known. */
static enum ww_status find_holders(struct match *m, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < m->n; i++) {
        struct announced *e = &m->list[i];
        int64_t fingerprint = 0;

        if (e->news == ENTRY_REPEATED)
            continue;
        status = store_entry_known(m->store, &e->row, &e->holder_id, &fingerprint, err);
        if (status == WW_OK && fingerprint == e->fingerprint) {
            e->news = ENTRY_KNOWN;
            e->id = e->holder_id;
            (void)set_add(&m->taken, (uint64_t)e->id);
        } else {
            m->n_unknown++;
        }
        if (status == WW_NOT_FOUND)
            status = WW_OK;
    }
    return status;
}

static enum ww_status try_rules(struct match *m, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    count_words(m);
    find_shared_places(m);
    status = arena_check(m->arena, err);
    for (size_t r = 0; status == WW_OK && r < WW_COUNT(rules) && m->n_unknown > 0; r++) {
        for (size_t i = 0; status == WW_OK && i < m->n; i++)
            if (is_unknown(&m->list[i]))
                status = try_rule(m, &rules[r], &m->list[i], err);
        if (r == 0)
            m->are_many = is_many(m->n_unknown, m->n_listed);
    }
    if (status == WW_OK && m->are_many && m->n_unknown > 0)
        status = compare_newest(m, err);
    return status;
}

/* A feed that puts the time of the poll on every entry has not changed them all. */
static void believe_dates(struct match *m)
{
    size_t n_touched = 0;

    for (size_t i = 0; i < m->n; i++)
        n_touched += m->list[i].news == ENTRY_TOUCHED;
    for (size_t i = 0; i < m->n; i++)
        if (m->list[i].news == ENTRY_TOUCHED)
            m->list[i].news = is_many(n_touched, m->n_listed) ? ENTRY_KNOWN : ENTRY_CHANGED;
}

enum ww_status entry_match(struct store *store, struct announced *list, size_t n, size_t n_listed,
                           struct arena *arena, struct ww_error *err)
{
    struct match m = {.store = store, .list = list, .n = n, .n_listed = n_listed, .arena = arena};
    struct entry_brief_list any = {0};
    enum ww_status status;

    if (n == 0)
        return WW_OK;
    name_all(&m);
    set_init(&m.taken, n, arena);
    status = arena_check(arena, err);
    if (status == WW_OK)
        status = find_holders(&m, err);
    if (status != WW_OK || m.n_unknown == 0)
        return status;
    arena_init(&m.scratch, LISTS_ARENA_MAX_BYTES);
    status = store_newest_entries(store, list[0].row.feed_id, 1, &m.scratch, &any, err);
    if (status == WW_OK && any.n_rows > 0) {
        status = try_rules(&m, err);
        believe_dates(&m);
    } else if (status == WW_OK) {
        count_words(&m); /* for the names of those that share one */
    }
    arena_release(&m.scratch);
    return status;
}
