/*
 * replay.c - the fuzz targets without their fuzzer: one of them over files, each also cut short at
 * a number of places, so that any compiler's build meets the corpus.
 *
 *     replay url FILE...
 */
#include "base/attrs.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 1024 * 1024, CUTS = 64 };

typedef int fuzz_target(const uint8_t *data, size_t size);

fuzz_target fuzz_answer, fuzz_article, fuzz_charset, fuzz_csv, fuzz_date, fuzz_diff, fuzz_feed,
    fuzz_finds, fuzz_fold, fuzz_header, fuzz_inflate, fuzz_json, fuzz_link, fuzz_links,
    fuzz_listing, fuzz_mailbox, fuzz_mentions, fuzz_opml, fuzz_prescan, fuzz_query, fuzz_receive,
    fuzz_robots, fuzz_search, fuzz_sitemap, fuzz_stories, fuzz_tidy, fuzz_token, fuzz_url,
    fuzz_warc;

static const struct {
    const char *name;
    fuzz_target *run;
} targets[] = {
    {"answer",   fuzz_answer  },
    {"article",  fuzz_article },
    {"charset",  fuzz_charset },
    {"csv",      fuzz_csv     },
    {"date",     fuzz_date    },
    {"diff",     fuzz_diff    },
    {"feed",     fuzz_feed    },
    {"finds",    fuzz_finds   },
    {"fold",     fuzz_fold    },
    {"header",   fuzz_header  },
    {"inflate",  fuzz_inflate },
    {"json",     fuzz_json    },
    {"link",     fuzz_link    },
    {"links",    fuzz_links   },
    {"listing",  fuzz_listing },
    {"mailbox",  fuzz_mailbox },
    {"mentions", fuzz_mentions},
    {"opml",     fuzz_opml    },
    {"prescan",  fuzz_prescan },
    {"query",    fuzz_query   },
    {"receive",  fuzz_receive },
    {"robots",   fuzz_robots  },
    {"search",   fuzz_search  },
    {"sitemap",  fuzz_sitemap },
    {"stories",  fuzz_stories },
    {"tidy",     fuzz_tidy    },
    {"token",    fuzz_token   },
    {"url",      fuzz_url     },
    {"warc",     fuzz_warc    },
};

/* From memory of exactly that size: what reads behind the end is found out. */
static void run(fuzz_target *target, const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        exit(EXIT_FAILURE);
    if (size > 0)
        memcpy(copy, data, size);
    (void)target(copy, size);
    free(copy);
}

static bool replay(fuzz_target *target, const char *path)
{
    static uint8_t bytes[FILE_MAX_BYTES];
    FILE *f = fopen(path, "rb");
    size_t size;

    if (f == NULL) {
        perror(path);
        return false;
    }
    size = fread(bytes, 1, sizeof(bytes), f);
    (void)fclose(f);
    for (size_t cut = 0; cut < CUTS; cut++)
        run(target, bytes, size * cut / CUTS);
    run(target, bytes, size);
    return true;
}

int main(int argc, char **argv)
{
    fuzz_target *target = NULL;

    for (size_t i = 0; argc > 1 && i < WW_COUNT(targets); i++)
        if (strcmp(targets[i].name, argv[1]) == 0)
            target = targets[i].run;
    if (target == NULL) {
        fprintf(stderr, "usage: replay TARGET FILE...\n");
        return 64;
    }
    for (int i = 2; i < argc; i++)
        if (!replay(target, argv[i]))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
