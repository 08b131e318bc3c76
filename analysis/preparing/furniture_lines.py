"""Lines that are furniture wherever they stand: English wordings, each with its kind.

A pattern must fit a whole line (``fullmatch``, case ignored). Wordings that a sentence of an
article might also have are held against the first and last lines of a text only.
"""

import re

# kind: patterns. The kinds are what the list of cuts shows.
ANYWHERE: dict[str, tuple[str, ...]] = {
    "advertisement": (
        r"\W*(ad|ads|advert|advertisement|advertising|sponsored( content)?|paid post)\W*",
        r"advertisement:? (continue|skip|story|article)\b.{0,60}",
        r"(story|article|text|report) continue[sd]? (below|after)\b.{0,60}",
        r"(continue|skip to) (reading )?(the )?main (story|content)\W*",
    ),
    "link": (
        r"(read|see|watch|hear|listen|view|more on this|related|recommended|also read|read also)"
        r"\s*(more|next|also|now|stories|articles|links|coverage|content)?\W*[:.…]+",
        r"(read|see|hear|watch|learn) more\W*",
        r"(read|see|hear|watch) (more|also|next|now|related)( \w+){0,3}\s*[:|>»].{0,200}",
        r"more( from [\w .]{1,40})?:(?! ).{3,150}|more( from [\w .]{1,40})?\W*",
        r"(related|recommended|see also|also read|don.t miss|must read|editor.s picks?)"
        r"( (stor(y|ies)|articles?|links?|coverage|content|topics?|videos?))?\s*[:|].{0,200}",
        r"\(\s*(photos?|videos?|watch|timeline|graphic|quiz|poll|see also|related|also on \w+)"
        r"\s*:.{0,150}\)",
        r"(to )?read (the rest of|the full|more (of|from|about|on))\b.{0,120}\b(here|blog)\W*",
        r"click (here )?(for|to|on)\b.{0,120}",
        r"(more on this|(previous|next) (article|story|post))\W*",
        r"((latest|top|trending|popular|related) (stories|news|articles|headlines|posts)|"
        r"most (read|popular|viewed|shared)|trending( now)?)\W*",
        r"visit .{0,60}\bhomepage for more( stories)?\W*",
        r"read more .{0,40}\bcoverage\b.{0,80}|(this article )?tagged under:.{0,150}",
        r"(.{0,60}[?!] )?share this (article|page|story|post)\b.{0,80}",
    ),
    "newsletter": (
        r"(urgent: |you can )?(please )?(sign up|sign-up|subscribe|join)\b.{0,200}"
        r"\b(newsletters?|inbox|e-?mails?|alerts?|updates|podcasts?)\b.{0,400}",
        r"(get|receive)\b.{0,150}\b(in|to) your (in-?box|e-?mail)\b.{0,200}",
        r"(news)?letter sign[- ]?up\b.{0,800}",
        r".{0,120}\bemail sign up\b.{0,400}",
        r".{0,80}delivered to your inbox: sign up\b.{0,80}",
        r"get the brief\. sign up to receive\b.{0,4000}",
    ),
    "copyright": (
        r"copyright\W*(©|\(c\)|\d{4}).{0,200}|©.{0,200}|\(c\) ?\d{4}\b.{0,200}",
        r".{0,120}\ball rights reserved\b.{0,200}",
        r"this material may not be (published|reproduced)\b.{0,200}",
        r"content created by\b.{0,300}\b(licensing|eligible news publisher)\b.{0,300}",
    ),
    "player": (
        r"media playback is (unsupported|not supported) on (your|this) device\b.{0,300}",
        r"just watched .{0,200}\breplay\b.{0,300}",
        r"your browser does not support\b.{0,60}",
        r"(please )?upgrade your browser\b.{0,400}",
        r"audio by carbonatix",
        r"(watch the latest video at|listen to this (report|article|story))\b.{0,60}",
        r"slideshow \(\d+ images?\)",
        r"photos: photos: .+",
        r"(next|prev|previous) (image|photo|slide) \d+ of \d+",
        r"enlarge this image\b.{0,120}",
        r"(toggle|hide) caption",
        # A gallery in one line: its title and captions, each with its number.
        r"photos: .*\bhide caption \d+ of \d+( photos: .*)?|hide caption \d+ of \d+( photos: .*)?",
        r".*\bhide caption \d+ of \d+",
        r"(image|photo|video) \d+ of \d+",
        r"\[(pullquote|music|video|image|photo|gallery|embed)\]",
    ),
    "account": (
        r"(follow|like|find|join) (us|him|her|me|them|\w+ on|\w+ \w+ on)\b.{0,40}"
        r"\b(twitter|facebook|instagram|linkedin)\b.{0,60}",
        r"\W*(please )?(follow )?(\w+ ){0,4}(at )?@\w+( on twitter)?[.\s]*(follow @\w+[.\s]*)*",
        r"(write to|contact|e-?mail|send (tips|letters) to) .{1,60}?\S+@ ?\S+",
        r"(download|get) .{0,60}\bapp\b.{0,40}",
    ),
    "photo": (r"image copyright .{1,40}",),
    "page": (
        r"this article is more than .{0,20} old",
        r"interested in .{0,80}\? add .{0,80} as an interest\b.{0,200}",
        r"this is a rush transcript\b.{0,80}",
        r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten) (years?|months?|days?|hours?) ago",
        r"\{\w+\}",
        r"no time to read\?|get a summary",
        r"[\W_]*[•·*_=⦁-][\W_]*",
    ),
}

