/*
 * url_canonical.c - one form for all the addresses of an article.
 *
 * Levelled: what RFC 3986 (6.2.2, 6.2.3) calls equivalent, and what publishers add: repeated
 * slashes, the order of parameters, parameters that only say where the reader came from.
 */
#include "base/ascii.h"
#include "base/url.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/short_key.h"

#include <stdlib.h>
#include <string.h>

/* ---- parameters that name the reader's way, not the article ---------------------------------- */

/* Compared without case, whole names. Campaign tools, mail tools, shares, sessions; sorted. */
static const char *const trackers[] = {
    "__s",
    "__source",
    "__twitter_impression",
    "__vfz",
    "_branch_match_id",
    "_branch_referrer",
    "_bhlid",
    "_ga",
    "_gl",
    "_ke",
    "_kx",
    "_openstat",
    "ad_id",
    "adid",
    "affiliate",
    "amp_js_v",
    "asgtbndr",
    "bbeml",
    "campaign",
    "campaign_id",
    "campaignid",
    "ck_subscriber_id",
    "clickid",
    "cmp",
    "cmpid",
    "cndid",
    "cvid",
    "dicbo",
    "dm_i",
    "echobox",
    "ef_id",
    "epik",
    "esid",
    "et_rid",
    "feedname",
    "feedtype",
    "ftag",
    "gaa_at",
    "gaa_n",
    "gaa_sig",
    "gaa_ts",
    "gbraid",
    "gs_l",
    "guccounter",
    "icid",
    "igsh",
    "igshid",

    "intcid",
    "intcmp",
    "irclickid",
    "irgwc",
    "ito",
    "jsessionid",
    "li_fat_id",
    "mbid",
    "mibextid",
    "ml_subscriber",
    "ml_subscriber_hash",

    "ncid",
    "ocid",
    "outputtype",
    "partnerid",
    "phpsessid",
    "promoid",
    "rb_clickid",

    "redirectedfrom",
    "rss",
    "s_cid",
    "s_kwcid",
    "sa_campaign",
    "sc_campaign",
    "sc_channel",
    "sc_customer",
    "sc_eh",
    "sc_uid",

    "scm",
    "sessionid",
    "share_id",
    "share_source",
    "share_token",
    "smid",
    "sms_click",
    "smprod",
    "smtyp",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "sref",
    "srsltid",
    "ss_email_id",
    "taid",
    "tpcc",
    "trackid",
    "tracking",
    "tracking_id",
    "tracking_source",
    "tw_i",
    "unicorn_click_id",
    "user_email_address",
    "vgo_ee",
    "wbraid",
    "wickedid",
    "wtrid",
    "xtor",
};

/* Families: a name that begins so. */
static const char *const tracker_families[] = {
    "utm_", "utm.",           "mtm_",         "matomo_",     "pk_",     "piwik_",    "ga_",
    "at_",  "itm_",           "otm_",         "ns_",         "oly_",    "__hs",      "_hs",
    "hsa_", "hscta",          "vero_",        "guce_",       "mc_",     "ml_",       "mkt_",
    "fb_",  "hmb_",           "wt_",          "wt.",         "trk_",    "oft_",      "bsft_",
    "elq",  "action_object_", "action_type_", "action_ref_", "gad_",    "cm_mmc",    "stm_",
    "vn_",  "dpg_",           "pf_rd_",       "tblci",       "obclick", "sailthru_",
};

/* Ends so: fbclid, gclid, yclid, ttclid, msclkid and their like. */
static const char *const tracker_endings[] = {"clid", "clkid", "clsrc", "_campaign"};

/* Names that other sites use for their articles: trackers unless the value is a plain number. */
static const char *const weak_trackers[] = {
    "ref",        "ref_src", "ref_url", "referer",        "referrer",    "source", "src",
    "from",       "feature", "medium",  "partner",        "share",       "via",    "mod",
    "fromsource", "origin",  "output",  "traffic_source", "syndication",
};

static bool is_in(const char *const *names, size_t n, struct slice name)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(slice_from(names[i]), name))
            return true;
    return false;
}

