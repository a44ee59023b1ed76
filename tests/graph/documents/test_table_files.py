import json
from datetime import date
from pathlib import Path

import pytest

from graph.documents import ReadOptions
from tests.graph.documents.helpers import OTHER, PROSE, outcomes, the_reason, the_text, write

CSV = f"""id,text,title,date,country,note
spring,"{PROSE}",Grants,2024-03-01,NO,x
,"{OTHER}

With a second paragraph, and a ""quoted"" word.",Telescopes,2024-04-01,FR,y
"""


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_each_row_is_a_document_named_by_its_id_or_number(tmp_path: Path) -> None:
    texts, refusals = outcomes(write(tmp_path, {"t.csv": CSV}))
    assert refusals == []
    first, second = texts
    assert first.content == PROSE
    assert second.content == f'{OTHER}\n\nWith a second paragraph, and a "quoted" word.'
    assert [text.document.name for text in texts] == ["t#spring", "t#2"]
    assert (first.document.title, first.document.issued) == ("Grants", date(2024, 3, 1))
    assert first.document.country == "NOR"


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    rows = jsonl(
        {"id": "spring", "text": PROSE, "title": "Grants", "date": "2024-03-01", "country": "NO"},
        {"text": OTHER, "title": None, "source": {"title": "Letter", "url": "https://e.org"}},
    )
    texts, refusals = outcomes(write(tmp_path, {"t.jsonl": rows + "\n\n"}))
    assert refusals == []
    assert [text.document.name for text in texts] == ["t#spring", "t#2"]
    assert texts[0].document.issued == date(2024, 3, 1)
    assert texts[1].document.source == "Letter, https://e.org"


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_signs_between_columns_are_recognised(tmp_path: Path, sign: str) -> None:
    table = f"title{sign}text\nGrants, and more{sign}{PROSE}\n"
    text = the_text(write(tmp_path, {"t.tsv": table}) / "t.tsv")
    assert (text.content, text.document.title) == (PROSE, "Grants, and more")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_tables_come_in_older_encodings_too(tmp_path: Path, encoding: str) -> None:
    table = "text,title\r\n" + f"{PROSE} Die Förderung wächst für alle Universitäten.,Übersicht\r\n"
    text = the_text(write(tmp_path, {"t.csv": table.encode(encoding)}) / "t.csv")
    assert text.document.title == "Übersicht"
    assert text.content.startswith(PROSE)


def test_columns_can_be_called_otherwise(tmp_path: Path) -> None:
    table = f"body,headline,when,nr\n{PROSE},Grants,2024-03-01,A7\n"
    options = ReadOptions(
        text_column="body", id_column="nr", columns={"title": "headline", "date": "when"}
    )
    text = the_text(write(tmp_path, {"t.csv": table}) / "t.csv", options)
    assert text.document.name == "t#A7"
    assert (text.document.title, text.document.issued) == ("Grants", date(2024, 3, 1))


@pytest.mark.parametrize(
    "options",
    [
        ReadOptions(text_column="body"),
        ReadOptions(columns={"issuer": "body"}),
        ReadOptions(id_column="body"),
    ],
    ids=["text", "metadata", "id"],
)
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_a_table_without_the_named_column_is_refused_naming_its_columns(
    tmp_path: Path, name: str, options: ReadOptions
) -> None:
    tables: dict[str, str | bytes] = {
        "t.csv": f"text,title\n{PROSE},a\n",
        "t.jsonl": jsonl({"text": PROSE, "title": "a"}, {"text": OTHER}),
    }
    path = write(tmp_path, tables) / name
    assert the_reason(path, options) == "has no column 'body'; it has 'text', 'title'"


def test_a_wrong_row_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    table = (
        "id,text,date\n"
        f"a,{PROSE},2024-01-01\n"
        "b,,2024-01-01\n"
        f"c,{OTHER},yesterday\n"
        "d,only two\n"
        f"a,{OTHER} Again.,2024-01-01\n"
        f"e,{PROSE},2024-01-01\n"
        f"f,{OTHER},2024-01-01\n"
    )
    texts, refusals = outcomes(write(tmp_path, {"t.csv": table}) / "t.csv")
    assert [text.document.name for text in texts] == ["t#a", "t#f"]
    table_path = str(tmp_path / "t.csv")
    assert [(refusal.where.replace(table_path, "T"), refusal.reason) for refusal in refusals] == [
        ("T#b", "has no text in it"),
        ("T#3", "date: 'yesterday' is not a date like 2024-05-31"),
        ("T#4", "has 2 values under 3 columns"),
        ("T#5", "an earlier row is named 'a' too"),
        ("t#e", "has the same text as t#a, read before"),
    ]


