"""The conditions of a rule as the editor's rows: a tree told line by line, and back to what the domain takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made_field
from typing import Any

from taskjuggler_app.domain.routing.fields import CUSTOM_PREFIX, MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.operators import LISTED, Operator
from taskjuggler_app.web.pages.rules import vocabulary

MOST_ROWS = 60
DEEPEST = 4
LONGEST = 2_000
ROOT = ""


@dataclass
class FormRow:
    """A line of the editor: a condition, or the head of a group whose lines follow with a greater depth.

    `value` is what was typed (several values: one a line), `until` the end of a span, `picked` what was ticked.
    `input`, `kind` and `pick` say what to draw; `joint` is the word before the line.
    """

    id: str = ""
    parent: str = ROOT
    depth: int = 0
    is_group: bool = False
    match_type: str = "all"
    joint: str = ""
    field: str = "category"
    operator: str = Operator.EQUALS.value
    value: str = ""
    until: str = ""
    picked: list[str] = made_field(default_factory=list)
    custom: str = ""
    kind: str = Kind.TEXT.value
    input: str = "one"
    pick: str = "category"
    error: str = ""


def rows_of(stored: dict[str, Any]) -> tuple[str, list[FormRow]]:
    """How a rule's conditions combine, and its lines. Takes the form that the domain dumps."""
    made: list[FormRow] = []
    _read(stored.get("rules", []), ROOT, 0, made)
    return str(stored.get("match_type", "all")), told(made, str(stored.get("match_type", "all")))


def told(rows: Sequence[FormRow], match_type: str) -> list[FormRow]:
    """The rows with what follows from their field, comparison and place."""
    joints = {row.id: row.match_type for row in rows if row.is_group}
    seen: set[str] = set()
    made = []
    for row in rows:
        combined = joints.get(row.parent, match_type)
        joint = "or" if combined == "any" else "and"
        first = row.parent not in seen
        seen.add(row.parent)
        said = ("When" if row.parent == ROOT else "") if first else joint
        if not row.is_group and not vocabulary.is_offered(row.field, row.operator):
            row = replace(row, kind=vocabulary.CUSTOM)
        elif not row.is_group:
            row = replace(row, kind=vocabulary.kind_of(row.field))
        made.append(
            replace(
                row,
                joint=said,
                input=vocabulary.input_of(row.field, row.operator),
                pick=vocabulary.pick_of(row.field, row.operator),
            )
        )
    return made


