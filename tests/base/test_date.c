/* test_date.c - dates as feeds and pages write them; what must not be taken for one. */
#include "base/date.h"

#include "base/attrs.h"
#include "base/date_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* "2022-09-13T10:05:22Z second", or "none". */
static const char *describe(const struct date *d, char out[80])
{
    char text[DATE_TEXT_BYTES];

    if (d->precision == DATE_NONE)
        return "none";
    (void)snprintf(out, 80, "%s %s", date_format(d->at, text), date_precision_name(d->precision));
    return out;
}

struct parse_case {
    const char *text, *want;
};

static void check_parse(const struct parse_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct date date;
        char got[80];
        bool is_date = date_parse(slice_from(cases[i].text), &date);

        if (strcmp(describe(&date, got), cases[i].want) != 0 ||
            is_date != (date.precision != DATE_NONE))
            fail_msg("'%s': got %s, want %s", cases[i].text, describe(&date, got), cases[i].want);
    }
}

static void test_forms(void **state)
{
    static const struct parse_case cases[] = {
        {"2022-09-13T10:05:22Z",                    "2022-09-13T10:05:22Z second"},
        {" 2022-09-13T10:05:22.5+02:00\n",          "2022-09-13T08:05:22Z second"},
        {"2022-09-13T10:05:22-05:00Z",              "2022-09-13T15:05:22Z second"},
        {"2022-09-13T10:05:22+01:00[Europe/Paris]", "2022-09-13T09:05:22Z second"},
        {"2022-09-13T10",                           "2022-09-13T10:00:00Z minute"},
        {"2022-09-13T10:05:22+01:0",                "2022-09-13T09:05:22Z second"},
        {"20220913T1005",                           "2022-09-13T10:05:00Z minute"},
        {"20220913",                                "2022-09-13T00:00:00Z day"   },
        {"20220913100522",                          "2022-09-13T10:05:22Z second"},
        {"2022-09",                                 "2022-09-01T00:00:00Z month" },
        {"2022",                                    "2022-01-01T00:00:00Z year"  },
        {"2022-W37-2",                              "2022-09-13T00:00:00Z day"   },
        {"2020-W01-1",                              "2019-12-30T00:00:00Z day"   },
        {"2022-256",                                "2022-09-13T00:00:00Z day"   },
        {"2022-09-13+02:00",                        "2022-09-12T22:00:00Z day"   },
        {"Tue, 13 Sep 2022 10:05:22 GMT",           "2022-09-13T10:05:22Z second"},
        {"Tue, 13 Sep 22 10:05 -0230",              "2022-09-13T12:35:00Z minute"},
        {"13 Sep 99",                               "1999-09-13T00:00:00Z day"   },
        {"Tue Sep 13 10:05:22 2022",                "2022-09-13T10:05:22Z second"},
        {"Tue Sep 13 10:05:22 CEST 2022",           "2022-09-13T08:05:22Z second"},
        {"13/Sep/2022:10:05:22 +0000",              "2022-09-13T10:05:22Z second"},
        {"September 13th, 2022 at 10:05 p.m. EDT",  "2022-09-14T02:05:00Z minute"},
        {"10:05, 13 September 2022",                "2022-09-13T10:05:00Z minute"},
        {"Sept. 2022",                              "2022-09-01T00:00:00Z month" },
        {"1663063522",                              "2022-09-13T10:05:22Z second"},
        {"1663063522.25",                           "2022-09-13T10:05:22Z second"},
        {"1663063522000000",                        "2022-09-13T10:05:22Z second"},
        {"2016-12-31T23:59:60Z",                    "2017-01-01T00:00:00Z second"},
        {"2017-01-01T00:59:60+01:00",               "2017-01-01T00:00:00Z second"},
        {"13 Sep 2022 24:00",                       "2022-09-14T00:00:00Z minute"},
        {"13 Sep 2022 12:05 AM",                    "2022-09-13T00:05:00Z minute"},
        {"13 Sep 2022 12:05 PM",                    "2022-09-13T12:05:00Z minute"},
        {"2022256",                                 "2022-09-13T00:00:00Z day"   },
        {"2022W372",                                "2022-09-13T00:00:00Z day"   },
        {"2022-09-13T10:05:22:-0700",               "2022-09-13T17:05:22Z second"},
        {"2022-09-13 10:05:22 -0700 MST",           "2022-09-13T17:05:22Z second"},
        {"Tue, Sep 13 2022 10:05:22 -700",          "2022-09-13T17:05:22Z second"},
        {"10:05 13.09.2022 -0700",                  "2022-09-13T17:05:00Z minute"},
        {"13 Sep 2022 10:05:22 GMT +0100",          "2022-09-13T09:05:22Z second"},
        {"13 Sep 2022 10:05 CST (UTC+8)",           "2022-09-13T02:05:00Z minute"},
        {"Tue, 13 Sep 2022 10:05 AT",               "2022-09-13T13:05:00Z minute"},
    };

    WW_UNUSED(state);
    check_parse(cases, WW_COUNT(cases));
}

