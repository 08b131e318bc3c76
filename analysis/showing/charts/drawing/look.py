"""What every chart can be told of its looks: colours, words and size."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from matplotlib.colors import is_color_like, to_hex

from analysis.errors import CountsError


@dataclass(frozen=True)
class Look:
    """Colours by name, other words for names and phrases, and width and height in inches."""

    colours: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    size: tuple[float, float] | None = None


_PLAIN = Look()
_now: ContextVar[Look] = ContextVar("look")


@contextmanager
def look(
    colours: Mapping[str, str] | None,
    labels: Mapping[str, str] | None,
    size: tuple[float, float] | None,
) -> Iterator[None]:
    """Draw with these; CountsError if one is invalid."""
    for name, given in (("colours", colours), ("labels", labels)):
        if given is not None and not isinstance(given, Mapping):
            raise CountsError(f"{name}={given!r}: give a mapping such as {{'Gazette': ...}}.")
    for name, colour in (colours or {}).items():
        if not is_color_like(colour):
            raise CountsError(
                f"colours: {colour!r} of {name!r} is not a colour; '#0072B2', 'tab:blue' and 'red' "
                "are."
            )
    if size is not None and not (len(size) == 2 and min(size) > 0):
        raise CountsError(f"size={size!r}: give a width and a height in inches, such as (7, 3).")
    token = _now.set(Look(colours or {}, labels or {}, size))
    try:
        yield
    finally:
        _now.reset(token)


def given_colour(name: object, otherwise: str) -> str:
    """The colour that a name was given in ``colours=``, or another."""
    known = _now.get(_PLAIN).colours
    return to_hex(known[str(name)]) if str(name) in known else otherwise


def word(text: str) -> str:
    """A name or phrase as ``labels=`` wants it."""
    return _now.get(_PLAIN).labels.get(text, text)


def size_or(width: float, height: float) -> tuple[float, float]:
    """The size that was given in ``size=``, or another."""
    return _now.get(_PLAIN).size or (width, height)
