"""Rules for a site: tried on files, addresses and kept pages, obeyed by a run, and applied again."""

import gzip

from desk import BODY, Desk, Server, check, engine, finish, page, rss

SITE = "127.31.0.1"
TALE = ["The quay at Ardmore was opened on Friday by a mayor who had brought a band, a dog and a very long ribbon.",
        "Fishermen said that they had waited for it long enough, and that the granite would outlast them all.",
        "Nobody knows who paid for the stone, which came by ship from a quarry beyond the mountains of the north."]
ADVERT = ["Kestrel Pier offers rooms with a view of the sea to whoever books before the end of this long winter.",
          "Kestrel Pier has a sauna, two kitchens and a boat that guests may take out when the weather allows it.",
          "Kestrel Pier is the place to be, said a guest who stayed for a week and would have stayed for longer."]


def misleading(title="A quay of granite", tale=None):
    """The larger text is an advertisement, and nothing in the names says so."""
    tale = TALE if tale is None else tale
    return ("<!doctype html><html lang=en><head><title>Quay</title></head><body>"
            f"<div class=h>{title}</div><i class=who>By Mira Tolland</i><i class=when>3 May 2023</i>"
            "<div class=a>" + "".join(f"<p>{p} {p.replace('Kestrel', 'Osprey')}</p>" for p in ADVERT) + "</div>"
            "<div class=b>" + "".join(f"<p>{p}</p>" for p in tale) + "<p class=poll>Do you like the quay? Yes. No."
            "</p><ul><li><a href=/1>Share this</a><li><a href=/2>Tell a friend of it</a></ul></div></body></html>")


RULES = f"[{SITE}]\nbody = .b\nremove = .poll\ntitle = .h\nauthor = .who\ndate = .when\n"


def test_files(desk):
    file = desk.write("page.html", misleading())
    plain = desk.must("article", "extract", file)
    check("Kestrel Pier offers" in plain and "granite would" not in plain, f"generic: {plain}")
    out = desk.must("article", "extract", file, "--test", "--body", ".b", "--remove", ".poll", "--title", ".h",
                    "--author", ".who", "--date", ".when")
    for line in ("rules          the command line", "title          Quay", "  by rules     A quay of granite",
                 "  by rules     Mira Tolland", "  by rules     2023-05-03 (rules)", "  by rules     rules",
                 "+ The quay at Ardmore was opened", "- Kestrel Pier offers rooms"):
        check(line in out, f'--test does not say "{line}": {out}')
    check(all(len(line) <= 80 for line in out.splitlines() if line[:1] in "+-"), f"wider than a terminal: {out}")
    desk.fails(1, "nothing by     body", "article", "extract", file, "--test", "--body", ".none")
    desk.fails(1, "found the generic way", "article", "extract", file, "--test", "--body", ".none")
    desk.fails(65, '--body ".b[", column 4: ', "article", "extract", file, "--body", ".b[")
    desk.must("article", "extract", file, "--test")

    generic, ruled = desk.rows("article", "extract", file, "--test", "--body", ".b", "--remove", ".poll")
    check(generic["by"] == "generic" and ruled["by"] == "rules" and ruled["text_source"] == "rules", f"{ruled}")
    check(ruled["added"] == "\n".join(TALE) and "Kestrel Pier offers" in ruled["removed"], f"{ruled}")
    check("rule: Do you like the quay? Yes. No." in ruled["cut"] and "links: Share this" in ruled["cut"], f"{ruled}")
    cut = desk.must("article", "extract", file, "--body", ".b", "--remove", ".poll", "--cut")
    check("  rule      Do you like the quay?" in cut and "  links     Share this" in cut, f"--cut: {cut}")
    packed = desk.folder / "page.html.gz"
    packed.write_bytes(gzip.compress(misleading().encode()))
    check("Kestrel Pier offers" in desk.must("article", "extract", packed), "a packed file")


def test_rules_file(desk):
    file = desk.write("page.html", misleading())
    site = ("--url", "https://www.harbour.example/1")
    desk.write("site-rules.conf", "[harbour.example]\nbody = .b\n[www.harbour.example]\nbody = .a\n[other.example]\n"
               "body = .none\n")
    longest = desk.must("article", "extract", file, *site)
    check("Kestrel" in longest and "text from      rules" in longest, "the longest host counts")
    for host, is_ruled in (("harbour.example", True), ("m.harbour.example", True), ("notharbour.example", False)):
        out = desk.must("article", "extract", file, "--url", f"https://{host}/1")
        check(("granite would" in out) == is_ruled, f"{host}: {out}")
    desk.write("site-rules.conf", "[harbour.example]\nbody = .b,\n  .c\nremove = .poll >\n")
    desk.fails(65, "site-rules.conf:2:11: body: ", "article", "extract", file, *site)
    for text, says in (("[harbour.example]\nbdoy = .b\n", ':2: unknown key "bdoy"; did you mean "body"?'),
                       ("[https://harbour.example/]\nbody = .b\n", "is no host; write [example.org]"),
                       ("body = .b\n", ":1: a rule wants a site before it"),
                       ("[a.example]\nbody = .b\n[b.example]\nbody = .b\n[A.example]\nbody = .c\n", ":6: [A.example]"),
                       ("[a.example]\nbody = .b\n  remove = .c\n", ":3: a line that begins with blanks")):
        desk.write("site-rules.conf", text)
        desk.fails(78, says, "run")
        check(says in desk.call("check").stdout, f"check does not say {says}")
    (desk.folder / "site-rules.conf").unlink()


