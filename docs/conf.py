"""The site: `make docs` builds it, without a network, into docs/_build/html."""

import shutil
import sys
from pathlib import Path

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
