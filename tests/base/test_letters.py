#!/usr/bin/env python3
"""base/letters.c is what its generator makes of the installed data (package unicode-data)."""
import os
import re
import subprocess
import sys

SOURCE = "/usr/share/unicode/UnicodeData.txt"


def numbers(text):
    return re.findall(r"\b(0x[0-9A-F]+|0),", text[text.index("letter_rows"):])


if not os.path.exists(SOURCE):
    print("unicode-data is not installed")
    sys.exit(77)
made = subprocess.run(["tests/lint/make_letters.py"], capture_output=True, text=True, check=True).stdout
with open("base/letters.c", encoding="utf-8") as f:
    kept = f.read()
# A newer Unicode knows some characters more; none that is known changes.
lost = sum(a != b and a != "0" for a, b in zip(numbers(kept), numbers(made)))
new = sum(a != b and a == "0" for a, b in zip(numbers(kept), numbers(made)))
print("%d characters, %d changed, %d new" % (len(numbers(kept)), lost, new))
sys.exit(0 if len(numbers(kept)) == len(numbers(made)) > 3000 and lost == 0 and new <= 100 else 1)
