/* scaffold.c - kinds of inspect and parsers that have not landed; each goes when its real file
 * comes. */
#include "base/date.h"
#include "cli/inspect.h"
#include "crawler/parse.h"

#include "alerts/deliver.h"
#include "base/buf.h"
#include "cli/cli.h"

enum ww_status deliver_send(const struct config *settings, struct slice bytes, struct slice sender,
                            struct slice recipient, struct slice name, int64_t now,
                            struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(settings);
    WW_UNUSED(bytes);
    WW_UNUSED(sender);
    WW_UNUSED(recipient);
    WW_UNUSED(name);
    WW_UNUSED(now);
    WW_UNUSED(out);
    return ww_fail(err, WW_INVALID, "deliver_send");
}

