/*
 * test_digest_html.c - the HTML of a mail: what is said stands in it, where links lead is seen, and
 * it has room. With a folder as argument it writes every sample there, for test_digest_html.py and
 * for whoever wants to look at them in a browser.
 */
#include "alerts/mail/digest.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/support/digest_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define ARENA_BYTES ((size_t)256 << 20)

struct sheet {
    struct arena arena;
    struct buf html;
    const struct digest *d;
    size_t n_left;
};

static void open_sheet(struct sheet *s, enum digest_sample which)
{
    arena_init(&s->arena, ARENA_BYTES);
    buf_init(&s->html, DIGEST_MAX_BYTES);
    s->d = digest_sample_make(which, &s->arena);
    s->n_left = digest_html(s->d, &s->html);
    assert_int_equal(s->html.status, WW_OK);
}

static void close_sheet(struct sheet *s)
{
    buf_release(&s->html);
    arena_release(&s->arena);
}

struct says_case {
    enum digest_sample which;
    const char *words;
};

static const struct says_case says[] = {
  /* a headline leads out, and who is behind it is seen */
    {SAMPLE_FULL,      "<a href=\"https://ledger.example/2026/11/22/light\" style=\"color:#0a5299\">Lamp"
                  " at Lantern Bay"                                                       },
    {SAMPLE_FULL,      "The Harbour Ledger \xC2\xB7 ledger.example \xC2\xB7 <span "
                  "style=\"white-space:nowrap\">2026-11-22 "                              },
    {SAMPLE_FULL,      "bank.example@kurier.example:8443"                                                  },
    {SAMPLE_FULL,      "xn--pple-43d.example \xC2\xB7"                                                     },
    {SAMPLE_FULL,      "m\xC3\xBCnchen.example \xC2\xB7"                                                   },
    {SAMPLE_FULL,      "href=\"https://xn--mnchen-3ya.example/leuchtturm\""                                },
    {SAMPLE_FULL,      "<a href=\"https://xn--pple-43d.example/x\" style=\"color:#0a5299\">"
                  "https://xn--pple-43d.example/x</a>"                                    },
    {SAMPLE_QUIET,     "No alerts, no changes and no new trouble since 2026-11-21 07:30<"                  },
 /* severities in letters */
    {SAMPLE_FULL,      "\xC2\xA0HIGH\xC2\xA0</b>"                                                          },
    {SAMPLE_FULL,      "\xC2\xA0MEDIUM\xC2\xA0</b>"                                                        },
    {SAMPLE_FULL,      "\xC2\xA0LOW\xC2\xA0</b>"                                                           },
    {SAMPLE_FULL,      "32 new, 5 changed</h1>"                                                            },
    {SAMPLE_FULL,      "40 alerts since 2026-11-21 07:30 \xC2\xB7 covers 2 days \xC2\xB7 "                 },
    {SAMPLE_FULL,      "style=\"display:none;mso-hide:all;max-height:0;overflow:hidden\">high: "
                  "Lamp at Lantern Bay goes dark"                                         },
 /* the sentence, its mark, its language, its side */
    {SAMPLE_FULL,      "<tr><td style=\"border-left:3px solid #8c959f;padding:0 0 0 12px;font-size:17px;"
                  "line-height:26px\" lang=\"en\" dir=\"auto\">The sign on the door says "},
    {SAMPLE_FULL,
     "lang=\"en\" dir=\"auto\">The harbour office said on Friday that the lamp at "
     "<b style=\"background-color:#ffe08a;color:#24292f\" class=\"k\">Lantern Bay</b>"                     },
    {SAMPLE_FULL,      "border-right:3px solid #8c959f;padding:0 12px 0 0;text-align:right;"               },
    {SAMPLE_FULL,      "'PingFang SC'"                                                                     },
    {SAMPLE_FULL,      "'PingFang TC'"                                                                     },
    {SAMPLE_FULL,      ">how: by its name</span>"                                                          },
    {SAMPLE_FULL,      "also named: Japan [jp, a13], Ireland [ie, a14], and 12 more"                       },
    {SAMPLE_FULL,      "<b>Changed since</b>"                                                              },
    {SAMPLE_FULL,      ">More of what was told</h2>"                                                       },
    {SAMPLE_FULL,      "told before, 2026-11-20 07:30; 1 more copy in 2 outlets since"                     },
    {SAMPLE_FULL,      ">Found again</h2>"                                                                 },
    {SAMPLE_FULL,      ">Developing</h2>"                                                                  },
    {SAMPLE_FULL,      "and 2 more that changed: "                                                         },
    {SAMPLE_FULL,      "4 more copies in 2 outlets since"                                                  },
    {SAMPLE_FULL,      ">Told at once</h2>"                                                                },
    {SAMPLE_FULL,      ">Possible, unconfirmed</h2>"                                                       },
    {SAMPLE_FULL,      ">Watch trouble</h2>"                                                               },
    {SAMPLE_FULL,      ">Back again</h2>"                                                                  },
    {SAMPLE_FULL,      "Muted: outlet Evening Wire, 1 withheld"                                            },
    {SAMPLE_FULL,      "and 3 more mutes"                                                                  },
    {SAMPLE_FULL,      "Runs: 24 since the last digest, 1 failed"                                          },
    {SAMPLE_FULL,      "No healthy feed: RS (31 days)"                                                     },
    {SAMPLE_FULL,      "Own network: no host"                                                              },
    {SAMPLE_FULL,      "Not read: 12 pages that failed, 3 in quarantine"                                   },
    {SAMPLE_FULL,      "<bdi>\xD8\xB5\xD8\xAD\xD9\x8A\xD9\x81\xD8\xA9"                                     },
    {SAMPLE_SMALL,     "1 story</h1>"                                                                      },
    {SAMPLE_IMMEDIATE, "Watch alert \xC2\xB7 2026-11-22 07:30 \xC2\xB7 europe"                             },
    {SAMPLE_WEEKLY,    "2026-11-15 07:30 to 2026-11-22 07:30"                                              },
    {SAMPLE_WEEKLY,    "<td width=\"102\" bgcolor=\"#8c959f\" class=\"r\""                                 },
    {SAMPLE_WEEKLY,    "<b>8123</b>"                                                                       },
    {SAMPLE_WEEKLY,    "Lantern Bay light, Ireland"                                                        },
    {SAMPLE_WEEKLY,    "<b>at least 12 lights in 3 countries</b>"                                          },
    {SAMPLE_WEEKLY,    "and 5 more<"                                                                       },
    {SAMPLE_QUIET,     "All quiet</h1>"                                                                    },
    {SAMPLE_QUIET,     "overflow:hidden\">203 in order, 2 failing, 1 silent</div>"                         },
    {SAMPLE_TROUBLE,   "2 feeds in trouble, 1 back again</h1>"                                             },
    {SAMPLE_TROUBLE,   "overflow:hidden\">Evening Wire fails since"                                        },
    {SAMPLE_HOSTILE,   "&lt;script&gt;alert(1)&lt;/script&gt;"                                             },
    {SAMPLE_HOSTILE,   "&lt;U+202E&gt;gro.live"                                                            },
    {SAMPLE_HUGE,      " alerts), in the attached file; or: <span"                                         },
};

