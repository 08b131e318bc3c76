"""Names of a study's tables and figures, which are names of files, too, and of its groups."""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.formatting import NO_NAME

Frames = tuple[str, str]


def file_name(name: str) -> str:
    """A name that every file system takes, and that is one word in an address."""
    return re.sub(r"[^\w-]+", "-", name)


def contrast_key(contrasts: Sequence[Frames], frames: Frames) -> str:
    """What tells the files of a contrast from those of the study's others; nothing if it is alone.

    Such as ``force-arms_talk_``, or ``a_b_c_2_`` where another contrast would be called the same.
    """
    if len(contrasts) == 1:
        return ""
    names = [file_name("_".join(pair)) for pair in contrasts]
    place = list(contrasts).index(frames)
    number = f"_{place + 1}" if names.index(names[place]) < place else ""
    return f"{names[place]}{number}_"


def named(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with ``(none)`` where a column that makes groups has no value."""
    for column in columns:
        values = frame[column].astype("str")
        nameless = frame[column].isna() | (values.str.strip() == "")
        if nameless.any():
            frame = frame.assign(**{column: values.mask(nameless, NO_NAME)})
    return frame
