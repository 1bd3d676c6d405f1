# places.csv holds every country that ISO 3166 knows, with the names that ICU ships: what
# tests/lint/make_places.py would add is nothing. Codes are held against Debian's iso-codes too.
import csv
import json
import os
import shlex
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
places = os.path.join(root, "watchlists", "overseas-police-stations", "places.csv")
codes = "/usr/share/iso-codes/json/iso_3166-1.json"
# Names change with the edition of the CLDR; the rows were made with this one's.
ICU = "72."

sys.path.insert(0, os.path.join(root, "tests", "lint"))
sys.dont_write_bytecode = True
failed = 0
have = {r["id"].upper() for r in csv.DictReader(open(places, encoding="utf-8")) if len(r["id"]) == 2}
if os.path.exists(codes):
    from make_places import LEFT_OUT
    for c in json.load(open(codes))["3166-1"]:
        if c["alpha_2"] not in have and c["alpha_2"] not in LEFT_OUT:
            failed += 1
            print("places.csv lacks %s, %s" % (c["alpha_2"], c["name"]))
else:
    print("iso-codes is not installed: codes not checked")

version = subprocess.run(["pkg-config", "--modversion", "icu-i18n"], capture_output=True, text=True)
if not version.stdout.startswith(ICU):
    print("ICU %s: names not checked, for they were made with %s" % (version.stdout.strip(), ICU))
else:
    with tempfile.TemporaryDirectory() as folder:
        tool = os.path.join(folder, "names")
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "icu-i18n", "icu-uc"], capture_output=True,
                               text=True, check=True).stdout.split()
        subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-o", tool, os.path.join(root, "tests", "lint", "names.c"),
                        *flags], check=True)
        made = subprocess.run([sys.executable, os.path.join(root, "tests", "lint", "make_places.py"), tool, places,
                               "--check"], capture_output=True, text=True)
        failed += made.returncode
        print(made.stdout.replace(root, ".").strip())
print("places: %s" % ("in order" if failed == 0 else "not as they should be"))
sys.exit(failed > 0)
