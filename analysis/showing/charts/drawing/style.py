"""The style, the sizes and the colours of figures."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, hsv_to_rgb, to_hex
from matplotlib.figure import Figure

from analysis.showing.charts.drawing.labels import families
from analysis.showing.charts.drawing.look import given_colour, look, size_or

Drawn = TypeVar("Drawn", Axes, Figure)

# A colour, a marker and a dash.
Channel = tuple[str, str, Any]
# Okabe and Ito's colours, which stay apart for colour-blind readers. Marker and dash go with each,
# so that a chart can be read without its colours.
CHANNELS: tuple[Channel, ...] = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "s", (0, (4, 1.5))),
    ("#009E73", "^", (0, (1, 1))),
    ("#CC79A7", "D", (0, (5, 1, 1, 1))),
    ("#E69F00", "v", (0, (3, 1, 1, 1, 1, 1))),
    ("#56B4E9", "P", (0, (2, 2))),
    ("#000000", "X", "-"),
)
# Names of outlets and the like have theirs of these and those above, whatever else is drawn.
PALETTE = (
    *(colour for colour, _, _ in CHANNELS), "#332288", "#44AA99", "#117733", "#999933", "#882255",
    "#AA4499", "#EE3377", "#8C564B", "#7B5FC4", "#8B0000",
)  # fmt: skip
# For lines and names; for notes; for what is in the background; for lines between rows.
INK, FAINT, GREY, RULE = "#333333", "#8A8A8A", "#B5B5B5", "#EEEEEE"
# One hue from white to dark: it prints in grey in the same order.
SHADES = LinearSegmentedColormap.from_list("articles", ["#FFFFFF", "#9CC4E4", "#0B4F80"])
STYLE = Path(__file__).with_name("framing.mplstyle")
# The widths of one and two columns of a journal page, in inches.
ONE_COLUMN, TWO_COLUMNS = 84 / 25.4, 174 / 25.4


def frame_colour(frame: str) -> str:
    """The colour of a frame: it hangs on its name alone, so that it is the same in every chart.

    Many frames can't all be told apart by colour; beside it, charts always say a frame's name.
    """
    if given := given_colour(frame, ""):
        return given
    code = crc32(frame.encode())
    hue, depth = code % 360 / 360, code // 360 % 3
    red, green, blue = hsv_to_rgb((hue, 0.75 + 0.1 * depth, 0.72 - 0.14 * depth))
    return to_hex((red, green, blue))


def channels_of(names: Sequence[str]) -> list[Channel]:
    """A colour, a marker and a dash for each of at most seven names.

    The colour hangs on the name, so that it is the same in every chart, whatever else is drawn.
    Only of two names with the same colour does the later one of the alphabet take another.
    """
    pairs = zip(names, colours_of(names), CHANNELS, strict=False)
    return [(given_colour(name, colour), *marks) for name, colour, (_, *marks) in pairs]


def colours_of(names: Sequence[str]) -> list[str]:
    """A colour for each name, as `channels_of` chooses it; more names than colours share them."""
    places: dict[str, int] = {}
    for name in sorted(names):
        own = crc32(name.encode())
        turn = [(own + n) % len(PALETTE) for n in range(len(PALETTE))]
        places[name] = next((n for n in turn if n not in places.values()), turn[0])
    return [PALETTE[places[name]] for name in names]


@contextmanager
def style() -> Iterator[None]:
    """The project's chart style, for a ``with`` statement."""
    interactive = mpl.is_interactive()
    colours = mpl.rcsetup.cycler(color=[colour for colour, _, _ in CHANNELS])
    computed = {"font.family": families(), "axes.prop_cycle": colours}
    try:
        with plt.style.context([str(STYLE), computed]):
            try:
                yield
            finally:
                interactive = mpl.is_interactive()
    finally:
        # The first figure of a notebook turns this on. Were it put back with the rest of the
        # settings, no later figure would be shown.
        mpl.interactive(interactive)


_EVERY_CHART = """    colours : mapping of name to colour, optional
        For outlets, frames, terms or whatever else is drawn; a name without one keeps its own.
    labels : mapping of text to text, optional
        Other words for names and phrases: ``{"FOX": "Fox News", "share of": "Anteil von"}``.
    size : (float, float), optional
        Width and height in inches.
"""


def styled(chart: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Draw a chart in the project's style, with the colours, words and size that it is given."""
    signature = inspect.signature(chart)
    known: list[inspect.Parameter] = list(signature.parameters.values())
    kinds = {
        "colours": Mapping[str, str] | None,
        "labels": Mapping[str, str] | None,
        "size": tuple[float, float] | None,
    }
    more: list[inspect.Parameter] = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in kinds.items()
    ]
    names = [parameter.name for parameter in (*known, *more)]

    @wraps(chart)
    def drawn(*args: Any, colours: Any = None, labels: Any = None, size: Any = None,
              **kwargs: Any) -> Drawn:  # fmt: skip
        if unknown := [name for name in kwargs if name not in names]:
            raise TypeError(
                f"{chart.__name__}() has no parameter {unknown[0]!r}; it has {', '.join(names)}. "
                "Colours are set by name: colours={'Gazette': '#0072B2'}."
            )
        with style(), look(colours, labels, size):
            return chart(*args, **kwargs)

    drawn.__signature__ = signature.replace(parameters=[*known, *more])  # type: ignore[attr-defined]
    before, head, after = (chart.__doc__ or "").partition("\n    Examples\n")
    drawn.__doc__ = f"{before}{_EVERY_CHART}{head}{after}" if head else before
    return drawn


def figure(
    width: float = TWO_COLUMNS, height: float = 3.0, columns: int = 1, **ratios: Sequence[float]
) -> tuple[Figure, Any]:
    """A figure in the project's style, and its axes or an array of them.

    The sizes are in inches; `columns` axes are drawn side by side, with `ratios` that matplotlib's
    grid takes, such as ``width_ratios=[2, 1]``.

    Examples
    --------
    >>> fig, (left, right) = figure(columns=2, width_ratios=[2, 1])
    """
    with style():
        return plt.subplots(1, columns, figsize=size_or(width, height), gridspec_kw=ratios)


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of this size."""
    return figure(width, height)[1] if ax is None else ax
