import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from graph.documents import ReadOptions
from tests.graph.documents.helpers import OTHER, PROSE, the_reason, the_text, write


def saved(word: WordDocument) -> bytes:
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def content(tmp_path: Path, word: WordDocument) -> str:
    return the_text(write(tmp_path, {"a.docx": saved(word)}) / "a.docx").content


def test_headings_paragraphs_lists_and_tables_keep_their_order(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_heading("Grants", 1)
    word.add_paragraph(PROSE)
    for item in ("two laboratories", "nine grants"):
        word.add_paragraph(item, style="List Bullet")
    table = word.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Body", "Sum", "Academy", "3 million"), strict=True):
        cell.text = text
    word.add_paragraph("one", style="List Number")
    word.add_paragraph("")
    word.add_paragraph(OTHER)
    assert content(tmp_path, word) == (
        f"Grants\n\n{PROSE}\n\n- two laboratories\n- nine grants\n\n"
        f"Body | Sum\nAcademy | 3 million\n\n- one\n\n{OTHER}\n"
    )


def test_the_date_of_the_template_is_no_date(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph(PROSE)
    file = write(tmp_path, {"a.docx": saved(word)}) / "a.docx"
    assert the_text(file).document.issued is None


def test_a_table_inside_a_table_is_read_once(tmp_path: Path) -> None:
    word = docx.Document()
    outer = word.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "Academy"
    outer.cell(0, 1).add_table(rows=1, cols=1).cell(0, 0).text = "3 million"
    assert content(tmp_path, word) == "Academy | 3 million\n"


def test_numbered_paragraphs_of_any_style_are_items(tmp_path: Path) -> None:
    word = docx.Document()
    for number, text in ((1, "two laboratories"), (0, PROSE)):
        paragraph = word.add_paragraph(text, style="List Bullet" if number == 0 else None)
        paragraph._p.get_or_add_pPr()._add_numPr()._add_numId().val = number
    assert content(tmp_path, word) == f"- two laboratories\n\n{PROSE}\n"


def test_a_numbered_heading_is_no_item(tmp_path: Path) -> None:
    word = docx.Document()
    heading = word.add_heading("Grants", 2)
    heading._p.get_or_add_pPr()._add_numPr()._add_numId().val = 1
    word.add_paragraph(PROSE, style="List Paragraph")
    assert content(tmp_path, word) == f"Grants\n\n{PROSE}\n"


def test_the_text_is_read_as_it_stands_after_all_changes(tmp_path: Path) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("The ministry will ")
    for tag, words in (("w:ins", "double"), ("w:del", "halve")):
        text = "w:t" if tag == "w:ins" else "w:delText"
        words_of = f"<w:r><{text}>{words}</{text}></w:r>"
        change = f'<{tag} {nsdecls("w")} w:id="1" w:author="A">{words_of}</{tag}>'
        paragraph._p.append(parse_xml(change))
    paragraph.add_run(" the grants for chemists.")
    assert content(tmp_path, word) == "The ministry will double the grants for chemists.\n"


def test_links_and_content_controls_are_part_of_the_text(tmp_path: Path) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("See ")
    paragraph._p.append(
        parse_xml(f"<w:hyperlink {nsdecls('w')}><w:r><w:t>the plan</w:t></w:r></w:hyperlink>")
    )
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>{OTHER}</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    word.element.body.insert(1, control)
    assert content(tmp_path, word) == f"See the plan\n\n{OTHER}\n"


def test_a_break_inside_a_paragraph_is_a_line_end(tmp_path: Path) -> None:
    word = docx.Document()
    run = word.add_paragraph().add_run("One line")
    run._r.append(OxmlElement("w:br"))
    run._r.append(parse_xml(f"<w:t {nsdecls('w')}>and another</w:t>"))
    assert content(tmp_path, word) == "One line\nand another\n"


def test_core_properties_are_metadata(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph(PROSE)
    core = word.core_properties
    core.title, core.author, core.language, core.category = "Plan", "Academy", "en-US", "strategy"
    core.created = datetime(2024, 5, 31, 12, tzinfo=UTC)
    document = the_text(write(tmp_path, {"a.docx": saved(word)}) / "a.docx").document
    assert (document.title, document.issuer, document.language) == ("Plan", "Academy", "en-US")
    assert (document.genre, document.issued) == ("strategy", date(2024, 5, 31))


def test_the_name_of_a_program_is_no_issuer(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph(PROSE)
    assert word.core_properties.author == "python-docx"
    assert the_text(write(tmp_path, {"a.docx": saved(word)}) / "a.docx").document.issuer is None


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO(saved(docx.Document()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.png", b"\0" * 3_000_000)
    data = stream.getvalue()
    options = ReadOptions(max_bytes=1_000_000)
    assert len(data) < 100_000
    assert the_reason(write(tmp_path, {"a.docx": data}) / "a.docx", options) == (
        "unpacks to something larger than the limit of 1,000,000 bytes; raise the limit to read it"
    )


def test_a_bomb_of_entities_does_not_go_off(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "boom">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    body = (
        f"<?xml version='1.0'?><!DOCTYPE x [{entities}]><w:document {nsdecls('w')}>"
        f"<w:body><w:p><w:r><w:t>{PROSE} &a11;</w:t></w:r></w:p></w:body></w:document>"
    )
    source = zipfile.ZipFile(io.BytesIO(saved(docx.Document())))
    stream = io.BytesIO()
    with source, zipfile.ZipFile(stream, "w") as package:
        for part in source.namelist():
            package.writestr(part, body if part == "word/document.xml" else source.read(part))
    data = stream.getvalue()
    outcome = the_text_or_reason(write(tmp_path, {"a.docx": data}) / "a.docx")
    assert len(outcome) < 1_000
    assert outcome.count("boom") <= 1


def the_text_or_reason(path: Path) -> str:
    try:
        return the_text(path).content
    except AssertionError:
        return the_reason(path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is broken or not a Word file"),
        (b"PK\x03\x04 rubbish", "is broken or not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is password-protected or in the old"),
        (PROSE.encode(), "is broken or not a Word file"),
        (saved(docx.Document()), "has no text in it"),
        (saved(docx.Document())[:-400], "is broken or not a Word file"),
    ],
    ids=["empty", "rubbish", "locked", "text", "no words", "cut off"],
)
def test_what_is_no_word_file_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    assert the_reason(write(tmp_path, {"a.docx": data}) / "a.docx").startswith(reason)


def test_another_package_is_no_word_file(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a.txt", PROSE)
    write(tmp_path, {"a.docx": stream.getvalue()})
    assert the_reason(tmp_path / "a.docx") == "is broken or not a Word file"


def test_the_old_format_comes_with_advice(tmp_path: Path) -> None:
    write(tmp_path, {"a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})
    assert the_reason(tmp_path / "a.doc") == "is in the old Word format; save it as .docx"