static void everything_is_said(void **state)
{
    struct sheet sheets[SAMPLE_COUNT];

    (void)state;
    for (int i = 0; i < SAMPLE_COUNT; i++)
        open_sheet(&sheets[i], (enum digest_sample)i);
    for (size_t i = 0; i < WW_COUNT(says); i++)
        if (!slice_contains(buf_slice(&sheets[says[i].which].html), slice_from(says[i].words)))
            fail_msg("%s: no \"%s\"", digest_sample_name(says[i].which), says[i].words);
    for (int i = 0; i < SAMPLE_COUNT; i++)
        close_sheet(&sheets[i]);
}

/* What an immediate mail is about stands first: no counts above it. */
static void one_story_needs_no_title(void **state)
{
    struct sheet s;

    (void)state;
    open_sheet(&s, SAMPLE_IMMEDIATE);
    assert_false(slice_contains(buf_slice(&s.html), SLICE("</h1>")));
    close_sheet(&s);
}

/* Its size as it is sent, and as much in it as there is room for. */
static void it_has_room(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        struct digest_room room = {.max_bytes = SIZE_MAX};
        struct sheet s;

        open_sheet(&s, (enum digest_sample)i);
        assert_true(digest_room_take(&room, buf_slice(&s.html)));
        if (digest_room_used(&room) > DIGEST_PART_MAX_BYTES)
            fail_msg("%s: %zu bytes", digest_sample_name((enum digest_sample)i),
                     digest_room_used(&room));
        if (i == SAMPLE_HUGE) {
            assert_true(digest_room_used(&room) > DIGEST_PART_MAX_BYTES * 9 / 10);
            assert_true(s.n_left > 3000 && s.n_left < s.d->n_alerts);
        } else {
            assert_int_equal(s.n_left, s.d->n_stories > 1 ? s.d->stories[1].n_unnamed : 0);
        }
        close_sheet(&s);
    }
}

/* Bytes of a digest of n stories in fourteen languages, and nothing else. */
static size_t bytes_of(const struct sheet *huge, size_t n)
{
    struct digest d = *huge->d;
    struct buf html;
    size_t len;

    d.n_stories = d.n_shown = n;
    buf_init(&html, DIGEST_MAX_BYTES);
    (void)digest_html(&d, &html);
    len = html.len;
    buf_release(&html);
    return len;
}

/* What a story costs: the most that a digest can show depends on it. */
static void stories_are_lean(void **state)
{
    struct sheet huge;
    size_t each;

    (void)state;
    open_sheet(&huge, SAMPLE_HUGE);
    assert_true(bytes_of(&huge, 1) < 5500);
    each = (bytes_of(&huge, 31) - bytes_of(&huge, 1)) / 30;
    if (each > 1600)
        fail_msg("%zu bytes a story", each);
    close_sheet(&huge);
}

static int write_samples(const char *folder)
{
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        struct arena arena;
        struct buf html;
        char path[512];
        FILE *file;

        arena_init(&arena, ARENA_BYTES);
        buf_init(&html, DIGEST_MAX_BYTES);
        (void)digest_html(digest_sample_make((enum digest_sample)i, &arena), &html);
        (void)snprintf(path, sizeof(path), "%s/%s.html", folder,
                       digest_sample_name((enum digest_sample)i));
        file = fopen(path, "wb");
        if (file == NULL || fwrite(html.ptr, 1, html.len, file) != html.len || fclose(file) != 0)
            return 1;
        buf_release(&html);
        arena_release(&arena);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_said),
        cmocka_unit_test(one_story_needs_no_title),
        cmocka_unit_test(it_has_room),
        cmocka_unit_test(stories_are_lean),
    };

    if (argc > 1)
        return write_samples(argv[1]);
    return cmocka_run_group_tests_name("digest_html", tests, NULL, NULL);
}
