/* digest_sample.c - see digest_sample.h; places, papers and lamps are invented. */
#include "tests/support/digest_sample.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <inttypes.h>

#define DAY INT64_C(86400)

/* One story: what was found stands between { and }. */
struct sample {
    const char *language, *outlet, *url, *title, *sentence, *item, *name;
    enum alert_severity severity;
};

/* clang-format off */
static const struct sample samples[] = {
    {"en", "The Harbour Ledger", "https://ledger.example/2026/11/22/light",
     "Lamp at Lantern Bay goes dark as keepers are told to leave",
     "The harbour office said on Friday that the lamp at {Lantern Bay} had been dark since Monday, "
     "and that nobody had been asked to repair it.",
     "ie-lantern", "Lantern Bay light", SEVERITY_HIGH},
    {"zh", "海港日报", "https://xn--fiqs8s.example/新闻/灯塔", "灯笼湾灯塔熄灭 看守人被要求离开",
     "港务局星期五表示，{灯笼湾}的灯自星期一以来一直没有亮，也没有人被要求前去修理。", "ie-lantern",
     "Lantern Bay light", SEVERITY_HIGH},
    {"ar", "صحيفة الميناء", "https://almina.example/2026/11/22/manara",
     "انطفاء منارة خليج الفانوس بعد مطالبة الحراس بالمغادرة",
     "قال مكتب الميناء يوم الجمعة إن المصباح في {خليج الفانوس} مظلم منذ يوم الاثنين، ولم يُطلب من "
     "أحد إصلاحه.",
     "ie-lantern", "Lantern Bay light", SEVERITY_HIGH},
    {"de", "Küstenbote", "https://m\xC3\xBCnchen.example/leuchtturm",
     "Leuchtturmwärterdienstvorschriftenänderungskommission berät über Laternenbucht",
     "Die Seezeichenverwaltungsgemeinschaft teilte mit, das Leuchtfeuer in der {Laternenbucht} sei "
     "seit Montag erloschen; die Donaudampfschifffahrtsgesellschaftskapitänsmütze blieb "
     "unauffindbar.",
     "de-laterne", "Laternenbucht", SEVERITY_MEDIUM},
    {"fa", "روزنامه بندر", "https://bandar.example/news/4411", "چراغ خلیج فانوس خاموش شد",
     "دفتر بندر روز جمعه گفت چراغ {خلیج فانوس} از دوشنبه خاموش است و از کسی خواسته نشده آن را "
     "تعمیر کند.",
     "ie-lantern", "Lantern Bay light", SEVERITY_MEDIUM},
    {"ja", "港湾新聞", "https://kowan.example/kiji/20261122", "ランタン湾の灯台が消灯、守り手に退去通告",
     "港湾局は金曜日、{ランタン湾}の灯りが月曜日から消えており、修理の依頼も出ていないと述べた。",
     "jp-lantern", "Lantern Bay consulate of lamps", SEVERITY_MEDIUM},
    {"ko", "항구일보", "https://hanggu.example/article/9912", "랜턴만 등대 불 꺼져… 등대지기에 퇴거 통보",
     "항만청은 금요일 {랜턴만}의 등불이 월요일부터 꺼져 있으며 수리를 요청받은 사람이 없다고 밝혔다.",
     "kr-lantern", "Lantern Bay light", SEVERITY_MEDIUM},
    {"ru", "Портовый вестник", "https://почта.example/novosti/fonar",
     "Маяк в Фонарной бухте погас, смотрителей просят уехать",
     "В управлении порта в пятницу заявили, что фонарь в {Фонарной бухте} не горит с понедельника, и "
     "чинить его никого не просили.",
     "ie-lantern", "Lantern Bay light", SEVERITY_MEDIUM},
    {"el", "Εφημερίδα του Λιμανιού", "https://limani.example/nea/faros",
     "Έσβησε ο φάρος στον Κόλπο του Φαναριού",
     "Το λιμεναρχείο ανακοίνωσε την Παρασκευή ότι η λάμπα στον {Κόλπο του Φαναριού} είναι σβηστή από "
     "τη Δευτέρα.",
     "gr-fanari", "Kolpos Fanariou", SEVERITY_LOW},
    {"th", "ข่าวท่าเรือ", "https://tharuea.example/news/556", "ประภาคารอ่าวโคมไฟดับ ผู้ดูแลถูกสั่งให้ออก",
     "สำนักงานท่าเรือกล่าวเมื่อวันศุกร์ว่า โคมที่{อ่าวโคมไฟ}ดับตั้งแต่วันจันทร์ และยังไม่มีใครถูกขอให้ไปซ่อม",
     "th-khom", "Ao Khom Fai", SEVERITY_LOW},
    {"he", "עיתון הנמל", "https://hanamal.example/item/77", "המגדלור במפרץ הפנס כבה",
     "משרד הנמל מסר ביום שישי כי הפנס ב{מפרץ הפנס} כבוי מאז יום שני, ואיש לא התבקש לתקן אותו.",
     "ie-lantern", "Lantern Bay light", SEVERITY_LOW},
    {"fr", "Le Courrier du Port",
     "https://courrier.example/2026/11/22/"
     "le-phare-de-la-baie-du-fanal-s-est-eteint-et-les-gardiens-ont-ete-pries-de-partir-selon-le-"
     "bureau-du-port-qui-dit-ne-pas-savoir-qui-doit-le-reparer-ni-quand-cela-sera-fait-ni-par-qui-"
     "cela-sera-paye-article-complet-pour-nos-abonnes?utm_source=flux&utm_medium=rss&page=1",
     "Le phare de la baie du Fanal s’est éteint",
     "Selon le bureau du port, la lampe de la {baie du Fanal} est éteinte depuis lundi ; « personne "
     "n’a été appelé pour la réparer ».",
     "fr-fanal", "Baie du Fanal", SEVERITY_LOW},
    {"zh-TW", "海港時報", "https://haigang.example/a/1", "",
     "港務局表示，{燈籠灣}的燈自星期一以來一直沒有亮。", "ie-lantern", "Lantern Bay light",
     SEVERITY_LOW},
    {"pl", "Kurier Portowy", "https://bank.example@kurier.example:8443/latarnia",
     "Zgasła latarnia w Zatoce Latarni", "Urząd portu podał, że lampa w {Zatoce Latarni} nie świeci.",
     "ie-lantern", "Lantern Bay light", SEVERITY_LOW},
    {"en", "The Harbour Ledger", "https://ledger.example/2026/11/22/signs",
     "What is written on the door", "The sign on the door says {خليج الفانوس} and nothing else.",
     "ie-lantern", "Lantern Bay light", SEVERITY_LOW},
    {"", "", "https://\xD0\xB0pple.example/x", "",
     "A page at an address with a borrowed letter names {Lantern Bay}.", "ie-lantern", "",
     SEVERITY_LOW},
};
/* clang-format on */

