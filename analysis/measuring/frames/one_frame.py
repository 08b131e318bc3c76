"""Frames scored one by one: which of a lexicon's are meant, and what each is set against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from analysis.counting.grouping import labelled
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.patterns import frame_name

Measure = Literal["prevalence", "rate", "share", "mean"]
Frames = str | int | Sequence[str] | None


@dataclass(frozen=True)
class OneFrame:
    """One frame as a contrast: of articles with it and without, or of its hits and all else.

    ``prevalence`` sets articles with at least `at_least` hits against the other articles, ``rate``
    hits against the other tokens, ``share`` hits against those of the `others`; ``mean`` is that of
    the weights of its hits.
    """

    frame: str
    measure: Measure
    others: tuple[str, ...] = ()
    at_least: int = 1

    @property
    def sides(self) -> tuple[str, str]:
        """What the two sides are called in tables."""
        return {
            "prevalence": ("articles_hit", "articles_without"),
            "rate": (f"n_{self.frame}", "n_other_tokens"),
            "share": (f"n_{self.frame}", "n_other_frames"),
            "mean": (f"weight_{self.frame}", f"n_{self.frame}"),
        }[self.measure]


Scored = tuple[str, str] | OneFrame


def measure_of(scored: Scored) -> str:
    """The measure by which a frame is scored; "contrast" for a contrast."""
    return scored.measure if isinstance(scored, OneFrame) else "contrast"


def with_frame(
    names: pd.DataFrame, table: pd.DataFrame, scored: Scored, *, tests: bool = True
) -> pd.DataFrame:
    """A table of results with the groups' names before it, and those of a frame and its measure."""
    note = table.pop("note")
    if isinstance(scored, OneFrame):
        about = {"frame": scored.frame, "measure": scored.measure}
        table = pd.DataFrame(about, table.index).assign(**table, **({"tests": 0} if tests else {}))
    return labelled(names, table.assign(note=note))


def chosen_frames(frames: Frames, known: Sequence[str]) -> list[str]:
    """The frames that are meant: the named ones, those of a level, or all that hold no others.

    A level counts from 1; a frame that ends above it stands for itself. LexiconError if a frame is
    not there, is named twice, or is a part of another.

    Examples
    --------
    >>> known = ["economy", "economy/growth", "economy/crisis", "war"]
    >>> chosen_frames(None, known)
    ['economy/growth', 'economy/crisis', 'war']
    >>> chosen_frames(1, known)
    ['economy', 'war']
    """
    leaves = [f for f in known if not any(other.startswith(f + "/") for other in known)]
    if frames is None:
        return leaves
    if isinstance(frames, int):
        deepest = max((leaf.count("/") + 1 for leaf in leaves), default=0)
        if not 1 <= frames <= deepest or isinstance(frames, bool):
            raise LexiconError(f"frames={frames!r}: the lexicon has the levels 1 to {deepest}.")
        return list(dict.fromkeys("/".join(leaf.split("/")[:frames]) for leaf in leaves))
    if not isinstance(frames, Iterable):
        raise LexiconError(f"frames={frames!r}: give a frame, a list of frames, or a level.")
    names = [frame_name(f) for f in ([frames] if isinstance(frames, str) else frames)]
    for name in names:
        if name not in known and not any(leaf.startswith(name + "/") for leaf in leaves):
            raise LexiconError(
                f"frames={frames!r}: there is no frame {name!r}; the lexicon has "
                f"{', '.join(known) or 'none'}."
            )
        if names.count(name) > 1:
            raise LexiconError(f"frames={frames!r}: {name!r} is named twice.")
        if above := next((f for f in names if name.startswith(f + "/")), None):
            raise LexiconError(
                f"frames={frames!r}: {name!r} is a part of {above!r}, and its hits would count "
                "twice; ask for one of the two, or for a level, such as frames=1."
            )
    if not names:
        raise LexiconError(f"frames={frames!r} names no frame; the lexicon has {', '.join(known)}.")
    return names


def one_by_one(
    frames: Frames, known: Sequence[str], measure: Measure, at_least: int
) -> list[OneFrame]:
    """Each of the chosen frames; its share is one of all that are chosen.

    The share of one alone is that of the hits of all frames that hold no others.
    """
    check_measure(measure, at_least)
    names = chosen_frames(frames, known)
    others = names
    if len(names) == 1:
        others = [f for f in chosen_frames(None, known) if not f"{f}/".startswith(names[0] + "/")]
        others = [f for f in others if not names[0].startswith(f + "/")]
    if measure == "share" and not set(others) - set(names[:1]):
        raise LexiconError(f"frames={frames!r}: a share needs a second frame; there is none.")
    return [
        OneFrame(
            name, measure, tuple(f for f in others if f != name) if measure == "share" else (),
            at_least,
        )
        for name in names
    ]  # fmt: skip


def check_measure(measure: object, at_least: object) -> None:
    """CountsError if the measure is unknown, or the number of hits is not one of at least 1."""
    if measure not in get_args(Measure):
        allowed = ", ".join(get_args(Measure))
        raise CountsError(f"measure={measure!r} is unknown; allowed are {allowed}.")
    if not isinstance(at_least, int) or isinstance(at_least, bool) or at_least < 1:
        raise CountsError(f"at_least={at_least!r}: it must be a whole number of at least 1.")
