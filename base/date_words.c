/*
 * date_words.c - months, weekdays, zones and little words of dates. One row a language: a new
 * language is a new row. Rows hold the longest form in use (Finnish "tammikuuta"), because any
 * beginning of it counts; '_' stands for a space, '-' for a hole. Base letters alone, see
 * date_fold_letter.
 */
#include "base/date_words.h"

#include "base/attrs.h"
#include "base/text.h"

#include <string.h>

static const char *const month_rows[] = {
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "january february march april may june july august september october november december",
    "januarii februarii - - - - - - sept - - -",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz - - - - - - - - -",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "- - - - - - - - setiembre - - -",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
    "xaneiro febreiro marzo abril maio xuno xullo agosto setembro outubro novembro decembro",
    "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren "
    "irailaren urriaren azaroaren abenduaren",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "- - mrt - - - - - - - - -",
    "januarie februarie maart april mei junie julie augustus september oktober november desember",
    "januar februar mars april mai juni juli august september oktober november desember",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli agust september oktober november desember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta",
    "jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember",
    "janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris novembris "
    "decembris",
    "janvari februari marta aprili maija junija julija augusta septembri oktobri novembri "
    "decembri",
    "sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio "
    "gruodzio",
    "sausis vasaris kovas balandis geguze birzelis liepa rugpjutis rugsejis spalis lapkritis "
    "gruodis",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada "
    "grudnia",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad "
    "grudzien",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "leden unor brezen duben kveten cerven cervenec srpen - rijen - prosinec",
    "januara februara marca aprila maja juna jula augusta septembra oktobra novembra decembra",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra "
    "decembra",
    "sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca",
    "sijecanj veljaca ozujak travanj svibanj lipanj srpanj kolovoz rujan - studeni prosinac",
    "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "januar februar mart april maj juni juli august septembar oktobar novembar decembar",
    "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "januar februar marcius aprilis majus junius julius augusztus szeptember oktober november "
    "december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie "
    "decembrie",
    "janar shkurt mars prill maj qershor korrik gusht shtator tetor nentor dhjetor",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "- - - - - - - avgust sentabr oktabr - -",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "- pebruari - - - - - agt nopember - - -",
    "- - mac - - jun julai ogos - - - disember",
    "- - machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "- pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου "
    "οκτωβριου νοεμβριου δεκεμβριου",
    "ιανουαριοσ φεβρουαριοσ μαρτιοσ απριλιοσ μαιοσ ιουνιοσ ιουλιοσ αυγουστοσ σεπτεμβριοσ "
    "οκτωβριοσ νοεμβριοσ δεκεμβριοσ",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютии березень квітень травень червень липень серпень вересень жовтень листопад "
    "грудень",
    "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніуня верасня кастрычніка лістапада "
    "снежня",
    "януари февруари март април маи юни юли август септември октомври ноември декември",
    "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүиек қазан қараша желтоқсан",
    "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի "
    "նոյեմբերի դեկտեմբերի",
    "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი "
    "დეკემბერი",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "- - - ابريل - يونية يوليه اغسطس - اكتوبر - -",
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "- - اذار - ايار - - اب ايلول تشرين_الاول - كانون_الاول",
    "جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "- - - - می - جولای - - - - -",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "- फरवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค",
};

