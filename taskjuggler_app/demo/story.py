"""The people, numbers, rules and messages of the demo workspace: Harbor Property Care, Portland, Maine.

Phone numbers are from the range reserved for fiction (555-0100 to 555-0199), addresses from example.com (RFC 2606).
A message is (hour of the day, sender, text); the sender indexes CALLERS.
"""

from typing import Any, NamedTuple

WORKSPACE = "Harbor Property Care"
ZONE = "America/New_York"
MAIN_LINE = "+12075550100"
EMERGENCY_LINE = "+12075550101"
FORM = "harbor-property-care"
FORM_WORDS = "A leak, a quote, a question: tell us, and a person answers today."
DESK = "desk"
DEMO_PASSWORD = "juggle three balls"  # noqa: S105  # printed at every start, and refused under a public address


class Person(NamedTuple):
    """Somebody who works at the demo business."""

    key: str
    name: str
    email: str
    is_admin: bool


PEOPLE = (
    Person("maya", "Maya Okafor", "maya@demo.example.com", True),
    Person("luis", "Luis Ferreira", "luis@demo.example.com", False),
    Person("ada", "Ada Lindqvist", "ada@demo.example.com", False),
    Person("tom", "Tom Becker", "tom@demo.example.com", False),
)

CALLERS = (
    ("+12075550110", "Rosa Delgado"),
    ("+12075550111", "Henry Walsh"),
    ("+12075550112", "Priya Nair"),
    ("+12075550113", "Grace Kim"),
    ("+12075550114", "Dan O'Brien"),
    ("+12075550115", "Yusuf Demir"),
    ("+12075550116", "Claire Fontaine"),
    ("+12075550117", "Marcus Reed"),
    ("+12075550118", "Elena Petrova"),
    ("+12075550119", "Sam Whitfield"),
    ("+12075550120", "Nora Jensen"),
    ("+12075550121", "Oliver Grant"),
)

RULES: tuple[dict[str, Any], ...] = (
    {
        "name": "Thanks stay in the inbox",
        "description": "Nice to read, nothing to do.",
        "priority": 3,
        "conditions": [{"field": "body", "operator": "contains", "value": "thank you so much"}],
        "actions": {"create_task": False},
    },
    {
        "name": "Robots are put away",
        "description": "Nobody reads what one would answer them.",
        "priority": 4,
        "conditions": [{"field": "body", "operator": "contains", "value": "do not reply to this mail"}],
        "actions": {"dismiss": True},
    },
    {
        "name": "Mark what comes after hours",
        "description": "So that we see in the morning what came in the evening. The next rules decide who does it.",
        "priority": 5,
        "conditions": {
            "match_type": "any",
            "rules": [
                {"field": "received", "operator": "time_between", "value": ["18:00", "07:00"]},
                {"field": "received", "operator": "day_in", "value": ["saturday", "sunday"]},
            ],
        },
        "actions": {"continue": True, "tags": ["after-hours"]},
    },
    {
        "name": "Emergencies to Luis, now",
        "description": "Water, gas and no heat cannot wait.",
        "priority": 10,
        "conditions": {
            "match_type": "any",
            "rules": [
                {"field": "urgency", "operator": "equals", "value": "urgent"},
                {"field": "body", "operator": "contains", "value": "burst"},
            ],
        },
        "actions": {
            "create_task": True,
            "assign_to": "luis",
            "priority": "urgent",
            "notify": True,
            "tags": ["emergency"],
        },
    },
    {
        "name": "Unhappy customers to Maya",
        "description": "Whoever is annoyed hears from the owner the same day, unless something is broken.",
        "priority": 15,
        "conditions": {
            "match_type": "all",
            "rules": [
                {
                    "match_type": "any",
                    "rules": [
                        {"field": "sentiment", "operator": "equals", "value": "negative"},
                        {"field": "body", "operator": "contains_any", "value": ["third time", "annoyed", "complain"]},
                    ],
                },
                {"field": "category", "operator": "not_in", "value": ["maintenance", "general"]},
            ],
        },
        "actions": {"assign_to": "maya", "priority": "high", "due_in_hours": 8, "tags": ["unhappy"]},
    },
    {
        "name": "Repairs to Luis",
        "description": "Everything that is broken but can wait a day.",
        "priority": 20,
        "conditions": [{"field": "category", "operator": "equals", "value": "maintenance"}],
        "actions": {"create_task": True, "assign_to": "luis", "priority": "normal", "notify": True, "tags": ["repair"]},
    },
    {
        "name": "Invoices and payments to Ada",
        "description": None,
        "priority": 30,
        "conditions": [{"field": "category", "operator": "equals", "value": "billing"}],
        "actions": {"create_task": True, "assign_to": "ada", "priority": "normal", "notify": True, "tags": ["billing"]},
    },
    {
        "name": "Appointments to Tom",
        "description": "Tom keeps the calendar.",
        "priority": 40,
        "conditions": [{"field": "category", "operator": "equals", "value": "scheduling"}],
        "actions": {
            "create_task": True,
            "assign_to": "tom",
            "priority": "normal",
            "notify": True,
            "tags": ["calendar"],
        },
    },
    {
        "name": "New business to Maya",
        "description": "Quotes and first enquiries, answered by the owner.",
        "priority": 50,
        "conditions": [{"field": "category", "operator": "equals", "value": "sales"}],
        "actions": {"create_task": True, "assign_to": "maya", "priority": "high", "notify": True, "tags": ["lead"]},
    },
    {
        "name": "Roof leaks to Tom",
        "description": "Tom knows the roofs. Written last, so it is never reached: the check-up says so.",
        "priority": 60,
        "conditions": [
            {"field": "category", "operator": "equals", "value": "maintenance"},
            {"field": "body", "operator": "contains_any", "value": ["roof", "gutter"]},
        ],
        "actions": {"assign_to": "tom", "priority": "high", "tags": ["roof"]},
    },
)

