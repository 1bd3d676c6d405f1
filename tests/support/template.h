/* template.h - the {{...}} of site.h: a page's keys, times relative to the clock, addresses. */
#ifndef WW_TESTS_SUPPORT_TEMPLATE_H
#define WW_TESTS_SUPPORT_TEMPLATE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buf;

struct template
{
    int64_t now;
    struct slice outlet; /* empty: {{base}} needs a name */
    struct slice path;
    /* Writes the address of an outlet. */
    enum ww_status (*base)(void *context, struct slice outlet, struct buf *out,
                           struct ww_error *err);
    void *context;
    struct slice head; /* the "key: value" lines of a page */
    struct slice body;
};

/* Is text a page? Then its head and body are set (borrowed). */
bool template_read_page(struct slice text, struct template *t);

/* The value of a key in the page's head; empty when it has none. */
struct slice template_key(const struct template *t, struct slice key);

/* Replace every {{...}} of layout; {{body}} may hold others. WW_INVALID names the first unknown. */
enum ww_status template_expand(const struct template *t, struct slice layout, struct arena *arena,
                               struct slice *out, struct ww_error *err);

#endif
