/*
 * feed_reader.h - between the XML reader and the feed: what is open, and the texts being collected.
 *
 * The reader (feed_reader.c) knows elements; the builder (feed_build.c) knows entries. A value goes
 * from one to the other when its element ends.
 */
#ifndef WW_FEEDS_FEED_READER_H
#define WW_FEEDS_FEED_READER_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/slice.h"
#include "feeds/feed.h"
#include "feeds/feed_fields.h"
#include "feeds/feed_lists.h"
#include "feeds/xml.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* An element that is open. */
struct feed_frame {
    const struct feed_name *row; /* of its name */
    enum feed_field field;       /* what it is for, here */
    unsigned rank;
    bool is_atom;    /* its text is an Atom text construct */
    bool has_markup; /* elements of HTML stand in its text */
    bool is_void;    /* FIELD_MARKUP: has no end tag */
    bool is_permalink;
    size_t text_at, markup_at, name_at; /* where its own begin in the reader's buffers */
    struct slice base, language;        /* xml:base and xml:lang in force */
    struct slice type, mode;
};

struct feed_reader {
    struct arena *arena;
    struct feed *feed;
    struct entry *entry;                         /* NULL: what is said is about the feed */
    struct feed_frame frames[XML_DEPTH_MAX + 1]; /* the first stands for the document */
    size_t depth;
    size_t capture;    /* depth of the frame whose text is collected with its markup; 0: none */
    struct buf text;   /* text, references resolved */
    struct buf markup; /* the same as HTML, where elements stand in it: text escaped, tags again */
    struct buf names;  /* of the elements in markup */
    unsigned feed_ranks[FIELD_COUNT], entry_ranks[FIELD_COUNT];
    struct feed_lists feed_lists, entry_lists;
    size_t entries_room;
    const struct feed_name *summary_row; /* which element gave this entry's summary */
    struct slice person_name, person_email, person_uri;
    struct slice update_period;
    unsigned long long update_frequency;
    bool is_rdf, is_atom; /* by the root */
};

void feed_reader_init(struct feed_reader *r, struct slice base, struct arena *arena,
                      struct feed *feed);
void feed_reader_release(struct feed_reader *r);
struct xml_handler feed_reader_handler(struct feed_reader *r);

/* ---- for feed_reader.c ----------------------------------------------------------------------- */

/* A text with what is known of it. */
struct feed_value {
    struct slice text;   /* references resolved, tags left out */
    struct slice markup; /* as HTML, when frame->has_markup */
    const struct feed_frame *frame;
};

/* The text of a frame without markup, as HTML. */
struct slice feed_reader_escape(struct feed_reader *r, const struct feed_frame *frame);

/* The values that stand in attributes: links, enclosures, categories, identity. */
void feed_build_start(struct feed_reader *r, struct feed_frame *frame, const struct xml_element *e);
/* The value of an element that ends. */
void feed_build_end(struct feed_reader *r, const struct feed_value *v);
/* Nothing more will come. */
void feed_build_finish(struct feed_reader *r);

#endif