/* English first: its names say nothing about the order of day and month. */
static const char *const weekday_rows[] = {
    "monday tuesday wednesday thursday friday saturday sunday",
    "- tues weds thurs - - -",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "mo di mi do fr sa so",
    "- - - - - sonnabend -",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miercoles jueves viernes sabado domingo",
    "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado domingo",
    "segunda terca quarta quinta sexta - -",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "dilluns dimarts dimecres dijous divendres dissabte diumenge",
    "luns martes mercores xoves venres sabado domingo",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "ma di wo do vr za zo",
    "mandag tirsdag onsdag torsdag fredag lordag sondag",
    "mandag tisdag onsdag torsdag fredag lordag sondag",
    "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
    "ma ti ke to pe la su",
    "esmaspaev teisipaev kolmapaev neljapaev reede laupaev puhapaev",
    "pirmdiena otrdiena tresdiena ceturtdiena piektdiena sestdiena svetdiena",
    "pirmadienis antradienis treciadienis ketvirtadienis penktadienis sestadienis sekmadienis",
    "poniedzialek wtorek sroda czwartek piatek sobota niedziela",
    "pondeli utery streda ctvrtek patek sobota nedele",
    "pondelok utorok streda stvrtok piatok sobota nedela",
    "po ut st ct pa so ne",
    "ponedeljek torek sreda cetrtek petek sobota nedelja",
    "ponedjeljak utorak srijeda cetvrtak petak subota nedjelja",
    "ponedeljak utorak sreda cetvrtak petak subota nedelja",
    "hetfo kedd szerda csutortok pentek szombat vasarnap",
    "luni marti miercuri joi vineri sambata duminica",
    "e_hene e_marte e_merkure e_enjte e_premte e_shtune e_diel",
    "pazartesi sali carsamba persembe cuma cumartesi pazar",
    "pzt - car per cum cmt paz",
    "senin selasa rabu kamis jumat sabtu minggu",
    "isnin - - khamis jumaat - ahad",
    "δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "пн вт ср чт пт сб вс",
    "понеділок вівторок середа четвер пятниця субота неділя",
    "понеделник вторник сряда четвъртък петък събота неделя",
    "понедељак уторак среда четвртак петак субота недеља",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "الإثنين - الاربعاء - - - الاحد",
    "دوشنبه سه_شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
    "יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי שבת יום_ראשון",
    "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
    "วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์ วันอาทิตย์",
    "thu_hai thu_ba thu_tu thu_nam thu_sau thu_bay chu_nhat",
    "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    "周一 周二 周三 周四 周五 周六 周日",
    "週一 週二 週三 週四 週五 週六 週日",
    "- - - - - - 星期天",
    "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
};

struct role_row {
    unsigned roles;
    const char *words;
};

static const struct role_row role_rows[] = {
    {ROLE_AM | ROLE_KOREAN,            "오전"                                                            },
    {ROLE_PM | ROLE_KOREAN,            "오후"                                                            },
    {ROLE_LINK,                        "de del of di da d den the le el am il l dos do на thn nam ngay"  },
    {ROLE_ORDINAL,                     "st nd rd th er ero o a º ª ος η ή e ste eme an τησ"     },
    {ROLE_AT,
     "at um a as alle ore kl klo klokken la las les om on ora в о у u at. saat pukul lucu hora h "
     "kell ob os"                                                                                          },
    {ROLE_AM,                          "am 上午 凌晨 早上 清晨 早晨 午前 صباحا πμ"      },
    {ROLE_PM,                          "pm 下午 晚上 傍晚 晚间 晚間 午後 午后 مساء μμ" },
    {ROLE_NOON,                        "中午"                                                            },
    {ROLE_YEAR_UNIT,                   "年 m gada urteko ko"                                              },
    {ROLE_YEAR_UNIT | ROLE_KOREAN,     "년"                                                               },
    {ROLE_MONTH_UNIT,                  "月"                                                               },
    {ROLE_MONTH_UNIT | ROLE_KOREAN,    "월"                                                               },
    {ROLE_DAY_UNIT,                    "日 号 號"                                                       },
    {ROLE_DAY_UNIT | ROLE_KOREAN,      "일"                                                               },
    {ROLE_HOUR_UNIT,                   "h 时 時 点 點 ч"                                              },
    {ROLE_HOUR_UNIT | ROLE_KOREAN,     "시"                                                               },
    {ROLE_HOUR_UNIT | ROLE_AFTER_TIME, "uhr hrs hours uur u heures hs น"                                 },
    {ROLE_MINUTE_UNIT,                 "分 min m мин"                                                  },
    {ROLE_MINUTE_UNIT | ROLE_KOREAN,   "분"                                                               },
    {ROLE_SECOND_UNIT,                 "秒 s sec"                                                         },
    {ROLE_SECOND_UNIT | ROLE_KOREAN,   "초"                                                               },
    {ROLE_MONTH_AHEAD,                 "thang thg"                                                         },
    {ROLE_AFTER_YEAR,                  "г года року р r roku god godine y yil yili ev d e год"},
    {ROLE_AFTER_TIME,                  "h hod godz klo"                                                    },
};

