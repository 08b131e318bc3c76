"""Lexicons in several languages: each frame has a list of patterns for each language.

Where each of at least two frames (or of those under them) holds nothing but ISO 639-1 codes, these
are languages, not frames: ``{"deterrence": {"en": [...], "ru": [...]}, "dialogue": {...}}``.
"""

from collections.abc import Mapping
from typing import Any

from analysis.errors import LexiconError
from analysis.tokens.languages import names


def languages_in(frames: Mapping[str, Any]) -> list[str]:
    """The codes of the languages that frames have patterns in, or nothing."""
    held = list(_leaves(frames))
    if len(held) < 2 or not all(held):
        return []
    return list(dict.fromkeys(code for codes in held for code in codes))


def _leaves(frames: Mapping[str, Any]) -> Any:
    """The codes that each frame without frames under it holds; nothing where it holds patterns."""
    for held in frames.values():
        if not isinstance(held, Mapping) or not held:
            yield []
        elif all(isinstance(of, int | float) for of in held.values()):
            yield []  # weights, of words that may look like codes
        elif all(key in names() and not isinstance(of, Mapping) for key, of in held.items()):
            yield list(held)
        else:
            yield from _leaves(held)


def in_language(held: Mapping[str, Any], code: str, where: str) -> dict[str, Any]:
    """What frames hold in one language; LexiconError where one has nothing in it."""
    found: dict[str, Any] = {}
    for name, of in held.items():
        if all(key in names() and not isinstance(of[key], Mapping) for key in of):
            if code not in of:
                raise LexiconError(
                    f"{where}: frame {name!r} has patterns in {', '.join(of)}, and none in "
                    f"{code!r}, which other frames have: its hits would be 0 there. List some, or "
                    "leave the language out."
                )
            found[name] = of[code]
        else:
            found[name] = in_language(of, code, where)
    return found


def said_in(value: Any, code: str) -> Any:
    """What holds for one language: the entry of its code, or the whole where there are none."""
    return value.get(code, ()) if isinstance(value, Mapping) else value


def joined(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Frames, negators and weights of all languages together."""
    if not parts:
        return {}
    first = next(iter(parts.values()))
    frames = {
        frame: tuple(dict.fromkeys(p for part in parts.values() for p in part.frames[frame]))
        for frame in first.frames
    }
    negators = dict.fromkeys(word for part in parts.values() for word in part.negators)
    weights: dict[str, dict[str, float]] = {}
    for part in parts.values():
        for frame, given in part.weights.items():
            weights.setdefault(frame, {}).update(given)
    return {"frames": frames, "negators": tuple(negators), "weights": weights}


def only(
    frames: Mapping[str, tuple[str, ...]], kept: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The patterns of frames that are among those kept."""
    return {name: tuple(p for p in frames[name] if p in left) for name, left in kept.items()}
