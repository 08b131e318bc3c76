"""A slow reference for the tokenizer, in plain Python, written from its definition alone.

It shares no code and no table with the package: only ``unicodedata``, ICU and this file.
"""

import re
import unicodedata

from icu4py.breakers import WordBreaker

HYPHENS = "-\u2010\u2011"
# By their names in Unicode's code charts.
APOSTROPHES = "".join(
    map(
        unicodedata.lookup,
        """APOSTROPHE|GRAVE ACCENT|ACUTE ACCENT|MODIFIER LETTER PRIME|MODIFIER LETTER TURNED COMMA
        MODIFIER LETTER APOSTROPHE|MODIFIER LETTER REVERSED COMMA|MODIFIER LETTER RIGHT HALF RING
        MODIFIER LETTER LEFT HALF RING|GREEK TONOS|ARMENIAN APOSTROPHE|HEBREW PUNCTUATION GERESH
        GREEK KORONIS|GREEK PSILI|GREEK VARIA|GREEK OXIA|GREEK DASIA|LEFT SINGLE QUOTATION MARK
        RIGHT SINGLE QUOTATION MARK|SINGLE HIGH-REVERSED-9 QUOTATION MARK|PRIME|REVERSED PRIME
        LATIN CAPITAL LETTER SALTILLO|LATIN SMALL LETTER SALTILLO|FULLWIDTH APOSTROPHE
        FULLWIDTH GRAVE ACCENT""".replace("\n        ", "|").split("|"),
    )
)
# Unicode's Default_Ignorable_Code_Point, as printed in DerivedCoreProperties.txt.
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
STARTERS = ("a", "the", "they", "he", "it")
ABBREVIATIONS = ("gen", "mr", "mrs", "ms", "dr", "sen", "gov", "rep", "lt", "col", "jr", "sr", "st")
LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


def kind(character: str) -> str:
    """One letter: w(ord), m(ark), j(oiner), i(nvisible) or - for all others."""
    if IGNORABLE.match(character):
        return "i"
    if character in APOSTROPHES or character in HYPHENS:
        return "j"
    category = unicodedata.category(character)[0]
    return {"L": "w", "N": "w", "M": "m"}.get(category, "-")


def runs(text: str) -> list[tuple[int, int]]:
    """Start and end of each run of letters, marks and joiners, in characters."""
    visible = [(place, kind(c)) for place, c in enumerate(text) if kind(c) != "i"]
    pattern = re.compile("w[wm]*(?:jw[wm]*)*")
    kinds = "".join(k for _, k in visible)
    return [(visible[m.start()][0], visible[m.end() - 1][0] + 1) for m in pattern.finditer(kinds)]


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each token, in characters."""
    return [word for run in runs(text) for word in words(text, *run)]


def unspaced(character: str) -> bool:
    names = ("CJK", "IDEOGRAPHIC", "HANGZHOU", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")
    names += ("THAI", "LAO", "KHMER", "MYANMAR", "VERTICAL KANA", "MASU", "VERTICAL IDEOGRAPHIC")
    return unicodedata.name(character, "").startswith(names)


def words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words of a run: ICU's, wherever one ends beside a script without spaces."""
    run = text[start:end]
    if not any(map(unspaced, run)):
        return [(start, end)]
    # Marks and invisible characters belong to the letter before them, joiners to any at their side.
    of = [c for k, c in enumerate(run) for c in [next(x for x in run[k::-1] if kind(x) in "wj")]]
    near = [
        unspaced(c)
        or (c in APOSTROPHES + HYPHENS and any(map(unspaced, of[max(k - 1, 0) : k + 2])))
        for k, c in enumerate(of)
    ]
    found, begun, cut = [], 0, 0
    for piece in WordBreaker(run, "root"):
        cut += len(piece)
        if cut == len(run) or near[cut - 1] or near[cut]:
            if any(kind(c) == "w" for c in run[begun:cut]):
                found.append((start + begun, start + cut))
            begun = cut
    return found


