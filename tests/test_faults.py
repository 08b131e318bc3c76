"""What is left of a run that was killed, interrupted, or ran out of room; FAULT_SEEDS=20 for more.

After every fault the same command is given again, and must come to the tables of a run that
nothing disturbed; or there is one clear line of error.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.counting import corpus as counting
from analysis.counting.corpus import count_corpus
from analysis.counting.groups import GroupCounts
from analysis.errors import CountsError, ReadError
from tests.kept import written

SEEDS = range(int(os.environ.get("FAULT_SEEDS", "1")))
PARTS = 24
# Rows of a part, and of each of its two batches.
ROWS = 250 if "FAULT_SEEDS" in os.environ else 50
BATCH = ROWS // 2
ROOT = Path(__file__).resolve().parent.parent
# What kills parts of a cluster takes minutes: one of a kind in each run, the others in `make soak`.
soak = pytest.mark.skipif("FAULT_SEEDS" not in os.environ, reason="make soak runs it")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented words in two files of a dozen row groups each."""
    folder = tmp_path_factory.mktemp("corpus")
    rng = np.random.default_rng(20210314)
    words = np.array([f"word{number}" for number in range(3000)] + ["talks", "sanctions"] * 20)
    for name in ("a", "b"):
        texts = [" ".join(rng.choice(words, 120)) for _ in range(PARTS // 2 * ROWS)]
        frame = pd.DataFrame({"text": texts})
        frame["outlet"] = rng.choice(["Gazette", "Herald"], len(texts))
        frame["date"] = rng.choice(["2021-03-14", "2021-05-01", "in May"], len(texts))
        frame.to_parquet(folder / f"{name}.parquet", row_group_size=ROWS)
    return folder


def digest(folder: Path) -> str:
    """SHA-256 over all files of a folder; what a killed process was writing is none of them."""
    content = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix == ".partial":
            continue
        content.update(file.name.encode() + file.read_bytes())
    return content.hexdigest()


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("undisturbed")
    counts = count_corpus(corpus, ["outlet", "month"], lexicon="deterrence-dialogue")
    assert len(counts.rejected) > PARTS * ROWS / 6
    counts.save(folder)
    return digest(folder)


# `framing count`, with parts that are small enough for this corpus.
COMMAND = f"""
import sys, functools, signal
import analysis.counting.corpus as counting
from analysis.cli import main
if __name__ == "__main__":
    # Where the tests run in the background, Ctrl-C is ignored, and so by what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    counting.count_corpus = functools.partial(
        counting.count_corpus, part_rows={ROWS}, batch_size={BATCH}
    )
    main(sys.argv[1:])
"""


def start(corpus: Path, work: Path, output: Path, *options: str) -> "subprocess.Popen[str]":
    arguments = [str(corpus), "--by", "outlet", "--by", "month", "--lexicon", "deterrence-dialogue"]
    arguments += ["--work", str(work), "-o", str(output), *options]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "count", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def parts_of(work: Path) -> list[Path]:
    return sorted(work.glob("part-*.arrow"))


def wait_for_parts(run: "subprocess.Popen[str]", work: Path, number: int) -> None:
    """Wait until so many parts are finished, or the run is."""
    until = time.monotonic() + 120
    while run.poll() is None and len(parts_of(work)) < number and time.monotonic() < until:
        time.sleep(0.002)


def end(run: "subprocess.Popen[str]", sent: signal.Signals | None = None) -> tuple[int, str]:
    """Send a signal to the process; then its exit code and its errors."""
    if sent is not None and run.poll() is None:
        run.send_signal(sent)
    try:
        _, errors = run.communicate(timeout=180)
    finally:
        # Workers of a client that was killed: its process group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    return run.returncode, errors


def assert_goes_on(corpus: Path, work: Path, output: Path, undisturbed: str) -> None:
    """Run again: what was finished is not counted again, and the result is the same."""
    before = written(parts_of(work))
    code, errors = end(start(corpus, work, output))
    assert code == 0, errors
    assert digest(output) == undisturbed
    assert written(before) == before
    assert len(parts_of(work)) == PARTS


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_command_goes_on(seed: int, corpus: Path, undisturbed: str, tmp_path: Path):
    rng = random.Random(seed)
    work, output = tmp_path / "work", tmp_path / "counts"
    killed = start(corpus, work, output, "--threads", str(rng.choice([1, 2])))
    wait_for_parts(killed, work, rng.randrange(PARTS + 1))
    time.sleep(rng.uniform(0, 0.05))
    code, errors = end(killed, signal.SIGKILL)
    assert code in (-signal.SIGKILL, 0), errors
    if code:
        # Files that were under way are not among those with a final name.
        for file in output.glob("*.parquet"):
            pd.read_parquet(file)
    assert_goes_on(corpus, work, output, undisturbed)


@soak
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_client_of_a_cluster_goes_on(
    seed: int, corpus: Path, undisturbed: str, tmp_path: Path
):
    pytest.importorskip("distributed")
    rng = random.Random(100 + seed)
    work, output = tmp_path / "work", tmp_path / "counts"
    killed = start(corpus, work, output, "--cluster", "local")
    wait_for_parts(killed, work, rng.randrange(1, PARTS + 1))
    code, errors = end(killed, signal.SIGKILL)
    assert code in (-signal.SIGKILL, 0), errors
    # What the cluster has finished serves the plain command, too.
    assert_goes_on(corpus, work, output, undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kept", [pytest.param(True, marks=soak, id="on disk"), pytest.param(False, id="in memory")]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_workers_lose_nothing(
    seed: int, kept: bool, corpus: Path, undisturbed: str, tmp_path: Path
):
    distributed = pytest.importorskip("distributed")
    rng = random.Random(200 + seed)
    work = tmp_path / "work" if kept else None
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2, timeout=120)
        killed: list[int] = []

        def kill_two() -> None:
            for _ in range(2):
                time.sleep(rng.uniform(0.1, 1.5))
                # The nannies know; a worker that has just been killed could not be asked. One that
                # is killed while it starts is not started again.
                nannies = [nanny for nanny in cluster.workers.values() if nanny.process]
                up = [n for n in nannies if n.process.status.name == n.status.name == "running"]
                pids = [n.pid for n in up]
                if pids:
                    killed.append(rng.choice(pids))
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(killed[-1], signal.SIGKILL)

        killer = threading.Thread(target=kill_two)
        killer.start()
        counts = count_corpus(
            corpus, ["outlet", "month"], lexicon="deterrence-dialogue",
            executor=client, part_rows=ROWS, batch_size=BATCH, work=work,
        )  # fmt: skip
        killer.join()
    assert killed
    counts.save(tmp_path / "counts")
    assert digest(tmp_path / "counts") == undisturbed


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Start]:
    """Starts ``dask scheduler`` and ``dask worker`` as processes of their own."""
    pytest.importorskip("distributed")
    started: list[subprocess.Popen[str]] = []

    def run(*command: str) -> "subprocess.Popen[str]":
        options = ["--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard"]
        options += ["--dashboard-address", "127.0.0.1:0"]
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        started.append(process)
        return process

    yield run
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def two_workers(dask: Start, folder: Path) -> tuple[str, list["subprocess.Popen[str]"]]:
    """The address of a scheduler; its process, and those of two nannies with a worker each."""
    from distributed import Client

    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    processes = [dask("scheduler", "--host", "127.0.0.1", "--port", "0")]
    until = time.monotonic() + 120
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)
    place = ["--nthreads", "1", "--local-directory", str(folder), "--death-timeout", "20"]
    processes += [dask("worker", *place) for _ in range(2)]
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    with Client(address, timeout=60) as client:
        client.wait_for_workers(2, timeout=120)
    return address, processes


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_scheduler_is_a_line_and_another_goes_on(
    seed: int, corpus: Path, undisturbed: str, tmp_path: Path, dask: Start
):
    work, output = tmp_path / "work", tmp_path / "counts"
    address, (scheduler, *_) = two_workers(dask, tmp_path)
    run = start(corpus, work, output, "--cluster", address)
    wait_for_parts(run, work, random.Random(300 + seed).randrange(1, PARTS))
    kept = written(parts_of(work))
    scheduler.kill()
    code, errors = end(run)
    if code:
        assert errors.count("\n") == 1, errors
        line = errors
        assert (code, line.startswith("framing: the scheduler is gone")) == (2, True), errors
        assert "Start it." in line and "run again" in line
    assert written(kept) == kept
    address, _ = two_workers(dask, tmp_path)
    code, errors = end(start(corpus, work, output, "--cluster", address))
    assert code == 0, errors
    assert digest(output) == undisturbed


