"""A saved figure as part of a page that allows no inline styles.

Matplotlib writes ``style="..."`` attributes and a style sheet of its own into its SVG. A strict
Content-Security-Policy forbids the first, and the second would leak into the page. All of it can be
said in attributes instead.
"""

import re
from collections.abc import Mapping
from html import escape

from analysis.escape import inert

# Of the disc that can be clicked, in points: that of `charts.base.clickable`.
RADIUS = 4.7
_ROOT = re.compile(r"<svg [^>]*>", re.S)
_SHEET = re.compile(r"<style[^>]*>.*?</style>", re.S)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.S)
# Matplotlib says in comments what it draws as paths.
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_STYLE = re.compile(r'\sstyle="([^"]*)"')
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(xlink:href="#|url\(#)([^")]+)')
_LINK = re.compile(r'<a xlink:href="(#[^"]+)"[^>]*>')
_DISC = re.compile(r'(<a [^>]*>)\s*<use [^>]*?\bx="([^"]+)" y="([^"]+)"[^>]*/>')
_VIEW = re.compile(r'viewBox="([^"]+)"')


def width_of(svg: str) -> float:
    """The width of a figure in points, as matplotlib saved it; 0 where it says none."""
    view = _VIEW.search(svg)
    return float(view[1].split()[2]) if view else 0.0


def inline_svg(svg: str, key: str, alt: str, names: Mapping[str, str]) -> str:
    """Turn a figure that matplotlib saved into an element of a page.

    Parameters
    ----------
    svg : str
        The file's content.
    key : str
        Put before every id, so that the ids of two figures in one page differ.
    alt : str
        What the picture shows, in words.
    names : mapping of link to name
        What each linked point is called; links without a name are taken away.

    Returns
    -------
    str
        An ``svg`` element without styles, metadata or scripts.
    """
    root = _ROOT.search(svg)
    view = _VIEW.search(root[0]) if root else None
    if root is None or view is None:
        raise ValueError("this is no SVG that matplotlib has written")
    body = _COMMENT.sub("", _METADATA.sub("", _SHEET.sub("", svg[root.end() :])))
    body = _STYLE.sub(lambda match: _attributes(match[1]), body)
    own = set(_ID.findall(body))
    body = _ID.sub(lambda match: f'id="{key}-{match[1]}"', body)
    body = _REFERENCE.sub(
        lambda match: f"{match[1]}{key}-{match[2]}" if match[2] in own else match[0], body
    )
    body = _LINK.sub(lambda match: _named(match[1], names), body)
    # A click on a reference is lost where its look changes under the mouse; on a circle it is not.
    body = _DISC.sub(rf'\1<circle cx="\2" cy="\3" r="{RADIUS}" fill-opacity="0"/>', body)
    # A picture whose points are links is a group to a screen reader: in an image they are unseen.
    role = "group" if "<a " in body else "img"
    # Points of print, made larger for the screen; a one-column chart stays half as wide as two.
    width = round(1.9 * float(view[1].split()[2]))
    head = (
        f'<svg viewBox="{view[1]}" width="{width}" role="{role}" aria-label="{escape(inert(alt))}" '
        'stroke-linejoin="round" stroke-linecap="butt">'
    )
    return head + body.replace("xlink:href", "href").strip()


def _attributes(style: str) -> str:
    """Declarations of a style attribute as attributes; all that matplotlib uses may stand so."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _named(link: str, names: Mapping[str, str]) -> str:
    if link not in names:
        return "<a>"
    return f'<a xlink:href="{escape(link)}" aria-label="{escape(inert(names[link]))}">'
