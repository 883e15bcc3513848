"""What an installation is set up with: users, templates, units; and whether a token is good."""

import re

from gateway.simulator.call import Answer, Call, Dto, gone, told
from gateway.simulator.given import missing
from gateway.simulator.installation import UNITS, User
from gateway.simulator.shapes import named_dto, template_dto, user_dto


def heartbeat(call: Call) -> Answer:
    del call
    return told(value=True)


def search_users(call: Call) -> Answer:
    """Whoever has the words anywhere in the name: clients must compare for themselves."""
    given = call.sent.given
    log_on, name = given.text("LogonId"), given.text("Navn")
    if log_on is None and name is None:
        raise missing("LogonId")
    return told(
        [
            user_dto(call.installation, each)
            for each in call.installation.users
            if (log_on or "").casefold() in each.log_on.casefold()
            and (name or "").casefold() in each.name.casefold()
        ]
    )


def read_me(call: Call) -> Answer:
    return told(_selected(call, call.user))


def read_user(call: Call) -> Answer:
    for each in call.installation.users:
        if call.installation.identity("user", each.id) == call.sent.path["uuid"].lower():
            return told(_selected(call, each))
    raise gone("Bruger")


def _selected(call: Call, user: User) -> Dto:
    """`model.select` names the members that are wanted."""
    dto = user_dto(call.installation, user)
    wanted = call.sent.query.text("model.select")
    if wanted is None:
        return dto
    names = {name.casefold() for name in re.findall(r"\w+", wanted)}
    return {name: value for name, value in dto.items() if name.casefold() in names}


def list_templates(call: Call) -> Answer:
    return told([template_dto(call.installation, each) for each in call.installation.templates])


def read_template(call: Call) -> Answer:
    template = call.installation.template(call.number_in_path("id"))
    if template is None:
        raise gone("Sagsskabelon")
    return told(template_dto(call.installation, template))


def list_units(call: Call) -> Answer:
    return told([named_dto(call.installation, "unit", each) for each in UNITS])
