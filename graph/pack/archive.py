"""Files as one zip whose bytes depend on nothing but their contents, and back."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

from graph.errors import DataError

# The earliest time that the format knows: a pack has no time of its own.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644
# What a pack may hold unpacked, so that none fills the memory.
_MOST_BYTES, _MOST_FILES = 512_000_000, 20


def written(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, sorted by name.

    They are stored as they are: compressed bytes differ between versions of the compressor.
    """
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE << 16
            archive.writestr(entry, files[name])
    return output.getvalue()


def opened(pack: bytes) -> dict[str, bytes]:
    """The files in a zip. Raises DataError for what is no pack."""
    try:
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) > _MOST_FILES or len(set(names)) < len(names):
                raise DataError("This is no evidence pack: it holds other files than one does.")
            if sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise DataError("This is no evidence pack: unpacked it is larger than one can be.")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise DataError(f"This is no evidence pack, or it is damaged: {error}.") from error


def digest(pack: bytes) -> str:
    """SHA-256 of a pack, by which it can be cited."""
    return hashlib.sha256(pack).hexdigest()
