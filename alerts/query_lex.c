/* query_lex.c - where words and phrases begin and end, whatever keyboard or program wrote them. */
#include "alerts/query_lex.h"

#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

/* A name before a colon is at most so long; what is longer is a word with a colon in it. */
#define FIELD_NAME_MAX_BYTES 12

/* Quotes of one family close each other: programs turn them around at will. */
enum family { NO_QUOTE, DOUBLE, ANGLES, ANGLE, CORNERS, WHITE_CORNERS, TITLES, TITLE, SINGLE };

static const struct {
    uint32_t code;
    enum family family;
} quotes[] = {
    {'"',    DOUBLE       },
    {0x201C, DOUBLE       },
    {0x201D, DOUBLE       },
    {0x201E, DOUBLE       },
    {0x201F, DOUBLE       },
    {0x301D, DOUBLE       },
    {0x301E, DOUBLE       },
    {0x301F, DOUBLE       },
    {0xFF02, DOUBLE       },
    {0xAB,   ANGLES       },
    {0xBB,   ANGLES       },
    {0x2039, ANGLE        },
    {0x203A, ANGLE        },
    {0x300C, CORNERS      },
    {0x300D, CORNERS      },
    {0x300E, WHITE_CORNERS},
    {0x300F, WHITE_CORNERS},
    {0x300A, TITLES       },
    {0x300B, TITLES       },
    {0x3008, TITLE        },
    {0x3009, TITLE        },
    {'\'',   SINGLE       },
    {0x2018, SINGLE       },
    {0x2019, SINGLE       },
    {0x201A, SINGLE       },
    {0x201B, SINGLE       },
};

/* n: the operator is written with /n, up to max. */
static const struct {
    const char *name;
    enum query_op op;
    uint32_t max;
} operators[] = {
    {"AND",       QUERY_AND,       0                 },
    {"ATLEAST",   QUERY_ATLEAST,   QUERY_COUNT_MAX   },
    {"NEAR",      QUERY_NEAR,      QUERY_DISTANCE_MAX},
    {"NOT",       QUERY_NOT,       0                 },
    {"OR",        QUERY_OR,        0                 },
    {"PARAGRAPH", QUERY_PARAGRAPH, 0                 },
    {"PRE",       QUERY_PRE,       QUERY_DISTANCE_MAX},
    {"SENTENCE",  QUERY_SENTENCE,  0                 },
};

static const struct {
    const char *name;
    uint32_t fields; /* 0: capitals and accents count */
} fields[] = {
    {"all",   QUERY_IN_TITLE | QUERY_IN_BODY | QUERY_IN_ALL},
    {"body",  QUERY_IN_BODY                                },
    {"exact", 0                                            },
    {"lead",  QUERY_IN_LEAD                                },
    {"title", QUERY_IN_TITLE                               },
};

void query_trouble_say(struct query_trouble *trouble, size_t at, const char *fmt, ...)
{
    va_list args;

    trouble->at = at;
    va_start(args, fmt);
    (void)vsnprintf(trouble->words, sizeof(trouble->words), fmt, args);
    va_end(args);
}

static enum family family_of(uint32_t code)
{
    for (size_t i = 0; i < WW_COUNT(quotes); i++)
        if (quotes[i].code == code)
            return quotes[i].family;
    return NO_QUOTE;
}

static bool is_open(uint32_t code)
{
    return code == '(' || code == 0xFF08;
}

static bool is_close(uint32_t code)
{
    return code == ')' || code == 0xFF09;
}

static bool is_bar(uint32_t code)
{
    return code == '|' || code == 0xFF5C;
}

/* Does a bare word end before this? An apostrophe stays in it. */
static bool ends_word(uint32_t code)
{
    enum family family = family_of(code);

    return text_is_space(code) || is_open(code) || is_close(code) || is_bar(code) ||
           (family != NO_QUOTE && family != SINGLE);
}

/* ---- phrases --------------------------------------------------------------------------------- */

/*
 * The byte of the quote that closes the one before `from`, and the byte behind it. A single one
 * closes only before what ends a word: it may be an apostrophe.
 */
