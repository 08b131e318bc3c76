"""Words of scripts that write no spaces between them, as ICU's dictionaries cut them."""

import warnings
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.tokens import characters as c
from analysis.tokens.tally import gather, spread
from analysis.tokens.texts import ranges

Places = NDArray[np.int64]


class Pieces(NamedTuple):
    """The words of many strings: string k has those from ``bounds[k]`` to ``bounds[k + 1]``.

    `data` and `offsets` have their UTF-8 bytes, `starts` and `ends` their characters within their
    string.
    """

    bounds: Places
    data: NDArray[np.uint8]
    offsets: Places
    starts: Places
    ends: Places


@cache
def unspaced() -> NDArray[np.bool_]:
    """Whether each code point below KIND_LIMIT is of a script that writes no spaces."""
    table = np.zeros(c.KIND_LIMIT, bool)
    for first, last in c.UNSPACED:
        table[first : last + 1] = True
    table.setflags(write=False)
    return table


def pieces(strings: pa.LargeStringArray, *, lower: bool) -> Pieces:
    """Cut tokens wherever ICU ends a word beside a letter of these scripts.

    Apostrophes and hyphens beside such a letter join nothing, and are as good as a space. No cut
    is made beside the letters that stand in for wildcards. `lower` puts ASCII letters into lower
    case, as the kernel does.
    """
    text = "".join(f"{string}\n" for string in strings.to_pylist())
    points, kind, ends = _cut(text)
    cuts = np.append(0, ends)
    starts = cuts[:-1]
    is_word = np.add.reduceat(kind == c.WORD, starts) > 0
    widths = 1 + (points > 0x7F) + (points > 0x7FF) + (points > 0xFFFF)
    offsets = np.append(0, np.cumsum(widths))
    own = np.append(0, np.flatnonzero(points == 0x0A) + 1)
    string = np.searchsorted(own, starts, side="right") - 1
    bounds = np.append(0, np.cumsum(np.bincount(string[is_word], minlength=len(strings))))
    begin = own[string[is_word]]
    starts, ends = starts[is_word], ends[is_word]
    data = np.frombuffer(text.encode(), np.uint8).copy()
    if lower:
        data[(data >= 0x41) & (data <= 0x5A)] |= 0x20
    data, places = gather(data, offsets[cuts], np.flatnonzero(is_word).astype(np.int32))
    return Pieces(bounds, data, places, starts - begin, ends - begin)


def _cut(text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Places]:
    """Code points and their kinds, and where the pieces end."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    within = np.minimum(points, c.KIND_LIMIT - 1)
    kind = c.kinds()[within]
    cuts = unspaced()[within] | (kind == c.BREAK)
    # What follows a letter goes with it.
    own = np.where((kind == c.MARK) | (kind == c.INVISIBLE), 0, np.arange(len(points)))
    cuts = cuts[np.maximum.accumulate(own)]
    beside = np.append(cuts[1:], False) | np.append(False, cuts[:-1])
    cuts |= beside & ((kind == c.APOSTROPHE) | (kind == c.HYPHEN))
    keeps = np.isin(points, [ord(letter) for letter in c.STAND_INS])
    ends = np.fromiter(chain.from_iterable(_breaker()(text, "en").segments()), np.int64)[1::2]
    if points.max() > 0xFFFF:  # ICU counts UTF-16's units
        ends = np.searchsorted(np.cumsum(1 + (points > 0xFFFF)), ends) + 1
    inner = ends[:-1]
    cut = (cuts[inner - 1] | cuts[inner]) & ~(keeps[inner - 1] | keeps[inner])
    cut |= (kind[inner - 1] == c.BREAK) | (kind[inner] == c.BREAK)
    return points, kind, np.append(inner[cut], len(points))


def expanded(
    tokens: Any, at: Places, which: NDArray[np.intp], found: Pieces, ids: Any
) -> dict[str, Any]:
    """The fields of a block of tokens with the words in place of the runs at these places.

    `which` string of `found` each run is; `ids` are those of the words.
    """
    sizes = np.diff(found.bounds)[which]
    within = ranges(np.zeros(len(at), np.int64), sizes)
    word = ranges(found.bounds[:-1][which], sizes)
    put = partial(spread, at=at, sizes=sizes)
    fields = {"ids": put(tokens.ids, words=ids[word])}
    if tokens.gaps is not None:
        gaps = np.where(within > 0, c.GAP_SPACE, np.repeat(tokens.gaps[at], sizes))
        fields["gaps"] = put(tokens.gaps, words=gaps.astype(np.uint8))
    if tokens.starts is not None:
        begin = np.repeat(tokens.starts[at], sizes)
        fields["starts"] = put(tokens.starts, words=begin + found.starts[word])
        fields["ends"] = put(tokens.ends, words=begin + found.ends[word])
    more = np.append(0, np.cumsum(sizes - 1))[np.searchsorted(at, tokens.bounds)]
    return fields | {"bounds": tokens.bounds + more}


@cache
def _breaker() -> Any:
    from icu4py.breakers import WordBreaker

    return WordBreaker


def can_cut() -> bool:
    """Whether ICU is installed."""
    try:
        _breaker()
    except ImportError:
        return False
    return True


def warn_uncut(runs: int) -> None:
    """Say how many runs stayed whole without ICU."""
    warnings.warn(
        f"{runs:,} runs of Chinese, Japanese, Thai, Lao, Khmer or Burmese letters count as one "
        "token each, and patterns miss the words in them: icu4py is not installed. It comes with "
        "the extra 'languages': pip install \"media-framing-analysis[languages]\".",
        stacklevel=2,
    )
