#!/usr/bin/env python3
"""Lists and what is shown of one thing: the three forms, fields, limits, periods, hostile titles; and
backfill files, which brings what is listed."""
import json

import desk
from desk import check


def numbers(d):
    """Articles by short names: which worker is done first decides their numbers."""
    names = {"news.example/1": "pier", "other.example": "copy", "/zh": "zh", "evil.example": "evil"}
    return {next((n for part, n in names.items() if part in (r["url"] or "")), "notes"): r["id"]
            for r in d.rows("article", "list")}


def clean(text, where):
    for c in desk.RAW + ["\x7f"]:
        check(c not in text, f"{where} shows {c!r} raw")


def fill(d):
    path = desk.history(d)
    check("would read 5 files" in d.must("backfill", "files", path, "--dry-run"), "backfill --dry-run")
    check(d.rows("article", "list") == [], "--dry-run stored something")
    done = d.call("backfill", "files", path, "--progress", "json", "--format", "jsonl")
    check(done.returncode == 0, f"backfill: {done.stderr}")
    last = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")][-1]
    check((last["done"], last["total"]) == (5, 5), f"the last line of progress: {last}")
    counts = {(r["kind"], r["name"]): r["count"] for r in map(json.loads, done.stdout.splitlines())}
    check((counts["documents", "new"], counts["new", "articles"], counts["new", "alerts"]) == (5, 5, 3), f"counts: {counts}")
    again = {(r["kind"], r["name"]): r["count"] for r in d.rows("backfill", "files", path)}
    check((again.get(("documents", "new")), again["documents", "known"]) == (None, 5), f"the second time: {again}")
    d.fails(66, "none.html", "backfill", "files", d.folder / "none.html")
    d.fails(64, "--progress is auto, never or json", "backfill", "files", path, "--progress", "often")


def forms(d):
    lists = (["article", "list"], ["alert", "list", "--historic"], ["story", "list"], ["search", "pier"],
             ["alert", "show", "a1"], ["article", "show", "1"], ["story", "show", "s1"], ["db", "stats"],
             ["watch", "list"], ["config"], ["check"], ["outbox", "list"], ["feed", "list"])
    for words in lists:
        said = {f: d.call(*words, "--format", f) for f in ("human", "jsonl", "csv")}
        for form, done in said.items():
            clean(done.stdout + done.stderr, f"{words} as {form}")
        rows = [json.loads(line) for line in said["jsonl"].stdout.splitlines()]
        lines = said["csv"].stdout.split("\r\n")
        check(len(lines) == len(rows) + 2, f"{words}: {len(lines) - 2} rows of CSV, {len(rows)} of JSON")
        check(not rows or lines[0].split(",") == list(rows[0]), f"{words}: CSV and JSON differ in their fields")
    for words in (["alert", "explain", "a1"], ["article", "show", "1", "--cut"], ["article", "text", "1"],
                  ["article", "text", "1", "--cut"]):
        done = d.call(*words)
        check(done.returncode == 0 and done.stdout != "", f"{words}: {done}")
        clean(done.stdout + done.stderr, words)

    title = next(r["title"] for r in d.rows("article", "list") if "evil" in r["url"])
    check(title.startswith(desk.HOSTILE) and "\u202e" in title, f"JSON keeps the value: {title!r}")
    cell = next(r["title"] for r in d.csv("article", "list") if "evil" in r["url"])
    check(cell.startswith("'" + desk.HOSTILE), f"a formula in CSV: {cell!r}")


def choices(d):
    everything = len(d.rows("article", "list"))
    check(len(d.rows("article", "list", "--access", "open")) == everything, "--access open")
    check(d.rows("article", "list", "--access", "bot-wall") == [], "--access bot-wall")
    check(d.call("article", "list", "--access", "shut").returncode == 64, "--access takes a word that is stored")
    check(list(d.rows("article", "list", "--fields", "url, id")[0]) == ["url", "id"], "--fields in the order asked")
    check(d.must("article", "list", "--fields", "title", "-f", "csv").startswith("title\r\n"), "--fields of CSV")
    d.fails(64, 'no field "titel"; did you mean title?', "article", "list", "--fields", "titel")
    d.fails(64, 'no field "x', "alert", "list", "--historic", "--fields", "id,x\x1b[31m")
    every = [r["id"] for r in d.rows("article", "list")]
    check(every == sorted(every, reverse=True) and len(every) == 5, f"newest first: {every}")
    pick = lambda *words: [r["id"] for r in d.rows("article", "list", *words)]
    check(pick("--limit", "2") == every[:2], "--limit 2")
    check(pick("--limit", "2", "--offset", "3") == every[3:], "--limit 2 --offset 3")
    check(pick("--offset", "4") == every[4:], "--offset 4 without a limit")
    check(pick("--limit", "0") == every, "--limit 0 is all")
    check(pick("--language", "zh") == [numbers(d)["zh"]], "--language")
    n = numbers(d)
    check(set(pick("--since", "2022-10", "--until", "2022-10")) == {n["pier"], n["copy"]}, "a month of publication")
    check(set(pick("--since", "2022-10/2023-01")) == {n["pier"], n["copy"], n["zh"]}, "months with a slash")
    check(pick("--since", "1d") == [n["notes"]], "what has no date counts when it was first seen")
    for moment in ("2023-01-10T01:00:00Z", "2023-01-10T01:00Z"):
        check(pick("--since", moment, "--until", moment) == [n["zh"]], f"up to and with {moment}")
    check(set(pick("--until", "2d")) == {n["pier"], n["copy"], n["zh"], n["evil"]}, "--until as a span")
    check([r["id"] for r in d.rows("search", "quay OR pier", "--since", "2023-02")] in ([n["evil"]], []), "search --since")
    check(len(d.rows("alert", "list", "--historic", "--until", "2023-12")) == 3, "historic alerts by their article's date")
    check(d.rows("alert", "list", "--historic", "--since", "2026-11") == [], "historic alerts are no news of today")
    check(len(d.rows("alert", "list", "--historic", "--limit", "1")) == 1, "alert list --limit")
    check([r["item"] for r in d.rows("alert", "list", "--all", "--item", "light-osprey")] == ["light-osprey"], "--item")
    check(d.rows("alert", "list") == [], "what a backfill found is a live alert")
    d.fails(1, "no alerts", "alert", "list", "--exit-code")
    check([r["id"] for r in d.rows("watch", "list", "--limit", "1", "--offset", "1")] == ["light-osprey"], "watch list")
    check([r["id"] for r in d.rows("watch", "list", "--country", "gb")] == ["pier-kestrel"], "watch list --country")


