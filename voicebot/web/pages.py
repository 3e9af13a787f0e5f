"""Pages rendered in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from voicebot.core.language import Language
from voicebot.web.texts import LANGUAGES, Texts, load_texts

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
"""Served as `/static/web`: the shared style, the browser's side of audio."""
LANGUAGE_COOKIE = "permanence_lang"


class Pages:
    """Templates and texts of one package, on top of the shared ones."""

    def __init__(self, environment: Environment, texts: Texts) -> None:
        self._environment = environment
        self._texts = texts

    @classmethod
    def of(cls, package: Path) -> Self:
        """The pages in `package/templates` and `package/texts`; templates may extend the shared `base.html`.

        Raises:
            InputError: a file of texts is unusable.
        """
        loader = ChoiceLoader([FileSystemLoader(package / "templates"), FileSystemLoader(FOLDER / "templates")])
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        return cls(environment, load_texts(FOLDER / "texts", package / "texts"))

    def texts(self, language: Language) -> Mapping[str, str]:
        """All texts of a language, for scripts."""
        return self._texts[language]

    def render(
        self,
        request: HTTPConnection,
        template: str,
        *,
        status: int = 200,
        language: Language | None = None,
        csrf: str | None = None,
        **context: object,
    ) -> HTMLResponse:
        """Render a template with `t(key, **params)`, `lang`, `other_lang`, `csrf` and the given context.

        Args:
            request: Its `?lang=`, cookie and Accept-Language choose the language when `language` is None.
            template: Name in the package's templates.
            status: HTTP status.
            language: The signed-in user's choice.
            csrf: Token that forms of the page must send back as `csrf`, scripts as `X-CSRF-Token`.
            **context: What the template needs.
        """
        lang = language_of(request, language)
        words = self._texts[lang]

        def t(key: str, **params: object) -> str:
            return words[key].format(**params)

        other = next(candidate for candidate in LANGUAGES if candidate != lang)
        body = self._environment.get_template(template).render(t=t, lang=lang, other_lang=other, csrf=csrf, **context)
        response = HTMLResponse(body, status_code=status)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, lang, max_age=31_536_000, httponly=True, samesite="lax")
        return response


def language_of(request: HTTPConnection, chosen: Language | None = None) -> Language:
    """`?lang=`, then the cookie, then the user's own choice, then what the browser accepts, then French."""
    asked = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), chosen)
    accepted = (part.strip()[:2] for part in request.headers.get("accept-language", "").lower().split(","))
    for candidate in (*asked, *accepted):
        for language in LANGUAGES:
            if candidate == language:
                return language
    return "fr"
