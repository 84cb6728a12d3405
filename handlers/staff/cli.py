"""`abibot staff invite ROLE LABEL`: the first one-time code, from the operator's terminal."""

import asyncio

import click

from handlers.terminal import Terminal
from services.staff.rules import Role


@click.group("staff")
def command() -> None:
    """Give roles."""


@command.command()
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("label")
@click.option(
    "--town", default="", help="Only for this municipality; the whole county by default."
)
@click.pass_obj
def invite(terminal: Terminal, role: str, label: str, town: str) -> None:
    """Print a one-time code for ROLE; LABEL says which desk it is, not which person."""
    places = terminal.region.gazetteer.find(town) if town else ()
    if town and len(places) != 1:
        raise click.ClickException(terminal.text("golive.which-town", town=town).unescape())
    area = places[0].ars if places else terminal.region.facts.ars
    code = asyncio.run(_invite(terminal, Role(role), area, label))
    click.echo(terminal.text("cli.invited", code=code).unescape())


async def _invite(terminal: Terminal, role: Role, area: str, label: str) -> str:
    async with terminal.transaction() as services:
        code: str = await services.staff.invite(None, role=role, area=area, label=label)
        return code
