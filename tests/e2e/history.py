"""What the tests of backfills share: a desk whose settings lead to the stand-ins, and what has to be
true of its database when it is done."""

import collections
import concurrent.futures
import json
import os
import re
import subprocess
import time

import newsdesk
from newsdesk import check

HISTORIC = {"sitemap", "wordpress", "feed", "wayback", "commoncrawl", "ccnews", "mediacloud", "gdelt",
            "files"}


PACE = 20  # how many times as fast as the machine's the clocks of these tests go
BEGUN = time.time(), time.monotonic()


class Desk(newsdesk.Desk):
    """services: stand-ins by the name of their setting (wayback, commoncrawl-index ...). Its clock
    hurries, and goes on from one command to the next; later_s puts it on."""

    later_s = 0

    def __init__(self, folder, services=None, extra="", **how):
        lines = "".join(f"{name} = {s.base}\n" for name, s in (services or {}).items())
        super().__init__(folder, newsdesk.CONFIG + "[backfill]\n" + lines + extra, **how)

    def command(self, *words, now=None):
        if now is None:
            now = BEGUN[0] + (time.monotonic() - BEGUN[1]) * PACE + self.later_s
        line = super().command(*words, now=now)
        line[line.index("--now") + 1] += f" x{PACE}"
        return line

    def backfill(self, *words, ok=(0,), **how):
        """Its output. A test goes on when it fails: the database says more."""
        try:
            done = self.call("backfill", *words, **how)
        except subprocess.TimeoutExpired:
            check(False, f"backfill {' '.join(map(str, words))} did not end in {newsdesk.COMMAND_S} s")
            return subprocess.CompletedProcess(words, -1, "", "")
        if done.returncode not in ok:
            check(False, f"backfill {' '.join(map(str, words))} ended with {done.returncode}: "
                         f"{done.stdout[-800:]}{done.stderr[-800:]}")
        return done

    def newest(self):
        """The backfill that was begun last."""
        rows = self.rows("SELECT * FROM backfill ORDER BY id DESC LIMIT 1")
        return rows[0] if rows else collections.defaultdict(int)

    def report(self, number=None):
        """(kind, name) -> count of `backfill show`; timeline rows under ("timeline", item, month)."""
        done = self.must("backfill", "show", number or self.newest()["id"], "--format", "jsonl")
        facts = {}
        for row in map(json.loads, done.stdout.splitlines()):
            key = (row["kind"], row["name"])
            facts[key + (row["month"],) if row["kind"] == "timeline" else key] = row["count"]
        return facts

    def articles(self):
        return self.rows("SELECT * FROM article ORDER BY id")


def check_articles(desk, want, provenance, name=""):
    """Exactly these, each once, with the words and the date of their publication."""
    rows = desk.articles()
    counts = collections.Counter(r["url"] for r in rows)
    by_url = {a.url: a for a in want}
    lost = [u for u in by_url if u not in counts]
    more = [u for u in counts if u not in by_url]
    check(not lost, f"{name}: {len(lost)} of {len(by_url)} articles lost: {sorted(lost)[:3]}")
    check(not more, f"{name}: {len(more)} articles that were not asked for: {sorted(more)[:3]}")
    twice = [u for u, n in counts.items() if n > 1]
    check(not twice, f"{name}: {len(twice)} twice: {twice[:3]}")
    for row in rows:
        a = by_url.get(row["url"])
        if a is None:
            continue
        check_article(row, a, provenance, name)
    return rows


def check_article(row, a, provenance, name):
    wrong = [f"{what} {got!r}, not {is_want!r}" for what, got, is_want in (
        ("title", row["title"], a.title), ("published", row["published_at"], a.published),
        ("provenance", row["provenance"], provenance), ("historic", row["is_historic"], 1))
        if got != is_want]
    check(not wrong, f"{name}: {a.url}: {'; '.join(wrong)}")
    check(row["backfill_id"], f"{name}: {a.url} is of no backfill")


