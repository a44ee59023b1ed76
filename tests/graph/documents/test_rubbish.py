"""Whatever the bytes and whatever they are called: a text or a refusal, never an exception."""

import io
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.documents import FORMATS, ReadOptions, Refusal, read_sources
from graph.records import Text
from tests.graph.documents.helpers import OTHER, PROSE, write
from tests.graph.documents.pdf_making import lines, pdf

SUFFIXES = [suffix for format_ in FORMATS for suffix in format_.suffixes]


def _word() -> bytes:
    word = docx.Document()
    word.add_paragraph(PROSE)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


WHOLE = (
    pdf([lines(PROSE[:80], PROSE[80:])]),
    _word(),
    f"<html><body><article><p>{PROSE}</p><p>{OTHER}</p></article></body></html>".encode(),
    f"---\ntitle: a\ndate: 2024-01-01\n---\n{PROSE}".encode(),
    f'id,text\na,"{PROSE}"\n'.encode(),
    f'{{"text": "{PROSE}"}}\n'.encode(),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with a piece cut out, put in or written over."""
    data = draw(st.sampled_from(WHOLE))
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 400)))
    return data[:start] + draw(st.binary(max_size=40)) + data[end:]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(suffix=st.sampled_from(SUFFIXES), data=st.binary(max_size=300) | damaged())
def test_rubbish_is_read_or_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = write(tmp_path, {f"a{suffix}": data}) / f"a{suffix}"
    found = list(read_sources([path]))
    assert found
    for outcome in found:
        if isinstance(outcome, Refusal):
            assert outcome.reason
            assert "\n" not in str(outcome)
        else:
            assert isinstance(outcome, Text)
            assert outcome.content.strip()
            assert outcome.sha256


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    yaml=st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
    | st.text("[]{}:-'&*!?#\n a")
)
def test_any_side_car_is_used_or_refused(tmp_path: Path, yaml: str) -> None:
    write(tmp_path, {"a.txt": PROSE, "a.meta.yaml": yaml})
    assert len(list(read_sources([tmp_path]))) == 1


def test_a_missing_library_is_named_with_what_to_install(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.pdf": pdf([lines(PROSE)]), "b.docx": _word(), "c.html": PROSE, "d.txt": PROSE}
    )
    program = (
        "import sys\n"
        "for name in ('pypdfium2', 'docx', 'trafilatura'): sys.modules[name] = None\n"
        "from graph.documents import read_sources\n"
        "for found in read_sources([sys.argv[1]]): print(getattr(found, 'reason', 'read'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "to read .pdf install pypdfium2 (pip install pypdfium2)",
        "to read .docx install python-docx (pip install python-docx)",
        "to read .html install trafilatura (pip install trafilatura)",
        "read",
    ]


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, graph.documents\n"
        "heavy = {'pypdfium2', 'docx', 'trafilatura', 'py3langid', 'numpy', 'lxml', 'httpx',\n"
        "         'httpcore', 'charset_normalizer'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_refuses_an_empty_and_a_huge_file(tmp_path: Path, suffix: str) -> None:
    for data in (b"", b"x" * 5_000):
        path = write(tmp_path, {f"a{suffix}": data}) / f"a{suffix}"
        (found,) = read_sources([path], ReadOptions(max_bytes=1_000))
        assert isinstance(found, Refusal)
