"""A YAML file as plain data, with the line of every part of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from events.text import Text
from services.catalogue.mistakes import Mistake

Place: TypeAlias = tuple[str | int, ...]

TRUE: Final = frozenset({"true", "yes", "on"})
TAG: Final = "tag:yaml.org,2002:"

EMPTY: Final = Text(da="Filen er tom.", en="The file is empty.")
FILL_OR_DELETE: Final = Text(
    da="Beskriv noget i den, eller slet den.", en="Describe something or delete it."
)
LOOK_HERE: Final = Text(
    da="Se på indrykning, koloner og anførselstegn her.",
    en="Look at indentation, colons and quotes here.",
)
NO_ALIASES: Final = Text(
    da="Henvisninger til andre steder i filen bruges ikke her",
    en="aliases are not used here",
)
PROBLEMS: Final = {
    each.en: each.da
    for each in (
        NO_ALIASES,
        Text(da="Her kan ikke stå et kolon", en="mapping values are not allowed here"),
        Text(da="Der mangler et kolon", en="could not find expected ':'"),
        Text(da="Noget er ikke lukket", en="found unexpected end of stream"),
        Text(
            da="En tabulator kan ikke stå her",
            en="found character '\\t' that cannot start any token",
        ),
    )
}
"""What is most often wrong, by how the library says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFile:
    """`data` is None when the file is no YAML at all; then `mistakes` says why."""

    path: Path
    data: object
    lines: dict[Place, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, place: Sequence[str | int], message: Text, remedy: Text) -> Mistake:
        """A mistake on the line of that place, or of the nearest place around it that exists."""
        known = next(
            self.lines[tuple(place[:length])]
            for length in range(len(place), -1, -1)
            if tuple(place[:length]) in self.lines
        )
        return Mistake(
            file=self.path, line=known, path=_written(place), message=message, remedy=remedy
        )


def read_yaml(path: Path) -> YamlFile:
    """Read a file by YAML 1.1, but leave dates, times and odd numbers as the text they are."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as garbled:
        line = garbled.object.count(b"\n", 0, garbled.start) + 1
        message = Text(da="Filen er ikke UTF-8.", en="The file is not UTF-8.")
        remedy = Text(da="Gem den som UTF-8.", en="Save it as UTF-8.")
        return _unreadable(path, line, message, remedy)
    try:
        root = _composed(text)
    except yaml.reader.ReaderError as garbled:
        character = f"U+{ord(text[garbled.position]):04X}"
        message = Text(
            da=f"Tegnet {character} er ikke tilladt i YAML.",
            en=f"Character {character} is not allowed in YAML.",
        )
        line = text.count("\n", 0, garbled.position) + 1
        return _unreadable(path, line, message, Text(da="Fjern det.", en="Remove it."))
    except yaml.MarkedYAMLError as broken:
        line = 1 if broken.problem_mark is None else broken.problem_mark.line + 1
        return _unreadable(path, line, _not_yaml(broken.problem), LOOK_HERE)
    if root is None:
        return _unreadable(path, 1, EMPTY, FILL_OR_DELETE)
    file = YamlFile(path=path, data=None, lines={(): 1})
    return replace(file, data=_plain(root, (), file))


def _composed(text: str) -> Node | None:
    """Ten times as fast by libyaml, whose words for a mistake are worse: those are read again."""
    if yaml.__with_libyaml__:
        try:
            events = yaml.parse(text, Loader=yaml.CSafeLoader)
            if not any(isinstance(event, yaml.AliasEvent) for event in events):
                return yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=_NoAliases)


class _NoAliases(yaml.SafeLoader):
    """Anchors and aliases would make a file that cannot be read from top to bottom."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # stubs lack it
            raise yaml.composer.ComposerError(None, None, NO_ALIASES.en, mark)
        return super().compose_node(parent, index)


def _plain(node: Node, place: Place, file: YamlFile) -> object:
    match node:
        case MappingNode():
            return dict(_entries(node, place, file))
        case SequenceNode():
            for index, item in enumerate(node.value):
                file.lines[*place, index] = item.start_mark.line + 1
            return [_plain(item, (*place, index), file) for index, item in enumerate(node.value)]
        case ScalarNode():
            return _scalar(node)
        case _:
            raise TypeError(node)


def _entries(node: MappingNode, place: Place, file: YamlFile) -> Iterator[tuple[str, object]]:
    for key_node, value in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        here = (*place, key)
        if here in file.lines:
            first = file.lines[here]
            file.mistakes.append(
                Mistake(
                    file=file.path,
                    line=line,
                    path=_written(here),
                    message=Text(da=f"'{key}' står to gange.", en=f"'{key}' stands twice."),
                    remedy=Text(
                        da=f"Behold den ene; den første står på linje {first}.",
                        en=f"Keep one; the first is on line {first}.",
                    ),
                )
            )
        else:
            file.lines[here] = line
            yield key, _plain(value, here, file)


def _scalar(node: ScalarNode) -> object:
    written: str = node.value
    match node.tag.removeprefix(TAG):
        case "null":
            return None
        case "bool":
            return written.lower() in TRUE
        case "int" if written == "0" or written.lstrip("-")[:1] in set("123456789"):
            return int(written) if written.lstrip("-").isdecimal() else written
        case _:
            # Also floats: no file has a place for one, and 02.34 must not become 2.34.
            return written


def _unreadable(path: Path, line: int, message: Text, remedy: Text) -> YamlFile:
    mistake = Mistake(file=path, line=line, path="", message=message, remedy=remedy)
    return YamlFile(path=path, data=None, mistakes=[mistake])


def _not_yaml(problem: str | None) -> Text:
    told = PROBLEMS.get(problem or "")
    danish = "Det er ikke YAML." if told is None else f"Det er ikke YAML: {told}."
    return Text(da=danish, en=f"This is not YAML: {problem}.")


def _written(place: Sequence[str | int]) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return written.removeprefix(".")
