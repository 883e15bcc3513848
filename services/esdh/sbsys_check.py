"""The start-up check: whether what `esdh.yaml` names exists in SBSYS."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from services.esdh.description import Sbsys, Template
from services.esdh.port import CaseStatus
from services.esdh.sbsys_calls import Exchange
from services.esdh.sbsys_outcomes import Failed
from services.esdh.sbsys_shapes import (
    Delforloeb,
    Skabelon,
    read_found,
    read_names,
    read_statuses,
    read_sub_folders,
    read_template,
    read_templates,
    read_users,
)


async def check_settings_exist(exchange: Exchange, settings: Sbsys, file: Path) -> list[str]:
    """Each thing that is missing, as a sentence that names the setting.

    Document kinds and the default handler cannot be listed, and are not checked.

    Raises:
        Failed: SBSYS could not be asked.
    """
    found = [sentence async for sentence in _templates(exchange, settings)]
    rows = await exchange.ask(read_statuses, "GET", "sag/sagStatusList")
    found += _statuses(settings, {row.navn for row in rows})
    types = await exchange.ask(read_names, "GET", "erindring/typer")
    if settings.reminders.type not in {row.id for row in types}:
        wanted = settings.reminders.type
        found.append(
            f"reminders.type: SBSYS has no reminder type (ErindringType) {wanted}."
            f" It has {_listed({str(row.id): row.navn for row in types})}."
        )
    found += [sentence async for sentence in _users(exchange, settings)]
    return [f"{file}: {sentence}" for sentence in found]


async def _templates(exchange: Exchange, settings: Sbsys) -> AsyncIterator[str]:
    known = {row.id: row for row in await exchange.ask(read_templates, "GET", "sagsskabelon")}
    for name, template in settings.templates.items():
        setting = f"templates.{name}"
        row = known.get(template.id)
        if row is None:
            yield (
                f"{setting}.id: SBSYS has no case template (sagsskabelon) {template.id}, or our"
                " service account may not see it. Write the id of one that it has."
            )
        elif not row.active:
            yield (
                f"{setting}.id: The case template (sagsskabelon) {template.id} is not active in"
                " SBSYS. Let it be activated there, or write another id."
            )
        else:
            async for sentence in _sub_folders(exchange, settings, setting, template):
                yield sentence


async def _sub_folders(
    exchange: Exchange, settings: Sbsys, setting: str, template: Template
) -> AsyncIterator[str]:
    if not template.sub_folders:
        return
    rows = await _sub_folders_of(exchange, settings, template)
    if rows is None:
        return
    titles = {row.titel for row in rows}
    for title in template.sub_folders:
        if title not in titles:
            yield (
                f"{setting}.sub_folders: The case template {template.id} gives its cases no"
                f" sub-folder (delforløb) '{title}'. Let it be added to the template in SBSYS, or"
                " remove it here."
            )


async def _sub_folders_of(
    exchange: Exchange, settings: Sbsys, template: Template
) -> list[Delforloeb] | None:
    """As the template tells them, or else as a late case of it has them; None without either."""
    row = await _one_template(exchange, template.id)
    if row is not None and row.sub_folders is not None:
        return row.sub_folders
    wanted = {"SagsSkabeloner": [template.id], settings.paging.size: settings.paging.rows}
    path = "sag/search?InkluderParterIResultat=true"
    cases = (await exchange.ask(read_found, "POST", path, wanted)).results
    if not cases:
        return None
    newest = max(case.id for case in cases)
    return await exchange.ask(read_sub_folders, "GET", f"delforloeb/sag/{newest}")


async def _one_template(exchange: Exchange, template: int) -> Skabelon | None:
    try:
        return await exchange.ask(read_template, "GET", f"sagsskabelon/{template}")
    except Failed as failed:
        if failed.status is None:
            raise
        # Older versions only have the list.
        return None


def _statuses(settings: Sbsys, known: set[str | None]) -> Iterator[str]:
    for status in CaseStatus:
        name = settings.statuses.of(status)
        if name not in known:
            yield (
                f"statuses.{status.value}: SBSYS has no case status '{name}'. It has"
                f" {', '.join(sorted(each for each in known if each))}."
            )


async def _users(exchange: Exchange, settings: Sbsys) -> AsyncIterator[str]:
    for actor, logon in settings.users.items():
        rows = await exchange.ask(read_users, "POST", "bruger/search", {"LogonId": logon})
        if not any(row.logon.casefold() == logon.casefold() for row in rows):
            yield (
                f"users.{actor}: SBSYS has no user with the log-on name '{logon}'. Write the one"
                " that the caseworker logs on with."
            )


def _listed(rows: Mapping[str, str | None]) -> str:
    return ", ".join(f"{key} ({name})" if name else key for key, name in sorted(rows.items()))
