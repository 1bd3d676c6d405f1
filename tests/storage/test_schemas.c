/*
 * test_schemas.c - both engines have the same tables: columns, keys, references, indexes, checks.
 *
 * What each engine says of itself is brought to one form, a line a fact, and the lines compared.
 * Runs on a server, where the second engine is.
 */
#include "base/attrs.h"
#include "base/buf.h"
#include "storage/catalogue.h"
#include "storage/rows.h"
#include "tests/support/store.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FACTS_MAX 2048
#define TOKENS_MAX 128

/* Each gives a table and a text that says something of it. */
static const char *const of_sqlite[] = {
    "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
    "SELECT t.name, 'foreign key ' || f.\"from\" || ' references ' || f.\"table\" || ' ' || "
    "f.\"to\""
    " FROM pragma_table_list t, pragma_foreign_key_list(t.name) f"
    " WHERE t.schema = 'main' AND t.type = 'table'",
    "SELECT t.name, 'unique ' || (SELECT group_concat(i.name, ' ') FROM pragma_index_info(x.name) "
    "i)"
    " FROM pragma_table_list t, pragma_index_list(t.name) x"
    " WHERE t.schema = 'main' AND t.type = 'table' AND x.origin = 'u'",
    "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'",
};
static const char *const of_postgres[] = {
    "SELECT CAST(t.relname AS TEXT), pg_get_indexdef(x.indexrelid) FROM pg_index x"
    " JOIN pg_class t ON t.oid = x.indrelid WHERE t.relnamespace = 'public'::regnamespace"
    " AND t.relname NOT LIKE 'search%'"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid)",
    "SELECT CAST(t.relname AS TEXT), pg_get_constraintdef(k.oid) FROM pg_constraint k"
    " JOIN pg_class t ON t.oid = k.conrelid WHERE t.relnamespace = 'public'::regnamespace"
    " AND t.relname NOT LIKE 'search%' AND k.contype IN ('c', 'f', 'u')",
};

struct facts {
    char *lines[FACTS_MAX];
    size_t n;
};

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

static void add_fact(struct facts *f, struct slice table, struct slice words)
{
    char line[2048];

    (void)snprintf(line, sizeof(line), "%.*s: %.*s", SLICE_ARG(table), SLICE_ARG(words));
    assert_true(f->n < FACTS_MAX);
    f->lines[f->n++] = strdup(line);
}

/* ---- one form -------------------------------------------------------------------------------- */

