"""Signing in and the account page in a real browser, by keyboard alone, and what axe-core finds on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from accounts.users import Role
from tests.e2e.browser import chromium, serious_violations, served
from tests.fakes.accounts import PASSWORD, StoppedClock, accounts_application, open_accounts
from tests.fakes.stored import FIRM_ID, register_firm
from voicebot.records.database import Database


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def page(tmp_path: Path, clock: StoppedClock) -> Iterator[Page]:
    """The sign-in page of a house with one user."""
    database = Database.open(f"sqlite:///{tmp_path}/records.db", upgrade=True)
    register_firm(database)
    accounts = open_accounts(database, clock)
    accounts.add_user(login="marie", name="Marie L.", role=Role.SECRETARY, password=PASSWORD, clients=frozenset({FIRM_ID}))
    app, _ = accounts_application(accounts)
    with served(app) as address, chromium() as browser:
        page = browser.new_page(locale="fr-FR")
        page.goto(f"{address}/login?next=/account")
        yield page
        page.close()
    database.close()


def type_and_enter(page: Page, *texts: str) -> None:
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_keyboard_is_enough_to_sign_in_also_after_a_mistake(page: Page) -> None:
    assert serious_violations(page) == []
    type_and_enter(page, "marie", "wrong")
    expect(page.get_by_role("alert")).to_have_text("L'identifiant, le mot de passe ou le code est incorrect.")
    assert serious_violations(page) == []
    type_and_enter(page, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    assert serious_violations(page) == []


def test_the_image_of_the_second_factor_is_shown_and_a_wrong_code_told(page: Page, clock: StoppedClock) -> None:
    type_and_enter(page, "marie", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.get_by_role("button", name="Activer la double authentification").press("Enter")
    image = page.get_by_role("img", name="Code QR")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 0, "the security policy lets it through"
    page.get_by_label("Code à six chiffres").focus()
    type_and_enter(page, "000000")
    code = page.get_by_label("Code à six chiffres")
    expect(code).to_be_focused()
    expect(code).to_have_accessible_description(re.compile("^Ce code est incorrect ou a déjà servi."))
    assert serious_violations(page) == []
    secret = page.locator("code").inner_text().replace(" ", "")
    type_and_enter(page, pyotp.TOTP(secret).at(clock()))
    expect(page.get_by_role("status")).to_have_text("Double authentification activée.")


def test_the_page_changes_its_language(page: Page) -> None:
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    type_and_enter(page, "marie", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
