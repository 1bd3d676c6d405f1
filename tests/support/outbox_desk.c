/* outbox_desk.c - a store, a fixed clock, and the other end's answers. */
#include "tests/support/outbox_desk.h"

#include "base/attrs.h"
#include "base/log.h"
#include "storage/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void outbox_desk_change(struct outbox_desk *f, const struct message_row *m)
{
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_update_message(f->store, m, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
}

static enum ww_status answer(void *data, const struct config *settings, const struct message_row *m,
                             struct slice bytes, struct slice name, const struct waiting *waiting,
                             struct delivery_reply *out, struct ww_error *err)
{
    struct outbox_desk *f = data;
    char wanted[64];

    WW_UNUSED(settings);
    WW_UNUSED(waiting);
    assert_true(name.len > 0);
    (void)snprintf(wanted, sizeof(wanted), "bytes of %lld", (long long)m->id);
    assert_true(slice_equal(bytes, slice_from(wanted)));
    assert_true(f->n_tried < TRIED_MAX);
    f->tried[f->n_tried++] = m->id;
    f->clock.fixed_ms += f->takes_ms;
    if (f->drops != 0) {
        struct message_row other;

        assert_int_equal(store_message(f->store, f->drops, &f->arena, &other, NULL), WW_OK);
        other.state = MESSAGE_DROPPED;
        outbox_desk_change(f, &other);
    }
    if (f->n_tried == f->stops_after)
        f->stop = 1;
    if (f->has_bounced || f->has_returned) {
        struct message_row now = *m;

        assert_int_equal(m->state, MESSAGE_SENDING);
        if (f->has_returned)
            now.returned_at = NOW + 1;
        if (f->has_bounced) {
            now.state = MESSAGE_FAILED;
            now.fault = FAULT_BOUNCED;
            now.reply = SLICE("bounced: 5.1.1");
        }
        outbox_desk_change(f, &now);
    }
    if (f->ours != WW_OK &&
        (f->bad_recipient == NULL || slice_equal(m->recipient, slice_from(f->bad_recipient))))
        return ww_fail(err, f->ours, "a mistake of ours");
    *out = f->reply;
    return WW_OK;
}

int outbox_desk_open(void **state)
{
    struct outbox_desk *f = calloc(1, sizeof(*f));
    struct ww_error err = {0};

    if (f == NULL)
        return -1;
    (void)strcpy(f->folder, "/tmp/wirewatch-outbox-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    test_store_address(f->folder, f->path);
    arena_init(&f->arena, (size_t)16 << 20);
    f->clock = clock_fixed(NOW);
    f->settings = (struct config){.transport = TRANSPORT_SMTP, .max_per_run = 1000};
    *state = f;
    return test_store_at(f->path, false, &f->store, &err) == WW_OK ? 0 : -1;
}

int outbox_desk_close(void **state)
{
    struct outbox_desk *f = *state;

    store_close(f->store);
    arena_release(&f->arena);
    if (f->said != NULL)
        (void)fclose(f->said);
    free(f->words);
    test_store_remove(f->path);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

int64_t outbox_desk_add(struct outbox_desk *f, const char *analyst, const char *kind,
                        const char *recipient)
{
    struct message_row m = {.kind = slice_from(kind),
                            .analyst = slice_from(analyst),
                            .recipient = slice_from(recipient),
                            .subject = SLICE("subject"),
                            .created_at = clock_now(&f->clock)};
    struct ww_error err = {0};
    char id[64], bytes[64];

    assert_int_equal(store_begin(f->store, &err), WW_OK);
    assert_int_equal(store_reserve_message(f->store, &m.id, &err), WW_OK);
    (void)snprintf(id, sizeof(id), "<digest.%lld@w>", (long long)m.id);
    (void)snprintf(bytes, sizeof(bytes), "bytes of %lld", (long long)m.id);
    m.message_id = slice_from(id);
    assert_int_equal(store_add_message(f->store, &m, slice_from(bytes), NULL, 0, &err), WW_OK);
    assert_int_equal(store_commit(f->store, &err), WW_OK);
    return m.id;
}

struct message_row outbox_desk_row(struct outbox_desk *f, int64_t id)
{
    struct message_row m;

    assert_int_equal(store_message(f->store, id, &f->arena, &m, NULL), WW_OK);
    return m;
}

enum ww_status outbox_desk_send(struct outbox_desk *f)
{
    struct log log;
    const struct outbox o = {.store = f->store,
                             .settings = &f->settings,
                             .clock = &f->clock,
                             .log = &log,
                             .stop = &f->stop,
                             .way = answer,
                             .way_data = f};
    struct ww_error err = {0};

    if (f->said == NULL)
        f->said = open_memstream(&f->words, &f->n_words);
    log = (struct log){f->said, LOG_ERROR, &f->clock};
    f->n_tried = 0;
    return outbox_send_due(&o, &f->sum, &err);
}

size_t outbox_desk_said(struct outbox_desk *f, const char *words)
{
    size_t n = 0;

    (void)fflush(f->said);
    for (const char *at = f->words; at != NULL && (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

void outbox_desk_pass(struct outbox_desk *f, int64_t seconds)
{
    f->clock.fixed_ms += seconds * 1000;
}

void outbox_desk_tried(struct outbox_desk *f, const int64_t *ids, size_t n)
{
    assert_int_equal(f->n_tried, n);
    for (size_t i = 0; i < n; i++)
        if (f->tried[i] != ids[i])
            fail_msg("%zu: message %lld, not %lld", i, (long long)f->tried[i], (long long)ids[i]);
}
