"""An organisation's `esdh.yaml`: what it gives, and every mistake in it by line and remedy."""

from pathlib import Path

import pytest

from services.catalogue.loading import load
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.esdh.description import Email, Sbsys
from services.esdh.port import CaseStatus, Direction
from services.esdh.settings import FILE
from tests.services.esdh_systems import ORGANISATIONS, SECRETS, described, settings_of

SBSYS = """\
kind: sbsys
base_url: https://sbsip.testby.example:28443/proxy/api
paging: {size: Limit, offset: Skip}
token:
  url: https://sbsip.testby.example/token
  grant: password
  client_id: julelys
  client_secret_variable: CLIENT_SECRET
  username: service
  password_variable: PASSWORD
templates:
  visit: {id: 17, sub_folders: [Svar]}
handler: 7
document_kinds: {in: 1, out: 2, internal: 3}
statuses: {open: Aktiv, dormant: Hvilende, closed: Afsluttet}
reminders: {type: 1}
"""

EMAIL = """\
kind: email
smtp: {host: smtp.testby.example, username: julelys, password_variable: PASSWORD}
sender: julelys@testby.example
to: sbsys@testby.example
people_to: byggeri@testby.example
templates:
  visit: {id: 17, os2forms_id: "F-1"}
"""
GIVEN = {"CLIENT_SECRET": "hemmelig", "PASSWORD": "kodeord", "OTHER": "x"}


def put(folder: Path, text: str) -> Path:
    (folder / "esdh.yaml").write_text(text, encoding="utf-8")
    return folder


def mistake(folder: Path, text: str) -> Mistake:
    (found,) = FILE.check(put(folder, text))
    return found


def test_the_demos_own_settings_are_sound() -> None:
    hjorring, vejle = (described(settings_of(name)) for name in ("hjorring", "vejle"))
    assert (hjorring.token.grant, vejle.token.grant) == ("password", "client-credentials")
    assert (hjorring.version, vejle.version) == (None, "v10")


def test_every_service_of_the_demo_has_its_template() -> None:
    for name, organisation in load(ORGANISATIONS).organisations.items():
        templates = settings_of(name).described.templates
        for service in organisation.services.values():
            assert service.esdh.template in templates


def test_an_organisation_without_the_file_has_no_records_system(tmp_path: Path) -> None:
    assert FILE.load(tmp_path, {}) is None
    assert FILE.check(tmp_path) == []


def test_what_is_left_out_has_a_sensible_value(tmp_path: Path) -> None:
    settings = FILE.load(put(tmp_path, SBSYS), GIVEN)
    assert settings is not None
    system = described(settings)
    assert (system.version, system.ca_bundle, system.kle_override) == (None, None, False)
    assert system.token.client_in == "body"
    assert system.timings.longest_processing_seconds == 300
    assert [system.document_kinds.of(each) for each in Direction] == [1, 2, 3]
    assert [system.statuses.of(each) for each in CaseStatus] == ["Aktiv", "Hvilende", "Afsluttet"]


def test_secrets_come_from_outside_and_are_shown_to_nobody(tmp_path: Path) -> None:
    settings = FILE.load(put(tmp_path, SBSYS), GIVEN)
    assert settings is not None
    assert settings.secret("PASSWORD") == "kodeord"  # nobody's
    assert set(settings.secrets) == {"CLIENT_SECRET", "PASSWORD"}
    assert "kodeord" not in repr(settings)
    assert "hemmelig" not in repr(settings)


def test_a_secret_without_value_is_a_mistake_of_the_line_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid) as invalid:
        FILE.load(put(tmp_path, SBSYS), {"CLIENT_SECRET": "x", "PASSWORD": ""})
    (found,) = invalid.value.mistakes
    assert (found.line, found.path) == (10, "token.password_variable")
    assert "'PASSWORD'" in found.message.en


def test_the_email_route_has_settings_of_its_own(tmp_path: Path) -> None:
    settings = FILE.load(put(tmp_path, EMAIL), GIVEN)
    assert settings is not None
    assert isinstance(settings.described, Email)
    assert (settings.described.smtp.port, settings.described.smtp.tls) == (587, "starttls")
    assert settings.organisation == tmp_path.name


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("kind: sbsys", "kind: sbsis", 1, "Did you mean 'sbsys'?"),
        ("kind: sbsys\n", "", 1, "'kind' is missing"),
        ("handler: 7", "handlers: 7", 13, "Did you mean 'handler'?"),
        ("handler: 7", "handler: Karen", 13, "not a whole number"),
        ("out: 2, ", "", 14, "'out' is missing"),
        ("{id: 17", "{id: 0", 12, "greater than or equal to 1"),
        (", offset: Skip}", "}", 3, "'offset' or by 'page'"),
        (", offset: Skip}", ", offset: Skip, page: Side}", 3, "one of them only"),
        ("  username: service\n", "", 4, "needs a 'username'"),
        ("grant: password", "grant: client-credentials", 9, "has no 'username'"),
        ("grant: password", "grant: implicit", 6, "'implicit' is not known here"),
        ("base_url: https", "base_url: http", 2, "plain_http"),
        ("  url: https", "  url: http", 5, "plain_http"),
        ("base_url: https:", "base_url: sbsip:", 2, "docs/esdh.md"),
        ("handler: 7", "handler: 7\nca_bundle: ca.pem", 14, "no file 'ca.pem'"),
        ("handler: 7", "handler: 7\nversion: 10", 14, "not text"),
        (
            "handler: 7",
            "handler: 7\ntimings: {request_seconds: 60, lease_seconds: 60}",
            14,
            "longer",
        ),
        ("handler: 7", "handler: [", 15, "not YAML"),
    ],
)
def test_each_mistake_names_its_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in SBSYS
    found = FILE.check(put(tmp_path, SBSYS.replace(old, new, 1)))
    assert any(each.line == line and says in str(each) for each in found), found


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (", password_variable: PASSWORD", "", 2, "go together"),
        ("{host", "{tls: none, host", 2, "Without TLS"),
        ("{host", "{ca_bundle: ca.pem, host", 2, "no file 'ca.pem'"),
        ("to: sbsys@testby.example", "to: sbsys", 4, "written as it must be"),
    ],
)
def test_mistakes_of_the_email_route(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    found = mistake(tmp_path, EMAIL.replace(old, new, 1))
    assert found.line == line
    assert says in str(found)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8801/api", "http://localhost/api", "http://[::1]:80/api"]
)
def test_this_machine_may_be_spoken_to_in_the_clear(tmp_path: Path, address: str) -> None:
    text = SBSYS.replace("https://sbsip.testby.example:28443/proxy/api", f'"{address}"')
    assert FILE.check(put(tmp_path, text)) == []


def test_a_simulator_on_a_network_of_its_own_is_allowed_by_name(tmp_path: Path) -> None:
    text = SBSYS.replace("https", "http") + "plain_http: true\n"
    settings = FILE.load(put(tmp_path, text), GIVEN | SECRETS)
    assert settings is not None
    assert isinstance(settings.described, Sbsys)