static bool find_closing(struct slice text, size_t from, enum family family, size_t *close,
                         size_t *behind)
{
    for (size_t at = from; at < text.len;) {
        size_t next = at;
        uint32_t code = text_next_code(text, &next);
        size_t peek = next;

        if (family_of(code) == family &&
            (family != SINGLE || next >= text.len || ends_word(text_next_code(text, &peek)))) {
            *close = at;
            *behind = next;
            return true;
        }
        at = next;
    }
    return false;
}

/* A quoted phrase at *at; false with a trouble, or without one: an apostrophe begins a word. */
static bool lex_phrase(struct slice text, size_t *at, struct query_token *out,
                       struct query_trouble *trouble, bool *is_word)
{
    size_t from = *at, close, behind;
    enum family family = family_of(text_next_code(text, &from));

    *is_word = false;
    if (!find_closing(text, from, family, &close, &behind)) {
        *is_word = family == SINGLE;
        if (!*is_word)
            query_trouble_say(trouble, *at, "this quote is not closed");
        return false;
    }
    out->sign = SIGN_WORD;
    out->text = slice_sub(text, from, close - from);
    out->is_quoted = true;
    *at = behind;
    if (slice_trim(out->text).len > 0)
        return true;
    query_trouble_say(trouble, out->start, "there is nothing between these quotes");
    return false;
}

/* ---- operators and fields -------------------------------------------------------------------- */

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* NEAR/5 and the like; true: it is an operator, or a trouble. */
static bool lex_operator(struct slice word, struct query_token *out, struct query_trouble *trouble)
{
    struct slice name = slice_head(word, slice_find_char(word, '/'));

    for (size_t i = 0; i < WW_COUNT(operators); i++) {
        unsigned long long n = 0;

        if (!slice_equal(name, slice_from(operators[i].name)))
            continue;
        if (operators[i].max == 0 && name.len < word.len)
            return false; /* AND/OR: a word */
        out->sign = SIGN_OPERATOR;
        out->op = operators[i].op;
        if (operators[i].max == 0)
            return true;
        if (!slice_number(slice_skip(word, name.len + 1), operators[i].max, &n) || n == 0)
            query_trouble_say(trouble, out->start, "%s needs a number from 1 to %u, as in %s/5",
                              operators[i].name, operators[i].max, operators[i].name);
        out->n = (uint32_t)n;
        return true;
    }
    return false;
}