static const char *const hostile[] = {
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\"><a href=\"javascript:alert(1)\" style=\"position:fixed\">click</a>",
    "x\r\nBcc: evil@evil.example\r\n\r\n<html>",
    "\xE2\x80\xAEgro.live\xE2\x80\xAC \xE2\x81\xA6isolated",
    "\x1B[31mred\x1B]0;title\x07",
    "]]></td></tr></table></body><!-- --!> <![endif]-->",
    "\xED\xA0\x80\xFF\xC0 not text",
    "=HYPERLINK(\"https://evil.example\")",
    "&lt;b&gt; &amp;amp; &#0; &copy",
};

static const char *const hostile_urls[] = {
    "javascript:alert(1)",
    "https://evil.example/\"onclick=alert(1) x=\"",
    "https://bbc.example\\@evil.example/<b>",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/\xE2\x80\xAE\r\nSet-Cookie: a",
    "vbscript:x",
    "//evil.example/",
};

const char *digest_sample_name(enum digest_sample which)
{
    static const char *const names[SAMPLE_COUNT] = {
        "full", "small", "immediate", "weekly", "quiet", "trouble", "hostile", "huge",
    };

    return names[which];
}

/* ---- stories --------------------------------------------------------------------------------- */

static struct slice unmark(struct slice s, size_t *start, size_t *end, struct arena *arena)
{
    size_t open = slice_find_char(s, '{');
    size_t shut = slice_find_char(s, '}');

