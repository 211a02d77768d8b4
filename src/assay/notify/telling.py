"""From a report, or an import that failed, to what is queued for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assay import gates
from assay.model import FAILURES
from assay.notify import CHANNELS, by_name, sentences
from assay.notify.channel import Channel
from assay.notify.conditions import Condition, wants_failed, wants_report
from assay.notify.event import Event, FailedImport, Failure, Kind, Run, Subject, encode
from assay.notify.post import can_mail
from assay.queries.changes import LOOKBACK, Change, ChangedTest, list_changes
from assay.queries.compare import Difference, Side, count_differences
from assay.queries.report_results import ListedResult, list_results
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import (
    channels,
    companies,
    deliveries,
    profiles,
    reports,
    subscriptions,
    users,
)
from assay.store.catalog.imports import Import
from assay.store.catalog.profiles import Profile
from assay.store.catalog.reports import Report
from assay.store.results import Results

LATE = timedelta(days=1)
"""A report whose tests ran so long before those of the newest one is history being filled in.
Parallel jobs overtake each other by less."""

NAMED = 5
"""New failures that a message names."""

LONGEST_ERROR = 300

DIFFERS = (
    Difference.BROKE,
    Difference.FIXED,
    Difference.STATUS,
    Difference.ADDED,
    Difference.REMOVED,
)
"""What makes a report differ from the one before; how long tests took does not."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person or a channel, and when they want to hear."""

    kind: str
    address: str
    condition: Condition
    user: int | None = None
    channel: int | None = None

    def key(self, about: str) -> str:
        """The name of what is told to them about something."""
        whom = f"user:{self.user}" if self.channel is None else f"channel:{self.channel}"
        return f"{about}:{whom}"


def tell_report(stores: Stores, settings: Settings, found: Import, now: datetime) -> None:
    """Queue what is to be told of a report that has just been read, for all who want to hear it.

    Nothing for an import that has ended before and is read again, or that asked for silence.
    """
    if _is_silent(found):
        return
    with stores.catalog.read() as conn:
        listening = list(_listening(conn, settings, found.profile_id))
        report = reports.get(conn, found.report_id) if listening else None
        if report is None:
            return
        previous = reports.previous(conn, report)
        newest = reports.of_profile(conn, report.profile_id, limit=1)[0]
    late = newest.date - report.date > LATE
    errors = bool(report.counts.failed + report.counts.broken)
    changed = _changed(stores.results, report, previous)
    turned = report.gate == gates.FAIL or _passes_again(stores, report)
    told = [
        each
        for each in listening
        if wants_report(each.condition, errors=errors, changes=changed, late=late, gate=turned)
    ]
    if told:
        event = _of_report(stores, settings, report, previous, changed, now)
        with stores.catalog.write() as conn:
            _queue(conn, told, event, f"report:{report.id}", report.id)


def tell_failure(
    conn: Connection, settings: Settings, found: Import, message: str, now: datetime
) -> None:
    """Queue, in the transaction that ends the import, that it failed: for the profile's owner and
    for those who want to hear of errors."""
    if _is_silent(found):
        return
    listening = [
        e for e in _listening(conn, settings, found.profile_id) if wants_failed(e.condition)
    ]
    profile = profiles.get(conn, found.profile_id)
    if profile is None:
        return
    known = {each.user for each in listening}
    listening += [each for each in _owner(conn, settings, profile) if each.user not in known]
    if not listening:
        return
    failed = FailedImport(found.id, f"{settings.home}/imports/{found.id}", message)
    subject = _subject(conn, settings, profile)
    event = Event(Kind.FAILED, now, subject, _bell(settings, profile.id), failed=failed)
    _queue(conn, listening, event, f"import:{found.id}", found.report_id)


def test_event(conn: Connection, settings: Settings, profile: Profile, now: datetime) -> Event:
    """What a channel is tried with."""
    subject = _subject(conn, settings, profile)
    return Event(Kind.TEST, now, subject, _bell(settings, profile.id))


def place_of(channel: Channel, config: dict[str, str]) -> str:
    """Where a channel leads, in words that are no secret."""
    return channel.where(channel.config(**config))


def _is_silent(found: Import) -> bool:
    return found.finished_at is not None or bool(found.options.get("suppress_notifications"))


def _listening(conn: Connection, settings: Settings, profile: int) -> Iterator[Recipient]:
    """All who may want to hear of the profile, by ways that this server has."""
    for each in subscriptions.of_profile(conn, profile) if can_mail(settings) else ():
        yield Recipient("email", each.email, Condition(each.condition), user=each.user_id)
    for channel in channels.of_profile(conn, profile):
        if _is_open(channel.kind, settings):
            address = place_of(by_name(channel.kind), channel.config)
            condition = Condition(channel.condition)
            yield Recipient(channel.kind, address, condition, channel=channel.id)


