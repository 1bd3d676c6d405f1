/* watchlist.c - from CSV files to items, names, terms and places. */
#include "alerts/watchlist.h"

#include "alerts/combine.h"
#include "alerts/id_table.h"
#include "alerts/watchlist_cells.h"
#include "alerts/watchlist_roles.h"
#include "alerts/watchlist_rules.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"
#include "storage/store_alerts.h"

#include <string.h>

/* "word A|B": how a clause of `disambiguation` begins. The longer one of two comes first. */
static const struct {
    const char *word;
    enum condition_kind kind;
} clauses[] = {
    {"reject when followed by ", CONDITION_FOLLOWED     },
    {"reject ",                  CONDITION_PHRASE       },
    {"negative:",                CONDITION_ABSENT       },
    {"positive:",                CONDITION_NEEDED       },
    {"metonym",                  CONDITION_METONYM      },
    {"same sentence",            CONDITION_SAME_SENTENCE},
};

/* ---- reading rows ---------------------------------------------------------------------------- */

/* The parser: the list being made, and room for what it grows. */
struct parser {
    struct watchlist *w;
    struct arena *arena;
    struct watch_findings *findings;
    size_t items_room, names_room, terms_room, places_room, languages_room;
    struct slice noted[64]; /* tags of languages that were met last */
    size_t n_noted;
    struct id_table items, places, rows; /* by kind and id; by id; by file and id */
    enum watch_file file;                /* being read */
    const struct csv_row *row;
    uint32_t guard; /* of the row's names */
};

bool watch_find(struct watch_findings *f, struct arena *arena, enum finding_level level,
                struct watch_cell cell, struct slice text)
{
    struct watch_finding *rows = arena_grow(arena, f->rows, f->n_rows, &f->capacity, sizeof(*rows));

    if (rows == NULL)
        return false;
    f->rows = rows;
    rows[f->n_rows++] =
        (struct watch_finding){.level = level, .cell = cell, .text = arena_copy(arena, text)};
    return true;
}

static struct watch_cell cell_at(const struct parser *p, size_t column)
{
    return (struct watch_cell){p->file, (uint32_t)p->row->line, (uint32_t)column + 1};
}

static void complain(struct parser *p, size_t column, struct slice what)
{
    (void)watch_find(p->findings, p->arena, FINDING_ERROR, cell_at(p, column), what);
}

/* The value of a titled column; *column is where, for complaints. */
static struct slice value(const struct parser *p, const char *title, size_t *column)
{
    size_t at = csv_column(&p->w->files[p->file], slice_from(title));

    if (column != NULL)
        *column = at;
    return csv_cell(p->row, at);
}

/* "????" or U+FFFD: the program that saved the file could not write these characters. */
static bool is_lost(struct slice s)
{
    return slice_contains(s, SLICE("??")) || slice_contains(s, SLICE("\xEF\xBF\xBD"));
}

static const char lost[] = "the file lost its characters when it was saved (\"??\"); "
                           "save it as UTF-8";

/* Another row of the same item: what the first left open it may say; tags come together. */
static void add_to_item(struct parser *p, struct watch_item *item, const struct watch_item *more)
{
    if (item->severity.len == 0)
        item->severity = more->severity;
    if (item->owner.len == 0)
        item->owner = more->owner;
    if (item->tags.len == 0)
        item->tags = more->tags;
    else if (more->tags.len > 0 && !slice_equal(item->tags, more->tags))
        item->tags =
            arena_printf(p->arena, "%.*s %.*s", SLICE_ARG(item->tags), SLICE_ARG(more->tags));
}

static uint32_t add_item(struct parser *p, const struct watch_item *item)
{
    struct watch_item *items;
    uint32_t at = id_table_get(&p->items, item->kind, item->id);

    if (at != WATCH_NONE) {
        add_to_item(p, &p->w->items[at], item);
        return at;
    }
    items = arena_grow(p->arena, p->w->items, p->w->n_items, &p->items_room, sizeof(*items));
    if (items == NULL)
        return WATCH_NONE;
    p->w->items = items;
    items[p->w->n_items] = *item;
    id_table_put(&p->items, p->arena, item->kind, item->id, (uint32_t)p->w->n_items);
    return (uint32_t)p->w->n_items++;
}

