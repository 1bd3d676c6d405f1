/* marks.c - words of class names and what they stand for. */
#include "extractors/marks.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "extractors/dom.h"

#include <stdbool.h>
#include <string.h>

/* Longer words are not looked up. */
#define WORD_MAX 28
#define PAIR_MAX (2 * WORD_MAX + 2)

/* Words by what they stand for, separated by spaces; a pair is two words with '-' between. */
static const struct {
    uint32_t mark;
    const char *words;
} groups[] = {
    {MARK_BODY,      "art-content art-postcontent article-body article-container article-content "
                "article-copy article-corps article-fulltext article-main article-paragraphs "
                "article-text articlebody articlebodytext articlecontainer articlecontent "
                "articletext articolo-testo artikel-body artikel-content artikel-text artikeltext "
                "blog-body blog-content blog-text blogcontent body-copy body-text bodycopy "
                "bodytext caas-body content-body contentbody corps-article cuerpo-nota "
                "cuerpo-noticia detail-content detail-text detailtext e-content entry-content "
                "entrycontent field-body full-text fulltext main-text maintext news-body "
                "news-content news-detail news-text newsbody newscontent newstext nota-cuerpo "
                "noticia-texto post-article post-body post-bodycopy post-content post-entry "
                "post-text postbody postcontent postentry posttext rich-text richtext "
                "section-content single-content story-body story-content story-copy story-text "
                "storybody storycontent testo-articolo text-body text-content texte-article "
                "texto-noticia tinymce-content wpb-text wysiwyg zn-body"                           },
    {MARK_STORY,     "article article-detail article-page article-section article-wrapper articolo "
                 "artikel beitrag blog-entry blog-post blogpost entry h-entry hentry main-column "
                 "news-article news-item newsarticle nota noticia post post-area post-single "
                 "postarea single-post singlepost story story-detail storybody-wrapper "
                 "theme-content"                                                                  },
    {MARK_CONTENT,   "contenido content content-area content-inner content-main content-wrapper "
                   "contentarea contentmain contenu conteudo hauptinhalt inhalt main main-content "
                   "maincontent page-content pagecontent primary primary-content site-content"  },
    {MARK_COMMENTS,
     "comentarios comment comment-form comment-list comment-respond commentaires "
     "commentform commenti commentlist comments comments-area commentsblock coral "
     "discussion disqus disqus-thread fb-comments guestbook komentarze kommentar "
     "kommentare leserkommentare livefyre opinions pings reacties replies reply-list "
     "respond spot-im talk-comments trackbacks user-comments"                                                     },
    {MARK_RELATED,   "a-lire also-read article-list articlelist auch-interessant "
                   "continue-reading correlati crosslinks crp-related czytaj-takze czytaj-tez "
                   "further-reading hot-news infobox-links inline-related jp-relatedposts "
                   "latest-news latest-posts lees-ook leggi-anche leia-tambem link-list "
                   "linkbox linked-stories linklist lire-aussi may-like mehr-zum mgid "
                   "might-like more-articles more-news more-stories most-popular most-read "
                   "mostpopular mostread nav-links news-list newslist next-article next-post "
                   "next-story nextprev nextstory other-articles other-news outbrain pager "
                   "pagination popular post-list post-nav post-navigation postlist prev-post "
                   "previous-post promo promobox promos read-also read-more read-next readmore "
                   "readnext recent-posts recentposts recirc recirculation recommendation "
                   "recommendations recommended relacionadas relacionados related "
                   "related-articles related-box related-content related-news related-posts "
                   "related-stories relatedarticles relatedposts revcontent see-also "
                   "similaires similar similar-posts suggested suggestions taboola teaserlist "
                   "teasers top-news top-stories topthemen trending up-next upnext viral "
                   "weitere-artikel wp-rp yarpp you-may yuzo zergnet zum-thema"                 },
    {MARK_SIDE,      "aside back-to bottom-bar breadcrumb breadcrumb-nav breadcrumbs colophon "
                "complementary contentinfo context-column contextcolumn crumbs foot footer "
                "fusszeile lang-switcher language-switcher left-column left-rail leftcol "
                "leftcolumn marginalspalte masthead megamenu menu nav navbar navigation "
                "page-footer page-header rail right-column right-rail rightcol rightcolumn "
                "scroll-top secondary seitenleiste side-bar sidebar sidecol sidenav "
                "site-footer site-header siteheader skip-link skip-links skiplink submenu "
                "subnav supplemental tertiary tool-bar toolbar toolbox tools top-bar topbar "
                "totop widget-area widgets"                                                        },
    {MARK_CONSENT,   "age-gate agegate cc-banner cc-window cmp consent cookie cookie-banner "
                   "cookie-consent cookie-law cookie-notice cookiebar cookieconsent cookies didomi "
                   "eu-cookie gdpr onetrust privacy-banner truste usercentrics"                 },
    {MARK_AD,        "ad ad-banner ad-break ad-container ad-slot ad-unit ad-wrapper adblock adbox ads "
              "adsense adslot adunit advert advertisement advertisements advertising adverts "
              "affiliate affiliates anzeige anzeigen banner banners billboard dfp leaderboard "
              "mpu pubblicita publicidad publicite reklama skyscraper sponsor sponsored sponsors "
              "sponsorship werbung"                                                                  },
    {MARK_SHARE,     "a2a-kit addthis addtoany bookmark bookmarks compartir condividi email-link "
                 "facebook-share fb-like follow follow-us followus heateor jssocials like-button "
                 "partager print-link sd-sharing share share-bar share-buttons share-links "
                 "share-this sharebar sharebuttons sharedaddy shares sharethis shariff sharing "
                 "sharrre sociable social social-icons social-links social-media social-share "
                 "socials socialshare ssba teilen tweet-button twitter-share wabtn whatsapp-share"},
    {MARK_SUBSCRIBE, "abo abonnement donate donation email-signup inline-cta lead-magnet log-in "
                     "login mailchimp mailing-list mc-embed membership news-letter newsletter "
                     "newsletter-box newsletter-signup newsletterbox newsletters notification "
                     "notifications opt-in optin paywall push-layer push-notification pushlayer "
                     "sign-up signup subscribe subscriber subscription subscriptions"         },
    {MARK_META,      "article-footer article-info article-meta article-source article-sources "
                "article-tags article-tools articleinfo breadcrumb-list cat-links "
                "categories category-list citate citation cite-this dateline edit-link "
                "entry-footer entry-info entry-meta entry-tags entry-utility entryfooter "
                "filed-under how-to-cite keywords kicker label-list meta meta-info metadata "
                "metainfo page-tools post-categories post-footer post-info post-meta "
                "post-metadata post-tags postfooter postinfo postmeta postmetadata rating "
                "ratings read-time reading-time readtime star-rating story-tags submitted "
                "tag-cloud tag-links tag-list tagcloud taglist tags tags-links topic-list "
                "view-count views vote votes"                                                      },
    {MARK_AUTHOR,
     "article-author auteur author author-link author-name authored authorname authors "
     "autor autore autoren by-author byline bylines contributor contributors "
     "entry-author fn journalist p-author post-author post-by posted-by reporter vcard "
     "writer written-by writtenby"                                                                                },
    {MARK_DATE,      "article-date date date-published date-time dateline dates datetime datum "
                "dt-published dtstart entry-date fecha modified post-date postdate posted "
                "posted-on pubdate publication-date publish-date publishdate published "
                "published-date release-date time timestamp updated"                               },
    {MARK_CAPTION,
     "bildnachweis bildtext bildunterschrift caption caption-text captions copyright "
     "credit credits cutline figcaption gallery gallery-caption image-caption "
     "image-credit image-gallery image-info imagecaption img-caption jwplayer legende "
     "lightbox media-caption media-credit photo-caption photo-credit photo-gallery "
     "photocaption photogallery pie-foto slide-caption thumbnail thumbnails thumbs "
     "video-player videoplayer wp-caption"                                                                        },
    {MARK_HIDDEN,    "a11y-hidden amp-only assistive-text dialog element-invisible flyout "
                  "lightbox-content modal noprint-only pop-up popup print-only printonly "
                  "screen-reader screenreader sr-only tooltip tooltip-text ui-helper "
                  "visually-hidden visuallyhidden visuallyhide"                                  },
    {MARK_WIDGET,    "ansprechpartner app-store buy-box buy-button buybox calculator calendar "
                  "call-to contact-box contact-form contact-teaser contactbox contactform "
                  "correction-form countdown coupon coupons cta ctas disclaimer disclosure "
                  "download-app feed-link feedback gform help-text jobboard jobs kontakt-box "
                  "kontaktbox noscript pdf-link playlist poll price-box product-box "
                  "productbox quiz rss search search-box search-form searchform shop "
                  "stock-ticker ticker weather widget-title wpcf7"                               },
    {MARK_LEAD,      "abstract article-teaser teaser-text article-intro article-lead article-lede "
                "article-subtitle article-summary "
                "bajada chapeau chapo copete deck dek entradilla entry-summary excerpt intro "
                "introduction lead lede occhiello post-subtitle sommario standfirst sub-headline "
                "sub-title subheadline subtitle summary vorspann"                                  },
    {MARK_TITLE,     "article-headline article-title articletitle entry-header entry-title headline "
                 "headline-title news-title p-name page-title post-headline post-title posttitle "
                 "story-title title"                                                              },
    {MARK_TEASER,    "anreisser promo-card promobox teaser teaser-box teaserbox teasers"                          },
    {MARK_BIO,       "abh-box about-author about-the author-about author-bio author-bios author-box "
               "author-card author-description author-details author-info author-profile "
               "authorbio authorbox authorinfo bio biography saboxplugin"                           },
};