    *start = *end = 0;
    if (open >= s.len)
        return s;
    *start = open;
    *end = shut - 1;
    return arena_printf(arena, "%.*s%.*s%.*s", (int)open, s.ptr, (int)(shut - open - 1),
                        s.ptr + open + 1, (int)(s.len - shut - 1), s.ptr + shut + 1);
}

static struct alert_view *make_view(const struct sample *s, int64_t id, struct arena *arena)
{
    struct alert_view *v = arena_array(arena, 1, sizeof(*v));

    *v = (struct alert_view){
        .alert = {.id = id,
                  .story_id = id,
                  .item = slice_from(s->item),
                  .item_name = slice_from(s->name),
                  .country = SLICE("IE"),
                  .severity = s->severity,
                  .tags = id % 3 == 0 ? SLICE("harbour lamp") : SLICE(""),
                  .created_at = SAMPLE_NOW - id * 600},
        .article = {.url = slice_from(s->url),
                  .outlet = slice_from(s->outlet),
                  .language = slice_from(s->language),
                  .published_at = SAMPLE_NOW - id * 1800},
        .n_articles = id % 4 == 1 ? 14 : 1,
        .n_outlets = id % 4 == 1 ? 9 : 1,
        .n_origins = id % 4 == 1 ? 2 : 1,
        .headline = slice_from(s->title[0] != '\0' ? s->title : s->url),
    };
    v->sentence = unmark(slice_from(s->sentence), &v->mark_start, &v->mark_end, arena);
    return v;
}

/* n alerts, the first n_together of them in one sentence. */
static void fill_story(struct digest_story *story, const struct sample *s, int64_t id, size_t n,
                       struct arena *arena)
{
    static const char *const matched[] = {"by its name", "its alias near \"lamp\"",
                                          "by its rule: place near term"};

    *story = (struct digest_story){.n_alerts = n, .n_passages = n > 1 ? n - 1 : 1};
    story->alerts = arena_array(arena, n, sizeof(*story->alerts));
    story->passages = arena_array(arena, n, sizeof(*story->passages));
    for (size_t i = 0; i < n; i++)
        story->alerts[i] = make_view(s, id + (int64_t)i, arena);
    story->first = story->alerts[0];
    for (size_t i = 0; i < story->n_passages; i++) {
        struct digest_passage *p = &story->passages[i];

        *p = (struct digest_passage){.alerts = &story->alerts[i == 0 ? 0 : i + 1],
                                     .n_alerts = i == 0 && n > 1 ? 2 : 1};
        p->matched = arena_array(arena, 2, sizeof(*p->matched));
        p->matched[0] = slice_from(matched[(size_t)id % WW_COUNT(matched)]);
        p->matched[1] = id % 2 == 0 ? SLICE("by its rule") : p->matched[0];
    }
    if (id % 4 == 1)
        story->outlets = SLICE("Evening Wire, Post, Weekly Mariner, صحيفة البحر, 海潮报");
}

static void fill_stories(struct digest *d, size_t n, struct arena *arena)
{
    d->stories = arena_array(arena, n, sizeof(*d->stories));
    for (size_t i = 0; i < n; i++) {
        size_t n_alerts = i % 9 == 0 ? 3 : 1;

        fill_story(&d->stories[i], &samples[i % WW_COUNT(samples)], (int64_t)(i * 4 + 1), n_alerts,
                   arena);
        d->n_alerts += n_alerts;
    }
    d->n_stories = d->n_shown = n;
    d->counts = arena_printf(arena, "%zu stor%s", n, n == 1 ? "y" : "ies");
    d->countries = SLICE("IE DE JP");
}

/* ---- what else a digest holds ---------------------------------------------------------------- */