@soak
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_nanny_loses_nothing(
    seed: int, corpus: Path, undisturbed: str, tmp_path: Path, dask: Start
):
    rng = random.Random(400 + seed)
    work, output = tmp_path / "work", tmp_path / "counts"
    address, (_, *nannies) = two_workers(dask, tmp_path)
    run = start(corpus, work, output, "--cluster", address)
    wait_for_parts(run, work, rng.randrange(PARTS))
    rng.choice(nannies).kill()
    code, errors = end(run)
    assert code == 0, errors
    assert digest(output) == undisturbed


@pytest.mark.slow
def test_interrupted_is_exit_code_130_and_goes_on(corpus: Path, undisturbed: str, tmp_path: Path):
    work, output = tmp_path / "work", tmp_path / "counts"
    run = start(corpus, work, output)
    wait_for_parts(run, work, 3)
    code, errors = end(run, signal.SIGINT)
    assert (code, errors) == (130, "framing: interrupted\n")
    assert not list(work.glob("*.partial"))
    assert len(parts_of(work)) < PARTS
    assert_goes_on(corpus, work, output, undisturbed)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A file system of a given size, or read-only; for root alone."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
        )
        if done.returncode:
            pytest.skip("only root may mount a small file system")
        return folder

    yield mount
    while subprocess.run(["umount", str(folder)], capture_output=True).returncode == 0:
        pass