/* "title:" at the beginning of a word; its length with the colon, or 0. */
static size_t lex_field(struct slice word, struct query_token *out, struct query_trouble *trouble)
{
    size_t len = 0;
    struct slice name;
    struct nearest near;

    while (len < word.len && is_ascii_letter(word.ptr[len]))
        len++;
    name = slice_head(word, len);
    word = slice_skip(word, len);
    if (len < 2 || len > FIELD_NAME_MAX_BYTES ||
        !(slice_starts(word, SLICE(":")) || slice_starts(word, SLICE("\xEF\xBC\x9A"))))
        return 0;
    out->sign = SIGN_FIELD;
    nearest_init(&near, name);
    for (size_t i = 0; i < WW_COUNT(fields); i++) {
        nearest_try(&near, fields[i].name);
        if (slice_equal_nocase(name, slice_from(fields[i].name))) {
            out->fields = fields[i].fields;
            return len + (word.ptr[0] == ':' ? 1 : 3);
        }
    }
    query_trouble_say(
        trouble, out->start,
        "no field is called \"%.*s:\"%s%s%s; there are title:, lead:, body:, all: and "
        "exact:. In quotes it is a phrase",
        SLICE_ARG(name), near.best != NULL ? ", did you mean \"" : "",
        near.best != NULL ? near.best : "", near.best != NULL ? ":\"?" : "");
    return len;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool lex_word(struct slice text, size_t *offset, struct query_token *out,
                     struct query_trouble *trouble)
{
    size_t end = *offset, field;
    struct slice word;

    while (end < text.len) {
        size_t next = end;

        if (ends_word(text_next_code(text, &next)))
            break;
        end = next;
    }
    word = slice_sub(text, *offset, end - *offset);
    out->sign = SIGN_WORD;
    out->text = word;
    if (!out->is_exact && slice_equal(word, SLICE("@")))
        out->sign = SIGN_ALIAS;
    else if (!out->is_exact && (field = lex_field(word, out, trouble)) > 0)
        end = *offset + field;
    else if (!out->is_exact)
        (void)lex_operator(word, out, trouble);
    if (out->sign == SIGN_WORD && word.len > 1 && word.ptr[0] == '-')
        query_trouble_say(trouble, *offset, "a minus says nothing here: write NOT %.*s",
                          (int)text_cut(slice_skip(word, 1), 60).len, word.ptr + 1);
    *offset = end;
    return trouble->words[0] == '\0';
}

bool query_lex(struct slice text, size_t *offset, struct query_token *out,
               struct query_trouble *trouble)
{
    size_t at = *offset, next = at;
    uint32_t code = 0;
    bool is_good = true, is_word = true;

    while (at < text.len && text_is_space(code = text_next_code(text, &next)))
        at = next;
    *out = (struct query_token){.sign = SIGN_END, .start = at};
    if (at < text.len && code == '=') {
        out->is_exact = true;
        at++;
        code = 0;
        if (at < text.len)
            code = text_next_code(text, &next);
        if (at == text.len || (ends_word(code) && family_of(code) == NO_QUOTE)) {
            query_trouble_say(trouble, out->start, "= stands right before a word or phrase");
            return false;
        }
    }
    if (at >= text.len) {
        out->end = *offset = at;
        return true;
    }
    if (is_open(code) || is_close(code)) {
        out->sign = is_open(code) ? SIGN_OPEN : SIGN_CLOSE;
        at = next;
    } else if (is_bar(code)) {
        out->sign = SIGN_OPERATOR;
        out->op = QUERY_OR;
        out->is_tight = true;
        at = next;
    } else {
        if (family_of(code) != NO_QUOTE)
            is_good = lex_phrase(text, &at, out, trouble, &is_word);
        if (is_word && !out->is_quoted)
            is_good = lex_word(text, &at, out, trouble);
    }
    out->end = *offset = at;
    return is_good && trouble->words[0] == '\0';
}

/* ---- advice ---------------------------------------------------------------------------------- */

/* "w/5", "near5", "adj", "same": how other search services write what is NEAR, PRE and the like. */
static const char *foreign_operator(struct slice word)
{
    static const struct {
        const char *name, *advice;
    } known[] = {
        {"adj",    "here it is PRE/n: a PRE/5 b"               },
        {"near",   "write NEAR/5, in capitals and with a slash"},
        {"onear",  "here it is PRE/n: a PRE/5 b"               },
        {"pre",    "write PRE/5, in capitals and with a slash" },
        {"same",   "write a SENTENCE b or a PARAGRAPH b"       },
        {"w",      "here it is NEAR/n: a NEAR/5 b"             },
        {"within", "here it is NEAR/n: a NEAR/5 b"             },
    };
    size_t len = 0;

    while (len < word.len && is_ascii_letter(word.ptr[len]))
        len++;
    for (size_t i = 0; i < WW_COUNT(known); i++) {
        struct slice rest = slice_skip(word, len);
        unsigned long long n;

        if (!slice_equal_nocase(slice_head(word, len), slice_from(known[i].name)))
            continue;
        if (slice_starts(rest, SLICE("/")))
            rest = slice_skip(rest, 1);
        if (slice_number(rest, UINT32_MAX, &n) || (rest.len == 0 && known[i].name[1] != '\0'))
            return known[i].advice;
    }
    return NULL;
}

static const char *advice_of(const struct query_token *t)
{
    if (t->sign != SIGN_WORD || t->is_quoted)
        return NULL;
    for (size_t i = 0; i < WW_COUNT(operators); i++)
        if (slice_equal_nocase(slice_head(t->text, slice_find_char(t->text, '/')),
                               slice_from(operators[i].name)))
            return "operators are written in capitals: AND, OR, NOT, NEAR/5";
    return foreign_operator(t->text);
}

const char *query_lex_advice(const struct query_token *a, const struct query_token *b)
{
    const char *advice = advice_of(b);

    if (advice == NULL)
        advice = advice_of(a);
    if (advice == NULL && a->sign == SIGN_WORD && b->sign == SIGN_WORD)
        advice = "two words side by side: \"a b\" in quotes is the phrase, a AND b asks for both";
    return advice != NULL ? advice : "an operator is missing here: AND, OR, NEAR/5";
}
