"""What a provider still wants of somebody it shall pay, in words.

Sources: Stripe, "Account capabilities and requirements", "The Account object" (requirements.disabled_reason).
"""

from collections.abc import Iterable

_NEEDS = {
    "external_account": "A bank account or card for payouts",
    "tos_acceptance": "That you agree to the provider's terms",
    "business_type": "Whether you are a person or a company",
    "business_profile.mcc": "What kind of business you are",
    "business_profile.url": "Your web site, or what you sell",
    "business_profile.product_description": "Your web site, or what you sell",
    "company.tax_id": "The company's tax number",
    "company.verification": "A document about the company",
    "company": "The company's name and address",
    "owners": "Who owns the company",
    "directors": "Who directs the company",
    "executives": "Who leads the company",
}
_PERSON = {
    "first_name": "Your name",
    "last_name": "Your name",
    "dob": "Your date of birth",
    "address": "Your address",
    "email": "Your e-mail address",
    "phone": "Your phone number",
    "id_number": "Your tax number",
    "ssn_last_4": "Your tax number",
    "verification": "A picture of an identity document",
}
_PEOPLE = ("individual", "representative", "person_")
_DISABLED = {
    "requirements.pending_verification": "What you gave is being checked.",
    "under_review": "The provider is looking at your account.",
    "listed": "The provider is looking at your account.",
    "platform_paused": "Payouts to you are paused.",
    "rejected": "The provider does not pay to this account.",
}


def words(needs: Iterable[str]) -> list[str]:
    """The provider's codes (`individual.dob.day`) as people say them, each once."""
    return list(dict.fromkeys(_word(code) for code in needs))


def why_disabled(reason: str) -> str:
    """Why nothing is paid out, in words; "" when only what is needed is missing."""
    return _DISABLED.get(reason) or _DISABLED.get(reason.partition(".")[0], "")


def _word(code: str) -> str:
    first, _, rest = code.partition(".")
    if first.startswith(_PEOPLE):
        found = _PERSON.get(rest.partition(".")[0])
    else:
        second = ".".join(code.split(".")[:2])
        found = _NEEDS.get(second) or _NEEDS.get(first)
    return found or code.replace(".", " ").replace("_", " ").capitalize()
