"""Forms, beyond what axe decides."""

import re
from collections import Counter, defaultdict

from taskjuggler_app.domain.sitehealth.checks.registry import HIGH, LOW, MEDIUM, Found, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_ERROR = re.compile(r"(^|[\s_-])(has-)?(error|errors|invalid|is-invalid)([\s_-]|$)", re.IGNORECASE)
_SUMMARY = re.compile(r"\b(error|invalid|fix|correct|problem)\b", re.IGNORECASE)


@page_check(
    "fieldset-missing",
    MEDIUM,
    "Group related choices in a fieldset with a legend",
    "Someone who hears only 'Yes' and 'No' does not hear the question they answer.",
    wcag="1.3.1",
)
def fieldset_missing(visit: Visit) -> Found:
    groups: dict[tuple[str, str, str], list[dict[str, object]]] = defaultdict(list)
    for row in visit.rows("controls"):
        switch = row["role"] == "switch"  # turned on and off for itself
        if row["type"] in ("radio", "checkbox") and not switch and not row["grouped"] and row["field"]:
            groups[(row["type"], row["field"], row["form"])].append(row)
    for (kind, _, _), rows in groups.items():
        if len(rows) > 1:
            yield at(rows[0], f"{len(rows)} {kind} fields belong together, but nothing says so.")


@page_check(
    "fieldset-legend",
    MEDIUM,
    "Give every fieldset a legend",
    "The legend is what a screen reader says about the group before its fields.",
    wcag="1.3.1",
)
def fieldset_legend(visit: Visit) -> Found:
    for row in visit.rows("fieldsets"):
        if not row["legend"] and not row["named"]:
            yield at(row, "The legend is empty." if row["legend"] == "" else "The fieldset has no legend.")


@page_check(
    "duplicate-label",
    MEDIUM,
    "Tell fields with the same label apart",
    "Two fields called the same in one form cannot be told apart by ear.",
    wcag="2.4.6",
)
def duplicate_label(visit: Visit) -> Found:
    rows = [row for row in visit.rows("controls") if row["type"] not in ("radio", "checkbox") and row["seen"]]
    names = Counter((row["form"], row["label"].lower()) for row in rows if row["label"])
    for row in rows:
        if row["label"] and names[(row["form"], row["label"].lower())] > 1 and not row["grouped"]:
            yield at(row, f"More than one field is called “{row['label'][:60]}”.")


@page_check(
    "placeholder-only-label",
    HIGH,
    "Do not use a placeholder as the only label",
    "The placeholder is gone as soon as somebody types, and its contrast is low.",
    wcag="3.3.2 1.3.1",
)
def placeholder_only(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if row["seen"] and row["placeholder"] and not (row["label"] or row["aria"] or row["title"]):
            yield at(row, "Its only label is the placeholder.")


@page_check(
    "label-orphan",
    MEDIUM,
    "Connect every label to its field",
    "A label that is tied to no field is not read with it, and a click on it does nothing.",
    wcag="1.3.1 3.3.2",
)
def label_orphan(visit: Visit) -> Found:
    for row in visit.rows("labels"):
        if not row["control"]:
            yield at(row, "No field has this id." if row["target"] else "The label names no field and holds none.")


@page_check(
    "label-empty",
    HIGH,
    "Put words into every label",
    "An empty label says nothing about its field.",
    wcag="1.3.1 3.3.2",
)
def label_empty(visit: Visit) -> Found:
    for row in visit.rows("labels"):
        if not row["text"] and row["control"] and "<img" not in row["html"]:
            yield at(row, "The label is empty.")


@page_check(
    "label-multiple",
    MEDIUM,
    "One label a field",
    "Screen readers read only one of several labels, and not all the same one.",
    wcag="3.3.2",
)
def label_multiple(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if row["labels"] > 1:
            yield at(row, f"{row['labels']} labels are for this field.")


@page_check(
    "hint-not-associated",
    MEDIUM,
    "Tie the hint to its field",
    "A hint without aria-describedby is passed over by those who move from field to field.",
    wcag="1.3.1",
)
def hint_not_associated(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if row["hint"] and row["seen"] and not row["described"]:
            yield at(row, f"The hint “{row['hint'][:80]}” is not tied to the field (aria-describedby).")


@page_check(
    "error-not-identified",
    MEDIUM,
    "Name the field that is wrong, and say how to put it right",
    "A red border alone says nothing to people who do not see it; a summary alone does not say where.",
    wcag="3.3.1",
)
def error_not_identified(visit: Visit) -> Found:
    controls = visit.rows("controls")
    for row in controls:
        if _ERROR.search(str(row["classes"])) and not (row["invalid"] or row["described"]):
            yield at(row, "It is marked wrong by its look only: no aria-invalid, no message tied to it.")
    for form in visit.rows("forms"):
        own = [row for row in controls if row["form"] == form["selector"]]
        told = any(row["invalid"] or _ERROR.search(str(row["classes"])) for row in own)
        if own and not told and any(_SUMMARY.search(text) for text in form["alerts"] if text):
            yield at(form, "It says that something is wrong, but marks no field.")


@page_check(
    "change-of-context",
    MEDIUM,
    "Do not act on a choice before it is confirmed",
    "With the keyboard every choice on the way is made: the page changes before the wanted one is reached.",
    wcag="3.2.2",
)
def change_of_context(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if row["tag"] == "select" and row["changes"] and not row["submits"]:
            yield at(row, "Choosing acts at once: there is no button to confirm.", needs_review=True)


@page_check(
    "label-far-away",
    LOW,
    "Keep labels beside their fields",
    "With a screen magnifier the label and its field do not fit into one view.",
    wcag="1.3.1",
)
def label_far_away(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if int(row["gap"]) > 240:
            yield at(row, f"Its label stands {row['gap']} px away.")
