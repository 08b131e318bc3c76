"""Ids over the files of a folder."""

from analysis import read_articles

HEADER = "id,outlet,date,text\n"


def test_the_same_article_in_two_files_is_read_once(write):
    folder = write("in/a.csv", f"{HEADER}1,Gazette,2018,They met.\n").parent
    write("in/b.csv", f"{HEADER}1,Gazette,2018,They met.\n2,Gazette,2018,They left.\n")
    articles, rejected = read_articles(folder)
    assert articles["doc_id"].tolist() == ["1", "2"]
    assert rejected[["source", "locator", "reason"]].values.tolist() == [
        ["b.csv", "line 2", "duplicate id"]
    ]


def test_two_files_that_both_count_from_1_keep_all_their_articles(write, caplog):
    folder = write("in/a.csv", f"{HEADER}1,Gazette,2018,They met.\n").parent
    write("in/b.csv", f"{HEADER}1,Gazette,2018,They left.\n2,Gazette,2018,They rested.\n")
    articles, rejected = read_articles(folder)
    assert articles["doc_id"].tolist() == ["1", "b.csv:1", "b.csv:2"]
    assert len(rejected) == 0
    assert "another file has the same ids" in articles.attrs["reading"][1]["ids"]
    assert "another file has the same ids" in caplog.text


def test_the_same_input_gives_the_same_tables_in_the_order_of_names(write):
    folder = write("in/b.csv", f"{HEADER}1,Gazette,June 2018,They met.\n").parent
    write("in/a.csv", "outlet,date,text,extra\nHerald,2018-06-12,They left.,x\n")
    articles, _ = read_articles(folder)
    assert articles["doc_id"].tolist() == ["a.csv:2", "1"]
    assert articles["date_end"].dt.strftime("%Y-%m-%d").tolist() == ["2018-06-12", "2018-06-30"]
    assert articles["extra"].isna().tolist() == [False, True]


def test_nothing_but_rejected_rows(write):
    articles, rejected = read_articles(write("a.csv", f"{HEADER}1,,2018,They met.\n"))
    assert len(articles) == 0
    assert list(articles.columns) == ["doc_id", "outlet", "date", "title", "text"]
    assert rejected["reason"].tolist() == ["no outlet"]
