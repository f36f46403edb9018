#!/usr/bin/env python3
"""Looks at every link of a built book: `check_links.py FOLDER`. The exit code is 1 if one leads nowhere.

`cargo test --test book` holds the links of the Markdown pages; this is what mdBook made of them.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The names in a page, and where it leads."""

    def __init__(self, path):
        super().__init__()
        self.names, self.links = set(), []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.names.add(attrs.get("id"))
        self.links += [attrs[key] for key in ("href", "src") if attrs.get(key)]


def main(folder):
    pages = {path: Page(path) for path in folder.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        # It stands for pages that are not there, and its links begin at the root of a site.
        if path.name == "404.html":
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            name = unquote(parts.fragment)
            if not target.is_file():
                dead.append(f"{path}: {link}: there is no such file")
            elif name and target in pages and name not in pages[target].names:
                dead.append(f"{path}: {link}: the page has no such heading")
    print("\n".join(dead), end="\n" if dead else "")
    print(f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links, {len(dead)} of them dead")
    sys.exit(bool(dead))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
