#!/usr/bin/env python3
"""The walk of the manual, from somebody's OPML file to a healthy list: its very commands, in its order."""
import os
import pathlib
import re
import subprocess

import desk
from desk import check


def commands():
    """What stands in the manual's section, without the markup."""
    text = pathlib.Path("docs/wirewatch.1").read_text(encoding="utf-8")
    section = text.split(".Ss From a list of feeds to a healthy one")[1].split(".Ss ")[0]
    return [line[len(".Dl "):] for line in section.splitlines() if line.startswith(".Dl ")]


def walk(d, site):
    desk.feed(site)
    site.put("/feed", desk.rss("A new home", [("A", site.root + "/news/tide.html")]), "application/rss+xml")
    site.put("/", "<title>The Ledger</title><p>Words.</p>")
    site.put("/gone", "", status=410)
    d.write("feeds.opml", '<opml version="2.0"><body><outline text="Harbours">'
            f'<outline text="The Post" xmlUrl="{site.root}/rss"/><outline text="The Ledger" xmlUrl="{site.root}/moved"/></outline>'
            f'<outline text="The Tidemark" xmlUrl="{site.root}/gone"/></body></opml>')
    binary = d.folder / "bin"
    binary.mkdir()
    script = binary / "wirewatch"
    script.write_text(f'#!/bin/sh\nexec "{desk.WIREWATCH}" --now {desk.NOW} "$@"\n')
    script.chmod(0o755)
    said = {}
    for i, line in enumerate(commands()):
        line = line.replace("https://example.org", site.root)
        done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=desk.COMMAND_S, check=False, cwd=d.folder,
                              env=d.environment(PATH=f"{binary}:{os.environ['PATH']}"))
        out = (done.stdout + done.stderr).decode()
        check(done.returncode == (1 if line.endswith("feed check") else 0), f"{line}: status {done.returncode}: {out}")
        said.setdefault(line, []).append(out)
        if "--dry-run" in line:
            desk.engine.number_from(d.db, "feed")
    check(len(said) > 12, f"{len(said)} commands in the manual")
    first, last = said["wirewatch feed list --state bad"]
    check("The Ledger" in first and "404" in first and "The Tidemark" in first and "gone" in first, f"what is bad: {first}")
    check(last.count("\n") <= 1, f"what is bad at the end: {last}")
    check(re.search("wirewatch feed discover .* may find another", said["wirewatch feed check"][0]) is not None, "advice")
    check(f"{site.root}/feed" in said[f"wirewatch feed discover {site.root}"][0], "discover")
    check(re.search("ok +feeds +2: 2 in order", said["wirewatch check"][0]) is not None, f"check: {said['wirewatch check']}")
    rows = {r["title"]: (r["folder"], r["country"], r["tags"], r["tier"], r["url"]) for r in d.rows("feed", "export")}
    check(rows == {"The Post": ("Harbours", "IE", "daily", 1, site.root + "/rss"),
                   "The Ledger": ("Harbours", "IE", "daily", 1, site.root + "/feed")}, f"the list at the end: {rows}")


site = desk.Server("127.31.0.5")
try:
    with desk.Desk() as d:
        walk(d, site)
finally:
    site.close()
desk.finish("the manual's walk from an OPML file to a healthy list")
