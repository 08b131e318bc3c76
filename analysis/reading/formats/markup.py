"""HTML parsed within limits, and its text by paragraphs."""

from typing import Any

from analysis.errors import ReadError
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import TooLargeError

BLOCKS = frozenset(
    """
    address article aside blockquote body center dd div dl dt figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
SILENT = frozenset(("script", "style", "head", "noscript", "template"))


def parse_html(text: str, name: str, limits: ReadLimits) -> Any:
    """The root element of a page; ReadError where there is none, or it nests too deep."""
    from lxml import etree, html

    # As bytes in a known encoding: lxml refuses a string that declares one.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise ReadError(f"{name}: no HTML can be found in it ({fault}).") from fault
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            raise TooLargeError(
                f"{name}: elements nest deeper than {limits.depth:,} (ReadLimits.depth), "
                "as no article does. Save the page again, or leave it out."
            )
    return root


def paragraphs_of(root: Any) -> list[str]:
    """The text of an element by paragraphs: block elements part them, and so does a line break."""
    from lxml import etree

    paragraphs: list[str] = []
    words: list[str] = []

    def end_paragraph() -> None:
        if text := " ".join("".join(words).split()):
            paragraphs.append(text)
        words.clear()

    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            silent += tag in SILENT
            if tag in BLOCKS or tag == "br":
                end_paragraph()
            if element.text and not silent:
                words.append(element.text)
        else:
            silent -= tag in SILENT
            if tag in BLOCKS:
                end_paragraph()
            if element.tail and not silent and element is not root:
                words.append(element.tail)
    end_paragraph()
    return paragraphs
