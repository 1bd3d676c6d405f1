/* cues.c - the phrases, by kind, and the look-up. */
#include "extractors/cues.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"

#include <stdbool.h>

/* A label is hardly longer, nor is the line that a "Read more:" begins; invitations go on. */
#define LABEL_MAX 72
#define LINE_MAX 220
#define INVITE_MAX 420
#define BYLINE_MAX 80

struct phrases {
    enum cue cue;
    bool is_whole;    /* the line is this and nothing more; else it begins with it */
    const char *list; /* lower case, separated by '|' */
};

static const struct phrases tables[] = {
    {CUE_LABEL,   true,
     "advertisement|ad|advertising|sponsored|sponsored content|story continues below|share|share "
     "this|"
     "share this article|share this post|share this story|share article|share on facebook|"
     "share on twitter|tweet|facebook|twitter|linkedin|whatsapp|email|e-mail|print|print this page|"
     "copy link|save|like this|loading|loading...|skip to content|table of contents|"
     "in this article|contents|toc|comments|leave a comment|leave a reply|post a comment|add "
     "comment|"
     "no comments|view comments|show comments|reply|log in|login|sign in|sign up|subscribe|"
     "subscribe now|follow us|back to top|top of page|top|menu|close|previous|next|previous "
     "article|next "
     "article|"
     "previous post|next post|photo gallery|gallery|image|images|photo|video|watch|listen|"
     "listen to this article|play|pause|tags|categories|topics|topic|filed under|report an error|"
     "anzeige|werbung|teilen|artikel teilen|diesen artikel teilen|beitrag teilen|drucken|"
     "kommentare|kommentieren|kommentar schreiben|inhaltsverzeichnis|inhalt|nach oben|zum "
     "seitenanfang|"
     "merken|speichern|vergrößern|schließen|weiter|zurück|zur startseite|bildergalerie|"
     "zurück zur übersicht|zurück zur listenansicht|quellen ausblenden|schlagwörter|schlagworte|"
     "möchten sie den artikel teilen|newsletter|kontakt|"
     "partager|partager cet article|publicité|commentaires|imprimer|lire aussi|sommaire|s'abonner|"
     "compartir|compartir este artículo|publicidad|comentarios|imprimir|suscríbete|"
     "condividi|pubblicità|commenti|stampa|iscriviti|compartilhar|compartilhe|publicidade|assine|"
     "delen|advertentie|reacties|udostępnij|reklama|komentarze|drukuj|поделиться|реклама|"
     "комментарии|распечатать|sdílet|dela|annons|kommentarer|paylaş|yorumlar|"
     "分享|广告|廣告|评论|評論|打印|列印|返回顶部|责任编辑|網友留言|シェア|広告|공유|광고"     },
    {CUE_RELATED, true,
     "related|related articles|related article|related stories|related story|related posts|"
     "related post|related content|related news|related coverage|related topics|related links|"
     "related reading|recommended|recommended reading|recommended for you|recommended articles|"
     "you may also like|you might also like|you may like|you may also be interested in|"
     "you might be interested in|more stories|more articles|more news|more from|more on this|"
     "more on this story|more on this topic|more like this|read more|read also|read next|also read|"
     "see also|see more|learn more|further reading|most read|most popular|popular posts|popular|"
     "trending|trending now|latest|latest news|latest posts|latest articles|recent posts|"
     "recent articles|top stories|top news|up next|next up|keep reading|continue reading|"
     "editor's picks|editors' picks|don't miss|in case you missed it|explore more|what to read "
     "next|"
     "recent news|popular articles|similar articles|similar posts|more posts|more in|"
     "mehr zum thema|mehr dazu|mehr|mehr lesen|lesen sie auch|lesen sie mehr|lies auch|auch "
     "interessant|"
     "das könnte sie auch interessieren|das könnte dich auch interessieren|"
     "das könnte ihnen auch gefallen|das könnte dir auch gefallen|ähnliche artikel|ähnliche "
     "beiträge|"
     "verwandte artikel|verwandte beiträge|verwandte themen|weitere artikel|weitere beiträge|"
     "weitere artikel zum thema|weitere themen|weitere meldungen|weitere nachrichten|"
     "weitere informationen|weitere infos|weiterführende links|weiterführende informationen|"
     "zum weiterlesen|zum thema|passend zum thema|meistgelesen|beliebte artikel|neueste artikel|"
     "neueste beiträge|aktuelle beiträge|empfehlungen|links|links zum thema|themen|top-themen|"
     "à lire aussi|à lire également|lire aussi|lire également|voir aussi|sur le même sujet|"
     "articles liés|articles similaires|articles connexes|les plus lus|à découvrir|en savoir plus|"
     "vous aimerez aussi|dans la même rubrique|"
     "temas relacionados|noticias relacionadas|artículos relacionados|notas "
     "relacionadas|relacionados|"
     "relacionadas|te puede interesar|te podría interesar|te recomendamos|también te puede "
     "interesar|"
     "lea también|lee también|leer más|más información|más noticias|lo más leído|lo más visto|"
     "más leídas|ver también|mira también|últimas noticias|le puede interesar|"
     "leggi anche|articoli correlati|potrebbe interessarti|potrebbe interessarti anche|ti potrebbe "
     "interessare|"
     "ti potrebbe interessare anche|approfondimenti|i più letti|altre notizie|correlati|notizie "
     "correlate|"
     "leia também|leia mais|veja também|saiba mais|notícias relacionadas|artigos relacionados|"
     "matérias relacionadas|mais lidas|últimas notícias|mais notícias|"
     "lees ook|lees meer|lees verder|meer over|gerelateerde artikelen|meest gelezen|"
     "czytaj także|czytaj też|czytaj więcej|zobacz także|zobacz też|przeczytaj "
     "także|polecane|powiązane|"
     "читайте также|читать также|читать далее|похожие статьи|по теме|смотрите также|"
     "čtěte také|čtěte dále|související články|olvassa el|läs också|läs mer|les også|læs også|"
     "lue myös|ilgili haberler|citește și|διαβάστε επίσης|"
     "相关阅读|相关新闻|相关文章|相关推荐|相关链接|推荐阅读|延伸阅读|热门文章|猜你喜欢|更多|"
     "相關閱讀|相關新聞|相關文章|推薦閱讀|延伸閱讀|熱門文章|更多新聞|關連記事|関連記事|"
     "あわせて読みたい|"
     "おすすめ記事|관련기사|관련 기사|추천기사"                                                                 },
    {CUE_RELATED, false,
     "read more:|read also:|also read:|read next:|see also:|related:|related article:|related "
     "story:|"
     "related stories:|more:|more on this:|watch:|see more:|don't miss:|recommended:|next:|"
     "also read |read more about|read more on |read the full |continue reading|click here to |"
     "lesen sie auch|lesen sie mehr|lies auch|lesen sie hier|mehr zum thema|mehr dazu|auch "
     "interessant|"
     "mehr lesen|lesetipp|siehe auch|passend dazu|das könnte sie auch|das könnte dich auch|"
     "weiterlesen:|hier geht es zu|mehr zu |weitere informationen zu|"
     "à lire aussi|lire aussi|lire également|à lire :|à lire:|voir aussi|>> lire|"
     "lea también|lee también|lea además|lee además|puedes ver|puede ver:|mira también|mira:|mire:|"
     "ver también|vea también|te puede interesar|te recomendamos|también lee|también puedes leer|"
     "lee:|lea:|leer más|además:|"
     "leggi anche|leggi pure|guarda anche|approfondisci|leia também|leia mais|veja também|saiba "
     "mais|"
     "lees ook|czytaj także|czytaj też|czytaj więcej|zobacz także|zobacz też|przeczytaj także|"
     "читайте также|читать также|смотрите также|čtěte také|přečtěte si|läs också|les også|læs også|"
     "lue myös|citește și|相关阅读：|相关新闻：|延伸閱讀：|延伸阅读：|相關新聞：|関連記事："     },
    {CUE_AUTHOR,  true,
     "about the author|about the authors|about author|about the writer|author|authors|about "
     "us|about|"
     "written by|about this article|author bio|contributors|über den autor|über die autorin|über "
     "uns|"
     "über die autoren|zum autor|zur autorin|zur person|zur startseite|autor|autorin|impressum|"
     "à propos de l'auteur|à propos|l'auteur|sobre el autor|sobre la autora|acerca del autor|"
     "l'autore|sull'autore|informazioni sull'autore|sobre o autor|sobre a autora|over de auteur|"
     "o autorze|об авторе|o autorovi|om författaren|作者简介|作者簡介|关于作者|著者プロフィール"     },
    {CUE_INVITE,  false,
     "subscribe to |subscribe for |subscribe now|subscribe today|sign up for |sign up to |"
     "sign up now|join our |join the newsletter|join over |get the latest |get our |get the best |"
     "receive our |receive the latest |follow us |follow me on |like us on |find us on |"
     "download our app|download the |for more stories |for more news|stay up to date|stay informed|"
     "stay in the loop|never miss |don't miss out|enter your email|your email address|"
     "by signing up|by subscribing|by submitting|thank you for reading|thanks for reading|"
     "thank you for subscribing|if you enjoyed |if you liked |support our |support independent |"
     "become a member|become a subscriber|already a subscriber|already have an account|"
     "this article was originally published|this story was originally published|all rights "
     "reserved|"
     "this site uses |we use cookies|this website uses cookies|please enable javascript|"
     "you must be logged in|your browser does not support|this content is not available|"
     "newsletter abonnieren|newsletter:|abonnieren sie |jetzt abonnieren|melden sie sich |zum "
     "newsletter|"
     "anmelden zum|folgen sie uns|folge uns|folgt uns|jetzt kostenlos|jetzt anmelden|jetzt "
     "newsletter|"
     "sie möchten |keine news mehr|bleiben sie |sie müssen sich einloggen|dieser eintrag wurde |"
     "dieser artikel wurde|alle rechte vorbehalten|wir verwenden cookies|diese website verwendet |"
     "mit dem laden |externer inhalt|an dieser stelle |mit ihrer zustimmung|"
     "abonnez-vous|inscrivez-vous|suivez-nous|recevez |rejoignez |tous droits réservés|"
     "suscríbete|suscríbase|regístrate|síguenos|siguenos|sigue a |recibe las |recibe nuestro|"
     "únete |descarga la app|descarga nuestra|todos los derechos reservados|hazte |"
     "iscriviti |seguici |resta aggiornato|ricevi |riproduzione riservata|© riproduzione|"
     "tutti i diritti riservati|assine |inscreva-se|siga |receba |cadastre-se|todos os direitos |"
     "schrijf je in|meld je aan|volg ons|zapisz się|dołącz do |obserwuj nas|wszelkie prawa |"
     "подпишитесь|подписывайтесь|следите за |все права |přihlaste se|sledujte nás|"
     "责任编辑：|责任编辑:|責任編輯：|原标题：|版权声明|本文来源：|关注我们|扫描二维码|更多精彩|"
     "免責聲明|免责声明|訂閱|订阅|※"                                                                                },
    {CUE_CREDIT,  false,
     "photo:|photos:|photo by |photo credit|photo courtesy|photograph:|photographs:|picture:|"
     "image:|image credit|image source|image courtesy|images:|credit:|credits:|(credit:|(photo "
     "|(foto:|"
     "(photo:|(image:|courtesy of |illustration:|©|(c) |copyright:|copyright ©|copyright 20|"
     "caption:|getty images|file photo|"
     "foto:|fotos:|foto ©|foto von |bild:|bilder:|bildquelle|bildnachweis|fotocredit|titelbild:|"
     "beitragsbild|quelle:|copyright |(bild:|symbolbild|symbolfoto|"
     "crédit photo|crédits photo|crédit :|crédits :|photo :|foto de |imagen:|imagen de |"
     "fotografía:|crédito:|(crédito|fotogalería|imagem:|reprodução|divulgação|immagine:|zdjęcie:|"
     "fot.|"
     "фото:|фото |иллюстрация:|图：|图片来源|圖片來源|圖：|图/|圖/|资料图|資料照|写真："},
};

