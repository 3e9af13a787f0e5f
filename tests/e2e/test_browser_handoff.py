"""The whole product as two people use it: a caller's tab and a secretary's tab, two microphones, one `voicebot serve`.

Each microphone holds a tone of its own; what comes out of each tab's loudspeaker tells who hears whom. Echo cancellation and gain
control stay on, as everywhere: they leave both tones as they are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from accounts.service import Accounts
from accounts.users import Role
from tests.conftest import speak
from tests.e2e.browser import driver, heard, launched, serious_violations
from tests.e2e.ears import AUDIBLE_DBFS, CALLER_HZ, SECRETARY_HZ, SILENT_DBFS, SPOKEN_DBFS, Ears
from tests.e2e.two_tabs import SLOW_MS, SecretaryTab, caller_tab, secretary_tab
from tests.e2e.wording import not_of_the_interface
from tests.servers.network import network_to
from tests.servers.office import PASSWORD, database_of
from tests.servers.permanence import Served
from voicebot.audio.tones import sine
from voicebot.audio.wav import write_wav
from voicebot.call.clocks import RealClock
from voicebot.core.audio import Samples
from voicebot.core.ids import TicketId
from voicebot.core.language import Language
from voicebot.core.tickets import Ticket, TicketState
from voicebot.records.tickets import open_tickets
from voicebot.records.wrap_ups import WrapUp, read_wrap_up

RATE_HZ = 48_000
RINGS_EVERY_S = 3.0
NUMBER, WRITTEN = "+33639980071", "06 39 98 00 71"
OTHER_NUMBER = "+33639980072"


@dataclass(frozen=True, slots=True)
class House:
    """What the tests of this module share: the server and three browsers."""

    served: Served
    who_asks: Browser
    """Of a caller who asks for a secretary, says what it is about, then holds the tone."""
    who_hums: Browser
    """Of a caller who only holds the tone."""
    desk: Browser
    """Of the secretary, who holds another tone."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    asking, humming, answering = (folder / name for name in ("asking.wav", "humming.wav", "answering.wav"))
    write_wav(asking, words_then_tone(), RATE_HZ)
    write_wav(humming, tone(CALLER_HZ, 4.0), RATE_HZ)
    write_wav(answering, tone(SECRETARY_HZ, 4.0), RATE_HZ)
    with ExitStack() as open_things:
        enter = open_things.enter_context
        playwright = enter(driver())
        served = enter(Served(folder / "data"))
        yield House(
            served,
            who_asks=enter(launched(playwright, microphone=asking, looped=False)),
            who_hums=enter(launched(playwright, microphone=humming)),
            desk=enter(launched(playwright, microphone=answering)),
        )


def words_then_tone() -> Samples:
    """Of somebody who waits until the greeting is over, and answers when asked."""
    asks, answers = (speak(text, rate_hz=RATE_HZ) for text in ("je voudrais parler à une secrétaire", "c'est pour une facture"))
    return np.concatenate([silence(9), asks, silence(6), answers, silence(3), tone(CALLER_HZ, 150)])


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def tone(hz: float, seconds: float) -> Samples:
    return sine(hz, seconds, RATE_HZ, level_dbfs=SPOKEN_DBFS)


_LOGINS = (f"secretaire-{number}" for number in itertools.count(3))


def new_secretary(served: Served, language: Language = "fr") -> str:
    """Her login; she alone is at the desk, whatever the tests before have left."""
    database, login = database_of(served), next(_LOGINS)
    accounts = Accounts(database, clock=RealClock().wall)
    accounts.add_user(login=login, name="Alix Noor", role=Role.SECRETARY, password=PASSWORD, language=language)
    database.close()
    return login


@contextmanager
def at_work(house: House, language: Language = "fr") -> Iterator[SecretaryTab]:
    """A secretary who has signed in and declared herself available; at the end she goes."""
    login = new_secretary(house.served, language)
    with secretary_tab(house.desk) as secretary:
        secretary.sign_in(house.served.url, login, PASSWORD)
        secretary.declares_herself_available()
        yield secretary
        secretary.goes()


def the_ticket(served: Served) -> Ticket:
    """Of the one call that is with a human now."""
    database = database_of(served)
    (ticket,) = (ticket for ticket in open_tickets(database) if ticket.state is TicketState.TALKING)
    database.close()
    return ticket


def kept_wrap_up(served: Served, ticket: TicketId) -> WrapUp:
    database = database_of(served)
    kept = read_wrap_up(database, ticket)
    database.close()
    assert kept is not None
    return kept.wrap_up


Record = Callable[[str, object], None]


def test_who_asks_for_a_person_is_understood_and_each_hears_the_other_when_they_should(
    house: House, record_property: Record
) -> None:
    with secretary_tab(house.desk) as secretary, caller_tab(house.who_asks) as caller:
        ears = Ears(caller, secretary, record_property)
        secretary.sign_in(house.served.url, "secretaire", house.served.passwords["secretaire"])
        secretary.declares_herself_available()
        caller.ring(house.served.url, NUMBER)
        assert ears.expect_apart("bot", seconds=2.0, after_s=0.5).level_dbfs < SILENT_DBFS
        secretary.sees("offered")
        caller.makes_noise()
        assert ears.expect_apart("ringing", seconds=RINGS_EVERY_S).level_dbfs > AUDIBLE_DBFS
        expect(secretary.page).to_have_title(re.compile(r"Appel\s: [Ll]e cabinet médical des Lilas"), timeout=SLOW_MS)
        expect(secretary.page.locator("#alarm")).to_contain_text("A pour prendre, R pour refuser")
        secretary.press("a")
        secretary.sees("talking")
        expect_the_file_was_there_before(secretary)
        ears.expect_both_ways("connected")
        expect_mute_and_hold(ears)
        ticket = the_ticket(house.served).id
        secretary.press("e")
        secretary.sees("wrap_up")
        caller.reaches("ended")
        (nothing,) = heard(secretary.page, seconds=1.0)
        assert nothing.level_dbfs < SILENT_DBFS
        expect_a_filled_sheet_and_save_it(secretary)
    kept = kept_wrap_up(house.served, ticket)
    assert (kept.phone, kept.note, kept.corrections) == (NUMBER, "Facture envoyée de nouveau.", ())