/* Minutes east of UTC. Where two zones share a name, the one with more papers; AMT has none. */
static const struct {
    const char *names;
    int minutes;
    enum date_zone_kind kind;
} zone_rows[] = {
    {"z gmt utc ut wet gmt0 utc0 azost egst zulu",    0,    ZONE_FIXED        },
    {"cet met mez bst west wat mewt swt fwt",         60,   ZONE_FIXED        },
    {"cest mest mesz eet cat sast oez metdst wast",   120,  ZONE_FIXED        },
    {"eest oesz msk eat idt trt fet",                 180,  ZONE_FIXED        },
    {"irst",                                          210,  ZONE_FIXED        },
    {"msd gst samt azt get mut ret sct",              240,  ZONE_FIXED        },
    {"irdt aft",                                      270,  ZONE_FIXED        },
    {"pkt uzt yekt tmt tjt mvt azst",                 300,  ZONE_FIXED        },
    {"ist slst",                                      330,  ZONE_FIXED        },
    {"npt",                                           345,  ZONE_FIXED        },
    {"almt omst kgt btt bdt yekst",                   360,  ZONE_FIXED        },
    {"mmt",                                           390,  ZONE_FIXED        },
    {"ict wib krat novt hovt davt omsst novst",       420,  ZONE_FIXED        },
    {"hkt sgt pht myt wita irkt awst ulat bnt krast", 480,  ZONE_FIXED        },
    {"jst kst wit yakt tlt hkst awdt irkst",          540,  ZONE_FIXED        },
    {"acst",                                          570,  ZONE_FIXED        },
    {"aest chst vlat pgt yakst kdt",                  600,  ZONE_FIXED        },
    {"acdt lhst",                                     630,  ZONE_FIXED        },
    {"aedt magt sakt srett ncat nct sbt vlast",       660,  ZONE_FIXED        },
    {"nzst fjt pett tvt anat magst",                  720,  ZONE_FIXED        },
    {"nzdt tot phot fjst",                            780,  ZONE_FIXED        },
    {"azot cvt",                                      -60,  ZONE_FIXED        },
    {"fnt",                                           -120, ZONE_FIXED        },
    {"brst uyst",                                     -120, ZONE_FIXED        },
    {"brt art uyt clst gft srt pyst wgt rott",        -180, ZONE_FIXED        },
    {"ndt hat",                                       -150, ZONE_FIXED        },
    {"nst hnt",                                       -210, ZONE_FIXED        },
    {"adt",                                           -180, ZONE_UNITED_STATES},
    {"ast",                                           -240, ZONE_FIXED        },
    {"clt bot vet pyt gyt hna",                       -240, ZONE_FIXED        },
    {"cot pet ect hne",                               -300, ZONE_FIXED        },
    {"hae",                                           -240, ZONE_FIXED        },
    {"hac",                                           -300, ZONE_FIXED        },
    {"hnc galt",                                      -360, ZONE_FIXED        },
    {"har",                                           -360, ZONE_FIXED        },
    {"hnr",                                           -420, ZONE_FIXED        },
    {"hap",                                           -420, ZONE_FIXED        },
    {"hnp",                                           -480, ZONE_FIXED        },
    {"edt",                                           -240, ZONE_UNITED_STATES},
    {"est cdt",                                       -300, ZONE_UNITED_STATES},
    {"cst mdt",                                       -360, ZONE_UNITED_STATES},
    {"mst pdt",                                       -420, ZONE_UNITED_STATES},
    {"pst akdt",                                      -480, ZONE_UNITED_STATES},
    {"akst hdt hadt",                                 -540, ZONE_UNITED_STATES},
    {"hst hast",                                      -600, ZONE_UNITED_STATES},
    {"sst",                                           -660, ZONE_FIXED        },
    {"et",                                            -300, ZONE_GENERIC      },
    {"ct",                                            -360, ZONE_GENERIC      },
    {"mt",                                            -420, ZONE_GENERIC      },
    {"pt",                                            -480, ZONE_GENERIC      },
};

