#!/usr/bin/env python3
"""Add to a watchlist's places.csv the countries that it lacks, the city that stands for each, and
the names of its cities in languages that their rows lack (--fill).

Names are Unicode CLDR's as ICU ships them (Unicode licence), read by names.c; which countries there
are is ISO 3166's. What is there stays as it is: it was written by hand. With --check
nothing is written and the exit status says whether the file holds all of it.

    cc -o names tests/lint/names.c $(pkg-config --cflags --libs icu-i18n icu-uc)
    tests/lint/make_places.py ./names watchlists/overseas-police-stations/places.csv [--check | --fill]
"""
import csv
import io
import re
import subprocess
import sys
import unicodedata

TAGS = {"es": "es", "it": "it", "fr": "fr", "de": "de", "nl": "nl", "pt": "pt", "cs": "cs", "hu": "hu", "hr": "hr",
        "sr": "sr", "sr_Latn": "sr", "el": "el", "sv": "sv", "pl": "pl", "ru": "ru", "uk": "uk", "ja": "ja",
        "ko": "ko", "zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "ar": "ar", "he": "he"}
# The country whose police it is about, with its regions; and where nobody or hardly anybody lives.
LEFT_OUT = "CN HK MO AQ BV HM TF GS IO UM SJ SH CX CC NF PN TK NU AC CP DG EA IC TA".split()
# Names that are more often something else in that language.
WRONG = {("GD", "es"), ("MC", "it"), ("RE", "fr"), ("RE", "es"), ("RE", "it"), ("RE", "pt"), ("ML", "sr"), ("ML", "hr")}
MORE = {"RE": ["fr:La Réunion"]}
# Names that are ordinary words or other things too, and what then tells.
GUARDS = {"TD": "positive: Chadian|Ndjamena|N'Djamena|Africa", "RE": "positive: Saint-Denis|Indian Ocean|La Réunion",
          "MC": "reject Monaco di Baviera; negative: Baviera|Germania|Münich", "GN": "reject New Guinea|Guinea pig",
          "ML": "reject Mali Lošinj|Mali Zvornik|Mali Iđoš", "WS": "reject American Samoa",
          "JE": "reject New Jersey|Jersey City|Jersey Shore", "PW": "reject Palau de|Palau Sant Jordi",
          "FK:Stanley": "positive: Falkland|Falklands|Malvinas; metonym",
          "AG:Antigua": "negative: Guatemala; metonym",
          "BS:Nassau": "reject Nassau County|Orange-Nassau|Oranje-Nassau; metonym",
          "GF:Cayenne": "reject cayenne pepper|Porsche Cayenne; metonym"}
INFLECTED = {"cs", "hr", "sr", "ru", "uk", "hu", "pl"}
# What a short name in -a ends in otherwise: "Рига", "Ригу". A stem of three letters is too little.
SHORT = {"ru": "а ы и е у ой", "uk": "а и і у ою", "sr": "а е и у ом a e i u om", "hr": "a e i u om", "pl": "a y i ę ą ie",
         "cs": "a y e u ou"}
# Names of cities that are also countries, common words or other cities of the list in that language.
WRONG_CITY = {("DZ", "cs"), ("TN", "cs"), ("DZ", "ru"), ("DZ", "uk"), ("DZ", "sr"), ("TN", "ru"), ("TN", "uk"), ("TN", "sr"),
              ("TN", "hr"), ("DZ", "hr"), ("SG", "*"), ("KW", "*"), ("PA", "*"), ("MX", "*"), ("GT", "*"), ("LU", "*")}
# Shortened names are written out; their short forms were added by hand.
WRITTEN_OUT = [("St. ", "Saint "), ("EE. UU.", "Estados Unidos")]
# "Tallinn City": what is dropped in a sentence of Chinese; not where the rest is something else: a
# person, a province, a word, a pig of the television, a county, a war.
ZH_CITY = "\u5e02"
WHOLE_ZH = {"vn-ho-chi-minh-city", "ca-quebec-city", "ga-libreville", "hu-pecs", "it-bari",
            "us-san-francisco"}
VOWELS = "aeiouyáéíóúýěаеиоуыяію"


def slug(name):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z]+", "-", plain).strip("-")


def stem(tag, name):
    """A city's name where it takes endings: "Kábul~", "Hargejs~"."""
    if tag not in INFLECTED or " " in name or "-" in name:
        return name
    if tag != "hu" and name[-1] in VOWELS:
        return name[:-1] + "~" if len(name) > 5 and name[-1] in "aаeоo" else name
    return name + "~"


def forms(tag, name):
    """All that a city's name needs in a language."""
    if tag in SHORT and len(name) in (4, 5) and name.isalpha() and name[-1] in "aа":
        script = name[-1].isascii()
        return [name[:-1] + e for e in SHORT[tag].split() if script == e.isascii() or tag == "pl"]
    return [stem(tag, name)]


