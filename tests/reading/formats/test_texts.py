"""Articles as .rtf and .pdf: written as their databases describe them, since samples are few."""

import docx
import pytest

from analysis import read_articles
from analysis.errors import ReadError
from tests.reading.samples import (
    FACTIVA_BODY,
    FACTIVA_CODED,
    FACTIVA_LINES,
    LINE,
    NEXIS_BODY,
    NEXIS_UNI_LINES,
    lexisnexis,
    pdf,
    rtf,
)

FORMS = {"rtf": rtf, "pdf": lambda lines: pdf([line.strip("*") for line in lines])}
both = pytest.mark.parametrize("form", FORMS)


@both
def test_nexis_uni(write, form):
    path = write(f"a.{form}", FORMS[form](NEXIS_UNI_LINES))
    articles, rejected = read_articles(path, today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire", "Marlund Lantern"]
    assert articles["title"].tolist() == ["Talks at the lake", "They part"]
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-05"]
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
    assert articles["author"].tolist()[0] == "Ada Quill"


@both
@pytest.mark.parametrize("words", ["877 words", "877 Wörter", "877 palavras", "1.877 woorden"])
def test_factiva(write, form, words):
    lines = [words if line == "877 words" else line for line in FACTIVA_LINES]
    articles, rejected = read_articles(write(f"a.{form}", FORMS[form](lines)), today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-12", "2018-06-13"]
    assert articles["text"].tolist() == ["\n\n".join(FACTIVA_BODY)] * 2
    assert articles["title"].tolist()[1] == "They part"
    assert articles["title"].tolist()[0].endswith("Talks at the lake")
    assert articles["doc_id"].tolist()[0] == "SKWR000020180612ee6c0000a"


@both
def test_factiva_with_field_codes(write, form):
    path = write(f"a.{form}", FORMS[form](FACTIVA_CODED))
    articles, _ = read_articles(path, today="2020-01-01")
    row = articles.iloc[0]
    assert (row["outlet"], row["title"]) == ("Skarrow Wire", "Talks at the lake")
    assert row["text"] == "\n\n".join(FACTIVA_BODY)


@both
def test_lexisnexis(write, form):
    lines = [line.strip() for line in lexisnexis().split("\n")]
    articles, _ = read_articles(write(f"a.{form}", FORMS[form](lines)), today="2020-01-01")
    assert len(articles) == 2
    assert set(articles["outlet"]) == {"The Ostervane Chronicle"}


@both
@pytest.mark.parametrize("lines", [NEXIS_UNI_LINES, FACTIVA_LINES])
def test_an_export_that_breaks_off_says_so(write, form, lines):
    last = max(n for n, x in enumerate(lines) if x.startswith(("End of", "Document ")))
    broken = lines[: last - 1]
    articles, rejected = read_articles(write(f"a.{form}", FORMS[form](broken)), today="2020-01-01")
    assert len(articles) == 1
    assert rejected["reason"].tolist() == ["damaged file"]


@pytest.mark.parametrize("name", ["Gull/2021-03-04 a.rtf", "Gull/2021-03-04 a.txt"])
def test_rich_text_that_is_no_export_is_one_article(write, tmp_path, name):
    source = rtf(["*Harbour*", "“Talks” went on – for hours."])
    write(f"press/{name}", source.replace("{\\b", '{\\field{\\*\\fldinst HYPERLINK "x"}}{\\b', 1))
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert articles["text"].tolist() == ["Harbour\n\n“Talks” went on – for hours."]
    assert articles["outlet"].tolist() == ["Gull"]


def test_a_pdf_without_text_is_refused(write):
    with pytest.raises(ReadError, match="holds no text but pictures"):
        read_articles(write("a.pdf", pdf([])))


def test_lines_of_a_pdf_are_joined_to_paragraphs(write, tmp_path):
    lines = ["The talks went on for hours and then the", "boats left."]
    lines += ["Nothing was agreed between the two sides on", "Friday."]
    write("press/Gull/2021-03-04 a.pdf", pdf(lines))
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert articles["text"].tolist() == [
        "The talks went on for hours and then the boats left.\n\n"
        "Nothing was agreed between the two sides on Friday."
    ]


def test_a_title_at_the_head_of_each_page_is_no_text(write):
    # Each page begins with its number and the title of its article, as Nexis Uni's do.
    lines = [line.strip("*") for line in NEXIS_UNI_LINES]
    first = lines[lines.index("Talks at the lake") : lines.index("End of Document")]
    cut = first.index("WARNING: nothing was agreed.")
    head = ["Page 1 of 2", "Talks at the lake"]
    pages = [*head, *first[:cut]], ["Page 2 of 2", *head[1:], *first[cut:], "End of Document"]
    content = pdf([line for page in pages for line in [*page, *[""] * (30 - len(page))]])
    articles, _ = read_articles(write("a.pdf", content), today="2020-01-01")
    assert articles["title"].tolist() == ["Talks at the lake"]
    assert articles["text"][0].split() == " ".join(NEXIS_BODY).split()


@pytest.mark.parametrize(
    "pages",
    [
        [["Yes.", "Yes.", "No."]],
        [["Yes", "Yes", "No."]],
        [["Yes.", "They met.", "No."], ["Yes.", "So they left.", "No."]],
        [["Yes"], ["Yes"]],
    ],
)
def test_lines_that_come_again_are_text(write, tmp_path, pages):
    lines = [line for page in pages for line in [*page, *[""] * (30 - len(page))]]
    write("press/Gull/2021-03-04 a.pdf", pdf(lines))
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    words = " ".join(line for page in pages for line in page).split()
    assert articles["text"][0].split() == words


WORDS = "Body;Classification;Language;Subject;Load-Date;Length;Byline;End of Document"


# The labels of LexisNexis in each language as its older exports write them, and the headings of
# Nexis Uni in that language: no public sample is in another than English.
@both
@pytest.mark.parametrize(
    "words",
    [
        "Hauptteil;Klassifizierung;Sprache;Thema;Ladedatum;Länge;Verfasser;Ende des Dokuments",
        "Corps;Classification;Langue;Sujet;Date-chargement;Longueur;Auteur;Fin du document",
        "Cuerpo;Clasificación;Idioma;Tema;Fecha-carga;Longitud;Autor;Fin del documento",
        "Corpo;Classificazione;Lingua;Argomento;Data-caricamento;Lunghezza;Autore;Fine del documento",  # noqa: E501
        "Corpo;Classificação;Idioma;Assunto;Data-carregamento;Comprimento;Autor;Fim do documento",
        "Hoofdtekst;Classificatie;Taal;Onderwerp;Laaddatum;Lengte;Auteur;Einde van document",
    ],
)
def test_nexis_uni_in_other_languages(write, form, words):
    lines = NEXIS_UNI_LINES
    for old, new in zip(WORDS.split(";"), words.split(";"), strict=True):
        lines = [
            line.replace(old, new, 1) if line.strip("*").startswith(old) else line for line in lines
        ]
    articles, rejected = read_articles(write(f"a.{form}", FORMS[form](lines)), today="2020-01-01")
    assert len(rejected) == 0
    assert articles["text"].tolist() == ["\n\n".join(NEXIS_BODY)] * 2
    assert articles[["outlet", "author"]].values.tolist()[0] == ["Skarrow Wire", "Ada Quill"]


def test_a_word_document_is_read_as_whichever_export_it_is(tmp_path):
    document = docx.Document()
    for line in FACTIVA_LINES:
        run = document.add_paragraph().add_run(line.strip("*"))
        run.bold = line.startswith("*")
    document.save(tmp_path / "a.docx")
    articles, rejected = read_articles(tmp_path / "a.docx", today="2020-01-01")
    assert len(rejected) == 0
    assert articles["outlet"].tolist() == ["Skarrow Wire"] * 2
    assert articles["text"].tolist() == ["\n\n".join(FACTIVA_BODY)] * 2


@pytest.mark.parametrize(
    "text",
    [
        f"They searched ProQuest.\n\n{LINE}\n\nAda Quill, the Gull",
        "The page said:\n\n3 of 74 DOCUMENTS\n\nThe others were lost.\n\nSo they left.",
        "They met. " * 7000 + "\n\n3 of 74 DOCUMENTS\n\nThe Gull\n\nJune 1, 2018\n\nTalks\n\nSo.",
        "They met. " * 7000 + f"\n\n{LINE}\nProQuest\n\nFull text: They met.",
    ],
)
def test_a_text_that_names_a_database_is_one_article(write, tmp_path, text):
    write("press/Gull/2021-03-04 a.txt", text)
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert articles["text"].tolist() == [text.strip()]
    assert articles["outlet"].tolist() == ["Gull"]
