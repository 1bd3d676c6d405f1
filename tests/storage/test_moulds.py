#!/usr/bin/env python3
"""The duplicate detector on labelled news of seventeen languages, made afresh: copies are found,
stories cast in one mould and traps are not joined, and the order of arrival hardly matters.

The documents are those of tests/storage/moulds/make, both halves in one. What the figures are at
full size stands in no file: tests/storage/moulds/score.py prints them.
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "moulds"
sys.path.insert(0, str(HERE))
import score  # noqa: E402

SIZE, ORDERS = "0.25", 5
# Floors: what holds today with little room below it, so that they fall when the detector does.
PAIRS_FOUND, PAIRS_WRONG = 0.99, 0.01  # of those of one story; of those joined
COPIES_FOUND, MISSED_OF_ONE_EDIT = 0.99, 1
MOULDS_JOINED, TRAPS_JOINED = 0.01, 0.02
ROUND_UPS_JOINED, FUNNELS = 1, 1  # that came behind their parts; that made one story of two
RAND_MIN = 0.975


def main():
    failures = []

    def check(ok, message):
        if not ok:
            failures.append(message)
            print("FAILED:", message)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, HERE / "make", "--size", SIZE, folder], check=True)
        docs, truths = (score.read(folder / f"{n}.ndjson") for n in ("docs", "truth"))
    story = score.stories_of(docs, score.ask(docs))
    got = score.Score(truths, story)
    got.show()
    check(got.found >= PAIRS_FOUND * got.true, f"{got.found} of {got.true} pairs found")
    wrong = got.joined - got.found
    check(wrong <= PAIRS_WRONG * got.joined, f"{wrong} of {got.joined} joined pairs are wrong")
    check(len(got.edits) >= 25, f"only {len(got.edits)} kinds of edit were made")
    n_found, n_copies = (sum(row[i] for row in got.edits.values()) for i in (0, 1))
    check(n_found >= COPIES_FOUND * n_copies, f"{n_found} of {n_copies} copies found")
    for name, (found, n) in got.edits.items():
        check(n - found <= MISSED_OF_ONE_EDIT, f"{name}: {found} of {n} found")
    for what, (joined, n), most in zip(("stories of moulds", "traps"), got.moulds(),
                                       (MOULDS_JOINED, TRAPS_JOINED)):
        check(joined <= most * n, f"{joined} of {n} {what} joined to another story")
    check(got.round_ups["after"][0] <= ROUND_UPS_JOINED, f"round-ups: {dict(got.round_ups)}")
    check(got.funnels[0] <= FUNNELS, f"{got.funnels[0]} round-ups made one story of two parts")
    least = score.rand_of_orders(docs, ORDERS, story)
    check(least >= RAND_MIN, f"adjusted Rand index {least:.4f} in another order of arrival")
    return 1 if failures else 0


sys.exit(main())
