/* warc_head.h - the version line and the named fields of a WARC record. For warc.c. */
#ifndef WW_FEEDS_WARC_HEAD_H
#define WW_FEEDS_WARC_HEAD_H

#include "feeds/warc.h"

/* Does a record begin here: "WARC/1." and a digit? */
bool warc_head_begins(struct slice s);

/*
 * head: all lines before the empty one. Everything of out but its place, borrowed from head, in
 * which folded lines are joined. WW_INVALID: no version line, no type, no length.
 */
enum ww_status warc_head_parse(char *head, size_t len, struct warc_record *out,
                               struct ww_error *err);

#endif
