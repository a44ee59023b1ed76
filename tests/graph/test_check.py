from graph.check import conformance
from graph.store import Store, memory_store


def test_the_small_world_conforms(world_store: Store) -> None:
    report = conformance(world_store)
    assert report.violations == 0, report.results
    assert report.triples > 1000


def test_what_is_wrong_is_counted_and_shown_with_an_example(world_store: Store) -> None:
    line = next(
        line
        for line in world_store.dump().splitlines(keepends=True)
        if b"#speaker>" in line or b"#modality>" in line
    )
    subject = line.split()[0].strip(b"<>").decode()
    graph = line.split()[-2]
    wrong = b"<%s> <https://w3id.org/scipol/ns#modality> <urn:x:none> %s .\n"
    with memory_store(world_store.dump() + wrong % (subject.encode(), graph)) as broken:
        report = conformance(broken)
    assert report.violations
    assert subject in {r.example for r in report.results if r.severity == "Violation"}
    assert report == conformance(memory_store(broken_again(world_store, wrong, subject, graph)))


def broken_again(store: Store, wrong: bytes, subject: str, graph: bytes) -> bytes:
    """The same data in another order."""
    lines = (store.dump() + wrong % (subject.encode(), graph)).splitlines(keepends=True)
    return b"".join(reversed(lines))
