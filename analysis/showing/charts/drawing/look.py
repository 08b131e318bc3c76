"""What every chart can be told of its looks: colours, words, size, title, and where it is drawn."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_hex

from analysis.errors import CountsError


@dataclass(frozen=True)
class Look:
    """Colours by name, other words for names and phrases, width and height in inches, ..."""

    colours: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    size: tuple[float, float] | None = None
    title: str = ""
    ax: Axes | None = None


_now: ContextVar[Look] = ContextVar("look")


def look() -> Look:
    """How the chart that is being drawn is to look."""
    return _now.get(Look())


@contextmanager
def looking(
    colours: Mapping[str, str] | None,
    labels: Mapping[str, str] | None,
    size: tuple[float, float] | None,
    title: str = "",
    ax: Axes | None = None,
) -> Iterator[None]:
    """Draw with these; CountsError if a colour is not one."""
    for name, colour in (colours or {}).items():
        if not is_color_like(colour):
            raise CountsError(
                f"colours: {colour!r} of {name!r} is not a colour; '#0072B2', 'tab:blue' and 'red' "
                "are."
            )
    # A mapping may be without names, and have a word for whatever it is asked.
    words = {} if labels is None else labels
    token = _now.set(Look(colours or {}, words, size, title or "", ax))
    try:
        yield
    finally:
        _now.reset(token)


def given_colour(name: object, otherwise: str) -> str:
    """The colour that a name was given in ``colours=``, or another."""
    known = look().colours
    return to_hex(known[str(name)]) if str(name) in known else otherwise


def word(text: str, *values: object) -> str:
    """A name or phrase as ``labels=`` wants it, with a value in the place of each ``{}``."""
    found, rest = look().labels.get(text, text), iter(values)
    return re.sub(r"\{\}", lambda _: str(next(rest, "")), found) if values else found
