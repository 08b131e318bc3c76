"""Coding sheets as files: written, and read back whatever a spreadsheet made of them."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.errors import CountsError, OutputError
from analysis.files import replace_file
from analysis.formatting import csv_text
from analysis.measuring.coding.codes import CONTROL, label
from analysis.reading.formats.sheets import read_sheet

# A cell of Excel takes no more characters.
CELL = 32_767
# The coders' texts stay in the sheet.
TEXTS = ("left", "keyword", "right", "text", "sentence")


def write_coding_sheet(sheet: pd.DataFrame, path: str | Path) -> Path:
    r"""Write a sheet as CSV (UTF-8), or as Excel if the file's name ends in ``.xlsx``.

    The same sheet gives the same bytes, also when it was read back in between with
    ``read_coding_sheet(path, whole=True)``. OutputError if a text does not fit a cell of Excel.

    Examples
    --------
    >>> import tempfile
    >>> sheet = pd.DataFrame({"line_id": ["a"], "frame": ["talks"], "code": ["1"]})
    >>> write_coding_sheet(sheet, Path(tempfile.mkdtemp()) / "lind.csv").read_text()
    'line_id,frame,code\na,talks,1\n'
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        return replace_file(path, csv_text(sheet))
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    page = book.create_sheet("codes")
    page.append(list(sheet.columns))
    # Days without their midnight, as in CSV.
    sheet = sheet.assign(**sheet.select_dtypes("datetime").astype("str"))
    for number, row in enumerate(sheet.to_dict("records"), start=2):
        cells = []
        for name, value in row.items():
            cell = WriteOnlyCell(page)
            if name == "lines_per_row":
                cell.value = value
            elif not pd.isna(value):
                text = str(value)
                if len(text) > CELL or CONTROL.search(text):
                    raise OutputError(
                        f"{path.name}, row {number}: {name} has control characters or over "
                        f"{CELL:,} characters, which Excel does not take; write the sheet as .csv."
                    )
                # As text, whatever it looks like: a formula would be computed.
                cell.value, cell.data_type = text, "s"
            cells.append(cell)
        page.append(cells)
    written = io.BytesIO()
    book.save(written)
    return replace_file(path, _undated(written))


def _undated(book: io.BytesIO) -> bytes:
    """An Excel file without the times at which it was written."""
    plain = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return plain.getvalue()


def read_coding_sheet(
    paths: str | Path | Sequence[str | Path],
    *,
    classes: Sequence[str] | None = None,
    whole: bool = False,
) -> pd.DataFrame:
    r"""Read coded sheets back, one file per coder, or with a column ``coder``.

    Parameters
    ----------
    paths : path or sequence of paths
        Sheets of `coding_sheet`, CSV or Excel, as any spreadsheet saves them: with commas or
        semicolons, decimal points or commas, in any encoding. ``code`` may be 1 or 0, yes or no,
        one of the `classes`, ``?`` (can't tell) or empty; the columns of the text are not needed.
    classes : sequence of str, optional
        The codes of more than two classes, in their order if they have one.
    whole : bool
        Give the sheet itself instead: every line and column, codes as they were written.

    Returns
    -------
    DataFrame
        One row per coded line and coder: ``coder`` (the column's, or the file's name, with folders
        where two are the same), ``line_id, frame, pattern, lines_per_row, code`` (True or False; of
        `classes`, a category; missing where the coder can't tell), and further columns but texts:
        groups, ``hit``, ``confidence``, a model's ``version`` and ``prompt``.

    Raises
    ------
    CountsError
        If a file is given twice or lacks a column, has a line twice, or has an invalid code,
        confidence or number of lines.
    ReadError
        If a file can't be read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from analysis import read_coding_sheet
    >>> folder = Path(tempfile.mkdtemp())
    >>> coded = "line_id,frame,pattern,code\n1f,talk,summit,yes\n2e,talk,summit,0\n3d,threat,war,\n"
    >>> _ = (folder / "ada.csv").write_text(coded)
    >>> read_coding_sheet(folder / "ada.csv")
      coder line_id frame pattern  lines_per_row   code
    0   ada      1f  talk  summit              1   True
    1   ada      2e  talk  summit              1  False
    """
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not files:
        raise CountsError("paths: there are none; give the file of each coder.")
    names = None if classes is None else list(dict.fromkeys(map(label, classes)))
    sheets = [_checked(file, names) for file in files]
    if whole:
        return pd.concat([sheet for sheet, _ in sheets], ignore_index=True)
    coded = []
    for coder, (sheet, codes) in zip(_coders(files), sheets, strict=True):
        of = sheet.get("coder", pd.Series("", index=sheet.index)).str.strip().replace("", coder)
        first = {n: sheet[n] for n in ("line_id", "frame", "pattern", "lines_per_row")}
        rest = sheet.drop(columns=["coder", *first, "code", *TEXTS], errors="ignore")
        table = pd.DataFrame({"coder": of, **first, "code": codes}).join(rest)
        coded.append(table[codes.notna() | sheet["code"].str.strip().ne("")])
    table = pd.concat(coded, ignore_index=True)
    if names is not None:
        return table.astype({"code": pd.CategoricalDtype(names, ordered=True)})
    binary = table["code"].map({"1": True, "0": False})
    return table.assign(code=binary if binary.isna().any() else binary.astype(bool))


