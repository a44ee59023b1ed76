from pathlib import Path

import pytest

from graph.documents.encoding import decode
from graph.errors import DocumentError
from tests.graph.documents.helpers import PROSE, outcomes, the_reason, write

GERMAN = (
    "Die Förderung junger Forscherinnen wächst. Das Ministerium eröffnet im nächsten Jahr zwölf "
    "Institute für grüne Energie und stärkt die Universitäten mit zusätzlichen Mitteln."
)
RUSSIAN = (
    "Министерство науки объявило о создании новых лабораторий. Университеты получат гранты на "
    "исследования в области энергетики, а молодые учёные смогут участвовать в программе обмена."
)
CHINESE = "国家将加强基础研究,支持青年科学家,建设新的国家实验室,并推动大学与企业之间的合作。" * 3
JAPANESE = "政府は基礎研究を強化し、若手研究者を支援するための新しい研究所を大学に設置する。" * 3


SAMPLES = [
    (GERMAN, "cp1252"),
    (GERMAN, "iso8859-1"),
    ("The Université de Genève will host the new institute for physics.", "cp1252"),
    ("Señor Muñoz dirige el año de la ciencia.", "cp1252"),
    ("Prix : 5 € pour l'été des jeunes chercheurs dans les universités.", "iso8859-15"),
    ("“Smart quotes” – and dashes… the council will spend €5 million.", "cp1252"),
    ("Łódź ma uniwersytet i będzie finansować naukę.", "cp1250"),
    ("Łódź ma uniwersytet i będzie finansować naukę.", "iso8859-2"),
    ("Ministerstvo školství podpoří výzkum v oblasti energie.", "iso8859-2"),
    ("Bakanlık üniversitelere araştırma desteği sağlayacağını açıkladı.", "cp1254"),
    ("Το υπουργείο θα χρηματοδοτήσει την έρευνα στα πανεπιστήμια.", "cp1253"),
    ("משרד המדע יממן מחקר באוניברסיטאות", "cp1255"),
    ("ستمول الوزارة البحث العلمي في الجامعات", "cp1256"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8_r"),
    (CHINESE, "gb18030"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    ("과학기술부는 기초연구를 강화할 것이다. 대학과 연구소가 협력한다.", "euc_kr"),
]


@pytest.mark.parametrize(("text", "encoding"), SAMPLES)
def test_an_older_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


def test_a_declared_encoding_is_believed_where_utf_8_does_not_fit() -> None:
    assert decode("Łódź".encode("iso8859-2"), "a.txt", "iso8859-2") == "Łódź"
    assert decode("Łódź".encode(), "a.txt", "iso8859-2") == "Łódź"
    for useless in ("no-such-encoding", "hex", "a\0b", "utf-8"):
        assert decode(GERMAN.encode("cp1252"), "a.txt", useless) == GERMAN
    assert decode("“Plan”".encode("cp1252"), "a.txt", "ISO-8859-1") == "“Plan”"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        b"\x7fELF\x02\x01\x01\0" * 40,
        PROSE.encode() + b"\0",
        b"\x01\x02\x03\x04 words " * 50,
    ],
    ids=["image", "program", "one NUL", "control codes"],
)
def test_binary_rubbish_named_txt_is_refused(tmp_path: Path, data: bytes) -> None:
    reason = the_reason(write(tmp_path, {"a.txt": data}) / "a.txt")
    assert reason == "is not text but binary data"


def test_bytes_without_a_plausible_encoding_are_refused() -> None:
    noise = bytes((i * i * 7 + i * 31) % 224 + 32 for i in range(4000))
    with pytest.raises(DocumentError, match=r"binary|unknown encoding; save it as UTF-8"):
        decode(noise, "a.txt")


def test_an_encoding_that_would_be_guesswork_is_refused() -> None:
    with pytest.raises(DocumentError, match="save it as UTF-8"):
        decode("Café in Zürich is where it is.".encode("mac_roman"), "a.txt")


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, CHINESE])
def test_damaged_utf_8_is_not_taken_for_another_encoding(text: str) -> None:
    cut = text.encode()[:-1] if text is CHINESE else text.encode() + b"\xff end"
    with pytest.raises(DocumentError, match="is UTF-8 with damaged characters"):
        decode(cut, "a.txt")


def test_a_mark_that_the_bytes_belie_is_refused() -> None:
    with pytest.raises(DocumentError, match="marked as UTF-8 but is not valid from byte 3"):
        decode(b"\xef\xbb\xbfabc\xff", "a.txt")
    with pytest.raises(DocumentError, match="marked as UTF-16-LE"):
        decode(b"\xff\xfea", "a.txt")


def test_a_refused_file_costs_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": b"\0\1\2", "b.txt": PROSE})
    texts, refusals = outcomes(tmp_path)
    assert [text.document.name for text in texts] == ["b"]
    assert [refusal.where for refusal in refusals] == [str(tmp_path / "a.txt")]
