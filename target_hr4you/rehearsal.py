"""An action rehearsed: what is there is looked up, and what would be sent is told, with personal data masked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from hr4you.contract import Expression
from hr4you.contract.base import HOLE
from hr4you.ledger.rows import CREATED, MODEL_KINDS, Key, Problem, StepStatus
from hr4you.ledger.rows import Step as StepRow
from target_hr4you.endings import StepFailedError
from target_hr4you.execution import PASSTHROUGH, ActionWork, PassthroughWork
from target_hr4you.sending import FILE
from target_hr4you.steps import StepWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.contract import Contract, Step
    from target_hr4you.existing import Place
    from target_hr4you.rendering import Scope

_MASK: Final = "***"
_IDS: Final = re.compile(
    r"application\.(job_id|stage_id)|steps\.\w+\.id|(application|candidate)_id|source_id\(source\)"
)
"""Expressions whose values are ids; everything else but truth values is masked."""

_ID: Final = re.compile(r"[\w.:-]{1,64}|<[^<>@]+>")
_NAME: Final = re.compile(r"[\w.\[\]-]{1,120}")
_TYPES: Final = frozenset({"CV", "COVER_LETTER", "OTHER"})


def promise(kind: str, key: Key) -> str:
    """Return what stands for the id of something that is not made yet."""
    return f"<{kind} of {key.text}>"


@dataclass
class ActionTold(ActionWork):
    """An action whose steps are told.

    Attributes:
        earlier: what actions of the same input make before, by what it is looked up by.
        lines: what was told.
    """

    earlier: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def _work(self, step: Step, state: StepRow, item: dict[str, Any] | None, scope: Scope) -> StepWork:
        work = super()._work(step, state, item, scope)
        kind = _PassthroughTold if self.claim.row.action == PASSTHROUGH else _StepTold
        values = {each.name: getattr(work, each.name) for each in fields(work)}
        return kind(**values, earlier=self.earlier, lines=self.lines)


@dataclass
class _StepTold(StepWork):
    """A step that is told: what is there is looked up, what would be sent is shown."""

    earlier: dict[str, str]
    lines: list[str]

    def do(self) -> StepRow:
        place = None if self.state.is_unsettled else next(self._places(), None)
        if place is not None:
            reused = self._reuse(self._existing(place)) if self.step.reuse else None
            if reused is not None:
                self.lines.append(f"{self.step.name}: reuses {reused.remote_id}")
                return reused
            self.lines.append(self._show(place))
        elif self.state.is_unsettled:
            self.lines.append(f"{self.state.step}: was sent without an answer; a run looks first what became of it")
        else:
            raise StepFailedError(Problem("REMOTE.NOT_FOUND", self._subject, self.step.name))
        self.sends[self.state.step] += 1
        made = promise(self.state.kind, self.row.key)
        self.earlier.setdefault(self._asked, made)
        return self._save(status=StepStatus.DONE, effect=CREATED, remote_id=made)

    def _save(self, **values: Any) -> StepRow:
        self.state = replace(self.state, **values)
        return self.state

    @property
    def _asked(self) -> str:
        """What a candidate or an application is looked up by, as one text."""
        find = self.step.find
        if find is None or self.state.kind not in MODEL_KINDS:
            return ""
        params = self.scope.params(find.params)
        return f"{self.state.kind} {self.scope.path(find.path)} {json.dumps(params, sort_keys=True)}".casefold()

    def _existing(self, place: Place) -> list[str] | None:
        """Return the ids of what is there, or made before by the same input; nothing is asked of what is not made."""
        found = [] if "<" in self._asked else self._around.ids(place)
        earlier = self.earlier.get(self._asked)
        return [earlier] if found == [] and earlier is not None else found

    def _show(self, place: Place) -> str:
        request, message = self.step.request, self._message(None)
        own = self.scope.value("remote_fields", "hr4you", self.step.name) or {}
        tree = {key: part for key, part in (request.body or {}).items() if key not in own}
        leaves = list(_leaves(message.body, tree)) if message.body is not None else []
        for name, expression in (request.multipart or {}).items():
            leaves.append(f"{name}: {_told(self.item or {}) if expression.text == FILE else _MASK}")
        query = "&".join(f"{name if _NAME.fullmatch(name) else _MASK}={_MASK}" for name in message.params or {})
        return f"{request.method} {_path(place, self.run.contract)}{query and f'?{query}'} {{{', '.join(leaves)}}}"


class _PassthroughTold(_StepTold, PassthroughWork):
    """A request that the record spells out."""


def _leaves(value: Any, tree: Any, name: str = "") -> Iterator[str]:
    """Yield a body's leaves, masked where they are not ids or truth values.

    Args:
        value: of the body.
        tree: the contract's expressions of the body's parts; of a user's own there are none.
        name: dotted, of this part.
    """
    if isinstance(value, Mapping):
        for key, part in value.items():
            own = key if _NAME.fullmatch(key) else _MASK
            yield from _leaves(part, tree.get(key) if isinstance(tree, Mapping) else None, f"{name}.{own}".lstrip("."))
    elif isinstance(value, list | tuple):
        for position, part in enumerate(value):
            yield from _leaves(part, None, f"{name}[{position}]")
    elif value is None or isinstance(value, bool):
        yield f"{name}: {json.dumps(value)}"
    else:
        is_id = isinstance(tree, Expression) and _IDS.fullmatch(tree.text) and _ID.fullmatch(str(value))
        yield f"{name}: {value if is_id else _MASK}"


def _told(item: Mapping[str, Any]) -> str:
    """Say what file is sent: its kind, and the host that it comes from."""
    kind = item.get("type", "OTHER") if item.get("type", "OTHER") in _TYPES else _MASK
    return f"{kind} from {urlsplit(item['data_url']).hostname}" if item.get("data_url") else f"{kind} given as data"


def _path(place: Place, contract: Contract) -> str:
    """Return a path with its ids; of a passthrough's, what is neither a number nor a word of the contract is masked."""
    parts, templates = place.path.partition("?")[0].split("/"), place.template.split("/")
    if place.template == PASSTHROUGH:
        resources = [path for each in contract.resources.values() for path in (each.list.path, each.get) if path]
        known = [*resources, *(step.request.path for action in contract.actions.values() for step in action.steps)]
        words = {"", *(word for path in known for word in path.split("/"))}
        return "/".join(part if part in words or part.isdecimal() else _MASK for part in parts)
    are_ids = [all(_IDS.fullmatch(hole) or hole == "lookup" for hole in HOLE.findall(each)) for each in templates]
    return "/".join(unquote(part) if is_id else _MASK for part, is_id in zip(parts, are_ids, strict=False))