/* Open addressing; a power of two well above twice the number of words. */
#define SLOTS 4096

struct slot {
    struct slice word;
    uint32_t marks;
};

struct marks {
    struct slot slots[SLOTS];
};

static size_t hash_word(struct slice word)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.ptr[i]) * 16777619u;
    return (hash ^ hash >> 15) % SLOTS;
}

struct marks *marks_open(struct arena *arena)
{
    struct marks *m = arena_alloc(arena, sizeof(*m));

    if (m == NULL)
        return NULL;
    for (size_t g = 0; g < WW_COUNT(groups); g++) {
        struct slice rest = slice_from(groups[g].words), word;

        while (slice_next(&rest, ' ', &word)) {
            size_t at = hash_word(word);

            while (m->slots[at].marks != 0 && !slice_equal(m->slots[at].word, word))
                at = (at + 1) % SLOTS;
            m->slots[at].word = word;
            m->slots[at].marks |= groups[g].mark;
        }
    }
    return m;
}

static uint32_t look_up(const struct marks *m, struct slice word)
{
    size_t at = hash_word(word);

    while (m->slots[at].marks != 0) {
        if (slice_equal(m->slots[at].word, word))
            return m->slots[at].marks;
        at = (at + 1) % SLOTS;
    }
    return 0;
}

