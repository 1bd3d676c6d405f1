/* author.c - who wrote it: names, or nothing. */
#include "base/arena.h"
#include "extractors/metadata.h"
void author_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    (void)source;
    (void)arena;
    if (m->json_ld.n_authors)
        m->author = m->json_ld.authors[0];
}
