"""The command line as users meet it, from the arguments to the exit code."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from api.cli.app import main
from graph.concepts import wordings
from tests.graph.small_world import BASIC, FUND, HOSTILE, MINISTRY, SPEAKER

COMMANDS = (
    *("demo", "build", "extract", "forget", "show", "search", "statements", "related"),
    *("questions", "query", "draw", "export", "validate", "verify", "evaluate", "info"),
)
# What only some commands need may not be loaded for `scipol --help`.
HEAVY = {"rdflib", "networkx", "pyoxigraph", "pydantic", "pyvis", "numpy", "trafilatura", "httpx"}


@dataclass(frozen=True)
class Done:
    """What a command printed, and the code it ended with."""

    stdout: str
    stderr: str
    returncode: int


def run(*arguments: str | Path, data: Path | None = None, given: str = "") -> Done:
    """Run the whole command in this process, from its arguments to its exit code."""
    environment = {k: v for k, v in os.environ.items() if k not in ("SCIPOL_DATA", "COLUMNS")}
    if data:
        environment["SCIPOL_DATA"] = str(data)
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("sys.argv", ["scipol", *map(str, arguments)]),
        mock.patch("sys.stdin", io.StringIO(given)),
        mock.patch("sys.stdout", output),
        mock.patch("sys.stderr", errors),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Done(_text(output), _text(errors), int(ended.value.code or 0))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def fails(done: Done, code: int = 1) -> str:
    """The message of a command that failed in the right way: one paragraph, no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_help_names_every_command_and_the_exit_codes() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for command in COMMANDS:
        assert f"\n  {command} " in shown.stdout
    for words in ("Exit codes", "130", "misspelt"):
        assert words in shown.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert f"scipol {command}" in shown.stdout.partition("Example")[2]


def test_the_help_of_build_lists_the_genres() -> None:
    shown = " ".join(run("build", "--help").stdout.replace("-\n", "-").split()).replace("- ", "-")
    for concept in wordings("doc-kind"):
        assert concept.rpartition("/")[2] in shown


def test_a_genre_that_is_none_ends_a_build_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("genre: speech\n\nThe Government will fund basic research.")
    done = run("build", str(tmp_path / "a.md"), "--genre", "speach", "--data", str(tmp_path / "d"))
    assert done.returncode == 2
    assert "there is no genre 'speach'; there are:" in " ".join(done.stderr.split())
    assert "speech" in done.stderr
    assert not (tmp_path / "d").exists()


def test_the_start_loads_nothing_heavy() -> None:
    code = "import sys, api.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & {name.partition(".")[0] for name in done.stdout.split()}