/* One word of a name, lower case, with the word before it. */
struct speller {
    char pair[PAIR_MAX]; /* previous word, '-', this word */
    size_t start;        /* of this word in pair */
    size_t len;          /* of pair */
    const struct marks *table;
    uint32_t marks;
    bool is_denied; /* the word before says that it has none of this: "no-sidebar" */
};

/* "has-sidebar", "with-comments", "no-share" speak of the layout of something else. */
static bool is_layout_word(const char *word, size_t len)
{
    static const char *const layout[] = {"has", "hide", "is", "no", "not", "with", "without"};

    for (size_t i = 0; i < WW_COUNT(layout); i++)
        if (strlen(layout[i]) == len && memcmp(layout[i], word, len) == 0)
            return true;
    return false;
}

static void end_word(struct speller *s)
{
    size_t len = s->len - s->start;

    /* "sidebar2" is a sidebar; "2col" and "9ef9" are nothing. */
    while (len > 0 && ascii_is_digit(s->pair[s->start + len - 1]))
        len--;
    if (len == 0 || ascii_is_digit(s->pair[s->start])) {
        s->len = s->start;
        return;
    }
    s->len = s->start + len;
    if (len <= WORD_MAX) {
        if (!s->is_denied)
            s->marks |= look_up(s->table, slice_of(s->pair + s->start, len));
        if (s->start > 0 && !s->is_denied)
            s->marks |= look_up(s->table, slice_of(s->pair, s->len));
        s->is_denied = is_layout_word(s->pair + s->start, len);
        memmove(s->pair, s->pair + s->start, len);
        s->pair[len] = '-';
        s->start = s->len = len + 1;
    } else {
        s->start = s->len = 0;
        s->is_denied = false;
    }
}

static void end_name(struct speller *s)
{
    end_word(s);
    s->start = s->len = 0;
    s->is_denied = false;
}

static void spell(struct speller *s, struct slice names)
{
    char before = ' ';

    for (size_t i = 0; i < names.len; i++) {
        char c = names.ptr[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        bool is_lower = (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            end_name(s);
        } else if (!is_upper && !is_lower && !ascii_is_digit(c)) {
            end_word(s);
        } else {
            if (is_upper && before >= 'a' && before <= 'z')
                end_word(s);
            if (s->len - s->start <= WORD_MAX)
                s->pair[s->len++] = is_upper ? (char)(c + ('a' - 'A')) : c;
        }
        before = c;
    }
    end_name(s);
}

/*
 * Ids made from a heading's text ("h-how-to-share-it-with-friends") say nothing of the element, and
 * "fn" is a footnote there, while it is a full name as a class.
 */
static bool is_name(struct slice id)
{
    size_t n = 0;

    if (slice_starts(id, SLICE("fn")))
        return false;

    for (size_t i = 0; i < id.len; i++)
        n += id.ptr[i] == '-' || id.ptr[i] == '_' || id.ptr[i] == ' ';
    return n <= 3;
}

uint32_t marks_of(const struct marks *m, const struct dom_node *node)
{
    struct speller s = {.table = m};

    /* An element that a page made up is named by what it is for: <inline-teaser>. */
    if (node->tag == DOM_OTHER && slice_find_char(node->name, '-') < node->name.len)
        spell(&s, node->name);
    for (size_t i = 0; i < node->n_attributes; i++) {
        struct slice name = node->attributes[i].name;

        if (slice_equal(name, SLICE("class")) ||
            (slice_equal(name, SLICE("id")) && is_name(node->attributes[i].value)) ||
            slice_equal(name, SLICE("role")) || slice_equal(name, SLICE("itemprop")) ||
            slice_equal(name, SLICE("data-testid")) || slice_equal(name, SLICE("data-component")))
            spell(&s, node->attributes[i].value);
    }
    return s.marks;
}
