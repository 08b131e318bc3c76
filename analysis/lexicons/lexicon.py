"""A lexicon: frames, each a named list of patterns, with what its author says about them."""

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import LexiconError
from analysis.formatting import counted
from analysis.lexicons.formats import read_lexicon_file
from analysis.lexicons.formats.framing_yaml import write
from analysis.lexicons.frames import Weights, checked_frames, kept_weights
from analysis.lexicons.languages import in_language, joined, languages_in, only, said_in
from analysis.lexicons.patterns import EXCLUSION, check_frame_names, checked_patterns, frame_name
from analysis.lexicons.shipped import find_lexicon, shipped_part
from analysis.tokens.languages import language_name, names

NEGATION_WINDOW = 3


@dataclass(frozen=True)
class Lexicon:
    """Frames and their patterns.

    Attributes
    ----------
    name, version, language : str
    frames : dict of frame name to tuple of patterns
        Frame names are folded and have ``_`` for spaces, so that they fit column names.
    domain : str
        The topics that it is made for.
    coding : str
        How its hits were coded, and how many were right; or that they are not coded.
    authors : tuple of str
    definitions, rules : dict of frame name to str
        What the frame means, and what is taken in and left out.
    contrasts : tuple of (frame, frame)
        Frames that are set against each other.
    negators : tuple of str
        Patterns after which a hit is counted as negated.
    negation_window : int
        How many tokens before the hit's first token a negator's last one may be.
    parts : dict of language code to Lexicon
        The lexicon in each of several languages; `frames` and `negators` have all their patterns.
    weights : dict of frame name to dict of pattern to float
        Of the frames that have weights: one for each pattern but the exclusions.

    Examples
    --------
    >>> lexicon = Lexicon.from_dict({"dialogue": ["talks", "summit*", "-talks show"]})
    >>> lexicon
    Lexicon 'unnamed': dialogue (2 patterns); fingerprint a738310a
    """

    name: str
    frames: Mapping[str, tuple[str, ...]]
    version: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    contrasts: tuple[tuple[str, str], ...] = ()
    negators: tuple[str, ...] = ()
    negation_window: int = NEGATION_WINDOW
    domain: str = ""
    coding: str = ""
    parts: Mapping[str, "Lexicon"] = field(default_factory=dict)
    weights: Weights = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_frame_names(self.frames, self.name)

    @classmethod
    def load(cls, path: str | Path, encoding: str | None = None) -> "Lexicon":
        """Read a lexicon from a file, or a shipped one by its name.

        Parameters
        ----------
        path : str or Path
            A file of ours (.yml), LIWC (.dic), Lexicoder (.lc3, .lcd), Yoshikoder (.ykd),
            WordStat (.cat) or a table with columns frame and pattern, weight, or words and
            weights alone (.csv, .tsv, .txt); or the name of a shipped lexicon. Categories under
            others become frames ``parent/child``, and a parent counts all that is under it.
        encoding : str, optional
            For files that are not UTF-8, such as "cp1252".

        Raises
        ------
        LexiconError
            If there is no such file or shipped lexicon, or the file is malformed; the message
            names file and line.

        Examples
        --------
        >>> Lexicon.load("deterrence-dialogue").contrasts
        (('deterrence', 'dialogue'),)
        """
        data = read_lexicon_file(find_lexicon(path), encoding)
        parts = {code: cls(**part) for code, part in data.pop("parts", {}).items()}
        whole = cls(**(data | joined(parts)), parts=parts)
        code = shipped_part(path)
        return replace(whole, name=str(path)) if code == "" else parts[code] if code else whole

    @classmethod
    def from_dict(
        cls,
        frames: Mapping[str, Any],
        *,
        name: str = "unnamed",
        version: str = "",
        language: str = "",
        contrasts: Iterable[tuple[str, str]] = (),
        negators: Iterable[str] = (),
        negation_window: int = NEGATION_WINDOW,
    ) -> "Lexicon":
        """Make a lexicon from ``{frame: patterns}``.

        Parameters
        ----------
        frames : mapping of name to patterns, or to frames that it holds
            A pattern that begins with ``-`` is a phrase whose tokens do not count. As in files, a
            frame under another is ``parent/child``, and the parent counts all that is under it.
            In several languages, two frames or more, ``{"war": {"en": [...], "de": [...]}, ...}``.
            ``{pattern: weight}`` in place of a list makes a frame of weights, for `scale`.
        name, version, language, contrasts, negators, negation_window
            As for `Lexicon`; negators may be a mapping of language to patterns, too.

        Raises
        ------
        LexiconError
            If a frame is empty or named twice, a pattern or a weight is not one, a contrast names a
            frame that is not there, or the window is below 1.
        """
        if not isinstance(frames, Mapping):
            raise LexiconError(
                f"lexicon {name!r}: frames={frames!r} is a {type(frames).__name__}; map the name "
                "of each frame to its patterns, {'risk': ['threat*', ...], ...}."
            )
        if codes := languages_in(frames):
            parts = {
                code: cls.from_dict(
                    in_language(frames, code, f"lexicon {name!r}"),
                    name=name, version=version, language=names()[code], contrasts=contrasts,
                    negators=said_in(negators, code), negation_window=negation_window,
                )
                for code in codes
            }  # fmt: skip
            return replace(parts[codes[0]], language="", parts=parts, **joined(parts))
        checked, weights = checked_frames(frames, f"lexicon {name!r}")
        if not checked:
            raise LexiconError(f"lexicon {name!r} has no frames.")
        if type(negation_window) is not int or negation_window < 1:
            raise LexiconError(
                f"lexicon {name!r}: negation_window={negation_window!r}; it must be a whole number "
                "of tokens, at least 1."
            )
        given = [pair.split(" vs ") if isinstance(pair, str) else pair for pair in contrasts]
        if wrong := [pair for pair in given if len(pair) != 2]:
            raise LexiconError(
                f"lexicon {name!r}: a contrast is {wrong[0]!r}; give two frames, such as "
                "[('risk', 'chance')]."
            )
        pairs = tuple((frame_name(a), frame_name(b)) for a, b in given)
        for frame in (frame for pair in pairs for frame in pair):
            if frame not in checked:
                raise LexiconError(
                    f"lexicon {name!r}: a contrast names {frame!r}; the frames are "
                    f"{', '.join(checked)}."
                )
        return cls(
            name=name, frames=checked, weights=weights, version=version, language=language,
            contrasts=pairs, negation_window=negation_window,
            negators=checked_patterns(negators, f"lexicon {name!r}, negators") if negators else (),
        )  # fmt: skip

    def check(self, counts: Any, articles: pd.DataFrame | None = None) -> pd.DataFrame:
        """Deprecated: `check_lexicon` does this, ``check_lexicon(lexicon, counts, articles)``."""
        import analysis

        text = "Lexicon.check goes: write analysis.check_lexicon(lexicon, counts, articles)."
        warnings.warn(text, FutureWarning, stacklevel=2)
        table: pd.DataFrame = analysis.check_lexicon(self, counts, articles)
        return table

    def save(self, path: str | Path) -> None:
        """Write the lexicon as YAML, which `load` and quanteda read, replacing the file."""
        write(vars(self), Path(path))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that changes counts: frames, patterns, weights, negators, window."""
        content: dict[str, Any] = {
            "frames": {frame: sorted(self.frames[frame]) for frame in sorted(self.frames)},
            "negators": sorted(self.negators),
            "negation_window": self.negation_window if self.negators else 0,
        }
        if self.parts:
            content["parts"] = {code: part.fingerprint for code, part in self.parts.items()}
        if self.weights:
            content["weights"] = {f: sorted(self.weights[f].items()) for f in sorted(self.weights)}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def label(self) -> str:
        """Name, version and the beginning of the fingerprint, for tables and captions."""
        return " ".join(filter(None, (self.name, self.version, self.fingerprint[:8])))

    @property
    def scope(self) -> str:
        """Its domain and how its hits were coded, as sentences; empty if it does not say."""
        said = {"Domain": self.domain, "Coding": self.coding}
        return " ".join(f"{what}: {text.rstrip('.')}." for what, text in said.items() if text)

    @property
    def caption(self) -> str:
        """The label, for captions: with a warning where it is known that no hit was coded."""
        told = (self.parts or {"": self}).items()
        bare = [f"{language_name(c)} not coded" for c, of in told if of.coding[:9] == "not coded"]
        return ", ".join([self.label, *map(str.strip, bare)])

    def subset(self, frames: Iterable[str]) -> "Lexicon":
        """Return a lexicon with some of the frames, and the contrasts between these."""
        wanted = [self.frame(name) for name in ([frames] if isinstance(frames, str) else frames)]
        return self._with({frame: self.frames[frame] for frame in wanted})

    def without(self, pattern: str, frame: str | None = None) -> "Lexicon":
        """Return a lexicon without one pattern, as written in it, in one frame or in all.

        LexiconError if there is no such frame, or the pattern is in none that is meant.

        Examples
        --------
        >>> Lexicon.from_dict({"risk": ["risk*", "danger"]}).without("danger").frames
        {'risk': ('risk*',)}
        """
        chosen = self.frames if frame is None else [self.frame(frame)]
        if not any(pattern in self.frames[name] for name in chosen):
            raise LexiconError(
                f"{self!r} has no pattern {pattern!r} in {frame or 'any of its frames'}."
            )
        left = {
            name: tuple(p for p in patterns if p != pattern) if name in chosen else patterns
            for name, patterns in self.frames.items()
        }
        return self._with(left)

    def without_weights(self) -> "Lexicon":
        """Return the same frames, whose hits all count alike."""
        return replace(self, weights={})

    def frame(self, name: str) -> str:
        """Return a frame's name as the tables have it; an error names the frames there are."""
        folded = frame_name(name)
        if folded not in self.frames:
            raise LexiconError(f"{self!r} has no frame {name!r}.")
        return folded

    def _with(self, frames: dict[str, tuple[str, ...]]) -> "Lexicon":
        pairs = tuple(pair for pair in self.contrasts if set(pair) <= set(frames))
        parts = {code: part._with(only(part.frames, frames)) for code, part in self.parts.items()}
        weights = kept_weights(self.weights, frames)
        return replace(self, frames=frames, contrasts=pairs, parts=parts, weights=weights)

    def __hash__(self) -> int:
        return hash((self.name, self.version, self.fingerprint))

    def __repr__(self) -> str:
        sizes = ", ".join(
            f"{frame} ({counted(sum(not p.startswith(EXCLUSION) for p in patterns), 'pattern')}"
            f"{' with weights' if frame in self.weights else ''})"
            for frame, patterns in self.frames.items()
        )
        spoken = f"({', '.join(self.parts)})" if self.parts else ""
        title = " ".join(filter(None, (repr(self.name), self.version, spoken)))
        return f"Lexicon {title}: {sizes}; fingerprint {self.fingerprint[:8]}"


def counted_with(label: str) -> str:
    """With which lexicon counts were made, by its label in them."""
    return f"made with the lexicon {label!r}" if label else "made without a lexicon"


def as_lexicon(lexicon: object) -> Lexicon:
    """The lexicon itself, or the one that a path, a shipped name or a mapping of frames is of."""
    if isinstance(lexicon, str | Path):
        return Lexicon.load(lexicon)
    if isinstance(lexicon, Mapping):
        return Lexicon.from_dict(lexicon)
    if isinstance(lexicon, list | tuple):
        raise LexiconError(
            f"lexicon is a {type(lexicon).__name__} of {len(lexicon)}: one is counted at a time. "
            "Count with each in turn, or put their frames into one: Lexicon.from_dict({**a.frames, "
            "**b.frames})."
        )
    if not isinstance(lexicon, Lexicon):
        raise LexiconError(
            f"lexicon is a {type(lexicon).__name__}: Lexicon.load(path) or "
            "Lexicon.from_dict({'frame': ['pattern*', ...]}) makes one."
        )
    return lexicon
