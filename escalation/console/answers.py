"""How scripts of the console are refused: a status, a code, and one sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

from accounts.refusals import AccessError, NotFoundError, NotSignedInError
from accounts.sessions import Session
from voicebot.core.errors import RecordsError, RefusalError
from voicebot.core.language import Language
from voicebot.web.pages import Pages, language_of

Handler = Callable[[Request], Awaitable[Response]]
_CONFLICT = 409
_INVALID = 422
_UNAVAILABLE = 503


def route_class(pages: Pages) -> type[APIRoute]:
    """A class of routes whose errors scripts and people can read.

    Args:
        pages: Has the sentences.
    """

    class ConsoleRoute(APIRoute):
        """Answers refusals with JSON."""

        def get_route_handler(self) -> Callable[[Request], Any]:
            handler = super().get_route_handler()

            async def answering(request: Request) -> Response:
                try:
                    return await handler(request)
                except (AccessError, RefusalError, RecordsError, RequestValidationError) as exc:
                    return answer(exc, pages.texts(reader_language(request)))

            return answering

    return ConsoleRoute


def reader_language(connection: HTTPConnection) -> Language:
    """The language that who is signed in reads."""
    session = getattr(connection.state, "session", None)
    return language_of(connection, session.user.language if isinstance(session, Session) else None)


def answer(exc: Exception, texts: Mapping[str, str]) -> JSONResponse:
    """The answer for an error of a command."""
    match exc:
        case RefusalError():
            content = {"code": exc.why, "message": refusal_sentence(exc, texts), "winner": exc.winner_name}
            return JSONResponse(content, status_code=_CONFLICT)
        case AccessError():
            return JSONResponse({"code": exc.code, "message": access_sentence(exc, texts)}, status_code=exc.status)
        case RequestValidationError():
            return JSONResponse({"code": "invalid", "message": _invalid(exc.errors(), texts)}, status_code=_INVALID)
        case _:
            return JSONResponse({"code": "records", "message": texts["desk.error.server"]}, status_code=_UNAVAILABLE)


def refusal_sentence(exc: RefusalError, texts: Mapping[str, str]) -> str:
    """Why the desk says no."""
    if exc.why == "taken" and exc.winner_name is None:
        return texts["desk.refused.taken_by_someone"]
    return texts.get(f"desk.refused.{exc.why}", texts["desk.refused.wrong_state"]).format(winner=exc.winner_name)


def access_sentence(exc: AccessError, texts: Mapping[str, str]) -> str:
    """Why this user may not."""
    match exc:
        case NotFoundError():
            return texts["desk.error.not_found"]
        case NotSignedInError():
            return texts["desk.error.not_signed_in"]
        case _:
            return texts["desk.error.forbidden"]


def _invalid(errors: Sequence[Any], texts: Mapping[str, str]) -> str:
    """The first thing that is wrong with a body."""
    first = errors[0]
    field = texts.get(f"desk.field.{first['loc'][-1]}", texts["desk.field.body"])
    match first["type"]:
        case "missing" | "string_too_short":
            return texts["desk.error.missing"].format(field=field)
        case "string_too_long":
            return texts["desk.error.too_long"].format(field=field, limit=first["ctx"]["max_length"])
        case "literal_error" | "enum":
            return texts["desk.error.choice"].format(field=field)
        case "value_error":
            return texts["desk.error.phone"].format(field=field)
        case _:
            return texts["desk.error.invalid"].format(field=field)