static struct revision_view *make_revision(const struct sample *s, enum revision_kind kind,
                                           struct arena *arena)
{
    struct revision_view *v = arena_array(arena, 1, sizeof(*v));
    size_t start, end;

    *v = (struct revision_view){
        .revision = {.alert_id = 7,                   .kind = kind},
        .article = { .url = slice_from(s->url),
                     .outlet = slice_from(s->outlet),
                     .language = slice_from(s->language)},
        .item = slice_from(s->item),
        .item_name = slice_from(s->name),
        .severity = s->severity,
        .title = slice_from(s->title),
        .url = slice_from(s->url),
        .outlet = slice_from(s->outlet),
        .n_articles = 5,
        .n_outlets = 4,
        .n_origins = 1,
    };
    if (kind != REVISION_REMOVED) {
        v->revision.sentence = unmark(slice_from(s->sentence), &start, &end, arena);
        v->revision.mark_start = (int64_t)start;
        v->revision.mark_end = (int64_t)end;
    }
    return v;
}

static void add_developing(struct digest *d, struct arena *arena)
{
    static const char *const words[] = {
        "12 → 14 lamps, at The Harbour Ledger 2026-11-22 06:10; 3 copies still say 12",
        "the page was taken away: 404, at Küstenbote 2026-11-21 22:00",
        "\"closed\" → \"open again\", at Портовый вестник 2026-11-22 01:15",
    };

    d->n_developing = 5;
    d->n_developing_shown = 3;
    d->developing = arena_array(arena, 3, sizeof(*d->developing));
    for (size_t i = 0; i < 3; i++) {
        struct digest_developing *v = &d->developing[i];
        const struct sample *s = &samples[i == 2 ? 7 : i * 3];

        v->changes = arena_array(arena, 1, sizeof(*v->changes));
        v->changes[0] = (struct digest_change){
            .view = make_revision(s, i == 1 ? REVISION_REMOVED : REVISION_NUMBER, arena),
            .words = slice_from(words[i])};
        v->first = v->changes[0].view;
        v->n_changes = 1;
        v->severity = s->severity;
        v->n_more = (int64_t)i * 4;
        v->n_more_outlets = (int64_t)i * 2;
    }
}

static void add_possible(struct digest *d, struct arena *arena)
{
    d->n_possible = 4;
    d->n_possible_shown = 2;
    d->possible = arena_array(arena, 2, sizeof(*d->possible));
    for (size_t i = 0; i < 2; i++) {
        const struct sample *s = &samples[i * 2];
        struct digest_possible *p = &d->possible[i];

        *p = (struct digest_possible){
            .words = i == 0 ? SLICE("possible new light: Porto Lanterna")
                            : SLICE("possible status: ie-lantern closed"),
            .label = i == 0 ? SLICE("pt-porto, alleged") : SLICE("ie-lantern, now active"),
            .evidence = SLICE("3 articles in 2 outlets, since 2026-10-05"),
            .outlet = slice_from(s->outlet),
            .url = slice_from(s->url),
            .language = slice_from(s->language)};
        p->sentence = unmark(slice_from(s->sentence), &p->mark_start, &p->mark_end, arena);
    }
}

static struct digest_trouble trouble(const char *name, const char *label, const char *words)
{
    return (struct digest_trouble){slice_from(name), slice_from(label), slice_from(words)};
}

static void add_troubles(struct digest *d, struct arena *arena)
{
    struct trouble_view *told = arena_array(arena, 1, sizeof(*told));

    told->trouble.feed_id = 12;
    d->troubles = arena_array(arena, 3, sizeof(*d->troubles));
    d->troubles[0] = trouble("Evening Wire", "f12, IE", "fails since 2026-11-18 07:10: status 404");
    d->troubles[1] = trouble("صحيفة البحر", "f40, EG", "silent since 2026-10-30, usually daily");
    d->troubles[2] = trouble("Weekly Mariner", "f3, GB", "failed from 2026-11-17 to 2026-11-21");
    d->n_began = 2;
    d->n_ended = 1;
    d->told = (struct trouble_view_list){.rows = told, .n_rows = 1};
    d->in_short = SLICE("2 feeds in trouble, 1 back again");
}

