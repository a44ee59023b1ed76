"""Documents in and out of the real service: jobs, their events, and what survives a restart."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.build import BuildOptions, build
from tests.api.rest import V1, ask, copied, serving, token_for

PLAN = (
    "# A plan for Eastland\n\nThe Ministry of Research of Eastland will build a national "
    "observatory to strengthen basic research. It calls on universities to attract talent.\n"
)


@pytest.fixture
def data(world: Path, tmp_path: Path) -> Path:
    return copied(world, tmp_path / "data")


@pytest.fixture
def client(data: Path) -> Iterator[httpx.Client]:
    with serving(data) as client:
        yield client


@pytest.fixture(scope="module")
def kept(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for requests that must change nothing."""
    return copied(world, tmp_path_factory.mktemp("kept") / "data")


@pytest.fixture(scope="module")
def keeper(kept: Path) -> Iterator[httpx.Client]:
    with serving(kept) as client:
        yield client


def _send(
    client: httpx.Client, headers: dict[str, str], name: str, text: str, **fields: str
) -> Any:
    answer = client.post(
        f"{V1}/documents", headers=headers, files={"file": (name, text.encode())}, data=fields
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"{V1}/jobs/{answer.json()['id']}"
    return answer.json()


def _ended(client: httpx.Client, number: str) -> Any:
    """The job when it is finished."""
    for _ in range(400):
        job = ask(client, f"/jobs/{number}")
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {job}")


def test_a_file_that_is_sent_is_read_asked_and_removed(client: httpx.Client, data: Path) -> None:
    curator = token_for(data)
    before = client.get(f"{V1}/documents").headers["etag"]
    job = _send(
        client, curator, "eastland-plan.md", PLAN, title="Eastland plans", issued="2024-03-04"
    )
    job = _ended(client, job["id"])
    assert (job["state"], job["error"]) == ("done", None)
    assert job["report"]["added"] == 1
    listed = client.get(f"{V1}/documents")
    assert listed.headers["etag"] != before
    (document,) = [d for d in listed.json()["items"] if d["name"] == "eastland-plan"]
    assert (document["title"], document["date"]) == ("Eastland plans", "2024-03-04")
    statements = ask(client, "/statements", document=document["id"])
    assert "observatory" in str(statements["items"])
    assert ask(client, "/search/sentences", q="observatory")["total"] >= 1

    answer = client.delete(f"{V1}/documents/{document['id']}", headers=curator)
    assert answer.status_code == 202
    assert _ended(client, answer.json()["id"])["state"] == "done"
    names = {d["name"] for d in ask(client, "/documents")["items"]}
    assert "eastland-plan" not in names
    assert len(names) == 4


def test_what_is_sent_is_read_as_the_rest_of_the_graph_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as client:
        first = _ended(client, _send(client, token_for(data), "plan.txt", PLAN)["id"])
        assert (first["report"]["extractor"], first["report"]["fallback"]) == ("learned", None)
    (tmp_path / "old.txt").write_text(PLAN)
    build([tmp_path / "old.txt"], tmp_path / "ruled", BuildOptions(extractor="rules"))
    with serving(tmp_path / "ruled") as client:
        sent = _send(client, token_for(tmp_path / "ruled"), "plan.txt", f"{PLAN}\nNo. 2.")
        assert _ended(client, sent["id"])["report"]["extractor"] == "rules"


def test_a_graph_by_an_extractor_that_is_not_here_is_read_on_and_it_is_said(
    client: httpx.Client, data: Path
) -> None:
    """Whoever made the small world is no extractor."""
    report = _ended(client, _send(client, token_for(data), "plan.txt", PLAN)["id"])["report"]
    assert report["extractor"] == "learned"
    assert "cannot be used" in report["fallback"]


def test_a_job_is_followed_by_events_until_its_end(client: httpx.Client, data: Path) -> None:
    job = _send(client, token_for(data), "plan.txt", PLAN)
    with client.stream("GET", f"{V1}/jobs/{job['id']}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = "".join(answer.iter_text())
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert events[-1]["state"] == "done"
    numbers = [event["number"] for event in events]
    assert numbers == sorted(set(numbers))
    resumed = client.get(
        f"{V1}/jobs/{job['id']}/events", headers={"last-event-id": str(numbers[-1])}
    )
    assert resumed.text == ""


def test_a_list_that_was_begun_before_a_change_says_that_it_is_gone(
    client: httpx.Client, data: Path
) -> None:
    cursor = ask(client, "/statements", limit=2)["next"]
    _ended(client, _send(client, token_for(data), "plan.txt", PLAN)["id"])
    answer = client.get(f"{V1}/statements", params={"cursor": cursor})
    assert answer.status_code == 410
    assert "begin again" in answer.json()["detail"]


def test_jobs_survive_a_restart(data: Path) -> None:
    curator = token_for(data)
    with serving(data) as client:
        numbers = [
            _send(client, curator, f"plan-{n}.txt", f"{PLAN}\nNo. {n}.")["id"] for n in range(3)
        ]
        states = [ask(client, f"/jobs/{n}")["state"] for n in numbers]
    assert "waiting" in states
    with serving(data) as client:
        assert [_ended(client, n)["state"] for n in numbers] == ["done"] * 3
        assert len(ask(client, "/documents")["items"]) == 7
        assert [job["id"] for job in ask(client, "/jobs")["items"]][-1] in numbers
    assert not [path for path in (data / "jobs").iterdir() if path.is_dir()]


def test_a_file_that_cannot_be_read_fails_with_its_reason(client: httpx.Client, data: Path) -> None:
    job = _ended(client, _send(client, token_for(data), "broken.pdf", "no PDF at all")["id"])
    assert job["state"] == "failed"
    assert "refused" in job["error"]
    assert str(data) not in json.dumps(job)


def test_addresses_inside_the_network_are_refused(client: httpx.Client, data: Path) -> None:
    address = {"address": "http://127.0.0.1:9/secret"}
    answer = client.post(f"{V1}/documents", headers=token_for(data), json=address)
    job = _ended(client, answer.json()["id"])
    assert job["state"] == "failed"
    assert "127.0.0.1" in job["error"] or "private" in job["error"]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "/etc/passwd", "../secret", "ftp://example.org/a", "http://a b", ""],
)
def test_what_is_no_web_address_is_refused_at_once(
    keeper: httpx.Client, kept: Path, address: str
) -> None:
    answer = keeper.post(f"{V1}/documents", headers=token_for(kept), json={"address": address})
    assert answer.status_code == 400
    assert "address" in answer.json()["detail"]


