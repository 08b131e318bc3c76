"""What is said where compiled code cannot be loaded, or takes time, is true."""

import importlib
import logging
import sys
import types

import pytest

from analysis.errors import AnalysisError
from analysis.tokens import compiled as compiled_functions
from analysis.tokens import kernel
from analysis.tokens.compiled import compiled, inner


def test_memory_that_is_short_is_named_and_no_missing_library(monkeypatch: pytest.MonkeyPatch):
    def find_spec(name: str, path: object = None, target: object = None):
        if name != "numba":
            return
        try:
            raise OSError("libllvmlite.so: failed to map segment from shared object")
        except OSError:
            # llvmlite's own message, whatever the reason is.
            raise OSError("Could not find/load shared object file: libllvmlite.so") from None

    finder = types.SimpleNamespace(find_spec=find_spec)
    kept = sys.modules.pop("analysis.tokens.compiled")
    for name in [name for name in sys.modules if name.split(".")[0] == "numba"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    try:
        with pytest.raises(AnalysisError, match=r"failed to map segment.*memory is short"):
            importlib.import_module("analysis.tokens.compiled")
    finally:
        sys.modules["analysis.tokens.compiled"] = kept


def test_what_can_be_kept_nowhere_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch):
    from numba.core.caching import CacheImpl

    # As where the package and the user's cache are both read-only.
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    assert compiled(lambda a: a + 1)(2) == 3
    assert inner(lambda a: a + 1)(2) == 3


@pytest.mark.parametrize(("missing", "said"), [(0, False), (1, True)])
def test_compiling_is_told_only_where_it_happens(
    missing: int, said: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    class Timer:
        """A timer that is over at once."""

        def __init__(self, seconds: float, function) -> None:
            self.start, self.cancel = function, lambda: None

    stats = types.SimpleNamespace(cache_misses=missing)
    monkeypatch.setattr(kernel, "scan", types.SimpleNamespace(stats=stats))
    monkeypatch.setattr(compiled_functions.threading, "Timer", Timer)
    said_if_slow = compiled_functions.said_if_slow(kernel.scan, "the token kernel")
    with caplog.at_level(logging.WARNING), said_if_slow:
        pass
    assert ("Compiling the token kernel" in caplog.text) is said
