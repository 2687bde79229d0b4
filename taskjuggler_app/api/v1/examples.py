"""What an answer looks like: an example of a schema, made of its fields by their names.

The schemas say what fields there are and of which type; here stands what a field says. A field that is not named here
is false, 0, empty or null: what most of them are most of the time.
"""

from collections.abc import Mapping
from typing import Any

from taskjuggler_app.models.appointments import AppointmentStatus
from taskjuggler_app.models.exchange import EnvelopeState, ExchangeState, Kind
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    PricingModel,
    TransactionStatus,
    VendorType,
)
from taskjuggler_app.models.receptionist import ChannelType, InboxStatus, ProcessingStatus
from taskjuggler_app.models.sitehealth import IssueCategory, IssueStatus, ScanStatus, Severity
from taskjuggler_app.models.tasks import Priority, TaskStatus
from taskjuggler_app.models.tef import (
    ActorStatus,
    ActorType,
    ConversationStatus,
    EstablishedVia,
    MessageType,
    RelationshipType,
)
from taskjuggler_app.models.webhooks import DeliveryState

_ID = "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"
_AT = "2026-03-02T15:00:00Z"
_PAGE = "https://www.example.com/"

FIELDS: dict[str, Any] = {
    **dict.fromkeys(("at", "created_at", "updated_at", "received_at", "first_seen_at", "last_scan_at", "start"), _AT),
    **dict.fromkeys(("seen_at", "sent_at", "made_at", "last_matched_at", "last_message_at", "since"), _AT),
    **dict.fromkeys(("end", "due_at", "needed_by", "expires_at", "ends_at", "next_scan_at"), "2026-03-03T16:00:00Z"),
    **dict.fromkeys(("email", "email_address", "guest_email", "address", "from"), "ada@example.com"),
    **dict.fromkeys(("phone", "phone_number", "guest_phone"), "+12075550100"),
    **dict.fromkeys(("name", "who", "sender", "guest_name", "requestor", "inviter", "host", "hosts"), "Ada Lindqvist"),
    **dict.fromkeys(("doer", "responsible", "read_by"), "Luis Ferreira"),
    **dict.fromkeys(("timezone", "zone", "guest_zone"), "America/New_York"),
    **dict.fromkeys(("title", "subject", "summary"), "Fix the kitchen faucet"),
    **dict.fromkeys(("text", "message", "last"), "The kitchen faucet is leaking."),
    **dict.fromkeys(("url", "page_url"), _PAGE),
    **dict.fromkeys(("is_active", "active", "may_change", "editable", "is_admin", "created", "unread"), True),
    **dict.fromkeys(("version", "count", "attempts", "changed", "places", "stars", "ratings", "jobs", "pages"), 1),
    "category": "maintenance",
    "categories": ["maintenance"],
    "priority": Priority.HIGH.value,
    "urgency": Priority.HIGH.value,
    "tags": ["plumbing"],
    "channel": "Main line",
    "color": "#2F6FC0",
    "currency": "USD",
    "business": "Casco Bay Plumbing",
    "place": "Portland, Maine",
    "task_id": _ID,
    "score": 86,
    "trust": "54.00",
    "severity": Severity.HIGH.value,
    "capabilities": "text.summarise",
    "weekly": {"mon": [["09:00", "17:00"]]},
    "unit": "count",
    "period": "23 Feb 2026 to 1 Mar 2026, America/New_York",
}
"""What a field of that name says, whatever it is a field of."""