def _is_open(kind: str, settings: Settings) -> bool:
    """Whether this server can send to channels of the kind."""
    if kind == "email":
        return can_mail(settings)
    return settings.webhooks != "off" and any(kind == each.name for each in CHANNELS)


def _owner(conn: Connection, settings: Settings, profile: Profile) -> Iterator[Recipient]:
    if profile.owner_id is None or not can_mail(settings):
        return
    owner = users.get(conn, profile.owner_id)
    if owner is not None:
        yield Recipient("email", owner.email, Condition.ERRORS, user=owner.id)


def _passes_again(stores: Stores, report: Report) -> bool:
    """Whether it passes its gate, and the last one before it that was judged did not."""
    if report.gate != gates.PASS:
        return False
    before = (report.date, report.id)
    with stores.catalog.read() as conn:
        earlier = reports.of_profile(conn, report.profile_id, limit=LOOKBACK, before=before)
    return next((each.gate for each in earlier if each.gate), None) == gates.FAIL


def _changed(store: Results, report: Report, previous: Report | None) -> bool:
    """Whether any result differs from the report before. All of a first report is new."""
    if previous is None or report.counts != previous.counts:
        return True
    before, after = Side(report.profile_id, previous.id), Side(report.profile_id, report.id)
    found = count_differences(store, before, after)
    return any(found[each] for each in DIFFERS)


def _of_report(
    stores: Stores,
    settings: Settings,
    report: Report,
    previous: Report | None,
    changed: bool,
    now: datetime,
) -> Event:
    with stores.catalog.read() as conn:
        profile = profiles.get(conn, report.profile_id)
        assert profile is not None
        subject = _subject(conn, settings, profile)
        before = (report.date, report.id)
        earlier = reports.of_profile(conn, profile.id, limit=LOOKBACK, before=before)
    found = _failures(stores.results, report, [each.id for each in earlier])
    return Event(
        Kind.REPORT,
        now,
        subject,
        _bell(settings, profile.id),
        report=_run(settings, report),
        previous=_run(settings, previous) if previous else None,
        changes=report.changes,
        changed=changed,
        failures=tuple(_failure(settings, report, each) for each in found),
    )


def _failures(
    store: Results, report: Report, earlier: Sequence[int]
) -> Sequence[ChangedTest | ListedResult]:
    """The first few that are new; of a first report, the first few."""
    profile, number = report.profile_id, report.id
    if earlier:
        new = Change.NEW_FAILURE
        return list_changes(store, profile, number, earlier, new, limit=NAMED).items
    return list_results(store, profile, number, statuses=FAILURES, limit=NAMED).items


def _failure(settings: Settings, report: Report, of: ChangedTest | ListedResult) -> Failure:
    url = f"{settings.home}/reports/{report.id}/results/{of.position}"
    error = " ".join(_error(of.type, of.message).split())
    return Failure(of.path, of.name, of.status.value, error[:LONGEST_ERROR], url)


def _error(kind: str, message: str) -> str:
    """The error's type and the first line of what it says, a type not said twice."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "")
    last = kind.rsplit(".", 1)[-1]
    return line if not last or line.startswith((kind, last)) else f"{last}: {line}".rstrip(": ")


def _run(settings: Settings, report: Report) -> Run:
    return Run(
        report.id,
        f"{settings.home}/reports/{report.id}",
        report.date,
        report.counts,
        report.branch,
        report.commit,
        report.build,
        report.duration,
        tuple(report.tags),
        report.gate,
        gates.explain(report.judged) if report.gate else "",
    )


def _subject(conn: Connection, settings: Settings, profile: Profile) -> Subject:
    company = companies.get(conn, profile.company_id)
    url = f"{settings.home}/profiles/{profile.id}"
    return Subject(company.name if company else "", profile.id, profile.name, url)


def _bell(settings: Settings, profile: int) -> str:
    return f"{settings.home}/profiles/{profile}/notifications"


def _queue(
    conn: Connection, told: Sequence[Recipient], event: Event, about: str, report: int
) -> None:
    profile = profiles.get(conn, event.profile.id)
    for each in told:
        deliveries.queue(
            conn,
            key=each.key(about),
            kind=each.kind,
            address=each.address,
            payload={"title": sentences.verdict(event), "event": encode(event)},
            now=event.at,
            company=profile.company_id if profile else None,
            profile=event.profile.id,
            report=report,
            channel=each.channel,
            user=each.user,
        )
