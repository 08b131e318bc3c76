"""Small invented exports in the form of each format, for the tests to read and to break."""

import io
import re

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

NEXIS_BODY = ["Envoys of both sides met at the lake.", "WARNING: nothing was agreed."]


def lexisnexis(count: int = 2, announced: int | None = None) -> str:
    documents = [
        f"""
                               {n} of {announced or count} DOCUMENTS


                                The Ostervane Chronicle

                              June {n}, 2018 Tuesday
                                  Late Edition

Talks at the
lake

BYLINE: Ada Quill

LENGTH: 1,203 words

DATELINE: FENNHAVEN

Envoys of both sides
met at the lake.

WARNING: nothing was agreed.

LOAD-DATE: June {n}, 2018

LANGUAGE: ENGLISH

GRAPHIC: A boat

                     Copyright 2018 The Ostervane Chronicle
                              All Rights Reserved
"""
        for n in range(1, count + 1)
    ]
    return "Terms: (envoys)\n\n" + "\n".join(documents)


def nexis_html() -> str:
    document = """<A NAME="DOC_ID_{n}_0"></A><!-- Hide XML section from browser
<DOC NUMBER=1> -->
<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{n} of 2 DOCUMENTS</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Skarrow Wire</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">June {n}, 2018, CITY EDITION</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c6">Talks at the lake</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">LENGTH: </SPAN><SPAN>9 words</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c8"><SPAN CLASS="c2">Envoys of both sides <B>met</B> at the
lake.</SPAN></P><P CLASS="c8"><SPAN CLASS="c2">WARNING: nothing was agreed.</SPAN></P></DIV>
<BR><DIV CLASS="c4"><P CLASS="c5"><SPAN CLASS="c7">LANGUAGE: </SPAN><SPAN>ENGLISH</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">Copyright 2018 Skarrow Wire</SPAN></P></DIV>
"""
    pages = "".join(document.format(n=n) for n in (1, 2))
    return f"<HTML><HEAD><TITLE>&nbsp;</TITLE></HEAD><BODY>{pages}</BODY></HTML>"


def nexis_docx(path, heads, body=NEXIS_BODY):
    """A document as Nexis Uni writes it; `heads` are the lines above each body."""
    document = docx.Document()
    document.add_paragraph("1. Talks at the lake")
    for n, head in enumerate(heads, 1):
        mark = OxmlElement("w:bookmarkStart")
        mark.set(qn("w:id"), str(n))
        mark.set(qn("w:name"), f"Bookmark_{n}")
        document.add_paragraph()._p.append(mark)
        for line in head:
            document.add_paragraph(line)
        document.add_paragraph().add_run("Body").bold = True
        for line in body:
            document.add_paragraph(line)
        document.add_paragraph().add_run("Graphic").bold = True
        document.add_paragraph("A boat")
        document.add_paragraph("Load-Date:\xa0June 9, 2018")
        document.add_paragraph().add_run("End of Document").bold = True
    document.save(path)
    return path


FACTIVA_BODY = ["Envoys of both sides met at the lake.", "Nothing was agreed."]


def factiva_page(words: str, date: str, extra: str = "", end: str = "Document WIRE0001") -> str:
    paragraphs = "".join(
        f'<p class="articleParagraph enarticleParagraph">{text}  </p>' for text in FACTIVA_BODY
    ).replace("met", "<b>met</b>")
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<title>Factiva</title></head><body><h1>Dow Jones Factiva</h1>
<div id="article-WIRE0001" class="article"><div class="article enArticle"><p></p>
<div>Foreign Desk; 1</div><div id="hd"><span class="enHeadline">Talks at the lake  </span></div>
<div class="author">By Ada Quill</div><div>Special to Skarrow Wire</div>
<div>{words}</div><div>{date}</div>{extra}<div>Skarrow Wire</div><div>SKWR</div>
<div>English</div><div>(c) 2018 Skarrow Wire</div><p></p>{paragraphs}
<p>Skarrow Wire Limited</p><p>{end}</p></div></div></body></html>"""


FACTIVA_ARTICLE = """<ppsarticle><article><accessionNo>WIRE{n}</accessionNo>
<headline><paragraph><hlt>Talks</hlt> at the lake</paragraph></headline>
<leadParagraph><paragraph>Envoys of both sides <hlt>met</hlt> at the
lake.</paragraph></leadParagraph>
<publicationDate><dateTime>2018-06-12T01:35:58Z</dateTime></publicationDate>
<sourceName>Skarrow Wire</sourceName>
<tailParagraphs><paragraph>Nothing was agreed.</paragraph></tailParagraphs></article>
</ppsarticle>"""


def factiva_xml(count: int) -> str:
    articles = "".join(FACTIVA_ARTICLE.format(n=n) for n in range(count))
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse '
        f'xmlns="http://example.org/2.0"><ppsarticleResultSet count="{count}">{articles}'
        "</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
    )


LINE = "_" * 60
PROQUEST_DOCUMENT = """
Talks at the lake

