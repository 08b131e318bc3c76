"""Pages of the site in a browser, light and dark: skipped until `make docs` has built them."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAGES = ["index", "guide", "gallery", "method", "api/analysis.stance"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(watched, name: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = SITE / f"{name}.html"
    if not page.exists():
        pytest.skip("the site is not built (make docs)")
    seen = watched(color_scheme=scheme)
    seen.page.goto(page.as_uri())
    assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
    found = axe.Axe().run(seen.page)
    assert len(found.response["passes"]) > 30
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []
