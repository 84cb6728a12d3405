"""Puts the house together: database, use cases, and the four roles of the running bot."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.settings import LorawanSettings, Settings
from bot.unit_of_work import UnitsOfWork
from bot.wiring import House, Services
from handlers.masking import Masking
from handlers.uplinks.sources import Sender, read_sources
from services.alarms.reading import read_rules
from services.catalogue.service import SnapshotCache
from services.clock import Clock, utc_now
from services.db import open_database
from services.faq.reading import read_book
from services.golive.rules import Policy
from services.heavy.service import OneProcess, Queue
from services.inbox.service import Limits
from services.readings.records import Retention
from services.region.service import Region
from services.uplinks.rules import Keeping


class Application:
    """The house without its connection to Telegram; enough for the command line."""

    def __init__(self, settings: Settings, region: Region, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.region = region
        self.database = open_database(settings.database.url)
        file = settings.sources_file
        self.senders: Mapping[str, Sender] = read_sources(file) if file else {}
        self.work = UnitsOfWork(
            self.database,
            House(
                region=region,
                clock=clock,
                limits=Limits(
                    person_per_minute=settings.limits.person_per_minute,
                    overall_per_minute=settings.limits.overall_per_minute,
                    retention=timedelta(hours=settings.inbox.retention_hours),
                ),
                policy=policy(settings, region),
                cache=SnapshotCache(),
                queue=queue(settings),
                masks=Masking(region),
                retention=retention(settings.lorawan),
                book=read_book(settings.region_folder),
                sources={name: one.source for name, one in self.senders.items()},
                keeping=keeping(settings.lorawan.raw_days),
                opened_at=clock(),
                rule_book=read_rules(settings.region_folder),
            ),
        )

    def transaction(self) -> AbstractAsyncContextManager[Services]:
        return self.work.transaction()

    def know_channel(self, telegram_id: int) -> None:
        """From now on go-live news are posted in this channel."""
        house = self.work.house
        self.work.house = replace(house, policy=replace(house.policy, channel=telegram_id))

    def know_senders(self, senders: Mapping[str, Sender]) -> None:
        """From now on these may send sensor data, instead of those of the file."""
        self.senders = senders
        sources = {name: one.source for name, one in senders.items()}
        self.work.house = replace(self.work.house, sources=sources)

    async def close(self) -> None:
        await self.database.close()


def open_application(settings: Settings, region: Region) -> Application:
    """Open the house; the database is connected on first use."""
    return Application(settings, region)


def queue(settings: Settings) -> Queue:
    """Return what brings heavy work to its workers: the table itself, or procrastinate."""
    if settings.database.url.startswith("sqlite"):
        return OneProcess()
    from bot.heavy_queue import ManyMachines  # noqa: PLC0415 - costs half a second to import

    return ManyMachines(settings.database.url)


def retention(own: LorawanSettings) -> Retention:
    """Return how long values, their sums and frames are kept."""
    return Retention(
        readings=timedelta(days=366 * own.reading_years),
        hours=timedelta(days=366 * own.hour_years),
        frames=timedelta(days=own.frame_days),
    )


def keeping(days: int) -> Keeping:
    """Return how long raw messages are kept: the rows a week longer, against late repeats."""
    return Keeping(content=timedelta(days=days), rows=timedelta(days=days + 7))


def policy(settings: Settings, region: Region) -> Policy:
    """Return the region's rules for go-live news, changed by what the settings say."""
    rules, own = region.facts.golive, settings.golive
    stop = rules.stop_seconds if own.stop_seconds is None else own.stop_seconds
    return Policy(
        zone=region.zone,
        stop=timedelta(seconds=stop),
        quiet_hours=own.quiet_hours,
        tell_from=rules.tell_from,
        tell_until=rules.tell_until,
        second_person_above=rules.second_person_above,
        digest_weekday=rules.digest_weekday,
        channel_post_at=rules.channel_post_at,
        channel_at_once=own.channel_at_once,
        check_links=own.check_links,
    )


def given(application: Application, **more: Any) -> dict[str, Any]:
    """Return what handlers may ask for besides use cases: the county and its rules."""
    house = application.work.house
    return {
        "region": house.region,
        "region_folder": application.settings.region_folder,
        "policy": house.policy,
        "clock": house.clock,
        **more,
    }