def fold(token: str, *, case: bool = True, possessives: bool = True) -> str:
    term = IGNORABLE.sub("", token)
    for character in APOSTROPHES:
        term = term.replace(character, "'")
    for character in HYPHENS:
        term = term.replace(character, "-")
    term = unicodedata.normalize("NFC", term)
    if case:
        term = unicodedata.normalize("NFC", term.casefold().replace("i\u0307", "i"))
    return re.sub("'[sS]$", "", term) if possessives else term


def terms(text: str, **options: bool) -> list[str]:
    return [fold(text[start:end], **options) for start, end in spans(text)]


def gaps(text: str) -> list[int]:
    """What stands before each token: 0 space, 2 the end of a sentence, or the sum of `marks`."""
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # a lone surrogate stands for no character
    found: list[int] = []
    before = None
    begins = {start for start, _ in runs(text)}
    for start, end in spans(text):
        # Within a run, a hyphen or apostrophe parts words as a space does.
        found.append(
            0
            if before is None or start not in begins
            else gap(text[before[0] : before[1]], text[before[1] : start], text[start:end])
        )
        before = (start, end)
    return found


def gap(token: str, between: str, following: str) -> int:
    # Invisible characters and marks that follow no letter say nothing; "_" is as good as a space.
    seen = "".join(c for c in between if kind(c) not in "im").replace("_", " ")
    if any(c in LINE_BREAKS + UNSPACED_ENDS for c in seen):
        return 2
    closing = "".join(
        re.escape(c) for c in set(seen)
        if unicodedata.category(c) in ("Pe", "Pf") or c in "\"\u201c" + APOSTROPHES
    )  # fmt: skip
    stops = "".join(re.escape(c) for c in set(seen) if c in TERMINATORS)
    space = "".join(re.escape(c) for c in set(seen) if c.isspace())
    if not space:
        return marks(token, seen)
    closing, stops = f"[{closing}]*" if closing else "", f"[{stops}]" if stops else "(?!)"
    ends = [m.start() for m in re.finditer(f"{stops}{closing}(?=[{space}])", seen)]
    word = fold(token, possessives=False)
    goes_on = (len(word) == 1 and word.isalpha()) or word in ABBREVIATIONS
    begins = re.match(r"[A-Za-z]*", following)[0]
    if begins[:1].isupper() and begins.casefold() in STARTERS:
        goes_on = False
    if any(not (place == 0 and seen[0] == "." and goes_on) for place in ends):
        return 2
    return marks(token, seen)


def marks(token: str, seen: str) -> int:
    """What stands in a gap within a sentence, each kind once.

    1 punctuation, 4 full stop, 8 slash, 16 ampersand, 32 a hyphen right between another mark and
    the next token, 64 colon or symbol.
    """
    found = set()
    if re.search(rf"[^\s{HYPHENS[::-1]}][{HYPHENS[::-1]}]$", seen):
        seen = seen[:-1]
        found.add(32)
    # A possessive is none, after s, x, z and letters beyond ASCII.
    if seen[:1] in set(APOSTROPHES) and re.match("(?i:[sxz])|[^\0-\x7f]", token[-1]):
        seen = seen[1:]
    for c in "".join(seen.split()):
        if c in "./\u2044\u2215\uff0f&\ufe60\uff06":
            found.add(4 if c == "." else 16 if "AMPERSAND" in unicodedata.name(c) else 8)
        else:
            symbol = unicodedata.category(c)[0] == "S" and c not in APOSTROPHES
            found.add(64 if symbol or c in ":%@#\uff1a" else 1)
    return sum(found)


# Full stops, question and exclamation marks and ellipses of the scripts, from their code charts.
TERMINATORS = (
    ".!?\u2026\u037e\u0589\u061f\u06d4\u0964\u0965\u1362\u203c\u203d\u2047\u2048\u2049\uff0e"
)
# Those of scripts that put no space after them: CJK, fullwidth and halfwidth, Khmer, Burmese.
UNSPACED_ENDS = "".join(
    map(
        unicodedata.lookup,
        """IDEOGRAPHIC FULL STOP|FULLWIDTH EXCLAMATION MARK|FULLWIDTH QUESTION MARK
        HALFWIDTH IDEOGRAPHIC FULL STOP|KHMER SIGN KHAN|KHMER SIGN BARIYOOSAN
        MYANMAR SIGN SECTION""".replace("\n        ", "|").split("|"),
    )
)
