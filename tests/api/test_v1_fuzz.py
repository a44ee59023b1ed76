"""The description of the interface against the real service: whatever is sent, it holds."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.rest import V1, copied, serving, token_for

# Deterministic, so that a failure is one of the change that is tested.
_BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
_CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def data(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(world, tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with serving(data) as client:
        yield client


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_is_answered_as_described(
    client: httpx.Client, data: Path, mode: GenerationMode
) -> None:
    document = client.get(f"{V1}/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    headers = token_for(data)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        # What is accepted here starts jobs that fetch from the network.
        if operation.method in ("post", "delete") or not operation.path.startswith(V1):
            continue

        @seed(1)
        @_BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Case) -> None:
            case.call_and_validate(
                base_url=str(client.base_url), checks=_CHECKS, headers=headers, timeout=30
            )

        # What takes no parameter cannot be asked wrongly.
        with suppress(Unsatisfiable):
            check()
            tried += 1
    assert tried >= 15
    assert client.get(f"{V1}/version").status_code == 200
