/*
 * letter_test.c - the text of a test mail: what should be seen, who sent it, and what to look at
 * where it came late, looks wrong, or stands among unwanted mail. One list makes both parts.
 */
#include "alerts/mail/letter.h"

#include "alerts/mail/header.h"
#include "alerts/mail/letter_parts.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/markup.h"
#include "base/text.h"
#include "storage/store_outbox.h"

#include <stdbool.h>

enum line_kind { LINE_TEXT, LINE_HEAD, LINE_ITEM };

struct line {
    enum line_kind kind;
    const char *text; /* '%': what fact says */
    enum fact { FACT_NONE, FACT_FROM, FACT_TO, FACT_TIME, FACT_NAME, FACT_DOMAIN, FACT_LIST } fact;
};

static const struct line lines[] = {
    {LINE_TEXT, "This is a test mail of wirewatch: it tells no news and wants no answer.",
     FACT_NONE                                                                                        },
    {LINE_HEAD, "Who sent it",                                                             FACT_NONE  },
    {LINE_ITEM, "From: %",                                                                 FACT_FROM  },
    {LINE_ITEM, "To: %",                                                                   FACT_TO    },
    {LINE_ITEM, "Made at: %",                                                              FACT_TIME  },
    {LINE_ITEM, "Message-ID: %",                                                           FACT_NAME  },
    {LINE_HEAD, "What you should see",                                                     FACT_NONE  },
    {LINE_ITEM, "This text, once: as text or as HTML, as your mail program likes it.",     FACT_NONE  },
    {LINE_ITEM, "Letters of other scripts, none of them a box or a question mark:",        FACT_NONE  },
    {LINE_ITEM,
     "na\xC3\xAFve \xC5\x81\xC3\xB3"
     "d\xC5\xBA \xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2 "
     "\xE6\x96\xB0\xE9\x97\xBB \xE3\x83\x8B\xE3\x83\xA5\xE3\x83\xBC\xE3\x82\xB9 "
     "\xEB\x89\xB4\xEC\x8A\xA4 \xD8\xA3\xD8\xAE\xD8\xA8\xD8\xA7\xD8\xB1",                  FACT_NONE  },
    {LINE_ITEM, "As its date the time above, in your zone.",                               FACT_NONE  },
    {LINE_HEAD, "If it came late, or stands among unwanted mail",                          FACT_NONE  },
    {LINE_ITEM, "Authentication-Results should say pass for spf, dkim and dmarc.",         FACT_NONE  },
    {LINE_ITEM, "SPF: the TXT record of % has to name the server that sends for it.",      FACT_DOMAIN},
    {LINE_ITEM, "DKIM: that server has to sign with a key of %.",                          FACT_DOMAIN},
    {LINE_ITEM, "DMARC: the TXT record of _dmarc.% says what becomes of other mail.",      FACT_DOMAIN},
    {LINE_ITEM, "The lines Received say which server kept it how long.",                   FACT_NONE  },
    {LINE_HEAD, "To sort digests into a folder",                                           FACT_NONE  },
    {LINE_ITEM, "Filter by List-Id, which ends in %.",                                     FACT_LIST  },
    {LINE_ITEM, "X-Wirewatch-Severity and X-Wirewatch-Item tell one from another.",        FACT_NONE  },
};

static struct slice domain_of(struct slice mailbox)
{
    struct slice address = header_address_part(mailbox);

    return slice_skip(address, slice_find_char(address, '@') + 1);
}

static struct slice fact_of(enum fact fact, const struct message *m, struct slice time)
{
    switch (fact) {
    case FACT_NONE:
        break;
    case FACT_FROM:
        return m->from;
    case FACT_TO:
        return m->to;
    case FACT_TIME:
        return time;
    case FACT_NAME:
        return m->message_id;
    case FACT_DOMAIN:
        return domain_of(m->from);
    case FACT_LIST:
        return m->list_id;
    }
    return SLICE("");
}

static void put_text(struct buf *out, const struct line *line, struct slice fact)
{
    static const char *const before[] = {"", "\n", "  * "};
    struct slice text = slice_from(line->text);
    size_t at = slice_find_char(text, '%');

    buf_add_string(out, before[line->kind]);
    buf_add(out, slice_head(text, at));
    text_add_visible(out, fact);
    buf_add(out, slice_skip(text, at + 1));
    buf_add_char(out, '\n');
}

static void put_html(struct buf *out, const struct line *line, struct slice fact)
{
    static const char *const before[] = {"<p>", "<p><b>", "<p>&bull; "};
    static const char *const behind[] = {"</p>\n", "</b></p>\n", "</p>\n"};
    struct slice text = slice_from(line->text);
    size_t at = slice_find_char(text, '%');

    buf_add_string(out, before[line->kind]);
    markup_add_text(out, slice_head(text, at));
    markup_add_text(out, fact);
    markup_add_text(out, slice_skip(text, at + 1));
    buf_add_string(out, behind[line->kind]);
}

enum ww_status letter_test_text(const struct message_row *row, const struct letter_sender *sender,
                                struct arena *arena, struct message *m, struct ww_error *err)
{
    char date[DATE_TEXT_BYTES];
    struct slice time;
    struct buf text, html;
    enum ww_status status;

    (void)date_format(row->created_at, date);
    time = arena_printf(arena, "%.10s %.5s UTC", date, date + 11);
    m->subject = arena_printf(arena, "wirewatch test, %.*s", SLICE_ARG(time));
    m->list_id = sender->list_id;
    m->language = SLICE("en");
    buf_init(&text, DIGEST_MAX_BYTES);
    buf_init(&html, DIGEST_MAX_BYTES);
    buf_add_string(&html, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                          "<meta name=\"color-scheme\" content=\"light dark\">"
                          "<title>wirewatch test</title></head>\n"
                          "<body style=\"font-family:sans-serif\">\n");
    for (size_t i = 0; i < WW_COUNT(lines); i++) {
        put_text(&text, &lines[i], fact_of(lines[i].fact, m, time));
        put_html(&html, &lines[i], fact_of(lines[i].fact, m, time));
    }
    buf_add_string(&html, "</body></html>\n");
    m->text = arena_copy(arena, buf_slice(&text));
    m->html = arena_copy(arena, buf_slice(&html));
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = buf_finish(&html, err);
    if (status == WW_OK)
        status = arena_check(arena, err);
    buf_release(&text);
    buf_release(&html);
    return status;
}
