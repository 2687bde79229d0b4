"""Answers of plain ASGI apps: the webhooks'."""

from starlette.types import Send

TEXT = [(b"content-type", b"text/plain; charset=utf-8")]
XML = [(b"content-type", b"text/xml; charset=utf-8")]


async def answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """One whole response."""
    sized = [*headers, (b"content-length", b"%d" % len(body)), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body})
