"""Key-encryption keys for tests, which are nobody's."""

from typing import Final

from services.privacy.key_ring import KeyRing

RING: Final = KeyRing(current="test", keys={"test": bytes(range(32))})

ENVIRONMENT: Final = {"JULELYS_KEK_TEST": bytes(range(32)).hex()}
"""The same for processes that a test starts."""
