"""One listing: what is asked, the live bid board, the award, the work and the money."""

from typing import Any

import reflex as rx

from taskjuggler_app.web.components import (
    Choice,
    badge,
    button,
    card,
    category_chip,
    empty_state,
    facts,
    field,
    form_error,
    link,
    link_button,
    notice,
    page_header,
    select,
    skeleton_card,
    some,
    text_input,
    textarea,
    time_ago,
    when,
)
from taskjuggler_app.web.pages.frame.view import framed
from taskjuggler_app.web.pages.marketplace.listing_money import payment
from taskjuggler_app.web.pages.marketplace.listing_state import ListingDeeds
from taskjuggler_app.web.pages.marketplace.parts import (
    CRUMB,
    listing_badge,
    score,
    stars,
    vendor_name,
    words_dialog,
)

S: Any = ListingDeeds  # on the class, a State's attributes are vars and its methods are handlers


def listing() -> rx.Component:
    """One listing."""
    gone = empty_state("briefcase", "No such listing", "It was taken away, or somebody else got the job.")
    main = rx.el.div(_about(), _board(), _rating(), class_name="stack")
    aside = rx.el.div(payment(), _own_bid(), _facts(), _matches(), class_name="stack")
    order = when(S.payment.id != "", "columns market-paying", "columns")
    content = rx.fragment(rx.el.div(main, aside, class_name=order), _dialogs())
    return framed(
        "marketplace",
        page_header(
            rx.cond(S.row.title != "", S.row.title, "Listing"),
            note=S.row.business,
            crumbs=[CRUMB],
            actions=[rx.fragment(_deeds())],
        ),
        rx.cond(S.loaded, rx.cond(S.missing, gone, content), skeleton_card()),
    )


def _deeds() -> rx.Component:
    cancel = button("Take it back", kind="ghost", data_opens="#cancel")
    reopen = button("Open it again", kind="primary", on_click=S.act("reopen", {}))
    accept = button("Accept the work", kind="primary", icon_name="check", data_opens="#accept")
    deliver = button("The work is done", kind="primary", icon_name="check", data_opens="#deliver")
    paid = (S.payment.status != "pending") & (S.payment.status != "failed")
    owner = rx.match(
        S.row.status,
        ("open", cancel),
        ("assigned", rx.fragment(rx.cond(S.row.delivered, rx.fragment(), cancel), rx.cond(paid, accept))),
        ("cancelled", reopen),
        rx.fragment(),
    )
    vendor = rx.cond((S.row.status == "assigned") & ~S.row.delivered & paid, deliver)
    return rx.cond(S.row.may_manage, owner, rx.cond(S.is_vendor, vendor))


def _about() -> rx.Component:
    nothing = rx.el.p("Nothing more was said.", class_name="muted")
    words = rx.cond(S.row.description != "", rx.el.p(S.row.description, class_name="wrap-anywhere"), nothing)
    note = rx.cond(S.row.note != "", notice(S.row.note))
    return card(rx.el.div(words, note, class_name="vendor-about"), title="What is to be done")


def _board() -> rx.Component:
    owner_text = "Vendors that fit have been told. Bids appear here by themselves."
    other_text = "Only who asks sees all bids; yours appears here."
    nothing = empty_state("hand", "No bids yet", when(S.row.mine, owner_text, other_text))
    rows = rx.el.ul(rx.foreach(S.bids, _bid), class_name="market-bids", aria_live="polite")
    return card(rx.cond(some(S.bids), rows, nothing), title="Bids", note="Best fit first. Open a score to see why.")


def _bid(bid: Any) -> rx.Component:
    paying = rx.fragment("Choose and pay ", bid.total)
    choose = rx.el.div(
        rx.cond(
            bid.over_budget,
            button(paying, kind="secondary", on_click=S.award(bid.id, False)),
            button(paying, kind="primary", on_click=S.award(bid.id, False)),
        ),
        button("Choose, pay directly", kind="ghost", small=True, on_click=S.award(bid.id, True)),
        class_name="market-choose",
    )
    may_choose = S.row.may_manage & (S.row.status == "open") & (bid.status == "pending")
    withdraw = button("Take it back", kind="ghost", small=True, on_click=S.withdraw(bid.id))
    may_withdraw = bid.mine & ((bid.status == "pending") | ((bid.status == "accepted") & ~S.row.delivered))
    return rx.el.li(
        rx.el.div(
            vendor_name(bid.vendor, bid.vendor_id, bid.verified, bid.kind),
            stars(bid.stars),
            rx.cond(bid.status == "accepted", badge("Chosen", tone="success")),
            rx.cond(bid.status == "rejected", badge("Not chosen")),
            rx.cond(bid.over_budget, badge("Over the budget", tone="warning")),
            rx.cond(bid.by_itself, badge("Bid by itself", icon_name="bot")),
            class_name="market-head",
        ),
        rx.el.p(
            rx.el.strong(bid.amount, class_name="market-amount"),
            rx.cond(bid.days != "", rx.el.span(" in ", bid.days)),
            rx.el.span(" · ", time_ago(bid.at, bid.at), class_name="muted"),
        ),
        rx.cond(
            S.row.may_manage & (bid.status == "pending"),
            rx.el.p("You pay ", bid.total, ": the price and a fee of ", bid.fee, ".", class_name="muted"),
            rx.cond(bid.mine, rx.el.p("You get ", bid.gets, " of it, the fee is off.", class_name="muted")),
        ),
        rx.cond(bid.message != "", rx.el.p(bid.message, class_name="wrap-anywhere")),
        score(bid.score, bid.parts),
        rx.cond(may_choose, choose),
        rx.cond(may_withdraw, withdraw),
        class_name="market-bid",
    )


