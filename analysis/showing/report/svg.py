"""A saved figure as part of a page that allows no inline styles.

Matplotlib writes ``style="..."`` attributes, which a strict Content-Security-Policy forbids, and a
style sheet, which would leak into the page. All of it can be expressed in attributes instead.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from scipy.spatial import KDTree

from analysis.escape import inert

# Of the disc that can be clicked, in points: that of `drawing.annotations.clickable`.
RADIUS = 4.7
# In points; smaller discs could not be hit.
LEAST_RADIUS = 0.5
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"


def width_of(svg: str) -> float:
    """The width of a figure in points, as matplotlib saved it."""
    return float(_root(svg).get("viewBox", "").split()[2])


def inline_svg(svg: str, key: str, alt: str, names: Mapping[str, str]) -> str:
    """Turn a figure that matplotlib saved into an ``svg`` element without styles or scripts.

    `key` is put before every id, so that the ids of two figures in one page differ; `alt` says in
    words what the picture shows; `names` says what each linked point is called, and links without a
    name are removed.
    """
    root = _root(svg)
    view = root.get("viewBox", "")
    etree.strip_elements(root, *(_SVG + tag for tag in ("style", "metadata", "script")))
    _name_links(root, names)
    own = {node.get("id") for node in root.iter() if "id" in node.attrib}
    for node in root.iter():
        node.tag = etree.QName(node).localname
        _set_attributes(node, key, own)
    _make_discs(root)
    root.attrib.clear()
    # A picture whose points are links is a group to a screen reader: in an image they are
    # invisible.
    role = "img" if root.find(".//a[@href]") is None else "group"
    # Points of print, made larger for the screen; a one-column chart stays half as wide as two.
    width = str(round(1.9 * float(view.split()[2])))
    shown = {"viewBox": view, "width": width, "role": role, "aria-label": inert(alt)}
    # What matplotlib's style sheet says of all elements.
    root.attrib.update(shown | {"stroke-linejoin": "round", "stroke-linecap": "butt"})
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _root(svg: str) -> etree._Element:
    """The outermost element, without comments: matplotlib says in them what it draws as paths."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True,
        remove_blank_text=True, huge_tree=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"this is not an SVG written by matplotlib: {error}") from None
    if root.tag != _SVG + "svg" or len(root.get("viewBox", "").split()) != 4:
        raise ValueError("this is not an SVG written by matplotlib: it has no svg with a viewBox")
    return root


def _name_links(root: etree._Element, names: Mapping[str, str]) -> None:
    """Give each known link its name, and remove the others."""
    for link in root.iter(_SVG + "a"):
        target = link.get(_HREF, "")
        link.attrib.clear()
        if target in names:
            link.attrib.update({"href": target, "aria-label": inert(names[target])})


def _set_attributes(node: etree._Element, key: str, own: set[str | None]) -> None:
    """Write declarations of a style as attributes, and put the key before ids and references."""
    for part in node.attrib.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if value:
            node.set(name.strip(), value.strip())
    if link := node.attrib.pop(_HREF, ""):
        node.set("href", f"#{key}-{link[1:]}" if link[1:] in own else link)
    for name, value in node.attrib.items():
        if name == "id":
            node.set(name, f"{key}-{value}")
        elif value.startswith("url(#") and value[5:-1] in own:
            node.set(name, f"url(#{key}-{value[5:-1]})")


def _make_discs(root: etree._Element) -> None:
    """Turn the invisible marks of links into discs, which end half way to the next point."""
    marks = root.findall(".//a[@href]//use")
    places = [(mark.get("x", ""), mark.get("y", "")) for mark in marks]
    for mark, (x, y), radius in zip(marks, places, _radii(places), strict=True):
        mark.tag = "circle"
        mark.attrib.clear()
        mark.attrib.update({"cx": x, "cy": y, "r": f"{radius:.4g}", "fill-opacity": "0"})


def _radii(places: Sequence[tuple[str, str]]) -> NDArray[np.floating[Any]]:
    """Half the way from each point to the nearest that is not in the same place."""
    known = np.unique(np.array(places, float), axis=0)
    if len(known) < 2:
        return np.full(len(places), RADIUS)
    away, _ = KDTree(known).query(np.array(places, float), k=2)
    radii: NDArray[np.floating[Any]] = np.clip(away[:, 1] / 2, LEAST_RADIUS, RADIUS)
    return radii
