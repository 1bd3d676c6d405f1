/* author_clean.c - the names in a byline: labels, roles, dates and handles around them go. */
#include "extractors/author.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/text.h"
#include "extractors/author_words.h"

#include <string.h>

/* A byline is no longer, nor is a name. */
#define BYLINE_MAX_BYTES 240
#define NAME_MAX_BYTES 70
#define NAME_MAX_WORDS 6
/* How often the words around an "and" of one byline are looked at: real ones have three. */
#define PARTS_MAX 24
/* Between two names; more is something that was left out. */
#define JOINT_MAX_BYTES 6
/* Han and kana of one name. */
#define CJK_NAME_MAX_BYTES 18

/* What is behind a name: cut from there on. */
static const char *const enders[] = {
    "\n",
    "\t",
    " | ",
    "|",
    " · ",
    " • ",
    " ∙ ",
    " – ",
    " — ",
    " - ",
    " ‧ ",
    " @",
    ". reviewed",
    ". edited",
    " on behalf of ",
    " reviewed by",
    " edited by",
    " updated",
    " published",
    " posted",
    " veröffentlicht",
    " on ",
    " am ",
    " in ",
    " at ",
    " aus ",
    " für ",
    " vor ",
    " shares",
    " min read",
    " follow",
    "»",
    "›",
    " il ",
    " le ",
    " el ",
    " op ",
    " dne ",
    " - ",
    "（",
    "　",
};

static const char *const joints[] = {
    ";",     ",",   " and ", " & ",  " und ", " et ",  " y ",  " e ",
    " en ",  " i ", " a ",   " és ", " og ",  " och ", " и ",  " with ",
    " mit ", " / ", "/",     "、",   "，",    "；",    " ve ", " و",
};

/* Is it in a list with bars between the words? */
static bool is_one_of(struct slice word, const char *list)
{
    const char *end;

    for (;; list = end + 1) {
        end = strchr(list, '|');
        if (end == NULL)
            return slice_equal_nocase(word, slice_from(list));
        if ((size_t)(end - list) == word.len && slice_equal_nocase(word, slice_of(list, word.len)))
            return true;
    }
}

/* White space of ASCII, and the no-break space. */
static struct slice trim(struct slice s)
{
    s = slice_trim(s);
    while (slice_starts(s, SLICE("\u00a0")) || slice_starts(s, SLICE("\u3000")))
        s = slice_trim(slice_skip(s, slice_starts(s, SLICE("\u00a0")) ? 2 : 3));
    return s;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static bool is_high(char c)
{
    return (unsigned char)c >= 0x80;
}

/* What may stand between a label and the name; *n: its bytes. */
static bool is_colon(struct slice s, size_t *n)
{
    static const char *const colons[] = {":", "：", "|", "丨", "｜", "/", "／", "＝", "・"};

    for (size_t i = 0; i < WW_COUNT(colons); i++)
        if (slice_starts(s, slice_from(colons[i]))) {
            *n = strlen(colons[i]);
            return true;
        }
    return false;
}

/* Bytes of the label at the begin of s with what follows it; 0: none. */
static size_t label_at(struct slice s)
{
    struct slice list = slice_from(labels), label;
    size_t best = 0;

    while (slice_next(&list, '|', &label)) {
        struct slice rest;
        size_t n = 0, len;
        bool is_cjk;

        if (s.len < label.len || label.len <= best || !slice_starts_nocase(s, label))
            continue;
        rest = trim(slice_skip(s, label.len));
        len = s.len - rest.len;
        is_cjk = (unsigned char)label.ptr[0] >= 0xE0;
        if (label.ptr[label.len - 1] == ':')
            best = len;
        else if (rest.len == 0 && !is_one_of(label, needs_colon))
            best = s.len;
        else if (is_colon(rest, &n))
            best = len + n;
        else if (!is_one_of(label, needs_colon) && (len > label.len || is_cjk))
            best = len;
    }
    return best;
}

bool author_cut_label(struct slice *text)
{
    struct slice s = trim(*text);
    bool is_cut = false;

    for (int rounds = 0; rounds < 3; rounds++) {
        size_t n;

        while (s.len > 0 && strchr("~-|:>*([", s.ptr[0]) != NULL)
            s = trim(slice_skip(s, 1));
        while (slice_starts(s, SLICE("—")) || slice_starts(s, SLICE("–")) ||
               slice_starts(s, SLICE("（")) || slice_starts(s, SLICE("•")) ||
               slice_starts(s, SLICE("【")))
            s = trim(slice_skip(s, 3));
        n = label_at(s);
        if (n == 0)
            break;
        s = trim(slice_skip(s, n));
        is_cut = true;
    }
    *text = s;
    return is_cut;
}

bool author_is_label(struct slice text)
{
    struct slice s = trim(text);

    if (s.len < 2 || s.len > 40)
        return false;
    return (author_cut_label(&s) && s.len == 0) || is_one_of(trim(text), needs_colon);
}

struct slice author_after_label(struct slice line)
{
    static const char *const words[] = {
        " by ",      " By ",     " BY ",     " von ",       " Von ",  " par ",  " Par ",
        " por ",     " Por ",    " door ",   " Door ",      "By: ",   "by: ",   "Autor: ",
        "Author: ",  "Auteur: ", "Autore: ", "Redaktion: ", "Text: ", "作者：", "作者:",
        "记者：",    "记者:",    "記者：",   "بقلم: ",      "بقلم ",  " di ",   " przez ",
        "Autorin: ", "·By ",     "Szerző: ", "文／",        "文・",   " 记者 ", " 記者 ",
        "Автор: ",   "글=",      "글: ",
    };
    struct slice found = {"", 0};
    size_t best = line.len;

