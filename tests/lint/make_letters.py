#!/usr/bin/env python3
"""Writes base/letters.c from Unicode's data (Debian package unicode-data).

    tests/lint/make_letters.py [folder of UnicodeData.txt and the others] > base/letters.c

A character is known when text_fold would make one character of it, no longer in UTF-8 than itself,
whatever known characters stand around it; or when it belongs to no word at all. Everything else,
and everything outside these pages, is left to text_fold. tests/base/test_letters.c holds the table
against ICU, character by character.
"""
import re
import sys
import unicodedata

FOLDER = "/usr/share/unicode"

# Latin, Greek, Cyrillic, Hebrew, Arabic, punctuation, kana, full-width forms.
PAGES = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x1E, 0x1F, 0x20, 0x30, 0xFF]
KANA = [(0x3005, 0x3007), (0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF)]
# Dashes, quotes, stops and full-width punctuation whose folding can tell a tokeniser nothing.
APART = [(0x2013, 0x201F), (0x2026, 0x2026), (0x3000, 0x3003), (0x3008, 0x3011), (0xFF01, 0xFF0F),
         (0xFF1A, 0xFF1F)]
WORD, DIGIT, UPPER, CJK, GAP = 1, 2, 4, 8, 16

# As base/fold.c has them.
PLAIN = {**dict.fromkeys([0xB4, 0x2B9, 0x2BB, 0x2BC, 0x5F3, 0x2018, 0x2019, 0x201A, 0x201B, 0x2032], "'"),
         **dict.fromkeys([0x5F4, 0x201C, 0x201D, 0x201E, 0x201F], '"'),
         **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212], "-"), ord("`"): "'"}

HEAD = """/*
 * letters.c - the table behind letters.h.
 *
 * Made by tests/lint/make_letters.py from Unicode's data: change that script, not this file.
 */
#include "base/letters.h"

/* clang-format off */
"""


def ranges(folder, name, wanted):
    """The code points of a property file whose value (with its first word) is wanted."""
    found = {}
    with open(folder + "/" + name, encoding="utf-8") as f:
        for line in f:
            m = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([^#]*)", line)
            if not m:
                continue
            value = [v.strip() for v in m[3].split(";")]
            if value[0] == wanted:
                for code in range(int(m[1], 16), int(m[2] or m[1], 16) + 1):
                    found[code] = value[1] if len(value) > 1 else ""
    return found


class Data:
    def __init__(self, folder):
        self.casefold = ranges(folder, "DerivedNormalizationProps.txt", "NFKC_CF")
        self.maybe = ranges(folder, "DerivedNormalizationProps.txt", "NFKC_QC")
        self.ignorable = ranges(folder, "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
        self.space = ranges(folder, "PropList.txt", "White_Space")
        self.plain_marks = {}
        for script in ("Latin", "Greek", "Cyrillic"):
            self.plain_marks.update(ranges(folder, "Scripts.txt", script))

    def fold_case(self, code):
        if code in self.casefold:
            return "".join(chr(int(c, 16)) for c in self.casefold[code].split())
        return unicodedata.normalize("NFC", chr(code))

    def fold(self, code):
        """What text_fold makes of the character alone."""
        if code in self.space:
            return " "
        if code in PLAIN:
            return PLAIN[code]
        kept, drops = "", False
        for c in unicodedata.normalize("NFD", self.fold_case(code)):
            if unicodedata.category(c) != "Mn":
                drops = ord(c) in self.plain_marks
            elif drops:
                continue
            kept += c
        return unicodedata.normalize("NFC", kept)

    def begins_anew(self, code):
        """Does it never join what stands before it?"""
        first = self.fold_case(code)[:1]
        return first != "" and all(unicodedata.combining(c) == 0 and self.maybe.get(ord(c)) != "M"
                                   for c in (chr(code), first))


def within(code, spans):
    return any(first <= code <= last for first, last in spans)


def is_word(c):
    return unicodedata.category(c)[0] in "LNM"


def letter(data, code):
    c = chr(code)
    if unicodedata.category(c) in ("Cn", "Cs", "Co") or code in data.ignorable or not data.begins_anew(code):
        return 0  # unassigned, or it may join its neighbours
    folded = data.fold(code)
    if within(code, APART):
        return GAP << 16
    if not any(is_word(f) for f in folded):
        return GAP << 16 if folded == c or code in PLAIN or code in data.space else 0
    if len(folded) != 1 or len(folded.encode()) > len(c.encode()):
        return 0
    flags = WORD
    if unicodedata.category(folded) == "Nd":
        flags |= DIGIT
    if unicodedata.category(c) in ("Lu", "Lt"):
        flags |= UPPER
    if within(ord(folded), KANA):
        flags |= CJK
    elif ord(folded) >= 0x1100 and code >> 8 in (0x30, 0xFF):
        return 0
    return flags << 16 | ord(folded)


def main():
    data = Data(sys.argv[1] if len(sys.argv) > 1 else FOLDER)
    out = HEAD
    out += "const uint8_t letter_pages[256] = {\n    "
    rows = ["[0x%02X] = %d," % (page, i + 1) for i, page in enumerate(PAGES)]
    out += " ".join(rows[:8]) + "\n    " + " ".join(rows[8:]) + "\n};\n\n"
    out += "const uint32_t letter_rows[][256] = {\n    {0},\n"
    for page in PAGES:
        out += "    {\n"
        values = ["0x%X," % letter(data, page << 8 | i) if letter(data, page << 8 | i) else "0,"
                  for i in range(256)]
        line = "        "
        for v in values:
            if len(line) + len(v) > 99:
                out += line.rstrip() + "\n"
                line = "        "
            line += v
        out += line.rstrip() + "\n    },\n"
    out += "};\n/* clang-format on */\n"
    sys.stdout.write(out)


if __name__ == "__main__":
    main()
