/*
 * credit_words.h - how an article says whose text it is; for credit.c alone. Lists with a bar
 * between; what has no capitals in ASCII is spelt in each way that is printed.
 */
#ifndef WW_EXTRACTORS_CREDIT_WORDS_H
#define WW_EXTRACTORS_CREDIT_WORDS_H

/* clang-format off */

/* By bytes, for the look-up; a colon follows, and the longest that fits counts. */
static const char *const source_labels[] = {
    "allikas", "article source", "avots", "bron", "bronnen", "fonte", "fonti", "forrás", "fuente",
    "fuentes", "izvor", "izvori", "kaynak", "kilde", "källa", "källor", "lähde", "news source",
    "nguồn", "original source", "originalquelle", "quelle", "quellen", "source", "source text",
    "sources", "sumber", "sursa", "text source", "textquelle", "via", "vía", "zdroj", "zdroje",
    "zródło", "šaltinis", "Źródło", "źródlo", "źródła", "źródło", "ΠΗΓΗ", "Πηγή", "πηγή",
    "Джерело", "Источник", "джерело", "источник", "מקור", "المصدر", "مصدر", "منبع", "स्रोत",
    "ที่มา", "來源", "信息来源", "出典", "出所", "原文来源", "情報源", "文章來源", "文章来源",
    "新聞來源", "新聞资料来源", "新闻来源", "本文來源", "本文来源", "来源", "消息来源",
    "稿件来源", "稿源", "資料來源", "资料来源", "転載元", "轉自", "轉載自", "转自", "转载自",
    "원문출처", "출처",
};

/* What they name is where facts come from. */
static const char plural_labels[] =
    "sources|quellen|fuentes|fonti|bronnen|źródła|zdroje|källor|izvori|"
    "信息来源|消息来源";

/* The first word of a picture's credit. */
static const char pictures[] =
    "foto|fotos|photo|photos|bild|bilder|image|images|picture|grafik|graphic|"
    "video|imagen|immagine|imagem|zdjęcie|kép|fotó|фото|图|圖|写真|사진|صورة";

/* Behind the source's name in one line: the next label, a button. */
static const char source_ends[] = " | |｜|丨| · |　|  "
                                  "|作者|编辑|編輯|責任|责任|记者|記者|发布|發布|時間|时间|字号|"
                                  "字號|阅读|浏览| by | date| author|"
                                  " published| updated|، |评论|点击|分享";

/* By bytes: this text was published elsewhere before; by, on, in whom follows. */
static const char *const first_published[] = {
    "apareceu primeiro", "apareció originalmente", "apareció primero", "apparso originariamente",
    "apparso per la prima volta", "apparu en premier sur", "appeared first in",
    "appeared first on", "apărut inițial", "cross-posted from", "crossposted from",
    "d'abord paru", "d'abord été publié", "eerder gepubliceerd", "először megjelent",
    "eredeti megjelenés", "eredetileg itt jelent", "eredetileg megjelent",
    "erschien ursprünglich", "erschien zuerst", "erschien zunächst", "erstmals erschienen",
    "erstmals veröffentlicht", "erstveröffentlichung", "first appeared at", "first appeared in",
    "first appeared on", "first posted on", "first published at", "first published by",
    "first published in", "first published on", "först publicerad", "først bragt",
    "først publisert", "ilk kez yayımlan", "ilk olarak", "initialement paru",
    "initialement publié", "ist zuerst bei", "ist zuerst im", "ist zuerst in", "ist zunächst bei",
    "ist zunächst im", "ist zunächst in", "julkaistiin alun perin", "julkaistu alun perin",
    "oorspronkelijk gepubliceerd", "oorspronkelijk verschenen", "opprinnelig publisert",
    "oprindeligt bragt", "oprindeligt udgivet", "originally appeared at",
    "originally appeared in", "originally appeared on", "originally posted at",
    "originally posted on", "originally published at", "originally published by",
    "originally published in", "originally published on", "originalmente pubblicato",
    "originalmente publicada", "originalmente publicado", "originariamente pubblicato",
    "paru initialement", "pertama kali diterbitkan", "pertama kali tayang", "pertama kali terbit",
    "pierwotnie opublikowan", "pierwotnie ukazał", "po raz pierwszy opublikowan",
    "pochodzi z serwisu", "poprvé vyšel", "previously published in", "previously published on",
    "proviene da", "przedruk z", "pubblicato originalmente", "pubblicato originariamente",
    "pubblicato per la prima volta", "publicada originalmente", "publicada pela primeira vez",
    "publicado originalmente", "publicado pela primeira vez", "publicado por primera vez",
    "publicado primero en", "publicat iniţial", "publicat inițial", "publicerades först",
    "publicerades ursprungligen", "publicó originalmente", "publié initialement",
    "publié originellement", "publié pour la première fois", "publié à l'origine",
    "publiée initialement", "převzato z", "původně publikován", "původně vyšel", "původně vyšlo",
    "reposted from", "reprinted from", "reprinted with permission from", "republished from",
    "republished with permission from", "se publicó primero", "syndicated from",
    "telah tayang di", "tomado de", "ukazał się pierwotnie", "ursprungligen publicerad",
    "ursprünglich erschienen", "ursprünglich veröffentlicht", "verscheen eerder",
    "verscheen eerst", "verscheen oorspronkelijk", "was first published",
    "was originally published", "xuất bản lần đầu", "zuerst erschienen", "zuerst veröffentlicht",
    "zunächst erschienen", "übernommen von", "đăng lần đầu", "δημοσιεύθηκε αρχικά",
    "δημοσιεύτηκε αρχικά", "πρωτοδημοσιεύ", "Впервые опубликован", "Вперше опублікован",
    "Оригинал материала", "Оригинал статьи", "Первоначально опубликован", "впервые вышл",
    "впервые опубликован", "вперше опублікован", "оригинал опубликован",
    "первоначально опубликован", "первісно опублікован", "نشر أصلا", "نشر أولا", "نشر لأول مرة",
    "نشر هذا المقال لأول مرة", "نقلا عن موقع", "نُشر أصلا", "نُشر لأول مرة", "に掲載された記事",
    "元記事", "初出", "原刊于", "原刊於", "原文刊于", "原文刊於", "原載", "原載於", "原载",
    "原载于", "授权转载自", "本文轉自", "本文轉載自", "本文转自", "本文转载自", "经授权转载",
    "転載元", "轉載自", "转载自", "首发于", "首發於", "원문 출처", "이 글은", "처음 게재",
    "최초 게재",
};

