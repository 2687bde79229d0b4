"""What goes over the wire while a page loads, from Chromium's own network events."""

from typing import Any

from playwright.async_api import CDPSession

from taskjuggler_app.domain.sitehealth.visit import Request, Visit

MOST = 2000


class Recorder:
    """Listens to one page's network and fills a visit with it."""

    def __init__(self) -> None:
        self._requests: dict[str, Request] = {}
        self._chain: list[tuple[int, str]] = []
        self._main: dict[str, Any] = {}
        self._main_frame = ""

    async def attach(self, session: CDPSession) -> None:
        """Listen from now on."""
        tree = await session.send("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        await session.send("Network.enable")

    def fill(self, visit: Visit, final_url: str) -> None:
        """What was seen so far."""
        visit.final_url = final_url
        visit.requests = list(self._requests.values())
        visit.redirects = self._chain
        visit.status = int(self._main.get("status") or 0)
        visit.headers = _lower(self._main.get("headers") or {})
        visit.tls = dict(self._main.get("securityDetails") or {})

    def _is_document(self, event: dict[str, Any]) -> bool:
        return event.get("type") == "Document" and event.get("frameId") == self._main_frame

    def _sent(self, event: dict[str, Any]) -> None:
        answer = event.get("redirectResponse")
        if answer and self._is_document(event):
            self._chain.append((int(answer["status"]), str(event["request"]["url"])))

    def _answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if self._is_document(event):
            self._main = response
        if len(self._requests) < MOST and not response["url"].startswith(("data:", "blob:")):
            self._requests[event["requestId"]] = Request(
                url=response["url"],
                kind=str(event.get("type") or "").lower(),
                status=int(response["status"]),
                mime=str(response.get("mimeType") or ""),
                protocol=str(response.get("protocol") or ""),
                headers=_lower(response.get("headers") or {}),
            )

    def _finished(self, event: dict[str, Any]) -> None:
        if (request := self._requests.get(event["requestId"])) is not None:
            request.size = int(event.get("encodedDataLength") or 0)


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
