"""The script that draws graphs, as the installed pyvis brings it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse

router = APIRouter(include_in_schema=False)
_INSIDE = Path("templates", "lib", "vis-9.1.2", "vis-network.min.js")
_DAY = 86_400


@router.get("/vendor/vis-network.js")
async def vis_network() -> FileResponse:
    """vis-network, which changes only with the installation."""
    headers = {"Cache-Control": f"public, max-age={_DAY}"}
    return FileResponse(_vis_file(), media_type="text/javascript", headers=headers)


@cache
def _vis_file() -> Path:
    # Importing pyvis takes a second; where it lies is enough.
    spec = find_spec("pyvis")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / _INSIDE
