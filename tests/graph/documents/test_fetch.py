import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from graph.documents import ReadOptions, Refusal, fetch, read_sources
from tests.graph.documents.helpers import OTHER, PROSE, outcomes, the_reason, the_text, write
from tests.graph.documents.pdf_making import lines, pdf

PAGE = f"<html lang=en><body><article><h1>Grants</h1><p>{PROSE}</p></article></body></html>"
FIXED: dict[str, tuple[str, bytes]] = {
    "/page": ("text/html; charset=utf-8", PAGE.encode()),
    "/latin": ("text/plain; charset=iso-8859-2", "Łódź ma uniwersytet.".encode("iso8859-2")),
    "/plain.txt": ("text/plain", PROSE.encode()),
    "/raw.md": ("text/plain", f"---\ntitle: Raw\n---\n{PROSE}".encode()),
    "/report": ("application/pdf", pdf([lines(OTHER)])),
    "/table.jsonl": ("application/x-ndjson", b'{"text": "One university opened."}\n'),
    "/nameless.pdf": ("application/octet-stream", pdf([lines(PROSE[:60])])),
    "/image": ("image/png", b"\x89PNG"),
    "/untyped": ("", PROSE.encode()),
    "/lying": ("application/pdf", PAGE.encode()),
    "/empty": ("text/plain", b""),
    "/large": ("text/plain", b"word " * 5_000),
}


class Handler(BaseHTTPRequestHandler):
    """Answers from the table above, and misbehaves at some addresses."""

    def do_GET(self) -> None:
        path, _, rest = self.path.partition("?")
        if path in FIXED:
            kind, body = FIXED[path]
            self.start({"Content-Type": kind, "Content-Length": str(len(body))})
            self.wfile.write(body)
        else:
            getattr(self, f"do_{path[1:]}", self.do_missing)(rest)

    def start(self, headers: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def do_missing(self, _: str) -> None:
        self.start({}, 404)

    def do_to(self, target: str) -> None:
        self.start({"Location": target}, 302)

    def do_lost(self, _: str) -> None:
        self.start({}, 302)

    def do_hops(self, count: str) -> None:
        left = int(count)
        self.start({"Location": f"/hops?{left - 1}" if left > 1 else "/plain.txt"}, 302)

    def do_endless(self, _: str) -> None:
        self.start({"Content-Type": "text/plain"})
        try:
            while True:
                self.wfile.write(b"word " * 1_000)
        except OSError:
            self.close_connection = True

    def do_slow(self, _: str) -> None:
        self.start({"Content-Type": "text/plain", "Content-Length": "1000000"})
        self.drip(b"w")

    def do_slowhead(self, _: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self.drip(b"x")

    def drip(self, byte: bytes) -> None:
        try:
            for _ in range(200):
                self.wfile.write(byte)
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            self.close_connection = True

    def do_short(self, _: str) -> None:
        self.start({"Content-Type": "text/plain", "Content-Length": "1000"})
        self.wfile.write(b"cut off")

    def do_packed(self, _: str) -> None:
        self.start({"Content-Type": "text/plain", "Content-Encoding": "gzip"})

    def do_rubbish(self, _: str) -> None:
        self.wfile.write(b"\0\1\2 this is no answer\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with serving() as address:
        yield address


HERE = ReadOptions(allow_private_hosts=True, timeout=20)


def test_an_address_is_name_and_source_of_its_document(web: str) -> None:
    text = the_text(f"{web}/page", HERE)
    assert PROSE in text.content
    assert text.document.name == text.document.source == f"{web}/page"
    assert text.document.language == "en"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/latin", "Łódź ma uniwersytet."),
        ("/plain.txt", PROSE),
        ("/raw.md", PROSE),
        ("/report", OTHER + "\n"),
        ("/nameless.pdf", PROSE[:60] + "\n"),
    ],
)
def test_the_media_type_decides_the_reader_and_the_suffix_where_it_says_little(
    web: str, path: str, expected: str
) -> None:
    content = the_text(web + path, HERE).content
    assert content.split() == expected.split()


def test_rows_of_a_fetched_table_are_named_by_its_address(web: str) -> None:
    assert the_text(f"{web}/table.jsonl", HERE).document.name == f"{web}/table.jsonl#1"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/image", "is image/png; known are text/plain text/markdown"),
        ("/untyped", "is of an unnamed type; known are"),
        ("/lying", "is broken or not a PDF"),
        ("/empty", "has no text in it"),
        ("/nothing", "the server answers with status 404"),
        ("/lost", "redirects without saying where to"),
        ("/hops?6", "redirects more than 5 times"),
        ("/to?ftp://example.org/a", "leads to ftp:, only http and https"),
        ("/to?http://u:p@example.org/a", "contains a user name or password"),
        ("/to?http://a:b/", "is not a valid address"),
        ("/short", "cannot be fetched"),
        ("/packed", "packed although asked not to"),
        ("/rubbish", "cannot be fetched"),
    ],
)
def test_what_the_web_gets_wrong_is_one_clear_line(web: str, path: str, reason: str) -> None:
    found = the_reason(web + path, HERE)
    assert reason in found
    assert "\n" not in found


