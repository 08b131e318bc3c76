"""Bytes to text: which encoding a file is in, and how it is known; mojibake mended."""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from analysis.errors import ReadError
from analysis.reading.encodings.code_pages import code_pages
from analysis.reading.encodings.multibyte import multibyte
from analysis.reading.files.compressed import InputFile
from analysis.reading.rejected import UnknownFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)|<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]+)""",
    re.IGNORECASE,
)
# What browsers read under the name of another encoding (WHATWG), by the names of Python's codecs,
# and names that these have not.
_LABELS = {
    "koi8": "koi8-r", "koi8-ru": "koi8-u", "windows-31j": "cp932", "x-x-big5": "big5hkscs",
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_MULTIBYTE = ["gb18030", "big5", "big5hkscs", "cp932", "euc_jp", "cp949"]
# What files that are no text begin with, and what they are.
_BINARY = {
    b"PK\x03\x04": "a .zip, .xlsx or .docx", b"\x1f\x8b": "compressed (.gz)",
    b"BZh": "compressed (.bz2)", b"\xfd7zXZ\0": "compressed (.xz)",
    b"\x28\xb5\x2f\xfd": "compressed (.zst)", b"%PDF-": "a .pdf", b"PAR1": "a .parquet",
    b"\xd0\xcf\x11\xe0": "an old .doc or .xls", b"SQLite format 3": "a database (SQLite)",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
}  # fmt: skip
# Characters beyond ASCII that no text of several bytes a character has as UTF-8 by chance.
_SURELY = 4
# Encodings that go from set to set by escape sequences, and those sequences.
_ESCAPED = {"iso2022_jp_ext": rb"\x1b(?:\$[@B]|\([BJI]|\$\([DOPQ])", "iso2022_kr": rb"\x1b\$\)C"}
_BLOCK = 1024 * 1024
_SAMPLE = 256 * 1024
# What C0 and C1 controls are dropped: all but tab, line feed, carriage return and next line.
# Word and PDF part lines and pages by vertical tabs and form feeds.
_CONTROLS = {n: None for n in [*range(32), 127] if n not in (9, 10, 13)} | {11: "\n", 12: "\n"}
_CONTROL_BYTES = bytes(_CONTROLS)
_SUSPECT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[ÂÃÅÎÏÐÑØÙâãåæçèðïî][^\x00-\x7f]|�")


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, and what says so: ``bom``, ``declared``, ``valid``, ``detected``."""

    name: str
    known_by: str

    @property
    def is_valid(self) -> bool:
        """Whether all bytes of the file are known to be in the encoding."""
        return self.known_by == "valid"

    def __str__(self) -> str:
        return f"{self.name} ({self.known_by})"


def find_encoding(file: InputFile, given: str | None = None) -> Encoding:
    """The encoding of a file: as given, by its BOM, declared, valid UTF-8, else detected."""
    head = file.head(4096)
    if binary := next((_BINARY[mark] for mark in _BINARY if head.startswith(mark)), None):
        raise UnknownFormatError(
            f"{file.name}: is no text but {binary}. Give its name the ending that it should have, "
            "or save it as text."
        )
    if given is not None:
        if name := text_codec(given):
            return Encoding(name, "given")
        raise ReadError(
            f"{file.name}: encoding={given!r} is unknown. Use a name such as 'utf-8', 'cp1252' or "
            "'utf-16'."
        )
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Encoding(name, "bom")
    for name, escape in _ESCAPED.items():
        if head.isascii() and re.search(escape, head):
            return Encoding(name, "escape sequences")
    invalid, multibyte, sample = _scan(file)
    if declared := _declared(head):
        name = _LABELS.get(declared, declared)
        # No text of another encoding is UTF-8 by chance: saved again, with the old declaration.
        several = name in _MULTIBYTE or name in _ESCAPED
        saved_again = not invalid and multibyte > (_SURELY if several else 0)
        if not (saved_again or (name == "utf-8" and invalid)):
            return Encoding(name, "declared")
    # A few bad bytes among many good sequences: UTF-8 with damage, whose rows are rejected.
    if not invalid or (multibyte > 3 * invalid and b"\x00" not in sample):
        if b"\x00" in head and (wide := _wide(head)):
            return Encoding(wide, "detected")
        return Encoding("utf-8", "valid" if not invalid else "valid but for some bytes")
    return _detected(file, sample)


