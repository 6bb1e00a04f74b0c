"""A program that speaks MCP with the protocol's own library: does what it reads line by line, and says what came of it.

DEVTEAM_URL is where the server's /mcp is, DEVTEAM_TOKEN what it shows, MCP_MODE how it begins: "auto" or "legacy".
"""

import asyncio
import json
import os
import sys

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def do(client, step):
    match step["do"]:
        case "about":
            return {"name": client.server_info.name, "version": client.protocol_version}
        case "tools":
            return plain(await client.list_tools())["tools"]
        case "call":
            return plain(await client.call_tool(step["name"], step["arguments"]))
        case "resources":
            return plain(await client.list_resources())["resources"]
        case "templates":
            return plain(await client.list_resource_templates())["resourceTemplates"]
        case "read":
            contents = plain(await client.read_resource(step["uri"]))["contents"]
            return [json.loads(content["text"]) for content in contents]


async def main():
    token = os.environ.get("DEVTEAM_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    statuses = []

    async def note(response):
        statuses.append(response.status_code)

    hooks = {"response": [note]}
    try:
        await speak(httpx2.AsyncClient(headers=headers, timeout=60, event_hooks=hooks))
    except Exception:
        if statuses != [401]:
            raise
        print(json.dumps({"refused": statuses}), flush=True)


async def speak(http):
    async with http:
        transport = streamable_http_client(os.environ["DEVTEAM_URL"] + "/mcp", http_client=http)
        async with Client(transport, mode=os.environ["MCP_MODE"]) as client:
            while line := await asyncio.to_thread(sys.stdin.readline):
                try:
                    said = {"ok": await do(client, json.loads(line))}
                except MCPError as error:
                    said = {"error": plain(error.error)}
                print(json.dumps(said), flush=True)


asyncio.run(main())
