"""What tells pages apart in an address, and what does not."""

import pytest

from analysis.reading.formats.addresses import host_of, normal_url, path_of

# RFC 3986, 3.2.2: brackets in a host are for IPv6 addresses, so this is none.
BROKEN = "https://[gazette/talks"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://www.gazette.example/a/talks.html?id=7#top", "gazette.example", "/a/talks.html"),
        ("http://User@WWW.Gazette.Example:8080/", "gazette.example", "/"),
        ("https://wwwgazette.example", "wwwgazette.example", ""),
        ("https://[2001:db8::1]/talks", "2001:db8::1", "/talks"),
        ("Talks on Tuesday", "", "Talks on Tuesday"),
        ("", "", ""),
        (BROKEN, "", ""),
    ],
)  # fmt: skip
def test_the_host_and_path_of_an_address(url: str, host: str, path: str):
    assert (host_of(url), path_of(url)) == (host, path)


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/talks?id=7",
        "http://www.gazette.example/talks/?id=7",
        "https://GAZETTE.example/talks?id=7#comments",
        "  https://gazette.example/talks?utm_source=mail&id=7&fbclid=x ",
    ],
)
def test_the_same_page_has_one_address(url: str):
    assert normal_url(url) == "gazette.example/talks?id=7"


def test_other_pages_have_other_addresses():
    pages = ["talks", "talks?id=7", "talks?id=8", "talks?page=2&id=7", "Talks", "utm_source"]
    assert len({normal_url(f"https://gazette.example/{page}") for page in pages}) == len(pages)


def test_what_is_no_address_stays_as_it_is():
    assert normal_url(BROKEN) == BROKEN
    assert [normal_url(value) for value in (None, float("nan"), 7)] == ["", "", ""]
