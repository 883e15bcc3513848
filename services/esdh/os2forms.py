"""The file `os2forms.xml`, by which SBSYS opens and files from a mailbox.

Its form is that of OS2Forms' module for SBSYS; every element is there, empty where we know nothing.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

from services.esdh.description import EmailTemplate
from services.esdh.port import Company, NewCase, Person

FILE_NAME: Final = "os2forms.xml"
CASE_NUMBER_FIELD: Final = "sbsysCaseFileNumber"

_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 § 2.2: what no escape can bring into a document."""


def os2forms_xml(
    template: EmailTemplate, case: NewCase, *, title: str, fields: Mapping[str, str]
) -> bytes:
    """`fields` become FormularData; with `sbsysCaseFileNumber` SBSYS files on that case.

    Nothing is to be sent on by Digital Post: what we tell the parties, we tell them ourselves.
    """
    primary = case.parties[0] if case.parties else None
    cpr = primary.cpr if isinstance(primary, Person) else ""
    cvr = primary.cvr if isinstance(primary, Company) else ""
    root = ET.Element("os2formsFormular")
    _add(root, {"OS2FormsId": template.os2forms_id})
    _add(
        ET.SubElement(root, "SBSYSJournalisering"),
        {
            "PrimaerPartCprNummer": cpr,
            "PrimaerPartCvrNummer": cvr,
            "KLe": case.kle[0],
            "SagSkabelonId": str(template.id),
        },
    )
    sending = ET.SubElement(root, "DigitalForsendelse")
    user = {"CprNummer": cpr, "CvrNummer": cvr, "Navn": primary.name if primary else ""}
    address = {"Adresse": "", "Postnr": "", "Postdistrikt": ""}
    _add(ET.SubElement(sending, "Slutbruger"), user | address)
    _add(ET.SubElement(sending, "Kvittering"), {"TitelTekst": title, "BodyTekst": ""})
    _add(sending, {"MaaSendesTilDFF": "nej"})
    _add(ET.SubElement(root, "FormularData"), fields)
    written = BytesIO()
    ET.ElementTree(root).write(
        written, encoding="utf-8", xml_declaration=True, short_empty_elements=False
    )
    return written.getvalue()


def _add(parent: ET.Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = _NOT_IN_XML.sub("", text)