def check_mentions(desk, want, name=""):
    """What the articles name, and an alert of each story and item; all of it quiet."""
    named = {(r["url"], r["item"]) for r in desk.rows(
        "SELECT a.url, m.item FROM mention m JOIN article a ON a.id = m.article_id")}
    truth = {(a.url, item) for a in want for item in a.items}
    check(named == truth, f"{name}: mentions lost {sorted(truth - named)[:2]}, "
                          f"made up {sorted(named - truth)[:2]}")
    told = {(r["url"], r["item"]) for r in desk.rows(
        "SELECT a.url, al.item FROM alert al JOIN article a ON a.id = al.article_id"
        " WHERE al.is_historic = 1")}
    check(told == truth, f"{name}: {len(told)} historic alerts, not {len(truth)}")
    check_quiet(desk, name)


def check_quiet(desk, name=""):
    live = desk.rows("SELECT item, cause FROM alert WHERE is_historic = 0")
    check(not live, f"{name}: history raised as news: {live[:3]}")
    check(not desk.letters(), f"{name}: history was mailed: {desk.letters()}")
    check(not desk.rows("SELECT id FROM message"), f"{name}: there are messages")


def check_report(desk, want, name="", **more):
    """The report's counts are those of the truth. more: "found_done"=12 and so on."""
    facts = desk.report()
    truth = {("new", "articles"): len(want), ("new", "mentioning"): sum(bool(a.items) for a in want),
             ("new", "alerts"): sum(len(a.items) for a in want)}
    for key, n in more.items():
        truth[tuple(key.split("_", 1))] = n
    for key, n in truth.items():
        check(facts.get(key, 0) == n, f"{name}: the report says {facts.get(key)} {' '.join(key)}, not {n}")
    timeline = collections.Counter()
    for a in want:
        for item in a.items:
            timeline[(item, time.strftime("%Y-%m", time.gmtime(a.published)))] += 1
    told = {key[1:]: n for key, n in facts.items() if key[0] == "timeline"}
    if told:
        check(told == dict(timeline), f"{name}: the timeline differs: "
              f"{sorted(set(told.items()) ^ set(timeline.items()))[:3]}")
    return facts


def world(desk):
    """What must not depend on how often it was disturbed: by address, never by number."""
    articles = desk.rows("SELECT canonical, version, title, sha256 AS sha, published_at, provenance,"
                         " capture FROM article")
    members = collections.defaultdict(set)
    for row in desk.rows("SELECT story_id, canonical FROM article"):
        members[row["story_id"]].add(row["canonical"])
    alerts = desk.rows("SELECT item, is_historic, cause, story_id FROM alert")
    return {
        "articles": sorted(tuple(str(v) for v in r.values()) for r in articles),
        "stories": sorted(tuple(sorted(urls)) for urls in members.values()),
        "alerts": sorted((r["item"], r["is_historic"], r["cause"],
                          tuple(sorted(members[r["story_id"]]))) for r in alerts),
        # Who asks again behind the end begins another backfill, which knows all of it.
        "finds": sorted((r["url"], r["state"], r["message"]) for r in desk.rows(
            "SELECT url, state, message FROM find WHERE backfill_id = 1")),
        "open backfills": desk.rows("SELECT id, message FROM backfill WHERE state != 'done'"),
    }


def check_same(want, got, name):
    for part in want:
        lost = [x for x in want[part] if x not in got[part]]
        extra = [x for x in got[part] if x not in want[part]]
        doubled = [x for x, n in collections.Counter(map(str, got[part])).items() if n > 1]
        check(not lost, f"{name}: {len(lost)} {part} lost: {lost[:2]}")
        check(not extra, f"{name}: {len(extra)} {part} more: {extra[:2]}")
        check(not doubled, f"{name}: {len(doubled)} {part} doubled: {doubled[:2]}")


def work_through(cases, folder, beside=4):
    """Some at a time: they wait more than they work. CASE=name: those of that name alone."""
    chosen = [c for c in cases if os.environ.get("CASE", "") in c.__name__]
    with concurrent.futures.ThreadPoolExecutor(beside) as pool:
        for done in [pool.submit(c, folder) for c in chosen]:
            done.result()
    return len(chosen)


def numbers(text):
    """Whole numbers of a text, with their thousands put together."""
    return [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", text)]
