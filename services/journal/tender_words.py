"""The Danish words of tenders: procedures, notices, ends of complaints, and why nothing opened."""

from collections.abc import Mapping
from typing import Final

from events.tender import Procedure
from events.tender_award import ComplaintEnd, Notice

PROCEDURES: Final = {
    Procedure.OPEN: "Offentligt udbud (udbudsloven § 56)",
    Procedure.RESTRICTED: "Begrænset udbud (udbudsloven § 58)",
}
NOTICES: Final = {Notice.ELECTRONIC: "elektronisk", Notice.LETTER: "med brev"}
COMPLAINT_ENDS: Final = {
    ComplaintEnd.WITHDRAWN: "Klagen er trukket tilbage",
    ComplaintEnd.DISMISSED: "Klagen er afvist eller ikke taget til følge",
    ComplaintEnd.UPHELD: "Klagen er taget til følge",
}
EFFECTS: Final = {
    True: "Klagen har opsættende virkning (lov om Klagenævnet for Udbud § 12).",
    False: "Klagen har ikke i sig selv opsættende virkning.",
}
"""Whether a complaint stops the contract by itself."""
NOT_LET_IN: Final[Mapping[str, str]] = {
    "not-a-member": "vedkommende var ikke medlem af udvalget",
    "tender-cancelled": "udbuddet var annulleret",
    "tender-opened": "tilbuddene var allerede åbnet",
    "tender-not-published": "udbuddet var ikke offentliggjort",
    "tender-takes-no-bids": "ingen var endnu opfordret til at afgive tilbud",
    "tender-not-closed": "fristen var ikke udløbet",
    "key-not-registered": "medlemmet havde ingen gyldig nøgle",
    "sitting-not-found": "åbningsmødet fandtes ikke",
    "sitting-over": "åbningsmødet var slut",
}
"""Why somebody who tried to open bids was refused, by code."""
UNREADABLE: Final[Mapping[str, str]] = {
    "shares-too-few": "der var for få dele af nøglen",
    "share-malformed": "en del af nøglen havde ikke den rette form",
    "share-twice": "den samme del af nøglen forekom to gange",
    "key-corrupted": "delene gav ikke tilbuddets nøgle",
    "envelope-corrupted": "den forseglede fil var ikke den, der blev forseglet",
    "envelope-missing": "den forseglede fil fandtes ikke",
    "bid-malformed": "det forseglede var ikke et tilbud i den rette form",
}
"""Why a bid could not be opened, by code."""
