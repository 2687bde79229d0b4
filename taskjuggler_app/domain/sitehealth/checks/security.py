"""What the answer, the cookies and the page say about its safety. Reading only: nothing is tried out."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from taskjuggler_app.core.netaddr import AddressRefused, is_local, literal
from taskjuggler_app.domain.sitehealth.checks.registry import CRITICAL, HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.checks.vulnerable import known_problem
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
    "cookie-flags",
    MEDIUM,
    "Protect cookies",
    "A script or another site can use them.",
    "RFC 6265bis; OWASP session management",
    category=SAFE,
)
def cookie_flags(visit: Visit) -> Found:
    host = urlsplit(visit.final_url).hostname or ""
    for cookie in visit.cookies:
        if not host.endswith(str(cookie.get("domain") or "").lstrip(".")):
            continue
        name, session = (
            str(cookie["name"]),
            bool(re.search(r"sess|auth|token|sid|login", str(cookie["name"]), re.IGNORECASE)),
        )
        if not cookie.get("secure") and visit.final_url.startswith("https://"):
            yield Place("", name, f"Cookie “{name}” is not Secure.", severity=HIGH if session else None)
        if session and not cookie.get("httpOnly"):
            yield Place("", name, f"Cookie “{name}” can be read by scripts (no HttpOnly).")
        if cookie.get("sameSite") == "None" and not cookie.get("secure"):
            yield Place("", name, f"Cookie “{name}” is sent along from everywhere (SameSite=None).")


@page_check(
    "mixed-content",
    HIGH,
    "Load everything over HTTPS",
    "One file over HTTP opens the whole page.",
    "W3C Mixed Content",
    category=SAFE,
)
def mixed(visit: Visit) -> Found:
    if visit.final_url.startswith("https://"):
        for row in [*visit.rows("scripts"), *visit.rows("styles"), *visit.rows("frames"), *visit.rows("images")]:
            if str(row["src"]).startswith("http://"):
                yield at(row, "It comes over plain HTTP.", severity=MEDIUM if row["tag"] == "img" else CRITICAL)


@page_check(
    "sri-missing",
    MEDIUM,
    "Pin scripts of others by their hash",
    "Whoever takes over the other host takes over the page.",
    "W3C Subresource Integrity",
    category=SAFE,
)
def sri(visit: Visit) -> Found:
    own = urlsplit(visit.final_url).hostname or ""
    base = ".".join(own.split(".")[-2:])
    for row in [*visit.rows("scripts"), *visit.rows("styles")]:
        host = urlsplit(str(row["src"])).hostname or own
        if (
            not host.endswith(base)
            and not row["integrity"]
            and re.search(r"cdn|unpkg|jsdelivr|ajax\.googleapis|code\.jquery", host + str(row["src"]))
        ):
            yield at(row, f"It comes from {host} without integrity.")


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


@page_check(
    "target-blank-noopener",
    LOW,
    "Cut the tie to pages opened in new windows",
    "Old browsers let them lead this page elsewhere.",
    "HTML Living Standard: noopener",
    category=SAFE,
)
def noopener(visit: Visit) -> Found:
    for row in visit.rows("links"):
        if (
            row["target"] == "_blank"
            and not re.search(r"noopener|noreferrer", row["rel"])
            and str(row["href"]).startswith("http")
            and urlsplit(str(row["href"])).hostname != urlsplit(visit.final_url).hostname
        ):
            yield at(row, "It has no rel=noopener.")


@page_check(
    "form-over-http",
    CRITICAL,
    "Send forms over HTTPS",
    "What people type is readable on the way.",
    "OWASP ASVS 12.2",
    category=SAFE,
)
def form_http(visit: Visit) -> Found:
    for row in visit.rows("forms"):
        action = str(row["action"] or "")
        plain = action.startswith("http://") and not on_this_machine(action)
        if plain and (row["password"] or visit.final_url.startswith("https://")):
            yield at(row, "The form is sent over plain HTTP.")


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
    "vulnerable-js",
    HIGH,
    "Update libraries with known holes",
    "The way in is published.",
    "GitHub Advisory Database",
    category=SAFE,
)
def vulnerable(visit: Visit) -> Found:
    for name, version in (visit.facts.get("libraries") or {}).items():
        if version and (problem := known_problem(str(name), str(version))):
            yield Place("", f"{name} {version}", f"{name} {version}: {problem}.", severity=MEDIUM)
