"""Which column of a table stands for which one of the articles table: as told, or guessed aloud."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, count
from typing import Any

from analysis.errors import ReadError
from analysis.reading.records import STANDARD, ReadOptions

# Column names that exports use, best first; compared without case, spaces and punctuation.
GUESSES = {
    "doc_id": ("docid", "id", "articleid", "documentid", "guid", "uuid", "storiesid", "an", "uri"),
    "outlet": (
        "outlet", "publication", "newspaper", "sourcename", "publicationname", "publicationtitle",
        "medianame", "sitename", "medium", "source", "paper", "journal", "publisher", "site",
        "domain", "sourcedomain", "sourceurl",
        "zeitung", "quelle", "medientitel", "média", "media", "titredelapublication", "medio",
        "periódico", "diario", "fuente", "jornal", "veículo", "fonte", "testata", "giornale",
        "krant", "bron", "gazeta", "źródło", "noviny", "zdroj", "gazete", "kaynak", "tidning",
        "avis", "avisen", "lehti", "издание", "газета", "источник", "сми", "видання", "джерело",
        "الصحيفة", "المصدر", "媒体", "媒體", "报纸", "報紙", "来源", "來源",
        "新聞", "신문", "언론사", "매체",
    ),
    "date": (
        "date", "published", "publishdate", "publicationdate", "publishingdate", "pubdate",
        "publishedat", "datepublished", "publisheddate", "datepublish", "articledate",
        "webpublicationdate", "day", "datetime", "timestamp", "createdutc", "createdat",
        "publicationdatetime", "entrydate", "seendate",
        "datum", "erscheinungsdatum", "veröffentlichungsdatum", "datedepublication", "fecha",
        "fechadepublicación", "data", "datadepublicação", "datadipubblicazione", "publicatiedatum",
        "datapublikacji", "tarih", "dato", "päivämäärä", "дата", "датапубликации", "датапублікації",
        "التاريخ", "日期", "发布日期", "日付", "날짜", "일자",
    ),
    "date_end": ("dateend", "enddate"),
    "title": (
        "title", "headline", "heading", "articletitle", "webtitle",
        "titel", "überschrift", "schlagzeile", "titre", "título", "titular", "titolo", "kop",
        "tytuł", "titulek", "název", "başlık", "rubrik", "otsikko", "overskrift", "заголовок",
        "назва", "العنوان", "标题", "標題", "見出し", "タイトル", "제목",
    ),
    "text": (
        "text", "body", "fulltext", "articletext", "bodytext", "maintext", "storytext", "content",
        "article", "articlebody", "story", "plaintext", "cleanedtext",
        "volltext", "inhalt", "texte", "texteintégral", "contenu", "texto", "textocompleto",
        "contenido", "cuerpo", "conteúdo", "testo", "testocompleto", "contenuto", "tekst", "inhoud",
        "treść", "obsah", "metin", "içerik", "innehåll", "indhold", "teksti", "sisältö", "текст",
        "النص", "正文", "内容", "內容", "本文", "본문", "내용",
    ),
}  # fmt: skip
# Columns whose numbers are moments of Unix' time.
_TIMES = frozenset(
    [
        "timestamp",
        "time",
        "unixtime",
        "epoch",
        "createdutc",
        "createdat",
        "datetime",
        "publicationdatetime",
        "publishedat",
        "pubtime",
    ]
)
_URL = ("url", "link", "weburl", "articleurl", "permalink")


def map_columns(
    names: list[str], options: ReadOptions, source: str, notes: dict[str, Any]
) -> dict[str, str]:
    """Which column of the file stands for which standard one; guesses are noted.

    ReadError if `columns` names what is not there, or none can be taken for outlet, date or text.
    """
    mapping = _told(names, options, source)
    guessed = []
    for standard, candidates in GUESSES.items():
        if standard in mapping:
            continue
        if standard in names and standard not in mapping.values():
            mapping[standard] = standard
            if first := _first_of(standard, names):
                guessed.append(f"{standard} from {first}")
            continue
        taken = set(mapping.values()) | set(STANDARD)
        free = {_plain(name): name for name in reversed(names) if name not in taken}
        if found := next((free[name] for name in candidates if name in free), None):
            mapping[standard] = found
            guessed.append(f"{standard} from {_first_of(found, names) or repr(found)}")
    absent = [name for name in options.needed if name not in mapping]
    if options.outlet is not None and "outlet" in absent:
        absent.remove("outlet")
    # A list of links: texts may be joined to it, and the address has the outlet's host.
    if absent and (url := next((name for name in names if _plain(name) in _URL), None)):
        mapping["url"] = url
        absent = [name for name in absent if name not in ("outlet", "text")]
    if absent:
        raise ReadError(
            f"{source}: no column can be taken for {', '.join(absent)}; it has {_listed(names)}. "
            f"{_advice(absent, [name for name in names if name not in mapping.values()])}"
        )
    notes["columns"] = mapping
    if guessed:
        notes["guessed"] = ", ".join(guessed)
    return mapping


def is_time(name: str) -> bool:
    """Whether a column is one of times by its name."""
    return _plain(name) in _TIMES


def has_text(record: Mapping[str, object]) -> bool:
    """Whether a record has a text under one of the names that exports use."""
    return any(
        isinstance(value, str) and value.strip() and _plain(name) in GUESSES["text"]
        for name, value in record.items()
    )


def standard_names(names: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Columns under their standard names; one that had such a name already steps aside.

    Examples
    --------
    >>> standard_names(["paper", "body", "text"], {"outlet": "paper", "text": "body"})
    ['outlet', 'text', 'text_in_file']
    """
    back = {name: standard for standard, name in mapping.items()}
    taken = {*names, *mapping}
    renamed = []
    for name in names:
        new = back.get(name, name)
        if name in STANDARD and name not in back:
            while new in taken:
                new += "_in_file"
            taken.add(new)
        renamed.append(new)
    return renamed