/* Was this very tag met a short while ago? Comparing languages is slower than comparing tags. */
static bool is_noted(struct parser *p, struct slice language)
{
    for (size_t i = 0; i < WW_COUNT(p->noted); i++)
        if (slice_equal(p->noted[i], language))
            return true;
    p->noted[p->n_noted++ % WW_COUNT(p->noted)] = language;
    return false;
}

static void note_language(struct parser *p, struct slice language)
{
    struct slice *languages;

    if (language.len == 0 || is_noted(p, language) || watch_knows_language(p->w, language))
        return;
    languages = arena_grow(p->arena, p->w->languages, p->w->n_languages, &p->languages_room,
                           sizeof(*languages));
    if (languages == NULL)
        return;
    p->w->languages = languages;
    languages[p->w->n_languages++] = language;
}

static void add_name(struct parser *p, const struct watch_name *name)
{
    struct watch_name *names;

    if (p->w->n_names >= WATCH_NAMES_MAX) {
        p->arena->failed = true;
        return;
    }
    names = arena_grow(p->arena, p->w->names, p->w->n_names, &p->names_room, sizeof(*names));
    if (names == NULL)
        return;
    p->w->names = names;
    names[p->w->n_names++] = *name;
    note_language(p, name->language);
}

/* No name is so long: two cells have run into one, or a list has lost its |. */
static void complain_of_length(struct parser *p, size_t column, size_t len)
{
    complain(p, column,
             arena_printf(p->arena, "a name of %zu bytes, limit %d: is a | missing between names?",
                          len, WATCH_NAME_MAX_BYTES));
}

/* All the names of a titled column. */
static void read_names(struct parser *p, const char *title, enum watch_class class, uint32_t owner)
{
    size_t column;
    struct slice rest = value(p, title, &column);
    struct slice piece;

    if (owner == WATCH_NONE || rest.len == 0)
        return;
    if (is_lost(rest))
        complain(p, column, slice_from(lost));
    while (slice_next(&rest, '|', &piece)) {
        struct watch_name name = {
            .class = class, .owner = owner, .guard = p->guard, .cell = cell_at(p, column)};

        name.text = slice_trim(piece);
        name.language = watch_take_language(&name.text);
        if (name.text.len > WATCH_NAME_MAX_BYTES)
            complain_of_length(p, column, name.text.len);
        else if (name.text.len > 0)
            add_name(p, &name);
    }
}

static bool is_yes(struct slice s)
{
    return slice_equal_nocase(s, SLICE("yes")) || slice_equal_nocase(s, SLICE("true")) ||
           slice_equal(s, SLICE("1"));
}

/* ---- terms.csv ------------------------------------------------------------------------------- */

static void read_term(struct parser *p)
{
    struct watch_term term = {.text = value(p, "term", NULL),
                              .language = value(p, "language", NULL)};
    struct watch_term *terms;
    size_t column;

    (void)value(p, "term", &column);
    term.cell = cell_at(p, column);
    if (term.text.len == 0)
        complain(p, column, SLICE("the row has no term"));
    if (is_lost(term.text))
        complain(p, column, slice_from(lost));
    if (term.text.len > WATCH_NAME_MAX_BYTES) {
        complain_of_length(p, column, term.text.len);
        return;
    }
    if (!watch_role_parse(value(p, "role", &column), &term))
        complain(p, column, slice_from(watch_role_unknown));
    if (!watch_strength_parse(value(p, "strength", &column), &term.strength))
        complain(p, column, SLICE("no such strength; there are strong, weak, topical, line-start"));
    if (p->w->n_terms >= WATCH_NAMES_MAX)
        p->arena->failed = true;
    terms = arena_grow(p->arena, p->w->terms, p->w->n_terms, &p->terms_room, sizeof(*terms));
    if (terms == NULL || term.text.len == 0)
        return;
    p->w->terms = terms;
    terms[p->w->n_terms] = term;
    if ((!watch_role_is_late(term.role) && slice_find_char(term.text, '@') == term.text.len) ||
        combine_is_pattern(term.text))
        add_name(p,
                 &(struct watch_name){.text = term.text,
                                      .language = term.language,
                                      .class = WATCH_TERM,
                                      .owner = (uint32_t)p->w->n_terms,
                                      .is_case_sensitive = is_yes(value(p, "case_sensitive", NULL)),
                                      .cell = term.cell});
    p->w->n_terms++;
}

