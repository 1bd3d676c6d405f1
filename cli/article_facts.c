/* article_facts.c - how an article is shown. */
#include "cli/article_facts.h"

#include "base/date.h"
#include "cli/output.h"
#include "extractors/blocks.h"
#include "extractors/dateline.h"
#include "storage/store_articles.h"

#include <inttypes.h>

#define CUT_COLUMN 9

/* The place of "+08:00" east of UTC, in seconds. */
static int64_t zone_seconds(struct slice zone)
{
    unsigned long long hours = 0, minutes = 0;

    if (zone.len != 6 || !slice_number(slice_sub(zone, 1, 2), 24, &hours) ||
        !slice_number(slice_sub(zone, 4, 2), 59, &minutes))
        return 0;
    return (zone.ptr[0] == '-' ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
}

static struct slice moment(struct cli *cli, int64_t at, enum date_precision precision,
                           struct slice zone, struct slice source)
{
    static const int digits[] = {[DATE_NONE] = 0, [DATE_YEAR] = 4,    [DATE_MONTH] = 7,
                                 [DATE_DAY] = 10, [DATE_MINUTE] = 10, [DATE_SECOND] = 10};
    char text[DATE_TEXT_BYTES];
    struct slice out;

    if (at == 0 || precision == DATE_NONE)
        return (struct slice){"", 0};
    (void)date_format(at + zone_seconds(zone), text);
    out = arena_printf(&cli->arena, "%.*s", digits[precision], text);
    if (precision >= DATE_MINUTE)
        out = arena_printf(&cli->arena, "%.*s %.*s %.*s", SLICE_ARG(out),
                           precision == DATE_SECOND ? 8 : 5, text + 11,
                           SLICE_ARG(zone.len > 0 ? zone : SLICE("UTC")));
    return source.len == 0
               ? out
               : arena_printf(&cli->arena, "%.*s (%.*s)", SLICE_ARG(out), SLICE_ARG(source));
}

struct slice article_published(struct cli *cli, const struct article_row *a)
{
    return moment(cli, a->published_at, a->published_precision, a->published_zone,
                  a->published_source);
}

/* "Reuters (line), dateline THE HAGUE": whose text it is, and where it was written. */
static struct slice provenance(struct cli *cli, const struct article_row *a)
{
    const struct slice place = dateline_place(a->dateline, &cli->arena);
    struct slice out = a->credit;

    if (out.len > 0 && !slice_equal(a->credit_source, SLICE("dateline")))
        out = arena_printf(&cli->arena, "%.*s (%.*s)", SLICE_ARG(out), SLICE_ARG(a->credit_source));
    if (a->dateline.len == 0)
        return out;
    return arena_printf(&cli->arena, "%.*s%sdateline %.*s", SLICE_ARG(out), out.len > 0 ? ", " : "",
                        SLICE_ARG(place.len > 0 ? place : a->dateline));
}

void article_put_facts(struct cli *cli, const struct article_row *a)
{
    output_fact(cli, "title", a->title);
    output_fact(cli, "author", a->author);
    output_fact(cli, "outlet", a->outlet.len > 0 ? a->outlet : a->site);
    output_fact(cli, "section", a->section);
    output_fact(cli, "address", a->url);
    if (!slice_equal(a->canonical, a->url))
        output_fact(cli, "canonical", a->canonical);
    output_fact(cli, "published", article_published(cli, a));
    output_fact(cli, "modified",
                moment(cli, a->modified_at, a->modified_precision, SLICE(""), a->modified_source));
    output_fact(cli, "language", a->language);
    output_fact(cli, "access", a->access);
    output_fact(cli, "credit", provenance(cli, a));
    output_fact(cli, "original", a->source_url);
    if (!slice_equal(a->text_source, SLICE("page")))
        output_fact(cli, "text from", a->text_source);
}

void article_put_text(struct cli *cli, struct slice text)
{
    struct slice line;

    while (slice_next_line(&text, &line)) {
        output_visible(cli->out, line, 0);
        (void)fputc('\n', cli->out);
    }
}

/* The reason before the colon; empty where there is none, as in what was stored of old. */
static struct slice take_reason(struct slice *line)
{
    const size_t end = slice_find(*line, SLICE(": "));
    const struct slice word = slice_head(*line, end);

    for (enum block_cut why = 1; why < CUT_COUNT && end < line->len; why++)
        if (slice_equal(word, slice_from(block_cut_names[why]))) {
            *line = slice_skip(*line, end + 2);
            return word;
        }
    return (struct slice){"", 0};
}

void article_put_cut(struct cli *cli, struct slice cut)
{
    struct slice line;

    while (slice_next_line(&cut, &line)) {
        struct slice why = take_reason(&line);

        if (line.len == 0)
            continue;
        (void)fprintf(cli->out, "  %-*.*s ", CUT_COLUMN, SLICE_ARG(why));
        output_visible(cli->out, line, 0);
        (void)fputc('\n', cli->out);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static const struct column columns[] = {
    {"id",                  COLUMN_RIGHT },
    {"version",             COLUMN_HIDDEN},
    {"first_seen_at",       0            },
    {"published_at",        0            },
    {"published_precision", COLUMN_HIDDEN},
    {"published_source",    COLUMN_HIDDEN},
    {"published_zone",      COLUMN_HIDDEN},
    {"modified_at",         COLUMN_HIDDEN},
    {"modified_source",     COLUMN_HIDDEN},
    {"fetched_at",          COLUMN_HIDDEN},
    {"outlet",              0            },
    {"language",            0            },
    {"country",             COLUMN_HIDDEN},
    {"title",               COLUMN_WIDE  },
    {"author",              COLUMN_HIDDEN},
    {"section",             COLUMN_HIDDEN},
    {"story",               COLUMN_HIDDEN},
    {"bytes",               COLUMN_HIDDEN},
    {"access",              COLUMN_HIDDEN},
    {"text_source",         COLUMN_HIDDEN},
    {"dateline",            COLUMN_HIDDEN},
    {"credit",              COLUMN_HIDDEN},
    {"credit_source",       COLUMN_HIDDEN},
    {"source_url",          COLUMN_HIDDEN},
    {"provenance",          COLUMN_HIDDEN},
    {"historic",            COLUMN_HIDDEN},
    {"backfill",            COLUMN_HIDDEN},
    {"capture",             COLUMN_HIDDEN},
    {"url",                 COLUMN_HIDDEN},
    {"canonical",           COLUMN_HIDDEN}
};

struct output *article_open_rows(struct cli *cli)
{
    return output_open(cli, columns, WW_COUNT(columns));
}

void article_put_row(struct cli *cli, struct output *o, const struct article_row *a)
{
    output_number(o, a->id);
    output_number(o, a->version);
    output_time(o, a->first_seen_at);
    output_time(o, a->published_at);
    output_string(o, a->published_at != 0 ? date_precision_name(a->published_precision) : NULL);
    output_text(o, a->published_source);
    output_text(o, a->published_zone);
    output_time(o, a->modified_at);
    output_text(o, a->modified_source);
    output_time(o, a->fetched_at);
    output_text(o, a->outlet);
    output_text(o, a->language);
    output_text(o, a->country);
    output_text(o, a->title);
    output_text(o, a->author);
    output_text(o, a->section);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, a->story_id));
    output_number(o, a->text_bytes);
    output_text(o, a->access);
    output_text(o, a->text_source);
    output_text(o, a->dateline);
    output_text(o, a->credit);
    output_text(o, a->credit_source);
    output_text(o, a->source_url);
    output_text(o, a->provenance);
    output_bool(o, a->is_historic);
    if (a->backfill_id != 0)
        output_number(o, a->backfill_id);
    else
        output_none(o);
    output_text(o, a->capture);
    output_text(o, a->url);
    output_text(o, a->canonical);
    output_end_row(o);
}
