/*
 * cmd_outbox.c - wirewatch outbox and db: messages on their way, and how much there is of
 * everything.
 */
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <sysexits.h>

int command_outbox_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",         COLUMN_RIGHT },
        {"state",      0            },
        {"created_at", 0            },
        {"recipient",  0            },
        {"analyst",    COLUMN_HIDDEN},
        {"kind",       COLUMN_HIDDEN},
        {"alerts",     COLUMN_RIGHT },
        {"tries",      COLUMN_RIGHT },
        {"not_before", COLUMN_HIDDEN},
        {"sent_at",    0            },
        {"bytes",      COLUMN_RIGHT },
        {"reply",      COLUMN_WIDE  },
        {"subject",    COLUMN_WIDE  },
        {"message_id", COLUMN_HIDDEN}
    };
    struct message_filter filter = {
        .window = {.since = cli->since,
                   .until = cli->until,
                   .limit = cli->limit > 0 ? (size_t)cli->limit : 0,
                   .offset = (size_t)cli->offset},
        .has_state = cli_has(cli, OPTION_STATE)
    };
    struct message_list list;
    struct ww_error err = {0};
    enum ww_status status;
    struct output *o;

    if (filter.has_state &&
        !message_state_parse(slice_from(cli->values[OPTION_STATE]), &filter.state))
        return cli_usage(cli,
                         "--state is queued, sending, sent, deferred, failed, unknown or dropped");
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        output_number(o, m->id);
        output_string(o, message_state_name(m->state));
        output_time(o, m->created_at);
        output_text(o, m->recipient);
        output_text(o, m->analyst);
        output_text(o, m->kind);
        output_number(o, m->n_alerts);
        output_number(o, m->n_tries);
        output_time(o, m->not_before);
        output_time(o, m->sent_at);
        output_number(o, m->n_bytes);
        output_text(o, m->reply);
        output_text(o, m->subject);
        output_text(o, m->message_id);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

int command_db_stats(struct cli *cli)
{
    static const struct column columns[] = {
        {"name",  0           },
        {"value", COLUMN_RIGHT}
    };
    struct store_stats s;
    struct ww_error err = {0};
    enum ww_status status = store_read_stats(cli->store, &s, &err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    {
        const struct {
            const char *name;
            int64_t value;
        } rows[] = {
            {"schema_version",     s.schema_version      },
            {"file_bytes",         s.file_bytes          },
            {"wal_bytes",          s.wal_bytes           },
            {"feeds",              s.n_feeds             },
            {"feeds_active",       s.n_feeds_active      },
            {"feeds_failing",      s.n_feeds_failing     },
            {"feeds_gone",         s.n_feeds_gone        },
            {"entries",            s.n_entries           },
            {"pages",              s.n_pages             },
            {"pages_queued",       s.n_pages_queued      },
            {"pages_failed",       s.n_pages_failed      },
            {"pages_quarantined",  s.n_pages_quarantined },
            {"articles",           s.n_articles          },
            {"articles_historic",  s.n_articles_historic },
            {"articles_unscanned", s.n_articles_unscanned},
            {"stories",            s.n_stories           },
            {"mentions",           s.n_mentions          },
            {"candidates",         s.n_candidates        },
            {"alerts",             s.n_alerts            },
            {"watchlist_versions", s.n_watchlists        },
            {"messages",           s.n_messages          },
            {"messages_waiting",   s.n_messages_waiting  },
            {"messages_failed",    s.n_messages_failed   },
            {"runs",               s.n_runs              },
            {"text_bytes",         s.text_bytes          },
            {"text_stored_bytes",  s.text_stored_bytes   },
        };

        for (size_t i = 0; i < WW_COUNT(rows); i++) {
            output_string(o, rows[i].name);
            output_number(o, rows[i].value);
            output_end_row(o);
        }
    }
    (void)output_close(o);
    return EX_OK;
}

int command_db_backup(struct cli *cli)
{
    struct ww_error err = {0};
    enum ww_status status = store_backup(cli->store, cli->words[0], &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%s: a copy of %s", cli->words[0], cli->db_path);
    return EX_OK;
}
