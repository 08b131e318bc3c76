"""Whether kept files were written again."""

from collections.abc import Iterable
from pathlib import Path


def written(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Which file each path is and when it was written: an inode number alone is used again."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
