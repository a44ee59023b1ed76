"""Evidence packs over REST and on the command line: the same bytes, and a check that finds out."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.pack import link_in
from tests.api.rest import find
from tests.api.serving import Served
from tests.api.test_cli import run
from tests.graph.small_world import BASIC, SPEAKER


def packed(client: httpx.Client, of: str, **more: Any) -> httpx.Response:
    return client.get("/api/v1/pack", params={"of": of}, **more)


@pytest.fixture(scope="module")
def pages(client: httpx.Client) -> list[str]:
    """An address of every kind that there is a pack of."""
    basic, jose = find(client, BASIC), find(client, SPEAKER)
    return [
        "/api/v1/statements",
        "/api/v1/statements?modality=opposes&since=2024-01-01",
        f"/explore?seed={basic}&step=e|{basic}&confidence=0.7",
        f"/id/{basic}",
        "/documents/north-law",
        f"/paths?from_id={jose}&to_id={basic}&avoid_type=Instrument",
        "/compare?a=north-law&b=south-speech",
        f"/timeline?about_id={jose}",
        f"/api/v1/evidence?edge={jose}|calls-for|{basic}",
    ]


def test_the_service_and_the_command_make_the_same_bytes(
    client: httpx.Client, pages: list[str], world: Path, tmp_path: Path
) -> None:
    for number, page in enumerate(pages):
        answer = packed(client, page)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/zip"
        sha256 = hashlib.sha256(answer.content).hexdigest()
        assert f"scipol-pack-{sha256[:12]}.zip" in answer.headers["content-disposition"]
        file = tmp_path / f"{number}.zip"
        if number in (1, 2, 5):
            done = run("pack", page, "-o", str(file), data=world)
            assert done.returncode == 0, done.stderr
            assert file.read_bytes() == answer.content
            assert sha256 in done.stdout


def test_a_pack_names_the_question_so_that_it_can_be_asked_again(
    client: httpx.Client, pages: list[str]
) -> None:
    for page in pages:
        first = packed(client, page).content
        assert packed(client, f"http://elsewhere.example{link_in(first)}").content == first


def test_a_pack_is_not_sent_again_while_the_data_are_the_same(client: httpx.Client) -> None:
    first = packed(client, "/documents/north-law")
    again = packed(client, "/documents/north-law", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("of", "status", "words"),
    [
        ("/about", 400, "There is no pack of '/about'"),
        ("//[", 400, "no address of a page"),
        ("/id/goal/no-such-goal", 404, "no-such-goal"),
        ("/paths?from=Norland", 400, "names nothing as 'to'"),
        ("/compare?a=north-law&b=Norland", 400, "cannot be compared"),
        ("/v/0123456789abcdef", 404, "No view is kept"),
        ("/explore?top=9999", 400, "not drawn"),
        ("/explore?step=x", 400, "no step of a view"),
        ("/api/v1/statements?modality=shouts", 400, "no modality 'shouts'"),
        ("/api/v1/statements?since=yesterday", 400, "'since'"),
        ("/api/v1/statements?modallity=opposes", 400, "modallity"),
    ],
)
def test_what_cannot_be_packed_is_told(
    client: httpx.Client, of: str, status: int, words: str
) -> None:
    answer = packed(client, of)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_the_check_says_that_a_pack_is_what_the_data_give(world: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    assert run("pack", SPEAKER, "-o", str(file), data=world).returncode == 0
    done = run("repack", str(file), data=world)
    assert done.returncode == 0
    assert "The same, bit by bit" in done.stdout


def test_the_check_says_what_was_changed_in_a_pack(world: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    run("pack", SPEAKER, "-o", str(file), data=world)
    forged = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(forged, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry).replace(b"opposes", b"endorses"))
    file.write_bytes(forged.getvalue())
    done = run("repack", str(file), data=world)
    assert done.returncode == 3
    assert "Changed since the pack was made: rows.csv" in done.stdout
    assert "rows.csv: 1 row only in the pack, 1 row only in the data" in done.stdout


def test_the_check_says_that_the_data_are_others(world: Path, corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    run("pack", "/api/v1/statements", "-o", str(file), data=world)
    done = run("repack", str(file), data=corpus)
    assert done.returncode == 3
    assert "The data version of the pack is" in done.stdout
    assert "Changed since" not in done.stdout


def test_a_file_that_is_no_pack_is_refused_in_one_line(world: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(b"PK")
    done = run("repack", str(file), data=world)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no evidence pack" in done.stderr


def test_a_pack_can_be_fetched_from_the_running_service(service: Served) -> None:
    with service.client(headers={"Accept": "application/json"}) as client:
        assert packed(client, "/documents/north-law").status_code == 406
