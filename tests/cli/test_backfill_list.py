#!/usr/bin/env python3
"""What is said of backfills: the list, the report of one, what became of an address, what check says of
those that stand still; and cancelling one."""

import desk
from desk import check

HOST = "https://news.example"
DAY = 86400
NOW = 1795161600  # 2026-11-20T08:00:00Z

LIST_COLUMNS = ("backfill_id, url, format, covers_at, depth, cursor, state, n_tries, not_before, last_status,"
                " last_error, n_found, n_bad, n_left, fetched_at")
FIND_COLUMNS = ("backfill_id, list_id, page_id, url, canonical, host, title, author, language, published_at,"
                " published_precision, modified_at, text, capture, captured_at, capture_offset, capture_bytes,"
                " digest, state, message, n_tries, not_before")


def put_backfill(db, source, target, state, worked_at, matches_first=0, message=""):
    return db.execute("INSERT INTO backfill (source, target, since_at, until_at, matches_first, captures, delay_ms,"
                      " budget, state, created_at, worked_at, ended_at, n_requests, n_bytes, message)"
                      " VALUES (?, ?, 1661990400, 1672531200, ?, 'missing', 0, 0, ?, ?, ?, 0, 120, 3400000, ?) RETURNING id",
                      (source, target, matches_first, state, worked_at - 60, worked_at, message)).fetchone()[0]


def put_list(db, backfill, url, state, error="", bad=0, left=0):
    return db.execute(f"INSERT INTO backfill_list ({LIST_COLUMNS}) VALUES (?, ?, 'sitemap', 0, 0, '', ?, 1, 0, 0, ?, 3, ?, ?, 0)"
                      " RETURNING id",
                      (backfill, url, state, error, bad, left)).fetchone()[0]


def put_find(db, backfill, row, path, state, title="", message="", page=None):
    url = path if "://" in path else HOST + path
    db.execute(f"INSERT INTO find ({FIND_COLUMNS}) VALUES (?, ?, ?, ?, ?, 'news.example', ?, '', '', 0, 0, 0, ?, '', 0, 0, 0, '', ?, ?, 0, 0)",
               (backfill, row, page, url, url, title, b"", state, message))


def fill(d):
    """One that is open, with finds in every state, and one that is done and brought the desk's files."""
    d.must("backfill", "files", desk.history(d))
    with desk.engine.opened(d.db) as db:
        opened = put_backfill(db, "sitemap", HOST, "open", NOW - 5 * DAY, 1, "stopped")
        row = put_list(db, opened, HOST + "/sitemap.xml", "done", "it breaks off", bad=2)
        put_list(db, opened, HOST + "/sitemap-2.xml", "queued", left=4)
        put_list(db, opened, HOST + "/sitemap\x1b[31m-3.xml", "failed", "status 500")
        put_find(db, opened, row, "/kestrel-pier-is-shut", "queued")
        put_find(db, opened, row, "/a-quiet-day", "passed", "A quiet day\x1b[31m at the quay")
        put_find(db, opened, row, "/gone-for-good", "failed", message="status 404")
        put_find(db, opened, row, "/gone-as-well", "failed", message="status 404")
        put_find(db, opened, row, "/slow-and-slow", "failed", message="no answer")
        # The sample: of addresses that no title spoke for, those that were fetched all the same.
        n = 0
        for i in range(600):
            put_find(db, opened, row, f"/old-news-of-the-day/{i}", "done", f"The weather of day number {i}")
            n += 1
        done = put_backfill(db, "wayback", "news.example/*", "done", NOW - DAY)
        row = put_list(db, done, "http://archive.example/cdx", "done")
        put_find(db, done, row, "/1", "done", "Kestrel Pier closes")
        put_find(db, done, row, "/never", "found")
        db.execute("UPDATE article SET backfill_id = ?, capture = 'http://archive.example/2022/x',"
                   " provenance = 'wayback' WHERE url LIKE '%news.example/1' OR url LIKE '%other.example%'", (done,))
    return opened, done, n


def rows_by(d, backfill):
    rows = d.rows("backfill", "show", backfill)
    return {(r["kind"], r["name"], r["month"]): r for r in rows}


