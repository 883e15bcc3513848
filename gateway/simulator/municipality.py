"""One municipality as it runs: its installation with the ledger and the tokens it holds."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gateway.simulator.installation import Installation
from gateway.simulator.ledger import Ledger
from gateway.simulator.parties import register
from gateway.simulator.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Municipality:
    installation: Installation
    ledger: Ledger
    tokens: Tokens

    @property
    def name(self) -> str:
        return self.installation.name


def opened(installation: Installation, folder: Path) -> Municipality:
    """The municipality with its ledger at `<folder>/<name>.sqlite3`."""
    begin = partial(register, installation=installation)
    ledger = Ledger(folder / f"{installation.name}.sqlite3", begin=begin)
    return Municipality(installation, ledger, Tokens(installation.account))
