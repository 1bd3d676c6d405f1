#!/usr/bin/env python3
"""digest preview: every kind of mail as text, the table and the JSON under the names of alert list."""

import json

import desk
from desk import check


# Of the sentence: what stands in the headline is shown with one of the text, if there is one.
FOUND = {"field", "alias", "rule", "term", "quote"}


def too_long(text):
    """Lines but addresses over a mail's 72 columns; all is ASCII but for the marks of a match."""
    body = text.split("\n\n", 1)[1]
    return [line for line in body.splitlines() if len(line) > 72 and "://" not in line]


with desk.Desk() as d:
    server = desk.Server()
    try:
        d.must("feed", "add", desk.feed(server))
        d.must("run")
        text = d.must("digest", "preview", "--all")
        for words in ("Subject: Watch digest Fri 20 Nov: 1 story (GB)", "\n 1. Kestrel Pier opens again\n",
                      "high | 2026-11-20 07:00 | Northmoor", "   * Kestrel Pier [pier-kestrel, a1]\n",
                      "\u00bbKestrel Pier\u00ab was opened on Friday", "how: alias, text\n",
                      "\nRuns: ", "\nFeeds: 1 in order\n", "wirewatch alert explain a1\n"):
            check(words in text, f"the digest does not say {words!r}: {text}")
        check(not too_long(text), f"too long: {too_long(text)}")

        # Later than the run, which on a machine that is busy takes longer than a second.
        week = d.must("--now", "2026-11-20T09:00:00Z", "digest", "preview", "--all", "--kind", "weekly")
        for words in ("Subject: Watch week Fri 13 Nov to Fri 20 Nov: 1 story, 0 the week before",
                      "THE STORIES OF THE WEEK", "COVERAGE", "BY ITEM"):
            check(words in week, f"the week does not say {words!r}: {week}")
        check(not too_long(week), f"too long: {too_long(week)}")
        quiet = d.must("digest", "preview", "--kind", "quiet")
        check("all quiet" in quiet and "Runs: " in quiet, f"a quiet day: {quiet}")
        d.fails(0, "not quiet for desk", "digest", "preview", "--all", "--kind", "quiet")
        at_once = d.must("digest", "preview", "--all", "--kind", "immediate")
        check("Watch alert" in at_once and "Runs: " not in at_once, f"at once: {at_once}")
        d.fails(64, "digest, immediate, weekly or quiet", "digest", "preview", "--kind", "daily")

        listed = d.rows("alert", "list")[0]
        told = json.loads(d.must("digest", "preview", "--all", "--format", "jsonl"))
        check(told["version"] == 1 and told["more"] == 0 and told["analyst"] == "desk", f"JSON: {told}")
        check(told["text"] in text, "JSON has another text than the mail")
        alert = told["alerts"][0]
        missing = set(listed) - set(alert) - {"last_change"}
        check(not missing, f"not in the JSON of a digest: {missing}")
        for name in set(listed) & set(alert) - {"state", "messages", "sentence"} - FOUND:
            check(listed[name] == alert[name], f"{name}: {listed[name]!r}, in the digest {alert[name]!r}")
        marked = alert["sentence"].encode()[alert["mark_start"]:alert["mark_end"]]
        check(marked == b"Kestrel Pier", f"marked: {marked}")
        rows = d.csv("digest", "preview", "--all")
        check(len(rows) == 1 and rows[0]["id"] == "a1" and "Kestrel" in rows[0]["sentence"], f"table: {rows}")
        header = d.csv("alert", "list")[0].keys()
        check([n for n in header if n != "last_change"] == list(rows[0]), f"columns: {list(rows[0])}, {list(header)}")
        raw = d.must("digest", "preview", "--all", "--format", "csv")
        check(raw.count("\n") == raw.count("\r\n") == 2, f"line ends of the table: {raw!r}")
        header = raw.splitlines(True)[0]
        raw = d.must("digest", "preview", "--now", "2026-11-21T08:00:00Z", "--since", "1h", "--format", "csv")
        check(raw == header, f"a table without rows has its header: {raw!r}")
        whole = d.config.read_text()
        d.config.write_text(whole.split("[analyst")[0])
        sent = d.call("digest", "send", "-n")
        check(sent.returncode == 0 and sent.stdout == "" and "the settings name no analyst" in sent.stderr, f"send -n: {sent}")
        d.fails(0, "the settings name no analyst", "digest", "preview")
        d.config.write_text(whole)
        # With a report that is published, each story leads to its page.
        check("report: " not in text, f"there is no report: {text}")
        with open(d.config, "a", encoding="utf-8") as settings:
            settings.write(f"[report]\nhtml = {d.folder}/public\nurl = https://watch.example.org/\n")
        text = d.must("digest", "preview", "--all")
        check(f"\n    report: https://watch.example.org/story/{listed['story'].lstrip('s')}.html\n" in text
              and "\nReport: https://watch.example.org/\n" in text, f"no way to the report: {text}")
        # Of several analysts a table is somebody's. One story at once goes under its headline, as it is sent.
        with open(d.config, "a", encoding="utf-8") as settings:
            settings.write('[analyst "one"]\nemail = one@example.org\nimmediate = country:GB\n'
                           '[analyst "two"]\nemail = two@example.org\n')
        for words in (("digest", "preview"), ("digest", "send", "-n")):
            d.fails(64, "--format csv writes one table: say whose with --analyst", *words, "--format", "csv")
        check(len(d.csv("digest", "preview", "--analyst", "two")) == 1, "the table of one of two")
        text = d.must("digest", "preview", "--kind", "immediate", "--analyst", "one")
        check("\nSubject: Kestrel Pier opens again\n" in text, f"one story at once: {text}")
    finally:
        server.close()
desk.finish("digest preview: every kind, the table, the JSON")