@pytest.mark.slow
def test_a_full_disk_is_a_line_and_room_lets_it_go_on(
    corpus: Path, undisturbed: str, tmp_path: Path, small_disk: Callable[[str], Path]
):
    disk = small_disk("size=2m")
    work, output = disk / "work", tmp_path / "counts"
    code, errors = end(start(corpus, work, output))
    (line,) = errors.splitlines()
    assert code == 2
    assert line.startswith("framing: ")
    assert "can't be written (No space left on device). Make room" in line
    assert not list(work.glob("*.partial"))
    assert 0 < len(parts_of(work)) < PARTS
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    assert_goes_on(corpus, work, output, undisturbed)


@pytest.mark.slow
def test_an_output_without_room_leaves_nothing_half_written(
    corpus: Path, undisturbed: str, tmp_path: Path, small_disk: Callable[[str], Path]
):
    disk = small_disk("size=24k")
    code, errors = end(start(corpus, tmp_path / "work", disk / "counts"))
    assert (code, "No space left on device" in errors) == (2, True)
    assert "Traceback" not in errors
    assert not list((disk / "counts").glob("*.partial"))
    for file in (disk / "counts").glob("*.parquet"):
        pd.read_parquet(file)
    with pytest.raises(CountsError, match="is not a folder of grouped counts"):
        GroupCounts.load(disk / "counts")
    assert_goes_on(corpus, tmp_path / "work", tmp_path / "elsewhere", undisturbed)


@pytest.mark.slow
def test_a_read_only_output_is_a_line(
    corpus: Path, tmp_path: Path, small_disk: Callable[[str], Path]
):
    disk = small_disk("size=1m,ro")
    for work, output in ((disk / "work", tmp_path / "out"), (tmp_path / "work", disk / "out")):
        code, errors = end(start(corpus, work, output))
        (line,) = errors.splitlines()
        assert (code, "Read-only file system" in line) == (2, True)
        # Known before counting, not after.
        assert not parts_of(work)