def fill(names, rows):
    """Give the cities their names in the languages that have none there; how many rows changed."""
    owners = {}
    for r in rows:
        for n in [r["name"], *r["names"].split("|")]:
            owners.setdefault(n.split(":")[-1].rstrip("~"), set()).add(r["id"])
    cities = {(key.split(":")[0], name["en"]): name for (kind, key), name in names.items() if kind == "city"}
    changed = 0
    for r in rows:
        city = cities.get((r["country"], r["name"]))
        if r["type"] != "city" or city is None or (r["country"], "*") in WRONG_CITY:
            continue
        have = [n for n in r["names"].split("|") if n]
        known, n_before = {n.split(":")[0] for n in have}, len(have)
        for language, tag in TAGS.items():
            name = city.get(language, city["en"]).replace("ʼ", "'")
            english = name == city["en"] and (tag not in INFLECTED or not name.isalpha())
            if tag in known and language != "sr_Latn" or english or (r["country"], tag) in WRONG_CITY or "|" in name:
                continue
            if owners.get(name, {r["id"]}) != {r["id"]}:
                continue
            have += [n for f in forms(tag, name) if (n := f"{tag}:{f}") not in have]
        r["names"] = "|".join(have)
        changed += len(have) > n_before
    return changed


def bare(rows):
    """Give the cities their Chinese names without the word for city; how many rows changed."""
    owners = {}
    for r in rows:
        for n in [r["name"], *r["names"].split("|")]:
            owners.setdefault(n.split(":")[-1].rstrip("~"), set()).add(r["id"])
    changed = 0
    for r in rows:
        have = r["names"].split("|")
        known = {n.split(":")[-1] for n in have if n.startswith("zh")}
        more = [n[:-1] for n in have if n.startswith("zh") and n.endswith(ZH_CITY)
                and n.split(":")[1][:-1] not in known and owners.get(n.split(":")[1][:-1], {r["id"]}) == {r["id"]}]
        if r["type"] == "city" and r["id"] not in WHOLE_ZH and more:
            r["names"] = "|".join(have + more)
            changed += 1
    return changed


def read_names(tool):
    out = subprocess.run([tool, "en", *TAGS], capture_output=True, text=True, check=True).stdout
    names = {}
    for line in out.splitlines():
        kind, key, language, name = line.split("\t")
        for stop, full in WRITTEN_OUT:
            name = name.replace(stop, full)
        name = re.sub(r" *[(\uff08].*[)\uff09]", "", name).replace("\u2019", "'").strip()
        names.setdefault((kind, key), {})[language] = name
    return names


def listed(key, names, is_city, taken):
    """All names but the English one; taken: those of other places, which tell nothing."""
    english, out = names["en"], []
    for language, tag in TAGS.items():
        name = names.get(language, english)
        if (key, tag) in WRONG or name == english and name.isascii() or "|" in name:
            continue
        entry = f"{tag}:{stem(tag, name) if is_city else name}"
        if entry not in out and name not in taken:
            out.append(entry)
    taken.update(names.values())
    return "|".join(out + MORE.get(key, []))


def new_rows(names, rows):
    known = {r["id"] for r in rows} | {r["country"].lower() for r in rows if r["type"] == "country"}
    taken = {n.split(":")[-1].rstrip("~") for r in rows for n in [r["name"], *r["names"].split("|")]}
    cities = {}
    for kind, key in names:
        if kind == "city":
            cities.setdefault(key.split(":")[0], []).append(key)
    for kind, key in sorted(names):
        if kind != "country" or key in LEFT_OUT or key.lower() in known:
            continue
        country = names[kind, key]
        yield {"id": key.lower(), "type": "country", "country": key, "name": country["en"],
               "names": listed(key, country, False, taken), "disambiguation": GUARDS.get(key, ""), "watch": "gazetteer"}
        if len(cities.get(key, [])) != 1:
            continue
        city = names["city", cities[key][0]]
        place = f"{key.lower()}-{slug(city['en'])}"
        # "Cayman", "St. Thomas": the country again, or a saint.
        if slug(city["en"]) not in slug(country["en"]) and not city["en"].startswith("Saint ") and place not in known and not any(
                r["country"] == key and r["name"] == city["en"] for r in rows):
            yield {"id": place, "type": "city", "country": key, "name": city["en"], "names": listed(key, city, True, taken),
                   "disambiguation": GUARDS.get(f"{key}:{city['en']}", "metonym"), "watch": "gazetteer"}


def main():
    tool, path = sys.argv[1:3]
    text = open(path, encoding="utf-8", newline="").read()
    rows = list(csv.DictReader(io.StringIO(text)))
    lines = io.StringIO()
    n = 0
    if "--fill" in sys.argv:
        n = fill(read_names(tool), rows) + bare(rows)
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{n} cities have more names")
        return 0
    for row in new_rows(read_names(tool), rows):
        csv.DictWriter(lines, list(rows[0]), restval="", lineterminator="\n").writerow(row)
        n += 1
    if "--check" in sys.argv:
        print(f"{n} rows are missing in {path}" if n else f"{path} has every country")
        n_long = bare(rows)
        if n_long:
            print(f"{n_long} cities lack their Chinese name without the word for city (--fill)")
        return n + n_long > 0
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text + lines.getvalue())
    print(f"{n} rows added")
    return 0


if __name__ == "__main__":
    sys.exit(main())
