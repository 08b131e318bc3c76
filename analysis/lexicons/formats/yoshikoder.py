"""Yoshikoder dictionaries (.ykd) and Lexicoder 2 ones (.lcd): XML with categories and patterns.

Yoshikoder writes a dictionary as one outermost category with nothing but categories in it; that
one gives the lexicon its name and is no frame.
"""

from xml.parsers import expat

from analysis.lexicons.formats.lexicon_file import Category, LexiconData, LexiconFile


def read(file: LexiconFile) -> LexiconData:
    """Read a Yoshikoder dictionary."""
    top = _Tree(file).top
    match top:
        case [outermost] if outermost.children and not outermost.patterns:
            return file.data(outermost.children, name=outermost.name)
    return file.data(top)


class _Tree:
    def __init__(self, file: LexiconFile) -> None:
        self.file = file
        self.top: list[Category] = []
        self.open: list[Category] = []
        self.begun = False
        # The text is decoded already; the declaration may still name its old encoding.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype
        try:
            self.parser.Parse(file.text.lstrip().encode("utf-8"), True)
        except expat.ExpatError as error:
            file.refuse(error.lineno, f"not XML: {expat.errors.messages[error.code]}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if (tag == "dictionary") == self.begun:
            self.file.refuse(line, f"<{tag}> is not allowed here; is it a dictionary file")
        self.begun = True
        if (engine := attributes.get("patternengine", "substring")) != "substring":
            self.file.refuse(
                line,
                f"its patterns are of the kind {engine!r}, which is not read; write them with * "
                "for any letters and ? for one, as the kind 'substring' has them",
            )
        if tag not in ("cnode", "pnode"):
            return
        name = " ".join(attributes.get("name", "").split())
        if not name:
            self.file.refuse(line, f"<{tag}> has no name")
        if (attributes.get("score", "") + attributes.get("weight", "")).strip():
            self.file.refuse(
                line,
                f"{name!r} has a score, which is not read; take it out, or write a "
                "table with the column weight",
            )
        if tag == "cnode":
            category = Category(name, line)
            (self.open[-1].children if self.open else self.top).append(category)
            self.open.append(category)
        elif self.open:
            self.open[-1].patterns.append((name, line))
        else:
            self.file.refuse(line, f"pattern {name!r} is not under a category")

    def end(self, tag: str) -> None:
        if tag == "cnode":
            self.open.pop()

    def doctype(self, *_: object) -> None:
        self.file.refuse(
            self.parser.CurrentLineNumber, "document types and entities are not read; take them out"
        )
