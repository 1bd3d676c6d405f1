/* wrap.c - words are kept back until it is known whether they fit. */
#include "cli/wrap.h"

#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"

#define WORD_MAX_BYTES ((size_t)8 * 1024 * 1024)
/* Narrower than this a line is not broken: it would be one word a line. */
#define COLUMNS_MIN 20

static const char *const colors[] = {
    [WRAP_PLAIN] = "",        [WRAP_REMOVED] = "\033[31m", [WRAP_ADDED] = "\033[32m",
    [WRAP_QUIET] = "\033[2m", [WRAP_BOLD] = "\033[1m",     [WRAP_MARKED] = "\033[1;7m"};

void wrap_init(struct wrap *w, struct cli *cli, size_t indent)
{
    *w = (struct wrap){.out = cli->out,
                       .has_color = environment_wants_color(cli->out, cli->values[OPTION_COLOR]),
                       .columns = output_columns(cli->out),
                       .indent = indent};
    if (w->columns < indent + COLUMNS_MIN)
        w->columns = 0;
    buf_init(&w->word, WORD_MAX_BYTES);
}

void wrap_release(struct wrap *w)
{
    buf_release(&w->word);
}

static void put_word(struct wrap *w)
{
    const struct slice word = buf_slice(&w->word);
    const bool has_room = w->columns == 0 || w->at + w->is_owed + w->word_columns <= w->columns;

    if (w->word_columns > 0 && !has_room && w->at > w->indent) {
        (void)fprintf(w->out, "\n%*s", (int)w->indent, "");
        w->at = w->indent;
    } else if (w->word_columns > 0 && w->is_owed) {
        (void)fputc(' ', w->out);
        w->at++;
    }
    if (w->word_columns > 0)
        w->is_owed = false;
    (void)fwrite(word.ptr, 1, word.len, w->out);
    w->at += w->word_columns;
    w->word_columns = 0;
    buf_reset(&w->word);
}

/* A new word begins behind a space, and before and behind a character that is a word itself. */
static void add_visible(struct wrap *w, struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        const size_t start = at;
        const uint32_t code = text_next_code(s, &at);
        const struct slice character = slice_sub(s, start, at - start);

        if (code == ' ') {
            put_word(w);
            w->is_owed = true;
            continue;
        }
        if (text_is_cjk(code))
            put_word(w);
        buf_add(&w->word, character);
        w->word_columns += text_width(character);
        if (text_is_cjk(code))
            put_word(w);
    }
}

void wrap_text(struct wrap *w, struct slice s, enum wrap_mark mark)
{
    struct buf safe;

    buf_init(&safe, WORD_MAX_BYTES);
    text_add_visible(&safe, s);
    if (w->has_color)
        buf_add_string(&w->word, colors[mark]);
    add_visible(w, buf_slice(&safe));
    if (w->has_color && mark != WRAP_PLAIN)
        buf_add_string(&w->word, "\033[0m");
    buf_release(&safe);
}

void wrap_string(struct wrap *w, const char *s, enum wrap_mark mark)
{
    wrap_text(w, slice_from(s), mark);
}

void wrap_begin(struct wrap *w, const char *s, enum wrap_mark mark)
{
    const bool has_color = w->has_color && mark != WRAP_PLAIN;

    (void)fprintf(w->out, "%s%s%s", has_color ? colors[mark] : "", s, has_color ? "\033[0m" : "");
    w->at += text_width(slice_from(s));
}

void wrap_marked(struct wrap *w, struct slice s, enum wrap_mark mark)
{
    const size_t head = s.len > 0 && s.ptr[0] == ' ';
    const size_t tail = s.len > 1 && s.ptr[s.len - 1] == ' ';

    if (w->has_color) {
        wrap_text(w, s, mark);
        return;
    }
    wrap_text(w, slice_head(s, head), WRAP_PLAIN);
    wrap_string(w, mark == WRAP_REMOVED ? "[-" : "{+", WRAP_PLAIN);
    wrap_text(w, slice_sub(s, head, s.len - head - tail), mark);
    wrap_string(w, mark == WRAP_REMOVED ? "-]" : "+}", WRAP_PLAIN);
    wrap_text(w, slice_skip(s, s.len - tail), WRAP_PLAIN);
}

void wrap_end(struct wrap *w)
{
    put_word(w);
    (void)fputc('\n', w->out);
    w->at = 0;
    w->is_owed = false;
}