static bool is_number(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

static bool is_tracker(struct slice name, struct slice value)
{
    if (is_in(trackers, WW_COUNT(trackers), name))
        return true;
    for (size_t i = 0; i < WW_COUNT(tracker_families); i++)
        if (slice_starts_nocase(name, slice_from(tracker_families[i])))
            return true;
    for (size_t i = 0; i < WW_COUNT(tracker_endings); i++)
        if (slice_ends_nocase(name, slice_from(tracker_endings[i])))
            return true;
    return is_in(weak_trackers, WW_COUNT(weak_trackers), name) && !is_number(value);
}

/* ---- percent-encoding ------------------------------------------------------------------------ */

/* The byte that "%XX" at s[i] stands for, or -1. */
static int escaped_byte(struct slice s, size_t i)
{
    int high = i + 2 < s.len && s.ptr[i] == '%' ? ascii_hex(s.ptr[i + 1]) : -1;
    int low = high >= 0 ? ascii_hex(s.ptr[i + 2]) : -1;

    return low >= 0 ? high * 16 + low : -1;
}

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != 0 && strchr("-._~", c) != NULL);
}

/*
 * A byte is written plain when it is unreserved or among `plain`; when it is among `kept` it stays
 * as it was written, plain or escaped, because the two may differ.
 */
static void add_levelled(struct buf *out, struct slice s, const char *plain, const char *kept)
{
    for (size_t i = 0; i < s.len; i++) {
        int escaped = escaped_byte(s, i);
        unsigned char c = escaped >= 0 ? (unsigned char)escaped : (unsigned char)s.ptr[i];
        bool is_plain = is_unreserved(c) || (c != 0 && strchr(plain, c) != NULL) ||
                        (escaped < 0 && c != 0 && strchr(kept, c) != NULL);

        if (is_plain)
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
        if (escaped >= 0)
            i += 2;
    }
}

/* ---- the parts ------------------------------------------------------------------------------- */

static void add_host(struct buf *out, const struct url *u, struct slice host)
{
    static const struct {
        const char *scheme, *port;
    } defaults[] = {
        {"http",  "80" },
        {"https", "443"},
    };
    bool is_default = u->port.len == 0;

    for (size_t i = 0; i < WW_COUNT(defaults); i++)
        is_default |= slice_equal_nocase(u->scheme, slice_from(defaults[i].scheme)) &&
                      slice_equal(u->port, slice_from(defaults[i].port));
    buf_add_string(out, "//");
    add_levelled(out, host, "[]:", "");
    if (!is_default) {
        buf_add_char(out, ':');
        buf_add(out, u->port);
    }
}

/* One check at the end is enough: what a buffer had no memory for, the arena did not get. */
static void pass_on(const struct buf *b, struct arena *arena)
{
    arena->failed = arena->failed || b->status != WW_OK;
}

/*
 * Levelled, runs of slashes made one, session ids out; dot segments go when it is resolved again.
 */
static struct slice level_path(struct slice path, struct arena *arena)
{
    struct buf level;
    struct slice result = {NULL, 0};
    size_t session = slice_find_nocase(path, SLICE(";jsessionid="));
    char *copy;
    size_t len = 0;

    buf_init(&level, (size_t)3 * 3 * URL_MAX_BYTES);
    add_levelled(&level, slice_head(path, session), "!'()*,:@$", ";=&+/");
    if (level.status == WW_OK) {
        copy = arena_string(arena, buf_slice(&level));
        for (size_t i = 0; copy != NULL && i < level.len; i++)
            if (copy[i] != '/' || len == 0 || copy[len - 1] != '/')
                copy[len++] = copy[i];
        result = slice_of(copy, copy == NULL ? 0 : len);
    }
    pass_on(&level, arena);
    buf_release(&level);
    return result;
}

struct parameter {
    struct slice name, value; /* levelled */
};

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *x = a;
    const struct parameter *y = b;
    int order = slice_compare(x->name, y->name);

    return order != 0 ? order : slice_compare(x->value, y->value);
}

/* In a query every byte but the separators means the same plain or escaped, and '+' is a blank. */
static struct slice level_parameter(struct slice s, struct arena *arena)
{
    struct buf level;
    struct slice piece, result;

