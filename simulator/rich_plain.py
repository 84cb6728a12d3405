"""The plain twin of a rich message: what screen readers, previews and old clients get."""

from simulator.rich_text import plain
from simulator.wire import Json


def plain_text(blocks: list[Json]) -> str:
    """Return the words of all blocks, a line for each; of tables a line for each row."""
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def _lines(block: Json) -> list[str]:
    """Return the lines of a block, the folded ones of details included."""
    lines = [plain(block.get("summary")), plain(block.get("text")), block.get("expression", "")]
    lines += [_row(row) for row in block.get("cells", ())]
    for item in block.get("items", ()):
        mark = ("☑ " if item.get("is_checked") else "☐ ") if item.get("has_checkbox") else ""
        lines.append(f"{item['label']} {mark}{plain_text(item['blocks'])}")
    lines.append(plain_text(block.get("blocks", [])))
    if "location" in block:
        place = block["location"]
        lines.append(f"{place['latitude']}, {place['longitude']}")
    lines.append(" | ".join(plain(button["text"]) for button in block.get("buttons", ())))
    lines += [_caption(block.get("caption")), plain(block.get("credit"))]
    return lines


def _caption(value: object) -> str:
    """Return the words of a caption: of tables a text, of all else an object with one."""
    if isinstance(value, dict) and "type" not in value:
        return plain(value["text"])
    return plain(value)


def _row(row: list[Json]) -> str:
    return " | ".join(plain(cell.get("text")) for cell in row)
