"""Extractors on the command line, and their settings in the documentation."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph.extract.language_model.settings import ModelSettings
from graph.extract.learned import weights
from tests.api.test_cli import run
from tests.graph.extract.peer import MODEL, Peer, peer
from tests.graph.extract.pipelines import small_pipeline

GUIDE = (Path(__file__).parents[2] / "docs" / "extractors.md").read_text("utf-8")


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.txt"
    path.write_text(
        "The Ministry of Science and Technology will establish a Reef Programme to strengthen "
        "basic research. The Academy of Sciences welcomed the programme.\n"
    )
    return path


def options(running: Peer) -> list[str]:
    return ["--extractor", "llm", "--llm-url", running.url, "--llm-model", MODEL]


def test_a_text_is_read_by_the_model_that_the_options_name(speech: Path, tmp_path: Path) -> None:
    with peer() as running:
        done = run("build", speech, *options(running), data=tmp_path / "data")
        assert (done.returncode, done.stderr.strip()) == (0, "")
        assert "1 added" in done.stdout
        assert f"{MODEL} at 127.0.0.1" in done.stdout
        shown = run("show", "strengthen basic research", data=tmp_path / "data")
        assert "Ministry of Science and Technology" in shown.stdout


def test_extract_and_build_pay_once(speech: Path, tmp_path: Path) -> None:
    with peer() as running:
        first = run("extract", speech, *options(running), data=tmp_path / "data")
        run("build", speech, *options(running), data=tmp_path / "data")
        assert len(running.seen) == 1
    assert json.loads(first.stdout)["extractor"].startswith(f"llm 1 {MODEL} ")
    assert "1 requests" in first.stderr


def test_an_extractor_is_scored(tmp_path: Path) -> None:
    gold = Path(__file__).parents[2] / "data" / "gold"
    with peer() as running:
        done = run("evaluate", gold, *options(running), "--json", data=tmp_path / "data")
    assert json.loads(done.stdout)["scores"]["entities"]["f1"] > 0.5


def test_what_stops_a_build_is_one_line_and_an_exit_code(speech: Path, tmp_path: Path) -> None:
    with peer(always=lambda handler: handler.say(401, b"who are you?")) as running:
        done = run("build", speech, *options(running), data=tmp_path / "data")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "does not let us in (401); see SCIPOL_LLM_KEY: who are you?" in line
    assert "0 added" in done.stdout


def test_a_cap_is_an_option(speech: Path, tmp_path: Path) -> None:
    with peer() as running:
        done = run(
            *("build", speech, *options(running), "--llm-max-tokens", "100"), data=tmp_path / "data"
        )
        assert not running.seen
    assert done.returncode == 1
    assert "cap of 100 tokens" in done.stderr


def test_a_missing_setting_is_one_line(speech: Path, tmp_path: Path) -> None:
    done = run("build", speech, "--extractor", "llm", data=tmp_path / "data")
    assert done.returncode == 1
    assert "needs SCIPOL_LLM_URL" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture
def read_before(speech: Path, tmp_path: Path) -> Path:
    """A graph by the learned extractor, from when its weights were whole."""
    run("build", speech, data=tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights of which one file is damaged, in place of the shipped ones; the file."""
    folder = shutil.copytree(weights.default_folder(), tmp_path / "model")
    (folder / weights.TAGGER).write_bytes(b"damaged")
    monkeypatch.setattr(weights, "default_folder", lambda: folder)
    return folder / weights.TAGGER


GOLD = Path(__file__).parents[2] / "data" / "gold"


@pytest.mark.parametrize("command", ["build", "extract", "evaluate"])
def test_with_damaged_weights_the_rules_go_on_and_one_line_says_so(
    command: str, speech: Path, damaged: Path, tmp_path: Path
) -> None:
    source = GOLD if command == "evaluate" else speech
    done = run(command, source, data=tmp_path / "data")
    assert done.returncode == 0
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("The rules read alone")
    assert f"{damaged} is damaged" in line
    assert "install the weights again" in line
    assert done.stdout


@pytest.mark.parametrize("command", ["build", "extract", "evaluate"])
def test_with_damaged_weights_the_learned_extractor_fails_where_it_is_named(
    command: str, speech: Path, damaged: Path, tmp_path: Path
) -> None:
    source = GOLD if command == "evaluate" else speech
    done = run(command, source, "--extractor", "learned", data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.strip().splitlines()
    assert f"{damaged} is damaged" in line


def test_with_damaged_weights_an_unchanged_graph_stays_and_a_line_says_how_to_force(
    read_before: Path, speech: Path, damaged: Path
) -> None:
    done = run("build", speech, data=read_before)
    assert done.returncode == 0
    assert "0 added, 0 replaced, 1 unchanged" in done.stdout
    why, left = done.stderr.strip().splitlines()
    assert why.startswith("The rules read alone")
    assert left == (
        "1 unchanged document is left as another extractor read it; to read all again: "
        "--extractor rules"
    )
    forced = run("build", speech, "--extractor", "rules", data=read_before)
    assert "1 replaced, 0 unchanged" in forced.stdout


def test_without_a_name_the_learned_extractor_reads(speech: Path, tmp_path: Path) -> None:
    done = run("build", speech, data=tmp_path / "data")
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert "extractor learned" in done.stdout
    found = json.loads(run("extract", speech).stdout)
    assert found["extractor"].startswith("learned ")


@pytest.mark.parametrize("command", ["build", "extract"])
def test_a_text_in_another_language_is_said_to_be_one(command: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Le ministère annonce un plan de 40 millions d'euros pour la France.\n")
    done = run(command, path, "--extractor", "rules", data=tmp_path / "data")
    assert done.stderr.strip().endswith("only names and figures are looked for: plan")


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["serve", "--help"]])
def test_help_loads_no_model(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom api.cli import main\nsys.argv = ['scipol', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'onnxruntime', 'tokenizers', 'numpy', 'graph.extract'} & sys.modules.keys()\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_unknown_extractor_says_which_there_are(speech: Path, tmp_path: Path) -> None:
    done = run("extract", speech, "--extractor", "rulse", data=tmp_path / "data")
    assert done.returncode == 1
    assert "there are: dummy, learned, llm, rules, spacy:MODEL" in done.stderr


def test_a_pipeline_of_spacy_reads_a_text(speech: Path, tmp_path: Path) -> None:
    model = small_pipeline(tmp_path)
    done = run("build", speech, "--extractor", f"spacy:{model}", data=tmp_path / "data")
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert run("validate", data=tmp_path / "data").returncode == 0
    assert str(tmp_path) not in run("extract", speech, "--extractor", f"spacy:{model}").stdout


@pytest.mark.parametrize("name", sorted(ModelSettings.model_fields))
def test_every_setting_of_the_language_model_is_described(name: str) -> None:
    field = ModelSettings.model_fields[name]
    row = rf"^\| `SCIPOL_LLM_{name.upper()}` \| (.*?) \| {re.escape(str(field.description))} \|$"
    found = re.search(row, GUIDE, flags=re.MULTILINE)
    assert found
    if isinstance(field.default, (int, float, str)):
        shown = re.sub(r" \(.*\)$", "", found.group(1))
        assert type(field.default)(shown) == field.default


def test_no_setting_is_described_that_there_is_not() -> None:
    described = set(re.findall(r"^\| `SCIPOL_LLM_(\w+)` \|", GUIDE, flags=re.MULTILINE))
    assert described == {name.upper() for name in ModelSettings.model_fields}
