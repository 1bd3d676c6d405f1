/* mail_view.c - decoding by GMime, for people. */
#include "alerts/mail/mail_view.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include <stdbool.h>

#include <gmime/gmime.h>

#define PARTS_MAX 64

static void put_line(struct buf *out, struct slice line)
{
    text_add_visible(out, line);
    buf_add_char(out, '\n');
}

static void put_headers(GMimeMessage *message, struct buf *out)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    int n = g_mime_header_list_get_count(headers);

    for (int i = 0; i < n; i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        const char *value = g_mime_header_get_value(header);

        text_add_visible(out, slice_from(g_mime_header_get_name(header)));
        buf_add(out, SLICE(": "));
        put_line(out, slice_trim(slice_from(value)));
    }
    buf_add_char(out, '\n');
}

static void put_text(GMimeTextPart *part, struct buf *out)
{
    char *text = g_mime_text_part_get_text(part);
    struct slice rest = slice_from(text);
    struct slice line;

    while (rest.len > 0 && slice_next_line(&rest, &line))
        put_line(out, line);
    g_free(text);
}

/* "[text/html, 12034 bytes]", "[text/csv digest.csv, 800 bytes]". */
static void put_other(GMimePart *part, struct buf *out)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    const char *name = g_mime_part_get_filename(part);
    GMimeStream *stream = g_mime_stream_mem_new();
    struct buf line;

    if (content != NULL)
        (void)g_mime_data_wrapper_write_to_stream(content, stream);
    buf_init(&line, (size_t)4096);
    buf_printf(&line, "[%s/%s%s%s, %lld bytes]", g_mime_content_type_get_media_type(type),
               g_mime_content_type_get_media_subtype(type), name != NULL ? " " : "",
               name != NULL ? name : "", (long long)g_mime_stream_length(stream));
    put_line(out, buf_slice(&line));
    buf_release(&line);
    g_object_unref(stream);
}

static void put_parts(GMimeMessage *message, struct buf *out)
{
    GMimePartIter *iter = g_mime_part_iter_new(GMIME_OBJECT(message));
    bool has_text = false;

    for (int i = 0; i < PARTS_MAX && g_mime_part_iter_is_valid(iter); i++) {
        GMimeObject *part = g_mime_part_iter_get_current(iter);
        GMimeContentType *type = part != NULL ? g_mime_object_get_content_type(part) : NULL;

        if (!has_text && part != NULL && GMIME_IS_TEXT_PART(part) &&
            g_mime_content_type_is_type(type, "text", "plain")) {
            put_text(GMIME_TEXT_PART(part), out);
            has_text = true;
        } else if (part != NULL && GMIME_IS_PART(part)) {
            put_other(GMIME_PART(part), out);
        }
        (void)g_mime_part_iter_next(iter);
    }
    g_mime_part_iter_free(iter);
}

struct slice mail_words(struct slice value, struct arena *arena)
{
    const char *encoded = arena_string(arena, value);
    char *words;

    if (encoded == NULL || slice_find(value, SLICE("=?")) >= value.len)
        return value;
    g_mime_init(); /* counts; its tables stay for the life of the program */
    words = g_mime_utils_header_decode_text(NULL, encoded);
    value = arena_copy(arena, slice_from(words));
    g_free(words);
    return value;
}

enum ww_status mail_view(struct slice bytes, struct buf *out, struct ww_error *err)
{
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;

    g_mime_init(); /* counts; its tables stay for the life of the program */
    stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    parser = g_mime_parser_new_with_stream(stream);
    message = g_mime_parser_construct_message(parser, NULL);
    if (message != NULL) {
        put_headers(message, out);
        put_parts(message, out);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return message != NULL ? buf_finish(out, err)
                           : ww_fail(err, WW_INVALID, "%zu bytes that are no mail", bytes.len);
}
