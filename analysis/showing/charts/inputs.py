"""What a chart is given: the columns it needs, the frames its shares are of, its periods."""

from collections.abc import Sequence

import pandas as pd

from analysis.errors import CountsError


def need(table: pd.DataFrame, columns: Sequence[str], source: str) -> None:
    """Refuse a table that lacks columns; `source` says which call gives one that has them."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise CountsError(
            f"the table lacks {', '.join(missing)}; it has {', '.join(map(str, table.columns))}. "
            f"This chart takes {source}."
        )


def frames_of(table: pd.DataFrame, frames: tuple[str, str] | None) -> tuple[str, str]:
    """The frames given, or those that the table of ``stance`` scores, in its order.

    Examples
    --------
    >>> columns = ["outlet", "n_risk", "n_chance", "rate_risk", "rate_chance", "n_risk_negated"]
    >>> frames_of(pd.DataFrame(columns=columns), None)
    ('risk', 'chance')
    """
    if frames is not None:
        if isinstance(frames, str) or len(frames) != 2:
            raise CountsError(
                f"frames={frames!r}: give two names, what a share of 1 and of 0 means."
            )
        return frames
    columns = [name for name in table.columns if isinstance(name, str)]
    counted = [name.removeprefix("n_") for name in columns if name.startswith("n_")]
    # Only a frame has a rate beside its hits; a table that was cut to its hits has none.
    found = [name for name in counted if f"rate_{name}" in columns]
    found = found or [name for name in counted if not name.endswith("_negated")]
    if len(found) != 2:
        raise CountsError(
            "the table does not tell which two frames its shares are of (it has the hits of "
            f"{', '.join(found) or 'none'}). Say frames=(a, b): what a share of 1 and of 0 means."
        )
    return found[0], found[1]
