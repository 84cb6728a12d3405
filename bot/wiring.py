"""Builds every use case; the one place that knows all constructors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.acceptance.service import Acceptances
from services.alarms.acknowledging import Acknowledgements
from services.alarms.announcing import Announcing
from services.alarms.attaching import Attachments
from services.alarms.drafts import Drafts
from services.alarms.exercises import Exercises
from services.alarms.heralds import Heralds
from services.alarms.known import RuleCache
from services.alarms.peace import Peaces
from services.alarms.posts import Posts
from services.alarms.reading import RuleBook
from services.alarms.rule_watch import RuleWatch
from services.alarms.rules.notify import Pace
from services.alarms.ruling import Ruling
from services.alarms.service import Alarms
from services.alarms.situation import Situation
from services.alarms.stages import Stages
from services.alarms.subscriptions import AlarmSubscriptions
from services.alarms.thresholds import OwnThresholds
from services.approvals.service import Approvals
from services.audit.service import Audit
from services.catalogue.service import Catalogue, SnapshotCache
from services.chats.service import Chats
from services.clock import Clock
from services.codecs.service import Codecs
from services.codecs.uploads import CodecUploads
from services.delivery.service import Deliveries
from services.devices.arrivals import Arrivals
from services.devices.form import DeviceForm
from services.devices.lookups import Sensors
from services.devices.photos import DevicePhotos
from services.devices.service import Devices
from services.devices.upkeep import DeviceUpkeep
from services.faq.reading import Book
from services.faq.service import Faqs
from services.frames.service import Frames
from services.golive.rules import Policy
from services.golive.service import GoLive
from services.heavy.service import Heavy, Queue
from services.inbox.service import Inbox, Limits
from services.learning.service import Learning, Masks
from services.learning.teaching import TaughtCache
from services.operators.service import Operators
from services.outbox.service import Outbox, Sending
from services.privacy.service import Privacy
from services.readings.records import Retention
from services.readings.service import Readings
from services.region.service import Region
from services.staff.service import Staff
from services.statistics.service import MonthKey, Statistics
from services.subscriptions.service import Subscriptions
from services.uplinks.rules import Keeping, Source
from services.uplinks.service import Uplinks


@dataclass(frozen=True)
class House:
    """What stays the same from update to update: the county, its catalogue, the rules."""

    region: Region
    clock: Clock
    limits: Limits
    policy: Policy
    cache: SnapshotCache
    queue: Queue
    masks: Masks
    retention: Retention = field(default_factory=Retention)
    book: Book = field(default_factory=Book)
    month_key: MonthKey = field(default_factory=MonthKey)
    taught: TaughtCache = field(default_factory=TaughtCache)
    sources: Mapping[str, Source] = field(default_factory=dict)
    keeping: Keeping = field(default_factory=Keeping)
    opened_at: datetime | None = None
    """Since when this process could hear anything."""
    rule_book: RuleBook = field(default_factory=RuleBook)
    rules: RuleCache = field(default_factory=RuleCache)
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True)
class Serving:
    """Questions, news, staff, and all that comes in and goes out."""

    approvals: Approvals
    audit: Audit
    catalogue: Catalogue
    chats: Chats
    deliveries: Deliveries
    faqs: Faqs
    golive: GoLive
    heavy: Heavy
    inbox: Inbox
    learning: Learning
    operators: Operators
    outbox: Outbox
    privacy: Privacy
    sending: Sending
    staff: Staff
    statistics: Statistics
    subscriptions: Subscriptions


@dataclass(frozen=True)
class Sensing:
    """What sensors send: from raw messages to readings, and the devices themselves."""

    acceptances: Acceptances
    codec_uploads: CodecUploads
    codecs: Codecs
    device_form: DeviceForm
    device_photos: DevicePhotos
    device_upkeep: DeviceUpkeep
    devices: Devices
    frames: Frames
    readings: Readings
    sensors: Sensors
    uplinks: Uplinks


@dataclass(frozen=True)
class Alarming:
    """What becomes of readings: alarms, whom they are told, what people do with them."""

    acknowledgements: Acknowledgements
    alarm_drafts: Drafts
    alarm_subscriptions: AlarmSubscriptions
    alarms: Alarms
    attachments: Attachments
    exercises: Exercises
    heralds: Heralds
    own_thresholds: OwnThresholds
    peaces: Peaces
    posts: Posts
    rule_watch: RuleWatch
    ruling: Ruling
    situation: Situation
    stages: Stages


@dataclass(frozen=True)
class Services(Alarming, Sensing, Serving):
    """What a handler may ask for, by field name."""

    def as_data(self) -> dict[str, Any]:
        """Return the fields the way handlers receive them."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(one.name for one in fields(Services))