def expect_the_file_was_there_before(secretary: SecretaryTab) -> None:
    read = secretary.page.evaluate("window.read")
    assert read["stage-title"] == WRITTEN.replace(" ", "\u00a0")
    assert "Cabinet médical des Lilas, bonjour" in read["greeting-text"]
    assert "facture" in read["summary-text"]
    assert "je voudrais parler à une secrétaire" in read["transcript"]
    assert "carte Vitale" in read["file-questions"]


def expect_mute_and_hold(ears: Ears) -> None:
    secretary = ears.secretary
    secretary.press("m")
    to_caller, to_secretary = ears.listen("muted")
    assert to_caller.level_dbfs < SILENT_DBFS
    assert to_secretary.tone_dbfs(CALLER_HZ) > AUDIBLE_DBFS
    secretary.press("m", "h")
    secretary.sees("hold")
    assert ears.expect_apart("on hold").level_dbfs < SILENT_DBFS
    secretary.press("h")
    secretary.sees("talking")
    ears.expect_both_ways("resumed")


def expect_a_filled_sheet_and_save_it(secretary: SecretaryTab) -> None:
    sheet = secretary.sheet
    assert (sheet["phone"], sheet["outcome"]) == (WRITTEN, "handled")
    assert "facture" in sheet["reason"]
    expect(secretary.page.locator("#wrap-note")).to_be_focused()
    secretary.page.keyboard.type("Facture envoyée de nouveau.")
    secretary.press("Control+Enter")
    expect(secretary.page.locator("#derived-text")).to_have_text("libre", timeout=SLOW_MS)
    secretary.goes()


def test_the_briefing_is_for_her_alone_and_who_is_given_back_hears_the_bot_again(house: House, record_property: Record) -> None:
    with at_work(house) as secretary, caller_tab(house.who_hums) as caller:
        ears = Ears(caller, secretary, record_property)
        secretary.press("v")
        caller.ring(house.served.url, OTHER_NUMBER)
        caller.asks_for_a_person_by_key()
        secretary.accepts()
        secretary.sees("briefing")
        assert ears.expect_apart("briefing", after_s=0.5).level_dbfs > AUDIBLE_DBFS
        secretary.press("p")
        secretary.sees("talking")
        ears.expect_both_ways("connected")
        secretary.press("b")
        caller.reads("C'est à nouveau l'assistant.")
        assert ears.expect_apart("given back", after_s=0.7).level_dbfs < SILENT_DBFS
        secretary.sees("wrap_up")
        caller.page.locator("#hang-up").click()
        secretary.press("Control+Enter")


def test_a_call_outlives_a_network_that_is_gone_for_two_seconds(house: House, record_property: Record) -> None:
    with network_to(house.served.url) as network, at_work(house) as secretary, caller_tab(house.who_hums) as caller:
        ears = Ears(caller, secretary, record_property)
        caller.ring(network.url)
        caller.asks_for_a_person_by_key()
        secretary.accepts()
        secretary.sees("talking")
        ears.expect_both_ways("before the cut")
        before = the_ticket(house.served)
        network.cut()
        caller.reaches("reconnecting")
        (nothing,) = heard(secretary.page, seconds=1.2, after_s=0.8)
        assert nothing.level_dbfs < SILENT_DBFS
        network.mend()
        caller.reaches("talking")
        ears.expect_both_ways("after the cut")
        secretary.sees("talking")
        after = the_ticket(house.served)
        assert (after.id, after.call, after.connected_at) == (before.id, before.call, before.connected_at)
        secretary.press("e")
        caller.reaches("ended")
        secretary.press("Control+Enter")


DATA = (
    "#greeting-text", "#summary-text", ".said", ".snippet", "[data-entry]", ".transcript .text", ".keypad small", "#line option",
)  # fmt: skip
"""Where callers and clients speak, in whatever language."""
NAMES = ("Permanence", "Alix Noor", "Le cabinet médical des Lilas")


def test_in_english_nothing_of_the_interface_is_french_and_nobody_is_shut_out(house: House) -> None:
    with at_work(house, "en") as secretary, caller_tab(house.who_hums) as caller:

        def expect_english() -> None:
            assert not_of_the_interface(secretary.page, "en", data=DATA, names=NAMES) == []
            assert not_of_the_interface(caller.page, "en", data=DATA, names=NAMES) == []

        caller.ring(house.served.url, language="en")
        expect_english()
        caller.asks_for_a_person_by_key()
        secretary.sees("offered")
        expect_english()
        secretary.press("a")
        secretary.sees("talking")
        expect(secretary.page.locator("#file-urgencies")).to_contain_text("Medical emergency")
        expect(secretary.page.locator("#file-place")).to_contain_text("Monday")
        expect_english()
        assert serious_violations(secretary.page) == []
        assert serious_violations(caller.page) == []
        secretary.press("h")
        secretary.sees("hold")
        expect_english()
        secretary.press("?")
        expect_english()
        secretary.press("Escape", "t")
        expect(secretary.page.locator("#transfer-dialog")).to_be_visible()
        expect_english()
        secretary.press("Escape", "e")
        secretary.sees("wrap_up")
        expect_english()
        assert serious_violations(secretary.page) == []
        secretary.press("Control+Enter")
