/* cmd_db.c - wirewatch db: how much there is of everything, and a copy of it. */
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/story_place.h"

#include <inttypes.h>
#include <sysexits.h>

int command_db_stats(struct cli *cli)
{
    static const struct column columns[] = {
        {"name",  0           },
        {"value", COLUMN_RIGHT}
    };
    struct store_stats s;
    struct ww_error err = {0};
    int64_t n_unindexed = 0;
    enum ww_status status = store_read_stats(cli->store, &s, &err);
    struct output *o;

    if (status == WW_OK)
        status = story_reindex_count(cli->store, &n_unindexed, &err);
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
            {"feeds_new",          s.n_feeds_new         },
            {"feeds_retrying",     s.n_feeds_retrying    },
            {"feeds_failing",      s.n_feeds_failing     },
            {"feeds_stale",        s.n_feeds_stale       },
            {"feeds_paused",       s.n_feeds_paused      },
            {"feeds_gone",         s.n_feeds_gone        },
            {"entries",            s.n_entries           },
            {"pages",              s.n_pages             },
            {"pages_queued",       s.n_pages_queued      },
            {"pages_failed",       s.n_pages_failed      },
            {"pages_quarantined",  s.n_pages_quarantined },
            {"articles",           s.n_articles          },
            {"articles_historic",  s.n_articles_historic },
            {"articles_unscanned", s.n_articles_unscanned},
            {"articles_unindexed", n_unindexed           },
            {"stories",            s.n_stories           },
            {"mentions",           s.n_mentions          },
            {"candidates",         s.n_candidates        },
            {"alerts",             s.n_alerts            },
            {"watchlist_versions", s.n_watchlists        },
            {"messages",           s.n_messages          },
            {"messages_waiting",   s.n_messages_waiting  },
            {"messages_failed",    s.n_messages_failed   },
            {"runs",               s.n_runs              },
            {"backfills",          s.n_backfills         },
            {"backfills_open",     s.n_backfills_open    },
            {"finds",              s.n_finds             },
            {"finds_waiting",      s.n_finds_waiting     },
            {"text_bytes",         s.text_bytes          },
            {"text_stored_bytes",  s.text_stored_bytes   },
            {"kept_pages",         s.n_bodies            },
            {"kept_stored_bytes",  s.body_stored_bytes   },
            {"archive_files",      s.n_archive_files     },
            {"archive_records",    s.n_archive_records   },
            {"archive_bytes",      s.archive_bytes       },
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

/* Who opens a database for writing has done it. */
int command_db_migrate(struct cli *cli)
{
    struct store_stats stats;
    struct ww_error err = {0};
    enum ww_status status = store_read_stats(cli->store, &stats, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (store_schema_before(cli->store) == stats.schema_version)
        cli_say(cli, "%s: schema %" PRId64 ", as this version has it", cli->db_shown,
                stats.schema_version);
    else
        cli_say(cli, "%s: schema %" PRId64 " became %" PRId64, cli->db_shown,
                store_schema_before(cli->store), stats.schema_version);
    return EX_OK;
}