def decode_lines(file: InputFile, encoding: Encoding) -> Iterator[str]:
    """Lines with their ends; bytes that the encoding does not know become lone surrogates."""
    with io.TextIOWrapper(
        file.open(), encoding=encoding.name, errors=_errors(encoding), newline=""
    ) as stream:
        # At most this much of a line is held: a longer one comes in pieces, and is refused by
        # whoever counts them.
        limit = file.limits.row_chars + 1
        try:
            while line := stream.readline(limit):
                yield line
        except UnicodeError as fault:
            raise ReadError(_undecodable(file, encoding)) from fault


def decode(file: InputFile, data: bytes, given: str | None = None) -> tuple[str, Encoding]:
    """A whole document as text; ReadError where it can't be decoded."""
    encoding = find_encoding(file, given)
    with suppress(UnicodeError):
        text = data.decode(encoding.name, errors=_errors(encoding))
        if not is_undecodable(text):
            return text, encoding
    raise ReadError(_undecodable(file, encoding))


def with_newlines(text: str) -> str:
    """The text with a line feed for every kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_undecodable(text: str) -> bool:
    """Whether the text holds a byte that its encoding did not know."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def mend(text: str) -> str:
    """Undo mojibake (``â€™`` for ``’``) and drop control characters; curly quotes stay.

    Examples
    --------
    >>> mend("itâ€™s")
    'it’s'
    """
    if text.isascii() and len(text) == len(text.encode().translate(None, _CONTROL_BYTES)):
        return text
    if not _SUSPECT.search(text):
        return text
    import ftfy

    off = ("unescape_html", "uncurl_quotes", "fix_latin_ligatures", "fix_character_width")
    unused = dict.fromkeys((*off, "fix_line_breaks", "explain"), False)
    how = ftfy.TextFixerConfig(normalization=None, **unused)
    # ftfy takes line after line, and leaves those of ASCII alone, which are most.
    lines = io.StringIO(text, newline="\n")
    plain = (
        line if line.isascii() and "\x1b" not in line else ftfy.fix_text(line, how)
        for line in lines
    )
    return "".join(plain).translate(_CONTROLS)


def _undecodable(file: InputFile, encoding: Encoding) -> str:
    return (
        f"{file.name}: has bytes that are not {encoding}. Give the encoding with "
        "read_articles(path, encoding=...), or save the file as UTF-8."
    )


def text_codec(name: str) -> str | None:
    """The standard name of an encoding, or None: Python's hex and rot13 codecs are none."""
    try:
        codec = codecs.lookup(name).name
        "a".encode(codec).decode(codec, "surrogateescape")
    except (LookupError, ValueError):
        return None
    return codec


def _errors(encoding: Encoding) -> str:
    # The single-byte and UTF-8 codecs can keep a bad byte as a surrogate; the wide ones can't.
    return "replace" if encoding.name.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _declared(head: bytes) -> str | None:
    match = _DECLARED.search(head)
    label = (match[1] or match[2]).decode("ascii").lower() if match else ""
    label = _LABELS.get(label, label)
    name = text_codec(label) or text_codec(label.removeprefix("x-"))
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says; and browsers
    # know no UTF-7.
    return name if name and "a".encode(name) == b"a" and name != "utf-7" else None


def _scan(file: InputFile) -> tuple[int, int, bytes]:
    """Bytes that are not UTF-8, characters beyond ASCII, and a sample of lines that hold such."""
    invalid = multibyte = 0
    sample = bytearray()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with file.open() as stream:
        while block := stream.read(_BLOCK):
            if block.isascii() and not sample:
                decoder.decode(block)
                continue
            text = decoder.decode(block)
            bad = len(re.findall("[\udc80-\udcff]", text))
            invalid += bad
            multibyte += len(re.findall("[^\x00-\x7f]", text)) - bad
            if len(sample) < _SAMPLE:
                sample += b"".join(line for line in block.splitlines(True) if not line.isascii())
    invalid += len(decoder.decode(b"", True))
    return invalid, multibyte, bytes(sample[:_SAMPLE])


def _wide(head: bytes) -> str | None:
    """UTF-16 without a BOM shows in the zeros at every other place."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.3 * len(head) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _detected(file: InputFile, sample: bytes) -> Encoding:
    if wide := _wide(file.head(4096)):
        return Encoding(wide, "detected")
    if several := multibyte(sample):
        return Encoding(several, "detected")
    if found := code_pages(sample):
        name, rivals = found
        known_by = f"detected; {', '.join(rivals)} would fit too" if rivals else "detected"
        return Encoding(name, known_by)
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample, cp_isolation=_MULTIBYTE).best()
    if best is None:
        raise ReadError(
            f"{file.name}: the encoding can't be told. Give it with read_articles(path, "
            "encoding='cp1252') (--encoding), or whatever the program that wrote the file used."
        )
    return Encoding(codecs.lookup(best.encoding).name, "detected")
