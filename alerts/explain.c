/* explain.c - a mention traced back into the watchlist it was found with. */
#include "alerts/explain.h"

#include "alerts/mentions.h"
#include "alerts/query_mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/sentence.h"
#include "base/text.h"
#include "base/token.h"

/* Columns that hold names, or say what the answer says already. */
static const char *const left_out[] = {
    "alias", "aliases", "context_aliases",  "demonyms",     "disambiguation", "id",
    "kind",  "names",   "old_romanisation", "pinyin_plain", "pinyin_tones",   "place_names",
    "site",
};

static bool is_left_out(struct slice title)
{
    for (size_t i = 0; i < WW_COUNT(left_out); i++)
        if (slice_equal_nocase(title, slice_from(left_out[i])))
            return true;
    return false;
}

/* The how-manieth name of its cell is it? */
static unsigned count_in_cell(const struct watchlist *w, size_t name)
{
    const struct watch_cell *cell = &w->names[name].cell;
    unsigned n = 1;

    for (size_t i = 0; i < name; i++)
        n += w->names[i].cell.file == cell->file && w->names[i].cell.row == cell->row &&
             w->names[i].cell.column == cell->column;
    return n;
}

/* The name that the mention was found by, of its item or of the place there. */
static void find_name(const struct watchlist *w, const struct mention_row *m,
                      struct explanation *out)
{
    for (size_t i = 0; i < w->n_names && !out->has_name; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t item = n->owner;

        if (n->class == WATCH_TERM || !slice_equal(n->text, m->alias))
            continue;
        if (n->class == WATCH_PLACE || n->class == WATCH_DEMONYM) {
            const struct watch_place *place = &w->places[n->owner];
            bool is_country = place->country_item != WATCH_NONE &&
                              slice_equal(w->items[place->country_item].kind, m->kind);

            item = is_country ? place->country_item : place->item;
        }
        if (item == WATCH_NONE || !slice_equal(w->items[item].id, m->item) ||
            !slice_equal(w->items[item].kind, m->kind))
            continue;
        out->has_name = true;
        out->name = n->cell;
        out->n_in_cell = count_in_cell(w, i);
    }
    for (size_t i = 0; i < w->n_rules && !out->has_name; i++) {
        const struct watch_item *item = &w->items[w->rules[i].item];

        out->has_name = slice_equal(m->rule, SLICE(QUERY_RULE)) && slice_equal(item->id, m->item) &&
                        slice_equal(item->kind, m->kind);
        if (out->has_name)
            out->name = w->rules[i].cell;
    }
}

static bool add_facts(const struct csv_table *t, enum watch_file file, const struct csv_row *row,
                      struct arena *arena, struct explanation *out, size_t *room)
{
    for (size_t i = 0; i < t->header.n_cells; i++) {
        struct slice title = csv_cell(&t->header, i);
        struct slice value = csv_cell(row, i);
        struct explain_fact *facts;

        if (value.len == 0 || is_left_out(title))
            continue;
        facts = arena_grow(arena, out->facts, out->n_facts, room, sizeof(*facts));
        if (facts == NULL)
            return false;
        out->facts = facts;
        facts[out->n_facts++] = (struct explain_fact){
            {file, (uint32_t)row->line, (uint32_t)i + 1},
            title, value
        };
    }
    return true;
}

/* The rows that make the item: of its site, else of its id. */
static bool find_facts(const struct watchlist *w, const struct mention_row *m, struct arena *arena,
                       struct explanation *out)
{
    static const enum watch_file files[] = {WATCH_STATIONS, WATCH_JURISDICTIONS, WATCH_PLACES,
                                            WATCH_RULES};
    size_t room = 0;

    for (size_t i = 0; i < WW_COUNT(files); i++) {
        const struct csv_table *t = &w->files[files[i]];
        size_t id = csv_column(t, SLICE("id"));
        size_t site = csv_column(t, SLICE("site"));

        for (size_t k = 0; k < t->n_rows; k++) {
            const struct csv_row *row = &t->rows[k];
            struct slice own =
                csv_cell(row, site).len > 0 ? csv_cell(row, site) : csv_cell(row, id);

            if (slice_equal(own, m->item) && !add_facts(t, files[i], row, arena, out, &room))
                return false;
        }
        if (out->n_facts > 0)
            break;
    }
    return true;
}

enum ww_status explain_mention(struct slice content, const struct mention_row *mention,
                               struct arena *arena, struct explanation *out, struct ww_error *err)
{
    struct watchlist *w = arena_alloc(arena, sizeof(*w));
    enum ww_status status;

    *out = (struct explanation){.rule = mention_rule_text(mention->rule)};
    if (w == NULL)
        return arena_check(arena, err);
    status = watchlist_parse(content, arena, w, err);
    if (status != WW_OK)
        return status;
    find_name(w, mention, out);
    return find_facts(w, mention, arena, out) ? WW_OK : arena_check(arena, err);
}

/* ---- where it stands ------------------------------------------------------------------------- */

static bool fits(struct slice text, int64_t start, int64_t end)
{
    return start >= 0 && start <= end && (uint64_t)end <= text.len;
}

/* Words, or characters, between the mention and its term; they may overlap. */
static enum ww_status count_between(struct slice text, const struct mention_row *m,
                                    struct arena *arena, struct explain_place *out,
                                    struct ww_error *err)
{
    size_t from = (size_t)(m->end < m->term_start ? m->end : m->term_end);
    size_t to = (size_t)(m->end < m->term_start ? m->term_start : m->start);
    struct slice between = slice_sub(text, from, to > from ? to - from : 0);
    struct token_list tokens;
    enum ww_status status;

    if (!text_is_utf8(between)) /* offsets of another text */
        return WW_OK;
    status = token_scan(between, arena, &tokens, err);
    if (status != WW_OK)
        return status;
    out->n_between = tokens.n_tokens;
    for (size_t i = 0; i < tokens.n_tokens; i++)
        out->counts_characters |= (tokens.tokens[i].flags & TOKEN_CJK) != 0;
    return WW_OK;
}

enum ww_status explain_where(struct slice text, struct slice language,
                             const struct mention_row *mention, struct arena *arena,
                             struct explain_place *out, struct ww_error *err)
{
    const struct mention_row *m = mention;
    struct sentence_list list;
    enum ww_status status;

    *out = (struct explain_place){0};
    if (!fits(text, m->start, m->end) || !text_is_utf8(text))
        return WW_OK;
    status = sentence_scan(text, language, arena, &list, err);
    if (status != WW_OK)
        return status;
    if (m->field == MENTION_TEXT)
        out->n_sentences = list.n_rows;
    for (size_t i = 0; i < out->n_sentences && out->sentence == 0; i++)
        if (list.rows[i].end > (uint64_t)m->start)
            out->sentence = i + 1;
    out->has_term = m->term_end > m->term_start && fits(text, m->term_start, m->term_end);
    if (!out->has_term)
        return WW_OK;
    out->is_in_sentence = m->term_start < m->sentence_end && m->term_end > m->sentence_start;
    return count_between(text, m, arena, out, err);
}
