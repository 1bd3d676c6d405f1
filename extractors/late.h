/*
 * late.h - parts of a page that a server sends late, put where a browser's script would put them.
 *
 * React's streaming renderer leaves a <template id="B:7"> where a part is to go and sends the part
 * behind the rest as <div hidden id="S:7">; whole articles arrive that way. A declarative shadow
 * root (<template shadowrootmode>, HTML standard 4.12.3) is what its element shows.
 */
#ifndef WW_EXTRACTORS_LATE_H
#define WW_EXTRACTORS_LATE_H

struct dom;

/* Moves nodes and numbers them anew. A part without a place stays where it is, but is shown. */
void late_place(struct dom *dom);

#endif
