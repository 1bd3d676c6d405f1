# What sentences say of the default watchlist's items: statuses with their stance, "N sites in M
# countries" with who says so, and whether a possible place is asserted, doubted or denied. The
# words were tuned on half A alone; half B says how they do on sentences that they never saw.
import collections
import json
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
# What each part must reach on each half: precision, recall.
FLOORS = {("proposals", "A"): (0.9, 0.9), ("proposals", "B"): (0.8, 0.8),
          ("claims", "A"): (0.9, 0.9), ("claims", "B"): (0.8, 0.8),
          ("candidates", "A"): (0.9, 0.9), ("candidates", "B"): (0.8, 0.8),
          ("countries", "A"): (0.9, 0.9), ("countries", "B"): (0.8, 0.8)}

cases = [json.loads(line) for line in open(os.path.join(here, "data", "statements.jsonl"))]
jobs = "".join(json.dumps({"id": str(n), "title": "", "text": c["text"],
                           "language": c["language"]}) + "\n" for n, c in enumerate(cases))
run = subprocess.run(
    [os.environ.get("WIREWATCH", "./wirewatch"), "inspect", "mentions", "--batch", "--watchlist",
     os.path.join(root, "watchlists", "overseas-police-stations")],
    input=jobs, capture_output=True, text=True, timeout=60)
answers = {int(a["id"]): a for a in map(json.loads, run.stdout.splitlines())}
if len(answers) != len(cases):
    print("%d answers to %d cases: %s" % (len(answers), len(cases), run.stderr))
    sys.exit(1)

TAKEN = {
    "proposals": lambda a: [[p["id"], p["state"], p["stance"]] for p in a["proposals"]],
    "claims": lambda a: [[c["sites"], c["countries"], c["bound"] or "", c["speaker"] or ""] for c in a["claims"]],
    "candidates": lambda a: [[c["place"], c["stance"]] for c in a["candidates"] if c["level"] == "place"],
}
verbose = "-v" in sys.argv
tally = collections.defaultdict(collections.Counter)
bad_spans = 0
for n, case in enumerate(cases):
    text = case["text"].encode()
    for part, take in TAKEN.items():
        want = {tuple(x) for x in case[part]}
        got = {tuple(x) for x in take(answers[n])}
        t = tally[part, case["half"]]
        t.update(tp=len(want & got), fn=len(want - got), fp=len(got - want))
        if verbose and want != got and case["half"] in os.environ.get("HALVES", "A"):
            print("%s %s [%s] %s\n   want %s\n   got  %s" % (case["half"], part, case["language"], case["text"],
                                                       sorted(want - got), sorted(got - want)))
    for x in answers[n]["proposals"] + answers[n]["claims"] + answers[n]["candidates"]:
        bad_spans += x.get("field", "text") == "text" and text[x["start"]:x["end"]].decode() != x["quote"]
    want = set(case["countries"])
    got = {c["place"] for c in answers[n]["candidates"] if c["level"] == "country"}
    if case["countries"]:
        tally["countries", case["half"]].update(tp=len(want & got), fn=len(want - got), fp=len(got - want))
failed = bad_spans
if bad_spans:
    print("%d quotes are not the bytes that their offsets name" % bad_spans)
for key in sorted(tally):
    t = tally[key]
    p = t["tp"] / max(1, t["tp"] + t["fp"])
    r = t["tp"] / max(1, t["tp"] + t["fn"])
    floor = FLOORS[key]
    low = p < floor[0] or r < floor[1]
    failed += low
    print("%-10s %s precision %.3f recall %.3f (%d right, %d extra, %d missed)%s" %
          (key[0], key[1], p, r, t["tp"], t["fp"], t["fn"], "  BELOW" if low else ""))
sys.exit(failed > 0)
