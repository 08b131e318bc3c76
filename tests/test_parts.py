"""The loop over parts: the same results, in order, wherever and however often it is run."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from analysis import parts as module
from analysis.errors import CountsError, ExecutorError, OutputError, ReadError
from analysis.executors import open_executor
from analysis.parts import check_stopped, map_parts

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = [5, 1, 4, 0, 3, 2]


def square(number: int) -> int:
    # The later parts are done first.
    time.sleep((10 - number) / 1000)
    return number**2


def table(number: int, log: Path | None = None) -> dict[str, pa.Table]:
    if log is not None:
        with log.open("a") as file:
            file.write(f"{number}\n")
    dates = pa.array([number] * number, pa.date32()).dictionary_encode()
    return {
        "days": pa.table({"day": dates}).replace_schema_metadata({"head": str(number)}),
        "squares": pa.table({"n": [number**2]}),
    }


def refuse(number: int) -> int:
    if number == 4:
        raise ReadError("part 4: no such column")
    return number


@pytest.fixture(scope="module")
def pools() -> Iterator[dict[str, Executor | None]]:
    with open_executor(2) as processes, ThreadPoolExecutor(3) as threads:
        yield {"here": None, "processes": processes, "threads": threads}


@pytest.mark.parametrize("where", ["here", "processes", "threads"])
def test_results_come_in_the_order_of_the_parts(where: str, pools: dict[str, Any]):
    done: list[int] = []
    found = []
    for result in map_parts(square, iter(NUMBERS), pools[where], progress=lambda: done.append(1)):
        found.append(result)
        assert len(done) == len(found)
    assert found == [25, 1, 16, 0, 9, 4]
    assert list(map_parts(square, [], pools[where])) == []


@pytest.mark.parametrize("where", ["here", "processes", "threads"])
def test_a_fault_of_a_part_comes_as_it_is(where: str, pools: dict[str, Any]):
    found = map_parts(refuse, NUMBERS, pools[where])
    assert [next(found), next(found)] == [5, 1]
    with pytest.raises(ReadError, match="part 4: no such column"):
        next(found)


def test_only_some_parts_are_under_way():
    taken = []

    def parts() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as threads, closing(map_parts(abs, parts(), threads)) as found:
        assert next(found) == 0
        assert len(taken) == 4
        assert next(found) == 1
        assert len(taken) == 5


def test_what_nobody_waits_for_ends():
    def long(number: int) -> int:
        until = time.monotonic() + 60
        while number and time.monotonic() < until:
            check_stopped()
            time.sleep(0.001)
        return number

    start = time.monotonic()
    with ThreadPoolExecutor(2) as threads, closing(map_parts(long, range(9), threads)) as found:
        assert next(found) == 0
    assert time.monotonic() - start < 10


def test_a_process_that_is_killed_is_named():
    with pytest.raises(ExecutorError, match="a worker process ended unexpectedly"):
        list(map_parts(os._exit, [1, 1], 2))


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_their_parent(sent: signal.Signals, tmp_path: Path):
    (tmp_path / "run.py").write_text(
        textwrap.dedent("""
        import os, pathlib, signal, sys, time
        from analysis.parts import map_parts

        def sleep(number):
            (pathlib.Path(__file__).parent / f"{os.getpid()}.pid").touch()
            time.sleep(60)

        if __name__ == "__main__":
            signal.signal(signal.SIGINT, signal.default_int_handler)
            list(map_parts(sleep, range(4), 2))
        """)
    )
    run = subprocess.Popen(
        [sys.executable, str(tmp_path / "run.py")], stderr=subprocess.PIPE, text=True,
        start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    until = time.monotonic() + 60
    while len(list(tmp_path.glob("*.pid"))) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    workers = [int(path.stem) for path in tmp_path.glob("*.pid")]
    assert len(workers) == 2
    # Ctrl-C goes to all processes of a terminal.
    (os.killpg if sent == signal.SIGINT else os.kill)(run.pid, sent)
    start = time.monotonic()
    _, errors = run.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert errors.count("Traceback") == (sent == signal.SIGINT)
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.01)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def results(work: Path, log: Path, where: Any = None, question: object = None) -> list[Any]:
    function = partial(table, log=log)
    found = list(map_parts(function, NUMBERS, where, work=work, question=question))
    for number, tables in zip(NUMBERS, found, strict=True):
        for name, expected in table(number).items():
            assert tables[name].equals(expected, check_metadata=True)
        assert list(tables) == ["days", "squares"]
    return found


def asked(log: Path) -> list[int]:
    """The parts that were worked on since the last look."""
    numbers = sorted(map(int, log.read_text(encoding="utf-8").split())) if log.exists() else []
    log.unlink(missing_ok=True)
    return numbers


@pytest.mark.parametrize("where", ["here", "processes", "threads"])
def test_what_is_kept_is_not_done_again(where: str, pools: dict[str, Any], tmp_path: Path):
    work, log = tmp_path / "new" / "work", tmp_path / "log"
    results(work, log, pools[where])
    assert asked(log) == sorted(NUMBERS)
    results(work, log, pools[where])
    # Wherever it was made.
    results(work, log)
    assert asked(log) == []
    kept = sorted(work.iterdir())
    assert len(kept) == 6
    results(work, log, pools[where], question=("by", "outlet"))
    assert asked(log) == sorted(NUMBERS)
    assert len(list(work.iterdir())) == 12


def test_a_key_says_what_of_a_part_matters(tmp_path: Path):
    for number, there in ((3, 1), (13, 1), (4, 2)):
        found = list(map_parts(table, [number], work=tmp_path, key=lambda part: part % 10))
        assert found == [table(number % 10)]
        assert len(list(tmp_path.iterdir())) == there


def test_what_cannot_be_sent_to_processes_is_said(pools: dict[str, Any]):
    with pytest.raises(ExecutorError, match=r"lambda.* can't be sent to other processes .*module"):
        list(map_parts(lambda number: number, [1], pools["processes"]))


@pytest.mark.parametrize("where", ["here", "processes"])
def test_what_is_damaged_or_missing_is_done_again(
    where: str, pools: dict[str, Any], tmp_path: Path
):
    work, log = tmp_path / "work", tmp_path / "log"
    results(work, log)
    kept = sorted(work.iterdir())
    whole = {path: path.read_bytes() for path in kept}
    kept[0].unlink()
    kept[1].write_bytes(whole[kept[1]][:-1])
    kept[2].write_bytes(b"")
    kept[3].write_bytes(whole[kept[4]])
    asked(log)
    results(work, log, pools[where])
    assert len(asked(log)) == 4
    assert {path: path.read_bytes() for path in work.iterdir()} == whole


def test_any_bit_that_flips_is_seen(tmp_path: Path):
    work, log = tmp_path / "work", tmp_path / "log"
    function = partial(table, log=log)
    (tables,) = map_parts(function, [3], work=work)
    (path,) = work.iterdir()
    content = path.read_bytes()
    asked(log)
    # The places after the checksum are padding: they say nothing.
    for place in [0, 31, *range(64, len(content), 97), len(content) - 1]:
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        (again,) = map_parts(function, [3], work=work)
        assert again == tables
        assert asked(log) == [3]
        assert path.read_bytes() == content


def test_a_disk_that_keeps_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_write", lambda *_: None)
    with pytest.raises(OutputError, match="missing or damaged when it is read"):
        list(map_parts(table, [3], work=tmp_path))


def test_a_work_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"work=.*work': can't be written \(Not a directory"):
        list(map_parts(table, [3], work=tmp_path / "file" / "work"))


def test_other_code_takes_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    work, log = tmp_path / "work", tmp_path / "log"
    results(work, log)
    monkeypatch.setattr(module, "code_hash", lambda: "of another version")
    asked(log)
    results(work, log)
    assert asked(log) == sorted(NUMBERS)


@pytest.mark.parametrize("executor", [0, -1, True, 2.5, ["local"]])
def test_what_is_no_executor_is_named(executor: Any):
    with pytest.raises(CountsError, match="executor="):
        list(map_parts(abs, [1], executor))