struct tokens {
    char words[TOKENS_MAX][64];
    size_t n;
};

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* What engines add or leave out: brackets, commas, casts, the schema's name, the kind of index. */
static bool is_dropped(const char *word)
{
    static const char *const words[] = {"(", ")", "[", "]", ",", ";", "array", "using", "btree"};

    for (size_t i = 0; i < WW_COUNT(words); i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static size_t token_length(const char *s)
{
    size_t n = 1;

    if (*s == '\'' || *s == '"') {
        while (s[n] != '\0' && s[n] != *s)
            n++;
        return n + 1;
    }
    if (is_letter(*s)) {
        while (is_letter(s[n]))
            n++;
        return n;
    }
    while (strchr("<>=:|", *s) != NULL && s[n] != '\0' && strchr("<>=:|", s[n]) != NULL)
        n++;
    return n;
}

static void add_token(struct tokens *t, const char *s, size_t n)
{
    char *word = t->words[t->n];

    assert_true(t->n + 1 < TOKENS_MAX && n < sizeof(t->words[0]));
    if (*s == '"') {
        s++;
        n -= 2;
    }
    memcpy(word, s, n);
    word[n] = '\0';
    for (size_t i = 0; i < n && *s != '\''; i++)
        word[i] = (char)tolower((unsigned char)word[i]);
    if (!is_dropped(word))
        t->n++;
}

static void read_tokens(const char *s, struct tokens *t)
{
    t->n = 0;
    while (*s != '\0') {
        size_t n = token_length(s);

        if (isspace((unsigned char)*s)) {
            s++;
        } else if (strncmp(s, "::", 2) == 0) { /* a cast, and what to */
            s += n;
            s += token_length(s);
        } else if (strncmp(s, "public.", 7) == 0) {
            s += 7;
        } else {
            add_token(t, s, n);
            s += n;
        }
    }
}

/* IN, NOT IN and BETWEEN as the server has them; a blob as it has it. */
static void write_tokens(const struct tokens *t, struct buf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        const char *word = t->words[i], *next = i + 1 < t->n ? t->words[i + 1] : "";

        if (strcmp(word, "=") == 0 && strcmp(next, "any") == 0) {
            buf_add_string(out, "in ");
            i++;
        } else if (strcmp(word, "<>") == 0 && strcmp(next, "all") == 0) {
            buf_add_string(out, "not in ");
            i++;
        } else if (strcmp(word, "between") == 0 && i > 0 && i + 3 < t->n) {
            buf_printf(out, ">= %s and %s <= %s ", next, t->words[i - 1], t->words[i + 3]);
            i += 3;
        } else if (strcmp(word, "x") == 0 && strcmp(next, "''") == 0) {
            buf_add_string(out, "'\\x' ");
            i++;
        } else {
            buf_printf(out, "%s ", word);
        }
    }
}

static void add_text(struct facts *f, struct slice table, const char *text)
{
    struct tokens tokens;
    struct buf words;

    buf_init(&words, 4096);
    read_tokens(text, &tokens);
    write_tokens(&tokens, &words);
    add_fact(f, table, buf_slice(&words));
    buf_release(&words);
}

/* SQLite tells its checks only in the text of the table. */
static void add_checks(struct facts *f, struct slice table, const char *sql)
{
    const char *at = sql;

    while ((at = strstr(at, "CHECK (")) != NULL) {
        size_t n = strlen("CHECK ("), depth = 1;
        char *text;

        for (; depth > 0; n++)
            depth = depth + (at[n] == '(') - (at[n] == ')');
        text = strndup(at, n);
        assert_non_null(text);
        add_text(f, table, text);
        free(text);
        at += n;
    }
}

/* ---- what there is --------------------------------------------------------------------------- */

static void ask(struct store *s, const char *sql, struct facts *f)
{
    const struct db_driver *driver = store_driver(s);
    struct ww_error err = {0};
    struct db_value row[2];
    enum ww_status status;

    must(driver->define(store_db(s), db_slot(0), sql, &err), &err);
    must(driver->start(store_db(s), db_slot(0), NULL, 0, &err), &err);
    while ((status = driver->next(store_db(s), db_slot(0), row, 2, &err)) == WW_OK) {
        char *text = strndup(row[1].bytes.ptr, row[1].bytes.len);

        assert_non_null(text);
        if (strncmp(text, "CREATE TABLE", 12) == 0)
            add_checks(f, row[0].bytes, text);
        else
            add_text(f, row[0].bytes, text);
        free(text);
    }
    assert_int_equal(status, WW_NOT_FOUND);
    driver->end(store_db(s), db_slot(0));
}

static void add_columns(struct store *s, struct arena *arena, struct facts *f)
{
    static const char *const types[] = {"null", "integer", "real", "text", "blob"};
    struct catalogue c;
    struct ww_error err = {0};

    must(catalogue_read(store_driver(s), store_db(s), arena, &c, &err), &err);
    for (size_t i = 0; i < c.n_tables; i++)
        for (size_t k = 0; k < c.tables[i].n_columns; k++) {
            const struct db_column *column = &c.tables[i].columns[k];
            char text[256];

            (void)snprintf(text, sizeof(text), "column %.*s %s %s key %d default %.*s",
                           SLICE_ARG(column->name), types[column->type],
                           column->is_required ? "not null" : "null", (int)column->key,
                           SLICE_ARG(column->fallback));
            add_text(f, c.tables[i].name, text);
        }
}

static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_facts(struct store *s, const char *const *texts, size_t n, struct arena *arena,
                       struct facts *f)
{
    f->n = 0;
    add_columns(s, arena, f);
    for (size_t i = 0; i < n; i++)
        ask(s, texts[i], f);
    qsort(f->lines, f->n, sizeof(f->lines[0]), by_line);
}

static size_t tell(const char *which, const char *line)
{
    print_error("%s: %s\n", which, line);
    return 1;
}

static size_t count_differences(const struct facts *a, const struct facts *b)
{
    size_t n = 0;

    for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
        const int order = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->lines[i], b->lines[k]);

        if (order < 0)
            n += tell("SQLite alone", a->lines[i]);
        if (order > 0)
            n += tell("PostgreSQL alone", b->lines[k]);
        i += order <= 0;
        k += order >= 0;
    }
    return n;
}

static void release(struct facts *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->lines[i]);
    f->n = 0;
}

static void test_same(void **state)
{
    static struct facts file, server;
    struct store *store = NULL;
    struct test_store t;
    struct ww_error err = {0};
    char path[128];

    WW_UNUSED(state);
    if (test_store_is_file()) {
        print_message("only one engine here\n");
        skip();
    }
    test_store_open(&t);
    (void)snprintf(path, sizeof(path), "%s/file.db", t.folder);
    must(test_store_at(path, false, &store, &err), &err);
    read_facts(store, of_sqlite, WW_COUNT(of_sqlite), &t.arena, &file);
    read_facts(t.store, of_postgres, WW_COUNT(of_postgres), &t.arena, &server);
    /* Tables with some columns each, references, indexes, checks. */
    assert_true(file.n > 500);
    assert_int_equal(count_differences(&file, &server), 0);
    release(&file);
    release(&server);
    store_close(store);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