static void test_languages(void **state)
{
    static const struct parse_case cases[] = {
        {"13 de septiembre de 2022",                                                                            "2022-09-13T00:00:00Z day"   },
        {"13 de setembro de 2022 às 10h05",                                                                    "2022-09-13T10:05:00Z minute"},
        {"martedì 13 settembre 2022, ore 10.05",                                                               "2022-09-13T10:05:00Z minute"},
        {"1er août 2022 à 10h",                                                                               "2022-08-01T10:00:00Z minute"},
        {"mar. 13 sept. 2022",                                                                                  "2022-09-13T00:00:00Z day"   },
        {"15:54 Uhr, 3. März 2023",                                                                            "2023-03-03T15:54:00Z minute"},
        {"di 13 september 2022 10:05 uur",                                                                      "2022-09-13T10:05:00Z minute"},
        {"13 września 2022 r.",                                                                                "2022-09-13T00:00:00Z day"   },
        {"13 listopada 2022",                                                                                   "2022-11-13T00:00:00Z day"   },
        {"13. listopada 2022.",                                                                                 "2022-10-13T00:00:00Z day"   },
        {"13. září 2022",                                                                                    "2022-09-13T00:00:00Z day"   },
        {"2022. szeptember 13.",                                                                                "2022-09-13T00:00:00Z day"   },
        {"2022 m. rugsėjo 13 d., 10:05",                                                                       "2022-09-13T10:05:00Z minute"},
        {"2022. gada 13. septembris",                                                                           "2022-09-13T00:00:00Z day"   },
        {"13 Eylül 2022 Salı",                                                                                "2022-09-13T00:00:00Z day"   },
        {"13 ΣΕΠΤΕΜΒΡΊΟΥ 2022",                                                                      "2022-09-13T00:00:00Z day"   },
        {"13 сентября 2022 г., 10:05",                                                                 "2022-09-13T10:05:00Z minute"},
        {"13 вересня 2022 р.",                                                                          "2022-09-13T00:00:00Z day"   },
        {"١٣ سبتمبر ٢٠٢٢",                                                                          "2022-09-13T00:00:00Z day"   },
        {"13 كانون الثاني 2022",                                                                     "2022-01-13T00:00:00Z day"   },
        {"13 בספטמבר 2022",                                                                              "2022-09-13T00:00:00Z day"   },
        {"१३ सितंबर २०२२",                                                              "2022-09-13T00:00:00Z day"   },
        {"13 กันยายน 2565",                                                                       "2022-09-13T00:00:00Z day"   },
        {"13 ก.ย. 2565 10.05 น.",                                                                         "2022-09-13T10:05:00Z minute"},
        {"Thứ Ba, ngày 13 tháng 9 năm 2022",                                                               "2022-09-13T00:00:00Z day"   },
        {"2022年9月13日 星期二 下午3时05分",                                                          "2022-09-13T15:05:00Z minute"},
        {"２０２２年９月１３日（火）１０：０５",                                              "2022-09-13T10:05:00Z minute"},
        {"令和4年9月13日",                                                                                 "2022-09-13T00:00:00Z day"   },
        {"民國111年9月13日",                                                                               "2022-09-13T00:00:00Z day"   },
        {"2022년 9월 13일",                                                                                  "2022-09-13T00:00:00Z day"   },
 /* Korean is written in one zone alone. */
        {"2022년 9월 13일 (화) 오후 3시 5분",                                                           "2022-09-13T06:05:00Z minute"},
        {"2004-05-25 오후 11:23:17",                                                                          "2004-05-25T14:23:17Z second"},
        {"2022-09-13 (화) 10:05",                                                                              "2022-09-13T01:05:00Z minute"},
        {"二〇二二年九月十三日",                                                                      "2022-09-13T00:00:00Z day"   },
        {"二零二二年十二月三十一日 下午三時五分",                                             "2022-12-31T15:05:00Z minute"},
        {"中華民國一百年",                                                                               "none"                       },
        {"中華民國九十五年一月二日",                                                                "2006-01-02T00:00:00Z day"   },
        {"令和元年5月1日",                                                                                "2019-05-01T00:00:00Z day"   },
        {"2022年9月13日 晚上8:15",                                                                         "2022-09-13T20:15:00Z minute"},
        {"2022年9月13日 晚上12点",                                                                        "none"                       },
        {"Thứ Ba, 13/09/2022, 10:05 (GMT+7)",                                                                 "2022-09-13T03:05:00Z minute"},
        {"Thứ Ba, 6/9/2022",                                                                                  "2022-09-06T00:00:00Z day"   },
        {"ngày 13 tháng 9 năm 2022 lúc 10:05",                                                              "2022-09-13T10:05:00Z minute"},
        {"יום שלישי 13 ספטמבר 2022",                                                              "2022-09-13T00:00:00Z day"   },
        {"Τρίτη 13 Σεπτεμβρίου 2022 2:30 μ.μ.",                                               "2022-09-13T14:30:00Z minute"},
        {"الثلاثاء 13 سبتمبر 2022 02:30 م",                                                      "2022-09-13T14:30:00Z minute"},
        {"13 سبتمبر 2022 م 02:30",                                                                       "2022-09-13T02:30:00Z minute"},
        {"13 أيلول/سبتمبر 2022",                                                                     "2022-09-13T00:00:00Z day"   },
        {"13 أيلول (سبتمبر) 2022",                                                                   "2022-09-13T00:00:00Z day"   },
        {"۱۳ ژانویهٔ ۲۰۲۲",                                                                        "2022-01-13T00:00:00Z day"   },
        {"วันอังคารที่ 13 กันยายน พ.ศ. 2565 เวลา 10.05 น.", "2022-09-13T10:05:00Z minute"},
        {"13 ก.ย. 65",                                                                                      "2022-09-13T00:00:00Z day"   },
        {"13 ก.ย. 22",                                                                                      "none"                       },
        {"13. září 2022 v 10:05",                                                                            "2022-09-13T10:05:00Z minute"},
        {"13 сентября 2022, 10:05 (мск)",                                                            "2022-09-13T07:05:00Z minute"},
    };

    WW_UNUSED(state);
    check_parse(cases, WW_COUNT(cases));
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "yesterday",
        "Invalid date",
        "2022-02-30",
        "29 February 2023",
        "31 April 2022",
        "2022-13-01",
        "2022-00-05",
        "2022-09-00",
        "0000-00-00",
        "20220230",
        "2022-366",
        "2022-000",
        "2021-W53-1",
        "2022-W37-8",
        "2022-09-13T25:00:00Z",
        "2022-09-13T24:00:01Z",
        "2022-09-13T10:60:00Z",
        "2022-09-13T10:14:61Z",
        "2016-12-31T23:58:60Z",
        "13 Sep 2022 13:05 AM",
        "13 Sep 2022 1:2:3:4 GMT",
        "13 Sep 2022 10:05 +15:00",
        "13 Sep 2022 10:05 +zz:00",
        "2022-09-13T10:05:22+05:3",
        "13 Sep 2022 10:05 +01:00 tomorrow",
        "2010-",
        "2013-01-27-01",
        "22:05",
        "13 Sep",
        "13",
        "0",
        "99999999999",
        "2019-2023",
        "12.5.6.7",
        "13 Sep 2022 10:05 +14:30",
        "13 Sep 2022 10:05 EST+5",
        "13 Sep 2022 10:05 Etc/GMT+5", /* west of Greenwich there, east elsewhere */
        "13 Sep 2022 10:05 et",
        "202209131", /* no second of 1976 */
        "9999999999",
        "२०८०-०१-२०",           /* Nepal's calendar */
        "13 lip 2022",          /* June in Croatian, July in Polish */
        "0001-01-01T00:00:00Z", /* a placeholder */
        "9999-12-31T23:59:59Z",
        "۱۴۰۲/۰۷/۲۱", /* the Solar Hijri calendar */
        "13 กันยายน 3565",
        "13 Sep 2022 \xFF\xFE",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        struct date date;
        char got[80];

        if (date_parse(slice_from(texts[i]), &date) || date.precision != DATE_NONE)
            fail_msg("'%s' became %s", texts[i], describe(&date, got));
    }
}

