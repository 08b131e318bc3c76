"""The style, the sizes and the colours of figures."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast
from zlib import crc32

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, hsv_to_rgb, to_hex
from matplotlib.figure import Figure

from analysis.showing.charts.drawing.labels import families, plain
from analysis.showing.charts.drawing.look import given_colour, look, looking

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


# What parameters of several charts mean, and those that every chart has.
_MEANT = {
    "label": ("str", "The column that names the groups."),
    "period": ("str", "The column of periods; those without an order are put in order."),
    "frames": (
        "(str, str), optional",
        "What a share of 1 and of 0 means; by default the frames that the table scores.",
    ),
    "alpha": ("float", "Marks with a q below this are filled, numbers bold."),
    "events": (
        'mapping of name to date (``"2018-06-12"``), optional',
        "Marked by a line each, at its day; CountsError if a date is invalid.",
    ),
    "thin": (
        '"auto" or int',
        "Points of few articles are hollow; with a number, those of fewer have no interval either.",
    ),
    "title": ("str", "Drawn above the chart."),
    "ax": ("Axes, optional", "Where it is drawn; else in a new figure."),
    "colours": (
        "mapping of name to colour, optional",
        "For outlets, frames, terms or whatever else is drawn; others keep their own.",
    ),
    "labels": (
        "mapping of text to text, optional",
        'Other words for names and phrases: ``{"FOX": "Fox News", "share of": "Anteil von"}``.',
    ),
    "size": ("(float, float), optional", "Width and height in inches."),
}
_OF_ALL = {
    "colours": Mapping[str, str] | None,
    "labels": Mapping[str, str] | None,
    "size": tuple[float, float] | None,
}


def styled(chart: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Draw a chart in the project's style, with what every chart can be told of its looks.

    Those that give axes, and not a whole figure, take a title and axes to draw in, too. What the
    chart's docstring does not say of a parameter is put in.
    """
    signature = inspect.signature(chart)
    of_axes = {"title": str, "ax": Axes | None} if signature.return_annotation is Axes else {}
    known: Mapping[str, inspect.Parameter] = {**signature.parameters} | {
        name: inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, annotation=kind,
            default="" if name == "title" else None,
        )
        for name, kind in (of_axes | _OF_ALL).items()
    }  # fmt: skip

    @wraps(chart)
    def drawn(*args: Any, **options: Any) -> Drawn:
        if unknown := [name for name in options if name not in known]:
            raise TypeError(
                f"{chart.__name__}() has no parameter {unknown[0]!r}; it has {', '.join(known)}. "
                "Colours are set by name: colours={'Gazette': '#0072B2'}."
            )
        looks = {name: options.pop(name, None) for name in _OF_ALL}
        looks |= {name: options.pop(name) for name in of_axes if name in options}
        with style(), looking(**looks):
            result = chart(*args, **options)
            if looks.get("title") and (ax := cast(Any, result)).get_title("left") == "":
                set_title(ax)
            return result

    drawn.__signature__ = signature.replace(parameters=[*known.values()])  # type: ignore[attr-defined]
    before, head, after = (chart.__doc__ or "").partition("\n    Examples\n")
    said = re.findall(r"^    (\w[\w, ]*) : ", before, flags=re.M)
    left = [name for name in known if name in _MEANT and name not in ", ".join(said).split(", ")]
    put_in = "".join("    {} : {}\n        {}\n".format(name, *_MEANT[name]) for name in left)
    drawn.__doc__ = f"{before}{put_in}{head}{after}"
    return drawn


def set_title(ax: Axes, pad: float | None = None) -> None:
    """Write the title that the chart was given, above what else is there."""
    ax.set_title(plain(look().title), pad=pad)


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
        return plt.subplots(1, columns, figsize=look().size or (width, height), gridspec_kw=ratios)


def axes_or_new(width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of this size."""
    ax = look().ax
    return figure(width, height)[1] if ax is None else ax


def panels(n: int, across: int, height: float) -> tuple[Figure, Any]:
    """A figure of `n` panels, `across` in a row, which share their axes; the others are hidden."""
    down, size = max(-(-n // across), 1), look().size or (TWO_COLUMNS, height)
    fig, axes = plt.subplots(down, across, figsize=size, sharex=True, sharey=True, squeeze=False)
    for number, ax in enumerate(axes.flat):
        ax.set_visible(number < max(n, 1))
        # The lowest panel of each column shows the periods.
        ax.tick_params(labelbottom=number + across >= n)
    if not n:
        axes[0, 0].set_axis_off()
    return fig, axes
