"""Which multibyte encoding a text is in: that in which its characters are common ones."""

import contextlib
import re
from functools import cache

# Most characters of a text are of the first level of its national standard, which are the common
# ones, and some of them are among its commonest.
COMMON, COMMONEST = 0.85, 0.08
LEAST = 3  # characters
SHORT = 1000  # bytes
# Punctuation, full-width forms and Latin letters are alike in all of them.
_NEUTRAL = re.compile("[\x00-\u02af\u2000-\u206f\u3000-\u303f\uff00-\uff60\uffe0-\uffef]+")
# What such a text seldom has: a character or two in a Latin word, and, but in Korean, spaces.
_LATIN = "[a-z]{0}{{1,2}}(?!{0})|{0}{{1,2}}[a-z]".format("[^\x00-\u02af]")
_SELDOM = re.compile(_LATIN, re.IGNORECASE)
_SELDOM_UNSPACED = re.compile(_LATIN + "|(?<=[^\x00-\u02af]) (?=[^\x00-\u02af])", re.IGNORECASE)
_KANA = "".join(map(chr, range(0x3041, 0x3100)))
_CHINESE = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
    "這為個國時來們於對會發動過說"
)
_KOREAN = "이다는을의에가하고지로기사도리나자스시인를은서대어한그정아"
# Encoding: the codec, lead and last lead byte of its standard's first level, the commonest.
_STANDARDS = {
    "cp932": ("euc_jp", 0xB0, 0xCF, _KANA),
    "euc_jp": ("euc_jp", 0xB0, 0xCF, _KANA),
    "cp949": ("euc_kr", 0xB0, 0xC8, _KOREAN),
    "gb18030": ("gb2312", 0xB0, 0xD7, _CHINESE),
    "big5": ("big5", 0xA4, 0xC6, _CHINESE),
}


def multibyte(sample: bytes) -> str | None:
    """The encoding of a Chinese, Japanese or Korean text; None if none of them, or too short."""
    found = {}
    for name in _STANDARDS:
        whole = _decoded(sample, name)
        seldom = _SELDOM if name == "cp949" else _SELDOM_UNSPACED
        text = _NEUTRAL.sub("", whole)
        common, commonest = _characters(name)
        n, odd = len(text), len(seldom.findall(whole))
        known, most = (sum(char in some for char in text) for some in (common, commonest))
        if n > max(LEAST, 4 * odd) and known >= COMMON * n and most >= COMMONEST * n:
            found[name] = (known + most) / n
    return max(found, key=found.__getitem__, default=None)


def _decoded(sample: bytes, name: str) -> str:
    """The text, or nothing where it is in another encoding; long samples may end in a character."""
    for end in range(len(sample), len(sample) - (4 if len(sample) > SHORT else 1), -1):
        with contextlib.suppress(UnicodeDecodeError):
            return sample[:end].decode(name)
    return ""


@cache
def _characters(name: str) -> tuple[frozenset[str], frozenset[str]]:
    codec, first, last, commonest = _STANDARDS[name]
    trails = range(0x40, 0xFF)
    pairs = (bytes([lead, trail]) for lead in range(first, last + 1) for trail in trails)
    level = "".join(pair.decode(codec, "ignore") for pair in pairs)
    return frozenset(level + commonest), frozenset(commonest)
