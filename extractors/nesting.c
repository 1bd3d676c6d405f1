/* nesting.c - the stack of open elements and the list of active formatting elements, from tags. */
#include "extractors/nesting.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "extractors/nesting_names.h"

#include <string.h>

/* Unknown names get a number past the table. */
#define UNKNOWN 0x80000000u

static int compare_name(struct slice name, const char *entry)
{
    for (size_t i = 0; i < name.len; i++) {
        int order = (unsigned char)ascii_lower(name.ptr[i]) - (unsigned char)entry[i];

        if (order != 0)
            return order;
    }
    return entry[name.len] == '\0' ? 0 : -1;
}

static struct nesting_entry look_up(struct slice name)
{
    size_t low = 0, high = WW_COUNT(names);
    uint32_t hash = 2166136261u;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_name(name, names[middle].name);

        if (order == 0)
            return (struct nesting_entry){(uint32_t)middle + 1, names[middle].flags};
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)ascii_lower(name.ptr[i])) * 16777619u;
    return (struct nesting_entry){hash | UNKNOWN, 0};
}

static struct nesting_entry top(const struct nesting *n)
{
    return n->n_open > 0 ? n->open[n->n_open - 1] : (struct nesting_entry){0};
}

void nesting_init(struct nesting *n)
{
    n->n_open = n->deepest = n->n_active = n->n_formatting = n->n_flattened = 0;
    n->n_paragraphs = n->n_selects = 0;
}

bool nesting_is_foreign(const struct nesting *n)
{
    return (top(n).flags & FOREIGN) != 0;
}

/* ---- the two lists --------------------------------------------------------------------------- */

static void clear_to_marker(struct nesting *n)
{
    while (n->n_active > 0 && n->active[--n->n_active] != 0)
        n->n_formatting--;
}

static void forget(struct nesting *n, struct nesting_entry e)
{
    n->n_paragraphs -= (e.flags & PARAGRAPH) != 0;
    n->n_selects -= (e.flags & SELECT) != 0;
}

/* Close everything from index at upwards. */
static void pop_to(struct nesting *n, size_t at)
{
    while (n->n_open > at) {
        const struct nesting_entry e = n->open[--n->n_open];

        forget(n, e);
        if (e.flags & MARKER)
            clear_to_marker(n);
    }
}

static void push(struct nesting *n, struct nesting_entry e)
{
    n->open[n->n_open++] = e;
    n->n_paragraphs += (e.flags & PARAGRAPH) != 0;
    n->n_selects += (e.flags & SELECT) != 0;
    if (n->n_open > n->deepest)
        n->deepest = n->n_open;
    if (e.flags & MARKER)
        n->active[n->n_active++] = 0;
}

static void remove_open(struct nesting *n, size_t at)
{
    forget(n, n->open[at]);
    memmove(&n->open[at], &n->open[at + 1], (n->n_open - at - 1) * sizeof(n->open[0]));
    n->n_open--;
}

/* Index + 1 of the nearest open element with one of these flags, 0 when a boundary comes first. */
static size_t find_open(const struct nesting *n, uint32_t wanted, uint32_t boundary)
{
    for (size_t i = n->n_open; i > 0; i--) {
        if (n->open[i - 1].flags & wanted)
            return i;
        if (n->open[i - 1].flags & boundary)
            return 0;
    }
    return 0;
}

/* The same for one name. */
static size_t find_id(const struct nesting *n, uint32_t id, uint32_t boundary)
{
    for (size_t i = n->n_open; i > 0; i--) {
        if (n->open[i - 1].id == id)
            return i;
        if (n->open[i - 1].flags & boundary)
            return 0;
    }
    return 0;
}

/* Close the element that find_open or find_id found, and all inside it. */
static void close_found(struct nesting *n, size_t at)
{
    if (at > 0)
        pop_to(n, at - 1);
}

static bool is_active(const struct nesting *n, uint32_t id, size_t *at)
{
    for (size_t i = n->n_active; i > 0 && n->active[i - 1] != 0; i--)
        if (n->active[i - 1] == id) {
            *at = i - 1;
            return true;
        }
    return false;
}

static void close_paragraph(struct nesting *n)
{
    if (n->n_paragraphs > 0)
        close_found(n, find_open(n, PARAGRAPH, SCOPE | INTEGRATION | BUTTON));
}

