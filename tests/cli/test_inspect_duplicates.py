#!/usr/bin/env python3
"""inspect duplicates: one answer a job, in order, flushed; bad jobs get an error and cost no other."""
import json
import os
import subprocess
import sys

WIREWATCH = os.environ.get("WIREWATCH", "./wirewatch")
TEXT = ("The harbour council voted late on Tuesday to close the old ferry pier for two winters while divers "
        "replace the timber piles that hold it up. Engineers had warned in spring that ship worm had eaten "
        "through 41 of them, and the cannery fears that buyers will turn to another island for good.")


def ask(lines):
    p = subprocess.run([WIREWATCH, "inspect", "duplicates", "--batch"], input="\n".join(lines) + "\n",
                       capture_output=True, text=True, timeout=60, check=False)
    return p.returncode, [json.loads(line) for line in p.stdout.splitlines()]


jobs = [json.dumps({"id": "a", "title": "Pier", "text": TEXT}),
        "{not json",
        json.dumps({"id": "b", "title": "Ferry", "text": TEXT.replace("41", "42")}),
        json.dumps({"id": "c", "title": "", "text": ""}),
        json.dumps({"id": "d", "text": 7}),
        json.dumps({"id": "e", "title": "x", "text": "z" * 5_000_000}),
        json.dumps({"id": "f", "title": "Pier", "text": TEXT})]
status, answers = ask(jobs)
assert status == 1, status
assert len(answers) == len(jobs), answers
assert answers[0] == {"id": "a", "duplicate_of": None, "similarity": None, "kind": None, "changed": []}, answers[0]
assert "error" in answers[1] and "error" in answers[4] and "limit" in answers[5]["error"], answers
assert answers[2]["duplicate_of"] == "a" and answers[2]["kind"] == "near", answers[2]
assert answers[2]["changed"] == ["41 \u2192 42"], answers[2]
assert answers[3]["duplicate_of"] is None, answers[3]
assert answers[6]["duplicate_of"] == "a" and answers[6]["kind"] == "exact" and answers[6]["similarity"] == 1, answers[6]

p = subprocess.Popen([WIREWATCH, "inspect", "duplicates", "--batch"], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE, text=True)
for job in (jobs[0], jobs[6]):
    p.stdin.write(job + "\n")
    p.stdin.flush()
    json.loads(p.stdout.readline())  # would wait for ever if answers were held back
p.stdin.close()
assert p.wait(timeout=60) == 0
print("answers in order, errors kept apart")
sys.exit(0)
