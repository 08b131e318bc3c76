"""How much a reader takes in before it stops: against bombs, and files put there by mistake."""

from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True)
class ReadLimits:
    """The sizes at which reading stops, with an error or a rejected row that names the limit.

    Parameters
    ----------
    row_chars : int
        The longest row of a CSV, TSV or JSON-lines file, and the longest article, in characters.
    document_bytes : int
        The largest file that has to be held in memory whole (HTML, .docx, .xlsx, JSON, XML).
    expanded_bytes : int
        What a compressed file or an archive may expand to.
    ratio : float
        How many times its own size a compressed file may expand; checked beyond 16 megabytes.
    members : int
        The most files in an archive or a folder.
    depth : int
        The deepest nesting of HTML elements.

    Examples
    --------
    >>> ReadLimits(members=10).members
    10
    """

    row_chars: int = 16 * MEGABYTE
    document_bytes: int = 512 * MEGABYTE
    expanded_bytes: int = 64 * 1024 * MEGABYTE
    ratio: float = 200.0
    members: int = 1_000_000
    depth: int = 1_000