def _checked(path: Path, classes: Sequence[str] | None) -> tuple[pd.DataFrame, pd.Series]:
    """A sheet, and its codes in one form: missing where there is none."""
    sheet = read_sheet(path)
    needed = ["line_id", "frame", *([] if "hit" in sheet else ["pattern"]), "code"]
    if missing := [name for name in needed if name not in sheet]:
        raise CountsError(f"{path}: no column {', '.join(missing)}; see coding_sheet.")
    blank = pd.Series("", index=sheet.index, dtype="str")
    given = sheet.get("lines_per_row", pd.Series("1", index=sheet.index, dtype="str"))
    lines = pd.to_numeric(given.str.replace(",", "."), errors="coerce")
    sure = sheet.get("confidence", blank)
    hit = sheet.get("hit", blank)
    codes = sheet["code"].map(label)
    known = ["1", "0"] if classes is None else classes
    told = "1, 0" if classes is None else ", ".join(classes)
    key = [sheet["line_id"], sheet.get("coder", blank)]
    parsed = pd.to_numeric(sure.str.strip().replace("", "0").str.replace(",", "."), errors="coerce")
    for column, values, fault, rows in (
        ("line_id", sheet["line_id"], "is empty", sheet["line_id"].str.strip() == ""),
        ("code", sheet["code"], f"is not {told} or empty, nor ? for a line that you can't tell",
         ~codes.isin([*known, ""])),
        ("code", sheet["code"], "is a second code of its line",
         pd.concat(key, axis=1).duplicated()),
        ("lines_per_row", given, "is not a number of lines", ~(lines > 0)),
        ("confidence", sure, "is not a number from 0 to 1", ~parsed.between(0, 1)),
        ("hit", hit, "is not 1 or 0", ~hit.str.strip().isin(["1", "0", "1.0", "0.0", ""])),
    ):  # fmt: skip
        if rows.any():
            row = rows.idxmax()
            raise CountsError(f"{path}, row {row}: {column} {values[row]!r} {fault}.")
    numbers = {"lines_per_row": lines}
    if "hit" in sheet:
        numbers["hit"] = pd.to_numeric(hit).astype("Int64")
    if "pattern" not in sheet:
        numbers["pattern"] = blank
    return sheet.assign(**numbers), codes.where(codes != "", None)


def _coders(paths: Sequence[Path]) -> list[str]:
    """The files' names, with as many folders as are needed to tell them apart."""
    parts = [path.resolve().with_suffix("").parts for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        names = ["/".join(part[-depth:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    raise CountsError(
        f"paths: {', '.join(map(str, paths))}: two of them are the same file, or differ only in "
        "their ending."
    )
