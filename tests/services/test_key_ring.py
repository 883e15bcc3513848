"""Where key-encryption keys come from, and what is said when they do not."""

from pathlib import Path
from typing import Final

import pytest

from services.config import Config, from_environment
from services.privacy.key_ring import KekMissing, KeyRing, open_ring
from services.privacy.sealed import SealBroken

ONE: Final = "01" * 32
TWO: Final = "02" * 32


def given(data: Path, **variables: str) -> Config:
    return from_environment({"JULELYS_DATA": str(data), **variables})


def test_one_key_needs_no_word_about_which_is_current(tmp_path: Path) -> None:
    ring = open_ring(given(tmp_path, JULELYS_KEK_2026=ONE))
    assert (ring.current, ring.keys) == ("2026", {"2026": bytes.fromhex(ONE)})


def test_several_keys_name_the_current_one(tmp_path: Path) -> None:
    keys = {"JULELYS_KEK_2026": ONE, "JULELYS_KEK_2027": TWO}
    assert open_ring(given(tmp_path, **keys, JULELYS_KEK_CURRENT="2027")).current == "2027"
    with pytest.raises(KekMissing, match=r"JULELYS_KEK_CURRENT.*one of 2026, 2027"):
        open_ring(given(tmp_path, **keys))
    with pytest.raises(KekMissing, match="one of 2026, 2027"):
        open_ring(given(tmp_path, **keys, JULELYS_KEK_CURRENT="2028"))


def test_keys_may_lie_in_the_folder_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "JULELYS_KEK_2026").write_text(ONE + "\n")
    ring = open_ring(given(tmp_path, JULELYS_SECRETS=str(tmp_path)))
    assert ring.current == "2026"


def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(KekMissing, match="JULELYS_KEK_2026 is no key of 32 bytes") as refused:
        open_ring(given(tmp_path, JULELYS_KEK_2026="almost" * 10))
    assert "almost" not in str(refused.value)


def test_without_a_key_nothing_is_opened_but_a_demo(tmp_path: Path) -> None:
    with pytest.raises(KekMissing, match="openssl rand -hex 32"):
        open_ring(given(tmp_path))
    ring = open_ring(given(tmp_path, JULELYS_DEMO="1"))
    assert open_ring(given(tmp_path, JULELYS_DEMO="1")) == ring
    assert (tmp_path / "demo-kek.key").stat().st_mode & 0o077 == 0


def test_no_key_is_shown_by_accident(tmp_path: Path) -> None:
    ring = open_ring(given(tmp_path, JULELYS_KEK_2026=ONE))
    assert "01" not in repr(ring)
    assert "x01" not in repr(ring)


def test_what_is_wrapped_by_a_key_not_here_names_it() -> None:
    wrapped = KeyRing(current="2026", keys={"2026": bytes(32)}).wrap(b"secret", ("hjorring",))
    with pytest.raises(KekMissing, match="JULELYS_KEK_2026"):
        KeyRing(current="2027", keys={"2027": bytes(32)}).unwrap("2026", wrapped, ("hjorring",))


def test_another_key_under_the_same_id_unwraps_nothing() -> None:
    wrapped = KeyRing(current="2026", keys={"2026": bytes(32)}).wrap(b"secret", ("hjorring",))
    impostor = KeyRing(current="2026", keys={"2026": bytes.fromhex(TWO)})
    with pytest.raises(SealBroken):
        impostor.unwrap("2026", wrapped, ("hjorring",))