def test_nobody_writes_without_a_token(client: httpx.Client, data: Path) -> None:
    file = {"file": ("plan.txt", PLAN.encode())}
    assert client.post(f"{V1}/documents", files=file).status_code == 403
    token_for(data)
    assert client.post(f"{V1}/documents", files=file).status_code == 401
    wrong = {"Authorization": f"Bearer scipol_{'0' * 12}_{'A' * 43}"}
    assert client.post(f"{V1}/documents", files=file, headers=wrong).status_code == 401
    assert client.delete(f"{V1}/documents/document/x", headers=wrong).status_code == 401
    assert ask(client, "/jobs")["items"] == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {}}, 400),
        ({"json": {"address": "https://example.org", "colour": "blue"}}, 400),
        ({"json": {"address": "https://example.org", "issued": "soon"}}, 400),
        ({"content": b"[", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"plain", "headers": {"content-type": "text/plain"}}, 415),
        ({"content": b"plain"}, 415),
        ({"data": {"title": "no file"}}, 415),
        ({"files": {"text": ("a.txt", b"x")}}, 400),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"colour": "blue"}}, 400),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"issued": "soon"}}, 400),
        (
            {
                "content": b"--x\r\n",
                "headers": {"content-type": "multipart/form-data; boundary=y"},
            },
            400,
        ),
    ],
)
def test_malformed_uploads_get_a_status_and_a_sentence(
    keeper: httpx.Client, kept: Path, sent: dict[str, Any], status: int
) -> None:
    headers = token_for(kept) | sent.pop("headers", {})
    answer = keeper.post(f"{V1}/documents", headers=headers, **sent)
    assert answer.status_code == status, answer.text
    assert len(answer.json()["detail"]) > 5


def test_a_file_name_leads_nowhere_else(client: httpx.Client, data: Path) -> None:
    job = _send(client, token_for(data), "../../../../escaped plan.txt", PLAN)
    assert _ended(client, job["id"])["state"] == "done"
    assert job["what"] == "escaped-plan.txt"
    assert not list(data.parent.parent.rglob("*escaped plan*"))
