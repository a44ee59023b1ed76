"""Settings: options over environment over file over default; each is documented."""

import re
from pathlib import Path

import pytest

from api.settings import Settings, SettingsError, load_settings
from graph.remote.address import address_from
from tests.api.test_cli import run

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SCIPOL_{name.upper()}", raising=False)
    monkeypatch.delenv("SCIPOL_SETTINGS", raising=False)


def test_options_win_over_environment_and_that_over_the_file_and_that_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scipol.toml").write_text('port = 1\nworkers = 1\nhost = "::1"\n')
    monkeypatch.setenv("SCIPOL_SETTINGS", str(tmp_path / "scipol.toml"))
    monkeypatch.setenv("SCIPOL_WORKERS", "2")
    monkeypatch.setenv("SCIPOL_PORT", "2")
    settings = load_settings(port=3, data=None)
    assert (settings.port, settings.workers, settings.host) == (3, 2, "::1")
    assert settings.data == Path("scipol-data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "many"),
        ("port", "70000"),
        ("workers", "0"),
        ("query_timeout", "-1"),
        ("log_level", "loud"),
        ("unlimited_clients", "everyone"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"SCIPOL_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"SCIPOL_{name.upper()}.*{value}"):
        load_settings()


def test_a_setting_that_there_is_not_is_refused_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scipol.toml").write_text("prot = 1\n")
    monkeypatch.setenv("SCIPOL_SETTINGS", str(tmp_path / "scipol.toml"))
    with pytest.raises(SettingsError, match="prot"):
        load_settings()


def test_a_settings_file_that_is_missing_or_broken_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scipol.toml"
    monkeypatch.setenv("SCIPOL_SETTINGS", str(path))
    with pytest.raises(SettingsError, match="no such file"):
        load_settings()
    path.write_text("port = = 1")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


def test_networks_are_given_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPOL_UNLIMITED_CLIENTS", "10.0.0.0/8, ::1")
    networks = [str(network) for network in load_settings().unlimited_clients]
    assert networks == ["10.0.0.0/8", "::1/128"]


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_each_setting_is_in_the_table_of_the_readme_and_nothing_else_is() -> None:
    table = set(re.findall(r"^\| `(SCIPOL_[A-Z_]+)` \|", README, flags=re.MULTILINE))
    assert table == {f"SCIPOL_{name.upper()}" for name in Settings.model_fields}


def test_each_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_an_address_of_a_store_without_a_meaning_is_refused(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIPOL_STORE", "store.example/query")
    done = run("serve", "--port", "0", data=world)
    assert done.returncode == 1
    assert "needs http" in done.stderr


def test_the_password_of_a_store_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPOL_STORE", "https://store.example/query")
    monkeypatch.setenv("SCIPOL_STORE_PASSWORD", "s3cret")
    settings = load_settings()
    assert "s3cret" not in repr(settings) + repr(settings.place())
    address = settings.place().address
    assert address is not None
    assert address.password == "s3cret"
    assert address_from(address.environment()) == address
