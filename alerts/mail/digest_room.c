/* digest_room.c - how much of a part of a mail is used, as it will be encoded. */
#include "alerts/mail/digest.h"

#include <stdint.h>

/* Quoted-printable lines hold 75 characters and a soft break; base64 lines 76 of four for three. */
#define QUOTED_LINE 72
#define BASE64_LINE_BYTES 57
#define BASE64_LINE 78

static struct digest_room with(struct digest_room r, struct slice piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        const unsigned char c = (unsigned char)piece.ptr[i];

        r.n_lines += c == '\n';
        r.n_escaped += c == '=' || c >= 0x7F || (c < 0x20 && c != '\n');
    }
    r.n_bytes += piece.len;
    return r;
}

size_t digest_room_used(const struct digest_room *r)
{
    const size_t quoted = r->n_bytes + 2 * r->n_escaped + r->n_lines;
    const size_t plain = r->n_bytes + r->n_lines;

    /* Whichever is shorter, as message_write chooses. */
    if (r->n_escaped * 6 > r->n_bytes)
        return (plain / BASE64_LINE_BYTES + 1) * BASE64_LINE;
    return quoted + quoted / QUOTED_LINE * 3 + 3;
}

bool digest_room_take(struct digest_room *r, struct slice piece)
{
    const struct digest_room next = with(*r, piece);

    if (digest_room_used(&next) > r->max_bytes)
        return false;
    *r = next;
    return true;
}