MESSAGES: tuple[str, ...] = (
    "Hi, this is Rosa. The kitchen faucet in unit 4B at 12 Oak Street is leaking again, can someone look at it?",
    "There is a burst pipe in the basement at 88 Harbor Ave, water everywhere. Please send someone right now!",
    "Can we move my appointment from Tuesday to Thursday at 3pm?",
    "I was charged twice on invoice 2214, could you please check and refund one of them?",
    "What would you charge for a full bathroom renovation? Looking for a quote before the end of the month.",
    "The heating in apartment 2 stopped working last night and we have a baby. It's urgent.",
    "Thank you so much for the quick fix yesterday, Luis was great!",
    "Is it possible to book a window cleaning for next Monday morning?",
    "Our lease ends in March and I would like to understand the notice period in the contract.",
    "The dishwasher makes a grinding noise and will not drain. Unit 7, 31 Pearl Street.",
    "Please send the receipt for last month's gutter cleaning to priya@example.com",
    "Do you also take care of small office buildings? We have two on Commercial Street and need a price.",
    "The front door lock is broken, the key does not turn. When can you come?",
    "How do I reset the code for the garage keypad?",
    "I still have not received my deposit back and I am getting really annoyed. Third time I am writing.",
    "Could Tom come by on Friday at 10 instead of 9?",
    "The smoke alarm in the hallway keeps beeping, low battery I think.",
    "Could you look into which heat pump would suit a 1920s house and tell us the options?",
    "Hello, I found you online. Do you offer yearly maintenance plans? Call me back at 207-555-0117.",
    "The payment link in your email does not work, it says expired.",
    "Snow removal: are we on the list for this winter?",
    "Toilet on the second floor is clogged, tenants are waiting. 5 Cedar Lane.",
    "I would like to cancel the visit on December 3rd please.",
    "There is mold around the bedroom window, it was painted over in spring and now it is back.",
    "Good morning, could you send over the signed agreement? My lawyer needs a copy.",
    "The light in the parking lot has been out for two days, it is not safe.",
    "Quick question: which day is recycling collected on Elm Street?",
    "We got the wrong invoice, it is addressed to the previous owner.",
    "Smell of gas in the laundry room!! Please call immediately",
    "Are you free for a walk-through of the new building on Wednesday at 2:30pm?",
    "The gate motor is stuck half open again.",
    "Just checking in on the quote for the deck repair, thanks!",
    "My neighbor recommended you. How much for painting three rooms?",
    "The washing machine leaked and the floor is swelling up. Unit 9.",
    "Can I pay by card instead of bank transfer?",
    "The hot water takes ten minutes to arrive since the last repair.",
)