/* The search of "any other end tag": up to the first special element. */
static void close_ordinary(struct nesting *n, uint32_t id)
{
    close_found(n, find_id(n, id, SPECIAL | FOREIGN | INTEGRATION));
}

/*
 * The adoption agency in what it does to the stack: without a special element inside, all up to the
 * formatting element is closed; with up to eight of them (its outer loop) the element alone goes;
 * with more it stays.
 */
static void close_formatting(struct nesting *n, uint32_t id)
{
    size_t in_list, at, n_special = 0;

    if (!is_active(n, id, &in_list)) {
        close_ordinary(n, id);
        return;
    }
    for (at = n->n_open; at > 0 && n->open[at - 1].id != id; at--) {
        if (n->open[at - 1].flags & (SCOPE | INTEGRATION))
            return;
        n_special += (n->open[at - 1].flags & SPECIAL) != 0;
    }
    if (n_special > 8)
        return;
    memmove(&n->active[in_list], &n->active[in_list + 1],
            (n->n_active - in_list - 1) * sizeof(n->active[0]));
    n->n_active--;
    n->n_formatting--;
    if (at == 0)
        return;
    if (n_special == 0)
        pop_to(n, at - 1);
    else
        remove_open(n, at - 1);
}

/* ---- start tags ------------------------------------------------------------------------------ */

/*
 * li closes an open li, dd and dt each other: up to a special element other than div, p, address.
 */
static void close_item(struct nesting *n, uint32_t kind)
{
    for (size_t i = n->n_open; i > 0; i--) {
        uint32_t flags = n->open[i - 1].flags;

        if (flags & kind) {
            pop_to(n, i - 1);
            return;
        }
        if (flags & (SPECIAL | FOREIGN | INTEGRATION) && !(flags & LOOSE))
            return;
    }
}

/*
 * Parts of a table clear the stack back to where they belong, and what they leave out is made.
 * False: no table is open, the tree builder ignores the tag.
 */
static bool open_table_part(struct nesting *n, struct nesting_entry part)
{
    size_t at = n->n_open;
    size_t section = 0, row = 0;

    for (; at > 0; at--) {
        uint32_t flags = n->open[at - 1].flags;

        if (flags & TEMPLATE)
            return true;
        if (flags & TABLE)
            break;
        if (flags & SECTION)
            section = at;
        if (flags & ROW && row == 0)
            row = at;
    }
    if (at == 0)
        return false;
    if (part.flags & (SECTION | TABLE_OUT) || section == 0) {
        pop_to(n, at);
        section = row = 0;
    } else if (!(part.flags & CELL) || row < section) {
        pop_to(n, section);
        row = 0;
    } else {
        pop_to(n, row);
    }
    if (part.flags & (SECTION | TABLE_OUT) || n->n_open + 3 > HTML_DEPTH_MAX)
        return true;
    if (section == 0)
        push(n, look_up(SLICE("tbody")));
    if (row == 0 && (part.flags & CELL))
        push(n, look_up(SLICE("tr")));
    return true;
}

/* What this start tag closes by itself. False: the tree builder will ignore the tag. */
static bool make_room(struct nesting *n, struct nesting_entry e)
{
    size_t at;

    if (e.flags & TABLE_PART)
        return open_table_part(n, e);
    if (e.flags & (ITEM | DEFINITION))
        close_item(n, e.flags & (ITEM | DEFINITION));
    if (e.flags & BLOCK)
        close_paragraph(n);
    if (e.flags & HEADING && top(n).flags & HEADING)
        pop_to(n, n->n_open - 1);
    if (e.flags & (OPTION | OPTION_GROUP) && top(n).flags & OPTION)
        pop_to(n, n->n_open - 1);
    if (e.flags & OPTION_GROUP && top(n).flags & OPTION_GROUP)
        pop_to(n, n->n_open - 1);
    if (e.flags & BUTTON)
        close_found(n, find_open(n, BUTTON, SCOPE | INTEGRATION));
    if (e.flags & SINGLE && is_active(n, e.id, &at))
        close_formatting(n, e.id);
    return !(e.flags & FORM) || find_open(n, FORM, TEMPLATE) == 0;
}

