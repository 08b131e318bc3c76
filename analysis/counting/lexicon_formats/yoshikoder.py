"""Yoshikoder dictionaries (.ykd) and Lexicoder 2 ones (.lcd): XML with categories and patterns.

Yoshikoder writes a dictionary as one outermost category with nothing but categories in it; that
one gives the lexicon its name and is no frame.
"""

from xml.parsers import expat

from analysis.counting.lexicon import Lexicon
from analysis.counting.lexicon_formats.source import Category, Source


def read(source: Source) -> Lexicon:
    """Read a Yoshikoder dictionary."""
    root = _Tree(source).root
    top = root.children
    if len(top) == 1 and top[0].children and not top[0].patterns:
        return source.lexicon(top[0].children, name=top[0].name)
    return source.lexicon(top)


class _Tree:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.root = Category("", 1)
        self.open = [self.root]
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype
        try:
            # The text is decoded already; the declaration may still name its old encoding.
            self.parser.Parse(source.text.lstrip().encode("utf-8"), True)
        except expat.ExpatError as error:
            source.refuse(error.lineno, f"not XML: {expat.errors.messages[error.code]}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if (tag == "dictionary") != (self.depth == 0):
            self.source.refuse(line, f"<{tag}> stands where it must not; is it a dictionary?")
        self.depth += 1
        if tag not in ("cnode", "pnode"):
            return
        name = " ".join(attributes.get("name", "").split())
        if not name:
            self.source.refuse(line, f"<{tag}> has no name")
        if tag == "pnode":
            if self.open[-1] is self.root:
                self.source.refuse(line, f"pattern {name!r} stands under no category")
            self.open[-1].patterns.append((name, line))
        else:
            self.open[-1].children.append(Category(name, line))
            self.open.append(self.open[-1].children[-1])

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag == "cnode":
            self.open.pop()

    def doctype(self, *_: object) -> None:
        self.source.refuse(
            self.parser.CurrentLineNumber, "document types and entities are not read; take them out"
        )