/*
 * A copy in lower case: ASCII, and the letters of Latin-1 and Cyrillic, whose capitals stand 32
 * code points before.
 */
static struct slice fold_line(struct slice line, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        unsigned char before = i > 0 ? (unsigned char)line.ptr[i - 1] : 0;

        if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
            c = (unsigned char)(c + 0x20);
        else if (before == 0xD0 && c >= 0x90 && c <= 0x9F)
            c = (unsigned char)(c + 0x20);
        else if (before == 0xD0 && c >= 0xA0 && c <= 0xAF) {
            out[n - 1] = (char)0xD1;
            c = (unsigned char)(c - 0x20);
        }
        out[n++] = ascii_lower((char)c);
    }
    return slice_of(out, n);
}

/* Without the signs that decorate labels: arrows, bullets, dots, colons. */
static struct slice bare(struct slice s)
{
    static const char *const signs[] = {
        ":",      ".",      "-",      "|",      ">",      "<",      "*",      "+",      "#",
        "!",      "?",      "[",      "]",      "(",      ")",      " ",      "\"",     "/",
        "\u2013", "\u2014", "\u2026", "\u00bb", "\u00ab", "\u203a", "\u2039", "\u2192", "\u2190",
        "\u2022", "\u00b7", "\u25ba", "\u25b6", "\u2193", "\u2191", "\uff1a", "\u3010", "\u3011",
    };
    bool goes_on = true;

