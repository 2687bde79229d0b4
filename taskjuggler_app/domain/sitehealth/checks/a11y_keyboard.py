"""What can be done without a mouse, in which order, and where it ends."""

from itertools import pairwise

from taskjuggler_app.domain.sitehealth.checks.registry import CRITICAL, HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit

_ROLES = frozenset(
    ("button", "link", "tab", "menuitem", "option", "checkbox", "radio", "switch", "treeitem", "slider", "spinbutton",
     "combobox", "listbox", "textbox", "searchbox", "gridcell", "tabpanel", "dialog", "alertdialog", "region", "log",
     "application", "grid", "menu", "toolbar", "tree", "scrollbar", "menuitemcheckbox", "menuitemradio", "main")
)  # fmt: skip


@page_check(
    "fake-button",
    HIGH,
    "Use a button for what is clicked",
    "What is no button or link is not reached with Tab and not pressed with Enter.",
    wcag="2.1.1 4.1.2",
)
def fake_button(visit: Visit) -> Found:
    for row in visit.rows("clickable"):
        yield at(
            row,
            "It reacts to clicks, but the keyboard does not reach it.",
            severity=None if row["role"] is None else MEDIUM,
        )


@page_check(
    "keyboard-trap",
    CRITICAL,
    "Let the keyboard leave",
    "Whoever gets here without a mouse cannot go on: the rest of the page is out of reach.",
    wcag="2.1.2",
)
def keyboard_trap(visit: Visit) -> Found:
    if stuck := visit.probes.get("trapped"):
        yield Place("", str(stuck), "Tab does not leave it, and there is more on the page.")


@page_check(
    "tabindex-idle",
    LOW,
    "Put only controls into the order of Tab",
    "A stop at something that does nothing costs a press and raises a question.",
    wcag="2.4.3",
)
def tabindex_idle(visit: Visit) -> Found:
    for row in visit.rows("idle"):
        if row["tabindex"] >= 0 and row["role"] not in _ROLES and not row["scrolls"] and not row["listens"]:
            yield at(row, "It can have the focus, but does nothing.")


@page_check(
    "tabindex-positive",
    MEDIUM,
    "Do not renumber the order of Tab",
    "It goes before everything else on the page, wherever it stands.",
    wcag="2.4.3",
)
def tabindex_positive(visit: Visit) -> Found:
    for row in visit.rows("idle"):
        if row["tabindex"] > 0:
            yield at(row, f"tabindex is {row['tabindex']}.")


@page_check(
    "focus-order",
    MEDIUM,
    "Let the focus follow what one sees",
    "It jumps to and fro, and people lose the place.",
    wcag="2.4.3",
)
def focus_order(visit: Visit) -> Found:
    stops = visit.probes.get("tabs") or []
    for before, after in pairwise(stops):
        (x, y, _, h), (x2, y2, w2, h2) = before["box"], after["box"]
        same_line = abs(y - y2) < max(4, min(h, h2) / 2)
        if same_line and x2 + w2 <= x - 1 and y2 + h2 > 0 and x2 >= 0:
            yield Place(
                "",
                after["html"],
                "On one line the focus goes from right to left.",
                needs_review=visit.facts.get("dir") == "rtl",
            )


@page_check(
    "accesskey",
    LOW,
    "Leave out access keys",
    "They clash with the keys of browsers and screen readers.",
    "WebAIM: keyboard accesskey",
    wcag="2.1.4",
)
def accesskey(visit: Visit) -> Found:
    for row in visit.rows("keys"):
        yield at(row, "It has an access key.")


@page_check(
    "dialog-role",
    MEDIUM,
    "Tell that a dialog is one",
    "Without role=dialog nobody hears that it opened, and the focus stays behind it.",
    wcag="4.1.2 2.4.3",
)
def dialog_role(visit: Visit) -> Found:
    for row in visit.rows("dialogs"):
        if row["role"] not in ("dialog", "alertdialog") and not row["inner"]:
            yield at(row, "It looks like a dialog and has no role of one: focus and Escape need checking too.")


@page_check(
    "dialog-close", HIGH, "Let the keyboard close a dialog", "What closes it is not reached with Tab.", wcag="2.1.1"
)
def dialog_close(visit: Visit) -> Found:
    for row in visit.rows("dialogs"):
        for closer in row["closers"]:
            yield at(closer, "It closes the dialog, but is no button.", severity=MEDIUM)


@page_check(
    "hover-only",
    MEDIUM,
    "Show on focus what shows on pointing",
    "Without a mouse it never appears.",
    wcag="2.1.1 1.4.13",
)
def hover_only(visit: Visit) -> Found:
    for row in visit.rows("hoverOnly"):
        what = f"{row['links']} links" if row["links"] else f"“{row['text'][:40]}”"
        yield at(row, f"{what} appear when something is pointed at, never by keyboard.")
