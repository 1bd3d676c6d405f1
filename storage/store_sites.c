/* store_sites.c - counting what repeats on the pages of a site. */
#include "storage/store_sites.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "storage/rows.h"

#include <inttypes.h>

#define AT(member) offsetof(struct site_row, member)
static const struct member members[] = {
    {MEMBER_TEXT,   AT(host),         NULL},
    {MEMBER_TEXT,   AT(name),         NULL},
    {MEMBER_NUMBER, AT(n_name),       NULL},
    {MEMBER_NUMBER, AT(n_stories),    NULL},
    {MEMBER_NUMBER, AT(last_seen_at), NULL},
    {MEMBER_NUMBER, AT(n_lines),      NULL},
};
#undef AT
static const struct shape shape = {sizeof(struct site_row), {{members, WW_COUNT(members), 0}}};

static const struct member line_members[] = {
    {MEMBER_NUMBER, offsetof(struct site_line_row, line),      NULL},
    {MEMBER_NUMBER, offsetof(struct site_line_row, n_stories), NULL},
};
static const struct shape line_shape = {sizeof(struct site_line_row),
                                        {{line_members, WW_COUNT(line_members), 0}}};

/* ---- teaching -------------------------------------------------------------------------------- */

enum ww_status store_teach_site(struct store *s, struct slice host, struct slice name, int64_t at,
                                int64_t *n_stories, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host), db_text(name), db_integer(at)};

    return row_write_returning(s, QUERY_SITE_TEACH, values, WW_COUNT(values), n_stories, err);
}

enum ww_status store_teach_site_line(struct store *s, struct slice host, uint64_t line, int64_t at,
                                     int64_t *n_stories, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host), db_integer((int64_t)line), db_integer(at)};

    return row_write_returning(s, QUERY_SITE_LINE_TEACH, values, WW_COUNT(values), n_stories, err);
}

enum ww_status store_teach_site_lines(struct store *s, struct slice host, const uint64_t *lines,
                                      size_t n_lines, int64_t at, struct ww_error *err)
{
    struct buf list;
    enum ww_status status;

    if (n_lines == 0)
        return WW_OK;
    buf_init(&list, STORE_BLOB_MAX_BYTES);
    for (size_t i = 0; i < n_lines; i++)
        buf_printf(&list, "%c%" PRId64, i == 0 ? '[' : ',', (int64_t)lines[i]);
    buf_add_char(&list, ']');
    status = buf_finish(&list, err);
    if (status == WW_OK) {
        const struct db_value values[] = {db_text(host), db_text(buf_slice(&list)), db_integer(at)};

        status = row_write(s, QUERY_SITE_LINES_TEACH, values, WW_COUNT(values), err);
    }
    buf_release(&list);
    return status;
}

enum ww_status store_fade_site(struct store *s, struct slice host, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host)};
    enum ww_status status = row_write(s, QUERY_SITE_FADE, values, WW_COUNT(values), err);

    if (status == WW_OK)
        status = row_write(s, QUERY_SITE_LINES_DROP_ONCE, values, WW_COUNT(values), err);
    return status == WW_OK ? row_write(s, QUERY_SITE_LINES_FADE, values, WW_COUNT(values), err)
                           : status;
}

enum ww_status store_trim_site(struct store *s, struct slice host, size_t n_kept,
                               struct ww_error *err)
{
    const struct db_value values[] = {db_text(host), db_integer((int64_t)n_kept)};

    return row_write(s, QUERY_SITE_LINES_TRIM, values, WW_COUNT(values), err);
}

enum ww_status store_forget_site(struct store *s, struct slice host, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host)};
    int64_t n_stories;
    enum ww_status status =
        row_write_returning(s, QUERY_SITE_FORGET, values, WW_COUNT(values), &n_stories, err);

    return status == WW_OK ? row_write(s, QUERY_SITE_LINES_FORGET, values, WW_COUNT(values), err)
                           : status;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum ww_status store_site(struct store *s, struct slice host, struct arena *arena,
                          struct site_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host)};

    return row_read(s, QUERY_SITE_GET, values, WW_COUNT(values), &shape, arena, out, err);
}

enum ww_status store_list_sites(struct store *s, const struct store_window *window,
                                struct arena *arena, struct site_list *out, struct ww_error *err)
{
    const struct db_value values[] = {window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_SITE_LIST, values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct site_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_site_lines(struct store *s, struct slice host, int64_t n_stories_min,
                                struct arena *arena, struct site_line_list *out,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_text(host), db_integer(n_stories_min)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_SITE_LINE_LIST, values, WW_COUNT(values), &line_shape, arena, &list, err);

    *out = (struct site_line_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_site_has_story(struct store *s, struct slice host, int64_t story_id,
                                    int64_t article_id, bool *has, struct ww_error *err)
{
    struct arena *scratch = store_scratch(s);
    int64_t one;
    enum ww_status status;

    arena_reset(scratch);
    {
        const struct db_value values[] = {
            db_integer(story_id), db_integer(article_id),
            db_text(arena_printf(scratch, "https://%.*s", SLICE_ARG(host))),
            db_text(arena_printf(scratch, "http://%.*s", SLICE_ARG(host)))};

        status = row_numbers(s, QUERY_SITE_HAS_STORY, values, WW_COUNT(values), &one, 1, err);
    }
    *has = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}
