"""A notebook in JupyterLab: it runs, its charts appear, and the explorer answers a click."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "00_your_corpus.ipynb"
SETTINGS = {
    # All cells are rendered, not those in sight alone; no news is asked for.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab over a copy of the notebook."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "notebooks").mkdir()
    (folder / "data").symlink_to(ROOT / "data")
    for name, content in SETTINGS.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    content = nbformat.read(NOTEBOOK, as_version=4)
    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(content, folder / "notebooks" / NOTEBOOK.name)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}", "--allow-root",
        "--ip=127.0.0.1", f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=",
        "--ServerApp.password=", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    environment.pop("MPLBACKEND", None)  # the kernel draws into the notebook
    with (folder / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, folder / "lab.log")
            yield f"http://127.0.0.1:{port}/lab"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def run_all(seen, lab: str, path: Path) -> None:
    """Open a notebook, run all its cells and wait until the last is done."""
    page = seen.page
    page.goto(f"{lab}/tree/notebooks/{path.name}?reset", timeout=120_000)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=120_000)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=120_000,
    )
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    # A cell that was run has a number for its prompt; one that is waiting has a star.
    page.wait_for_function(
        """cells => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
            return prompts.filter(p => /\\[\\d+\\]/.test(p.textContent)).length >= cells
        }""",
        arg=len(cells),
        timeout=240_000,
    )


def test_a_notebook_shows_its_charts_and_the_explorer_answers_a_click(lab: str, watched):
    """What the other notebooks show is of the same kind; tests/test_notebooks.py runs them all."""
    seen = watched()
    run_all(seen, lab, NOTEBOOK)
    shipped = nbformat.read(NOTEBOOK, as_version=4)
    outputs = [o for c in shipped.cells if c.cell_type == "code" for o in c.outputs]
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    shown = seen.page.locator(".jp-OutputArea-output img")
    assert shown.count() == pictures > 0
    for picture in shown.all():
        assert picture.evaluate("image => image.naturalWidth") > 100
    said = seen.page.locator(".jp-OutputArea-output")
    assert said.filter(has_text="Traceback").count() == 0
    panel = seen.page.locator(".jp-OutputArea-output", has=seen.page.locator("svg a[href]")).last
    head, points = panel.locator("h4"), panel.locator("svg a[href]")
    points.first.wait_for(timeout=60_000)
    for view, ours in (
        ("by outlet", ':not([aria-label^="20"])'),
        ("over time", '[aria-label^="2021"]'),
    ):
        panel.get_by_role("button", name=view).click()
        panel.locator(f"svg a[href]{ours}").first.wait_for(timeout=30_000)
        # Nothing is open that nobody asked for.
        head.wait_for(state="detached", timeout=30_000)
        assert panel.locator("select").last.evaluate("list => list.selectedIndex") == -1
        names = [
            point.get_attribute("aria-label").removesuffix(": show sentences")
            for point in points.all()
        ]
        assert len(set(names)) == len(names) > 3
        for by_key in (False, True):
            for point, name in zip(points.all(), names, strict=True):
                if by_key:
                    point.focus()
                    seen.page.keyboard.press("Enter")
                else:
                    point.click(timeout=5000)
                panel.locator("h4", has_text=name).wait_for(timeout=30_000)
                assert panel.locator(".kwic mark").count() >= 1
    panel.locator("select").filter(has_text="2021-Q1").select_option(index=1)
    panel.locator("h4", has_text="2021-Q2").wait_for(timeout=30_000)
    local = ("http://127.0.0.1", "data:", "blob:")
    assert [url for url in seen.requests if not url.startswith(local)] == []
