"""Texts in whatever container they come, as Arrow string arrays; and blocks of their tokens."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.errors import ArticlesError

# How much text goes through the kernel at a time: its tokens then fit into the processor's cache.
BLOCK_BYTES = 1 << 22

Ids = NDArray[np.int32]
Places = NDArray[np.int64]

_SURROGATE = re.compile("[\ud800-\udfff]")


class Tokens(NamedTuple):
    """Tokens of a block of texts: as TokenStream, but `ids` are those of unfolded strings."""

    ids: Ids
    bounds: Places
    gaps: NDArray[np.uint8] | None
    starts: Places | None
    ends: Places | None


class Rows(NamedTuple):
    """Counts per text: text k has ``terms[indptr[k]:indptr[k + 1]]``, each once."""

    indptr: Places
    terms: Ids
    counts: Ids


Block = TypeVar("Block", Tokens, Rows)


def one_block(blocks: Sequence[Block]) -> Block:
    """The blocks concatenated."""
    bounds = "bounds" if isinstance(blocks[0], Tokens) else "indptr"
    merged: dict[str, Any] = {}
    for name in blocks[0]._fields:
        parts: list[Any] = [getattr(block, name) for block in blocks]
        if name == bounds:
            before = np.cumsum([0, *(part[-1] for part in parts)])
            shifted: list[Any] = [
                part[1:] + start for part, start in zip(parts, before, strict=False)
            ]
            parts = [np.zeros(1, np.int64), *shifted]
        merged[name] = None if parts[0] is None else np.concatenate(parts)
    return type(blocks[0])(**merged)


def text_blocks(texts: Any) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """The texts as UTF-8 bytes and the offsets of each text in them, a few MB at a time.

    Arrow strings (and columns of pandas "str" type, which are such) are not copied.
    """
    for array in arrow_strings(texts):
        data, bounds = string_bytes(array)
        start = 0
        while start < max(len(array), 1):
            stop = int(np.searchsorted(bounds, bounds[start] + BLOCK_BYTES, side="right")) - 1
            stop = max(stop, start + 1)
            yield data, bounds[start : stop + 1]
            start = stop


def string_bytes(array: pa.Array) -> tuple[NDArray[np.uint8], Places]:
    """The strings as UTF-8, which can't be written to, and the offsets of each in it."""
    _, offsets, data = array.buffers()
    width: type = np.int64 if pa.types.is_large_string(array.type) else np.int32
    bounds: NDArray[Any] = np.frombuffer(offsets or bytes(8), width)
    bounds = bounds[array.offset : array.offset + len(array) + 1].astype(np.int64)
    view = np.frombuffer(data or b"", np.uint8)
    view.setflags(write=False)
    return view, bounds


def ranges(start: Places, size: Places) -> Places:
    """``start[k], start[k] + 1, ...``, as many as `size` says, for each k."""
    ends = np.cumsum(size)
    places: Places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(start - ends + size, size)
    return places


def arrow_strings(texts: Any) -> list[pa.Array]:
    """Texts as arrays of type string or large_string without missing values."""
    if isinstance(texts, str | bytes):
        raise ArticlesError("texts is a single string; give a list or a column of strings.")
    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        texts = _to_arrow(texts)
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    row = 0
    for chunk in chunks:
        if chunk.null_count:
            at = row + int(np.flatnonzero(chunk.is_null().to_numpy(zero_copy_only=False))[0])
            raise ArticlesError(
                f"text is missing in row {at} (and in {texts.null_count} row(s) in all); "
                "drop such rows, or fill them with an empty string."
            )
        row += len(chunk)
    return [chunk if _is_string(chunk.type) else _cast(chunk) for chunk in chunks]


def _to_arrow(texts: Iterable[Any]) -> pa.Array | pa.ChunkedArray:
    if not hasattr(texts, "__len__"):
        texts = list(texts)
    if len(texts) == 0:  # type: ignore[arg-type]
        return pa.array([], pa.large_string())
    try:
        array = pa.array(texts, from_pandas=True)
        if _is_string(array.type) or array.null_count:
            return array
    except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError):
        pass
    # Lone surrogates have no UTF-8; as U+FFFD they separate tokens, as any symbol does.
    values = [_encodable(text, row) for row, text in enumerate(texts)]
    return pa.array(values, pa.large_string())


def _encodable(text: Any, row: int) -> str:
    if not isinstance(text, str):
        raise ArticlesError(f"text in row {row} is {text!r}, not a string.")
    return _SURROGATE.sub("\ufffd", text)


def _is_string(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cast(chunk: pa.Array) -> pa.Array:
    kind = chunk.type.value_type if pa.types.is_dictionary(chunk.type) else chunk.type
    if not (_is_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind)):
        raise ArticlesError(f"texts are of type {chunk.type}; strings are needed.")
    return chunk.cast(pa.large_string())