Author: Quill, Ada

Publication info: Skarrow Wire ; Cape Dovrel [Cape Dovrel]12 June 2018: 5.

http://example.org/docview/{n}

Abstract: Envoys met.

Links: None

Full text: Envoys of both sides
met at the lake.

Analysis: nothing was agreed.

Subject: Diplomacy

Title: Talks at the lake

Publication title: Skarrow Wire; Cape Dovrel

Publication date: Jun 12, 2018

ProQuest document ID: {n}

Document URL: http://example.org/docview/{n}

Copyright: Skarrow Wire 2018

"""


def proquest(*documents: str) -> str:
    head = f"{LINE}\n\nReport Information from ProQuest\n12 June 2019\n\n"
    tail = f"{LINE}\n\nContact ProQuest\nCopyright 2019 ProQuest LLC. All rights reserved.\n"
    return head + "".join(f"{LINE}\n{document}" for document in documents) + tail


GUARDIAN = {
    "response": {
        "status": "ok", "total": 2, "results": [
            {
                "id": "world/2018/jun/12/talks", "webPublicationDate": "2018-06-12T22:15:00Z",
                "webTitle": "Talks at the lake", "webUrl": "https://example.org/talks",
                "fields": {"bodyText": "Envoys met.", "publication": "The Observer"},
            },
            {
                "id": "world/2018/jun/13/end", "webPublicationDate": "2018-06-13T22:15:00Z",
                "webTitle": "They part",
                "fields": {"body": "<p>They <em>parted</em>.</p><p>Nothing was agreed.</p>"},
            },
            {
                "id": "world/2018/jun/14/list", "webPublicationDate": "2018-06-14T22:15:00Z",
                "webTitle": "No fields were asked for",
            },
        ],
    }
}  # fmt: skip
NEWSAPI = {
    "status": "ok", "totalResults": 3, "articles": [
        {
            "source": {"id": None, "name": "Skarrow Wire"}, "title": "Talks",
            "url": "https://example.org/1", "publishedAt": "2018-06-12T22:15:00Z",
            "content": "Envoys met at the… [+2310 chars]",
        },
        {
            "source": {"id": None, "name": "Skarrow Wire"}, "title": "They part",
            "url": "https://example.org/2", "publishedAt": "2018-06-13T22:15:00Z",
            "content": "They parted.",
        },
        {
            "source": None, "title": "Removed", "url": "https://example.org/3",
            "publishedAt": "2018-06-13T22:15:00Z", "content": None,
        },
    ],
}  # fmt: skip
WEBZ = {
    "posts": [
        {
            "uuid": "a1", "url": "https://example.org/1", "title": "Talks", "text": "Envoys met.",
            "published": "2018-06-12T22:15:00.000+03:00", "thread": {"site": "example.org"},
        }
    ],
    "totalResults": 1, "moreResultsAvailable": 0,
}  # fmt: skip


PARAGRAPHS = [
    "Envoys of both sides met at the lake on Tuesday, for the first time since the spring.",
    "They spoke for nine hours, and left by different doors without a word to anybody outside.",
    "Nothing was agreed, said a person who had stood in the corridor with the coats all day.",
]


def web_page(head: str = "", body: str = "") -> str:
    article = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Talks at the lake</title>{head}</head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks at the lake</h1>{body}{article}</article>
<footer>Copyright 2011 Skarrow Wire. All rights reserved.</footer></body></html>"""


def web_archive(*pages: tuple[str, str, bytes], compress: bool = True) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=compress)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "tests"}))
    for url, status, payload in pages:
        headers = StatusAndHeaders(
            status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(payload), http_headers=headers
        )
        writer.write_record(record)
    return buffer.getvalue()


def rtf(lines: list[str]) -> str:
    """Paragraphs as rich text; one in asterisks is bold."""

    def escaped(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)

    body = "".join(
        f"{{\\b {escaped(line.strip('*'))}}}\\par\n"
        if line.startswith("*")
        else f"{escaped(line)}\\par\n"
        for line in lines
    )
    return "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\n" + body + "}"


def pdf(lines: list[str], on_a_page: int = 30) -> bytes:
    """Lines as a PDF with text, written from the format's description; Latin letters only."""
    pages = [lines[n : n + on_a_page] for n in range(0, len(lines), on_a_page)]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(pages), b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for n, page in enumerate(pages):
        shown = b"".join(
            b"(%s) Tj T*\n" % re.sub(rb"([()\\])", rb"\\\1", line.encode("cp1252")) for line in page
        )
        stream = b"BT /F1 12 Tf 14 TL 72 720 Td\n" + shown + b"ET"
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (5 + 2 * n)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    content, places = b"%PDF-1.4\n", []
    for n, part in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, len(content))
    )


