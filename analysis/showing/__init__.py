"""Tables and articles to charts, sentences and reports."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, submodules=["charts"])
