from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voicebot.clients.catalogue import ClientCatalogue, check_folder
from voicebot.clients.loader import check_file
from voicebot.clients.templates import new_client, sectors
from voicebot.core.errors import ConsignesError, InputError

CATALOG = Path(__file__).parents[2] / "scripts_catalog"
CLIENTS, TEMPLATES = CATALOG / "clients", CATALOG / "templates"


def test_the_sample_firms_pass_the_check_without_a_warning() -> None:
    checked = check_folder(CLIENTS)
    assert [file.file.stem for file in checked] == ["cabinet-lilas", "chauffage-duval", "maitre-roche"]
    assert [(file.errors, file.warnings) for file in checked] == [((), ())] * 3


def test_each_sample_firm_answers_six_questions_asked_in_four_ways() -> None:
    for firm in ClientCatalogue.load(CLIENTS):
        assert len(firm.questions) >= 6
        for question in firm.questions:
            assert all(len(question.asked[language]) >= 4 for language in firm.languages), question.id


def test_clients_are_found_by_id_and_by_line() -> None:
    catalogue = ClientCatalogue.load(CLIENTS)
    assert catalogue.by_id("maitre-roche").languages == ("fr", "en")
    assert catalogue.by_line("+33199002002").id == "maitre-roche"
    assert len({catalogue.version(client.id) for client in catalogue}) == 3


def test_an_unknown_id_or_line_names_those_there_are() -> None:
    catalogue = ClientCatalogue.load(CLIENTS)
    with pytest.raises(InputError, match="'lilas', expected one of cabinet-lilas, chauffage-duval, maitre-roche"):
        catalogue.by_id("lilas")
    with pytest.raises(InputError, match=r"\+33100000000 belongs to no client, expected one of \+33199001001 \(cabinet-lilas\)"):
        catalogue.by_line("+33100000000")


def test_a_line_and_an_id_belong_to_one_client(tmp_path: Path) -> None:
    shutil.copy(CLIENTS / "cabinet-lilas.yaml", tmp_path / "a.yaml")
    shutil.copy(CLIENTS / "cabinet-lilas.yaml", tmp_path / "b.yaml")
    with pytest.raises(ConsignesError) as refused:
        ClientCatalogue.load(tmp_path)
    assert str(refused.value).splitlines() == [
        f"{tmp_path}/b.yaml: id 'cabinet-lilas' is already in {tmp_path}/a.yaml",
        f"{tmp_path}/b.yaml: line +33199001001 is already in {tmp_path}/a.yaml",
    ]


def test_a_folder_without_clients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no client"):
        ClientCatalogue.load(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        ClientCatalogue.load(tmp_path / "absent")


@pytest.mark.parametrize("sector", ["legal", "medical", "trades"])
def test_a_client_made_from_a_template_passes_the_check_whatever_its_name(tmp_path: Path, sector: str) -> None:
    name = 'l\'étude "Petit": maîtres & associés #1'
    file = new_client(sector, "etude-petit", name, ["+33199001007"], templates=TEMPLATES, out=tmp_path)
    checked = check_file(file)
    assert checked.errors == ()
    assert checked.consignes is not None
    assert checked.consignes.name == {"fr": name}
    assert checked.consignes.lines == ("+33199001007",)
    assert any("À COMPLÉTER" in warning for warning in checked.warnings)


def test_every_template_is_a_sector() -> None:
    assert sectors(TEMPLATES) == ("legal", "medical", "trades")


@pytest.mark.parametrize(
    ("sector", "client", "line", "part"),
    [
        ("bakery", "x", "+33199001007", "unknown sector 'bakery', expected one of legal, medical, trades"),
        ("legal", "Étude Petit", "+33199001007", "expected lower-case letters"),
        ("legal", "../x", "+33199001007", "expected lower-case letters"),
        ("legal", "taken", "+33199001007", "already exists"),
        ("legal", "x", "0199001007", "expected a phone number"),
    ],
)
def test_a_client_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, sector: str, client: str, line: str, part: str
) -> None:
    (tmp_path / "taken.yaml").write_text("id: taken\n", encoding="utf-8")
    with pytest.raises(InputError, match=part):
        new_client(sector, client, "nom", [line], templates=TEMPLATES, out=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["taken.yaml"]
