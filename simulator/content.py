"""Texts as fields of a message."""

from collections.abc import Callable

from simulator.entities import Entity, FormattedText, entity_json
from simulator.views import user_json
from simulator.wire import Json
from simulator.world import World


def text_fields(
    world: World, formatted: FormattedText, text: str = "text", entities: str = "entities"
) -> Json:
    """Return the fields of a message that hold a text."""
    if not formatted.text:
        return {}
    shown = [entity for entity in map(_shown(world), formatted.entities) if entity]
    return {text: formatted.text} | ({entities: shown} if shown else {})


def _shown(world: World) -> Callable[[Entity], Json | None]:
    def show(entity: Entity) -> Json | None:
        if entity.kind != "text_mention":
            return entity_json(entity)
        # Telegram drops mentions of people it does not know.
        known = entity.user_id in world.directory.people or entity.user_id == world.bot.id
        return entity_json(entity, user_json(world, entity.user_id)) if known else None

    return show
