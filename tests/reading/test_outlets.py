import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.outlets import load_aliases, similar_outlets


def test_aliases_from_a_mapping_or_a_table(write):
    table = write("a.csv", '\ufeffname,outlet\nGazette  Online,Gazette\n"Herald, The",Herald\n')
    expected = {"gazette online": "Gazette", "herald, the": "Herald"}
    assert load_aliases(table) == load_aliases(str(table)) == expected
    assert load_aliases({"Gazette Online": "Gazette", "Herald, The": "Herald"}) == expected
    assert load_aliases(None) == {}


@pytest.mark.parametrize(
    "table",
    ["publisher,name\nGazette,Gazette Été\n", "country,alias,outlet\nFR,Gazette Été,Gazette\n",
     "outlet_as_given,outlet\nGazette Été,Gazette\n", "name,a,publisher\nGazette Été,x,Gazette\n",
     "name,publisher\n,\nGazette Été,Gazette\n,\n", "sep=;\nname;publisher\nGazette Été;Gazette\n",
     "Zeitung;Verlag\nGazette Été;Gazette\n"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_columns_of_aliases_in_any_order_and_encoding(write, table, encoding):
    assert load_aliases(write("a.csv", table.encode(encoding))) == {"gazette été": "Gazette"}


def test_one_name_of_two_publishers_is_an_error():
    with pytest.raises(ReadError, match="'GAZETTE' stands for 'A' and for 'B'"):
        load_aliases({"Gazette": "A", "GAZETTE": "B"})


@pytest.mark.parametrize(
    "header", ["name,publisher", "Name;Outlet", "alias,use", "as read,Zeitung"]
)
def test_a_table_of_aliases_has_a_header(write, header):
    mark = ";" if ";" in header else ","
    assert load_aliases(write("a.csv", f"{header}\nHerald Web{mark}Herald\n")) == {
        "herald web": "Herald"
    }


@pytest.mark.parametrize(
    "rows", ["Herald Web,Herald\n", "Herald Web,Herald\nGull,Gull\n", "Gull\n"]
)
def test_a_table_of_aliases_without_a_header_is_an_error(write, rows):
    with pytest.raises(ReadError, match=r"a\.csv has no header: .* two columns: name, publisher"):
        load_aliases(write("a.csv", rows))


@pytest.mark.parametrize("outlet", ["", "  "])
def test_an_empty_outlet_is_an_error(write, outlet):
    with pytest.raises(ReadError, match=r"outlet='.*' is empty"):
        read_articles(write("n.csv", "date,text\n2018-06-12,They met.\n"), outlet=outlet)


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["The Gazette", "Gazette", "gazette.com"], [("Gazette", "The Gazette", "gazette.com")]),
        (["Marlund Lantern", "Marlund Lanterns"], [("Marlund Lantern", "Marlund Lanterns")]),
        (["Gazette (Web)", "Gazette - Opinion"], [("Gazette (Web)", "Gazette - Opinion")]),
        (
            ["The Gazette", "The Gazette (Fennhaven) - Final Edition", "The Gazette(Fennhaven)"],
            [("The Gazette", "The Gazette (Fennhaven) - Final Edition", "The Gazette(Fennhaven)")],
        ),
        (["RT", "BT", "RTL"], []),
        (["Gazette", "Herald", "Lantern"], []),
        (["", "()", "..."], []),
        ([], []),
    ],
)
def test_names_that_look_alike(names, groups):
    assert [tuple(sorted(group)) for group in groups] == similar_outlets(names)


def test_names_with_other_numbers_are_others():
    names = [
        "Channel 4 Evening",
        "Channel 5 Evening",
        "Outlet 1",
        "Outlet 11",
        "Evening 24",
        "Evening24",
    ]
    assert similar_outlets(names) == [("Evening 24", "Evening24")]


def test_many_names_take_no_quadratic_time():
    names = [f"Paper number {n}" for n in range(5000)]
    assert similar_outlets([*names, "The Gazette", "Gazette"]) == [("Gazette", "The Gazette")]
