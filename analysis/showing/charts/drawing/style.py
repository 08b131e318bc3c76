"""The style and the sizes of figures."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.showing.charts.drawing.colours import CHANNELS
from analysis.showing.charts.drawing.labels import families, plain
from analysis.showing.charts.drawing.look import look, looking
from analysis.showing.charts.drawing.options import check_option

Drawn = TypeVar("Drawn", Axes, Figure)

STYLE = Path(__file__).with_name("framing.mplstyle")
# The widths of one and two columns of a journal page, in inches.
ONE_COLUMN, TWO_COLUMNS = 84 / 25.4, 174 / 25.4


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
        for name, value in options.items():
            check_option(name, value, known[name].annotation)
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
