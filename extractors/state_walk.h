/*
 * state_walk.h - what may be a body in JSON, or in something like it, found in one pass.
 *
 * Pieces and titles are slices as they stand in quotes, with their escapes: state_decode takes
 * those away.
 */
#ifndef WW_EXTRACTORS_STATE_WALK_H
#define WW_EXTRACTORS_STATE_WALK_H

#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct state_piece {
    struct slice raw;
    uint32_t list;   /* the innermost list it stands in */
    bool is_literal; /* has no escapes */
    bool is_inline;  /* goes on in the line of the piece before it */
};

enum state_fit { STATE_FOREIGN, STATE_FREE, STATE_OWN };

/* One piece, or all that a list has. */
struct state_body {
    size_t first, end; /* pieces */
    size_t bytes;      /* of them, with their escapes */
    size_t depth;      /* of the object it is a member of */
    struct slice title;
    enum state_fit fit; /* for who chooses among them */
};

/* A text that others name by "$" and this. */
struct state_row {
    struct slice id, text;
};

/* What a member's name says of it. */
enum state_word { STATE_OTHER, STATE_TITLE, STATE_BODY, STATE_LEAF, STATE_OFF };

struct state_frame {
    bool is_list, is_scope; /* is_scope: a list under a name for bodies */
    bool is_off, in_body;   /* what is inside is no article's; is part of a body */
    bool wants_key, has_piece;
    bool is_span;               /* the last name is one for words of a paragraph */
    bool is_spoiled;            /* an article of its own stands inside */
    enum state_word word, next; /* of the name it stands under; of the name that was read last */
    uint32_t list, lists;       /* its number; how many are around in this body */
    size_t first_piece, first_body, first_bytes;
    struct slice title;
};

struct state_walk {
    struct arena *arena;
    struct state_frame frames[STATE_DEPTH_MAX];
    size_t depth;
    struct state_piece *pieces;
    size_t n_pieces, pieces_capacity, bytes;
    struct state_body bodies[STATE_BODIES_MAX];
    size_t n_bodies;
    uint32_t n_lists;
    struct slice inner[STATE_INNER_MAX]; /* strings that hold JSON again: for the caller to walk */
    size_t n_inner;
    const struct state_row *rows;
    size_t n_rows;
};

/*
 * Reads the value that begins at an opening bracket. Returns where it ends, or where nothing more
 * could be made of it.
 */
size_t state_walk(struct state_walk *w, struct slice text, size_t at);

/* The end of a string: the place of its closing quote, or text.len. at is behind the opening one.
 */
size_t state_string_end(struct slice text, size_t at, char quote);

/* Without escapes. */
struct slice state_decode(struct slice raw, struct arena *arena);

#endif
