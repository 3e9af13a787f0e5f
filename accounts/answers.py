"""What a browser or a script gets when it is refused."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from accounts.paths import LOGIN, login_for
from accounts.refusals import AccessError, NotSignedInError
from voicebot.web.pages import Pages


def answer_refusals(app: FastAPI, pages: Pages) -> None:
    """Have every `AccessError` of a route answered.

    A page asked for without a session leads to the sign-in page and back; other pages get a page that says what is wrong; scripts
    get `{"code", "message"}` with the status.

    Args:
        app: The application.
        pages: Of this package.
    """

    async def answer(request: Request, refusal: Exception) -> Response:
        if not isinstance(refusal, AccessError):
            raise refusal
        if not wants_page(request):
            return JSONResponse({"code": refusal.code, "message": str(refusal)}, status_code=refusal.status)
        if isinstance(refusal, NotSignedInError):
            return RedirectResponse(login_for(request) if request.method == "GET" else LOGIN, status_code=303)
        return pages.render(request, "refused.html", status=refusal.status, code=refusal.code)

    app.add_exception_handler(AccessError, answer)


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: browsers ask for HTML, scripts and event streams do not."""
    return "text/html" in request.headers.get("accept", "")
