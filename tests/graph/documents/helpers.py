"""Making documents and reading them, shared by the tests of all readers."""

from __future__ import annotations

from pathlib import Path

from graph.documents import ReadOptions, Refusal, read_sources
from graph.records import Text

PROSE = (
    "The Academy of Lowland asked the ministry to double the grants for young chemists. "
    "The ministry will open two laboratories for green hydrogen before 2031."
)
OTHER = "A council of nine universities signed an agreement on shared telescopes in the south."


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files below the folder, text as UTF-8."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def outcomes(
    *sources: str | Path, options: ReadOptions | None = None
) -> tuple[list[Text], list[Refusal]]:
    """What was read and what was refused."""
    found = list(read_sources(sources, options))
    return (
        [item for item in found if isinstance(item, Text)],
        [item for item in found if isinstance(item, Refusal)],
    )


def the_text(source: str | Path, options: ReadOptions | None = None) -> Text:
    """The only outcome, which must be a text."""
    texts, refusals = outcomes(source, options=options)
    assert refusals == []
    (text,) = texts
    return text


def the_reason(source: str | Path, options: ReadOptions | None = None) -> str:
    """The reason of the only outcome, which must be a refusal."""
    texts, refusals = outcomes(source, options=options)
    assert texts == []
    (refusal,) = refusals
    return refusal.reason
