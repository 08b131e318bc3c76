import gzip
import json
import logging
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import zstandard

from analysis import check_articles, read_articles, scan_articles
from analysis.errors import ReadError
from analysis.reading.limits import ReadLimits

HEADER = "doc_id,outlet,date,title,text\n"
ROWS = [
    {
        "doc_id": "a",
        "outlet": "Gazette",
        "date": "2018-06-12",
        "title": "Talks",
        "text": "They met.",
    },
    {"doc_id": "b", "outlet": "Herald", "date": "2018-06-13", "title": "", "text": "They\nparted."},
]


def reasons(rejected: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rejected["locator"], rejected["reason"], strict=True))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    return pd.DataFrame(rows).to_csv(index=False).encode()


def as_jsonl(rows: list[dict[str, str]]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


@pytest.mark.parametrize(
    "name", ["n.csv", "n.tsv", "n.jsonl", "n.parquet", "n.xlsx", "n.csv.gz", "n.jsonl.zst"]
)
def test_one_table_in_every_format(tmp_path: Path, name: str):
    path = tmp_path / name
    frame = pd.DataFrame(ROWS)
    if name == "n.tsv":
        frame.to_csv(path, index=False, sep="\t")
    elif name == "n.parquet":
        frame.to_parquet(path)
    elif name == "n.xlsx":
        frame.to_excel(path, index=False)
    else:
        content = as_csv(ROWS) if "csv" in name else as_jsonl(ROWS)
        if name.endswith(".gz"):
            content = gzip.compress(content)
        elif name.endswith(".zst"):
            content = zstandard.compress(content)
        path.write_bytes(content)
    articles, rejected = read_articles(path)
    assert len(rejected) == 0
    pd.testing.assert_frame_equal(articles, check_articles(frame))
    assert articles.attrs["reading"][0]["rows"] == 2
    pd.testing.assert_frame_equal(check_articles(articles), articles)


def test_columns_are_mapped_as_told(write):
    path = write("n.csv", "key,paper,when,body,text\n1,Gazette,2018-06-12,They met.,short\n")
    columns = {"doc_id": "key", "outlet": "paper", "date": "when", "text": "body"}
    articles, _ = read_articles(path, columns=columns)
    row = articles.iloc[0]
    assert (row["doc_id"], row["outlet"], row["text"]) == ("1", "Gazette", "They met.")
    assert row["text_in_file"] == "short"
    assert "guessed" not in articles.attrs["reading"][0]


@pytest.mark.parametrize(
    "header",
    ["Zeitung;Datum;Überschrift;Volltext", "Издание;Дата;Заголовок;Текст",
     "Fuente;Fecha;Título;Texto", "Source;Date;Titre;Texte"],
)  # fmt: skip
def test_headers_of_other_languages_are_guessed(write, header: str):
    path = write("n.csv", f"{header}\nGazette;2018-06-12;They met;Envoys met.\n")
    articles, _ = read_articles(path, today="2020-01-01")
    assert articles[["outlet", "title", "text"]].values.tolist() == [
        ["Gazette", "They met", "Envoys met."]
    ]
    for name in header.replace("Date;", "").split(";"):
        assert f"from '{name}'" in articles.attrs["reading"][0]["guessed"]


def test_a_guess_says_what_it_guessed(write, caplog):
    path = write(
        "n.csv", "ID,Publication Title,Pub Date,Headline,Full Text\n1,Gazette,2018,T,They met.\n"
    )
    with caplog.at_level(logging.WARNING):
        articles, _ = read_articles(path)
    guess = (
        "doc_id from 'ID', outlet from 'Publication Title', date from 'Pub Date', "
        "title from 'Headline', text from 'Full Text'"
    )
    assert articles.attrs["reading"][0]["guessed"] == guess
    assert f"n.csv: guessed: {guess}" in caplog.text
    assert articles.loc[0, "text"] == "They met."


def test_of_columns_with_one_name_the_first_is_taken_and_it_says_so(write, caplog):
    path = write("n.csv", "outlet,date,text,text,Body,Body\nGazette,2018,One.,Two.,x,y\n")
    with caplog.at_level(logging.WARNING):
        articles, _ = read_articles(path)
    assert articles[["text", "text.2"]].values.tolist() == [["One.", "Two."]]
    guess = "text from the first of 2 columns 'text'"
    assert articles.attrs["reading"][0]["guessed"] == guess
    assert guess in caplog.text
    second, _ = read_articles(path, columns={"text": "text.2"})
    assert second["text"].tolist() == ["Two."]
    path = write("n.csv", "outlet,date,Body,Body,Body\nGazette,2018,One.,Two.,Three.\n")
    guessed = read_articles(path)[0].attrs["reading"][0]["guessed"]
    assert guessed == "text from the first of 3 columns 'Body'"


def test_a_column_that_cannot_be_found_is_an_error_that_says_what_to_do(write):
    path = write("n.csv", "a,b\n1,2\n")
    with pytest.raises(ReadError, match=r"no column can be taken for outlet, date, text.*'a', 'b'"):
        read_articles(path)
    with pytest.raises(ReadError, match="no column 'c'"):
        read_articles(path, columns={"text": "c"})
    path = write("n.csv", "main_source,pub_day,txt,x\n1,2,3,4\n")
    likely = "columns={'outlet': 'main_source', 'date': 'pub_day', 'text': 'txt'}"
    with pytest.raises(ReadError, match=f"The likeliest: {re.escape(likely)} in read_articles"):
        read_articles(path)
    with pytest.raises(ReadError, match=r"Do you mean 'main_source'\?"):
        read_articles(path, columns={"outlet": "newssource"})
    with pytest.raises(ReadError, match="'body' is no column of the articles table"):
        read_articles(path, columns={"body": "a"})


def test_every_row_is_an_article_or_rejected_with_its_reason(write):
    rows = [
        "1,Gazette,2018-06-12,T,They met.",
        "2,Gazette,,T,They met.",
        "3,Gazette,soon,T,They met.",
        "4,Gazette,04/05/2018,T,They met.",
        "5,Gazette,0001-01-01,T,They met.",
        "6,Gazette,2031-01-01,T,They met.",
        "7,,2018-06-12,T,They met.",
        "8,nan,2018-06-12,T,They met.",
        "9,Gazette,2018-06-12,T,",
        "10,Gazette,2018-06-12,T,They met [+1234 chars]",
        "1,Gazette,2018-06-12,T,Again.",
        "12,Gazette,2018-06-12,T",
        ",Gazette,2018-06-12,T,No id.",
    ]
    path = write("n.csv", HEADER + "\n".join(rows) + "\n")
    articles, rejected = read_articles(path, today="2024-01-31")
    assert articles["doc_id"].tolist() == ["1", "n.csv:14"]
    assert reasons(rejected) == [
        ("line 3", "no date"),
        ("line 4", "unreadable date"),
        ("line 5", "ambiguous date"),
        ("line 6", "impossible date"),
        ("line 7", "impossible date"),
        ("line 8", "no outlet"),
        ("line 9", "no outlet"),
        ("line 10", "no text"),
        ("line 11", "text cut by the provider"),
        ("line 12", "duplicate id"),
        ("line 13", "malformed row"),
    ]
    assert len(articles) + len(rejected) == len(rows) == articles.attrs["reading"][0]["rows"]


def test_quotes_newlines_and_commas_inside_fields(write):
    text = 'He said "no, no".\n\nThen\r\nhe left.'
    quoted = text.replace('"', '""')
    path = write("n.csv", f'{HEADER}1,Gazette,2018-06-12,T,"{quoted}"\n2,Gazette,2018-06-12,T,x\n')
    articles, rejected = read_articles(path)
    assert articles["text"].tolist() == [text, "x"]
    assert len(rejected) == 0


def test_a_quote_that_is_never_closed_loses_no_row_in_silence(write):
    path = write("n.csv", f'{HEADER}1,Gazette,2018-06-12,T,x\n2,Gazette,2018-06-12,T,"y\n3,,,,z\n')
    articles, rejected = read_articles(path)
    assert articles["text"].tolist() == ["x"]
    assert reasons(rejected) == [("line 3", "malformed row")]
    assert "lines 3 to 4" in rejected.loc[0, "detail"]


@pytest.mark.parametrize("name", ["n.csv", "n.tsv"])
@pytest.mark.parametrize(
    "first",
    ["", "sep=;\n", '"sep=;"\r\n', "\ufeffsep=;\r\n", '"a,b,c,d,e";'],
)
def test_semicolons_are_seen_and_told(write, name, first):
    cell = "x;" if first.startswith('"a') else ""
    path = write(name, f"{first}outlet;date;text\n{cell}Gazette;2018-06-12;One, two.\n")
    articles, _ = read_articles(path)
    assert articles["text"].tolist() == ["One, two."]
    assert articles.attrs["reading"][0]["dialect"] == "delimiter semicolon"


def test_quotes_escaped_by_a_backslash(write):
    path = write("n.csv", 'outlet,date,text\nGazette,2018-06-12,"He said \\"no\\", twice."\n')
    articles, _ = read_articles(path)
    assert articles["text"].tolist() == ['He said "no", twice.']


def test_the_order_of_day_and_month_is_fixed_per_file_and_reported(write):
    path = write("n.csv", "outlet,date,text\nGazette,04/05/2018,x\nGazette,25/05/2018,y\n")
    articles, rejected = read_articles(path)
    assert articles["date"].dt.strftime("%m-%d").tolist() == ["05-04", "05-25"]
    assert articles.attrs["reading"][0]["day_order"] == "day first"
    assert len(rejected) == 0


def test_typed_dates_of_parquet_and_excel_are_days_as_published(tmp_path: Path):
    frame = pd.DataFrame({"outlet": "Gazette", "date": ["2018-06-12 23:30", None], "text": "x"})
    frame["date"] = pd.to_datetime(frame["date"]).dt.tz_localize("America/New_York")
    frame.to_parquet(tmp_path / "n.parquet")
    articles, rejected = read_articles(tmp_path / "n.parquet")
    assert articles["date"].tolist() == [pd.Timestamp("2018-06-12")]
    assert reasons(rejected) == [("row 2", "no date")]
    frame["date"] = frame["date"].dt.tz_localize(None)
    frame.to_excel(tmp_path / "n.xlsx", index=False)
    articles, rejected = read_articles(tmp_path / "n.xlsx")
    assert articles["date"].tolist() == [pd.Timestamp("2018-06-12")]
    assert reasons(rejected) == [("row 3", "no date")]


def test_a_full_excel_cell_is_a_text_that_lost_its_end(tmp_path: Path):
    frame = pd.DataFrame({"outlet": "Gazette", "date": "2018-06-12", "text": ["x" * 32767, "y"]})
    frame.to_excel(tmp_path / "n.xlsx", index=False)
    articles, rejected = read_articles(tmp_path / "n.xlsx")
    assert articles["text"].tolist() == ["y"]
    assert reasons(rejected) == [("row 2", "text cut by the provider")]


def test_partial_dates_keep_their_precision(write):
    path = write("n.csv", "outlet,date,text\nGazette,June 2018,x\nGazette,2018-06-12,y\n")
    articles, _ = read_articles(path)
    assert articles["date"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-01", "2018-06-12"]
    assert articles["date_end"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-30", "2018-06-12"]


def test_aliases_bring_the_names_of_a_publisher_together(write):
    path = write(
        "n.csv", "outlet,date,text\nGazette Online,2018,x\ngazette  online,2018,y\nHerald,2018,z\n"
    )
    articles, _ = read_articles(path, outlets={"Gazette Online": "Gazette"})
    assert articles["outlet"].tolist() == ["Gazette", "Gazette", "Herald"]
    assert articles["outlet_as_given"].tolist() == ["Gazette Online", "gazette  online", "Herald"]
    table = write("aliases.csv", "name,publisher\nGazette Online,Gazette\n")
    again, _ = read_articles(path, outlets=table)
    assert again["outlet"].tolist() == ["Gazette", "Gazette", "Herald"]


def test_names_that_look_alike_are_reported(write):
    path = write("n.csv", "outlet,date,text\nGazette,2018,x\nThe Gazette,2018,y\nHerald,2018,z\n")
    articles, _ = read_articles(path)
    assert articles.attrs["similar_outlets"] == [["Gazette", "The Gazette"]]


def test_rows_over_the_limit_are_rejected_and_the_next_are_read(write):
    long = "x" * 5000
    path = write("n.csv", f"outlet,date,text\nGazette,2018,{long}\nGazette,2018,y\n")
    articles, rejected = read_articles(path, limits=ReadLimits(row_chars=1000))
    assert articles["text"].tolist() == ["y"]
    assert reasons(rejected) == [("line 2", "over the size limit")]


def test_the_sample_corpus(root: Path):
    articles, rejected = read_articles(root / "data" / "sample" / "articles.csv")
    # Its README: 48 articles, two of them undated.
    assert len(articles) == 46
    assert rejected["reason"].tolist() == ["no date", "no date"]


def test_allsides(shared: Path):
    articles, rejected = read_articles(shared / "corpora" / "allsides_security.parquet")
    # The counts of the corpus' README: 3,784 articles, 576 without a date.
    assert len(articles) + len(rejected) == 3784
    assert rejected["reason"].value_counts().to_dict() == {"no date": 576}
    assert articles["date"].min() >= pd.Timestamp("2010-01-01")
    fox = next(g for g in articles.attrs["similar_outlets"] if "Fox News" in g)
    assert fox == ["Fox News", "Fox News Opinion", "Fox Online News"]


def test_allsides_under_the_publishers_names(shared: Path, root: Path):
    table = root / "data" / "allsides_security" / "outlets.csv"
    articles, _ = read_articles(shared / "corpora" / "allsides_security.parquet", outlets=table)
    aliases = pd.read_csv(table)
    assert not set(aliases["name"]) & set(articles["outlet"].cat.categories)
    assert articles["outlet_as_given"].isin(aliases["name"]).sum() > 100


@pytest.mark.parametrize(
    "header",
    [
        "Medio,Fecha,Titular,Texto", "Jornal,Data,Título,Texto", "Testata,Data,Titolo,Testo",
        "Krant,Datum,Kop,Tekst", "Zeitung,Datum,Titel,Volltext", "Média,Date,Titre,Texte",
        "Gazeta,Data,Tytuł,Treść", "Gazete,Tarih,Başlık,Metin", "Газета,Дата,Заголовок,Текст",
        "媒体,日期,标题,正文", "신문,날짜,제목,본문", "publisher,publishing_date,title,plaintext",
        "source_domain,date_publish,title,maintext", "source_url,publish_date,title,text",
    ],
)  # fmt: skip
def test_usual_names_of_columns(write, header):
    articles, _ = read_articles(write("n.csv", f"{header}\nGull,2021-03-04,Harbour,Talks\n"))
    row = articles.iloc[0]
    assert (row["outlet"], row["title"], row["text"]) == ("Gull", "Harbour", "Talks")
    assert "outlet from" in articles.attrs["reading"][0]["guessed"]


@pytest.mark.parametrize(
    "names", ["Publisher,Publication", "Publisher,Source Title", "Éditeur,Nom du journal",
              "Domain,Zeitung", "Website,Krant", "Site,Outlet name"],
)  # fmt: skip
def test_the_publication_comes_before_its_publisher(write, names):
    path = write("n.csv", f"Date,{names},Text\n2018-03-04,Gull Ltd,The Gull,Talks\n")
    assert read_articles(path)[0]["outlet"].tolist() == ["The Gull"]


def test_media_cloud_with_its_texts_joined(write):
    names = "id,indexed_date,language,media_name,media_url,publish_date,title,url"
    row = "1,2021-03-05,en,The Gull,gull.example.org,2021-03-04,Harbour,https://gull.example.org/1"
    stories = write("stories.csv", f"{names}\n{row}\n")
    texts = write("texts.csv", "url,text\nhttp://www.gull.example.org/1,Talks went on.\n")
    articles, _ = read_articles(stories, texts=texts)
    whole, _ = read_articles(write("whole.csv", f"{names},text\n{row},Talks went on.\n"))
    for found in (articles, whole):
        assert found[["outlet", "text"]].values.tolist() == [["The Gull", "Talks went on."]]
        assert found["date"].astype("str").tolist() == ["2021-03-04"]


@pytest.mark.parametrize(
    "text",
    ["Not available.", "Full text not available.", "None available.", "NOT AVAILABLE", "n.a.",
     "--", "[no text]", "(null)", "…", "#N/A", "#REF!", "No abstract available.", "{}", "k.A.",
     "Full text: unavailable",
     "Full text not available from this database.", "Kein Volltext verfügbar.", "Sin texto",
     "Testo non disponibile", "Tekst niedostępny", "Нет данных", "Текст недоступен",
     "Ikke tilgængelig", "Metin yok", "暂无内容", "本文なし", "내용 없음", "غير متوفر"],
)  # fmt: skip
def test_words_that_stand_for_no_text(write, text):
    _, rejected = read_articles(write("n.csv", f"outlet,date,text\nGull,2021-03-04,{text}\n"))
    assert rejected["reason"].tolist() == ["no text"]


@pytest.mark.parametrize(
    "text",
    ["None of them spoke.", "Not available to all.", "No.", "Brak wody.", "战", "#talks", "42"],
)
def test_short_texts_are_texts(write, text):
    articles, _ = read_articles(write("n.csv", f"outlet,date,text\nGull,2021-03-04,{text}\n"))
    assert articles["text"].tolist() == [text]


def test_two_spellings_of_an_outlet_are_told_with_the_line_that_joins_them(write, caplog):
    path = write("n.csv", "outlet,date,text\nGazette,2018,x\nThe Gazette,2018,y\n")
    for _ in scan_articles(path):
        pass
    assert "outlets={'The Gazette': 'Gazette'}" in caplog.text


@pytest.mark.parametrize(
    "header",
    ["Periodico;Fecha de publicacion;Titulo;Texto completo", "Nome do jornal;Data;Titulo;Conteudo",
     "Nombre del medio;Fecha;Titular;Contenido", "Tidning;Publiceringsdatum;Rubrik;Brödtext",
     "ÉDITEUR;DATE;TITRE;TEXTE", "Zrodlo;Data publikacji;Tytul;Tresc", "報社;發布日期;標題;全文",
     "Kaynak;Yayın tarihi;Başlık;Haber metni", "来源;时间;标题;内容", "매체명;일자;제목;본문",
     "掲載紙;掲載日;タイトル;本文", "meta_site_name;publish_date;title;text",
     "Εφημερίδα;Ημερομηνία;Τίτλος;Κείμενο", "Újság;Dátum;Cím;Szöveg",
     "Sursa;Data;Titlu;Conținut", "Izvor;Datum objave;Naslov;Sadržaj",
     "Šaltinis;Data;Antraštė;Tekstas",
     "Källa;Datum;Rubrik;Text", "Báo;Ngày;Tiêu đề;Nội dung", "Sumber;Tanggal;Judul;Isi",
     "מקור;תאריך;כותרת;טקסט",
     "หนังสือพิมพ์;วันที่;หัวข้อ;เนื้อหา", "अखबार;तारीख;शीर्षक;सामग्री",
     "news_source;posted_on;headline;clean_text", "Outlet Name;Release Date;Title;article_content"],
)  # fmt: skip
def test_names_without_accents_and_of_other_scripts(write, header):
    articles, _ = read_articles(write("n.csv", f"{header}\nGull;2018-06-12;Talks;They met.\n"))
    assert articles[["outlet", "title", "text"]].values.tolist() == [["Gull", "Talks", "They met."]]


def test_entities_in_an_outlet(write):
    rows = "AT&amp;T Wire,2018-06-12,They met.\nAT&T Wire,2018-06-13,They parted.\n"
    path = write("n.csv", "outlet,date,text\n" + rows)
    assert set(read_articles(path)[0]["outlet"]) == {"AT&T Wire"}
    assert len(set(read_articles(path, strip_markup=False)[0]["outlet"])) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("They met […]", "text cut by the provider"),
        ("They met [...]", "text cut by the provider"),
        ("[Removed]", "no text"), ("ONLY AVAILABLE IN PAID PLANS", "no text"),
        ("not  available.", "no text"), ("Volltext nicht verfügbar.", "no text"),
        ("Texte non disponible", "no text"),
    ],
)  # fmt: skip
def test_what_services_write_in_place_of_a_text(write, text, reason):
    articles, rejected = read_articles(
        write("n.csv", f"outlet,date,text\nGull,2018-06-12,{text}\nGull,2018-06-12,[…] They met.\n")
    )
    assert reasons(rejected) == [("line 2", reason)]
    assert articles["text"].tolist() == ["[…] They met."]


@pytest.mark.parametrize("end", ["[…]", "[...]", "[+12 chars]"])
def test_a_long_text_may_end_with_dots_in_brackets(write, end):
    # WordPress' teasers have 55 words, which are some 400 letters.
    path = write("n.csv", f"outlet,date,text\nGull,2018-06-12,{'They met. ' * 200}{end}\n")
    articles, rejected = read_articles(path)
    cut = "chars" in end
    assert (len(articles), reasons(rejected)) == (
        not cut, [("line 2", "text cut by the provider")] * cut
    )  # fmt: skip


def test_nested_outlets_and_bodies_of_json_lines(write):
    # As NewsAPI and Event Registry have an outlet, and Fundus a body.
    body = {"summary": ["They met."], "sections": [{"headline": ["H"], "paragraphs": ["So."]}]}
    rows = [{"source": {"uri": "g", "title": "Gull"}, "date": "2018-06-12", "text": "They met."},
            {"source": {"id": None, "name": "Gull"}, "date": "2018-06-12", "text": body},
            {"source": {"id": 1}, "date": "2018-06-12", "text": "They met."}]  # fmt: skip
    articles, rejected = read_articles(write("n.jsonl", "\n".join(map(json.dumps, rows))))
    assert articles["outlet"].tolist() == ["Gull", "Gull"]
    assert articles["text"].tolist() == ["They met.", "They met.\n\nSo."]
    assert reasons(rejected) == [("line 3", "malformed row")]


def test_a_tab_that_is_told(write):
    path = write("n.csv", "sep=\t\noutlet\tdate\ttext\nGull\t2018-06-12\tTalks, too\n")
    assert read_articles(path)[0]["text"].tolist() == ["Talks, too"]


def test_a_blank_behind_each_separator(write):
    path = write("n.csv", 'outlet, date, text\nGull, 2018-06-12, "Talks, too"\n')
    assert read_articles(path)[0]["text"].tolist() == ["Talks, too"]


@pytest.mark.parametrize("above", ["My export", "# made on Monday", "outlet^date^text"])
def test_a_first_row_of_one_field_is_no_header(write, above):
    path = write("n.csv", f"{above}\noutlet,date,text\nGull,2018-06-12,Talks\n")
    with pytest.raises(ReadError, match="The first row must name the columns"):
        read_articles(path)


def test_the_sheet_with_the_columns_is_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["About"], ["made by me"]):
        book.active.append(row)
    sheet = book.create_sheet("News")
    for row in (["outlet", "date", "text"], ["Gull", "2018-06-12", "Talks_x000D_\nwent on"]):
        sheet.append(row)
    book.save(tmp_path / "n.xlsx")
    articles, _ = read_articles(tmp_path / "n.xlsx")
    assert articles["text"].tolist() == ["Talks\r\nwent on"]
    assert "sheet 'News', not 'Sheet'" in articles.attrs["reading"][0]["guessed"]
