/*
 * date_keys.h - names of <meta> under which pages give their dates: for dates.c alone.
 */
#ifndef WW_EXTRACTORS_DATE_KEYS_H
#define WW_EXTRACTORS_DATE_KEYS_H

#include <stddef.h>

static const char *const published_keys[] = {
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "publication_date",
    "publication-date",
    "publish-date",
    "publish_date",
    "publishdate",
    "publisheddate",
    "published-date",
    "date_published",
    "article_date_original",
    "article.published",
    "originalpublicationdate",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "shareaholic:article_published_time",
    "mediator_published_time",
    "vr:published_time",
    "pubdate",
    "pub_date",
    "published",
    "publishtime",
    "apub:time",
    "dc.date.issued",
    "dcterms.issued",
    "article:create_at",
    "weibo: article:create_at",
    "datecreated",
    "article.created",
    "release_date",
    "bt:pubdate",
    NULL,
};

/* Names that also stand for the last change or the last export. */
static const char *const vague_keys[] = {
    "dcterms.date", "dcterms.created", "dc.date.created", "dc.date",   "dc:date", "dc.created",
    "created",      "creation_date",   "displaydate",     "timestamp", "date",    "doc_date",
    "docdate",      "pdate",           "ptime",           NULL,
};

static const char *const modified_keys[] = {
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "lastmodified",
    "revised",
    "updated_time",
    "update_time",
    "updated",
    "dateupdate",
    "dateupdated",
    "article:updated_time",
    "article:updated",
    "lastpublisheddate",
    "sailthru.updated",
    "parsely-updated-date",
    "article.updated",
    "dc.modified",
    NULL,
};

#endif