KINDS: dict[str, dict[str, Any]] = {
    "Task": {"status": TaskStatus.PENDING.value, "source": ChannelType.SMS.value},
    "Message": {"status": InboxStatus.CREATED_TASK.value, "processing": ProcessingStatus.COMPLETED.value},
    "FullMessage": {"extraction": {"category": {"value": "maintenance", "confidence": 0.97}}},
    "Receipt": {"status": InboxStatus.UNPROCESSED.value},
    "Changed": {"changed": 2},
    "Skipped": {"reason": "This message is read already."},
    "ChannelRow": {"channel_type": ChannelType.SMS.value, "name": "Main line", "messages": 12, "email_address": ""},
    "ChannelPage": {"kind": ChannelType.SMS.value, "name": "Main line", "region": "US", "closed_reply": "reopen",
                    "ring_seconds": 20, "texts_missed_callers": True, "email_address": ""},
    "AnswerRow": {"is_on": True, "window_minutes": 60, "daily_cap": 200, "channel_id": _ID,
                  "open_text": "Hi {name}, thanks for your message.", "closed_text": "Hi {name}, we are closed now."},
    "Workspace": {"name": "Maya's Repairs", "description": "Repairs in and around Portland."},
    "ListRow": {"name": "Tenants", "description": "Of both houses", "size": 12},
    "TypeRow": {"name": "Repair visit", "slug": "repair-visit", "minutes": 45, "price": "60.00 USD", "coming": 3,
                "is_public": True},
    "AppointmentRow": {"status": AppointmentStatus.SCHEDULED.value, "type_id": _ID, "type_name": "Repair visit",
                       "end": "2026-03-02T15:45:00Z", "host_id": _ID, "answers": {"Which unit?": "4B"},
                       "location": "At your place"},
    "SiteRow": {"id": "12", "name": "Our site", "score": "86", "trend": [79, 86], "open_issues": 11, "serious": 5,
                "categories": [[IssueCategory.ACCESSIBILITY.value, 73]]},
    "ScanLine": {"id": "31", "status": ScanStatus.COMPLETED.value, "issues": 12, "new": 1, "fixed": 4},
    "ScanView": {"id": "31", "status": ScanStatus.COMPLETED.value, "pages_scanned": 12, "issue_count": 12,
                 "new_issues": 1, "fixed_issues": 4, "categories": [[IssueCategory.ACCESSIBILITY.value, 73]]},
    "PageLine": {"status": 200, "seconds": "1.2", "findings": 3},
    "LossLine": {"category": IssueCategory.ACCESSIBILITY.value, "check": "image-alt", "points": "4.5",
                 "title": "Say in words what the image shows"},
    "IssueRow": {"id": "120", "status": IssueStatus.OPEN.value, "category": IssueCategory.ACCESSIBILITY.value,
                 "check": "image-alt", "title": "Say in words what the image shows", "path": "/", "wcag": "1.1.1",
                 "message": "It has no alternative.", "selector": "#hero > img", "html": '<img src="/van.jpg">',
                 "why": "Who does not see the image is told nothing of it.", "fix_confidence": 45,
                 "fix_code": '<img alt="" src="/van.jpg">', "fix_explanation": "Say what it shows."},
    "ListingRow": {"status": ListingStatus.OPEN.value, "budget": "up to $300.00", "bids": 2, "mine": True,
                   "business": "Maya's Repairs", "may_manage": True},
    "BidRow": {"status": BidStatus.PENDING.value, "kind": VendorType.HUMAN.value, "vendor": "Casco Bay Plumbing",
               "vendor_id": _ID, "listing_id": _ID, "amount": "$240.00", "amount_typed": "240.00", "total": "$252.00",
               "fee": "$12.00", "gets": "$240.00", "days": "3", "stars": "5.00", "message": "I can come on Tuesday."},
    "VendorRow": {"kind": VendorType.HUMAN.value, "rate": "$95.00 an hour", "rate_typed": "95.00", "radius": "40",
                  "pricing": PricingModel.HOURLY.value, "stars": "5.00", "completion": "1 of 1 jobs finished"},
    "PartRow": {"name": "category", "points": 30, "of": 30, "said": "does maintenance"},
    "RatingRow": {"stars": 5, "shown": "★★★★★", "words": "On time and tidy."},
    "PaymentRow": {"status": TransactionStatus.PENDING.value, "listing_id": _ID, "vendor": "Casco Bay Plumbing",
                   "vendor_id": _ID, "price": "$240.00", "fee": "$12.00", "total": "$252.00", "vendor_gets": "$240.00",
                   "method": "marketplace", "payable": True},
    "PlaceToPay": {"payment_id": _ID, "url": "https://checkout.stripe.com/c/pay/cs_…", "amount": "252.00"},
    "ActorRow": {"kind": ActorType.AI_AGENT.value, "status": ActorStatus.ACTIVE.value, "name": "Scribe", "ours": True,
                 "relation": RelationshipType.OWNER.value.lower(), "relationship_id": _ID, "tasks": 4},
    "ActorDetail": {"raises": ["Each task done well adds 2 points."], "may": ["send tasks", "write messages"]},
    "HandedRow": {"state": ExchangeState.IN_PROGRESS.value.lower().replace("_", " "), "progress": 40, "open": True},
    "PointRow": {"outcome": "success", "weight": "+2", "decay": "98%", "counts": "+1.96"},
    "ChangeRow": {"what": "created", "detail": "type: OWNER; via: CLAIM_CODE"},
    "KeyRow": {"id": "3f0c41d9a2b7", "kind": "bearer", "prefix": "tja_5b0cbb0c"},
    "Key": {"id": "3f0c41d9a2b7", "token": "tja_5b0cbb0c…"},
    "Code": {"code": "TJ-7KQ4MX"},
    "Relationship": {"actor_a_id": _ID, "actor_b_id": "0d5c4f1e-2d0b-4a53-8f6e-1c7c0f1f7a11",
                     "kind": RelationshipType.PEER.value, "via": EstablishedVia.CLAIM_CODE.value,
                     "permissions": {"message": True, "create_task": False}, "expires_at": None},
    "EnvelopeRow": {"kind": Kind.TASK_CREATE.value, "state": EnvelopeState.DELIVERED.value, "outgoing": True,
                    "source": "Maya's Repairs", "target": "Scribe"},
    "Talk": {"actor_a_id": _ID, "actor_b_id": "0d5c4f1e-2d0b-4a53-8f6e-1c7c0f1f7a11",
             "status": ConversationStatus.ACTIVE.value},
    "Said": {"kind": MessageType.TEXT.value, "sender_actor_id": _ID, "task_id": None},
    "RuleRow": {"name": "Plumbing", "when": "When category is “maintenance”", "then": "Give it to Luis Ferreira",
                "priority": 3, "times_matched": 8, "sentence": "title contains paint", "doer": "Scribe",
                "scopes": "painting", "actions": {"assign_to": "owner"}, "conditions": {"match_type": "all", "rules": [
                    {"field": "category", "operator": "equals", "value": "maintenance"}]}},
    "Preview": {"of": 50, "fits": 8, "decides": 6, "before": ["Repairs"]},
    "Fit": {"item_id": _ID, "goes_to": "Plumbing"},
    "ConversationRow": {"person_id": _ID, "unread": 1},
    "LoadRow": {"user_id": _ID, "open": 3, "soon": 1, "done": 3},
    "NoticeGroup": {"type": "task_assigned", "link": f"/tasks/{_ID}"},
    "FileRow": {"name": "faucet.jpg", "content_type": "image/jpeg", "size": "84 kB", "href": f"/files/{_ID}",
                "is_image": True},
    "Report": {"board": "monday", "from": "2026-02-23", "to": "2026-03-01", "channel": None},
    "Tile": {"key": "late", "title": "Late now and at risk", "formula": "Open tasks whose due time is past."},
    "Line": {"label": "Late", "value": 3, "text": "3"},
    "Number": {"tile": "late"},
    "Chart": {"key": "in", "title": "Work in", "formula": "Tasks made in the period.", "kind": "bars",
              "series": ["Tasks"]},
    "Point": {"label": "23 Feb", "numbers": [4]},
    "Event": {"id": 979, "door": "api", "kind": "task.created", "subject_type": "task", "subject_id": _ID,
              "who_id": _ID, "data": {"status": TaskStatus.PENDING.value}, "hash": "a2bb46e4" * 8},
    "Webhook": {"url": f"{_PAGE}hooks", "kinds": ["task.*"], "description": "The shop's own list"},
    "WithSecret": {"secret": "whsec_…"},
    "Delivery": {"message_id": "msg_5b0cbb0c", "kind": "task.created", "state": DeliveryState.DELIVERED.value,
                 "delivered_at": _AT, "body": {"type": "task.created", "timestamp": _AT, "data": {"id": _ID}}},
    "Attempt": {"status": 200, "ms": 84},
    "MessageRow": {"seen_at": ""},
    "Listed[dict[str, Any]]": {"items": [{"text": "It drips again", "fact": "category", "machine": {"value": "general"},
                                          "value": "maintenance"}]},
}  # fmt: skip
"""What fields say of one kind of thing. What is said of Task is said of a FullTask too."""
_ALSO = {"FullTask": "Task", "FullMessage": "Message", "WithSecret": "Webhook", "Number": "Line"}