static void add_notes(struct digest *d, struct arena *arena)
{
    d->mutes = arena_array(arena, 2, sizeof(*d->mutes));
    d->mutes[0] = SLICE("item ie-pier until 2026-12-04 08:00, 3 withheld");
    d->mutes[1] = SLICE("outlet Evening Wire, 1 withheld");
    d->n_mutes = 5;
    d->n_mutes_shown = 2;
    d->n_rescan_old = 41;
    d->standing = SLICE("11 feeds are still in trouble, as told before");
    d->gaps = SLICE("RS (31 days); in sr (31 days)");
    d->outage = SLICE("no host could be reached from 02:10 to 02:40");
    d->runs = SLICE("24 since the last digest, 1 failed");
    d->n_pages_failed = 12;
    d->n_quarantined = 3;
    d->covers = SLICE("covers 2 days");
}

static void add_at_once(struct digest *d, struct arena *arena)
{
    d->n_at_once = 3;
    d->n_at_once_shown = 2;
    d->at_once = arena_array(arena, 2, sizeof(*d->at_once));
    for (size_t i = 0; i < 2; i++)
        d->at_once[i] = (struct digest_at_once){
            .first = make_view(&samples[i], 900, arena), .n_alerts = 1, .at = SAMPLE_NOW - 7200};
}

static void make_full(struct digest *d, struct arena *arena)
{
    fill_stories(d, 32, arena);
    d->counts = SLICE("32 new, 5 changed");
    d->stories[1].aside = SLICE("Japan [jp, a13], Ireland [ie, a14]");
    d->stories[1].n_unnamed = 12;
    d->stories[3].aside = SLICE("Ireland [ie, a15]");
    for (size_t i = 24; i < 28; i++) {
        d->stories[i].told_at = d->stories[i].mailed_at = SAMPLE_NOW - 2 * DAY;
        d->stories[i].n_more = (int64_t)i - 24;
        d->stories[i].n_more_outlets = 2;
    }
    for (size_t i = 28; i < 32; i++)
        d->stories[i].is_rescan = true;
    d->n_rescan = 4;
    add_developing(d, arena);
    d->stories[0].changes = d->developing[0].changes;
    d->stories[0].n_changes = 1;
    add_at_once(d, arena);
    add_possible(d, arena);
    add_troubles(d, arena);
    add_notes(d, arena);
}

static struct digest_count count(const char *name, const char *label, int64_t n, int64_t n_before)
{
    return (struct digest_count){slice_from(name), slice_from(label), n, n_before};
}

static void add_counts(struct digest_week *week, struct arena *arena)
{
    week->items = arena_array(arena, 4, sizeof(*week->items));
    week->items[0] = count("Lantern Bay light", "ie-lantern", 41, 12);
    week->items[1] = count("Laternenbucht", "de-laterne", 17, 30);
    week->items[2] = count("خليج الفانوس", "eg-fanus", 6, 0);
    week->items[3] = count("Baie du Fanal", "fr-fanal", 1, 2);
    week->n_items = 9;
    week->n_items_shown = 4;
    week->countries = arena_array(arena, 3, sizeof(*week->countries));
    week->countries[0] = count("IE", "", 44, 20);
    week->countries[1] = count("DE", "", 18, 31);
    week->countries[2] = count("EG", "", 6, 0);
    week->n_countries = week->n_countries_shown = 3;
}

