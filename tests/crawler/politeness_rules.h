/*
 * politeness_rules.h - how a feed is asked: a table of rules, each with what a server says over
 * some days, and what it then hears. test_politeness.c plays them.
 */
#ifndef WW_TESTS_CRAWLER_POLITENESS_RULES_H
#define WW_TESTS_CRAWLER_POLITENESS_RULES_H

#include <stdbool.h>
#include <stdint.h>

#define BEGIN 1795305600 /* Sunday 22 November 2026, 00:00 UTC */
#define MINUTE 60
#define HOUR 3600
#define DAY (24 * HOUR)

/*
 * What happens at one time, and what is to be seen then.
 *
 * says: "/path 200|Header: x {ab}". In the braces the entries of the feed, newest first; "~" cuts
 * it before its end, "!" is a page instead of a feed, "=" says it in other words with the same
 * entries, "-" is a robots.txt that forbids it. @ in a header is the origin of the server.
 * hears: "/path": it was asked; "-/path": it was not; "/path Name: value": with this line, byte for
 * byte; "/path -Name": without this header.
 * is: parts of what describe() says of the feed afterwards.
 */
struct poll_step {
    int64_t at; /* seconds since BEGIN */
    const char *says[4];
    const char *hears[5];
    const char *is[4];
    int64_t due_least, due_most; /* seconds from then; 0: not looked at */
    int times;                   /* more polls like this one, */
    int64_t every;               /* so far apart */
};

struct rule {
    const char *name;
    struct poll_step steps[7];
    const char *feed;    /* its path, else /feed */
    const char *other;   /* the path of one more feed, of the same host */
    const char *channel; /* elements of the feed itself */
    int64_t gap_s;       /* between the dates of entries; 0: they have none */
    bool obeys_robots;   /* for feeds too */
    bool needs_file;     /* bytes that are no text: a server keeps none as they are */
};

#define LAST "Sat, 21 Nov 2026 08:00:00 GMT"
/* clang-format off */
#define TEN(x) x x x x x x x x x x
/* One byte more than is kept. */
#define LONG_TAG "\"" TEN(TEN(TEN("x"))) TEN("22") "333" "\""
#define DUE(least, most) .due_least = (least), .due_most = (most)

/* What the validator v, given at first, is sent back as. */
#define ECHO(given, sent, v)                                            \
    {{.at = 0, .says = {"/feed 200|" given ": " v " {a}"},              \
      .hears = {"/feed -If-None-Match", "/feed -If-Modified-Since"}},   \
     {.at = DAY, .says = {"/feed 304"}, .hears = {"/feed " sent ": " v}, \
      .is = {"outcome=unchanged", "failures=0"}}}