    buf_init(&level, (size_t)3 * 3 * URL_MAX_BYTES);
    for (bool is_first = true; slice_next(&s, '+', &piece); is_first = false) {
        if (!is_first)
            buf_add_string(&level, "%20");
        add_levelled(&level, piece, "!'()*,:@$/?;[]", "");
    }
    result = level.status == WW_OK ? arena_copy(arena, buf_slice(&level)) : (struct slice){NULL, 0};
    pass_on(&level, arena);
    buf_release(&level);
    return result;
}

static void add_query(struct buf *out, struct slice query, struct arena *arena)
{
    struct parameter *list = NULL;
    size_t n = 0;
    size_t capacity = 0;
    struct slice piece;

    while (slice_next(&query, '&', &piece)) {
        struct slice name, value;
        size_t equals;

        while (slice_starts_nocase(piece, SLICE("amp;"))) /* "&amp;" that was never decoded */
            piece = slice_skip(piece, 4);
        equals = slice_find_char(piece, '=');
        name = level_parameter(slice_head(piece, equals), arena);
        value = level_parameter(slice_skip(piece, equals + 1), arena);
        if ((name.len == 0 && value.len == 0) || is_tracker(name, value))
            continue;
        list = arena_grow(arena, list, n, &capacity, sizeof(*list));
        if (list == NULL)
            return; /* the arena is marked */
        list[n++] = (struct parameter){name, value};
    }
    if (n > 1)
        qsort(list, n, sizeof(*list), compare_parameters);
    for (size_t i = 0; i < n; i++) {
        buf_add_char(out, i == 0 ? '?' : '&');
        buf_add(out, list[i].name);
        if (list[i].value.len > 0) {
            buf_add_char(out, '=');
            buf_add(out, list[i].value);
        }
    }
}

/* Fragments name a place on a page, except where a script reads its address from them. */
static bool is_address(struct slice fragment)
{
    return fragment.len > 1 && (fragment.ptr[0] == '!' || fragment.ptr[0] == '/');
}

static void add_lower(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_add_char(out, s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + ('a' - 'A'))
                                                             : s.ptr[i]);
}

static enum ww_status finish(struct buf *text, struct arena *arena, struct slice *out,
                             struct ww_error *err)
{
    enum ww_status status = buf_finish(text, err);

    if (status == WW_OK) {
        *out = short_key_of_address(arena_copy(arena, buf_slice(text)), arena);
        status = arena_check(arena, err);
    }
    buf_release(text);
    return status;
}

enum ww_status url_canonical(struct slice url, struct arena *arena, struct slice *out,
                             struct ww_error *err)
{
    struct slice cleaned, host;
    struct buf text;
    struct url u;
    enum ww_status status = url_resolve(url, (struct slice){"", 0}, arena, &cleaned, err);

    *out = (struct slice){"", 0};
    if (status != WW_OK)
        return status;
    url_split(cleaned, &u);
    if (!slice_equal_nocase(u.scheme, SLICE("http")) &&
        !slice_equal_nocase(u.scheme, SLICE("https"))) {
        /* Of other schemes nothing is known that would be the same. */
        *out = short_key(cleaned, arena);
        return arena_check(arena, err);
    }
    host = idn_to_ascii(u.host, arena);
    status = arena_check(arena, err);
    if (status == WW_OK && u.has_authority && host.len == 0) /* of a dot no name is left */
        status = ww_fail(err, WW_INVALID, "an address without a host: %.*s", SLICE_ARG(url));
    if (status == WW_OK && host.len > URL_HOST_ASCII_MAX_BYTES)
        status = ww_fail(err, WW_INVALID, "a host of %zu bytes, limit %d", host.len,
                         URL_HOST_ASCII_MAX_BYTES);
    if (status != WW_OK)
        return status;
    u.path = level_path(u.path, arena);
    buf_init(&text, (size_t)4 * 3 * 3 * URL_MAX_BYTES);
    if (u.scheme.len > 0) {
        add_lower(&text, u.scheme);
        buf_add_char(&text, ':');
    }
    if (u.has_authority)
        add_host(&text, &u, host);
    buf_add(&text, url_plain_path(u.path, arena));
    if (u.has_query)
        add_query(&text, u.query, arena);
    if (is_address(u.fragment)) {
        buf_add_char(&text, '#');
        add_levelled(&text, u.fragment, "!'()*,:@$/?;=&+", "");
    }
    return finish(&text, arena, out, err);
}