def unique_names(header: list[str]) -> list[str]:
    """Column names without blanks around them, each once: empty and repeated ones get a number.

    Examples
    --------
    >>> unique_names(["id ", "", "id"])
    ['id', 'column_2', 'id.2']
    """
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(header, start=1):
        name = cell.strip() or f"column_{place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def _first_of(name: str, names: list[str]) -> str:
    """Which of several columns a repeated name stands for, as `unique_names` numbers them."""
    same = next(n for n in count(2) if f"{name}.{n}" not in names) - 1
    return f"the first of {same} columns {name!r}" if same > 1 else ""


def _told(names: list[str], options: ReadOptions, source: str) -> dict[str, str]:
    """The caller's own mapping, checked."""
    for standard, name in options.columns.items():
        if standard not in STANDARD:
            raise ReadError(
                f"columns: {standard!r} is no column of the articles table; allowed are "
                f"{', '.join(STANDARD)}."
            )
        if name not in names:
            raise ReadError(
                f"{source}: has no column {name!r} (for {standard}); it has {_listed(names)}."
                f"{_meant(name, names)}"
            )
    return dict(options.columns)


def likeliest(standard: str, names: Iterable[object]) -> str | None:
    """The column that most likely stands for a standard one, by a word of its name or its spelling.

    Examples
    --------
    >>> columns = ["news_source", "PublishedOn", "Txt", "id"]
    >>> [likeliest(standard, columns) for standard in ("outlet", "date", "text", "title")]
    ['news_source', 'PublishedOn', 'Txt', None]
    """
    words: dict[str, str] = {}
    for name in map(str, names):
        parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
        for word in (name, *parts):
            words.setdefault(_plain(word), name)
    known = GUESSES.get(standard, ())
    close = (get_close_matches(name, words, 1, 0.8) for name in known if len(name) > 3)
    found = next((name for name in known if name in words), None) or next(chain(*close), None)
    return None if found is None else words[found]


def _meant(name: str, names: list[str]) -> str:
    """The column that is spelled most alike."""
    plain = {_plain(one): one for one in names}
    close = get_close_matches(_plain(name), plain, 1)
    return f" Do you mean {plain[close[0]]!r}?" if close else ""


def _advice(absent: list[str], free: list[str]) -> str:
    """How columns are told: in Python, on the command line, in a study."""
    likely = {name: likeliest(name, free) for name in absent}
    given = {name: found or "your column" for name, found in likely.items()}
    python = ", ".join(f"{name!r}: {found!r}" for name, found in given.items())
    options = " ".join(f"--columns {name}={found!r}" for name, found in given.items())
    says = "The likeliest" if all(likely.values()) else "Say which it is"
    outlet = ", or name the one outlet with outlet='...' (--outlet)" if "outlet" in absent else ""
    return (
        f"{says}: columns={{{python}}} in read_articles, {options} for framing import "
        f"and framing count, [corpus.columns] in a study{outlet}."
    )


def _listed(names: list[str]) -> str:
    return (", ".join(map(repr, names[:40])) or "none") + (" and more" if len(names) > 40 else "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name)).casefold()