static const struct rule rules[] = {
    /* ---- conditional requests ---------------------------------------------------------------- */
    {.name = "the first fetch is unconditional, every later one conditional, with both validators",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Last-Modified: " LAST " {a}"},
         .hears = {"/feed", "/feed -If-None-Match", "/feed -If-Modified-Since"},
         .is = {"outcome=ok new=1"}},
        {.at = HOUR, .says = {"/feed 304"},
         .hears = {"/feed If-None-Match: \"1\"", "/feed If-Modified-Since: " LAST}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\"|Last-Modified: " LAST " {ba}"},
         .hears = {"/feed If-None-Match: \"1\"", "/feed If-Modified-Since: " LAST},
         .is = {"outcome=ok new=1"}},
        {.at = 2 * DAY, .says = {"/feed 304"},
         .hears = {"/feed If-None-Match: \"2\"", "/feed If-Modified-Since: " LAST}}}},
    {.name = "a feed that never changes is asked conditionally too, though it says 200",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .hears = {"/feed If-None-Match: \"1\""}, .is = {"outcome=unchanged"},
         .times = 4, .every = DAY}}},
    {.name = "an ETag alone", .steps = ECHO("ETag", "If-None-Match", "\"1\"")},
    {.name = "a strong ETag stays strong",
     .steps = ECHO("ETag", "If-None-Match", "\"686897696a7c876b7e\"")},
    {.name = "a weak ETag stays weak", .steps = ECHO("ETag", "If-None-Match", "W/\"1\"")},
    {.name = "an ETag in lower-case w/", .steps = ECHO("ETag", "If-None-Match", "w/\"1\"")},
    {.name = "an ETag without quotes", .steps = ECHO("ETag", "If-None-Match", "abc123")},
    {.name = "an ETag with half of its quotes", .steps = ECHO("ETag", "If-None-Match", "\"abc")},
    {.name = "an ETag with a -gzip suffix", .steps = ECHO("ETag", "If-None-Match", "\"5f3-gzip\"")},
    {.name = "an ETag with a comma, blanks, an asterisk and a semicolon",
     .steps = ECHO("ETag", "If-None-Match", "\"a, b;  * \\\"c\\\"\"")},
    {.name = "an ETag that is not ASCII",
     .steps = ECHO("ETag", "If-None-Match", "\"\xE6\x96\xB0\xFF\""),
     .needs_file = true},
    {.name = "an empty ETag", .steps = ECHO("ETag", "If-None-Match", "\"\"")},
    {.name = "a Last-Modified alone", .steps = ECHO("Last-Modified", "If-Modified-Since", LAST)},
    {.name = "a Last-Modified as RFC 850 had it",
     .steps = ECHO("Last-Modified", "If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")},
    {.name = "a Last-Modified as asctime has it",
     .steps = ECHO("Last-Modified", "If-Modified-Since", "Sun Nov  6 08:49:37 1994")},
    {.name = "a Last-Modified in another zone",
     .steps = ECHO("Last-Modified", "If-Modified-Since", "Sat, 21 Nov 2026 09:00:00 +0100")},
    {.name = "a Last-Modified that is no date",
     .steps = ECHO("Last-Modified", "If-Modified-Since", "yesterday")},
    {.name = "a Last-Modified in the future",
     .steps = ECHO("Last-Modified", "If-Modified-Since", "Tue, 01 Jan 2036 00:00:00 GMT")},
    {.name = "a validator of more than a kilobyte is not kept",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: " LONG_TAG "|Last-Modified: " LAST " {a}"},
         .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 304"},
         .hears = {"/feed -If-None-Match", "/feed If-Modified-Since: " LAST}}}},
    {.name = "a validator that the newest 200 no longer gives is dropped",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Last-Modified: " LAST " {a}"},
         .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\" {ba}"},
         .hears = {"/feed If-None-Match: \"1\""}},
        {.at = 2 * DAY, .says = {"/feed 304"},
         .hears = {"/feed If-None-Match: \"2\"", "/feed -If-Modified-Since"}}}},
    {.name = "a 304 renews the validators that it gives, and leaves the others",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Last-Modified: " LAST " {a}"},
         .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 304|ETag: \"2\""}, .hears = {"/feed If-None-Match: \"1\""}},
        {.at = 2 * DAY, .says = {"/feed 304"},
         .hears = {"/feed If-None-Match: \"2\"", "/feed If-Modified-Since: " LAST}}}},
    {.name = "new validators of an unchanged body count",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Last-Modified: " LAST " {a}"},
         .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\" {a}"}, .hears = {"/feed If-None-Match: \"1\""},
         .is = {"outcome=unchanged"}},
        {.at = 2 * DAY, .says = {"/feed 304"},
         .hears = {"/feed If-None-Match: \"2\"", "/feed -If-Modified-Since"}}}},
    {.name = "a body in other words with the same entries is read, and brings nothing new",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\" {=a}"}, .hears = {"/feed"},
         .is = {"outcome=ok new=0"}}}},
    {.name = "an answer that is no feed: the old validators stay",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\" {!}"}, .hears = {"/feed"},
         .is = {"outcome=failed"}},
        {.at = 3 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""},
         .is = {"outcome=unchanged", "failures=0"}}}},
    {.name = "an answer that was cut: the old validators stay",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\" {cb~a}"}, .hears = {"/feed"},
         .is = {"outcome=ok", "message=cut off"}},
        {.at = 3 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}}}},
    {.name = "a first answer that was cut gives no validators",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a~}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed -If-None-Match"},
         .is = {"outcome=ok"}},
        {.at = 2 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}}}},
    {.name = "an error answer gives no validators and takes none",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 500|ETag: \"error\""}, .hears = {"/feed If-None-Match: \"1\""}},
        {.at = 3 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}}}},
    {.name = "validators go to the address that gave them, not to the hops on the way",
     .steps = {
        {.at = 0,
         .says = {"/feed 302|Location: /new", "/new 200|ETag: \"1\"|Last-Modified: " LAST " {a}"},
         .hears = {"/feed", "/new"}},
        {.at = DAY, .says = {"/feed 302|Location: /new|ETag: \"hop\"", "/new 304"},
         .hears = {"/feed -If-None-Match", "/feed -If-Modified-Since",
            "/new If-None-Match: \"1\"", "/new If-Modified-Since: " LAST},
         .is = {"outcome=unchanged"}}}},
    {.name = "validators do not go to where the feed redirects now",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 302|Location: /new", "/new 200|ETag: \"2\" {a}"},
         .hears = {"/feed If-None-Match: \"1\"", "/new -If-None-Match"}},
        {.at = 2 * DAY, .says = {"/feed 302|Location: /other", "/other 200|ETag: \"3\" {a}"},
         .hears = {"/feed -If-None-Match", "/other -If-None-Match"}}}},
    {.name = "a 304 to a request without validators is an error",
     .steps = {
        {.at = 0, .says = {"/feed 304"}, .hears = {"/feed -If-None-Match"},
         .is = {"outcome=failed", "failures=1", "status 304"}}}},
    {.name = "304 is no error and is not asked again",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = HOUR, .says = {"/feed 304"}, .hears = {"/feed"},
         .is = {"state=active", "failures=0", "outcome=unchanged"}, DUE(HOUR, 2 * HOUR)},
        {.at = HOUR + 30 * MINUTE - 1, .hears = {"-/feed"}}}},

    /* ---- the whole feed, now and then -------------------------------------------------------- */
    {.name = "after a week of 304 the whole feed is asked for, once",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}, .times = 4,
         .every = DAY},
        {.at = 7 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed -If-None-Match"},
         .is = {"lies=0", "unchanged"}},
        {.at = 8 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}, .times = 4,
         .every = DAY}}},
    {.name = "a server caught with a false 304 is asked in whole more often, and trusted in time",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}, .times = 4,
         .every = DAY},
        {.at = 7 * DAY, .says = {"/feed 200|ETag: \"1\" {ba}"}, .hears = {"/feed -If-None-Match"},
         .is = {"lies=2", "new=1"}},
        {.at = 8 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}},
        {.at = 9 * DAY, .says = {"/feed 200|ETag: \"1\" {ba}"}, .hears = {"/feed -If-None-Match"},
         .is = {"lies=1"}},
        {.at = 10 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}, .times = 1,
         .every = DAY},
        {.at = 13 * DAY, .says = {"/feed 200|ETag: \"1\" {ba}"}, .hears = {"/feed -If-None-Match"},
         .is = {"lies=0"}}}},
    {.name = "news that comes with a new ETag after a week of 304 is a suspicion",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"1\""}, .times = 4,
         .every = DAY},
        {.at = 7 * DAY, .says = {"/feed 200|ETag: \"2\" {ba}"}, .hears = {"/feed -If-None-Match"},
         .is = {"lies=1", "new=1"}}}},
    {.name = "news that a conditional request brought puts off the whole one",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = 5 * DAY, .says = {"/feed 200|ETag: \"2\" {ba}"},
         .hears = {"/feed If-None-Match: \"1\""}, .is = {"lies=0"}},
        {.at = 6 * DAY, .says = {"/feed 304"}, .hears = {"/feed If-None-Match: \"2\""}, .times = 3,
         .every = DAY}}},

    /* ---- how often --------------------------------------------------------------------------- */
    {.name = "at most once an hour with conditional requests",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}, DUE(HOUR, HOUR)},
        {.at = 30 * MINUTE, .hears = {"-/feed"}},
        {.at = 50 * MINUTE, .hears = {"-/feed"}},
        {.at = HOUR, .says = {"/feed 200|ETag: \"2\" {ba}"}, .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "at most every three hours without",
     .steps = {
        {.at = 0, .says = {"/feed 200 {a}"}, .hears = {"/feed"}, DUE(3 * HOUR, 3 * HOUR)},
        {.at = HOUR, .hears = {"-/feed"}},
        {.at = 2 * HOUR, .hears = {"-/feed"}},
        {.at = 3 * HOUR, .says = {"/feed 200 {ba}"}, .hears = {"/feed"}, .is = {"new=1"},
         DUE(3 * HOUR, 3 * HOUR)},
        {.at = 6 * HOUR, .says = {"/feed 200 {ba}"}, .hears = {"/feed"}, .is = {"unchanged"},
         DUE(4 * HOUR, 5 * HOUR)}}},
    {.name = "a feed that is at another address each time counts as one without",
     .steps = {
        {.at = 0, .says = {"/feed 302|Location: /a", "/a 200|ETag: \"1\" {a}"},
         .hears = {"/a"}, DUE(HOUR, HOUR)},
        {.at = HOUR, .says = {"/feed 302|Location: /b", "/b 200|ETag: \"2\" {ba}"},
         .hears = {"/b -If-None-Match"}, DUE(3 * HOUR, 3 * HOUR)},
        {.at = 4 * HOUR, .says = {"/feed 302|Location: /b", "/b 200|ETag: \"3\" {cba}"},
         .hears = {"/b If-None-Match: \"2\""}, DUE(HOUR, HOUR)}}},
    {.name = "max-age puts off the next request",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Cache-Control: public, max-age=14400 {a}"},
         .hears = {"/feed"}, DUE(4 * HOUR, 4 * HOUR)},
        {.at = 3 * HOUR, .hears = {"-/feed"}},
        {.at = 4 * HOUR, .says = {"/feed 304|Cache-Control: max-age=\"36000\""}, .hears = {"/feed"},
         DUE(10 * HOUR, 10 * HOUR)}}},
    {.name = "max-age in the second of two Cache-Control lines",
     .steps = {
        {.at = 0,
         .says = {"/feed 200|ETag: \"1\"|Cache-Control: public|Cache-Control: max-age=14400 {a}"},
         .hears = {"/feed"}, DUE(4 * HOUR, 4 * HOUR)}}},
    {.name = "max-age asks for less often, never for more",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Cache-Control: max-age=60 {a}"},
         .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "max-age beside no-cache says nothing",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Cache-Control: no-cache, max-age=86400 {a}"},
         .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "a max-age of a year is a day",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Cache-Control: max-age=31536000 {a}"},
         .hears = {"/feed"}, DUE(DAY, DAY)}}},
    {.name = "max-age without end is a day",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Cache-Control: max-age=99999999999999999999 {a}"},
         .hears = {"/feed"}, DUE(DAY, DAY)}}},
    {.name = "Expires puts off the next request",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Expires: Sun, 22 Nov 2026 05:00:00 GMT {a}"},
         .hears = {"/feed"}, DUE(5 * HOUR, 5 * HOUR)}}},
    {.name = "Expires is held against the server's clock",
     .steps = {
        {.at = 0,
         .says = {"/feed 200|ETag: \"1\"|Date: Fri, 01 Jan 2016 00:00:00 GMT"
            "|Expires: Fri, 01 Jan 2016 05:00:00 GMT {a}"}, .hears = {"/feed"},
         DUE(5 * HOUR, 5 * HOUR)}}},
    {.name = "Expires: 0 and dates that are over say nothing",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\"|Expires: 0 {a}"}, .hears = {"/feed"},
         DUE(HOUR, HOUR)},
        {.at = HOUR, .says = {"/feed 200|ETag: \"2\"|Expires: Thu, 01 Dec 1994 16:00:00 GMT {ba}"},
         .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "max-age counts with a 429",
     .steps = {
        {.at = 0, .says = {"/feed 429|Cache-Control: max-age=36000"}, .hears = {"/feed"},
         .is = {"failures=1"}, DUE(10 * HOUR, 12 * HOUR)}}},
    {.name = "ttl asks for less often, after a 304 too",
     .channel = "<ttl>300</ttl>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         DUE(5 * HOUR, 5 * HOUR)},
        {.at = 4 * HOUR, .hears = {"-/feed"}},
        {.at = 5 * HOUR, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(5 * HOUR, 5 * HOUR)}}},
    {.name = "ttl never asks for more often",
     .channel = "<ttl>5</ttl>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "ttl of a year is a day",
     .channel = "<ttl>525600</ttl>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}, DUE(DAY, DAY)}}},
    {.name = "sy:updatePeriod and updateFrequency ask for less often, after a 304 too",
     .channel = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2"
                "</sy:updateFrequency>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         DUE(12 * HOUR, 12 * HOUR)},
        {.at = 12 * HOUR, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(12 * HOUR, 12 * HOUR)}}},
    {.name = "skipHours are kept, after a 304 too, and not left at the stroke of the hour by all",
     .channel = "<skipHours><hour>1</hour><hour>2</hour><hour>3</hour><hour>4</hour>"
                "<hour>5</hour></skipHours>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         DUE(6 * HOUR, 6 * HOUR + 30 * MINUTE)},
        {.at = 23 * HOUR + 40 * MINUTE, .says = {"/feed 304"}, .hears = {"/feed"},
         DUE(6 * HOUR + 20 * MINUTE, 7 * HOUR)}}},
    {.name = "skipDays are kept, after a 304 and an error too",
     .channel = "<skipDays><day>Sunday</day><day>Monday</day></skipDays>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         DUE(2 * DAY, 2 * DAY + HOUR)},
        {.at = 6 * DAY + 23 * HOUR + 30 * MINUTE, .says = {"/feed 304"}, .hears = {"/feed"},
         DUE(2 * DAY + 30 * MINUTE, 2 * DAY + 2 * HOUR)},
        {.at = 13 * DAY + 23 * HOUR + 30 * MINUTE, .says = {"/feed 500"}, .hears = {"/feed"},
         DUE(2 * DAY + 30 * MINUTE, 2 * DAY + 2 * HOUR)}}},
    {.name = "a feed that would skip every day is asked all the same",
     .channel = "<skipDays><day>Monday</day><day>Tuesday</day><day>Wednesday</day>"
                "<day>Thursday</day><day>Friday</day><day>Saturday</day><day>Sunday</day>"
                "</skipDays>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}, DUE(HOUR, HOUR)}}},
    {.name = "what a feed no longer asks for is forgotten",
     .channel = "<ttl>300</ttl>",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         DUE(5 * HOUR, 5 * HOUR)},
        {.at = DAY, .says = {"/feed 200|ETag: \"2\"|Content-Type: application/feed+json {ba}"},
         .hears = {"/feed"}, DUE(5 * HOUR, 5 * HOUR)}}},
    {.name = "a feed with an entry every ten minutes is asked hourly, news or not",
     .gap_s = 10 * MINUTE,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {jihgfedcba}"}, .hears = {"/feed"},
         .is = {"rhythm=600"}, DUE(HOUR, HOUR)},
        {.at = HOUR, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(HOUR, HOUR), .times = 9,
         .every = HOUR}}},
    {.name = "a feed with an entry every six hours is asked within three",
     .gap_s = 6 * HOUR,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {jihgfedcba}"}, .hears = {"/feed"},
         .is = {"rhythm=21600"}, DUE(HOUR, HOUR)},
        {.at = 3 * HOUR, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(HOUR, 3 * HOUR), .times = 3,
         .every = 3 * HOUR}}},
    {.name = "a weekly feed is asked daily in the end, and hourly again when it has news",
     .gap_s = 7 * DAY,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {jihgfedcba}"}, .hears = {"/feed"},
         .is = {"rhythm=604800"}, DUE(HOUR, HOUR)},
        {.at = DAY, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(HOUR, DAY), .times = 5,
         .every = DAY},
        {.at = 7 * DAY, .says = {"/feed 304"}, .hears = {"/feed"}, DUE(12 * HOUR, DAY)},
        {.at = 8 * DAY, .says = {"/feed 200|ETag: \"2\" {kjihgfedcba}"}, .hears = {"/feed"},
         .is = {"new=1"}, DUE(HOUR, HOUR)}}},
    {.name = "a busy feed that fell silent is asked less and less, a day at most",
     .gap_s = 10 * MINUTE,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {jihgfedcba}"}, .hears = {"/feed"},
         .is = {"rhythm=600"}, DUE(HOUR, HOUR)},
        {.at = DAY, .hears = {"/feed"}, DUE(HOUR, HOUR)},
        {.at = 2 * DAY, .hears = {"/feed"}, DUE(HOUR, 2 * HOUR)},
        {.at = 6 * DAY, .hears = {"/feed"}, DUE(2 * HOUR, 11 * HOUR), .times = 9, .every = DAY},
        {.at = 40 * DAY, .hears = {"/feed"}, DUE(8 * HOUR, 24 * HOUR), .times = 3, .every = DAY},
        {.at = 45 * DAY, .hears = {"/feed"}, DUE(21 * HOUR, 24 * HOUR)}}},
    {.name = "without dates the rhythm is that of what was seen",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}, .is = {"rhythm=0"}},
        {.at = 2 * HOUR, .says = {"/feed 200|ETag: \"2\" {ba}"}, .hears = {"/feed"},
         .is = {"rhythm=0"}},
        {.at = 4 * HOUR, .says = {"/feed 200|ETag: \"3\" {cba}"}, .hears = {"/feed"},
         .is = {"rhythm=0"}},
        {.at = 6 * HOUR, .says = {"/feed 200|ETag: \"4\" {dcba}"}, .hears = {"/feed"},
         .is = {"rhythm=7200"}}}},

    /* ---- errors and pauses ------------------------------------------------------------------- */
    {.name = "errors back off, are seen, and end with a good answer",
     .steps = {
        {.at = 0, .says = {"/feed 500"}, .hears = {"/feed"},
         .is = {"failures=1", "outcome=failed", "message=status 500"},
         DUE(HOUR, HOUR + 6 * MINUTE)},
        {.at = 2 * HOUR, .hears = {"/feed"}, .is = {"failures=2"},
         DUE(2 * HOUR, 2 * HOUR + 12 * MINUTE)},
        {.at = 5 * HOUR, .hears = {"/feed"}, .is = {"failures=3"},
         DUE(4 * HOUR, 4 * HOUR + 24 * MINUTE)},
        {.at = 10 * HOUR, .hears = {"/feed"}, .is = {"failures=4"}, DUE(8 * HOUR, 9 * HOUR)},
        {.at = 3 * DAY, .hears = {"/feed"}, .is = {"state=active"}, DUE(16 * HOUR, 27 * HOUR),
         .times = 6, .every = 2 * DAY},
        {.at = 40 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .is = {"state=active", "failures=0", "new=1"}, DUE(HOUR, HOUR)}}},
    {.name = "an error speeds nothing up",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .hears = {"/feed"}, .times = 9, .every = DAY},
        {.at = 11 * DAY, .says = {"/feed 500"}, .hears = {"/feed"}, .is = {"failures=1"},
         DUE(24 * HOUR, 27 * HOUR)}}},
    {.name = "a feed that fails is never given up, whatever the number",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = 2 * DAY, .says = {"/feed 200 {!}"}, .hears = {"/feed"}, .is = {"state=active"},
         .times = 14, .every = 2 * DAY},
        {.at = 40 * DAY, .hears = {"/feed"}, .is = {"state=active"}, DUE(DAY, 8 * DAY), .times = 10,
         .every = 9 * DAY}}},
    {.name = "Retry-After in seconds holds for the whole host, and over runs",
     .feed = "/feed",
     .other = "/other",
     .steps = {
        {.at = 0, .says = {"/feed 503|Retry-After: 172800", "/other 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "-/other"}, .is = {"failures=1"}, DUE(2 * DAY, 2 * DAY + 4 * HOUR)},
        {.at = DAY, .says = {"/feed 200|ETag: \"1\" {a}", "/other 304"},
         .hears = {"-/feed", "-/other"}},
        {.at = 2 * DAY - HOUR, .hears = {"-/feed", "-/other"}},
        {.at = 3 * DAY, .hears = {"/feed", "/other"}, .is = {"failures=0"}}}},
    {.name = "Retry-After as a date, with 429",
     .steps = {
        {.at = 0, .says = {"/feed 429|Retry-After: Tue, 24 Nov 2026 00:00:00 GMT"},
         .hears = {"/feed"}, .is = {"failures=1"}, DUE(2 * DAY, 2 * DAY + 4 * HOUR)},
        {.at = 2 * DAY - HOUR, .hears = {"-/feed"}},
        {.at = 3 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}}}},
    {.name = "Retry-After of ages is a week",
     .steps = {
        {.at = 0, .says = {"/feed 503|Retry-After: 100000000000000000000"}, .hears = {"/feed"},
         DUE(7 * DAY, 7 * DAY)},
        {.at = 6 * DAY + 23 * HOUR, .hears = {"-/feed"}},
        {.at = 7 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .is = {"failures=0"}}}},
    {.name = "Retry-After of a date in ages is a week",
     .steps = {
        {.at = 0, .says = {"/feed 503|Retry-After: Tue, 24 Nov 2099 00:00:00 GMT"},
         .hears = {"/feed"}, DUE(7 * DAY, 7 * DAY)}}},
    {.name = "a Retry-After below zero, of zero or over already is none",
     .steps = {
        {.at = 0, .says = {"/feed 503|Retry-After: -60"}, .hears = {"/feed"},
         DUE(HOUR, HOUR + 6 * MINUTE)},
        {.at = 2 * HOUR, .says = {"/feed 503|Retry-After: 0"}, .hears = {"/feed"},
         DUE(2 * HOUR, 2 * HOUR + 12 * MINUTE)},
        {.at = 5 * HOUR, .says = {"/feed 503|Retry-After: Tue, 24 Nov 1998 00:00:00 GMT"},
         .hears = {"/feed"}, DUE(4 * HOUR, 4 * HOUR + 24 * MINUTE)}}},
    {.name = "a short Retry-After does not undo the back-off, nor does none, for the whole host",
     .other = "/other",
     .steps = {
        {.at = 0, .says = {"/feed 503|Retry-After: 60", "/other 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "-/other"}, DUE(HOUR, HOUR + 6 * MINUTE)},
        {.at = 30 * MINUTE, .hears = {"-/feed", "-/other"}},
        {.at = 2 * HOUR, .says = {"/feed 429", "/other 429"}, .hears = {"/other"}},
        {.at = 3 * HOUR, .hears = {"-/feed", "-/other"}}}},
    {.name = "429 and 503 without it: the host's pause doubles",
     .steps = {
        {.at = 0, .says = {"/feed 429"}, .hears = {"/feed"}, DUE(HOUR, HOUR + 6 * MINUTE)},
        {.at = 2 * HOUR, .says = {"/feed 503"}, .hears = {"/feed"},
         DUE(2 * HOUR, 2 * HOUR + 12 * MINUTE)},
        {.at = 5 * HOUR, .says = {"/feed 429"}, .hears = {"/feed"},
         DUE(4 * HOUR, 4 * HOUR + 24 * MINUTE)},
        {.at = 3 * DAY, .hears = {"/feed"}, DUE(8 * HOUR, 27 * HOUR), .times = 4,
         .every = 2 * DAY}}},

    /* ---- moved and gone ---------------------------------------------------------------------- */
    {.name = "301: the new address is taken after several sightings over days",
     .steps = {
        {.at = 0, .says = {"/feed 301|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}},
        {.at = HOUR, .says = {"/feed 301|Location: /new", "/new 304"}, .hears = {"/feed", "/new"},
         .is = {"url=/feed;"}, .times = 3, .every = 5 * HOUR},
        {.at = 2 * DAY, .hears = {"/feed", "/new If-None-Match: \"1\""},
         .is = {"url=/new;", "message=moved for good"}, DUE(HOUR, DAY)},
        {.at = 3 * DAY, .hears = {"-/feed", "/new If-None-Match: \"1\""},
         .is = {"outcome=unchanged", "message=;"}}}},
    {.name = "308 is as 301, and another host makes no difference",
     .steps = {
        {.at = 0, .says = {"/feed 308|Location: @/new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .times = 1, .every = 2 * DAY},
        {.at = 3 * DAY, .hears = {"/feed"}, .is = {"url=/new;"}}}},
    {.name = "301 seen twice in a month is not enough",
     .steps = {
        {.at = 0, .says = {"/feed 301|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .is = {"url=/feed;"}, .times = 1, .every = 30 * DAY}}},
    {.name = "302 is never taken",
     .steps = {
        {.at = 0, .says = {"/feed 302|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}, .times = 9, .every = DAY}}},
    {.name = "303 is never taken",
     .steps = {
        {.at = 0, .says = {"/feed 303|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}, .times = 9, .every = DAY}}},
    {.name = "307 is never taken",
     .steps = {
        {.at = 0, .says = {"/feed 307|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}, .times = 9, .every = DAY}}},
    {.name = "a chain with one passing redirect is passing",
     .steps = {
        {.at = 0,
         .says = {"/feed 301|Location: /on", "/on 302|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}, .times = 9, .every = DAY}}},
    {.name = "a chain that begins with a passing redirect is passing",
     .steps = {
        {.at = 0,
         .says = {"/feed 302|Location: /on", "/on 301|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .is = {"url=/feed;"}, .times = 4, .every = DAY}}},
    {.name = "a chain of lasting redirects leads to its end",
     .steps = {
        {.at = 0,
         .says = {"/feed 301|Location: /on", "/on 308|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}, .times = 2, .every = DAY},
        {.at = 3 * DAY, .hears = {"-/feed", "-/on", "/new"}, .is = {"url=/new;"}}}},
    {.name = "a lasting redirect to what is no feed is not taken",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 301|Location: /portal", "/portal 200 {!}"}, .hears = {"/feed"},
         .is = {"url=/feed;", "outcome=failed"}, .times = 9, .every = 3 * DAY},
        {.at = 40 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .is = {"url=/feed;", "failures=0"}}}},
    {.name = "a lasting redirect that ends is forgotten",
     .steps = {
        {.at = 0, .says = {"/feed 301|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .times = 1, .every = DAY},
        {.at = 2 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .is = {"url=/feed;"}},
        {.at = 3 * DAY, .says = {"/feed 301|Location: /new", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .is = {"url=/feed;"}, .times = 1, .every = DAY}}},
    {.name = "a lasting redirect to ever new addresses is not taken",
     .steps = {
        {.at = 0, .says = {"/feed 301|Location: /a", "/a 200|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .times = 1, .every = DAY},
        {.at = 2 * DAY, .says = {"/feed 301|Location: /b", "/b 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .times = 1, .every = DAY},
        {.at = 4 * DAY, .says = {"/feed 301|Location: /c", "/c 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .is = {"url=/feed;"}, .times = 1, .every = DAY}}},
    {.name = "a lasting redirect to another feed's address is said, and left",
     .other = "/other",
     .steps = {
        {.at = 0, .says = {"/feed 301|Location: /other", "/other 200|ETag: \"1\" {a}"},
         .hears = {"/feed"}, .is = {"url=/feed;"}, .times = 2, .every = DAY},
        {.at = 3 * DAY, .hears = {"/feed"},
         .is = {"url=/feed;", "message=moved for good to the address of feed 2"}}}},
    {.name = "410: never asked again, and said",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 410"}, .hears = {"/feed"},
         .is = {"state=gone", "failures=1", "message=status 410"}},
        {.at = 2 * DAY, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"-/feed"},
         .is = {"state=gone"}, .times = 9, .every = 3 * DAY}}},
    {.name = "410 at the end of a passing redirect is only an error",
     .steps = {
        {.at = 0, .says = {"/feed 302|Location: /new", "/new 410"}, .hears = {"/feed"},
         .is = {"state=active", "failures=1"}}}},
    {.name = "404 is an error for days, and no end",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}"}, .hears = {"/feed"}},
        {.at = DAY, .says = {"/feed 404"}, .hears = {"/feed"},
         .is = {"state=active", "message=status 404"}, .times = 9, .every = 2 * DAY},
        {.at = 30 * DAY, .says = {"/feed 200|ETag: \"1\" {ba}"}, .hears = {"/feed"},
         .is = {"state=active", "failures=0"}}}},

    /* ---- what goes over the wire ------------------------------------------------------------- */
    {.name = "who asks, for what, and nothing else",
     .feed = "/feed?a=1&b=%20x",
     .steps = {
        {.at = 0, .says = {"/feed?a=1&b=%20x 200|Set-Cookie: id=1; Path=/|ETag: \"1\" {a}"},
         .hears = {"/feed?a=1&b=%20x User-Agent: wirewatch/" WW_VERSION " (+desk@example.org)",
            "/feed?a=1&b=%20x Accept-Encoding: gzip",
            "/feed?a=1&b=%20x Accept: application/atom+xml, application/rss+xml, "
            "application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
            "*/*;q=0.1", "/feed?a=1&b=%20x -Cookie", "/feed?a=1&b=%20x -Referer"}},
        {.at = DAY, .says = {"/feed?a=1&b=%20x 200|Set-Cookie: id=2 {ba}"},
         .hears = {"/feed?a=1&b=%20x -Cookie", "/feed?a=1&b=%20x -Referer",
            "/feed?a=1&b=%20x -A-IM", "/feed?a=1&b=%20x -From", "/feed?a=1&b=%20x -Range"}}}},
    {.name = "no cookie and no Referer over a redirect",
     .steps = {
        {.at = 0,
         .says = {"/feed 302|Location: /new|Set-Cookie: id=1; Path=/", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/new -Cookie", "/new -Referer", "/new Accept-Encoding: gzip"}}}},
    {.name = "no fragment, neither the feed's nor a redirect's",
     .feed = "/feed#top",
     .steps = {
        {.at = 0, .says = {"/feed 302|Location: /new#part", "/new 200|ETag: \"1\" {a}"},
         .hears = {"/feed", "/new"}},
        {.at = DAY, .says = {"/feed 302|Location: /new#part", "/new 304"},
         .hears = {"/feed", "/new If-None-Match: \"1\""}}}},
    {.name = "robots.txt is not asked for a feed",
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}", "/robots.txt 200"},
         .hears = {"/feed", "-/robots.txt"}}}},
    {.name = "robots.txt is asked for a feed where the settings say so, once a day",
     .obeys_robots = true,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}", "/robots.txt 404"},
         .hears = {"/feed", "/robots.txt"}, .is = {"outcome=ok"}},
        {.at = HOUR, .hears = {"/feed", "-/robots.txt"}, .is = {"unchanged"}}}},
    {.name = "a feed behind a robots.txt that fails waits",
     .obeys_robots = true,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}", "/robots.txt 500"},
         .hears = {"-/feed", "/robots.txt"}, .is = {"failures=0"}}}},
    {.name = "a feed that robots.txt forbids is not asked, and that is said",
     .obeys_robots = true,
     .steps = {
        {.at = 0, .says = {"/feed 200|ETag: \"1\" {a}", "/robots.txt 200 {-}"},
         .hears = {"-/feed", "/robots.txt"},
         .is = {"failures=1", "message=robots.txt of 127.23.0.1 forbids it"}}}},
    {.name = "226 was not asked for and is an error",
     .steps = {
        {.at = 0, .says = {"/feed 226|IM: feed|ETag: \"1\" {a}"}, .hears = {"/feed -A-IM"},
         .is = {"outcome=failed", "message=status 226"}}}},
    {.name = "206 was not asked for and is an error",
     .steps = {
        {.at = 0, .says = {"/feed 206|Content-Range: bytes 0-9/100|ETag: \"1\" {a}"},
         .hears = {"/feed -Range"}, .is = {"outcome=failed", "message=status 206"}}}},
    {.name = "Vary changes nothing",
     .steps = {
        {.at = 0, .says = {"/feed 200|Vary: *|ETag: \"1\" {a}"}, .hears = {"/feed"},
         .is = {"outcome=ok"}},
        {.at = DAY, .says = {"/feed 304|Vary: Accept-Encoding"},
         .hears = {"/feed If-None-Match: \"1\""}, .is = {"unchanged"}}}},
    {.name = "what the server said is kept",
     .steps = {
        {.at = 0, .says = {"/feed 503|Server: some\033[31mthing|Retry-After: 60|X-Other: no"},
         .hears = {"/feed"}, .is = {"said=HTTP/1.1 503 Said\nRetry-After: 60\nServer: some"}}}},
};
/* clang-format on */

#endif
