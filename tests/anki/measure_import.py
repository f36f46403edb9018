"""How much of real packages an import keeps, by hand: python measure_import.py PACKAGE…

Each package is imported and built, and Anki reads both it and what was built. A field is kept if it
shows the same text, as many pictures and sounds, and the same formulas and gaps. Fields that differ
are listed, and counted by what differs.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

BINARY = os.environ["DECKPRESS"]
UNSEEN = {"style", "script", "head", "title", "template"}
MATH = re.compile(
    r"\\\((.*?)\\\)|\\\[(.*?)\\\]|\[\$\](.*?)\[/\$\]|\[\$\$\](.*?)\[/\$\$\]|\[latex\](.*?)\[/latex\]",
    re.DOTALL,
)


class Reader(HTMLParser):
    """What a browser shows of a field."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.pictures, self.unseen = [], 0, 0

    def handle_starttag(self, tag, attrs):
        self.unseen += tag in UNSEEN
        self.pictures += tag == "img" and bool(dict(attrs).get("src"))

    def handle_endtag(self, tag):
        self.unseen -= tag in UNSEEN and self.unseen > 0

    def handle_data(self, data):
        if not self.unseen:
            self.text.append(data)


def read(html: str) -> dict:
    reader = Reader()
    reader.feed(html)
    reader.close()
    text = "".join(reader.text)
    sounds = re.findall(r"\[sound:.*?\]", text)
    sounds += re.findall(r"<(?:audio|video)", html)
    formulas = ["".join(found) for found in MATH.findall(text)]
    plain = re.sub(r"\[sound:.*?\]", "", MATH.sub("∎", text))
    plain = re.sub(r"[\s\u200b\u2060\ufeff]+", "", plain)
    tex = [re.sub(r"[\s{}$\u2060]|\\displaystyle", "", formula) for formula in formulas]
    return {
        "text": re.sub(r"\{\{c[\d,]+::|\}\}", "", plain),
        "pictures": reader.pictures,
        "sounds": len(sounds),
        "formulas": tex,
        "gaps": sorted(re.findall(r"\{\{c([\d,]+)::", html)),
    }


def notes(package: Path, folder: Path) -> dict:
    col = Collection(str(folder / f"{package.stem}-{os.getpid()}.anki2"))
    options = ImportAnkiPackageOptions(with_scheduling=True)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    col.import_anki_package(request)
    col.models._clear_cache()
    rows = col.db.all("select guid, flds, mid from notes")
    fields = {m["id"]: [f["name"] for f in m["flds"]] for m in col.models.all()}
    col.close()
    return {guid: dict(zip(fields[mid], flds.split("\x1f"))) for guid, flds, mid in rows}


def measure(package: Path) -> Counter:
    counts = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        content, out = folder / "content", folder / "out"
        run = lambda *args: subprocess.run([BINARY, *args], capture_output=True, text=True)
        done = run("import", str(package), "-o", str(content), "--message-format", "json")
        if done.returncode:
            print(f"{package.name}: {done.stderr.strip()}")
            return Counter(failed=1)
        said = json.loads(done.stdout)
        for name in said["missing"]:
            (content / "media").mkdir(exist_ok=True)
            (content / "media" / name).write_bytes(b"x")
        built = run("build", str(content), "-o", str(out), "-f", "apkg", "--message-format", "short")
        packages = list(out.glob("*.apkg"))
        if built.returncode or not packages:
            print(f"{package.name}: {(built.stdout + built.stderr)[:600]}")
            return Counter(failed=1)
        before, after = notes(package, folder), notes(packages[0], folder)
        counts["lost notes"] += len(before.keys() - after.keys())
        for guid in before.keys() & after.keys():
            for name, html in before[guid].items():
                if not html.strip():
                    continue
                counts["fields"] += 1
                old, new = read(html), read(after[guid].get(name, ""))
                different = [key for key in old if old[key] != new[key]]
                if different:
                    counts["different"] += 1
                    counts.update(different)
                    if os.environ.get("SHOW"):
                        print(f"--- {package.name} {guid} {name} {different}")
                        print(html[:700])
                        print("   →", after[guid].get(name, "")[:700])
    print(f"{package.name}: {dict(counts)}")
    return counts


if __name__ == "__main__":
    total = Counter()
    for path in sys.argv[1:]:
        total += measure(Path(path))
    kept = total["fields"] - total["different"]
    print(f"{dict(total)}: {100 * kept / max(total['fields'], 1):.2f} % of {total['fields']} fields")