static void make_week(struct digest *d, struct arena *arena)
{
    struct digest_week *week = arena_array(arena, 1, sizeof(*week));

    week->from = SAMPLE_NOW - 7 * DAY;
    week->until = SAMPLE_NOW;
    week->now = (struct digest_span){.n_stories = 68,
                                     .n_alerts = 112,
                                     .n_runs = 168,
                                     .n_runs_failed = 2,
                                     .n_articles = 8123,
                                     .n_began = 3,
                                     .n_ended = 1};
    week->before =
        (struct digest_span){.n_stories = 51, .n_alerts = 80, .n_runs = 168, .n_articles = 7990};
    add_counts(week, arena);
    week->claims = arena_array(arena, 1, sizeof(*week->claims));
    week->claims[0].words = SLICE("at least 12 lights in 3 countries");
    week->claims[0].evidence = SLICE("says the Society of Keepers; 3 articles in 2 outlets");
    week->claims[0].outlet = SLICE("The Harbour Ledger");
    week->claims[0].url = SLICE("https://ledger.example/claims");
    week->n_claims = 2;
    week->n_claims_shown = 1;
    week->n_top = 6;
    week->top = arena_array(arena, week->n_top, sizeof(*week->top));
    for (size_t i = 0; i < week->n_top; i++) {
        week->top[i].first = make_view(&samples[i], (int64_t)i * 4 + 1, arena);
        week->top[i].items = SLICE("Lantern Bay light, Ireland");
    }
    d->week = week;
    d->counts = SLICE("68 stories this week, 51 before");
    add_notes(d, arena);
}

static void make_hostile(struct digest *d, struct arena *arena)
{
    const struct slice first = slice_from(hostile[0]);

    fill_stories(d, WW_COUNT(hostile), arena);
    add_developing(d, arena);
    for (size_t i = 0; i < WW_COUNT(hostile); i++) {
        const char *bad = hostile[i];
        const struct sample s = {
            bad, bad, hostile_urls[i % WW_COUNT(hostile_urls)], bad, bad, bad, bad, SEVERITY_HIGH};

        fill_story(&d->stories[i], &s, (int64_t)i * 4 + 1, 2, arena);
        for (size_t k = 0; k < d->stories[i].n_passages; k++)
            d->stories[i].passages[k].matched[0] = slice_from(bad);
        d->stories[i].aside = d->stories[i].outlets = slice_from(bad);
        if (i == 1)
            d->developing[0].changes[0].view = make_revision(&s, REVISION_NUMBER, arena);
    }
    d->mutes = arena_array(arena, 1, sizeof(*d->mutes));
    d->mutes[0] = d->gaps = d->outage = d->standing = first;
    d->n_mutes = d->n_mutes_shown = 1;
    d->troubles = arena_array(arena, 1, sizeof(*d->troubles));
    d->troubles[0] = trouble(hostile[0], hostile[1], hostile[2]);
    d->n_ended = 1;
    d->developing[0].changes[0].words = first;
}

const struct digest *digest_sample_make(enum digest_sample which, struct arena *arena)
{
    static const struct analyst desk = {
        .name = {"europe",        6 },
          .timezone = {"Europe/Dublin", 13}
    };
    struct digest *d = arena_array(arena, 1, sizeof(*d));

    *d = (struct digest){.analyst = &desk,
                         .now = SAMPLE_NOW,
                         .since = SAMPLE_NOW - DAY,
                         .n_runs = 24,
                         .counts = SLICE("0 stories"),
                         .feeds = SLICE("203 in order, 2 failing, 1 silent")};
    switch (which) {
    case SAMPLE_FULL:
        make_full(d, arena);
        break;
    case SAMPLE_SMALL:
        fill_stories(d, 1, arena);
        break;
    case SAMPLE_IMMEDIATE:
        d->kind = DIGEST_IMMEDIATE;
        fill_stories(d, 1, arena);
        d->thread = d->stories[0].first->headline;
        break;
    case SAMPLE_WEEKLY:
        d->kind = DIGEST_WEEKLY;
        make_week(d, arena);
        break;
    case SAMPLE_QUIET:
        d->kind = DIGEST_ALL_QUIET;
        break;
    case SAMPLE_TROUBLE:
        add_troubles(d, arena);
        break;
    case SAMPLE_HOSTILE:
        make_hostile(d, arena);
        break;
    case SAMPLE_HUGE:
        fill_stories(d, 4000, arena);
        break;
    case SAMPLE_COUNT:
        break;
    }
    return d;
}
