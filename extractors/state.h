/*
 * state.h - an article that stands in a page's scripts alone: the state its program is given.
 *
 * Pages that a program fills in bring their text as JSON in a script, as an object that is
 * assigned, as a string for JSON.parse, or in parts that are pushed one by one. It is read without
 * building anything of it, and with the faults of JavaScript forgiven: names without quotes, calls,
 * an end that is missing. A body is a string, or a list of paragraphs however deep, under a name
 * that says so; the nearest object around it that has a headline says whose body it is.
 *
 * Ownership: the text is in the arena.
 * Limits:    STATE_MAX_BYTES and the others beside it in base/limits.h.
 */
#ifndef WW_EXTRACTORS_STATE_H
#define WW_EXTRACTORS_STATE_H

#include "base/slice.h"

struct arena;
struct prescan;

/*
 * The body of the article with this title; empty when there is none, or when it may be another's.
 * title is empty when the page has none of its own.
 */
struct slice state_read(const struct prescan *scan, struct slice title, struct arena *arena);

#endif
