"""From what the user gave to named places: a file or an address each, nothing opened yet."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph.documents.base import Refusal
from graph.documents.folders import SIDE_CAR, files_in, os_reason, printable

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ADVICE: Mapping[str, str] = {
    ".doc": "is in the old Word format; save it as .docx",
    ".rtf": "is in Rich Text Format; save it as .docx",
    ".odt": "is in OpenDocument format; save it as .docx",
    ".xls": "is a spreadsheet; save it as .csv",
    ".xlsx": "is a spreadsheet; save it as .csv",
    ".json": "is JSON; a table of texts has one object per line and the suffix .jsonl",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document or table lies, and the name it goes by. Without a path: an address."""

    where: str
    name: str
    path: Path | None = None


@dataclass(slots=True)
class _Names:
    """Hands out each name once."""

    taken: set[str] = field(default_factory=set)

    def unique(self, *wanted: str) -> str:
        """The first name still free, or the last with a number."""
        name, *others = wanted
        number = 1
        while name in self.taken:
            number += not others
            name = others.pop(0) if others else f"{wanted[-1]}~{number}"
        self.taken.add(name)
        return name


def places(
    sources: Iterable[str | Path], suffixes: Collection[str], passed_over: Collection[Path] = ()
) -> Iterator[Place | Refusal]:
    """Find what the sources stand for and give each place a name of its own.

    The name of a file is its path within the given folder without suffix; where two would be the
    same, the later one keeps its suffix. Files with other than the given suffixes are refused.
    """
    names = _Names()
    for source in sources:
        if address := _ADDRESS.match(str(source)):
            where = printable(str(source))
            if address[1].lower() in ("http", "https"):
                yield Place(where, names.unique(where))
            else:
                yield Refusal(where=where, reason="only http and https addresses are read")
        elif not str(source):
            yield Refusal(where="''", reason="an empty name stands for no file or folder")
        else:
            yield from _on_disk(Path(source), suffixes, passed_over, names)


def _on_disk(
    given: Path, suffixes: Collection[str], passed_over: Collection[Path], names: _Names
) -> Iterator[Place | Refusal]:
    where = printable(given)
    try:
        if not given.is_dir():
            yield _place(given, given.parent, suffixes, names)
            return
    except (OSError, ValueError) as error:
        yield Refusal(where=where, reason=os_reason(error))
        return
    empty = True
    for found in files_in(given, passed_over):
        empty = False
        yield found if isinstance(found, Refusal) else _place(found, given, suffixes, names)
    if empty:
        yield Refusal(where=where, reason="there are no documents in this folder")


def _place(path: Path, folder: Path, suffixes: Collection[str], names: _Names) -> Place | Refusal:
    where = printable(path)
    if (reason := _refused_unopened(path, suffixes)) is not None:
        return Refusal(where=where, reason=reason)
    inside = path.relative_to(folder).as_posix()
    if printable(Path(inside)) != inside:
        return Refusal(where=where, reason="has a name that cannot be printed; rename it")
    inside = unicodedata.normalize("NFC", inside)
    return Place(where, names.unique(inside.removesuffix(path.suffix), inside), path)


def _refused_unopened(path: Path, suffixes: Collection[str]) -> str | None:
    """Why a file is refused for what it is and what it is called; None where it is not."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        return os_reason(error)
    if not stat.S_ISREG(mode):
        return "is neither a file nor a folder"
    if path.name.endswith(SIDE_CAR):
        return "is the side-car of a document, not a document"
    suffix = path.suffix.lower()
    if suffix in suffixes:
        return None
    problem = f"the suffix {suffix} is unknown" if suffix else "has no suffix"
    return _ADVICE.get(suffix, f"{problem}; known are {' '.join(suffixes)}")
