"""The documents of a folder, in an order that is the same everywhere."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

from graph.documents.base import Refusal

SIDE_CAR = ".meta.yaml"
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
_IGNORED = re.compile(rf"\..*|README.*|(?i:readme(?:\..*)?)|.*{re.escape(SIDE_CAR)}", re.DOTALL)


def files_in(folder: Path, passed_over: Collection[Path] = ()) -> Iterator[Path | Refusal]:
    """Files below the folder, depth first, each folder sorted by name.

    `passed_over` are folders that are not looked into, resolved. Hidden files, side-cars and README
    files are not documents. Links are followed to files inside the folder only; everything that
    cannot or must not be read is refused once.
    """
    root = folder.resolve()
    pending = [folder]
    while pending:
        path = pending.pop()
        try:
            reason = _link_reason(path, root) if path != folder and path.is_symlink() else None
            if reason is not None:
                yield Refusal(where=printable(path), reason=reason)
            elif path.is_dir():
                if passed_over and path.resolve() in passed_over:
                    continue
                pending.extend(path / name for name in _names_in(path))
            else:
                yield path
        except OSError as error:
            yield Refusal(where=printable(path), reason=os_reason(error))


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is no document."""
    return _IGNORED.fullmatch(name) is not None


def printable(path: Path | str) -> str:
    """The path in one line for messages; what cannot be printed is shown as escapes."""
    # Undecodable bytes of file names are half surrogates here; the first step gives them back.
    data = b"".join(map(_as_bytes, str(path)))
    text = data.decode("utf-8", "backslashreplace")
    return "".join(
        repr(sign)[1:-1] if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in text
    )


def _as_bytes(sign: str) -> bytes:
    try:
        return sign.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return sign.encode("utf-8", "backslashreplace")


def os_reason(error: OSError | ValueError) -> str:
    """A clause for what the operating system would not do; ValueError is for a NUL in a path."""
    match error:
        case FileNotFoundError():
            return "there is no such file or folder"
        case PermissionError():
            return "may not be read (permission denied)"
        case OSError(strerror=str(problem)):
            return f"cannot be read ({problem.lower()})"
        case _:
            return f"cannot be read ({error})"


def _names_in(folder: Path) -> list[str]:
    """What is in the folder, last name first, as a stack wants it."""
    return sorted((name for name in os.listdir(folder) if not is_ignored(name)), reverse=True)


def _link_reason(link: Path, root: Path) -> str | None:
    """Why a link is not followed; None for a link to a file inside the root."""
    try:
        target = link.resolve(strict=True)
    except FileNotFoundError:
        return "is a link to nothing"
    except (OSError, RuntimeError):  # the second until Python 3.12
        return "is a loop of links"
    if target.is_dir() and link.parent.resolve().is_relative_to(target):
        return "is a loop of links"
    if not target.is_relative_to(root):
        return "is a link that leads outside the folder; give its target to read it"
    if target.is_dir():
        return "is a link to a folder that is read at its own place"
    return None
