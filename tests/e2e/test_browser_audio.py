"""The softphone in a real browser: the page's microphone and loudspeaker, the WebSocket between, and what the page shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import driver, launched, listened_to, serious_violations, spoken_by_page, tone_of
from tests.e2e.phone_page import BOT_HZ, House, HummingExchange, PhonePage, phone_served
from voicebot.audio.levels import rms_db
from voicebot.audio.tones import sine
from voicebot.audio.wav import write_wav
from voicebot.transports.browser import RATE_HZ, RECONNECT_S
from voicebot.transports.phone.exchange import Refusal

MICROPHONE_HZ = 440


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    microphone = tmp_path_factory.mktemp("audio") / "microphone.wav"
    write_wav(microphone, sine(MICROPHONE_HZ, 4.0, 48_000, level_dbfs=-20.0), 48_000)
    exchange = HummingExchange()
    with phone_served(exchange) as server, driver() as playwright, launched(playwright, microphone=microphone) as browser:
        yield House(server, exchange, playwright, browser)


@pytest.fixture
def phone(house: House) -> Iterator[PhonePage]:
    with house.page() as phone:
        yield phone


WITHOUT_GAIN_CONTROL = """
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (asked) => {
    window.asked = asked.audio;
    return real({ audio: { ...asked.audio, autoGainControl: false, echoCancellation: false } });
  };