def colours(d):
    bold = "\x1b["
    alert = next(r["id"] for r in d.rows("alert", "list", "--historic") if r["item"] == "pier-kestrel" and r["language"] == "en")
    explain = lambda *words, **env: d.must("alert", "explain", alert, *words, env=env)
    check(bold not in explain(), "colour without a terminal")
    check(bold in explain("--color", "always"), "--color always")
    check(bold in explain(CLICOLOR_FORCE="1"), "CLICOLOR_FORCE")
    check(bold not in explain(CLICOLOR_FORCE="1", NO_COLOR="1"), "NO_COLOR is weaker than CLICOLOR_FORCE")
    check(bold not in explain("--color", "never", CLICOLOR_FORCE="1"), "--color never")
    check("»Kestrel Pier«" in explain(), "without colour the mention has marks")


def searches(d):
    n = numbers(d)
    pier, copy, zh, evil, notes = (n[k] for k in ("pier", "copy", "zh", "evil", "notes"))
    find = lambda *words: {r["id"] for r in d.rows("search", *words)}
    check(find("温州") == {zh} and find("溫州") == {zh}, "two Han characters, Simplified and Traditional")
    check(find("港口委员会") == {zh}, "a longer Chinese word")
    check(find("ship worm") == {pier, copy, evil}, "two words")
    check(find('"worm ship"') == set() and find('"ship worm"') == {pier, copy, evil}, "words next to each other")
    check(find("ferry -osprey") == {pier, copy}, "a word that must not be there")
    check(find("osprey OR penhallow") == {evil, notes}, "either word")
    check(find("penh*") == {notes}, "the beginning of a word")
    check(find("PENHÁLLOW") == {notes}, "case and accents")
    check(len(find("ferry", "--limit", "1", "--offset", "1")) == 1, "search --limit --offset")
    d.fails(1, "0 articles", "search", "--exit-code", "zebra")
    d.fails(0, "0 articles", "search", "zebra")
    d.fails(64, "search", "search", "!!")
    d.fails(64, "is missing", "search")


def single(d):
    check("Engineers had warned" in d.must("article", "text", "https://news.example/1"), "article by address")
    pier = str(numbers(d)["pier"])
    text = d.must("article", "text", pier)
    check("newsletter" not in text and "Weather" not in text, f"boilerplate in the text: {text}")
    shown = d.must("article", "show", pier)
    for words in ("Kestrel Pier closes", "2022-10-05", "historic", 'pier-kestrel: "Kestrel Pier"'):
        check(words in shown, f'article show lacks "{words}"')
    alert = next(r for r in d.rows("alert", "list", "--historic") if "other.example" in r["url"] or "news.example/1" in r["url"])
    story = d.must("story", "show", alert["story"])
    check("2 articles in 2 outlets" in story and "origin" in story and "exact" in story, f"story show: {story}")
    shown = d.must("alert", "show", alert["id"][1:])
    check("Kestrel Pier" in shown and "2 articles in 2 outlets" in shown, f"alert show: {shown}")
    why = d.must("alert", "explain", alert["id"])
    for words in ("spelt", "rule", "alias", "version 1", "sha256", "not mailed", "stations.csv:2:"):
        check(words in why, f'alert explain lacks "{words}": {why}')
    stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
    check((stats["articles"], stats["stories"], stats["alerts"]) == (5, 4, 3), f"db stats: {stats}")
    check(stats["articles_unindexed"] == 0, f"db stats: {stats}")
    check("5 articles indexed" in d.call("db", "reindex").stderr, "db reindex indexes every article")
    again = {r["name"]: r["value"] for r in d.rows("db", "stats")}
    check((again["stories"], again["articles_unindexed"]) == (stats["stories"], 0), f"db reindex leaves: {again}")
    for words in (["article", "show", "77"], ["article", "text", "https://news.example/none"], ["alert", "show", "a99"],
                  ["alert", "explain", "pier"], ["story", "show", "s99"]):
        d.fails(66, "no ", *words)


with desk.Desk() as d:
    fill(d)
    forms(d)
    choices(d)
    colours(d)
    searches(d)
    single(d)
desk.finish("lists: forms, fields, limits, periods, colours, searches")
