/* inspect_feed.c - what the crawler understands of a feed. */
#include "base/limits.h"
#include "cli/inspect.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* A title that is there but empty is "", one that is not there null. */
static json_t *optional_of(struct slice s)
{
    return s.ptr != NULL && s.len == 0 ? json_string("") : inspect_string(s);
}

static json_t *links_of(const struct feed_link *links, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *link = json_object();

        set(link, "href", inspect_string(links[i].href));
        set(link, "rel", inspect_string(links[i].rel));
        set(link, "type", inspect_string(links[i].type));
        (void)json_array_append_new(list, link);
    }
    return list;
}

static json_t *entry_of(const struct entry *e)
{
    json_t *entry = json_object();
    json_t *enclosures = json_array(), *categories = json_array();

    set(entry, "id", inspect_string(e->id));
    set(entry, "title", optional_of(e->title));
    set(entry, "link", inspect_string(e->link));
    if (e->original.len > 0)
        set(entry, "original", inspect_string(e->original));
    set(entry, "links", links_of(e->links, e->n_links));
    set(entry, "summary", inspect_string(e->summary));
    set(entry, "content", inspect_string(e->content));
    set(entry, "author", inspect_string(e->author));
    set(entry, "language", inspect_string(e->language));
    set(entry, "published", inspect_instant(&e->published));
    set(entry, "updated", inspect_instant(&e->updated));
    for (size_t i = 0; i < e->n_enclosures; i++) {
        json_t *enclosure = json_object();

        set(enclosure, "url", inspect_string(e->enclosures[i].url));
        set(enclosure, "type", inspect_string(e->enclosures[i].type));
        set(enclosure, "length", inspect_string(e->enclosures[i].length));
        (void)json_array_append_new(enclosures, enclosure);
    }
    set(entry, "enclosures", enclosures);
    for (size_t i = 0; i < e->n_categories; i++)
        (void)json_array_append_new(categories, inspect_string(e->categories[i]));
    set(entry, "categories", categories);
    return entry;
}

static void set_schedule(json_t *answer, const struct feed *f)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    json_t *skip_hours = json_array(), *skip_days = json_array();

    for (unsigned i = 0; i < 24; i++)
        if ((f->skip_hours >> i & 1) != 0)
            (void)json_array_append_new(skip_hours, json_integer(i));
    for (unsigned i = 0; i < WW_COUNT(days); i++)
        if ((f->skip_days >> i & 1) != 0)
            (void)json_array_append_new(skip_days, json_string(days[i]));
    set(answer, "ttl", f->ttl_minutes > 0 ? json_integer(f->ttl_minutes) : json_null());
    set(answer, "updatePeriod",
        f->update_period_s > 0 ? json_integer(f->update_period_s) : json_null());
    set(answer, "skipHours", skip_hours);
    set(answer, "skipDays", skip_days);
}

static json_t *feed_of(const struct feed *f, struct slice charset)
{
    json_t *answer = json_object(), *entries = json_array();

    set(answer, "format", json_string(f->format));
    set(answer, "title", optional_of(f->title));
    set(answer, "link", inspect_string(f->link));
    set(answer, "id", inspect_string(f->id));
    set(answer, "description", optional_of(f->description));
    set(answer, "language", inspect_string(f->language));
    set(answer, "author", inspect_string(f->author));
    set(answer, "updated", inspect_instant(&f->updated));
    set_schedule(answer, f);
    set(answer, "links", links_of(f->links, f->n_links));
    set(answer, "charset", inspect_string(charset));
    set(answer, "malformed", json_boolean(f->is_malformed));
    set(answer, "error", json_null());
    if (f->n_dropped > 0)
        set(answer, "dropped", json_integer((json_int_t)f->n_dropped));
    for (size_t i = 0; i < f->n_entries; i++)
        (void)json_array_append_new(entries, entry_of(&f->entries[i]));
    set(answer, "entries", entries);
    return answer;
}

enum ww_status inspect_feed(struct inspect *in, const json_t *job, json_t **answer,
                            struct ww_error *err)
{
    struct slice bytes, record, charset = {"", 0};
    struct feed feed;
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
    parse_request_feed(&in->request, bytes, inspect_text(job, "content_type"),
                       inspect_text(job, "base"));
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_feed(record, &in->arena, &feed, &charset, err);
    if (status == WW_OK)
        *answer = feed_of(&feed, charset);
    return status;
}
