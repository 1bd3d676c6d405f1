# The default watchlist speaks twelve languages alike: what one of them has words for, each has. A
# combination finds nothing in a language that lacks words of one of its classes.
import collections
import csv
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
terms = os.path.join(os.path.dirname(os.path.dirname(here)), "watchlists",
                     "overseas-police-stations", "terms.csv")
# Traditional characters are read as Simplified ones: zh-Hans has the words of both.
LANGUAGES = ("en", "es", "it", "fr", "de", "nl", "pt", "cs", "hu", "ja", "zh-Hans")
LEAST = {
    "word:police": 4, "word:office": 15, "word:spot": 5, "word:station": 10, "word:covert": 12,
    "word:agent": 2, "word:fugitive": 4, "word:visit": 4, "word:ngo": 4, "word:treaty": 1,
    "anchor": 2, "abroad": 3, "follow": 10, "fiction": 8, "boilerplate": 20, "bystander": 20,
    "caption": 1, "veto": 40, "metonym": 4, "operation": 3,
}

count = collections.Counter()
with open(terms, encoding="utf-8", newline="") as f:
    for row in csv.DictReader(f):
        count[row["role"], row["language"]] += 1
poor = ["%s: %d rows of %s, %d are the least" % (language, count[role, language], role, least)
        for role, least in sorted(LEAST.items()) for language in LANGUAGES
        if count[role, language] < least]
print("\n".join(poor) or "%d kinds of words in %d languages" % (len(LEAST), len(LANGUAGES)))
sys.exit(bool(poor))
