"""Fingerprints of values and of this package's code, the same in any process."""

import hashlib
import inspect
import os
import pickle
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType

import numpy as np


@cache
def code_hash() -> str:
    """A hash over the package's own files: what other code has made is never taken over."""
    package = Path(__file__).parent
    content = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            content.update(f"{file.relative_to(package).as_posix()}\0".encode())
            content.update(hashlib.sha256(file.read_bytes()).digest())
    return content.hexdigest()


def fingerprint(*values: object) -> str:
    """SHA-256 of values: equal values give the same, in any process and order of sets and keys.

    A function counts with its own code and that of the file that defines it, not with what it calls
    elsewhere.

    Examples
    --------
    >>> fingerprint({"a": 1, "b": {2, 3}}) == fingerprint({"b": {3, 2}, "a": 1})
    True
    """
    return hashlib.sha256(_canonical(values)).hexdigest()


def _canonical(value: object) -> bytes:
    """Bytes that are the same for equal values; a pickle's depend on which objects are shared."""
    kind = type(value).__qualname__
    inner: Sequence[bytes]
    match value:
        case None | bool() | int() | float() | str() | bytes() if not isinstance(value, Enum):
            inner = [repr(value).encode()]
        case np.ndarray() if value.dtype != object:
            inner = [
                str((value.dtype, value.shape)).encode(),
                np.ascontiguousarray(value).tobytes(),
            ]
        case Path():
            kind, inner = "Path", [os.fsencode(value)]
        case Enum():
            inner = [value.name.encode()]
        case list() | tuple():
            inner = [_canonical(item) for item in value]
        case Set():
            inner = sorted(_canonical(item) for item in value)
        case Mapping():
            inner = sorted(_canonical(key) + _canonical(item) for key, item in value.items())
        case partial():
            inner = [_canonical([value.func, value.args, value.keywords])]
        case FunctionType():
            cells = [cell.cell_contents for cell in value.__closure__ or ()]
            asked = [value.__qualname__, value.__defaults__, value.__kwdefaults__, cells]
            inner = [_canonical([asked, _source(value), value.__code__])]
        case CodeType():
            inner = [_canonical([value.co_code, value.co_consts, value.co_names])]
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = [_canonical({f.name: getattr(value, f.name) for f in fields(value)})]
        case _:
            inner = [pickle.dumps(value, protocol=5)]
    lengths = ",".join(str(len(item)) for item in inner)
    return f"{kind}({lengths})".encode() + b"".join(inner)


def _source(function: FunctionType) -> str:
    """A hash of the file that a function is written in, if there is one."""
    try:
        path = inspect.getsourcefile(function)
        return hashlib.sha256(Path(path or os.devnull).read_bytes()).hexdigest()
    except (OSError, TypeError):
        return ""
