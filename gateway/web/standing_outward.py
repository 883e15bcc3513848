"""How we stand with others: the records system, the post, and who follows the log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from gateway.running_shapes import (
    JournalStandingShape,
    PostStandingShape,
    PulseShape,
    RelayShape,
)
from gateway.web.standing import COMMAND, Reporter, Standing, ToDo
from gateway.web.words import how_long

LONG: Final = timedelta(hours=1)
"""So long after it was recorded, something should lie in the records system."""
LATE_SECONDS: Final = 60.0


def _(words: str) -> str:
    """Marks what is to be translated; that is done where it is told."""
    return words


SYSTEMS: Final[Mapping[str, str]] = {
    "esdh": _("The records system"),
    "email": _("The mail server"),
    "digital-post": _("Digital Post"),
}
READERS: Final[Mapping[str, str]] = {
    "kafka": _("Kafka"),
    "esdh-sync": _("Filing"),
    "post": _("The post"),
}


def of_journal(report: Reporter, told: JournalStandingShape) -> Standing:
    waiting = sum(each.number for each in told.counts)
    says = report.gettext("Everything lies in the records system.")
    if waiting:
        says = report.ngettext(
            "%(n)s thing is not in the records system yet.",
            "%(n)s things are not in the records system yet.",
            waiting,
        )
    todo = [
        *_refused(report, told),
        *_by_processes(report, told.processes, "esdh-sync", waiting),
        *_slow(report, told),
    ]
    return report.standing(says, todo)


def of_post(report: Reporter, told: PostStandingShape) -> Standing:
    waiting = sum(each.number for each in told.channels if each.state == "waiting")
    says = report.gettext("Nothing waits to be sent.")
    if waiting:
        says = report.ngettext(
            "%(n)s message is on its way.", "%(n)s messages are on their way.", waiting
        )
    todo = [
        *_by_processes(report, told.processes, "post", waiting),
        *_undelivered(report, told),
    ]
    return report.standing(says, todo)


def of_relay(report: Reporter, told: RelayShape) -> Standing:
    todo = list(_behind(report, told))
    if todo:
        return report.standing(report.gettext("Not all who follow the log keep up."), todo)
    return report.standing(report.gettext("All who follow the log keep up."))


def _refused(report: Reporter, told: JournalStandingShape) -> Iterator[ToDo]:
    counts = {each.state: each.number for each in told.counts}
    if counts.get("refused"):
        text = report.ngettext(
            "The records system refused %(n)s thing. Mend what its code says, then have it tried "
            "again by the command that stands beside it.",
            "The records system refused %(n)s things. Mend what their codes say, then have them "
            "tried again by the commands that stand beside them.",
            counts["refused"],
        )
        yield report.bad(text)
    if any(each.number for each in told.differences):
        text = report.gettext("We and the records system do not agree. Compare both anew:")
        yield report.bad(text, report.own("journal reconcile"))
    if counts.get("choice"):
        text = report.ngettext(
            "%(n)s thing waits until a caseworker has said which case is right. Their queue asks.",
            "%(n)s things wait until a caseworker has said which case is right. Their queue asks.",
            counts["choice"],
        )
        yield report.warning(text)


def _slow(report: Reporter, told: JournalStandingShape) -> Iterator[ToDo]:
    if told.oldest_at is not None and report.now - told.oldest_at > LONG:
        since = how_long((report.now - told.oldest_at).total_seconds(), report.language)
        text = report.gettext("The oldest has waited %(since)s. See whether the settings fit:")
        yield report.warning(text % {"since": since}, report.own("journal check"))


def _undelivered(report: Reporter, told: PostStandingShape) -> Iterator[ToDo]:
    lost = sum(each.number for each in told.channels if each.state in {"failed", "bounced"})
    if lost:
        text = report.ngettext(
            "%(n)s message could not be delivered. The team that has the case sees it.",
            "%(n)s messages could not be delivered. The teams that have the cases see them.",
            lost,
        )
        yield report.warning(text, report.own("post list"))
    if told.failing_since is not None:
        since = how_long((report.now - told.failing_since).total_seconds(), report.language)
        text = report.gettext("Sending has failed for %(since)s, and is tried again by itself.")
        yield report.warning(text % {"since": since})


def _by_processes(
    report: Reporter, processes: Sequence[PulseShape], name: str, waiting: int
) -> Iterator[ToDo]:
    running = [each for each in processes if not each.is_silent]
    if not running:
        text = report.gettext("No process that does this is heard of. Start one:")
        told = report.bad if waiting else report.warning
        yield told(text, COMMAND + name)
    for system in sorted({one for each in running for one in each.unanswering}):
        text = report.gettext(
            "%(system)s does not answer and is asked less often for now. Nothing is lost: "
            "all of it is sent once it answers. If it lasts, call whoever runs it."
        )
        yield report.bad(text % {"system": report.gettext(SYSTEMS.get(system, system))})


def _behind(report: Reporter, told: RelayShape) -> Iterator[ToDo]:
    for each in told.readers:
        if each.lag_seconds > LATE_SECONDS:
            text = report.gettext("%(reader)s is %(long)s behind. See that its process runs:") % {
                "reader": report.gettext(READERS.get(each.name, each.name)),
                "long": how_long(each.lag_seconds, report.language),
            }
            command = COMMAND + ("relay" if each.name == "kafka" else each.name)
            yield report.warning(text, command)
