"""The explorer: pages for people over the same answers that `/api/v1` gives to programs."""

from __future__ import annotations

from fastapi import APIRouter

from api import relationships
from api.explorer import assets, exports, packs, reader, reference, screens, views

router = APIRouter()
router.include_router(packs.router, responses=relationships.router.responses)
for _module in (views, exports, screens, reader, reference, assets):
    router.include_router(_module.router)