def reports(d, opened, done, n):
    list_ = d.rows("backfill", "list")
    want = [(done, "done", 2, 1, 0), (opened, "open", n + 5, 1, 3)]
    check([(r["id"], r["state"], r["found"], r["waiting"], r["failed"]) for r in list_][:2] == want, f"backfill list: {list_}")
    words = {r["id"]: r["words"] for r in list_}
    check(words[opened] == f"sitemap {HOST} --since 2022-09-01 --until 2022-12-31 --match-first", f"words: {words}")
    check(words[done].endswith("--until 2022-12-31 --captures missing"), f"words: {words}")
    check(list_[-1]["documents"] == 5 and "5 documents, 5 new" in d.must("backfill", "list"), f"documents: {list_[-1]}")
    facts = rows_by(d, done)
    check((facts[("backfill", "captures", None)]["text"], facts[("backfill", "match_first", None)]["text"]) == ("missing", "no"),
          f"how it works: {facts}")
    facts = rows_by(d, opened)
    count = lambda *key: facts[key]["count"] if key in facts else None
    check(count("found", "failed", None) == 3 and count("found", "queued", None) == 1, f"finds: {facts}")
    check(count("failure", "status 404", None) == 2 and count("failure", "no answer", None) == 1, "failures by reason")
    check(count("lists", "queued", None) == 1 and count("lists", "unreadable", None) == 2, "lists")
    check(facts[("list failed", HOST + "/sitemap\x1b[31m-3.xml", None)]["text"] == "status 500", "a list that failed")
    check(facts[("list noted", HOST + "/sitemap.xml", None)]["text"] == "it breaks off", "a list that was cut")
    sample = count("sample", "pages", None)
    check(0 < sample < 30 and count("sample", "mentioning", None) == 0, f"a sample of {sample} pages of {n}")
    check(("sample", "pages", None) not in rows_by(d, done), "a sample where titles did not come first")
    facts = rows_by(d, f"b{done}")
    check(facts[("timeline", "pier-kestrel", "2022-10")]["count"] == 2, f"the timeline: {facts}")
    check(facts[("timeline", "pier-kestrel", "2022-10")]["stories"] == 1, "stories of the timeline")
    check(facts[("new", "articles", None)]["count"] == 2 and facts[("new", "alerts", None)]["count"] == 1, f"gain: {facts}")

    text = d.must("backfill", "show", opened)
    for words in ("sitemap https://news.example", "2022-09-01 to 2022-12-31, titles first", "open: stopped",
                  f"wirewatch backfill resume {opened}", "120, 3.4 MB", "1 read, 1 waiting, 1 failed", "2 status 404",
                  "no title spoke for"):
        check(words in text, f'backfill show lacks "{words}": {text}')
    check("\x1b" not in text, "backfill show runs what a list is called")
    text = d.must("backfill", "show", done)
    line = next((l for l in text.splitlines() if l.startswith("pier-kestrel")), "")
    check(line.split() == ["pier-kestrel", "2022"] + ["."] * 9 + ["2", ".", ".", "2"], f"the timeline: {text}")
    check(max(map(len, text[text.index("articles on"):].splitlines())) < 80, "the timeline is wider than a terminal")
    d.fails(66, "wirewatch backfill list", "backfill", "show", "99")
    d.fails(66, "wirewatch backfill list", "backfill", "show", "wayback")


def filters(d, done):
    check(len(d.rows("article", "list", "--backfill", done)) == 2, "article list --backfill")
    check(len(d.rows("article", "list", "--backfill", done, "--since", "2022-09")) == 2, "with a period")
    check(len(d.rows("search", "ferry", "--backfill", done)) == 2, "search --backfill")
    check(len(d.rows("alert", "list", "--backfill", done)) == 1, "alert list --backfill")
    d.fails(66, "no backfill 99", "alert", "list", "--backfill", "99")
    row = d.rows("article", "show", "https://news.example/1")[0]
    check((row["backfill"], row["capture"], row["provenance"]) == (done, "http://archive.example/2022/x", "wayback"), f"article: {row}")
    text = d.must("article", "show", "https://news.example/1")
    check("archived copy  http://archive.example/2022/x" in text and f"wirewatch backfill show {done}" in text, f"article show: {text}")
    stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
    check((stats["backfills_open"], stats["finds_waiting"]) == (1, 2), f"db stats: {stats}")


def why(d, opened, done):
    for path, status, words in (("/kestrel-pier-is-shut", "backfill-waits", f"wirewatch backfill resume {opened}"),
                                ("/a-quiet-day", "backfill-passed", "does not speak for it"),
                                ("/gone-for-good", "backfill-failed", "failed: status 404"),
                                ("/never", "backfill-ended", "did not fetch it")):
        done_ = d.call("why-not", HOST + path)
        check(words in done_.stdout, f"why-not {path}: {done_.stdout}{done_.stderr}")
        check("\x1b" not in done_.stdout, "why-not runs a title")
        rows = d.rows_of(done_.returncode, "why-not", HOST + path)
        check(status in [r.get("reason") for r in rows], f"why-not {path}: {rows}")
    said = d.call("why-not", HOST + "/1").stdout
    check(f"found by backfill {done} (wayback) in list http://archive.example/cdx" in said, f"why-not of an article: {said}")
    check(" from http://archive.example/2022/x" in said and "copy of 20" in said and "read from a file" not in said, f"why-not of a copy: {said}")


def main():
    with desk.Desk() as d:
        opened, done, n = fill(d)
        reports(d, opened, done, n)
        filters(d, done)
        why(d, opened, done)
        said = {r["part"]: r for r in d.rows_of(1, "check")}
        check(said["backfills"]["level"] == "warn" and f"backfill cancel {opened}" in said["backfills"]["text"], f"check: {said['backfills']}")
        d.must("backfill", "cancel", opened)
        check([r["state"] for r in d.rows("backfill", "list")][:2] == ["done", "cancelled"], "backfill cancel")
        check("backfills" not in {r["part"] for r in d.rows_of(1, "check")}, "check speaks of what is cancelled")
        row = next(r for r in d.rows("backfill", "list") if r["id"] == opened)
        check((row["waiting"], row["given_up"], row["lists"]) == (0, 1, 0), f"cancelled, it waits: {row}")
        facts = rows_by(d, opened)
        check(facts[("found", "given up", None)]["count"] == 1 and ("found", "queued", None) not in facts, f"cancelled: {facts}")
        text = d.must("backfill", "show", opened)
        check("1 given up" in text and "to be fetched" not in text and "waiting" not in text, f"show of a cancelled one: {text}")
        said = d.call("why-not", HOST + "/kestrel-pier-is-shut").stdout
        check("never asked: that backfill was cancelled" in said and "resume" not in said and "1970" not in said
              and "asks for it anew: wirewatch backfill sitemap" in said, f"why-not of what was cancelled: {said}")
        d.fails(66, "is cancelled", "backfill", "cancel", opened)
        d.fails(66, "is cancelled", "backfill", "resume", opened)
        d.fails(66, "wirewatch backfill list", "backfill", "cancel", "99")
    desk.finish("backfills: listed, shown, explained, cancelled")


main()
