#!/usr/bin/env python3
"""base/han.c is what its generator makes of the installed Unihan data (package unicode-data)."""
import os
import re
import subprocess
import sys

SOURCE = "/usr/share/unicode/Unihan_Variants.txt.bz2"


def pairs(text):
    return set(re.findall(r"\b0x([0-9A-F]{4})([0-9A-F]{4}),", text.split("page_start")[0]))


if not os.path.exists(SOURCE):
    print("unicode-data is not installed")
    sys.exit(77)
made = subprocess.run(["tests/lint/make_han.py"], capture_output=True, text=True, check=True).stdout
with open("base/han.c", encoding="utf-8") as f:
    kept = f.read()
# A newer Unicode adds a few; what was folded stays folded.
missing = pairs(kept) - pairs(made)
added = pairs(made) - pairs(kept)
print("%d pairs, %d no longer in the data, %d new" % (len(pairs(kept)), len(missing), len(added)))
sys.exit(0 if len(pairs(kept)) > 2500 and len(missing) + len(added) <= 300 else 1)
