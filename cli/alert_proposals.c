/* alert_proposals.c - statuses that the articles of an alert's story propose for its item. */
#include "cli/alert_proposals.h"

#include "cli/output.h"
#include "storage/store_claims.h"

/* Of a story that many print, the newest. */
#define PROPOSALS_SHOWN 5

enum ww_status alert_put_proposals(struct cli *cli, const struct alert_view *v,
                                   struct ww_error *err)
{
    struct sighting_filter filter = {
        .window = {.limit = PROPOSALS_SHOWN}, .item = v->alert.item, .story_id = v->alert.story_id};
    struct proposal_view_list list;
    enum ww_status status = store_list_proposals(cli->store, &filter, &cli->arena, &list, err);

    /* Where its own story says nothing, the newest that another says of the item. */
    if (status == WW_OK && list.n_rows == 0) {
        filter.story_id = 0;
        filter.window.limit = 1;
        status = store_list_proposals(cli->store, &filter, &cli->arena, &list, err);
    }
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct proposal_view *p = &list.rows[i];
        struct sighting_sentence s;

        status = store_sighting_sentence(cli->store, &p->at, &cli->arena, &s, err);
        if (status != WW_OK)
            break;
        output_fact(cli, "possible",
                    arena_printf(&cli->arena, "%.*s, %s (unconfirmed; %.*s%s)", SLICE_ARG(p->state),
                                 stance_name(p->stance), SLICE_ARG(p->at.outlet),
                                 p->at.story_id == v->alert.story_id ? "" : ", another story"));
        output_marked(cli, "", s.text, s.mark_start, s.mark_end);
    }
    return status;
}
