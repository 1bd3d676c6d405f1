/*
 * digest_html.h - the pieces that the HTML of a digest is made of; for digest_html*.c alone.
 *
 * One table holds all stories, a row each piece, and hands its font and colour down, because every
 * byte counts against what mail programs clip. The conventions, which a test holds: `td` is ink,
 * `span` is quiet, `a` leads out; what else has a colour of its own has a class, too, by which the
 * dark scheme finds it. Nothing depends on the <style> block.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_HTML_H
#define WW_ALERTS_MAIL_DIGEST_HTML_H

#include "alerts/mail/digest.h"

#define HTML_PAGE "#eaeef2"
#define HTML_CARD "#fdfdfd"
#define HTML_INK "#24292f"
#define HTML_QUIET "#57606a"
#define HTML_RULE "#d0d7de"
#define HTML_BAR "#8c959f"
#define HTML_LINK "#0a5299"
#define HTML_MARK "#ffe08a"
#define HTML_QUIET_SPAN "<span style=\"color:" HTML_QUIET "\">"
#define HTML_TABLE "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\""
#define HTML_TIME "<span style=\"white-space:nowrap\">"
/* Characters as they are: shorter than their names, however they are sent. */
#define HTML_DOT " \xC2\xB7 "
#define HTML_CUT "\xE2\x80\xA6"

/* A row with a cell of this padding; and its end. */
#define HTML_ROW(padding) "<tr><td style=\"padding:" padding "\">"
#define HTML_ROW_END "</td></tr>\n"
#define HTML_SMALL_ROW "<tr><td style=\"padding:6px 0 0;font-size:13px;line-height:19px\">"
#define HTML_BADGE(ink, ground, name, word)                                               \
    "<b style=\"background-color:" ground ";color:" ink ";font-size:11px\" class=\"" name \
    "\">\xC2\xA0" word "\xC2\xA0</b>"
/* What parts stories. */
#define HTML_DIVIDER "<tr><td style=\"border-bottom:1px solid " HTML_RULE "\">\xC2\xA0" HTML_ROW_END
/* Words to type, as they are typed. */
#define HTML_COMMAND_BEGIN \
    "<span style=\"font-family:Consolas,Menlo,monospace;color:" HTML_QUIET "\">"
#define HTML_COMMAND(words) HTML_COMMAND_BEGIN words "</span>"

/* ---- digest_html_pieces.c ---------------------------------------------------------------------
 */

/* Words that lead to a web address, cut to a headline's length; the words alone when it is none. */
void html_add_link(struct buf *out, struct slice url, struct slice words);
/* Foreign words inside a line of ours: they run their own way, and the line keeps its order. */
void html_add_some(struct buf *out, struct slice words, size_t max);
/* At most DIGEST_NAME_BYTES of them. */
void html_add_name(struct buf *out, struct slice name);
/* " · host", where an address leads, unless the name says so. */
void html_add_host(struct buf *out, struct slice url, struct slice name);
/* " · outlet · host": who says so, with a link; a name that runs the other way keeps its place. */
void html_add_source(struct buf *out, struct slice url, struct slice outlet);
/* A row that leads to the story's page in the report; none when there is no report. */
void html_add_page(struct buf *out, const struct digest *d, int64_t story_id);
/* lang, dir, and the end of a tag around foreign words. */
void html_add_language(struct buf *out, struct slice language);
/* A row: the sentence beside a bar, which stands where the sentence begins. */
void html_add_quote(struct buf *out, struct digest_quote q, struct slice language);
/* A row of small print; none when words is empty. */
void html_add_small(struct buf *out, const char *label, struct slice words);
/* A row above a part of the digest. */
void html_add_part(struct buf *out, const char *name, const char *words);
/* " HIGH ": by letters and by tint. */
void html_add_severity(struct buf *out, enum alert_severity severity);

/* What was added since mark stays when there is room for it; else it is taken away. */
bool html_keep(struct buf *out, size_t mark, struct digest_room *room);

/* ---- digest_html_story.c ----------------------------------------------------------------------
 */

void html_add_story(struct buf *out, const struct digest *d, const struct digest_story *story);
void html_add_developing(struct buf *out, const struct digest *d,
                         const struct digest_developing *story);
/* A story in a few lines, with a time and the items it names, which may be empty. */
void html_add_headline(struct buf *out, const struct digest *d, const struct alert_view *v,
                       int64_t at, struct slice items);

/* ---- digest_html_notes.c ----------------------------------------------------------------------
 */

void html_add_possible(struct buf *out, const struct digest_possible *p);
void html_add_trouble(struct buf *out, const struct digest_trouble *t);
void html_add_footer(struct buf *out, const struct digest *d);

/* ---- digest_html_week.c -----------------------------------------------------------------------
 */

/* What the week gave; and, behind what has changed and what is possible, how well was watched. */
void html_add_week(struct buf *out, const struct digest *d);
void html_add_coverage(struct buf *out, const struct digest *d);

#endif
