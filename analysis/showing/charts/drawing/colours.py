"""The colours of series, frames and marks, and which name has which of them."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from matplotlib.colors import LinearSegmentedColormap, hsv_to_rgb, to_hex

from analysis.showing.charts.drawing.look import given_colour

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
