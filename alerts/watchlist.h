/*
 * watchlist.h - what the analysts watch for, read from a folder of CSV files.
 *
 *   stations.csv       sites, one row each: id, site, kind, match_scope, aliases, context_aliases
 *   jurisdictions.csv  the bodies behind them: id, kind, aliases, place_names
 *   terms.csv          what makes a name worth telling: term, role, strength, case_sensitive
 *   places.csv         where sites are or might be: id, type, country, name, names, disambiguation
 *   rules.csv          the analysts' own queries: id, name, query (query.h)
 *
 * Columns are found by their title, in any order; `|` stands between values, `lang:` before a name
 * of one language, `~` behind a stem that takes endings, ` * ` for up to three words. No file is a
 * must, but some must be there. watchlists/ in the source tree holds the full description.
 *
 * Kinds, roles and strengths are data: nothing here knows what is watched.
 * Ownership: everything lives in the arena that was given.
 * Errors:    WW_NOT_FOUND no such folder, WW_INVALID a bad row ("FILE:ROW:COLUMN: ..."),
 *            WW_TOO_BIG more than WATCHLIST_MAX_BYTES or WATCH_NAMES_MAX.
 */
#ifndef WW_ALERTS_WATCHLIST_H
#define WW_ALERTS_WATCHLIST_H

#include "alerts/query.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

#define WATCH_NONE UINT32_MAX

enum watch_file {
    WATCH_STATIONS,
    WATCH_JURISDICTIONS,
    WATCH_TERMS,
    WATCH_PLACES,
    WATCH_RULES,
    WATCH_FILE_COUNT
};

const char *watch_file_name(enum watch_file file);

/* A cell of a file: row is the line, column counts from 1. */
struct watch_cell {
    enum watch_file file;
    uint32_t row;
    uint32_t column;
};

/* What a name is worth where it is found. */
enum watch_class {
    WATCH_DIRECT,  /* stands for its item alone */
    WATCH_NEAR,    /* counts near a term */
    WATCH_BODY,    /* counts in an article that holds any term */
    WATCH_BARE,    /* counts in a sentence with a term */
    WATCH_PLACE,   /* a place: its site near a term, else a candidate */
    WATCH_DEMONYM, /* a country, right before or behind a term */
    WATCH_TERM
};

struct watch_name {
    struct slice text;     /* with its ~ and * */
    struct slice language; /* empty: all */
    enum watch_class class;
    uint32_t owner; /* an item for DIRECT to BARE, else a place or a term */
    bool is_case_sensitive;
    uint32_t guard; /* what its row requires and excludes: one more than its number; 0: nothing */
    struct watch_cell cell;
};

/* One of the analysts' own queries. */
struct watch_rule {
    uint32_t item;
    const struct query *query;
    struct watch_cell cell;
};

/* What must, and what must not, stand around a name; NULL: no matter. */
struct watch_guard {
    const struct query *require, *exclude;
};

/* What an alert names. */
struct watch_item {
    struct slice id, kind, name, country;
    struct slice severity; /* as the row has it; empty: by the strength of the mention */
    struct slice tags;     /* words, a blank between */
    struct slice owner;    /* the analyst whose item it is; empty: everybody's */
    bool is_site;          /* of stations.csv: it has a status */
};

enum term_role {
    ROLE_ABROAD,      /* with a body, it makes a weak term count */
    ROLE_ANCHOR,      /* what a weak term needs beside it */
    ROLE_ASIDE,       /* "near the @": the term is a landmark, the sentence is of something else */
    ROLE_BODY,        /* of a combination: its {home} is a name of the body */
    ROLE_BOILERPLATE, /* begins a line of links */
    ROLE_BOUND,       /* "bound:least": what a count is, beside it */
    ROLE_BYSTANDER,   /* a phrase of others: an anchor inside it anchors nothing */
    ROLE_CAPTION,     /* marks the line as a picture's caption */
    ROLE_COUNTER,     /* stands for a term behind a number */
    ROLE_COUNTRIES,   /* "countries", behind a number */
    ROLE_DATELINE,    /* closes the line's opening: where and by whom it was written */
    ROLE_FICTION,     /* "Satire:": nothing in the article counts */
    ROLE_ANAPHOR,     /* "it was": begins a sentence on the place of the one before it */
    ROLE_FOLLOW,      /* "another": begins a sentence that goes on with what was spoken of */
    ROLE_HEDGE,       /* "allegedly": the sentence does not say so itself */
    ROLE_LOCATIVE,    /* stands before a place where something is */
    ROLE_METONYM,     /* "@ says": in it a capital is a government */
    ROLE_NEGATION,    /* "not @" */
    ROLE_OPERATION,   /* makes an article relevant for bodies */
    ROLE_ORDINARY,    /* an everyday word: a place of that name needs a condition */
    ROLE_ORIGIN,      /* "from": an anchor behind it anchors no term that comes later */
    ROLE_SAYING,      /* "@ said", "according to @": who stands there says so */
    ROLE_SPEAKER,     /* "speaker:NAME": one whose word counts under that name */
    ROLE_STATUS,      /* "status:closed": how things stand; a change beside a mention is told */
    ROLE_TERM,        /* makes the names around it mentions: any role that ends in "term" */
    ROLE_UNREAL,      /* "will be @", "calls for": wanted, planned or feared, and not so */
    ROLE_VETO,        /* a phrase in which no term or place counts; @ stands for a place */
    ROLE_WORD         /* "word:NAME": of a class that combinations are made of (combine.h) */
};

