# The default watchlist against short texts of our own: what must be found in 15 languages, what
# must stay quiet, and that every quote is the bytes that its offsets name.
import json
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
cases = [json.loads(line) for line in open(os.path.join(here, "data", "default_list.jsonl"))]
jobs = "".join(json.dumps({"id": str(n), "title": "", "text": c["text"],
                           "language": c["language"]}) + "\n" for n, c in enumerate(cases))
run = subprocess.run(
    [os.environ.get("WIREWATCH", "./wirewatch"), "inspect", "mentions", "--batch", "--watchlist",
     os.path.join(root, "watchlists", "overseas-police-stations")],
    input=jobs, capture_output=True, text=True, timeout=60)
failed = 0
answers = [json.loads(line) for line in run.stdout.splitlines()]
if len(answers) != len(cases):
    print("%d answers to %d cases: %s" % (len(answers), len(cases), run.stderr))
    sys.exit(1)
for case, answer in zip(cases, answers):
    text = case["text"].encode()
    # Countries are named beside sites everywhere; they count where a case asks for them.
    found = {m["id"] for m in answer["mentions"]
             if m["kind"] != "country" or m["id"] in case["mentions"]}
    proposed = {c["place"] for c in answer["candidates"] if c["level"] == "place"}
    spans = all(text[m["start"]:m["end"]].decode() == m["quote"]
                for m in answer["mentions"] + answer["candidates"])
    if found != set(case["mentions"]) or proposed != set(case["candidates"]) or not spans:
        failed += 1
        print("%s: want %s %s, got %s %s%s" % (case["text"], case["mentions"], case["candidates"],
                                              sorted(found), sorted(proposed),
                                              "" if spans else ", a span is wrong"))
# The list that is shipped is clean, so that a warning is about what an analyst has changed.
lint = subprocess.run([os.environ.get("WIREWATCH", "./wirewatch"), "watch", "lint",
                       os.path.join(root, "watchlists", "overseas-police-stations")],
                      capture_output=True, text=True, timeout=60)
if lint.returncode != 0:
    failed += 1
    print("watch lint: exit status %d: %s" % (lint.returncode, lint.stdout[:2000]))
print("%d of %d cases as they should be" % (len(cases) - failed, len(cases)))
sys.exit(failed > 0)