/* ---- places.csv ------------------------------------------------------------------------------ */

static void read_phrases(struct parser *p, struct slice rest, struct watch_condition *out)
{
    struct slice *phrases = NULL;
    struct slice piece;
    size_t room = 0;

    while (slice_next(&rest, '|', &piece)) {
        phrases = arena_grow(p->arena, phrases, out->n_phrases, &room, sizeof(*phrases));
        if (phrases == NULL)
            return;
        phrases[out->n_phrases] = slice_trim(piece);
        out->n_phrases += phrases[out->n_phrases].len > 0;
        out->phrases = phrases;
    }
}

/* The clauses of a place's column `disambiguation`, with ; between them. */
static void read_conditions(struct parser *p, struct watch_place *place)
{
    struct watch_condition *conditions = NULL;
    size_t room = 0;
    size_t column;
    struct slice rest = value(p, "disambiguation", &column);
    struct slice piece;

    place->cell = cell_at(p, column);
    while (slice_next(&rest, ';', &piece)) {
        struct watch_condition c = {.kind = CONDITION_UNKNOWN};

        piece = slice_trim(piece);
        if (piece.len == 0)
            continue;
        for (size_t i = 0; i < WW_COUNT(clauses) && c.kind == CONDITION_UNKNOWN; i++)
            if (slice_starts_nocase(piece, slice_from(clauses[i].word))) {
                c.kind = clauses[i].kind;
                piece = slice_skip(piece, strlen(clauses[i].word));
            }
        read_phrases(p, piece, &c);
        conditions =
            arena_grow(p->arena, conditions, place->n_conditions, &room, sizeof(*conditions));
        if (conditions == NULL)
            return;
        conditions[place->n_conditions++] = c;
        place->conditions = conditions;
    }
}

static struct watch_place *find_place(const struct parser *p, struct slice id)
{
    uint32_t at = id_table_get(&p->places, SLICE("place"), id);

    return at != ID_NONE ? &p->w->places[at] : NULL;
}

static void read_place(struct parser *p)
{
    struct watch_place place = {.item = WATCH_NONE, .country_item = WATCH_NONE};
    struct slice watch = value(p, "watch", NULL);
    struct watch_place *places;
    size_t column;

    place.id = value(p, "id", &column);
    place.type = value(p, "type", NULL);
    place.country = value(p, "country", NULL);
    place.name = value(p, "name", NULL);
    place.is_country = slice_equal_nocase(place.type, SLICE("country"));
    if (place.id.len == 0)
        complain(p, column, SLICE("the row has no id"));
    else if (find_place(p, place.id) != NULL)
        complain(p, column, SLICE("the id is taken by an earlier row"));
    read_conditions(p, &place);
    if (place.is_country && slice_equal_nocase(watch, SLICE("named-country")))
        place.country_item = add_item(p, &(struct watch_item){.id = place.id,
                                                              .kind = SLICE("country"),
                                                              .name = place.name,
                                                              .country = place.country,
                                                              .severity = SLICE("low")});
    places = arena_grow(p->arena, p->w->places, p->w->n_places, &p->places_room, sizeof(*places));
    if (places == NULL)
        return;
    p->w->places = places;
    places[p->w->n_places] = place;
    if (find_place(p, place.id) == NULL)
        id_table_put(&p->places, p->arena, SLICE("place"), place.id, (uint32_t)p->w->n_places);
    read_names(p, "name", WATCH_PLACE, (uint32_t)p->w->n_places);
    read_names(p, "names", WATCH_PLACE, (uint32_t)p->w->n_places);
    read_names(p, "demonyms", WATCH_DEMONYM, (uint32_t)p->w->n_places);
    p->w->n_places++;
}

/* ---- queries --------------------------------------------------------------------------------- */

static struct watchlist_cell cell_of(const struct parser *p, const char *title)
{
    size_t column;
    struct slice text = value(p, title, &column);

