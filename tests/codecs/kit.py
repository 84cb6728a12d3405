"""What tests of codecs share: a vendor's file, and how somebody sends it."""

import hashlib
import json
from typing import Any

from tests.county import County, Person
from tests.rigging import rows_of

CODEC = """/* examples: [
  {"description": "two metres", "bytes": "07d0", "fPort": 1, "expected": {"level": 2.0}},
  {"bytes": [0, 1], "fPort": 1, "expected": {"level": 0.001}}
] */
function decodeUplink(input) {
  if (input.fPort !== 1) return { errors: ["unknown port"] };
  return { data: { level: (input.bytes[0] * 256 + input.bytes[1]) / 1000 } };
}
"""
BARE = CODEC.partition("*/")[2]
EXAMPLES = [{"bytes": "07d0", "fPort": 1, "expected": {"level": 2.0}}]
DIGEST = hashlib.sha256(CODEC.encode()).hexdigest()


async def sends(
    person: Person, content: str | bytes | object, caption: str, name: str = "vendor.js"
) -> str:
    """Send a document; return what the bot said."""
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    plain = content.encode() if isinstance(content, str) else content
    file_id = f"F{len(person.county.telegram.files)}"
    person.county.telegram.files[file_id] = plain
    document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name}
    said = await person.sends(
        {"document": {**document, "file_size": len(plain)}, "caption": caption}
    )
    return "\n\n".join(one.text for one in said)


async def checks(county: County) -> None:
    await county.runs("check codecs")


async def codecs(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, "codec")


async def uploads(county: County) -> list[dict[str, Any]]:
    return await rows_of(county.application, "codec_upload")


async def released(county: County) -> dict[int, str]:
    async with county.application.work.reading() as services:
        found = await services.codecs.released()
        return {number: script.source for number, script in found.items()}
