from datetime import date
from pathlib import Path

import pytest

from tests.graph.documents.helpers import OTHER, PROSE, the_reason, the_text, write

HEAD = """<title>Grants doubled | Lowland Herald</title>
<meta property="og:title" content="Grants doubled">
<meta property="og:site_name" content="Lowland Herald">
<meta name="author" content="Ada Byrne">
<meta property="article:published_time" content="2024-05-31T10:00:00Z">"""
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/news'>News</a></li></ul></nav>"
FOOT = "<footer><p>Copyright Lowland Herald. All rights reserved.</p></footer>"


def page(body: str, head: str = "", lang: str = "") -> str:
    return f"<!DOCTYPE html><html{lang}><head>{head}</head><body>{MENU}{body}{FOOT}</body></html>"


ARTICLE = f"""<article><h1>Grants doubled</h1><p>{PROSE}</p><ul><li>Ten grants for chemists in the
north.</li><li>Four grants for physicists.</li></ul><p>{OTHER}</p></article>"""


def test_the_article_is_read_and_nothing_around_it(tmp_path: Path) -> None:
    text = the_text(write(tmp_path, {"a.html": page(ARTICLE)}) / "a.html")
    assert text.content.endswith(
        f"{PROSE}\n\n"
        "- Ten grants for chemists in the north.\n"
        "- Four grants for physicists.\n\n"
        f"{OTHER}\n"
    )
    for word in ("Home", "Copyright"):
        assert word not in text.content


def test_a_table_has_a_line_per_row(tmp_path: Path) -> None:
    rows = "<tr><th>Body</th><th>Sum</th></tr><tr><td>Academy</td><td>3 million</td></tr>"
    body = f"<article><p>{PROSE}</p><table>{rows}</table><p>{OTHER}</p></article>"
    text = the_text(write(tmp_path, {"a.html": page(body)}) / "a.html")
    assert text.content == f"{PROSE}\n\nBody | Sum\nAcademy | 3 million\n\n{OTHER}\n"


def test_the_head_of_the_page_gives_the_metadata(tmp_path: Path) -> None:
    document = the_text(
        write(tmp_path, {"a.htm": page(ARTICLE, HEAD, ' lang="en-gb"')}) / "a.htm"
    ).document
    assert document.title == "Grants doubled"
    assert document.issuer == "Lowland Herald"
    assert document.issued == date(2024, 5, 31)
    assert document.language == "en-GB"


def test_a_page_without_a_site_name_is_issued_by_its_author(tmp_path: Path) -> None:
    head = '<meta name="author" content="Ada Byrne">'
    assert (
        the_text(write(tmp_path, {"a.html": page(ARTICLE, head)}) / "a.html").document.issuer
        == "Ada Byrne"
    )


def test_dates_in_the_prose_are_not_dates_of_issue(tmp_path: Path) -> None:
    body = f"<article><p>On 3 May 2019 the law passed. {PROSE}</p><p>{OTHER}</p></article>"
    assert the_text(write(tmp_path, {"a.html": page(body)}) / "a.html").document.issued is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(60)) + "</ul>",
        "<form><label>Name</label><input><label>Password</label><input></form>",
        "<div>We use cookies to improve your experience. Accept all.</div>",
        "<script>document.write('all of the text is written by a script')</script>",
    ],
    ids=["empty", "links", "login", "cookies", "script"],
)
def test_a_page_without_an_article_is_refused(tmp_path: Path, body: str) -> None:
    assert the_reason(write(tmp_path, {"a.html": page(body)}) / "a.html") == "has no article in it"


@pytest.mark.parametrize("raw", ["", "no markup at all", "<<<>>><", "<html>"])
def test_what_is_no_page_is_refused(tmp_path: Path, raw: str) -> None:
    assert the_reason(write(tmp_path, {"a.html": raw}) / "a.html") == "has no article in it"


@pytest.mark.parametrize(
    "charset", ['<meta charset="iso-8859-2">', '<?xml version="1.0" encoding="iso-8859-2"?>']
)
def test_the_encoding_that_a_page_declares_is_used(tmp_path: Path, charset: str) -> None:
    sentence = "Ministerstwo otworzyło w Łodzi dwa laboratoria badań nad energią odnawialną."
    raw = charset + page(f"<article><p>{sentence} {sentence}</p><p>{sentence}</p></article>")
    text = the_text(write(tmp_path, {"a.html": raw.encode("iso8859-2")}) / "a.html")
    assert sentence in text.content


def test_a_deep_page_is_read_or_refused(tmp_path: Path) -> None:
    depth = 20_000
    raw = "<div>" * depth + f"<p>{PROSE}</p>" + "</div>" * depth
    write(tmp_path, {"a.html": raw})
    assert the_reason(tmp_path / "a.html") in ("has no article in it", "is not a readable web page")


def test_nothing_is_printed_for_a_broken_page(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    the_reason(write(tmp_path, {"a.html": "<html></html>"}) / "a.html")
    assert capfd.readouterr() == ("", "")
