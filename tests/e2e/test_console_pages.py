"""The secretary's screen and the supervisor's view in a real browser, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from accounts.access import COOKIE
from tests.e2e.browser import TAP, chromium, serious_violations, served, spoken_by_page
from tests.fakes import console_data
from tests.fakes.console import FakeConsoleDesk
from tests.fakes.console_app import ConsoleApp, console_app
from voicebot.core.errors import RefusalError
from voicebot.core.ids import UserId
from voicebot.records.database import Database
from voicebot.records.wrap_ups import Correction, WrapUp

PERRIN, HADDAD, CALLBACK = 1, 2, 20
HANDLED = """
(() => {
  // How long the page takes for each live event, layout included: window.handled = {kind: [ms, ...]}.
  window.handled = {};
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (kind, act, ...rest) {
    return add.call(this, kind, (event) => {
      const start = performance.now();
      act(event);
      document.body?.offsetHeight;
      (window.handled[kind] ??= []).push(performance.now() - start);
    }, ...rest);
  };
})();
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=15_000)  # browsers share the machine with other tests
    with chromium() as browser:
        yield browser


@pytest.fixture
def desk() -> FakeConsoleDesk:
    return FakeConsoleDesk()


@pytest.fixture
def console(tmp_path: Path, desk: FakeConsoleDesk) -> Iterator[ConsoleApp]:
    database = Database.open(f"sqlite:///{tmp_path}/records.db", upgrade=True)
    yield console_app(database, desk)
    database.close()


@pytest.fixture
def address(console: ConsoleApp) -> Iterator[str]:
    with served(console.app) as address:
        yield address


@pytest.fixture
def profile(browser: Browser, console: ConsoleApp, address: str) -> Iterator[BrowserContext]:
    """Léa's browser."""
    yield from signed_in(browser, console, address, "lea")


@pytest.fixture
def page(profile: BrowserContext, address: str, desk: FakeConsoleDesk) -> Page:
    """Léa's screen, available, in French."""
    return opened(profile, address)


@pytest.fixture
def lea(console: ConsoleApp) -> int:
    return console.signed_in["lea"].user.id


def signed_in(browser: Browser, console: ConsoleApp, address: str, login: str) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(15_000)
    context.add_init_script(HANDLED)
    context.add_cookies([{"name": COOKIE, "value": console.signed_in[login].token, "url": address}])
    yield context
    context.close()


def opened(profile: BrowserContext, address: str) -> Page:
    page = profile.new_page()
    page.goto(f"{address}/desk")
    expect(rows(page)).to_have_count(len(console_data.MORNING["waiting"]))
    press(page, "d", "1")
    expect(page.locator("#status-text")).to_have_text("Disponible")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def rows(page: Page) -> Locator:
    return page.locator("#queue-list > li")


def until(page: Page, condition: Callable[[], object]) -> None:
    """Wait for what the page brings about at the server."""
    for _ in range(400):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come about")


def done(desk: FakeConsoleDesk, page: Page, *command: Any) -> None:
    """The command reaches the desk."""
    until(page, lambda: command in desk.done)


def sheets(desk: FakeConsoleDesk) -> list[tuple[WrapUp, bool]]:
    """The call sheets saved, and whether each was the last."""
    return [(sheet, finish) for name, *facts in desk.done if name == "save_wrap_up" for _, sheet, finish in [facts]]