    while (goes_on && s.len > 0) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(signs); i++) {
            struct slice sign = slice_from(signs[i]);

            if (slice_starts(s, sign)) {
                s = slice_skip(s, sign.len);
                goes_on = true;
            } else if (slice_ends(s, sign)) {
                s.len -= sign.len;
                goes_on = true;
            }
        }
    }
    return s;
}

struct entry {
    struct slice phrase;
    const struct phrases *table;
    struct entry *next;
};

struct cues {
    struct entry *by_first[256]; /* byte of the phrase */
};

struct cues *cues_open(struct arena *arena)
{
    struct cues *c = arena_alloc(arena, sizeof(*c));

    for (size_t i = WW_COUNT(tables); c != NULL && i > 0; i--) {
        struct slice rest = slice_from(tables[i - 1].list), phrase;

        while (slice_next(&rest, '|', &phrase)) {
            struct entry *e = arena_alloc(arena, sizeof(*e));
            unsigned char first = (unsigned char)phrase.ptr[0];

            if (e == NULL)
                return NULL;
            *e = (struct entry){phrase, &tables[i - 1], c->by_first[first]};
            c->by_first[first] = e;
        }
    }
    return c;
}

static size_t longest(const struct phrases *t)
{
    if (t->is_whole)
        return LABEL_MAX;
    return t->cue == CUE_INVITE ? INVITE_MAX : LINE_MAX;
}

