"""The softphone's limits, its reading of numbers and addresses, and what its page shows to whom."""

from __future__ import annotations

import httpx
import pytest
from starlette.requests import HTTPConnection

from tests.fakes.softphone import LILAS, House, refused, rung
from voicebot.transports.phone.addresses import address_of
from voicebot.transports.phone.exchange import PhoneUse
from voicebot.transports.phone.numbers import e164, readable
from voicebot.transports.phone.open_lines import Limits
from voicebot.transports.phone.pace import BURST_BYTES, BYTES_PER_S, Pace


async def test_guessing_tokens_is_slowed_down() -> None:
    house = House(limits=Limits(begun_per_minute=2))
    outcomes = [await refused(house, {"resume": f"guess-{number}"}) for number in range(3)]
    assert outcomes == [("over", 4404), ("over", 4404), ("busy", 4429)]


async def test_one_address_holds_only_so_many_calls_and_keeps_nobody_else_out() -> None:
    house = House(limits=Limits(per_address=2))
    async with rung(house) as first, rung(house):
        assert await refused(house, {"line": LILAS}) == ("busy", 4429)
        async with rung(house, address="192.0.2.8"):
            pass
        await first.say(text='{"type": "hang_up"}')
        assert await first.closed() == 1000
        async with rung(house):
            pass


async def test_all_together_hold_only_so_many_calls() -> None:
    house = House(limits=Limits(in_all=1))
    async with rung(house):
        assert await refused(house, {"line": LILAS}, address="192.0.2.8") == ("busy", 4429)


async def test_one_address_begins_only_so_many_calls_a_minute() -> None:
    house = House(limits=Limits(begun_per_minute=2))
    for _ in range(2):
        async with rung(house) as peer:
            await peer.say(text='{"type": "hang_up"}')
            await peer.closed()
    assert await refused(house, {"line": LILAS}) == ("busy", 4429)
    house.now_s += 60
    async with rung(house):
        pass


async def test_a_call_that_never_began_holds_no_place() -> None:
    house = House(limits=Limits(per_address=1))
    house.exchange.breaks = True
    await refused(house, {"line": LILAS})
    house.exchange.breaks = False
    async with rung(house):
        pass


def test_a_flood_waits_and_speech_does_not() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    waits = []
    for _ in range(3000):
        waits.append(pace.wait_s(640))
        now[0] += 0.02
    assert max(waits) == 0
    while pace.wait_s(65_536) == 0:
        pass
    assert pace.wait_s(BYTES_PER_S) == pytest.approx(1, abs=0.3)
    now[0] += 10
    assert pace.wait_s(BURST_BYTES) == 0


def test_small_messages_are_work_too() -> None:
    pace = Pace(lambda: 0.0)
    assert any(pace.wait_s(1) > 0 for _ in range(1000))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+33 6 39 98 00 11", "+33639980011"),
        (" 33639980011", "+33639980011"),
        ("06.39.98.00.11", "+33639980011"),
        ("+442079460000", "+442079460000"),
        ("", None),
        ("12", None),
        ("<script>", None),
        ("0" * 41, None),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, number: str | None) -> None:
    assert e164(written) == number


def test_numbers_are_shown_in_groups() -> None:
    assert (readable(LILAS), readable("+442079460000")) == ("01 99 00 10 01", "+44 20 7946 0000")


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_peer_is_counted_by_what_it_cannot_change_at_will(host: str, counted_as: str) -> None:
    assert address_of(HTTPConnection({"type": "http", "client": (host, 1)})) == counted_as


async def page(house: House, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://phone.example") as client:
        return await client.get(path)


async def test_the_page_lists_the_lines_and_chooses_those_of_its_address() -> None:
    answer = await page(House(), "/phone?lang=fr&line=%2B33199002001&caller=%2B33639980011")
    assert answer.status_code == 200
    assert '<option value="+33199002001" data-name="Maître Roche" selected>Maître Roche · 01 99 00 20 01</option>' in answer.text
    assert 'value="+33639980011"' in answer.text
    assert "Le cabinet &lt;b&gt;des Lilas&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text


async def test_who_does_not_see_the_lines_types_a_number_and_who_may_not_choose_a_caller_is_not_asked() -> None:
    answer = await page(House(use=PhoneUse(may_call=True)), "/phone?line=%2B33199002001")
    assert "Lilas" not in answer.text
    assert '<input id="line"' in answer.text
    assert 'value="+33199002001"' in answer.text
    assert 'id="caller"' not in answer.text


async def test_who_may_not_call_is_told_so_in_their_language() -> None:
    house = House(use=PhoneUse(may_call=False))
    english, french = await page(house, "/phone?lang=en"), await page(house, "/phone?lang=fr")
    assert (english.status_code, french.status_code) == (403, 403)
    assert "You may not call" in english.text
    assert "pas le droit" in french.text


async def test_the_page_holds_no_inline_script_or_style() -> None:
    text = (await page(House(), "/phone")).text
    assert text.count("<script") == text.count('<script type="module" src="/static/phone/phone.js">') == 1
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick" not in text