enum term_strength { STRENGTH_TOPICAL = 1, STRENGTH_WEAK, STRENGTH_STRONG };

struct watch_term {
    struct slice text;
    struct slice language;
    enum term_role role;
    struct slice state; /* of "status:closed": words of one state mean the same; else empty */
    enum term_strength strength;
    struct watch_cell cell;
};

/* One clause of a place's column `disambiguation`. */
enum condition_kind {
    CONDITION_FOLLOWED,      /* "reject when followed by A|B" */
    CONDITION_PHRASE,        /* "reject A|B": the place as a part of the phrase */
    CONDITION_ABSENT,        /* "negative: A|B": none of them in the article */
    CONDITION_NEEDED,        /* "positive: A|B": one of them in the article */
    CONDITION_METONYM,       /* "metonym": also a government; beside a term it must be a place */
    CONDITION_SAME_SENTENCE, /* "same sentence": the one beside is not enough */
    CONDITION_UNKNOWN        /* kept for the linter */
};

struct watch_condition {
    enum condition_kind kind;
    const struct slice *phrases;
    size_t n_phrases;
};

struct watch_place {
    struct slice id, type, country, name;
    uint32_t item;         /* the site there, or WATCH_NONE */
    uint32_t country_item; /* for a country that is watched as such, or WATCH_NONE */
    bool is_country;
    uint32_t guard; /* of its names: that of the first row of its site that has one */
    const struct watch_condition *conditions;
    size_t n_conditions;
    struct watch_cell cell; /* of its disambiguation */
};

enum finding_level { FINDING_ERROR, FINDING_WARNING, FINDING_NOTE };

struct watch_finding {
    enum finding_level level;
    struct watch_cell cell;
    struct slice text;
    struct slice query; /* the query that it is about, and the byte in it; may be empty */
    size_t at;
};

struct watch_findings {
    struct watch_finding *rows;
    size_t n_rows;
    size_t capacity;
};

struct watchlist {
    struct slice content;                     /* what it was parsed from */
    char version[2 * SHA256_BYTES + 1];       /* SHA-256 of content, in hex */
    struct csv_table files[WATCH_FILE_COUNT]; /* as read, unknown columns and all */
    bool has_file[WATCH_FILE_COUNT];
    struct watch_item *items;
    size_t n_items;
    struct watch_name *names;
    size_t n_names;
    struct watch_term *terms;
    size_t n_terms;
    struct watch_place *places;
    size_t n_places;
    struct watch_rule *rules;
    size_t n_rules;
    struct watch_guard *guards;
    size_t n_guards;
    size_t rules_room, guards_room;
    struct query_words words; /* of rules and guards: matched behind the names, in one pass */
    struct slice *languages;  /* that names are in */
    size_t n_languages;
};

/*
 * The files of a folder in one flat message: what a version is made of, and what the store keeps.
 */
enum ww_status watchlist_load(const char *folder, struct buf *content, struct ww_error *err);

/* Parse such a message. content is copied. */
enum ww_status watchlist_parse(struct slice content, struct arena *arena, struct watchlist *out,
                               struct ww_error *err);

/* The same, going on after errors: all of them are in findings. */
enum ww_status watchlist_examine(struct slice content, struct arena *arena, struct watchlist *out,
                                 struct watch_findings *findings, struct ww_error *err);

/* Load and parse. */
enum ww_status watchlist_read(const char *folder, struct arena *arena, struct watchlist *out,
                              struct ww_error *err);

/* A row for people: # in its first cell and nothing in the others. */
bool watch_is_comment(const struct csv_row *row);

/*
 * Two tags name one language: the first subtag is the same, or both are among those whose readers
 * read each other's names (Serbian, Croatian, Bosnian). Script and region do not count.
 */
bool watch_same_language(struct slice a, struct slice b);
/* Has the watchlist names in this language? */
bool watch_knows_language(const struct watchlist *w, struct slice language);

/* Note something about a cell; findings live in the arena. */
bool watch_find(struct watch_findings *f, struct arena *arena, enum finding_level level,
                struct watch_cell cell, struct slice text);

#endif