enum cue cues_match(const struct cues *c, struct slice line)
{
    char room[INVITE_MAX];
    struct slice folded, label;

    if (line.len == 0 || line.len > sizeof(room))
        return CUE_NONE;
    folded = fold_line(line, room);
    label = bare(folded);
    if (label.len > 0 && line.len <= LABEL_MAX)
        for (const struct entry *e = c->by_first[(unsigned char)label.ptr[0]]; e; e = e->next)
            if (e->table->is_whole && slice_equal(label, e->phrase))
                return e->table->cue;
    for (const struct entry *e = c->by_first[(unsigned char)folded.ptr[0]]; e; e = e->next)
        if (!e->table->is_whole && line.len <= longest(e->table) && slice_starts(folded, e->phrase))
            return e->table->cue;
    return CUE_NONE;
}

bool cues_begin_byline(struct slice line)
{
    static const char *const begins[] = {
        "by ",      "von ",    "por ",       "par ",           "di ",
        "door ",    "text: ",  "published ", "updated ",       "posted ",
        "author: ", "autor: ", "publi",      "veröffentlicht", "stand: "};

    for (size_t i = 0; i < WW_COUNT(begins) && line.len < BYLINE_MAX; i++)
        if (slice_starts_nocase(line, slice_from(begins[i])))
            return true;
    return false;
}
