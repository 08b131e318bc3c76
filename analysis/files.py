"""Files: writing one so that nobody meets half of it."""

from contextlib import suppress
from pathlib import Path

from analysis.errors import OutputError


def replace_file(path: Path, content: bytes | str, *, partial: Path | None = None) -> Path:
    """Write a file beside its name, then rename it: a reader never meets half of it.

    Raises
    ------
    OutputError
        If there is no room or no permission; nothing half-written is left, and what the file
        held before still stands.
    """
    partial = partial or path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        return partial.replace(path)
    except OSError as fault:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: can't be written ({fault.strerror}). Make room, or choose a folder that you "
            "may write to, and run again: what is finished is kept."
        ) from fault