def in_call(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    """Accept Mrs Perrin's call, and talk."""
    desk.offer(PERRIN, lea)
    expect(page.locator("#offer")).to_be_visible()
    press(page, "a")
    expect(page.locator("#who-phase")).to_have_text("En communication")


def test_an_offer_comes_first_and_is_accepted_by_one_key_with_the_file_in_view(
    page: Page, desk: FakeConsoleDesk, lea: int
) -> None:
    expect(rows(page).first).to_contain_text("Karim Haddad")
    desk.offer(PERRIN, lea)
    expect(rows(page).first).to_contain_text("Monique Perrin")
    expect(page.locator("#alarm")).to_contain_text("A pour prendre, R pour refuser")
    press(page, "a")
    done(desk, page, "accept", PERRIN, False)
    expect(page.locator("#stage-title")).to_have_text("Monique Perrin")
    expect(page.locator("#greeting-text")).to_contain_text("Le cabinet médical des Lilas, bonjour")
    expect(page.locator("#file-urgencies")).to_contain_text("douleur dans la poitrine")
    expect(page.locator("#file-agenda")).to_contain_text("Colette Aubert")
    expect(page.locator("#file-history")).to_contain_text("A déplacé la consultation")
    expect(page.locator("#summary-text")).to_contain_text("72 ans")
    expect(page.locator("#who-phase")).to_have_text("En communication")
    assert desk.legs[0].carries_audio


def test_without_an_offer_the_chosen_call_is_accepted(page: Page, desk: FakeConsoleDesk) -> None:
    press(page, "j", "ArrowDown", "k", "a")
    done(desk, page, "accept", HADDAD, False)


def test_a_call_open_to_all_rings_and_shows_for_who_is_free(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    desk.change(4, widened=True)
    expect(page.locator("#stage-title")).to_have_text("Élodie Vasseur")
    expect(page.locator("#offer")).to_contain_text("ouvert à toute l’équipe")
    expect(page).to_have_title(re.compile("Le cabinet dentaire Océane"))
    desk.change(PERRIN, widened=True)
    expect(page.locator("#stage-title")).to_have_text("Monique Perrin")
    press(page, "d", "2")
    expect(page.locator("#idle")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(8\) Permanence"))
    press(page, "d", "1")
    expect(page.locator("#offer")).to_be_visible()
    press(page, "a")
    done(desk, page, "accept", PERRIN, False)


def test_refusing_asks_for_a_reason_that_one_digit_gives_on_any_keyboard(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    desk.offer(PERRIN, lea)
    expect(page.locator("#offer")).to_be_visible()
    press(page, "r", "3")
    done(desk, page, "refuse", PERRIN, "language")
    desk.offer(HADDAD, lea)
    expect(page.locator("#stage-title")).to_have_text("Karim Haddad")
    press(page, "r")
    upper_row = "dialog => dialog.dispatchEvent(new KeyboardEvent('keydown', {key: 'é', code: 'Digit2', bubbles: true}))"
    page.locator("#refuse-dialog").evaluate(upper_row)
    done(desk, page, "refuse", HADDAD, "unknown_client")


def test_a_dialog_about_an_offer_goes_with_the_offer(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    desk.offer(PERRIN, lea)
    expect(page.locator("#offer")).to_be_visible()
    press(page, "r")
    expect(page.locator("#refuse-dialog")).to_be_visible()
    desk.change(PERRIN, state="waiting", secretary=None, deadline=None)
    expect(page.locator("#refuse-dialog")).to_be_hidden()


def test_who_was_too_late_reads_who_won(page: Page, desk: FakeConsoleDesk) -> None:
    desk.refusal = RefusalError("taken", why="taken", winner=UserId(101), winner_name="Amina Berrada")
    press(page, "j", "a")
    expect(page.locator("#toasts")).to_contain_text("Amina Berrada a déjà pris cet appel.")


def test_the_status_is_declared_by_keyboard_and_is_not_what_she_is_seen_doing(
    page: Page, desk: FakeConsoleDesk, lea: int
) -> None:
    press(page, "d", "2")
    done(desk, page, "declare", "break", "lunch")
    expect(page.locator("#status-text")).to_have_text("En pause · déjeuner")
    press(page, "d", "0")
    expect(page.locator("#status-text")).to_have_text("Hors ligne")
    expect(page.locator("#mic")).to_have_attribute("data-state", "closed")
    press(page, "d", "1")
    in_call(page, desk, lea)
    expect(page.locator("#status-text")).to_have_text("Disponible")
    expect(page.locator("#derived-text")).to_have_text("en communication")


def test_she_is_not_available_without_a_microphone(profile: BrowserContext, address: str, desk: FakeConsoleDesk) -> None:
    page = profile.new_page()
    page.add_init_script("navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }")
    page.goto(f"{address}/desk")
    page.get_by_role("button", name="Me déclarer disponible").first.click()
    expect(page.locator("#mic-error")).to_contain_text("Le micro est bloqué")
    assert desk.done == []


def test_unanswered_offers_are_told_until_she_is_available_again(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    desk.present(lea, declared="break", break_reason="missed_offers", alert=True)
    expect(page.locator("#missed-alert")).to_be_visible()
    page.get_by_role("button", name="Me remettre disponible").click()
    expect(page.locator("#missed-alert")).to_be_hidden()
    expect(page.locator("#status-text")).to_have_text("Disponible")


def test_mute_hold_and_hanging_up_are_one_key_each(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "m")
    expect(page.locator("#mic")).to_have_attribute("data-state", "muted")
    press(page, "m", "h")
    expect(page.locator("#who-phase")).to_contain_text("En attente")
    press(page, "h")
    expect(page.locator("#who-phase")).to_have_text("En communication")
    press(page, "e")
    expect(page.locator("#who-phase")).to_have_text("Appel terminé")
    assert [name for name, *_ in desk.done if name in {"hold", "hang_up"}] == ["hold", "hold", "hang_up"]


def test_a_call_is_transferred_only_to_the_clients_numbers(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "t")
    expect(page.locator("#transfer-choices button")).to_have_count(2)
    press(page, "1")
    done(desk, page, "transfer", PERRIN, "+33639980077")


def test_the_call_sheet_is_corrected_and_saved_by_keyboard(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "e")
    expect(page.locator("#wrap-note")).to_be_focused()
    page.keyboard.type("Le docteur est prévenu.")
    page.locator("#wrap-person").fill("Monique Perin")
    expect(page.locator("#corrected-person")).to_contain_text("Monique Perrin")
    page.locator("#wrap-outcome").select_option("callback")
    press(page, "Control+Enter")
    reason = console_data.MORNING["waiting"][0]["summary"]
    kept = WrapUp(
        person="Monique Perin", phone="+33639980001", reason=reason, intent="urgent", outcome="callback",
        note="Le docteur est prévenu.", corrections=(Correction(field="person", was="Monique Perrin", now="Monique Perin"),),
    )  # fmt: skip
    done(desk, page, "save_wrap_up", PERRIN, kept, True)
    expect(page.locator("#idle")).to_be_visible()


def test_what_she_writes_while_talking_is_kept_by_itself(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "f")
    page.locator("#wrap-note").fill("Rappeler demain.")
    expect(page.locator("#wrap-up-saved")).to_have_text("Enregistré")
    assert [(sheet.note, finish) for sheet, finish in sheets(desk)] == [("Rappeler demain.", False)]


def test_what_is_typed_when_the_time_is_over_is_not_lost(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "e")
    expect(page.locator("#wrap-note")).to_be_focused()
    page.locator("#wrap-note").fill("Dernier mot")
    desk.change(PERRIN, state="done", deadline=None)
    expect(page.locator("#idle")).to_be_visible()
    until(page, lambda: [sheet.note for sheet, _ in sheets(desk)] == ["Dernier mot"])


def test_a_wrong_answer_of_the_assistant_is_reported(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    page.get_by_role("button", name="Réponse fausse").first.click()
    page.keyboard.type("Il fallait demander l’âge.")
    press(page, "Control+Enter")
    expect(page.locator("#wrap-up-saved")).to_have_text("Enregistré")
    (correction,) = sheets(desk)[-1][0].corrections
    assert (correction.field, correction.now) == ("answer", "Il fallait demander l’âge.")
    assert str(correction.was).startswith("Cabinet médical des Lilas")


def test_no_shortcut_acts_while_she_writes(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    before = list(desk.done)
    press(page, "n")
    page.keyboard.type("amehbtdrs 12?")
    expect(page.locator("#note-text")).to_have_value("amehbtdrs 12?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert desk.done == before
    press(page, "Escape", "h")
    done(desk, page, "hold", PERRIN, True)


def test_an_offer_does_not_take_away_what_she_is_writing(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    press(page, "3", "ArrowDown", "i")
    page.keyboard.type("Proposez ")
    desk.offer(PERRIN, lea)
    expect(rows(page).first).to_contain_text("Pour vous")
    page.keyboard.type("jeudi.")
    press(page, "Enter")
    done(desk, page, "hint", "call-bot", "Proposez jeudi.")
    expect(page.locator("#stage-title")).to_have_text("Monique Perrin")


def test_a_live_call_is_listened_to_without_being_taken(page: Page, desk: FakeConsoleDesk) -> None:
    press(page, "3", "ArrowDown")
    expect(page.locator("#transcript")).to_contain_text("un rappel de vaccin")
    desk.say("call-bot", "caller", "Mercredi après-", t=30.0, partial=True)
    expect(page.locator("#transcript")).to_contain_text("Mercredi après-")
    desk.say("call-bot", "caller", "Mercredi après-midi.", t=30.0)
    expect(page.locator("#transcript .turn").last).to_contain_text("Mercredi après-midi.")
    expect(page.locator("#transcript .turn")).to_have_count(4)
    press(page, "l")
    until(page, lambda: len(desk.listeners) == 1)
    assert not any(name == "accept" for name, *_ in desk.done)


def test_a_caller_is_called_back(page: Page, desk: FakeConsoleDesk) -> None:
    press(page, "2", "j")
    expect(page.locator("#stage-title")).to_have_text("Yvette Garnier")
    expect(page.locator("#callback-facts")).to_contain_text("aucune tentative")
    press(page, "a")
    done(desk, page, "take_callback", CALLBACK)
    expect(page.locator("#dial")).to_be_visible()
    expect(page.locator("#dial")).to_have_attribute("href", "tel:+33639980020")
    press(page, "u")
    done(desk, page, "callback_result", CALLBACK, False)
    expect(page.locator(f"#callback-{CALLBACK}")).to_contain_text("1 tentative")


def test_an_offer_rings_unless_silenced(
    browser: Browser, console: ConsoleApp, address: str, desk: FakeConsoleDesk, lea: int
) -> None:
    for profile in signed_in(browser, console, address, "lea"):
        profile.add_init_script(TAP)
        page = opened(profile, address)
        desk.offer(PERRIN, lea, seconds=60)
        expect(page).to_have_title(re.compile(r"Appel\s: Le cabinet médical des Lilas"))
        assert np.abs(spoken_by_page(page, 2.0)[0]).max() > 0.05
        press(page, "s")
        page.wait_for_timeout(200)
        assert np.abs(spoken_by_page(page, 2.0)[0]).max() < 0.01
        desk.change(PERRIN, state="waiting", secretary=None, deadline=None)
        expect(page).to_have_title(re.compile(r"^\(8\) Permanence"))


def test_two_hundred_callers_wait_and_one_change_costs_little(
    profile: BrowserContext, address: str, desk: FakeConsoleDesk, record_property: Any
) -> None:
    desk.tickets = {ticket["id"]: ticket for ticket in console_data.crowd(desk.now(), 200)}
    page = profile.new_page()
    page.goto(f"{address}/desk")
    expect(rows(page)).to_have_count(200)
    last = rows(page).last.get_attribute("id")
    number = int(str(last).removeprefix("ticket-"))
    desk.change(number, reason="urgent", urgency_kind="general", base_score=9000)
    expect(rows(page).first).to_have_id(str(last))
    expect(rows(page)).to_have_count(200)
    handled = page.evaluate("window.handled")
    record_property("snapshot_of_200_ms", round(handled["snapshot"][0], 1))
    record_property("one_ticket_ms", round(handled["ticket"][-1], 1))
    print(f"200 tickets: {handled['snapshot'][0]:.1f} ms, one change: {handled['ticket'][-1]:.1f} ms")  # noqa: T201


def test_rows_are_kept_when_others_change(page: Page, desk: FakeConsoleDesk) -> None:
    page.evaluate("for (const row of document.querySelectorAll('#queue-list > li')) row.dataset.kept = 'yes'")
    desk.change(HADDAD, state="done")
    expect(rows(page)).to_have_count(7)
    desk.change(5, base_score=5000)
    expect(rows(page).first).to_have_id("ticket-5")
    expect(page.locator("#queue-list > li[data-kept=yes]")).to_have_count(7)


def test_what_callers_say_is_never_markup(page: Page, desk: FakeConsoleDesk) -> None:
    poison = "<img src=x onerror=\"document.title='owned'\"><b>gras</b>"
    desk.change(HADDAD, person=poison, summary=poison)
    desk.say("call-2", "caller", poison)
    press(page, "j")
    expect(page.locator("#stage-title")).to_have_text(poison)
    expect(page.locator("#transcript .said").last).to_have_text(poison)
    assert page.locator("main img, main b").count() == 0
    assert page.title().endswith("Permanence · accueil")


def test_the_consignes_are_searched(page: Page) -> None:
    press(page, "j")
    expect(page.locator("#file-questions > div:visible")).to_have_count(4)
    press(page, "/")
    page.keyboard.type("carte bancaire")
    expect(page.locator("#file-questions > div:visible")).to_have_count(1)
    expect(page.locator("[data-part=agenda]")).to_be_hidden()


def test_the_queue_is_searched_by_client_name_and_number(page: Page) -> None:
    press(page, "q")
    for text, found in (("oceane", "Élodie Vasseur"), ("haddad", "Karim Haddad"), ("39 98 00 08", "06 39 98 00 08")):
        page.locator("#find-ticket").fill(text)
        expect(page.locator("#queue-list > li:visible")).to_have_count(1)
        expect(page.locator("#queue-list > li:visible")).to_contain_text(
            found.replace(" ", "\u00a0") if found[0] == "0" else found
        )


def test_a_lost_connection_is_told_and_made_good(page: Page, profile: BrowserContext, desk: FakeConsoleDesk) -> None:
    profile.set_offline(True)
    expect(page.locator("#connection-lost")).to_be_visible()
    desk.tickets[HADDAD]["person"] = "Karim Haddad-Morin"
    profile.set_offline(False)
    expect(page.locator("#connection-lost")).to_be_hidden()
    expect(page.locator(f"#ticket-{HADDAD}")).to_contain_text("Karim Haddad-Morin")
    desk.close()
    expect(page.locator("#connection-lost")).to_be_visible()
    expect(page.locator("#connection-lost")).to_be_hidden()


def test_a_call_goes_on_while_the_list_is_out_of_date(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    press(page, "f")
    page.locator("#wrap-note").fill("Pas encore enregistré")
    desk.close()
    expect(page.locator("#connection-lost")).to_be_visible()
    expect(page.locator("#connection-lost")).to_be_hidden()
    expect(page.locator("#wrap-note")).to_have_value("Pas encore enregistré")
    assert len(desk.legs) == 1
    assert not desk.legs[0].closed


def test_only_one_tab_carries_the_call(
    page: Page, profile: BrowserContext, address: str, desk: FakeConsoleDesk, lea: int
) -> None:
    other = profile.new_page()
    other.goto(f"{address}/desk")
    page.bring_to_front()
    in_call(page, desk, lea)
    expect(other.locator("#audio-elsewhere")).to_be_visible()
    assert len(desk.legs) == 1
    page.close()
    other.get_by_role("button", name="Ouvrir le micro").click()
    expect(other.locator("#who-phase")).to_have_text("En communication")
    assert len(desk.legs) == 2


def test_after_loading_the_page_again_she_is_still_in_the_call(page: Page, desk: FakeConsoleDesk, lea: int) -> None:
    in_call(page, desk, lea)
    desk.change(PERRIN, state="talking")
    page.reload()
    expect(page.locator("#stage-title")).to_have_text("Monique Perrin")
    page.get_by_role("button", name="Ouvrir le micro").click()
    expect(page.locator("#mic")).to_have_attribute("data-state", "live")
    expect(page.locator("#who-phase")).to_have_text("En communication")
    assert len(desk.legs) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nobody_is_shut_out_of_the_secretarys_screen(
    profile: BrowserContext, address: str, desk: FakeConsoleDesk, lea: int, language: str
) -> None:
    page = profile.new_page()
    page.goto(f"{address}/desk?lang={language}")
    expect(rows(page)).to_have_count(8)
    assert serious_violations(page) == []
    press(page, "d")
    assert serious_violations(page) == []
    press(page, "1")
    expect(page.locator("#mic")).to_have_attribute("data-state", "live")
    desk.offer(PERRIN, lea)
    expect(page.locator("#offer")).to_be_visible()
    assert serious_violations(page) == []
    press(page, "a")
    expect(page.locator("#wrap-up")).to_be_visible()
    assert serious_violations(page) == []
    press(page, "t")
    assert serious_violations(page) == []
    press(page, "Escape", "e")
    expect(page.locator("#wrap-up-left")).to_be_visible()
    page.locator("#wrap-person").fill("Autre nom")
    assert serious_violations(page) == []
    press(page, "Escape", "?")
    assert serious_violations(page) == []
    press(page, "Escape", "Control+Enter", "2", "j")
    assert serious_violations(page) == []
    press(page, "3", "j")
    assert serious_violations(page) == []


@pytest.fixture
def supervisor(browser: Browser, console: ConsoleApp, address: str) -> Iterator[Page]:
    for profile in signed_in(browser, console, address, "nathalie"):
        page = profile.new_page()
        page.goto(f"{address}/desk/supervisor?lang=fr")
        expect(page.locator("#queue-rows tr")).to_have_count(8)
        yield page


def test_a_supervisor_sees_who_is_there_and_who_waits_too_long(supervisor: Page, desk: FakeConsoleDesk) -> None:
    expect(supervisor.locator("#figure-waiting")).to_have_text("8")
    expect(supervisor.locator("#figure-over-120")).to_have_text("3")
    expect(supervisor.locator("#figure-on_break")).to_have_text("1")
    expect(supervisor.locator("#figure-overdue")).to_have_text("1")
    expect(supervisor.locator("#queue-rows tr[data-breach='3']")).to_have_count(1)
    expect(supervisor.locator("#secretaries-rows")).to_contain_text("En pause · déjeuner")
    desk.change(PERRIN, state="talking", secretary=101, connected_at=desk.now().isoformat())
    desk.present(101, ticket=PERRIN)
    expect(supervisor.locator("#secretaries-rows tr").first).to_contain_text("Monique Perrin")
    expect(supervisor.locator("#figure-on_call")).to_have_text("1")
    supervisor.get_by_role("button", name="Écouter").first.click()
    until(supervisor, lambda: len(desk.listeners) == 1)


def test_a_supervisor_forces_a_status(supervisor: Page, desk: FakeConsoleDesk) -> None:
    supervisor.get_by_role("button", name="Forcer le statut de Sofia Nunes").click()
    supervisor.keyboard.press("1")
    done(desk, supervisor, "force", 103, "available")
    expect(supervisor.locator("#secretaries-rows tr", has_text="Sofia Nunes")).to_contain_text("Disponible")


def test_a_supervisor_moves_a_call_and_a_call_back(supervisor: Page, desk: FakeConsoleDesk) -> None:
    supervisor.get_by_role("button", name="Déplacer l’appel de Monique Perrin").click()
    supervisor.get_by_label("Vers").select_option("104")
    supervisor.get_by_role("button", name="Appliquer").click()
    done(desk, supervisor, "move", PERRIN, 104)
    expect(supervisor.locator("#queue-rows tr", has_text="Monique Perrin")).to_contain_text("Proposé à Inès Laurent")
    supervisor.get_by_role("button", name="Déplacer l’appel de Yvette Garnier").click()
    supervisor.get_by_label("Vers").select_option("101")
    supervisor.get_by_role("button", name="Appliquer").click()
    expect(supervisor.locator("#callbacks-rows tr", has_text="Yvette Garnier")).to_contain_text("Amina Berrada")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nobody_is_shut_out_of_the_supervisors_view(supervisor: Page, address: str, language: str) -> None:
    supervisor.goto(f"{address}/desk/supervisor?lang={language}")
    expect(supervisor.locator("#queue-rows tr")).to_have_count(8)
    assert serious_violations(supervisor) == []
    supervisor.locator("[data-act=move]").first.click()
    assert serious_violations(supervisor) == []
    supervisor.keyboard.press("Escape")
    supervisor.locator("[data-act=force]").first.click()
    assert serious_violations(supervisor) == []
