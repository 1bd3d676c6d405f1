/* settings_file.c - inih, with line numbers and columns, and without split lines. */
#include "base/settings_file.h"

#include "base/slice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

struct reading {
    FILE *file;
    const char *path;
    settings_begin *begin;
    settings_take *take;
    void *context;
    int line; /* of the line read last: the one a callback speaks of */
    char text[INI_MAX_LINE + 1];
    enum ww_status status;
    struct ww_error *err;
};

/* inih says no word of a section that holds nothing. Where its name ends, inih sees it end, too. */
static void begin_section(struct reading *r)
{
    char name[sizeof(r->text)];
    size_t len = strcspn(r->text, "]");

    if (r->begin == NULL || r->text[0] != '[' || r->text[len] != ']')
        return;
    (void)snprintf(name, sizeof(name), "%.*s", (int)len - 1, r->text + 1);
    r->status = r->begin(r->context, name, r->line, r->err);
    if (r->status != WW_OK)
        (void)ww_context(r->err, r->status, "%s:%d", r->path, r->line);
}

/* inih gives no line numbers and splits long lines silently, so we count and refuse. */
static char *next_line(char *room, int size, void *user)
{
    struct reading *r = user;
    char *line = r->status == WW_OK ? fgets(room, size, r->file) : NULL;

    if (line == NULL)
        return NULL;
    r->line++;
    (void)snprintf(r->text, sizeof(r->text), "%s", line);
    if (strchr(line, '\n') == NULL && !feof(r->file)) {
        r->status = ww_fail(r->err, WW_INVALID, "%s:%d: line longer than %d bytes", r->path,
                            r->line, size - 2);
        return NULL;
    }
    begin_section(r);
    return r->status == WW_OK ? line : NULL;
}

/* Where the value stands in its line; inih hands it out trimmed. */
static size_t value_column(const struct reading *r, const char *value)
{
    const char *at = r->text + strspn(r->text, " \t");
    size_t column = 1;

    if (strncmp(at, value, strlen(value)) != 0)
        at += strcspn(at, "=:");
    at += strspn(at, "=: \t");
    for (const char *p = r->text; p < at; p++)
        column += ((unsigned char)*p & 0xC0) != 0x80;
    return column;
}

static int take_pair(void *user, const char *section, const char *key, const char *value)
{
    struct reading *r = user;
    struct settings_pair pair = {section, key, value, r->line, 0};
    size_t column = 0;

    if (r->status != WW_OK)
        return 0;
    pair.column = value_column(r, value);
    r->status = r->take(r->context, &pair, &column, r->err);
    if (r->status == WW_OK)
        return 1;
    if (column > 0)
        (void)ww_context(r->err, r->status, "%s:%d:%zu", r->path, r->line, column);
    else
        (void)ww_context(r->err, r->status, "%s:%d", r->path, r->line);
    return 0;
}

enum ww_status settings_file_read(const char *path, settings_begin *begin, settings_take *take,
                                  void *context, struct ww_error *err)
{
    struct reading r = {.path = path, .begin = begin, .take = take, .context = context, .err = err};
    int bad;

    r.file = fopen(path, "r");
    if (r.file == NULL)
        return ww_fail(err, errno == ENOENT ? WW_NOT_FOUND : WW_INVALID, "%s: %s", path,
                       strerror(errno));
    bad = ini_parse_stream(next_line, &r, take_pair, &r);
    (void)fclose(r.file);
    if (r.status == WW_OK && bad != 0)
        return ww_fail(err, WW_INVALID, "%s:%d: neither [section] nor key = value", path, bad);
    return r.status;
}