def raw_of(rows: Sequence[FormRow], match_type: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The conditions as the domain takes them, and which row each place in them is."""
    places: dict[str, str] = {}
    rules = _write(rows, ROOT, "rules", places)
    return {"match_type": match_type, "rules": rules}, places


def row_at(place: str, places: dict[str, str]) -> str:
    """The id of the row that a refusal's place is in; empty when it is about the whole."""
    known = [one for one in places if place == one or place.startswith(f"{one}.")]
    return places[max(known, key=len)] if known else ""


def is_blank(row: FormRow) -> bool:
    """Whether nothing has been entered yet."""
    return not row.is_group and row.input != "nothing" and not (row.value.strip() or row.until.strip() or row.picked)


def inside(rows: Sequence[FormRow], group_id: str) -> Iterator[FormRow]:
    """A row and everything below it."""
    held = {group_id}
    for row in rows:
        if row.id in held or row.parent in held:
            held.add(row.id)
            yield row


def added(rows: Sequence[FormRow], parent: str, *, group: bool) -> list[FormRow]:
    """One more condition, or one more group with a first condition, at the end of the group."""
    depth = next((row.depth + 1 for row in rows if row.id == parent), 0)
    if len(rows) + 1 + group > MOST_ROWS or (group and depth >= DEEPEST):
        return list(rows)
    number = max((int(row.id) for row in rows), default=0) + 1
    new = [FormRow(id=str(number), parent=parent, depth=depth, is_group=group, match_type="any" if group else "all")]
    if group:
        new.append(FormRow(id=str(number + 1), parent=str(number), depth=depth + 1))
    if parent == ROOT:
        return [*rows, *new]
    last = [place for place, row in enumerate(rows) if row.id in {one.id for one in inside(rows, parent)}][-1]
    return [*rows[: last + 1], *new, *rows[last + 1 :]]


def removed(rows: Sequence[FormRow], row_id: str) -> list[FormRow]:
    """Without a row and what is below it, and without the groups that this empties."""
    gone = {row.id for row in inside(rows, row_id)}
    left = [row for row in rows if row.id not in gone]
    empty = next((row.id for row in left if row.is_group and not any(one.parent == row.id for one in left)), None)
    return left if empty is None else removed(left, empty)


def shifted(rows: Sequence[FormRow], row_id: str, step: int) -> list[FormRow]:
    """With a row, and what is below it, in its neighbour's place inside the same group; as before at either end."""
    parent = next((row.parent for row in rows if row.id == row_id), None)
    likes = [row.id for row in rows if row.parent == parent]
    at = likes.index(row_id) + step if row_id in likes else -1
    if not 0 <= at < len(likes):
        return list(rows)
    other = likes[at]
    first, second = (row_id, other) if step > 0 else (other, row_id)
    early, late = list(inside(rows, first)), list(inside(rows, second))
    start = next(place for place, row in enumerate(rows) if row.id == first)
    return [*rows[:start], *late, *early, *rows[start + len(early) + len(late) :]]


def changed(row: FormRow, part: str, value: str) -> FormRow:
    """The row after one input changed. Another kind of value empties the value."""
    if part == "field":
        name = "custom." if value == vocabulary.CUSTOM else value
        new = replace(row, field=name, operator=vocabulary.offered(name, row.operator))
    elif part == "custom":
        new = replace(row, field=CUSTOM_PREFIX + value, custom=value)
    else:
        named: dict[str, Any] = {part: value}
        new = replace(row, **named)
    before = (row.input, vocabulary.pick_of(row.field, row.operator))
    if before == (vocabulary.input_of(new.field, new.operator), vocabulary.pick_of(new.field, new.operator)):
        return new
    if part == "operator" and _texts(row) and vocabulary.input_of(new.field, new.operator) in ("text", "lines"):
        return replace(new, picked=[])
    flag = vocabulary.pick_of(new.field, new.operator) == "flags"
    return replace(new, value="true" if flag else "", until="", picked=[])


def toggled(row: FormRow, value: str) -> FormRow:
    """The row with one thing ticked or not."""
    picked = [one for one in row.picked if one != value] if value in row.picked else [*row.picked, value]
    return replace(row, picked=picked)


def _texts(row: FormRow) -> bool:
    return row.input in ("text", "lines")


def _read(items: Sequence[dict[str, Any]], parent: str, depth: int, made: list[FormRow]) -> None:
    for item in items:
        number = str(len(made) + 1)
        if "rules" in item:
            match_type = str(item.get("match_type", "all"))
            made.append(FormRow(number, parent, depth, is_group=True, match_type=match_type))
            _read(item["rules"], number, depth + 1, made)
        else:
            made.append(_line(item, number, parent, depth))


def _line(item: dict[str, Any], number: str, parent: str, depth: int) -> FormRow:
    name, operator, value = str(item["field"]), str(item["operator"]), item.get("value")
    custom = name.removeprefix(CUSTOM_PREFIX) if name.startswith(CUSTOM_PREFIX) else ""
    row = FormRow(number, parent, depth, field=name, operator=operator, custom=custom)
    if operator == Operator.IS_EMPTY:
        return replace(row, operator=vocabulary.NOT_EMPTY if value is False else operator)
    entered = vocabulary.input_of(name, operator)
    texts = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    if entered == "some":
        return replace(row, picked=texts)
    if operator in (Operator.BETWEEN, Operator.TIME_BETWEEN) and len(texts) == 2:
        return replace(row, value=texts[0], until=texts[1])
    return replace(row, value="\n".join(texts))


def _write(rows: Sequence[FormRow], parent: str, place: str, places: dict[str, str]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for row in [one for one in rows if one.parent == parent]:
        here = f"{place}[{len(made)}]"
        places[here] = row.id
        if row.is_group:
            inner = _write(rows, row.id, f"{here}.rules", places)
            made.append({"match_type": row.match_type, "rules": inner})
        elif row.operator in (Operator.IS_EMPTY, vocabulary.NOT_EMPTY):
            empty = row.operator == Operator.IS_EMPTY
            made.append({"field": row.field, "operator": Operator.IS_EMPTY.value, "value": empty})
        else:
            made.append({"field": row.field, "operator": row.operator, "value": _value(row)})
    return made


def _value(row: FormRow) -> Any:
    if row.operator in (Operator.BETWEEN, Operator.TIME_BETWEEN):
        return [_single(row.field, row.value.strip()), _single(row.field, row.until.strip())]
    if row.operator in LISTED:
        entered = row.picked if row.input == "some" else row.value.split("\n")
        return [_single(row.field, one.strip()) for one in entered if one.strip()]
    return _single(row.field, row.value.strip())


def _single(name: str, text: str) -> Any:
    kind = MESSAGE_FIELDS.get(name)
    if kind is Kind.FLAG and text in ("true", "false"):
        return text == "true"
    if kind is Kind.NUMBER:
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