/* clang-format on */

/* Between such words and the name. */
static const char before_name[] =
    "by|on|in|at|the|from|bei|beim|auf|im|der|den|dem|die|das|sur|dans|par|le|la|les|en|el|los|por|"
    "su|da|dal|dalla|sul|nel|em|no|na|o|a|op|door|w|v|na serwisie|portalu|serwisie|на|в|у|في|على|"
    "موقع|à|i|på|hos|di|di laman|pe|de|do|del|of|website|site|magazine|online|issue|edition|dans "
    "le";

/* Hosts' sites that pass readers on, count them, or are where links are shared. */
static const char passing_sites[] =
    "ampproject.org|bit.ly|bitly.com|buff.ly|dlvr.it|doubleclick.net|facebook.com|fb.me|"
    "feedburner.com|feedproxy.google.com|flip.it|flipboard.com|goo.gl|google.com|ift.tt|instagram."
    "com|"
    "linkedin.com|lnkd.in|news.google.com|outbrain.com|ow.ly|pinterest.com|reddit.com|t.co|t.me|"
    "taboola.com|telegram.me|tinyurl.com|tumblr.com|twitter.com|wa.me|weibo.com|whatsapp.com|x.com|"
    "youtu.be|youtube.com|creativecommons.org|apple.com|apple.news";

/* Stocks of pictures, platforms, and programs that fill pages: no text is theirs. */
static const char no_outlets[] =
    "getty|gettyimages|shutterstock|istock|istockphoto|unsplash|pixabay|pexels|adobestock|fotolia|"
    "depositphotos|instagram|twitter|facebook|youtube|tiktok|x|web|internet|google|wikipedia|"
    "wikimedia|wikimediacommons|flickr|archive|archiv|archivo|drupal|wordpress|joomla|typo3|rss|"
    "feed|unknown|null|none|own|eigene|网络|互联网|互聯網|網路|原创|原創|本站|本网|本報|本报|整理|"
    "综合|網絡|own source|"
    "official|website|mobile|desktop|app|cms|agencies|agenturen|agencias|agenzie|agences|"
    "ansichtssache";

/* Names under which <meta> tells of another publication: its name or its address. */
static const char *const source_keys[] = {
    "original-source", "syndication-source", "source",     "dc.source",      "dcterms.source",
    "article:source",  "news_source",        "newssource", "content-source", "contentsource",
    "sourcename",      "source_name",        NULL};

#endif
