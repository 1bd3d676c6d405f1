/* inspect_date.c - `wirewatch inspect date`: which moment a text names. */
#include "base/date.h"
#include "cli/inspect.h"

enum ww_status inspect_date(struct inspect *in, const json_t *job, json_t **answer,
                            struct ww_error *err)
{
    struct slice text = inspect_text(job, "text");
    struct date date;

    WW_UNUSED(in);
    (void)date_parse(text, &date);
    *answer =
        json_pack("{s:o, s:o, s:o}", "text", json_stringn(text.ptr, text.len), "instant",
                  inspect_instant(&date), "precision",
                  date.precision == DATE_NONE ? json_null()
                                              : json_string(date_precision_name(date.precision)));
    return *answer != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}
