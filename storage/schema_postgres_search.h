/*
 * schema_postgres_search.h - what stands for FTS5 on PostgreSQL: statements of schema_postgres.c.
 *
 * words: a blank, the words of the title, " | ", those of the text, a blank; one blank between
 * two. The index knows which words there are; the functions look where they stand
 * (search_tsquery.c).
 */
#ifndef WW_STORAGE_SCHEMA_POSTGRES_SEARCH_H
#define WW_STORAGE_SCHEMA_POSTGRES_SEARCH_H

/*
 * No tsvector holds a megabyte of words, none a word of 2 KB. Longer texts are asked for by
 * queries_news.h, too: SEARCH_LONG.
 */
#define SCHEMA_SEARCH_LEXEMES                                                  \
    "CREATE FUNCTION search_lexemes(words TEXT) RETURNS tsvector"              \
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$"         \
    " DECLARE"                                                                 \
    "  parts TEXT[] := array_remove(string_to_array(words, ' '), '');"         \
    " BEGIN"                                                                   \
    "  IF words ~ '[^ ]{101}' THEN"                                            \
    "   parts := ARRAY(SELECT DISTINCT left(p, 100) FROM unnest(parts) AS p);" \
    "  END IF;"                                                                \
    "  IF octet_length(words) >= 1000000 THEN"                                 \
    "   parts := ARRAY(SELECT DISTINCT p FROM unnest(parts) AS p);"            \
    "   IF octet_length(array_to_string(parts, '')) >= 1000000 THEN"           \
    "    parts := ARRAY['~'];"                                                 \
    "   END IF;"                                                               \
    "  END IF;"                                                                \
    "  RETURN array_to_tsvector(parts);"                                       \
    " END $$"

/*
 * Has it one phrase of each group (& begins one, | goes on), and none that is refused (-)? What is
 * packed is unpacked once, by the ||.
 */
#define SCHEMA_SEARCH_HOLDS                                                    \
    "CREATE FUNCTION search_holds(words TEXT, checks TEXT[]) RETURNS BOOLEAN"  \
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$"          \
    " DECLARE"                                                                 \
    "  here TEXT := words || '';"                                              \
    "  one TEXT;"                                                              \
    "  held BOOLEAN := TRUE;"                                                  \
    " BEGIN"                                                                   \
    "  FOREACH one IN ARRAY checks LOOP"                                       \
    "   IF starts_with(one, '|') THEN"                                         \
    "    held := held OR strpos(here, substr(one, 2)) > 0;"                    \
    "   ELSIF NOT held THEN"                                                   \
    "    RETURN FALSE;"                                                        \
    "   ELSE"                                                                  \
    "    held := (strpos(here, substr(one, 2)) > 0) <> starts_with(one, '-');" \
    "   END IF;"                                                               \
    "  END LOOP;"                                                              \
    "  RETURN held;"                                                           \
    " END $$"

/* How often a phrase stands there; two may overlap. Bytes, since a cut is a copy of them. */
#define SCHEMA_SEARCH_TIMES                                                          \
    "CREATE FUNCTION search_times(words TEXT, needle TEXT) RETURNS DOUBLE PRECISION" \
    " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$"                \
    " DECLARE"                                                                       \
    "  here BYTEA := convert_to(words, 'UTF8');"                                     \
    "  sought BYTEA := convert_to(needle, 'UTF8');"                                  \
    "  place INTEGER := position(sought IN here);"                                   \
    "  n INTEGER := 0;"                                                              \
    " BEGIN"                                                                         \
    "  WHILE place > 0 LOOP"                                                         \
    "   n := n + 1;"                                                                 \
    "   here := substring(here FROM place + 1);"                                     \
    "   place := position(sought IN here);"                                          \
    "  END LOOP;"                                                                    \
    "  RETURN n;"                                                                    \
    " END $$"

#define SCHEMA_SEARCH_TABLE      \
    "CREATE TABLE search ("      \
    " rowid BIGINT PRIMARY KEY," \
    " n_words BIGINT NOT NULL,"  \
    " words utf8 NOT NULL"       \
    ")"

/* Long texts out of the way of what only counts; lz4 where the server has it (14, and built so). */
#define SCHEMA_SEARCH_APART "ALTER TABLE search SET (toast_tuple_target = 128)"

#define SCHEMA_SEARCH_PACKED                                                \
    "DO $$ BEGIN"                                                           \
    " EXECUTE 'ALTER TABLE search ALTER COLUMN words SET COMPRESSION lz4';" \
    " EXCEPTION WHEN OTHERS THEN NULL;"                                     \
    " END $$"

/*
 * Its pending list in kB, some 300 articles: each search reads it whole, in a millisecond; made a
 * quarter of that, an article costs half as much again. A copy of a database fills the table
 * without the index, and who adds the last text makes it (SEARCH_FINISH), in the end in half the
 * time.
 */
#define SCHEMA_SEARCH_WORDS                                                               \
    "CREATE INDEX IF NOT EXISTS search_words ON search USING gin (search_lexemes(words))" \
    " WITH (gin_pending_list_limit = 4096)"

#endif
