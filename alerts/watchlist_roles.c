/* watchlist_roles.c - roles and strengths of terms, by name. */
#include "alerts/watchlist_roles.h"

#include "base/attrs.h"

/* Sorted by name; what is not here and does not end in "term" is no role. */
static const struct {
    const char *name;
    enum term_role role;
    bool has_state; /* "name:STATE" */
    bool is_late;
} roles[] = {
    {"abroad",      ROLE_ABROAD,      false, false},
    {"anaphor",     ROLE_ANAPHOR,     false, false},
    {"anchor",      ROLE_ANCHOR,      false, false},
    {"aside",       ROLE_ASIDE,       false, true },
    {"body",        ROLE_BODY,        false, false},
    {"boilerplate", ROLE_BOILERPLATE, false, false},
    {"bound",       ROLE_BOUND,       true,  true },
    {"bystander",   ROLE_BYSTANDER,   false, false},
    {"caption",     ROLE_CAPTION,     false, false},
    {"context",     ROLE_ANCHOR,      false, false}, /* beside it a weak term counts too */
    {"counter",     ROLE_COUNTER,     false, true },
    {"countries",   ROLE_COUNTRIES,   false, true },
    {"dateline",    ROLE_DATELINE,    false, false},
    {"fiction",     ROLE_FICTION,     false, false},
    {"follow",      ROLE_FOLLOW,      false, false},
    {"hedge",       ROLE_HEDGE,       false, true },
    {"locative",    ROLE_LOCATIVE,    false, true },
    {"metonym",     ROLE_METONYM,     false, false},
    {"negation",    ROLE_NEGATION,    false, true },
    {"operation",   ROLE_OPERATION,   false, false},
    {"ordinary",    ROLE_ORDINARY,    false, true },
    {"origin",      ROLE_ORIGIN,      false, false},
    {"saying",      ROLE_SAYING,      false, true },
    {"speaker",     ROLE_SPEAKER,     true,  true },
    {"status",      ROLE_STATUS,      true,  true },
    {"unreal",      ROLE_UNREAL,      false, true },
    {"veto",        ROLE_VETO,        false, false},
    {"word",        ROLE_WORD,        true,  false},
};

const char watch_role_unknown[] =
    "no such role; wirewatch-watchlist(5) has them, and any name that ends in \"term\" is one";

static const struct {
    const char *name;
    enum term_strength strength;
} strengths[] = {
    {"",           STRENGTH_STRONG },
    {"line-start", STRENGTH_STRONG },
    {"strong",     STRENGTH_STRONG },
    {"topical",    STRENGTH_TOPICAL},
    {"weak",       STRENGTH_WEAK   },
};

bool watch_role_parse(struct slice name, struct watch_term *out)
{
    const size_t colon = slice_find_char(name, ':');

    for (size_t i = 0; i < WW_COUNT(roles); i++) {
        if (!slice_equal_nocase(slice_head(name, colon), slice_from(roles[i].name)) ||
            roles[i].has_state != (colon < name.len))
            continue;
        out->role = roles[i].role;
        out->state = roles[i].has_state ? slice_trim(slice_skip(name, colon + 1)) : SLICE("");
        return !roles[i].has_state || out->state.len > 0;
    }
    out->role = ROLE_TERM;
    return slice_ends_nocase(name, SLICE("term"));
}

bool watch_strength_parse(struct slice name, enum term_strength *out)
{
    for (size_t i = 0; i < WW_COUNT(strengths); i++)
        if (slice_equal_nocase(name, slice_from(strengths[i].name))) {
            *out = strengths[i].strength;
            return true;
        }
    return false;
}

bool watch_role_is_late(enum term_role role)
{
    for (size_t i = 0; i < WW_COUNT(roles); i++)
        if (roles[i].role == role)
            return roles[i].is_late;
    return false;
}
