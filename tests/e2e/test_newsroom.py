"""Two crawls of the newsroom: exact alerts, one per story and item, and a second run that does
nothing twice: no page fetched again but to look whether what was told of has changed, no alert
raised again, no alert mailed again."""

import collections
import email
import email.policy
import json
import re

import newsdesk
from newsdesk import check

HOUR = 3600


def story_key(row):
    return (row["outlet"], row["path"])


def articles_by_path(desk, port):
    """(outlet, path) -> rows of the article table, oldest version first."""
    names = {address: name for name, address in newsdesk.outlets().items()}
    found = collections.defaultdict(list)
    for row in desk.rows("SELECT * FROM article ORDER BY id"):
        match = re.match(r"http://([0-9.]+):(\d+)(/.*)$", row["url"])
        check(match and int(match[2]) == port, f"article with the address {row['url']}")
        if match:
            found[names.get(match[1], match[1]), match[3].split("#")[0]].append(row)
    return found


def find(articles, row):
    """Tracking parameters may be gone from the address, or the announced one may be kept."""
    key = story_key(row)
    if key in articles:
        return articles[key]
    for (outlet, path), rows in articles.items():
        if outlet == key[0] and path.split("?")[0] == key[1].split("?")[0]:
            return rows
    return []


def check_articles(articles, state):
    for row in newsdesk.expected():
        if row["state"] <= state and row["items"]:
            check(find(articles, row), f"{row['outlet']}{row['path']} is not stored: {row['why']}")


def check_no_walls(articles):
    """Neither what stands before an article nor a copy of one is an article."""
    for outlet, path in articles:
        check(not re.search("consent|withdrawn|/amp/", path), f"{outlet}{path} is stored")


def check_stories(articles, state):
    story_of = {}
    for row in newsdesk.expected():
        if row["story"] == "-" or row["state"] > state:
            continue
        ids = {a["story_id"] for a in find(articles, row)}
        if not ids:
            continue
        check(len(ids) == 1, f"{row['path']} stands in stories {sorted(ids)}")
        story_of.setdefault(row["story"], ids)
        check(story_of[row["story"]] == ids,
              f"{row['outlet']}{row['path']} is not in story {row['story']}: {row['why']}")
    used = [tuple(ids) for ids in story_of.values()]
    check(len(set(used)) == len(used), f"two stories fell together: {story_of}")


def check_alerts(desk, articles, state):
    """Each story raises its items once; what must stay quiet is quiet."""
    watched = newsdesk.watched_items()
    path_of = {a["id"]: key for key, rows in articles.items() for a in rows}
    want = collections.defaultdict(set)
    stories = {}
    for row in newsdesk.expected():
        if row["state"] > state:
            continue
        for article in find(articles, row):
            stories[article["story_id"]] = (row["story"], row["outlet"], row["path"], row["why"])
            want[article["story_id"]] |= row["items"]
    got = collections.defaultdict(set)
    for alert in desk.rows("SELECT * FROM alert"):
        if alert["item"] not in watched:
            continue  # countries and queries are not what expected.tsv speaks of
        check(alert["item"] not in got[alert["story_id"]],
              f"{alert['item']} was raised twice in story {alert['story_id']}")
        got[alert["story_id"]].add(alert["item"])
        if alert["item"] not in want[alert["story_id"]]:
            check(False, f"false alert {alert['item']} by {path_of.get(alert['article_id'])}")
        check(not alert["is_historic"], f"{alert['item']} was raised as history")
    for story, items in sorted(want.items()):
        missing = items - got[story]
        check(not missing, f"no alert {sorted(missing)} by {stories[story]}")
    return sum(len(items) for items in got.values())


def check_evidence(desk):
    """Offsets of a mention are the quote's bytes, and every alert names its rule."""
    for row in desk.rows("SELECT m.* FROM mention m JOIN alert a ON a.mention_id = m.id"):
        check(row["quote_end"] - row["quote_start"] == len(row["quote"].encode()),
              f"mention {row['id']}: {row['quote']!r} at {row['quote_start']}-{row['quote_end']}")
        check(row["rule"] and row["alias"], f"mention {row['id']} does not say why")


