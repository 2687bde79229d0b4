"""A vendor's own workspace: profiles, jobs that fit, bids, earnings."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    checkbox,
    data_table,
    dialog,
    empty_state,
    field,
    form_error,
    link,
    link_button,
    notice,
    page_header,
    pick,
    same,
    select,
    skeleton_list,
    some,
    stat_tile,
    text_input,
    textarea,
    time_ago,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.parts import (
    CATEGORY_CHOICES,
    CRUMB,
    CURRENCY_CHOICES,
    stars,
    vendor_name,
)
from taskjuggler_app.web.pages.marketplace.payout_state import PayoutState
from taskjuggler_app.web.pages.marketplace.vendor_state import WorkshopState

W: Any = WorkshopState  # on the class, a State's attributes are vars and its methods are handlers
P: Any = PayoutState


def workshop() -> rx.Component:
    """A vendor's own workspace."""
    nothing = empty_state(
        "wrench",
        "Offer work",
        "Make a profile: what you do, where, what you charge. Jobs that fit come to you.",
        action=button("Make a profile", kind="primary", on_click=W.open_form("")),
    )
    jobs = rx.cond(
        some(W.fitting),
        data_table(("Job", "Budget", "Bids", "Needed"), W.fitting, _job_cells, caption="Jobs that fit"),
        empty_state("briefcase", "No job fits right now", "You are told when one is published."),
    )
    bids = rx.cond(
        some(W.bids),
        data_table(("Job", "As", "Price", "Status"), W.bids, _bid_cells, caption="Bids"),
        empty_state("hand", "No bids yet", "Open a job and name your price."),
    )
    content = rx.el.div(
        rx.el.div(
            stat_tile("Paid out", W.totals.paid_out, icon_name="credit-card", href="/marketplace/payments"),
            stat_tile("Held for you", W.totals.held, icon_name="lock"),
            stat_tile("Jobs paid", W.totals.jobs.to(str), icon_name="circle-check"),
            class_name="tiles",
        ),
        rx.el.ul(rx.foreach(W.vendors, _own), class_name="market-cards"),
        card(jobs, title="Jobs that fit", flush=True),
        card(bids, title="Your bids", flush=True),
        class_name="stack",
    )
    more = rx.fragment(
        link_button("AI tools", icon_name="bot", href="/marketplace/tools"),
        button("Add a vendor", icon_name="plus", on_click=W.open_form("")),
    )
    return framed(
        "marketplace",
        page_header(
            "Offer work",
            note="Your profile, jobs that fit, bids and earnings.",
            crumbs=[CRUMB],
            actions=[rx.fragment(rx.cond(some(W.vendors), more))],
        ),
        rx.cond(W.loaded, rx.cond(some(W.vendors), content, nothing), skeleton_list()),
        _form(),
    )


def _own(row: Any) -> rx.Component:
    pause = rx.cond(
        row.active,
        button("Pause", kind="ghost", small=True, on_click=W.pause(row.id, False)),
        button("Offer work again", small=True, on_click=W.pause(row.id, True)),
    )
    ask = button("Ask for verification", kind="ghost", small=True, on_click=W.ask_verification(row.id))
    verification = rx.cond(row.verified, rx.fragment(), rx.cond(row.asked, badge("Verification asked"), ask))
    return rx.el.li(
        rx.el.div(
            rx.el.h2(vendor_name(row.name, row.id, row.verified, row.kind)),
            stars(row.stars, row.ratings),
            class_name="market-head",
        ),
        rx.cond(row.verification != "", notice(row.verification)),
        _payout_needs(row),
        rx.el.div(
            button("Change", small=True, icon_name="pencil", on_click=W.open_form(row.id)),
            rx.cond(row.active, link_button("Public page", href="/vendors/" + row.id, kind="ghost", small=True)),
            pause,
            verification,
            _account(row),
            class_name="market-facts",
        ),
        class_name="market-card",
    )


def _account(row: Any) -> rx.Component:
    """What to do to be paid."""

    def onboard(words: str) -> rx.Component:
        return button(words, small=True, icon_name="credit-card", on_click=P.payouts(row.id))

    earned = button("Your payouts", kind="ghost", small=True, icon_name="external-link", on_click=P.dashboard(row.id))
    found: Any = rx.match(
        row.account,
        ("ready", rx.fragment(badge("Payouts ready", tone="success"), rx.cond(row.has_account, earned))),
        ("checking", badge("Payout details are being checked")),
        ("begun", onboard("Go on with your payout details")),
        ("wanting", onboard("Complete your payout details")),
        onboard("Say where you are paid"),
    )
    return rx.fragment(found)


