/* dates.c - when it was published. */
#include "extractors/metadata.h"
void dates_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    (void)source;
    (void)arena;
    if (date_parse(m->json_ld.published, &m->published))
        m->published_source = ARTICLE_DATE_JSON_LD;
}
