"""The explorer: pages for people over the same answers that `/api/v1` gives to programs."""

from __future__ import annotations

from fastapi import APIRouter

from api.explorer import assets, exports, screens, views

router = APIRouter()
for _module in (views, exports, screens, assets):
    router.include_router(_module.router)
