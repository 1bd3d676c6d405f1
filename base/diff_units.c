/* diff_units.c - figures are put together from the tokens they fell into. */
#include "base/diff_units.h"

#include "base/arena.h"
#include "base/diff_numerals.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>

/* Groups of digits that may be one figure: 1 234 567 890 123. */
#define GROUPS_MAX 6
/* More digits than a figure of the news has are compared as a word. */
#define DIGITS_MAX 48
#define MAGNITUDES_MAX 2
#define SIGN_NEGATIVE (1u << 31)

struct reader {
    struct slice text;
    const struct token *tokens;
    size_t n_tokens;
    size_t base; /* tokens count from here */
    struct diff_unit *units;
    size_t n_units;
};

/* ---- what stands between two tokens ---------------------------------------------------------- */

static size_t start_of(const struct reader *r, size_t i)
{
    return r->base + r->tokens[i].start;
}

static size_t end_of(const struct reader *r, size_t i)
{
    return r->base + r->tokens[i].end;
}

/* The only character between token i and the one before; 0: none, or several. */
static uint32_t separator(const struct reader *r, size_t i)
{
    size_t at = end_of(r, i - 1), end = start_of(r, i);
    uint32_t code;

    if (at >= end)
        return 0;
    code = text_next_code(r->text, &at);
    return at == end ? code : 0;
}

static bool is_currency_or_percent(uint32_t code)
{
    return code == '$' || code == '%' || (code >= 0xA2 && code <= 0xA5) || code == 0x2030 ||
           code == 0x66A || (code >= 0x20A0 && code <= 0x20CF);
}

/* The character before `at`, and where it begins. */
static uint32_t code_before(struct slice text, size_t at, size_t *start)
{
    size_t next;

    if (at == 0)
        return 0;
    *start = at - 1;
    while (*start > 0 && ((unsigned char)text.ptr[*start] & 0xC0) == 0x80)
        --*start;
    next = *start;
    return text_next_code(text, &next);
}