def test_a_wrong_line_of_json_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": PROSE}),
        "{broken",
        "[1, 2]",
        json.dumps({"text": 7}),
        json.dumps({"title": "no text"}),
        '{"text": "half \\ud800 a pair of words"}',
        '{"text": "a NUL \\u0000 among the words"}',
        "[" * 100_000,
        '{"text": "x", "n": ' + "9" * 10_000 + "}",
        json.dumps({"text": PROSE, "title": ["a"]}),
        json.dumps({"text": OTHER, "id": "\ud800"}),
        json.dumps({"text": OTHER, "id": 12}),
    ]
    texts, refusals = outcomes(write(tmp_path, {"t.ndjson": "\n".join(lines)}) / "t.ndjson")
    assert [text.document.name for text in texts] == ["t#1", "t#12"]
    assert [refusal.reason for refusal in refusals] == [
        "is not a JSON object",
        "is not a JSON object",
        "has no text under 'text'",
        "has no text under 'text'",
        "is not text but binary data",
        "is not text but binary data",
        "is not a JSON object",
        "is not a JSON object",
        "title: one value is expected, not a list or mapping",
        "its name contains characters that cannot be printed",
    ]


@pytest.mark.parametrize(
    ("name", "table", "reason"),
    [
        ("t.csv", "", "has no column 'text'; it has none"),
        ("t.csv", "text,title\n", "has no rows"),
        ("t.csv", "text,text\na,b\n", "two columns of the same name"),
        ("t.csv", f'text\n"{PROSE}', "is not valid CSV after row 0"),
        ("t.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data"),
        ("t.csv", b"text\n" + "Übung".encode() * 9 + b"\xff", "UTF-8 with damaged"),
        ("t.csv", "x" * 900, f"it has '{'x' * 40}'"),
        ("t.jsonl", "", "has no rows"),
        ("t.jsonl", PROSE, "is not JSON Lines: its first line is not a JSON object"),
        ("t.jsonl", "[]\n", "its first line is not a JSON object"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, name: str, table: str | bytes, reason: str
) -> None:
    assert reason in the_reason(write(tmp_path, {name: table}) / name)


def test_a_table_that_breaks_off_keeps_the_rows_before(tmp_path: Path) -> None:
    texts, (refusal,) = outcomes(write(tmp_path, {"t.csv": f'text\n{PROSE}\n"{OTHER}\n'}))
    assert [text.document.name for text in texts] == ["t#1"]
    assert refusal.reason.startswith("is not valid CSV after row 1")


def test_the_limit_of_size_is_one_of_rows(tmp_path: Path) -> None:
    options = ReadOptions(max_bytes=1_000)
    rows = [f"{PROSE} {n}" for n in range(50)]
    tables = {"t.csv": "\n".join(["text", *rows]), "u.jsonl": jsonl(*({"text": r} for r in rows))}
    write(tmp_path, tables)
    assert len(outcomes(tmp_path / "t.csv", options=options)[0]) == 50
    assert len(outcomes(tmp_path / "u.jsonl", options=options)[0]) == 50
    write(tmp_path, {"v.csv": "text\n" + "word " * 1_000, "v.jsonl": jsonl({"text": "w " * 900})})
    for name in ("v.csv", "v.jsonl"):
        assert "larger than the limit of 1,000 bytes" in the_reason(tmp_path / name, options)


def test_long_texts_fit_into_a_cell(tmp_path: Path) -> None:
    long = "word " * 60_000
    assert the_text(write(tmp_path, {"t.csv": f"text\n{long}\n"}) / "t.csv").content == long


def test_a_side_car_counts_more_than_the_columns(tmp_path: Path) -> None:
    write(tmp_path, {"t.csv": f"text,title,genre\n{PROSE},own,speech\n"})
    write(tmp_path, {"t.meta.yaml": "title: of all\nissuer: Academy\n"})
    document = the_text(tmp_path / "t.csv").document
    assert (document.title, document.issuer, document.genre) == ("of all", "Academy", "speech")