    return (struct watchlist_cell){cell_at(p, column), text};
}

/* What the row's columns `require` and `exclude` say of its names. */
static uint32_t read_guard(struct parser *p)
{
    struct watchlist_cell require = cell_of(p, "require");
    struct watchlist_cell exclude = cell_of(p, "exclude");

    return watchlist_add_guard(p->w, &require, &exclude, p->arena, p->findings);
}

/* ---- stations.csv and jurisdictions.csv ------------------------------------------------------ */

static bool check_id(struct parser *p)
{
    size_t column;
    struct slice id = value(p, "id", &column);
    struct slice file = slice_from(watch_file_name(p->file));

    if (id.len == 0)
        complain(p, column, SLICE("the row has no id"));
    else if (id_table_get(&p->rows, file, id) != ID_NONE)
        complain(p, column, SLICE("the id is taken by an earlier row"));
    id_table_put(&p->rows, p->arena, file, id, 0);
    return id.len > 0;
}

/* low, medium or high; empty is left to the strength of the mention. */
static struct slice read_severity(struct parser *p)
{
    size_t column;
    struct slice severity = value(p, "severity", &column);
    enum alert_severity ignored;

    if (severity.len > 0 && !alert_severity_parse(severity, &ignored))
        complain(p, column, SLICE("no such severity; there are low, medium and high"));
    return severity;
}

static void read_station(struct parser *p)
{
    struct watch_item item = {.id = value(p, "site", NULL),
                              .kind = value(p, "kind", NULL),
                              .country = value(p, "country", NULL),
                              .severity = read_severity(p),
                              .tags = watch_clean_tags(value(p, "tags", NULL), p->arena),
                              .owner = value(p, "owner", NULL),
                              .is_site = true};
    size_t column;
    struct slice scope = value(p, "match_scope", &column);
    struct watch_place *place;
    uint32_t at;

    if (!check_id(p))
        return;
    if (item.id.len == 0)
        item.id = value(p, "id", NULL);
    if (item.kind.len == 0)
        item.kind = SLICE("station");
    place = find_place(p, item.id);
    item.name = place != NULL ? place->name : value(p, "name", NULL);
    at = add_item(p, &item);
    if (slice_equal(scope, SLICE("none")))
        place = NULL;
    else if (scope.len > 0 && !slice_equal(scope, SLICE("city")) &&
             !slice_equal(scope, SLICE("country")))
        complain(p, column, SLICE("no such scope; there are city, country and none"));
    p->guard = read_guard(p);
    if (place != NULL)
        place->item = at;
    if (place != NULL && place->guard == 0)
        place->guard = p->guard;
    read_names(p, "aliases", WATCH_DIRECT, at);
    read_names(p, "context_aliases", WATCH_NEAR, at);
    p->guard = 0;
}

static void read_jurisdiction(struct parser *p)
{
    struct watch_item item = {.id = value(p, "id", NULL),
                              .kind = value(p, "kind", NULL),
                              .name = value(p, "name", NULL),
                              .country = value(p, "country", NULL),
                              .severity = read_severity(p),
                              .tags = watch_clean_tags(value(p, "tags", NULL), p->arena),
                              .owner = value(p, "owner", NULL)};
    uint32_t at;

    if (!check_id(p))
        return;
    if (item.kind.len == 0)
        item.kind = SLICE("jurisdiction");
    at = add_item(p, &item);
    p->guard = read_guard(p);
    read_names(p, "aliases", WATCH_BODY, at);
    read_names(p, "place_names", WATCH_BARE, at);
    p->guard = 0;
}

/* ---- rules.csv ------------------------------------------------------------------------------- */