def check_letters(desk, first_letters):
    """The mails: well-formed, text and HTML, each alert in one of them."""
    ids = set()
    for path in desk.letters():
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        ids.add(letter["Message-ID"])
        check(not letter.defects, f"{path.name}: {letter.defects}")
        text = letter.get_body(("plain",))
        html = letter.get_body(("html",))
        check(text is not None and html is not None, f"{path.name} lacks text or HTML")
        if html is not None:
            page = html.get_content()
            check(not re.search(r"<(script|img|form|iframe)|javascript:", page, re.I),
                  f"{path.name}: active or remote content")
            check("<mark" in page or "background" in page, f"{path.name}: nothing is highlighted")
    check(len(ids) == len(desk.letters()), "two letters share a Message-ID")
    told = collections.Counter(r["alert_id"] for r in desk.rows("SELECT alert_id FROM message_alert"))
    check(all(n == 1 for n in told.values()), "an alert was mailed twice")
    untold = desk.rows("SELECT id, item FROM alert WHERE is_historic = 0 AND id NOT IN "
                       "(SELECT alert_id FROM message_alert)")
    check(not untold, f"alerts in no mail: {untold}")
    check(len(desk.letters()) >= first_letters, "a letter is gone")


def looked_at(desk):
    """(host, path) of the pages that are looked at again: those that were told of."""
    urls = desk.rows("SELECT p.url FROM look l JOIN page p ON p.id = l.page_id"
                     " UNION SELECT a.url FROM look l JOIN article a ON a.page_id = l.page_id")
    return {tuple(re.match(r"http://([0-9.]+):\d+(/.*)$", r["url"]).groups()) for r in urls}


def check_second_requests(desk, requests):
    """Feeds are asked conditionally where they gave a validator; no page is asked twice, but the
    edited one and the new one, those behind a wall, and once each what was told of."""
    address = newsdesk.outlets()
    silent = {address["lanchuan"]}  # sends no validator
    looked = looked_at(desk)
    first_pages = {(r["host"], r["path"]) for r in requests if r["state"] == "first"}
    again = []
    for r in requests:
        if r["state"] == "first" or r["path"] == "/robots.txt":
            continue
        is_feed = r["path"].split("?")[0].endswith((".rss", ".atom", ".rdf", ".xml", "/rss"))
        if is_feed:
            check(r["conditional"] or r["host"] in silent or r["path"] == "/portada.rss",
                  f"second poll of {r['host']}{r['path']} was not conditional")
        elif (r["host"], r["path"]) in first_pages:
            again.append(r)
    edited = (address["northmoor"], "/news/shuttered.html")
    walled = [(address["ledger"], path)
              for path in ("/2026/withdrawn-notice.html", "/2026/members-evening.html",
                           "/consent.html?return=%2F2026%2Fmembers-evening.html")]
    for r in again:
        key = (r["host"], r["path"])
        check(key == edited or key in walled or key in looked,
              f"{r['host']}{r['path']} was fetched again")
        check(key not in looked or key == edited or r["conditional"] or r["host"] in silent
              or r["status"] == 301, f"{r['host']}{r['path']} was not asked conditionally")
    times = collections.Counter((r["host"], r["path"]) for r in again)
    check(all(times[key] <= 1 for key in looked), f"looked at twice: {times.most_common(3)}")
    check(len(looked & set(times)) >= 15, f"{len(looked & set(times))} pages were looked at again")
    check(any((r["host"], r["path"]) == edited for r in again), "the edit was not looked at")
    return sum(r["status"] == 304 for r in requests if r["state"] == "second")


def check_events(desk, port, state):
    """What became of the pages that were told of, and nothing else."""
    names = {address: name for name, address in newsdesk.outlets().items()}
    got = set()
    for row in desk.rows("SELECT e.kind, e.is_noted, a.url FROM event e"
                         " JOIN article a ON a.id = e.article_id"):
        host, path = re.match(rf"http://([0-9.]+):{port}(/.*)$", row["url"]).groups()
        got.add((names[host], path, row["kind"], "yes" if row["is_noted"] else "no"))
    want = {(e["outlet"], e["path"], e["kind"], e["noted"]) for e in newsdesk.events()
            if int(e["state"]) <= state}
    check(got == want, f"events: {sorted(got - want)} too many, {sorted(want - got)} missing")


