/* scaffold.c - kinds of inspect and parsers that have not landed; each goes when its real file
 * comes. */
#include "base/date.h"
#include "cli/inspect.h"
#include "crawler/parse.h"


#include "alerts/deliver.h"
#include "alerts/message.h"
#include "alerts/scan.h"
#include "base/buf.h"
#include "cli/cli.h"

enum ww_status scan_run(struct store *s, const struct watchlist *w,
                        const struct scan_options *options, const struct clock *clock,
                        const struct log *log, struct scan_summary *out, struct ww_error *err)
{
    WW_UNUSED(s);
    WW_UNUSED(w);
    WW_UNUSED(options);
    WW_UNUSED(clock);
    WW_UNUSED(log);
    WW_UNUSED(err);
    *out = (struct scan_summary){0};
    return WW_OK;
}

enum ww_status message_write(const struct message *m, struct buf *out, struct ww_error *err)
{
    WW_UNUSED(m);
    WW_UNUSED(out);
    return ww_fail(err, WW_INVALID, "message_write");
}

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

int command_backfill_files(struct cli *cli)
{
    return cli_usage(cli, "backfill files has not landed");
}

int command_inspect(struct cli *cli)
{
    return inspect_command(cli->forkserver, cli->n_words, cli->words);
}