static const struct {
    const char *name;
    int years;
} eras[] = {
    {"令和", 2018},
    {"平成", 1988},
    {"昭和", 1925},
    {"民国", 1911},
    {"民國", 1911},
};

/* U+00C0 to U+017F without their marks; '*' stays what it is. */
static const char latin_base[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
                                 "aaaaaaaceeeeiiiidnooooo*ouuuuyty"
                                 "aaaaaaccccccccddddeeeeeeeeeegggg"
                                 "gggghhhhiiiiiiiiiiiijjkkklllllll"
                                 "lllnnnnnnnnnoooooooorrrrrrssssss"
                                 "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(latin_base) == 0x180 - 0xC0 + 1, "one letter a code point");

uint32_t date_fold_letter(uint32_t code)
{
    static const struct {
        uint16_t from, to;
        char base;
    } vietnamese[] = {
        {0x1EA0, 0x1EB7, 'a'},
        {0x1EB8, 0x1EC7, 'e'},
        {0x1EC8, 0x1ECB, 'i'},
        {0x1ECC, 0x1EE3, 'o'},
        {0x1EE4, 0x1EF1, 'u'},
        {0x1EF2, 0x1EF9, 'y'},
    };
    static const struct {
        uint16_t from, to;
    } greek[] = {
        {0x386, 0x3B1},
        {0x388, 0x3B5},
        {0x389, 0x3B7},
        {0x38A, 0x3B9},
        {0x38C, 0x3BF},
        {0x38E, 0x3C5},
        {0x38F, 0x3C9},
        {0x390, 0x3B9},
        {0x3AA, 0x3B9},
        {0x3AB, 0x3C5},
        {0x3AC, 0x3B1},
        {0x3AD, 0x3B5},
        {0x3AE, 0x3B7},
        {0x3AF, 0x3B9},
        {0x3B0, 0x3C5},
        {0x3C2, 0x3C3},
        {0x3CA, 0x3B9},
        {0x3CB, 0x3C5},
        {0x3CC, 0x3BF},
        {0x3CD, 0x3C5},
        {0x3CE, 0x3C9},
    };

    if (code >= 'A' && code <= 'Z')
        return code + ('a' - 'A');
    if (code < 0xC0)
        return code;
    if (code < 0x180)
        return latin_base[code - 0xC0] == '*' ? code : (unsigned char)latin_base[code - 0xC0];
    if (code == 0x1A0 || code == 0x1A1)
        return 'o';
    if (code == 0x1AF || code == 0x1B0)
        return 'u';
    for (size_t i = 0; i < WW_COUNT(vietnamese); i++)
        if (code >= vietnamese[i].from && code <= vietnamese[i].to)
            return (unsigned char)vietnamese[i].base;
    if (code >= 0x218 && code <= 0x21B) /* Romanian s and t with comma */
        return code < 0x21A ? 's' : 't';
    if (code >= 0x300 && code <= 0x36F)
        return 0;
    if (code >= 0x386 && code <= 0x3CE) {
        for (size_t i = 0; i < WW_COUNT(greek); i++)
            if (greek[i].from == code)
                return greek[i].to;
        return code >= 0x391 && code <= 0x3A9 ? code + 0x20 : code;
    }
    if (code >= 0x410 && code <= 0x42F)
        code += 0x20;
    else if (code >= 0x400 && code <= 0x40F)
        code += 0x50;
    if (code == 0x451) /* io */
        return 0x435;
    if (code == 0x439) /* short i */
        return 0x438;
    return code == 0x457 ? 0x456 : code; /* yi */
}

int date_digit(uint32_t code)
{
    static const uint32_t zeros[] = {'0', 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10};

    for (size_t i = 0; i < WW_COUNT(zeros); i++)
        if (code >= zeros[i] && code <= zeros[i] + 9)
            return (int)(code - zeros[i]);
    return -1;
}

#define NO_COLUMN (-2)

/* The next word of a row; false at its end. */
static bool next_word(const char **row, struct slice *word)
{
    const char *end;

    if (**row == '\0')
        return false;
    end = strchr(*row, ' ');
    *word = end == NULL ? slice_from(*row) : slice_of(*row, (size_t)(end - *row));
    *row = end == NULL ? *row + word->len : end + 1;
    return true;
}

static bool has_letters(struct slice word, size_t least)
{
    size_t n = 0;

    for (size_t at = 0; at < word.len; n++)
        (void)text_next_code(word, &at);
    return n >= least;
}

/* Column of word in the rows: the exact name, else the one column that it is a beginning of. */
static int find_column(const char *const *rows, size_t n_rows, struct slice word,
                       size_t least_letters, int shared, bool *is_first_row)
{
    int found = -1;
    bool may_shorten = has_letters(word, least_letters);

    *is_first_row = false;
    for (size_t i = 0; i < n_rows; i++) {
        const char *row = rows[i];
        struct slice name;

        for (int column = 0; next_word(&row, &name); column++) {
            if (name.ptr[0] != word.ptr[0] || !slice_starts(name, word))
                continue;
            if (name.len != word.len && !may_shorten)
                continue;
            *is_first_row |= i == 0;
            if (name.len == word.len)
                return column;
            found = found == -1 || found == column ? column : shared;
        }
    }
    return found;
}

unsigned date_month(struct slice folded)
{
    bool is_english;
    int column = folded.len < 2 ? -1
                                : find_column(month_rows, WW_COUNT(month_rows), folded, 3,
                                              NO_COLUMN, &is_english);

    return column < 0 ? 0 : (unsigned)column + 1;
}

int date_weekday(struct slice folded, bool *is_english)
{
    *is_english = false;
    if (folded.len < 2)
        return -1;
    return find_column(weekday_rows, WW_COUNT(weekday_rows), folded, 2, DATE_WEEKDAY_UNKNOWN,
                       is_english);
}

static bool row_has(const char *row, struct slice word)
{
    struct slice name;

    while (next_word(&row, &name))
        if (slice_equal(name, word))
            return true;
    return false;
}

unsigned date_roles(struct slice folded)
{
    unsigned roles = 0;

    for (size_t i = 0; i < WW_COUNT(role_rows); i++)
        if (row_has(role_rows[i].words, folded))
            roles |= role_rows[i].roles;
    return roles;
}

enum date_zone_kind date_zone(struct slice folded, int32_t *offset_s)
{
    for (size_t i = 0; i < WW_COUNT(zone_rows); i++)
        if (row_has(zone_rows[i].names, folded)) {
            *offset_s = zone_rows[i].minutes * 60;
            return zone_rows[i].kind;
        }
    return ZONE_NONE;
}

int date_era(struct slice folded)
{
    for (size_t i = 0; i < WW_COUNT(eras); i++)
        if (slice_equal(slice_from(eras[i].name), folded))
            return eras[i].years;
    return 0;
}

size_t date_known_prefix(struct slice text)
{
    size_t ends[4];
    size_t n = 0;

    for (size_t at = 0; n < WW_COUNT(ends) && at < text.len;) {
        (void)text_next_code(text, &at);
        ends[n++] = at;
    }
    while (n > 0) {
        struct slice word = slice_head(text, ends[--n]);
        bool is_english;
        int weekday = n > 1 ? date_weekday(word, &is_english) : -1;

        if (date_roles(word) != 0 || date_era(word) != 0 || weekday >= 0)
            return word.len;
    }
    return 0;
}
