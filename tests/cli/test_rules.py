#!/usr/bin/env python3
"""rules.csv: from a row to an alert in a run and back to the row; require and exclude; what is wrong is shown."""
import desk
from desk import check

RULES = """id,name,query,severity,tags,owner,country
ship-worm,Ship worm,"(divers OR engineers) NEAR/30 ""ship worm"" AND NOT football",high,timber,,GB
cannery,The cannery,title:kestrel AND canner*,,,,
never,Not here,lighthouse SENTENCE divers,high,,,
dock,\u7801\u5934,"\u71d5\u5b50\u7801\u5934 PRE/12 \u6f5c\u6c34\u5458",low,,,
"""


def story(d):
    d.server.put("/rss", desk.rss("Northmoor Post", [
        ("Kestrel Pier closes", d.server.root + "/1"), ("A dock", d.server.root + "/2")]),
        kind="application/rss+xml")
    d.server.put("/1", desk.page("Kestrel Pier closes", desk.BODY, url=d.server.root + "/1",
                                 published="2026-11-20T07:00:00Z"))
    d.server.put("/2", desk.page("\u7801\u5934", desk.CHINESE, language="zh", url=d.server.root + "/2",
                                 published="2026-11-20T07:00:00Z"))


def fire(d):
    rows = desk.STATIONS.splitlines()
    desk.put_watchlist(d.watchlist, "\n".join([rows[0] + ",require,exclude"] + [
        r + (",divers NEAR/40,football" if r.startswith("kestrel") else ",,") for r in rows[1:]]) + "\n")
    (d.watchlist / "rules.csv").write_text(RULES, encoding="utf-8")
    done = d.call("watch", "lint")
    check("0 errors" in done.stderr and "rules.csv" not in done.stdout, f"lint of good rules: {done}")
    items = {r["id"]: r for r in d.rows("watch", "list")}
    check(items["ship-worm"]["kind"] == "rule" and items["ship-worm"]["names"] == 4, f"watch list: {items}")
    d.must("feed", "add", d.server.root + "/rss")
    d.must("run")
    alerts = {r["item"]: r for r in d.rows("alert", "list", "--since", "2026-11-01") +
              d.rows("alert", "list", "--historic", "--since", "2020-01-01")}
    check(set(alerts) >= {"ship-worm", "cannery", "dock", "pier-kestrel"}, f"alerts: {sorted(alerts)}")
    check("never" not in alerts, "a rule fired whose words are not there")
    check(alerts["ship-worm"]["severity"] == "high" and alerts["cannery"]["severity"] == "medium" and
          alerts["dock"]["severity"] == "low", f"severities: {alerts}")
    said = d.must("alert", "explain", alerts["ship-worm"]["id"])
    for word in ("query", "ship worm", "rules.csv:2", "analyst's own query"):
        check(word in said, f"alert explain does not say {word}: {said}")


    said = d.must("alert", "explain", alerts["pier-kestrel"]["id"])
    for words in ("divers within 40 words: \"divers\"", "none of football within 30 words"):
        check(words in said, f"alert explain does not say {words}: {said}")
    said = d.call("why-not", d.server.root + "/2", "--for", "pier-kestrel").stdout
    check("lacks what the list requires beside it" in said, f"why-not of a guarded name: {said}")
    said = d.call("why-not", d.server.root + "/1", "--for", "never").stdout
    check("the query of never is not true of the article: it lacks lighthouse SENTENCE divers" in said,
          f"why-not of a rule: {said}")
    said = d.call("why-not", d.server.root + "/1", "--for", "ship-worm").stdout
    check('its query is true of the article: "ship worm"' in said and "not true" not in said, f"why-not of a find: {said}")
    said = d.call("why-not", d.server.root + "/1").stdout
    check("its query is true of the article" in said, f"why-not of all: {said}")


def guard(d):
    """An alias with require fires beside its words alone; exclude takes it away."""
    def found(require, exclude):
        rows = desk.STATIONS.splitlines()
        rows = [rows[0] + ",require,exclude", rows[1] + f',"{require}","{exclude}"']
        folder = desk.put_watchlist(d.folder / "guarded", "\n".join(rows) + "\n")
        text = d.write("text.txt", "The council closed Kestrel Pier while divers work. " + "x " * 60 + "A ferry.")
        return "pier-kestrel" in d.must("inspect", "mentions", text, "--watchlist", folder)

    check(found("", ""), "no condition")
    check(found("divers", ""), "require that is met")
    check(not found("ferry", ""), "require that is too far")
    check(found("ferry NEAR/100", ""), "a wider window")
    check(not found("", "divers|ferry"), "exclude")
    check(not found("@ PRE/1 divers", ""), "a row that is not met")
    check(found("@ PRE/2 divers", "football"), "both")


def show(d):
    bad = desk.put_watchlist(d.folder / "bad")
    (bad / "rules.csv").write_text('id,query\na,pier\nb,"\u71d5\u5b50 pier"\n', encoding="utf-8")
    said = d.fails(1, "rules.csv:3:2: error: character 4: two words side by side", "watch", "lint", bad)
    check("    \u71d5\u5b50 pier\n         ^\n" in said, f"no caret under the place: {said}")
    row = next(r for r in d.rows_of(1, "watch", "lint", bad) if r["file"] == "rules.csv")
    check((row["row"], row["column"], row["level"]) == (3, 2, "error"), f"the finding: {row}")
    (bad / "rules.csv").write_text('id,query\na,\x1b[31mpier (\n', encoding="utf-8")
    done = d.call("watch", "lint", bad)
    for raw in desk.RAW:
        check(raw not in done.stdout + done.stderr, f"watch lint shows {raw!r} raw")
    odd = desk.put_watchlist(d.folder / "odd")
    (odd / "rules.csv").write_text(
        "id,query,severity\na,pier AND NOT pier,\nb,pier AND x,\nc,ferry,huge\nd,ferry,\n"
        "e,pier AND ferry OR worm,\nf,(pier AND ferry) OR worm,\ng,pier AND NOT (pier NEAR/2 ferry),\n", encoding="utf-8")
    said = d.fails(1, "rules.csv:2:2: warning: the rule can never be true", "watch", "lint", odd, "-v")
    for what in ('rules.csv:3:2: warning: "x" is one letter', "rules.csv:4:3: error: no such severity",
                 "rules.csv:5:2: warning: the same query as in row 4", "rules.csv:6:2: note: AND binds tighter"):
        check(what in said, f"watch lint does not say {what}: {said}")
    for row in ("rules.csv:7:", "rules.csv:8:"):
        check(row not in said, f"watch lint speaks of {row}: {said}")
    said = d.fails(64, "two words side by side", "watch", "test", "\u71d5\u5b50 pier")
    check("\u71d5\u5b50 pier\n" in said and "     ^\n" in said, f"watch test shows no caret: {said}")
    (d.watchlist / "rules.csv").unlink()
    text = d.must("watch", "test", "Kestrel NEAR/9 (divers OR winters)", "--since", "2020-01-01")
    check("Kestrel" in text, f"watch test finds nothing: {text}")
    (d.watchlist / "rules.csv").write_text("id,query\na,pier ferry\n")
    d.fails(78, "rules.csv:2:2: character 6", "run")


with desk.Desk() as d:
    d.server = desk.Server()
    story(d)
    fire(d)
    guard(d)
    show(d)
    d.server.close()
desk.finish("rules: from a row to an alert")
