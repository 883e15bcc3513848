"""How what we have ourselves stands: files, views, keys, sessions, uploads."""

from collections.abc import Iterator

from gateway.administration_shapes import AdministeredServicesShape
from gateway.running_shapes import (
    HeldDocumentsShape,
    KeysShape,
    SessionCountsShape,
    ViewsShape,
)
from gateway.web.standing import COMMAND, Reporter, Standing, ToDo
from gateway.web.words import how_long


def of_services(report: Reporter, told: AdministeredServicesShape) -> Standing:
    drafts = sum(each.state == "draft" for one in told.services for each in one.versions)
    says = report.ngettext("%(n)s service", "%(n)s services", len(told.services))
    if drafts:
        says += ", " + report.ngettext("%(n)s draft", "%(n)s drafts", drafts)
    return report.standing(says, _in_files(report, told))


def of_views(report: Reporter, told: ViewsShape) -> Standing:
    says = report.gettext("What people see is up to date.")
    todo = list(_in_views(report, told))
    return report.standing(
        report.gettext("Not all that people see is up to date.") if todo else says, todo
    )


def of_keys(report: Reporter, told: KeysShape) -> Standing:
    number = sum(each.wraps for each in told.keys)
    says = report.ngettext("The key of %(n)s person", "The keys of %(n)s persons", number)
    return report.standing(says, _in_keys(report, told))


def of_sessions(report: Reporter, told: SessionCountsShape) -> Standing:
    number = sum(each.sessions for each in told.counts)
    return report.standing(report.ngettext("%(n)s session", "%(n)s sessions", number))


def of_documents(report: Reporter, told: HeldDocumentsShape) -> Standing:
    number = sum(each.number for each in told.held)
    if not number:
        return report.standing(report.gettext("No upload is set aside."))
    says = report.ngettext("%(n)s upload is set aside.", "%(n)s uploads are set aside.", number)
    text = report.gettext("Look at them, and let them through or remove them:")
    return report.standing(says, [report.warning(text, report.own("documents quarantine list"))])


def _in_files(report: Reporter, told: AdministeredServicesShape) -> Iterator[ToDo]:
    if told.mistakes:
        text = report.ngettext(
            "There is %(n)s mistake in the files. What is offered now is not touched by it. "
            "Mend it where it is told, and look again:",
            "There are %(n)s mistakes in the files. What is offered now is not touched by them. "
            "Mend them where they are told, and look again:",
            len(told.mistakes),
        )
        yield report.warning(text, COMMAND + "catalogue check")


def _in_views(report: Reporter, told: ViewsShape) -> Iterator[ToDo]:
    parked = sum(each.parked for each in told.views)
    if parked:
        text = report.ngettext(
            "%(n)s event could not be taken in. What it is about stands still where people look; "
            "all else goes on. Mend the cause, which the error names, and have it tried again:",
            "%(n)s events could not be taken in. What they are about stands still where people "
            "look; all else goes on. Mend the cause, which the error names, and have them tried "
            "again:",
            parked,
        )
        yield report.bad(text, report.own("projections retry"))
    for each in told.views:
        if each.state == "behind":
            text = report.gettext("%(view)s is %(long)s behind. See that a worker runs:") % {
                "view": each.name,
                "long": how_long(each.lag_seconds, report.language),
            }
            yield report.warning(text, COMMAND + "work")


def _in_keys(report: Reporter, told: KeysShape) -> Iterator[ToDo]:
    if any(each.wraps and not each.is_current for each in told.keys):
        text = report.gettext("Some keys are still wrapped by a former one. Wrap them anew:")
        yield report.warning(text, report.own("keys rotate"))