@pytest.mark.slow
def test_a_kept_part_that_was_damaged_is_counted_again(
    corpus: Path, undisturbed: str, tmp_path: Path
):
    work, output = tmp_path / "work", tmp_path / "counts"
    assert end(start(corpus, work, output))[0] == 0
    whole = {path: path.read_bytes() for path in parts_of(work)}
    rng = random.Random(500)
    damaged = rng.sample(sorted(whole), 6)
    for number, path in enumerate(damaged):
        content = bytearray(whole[path])
        content[rng.randrange(64, len(content))] ^= 1 << rng.randrange(8)
        # Half of them are cut short.
        path.write_bytes(content[: len(content) - 99 * (number % 2)])
    code, errors = end(start(corpus, work, output))
    assert code == 0, errors
    assert digest(output) == undisturbed
    assert {path: path.read_bytes() for path in parts_of(work)} == whole


def copy_of(corpus: Path, folder: Path) -> Path:
    shutil.copytree(corpus, folder)
    return folder


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


@pytest.mark.parametrize(
    ("change", "message", "options"),
    [
        (Path.unlink, r"b\.parquet: can't be read \(No such file or directory\)", {"threads": 2}),
        (grow, r"b\.parquet: changed while it was being read", {}),
        (os.utime, r"b\.parquet: changed while it was being read",
         {"work": "work", "part_rows": ROWS}),
    ],
    ids=["vanishes", "grows", "is written again"],
)  # fmt: skip
def test_an_input_that_changes_under_way_is_an_error_and_not_a_number(
    change: Callable[[Path], object], message: str, options: dict, corpus: Path,
    undisturbed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    mine = copy_of(corpus, tmp_path / "mine")
    if "work" in options:
        options = options | {"work": tmp_path / "work"}
    honest = counting.Count.counted
    batches = []

    def counted(self: counting.Count, articles: pd.DataFrame) -> GroupCounts:
        batches.append(articles)
        if len(batches) == PARTS + 4:
            change(mine / "b.parquet")
        return honest(self, articles)

    with monkeypatch.context() as patch:
        patch.setattr(counting.Count, "counted", counted)
        with pytest.raises(ReadError, match=message):
            count_corpus(mine, [], batch_size=BATCH, **options)
    assert len(batches) >= PARTS + 4
    shutil.copy(corpus / "b.parquet", mine / "b.parquet")
    counts = count_corpus(
        mine, ["outlet", "month"], lexicon="deterrence-dialogue", batch_size=BATCH, **options
    )
    counts.save(tmp_path / "counts")
    assert digest(tmp_path / "counts") == undisturbed


# `framing run`, with parts that are small enough for the sample.
RUN = """
import sys
import analysis.study.corpus as corpus
from analysis.cli import main
if __name__ == "__main__":
    corpus.PART = 7
    main(["run", "--quiet", "study.toml", *sys.argv[1:]])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "cluster", [pytest.param((), id="here"), pytest.param(("--cluster", "local"), marks=soak)]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_study_goes_on(
    seed: int, cluster: tuple[str, ...], finished: Path, tmp_path: Path
):
    for name in ("study.toml", "articles.csv"):
        shutil.copy(finished / name, tmp_path)
    command = [sys.executable, "-c", RUN, *(cluster or ("--jobs", "1"))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    results = tmp_path / "results"
    run = subprocess.Popen(
        command, cwd=tmp_path, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    # Its stages, tables and figures are well over a hundred files, written one after the other.
    enough, until = random.Random(seed).randrange(100), time.monotonic() + 120
    while run.poll() is None and time.monotonic() < until:
        if sum(path.is_file() for path in results.rglob("*")) >= enough:
            break
        time.sleep(0.05)
    run.kill()
    end(run)
    for file in results.glob("**/*.parquet"):
        pd.read_parquet(file)
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert not list(results.rglob("*.partial"))
    assert not list(results.rglob("*.parts"))
    killed, undisturbed = (
        json.loads((folder / "results" / "provenance.json").read_text("utf-8"))
        for folder in (tmp_path, finished)
    )
    assert killed == undisturbed
