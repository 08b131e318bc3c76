"""The site: `make docs` builds it, without a network, into docs/_build/html."""

import re
import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "_ext")]

from analysis import __version__  # noqa: E402

project = "Media Framing Analysis"
author = "the Media Framing Analysis maintainers"
copyright = f"{author}. MIT licence"
version = release = __version__
language = "en"

extensions = [
    "myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "reference", "mathml",
]  # fmt: skip
exclude_patterns = ["_build", "_ext"]
default_role = "py:obj"
# What the pages link to beside docs/ is copied, so that it is a page of the site, too.
(HERE / "notebooks").mkdir(exist_ok=True)
for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
    text = path.read_text(encoding="utf-8").replace("](../docs/", "](../")
    (HERE / "notebooks" / path.name).write_text(text, encoding="utf-8")
shutil.copytree(ROOT / "figures" / "out", HERE / "_static" / "figures", dirs_exist_ok=True)

shutil.copytree(
    ROOT / "analysis" / "lexicons", HERE / "codebooks", dirs_exist_ok=True,
    ignore=lambda _, names: [name for name in names if not name.endswith(".md")],
)  # fmt: skip
# Where a link that leaves docs/ leads on the site.
MOVED = {
    r"analysis/lexicons/([\w-]+\.md)": r"/codebooks/\1",
    r"data/coding/README\.md": "/coded-hits.md",
    r"docs/": "/",
}


def source_read(app: Sphinx, page: str, source: list[str]) -> None:
    """Put in what a page includes, and lead its links to pages of the site."""

    def included(found: re.Match[str]) -> str:
        return (HERE / found[1]).read_text(encoding="utf-8")

    source[0] = re.sub(r"```\{include\} (\S+)\n```", included, source[0])
    source[0] = re.sub(r"\[([^]]+)\]\([\w-]+\.yml\)", r"\1", source[0])
    for there, here in MOVED.items():
        source[0] = re.sub(rf"\]\((?:\.\./)+{there}", f"]({here}", source[0])


def setup(app: Sphinx) -> None:
    """Connect what is done to pages."""
    app.connect("source-read", source_read)


autosummary_generate = True
numpydoc_show_class_members = False
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
# Notebooks keep the outputs that they have; the gallery is run anew where its code has changed.
nb_execution_mode = "cache"
nb_execution_excludepatterns = ["notebooks/*"]
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}
nb_merge_streams = True
math_number_all = True
math_eqref_format = "({number})"

# Pages without pages below them.
html_sidebars = {name: [] for name in ("guide", "gallery", "method", "security", "changelog")}
html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "show_toc_level": 2,
    "header_links_before_dropdown": 7,
    "footer_start": ["copyright"],
    "footer_end": [],
    "navigation_with_keys": False,
}