    for (size_t i = 0; i < WW_COUNT(words); i++) {
        size_t at = slice_find(line, slice_from(words[i]));

        if (at < best) {
            best = at;
            found = slice_skip(line, at + strlen(words[i]));
        }
    }
    return trim(found);
}

/* ---- one name -------------------------------------------------------------------------------- */

struct form {
    size_t n_words, n_capital, n_small, n_digits;
    bool is_cjk, has_desk, has_role, has_junk, is_particle_first, ends_in_label;
};

static bool is_host(struct slice word)
{
    size_t dot = slice_find_last_char(word, '.');

    return dot < word.len && dot > 2 && word.len - dot > 2;
}

static struct form form_of(struct slice s)
{
    struct form f = {0};
    struct slice rest = s, word;
    size_t at = 0;

    f.is_cjk = s.len > 0 && text_is_cjk(text_next_code(s, &at));
    /* One word more than a name has is enough to know. */
    while (f.n_words <= NAME_MAX_WORDS && slice_next(&rest, ' ', &word)) {
        uint32_t first;
        bool is_particle;

        while (word.len > 0 && strchr(",.;:()\"'", word.ptr[word.len - 1]) != NULL &&
               !is_one_of(word, desk_words))
            word.len--;
        if (word.len == 0)
            continue;
        f.n_words++;
        at = 0;
        first = text_next_code(word, &at);
        f.has_desk = f.has_desk || is_one_of(word, desk_words) ||
                     is_one_of(slice_skip(word, slice_find_last_char(word, '-') + 1), desk_words);
        f.has_role = f.has_role || is_one_of(word, roles);
        f.has_junk = f.has_junk || is_one_of(word, junk);
        is_particle = is_one_of(word, particles);
        if (text_is_upper(first) || first >= 0x590)
            f.n_capital++;
        else if (!is_particle && !(word.len > 2 && (word.ptr[1] == '\'' || word.ptr[2] == '\'')))
            f.n_small++;
        f.ends_in_label = f.n_words > 1 && is_one_of(word, lone_labels);
        if (f.n_words == 1 && is_particle && !text_is_upper(first))
            f.is_particle_first = true;
        for (size_t i = 0; i < word.len; i++)
            f.n_digits += ascii_is_digit(word.ptr[i]);
    }
    return f;
}

static bool has_odd_character(struct slice s, enum author_trust trust)
{
    const char *odd =
        trust != AUTHOR_GUESSED ? "@/\\<>[]{}:;?!=+*#|\"" : "@/\\<>[]{}:;?!=+*#|\"_%$&";

    for (size_t i = 0; i < s.len; i++)
        if (strchr(odd, s.ptr[i]) != NULL)
            return true;
    return slice_contains(s, SLICE("…")) || slice_contains(s, SLICE("：")) ||
           slice_contains(s, SLICE("！")) || slice_contains(s, SLICE("。")) ||
           slice_contains(s, SLICE("？"));
}

static bool is_person(const struct form *f, struct slice s)
{
    if (f->is_cjk)
        return s.len >= 6 && s.len <= CJK_NAME_MAX_BYTES;
    return f->n_words >= 2 && f->n_words <= 5 && f->n_small == 0 && f->n_capital >= 2 &&
           f->n_digits == 0 && !f->has_desk && !f->has_role;
}

static bool is_name(struct slice s, const struct form *f, enum author_trust trust)
{
    if (s.len < 2 || s.len > NAME_MAX_BYTES || f->n_words > NAME_MAX_WORDS || f->has_junk ||
        has_odd_character(s, trust) || is_one_of(s, nobody) || f->n_words == 0)
        return false;
    if (f->is_cjk)
        return s.len >= 6 && s.len <= CJK_NAME_MAX_BYTES + (trust != AUTHOR_GUESSED ? 12 : 0);
    if (trust == AUTHOR_GUESSED)
        return s.len >= 3 && f->n_small == 0 && f->n_capital > 0 && f->n_digits == 0 &&
               !f->is_particle_first && !is_host(s);
    if (f->n_digits > 4 || (f->n_digits > 0 && (f->n_words > 1 || ascii_is_digit(s.ptr[0]))))
        return false;
    return f->n_words == 1 || f->n_small * 2 <= f->n_words || f->has_desk ||
           (trust == AUTHOR_STATED && f->n_words <= 3);
}

/* "John F.", "Sammy Davis Jr.", "Ph.D.": the dot is the name's. */
static bool ends_in_initial(struct slice s)
{
    return slice_ends(s, SLICE(" Jr.")) || slice_ends(s, SLICE(" Sr.")) ||
           slice_ends(s, SLICE("e.V.")) || slice_ends(s, SLICE(".D.")) ||
           slice_ends(s, SLICE(" Inc.")) ||
           (s.len > 3 && s.ptr[s.len - 1] == '.' && s.ptr[s.len - 3] == ' ');
}

static struct slice strip(struct slice s)
{
    static const char *const dashes[] = {"—", "–", "→", "»", "›", "•", "·", "／", "】", "）"};

    s = trim(s);
    while (s.len > 0 && strchr("~-|:>*.,;", s.ptr[0]) != NULL)
        s = trim(slice_skip(s, 1));
    while (s.len > 0 && strchr(",.;:|-(", s.ptr[s.len - 1]) != NULL && !ends_in_initial(s))
        s = trim(slice_head(s, s.len - 1));
    for (size_t i = 0; i < WW_COUNT(dashes); i++)
        if (slice_ends(s, slice_from(dashes[i])))
            s = trim(slice_head(s, s.len - strlen(dashes[i])));
    if (s.len > 1 && s.ptr[s.len - 1] == ')' && slice_find_char(s, '(') == s.len)
        s = trim(slice_head(s, s.len - 1));
    return s;
}

/* "Ana Silva Writer": the role goes when a person's name is left. */
static struct slice cut_role(struct slice s)
{
    for (;;) {
        size_t at = slice_find_last_char(s, ' ');
        struct slice left = trim(slice_head(s, at));
        struct form f = form_of(left);

        if (at >= s.len || f.n_words < 2 || !is_one_of(slice_skip(s, at + 1), roles))
            return s;
        s = left;
    }
}

/* "MD", "PhD", "RD", "CEPF®", "Jr.": belongs to the name before it. */
static bool is_credential(struct slice s)
{
    return is_one_of(s, credentials);
}

/* ---- lists of names -------------------------------------------------------------------------- */

/* Cut what is behind the names; the name itself may begin with what an ender is. */
static struct slice cut_end(struct slice s)
{
    struct date date;
    struct slice found;