static void test_order(void **state)
{
    static const struct {
        const char *text;
        enum date_order hint;
        const char *want;
    } cases[] = {
        {"03/04/2023",          DATE_ORDER_UNKNOWN,     "none"                       },
        {"03/04/2023",          DATE_ORDER_DAY_FIRST,   "2023-04-03T00:00:00Z day"   },
        {"03/04/2023",          DATE_ORDER_MONTH_FIRST, "2023-03-04T00:00:00Z day"   },
        {"04/04/2023",          DATE_ORDER_UNKNOWN,     "2023-04-04T00:00:00Z day"   },
        {"23/04/2023",          DATE_ORDER_MONTH_FIRST, "2023-04-23T00:00:00Z day"   },
        {"04/23/2023",          DATE_ORDER_DAY_FIRST,   "2023-04-23T00:00:00Z day"   },
        {"23/24/2023",          DATE_ORDER_DAY_FIRST,   "none"                       },
 /* 3 April 2023 was a Monday, 4 March 2023 a Saturday. */
        {"Mon, 03/04/2023",     DATE_ORDER_MONTH_FIRST, "2023-04-03T00:00:00Z day"   },
        {"Sat, 03/04/2023",     DATE_ORDER_DAY_FIRST,   "2023-03-04T00:00:00Z day"   },
        {"Wed, 03/04/2023",     DATE_ORDER_UNKNOWN,     "none"                       },
        {"mercredi 03/04/2023", DATE_ORDER_UNKNOWN,     "2023-04-03T00:00:00Z day"   },
        {"03.04.2023",          DATE_ORDER_UNKNOWN,     "2023-04-03T00:00:00Z day"   },
        {"03-04-2023",          DATE_ORDER_UNKNOWN,     "2023-04-03T00:00:00Z day"   },
        {"03-04-2023",          DATE_ORDER_MONTH_FIRST, "2023-03-04T00:00:00Z day"   },
        {"03/04/2023 3:04 PM",  DATE_ORDER_UNKNOWN,     "2023-03-04T15:04:00Z minute"},
        {"03/04/2023 3:04 PM",  DATE_ORDER_DAY_FIRST,   "2023-04-03T15:04:00Z minute"},
        {"03/04/2023 15:04 ET", DATE_ORDER_UNKNOWN,     "2023-03-04T20:04:00Z minute"},
        {"2023/03/04",          DATE_ORDER_DAY_FIRST,   "2023-03-04T00:00:00Z day"   },
        {"Thu, 03/04/2021",     DATE_ORDER_UNKNOWN,     "2021-03-04T00:00:00Z day"   },
 /* 2013-09-22 in East Asia. */
        {"13.09.22",            DATE_ORDER_UNKNOWN,     "none"                       },
        {"13.09.22",            DATE_ORDER_DAY_FIRST,   "2022-09-13T00:00:00Z day"   },
        {"Tue, 13.09.22",       DATE_ORDER_UNKNOWN,     "2022-09-13T00:00:00Z day"   },
        {"09/13/22",            DATE_ORDER_UNKNOWN,     "2022-09-13T00:00:00Z day"   },
        {"1/2/06 3:04 PM",      DATE_ORDER_UNKNOWN,     "2006-01-02T15:04:00Z minute"},
    };
    static const struct {
        const char *language;
        enum date_order want;
    } languages[] = {
        {"en-US", DATE_ORDER_MONTH_FIRST},
        {"en",    DATE_ORDER_UNKNOWN    },
        {"en-GB", DATE_ORDER_DAY_FIRST  },
        {"it",    DATE_ORDER_DAY_FIRST  },
        {"ko-KR", DATE_ORDER_UNKNOWN    },
        {"",      DATE_ORDER_UNKNOWN    },
        {"EN-us", DATE_ORDER_MONTH_FIRST},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct date date;
        char got[80];

        (void)date_parse_ordered(slice_from(cases[i].text), cases[i].hint, &date);
        if (strcmp(describe(&date, got), cases[i].want) != 0)
            fail_msg("'%s' (%d): got %s", cases[i].text, (int)cases[i].hint, describe(&date, got));
    }
    for (size_t i = 0; i < WW_COUNT(languages); i++)
        if (date_order_of(slice_from(languages[i].language)) != languages[i].want)
            fail_msg("%s", languages[i].language);
}

