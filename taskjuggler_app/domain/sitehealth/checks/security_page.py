"""What the page itself does that is unsafe: scripts of others, old libraries, forms, cookies, links."""

import re
from urllib.parse import urlsplit

from taskjuggler_app.domain.sitehealth.checks.registry import CRITICAL, HIGH, LOW, MEDIUM, Found, Place, at, page_check
from taskjuggler_app.domain.sitehealth.checks.security import SAFE, on_this_machine
from taskjuggler_app.domain.sitehealth.checks.vulnerable import known_problem, named_in
from taskjuggler_app.domain.sitehealth.visit import Visit


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


@page_check(
    "vulnerable-js",
    HIGH,
    "Update libraries with known holes",
    "How to break in through them is published; attackers look for pages that still have them.",
    "GitHub Advisory Database",
    category=SAFE,
)
def vulnerable(visit: Visit) -> Found:
    found = {name: version for row in visit.rows("scripts") for name, version in named_in(str(row["src"]))}
    found |= {str(name): str(version) for name, version in (visit.facts.get("libraries") or {}).items() if version}
    for name, version in sorted(found.items()):
        if problem := known_problem(name, version):
            yield Place("", f"{name} {version}", f"{name} {version}: {problem}.", severity=MEDIUM)


@page_check(
    "password-autocomplete",
    LOW,
    "Let password managers fill in",
    "Who has to type a password chooses a short one.",
    "OWASP ASVS 2.1.11; WCAG 2.2, 3.3.8",
    category=SAFE,
)
def password_autocomplete(visit: Visit) -> Found:
    for row in visit.rows("controls"):
        if row["type"] == "password" and row["autocomplete"] == "off":
            yield at(row, "autocomplete=off keeps password managers out.")
