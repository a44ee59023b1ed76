import re
from pathlib import Path

from tests import pictures
from tests.browser import needs_browser

ROOT = Path(__file__).parent.parent
SHOWN = ROOT / "docs" / "images"
README = (ROOT / "README.md").read_text("utf-8")


def _size(path: Path) -> tuple[int, int]:
    """Width and height in the header of a WebP, of the simple or the extended form."""
    head = path.read_bytes()[:30]
    assert (head[:4], head[8:15]) == (b"RIFF", b"WEBPVP8")
    if head[15:16] == b"X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")


@needs_browser
def test_every_picture_is_taken_from_the_running_explorer(corpus: Path, tmp_path: Path) -> None:
    taken = pictures.take(corpus, tmp_path / "images", tmp_path / "log")
    assert [path.stem for path in taken] == list(pictures.SCREENS)
    for path in taken:
        assert _size(path) == (pictures.WIDTH, pictures.HEIGHT)
        # An empty page takes a tenth of this.
        assert 20_000 < path.stat().st_size <= pictures.MOST_BYTES


def test_the_readme_shows_pictures_that_are_there_small_and_described() -> None:
    shown = re.findall(r'<img src="docs/images/([\w-]+)\.webp" alt="([^"]{20,})"', README)
    assert {name for name, _ in shown} == {path.stem for path in SHOWN.iterdir()}
    assert {name for name, _ in shown} == set(pictures.SCREENS)
    for path in SHOWN.iterdir():
        assert path.stat().st_size <= pictures.MOST_BYTES
        assert _size(path) == (pictures.WIDTH, pictures.HEIGHT)