static void test_zones(void **state)
{
    static const struct {
        const char *text;
        int64_t zone_s;
        bool has_zone;
    } cases[] = {
        {"13 Sep 2022 10:05 +0530",   19800,  true },
        {"13 Sep 2022 10:05 -00:00",  0,      true },
        {"13 Sep 2022 10:05 GMT-8",   -28800, true },
        {"13 Sep 2022 10:05 AEST",    36000,  true },
        {"13 Sep 2022 10:05 NPT",     20700,  true },
        {"13 Sep 2022 10:05 XYZ",     0,      false},
        {"13 Sep 2022 10:05",         0,      false},
        {"13 Sep 2022 10:05 Etc/GMT", 0,      true },
 /* The law of the day: summer time or not. */
        {"13 Sep 2022 10:05 ET",      -14400, true },
        {"13 Jan 2022 10:05 ET",      -18000, true },
        {"13 Mar 2022 01:59 PT",      -28800, true },
        {"13 Mar 2022 03:00 PT",      -25200, true },
        {"20 Mar 2005 12:00 CT",      -21600, true },
        {"6 Nov 2022 12:00 CT",       -21600, true },
        {"30 Oct 2005 12:00 MT",      -25200, true },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct date date;

        assert_true(date_parse(slice_from(cases[i].text), &date));
        if (date.zone_s != cases[i].zone_s || date.has_zone != cases[i].has_zone)
            fail_msg("'%s': zone %d s", cases[i].text, (int)date.zone_s);
    }
}

