#!/usr/bin/env python3
"""A copy corrects a figure beside the mention: listed, shown, explained and told once."""
import desk
from desk import check

LEAD = ("The harbour council voted late on Tuesday to close {name} for %s weeks while divers replace the timber "
        "piles that hold it up, a work that was put off three times.")


def publish(site, path, weeks):
    body = [LEAD % weeks] + desk.BODY[1:]
    page = site.put(path + ".html", desk.page("The pier" + path, body, published="2026-11-20T07:00:00Z",
                                              url=site.root + path + ".html"))
    return site.put(path, desk.rss("Outlet " + path[1:], [("The pier" + path, page)]), "application/rss+xml")


with desk.Desk() as d:
    first, second = desk.Server("127.31.0.3"), desk.Server("127.31.0.4")
    try:
        d.must("feed", "add", publish(first, "/ledger", "12"))
        d.must("run")
        check([a["changes"] for a in d.rows("alert", "list")] == [0], "an alert that nothing has changed of")
        d.must("feed", "add", publish(second, "/post", "14"))
        d.must("run")
        rows = d.rows("alert", "list")
        check(len(rows) == 1 and rows[0]["changes"] == 1 and rows[0]["articles"] == 2, f"alert list: {rows}")
        check("12 \u2192 14 weeks" in rows[0]["last_change"], f"last_change: {rows}")
        human = d.must("alert", "list")
        check("2 (1 origin)  " in human and " changes " in human, f"alert list for people: {human}")
        shown = d.must("alert", "show", "a1")
        check("12 \u2192 14 weeks, at " in shown and "\u00bb14 weeks\u00ab" in shown, f"alert show: {shown}")
        why = d.must("alert", "explain", "a1")
        for words in ("story s1 alerts on pier-kestrel once", "not again      n2 Outlet post, near", "12 \u2192 14 weeks"):
            check(words in why, f'alert explain lacks "{words}": {why}')
        check([r["changes"] for r in d.rows("alert", "explain", "a1")] == [1], "alert explain --format jsonl")
        mails = d.rows("outbox", "list")
        check(len(mails) == 2 and "1 changed" in mails[0]["subject"], f"outbox: {mails}")
        check("DEVELOPING" in d.must("outbox", "show", str(mails[0]["id"])), "the mail")
        d.must("run")
        check(len(d.rows("outbox", "list")) == 2, "told twice")
    finally:
        first.close()
        second.close()
desk.finish("changes: alert list, show, explain and the digest of a corrected figure")
