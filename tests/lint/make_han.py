#!/usr/bin/env python3
"""Writes base/han.c from Unicode's Unihan_Variants.txt (Debian package unicode-data).

    tests/lint/make_han.py [Unihan_Variants.txt[.bz2]] > base/han.c

A character folds to its first kSimplifiedVariant that is not itself. Some characters (乾, 著, 復) are
in use in simplified writing too and are folded all the same: the fold serves comparison, and two
characters made equal cost less than a copy that is not found. Chains are followed to their end.
Only the Basic Multilingual Plane, three bytes of UTF-8 for three; nothing else occurs in news.
"""
import bz2
import re
import sys

SOURCE = "/usr/share/unicode/Unihan_Variants.txt.bz2"

HEAD = """/*
 * han.c - the table of simplified variants and its lookup.
 *
 * Made by tests/lint/make_han.py from kSimplifiedVariant of Unihan_Variants.txt: change
 * that script, not this file.
 */
#include "base/han.h"

"""

TAIL = """
uint32_t han_simplify(uint32_t code)
{
    uint32_t low, high;

    /* Most characters have one form only: a bit says so in a tenth of the time of a search. */
    if (code < FIRST_PAGE << 8 || code > 0xFFFF ||
        (has_pair[(code >> 5) - FIRST_PAGE * 8] >> (code & 31) & 1) == 0)
        return code;
    low = page_start[(code >> 8) - FIRST_PAGE];
    high = page_start[(code >> 8) - FIRST_PAGE + 1];
    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (pairs[middle] >> 16 < code)
            low = middle + 1;
        else
            high = middle;
    }
    return pairs[low] & 0xFFFF;
}
"""


def read(path):
    with (bz2.open if path.endswith(".bz2") else open)(path, "rt", encoding="utf-8") as f:
        for line in f:
            m = re.match(r"U\+([0-9A-F]+)\tkSimplifiedVariant\t(.*)", line)
            if m:
                yield int(m[1], 16), [int(v, 16) for v in re.findall(r"U\+([0-9A-F]+)", m[2])]


def table(path):
    fold = {}
    for code, variants in read(path):
        simple = [v for v in variants if v != code and 0x800 <= v <= 0xFFFF]
        if simple and 0x800 <= code <= 0xFFFF:
            fold[code] = simple[0]
    for code in fold:
        seen = {code}
        while fold[code] in fold and fold[code] not in seen:
            seen.add(fold[code])
            fold[code] = fold[fold[code]]
    return sorted((a, b) for a, b in fold.items() if a != b)


def bits(rows, first):
    words = [0] * ((0x100 - first) * 8)
    for code, _ in rows:
        words[(code >> 5) - first * 8] |= 1 << (code & 31)
    return ["0x%X," % w if w else "0," for w in words]


def lines(items, width, between=" "):
    return "".join("    " + between.join(items[i:i + width]) + "\n" for i in range(0, len(items), width))


def packed(items):
    out, line = "", "   "
    for item in items:
        if len(line) + 1 + len(item) > 100:
            out, line = out + line + "\n", "   "
        line += " " + item
    return out + line + "\n"


def main():
    rows = table(sys.argv[1] if len(sys.argv) > 1 else SOURCE)
    first = rows[0][0] >> 8
    starts = [sum(1 for r in rows if r[0] >> 8 < page) for page in range(first, 0x101)]
    out = HEAD
    out += "/* clang-format off */\n"
    out += "/* From and to in a number each; sorted. */\nstatic const uint32_t pairs[] = {\n"
    out += lines(["0x%04X%04X," % r for r in rows], 8, "") + "};\n\n"
    out += "/* Where the pairs of each 256 code points begin, from FIRST_PAGE on. */\n"
    out += "#define FIRST_PAGE 0x%02Xu\n" % first
    out += "static const uint16_t page_start[] = {\n" + lines(["%d," % s for s in starts], 16) + "};\n\n"
    out += "/* A bit for each code point from there on that has a pair. */\n"
    out += "static const uint32_t has_pair[] = {\n" + packed(bits(rows, first)) + "};\n"
    out += "/* clang-format on */\n"
    sys.stdout.write(out + TAIL)


if __name__ == "__main__":
    main()