/* The forms that are read letter by letter mean what the grammar makes of them: a stop at the end.
 */
static void test_common(void **state)
{
    static const char *const texts[] = {
        "Tue, 13 Sep 2022 10:05:22 GMT",
        "Tue, 13 Sep 2022 10:05:22 +0230",
        "3 Sep 2022 10:05:22 -0030",
        "2022-09-13T10:05:22Z",
        "2022-09-13T10:05:22-12:30",
        "Wed, 31 Dec 1969 23:59:59 +0000",
        "Tue, 31 Feb 2022 10:05:22 GMT",
        "2022-13-01T10:05:22Z",
        "2022-02-30T10:05:22Z",
        "Tue, 13 Sep 2022 24:00:00 GMT",
        "Tue, 13 Sep 2022 10:05:60 GMT",
        "Tue, 13 Sep 2022 10:05:22 +1500",
        "2016-12-31T23:59:60Z",
        "Mon, 00 Sep 2022 10:05:22 GMT",
        "1402-07-21T10:05:22Z",
        "9999-12-31T23:59:59Z",
        "Tue, 13 Sept 2022 10:05:22 GMT",
        "Tue, 13 sep 2022 10:05:22 GMT",
        "2022-09-13T10:05:22+02:00:00",
        "2022-09-13T10:05:22Zx",
        "Tue, 13 Sep 2022 10:05:22 GMT+1",
        "Tue, 13 Sep 2022 10:05:22 +02000",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        char stopped[64], one[80], two[80];
        struct date a, b;

        (void)snprintf(stopped, sizeof(stopped), "%s.", texts[i]);
        (void)date_parse(slice_from(texts[i]), &a);
        (void)date_parse(slice_from(stopped), &b);
        if (strcmp(describe(&a, one), describe(&b, two)) != 0 || a.has_zone != b.has_zone ||
            a.zone_s != b.zone_s)
            fail_msg("'%s': %s or %s", texts[i], describe(&a, one), describe(&b, two));
    }
}