"""


def test_the_microphone_arrives_at_16_khz_with_its_pitch_and_level(phone: PhonePage) -> None:
    phone.page.add_init_script(WITHOUT_GAIN_CONTROL)
    phone.open()
    call = phone.ring()
    phone.eventually(lambda: len(call.heard) >= 200)
    heard = np.concatenate(call.heard[50:150])
    frequency_hz, purity = tone_of(heard, RATE_HZ)
    assert frequency_hz == pytest.approx(MICROPHONE_HZ, abs=2)
    assert purity > 0.9
    assert rms_db(heard) == pytest.approx(-20.0, abs=1.0)
    assert phone.page.evaluate("window.asked") == {
        "echoCancellation": True,
        "noiseSuppression": False,
        "autoGainControl": True,
    }


def test_what_the_bot_says_comes_out_of_the_loudspeaker(phone: PhonePage) -> None:
    phone.open()
    phone.ring()
    phone.page.wait_for_timeout(500)
    samples, rate_hz = spoken_by_page(phone.page, 2.0)
    frequency_hz, purity = tone_of(samples, rate_hz)
    assert frequency_hz == pytest.approx(BOT_HZ, abs=2)
    assert purity > 0.9
    assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(-20.0, abs=1.0)


def test_levels_of_both_sides_are_shown_and_a_muted_microphone_sends_silence(phone: PhonePage) -> None:
    phone.open()
    call = phone.ring()
    for meter in ("#level-you", "#level-assistant"):
        phone.eventually(lambda meter=meter: phone.page.locator(meter).evaluate("meter => meter.value") > 0.3)  # type: ignore[misc]
    mute = phone.page.locator("#mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    phone.eventually(lambda: bool(call.heard) and not call.heard[-1].any())
    mute.click()
    phone.eventually(lambda: bool(call.heard[-1].any()))


def test_keys_arrive_from_the_mouse_and_from_the_keyboard(phone: PhonePage) -> None:
    phone.open()
    call = phone.ring()
    phone.page.get_by_role("button", name="Touche dièse").click()
    phone.page.keyboard.type("09*")
    phone.eventually(lambda: call.keys == "#09*")


def test_a_whole_call_needs_no_mouse(phone: PhonePage) -> None:
    phone.open("&line=%2B33199002001&caller=%2B33639980011")
    phone.page.locator("#caller").focus()
    phone.page.keyboard.press("Enter")
    phone.reaches("talking")
    call = phone.exchange.calls[-1]
    assert (call.number, call.caller) == ("+33199002001", "+33639980011")
    phone.page.locator("#hang-up").focus()
    phone.page.keyboard.press("Enter")
    phone.reaches("ended")
    assert call.over.wait(5)
    assert call.line.over == "caller_hung_up"
    expect(phone.page.locator("#call")).to_be_focused()


def test_leaving_the_page_hangs_up_at_once(phone: PhonePage) -> None:
    phone.open()
    call = phone.ring()
    phone.page.goto("about:blank")
    assert call.over.wait(RECONNECT_S - 1)


def test_the_bot_may_hang_up(phone: PhonePage) -> None:
    phone.open()
    phone.ring().hang_up()
    phone.reaches("ended")
    expect(phone.page.locator("#state")).to_have_text("Appel terminé")


def test_a_dropped_connection_is_told_and_the_same_call_goes_on(house: House, phone: PhonePage) -> None:
    phone.open()
    call, calls = phone.ring(), len(house.exchange.calls)
    phone.page.wait_for_timeout(300)
    house.served.drop_sockets()
    phone.has_seen("reconnecting")
    phone.reaches("talking")
    heard = len(call.heard)
    phone.eventually(lambda: len(call.heard) > heard + 50)
    assert len(house.exchange.calls) == calls
    samples, rate_hz = spoken_by_page(phone.page, 1.0)
    assert tone_of(samples, rate_hz)[0] == pytest.approx(BOT_HZ, abs=3)
    phone.page.locator("#hang-up").click()
    assert call.over.wait(5)


def test_a_wire_on_which_nothing_comes_any_more_is_given_up_for_a_new_one(house: House, phone: PhonePage) -> None:
    phone.open()
    call = phone.ring()
    phone.page.wait_for_timeout(300)
    call.mumble = True
    phone.has_seen("reconnecting")
    call.mumble = False
    phone.reaches("talking")
    samples, rate_hz = spoken_by_page(phone.page, 1.0)
    assert tone_of(samples, rate_hz)[0] == pytest.approx(BOT_HZ, abs=3)
    assert not call.line.closed


def test_words_of_callers_are_text_whatever_they_say(phone: PhonePage) -> None:
    phone.open()
    call = phone.ring()
    call.show({"type": "caller", "t": 65.2, "text": "<img src=x onerror=alert(1)>", "intent": "x", "urgent": False})
    call.show({"type": "action", "t": 66.0, "name": "book"})
    call.show({"type": "action", "t": 66.0, "name": "something_new"})
    expect(phone.page.locator("#transcript li")).to_have_text(["Vous<img src=x onerror=alert(1)>01:05", "Rendez-vous pris01:06"])
    assert phone.page.locator("#transcript img").count() == 0


def test_a_refused_call_says_why(phone: PhonePage) -> None:
    phone.open()
    phone.exchange.refuses = Refusal.BUSY
    try:
        phone.page.locator("#call").click()
        phone.reaches("ended")
        expect(phone.page.get_by_role("alert")).to_contain_text("Trop d'appels en même temps")
    finally:
        phone.exchange.refuses = None
    phone.ring()
    expect(phone.page.get_by_role("alert")).to_have_text("")


@pytest.mark.parametrize(
    ("plugged_in", "granted", "sentence"),
    [(True, False, "Le micro est bloqué."), (False, True, "Aucun micro n'a été trouvé.")],
)
def test_without_a_microphone_the_page_says_what_to_do(house: House, plugged_in: bool, granted: bool, sentence: str) -> None:
    calls = len(house.exchange.calls)
    with launched(house.driver, plugged_in=plugged_in, granted=granted) as other, listened_to(other) as page:
        phone = PhonePage(page, house.exchange, house.served.address)
        phone.open()
        page.locator("#call").click()
        phone.reaches("ended")
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        expect(page.locator("#call")).to_be_visible()
    assert len(house.exchange.calls) == calls


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_has_no_serious_barrier_before_and_during_a_call(phone: PhonePage, language: str) -> None:
    phone.page.goto(f"{phone.address}/phone?lang={language}")
    assert serious_violations(phone.page) == []
    call = phone.ring()
    call.show({"type": "bot", "t": 0.5, "text": "Bonjour", "act": "greeting"})
    call.show({"type": "caller", "t": 2.0, "text": "Bonjour", "intent": "greeting", "urgent": False})
    phone.page.locator("#mute").click()
    expect(phone.page.locator("#transcript li")).to_have_count(2)
    assert serious_violations(phone.page) == []


@pytest.mark.parametrize("width_px", [320, 390, 1280, 1920])
def test_nothing_is_wider_than_the_window(house: House, width_px: int) -> None:
    with house.page(viewport={"width": width_px, "height": 800}) as phone:
        phone.open()
        phone.ring()
        assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_server_that_does_not_come_back_ends_the_call(house: House) -> None:
    exchange = HummingExchange()
    with listened_to(house.browser) as page:
        page.clock.install()
        with phone_served(exchange) as server:
            phone = PhonePage(page, exchange, server.address)
            phone.open()
            phone.ring()
        phone.reaches("reconnecting")
        page.clock.fast_forward(20_000)
        phone.reaches("reconnecting")
        page.clock.fast_forward(20_000)
        phone.reaches("ended")
        expect(page.locator("#state")).to_have_text("Connexion perdue : l'appel est terminé.")
        page.locator("#call").click()
        phone.reaches("ended")
        expect(page.locator("#state")).to_contain_text("Le serveur ne répond pas")
