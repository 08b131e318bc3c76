"""How the package's compiled functions are compiled: kept on disk, and without the GIL.

Numba looks only at a function's own file to see whether its cached code is still current; so a
compiled function calls none of another module.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from analysis.errors import AnalysisError

try:
    import numba
except OSError as error:
    # llvmlite calls its library missing whatever the reason is; the loader's own words are beneath.
    raise AnalysisError(
        f"Compiled code can't be loaded: {error.__context__ or error}. Where it says 'failed to "
        "map', memory is short: free about 1 GB, or raise the limit (ulimit -v); else reinstall "
        "llvmlite."
    ) from error

Function = TypeVar("Function", bound=Callable[..., Any])
_log = logging.getLogger("analysis")


def _njit(function: Function, **options: Any) -> Function:
    try:
        return cast(Function, numba.njit(function, cache=True, nogil=True, **options))
    except RuntimeError:  # nothing can be kept: neither beside the package nor in the user's cache
        return cast(Function, numba.njit(function, nogil=True, **options))


def compiled(function: Function) -> Function:
    """Compile a function that may allocate arrays."""
    return _njit(function)


def inner(function: Function) -> Function:
    """Compile a function of an inner loop, which cannot allocate arrays.

    Without ``_nrt=False`` Numba would count references to the arrays at every call, which takes
    several times as long as the work itself.
    """
    return _njit(function, _nrt=False)


def inlined(function: Function) -> Function:
    """Compile a function of an inner loop into the functions that call it."""
    return _njit(function, _nrt=False, forceinline=True)


@contextmanager
def said_if_slow(function: Any, what: str) -> Iterator[None]:
    """Say so if a compiled function is not in the cache and takes a while to compile."""

    def say() -> None:
        if function.stats.cache_misses:
            _log.warning(f"Compiling {what}; later runs read it from the cache.")

    timer = threading.Timer(2, say)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