def of(schema: Mapping[str, Any], schemas: Mapping[str, Any], said: Any = None) -> Any:
    """A value that the schema allows; `said` is what a field of that name says, if it is of that type."""
    if reference := schema.get("$ref"):
        return of(schemas[reference.rpartition("/")[2]], schemas, said)
    if choices := schema.get("anyOf"):
        return _one_of(choices, schemas, said)
    if properties := schema.get("properties"):
        kind = str(schema.get("title", ""))
        own = {**FIELDS, **KINDS.get(_ALSO.get(kind, ""), {}), **KINDS.get(kind, {})}
        own.setdefault("id", _ID)
        return {name: of(one, schemas, own.get(name)) for name, one in properties.items()}
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "array":
        return said if isinstance(said, list) else _items(schema.get("items", {}), schemas)
    return said if _is(said, schema.get("type")) else _EMPTY[schema.get("type", "object")]


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (dict,),
    "null": (type(None),),
}  # fmt: skip
_EMPTY: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "object": {}, "null": None}


def _is(said: Any, kind: str | None) -> bool:
    return isinstance(said, _TYPES[kind or "object"]) and (kind == "boolean" or not isinstance(said, bool))


def _one_of(choices: list[dict[str, Any]], schemas: Mapping[str, Any], said: Any) -> Any:
    """The first of the choices that says what is to be said, null when nothing is."""
    fitting = [one for one in choices if "type" in one and _is(said, one["type"])]
    return of(fitting[0] if fitting else choices[-1 if said is None else 0], schemas, said)


def _items(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Any]:
    """One thing of a list of things; of plain values there is none."""
    return [of(schema, schemas)] if "$ref" in schema else []
