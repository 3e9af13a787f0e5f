"""The two browser tabs of a served call: the caller's softphone and the secretary's screen, and what a test does on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import listened_to
from tests.servers.office import LINE

SLOW_MS = 60_000
"""The machine may be busy with other things."""
READ_BEFORE_TALKING = """
(() => {
  // What a tab shows at the moment when the server connects the two: window.read = {id: text}, before any script hears of it.
  const parts = ["stage-title", "greeting-text", "summary-text", "transcript", "file-questions"];
  const text = (id) => { const part = document.getElementById(id); return part.checkVisibility() ? part.innerText : ""; };
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "string" || JSON.parse(data).phase !== "talking") return;
        window.read ??= Object.fromEntries(parts.map((id) => [id, text(id)]));
      });
    }
  };
})();
"""


class CallerTab:
    """Somebody who rings from the softphone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ring(self, url: str, number: str = "", language: str = "fr") -> None:
        """Call the line of the Lilas practice; an empty number is withheld."""
        self.page.goto(f"{url}/phone?lang={language}")
        self.page.locator("#line").select_option(LINE)
        self.page.locator("#caller").fill(number)
        self.page.locator("#call").click()
        self.reaches("talking")

    def asks_for_a_person_by_key(self) -> None:
        """Key 0 while the greeting is said."""
        expect(self.page.locator("#transcript li")).not_to_have_count(0, timeout=SLOW_MS)
        self.page.locator("[data-key='0']").click()

    def reaches(self, state: str) -> None:
        expect(self.page.locator("#phone")).to_have_attribute("data-state", state, timeout=SLOW_MS)

    def reads(self, text: str) -> None:
        """The transcript on the page has this sentence."""
        expect(self.page.locator("#transcript")).to_contain_text(text, timeout=SLOW_MS)

    def makes_noise(self) -> None:
        """The microphone hears something now, as the page's meter shows."""
        self.page.wait_for_function("() => document.getElementById('level-you').value > 0.3", timeout=SLOW_MS)


class SecretaryTab:
    """Somebody at the desk."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, url: str, login: str, password: str) -> None:
        """Ask for the desk, sign in, get there."""
        self.page.goto(f"{url}/desk")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/desk")

    def declares_herself_available(self) -> None:
        """By the button in the middle of the screen; the browser grants the microphone."""
        self.page.locator("#idle-available").click()
        expect(self.page.locator("#status-button")).to_have_attribute("data-status", "available", timeout=SLOW_MS)
        expect(self.page.locator("#mic")).to_have_attribute("data-state", "live", timeout=SLOW_MS)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def sees(self, mode: str) -> None:
        """The middle of the screen shows a call that stands like this."""
        expect(self.page.locator("#stage")).to_have_attribute("data-mode", mode, timeout=SLOW_MS)

    def accepts(self) -> None:
        """The offer rings; A."""
        self.sees("offered")
        self.press("a")

    def goes(self) -> None:
        """Nothing is left to do: offline, by keyboard."""
        expect(self.page.locator("#idle")).to_be_visible(timeout=SLOW_MS)
        self.press("d", "0")
        expect(self.page.locator("#status-button")).to_have_attribute("data-status", "offline", timeout=SLOW_MS)

    @property
    def sheet(self) -> dict[str, str]:
        """The call sheet as it stands."""
        names = ("person", "phone", "intent", "outcome", "reason", "note")
        return {name: self.page.locator(f"#wrap-{name}").input_value() for name in names}


@contextmanager
def caller_tab(browser: Browser, **options: object) -> Iterator[CallerTab]:
    with listened_to(browser, locale="fr-FR", **options) as page:
        yield CallerTab(page)


@contextmanager
def secretary_tab(browser: Browser, **options: object) -> Iterator[SecretaryTab]:
    """The tab of a secretary who has not signed in yet."""
    window = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": {"width": 1440, "height": 900}, **options}
    with listened_to(browser, **window) as page:
        page.add_init_script(READ_BEFORE_TALKING)
        yield SecretaryTab(page)
