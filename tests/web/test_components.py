"""What the components promise whatever page uses them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import reflex as rx

from taskjuggler_app.web import theme
from taskjuggler_app.web.components import (
    NavItem,
    Text,
    auth_layout,
    avatar,
    button,
    field,
    icon,
    native_form,
    password_input,
    shell,
    status_chip,
    text_input,
)
from taskjuggler_app.web.components.chips import STATUSES
from taskjuggler_app.web.components.icons import ICONS

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "taskjuggler_app" / "web" / "components"
PLACES = [NavItem("home", "Today", "house", "/", "h"), NavItem("inbox", "Inbox", "inbox", "/inbox", "i")]


def walk(component: rx.Component) -> Iterator[rx.Component]:
    yield component
    for child in component.children:
        if isinstance(child, rx.Component):
            yield from walk(child)


def drawn(component: rx.Component) -> str:
    """Everything that the component and its descendants say about themselves."""
    return str(component.render())


def test_the_sprite_holds_exactly_the_icons_that_may_be_asked_for() -> None:
    assert set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "assets" / "icons.svg").read_text())) == ICONS


def test_an_icon_that_does_not_exist_is_refused_before_any_page_is_built() -> None:
    with pytest.raises(ValueError, match="no icon 'unicorn'"):
        icon("unicorn")


def test_an_icon_without_a_label_is_hidden_from_readers_and_with_one_is_an_image() -> None:
    assert '"aria-hidden":"true"' in drawn(icon("inbox")).replace(" ", "")
    assert '"aria-label":"Inbox"' in drawn(icon("inbox", label="Inbox")).replace(" ", "")


def test_a_field_ties_its_label_hint_and_error_to_the_control() -> None:
    text = drawn(field("Email", text_input("email"), hint="For signing in.", error="Not an address.")).replace(" ", "")
    assert 'htmlFor:"email"' in text
    assert 'id:"email"' in text
    assert '"aria-describedby":"email-hintemail-error"' in text
    assert '"aria-invalid":"true"' in text


def test_a_field_without_an_error_is_valid() -> None:
    assert '"aria-invalid":"false"' in drawn(field("Email", text_input("email"))).replace(" ", "")


def test_a_new_password_tells_the_browser_to_offer_one() -> None:
    assert "new-password" in drawn(field("Password", password_input("password", new=True)))
    assert "current-password" in drawn(field("Password", password_input("password")))


def test_a_button_that_is_loading_cannot_be_pressed_again() -> None:
    text = drawn(button("Save", loading=True)).replace(" ", "")
    assert "disabled:true" in text
    assert '"aria-busy":"true"' in text


def test_a_native_form_leaves_sending_to_the_browser() -> None:
    form = native_form(action="/auth/login")
    assert form.tag == "form"
    assert "on_submit" not in form.event_triggers


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_word_and_not_only_a_colour(status: str) -> None:
    assert STATUSES[status] in drawn(status_chip(status))


@pytest.mark.parametrize(
    ("name", "initials"), [("Marta Okafor", "MO"), ("  Ann ", "A"), ("", ""), ("Élodie du Pré", "ÉD")]
)
def test_an_avatar_shows_at_most_two_initials(name: str, initials: str) -> None:
    assert json.dumps(initials) in drawn(avatar(name)).replace("\\\\", "\\")


def test_a_picture_is_decoration_beside_a_name_and_says_it_where_it_stands_alone() -> None:
    picture: rx.Var[str] = rx.Var("row.picture", _var_type=str)
    beside, alone = drawn(avatar("Ann", picture=picture)), drawn(avatar("Ann", picture=picture, alone=True))
    for one in (beside, alone):
        assert 'alt:""' in one
        assert '"aria-hidden":true' in one.replace('"true"', "true")
    assert "sr-only" not in beside
    assert "sr-only" in alone
    assert 'title:"Ann"' in alone


def _shell(active: Text) -> rx.Component:
    return shell(
        rx.el.p("page"),
        nav=PLACES,
        active=active,
        user_name="Ann",
        user_email="a@x.example",
        workspace="Mill & Co",
    )


def test_the_shell_begins_with_a_link_over_the_navigation_to_the_content() -> None:
    text = drawn(_shell("home"))
    assert text.index('href:"#main"') < text.index('"aria-label":"Main"') < text.index('id:"main"')


def test_the_shell_names_its_navigations_apart_and_marks_the_active_place() -> None:
    text = drawn(_shell("inbox"))
    assert text.count('"aria-current":"page"') == 2  # sidebar and phone bar
    labels = re.findall(r'"aria-label":"(Main|Phone|More places)"', text)
    assert sorted(labels) == ["Main", "More places", "Phone"]


def test_sign_in_pages_have_one_main_heading() -> None:
    page = auth_layout(rx.el.p("form"), title="Sign in")
    assert [part.tag for part in walk(page)].count("h1") == 1


def test_components_know_no_state() -> None:
    for source in COMPONENTS.glob("*.py"):
        imported = {
            node.module or "" for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.ImportFrom)
        }
        ours = {module for module in imported if module.startswith("taskjuggler_app")}
        assert all(module.startswith("taskjuggler_app.web.components") for module in ours), source.name


def test_the_theme_names_every_stylesheet_once_and_only_files_of_ours() -> None:
    sheets = {f"css/{sheet.name}" for sheet in (ROOT / "assets" / "css").glob("*.css")}
    assert sorted(theme.STYLESHEETS) == sorted(sheets)
    addresses = re.findall(
        r'(?:href|src|content):"([^"]+\.(?:js|svg|ico|png|woff2|webmanifest))"', drawn(rx.fragment(*theme.head()))
    )
    assert addresses
    for address in addresses:
        assert (ROOT / "assets" / address.lstrip("/")).is_file(), address


def test_nothing_is_fetched_from_elsewhere() -> None:
    for asset in (ROOT / "assets").rglob("*.*"):
        if asset.suffix in {".css", ".js", ".svg", ".webmanifest"}:
            found = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+/?", asset.read_text()))
            assert found <= {"http://www.w3.org/"}, asset.name