def test_address(desk, server):
    url = server.put("/tale", misleading())
    server.put("/robots.txt", "User-agent: *\nDisallow: /closed\n", "text/plain")
    desk.write("site-rules.conf", RULES)
    out = desk.must("article", "extract", url, "--test")
    check(f"[{SITE}] of " in out and "+ The quay at Ardmore" in out, f"an address: {out}")
    check(server.asked == ["/robots.txt", "/tale"], f"asked: {server.asked}")
    desk.fails(77, "robots.txt forbids", "article", "extract", server.root + "/closed/1")
    check("/closed/1" not in server.asked, "what robots.txt forbids was asked for")
    (desk.folder / "site-rules.conf").unlink()


def bodies(desk):
    """Articles whose page is kept: it waits, or it is in the archive."""
    with engine.opened(desk.db) as db:
        return [n for (n,) in db.execute("SELECT article_id FROM page_body UNION ALL"
                                           " SELECT article_id FROM archive_record ORDER BY 1")]


def test_run(desk, server):
    """A run obeys the rules, keeps pages, and takes them away again; but evidence stays."""
    desk.write("site-rules.conf", RULES)
    pier = page("Kestrel Pier closes", BODY, published="2026-11-20T06:00:00Z", url=server.root + "/pier")
    pier = pier.replace("<p>", "<p>OLD QUAY (Reuters) - ", 1)
    urls = [server.put("/tale", misleading()), server.put("/pier", pier)]
    desk.must("feed", "add", server.put("/rss", rss("Post", [("Tale", urls[0]), ("Pier", urls[1])]),
                                        "application/rss+xml"))
    said = desk.call("run", "-v")
    check(said.returncode == 0, f"run: {said.stderr}")
    check(f"url={urls[1]} rules={SITE} body=nothing" in said.stderr, f"a rule that finds nothing: {said.stderr}")
    check(f"url={urls[0]} rules=" not in said.stderr, "and one that does")
    tale, = [r for r in desk.rows("article", "list") if r["url"] == urls[0]]
    other, = [r for r in desk.rows("article", "list") if r["url"] == urls[1]]
    check(tale["text_source"] == "rules" and tale["title"] == "A quay of granite" and
          tale["published_precision"] == "day" and tale["published_source"] == "rules", f"list: {tale}")
    check(other["text_source"] == "page" and other["published_zone"] == "+00:00", f"list: {other}")
    shown = desk.must("article", "show", tale["id"], "--cut")
    for line in ("text from      rules", "published      2023-05-03 (rules)", "author         Mira Tolland",
                 "  links     Share this"):
        check(line in shown, f'show does not say "{line}": {shown}')
    shown = desk.must("article", "show", other["id"])
    check("(meta)" in shown, "where the date is from")
    check("credit         Reuters, dateline OLD QUAY\n" in shown, f"whose text it is: {shown}")
    check((other["dateline"], other["credit"], other["credit_source"]) == ("OLD QUAY (Reuters)", "Reuters", "dateline"),
          f"list: {other}")
    # What is cut is neither matched nor found: the advertisement names the pier, the poll nothing.
    check([a["article"] for a in desk.rows("alert", "list", "--all")] == [other["id"]], "cut text was matched")
    check(desk.rows("search", "sauna") == [], "cut text is searched")

    check(bodies(desk) == sorted([tale["id"], other["id"]]), f"pages kept: {bodies(desk)}")
    stats = {r["name"]: r["value"] for r in desk.rows("db", "stats")}
    check(stats["kept_pages"] == stats["archive_records"] == 1 and 500 < stats["kept_stored_bytes"] < 5000,
          f"stats: {stats}")
    out = desk.must("article", "extract", tale["id"], "--test")
    check("+ The quay at Ardmore" in out and urls[0] in out, f"a kept page: {out}")
    desk.must("--now", "2026-12-19T08:00:00Z", "run")
    check(len(bodies(desk)) == 2, "taken away too early")
    desk.must("--now", "2026-12-21T08:00:00Z", "run")
    check(bodies(desk) == [other["id"]], f"after a month: {bodies(desk)}")
    desk.fails(66, "is not kept", "article", "extract", tale["id"])


def test_keeps_none(desk, server):
    desk.config.write_text(desk.config.read_text() + "[extract]\nkeep-pages = 0\n[archive]\nkeep = none\n")
    desk.must("feed", "add", server.put("/none", rss("Post", [("Tale", server.put("/tale2", misleading()))]),
                                        "application/rss+xml"))
    desk.must("run")
    check(len(desk.rows("article", "list")) == 1 and bodies(desk) == [], f"kept: {bodies(desk)}")