static void read_rule(struct parser *p)
{
    struct watch_item item = {.id = value(p, "id", NULL),
                              .kind = value(p, "kind", NULL),
                              .name = value(p, "name", NULL),
                              .country = value(p, "country", NULL),
                              .severity = read_severity(p),
                              .tags = value(p, "tags", NULL),
                              .owner = value(p, "owner", NULL)};
    const struct watchlist_cell query = cell_of(p, "query");

    if (!check_id(p))
        return;
    if (query.text.len == 0)
        complain(p, query.cell.column - 1, SLICE("the rule has no query"));
    if (item.kind.len == 0)
        item.kind = SLICE("rule");
    if (item.name.len == 0)
        item.name = item.id;
    if (watchlist_add_rule(p->w, &query, p->arena, p->findings))
        p->w->rules[p->w->n_rules - 1].item = add_item(p, &item);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* In the order in which they need each other. */
static const struct {
    enum watch_file file;
    const char *needs; /* a title without which the file makes no sense */
    void (*read_row)(struct parser *p);
} steps[] = {
    {WATCH_PLACES,        "id",   read_place       },
    {WATCH_STATIONS,      "id",   read_station     },
    {WATCH_JURISDICTIONS, "id",   read_jurisdiction},
    {WATCH_TERMS,         "term", read_term        },
    {WATCH_RULES,         "id",   read_rule        },
};

static enum ww_status read_files(struct parser *p, struct slice content, struct ww_error *err)
{
    struct record r = record_open(content);

    while (r.rest.len > 0 && !r.failed) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed; i++) {
            struct ww_error why = {0};
            enum ww_status status;

            if (!slice_equal(name, slice_from(watch_file_name((enum watch_file)i))))
                continue;
            if (slice_trim(bytes).len == 0 && i == WATCH_RULES)
                continue;
            status = csv_parse(bytes, watch_file_name((enum watch_file)i), p->arena,
                               &p->w->files[i], &why);
            if (status != WW_OK) {
                if (err != NULL)
                    *err = why;
                return status;
            }
            p->w->has_file[i] = true;
        }
    }
    return r.failed ? ww_fail(err, WW_INVALID, "the stored watchlist is damaged") : WW_OK;
}

enum ww_status watchlist_examine(struct slice content, struct arena *arena, struct watchlist *out,
                                 struct watch_findings *findings, struct ww_error *err)
{
    struct parser p = {.w = out, .arena = arena, .findings = findings};
    unsigned char digest[SHA256_BYTES];
    enum ww_status status;

    *out = (struct watchlist){.content = arena_copy(arena, content)};
    if (out->content.ptr == NULL)
        return arena_check(arena, err);
    hash_sha256(content, digest);
    hash_hex(digest, sizeof(digest), out->version);
    status = read_files(&p, out->content, err);
    for (size_t i = 0; i < WW_COUNT(steps) && status == WW_OK; i++) {
        const struct csv_table *t = &out->files[steps[i].file];

        p.file = steps[i].file;
        if (!out->has_file[p.file])
            continue;
        if (csv_column(t, slice_from(steps[i].needs)) == t->header.n_cells)
            return ww_fail(err, WW_INVALID, "%s:%zu:1: no column is called \"%s\"",
                           watch_file_name(p.file), t->header.line, steps[i].needs);
        for (size_t k = 0; k < t->n_rows; k++) {
            p.row = &t->rows[k];
            if (!watch_is_comment(p.row))
                steps[i].read_row(&p);
        }
        status = arena_check(arena, err);
    }
    if (status == WW_OK && !combine_check(out, arena, findings))
        status = arena_check(arena, err);
    return status;
}

enum ww_status watchlist_parse(struct slice content, struct arena *arena, struct watchlist *out,
                               struct ww_error *err)
{
    struct watch_findings findings = {0};
    enum ww_status status = watchlist_examine(content, arena, out, &findings, err);

    for (size_t i = 0; i < findings.n_rows && status == WW_OK; i++) {
        const struct watch_finding *f = &findings.rows[i];

        if (f->level == FINDING_ERROR)
            status = ww_fail(err, WW_INVALID, "%s:%u:%u: %.*s", watch_file_name(f->cell.file),
                             f->cell.row, f->cell.column, SLICE_ARG(f->text));
    }
    return status;
}

enum ww_status watchlist_read(const char *folder, struct arena *arena, struct watchlist *out,
                              struct ww_error *err)
{
    struct buf content;
    enum ww_status status;

    buf_init(&content, WATCHLIST_MAX_BYTES);
    status = watchlist_load(folder, &content, err);
    if (status == WW_OK)
        status = watchlist_parse(buf_slice(&content), arena, out, err);
    buf_release(&content);
    return status;
}
