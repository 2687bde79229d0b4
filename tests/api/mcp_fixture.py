"""The fixture server that the conformance suite of the Model Context Protocol asks for, on our SDK.

After the SDK's own everything-server (MIT), with what the scenarios use. `python -m tests.api.mcp_fixture PORT`.
"""

import asyncio
import base64
import json
import sys
from typing import Any

from mcp.server import ServerRequestContext
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp.types import (
    AudioContent,
    Completion,
    CompletionArgument,
    CompletionContext,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    JSONRPCMessage,
    PromptReference,
    ResourceTemplateReference,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
SOUND = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
Ctx = Context[Any, Any]
mcp: MCPServer[Any] = MCPServer(name="conformance-fixture", version="1", log_level="ERROR")


class Events(EventStore):
    """What was sent, for clients that come back."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, JSONRPCMessage | None]] = []

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        self._kept.append((stream_id, message))
        return str(len(self._kept))

    async def replay_events_after(self, last_event_id: str, send_callback: EventCallback) -> str | None:
        place = int(last_event_id)
        if not 0 < place <= len(self._kept):
            return None
        stream = self._kept[place - 1][0]
        for number, (other, message) in enumerate(self._kept[place:], place + 1):
            if other == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream


def _embedded(uri: str, kind: str, text: str) -> EmbeddedResource:
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=kind, text=text))


def _picture() -> ImageContent:
    return ImageContent(type="image", data=PICTURE, mime_type="image/png")


@mcp.tool()
def test_simple_text() -> str:
    """Plain text."""
    return "This is a simple text response for testing."


@mcp.tool()
def test_image_content() -> list[ImageContent]:
    """A picture."""
    return [_picture()]


@mcp.tool()
def test_audio_content() -> list[AudioContent]:
    """A sound."""
    return [AudioContent(type="audio", data=SOUND, mime_type="audio/wav")]


@mcp.tool()
def test_embedded_resource() -> list[EmbeddedResource]:
    """A resource inside the answer."""
    return [_embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")]


@mcp.tool()
def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """Three kinds at once."""
    said = TextContent(type="text", text="Multiple content types test:")
    return [said, _picture(), _embedded("test://mixed-content-resource", "application/json", '{"test": "data"}')]


@mcp.tool()
async def test_tool_with_logging(ctx: Ctx) -> str:
    """Says what it does."""
    for said in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(said)
        await asyncio.sleep(0.05)
    return "Tool with logging executed successfully"


@mcp.tool()
async def test_tool_with_progress(ctx: Ctx) -> str:
    """Says how far it is."""
    for done in (0, 50, 100):
        await ctx.report_progress(progress=done, total=100, message=f"Completed step {done} of 100")
        await asyncio.sleep(0.05)
    return "done"


@mcp.tool()
def test_error_handling() -> str:
    """Fails."""
    raise RuntimeError("This tool intentionally returns an error for testing")


@mcp.tool()
async def test_sampling(prompt: str, ctx: Ctx) -> str:
    """Asks the client's model."""
    asked = [SamplingMessage(role="user", content=TextContent(type="text", text=prompt))]
    answer = await ctx.session.create_message(messages=asked, max_tokens=100, related_request_id=ctx.request_id)
    return f"LLM response: {answer.content.text if answer.content.type == 'text' else ''}"


class Answer(BaseModel):
    """What is asked of the user."""

    response: str = Field(description="User's response")


class Defaults(BaseModel):
    """Defaults of every primitive type (SEP-1034)."""

    name: str = Field(default="John Doe", description="User name")
    age: int = Field(default=30, description="User age")
    score: float = Field(default=95.5, description="User score")
    status: str = Field(
        default="active", description="Status", json_schema_extra={"enum": ["active", "inactive", "pending"]}
    )
    verified: bool = Field(default=True, description="Verification status")


def _titled(**options: str) -> list[Any]:
    return [{"const": name, "title": title} for name, title in options.items()]


class Enums(BaseModel):
    """The five ways to say a choice (SEP-1330), under the names that the suite asks for."""

    untitledSingle: str = Field(json_schema_extra={"enum": ["active", "inactive", "pending"]})
    titledSingle: str = Field(json_schema_extra={"oneOf": _titled(low="Low", medium="Medium", high="High")})
    untitledMulti: list[str] = Field(json_schema_extra={"items": {"type": "string", "enum": ["read", "write"]}})
    titledMulti: list[str] = Field(
        json_schema_extra={"items": {"anyOf": _titled(feature="New", bug="Bug", docs="Docs")}}
    )
    legacyEnum: str = Field(json_schema_extra={"enum": ["small", "large"], "enumNames": ["Small", "Large"]})


async def _asked(ctx: Ctx, message: str, schema: type[BaseModel]) -> str:
    answer = await ctx.elicit(message=message, schema=schema)
    said = answer.data.model_dump_json() if answer.action == "accept" else "{}"
    return f"action={answer.action}, content={said}"


@mcp.tool()
async def test_elicitation(message: str, ctx: Ctx) -> str:
    """Asks the user."""
    return await _asked(ctx, message, Answer)


@mcp.tool()
async def test_elicitation_sep1034_defaults(ctx: Ctx) -> str:
    """Asks with defaults."""
    return await _asked(ctx, "Please provide user information", Defaults)


@mcp.tool()
async def test_elicitation_sep1330_enums(ctx: Ctx) -> str:
    """Asks with choices."""
    return await _asked(ctx, "Please select", Enums)


@mcp.tool()
async def test_reconnection(ctx: Ctx) -> str:
    """Closes the stream in the middle (SEP-1699)."""
    await ctx.close_sse_stream()
    await asyncio.sleep(0.2)
    return "Reconnection test completed"


@mcp.tool()
def json_schema_2020_12_tool() -> str:
    """Its schema, put in below, has keywords of 2020-12 that have to come through (SEP-1613)."""
    return "done"


mcp._tool_manager._tools["json_schema_2020_12_tool"].parameters = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"address": {"type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"}},
    "additionalProperties": False,
}