def test_redirects_are_followed_and_the_source_is_where_they_end(web: str) -> None:
    text = the_text(f"{web}/hops?5", HERE)
    assert text.document.name == f"{web}/hops?5"
    assert text.document.source == f"{web}/plain.txt"


@pytest.mark.parametrize("path", ["/endless", "/large"])
def test_a_body_over_the_limit_is_refused(web: str, path: str) -> None:
    options = ReadOptions(allow_private_hosts=True, max_bytes=10_000)
    assert "larger than the limit of 10,000 bytes" in the_reason(web + path, options)


@pytest.mark.parametrize("path", ["/slow", "/slowhead"])
def test_a_server_that_drips_is_refused_at_the_time_limit(web: str, path: str) -> None:
    options = ReadOptions(allow_private_hosts=True, timeout=0.3)
    started = time.monotonic()
    assert the_reason(web + path, options) == "took longer than the limit of 0.3 seconds"
    assert time.monotonic() - started < 3.9  # the server would go on for four seconds


def test_a_dead_port_and_an_unknown_host_are_refused() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert "cannot be fetched" in the_reason(f"http://127.0.0.1:{port}/a", HERE)
    assert the_reason("http://no-such-host.invalid/a", HERE) == (
        "the host no-such-host.invalid is unknown"
    )


@pytest.mark.parametrize(
    "address", ["http://", "http://[", "https://exa mple/", "http://\udcff/", "http://a:99999/"]
)
def test_addresses_that_are_none_are_refused(address: str) -> None:
    (refusal,) = read_sources([address], HERE)
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "10.1.2.3",
        "169.254.169.254",
    ],
)
def test_private_hosts_are_refused_unless_allowed(web: str, host: str) -> None:
    port = urlsplit(web).port
    assert "is not public" in the_reason(f"http://{host}:{port}/plain.txt")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::a01:203", False),
        ("2002:5db8:d70e::1", True),
        ("2002:7f00:1::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%lo", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("100.64.0.1", False),
        ("192.168.0.1", False),
        ("172.16.0.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
    ],
)
def test_public_addresses_are_told_from_all_others(address: str, public: bool) -> None:
    assert fetch.is_public(address) is public


@pytest.mark.parametrize("target", ["127.0.0.2", "[::1]", "10.0.0.1", "169.254.169.254"])
def test_a_redirect_from_a_public_to_a_private_host_is_refused(
    web: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server of the test stands in for a public one; all others are judged as ever.
    judge = fetch.is_public
    monkeypatch.setattr(fetch, "is_public", lambda found: found == "127.0.0.1" or judge(found))
    assert the_text(f"{web}/to?{web}/plain.txt").content == PROSE
    assert "is not public" in the_reason(f"{web}/to?http://{target}/latest/meta-data")


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers)
    assert "is not public (10.0.0.1)" in the_reason("http://example.org/a")


def test_the_name_is_resolved_once_and_the_checked_address_is_used(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    resolve = socket.getaddrinfo

    def recording(host: str, *args: object, **kwargs: object) -> object:
        asked.append(host)
        return resolve("127.0.0.1" if host == "rebinding.example" else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", recording)
    port = urlsplit(web).port
    assert the_text(f"http://rebinding.example:{port}/plain.txt", HERE).content == PROSE
    names = [host if isinstance(host, str) else host.decode() for host in asked]
    assert names.count("rebinding.example") == 1
    assert set(names) <= {"rebinding.example", "127.0.0.1"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_certificates_are_checked_against_the_name_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(certificate), "-out", str(tmp_path / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    with certificate.open("a") as both:
        both.write((tmp_path / "cert.pem").read_text())
    with serving(certificate) as web:
        by_name = web.replace("127.0.0.1", "localhost") + "/plain.txt"
        assert "CERTIFICATE_VERIFY_FAILED" in the_reason(by_name, HERE)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert the_text(by_name, HERE).content == PROSE
        assert "CERTIFICATE_VERIFY_FAILED" in the_reason(f"{web}/plain.txt", HERE)


def test_proxies_of_the_environment_do_not_see_the_request(
    web: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert the_text(f"{web}/plain.txt", HERE).content == PROSE


def test_a_refused_address_costs_nothing_else(web: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE})
    texts, refusals = outcomes(f"{web}/nothing", tmp_path, f"{web}/report", options=HERE)
    assert [text.document.name for text in texts] == ["a", f"{web}/report"]
    assert [refusal.where for refusal in refusals] == [f"{web}/nothing"]
