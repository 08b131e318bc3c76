"""The style, the sizes and the colours of figures."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from zlib import crc32

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, hsv_to_rgb, to_hex
from matplotlib.figure import Figure

from analysis.showing.charts.drawing.labels import families

P = ParamSpec("P")

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
    code = crc32(frame.encode())
    hue, depth = code % 360 / 360, code // 360 % 3
    red, green, blue = hsv_to_rgb((hue, 0.75 + 0.1 * depth, 0.72 - 0.14 * depth))
    return to_hex((red, green, blue))


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


def styled(chart: Callable[P, Axes]) -> Callable[P, Axes]:
    """Draw a chart in the project's style, whatever style the notebook has set."""

    @wraps(chart)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        with style():
            return chart(*args, **kwargs)

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
        return plt.subplots(1, columns, figsize=(width, height), gridspec_kw=ratios)


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of this size."""
    return figure(width, height)[1] if ax is None else ax