def test_again(desk, server):
    """Kept pages by other rules: new versions, no second alert for what was told, and an end of it."""
    tale = TALE + ["Kestrel Pier, the older landing place beside the quay, is closed, and nobody misses it."]
    rules = desk.write("site-rules.conf", f"[{SITE}]\nbody = .a\n")
    url = server.put("/tale", misleading(tale=tale))
    pier = server.put("/pier", page("Kestrel Pier closes", BODY, published="2026-11-20T06:00:00Z",
                                    url=server.root + "/pier"))
    desk.must("feed", "add", server.put("/rss", rss("Post", [("Tale", url), ("Pier", pier)]), "application/rss+xml"))
    desk.must("run")
    first, = [r for r in desk.rows("article", "list") if r["url"] == url]
    alerts = sorted((a["item"], a["article"]) for a in desk.rows("alert", "list", "--all"))
    check(("pier-kestrel", first["id"]) in alerts and len(alerts) == 2, f"alerts: {alerts}")

    # Whatever the page says of its address by now, it stays the article that it was.
    with engine.opened(desk.db) as db:
        db.execute("UPDATE article SET canonical = 'http://x.example/tale' WHERE id = ?", (first["id"],))
    desk.fails(64, "name articles, or choose", "article", "reextract")
    check(desk.rows("article", "reextract", "--all") == [], "the same rules change something")
    rules.write_text(f"[{SITE}]\nbody = .b\nremove = .poll\n")
    before = desk.rows("article", "list")
    plan = desk.rows("article", "reextract", "--all", "--dry-run")
    check([(p["article"], p["new_article"], p["text_source"]) for p in plan] == [(first["id"], None, "rules")],
          f"--dry-run: {plan}")
    check(desk.rows("article", "list") == before, "--dry-run stored something")
    check(desk.rows("article", "reextract", "--host", "1.0.1") == [], "a part of a host's name is no host")
    said = desk.call("article", "reextract", "--host", SITE)
    check("2 pages read, 1 article changed" in said.stderr, f"totals: {said.stderr}")
    second, = [r for r in desk.rows("article", "list") if r["url"] == url and r["version"] == 2]
    check(second["provenance"] == "reextract" and second["story"] != first["story"] and
          second["first_seen_at"] == first["first_seen_at"], f"the new version: {second}")
    check("Kestrel Pier offers" in desk.must("article", "text", first["id"]), "the old version was changed")
    check("granite would" in desk.must("article", "text", second["id"]), "the new version")
    check(second["id"] in bodies(desk) and first["id"] not in bodies(desk), f"the page: {bodies(desk)}")
    check("1: article" in desk.must("article", "show", second["id"]), "versions are shown")
    check(desk.rows("article", "reextract", "--all") == [], "a second time")
    check(desk.rows("article", "reextract", first["id"]) == [], "by an older version's number")

    # The new text is in another story, and mentions what the page had raised.
    desk.must("run")
    check(any(m.startswith("mentions") for m in desk.must("article", "show", second["id"]).splitlines()), "not scanned")
    check(sorted((a["item"], a["article"]) for a in desk.rows("alert", "list", "--all")) == alerts, "told twice")

    # What no reading had raised is news: the other page, of which only a part was read at first.
    server.put("/part", misleading(tale=[p.replace("quay", "wharf") for p in TALE], title="A wharf").replace(
        "Kestrel", "Northern").replace("Osprey", "Southern").replace(
        "Do you like the quay?", "Osprey Light is near, says the light keeper, and it will be lit again."))
    desk.must("feed", "add", server.put("/more", rss("More", [("Wharf", server.root + "/part")]),
                                        "application/rss+xml"))
    desk.must("run")
    check(len(desk.rows("alert", "list", "--all")) == len(alerts), "what was taken out was matched")
    rules.write_text(f"[{SITE}]\nbody = .b\n")
    desk.must("article", "reextract", "--since", "2026-11-20", "--until", "2026-11-20")
    desk.must("run")
    new = [a for a in desk.rows("alert", "list", "--all") if (a["item"], a["article"]) not in alerts]
    check([a["item"] for a in new] == ["light-osprey"], f"what is new: {new}")


def test_kept_files(desk):
    desk.write("old/page.html", misleading())
    desk.must("backfill", "files", desk.folder / "old")
    check(bodies(desk) == [], "files are kept unasked")
    desk.config.write_text(desk.config.read_text() + "[extract]\nkeep-files = yes\n")
    desk.write("old/other.html", misleading(tale=[p.upper() for p in TALE]))
    desk.must("backfill", "files", desk.folder / "old")
    check(len(bodies(desk)) == 1, f"files kept: {bodies(desk)}")
    out = desk.must("article", "extract", bodies(desk)[0], "--body", ".b")
    check("THE QUAY" in out, f"a kept file: {out}")


for test in (test_files, test_rules_file, test_kept_files):
    with Desk() as d:
        test(d)
for test in (test_address, test_run, test_keeps_none, test_again):
    s = Server()
    with Desk() as d:
        test(d, s)
    s.close()
finish("rules for a site: tried, obeyed, and pages kept")