static uint32_t code_at(struct slice text, size_t at)
{
    return at < text.len ? text_next_code(text, &at) : 0;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* A figure as it is put together. */
struct figure {
    char digits[DIGITS_MAX];
    size_t n_digits;
    int exponent;
    size_t end;        /* in the text */
    struct slice tail; /* what is written onto the last group: "m" of "17m" */
    bool is_too_long, is_loose, is_year;
};

/* Leading digits of a folded token; *len is how many bytes they take. */
static size_t count_digits(struct slice folded, size_t *len)
{
    size_t n = 0, at = 0;

    *len = 0;
    while (at < folded.len && text_digit(text_next_code(folded, &at)) >= 0) {
        *len = at;
        n++;
    }
    return n;
}

static void add_digits(struct figure *f, struct slice folded)
{
    size_t at = 0;

    while (at < folded.len) {
        int digit = text_digit(text_next_code(folded, &at));

        if (digit < 0)
            return;
        if (f->n_digits >= DIGITS_MAX) {
            f->is_too_long = true;
            return;
        }
        f->digits[f->n_digits++] = (char)('0' + digit);
    }
}

/*
 * Where the digits that a token begins with end in the original text, or 0 when the token was
 * folded to another number of characters (one half is three).
 */
static size_t end_of_digits(const struct reader *r, size_t i, size_t n_digits)
{
    size_t at = start_of(r, i);

    for (size_t k = 0; k < n_digits; k++)
        if (at >= end_of(r, i) || text_digit(text_next_code(r->text, &at)) < 0)
            return 0;
    return at;
}

static bool is_figure(const struct reader *r, size_t i)
{
    size_t len;
    size_t n = i < r->n_tokens ? count_digits(r->tokens[i].folded, &len) : 0;

    return n > 0 && end_of_digits(r, i, n) > 0;
}

static bool is_bare(const struct reader *r, size_t i)
{
    return (r->tokens[i].flags & TOKEN_NUMBER) != 0;
}

static bool parts_thousands(uint32_t code)
{
    return code == ',' || code == '.' || code == ' ' || code == '\'' || code == 0xA0 ||
           code == 0x2009 || code == 0x2019 || code == 0x202F || code == 0x66C;
}

static bool parts_decimals(uint32_t code)
{
    return code == ',' || code == '.' || code == 0x66B;
}

static size_t digits_of(const struct reader *r, size_t i)
{
    size_t len;

    return count_digits(r->tokens[i].folded, &len);
}

/* How many tokens from i on are one figure in thousands: 1 234 567. */
static size_t count_thousands(const struct reader *r, size_t i)
{
    uint32_t code = i + 1 < r->n_tokens ? separator(r, i + 1) : 0;
    size_t n = 1;

    if (!parts_thousands(code) || digits_of(r, i) > 3 || !is_bare(r, i) ||
        text_digit((unsigned char)r->tokens[i].folded.ptr[0]) == 0)
        return 1;
    while (n < GROUPS_MAX && is_figure(r, i + n) && separator(r, i + n) == code &&
           digits_of(r, i + n) == 3 && is_bare(r, i + n - 1))
        n++;
    /* What goes on with fewer digits is a date or a list. */
    if (is_figure(r, i + n) && separator(r, i + n) == code && is_bare(r, i + n - 1))
        return 1;
    return n;
}

/* How many tokens from i on are a date, a time or a fraction: 21.10.2022, 8:12, 3/4. */
static size_t count_date(const struct reader *r, size_t i)
{
    uint32_t code = i + 1 < r->n_tokens ? separator(r, i + 1) : 0;
    size_t n = 1;

    if (code != '.' && code != '/' && code != ':' && code != '-')
        return 1;
    while (n < GROUPS_MAX && is_figure(r, i + n) && separator(r, i + n) == code &&
           is_bare(r, i + n - 1))
        n++;
    if (code == '-')
        return n == 3 && digits_of(r, i) == 4 && digits_of(r, i + 1) == 2 ? 3 : 1;
    return n == 3 || (n == 2 && code != '.') ? n : 1;
}

/* Do tokens up to i go on with decimals? One more group behind the same point: a list. */
static bool has_decimals(const struct reader *r, size_t i, bool is_whole_known)
{
    uint32_t code = is_figure(r, i) && is_bare(r, i - 1) ? separator(r, i) : 0;

    return parts_decimals(code) && (is_whole_known || !(is_figure(r, i + 1) && is_bare(r, i) &&
                                                        separator(r, i + 1) == code));
}

/* The digits of tokens from i on; returns how many tokens they are. */
static size_t read_groups(const struct reader *r, size_t i, struct figure *f)
{
    size_t n = count_thousands(r, i), len, n_digits;
    size_t n_date = n == 1 ? count_date(r, i) : 1;

    if (n_date > 1)
        n = n_date;
    for (size_t k = 0; k < n; k++) {
        /* Apart: 1:12 is not 11:2. */
        if (n_date > 1 && k > 0 && f->n_digits < DIGITS_MAX)
            f->digits[f->n_digits++] = ':';
        add_digits(f, r->tokens[i + k].folded);
    }
    if (n_date == 1 && has_decimals(r, i + n, n > 1)) {
        add_digits(f, r->tokens[i + n].folded);
        f->exponent -= (int)digits_of(r, i + n);
        n++;
    }
    n_digits = count_digits(r->tokens[i + n - 1].folded, &len);
    f->end = end_of_digits(r, i + n - 1, n_digits);
    f->tail = slice_skip(r->tokens[i + n - 1].folded, len);
    f->is_year = n == 1 && n_digits == 4 && f->tail.len == 0 &&
                 (memcmp(f->digits, "19", 2) == 0 || memcmp(f->digits, "20", 2) == 0);
    return n;
}

/* "million" behind the figure, or the m that is written onto it. */
static size_t read_magnitudes(const struct reader *r, size_t next, struct figure *f)
{
    const struct diff_magnitude *m = diff_magnitude_find(f->tail);

    if (f->tail.len > 0) {
        if (m == NULL)
            return next;
        f->exponent += m->exponent;
        f->is_loose = m->is_letter;
        f->tail = (struct slice){NULL, 0};
        f->end = end_of(r, next - 1);
    }
    for (size_t k = 0; k < MAGNITUDES_MAX && next < r->n_tokens; k++) {
        uint32_t code = separator(r, next);

        m = diff_magnitude_find(r->tokens[next].folded);
        if (m == NULL || m->is_letter ||
            !((r->tokens[next].flags & TOKEN_GLUED) != 0 || code == ' ' || code == 0xA0 ||
              code == 0x202F || code == '-'))
            break;
        f->exponent += m->exponent;
        f->end = end_of(r, next++);
        f->is_year = false;
    }
    return next;
}

static void settle_number(struct diff_unit *u, const char *digits, size_t n, int exponent)
{
    while (n > 0 && digits[0] == '0') {
        digits++;
        n--;
    }
    while (n > 0 && digits[n - 1] == '0') {
        n--;
        exponent++;
    }
    u->digits = hash64(slice_of(digits, n));
    u->exponent = n > 0 ? exponent : 0;
    u->flags |= TOKEN_NUMBER;
}

/* Currency before or behind, per cent behind, a minus before: they belong to the figure. */
static void read_sign(const struct reader *r, struct diff_unit *u)
{
    size_t least = r->n_units > 0 ? r->units[r->n_units - 1].end : r->base;
    size_t at = u->start, behind = u->end;
    uint32_t code = at > least ? code_before(r->text, at, &at) : 0;
    uint32_t after = behind < r->text.len ? text_next_code(r->text, &behind) : 0;

    if (after == ' ' && behind < r->text.len)
        after = text_next_code(r->text, &behind);
    /* "$5" behind it has its own. */
    if (is_currency_or_percent(after) && !text_is_digit(code_at(r->text, behind))) {
        u->sign = after;
        u->end = (uint32_t)behind;
    }
    if (is_currency_or_percent(code)) {
        u->sign = code;
        u->start = (uint32_t)at;
        code = at > least ? code_before(r->text, at, &at) : 0;
    }
    if (code == 0x2212 || code == '-') {
        size_t before = at;

        code = at > least ? code_before(r->text, at, &before) : ' ';
        if (code == ' ' || code == '(' || code == '\n') {
            u->sign |= SIGN_NEGATIVE;
            u->start = (uint32_t)at;
        }
    }
}

static void finish_number(struct reader *r, struct diff_unit *u)
{
    read_sign(r, u);
    u->hash = hash64_mix(hash64_mix(u->digits, (uint64_t)(int64_t)u->exponent), u->sign);
    r->units[r->n_units++] = *u;
}

/* The figure at token i; returns the next token. */
static size_t read_figure(struct reader *r, size_t i)
{
    struct figure f = {.n_digits = 0};
    size_t next = i + read_groups(r, i, &f);
    struct diff_unit u = {.folded = r->tokens[i].folded,
                          .start = (uint32_t)start_of(r, i),
                          .flags = r->tokens[i].flags &
                                   (TOKEN_SENTENCE | TOKEN_PARAGRAPH | TOKEN_GLUED)};

    next = read_magnitudes(r, next, &f);
    u.end = (uint32_t)f.end;
    if (f.is_loose)
        u.flags |= UNIT_LOOSE;
    if (f.is_year)
        u.flags |= UNIT_YEAR;
    if (f.is_too_long) {
        u.digits = hash64(slice_sub(r->text, u.start, u.end - u.start));
        u.flags |= TOKEN_NUMBER;
    } else {
        settle_number(&u, f.digits, f.n_digits, f.exponent);
    }
    finish_number(r, &u);
    u = (struct diff_unit){.hash = hash64(f.tail),
                           .folded = f.tail,
                           .start = r->units[r->n_units - 1].end,
                           .end = (uint32_t)end_of(r, next - 1),
                           .flags = TOKEN_GLUED | UNIT_BESIDE};
    if (f.tail.len > 0 && u.end > u.start)
        r->units[r->n_units++] = u;
    return next;
}

/* ---- Han numerals ---------------------------------------------------------------------------- */

static bool is_han_numeral(const struct reader *r, size_t i)
{
    int power;

    return i < r->n_tokens && (r->tokens[i].flags & TOKEN_CJK) != 0 &&
           (diff_han_digit(r->tokens[i].folded, &power) >= 0 || power > 0);
}

/* The Han numeral at token i; returns the next token, or i when it is none. */
static size_t read_han(struct reader *r, size_t i)
{
    size_t end = i, n = 0;
    int power;
    uint64_t value;
    char digits[24];
    struct diff_unit u = {.folded = r->tokens[i].folded, .flags = r->tokens[i].flags};

    (void)diff_han_digit(r->tokens[i].folded, &power);
    if (power >= 4)
        return i;
    while (end < i + DIGITS_MAX && is_han_numeral(r, end) &&
           (end == i || (r->tokens[end].flags & TOKEN_GLUED) != 0))
        end++;
    if (!diff_han_value(r->tokens + i, end - i, &value))
        return i;
    for (uint64_t rest = value; rest > 0; rest /= 10)
        n++;
    for (size_t k = n; k > 0; k--, value /= 10)
        digits[k - 1] = (char)('0' + value % 10);
    u.start = (uint32_t)start_of(r, i);
    u.end = (uint32_t)end_of(r, end - 1);
    if (end == i + 1)
        u.flags |= UNIT_WEAK;
    settle_number(&u, digits, n, 0);
    finish_number(r, &u);
    return end;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* A token that came out of the same character as the one before: one unit for both. */
static bool join_overlap(struct reader *r, size_t i)
{
    struct diff_unit *last = r->n_units > 0 ? &r->units[r->n_units - 1] : NULL;

    if (last == NULL || start_of(r, i) >= last->end)
        return false;
    last->hash = hash64_mix(last->hash, r->tokens[i].hash);
    if (end_of(r, i) > last->end)
        last->end = (uint32_t)end_of(r, i);
    return true;
}

static void read_gap(const struct reader *r, size_t i)
{
    struct diff_unit *u = &r->units[i];
    size_t at, start;
    uint32_t code;

    if (i == 0 || u->start <= u[-1].end) {
        u->flags |= i > 0 ? UNIT_BESIDE : 0;
        return;
    }
    at = u[-1].end;
    code = text_next_code(r->text, &at);
    if (at == u->start && (code == ' ' || code == '-' || code == 0xA0 || code == 0x202F))
        u->flags |= UNIT_BESIDE;
    code = code_before(r->text, u->start, &start);
    if (code == '\'' || code == 0x2019)
        u->flags |= UNIT_QUOTE;
}

enum ww_status diff_units_read(struct slice text, size_t start, size_t end, struct arena *arena,
                               struct diff_unit_list *out, struct ww_error *err)
{
    struct reader r = {.text = slice_head(text, end), .base = start};
    struct token_list list;
    enum ww_status status = token_scan(slice_sub(text, start, end - start), arena, &list, err);

    *out = (struct diff_unit_list){0};
    if (status != WW_OK)
        return status;
    r.tokens = list.tokens;
    r.n_tokens = list.n_tokens;
    /* A token makes two units at most: 5km. */
    r.units = arena_array(arena, 2 * list.n_tokens + 1, sizeof(*r.units));
    if (r.units == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < r.n_tokens;) {
        const struct token *t = &r.tokens[i];
        size_t next = i, before = r.n_units;

        if (join_overlap(&r, i)) {
            i++;
            continue;
        }
        if (is_figure(&r, i))
            next = read_figure(&r, i);
        else if (is_han_numeral(&r, i))
            next = read_han(&r, i);
        if (next == i) {
            r.units[r.n_units++] = (struct diff_unit){.hash = t->hash,
                                                      .folded = t->folded,
                                                      .start = (uint32_t)start_of(&r, i),
                                                      .end = (uint32_t)end_of(&r, i),
                                                      .flags = t->flags};
            next++;
        }
        read_gap(&r, before);
        i = next;
    }
    *out = (struct diff_unit_list){r.units, r.n_units};
    return WW_OK;
}

bool diff_units_same_number(const struct diff_unit *a, const struct diff_unit *b)
{
    const uint32_t x = a->sign & ~SIGN_NEGATIVE, y = b->sign & ~SIGN_NEGATIVE;

    if (a->digits != b->digits || ((a->sign ^ b->sign) & SIGN_NEGATIVE) != 0)
        return false;
    if (a->exponent != b->exponent && ((a->flags | b->flags) & UNIT_LOOSE) == 0)
        return false;
    return x == y || x == 0 || y == 0;
}
