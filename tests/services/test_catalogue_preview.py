"""What a preview shows, and that the answers it makes up are good ones."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings

from events.ids import CaseId
from services.catalogue.form import Form
from services.catalogue.loading import load
from services.catalogue.preview import Preview, preview_lines
from services.catalogue.sample import sample_answers
from services.catalogue.words import Language
from services.submissions import reference
from tests.services.forms import TODAY, is_accepted
from tests.services.test_catalogue_appeals import GUIDANCE
from tests.services.test_catalogue_forms import SHIPPED, forms
from tests.services.test_catalogue_mistakes import SERVICE, put
from tests.shipped import ORGANISATIONS

FEE = """\
fees:
  - what: {da: Besøg, en: Visit}
    amount: 1250
    basis: Byggelovens § 28
    when: [{field: reason, is: talk}]
  - what: {da: Kort, en: Map}
    amount: 10.50
    basis: Byggelovens § 28
    when: [{field: reason, is: look}]
appeals: [byggeloven]
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_answers_made_up_for_what_we_ship_are_good(name: str) -> None:
    form = SHIPPED[name].form
    assert is_accepted(form, sample_answers(form, TODAY))


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(forms())
def test_answers_made_up_for_any_form_are_good(form: Form) -> None:
    assert is_accepted(form, sample_answers(form, TODAY))


def shown(folder: Path, language: Language) -> str:
    organisation = load(folder).organisations["testby"]
    service, on = organisation.services["visit"], date(2026, 11, 26)
    preview = Preview(
        organisation=organisation,
        service=service,
        answers=service.read_answers(sample_answers(service.form, on), on),
        on=on,
        reference=reference("TST", CaseId(UUID(int=0)), on),
        language=language,
    )
    return "\n".join(preview_lines(preview))


def test_a_preview_shows_what_the_party_will_read(tmp_path: Path) -> None:
    put(tmp_path, SERVICE + FEE)
    (tmp_path / "appeals.yaml").write_text(GUIDANCE, encoding="utf-8")
    danish, english = shown(tmp_path, "da"), shown(tmp_path, "en")
    assert "  Hvorfor *  [én mulighed]: Tale" in danish.replace("    ", "  ")
    assert "Besøg: 1.250 kr." not in danish
    assert "- Besøg: 1.250,00 kr. (Byggelovens § 28)" in danish
    assert "Kort: 10,50" not in danish
    assert "- first-reply: 3. december 2026" in danish
    assert "- first-reply: 3 December 2026  [5 working days after it is received]" in english
    assert "- 10 December 2026: The meeting" in english
    assert "Number TST-26-" in english
    # Christmas Eve, when this town is closed, is followed by three more days off.
    assert "By 28 December 2026." in english


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_everything_we_ship_can_be_previewed(organisation: str, language: Language) -> None:
    whose = ORGANISATIONS[organisation]
    for service in whose.versions.values():
        preview = Preview(
            organisation=whose,
            service=service,
            answers=service.read_answers(sample_answers(service.form, TODAY), TODAY),
            on=TODAY,
            reference="REF",
            language=language,
        )
        lines = list(preview_lines(preview))
        assert any("REF" in line for line in lines)
        assert not any("{" in line for line in lines)