static bool start_foreign(struct nesting *n, struct slice name, struct nesting_entry e,
                          bool is_self_closing)
{
    struct nesting_entry inner = {e.id, FOREIGN};

    if (is_self_closing)
        return true;
    for (size_t i = 0; i < WW_COUNT(integration_points); i++)
        if (compare_name(name, integration_points[i]) == 0)
            inner.flags = INTEGRATION;
    if (n->n_open == HTML_DEPTH_MAX) {
        n->n_flattened++;
        return false;
    }
    push(n, inner);
    return true;
}

/* Inside select only its own parts, script and template mean anything; some tags end it. */
static bool is_ignored_in_select(struct nesting *n, struct nesting_entry e)
{
    size_t at = n->n_selects > 0 ? find_open(n, SELECT, TEMPLATE) : 0;

    if (at == 0 || e.flags & (OPTION | OPTION_GROUP | TEMPLATE | TABLE_PART | TABLE) ||
        e.id == look_up(SLICE("script")).id)
        return false;
    if (!(e.flags & LEAVES_SELECT))
        return true;
    pop_to(n, at - 1);
    return (e.flags & SELECT) != 0;
}

static enum nesting_text text_after(struct nesting_entry e, struct slice name)
{
    if (slice_equal_nocase(name, SLICE("plaintext")))
        return NESTING_REST;
    if (!(e.flags & RAW))
        return NESTING_MARKUP;
    if (slice_equal_nocase(name, SLICE("script")))
        return NESTING_SCRIPT;
    return slice_equal_nocase(name, SLICE("style")) ? NESTING_STYLE : NESTING_RAW;
}

bool nesting_start(struct nesting *n, struct slice name, bool is_self_closing,
                   enum nesting_text *text)
{
    struct nesting_entry e = look_up(name);

    *text = NESTING_MARKUP;
    if (nesting_is_foreign(n)) {
        if (!(e.flags & BREAKOUT))
            return start_foreign(n, name, e, is_self_closing);
        while (nesting_is_foreign(n))
            pop_to(n, n->n_open - 1);
    }
    if (e.flags & OUTER || is_ignored_in_select(n, e) || !make_room(n, e))
        return true;
    *text = text_after(e, name);
    if (e.flags & (VOID | RAW))
        return true;
    if (e.flags & ROOT)
        return start_foreign(n, name, e, is_self_closing);
    if (n->n_open == HTML_DEPTH_MAX ||
        (e.flags & FORMATTING && n->n_formatting == HTML_FORMATTING_MAX)) {
        n->n_flattened += n->n_open == HTML_DEPTH_MAX;
        return false;
    }
    push(n, e);
    if (e.flags & FORMATTING) {
        n->active[n->n_active++] = e.id;
        n->n_formatting++;
    }
    return true;
}

/* ---- end tags -------------------------------------------------------------------------------- */

static void end_html(struct nesting *n, struct nesting_entry e)
{
    size_t at;

    if (e.flags & HEADING) {
        close_found(n, find_open(n, HEADING, SCOPE | INTEGRATION));
    } else if (e.flags & FORMATTING) {
        close_formatting(n, e.id);
    } else if (e.flags & PARAGRAPH) {
        close_paragraph(n);
    } else if (e.flags & (TABLE_PART | TABLE)) {
        close_found(n, find_id(n, e.id, TABLE | TEMPLATE));
    } else if (e.flags & FORM) {
        at = find_id(n, e.id, SCOPE | INTEGRATION);
        if (at > 0)
            remove_open(n, at - 1);
    } else if (e.flags & (SELECT | TEMPLATE)) {
        close_found(n, find_id(n, e.id, 0));
    } else if (e.flags & END_SCOPED) {
        close_found(n, find_id(n, e.id, SCOPE | INTEGRATION | (e.flags & ITEM ? LIST : 0)));
    } else {
        close_ordinary(n, e.id);
    }
}

bool nesting_end(struct nesting *n, struct slice name)
{
    struct nesting_entry e = look_up(name);

    if (n->n_flattened > 0 && !(e.flags & (VOID | RAW | OUTER))) {
        n->n_flattened--;
        return false;
    }
    for (size_t i = n->n_open; i > 0 && n->open[i - 1].flags & (FOREIGN | INTEGRATION); i--)
        if (n->open[i - 1].id == e.id) {
            pop_to(n, i - 1);
            return true;
        }
    if (!(e.flags & (VOID | RAW | OUTER)))
        end_html(n, e);
    return true;
}