static void test_find(void **state)
{
    static const struct {
        const char *text, *found, *want;
    } cases[] = {
        {"By Ana Silva, published 3 de maio de 2023 at 10h",    "3 de maio de 2023 at 10h",
         "2023-05-03T10:00:00Z minute"                                                                                       },
        {"Updated May 3, 2023 10:05 PM EDT by staff",           "May 3, 2023 10:05 PM EDT",
         "2023-05-04T02:05:00Z minute"                                                                                       },
        {"发布时间：2023年5月3日10:05 来源：本报", "2023年5月3日10:05",
         "2023-05-03T10:05:00Z minute"                                                                                       },
        {"北京，二〇二三年五月三日电",             "二〇二三年五月三日",  "2023-05-03T00:00:00Z day"   },
        {"公布日：令和5年5月3日",                      "令和5年5月3日",           "2023-05-03T00:00:00Z day"   },
        {"Publicado el miércoles 3 de mayo de 2023.",          "miércoles 3 de mayo de 2023",
         "2023-05-03T00:00:00Z day"                                                                                          },
        {"Room 12, 30 February 2023, then 3 May 2023",          "3 May 2023",                   "2023-05-03T00:00:00Z day"   },
        {"posted Mon, 03/04/2023 in News",                      "Mon, 03/04/2023",              "2023-04-03T00:00:00Z day"   },
        {"15:54, 3 May 2023 | Reuters",                         "15:54, 3 May 2023",            "2023-05-03T15:54:00Z minute"},
        {"3 May 2023 12 people were hurt",                      "3 May 2023",                   "2023-05-03T00:00:00Z day"   },
        {"3 May 2023 25:00",                                    "3 May 2023",                   "2023-05-03T00:00:00Z day"   },
        {"2023-05-03",                                          "2023-05-03",                   "2023-05-03T00:00:00Z day"   },
        {"Am 3. Mai 2023 um 15.54 Uhr in Wien",                 "3. Mai 2023 um 15.54 Uhr",
         "2023-05-03T15:54:00Z minute"                                                                                       },
        {"Опубликовано 3 мая 2023 года",     "3 мая 2023",                "2023-05-03T00:00:00Z day"   },
        {"3 May 23, tomorrow",                                  NULL,                           "none"                       },
        {"call 2023-05-03-12 or 1.2023-05-03",                  NULL,                           "none"                       },
        {"v1.2.2023-rc, ISO-8601, 10.4.2023.1",                 NULL,                           "none"                       },
        {"In May 2023 and 2022",                                NULL,                           "none"                       },
        {"03/04/2023",                                          NULL,                           "none"                       },
        {"20230503",                                            "20230503",                     "2023-05-03T00:00:00Z day"   },
        {"id 1683072000",                                       NULL,                           "none"                       },
        {"\xFF\xFE 3 May 2023 \xFF",                            "3 May 2023",                   "2023-05-03T00:00:00Z day"   },
        {"",                                                    NULL,                           "none"                       },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct date date;
        struct slice found;
        char got[80];
        bool is_found = date_find(slice_from(cases[i].text), DATE_ORDER_UNKNOWN, &date, &found);

        if (is_found != (cases[i].found != NULL) ||
            strcmp(describe(&date, got), cases[i].want) != 0 ||
            !slice_equal(found, slice_from(cases[i].found)))
            fail_msg("'%s': got %s in '%.*s'", cases[i].text, describe(&date, got),
                     SLICE_ARG(found));
    }
}

/* Builds that count or check every step are slower. */
#ifdef WW_SANITIZED
#define LONG_TEXT_MAX_S 60.0
#else
#define LONG_TEXT_MAX_S 8.0
#endif