@mcp.resource("test://static-text")
def static_text() -> str:
    """Text."""
    return "This is the content of the static text resource."


@mcp.resource("test://static-binary")
def static_binary() -> bytes:
    """Bytes."""
    return base64.b64decode(PICTURE)


@mcp.resource("test://template/{id}/data")
def template(id: str) -> str:
    """A resource with a parameter."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


@mcp.resource("test://watched-resource")
def watched() -> str:
    """Something to subscribe to."""
    return "Watched resource content"


def _says(text: str) -> UserMessage:
    return UserMessage(role="user", content=TextContent(type="text", text=text))


@mcp.prompt()
def test_simple_prompt() -> list[UserMessage]:
    """Without arguments."""
    return [_says("This is a simple prompt for testing.")]


@mcp.prompt()
def test_prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
    """With arguments."""
    return [_says(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")]


@mcp.prompt()
def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:
    """With a resource."""
    inside = _embedded(resourceUri, "text/plain", "Embedded resource content for testing.")
    return [UserMessage(role="user", content=inside), _says("Please process the embedded resource above.")]


@mcp.prompt()
def test_prompt_with_image() -> list[UserMessage]:
    """With a picture."""
    return [UserMessage(role="user", content=_picture()), _says("Please analyze the image above.")]


@mcp.completion()  # type: ignore[no-untyped-call, untyped-decorator]  # the SDK's own is not typed
async def complete(
    ref: PromptReference | ResourceTemplateReference, argument: CompletionArgument, context: CompletionContext | None
) -> Completion:
    """Nothing to propose."""
    return Completion(values=[], total=0, has_more=False)


async def _taken(ctx: ServerRequestContext[Any, Any], params: Any) -> EmptyResult:
    return EmptyResult()


for _name, _params in (
    ("logging/setLevel", SetLevelRequestParams),
    ("resources/subscribe", SubscribeRequestParams),
    ("resources/unsubscribe", UnsubscribeRequestParams),
):
    mcp._lowlevel_server.add_request_handler(_name, _params, _taken)


if __name__ == "__main__":
    mcp.run(transport="streamable-http", port=int(sys.argv[1]), event_store=Events(), retry_interval=100)
