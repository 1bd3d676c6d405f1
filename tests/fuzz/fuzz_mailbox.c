/* fuzz_mailbox.c - any bytes as a mailbox: the same mails however it comes in, each readable. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/mailbox.h"
#include "feeds/mime.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void read_mail(struct slice bytes)
{
    struct mime_mail m;
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    if (mime_read(bytes, &arena, &m, NULL) == WW_OK) {
        const struct slice texts[] = {m.title, m.from, m.address, m.list,
                                      m.id,    m.url,  m.html,    m.plain};

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
            need(text_is_utf8(texts[i]));
        need(m.html.len + m.plain.len > 0 && m.charset != NULL);
        need(m.title.len <= TITLE_MAX_BYTES && m.id.len <= MIME_ID_MAX_BYTES);
        need(m.url.len == 0 || url_is_fetchable(m.url));
    }
    arena_release(&arena);
}

/* A sum over what came, in pieces of that size. */
static uint64_t split(struct slice box, size_t piece, bool is_read)
{
    struct mailbox m;
    struct mailbox_mail mail;
    uint64_t sum = 0;
    int64_t end = -1;

    mailbox_init(&m, 0);
    for (size_t i = 0; i < box.len; i += piece) {
        struct slice chunk = slice_sub(box, i, piece);

        while (mailbox_feed(&m, &chunk, &mail, NULL) == WW_OK) {
            need(mail.begin < mail.end && (end < 0 || mail.begin == end));
            end = mail.end;
            sum = sum * 31 + (uint64_t)mail.end * 7 + mail.bytes.len;
            if (is_read)
                read_mail(mail.bytes);
        }
    }
    while (mailbox_finish(&m, &mail, NULL) == WW_OK) {
        need(mail.end >= mail.begin && (end < 0 || mail.begin == end));
        end = mail.end;
        sum = sum * 31 + (uint64_t)mail.end * 7 + mail.bytes.len;
        if (is_read)
            read_mail(mail.bytes);
    }
    need(end < 0 || end == (int64_t)box.len);
    mailbox_release(&m);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice box = slice_of(data, size);
    const uint64_t whole = split(box, size > 0 ? size : 1, true);

    need(split(box, size % 61 + 1, false) == whole);
    read_mail(box);
    return 0;
}