# Held against the first and last lines only.
AT_EDGES: dict[str, tuple[str, ...]] = {
    "credit": (
        r".{0,160}\bcontributed (reporting\b.{0,60}|(to|for) this (report|article|story|column|"
        r"piece|post)( from .{1,60}|, which was updated.{1,40})?\W*)",
        r"\W*contribut(ing|ors?)\s*:.{0,160}",
        r"\W*((additional|with) )?(reporting|writing|editing|edited|compiled) by\b.{0,200}",
        r"\W*this article is based (in part )?on wire[- ]service reports\W*",
        r"(agency )?report( by|:| from)\b.{0,60}|this report is from\b.{0,60}",
        r"(first|originally|this (article|story|piece|report|column|post)( was)? "
        r"(first|originally)) (published|broadcast|appeared|posted)\b.{0,150}",
    ),
    "photo": (
        r"\(?(photo|picture|image|photograph|illustration|file photo|handout photo|photo by|"
        r"photo credit|image credit|image copyright)\b\s*[:/|].{1,80}",
        r"(photo|video|pictures?|image)\W*",
    ),
    "page": (
        r"(last )?(updated|published|posted)\b( (at|on))?:? .{0,20}\d.{0,40}",
        r"(published|updated) .{0,10}\d{4}\W*",
        r"(analysis|opinion|commentary|exclusive|editorial)([/ ]+(analysis|opinion))*\s*:?",
    ),
}


# The kinds, in the order in which they are tried.
WORDINGS = tuple(dict.fromkeys([*ANYWHERE, *AT_EDGES]))

_INSIDE = re.compile(r"\.(?:\*|\{0,\d+\})(?:\\b)?([a-z ]{5,})[^?*{]")
_GROUP = re.compile(r"\([^()]*\)")


class _Kinds:
    """Patterns by kind. Those that begin with any text are tried where their words are found."""

    def __init__(self, *tables: dict[str, tuple[str, ...]]) -> None:
        anchored = dict[str, list[str]]()
        self.inside: list[tuple[str, str, re.Pattern[str]]] = []
        for kind in WORDINGS:
            for pattern in (pattern for table in tables for pattern in table.get(kind, ())):
                words = _INSIDE.match(pattern)
                if words and not _has_alternatives(pattern):
                    found = re.compile(pattern, re.IGNORECASE)
                    self.inside.append((kind, words.group(1), found))
                else:
                    anchored.setdefault(kind, []).append(pattern)
        groups = (f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in anchored.items())
        self.anchored = re.compile("|".join(groups), re.IGNORECASE)

    def of(self, line: str) -> str | None:
        match = self.anchored.fullmatch(line)
        kinds = [match.lastgroup or ""] if match else []
        # As the patterns do, which ignore case: ſ is an s, the sign of Kelvin a k.
        plain = line.casefold().replace("i\u0307", "i").replace("ı", "i")
        for kind, words, pattern in self.inside:
            if words in plain and pattern.fullmatch(line):
                kinds.append(kind)
        return min(kinds, key=WORDINGS.index, default=None)


def _has_alternatives(pattern: str) -> bool:
    """Whether there is a ``|`` outside all groups."""
    pattern = re.sub(r"\\.", "", pattern)
    while (shorter := _GROUP.sub("", pattern)) != pattern:
        pattern = shorter
    return "|" in pattern


# Below these stand headlines of other articles; above these, in columns of them.
OPENS_LINKS = re.compile(
    r"\W*(read|see|watch|view|also|related|recommended|popular|trending|latest|top|most|more|next|"
    r"previous)\b(,? \w+){0,3}\W*",
    re.IGNORECASE,
)
AGE = re.compile(
    r"\W*(\d+|an?|one) (second|minute|min|hour|day|week|month|year)s?( ago)?\W*", re.IGNORECASE
)

_IN_BODY, _AT_EDGE = _Kinds(ANYWHERE), _Kinds(ANYWHERE, AT_EDGES)


def kind_of(line: str, *, at_edge: bool) -> str | None:
    """The kind of furniture that a line is, by its wording alone.

    Examples
    --------
    >>> kind_of("Story Continued Below", at_edge=False)
    'advertisement'
    >>> kind_of("The story continued below ground.", at_edge=True)
    """
    return (_AT_EDGE if at_edge else _IN_BODY).of(line)
