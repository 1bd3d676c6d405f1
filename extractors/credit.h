/*
 * credit.h - what an article itself says of where its text comes from.
 *
 * Witnesses, the surest first: the dateline it opens with, a byline or an author in the page's data
 * that is an agency, a line at its head or end ("Quelle: dpa", "(APA/dpa)", "© AFP"), a word that
 * it was first published elsewhere, what the page's data name as its source, and the address that
 * the page calls its original.
 *
 * None of these: who made a picture, who is only quoted, and the outlet itself. An agency's own
 * site credits nobody: what it prints is its own. The text stays as it is: the dateline is a part
 * of it, and stands in its first lines (dateline.h).
 */
#ifndef WW_EXTRACTORS_CREDIT_H
#define WW_EXTRACTORS_CREDIT_H

struct arena;
struct article;
struct article_hints;
struct content;
struct metadata;

/* What an article's credit is read from. */
struct credit_page {
    const struct metadata *meta;   /* NULL: a plain text */
    const struct content *content; /* NULL: the article's text is not the page's */
    const struct article_hints *hints;
};

/* Fill dateline, credit, credit_source and source_url of a, whose text and site are known. */
void credit_read(const struct credit_page *page, struct arena *arena, struct article *a);

#endif