    for (size_t i = 0; i < WW_COUNT(enders); i++) {
        size_t at = slice_find_nocase(s, slice_from(enders[i]));

        if (at > 1 && at < s.len)
            s = slice_head(s, at);
    }
    if (date_find(s, DATE_ORDER_UNKNOWN, &date, &found)) {
        size_t at = (size_t)(found.ptr - s.ptr);

        s = at > 2 ? slice_head(s, at) : slice_skip(s, at + found.len);
    }
    return strip(s);
}

static bool is_list_word(const char *joint)
{
    return strchr(",;/", joint[0]) == NULL && !is_high(joint[0]);
}

/* Does the word part two names, or is it inside one ("Bildung und Forschung", "Research and X")? */
static bool parts_names(struct slice left, struct slice right, const char *joint)
{
    size_t end = right.len;
    struct form l, r;

    for (size_t i = 0; i < WW_COUNT(joints); i++) {
        size_t at = slice_find_nocase(right, slice_from(joints[i]));

        end = at < end ? at : end;
    }
    left = strip(left);
    right = strip(slice_head(right, end));
    l = form_of(left);
    r = form_of(right);
    if (l.is_cjk)
        return true;
    if (l.has_desk || r.has_desk || l.n_words == 0)
        return false;
    if (strlen(joint) <= 3)
        return is_person(&l, left) && is_person(&r, right);
    return (is_person(&l, left) && is_person(&r, right)) ||
           (l.n_words == 1 && r.n_words == 1 && l.n_capital == 1 && r.n_capital == 1) ||
           (l.n_words == 1 && is_person(&r, right) && l.n_capital == 1);
}

/* Where the next piece ends and the joint behind it. */
static size_t find_joint(struct slice s, size_t *len, size_t *n_tries)
{
    size_t best = s.len;

    *len = 0;
    for (size_t i = 0; i < WW_COUNT(joints); i++) {
        struct slice joint = slice_from(joints[i]);
        size_t from = 0;

        for (;;) {
            size_t at = from + slice_find_nocase(slice_skip(s, from), joint);

            if (at >= best)
                break;
            if (!is_list_word(joints[i]) ||
                ((*n_tries)++ < PARTS_MAX &&
                 parts_names(slice_head(s, at), slice_skip(s, at + joint.len), joints[i]))) {
                best = at;
                *len = joint.len;
                break;
            }
            from = at + joint.len;
        }
    }
    return best;
}

static bool is_known(const struct author_names *names, struct slice s)
{
    for (size_t i = 0; i < names->n; i++)
        if (slice_equal_nocase(names->list[i].text, s))
            return true;
    return false;
}

/* One piece between joints; false: what follows is no name either. */
static bool add_piece(struct author_names *out, struct slice piece, enum author_trust trust)
{
    struct slice s = trust == AUTHOR_STATED ? strip(piece) : cut_role(strip(piece));
    struct form f;
    struct author_name *last = out->n > 0 ? &out->list[out->n - 1] : NULL;

    if (s.len == 0 || is_known(out, s))
        return true;
    if (slice_starts_nocase(s, SLICE("and ")))
        s = trim(slice_skip(s, 4));
    if (last != NULL && is_credential(s)) {
        last->text.len = (size_t)(s.ptr + s.len - last->text.ptr);
        return true;
    }
    if (is_one_of(s, agencies) && last != NULL)
        return true;
    f = form_of(s);
    if (f.ends_in_label)
        return false;
    /* Behind a full name one word is a city or an outlet. */
    if (last != NULL && out->is_person && f.n_words == 1 && !f.is_cjk)
        return true;
    if (last != NULL && (f.has_role || f.has_desk || f.n_small > 0))
        return false;
    if (!is_name(s, &f, trust))
        return false;
    if (out->n == AUTHOR_NAMES_MAX)
        return false;
    out->list[out->n] = (struct author_name){
        s, {"", 0}
    };
    if (last != NULL) {
        struct slice joint = slice_of(last->text.ptr + last->text.len,
                                      (size_t)(s.ptr - last->text.ptr) - last->text.len);

        out->list[out->n].joint = joint.len <= JOINT_MAX_BYTES ? joint : SLICE("; ");
    }
    out->is_desk = out->is_desk || f.has_desk || (f.n_words == 1 && is_host(s));
    out->is_person = out->is_person || is_person(&f, s);
    out->is_account = out->n == 0 && f.n_words == 1 && f.n_capital == 0;
    out->n++;
    return true;
}

/* "Di Stefano", "von Trapp": the first word is a label elsewhere. */
static bool is_particle_name(struct slice s)
{
    size_t at = slice_find_char(s, ' ');

    return at < s.len && is_one_of(slice_head(s, at), particles) &&
           slice_find_char(slice_skip(s, at + 1), ' ') == s.len - at - 1;
}

void author_clean(struct slice text, enum author_trust trust, struct author_names *out)
{
    struct slice rest = trim(text);
    size_t n_tries = 0;

    *out = (struct author_names){.n = 0};
    if (rest.len > BYLINE_MAX_BYTES || slice_contains(rest, SLICE("://")) ||
        slice_contains_nocase(rest, SLICE("www.")))
        return;
    if (trust != AUTHOR_STATED || !is_particle_name(rest))
        (void)author_cut_label(&rest);
    rest = cut_end(rest);
    if (trust == AUTHOR_GUESSED)
        rest = slice_head(rest, slice_find(rest, SLICE(" (")));
    while (rest.len > 0) {
        size_t len;
        size_t at = find_joint(rest, &len, &n_tries);

        if (!add_piece(out, slice_head(rest, at), trust))
            break;
        rest = slice_skip(rest, at + len);
    }
}
