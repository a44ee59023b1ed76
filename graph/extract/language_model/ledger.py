"""What outlives a request: answers, what was spent, the pace, and what was left out.

One SQLite file that the processes of a build share, so that a cap and a rate hold for all of them
together, and that stays when they are killed, so that a build goes on where it stopped.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from graph.errors import ExtractorStopped
from graph.extract.language_model.settings import PREFIX, ModelSettings

FILE = "llm.db"
_BUSY_SECONDS = 60.0

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, sent INTEGER NOT NULL, answered INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS requests_of_session ON requests (session);
CREATE TABLE IF NOT EXISTS tallies (
    session TEXT, what TEXT, number INTEGER NOT NULL, PRIMARY KEY (session, what)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pace (only INTEGER PRIMARY KEY CHECK (only = 1), free REAL NOT NULL);
INSERT OR IGNORE INTO pace VALUES (1, 0);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a model answered: a whole answer, or one that was `cut` for being too long."""

    kind: Literal["whole", "cut"]
    content: str


@dataclass(frozen=True, slots=True)
class Spent:
    """Requests, tokens sent and tokens answered of one command."""

    requests: int
    sent: int
    answered: int


class Ledger:
    """The file of one folder, as the command `session` sees it.

    Raises ExtractorStopped where the file cannot be used: without it, no cap would hold.
    """

    def __init__(self, folder: Path, session: str) -> None:
        self.path = folder / FILE
        self._session = session

    def kept(self, key: str) -> Kept | None:
        """The answer to a request that was made before."""
        with self._open() as db:
            row = db.execute("SELECT kind, content FROM answers WHERE key = ?", (key,)).fetchone()
        return Kept(*row) if row else None

    def keep(self, key: str, answer: Kept) -> None:
        """Keep an answer in place of any other."""
        with self._open() as db:
            row = (key, answer.kind, answer.content)
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", row)

    def reserve(self, sent: int, answered: int, settings: ModelSettings) -> int:
        """Set tokens aside for a request. Raises ExtractorStopped where the cap forbids it."""
        with self._open() as db:
            before = _spent(db, self._session)
            tokens = before.sent + before.answered + sent + answered
            if settings.max_tokens and tokens > settings.max_tokens:
                used = before.sent + before.answered
                raise ExtractorStopped(
                    f"the next request to the language model might pass the cap of "
                    f"{settings.max_tokens:,} tokens ({used:,} are used); what is read is kept: "
                    f"raise {PREFIX}MAX_TOKENS or begin again to go on"
                )
            cost = settings.cost(before.sent + sent, before.answered + answered)
            if settings.max_cost and cost > settings.max_cost:
                used_cost = settings.cost(before.sent, before.answered)
                raise ExtractorStopped(
                    f"the next request to the language model might pass the cap of "
                    f"{settings.max_cost:g} ({used_cost:.4f} is spent); what is read is kept: "
                    f"raise {PREFIX}MAX_COST or begin again to go on"
                )
            row = (self._session, sent, answered)
            made = db.execute(
                "INSERT INTO requests (session, sent, answered) VALUES (?, ?, ?)", row
            )
            assert made.lastrowid is not None, "a row was inserted"
            return made.lastrowid

    def settle(self, request: int, sent: int, answered: int) -> None:
        """Put what a request really took in the place of what was set aside."""
        with self._open() as db:
            db.execute(
                "UPDATE requests SET sent = ?, answered = ? WHERE id = ?", (sent, answered, request)
            )

    def spent(self) -> Spent:
        """What this command has used so far."""
        with self._open() as db:
            return _spent(db, self._session)

    def turn(self, seconds: float) -> float:
        """Take the next turn, after which none comes for so many seconds; how long to wait."""
        with self._open() as db:
            now = time.time()
            free = max(now, float(db.execute("SELECT free FROM pace").fetchone()[0]))
            db.execute("UPDATE pace SET free = ?", (free + seconds,))
            return free - now

    def hold(self, seconds: float) -> None:
        """Let nobody send a request for so many seconds."""
        with self._open() as db:
            db.execute("UPDATE pace SET free = max(free, ?)", (time.time() + seconds,))

    def tally(self, counts: Mapping[str, int]) -> None:
        """Add to what is counted for the user."""
        with self._open() as db:
            db.executemany(
                "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT (session, what) "
                "DO UPDATE SET number = number + excluded.number",
                [(self._session, what, number) for what, number in counts.items()],
            )

    def tallies(self) -> dict[str, int]:
        """What was counted in this command, by name."""
        with self._open() as db:
            rows = db.execute(
                "SELECT what, number FROM tallies WHERE session = ? ORDER BY what", (self._session,)
            )
            return dict(rows.fetchall())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction that no other process comes into."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            with closing(db):
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'pace'").fetchone():
                    db.executescript(f"BEGIN IMMEDIATE;{_TABLES}COMMIT;")
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise ExtractorStopped(
                f"the answers of language models in {self.path} cannot be used ({error}); "
                "free or remove the file, then begin again"
            ) from error


def _spent(db: sqlite3.Connection, session: str) -> Spent:
    row = db.execute(
        "SELECT count(*), coalesce(sum(sent), 0), coalesce(sum(answered), 0) "
        "FROM requests WHERE session = ?",
        (session,),
    ).fetchone()
    return Spent(*row)
