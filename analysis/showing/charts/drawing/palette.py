"""The colours of charts, and the markers and dashes that go with them."""

from typing import Any

from matplotlib.colors import LinearSegmentedColormap

# Okabe and Ito's colours, which stay apart for colour-blind readers. Marker and dash go with each,
# so that a chart can be read without its colours.
CHANNELS: tuple[tuple[str, str, Any], ...] = (
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
