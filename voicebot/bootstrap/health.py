"""Whether the server lives, whether it takes calls, and its figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter, HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from voicebot.bootstrap.metrics import Metrics

Check = Callable[[], str | None]
"""One sentence on what is wrong; None when nothing is. May block for a moment."""


def health_router(checks: Mapping[str, Check], metrics: Metrics, *, is_local: Callable[[HTTPConnection], bool]) -> APIRouter:
    """`/healthz` (the process answers), `/readyz` (it can take calls), `/metrics` (for this machine alone).

    Args:
        checks: by the name of the part.
        metrics: of the process.
        is_local: whether a request comes from this machine.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        found = await asyncio.to_thread(lambda: {name: check() for name, check in checks.items()})
        problems = {name: sentence for name, sentence in found.items() if sentence is not None}
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)

    @router.get("/metrics")
    async def figures(request: HTTPConnection) -> Response:
        if not is_local(request):
            raise HTTPException(404)
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