def _own_bid() -> rx.Component:
    chosen = S.my_bid
    form = rx.el.form(
        form_error(S.error),
        field("As", select("vendor", S.vendors, id_="bid-vendor")),
        field(
            "Your price",
            text_input(
                "amount",
                id_="bid-amount",
                input_mode="decimal",
                required=True,
                max_length=20,
                default_value=chosen.amount_typed,
            ),
            hint="The fee is shown to both sides.",
        ),
        field("Days", text_input("days", id_="bid-days", input_mode="numeric", max_length=3), optional=True),
        field("Message", textarea("message", id_="bid-message", rows=3, default_value=chosen.message), optional=True),
        button(when(chosen.id != "", "Change the bid", "Bid"), kind="primary", submit=True),
        on_submit=S.bid,
        key=chosen.id,
        class_name="form",
    )
    profile = empty_state(
        "wrench",
        "Want this job?",
        "Make a vendor profile first; it takes a minute.",
        action=link_button("Offer work", href="/marketplace/vendor", kind="primary"),
    )
    inside = rx.cond(some(S.vendors), form, profile)
    return rx.cond(~S.row.mine & (S.row.status == "open"), card(inside, title="Your bid"))


def _facts() -> rx.Component:
    until = rx.el.span("Until ", time_ago(S.row.expires_at, S.row.expires_at))
    bids_until = rx.cond(S.row.expires_at != "", until, "Open")
    return card(
        facts(
            ("Status", listing_badge(S.row.status)),
            ("Kind of work", category_chip(S.row.category)),
            ("Budget", S.row.budget),
            ("Where", rx.cond(S.row.place != "", S.row.place, "From anywhere")),
            ("Needed", rx.cond(S.row.needed_by != "", time_ago(S.row.needed_by, S.row.needed_by), "No date")),
            ("Bids", rx.cond(S.row.status == "open", bids_until, "Closed")),
        ),
        rx.cond(S.row.task_id != "", link("Open its task", href="/tasks/" + S.row.task_id, class_name="text-link")),
        title="Details",
    )


def _matches() -> rx.Component:
    rows = rx.el.ul(
        rx.foreach(
            S.matches,
            lambda row: rx.el.li(vendor_name(row.name, row.id, row.verified, row.kind), score(row.score, row.parts)),
        ),
        class_name="market-matches",
    )
    return rx.cond(
        some(S.matches) & (S.row.status == "open"),
        card(rows, title="Who fits", note="Told when the listing was published."),
    )


def _rating() -> rx.Component:
    choices = tuple(Choice(str(n), f"{n} star{'' if n == 1 else 's'}") for n in (5, 4, 3, 2, 1))
    form = rx.el.form(
        field("Stars", select("stars", choices)),
        field("In a few words", textarea("words", id_="rating-words", rows=3, max_length=2000), optional=True),
        button("Rate the work", kind="primary", submit=True),
        on_submit=S.rate,
        class_name="form",
    )
    reply = rx.el.form(
        field("Your reply", textarea("words", id_="reply-words", rows=2, max_length=2000)),
        button("Reply", submit=True),
        on_submit=S.reply,
        class_name="form",
    )
    given = rx.el.div(
        rx.el.p(rx.el.span(S.rating.shown, aria_hidden="true"), " ", S.rating.words, class_name="wrap-anywhere"),
        rx.cond(
            S.rating.reply != "",
            rx.el.p(rx.el.strong("The vendor"), ": ", S.rating.reply, class_name="wrap-anywhere"),
            rx.cond(S.is_vendor, reply),
        ),
        class_name="stack",
    )
    inside = rx.cond(S.rating.id != "", given, rx.cond(S.row.may_manage, form, rx.el.p("Not rated yet.")))
    return rx.cond(S.row.status == "completed", card(inside, title="Rating"))


def _dialogs() -> rx.Component:
    return rx.fragment(
        words_dialog(
            "cancel",
            "Take the listing back?",
            "What is held goes back to you whole. Bidders are told.",
            "Take it back",
            S.act("cancel"),
            ask="Why",
            danger=True,
        ),
        words_dialog(
            "accept",
            "Accept the work?",
            "The money is released to the vendor, and the task is done.",
            "Accept and release",
            S.act("accept"),
        ),
        words_dialog(
            "deliver",
            "Is the work done?",
            "Your customer accepts it, or the money is released by itself.",
            "It is done",
            S.act("deliver"),
            ask="What you did",
        ),
        words_dialog(
            "dispute",
            "Something is wrong?",
            "The money stays where it is until an operator has decided.",
            "Dispute the payment",
            S.act("dispute"),
            ask="What is wrong",
            danger=True,
        ),
        words_dialog(
            "answer", "Your side", "Whoever decides reads it.", "Send", S.act("answer"), ask="Your side of it"
        ),
    )
