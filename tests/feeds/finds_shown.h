/* finds_shown.h - finds as text: what a test compares. Absent members are not shown. */
#ifndef WW_TESTS_FINDS_SHOWN_H
#define WW_TESTS_FINDS_SHOWN_H

#include "base/buf.h"
#include "base/date.h"
#include "feeds/finds.h"

static inline void show_text(struct buf *out, const char *name, struct slice s)
{
    if (s.len > 0)
        buf_printf(out, " %s=%.*s", name, SLICE_ARG(s));
}

static inline void show_date(struct buf *out, const char *name, const struct date *d)
{
    char text[DATE_TEXT_BYTES];

    if (d->precision != DATE_NONE)
        buf_printf(out, " %s=%.*s/%s", name,
                   d->precision < DATE_MINUTE && d->at % 86400 == 0 ? 10 : 20,
                   date_format(d->at, text), date_precision_name(d->precision));
}

static inline void show_row(struct buf *out, const struct find *row)
{
    buf_printf(out, "%.*s", SLICE_ARG(row->url));
    show_text(out, "title", row->title);
    show_text(out, "by", row->author);
    show_text(out, "lang", row->language);
    show_text(out, "from", row->source);
    show_text(out, "feed", row->feed);
    show_date(out, "published", &row->published);
    show_date(out, "modified", &row->modified);
    show_text(out, "text", row->text);
    show_text(out, "capture", row->capture);
    show_date(out, "captured", &row->captured);
    if (row->offset > 0 || row->length > 0)
        buf_printf(out, " bytes=%lld+%lld", (long long)row->offset, (long long)row->length);
    show_text(out, "sha1", row->digest);
    show_text(out, "mime", row->mime);
    if (row->status != 0)
        buf_printf(out, " status=%ld", row->status);
    buf_add_char(out, '\n');
}

static inline void show_finds(struct buf *out, const struct finds *f)
{
    for (size_t i = 0; i < f->n_rows; i++)
        show_row(out, &f->rows[i]);
    for (size_t i = 0; i < f->n_lists; i++) {
        const struct finds_list *list = &f->lists[i];

        buf_printf(out, "list %.*s", SLICE_ARG(list->url));
        show_text(out, "name", list->name);
        show_date(out, "about", &list->about);
        show_date(out, "until", &list->until);
        buf_add_string(out, list->is_month ? " month\n" : "\n");
    }
    if (f->next.len > 0)
        buf_printf(out, "next %.*s\n", SLICE_ARG(f->next));
    if (f->is_complete)
        buf_add_string(out, "complete\n");
    if (f->is_cut)
        buf_add_string(out, "cut\n");
    if (f->n_pages >= 0)
        buf_printf(out, "pages %lld\n", (long long)f->n_pages);
    if (f->n_bad > 0)
        buf_printf(out, "bad %zu\n", f->n_bad);
    if (f->n_dropped > 0)
        buf_printf(out, "dropped %zu\n", f->n_dropped);
    if (f->about.len > 0)
        buf_printf(out, "about %.*s\n", SLICE_ARG(f->about));
}

#endif
