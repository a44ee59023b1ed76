"""What routes name as a parameter, to be given it by the framework."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.dependencies import Library, Service, library_of, service_of

ServiceNeeded = Annotated[Service, Depends(service_of)]
LibraryNeeded = Annotated[Library, Depends(library_of)]
