#!/usr/bin/env python3
"""Scores `wirewatch inspect duplicates --batch` on what ./make wrote.

    score.py FOLDER [--orders N] [--misses]

Counts, not opinions: pairs of one story, found and wrong; copies found by edit; stories of a mould
and traps joined to another story; round-ups in the story of one of their parts ("before": the first
part that comes behind a round-up looks like an excerpt of it), and those that made one story of two
parts. --orders N: the documents again in N shuffled orders, and the adjusted Rand index of each
result against the first. --misses names the documents. Round-ups belong to no story and are left
out of the pairs.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys

WIREWATCH = os.environ.get("WIREWATCH", "./wirewatch")
POINTERS = ("merge", "series", "shares")  # relations that join nothing
RUN_S = 300


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ask(docs):
    """Answers by id, as the program gives them for documents in this order."""
    done = subprocess.run([WIREWATCH, "inspect", "duplicates", "--batch"],
                          input="".join(json.dumps(d) + "\n" for d in docs), capture_output=True,
                          encoding="utf-8", timeout=RUN_S, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == [d["id"] for d in docs], "not one answer a document"
    return {a["id"]: a for a in answers}


def stories_of(docs, answers):
    """The story each document is in, by following links."""
    story = {}
    for d in docs:
        a = answers[d["id"]]
        joins = a["duplicate_of"] is not None and a["kind"] not in POINTERS
        story[d["id"]] = story[a["duplicate_of"]] if joins else d["id"]
    return story


def n_pairs(n):
    return n * (n - 1) // 2


def pairs_of(labels):
    return sum(n_pairs(n) for n in collections.Counter(labels).values())


def adjusted_rand(first, second):
    """Hubert and Arabie, 1985, over two dicts with the same keys."""
    both = pairs_of((first[k], second[k]) for k in first)
    a, b, all_pairs = pairs_of(first.values()), pairs_of(second.values()), n_pairs(len(first))
    expected = a * b / all_pairs
    return 1.0 if (a + b) / 2 == expected else (both - expected) / ((a + b) / 2 - expected)


class Score:
    """What came of one run, in counts: [good or bad ones, all]."""

    def __init__(self, truths, story):
        truth = {t["id"]: t for t in truths}
        members = collections.defaultdict(list)
        for name, at in story.items():
            members[at].append(name)
        own = {n: t["cluster"] for n, t in truth.items() if t["class"] != "merge"}
        self.found = pairs_of((own[n], story[n]) for n in own)
        self.joined = pairs_of(story[n] for n in own)
        self.true = pairs_of(own.values())
        count = lambda: [0, 0]
        self.edits, self.traps = collections.defaultdict(count), collections.defaultdict(count)
        self.round_ups, self.funnels = collections.defaultdict(count), [0, 0]
        self.misses = []
        for name, t in truth.items():
            kind = t["class"]
            strangers = [m for m in members[story[name]] if truth[m]["cluster"] != t["cluster"]]
            if kind == "merge":
                self.count(self.round_ups[t["form"]], bool(strangers), name)
                parts = [story[p] for p in t["parts"]]
                self.count(self.funnels, len(set(parts)) < len(parts), name)
            elif "parent" in t:
                is_found = story[name] == story[t["parent"]]
                self.count(self.edits[kind], is_found, name, not is_found)
            elif kind != "original":
                self.count(self.traps[kind], bool(strangers), name)

    def count(self, row, value, name, is_miss=None):
        row[0] += value
        row[1] += 1
        if value if is_miss is None else is_miss:
            self.misses.append(name)

    @property
    def precision(self):
        return self.found / max(1, self.joined)

    @property
    def recall(self):
        return self.found / max(1, self.true)

    @property
    def f1(self):
        return 2 * self.found / max(1, self.joined + self.true)

    def moulds(self):
        """Stories from moulds, and traps, that are joined to another story."""
        cast = [v for k, v in self.traps.items() if k.startswith("mould-")]
        traps = [v for k, v in self.traps.items() if k.startswith("trap-")]
        return [[sum(v[i] for v in rows) for i in (0, 1)] for rows in (cast, traps)]

    def show(self):
        print(f"pairs: {self.true} of one story, {self.joined} joined, {self.found} of them right: "
              f"P {self.precision:.4f} R {self.recall:.4f} F1 {self.f1:.4f}")
        print("found:", ", ".join(f"{k} {a}/{n}" for k, (a, n) in sorted(self.edits.items())))
        cast, traps = self.moulds()
        print(f"stories of moulds joined to another: {cast[0]}/{cast[1]}; traps: "
              f"{traps[0]}/{traps[1]}")
        print("  of them:", ", ".join(f"{k} {a}/{n}" for k, (a, n) in sorted(self.traps.items())
                                      if a or k.startswith("trap-")))
        print("round-ups that are in the story of a part:",
              ", ".join(f"{k} {a}/{n}" for k, (a, n) in sorted(self.round_ups.items())),
              f"- that made one story of two parts: {self.funnels[0]}/{self.funnels[1]}")


def rand_of_orders(docs, n_orders, first):
    """The least adjusted Rand index of n shuffled orders against the first result."""
    least = 1.0
    for seed in range(n_orders):
        shuffled = list(docs)
        random.Random(seed).shuffle(shuffled)
        rand = adjusted_rand(first, stories_of(shuffled, ask(shuffled)))
        print(f"order {seed}: adjusted Rand index {rand:.4f}")
        least = min(least, rand)
    return least


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    docs, truths = read(args.folder / "docs.ndjson"), read(args.folder / "truth.ndjson")
    story = stories_of(docs, ask(docs))
    score = Score(truths, story)
    score.show()
    if args.misses:
        print("misses:", " ".join(score.misses))
    if args.orders:
        print(f"least: {rand_of_orders(docs, args.orders, story):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
