from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.fakes.firms import FIRM
from voicebot.clients.loader import check_file, load_consignes, version_of
from voicebot.core.errors import ConsignesError

GOOD = """\
id: firm
sector: medical
name: le cabinet Test
lines: [+33199001001]
greeting: Que puis-je faire pour vous ?
hours:
  mon: [{opens: 10:30, closes: 12:00}]
address: douze rue des Lilas
acts:
  - id: consultation
    label: une consultation
    duration_min: 20
solicitors: off
messages: {email: [accueil@example.org]}
"""


def errors_of(tmp_path: Path, text: str) -> tuple[str, ...]:
    file = tmp_path / "firm.yaml"
    file.write_text(text, encoding="utf-8")
    return tuple(error.removeprefix(str(tmp_path) + "/") for error in check_file(file).errors)


def test_times_numbers_and_off_stay_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "firm.yaml"
    file.write_text(GOOD, encoding="utf-8")
    consignes = load_consignes(file)
    assert consignes.hours["mon"][0].opens.isoformat() == "10:30:00"
    assert consignes.lines == ("+33199001001",)
    assert consignes.solicitors == "off"


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ("duration_min: 20", "duration_min: trente",
         "firm.yaml:12: acts[0].duration_min: expected a whole number of 5 to 480, found 'trente'"),
        ("duration_min: 20", "duration_min: 3", "firm.yaml:12: acts[0].duration_min: expected a whole number of 5 to 480, fou"),
        ("duration_min: 20", "duration_min:",
         "firm.yaml:12: acts[0].duration_min: expected a whole number of 5 to 480, found nothing"),
        ("    duration_min: 20\n", "", "firm.yaml:10: acts[0].duration_min: missing, expected a whole number of 5 to 480"),
        ("duration_min: 20", "duraton_min: 20\n    duration_min: 20",
         "firm.yaml:12: acts[0].duraton_min: unknown field, did you mean 'duration_min'?"),
        ("solicitors: off", "solicitors: ask", "firm.yaml:13: solicitors: expected one of off, message, refuse, found 'ask'"),
        ("closes: 12:00", "closes: 12h", "firm.yaml:7: hours.mon[0].closes: expected a time such as 08:30, found '12h'"),
        ("opens: 10:30", "opens: 8", "firm.yaml:7: hours.mon[0].opens: expected a time such as 08:30, found 8"),
        ("  mon:", "  lundi:", "firm.yaml:7: hours.lundi: unknown name, expected one of mon, tue, wed, thu, fri, sat, sun"),
        ("  mon:", "  mom:", "firm.yaml:7: hours.mom: unknown name, did you mean 'mon'?"),
        ("name: le cabinet Test", "name: 12", "firm.yaml:3: name: expected a text or list, or one for each of fr, en, found 12"),
        ("name: le cabinet Test", "name: {de: Praxis}", "firm.yaml:3: name.de: unknown name, expected one of fr, en"),
        ("address: douze rue des Lilas\n", "", "firm.yaml:1: address: missing, expected a text or list, or one for each of fr"),
        ("[+33199001001]", "+33199001001", "firm.yaml:4: lines: expected a list, found '+33199001001'"),
        ("sector: medical", "sector: medical\nrecording: peut-être",
         "firm.yaml:3: recording: expected true or false, found 'peut-être'"),
        ("sector: medical", "sector: medical\nclosures: [{first: 20270101, last: 2027-01-02}]",
         "firm.yaml:3: closures[0].first: expected a day such as 2027-03-28, found 20270101"),
        ("sector: medical", "sector: medical\nsector: legal", "firm.yaml:3: sector: written twice, first on line 2"),
        ("sector: medical", "sector: medical: legal", "firm.yaml:2: not valid YAML: mapping values are not allowed here"),
        ("sector: medical", "sector: *medical", "firm.yaml:2: not valid YAML: found undefined alias 'medical'"),
        ("sector: medical", "sector: !!python/name:os.system medical",
         "firm.yaml:2: not valid YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'"),
        ("sector: medical", "sector: &a [*a]", "firm.yaml:1: not valid YAML: a part contains itself"),
        ("sector: medical", "sector: \"medical", "firm.yaml:2: not valid YAML: while scanning a quoted scalar"),
        ("sector: medical", "sector: medical\nlexicon: {116: cent seize}",
         "firm.yaml:3: lexicon[116]: expected a name between quotes"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_file_line_field_and_what_was_expected(
    tmp_path: Path, written: str, instead: str, sentence: str
) -> None:
    assert written in GOOD
    found = errors_of(tmp_path, GOOD.replace(written, instead))
    assert found[0].startswith(sentence), found
    assert len(found) == 1


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    broken = (
        GOOD.replace("duration_min: 20", "duration_min: x")
        .replace("solicitors: off", "solicitors: x")
        .replace("id: firm", "idd: firm")
    )
    assert [error.split(":")[1] for error in errors_of(tmp_path, broken)] == ["1", "1", "12", "13"]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "12\n", "# nothing\n"])
def test_a_file_that_is_no_client_says_so(tmp_path: Path, text: str) -> None:
    assert errors_of(tmp_path, text) == ("firm.yaml: expected the fields of a client (id, name, lines, hours, …)",)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConsignesError, match="No such file"):
        load_consignes(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: café".encode("latin-1"))
    with pytest.raises(ConsignesError, match="not UTF-8"):
        load_consignes(tmp_path / "latin.yaml")


def test_an_error_of_meaning_has_its_line_too(tmp_path: Path) -> None:
    found = errors_of(tmp_path, GOOD.replace("[+33199001001]", "[0199001001]"))
    assert found == ("firm.yaml:4: lines[0]: expected a phone number with its country, such as +33199001234, found '0199001001'",)


def test_the_version_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    texts = (GOOD, "# a comment\n" + GOOD, GOOD.replace("20", "25"), yaml.safe_dump(FIRM))
    versions = []
    for number, text in enumerate(texts):
        file = tmp_path / f"{number}.yaml"
        file.write_text(text, encoding="utf-8")
        versions.append(version_of(load_consignes(file)))
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