def test_the_version_is_printed() -> None:
    assert run("--version").stdout.startswith("scipol ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("shwo",),
        ("show",),
        ("show", "x", "--no-such-option"),
        ("related", "one"),
        ("statements", "--since", "yesterday"),
        ("statements", "--limit", "0"),
        ("build", "--workers", "0"),
        ("build", "--date", "someday"),
        ("questions", "--set", "speaker=x"),
        (),
    ],
    ids=" ".join,
)
def test_what_is_misspelt_ends_with_two(arguments: tuple[str, ...], world: Path) -> None:
    fails(run(*arguments, data=world), code=2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "x", "--no-such-option"), "See `scipol show --help`."),
        (
            ("statements", "--since", "March"),
            "'March' is neither a day like 2024-05-31 nor a year.",
        ),
        (("statements", "--limit", "0"), "must be at least 1."),
        (("statements", "--limit", "few"), "must be a whole number."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_misspelt_is_said_in_plain_words(
    arguments: tuple[str, ...], words: str, world: Path
) -> None:
    said = fails(run(*arguments, data=world), code=2)
    assert words in said
    assert re.search(r"\S[.?] See `", said)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "Aurora Reserch Fnd"), FUND),
        (("show", FUND, "--type", "Thingamajig"), "choose one of: Person"),
        (("show", FUND, "--type", "Event"), "Event"),
        (("search", "x", "--json", "--csv"), "choose one"),
        (("statements", "--modality", "shouts"), "calls-for, requires"),
        (("statements", "--document", "south-speach"), "south-speech"),
        (("statements", "--speaker", "Nobody Atall"), "Nobody Atall"),
        (("related", FUND, "Nobody Atall"), "Nobody Atall"),
        (("questions", "no-such"), "--list"),
        (("questions", "1", "--set", "colour=red"), "has no parameter 'colour'; it has: speaker=…"),
        (("questions", "1", "--set", "speaker"), "write speaker=… with a value, for instance"),
        (("export", "--format", "csv", "-o", "full.csv"), "-o full"),
        (("query", "SELECT ?x WHERE { ?x"), "line 1"),
        (("query", "DROP ALL { }"), "reading only"),
        (("query", "no-such-file.rq"), "No such file"),
        (("query", "ASK {}", "--format", "docx"), "choose"),
        (("export", "--format", "docx"), "nquads"),
        (("extract", "no-such-file.txt"), "no-such-file.txt"),
        (("forget", "south-speach"), "south-speech"),
        (("evaluate", "no-such-folder"), "no-such-folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_clear_line(arguments: tuple[str, ...], words: str, world: Path) -> None:
    assert words in fails(run(*arguments, data=world))


@pytest.mark.parametrize(
    "arguments",
    [
        ("info",),
        ("show", "x"),
        ("search", "x"),
        ("statements",),
        ("related", "a", "b"),
        ("questions",),
        ("query", "ASK {}"),
        ("draw", "-o", "never.html"),
        ("export",),
        ("validate",),
        ("verify",),
    ],
    ids=lambda a: a[0],
)
def test_without_a_graph_each_command_says_how_to_make_one(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    assert "scipol build" in fails(run(*arguments, "--data", tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_the_place_of_the_data_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    for arguments in (("info",), ("build",)):
        assert "data" in fails(run(*arguments, "--data", tmp_path / "data"))
    for place in (tmp_path / "data", Path("/proc/nowhere")):
        said = fails(run("build", "--data", place))
        assert f"{place} cannot be made the data directory" in said
        assert "--data or SCIPOL_DATA" in said


@pytest.mark.parametrize("arguments", [("draw", "-o"), ("export", "-o"), ("export", "-fcsv", "-o")])
def test_what_cannot_be_written_is_said(
    arguments: tuple[str, ...], world: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(*arguments, tmp_path / "file" / "out", data=world)
    assert "cannot be written" in fails(done)


def test_a_query_file_that_is_no_text_is_said(world: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"\xff\xfe\x00SELECT")
    assert "no UTF-8 text" in fails(run("query", tmp_path / "q.rq", data=world))


def test_a_pipe_that_closes_early_is_no_error(world: Path) -> None:
    command = [sys.executable, "-m", "api.cli", "export", "--data", str(world)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_interrupted_build_keeps_what_is_finished_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(1500):
        text = f"Norland will strengthen basic research in the year {number}. " * 20
        (folder / f"d{number}.txt").write_text(text)
    command = [sys.executable, "-m", "api.cli", "build", str(folder), "--data", str(tmp_path / "d")]
    command += ["--extractor", "rules"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while not list((tmp_path / "d" / "runs").glob("*/*.json")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in said
    told = re.search(r"Interrupted\. Read, and in the graph: (\d+) of 1500 documents", said)
    assert told
    assert 0 < int(told[1]) < 1500
    kept = json.loads(run("info", "--json", data=tmp_path / "d").stdout)
    assert kept["documents"] == int(told[1])


def test_a_thing_is_shown_with_its_sentences(world: Path) -> None:
    shown = run("show", "aurora research fund", data=world)
    assert shown.returncode == 0
    for words in (
        FUND,
        "serves goal",
        "opposes",
        "2 billion euros",
        "Named 2 times in 2 documents.",
        "name ",
    ):
        assert words in shown.stdout
    answer = json.loads(run("show", FUND, "--json", data=world).stdout)
    assert answer["thing"]["label"] == FUND
    assert any("drains the laboratories" in s["evidence"]["quote"] for s in answer["statements"])


def test_a_document_is_shown_with_what_it_says(world: Path) -> None:
    said = run("show", "south-speech", data=world).stdout
    assert "Statements in it" in said
    assert "No statements" not in said
    inside = json.loads(run("show", "south-speech", "--json", data=world).stdout)["inside"]
    assert inside == json.loads(
        run("statements", "--document", "south-speech", "--json", data=world).stdout
    )


def test_a_part_of_a_name_is_taken_and_said(world: Path) -> None:
    shown = run("show", "aurora", data=world)
    assert shown.returncode == 0
    assert f"'aurora' is taken as Instrument {FUND}" in shown.stderr


def test_labels_are_not_read_as_markup_of_the_terminal(world: Path) -> None:
    shown = run("search", "window.PWN", data=world)
    assert shown.returncode == 0
    assert "<script>" in shown.stdout
    assert run("show", HOSTILE, data=world).returncode == 0


def test_search_finds_things_and_sentences(world: Path) -> None:
    found = json.loads(run("search", "基础", "--json", data=world).stdout)
    assert {"加强基础研究"} <= {thing["name"] for thing in found["things"]}
    assert [s["document"] for s in found["sentences"]] == ["一条消息"]
    lines = list(csv.DictReader(io.StringIO(run("search", "fund", "--csv", data=world).stdout)))
    assert FUND in {line["name"] for line in lines}
    only = json.loads(run("search", "basic", "-t", "goal", "--json", data=world).stdout)
    assert {thing["type"] for thing in only["things"]} == {"Goal"}


def test_statements_are_filtered_and_printed_in_each_form(world: Path) -> None:
    arguments = ("statements", "--speaker", "jose nunez", "--modality", "opposes")
    assert "drains the" in run(*arguments, data=world).stdout
    (stance,) = json.loads(run(*arguments, "--json", data=world).stdout)
    assert stance["speaker"]["label"] == SPEAKER
    (line,) = csv.DictReader(io.StringIO(run(*arguments, "--csv", data=world).stdout))
    assert (line["speaker"], line["modality"], line["content"]) == (SPEAKER, "opposes", FUND)
    assert run("statements", "--since", "2030", data=world).stdout == "Nothing found.\n"
    of_2024 = json.loads(run("statements", "--until", "2024", "--json", data=world).stdout)
    to_2024 = json.loads(run("statements", "--until", "2024-12-31", "--json", data=world).stdout)
    assert of_2024 == to_2024


def test_a_table_fits_into_a_hundred_columns(world: Path) -> None:
    for arguments in (("statements",), ("show", FUND), ("related", "Norland", SPEAKER), ("info",)):
        shown = run(*arguments, data=world).stdout
        wide = [line for line in shown.splitlines() if len(line) > 100 and "w3id.org" not in line]
        assert not wide


def test_two_things_are_connected_with_sentences(world: Path) -> None:
    shown = run("related", "Norland", "jose nunez", data=world)
    assert "strengthen basic" in shown.stdout
    (first, *_) = json.loads(run("related", "Norland", SPEAKER, "--json", data=world).stdout)
    assert [s["label"] for s in first["steps"]] == ["commits-to", "calls-for"]
    assert "No connection" in run("related", "Norland", "王小明", data=world).stdout
    alone = run("related", "Norland", "south-speech", data=world)
    assert (alone.returncode, "Nothing in the graph is related to" in alone.stdout) == (0, True)


def test_questions_are_listed_and_answered(world: Path) -> None:
    listed = run("questions", "--list", data=world)
    assert "said-by-speaker" in listed.stdout
    assert "speaker" in listed.stdout
    asked = ("questions", "said-by-speaker", "--set", "speaker=josé núñez")
    assert f"What has {SPEAKER} said" in run(*asked, data=world).stdout
    (answer,) = json.loads(run(*asked, "--json", data=world).stdout)
    assert {row["content"] for row in answer["rows"]} == {BASIC, FUND}
    lines = list(csv.DictReader(io.StringIO(run(*asked, "--csv", data=world).stdout)))
    assert {line["content"] for line in lines} == {BASIC, FUND}
    every = run("questions", data=world)
    assert every.returncode == 0
    assert every.stdout.count("?") >= 25


def test_sparql_is_asked_from_the_command_line_a_file_and_input(
    world: Path, tmp_path: Path
) -> None:
    sparql = "SELECT DISTINCT ?l { ?i a scip:Instrument ; skos:prefLabel ?l }"
    assert FUND in run("query", sparql, data=world).stdout
    (tmp_path / "q.rq").write_text(sparql)
    printed = run("query", tmp_path / "q.rq", "-f", "csv", data=world).stdout
    assert printed.splitlines() == ["l", FUND]
    assert run("query", sparql, "--csv", data=world).stdout == printed
    done = run("query", "-", "-f", "json", data=world, given=sparql)
    assert json.loads(done.stdout)["results"]["bindings"][0]["l"]["value"] == FUND


def test_a_picture_is_drawn_around_a_thing(world: Path, tmp_path: Path) -> None:
    page = tmp_path / "new folder" / "page.html"
    done = run("draw", "--around", "norland", "--output", page, data=world)
    assert done.returncode == 0, done.stderr
    assert "Around Norland" in page.read_text("utf-8")
    assert "things drawn" in done.stdout


def test_exports_go_to_output_or_a_file(world: Path, tmp_path: Path) -> None:
    printed = run("export", data=world).stdout
    assert run("export", "-o", tmp_path / "all.nq", data=world).returncode == 0
    assert (tmp_path / "all.nq").read_text("utf-8") == printed
    assert run("export", "-f", "csv", "-o", tmp_path / "csv", data=world).returncode == 0
    assert {p.name for p in (tmp_path / "csv").iterdir()} >= {"entities.csv", "statements.csv"}


def test_a_good_graph_is_valid_and_verified(world: Path) -> None:
    checked = run("validate", "--json", data=world)
    assert (checked.returncode, json.loads(checked.stdout)["violations"]) == (0, 0)
    verified = run("verify", data=world)
    assert verified.returncode == 0, verified.stderr
    assert "every character agrees" in verified.stdout


def test_a_changed_character_ends_verify_with_three(world: Path, tmp_path: Path) -> None:
    data = shutil.copytree(world, tmp_path / "data")
    text = next(p for p in (data / "texts").iterdir() if SPEAKER in p.read_text("utf-8"))
    text.write_text(text.read_text("utf-8").replace("drains", "trains"), "utf-8")
    done = run("verify", data=data)
    assert done.returncode == 3
    assert text.stem in done.stdout


def test_documents_come_and_go(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("The Research Council will strengthen basic research.\n")
    data = tmp_path / "data"
    built = json.loads(run("build", tmp_path / "plan.txt", "--json", data=data).stdout)
    assert (built["added"], built["refused"]) == (1, [])
    again = json.loads(run("build", tmp_path / "plan.txt", "--json", data=data).stdout)
    assert again["unchanged"] == 1
    assert json.loads(run("info", "--json", data=data).stdout)["names"] == ["plan"]
    assert "Forgotten: plan" in run("forget", "plan", data=data).stdout
    assert json.loads(run("info", "--json", data=data).stdout)["documents"] == 0


def test_only_the_documents_of_a_build_are_named_where_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "silent.txt").write_text("The Research Council is in the old town.\n")
    (tmp_path / "plan.txt").write_text("The Research Council will strengthen basic research.\n")
    data = tmp_path / "data"
    said = run("build", tmp_path / "silent.txt", data=data).stdout
    assert "No statement was found in 1 document: silent" in said
    assert "No statement" not in run("build", tmp_path / "plan.txt", data=data).stdout


def test_a_refused_document_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("The Research Council will strengthen basic research.\n")
    (tmp_path / "empty.txt").write_text("")
    done = run("build", tmp_path, "--data", tmp_path / "data")
    assert done.returncode == 0
    assert "1 added" in done.stdout
    assert "empty.txt" in done.stdout
    assert run("build", tmp_path / "empty.txt", "--data", tmp_path / "other").returncode == 1


@pytest.mark.parametrize("form", ["json", "trig", "turtle", "jsonld", "nquads"])
def test_extract_prints_and_stores_nothing(form: str, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("Germany will strengthen basic research.\n")
    done = run("extract", tmp_path / "plan.txt", "--format", form)
    assert done.returncode == 0, done.stderr
    assert "Germany" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["plan.txt"]


def test_evaluate_scores_the_shipped_gold() -> None:
    done = run("evaluate", Path(__file__).parents[2] / "data" / "gold", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] >= 6
    assert MINISTRY not in done.stdout
