/* watchlist_titles.c - tables of column titles, and the words for them in a few languages. */
#include "alerts/watchlist_titles.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/csv.h"
#include "base/nearest.h"
#include "base/text.h"

#define TITLES_MAX 24

/*
 * The titles that are read come first, behind NULL those that every list has for people. Laid out
 * by hand: clang-format 14 makes rows of unequal length sprawl.
 */
/* clang-format off */
static const char *const titles[WATCH_FILE_COUNT][TITLES_MAX] = {
    [WATCH_STATIONS] = {"id", "site", "kind", "name", "country", "severity", "match_scope", "aliases",
                        "context_aliases", "tags", "owner", "require", "exclude", NULL, "city",
                        "status", "status_date", "source", "address_or_host", "notes", "confidence",
                        "jurisdiction"},
    [WATCH_JURISDICTIONS] = {"id", "kind", "name", "country", "severity", "aliases", "place_names",
                             "tags", "owner", "require", "exclude", NULL, "level", "parent"},
    [WATCH_TERMS] = {"term", "language", "role", "strength", "case_sensitive", NULL, "note"},
    [WATCH_PLACES] = {"id", "type", "country", "name", "names", "demonyms", "disambiguation",
                      "watch", NULL, "ambiguity"},
    [WATCH_RULES] = {"id", "name", "query", "severity", "tags", "owner", "country", "kind"},
};

/* What else people call them, in some of their languages. */
static const struct {
    const char *title;
    const char *words[16];
} synonyms[] = {
    {"id", {"key", "code", "kennung", "identifier", "编号", "編號"}},
    {"name", {"title", "bezeichnung", "nombre", "nom", "nome", "naam", "名称", "名稱", "名字"}},
    {"city", {"town", "place", "ort", "stadt", "ciudad", "ville", "città", "cidade", "plaats", "stad",
              "město", "város", "miasto", "城市", "都市"}},
    {"country", {"country code", "iso", "land", "länderkürzel", "staat", "país", "pays", "paese",
                 "země", "kraj", "国家", "國家", "国"}},
    {"aliases", {"alias", "also known as", "aka", "other names", "spellings", "aliasse", "aliasnamen",
                 "alternative names", "autres noms", "otros nombres", "altri nomi", "别名", "別名"}},
    {"context_aliases", {"context alias", "street", "district", "straße", "calle", "rue", "街道"}},
    {"names", {"names in other languages", "city names", "translations"}},
    {"address_or_host", {"address", "host", "adresse", "dirección", "indirizzo", "endereço", "地址"}},
    {"status", {"stand", "estado", "stato", "状态", "狀態"}},
    {"notes", {"note", "comment", "comments", "remarks", "bemerkung", "bemerkungen", "notas",
               "notizen", "kommentar", "备注", "備註"}},
    {"source", {"sources", "quelle", "quellen", "fuente", "fuentes", "fonte", "来源", "來源"}},
    {"tags", {"tag", "labels", "keywords", "schlagworte", "etiquetas", "标签", "標籤"}},
    {"severity", {"gravedad", "gravité", "schwere"}},
    {"owner", {"analyst", "besitzer", "responsable"}},
    {"kind", {"type", "art", "tipo", "categoria", "类型", "類型"}},
    {"language", {"lang", "sprache", "idioma", "langue", "lingua", "语言", "語言"}},
    {"term", {"word", "phrase", "begriff"}},
    {"query", {"search", "rule", "abfrage", "consulta", "requête"}},
};
/* clang-format on */

const char *watch_title(enum watch_file file, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (titles[file][k] == NULL)
            return NULL;
    return i < TITLES_MAX ? titles[file][i] : NULL;
}

static bool same_words(struct slice skeleton, const char *words, struct arena *arena)
{
    return slice_equal(skeleton, text_skeleton(slice_from(words), arena));
}

static bool is_called(size_t synonym, struct slice skeleton, struct arena *arena)
{
    for (size_t i = 0; i < WW_COUNT(synonyms[synonym].words) && synonyms[synonym].words[i] != NULL;
         i++)
        if (same_words(skeleton, synonyms[synonym].words[i], arena))
            return true;
    return false;
}

const char *watch_title_meant(enum watch_file file, struct slice title, struct arena *arena)
{
    const struct slice skeleton = text_skeleton(title, arena);

    if (skeleton.len == 0)
        return NULL;
    for (size_t i = 0; i < TITLES_MAX; i++)
        if (titles[file][i] != NULL && same_words(skeleton, titles[file][i], arena))
            return titles[file][i];
    for (size_t i = 0; i < TITLES_MAX; i++)
        for (size_t k = 0; titles[file][i] != NULL && k < WW_COUNT(synonyms); k++)
            if (slice_equal(slice_from(titles[file][i]), slice_from(synonyms[k].title)) &&
                is_called(k, skeleton, arena))
                return titles[file][i];
    return NULL;
}

/*
 * One letter in six and one more, or its beginning; less would take "note" for "role". Where the
 * known one stands too, a short word ("size" beside "site") is somebody's own.
 */
const char *watch_title_mistaken(enum watch_file file, const struct csv_table *t, size_t column)
{
    const struct slice title = csv_cell(&t->header, column);
    const char *begun = NULL;
    struct nearest near;
    size_t n_wrong = title.len / 6;

    nearest_init(&near, title);
    for (size_t i = 0; watch_title(file, i) != NULL; i++) {
        const struct slice known = slice_from(watch_title(file, i));

        if (slice_equal_nocase(title, known))
            return NULL;
        nearest_try(&near, watch_title(file, i));
        if (title.len >= 3 && slice_starts_nocase(known, title) &&
            csv_column(t, known) == t->header.n_cells)
            begun = watch_title(file, i);
    }
    if (near.best != NULL && csv_column(t, slice_from(near.best)) == t->header.n_cells)
        n_wrong++;
    return near.best != NULL && near.distance <= n_wrong ? near.best : begun;
}

void watch_title_try(enum watch_file file, struct nearest *near)
{
    for (size_t i = 0; i < TITLES_MAX; i++)
        if (titles[file][i] != NULL)
            nearest_try(near, titles[file][i]);
}