def wire(session: AsyncSession, house: House) -> Services:
    """Build the use cases of one unit of work."""
    serving = _serving(session, house)
    sensing = _sensing(session, house, serving)
    return Services(
        **vars(serving), **vars(sensing), **vars(_alarming(session, house, serving, sensing))
    )


def _serving(session: AsyncSession, house: House) -> Serving:
    clock, region = house.clock, house.region
    audit = Audit(session, clock)
    catalogue = Catalogue(session, house.cache, region, clock)
    chats = Chats(session, region, clock)
    outbox = Outbox(session, clock)
    staff = Staff(session, region, audit, clock)
    operators = Operators(staff, outbox, region, clock)
    approvals = Approvals(session, staff, outbox, audit, clock)
    subscriptions = Subscriptions(session, catalogue, region, clock)
    return Serving(
        approvals=approvals,
        audit=audit,
        catalogue=catalogue,
        chats=chats,
        deliveries=Deliveries(session, outbox, staff, operators, audit, region, clock),
        faqs=Faqs(catalogue, region, house.book, clock),
        golive=GoLive(
            session=session,
            catalogue=catalogue,
            chats=chats,
            subscriptions=subscriptions,
            approvals=approvals,
            staff=staff,
            outbox=outbox,
            audit=audit,
            region=region,
            policy=house.policy,
            clock=clock,
        ),
        heavy=Heavy(session, house.queue, clock),
        inbox=Inbox(session, house.limits, clock),
        learning=Learning(
            session=session,
            cache=house.taught,
            masks=house.masks,
            catalogue=catalogue,
            staff=staff,
            audit=audit,
            region=region,
            clock=clock,
        ),
        operators=operators,
        outbox=outbox,
        privacy=Privacy(session, outbox, audit, clock),
        sending=Sending(session, clock),
        staff=staff,
        statistics=Statistics(session, clock, house.month_key),
        subscriptions=subscriptions,
    )


def _sensing(session: AsyncSession, house: House, serving: Serving) -> Sensing:
    clock, region, outbox = house.clock, house.region, serving.outbox
    codecs = Codecs(session, serving.staff, outbox, serving.audit, clock)
    devices = Devices(session, serving.staff, serving.audit, region, clock)
    form = DeviceForm(session, clock)
    readings = Readings(session, clock, region.zone, house.retention)
    uplinks = Uplinks(
        session=session,
        operators=serving.operators,
        sources=house.sources,
        clock=clock,
        keeping=house.keeping,
        listening_since=house.opened_at,
    )
    arrivals = Arrivals(session, clock)
    return Sensing(
        acceptances=Acceptances(session, devices, clock),
        codec_uploads=CodecUploads(session, codecs, outbox, clock),
        codecs=codecs,
        device_form=form,
        device_photos=DevicePhotos(session, devices, form, outbox, clock),
        device_upkeep=DeviceUpkeep(session, devices, outbox, clock),
        devices=devices,
        frames=Frames(session, uplinks, arrivals, readings, clock, house.retention),
        readings=readings,
        sensors=Sensors(session, region, clock),
        uplinks=uplinks,
    )


def _alarming(session: AsyncSession, house: House, serving: Serving, sensing: Sensing) -> Alarming:
    clock, region = house.clock, house.region
    staff, audit, outbox = serving.staff, serving.audit, serving.outbox
    peaces = Peaces(session, staff, audit, region, clock)
    exercises = Exercises(session, staff, audit, region, clock)
    posts = Posts(session, serving.chats, staff, outbox, audit, region, house.policy, clock)
    heralds = Heralds(session, outbox, peaces, posts, region, clock, house.pace)
    alarms = Alarms(
        session=session,
        frames=sensing.frames,
        readings=sensing.readings,
        heralds=heralds,
        cache=house.rules,
        clock=clock,
        listening_since=house.opened_at,
    )
    return Alarming(
        acknowledgements=Acknowledgements(session, staff, audit, heralds, peaces, region, clock),
        alarm_drafts=Drafts(session, clock),
        alarm_subscriptions=AlarmSubscriptions(session, staff, audit, region, clock),
        alarms=alarms,
        attachments=Attachments(session, outbox, serving.heavy, region, clock),
        exercises=exercises,
        heralds=heralds,
        own_thresholds=OwnThresholds(session, sensing.sensors, clock),
        peaces=peaces,
        posts=posts,
        rule_watch=RuleWatch(session, house.rules, staff, outbox, region),
        ruling=Ruling(session, alarms, sensing.sensors, staff, audit, region, clock),
        situation=Situation(session, alarms, sensing.uplinks, peaces, exercises, region, clock),
        stages=Stages(
            session=session,
            declarers=house.rule_book.declarers,
            staff=staff,
            audit=audit,
            announcing=Announcing(session, outbox, peaces, region, clock),
            posts=posts,
            region=region,
            clock=clock,
        ),
    )
