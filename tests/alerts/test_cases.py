# Labelled cases against the default watchlist: half A, written by somebody who had not seen the
# rules, and our own, written before the rules they measure. Nobody tunes a phrase into the list for
# one of them: what is asked for is the share that is found, and that what is found is right. No rule
# was made for cases-b (the other half of A) nor, but for its failures in general words, for cases-c.
import json
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))

# file, least recall, least precision, most quiet articles that raise an alert
FLOORS = (("cases-a.jsonl", 0.93, 0.95, 2), ("cases-own.jsonl", 0.92, 0.95, 4),
          ("cases-beside.jsonl", 0.85, 0.92, 2),
          ("cases-actors.jsonl", 0.97, 0.90, 2),
          ("cases-b.jsonl", 0.90, 0.97, 3),
          ("cases-c.jsonl", 0.72, 0.89, 8))


def site_of():
    import csv
    with open(os.path.join(root, "watchlists", "overseas-police-stations", "stations.csv"),
              encoding="utf-8", newline="") as f:
        return {row["id"]: row["site"] for row in csv.DictReader(f)}


def answers(cases):
    jobs = "".join(json.dumps({k: c[k] for k in ("id", "title", "text", "language")}) + "\n"
                   for c in cases)
    run = subprocess.run(
        [os.environ.get("WIREWATCH", "./wirewatch"), "inspect", "mentions", "--batch",
         "--watchlist", os.path.join(root, "watchlists", "overseas-police-stations")],
        input=jobs, capture_output=True, text=True, timeout=120)
    found = {a["id"]: a for a in map(json.loads, run.stdout.splitlines())}
    if len(found) != len(cases):
        sys.exit("%d answers to %d cases: %s" % (len(found), len(cases), run.stderr))
    return found


def wrong_spans(case, answer):
    text = case["text"].encode()
    for m in answer["mentions"] + answer["candidates"]:
        if m["quote"] in case["title"]:
            continue
        if text[m["start"]:m["end"]].decode("utf-8", "replace") != m["quote"]:
            yield m["quote"]


def score(name, least_recall, least_precision, most_loud):
    sites = site_of()
    cases = [json.loads(line) for line in open(os.path.join(here, "data", name), encoding="utf-8")]
    found = answers(cases)
    right = missed = extra = loud = 0
    failures = []
    for case in cases:
        answer = found[case["id"]]
        want = {sites.get(m["id"], m["id"]) for m in case["mentions"] if not m.get("optional")}
        may = {sites.get(m["id"], m["id"]) for m in case["mentions"]}
        got = {m["id"] for m in answer["mentions"] if m["kind"] != "country"}
        right += len(want & got)
        missed += len(want - got)
        extra += len(got - may)
        loud += not may and not case["candidates"] and bool(got or answer["candidates"])
        if want - got or got - may:
            failures.append("%s: missed %s, extra %s" % (case["id"], sorted(want - got),
                                                        sorted(got - may)))
        for quote in wrong_spans(case, answer):
            print("%s: the bytes of \"%s\" are others" % (case["id"], quote))
            extra += len(cases)
    recall = right / (right + missed)
    precision = right / (right + extra)
    print("%s: recall %.3f, precision %.3f, %d quiet articles loud" % (name, recall, precision,
                                                                      loud))
    if recall >= least_recall and precision >= least_precision and loud <= most_loud:
        return True
    print("\n".join(failures))
    return False


good = [score(*row) for row in FLOORS]
sys.exit(not all(good))
