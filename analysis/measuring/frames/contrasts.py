"""Contrasts: which two frames are set against each other."""

from collections.abc import Iterable, Sequence

from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.patterns import frame_name

ANY_NUMBER = "prevalence(counts, lexicon, by, frames=[...]) measures any number of frames."


def lexicon_contrasts(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """The contrasts that a lexicon names, or the only one that its two frames can make.

    Examples
    --------
    >>> lexicon_contrasts(Lexicon.from_dict({"risk": ["danger*"], "chance": ["opportunit*"]}))
    (('risk', 'chance'),)
    """
    if lexicon.contrasts or len(lexicon.frames) != 2:
        return lexicon.contrasts
    first, second = lexicon.frames
    return ((first, second),)


def check_contrast(contrast: Sequence[str] | None, frames: Sequence[str]) -> tuple[str, str]:
    """Two different frames that the lexicon has; LexiconError if they are not."""
    if contrast is None and len(frames) > 2:
        raise LexiconError(
            f"contrast=None: the lexicon has {len(frames)} frames and names no contrast; give two "
            f"of them, such as {tuple(frames[:2])!r}: {', '.join(frames)}. {ANY_NUMBER}"
        )
    listed = []
    if isinstance(contrast, Iterable) and not isinstance(contrast, str):
        listed = [frame_name(frame) for frame in contrast]
    if len(listed) != 2 or listed[0] == listed[1]:
        raise LexiconError(
            f"contrast={contrast!r}: it must be two different frames, such as "
            f"{tuple(frames[:2])!r}." + f" {ANY_NUMBER}" * (len(listed) > 2)
        )
    for frame in listed:
        if frame not in frames:
            raise LexiconError(
                f"contrast={tuple(listed)!r}: there is no frame {frame!r}; the lexicon has "
                f"{', '.join(frames)}."
            )
    return listed[0], listed[1]
