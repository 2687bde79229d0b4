"""What the answer's headers and its connection say about safety. Reading only: nothing is tried out."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from taskjuggler_app.core.netaddr import AddressRefused, is_local, literal
from taskjuggler_app.domain.sitehealth.checks.registry import CRITICAL, HIGH, LOW, MEDIUM, Found, Place, page_check
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory

SAFE = IssueCategory.SECURITY
_YEAR_HALF = 15_552_000
_VERSION = re.compile(r"\d+\.\d+")


def on_this_machine(url: str) -> bool:
    """Whether the page is served from this machine or a private network, where HTTPS rules do not apply."""
    host = urlsplit(url).hostname or ""
    try:
        address = literal(host)
    except AddressRefused:
        return False
    return host == "localhost" or host.endswith(".localhost") or (address is not None and is_local(address))


def _policy(visit: Visit) -> dict[str, list[str]]:
    """The content security policy as directive -> values."""
    text = visit.headers.get("content-security-policy") or str(
        (visit.facts.get("metas") or {}).get("content-security-policy") or ""
    )
    parts = [part.split() for part in text.replace("\n", ";").split(";") if part.strip()]
    return {part[0].lower(): [value.lower() for value in part[1:]] for part in reversed(parts)}


@page_check(
    "https-missing",
    CRITICAL,
    "Serve the site over HTTPS",
    "Anybody on the way can read and change it.",
    "RFC 2818; Lighthouse: is-on-https",
    category=SAFE,
)
def https_missing(visit: Visit) -> Found:
    if visit.final_url.startswith("http://") and not on_this_machine(visit.final_url):
        yield Place("", "", "The page comes over plain HTTP.")


@page_check(
    "hsts",
    MEDIUM,
    "Tell browsers to come over HTTPS only",
    "The first visit of each can be caught otherwise.",
    "RFC 6797",
    category=SAFE,
)
def hsts(visit: Visit) -> Found:
    if visit.final_url.startswith("https://") and not on_this_machine(visit.final_url):
        header = visit.headers.get("strict-transport-security", "")
        age = re.search(r"max-age=\"?(\d+)", header)
        if not age or int(age[1]) < _YEAR_HALF:
            yield Place(
                "", header, "Strict-Transport-Security is short." if age else "Strict-Transport-Security is missing."
            )


@page_check(
    "csp-missing",
    MEDIUM,
    "Send a content security policy",
    "It limits what injected code can do.",
    "W3C Content Security Policy 3; OWASP secure headers",
    category=SAFE,
)
def csp_missing(visit: Visit) -> Found:
    if not _policy(visit):
        yield Place("", "", "There is no Content-Security-Policy.")


@page_check(
    "csp-weak",
    HIGH,
    "Close the holes of the content security policy",
    "A policy with these holes stops nothing.",
    "Google CSP Evaluator; W3C CSP 3",
    category=SAFE,
)
def csp_weak(visit: Visit) -> Found:
    policy = _policy(visit)
    if not policy:
        return
    scripts = policy.get("script-src", policy.get("default-src"))
    if scripts is None:
        yield Place("", "", "It does not limit scripts (script-src or default-src).")
        return
    nonce = any(value.startswith(("'nonce-", "'sha")) for value in scripts)
    if "'unsafe-inline'" in scripts and not nonce and "'strict-dynamic'" not in scripts:
        yield Place("", "", "script-src allows 'unsafe-inline'.")
    if "'unsafe-eval'" in scripts:
        yield Place("", "", "script-src allows 'unsafe-eval'.", severity=MEDIUM)
    if {"*", "http:", "https:", "data:"} & set(scripts) and "'strict-dynamic'" not in scripts:
        yield Place("", "", "script-src allows scripts from anywhere.")
    if "object-src" not in policy and "default-src" not in policy:
        yield Place("", "", "object-src is not set.", severity=MEDIUM)
    if "base-uri" not in policy and nonce:
        yield Place("", "", "base-uri is not set: relative scripts can be led elsewhere.", severity=MEDIUM)


@page_check(
    "clickjacking",
    MEDIUM,
    "Forbid others to frame the page",
    "People click on yours while they see another.",
    "RFC 7034; CSP frame-ancestors",
    category=SAFE,
)
def clickjacking(visit: Visit) -> Found:
    if "frame-ancestors" not in _policy(visit) and not visit.headers.get("x-frame-options"):
        yield Place("", "", "Neither frame-ancestors nor X-Frame-Options is sent.")


@page_check(
    "nosniff",
    LOW,
    "Forbid guessing of types",
    "An uploaded text may be run as a script.",
    "WHATWG Fetch, 3.6",
    category=SAFE,
)
def nosniff(visit: Visit) -> Found:
    if visit.headers.get("x-content-type-options", "").lower() != "nosniff":
        yield Place("", "", "X-Content-Type-Options: nosniff is missing.")


@page_check(
    "referrer-policy",
    LOW,
    "Say how much of an address others learn",
    "Addresses can hold secrets.",
    "W3C Referrer Policy",
    category=SAFE,
)
def referrer(visit: Visit) -> Found:
    value = visit.headers.get("referrer-policy") or str((visit.facts.get("metas") or {}).get("referrer") or "")
    if not value or "unsafe-url" in value:
        yield Place(
            "", value, "Referrer-Policy is missing." if not value else "Referrer-Policy tells everybody everything."
        )


@page_check(
    "permissions-policy",
    LOW,
    "Turn off what the page does not use",
    "Camera, microphone and position need not be on offer.",
    "W3C Permissions Policy",
    category=SAFE,
)
def permissions(visit: Visit) -> Found:
    if not visit.headers.get("permissions-policy"):
        yield Place("", "", "Permissions-Policy is missing.")


@page_check(
    "server-version",
    LOW,
    "Do not tell versions",
    "They say which known holes to try.",
    "OWASP WSTG-INFO-02",
    category=SAFE,
)
def server_version(visit: Visit) -> Found:
    for name in ("server", "x-powered-by", "x-aspnet-version", "x-generator"):
        if _VERSION.search(visit.headers.get(name, "")):
            yield Place("", f"{name}: {visit.headers[name]}", f"{name} tells a version.")


@page_check(
    "cors-wildcard",
    HIGH,
    "Do not open the answers to every site",
    "Any site can read them in the name of your visitors.",
    "WHATWG Fetch, CORS protocol",
    category=SAFE,
)
def cors(visit: Visit) -> Found:
    origin = visit.headers.get("access-control-allow-origin", "")
    if visit.headers.get("access-control-allow-credentials") == "true" and origin in ("*", "null"):
        yield Place("", origin, "Everybody may read answers with credentials.")


@page_check("tls-old", HIGH, "Speak TLS 1.2 or newer", "Older ones are broken.", "RFC 8996", category=SAFE)
def tls_old(visit: Visit) -> Found:
    if str(visit.tls.get("protocol") or "") in ("TLS 1.0", "TLS 1.1", "SSL 3.0"):
        yield Place("", "", f"The connection speaks {visit.tls['protocol']}.")


@page_check(
    "tls-expiry",
    HIGH,
    "Renew the certificate in time",
    "From that moment on browsers refuse the site.",
    "CA/Browser Forum baseline requirements",
    category=SAFE,
)
def tls_expiry(visit: Visit) -> Found:
    if until := visit.tls.get("validTo"):
        days = (datetime.fromtimestamp(float(until), UTC) - datetime.now(UTC)).days
        if days < 14:
            yield Place("", "", f"The certificate ends in {days} days.", severity=HIGH if days < 7 else MEDIUM)


@page_check(
    "coop",
    LOW,
    "Keep other windows apart",
    "A page that opened this one keeps a handle on it.",
    "HTML Living Standard: Cross-Origin-Opener-Policy",
    category=SAFE,
)
def coop(visit: Visit) -> Found:
    signs_in = visit.final_url.startswith("https://") and any(row["password"] for row in visit.rows("forms"))
    if signs_in and not visit.headers.get("cross-origin-opener-policy"):
        yield Place("", "", "Cross-Origin-Opener-Policy is missing on a page where people sign in.")
