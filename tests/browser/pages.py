"""Every page and state that people meet; each is looked at by a test."""

from collections.abc import Sequence
from typing import Final

from tests.browser import (
    pages_of_citizens,
    pages_of_forms,
    pages_of_tenders,
    pages_of_the_office,
    pages_of_the_public,
    pages_of_work,
)
from tests.browser.shown import Shown

SHOWN: Final[Sequence[Shown]] = (
    *pages_of_citizens.SHOWN,
    *pages_of_forms.SHOWN,
    *pages_of_the_office.SHOWN,
    *pages_of_tenders.SHOWN,
    *pages_of_the_public.SHOWN,
    *pages_of_work.SHOWN,
)