def check_event_lists(desk, port):
    """The same, as a person and a program read it."""
    rows = [json.loads(line) for line in desk.must("article", "events", "--format", "jsonl").stdout.splitlines()]
    stored = desk.rows("SELECT id, kind, how, article_id, newer_id FROM event ORDER BY at DESC, id DESC")
    check([(r["id"], r["kind"], r["how"] or "", r["article"], r["newer"]) for r in rows] ==
          [(r["id"], r["kind"], r["how"], r["article_id"], r["newer_id"]) for r in stored],
          f"article events: {rows}")
    by_path = {r["url"].split(f":{port}")[1]: r for r in rows}
    porto, zagreb = by_path["/wire/porto.html"], by_path["/wire/zagreb.html"]
    check(porto["noted"] is False and zagreb["noted"] is None and zagreb["how"] == "410", f"{porto} {zagreb}")
    for word in (porto["url"], porto["article"], porto["newer"]):
        said = desk.must("article", "events", word, "--format", "csv").stdout.splitlines()
        check(len(said) == 2 and ",changed," in said[1], f"article events {word}: {said}")
    shown = desk.must("article", "show", porto["newer"]).stdout
    for words in ("changed, and the page does not say so", "2: article", "next look"):
        check(words in shown, f"article show does not say {words}:\n{shown}")
    shown = desk.must("article", "show", zagreb["url"]).stdout
    check("removed (410)" in shown, f"article show: {shown}")
    check("214" in desk.must("article", "text", porto["article"]).stdout, "the text as it was is gone")
    check("61 people" in desk.must("article", "text", zagreb["article"]).stdout, "what was removed is gone")


def check_politeness(requests):
    """robots.txt is read before the first page of a host and obeyed."""
    seen = set()
    for r in requests:
        if r["path"] == "/robots.txt":
            seen.add(r["host"])
        is_feed = r["path"].split("?")[0].endswith((".rss", ".atom", ".rdf", ".xml", "/rss"))
        check(is_feed or r["host"] in seen, f"{r['host']}{r['path']} before robots.txt")
        check(not r["path"].startswith(("/subscribers/", "/print/", "/search")),
              f"{r['host']}{r['path']} although robots.txt forbids it")


def main():
    with newsdesk.Workplace("newsroom") as folder:
        room = newsdesk.Newsroom(folder)
        desk = newsdesk.Desk(folder / "desk")
        try:
            desk.must("feed", "import", room.opml, now=room.clock)
            check(len(desk.rows("SELECT id FROM feed")) == 10, "ten feeds are imported")
            done = desk.must("run", now=room.clock)
            check(done.stdout == "", f"a good run is silent, this one said {done.stdout!r}")
            articles = articles_by_path(desk, room.port)
            check_articles(articles, 1)
            check_no_walls(articles)
            check_stories(articles, 1)
            n_first = check_alerts(desk, articles, 1)
            check_evidence(desk)
            n_letters = len(desk.letters())
            check(n_letters == 1, f"one digest after the first run, not {n_letters}")
            check_letters(desk, 1)

            room.switch()
            desk.must("run", now=room.clock + 2 * HOUR)
            articles = articles_by_path(desk, room.port)
            check_articles(articles, 2)
            check_no_walls(articles)
            check_stories(articles, 2)
            n_second = check_alerts(desk, articles, 2)
            check_letters(desk, n_letters)
            check(n_second == n_first + 2, f"{n_second - n_first} new alerts, two were due")
            check(len(desk.letters()) == 2, "the second digest")
            requests = room.requests()
            n_304 = check_second_requests(desk, requests)
            check_events(desk, room.port, 2)
            check_politeness(requests)

            quiet = len(room.requests())
            desk.must("run", now=room.clock + 2 * HOUR + 60)
            check(len(desk.letters()) == 2, "a third run without news writes no digest")
            pages = [r for r in room.requests()[quiet:] if r["path"].endswith(".html")]
            check(not pages, f"a third run fetched pages: {[r['path'] for r in pages]}")

            quiet = len(room.requests())
            plan = desk.must("run", "--dry-run", now=room.clock + 4 * HOUR).stdout.splitlines()[0]
            # One of them at a host that has asked for a pause.
            check(plan.endswith(", and look at 3 again"), f"run --dry-run: {plan}")
            done = desk.must("run", "-v", now=room.clock + 4 * HOUR)
            check("2 pages looked at again: 0 changed, 1 removed" in done.stderr, f"run -v: {done.stderr}")
            check_events(desk, room.port, 3)
            check_event_lists(desk, room.port)
            due = {e["path"] for e in newsdesk.events() if e["kind"] == "removed"}
            due.add("/news/fourth-floor.html")  # an hour after it was told of
            pages = [r["path"] for r in room.requests()[quiet:] if r["path"].endswith(".html")]
            check(sorted(pages) == sorted(due), f"due were {sorted(due)}, asked {pages}")
        finally:
            room.stop()
        newsdesk.finish(f"{sum(map(len, articles.values()))} articles, {n_first} alerts, then "
                        f"{n_second - n_first} more; second crawl: {n_304} answers 304")


main()
