/* warc_head.c - named fields, and what they come to. */
#include "feeds/warc_head.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/date.h"

/* WARC, section 4: 0.18 to 1.1, and what comes after them without another first digit. */
bool warc_head_begins(struct slice s)
{
    return s.len >= 8 && slice_starts(s, SLICE("WARC/")) && (s.ptr[5] == '0' || s.ptr[5] == '1') &&
           s.ptr[6] == '.' && ascii_is_digit(s.ptr[7]);
}

static const char *const type_names[WARC_TYPE_COUNT] = {
    [WARC_OTHER] = "other",           [WARC_CONTINUATION] = "continuation",
    [WARC_CONVERSION] = "conversion", [WARC_METADATA] = "metadata",
    [WARC_REQUEST] = "request",       [WARC_RESOURCE] = "resource",
    [WARC_RESPONSE] = "response",     [WARC_REVISIT] = "revisit",
    [WARC_INFO] = "warcinfo",
};

const char *warc_type_name(enum warc_type type)
{
    return type_names[type];
}

static enum warc_type find_type(struct slice name)
{
    for (enum warc_type type = 0; type < WARC_TYPE_COUNT; type++)
        if (slice_equal_nocase(name, slice_from(type_names[type])))
            return type;
    return WARC_OTHER;
}

enum head_field {
    HEAD_LENGTH,
    HEAD_CONTENT_TYPE,
    HEAD_DATE,
    HEAD_PAYLOAD_DIGEST,
    HEAD_PROFILE,
    HEAD_ID,
    HEAD_REFERS_TO_DATE,
    HEAD_REFERS_TO_TARGET,
    HEAD_SEGMENT,
    HEAD_TARGET,
    HEAD_TRUNCATED,
    HEAD_TYPE,
    HEAD_FIELD_COUNT
};

static const char *const field_names[HEAD_FIELD_COUNT] = {
    [HEAD_LENGTH] = "Content-Length",
    [HEAD_CONTENT_TYPE] = "Content-Type",
    [HEAD_DATE] = "WARC-Date",
    [HEAD_PAYLOAD_DIGEST] = "WARC-Payload-Digest",
    [HEAD_PROFILE] = "WARC-Profile",
    [HEAD_ID] = "WARC-Record-ID",
    [HEAD_REFERS_TO_DATE] = "WARC-Refers-To-Date",
    [HEAD_REFERS_TO_TARGET] = "WARC-Refers-To-Target-URI",
    [HEAD_SEGMENT] = "WARC-Segment-Number",
    [HEAD_TARGET] = "WARC-Target-URI",
    [HEAD_TRUNCATED] = "WARC-Truncated",
    [HEAD_TYPE] = "WARC-Type",
};

/* A line that begins with a blank goes on with the one before (RFC 2616, 2.2): made blanks. */
static void unfold(char *head, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (head[i] != '\n' || (head[i + 1] != ' ' && head[i + 1] != '\t'))
            continue;
        head[i] = ' ';
        if (i > 0 && head[i - 1] == '\r')
            head[i - 1] = ' ';
    }
}

static int64_t time_of(struct slice text)
{
    struct date d;

    return text.len > 0 && date_parse(text, &d) ? d.at : 0;
}

/* GNU Wget and Heritrix write addresses as the grammar of WARC/1.0 has them: <http://...>. */
static struct slice address_of(struct slice text)
{
    if (slice_starts(text, SLICE("<")) && slice_ends(text, SLICE(">")))
        return slice_sub(text, 1, text.len - 2);
    return text;
}

/* The first of each counts. */
static void read_fields(struct slice lines, struct slice values[HEAD_FIELD_COUNT])
{
    struct slice line, name;

    while (slice_next(&lines, '\n', &line)) {
        const size_t colon = slice_find_char(line, ':');

        name = slice_trim(slice_head(line, colon));
        if (colon == line.len)
            continue;
        for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
            if (values[i].ptr == NULL && slice_equal_nocase(name, slice_from(field_names[i]))) {
                values[i] = slice_trim(slice_skip(line, colon + 1));
                break;
            }
    }
}

enum ww_status warc_head_parse(char *head, size_t len, struct warc_record *out,
                               struct ww_error *err)
{
    struct slice values[HEAD_FIELD_COUNT] = {
        {NULL, 0}
    };
    struct slice lines = {head, len}, version;
    unsigned long long bytes = 0, segment = 0;

    unfold(head, len);
    if (!slice_next(&lines, '\n', &version) || !warc_head_begins(version))
        return ww_fail(err, WW_INVALID, "a record of no version that is known");
    read_fields(lines, values);
    if (values[HEAD_TYPE].len == 0)
        return ww_fail(err, WW_INVALID, "a record without a type");
    if (!slice_number(values[HEAD_LENGTH], INT64_MAX, &bytes))
        return ww_fail(err, WW_INVALID, "a record without a length: \"%.*s\"",
                       SLICE_ARG(slice_head(values[HEAD_LENGTH], 40)));
    if (!slice_number(values[HEAD_SEGMENT], INT64_MAX, &segment))
        segment = 0;
    *out = (struct warc_record){
        .place = out->place,
        .type = find_type(values[HEAD_TYPE]),
        .bytes = (int64_t)bytes,
        .captured_at = time_of(values[HEAD_DATE]),
        .target = address_of(values[HEAD_TARGET]),
        .content_type = values[HEAD_CONTENT_TYPE],
        .id = values[HEAD_ID],
        .payload_digest = values[HEAD_PAYLOAD_DIGEST],
        .truncated = values[HEAD_TRUNCATED],
        .profile = values[HEAD_PROFILE],
        .refers_to_target = address_of(values[HEAD_REFERS_TO_TARGET]),
        .refers_to_at = time_of(values[HEAD_REFERS_TO_DATE]),
        .segment = (int64_t)segment,
    };
    return WW_OK;
}
