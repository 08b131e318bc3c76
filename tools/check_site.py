"""Check the built site: its own links lead somewhere, and nothing is fetched from elsewhere.

python tools/check_site.py docs/_build/html
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

# What a browser fetches by itself, and where the address stands.
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The anchors of a page, and its addresses: (tag, address)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.addresses: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names and where it leads."""
        found = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := found.get(name))}
        address = found.get("href" if tag == "a" else FETCHED.get(tag, ""))
        if address:
            self.addresses.append((tag, address))


def faults(site: Path) -> list[str]:
    """What is wrong, a line each."""
    files = sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in files}
    found = []
    for path, page in pages.items():
        for tag, address in page.addresses:
            if address.startswith(("http:", "https:", "//")):
                if tag != "a":
                    found.append(f"{path.name}: {tag} fetches {address}")
                continue
            if address.startswith(("mailto:", "data:", "javascript:")):
                continue
            place, anchor = urldefrag(address)
            target = (path.parent / unquote(place.partition("?")[0])).resolve() if place else path
            if not target.exists():
                found.append(f"{path.name}: {address} is not there")
            elif anchor and target in pages and unquote(anchor) not in pages[target].anchors:
                found.append(f"{path.name}: {address} has no such anchor")
    return found


if __name__ == "__main__":
    wrong = faults(Path(sys.argv[1]))
    print("\n".join(wrong) or "Every link leads somewhere, and nothing is fetched.")
    sys.exit(bool(wrong))
