/*
 * head.h - header lines as HTTP and WARC have them: "Name: value", one a line.
 *
 * Names are compared without case. A line without a colon, as the first one, is passed over.
 */
#ifndef WW_BASE_HEAD_H
#define WW_BASE_HEAD_H

#include "base/slice.h"

#include <stdbool.h>

/* Take the next header off *rest; both are trimmed. False when there are no more. */
bool head_next(struct slice *rest, struct slice *name, struct slice *value);

/* The value of the first header of that name; empty when there is none. */
struct slice head_value(struct slice head, const char *name);

/*
 * The lines before the first empty one, with their ends; what follows it is *body. Lines end with
 * CR LF or LF. False: there is no empty line, and all of it is head.
 */
bool head_split(struct slice text, struct slice *head, struct slice *body);

#endif