def _payout_needs(row: Any) -> rx.Component:
    """What the provider still wants to know, and why it does not pay."""
    asked = (row.account == "begun") | (row.account == "wanting")
    wanted = rx.el.div(
        rx.el.p("To be paid, you still have to give:"),
        rx.el.ul(rx.foreach(row.needs, rx.el.li)),
        class_name="market-needs",
    )
    return rx.fragment(
        rx.cond(row.payouts_note != "", notice(row.payouts_note)), rx.cond(asked & some(row.needs), wanted)
    )


def _job_cells(row: Any) -> list[Any]:
    return [
        link(row.title, href="/marketplace/listings/" + row.id),
        row.budget,
        row.bids.to(str),
        rx.cond(row.needed_by != "", time_ago(row.needed_by, row.needed_by), "No date"),
    ]


def _bid_cells(row: Any) -> list[Any]:
    words = {"pending": "Waiting", "accepted": "Chosen", "rejected": "Not chosen", "withdrawn": "Taken back"}
    chosen: Any = rx.match(row.status, *words.items(), "")
    return [link(row.title, href="/marketplace/listings/" + row.listing_id), row.vendor, row.amount, badge(chosen)]


def _wrong(name: str) -> Any:
    return pick(same(W.error_field, name), W.error)


def _form() -> rx.Component:
    kinds = (Choice("human", "A person"), Choice("ai", "An AI tool"), Choice("hybrid", "A person with AI"))
    pricing = (
        Choice("quote", "By quote"),
        Choice("hourly", "By the hour"),
        Choice("fixed", "A fixed price"),
        Choice("per_task", "By the task"),
    )
    row, key = W.form, W.form.id
    boxes = [
        checkbox(f"does-{one.value}", one.label, default_checked=row.categories.contains(one.value), key=f"{one.value}")
        for one in CATEGORY_CHOICES
    ]
    form = rx.el.form(
        form_error(pick(W.error_field == "", W.error)),
        field(
            "Name",
            text_input("name", id_="vendor-name", default_value=row.name, required=True, max_length=255),
            error=_wrong("name"),
        ),
        field(
            "Business", text_input("business_name", id_="vendor-business", default_value=row.business), optional=True
        ),
        field("Who does the work", select("vendor_type", kinds, id_="vendor-type", default_value=row.kind)),
        field(
            "About", textarea("description", id_="vendor-about", rows=4, default_value=row.description), optional=True
        ),
        rx.el.fieldset(rx.el.legend("Kinds of work", class_name="field-label"), *boxes, class_name="market-boxes"),
        rx.el.p(_wrong("categories"), class_name="field-error", aria_live="polite"),
        field(
            "Services",
            text_input("services", id_="vendor-services", default_value=row.services.join(", ")),
            hint="Separated by commas.",
            optional=True,
        ),
        rx.el.div(
            field(
                "Where",
                text_input(
                    "place", id_="vendor-place", default_value=row.place, placeholder="Portland, Maine, or 04101"
                ),
                error=_wrong("place"),
                optional=True,
            ),
            field(
                "Goes how many miles",
                text_input("radius", id_="vendor-radius", default_value=row.radius),
                error=_wrong("service_radius_miles"),
                optional=True,
            ),
            class_name="form-row",
        ),
        rx.el.div(
            field("Charges", select("pricing_model", pricing, id_="vendor-pricing", default_value=row.pricing)),
            field(
                "Rate",
                text_input("base_rate", id_="vendor-rate", default_value=row.rate_typed),
                error=_wrong("base_rate"),
                optional=True,
            ),
            field("Currency", select("currency", CURRENCY_CHOICES, id_="vendor-currency", default_value=row.currency)),
            class_name="form-row",
        ),
        field(
            "Logo",
            text_input("logo_url", id_="vendor-logo", kind="text", default_value=row.logo, placeholder="https://"),
            error=_wrong("logo_url"),
            optional=True,
        ),
        rx.el.div(
            button("Cancel", kind="ghost", data_closes=""),
            button("Save", kind="primary", submit=True),
            class_name="form-actions",
        ),
        on_submit=W.save,
        key="vendor-" + key,
        class_name="form",
    )
    return dialog("vendor-form", "Vendor profile", form, open_=W.form_open, on_close=W.close_form)
