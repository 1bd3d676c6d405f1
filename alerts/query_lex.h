/* query_lex.h - the signs of a query: brackets, operators, fields, words and phrases. */
#ifndef WW_ALERTS_QUERY_LEX_H
#define WW_ALERTS_QUERY_LEX_H

#include "alerts/query.h"
#include "base/attrs.h"

enum query_sign {
    SIGN_END,
    SIGN_OPEN,
    SIGN_CLOSE,
    SIGN_OPERATOR, /* op, n */
    SIGN_FIELD,    /* fields; 0: "exact:" */
    SIGN_ALIAS,
    SIGN_WORD /* text, is_exact, is_quoted */
};

struct query_token {
    enum query_sign sign;
    enum query_op op;
    bool is_tight; /* | binds tighter than OR */
    uint32_t n;
    uint32_t fields;
    struct slice text; /* of a word, without its quotes */
    bool is_exact, is_quoted;
    size_t start, end; /* bytes of the query */
};

/* What was wrong, and where. */
struct query_trouble {
    size_t at;
    char words[200];
};

/* The sign at *offset, which moves behind it; false: there is trouble. text is UTF-8. */
bool query_lex(struct slice text, size_t *offset, struct query_token *out,
               struct query_trouble *trouble);

/* Two words that stand side by side: what their writer may have meant. */
const char *query_lex_advice(const struct query_token *a, const struct query_token *b);

void query_trouble_say(struct query_trouble *trouble, size_t at, const char *fmt, ...)
    WW_PRINTF(3, 4);

#endif