/* A quarter of a megabyte without a date, of what could begin one, takes linear time. */
static void test_long_text(void **state)
{
    static const char *const pieces[] = {"1 ",     "12 May ", "May 1 ",       "2023-1-",
                                         "1/2/",   "令和5年", "Mon, 1 ",      "10:05 ",
                                         "......", "2023 ",   "13 de de de ", "(((("};
    const size_t len = (size_t)256 * 1024;
    char *text = malloc(len);
    clock_t begun = clock();

    WW_UNUSED(state);
    assert_non_null(text);
    for (size_t i = 0; i < WW_COUNT(pieces); i++) {
        struct date date;
        struct slice found;

        for (size_t at = 0; at < len; at++)
            text[at] = pieces[i][at % strlen(pieces[i])];
        (void)date_find(slice_of(text, len), DATE_ORDER_UNKNOWN, &date, &found);
    }
    free(text);
    assert_true((double)(clock() - begun) / CLOCKS_PER_SEC < LONG_TEXT_MAX_S);
}

static void test_calendar(void **state)
{
    int64_t before = 0;

    WW_UNUSED(state);
    for (int64_t days = -800000; days < 800000; days += 7) {
        int64_t year, back;
        unsigned month, day;

        date_to_civil(days, &year, &month, &day);
        assert_true(date_from_civil(year, month, day, &back));
        assert_int_equal(back, days);
    }
    assert_true(date_from_civil(1970, 1, 1, &before));
    assert_int_equal(before, 0);
    assert_true(date_from_civil(2000, 2, 29, &before));
    assert_false(date_from_civil(1900, 2, 29, &before));
    assert_false(date_from_civil(2000, 13, 1, &before));
    assert_false(date_from_civil(2000, 0, 1, &before));
    assert_false(date_from_civil(INT64_MAX, 1, 1, &before));
}

static void test_format(void **state)
{
    static const struct {
        int64_t at;
        const char *want;
    } cases[] = {
        {0,                "1970-01-01T00:00:00Z"},
        {-1,               "1969-12-31T23:59:59Z"},
        {1663063522,       "2022-09-13T10:05:22Z"},
        {INT64_MAX,        "9999-12-31T23:59:59Z"},
        {INT64_MIN,        "0000-01-01T00:00:00Z"},
        {-11676096000 - 1, "1599-12-31T23:59:59Z"},
    };
    char text[DATE_TEXT_BYTES];
    const struct date late = {1663111800, DATE_MINUTE, true, 7200}; /* 23:30 UTC */

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        assert_string_equal(date_format(cases[i].at, text), cases[i].want);
    assert_string_equal(date_format_day(&late, text), "2022-09-14");
}

/* Every name of the tables is found again, and no name means two months. */
static void test_words(void **state)
{
    static const struct {
        const char *word;
        unsigned month;
    } months[] = {
        {"mar",    3 },
        {"mai",    5 },
        {"tammi",  1 },
        {"grud",   12},
        {"lip",    0 },
        {"ja",     0 },
        {"xyz",    0 },
        {"sept",   9 },
        {"фев", 2 },
        {"juil",   7 },
        {"jui",    0 },
        {"marzo",  3 },
    };
    bool is_english;

    WW_UNUSED(state);
    assert_true(date_words_are_sorted());
    for (size_t i = 0; i < WW_COUNT(months); i++)
        if (date_month(slice_from(months[i].word)) != months[i].month)
            fail_msg("%s is month %u", months[i].word, date_month(slice_from(months[i].word)));
    assert_int_equal(date_weekday(SLICE("thurs"), &is_english), 3);
    assert_true(is_english);
    assert_int_equal(date_weekday(SLICE("lundi"), &is_english), 0);
    assert_false(is_english);
    assert_int_equal(date_weekday(SLICE("september"), &is_english), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),     cmocka_unit_test(test_languages),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_order),
        cmocka_unit_test(test_zones),     cmocka_unit_test(test_find),
        cmocka_unit_test(test_long_text), cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_format),    cmocka_unit_test(test_words),
        cmocka_unit_test(test_common),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
