"""Other people's tools find nothing wrong with the documents that describe the API and what is sent."""

import json
import subprocess
from copy import deepcopy

import pytest

from ops.faults.node import PROGRAMS, node

pytestmark = pytest.mark.asyncio
LONGEST_SECONDS = 300
ERROR, WARNING = 0, 1
# An endpoint's address is its own, so there are no servers; people are reached through the page, not by mail; and OpenAPI
# 3.1 lets any way to sign in name its scopes, which the rule only knows from OAuth.
MEANT = {
    *("asyncapi-servers", "asyncapi-info-contact-properties", "contact-properties"),
    "oas3-operation-security-defined",
}


def found_in(folder, **documents):
    """Tell what AsyncAPI's own parser and Spectral find in documents: for each its name, how bad it is, and the rule."""
    files = []
    for name, document in documents.items():
        files.append(folder / f"{name}.json")
        files[-1].write_text(json.dumps(document))
    said = subprocess.run(
        [node(), PROGRAMS / "contracts.mjs", *files], check=True, capture_output=True, timeout=LONGEST_SECONDS
    ).stdout
    return {
        (one["file"].rpartition("/")[2], one["tool"], one["severity"], one["code"], one["where"])
        for one in json.loads(said)
    }


async def read(service, path):
    """Read a document as anybody may."""
    return (await service.client.get(path)).json()


async def test_the_documents_are_without_fault(service, tmp_path):
    """Neither AsyncAPI's parser nor Spectral finds an error, or a warning that we do not mean."""
    found = found_in(
        tmp_path,
        asyncapi=await read(service, "/api/asyncapi.json"),
        openapi=await read(service, "/api/openapi.json"),
    )
    assert [one for one in sorted(found) if one[2] <= WARNING and one[3] not in MEANT] == []


async def test_the_tools_find_what_is_planted(service, tmp_path):
    """A message that is nowhere, an operation that nobody knows and an example that is not valid are errors."""
    events, api = await read(service, "/api/asyncapi.json"), await read(service, "/api/openapi.json")
    astray, shouted = deepcopy(events), deepcopy(events)
    astray["channels"]["standard"]["messages"]["VoteCast"]["$ref"] = "#/components/messages/VoteForgotten"
    shouted["operations"]["sendStandard"]["action"] = "shout"
    body = api["webhooks"]["VoteCast"]["post"]["requestBody"]["content"]["application/json"]
    body["examples"]["example"]["value"]["position"] = "nowhere"
    # What is called is examined above; only what is sent is looked at here.
    api["paths"] = {}
    found = found_in(tmp_path, astray=astray, shouted=shouted, api=api)
    assert {(file, tool) for file, tool, severity, _, _ in found if severity == ERROR} == {
        *(("astray.json", "parser"), ("astray.json", "spectral")),
        *(("shouted.json", "parser"), ("shouted.json", "spectral")),
        ("api.json", "spectral"),
    }