NEXIS_UNI_LINES = [
    "2 documents", "1. Talks at the lake", "Client/Matter: -None-", "News -None-",
    "About LexisNexis | Privacy Policy | Terms & Conditions | Copyright", "",
    "*Talks at the lake*", "Skarrow Wire", "June 1, 2018 Friday", "Copyright 2018 Skarrow Wire",
    "Length: 9 words", "Byline: Ada Quill", "*Body*", *NEXIS_BODY, "*Classification*",
    "Language: ENGLISH", "Subject: DIPLOMACY (90%)", "Load-Date: June 9, 2018", "End of Document",
    "*They part*", "Marlund Lantern (London) - Final Edition", "June 5, 2018",
    "Copyright 2018 Marlund", "Length: 9 words", "*Body*", *NEXIS_BODY, "Load-Date: June 9, 2018",
    "End of Document",
]  # fmt: skip
FACTIVA_LINES = [
    "Foreign Desk", "*Talks at the lake*", "By Ada Quill", "877 words", "12 June 2018", "10:31 GMT",
    "Skarrow Wire", "SKWR", "English", "(c) 2018 Skarrow Wire", *FACTIVA_BODY, "",
    "Document SKWR000020180612ee6c0000a",
    "*They part*", "9 words", "13 June 2018", "Skarrow Wire", "SKWR", "English",
    "(c) 2018 Skarrow Wire", *FACTIVA_BODY, "Document SKWR000020180613ee6d0000b",
    "Search Summary", "Text: talks and lake in all sources of all regions in English",
]  # fmt: skip
FACTIVA_CODED = [
    "HD Talks at the lake", "CLM A column of the wire's foreign desk, each Tuesday, by many hands",
    "BY Ada Quill", "WC 877 words", "PD 12 June 2018", "SN Skarrow Wire",
    "SC SKWR", "LA English", "LP", FACTIVA_BODY[0], "TD", FACTIVA_BODY[1], "NS gdip : Diplomacy",
    "AN Document SKWR000020180612ee6c0000a",
]  # fmt: skip


def europresse(*articles: tuple[str, str, str, str]) -> str:
    """A page of the newer kind, of outlet, header, title and number of each article."""
    return (
        "<html><body>"
        + "".join(
            f"""<article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">{outlet}</span></div>
<div><span class="DocHeader">{header}</span></div>
<div class="titreArticle">
<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p></div>
<div class="docAuthors">Ada Quill</div></header>
<section><div class="DocText clearfix"><div class="docOcurrContainer">
<p>Les <mark>pourparlers</mark>
continuent.</p><figure>Une photo</figure><p>Rien n'est dit.</p></div></div></section>
<footer><small>© 2006 {outlet}. Tous droits réservés.</small>
<div class="publiC-lblNodoc">{number}</div></footer></article>"""
            for outlet, header, title, number in articles
        )
        + "</body></html>"
    )


EUROPRESSE = europresse(
    ("La Mouette, no. 41", "Politique, mardi 14 mars 2006, p. 16", "Le port", "news·20060314·MO·1"),
    ("La Sterne", "Wednesday, March 15, 2006 - 10:31 UTC", "La mer", "news·20060315·ST·2"),
)


def proquest_html(*labels: str) -> str:
    """A page of two documents; labels for Publication info, Full text and Subject."""
    info, full, subject = labels or ("Publication info", "Full text", "Subject")
    return "".join(
        f"""<div><a name="DocID_MSTAR_{n}"></a><p></p>
<p style="font-weight:bold;">Talks at the lake</p>
<p><strong>{info}:  </strong>Skarrow Wire ; Cape Dovrel [Cape Dovrel]{n - 1000} May 2010: A.2.</p>
<p><strong>{full}: </strong><text wordcount="9"><p>Envoys of both sides met at the lake.</p>
<p>Analysis: nothing was agreed.</p></text></p>
<p><strong>{subject}: </strong>Deterrence; Dialogue</p></div>"""
        for n in (1008, 1009)
    )


EVENT_REGISTRY = {
    "articles": {
        "page": 1, "totalResults": 1, "results": [
            {
                "uri": "6171", "lang": "eng", "isDuplicate": False, "date": "2018-06-12",
                "time": "10:15:00", "dateTime": "2018-06-12T10:15:00Z", "sim": 0,
                "url": "https://example.org/1", "title": "Talks", "body": "Envoys met.",
                "source": {"uri": "example.org", "dataType": "news", "title": "Skarrow Wire"},
                "authors": [{"name": "Ada Quill"}], "sentiment": 0.1,
            }
        ],
    }
}  # fmt: skip
