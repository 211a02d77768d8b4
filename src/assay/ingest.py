"""An import's way from received to done, as a literal list of steps.

Every step can be repeated: a worker that dies leaves a lease that runs out, and the next one starts
the import afresh. What a step writes is keyed by the report, and nothing of it shows before
`publish` has changed the catalog.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

import structlog
from msgspec import structs
from prometheus_client import Counter, Histogram

from assay import awaited, history, judgement, sandbox
from assay.errors import AssayError, Interrupted, Malformed, Unavailable
from assay.job import Job, LeaseLostError, spooled
from assay.notify import telling
from assay.queries.duplicates import describe, find_duplicates
from assay.reading import Given, LogLine, Outcome, Task, read_batches
from assay.rows import Counts, Summary
from assay.settings import Settings
from assay.store import Stores
from assay.store.catalog import assets, imports, reports, runs
from assay.store.catalog.imports import Import, LogEntry
from assay.store.catalog.reports import State
from assay.store.journal import Journal

log = structlog.get_logger()

STEP_SECONDS = Histogram("assay_import_step_seconds", "Time a step of an import took", ["step"])
IMPORTS = Counter("assay_imports", "Imports that ended", ["state"])

FUTURE = timedelta(days=1)
"""A date further ahead than this is a wrong clock, not a run of tests."""

LABELLED = ("branch", "commit", "build")
"""Facts that may come as an option, as a tag `name:value`, or from the report, in this order."""


def seal(job: Job) -> None:
    """Make what came in as a stream a file like any other, now that it is whole."""
    with job.stores.catalog.read() as conn:
        run = runs.get(conn, job.job.id)
    if run is None:
        return
    journal = Journal(job.stores.blobs, run.journal)
    stored = journal.close(run.size)
    with job.stores.catalog.write() as conn:
        job.hold(conn)
        runs.seal(conn, job.job.id, stored.size, stored.sha256)
    journal.clear()


def parse(job: Job) -> None:
    """Read the files, and refuse what makes no report."""
    with job.stores.catalog.read() as conn:
        files = imports.files(conn, job.job.id)
    given = [
        Given(job.stores.blobs.file(each.blob, job.spool), each.file, each.kind) for each in files
    ]
    job.outcome = read(job, given)
    job.tell(job.outcome.log)
    _tell_formats(job, job.outcome)
    _check(job, job.outcome)


def read(job: Job, given: list[Given]) -> Outcome:
    """Have a limited child process read these files, as the delivery's options say."""
    settings = job.settings
    task = Task(
        files=given,
        formatter=job.job.formatter,
        spool=job.spool,
        max_unpacked=settings.max_unpacked_bytes,
        max_members=settings.max_members,
        memory=settings.parser_memory,
        seconds=settings.parser_seconds,
        smart=job.asks("smart", default=True),
        merge=job.asks("merge_containers"),
        quiet=job.asks("suppress_files_moved"),
        pattern=str(job.job.options.get("pattern", "")),
        strict=job.asks("strict"),
        aside=job.asks("aside"),
    )
    return sandbox.run(task, job.beat)


def _tell_formats(job: Job, outcome: Outcome) -> None:
    """Say what was found out, so that it can be named: then nothing is left to guess."""
    if outcome.formats and not (job.job.formatter or job.asks("ignore_unspecified_formatter")):
        found = ", ".join(outcome.formats)
        message = (
            f"No format was named, and this was found out: {found}. Named in the address "
            f"(…/import/{outcome.formats[0]}) it is certain, and uploads may be larger"
        )
        job.tell([LogLine("info", message)])


def _check(job: Job, outcome: Outcome) -> None:
    """Refuse a delivery that made no report, unless that is as it should be."""
    summary = outcome.summary
    first = next((line.message for line in outcome.log if line.level == "error"), "")
    if outcome.failures and job.asks("strict"):
        raise Malformed(first)
    if summary is None:
        if first or not job.asks("ignore_empty_import"):
            raise Malformed(first or _nothing_recognised(job))
        job.outcome = structs.replace(outcome, summary=Summary(Counts()))
    elif summary.counts.total == 0 and not job.asks("ignore_empty_report"):
        raise Malformed(
            "The report holds no results. Send ignore_empty_report=true if that is as it should be"
        )


def _nothing_recognised(job: Job) -> str:
    if job.job.formatter:
        return (
            f"No file of this upload is a report in the format {job.job.formatter}, which the "
            "address names, nor in any other that Assay knows; all are kept as attachments. Send "
            "ignore_empty_import=true if that is as it should be"
        )
    return (
        "No file of this upload is a report that Assay knows. Check that the test tool wrote a "
        f"report (not a web page or a log), or name its format: …/profile/{job.job.profile_id}"
        "/import/junit"
    )


def write(job: Job) -> None:
    """Write the rows, in place of what an earlier try may have left."""
    job.stores.results.write(job.job.profile_id, job.job.report_id, read_batches(job.spool))


def name_duplicates(job: Job) -> None:
    """Say in the log which tests stand several times in the report, and so have no history."""
    found = find_duplicates(job.stores.results, job.job.profile_id, job.job.report_id)
    if found.tests:
        job.tell([LogLine("warning", describe(found))])


def keep_assets(job: Job) -> None:
    """Move assets from the spool to the blob store, and name them in the catalog."""
    report = job.job.report_id
    blobs: dict[str, str] = {}
    kept = []
    for asset in job.read().assets:
        if asset.file not in blobs:
            blobs[asset.file] = f"assets/{report}/{asset.file}"
            job.stores.blobs.put(blobs[asset.file], job.spool / asset.file)
        facts = asset.number, asset.position, asset.name, asset.media_type, asset.size
        kept.append(assets.Asset(report, *facts, blobs[asset.file], asset.path or None))
    with job.stores.catalog.write() as conn:
        job.hold(conn)
        assets.delete_of(conn, report)
        assets.add(conn, report, kept)


def publish(job: Job) -> None:
    """Make the report visible, as its files and options say, and as people have said since."""
    found = job.summary()
    options = job.job.options
    tags = list(dict.fromkeys([*options.get("tags", []), *found.tags]))
    facts = {name: _fact(name, options, tags, found) for name in LABELLED}
    date = _date(job, found)
    _tell_age(job, date)
    with job.stores.catalog.write() as conn:
        job.hold(conn)
        said = imports.edits(conn, job.job.id)
        known = reports.get(conn, job.job.report_id)
        if known and known.state is State.DONE:  # it is read again, and may get another date
            job.places.add((known.date, known.id))
        reports.publish(
            conn,
            job.job.report_id,
            origin=", ".join(job.read().formats),
            date=datetime.fromisoformat(said["date"]) if "date" in said else date,
            counts=found.counts,
            duration=found.duration,
            tags=said.get("tags", tags),
            metadata={**found.metadata, **options.get("metadata", {})},
            state=State.RUNNING if job.live else State.DONE,
            now=job.clock(),
            **facts | {name: said[name] for name in LABELLED if name in said},
        )


def relate(job: Job) -> None:
    """Count what changed since the report before, here and in the reports that come after."""
    with job.stores.catalog.read() as conn:
        report = reports.get(conn, job.job.report_id)
    if report is not None:
        job.places.add((report.date, report.id))
        history.relate(job.stores, report.profile_id, job.places)


def judge(job: Job) -> None:
    """Have the gate of its profile say whether it passes. Where that goes wrong, the report is
    good all the same, and was not judged."""
    try:
        judgement.judge_report(job.stores, job.job.report_id)
    except Unavailable:
        raise
    except Exception:
        log.exception("judging fault", id=job.job.id)


def notify(job: Job) -> None:
    """Queue what is told of it. Done again, it queues nothing twice."""
    try:
        telling.tell_report(job.stores, job.settings, job.job, job.clock())
    except Unavailable:
        raise
    except Exception:  # the report is good, and worth more than word of it
        log.exception("telling fault", id=job.job.id)


def finish(job: Job) -> None:
    """Only now is the import done: had we died before, it would have been taken up again."""
    with job.stores.catalog.write() as conn:
        message = _message(job)
        if not imports.finish(
            conn, job.job.id, job.worker, state="done", message=message, now=job.clock()
        ):
            raise LeaseLostError
        awaited.settle(conn, job.job, job.clock())


STEPS: tuple[Callable[[Job], None], ...] = (
    seal,
    parse,
    write,
    name_duplicates,
    keep_assets,
    publish,
    relate,
    judge,
    notify,
    finish,
)


def process(
    stores: Stores, settings: Settings, found: Import, worker: str, clock: Callable[[], datetime]
) -> bool:
    """Take one claimed import all its way; true when it became a report.

    What is wrong with the delivery ends as a *failed* import with a message; a parser that was
    killed from outside begins again; what is wrong with this machine is raised, and the import is
    taken up again when its lease has run out.
    """
    with spooled(settings, found) as spool:
        job = Job(stores, settings, found, worker, clock, spool)
        try:
            _run(job)
        except LeaseLostError:
            log.warning("lease lost", id=found.id, worker=worker)
            return False
        except Interrupted as error:
            put_back(job, error)
            return False
        except Unavailable:
            raise
        except AssayError as error:
            fail(job, error)
            return False
    return True


def _run(job: Job) -> None:
    timings = {}
    for step in STEPS:
        start = perf_counter()
        step(job)
        seconds = perf_counter() - start
        STEP_SECONDS.labels(step.__name__).observe(seconds)
        timings[step.__name__] = round(seconds, 4)
    IMPORTS.labels("done").inc()
    log.info("imported", id=job.job.id, report=job.job.report_id, **timings)


def put_back(job: Job, error: Interrupted) -> None:
    """Let the import be begun again at once, if it has a try left."""
    now = job.clock()
    with job.stores.catalog.write() as conn:
        imports.log(conn, job.job.id, [LogEntry("warning", str(error))], now)
        imports.renew(conn, job.job.id, job.worker, now, timedelta(0))
    log.warning("import interrupted", id=job.job.id, cause=str(error))


def fail(job: Job, error: AssayError) -> None:
    """End an import that cannot become a report; its bytes, its files and its log stay."""
    message = str(error)
    if job.outcome is not None:
        keep_assets(job)
    with job.stores.catalog.write() as conn:
        if job.outcome is None or message not in (line.message for line in job.outcome.log):
            where = getattr(error, "where", "")
            imports.log(conn, job.job.id, [LogEntry("error", message, "", where)], job.clock())
        if imports.finish(
            conn, job.job.id, job.worker, state="failed", message=message, now=job.clock()
        ):
            reports.fail(conn, job.job.report_id, now=job.clock())
            telling.tell_failure(conn, job.settings, job.job, message, job.clock())
            awaited.settle(conn, job.job, job.clock(), message)
    IMPORTS.labels("failed").inc()
    log.info("import failed", id=job.job.id, message=message)


def _message(job: Job) -> str:
    outcome = job.read()
    if not outcome.reports:
        count = len(outcome.assets)
        files = f"{count:,} file{' is' if count == 1 else 's are'} kept as attachments"
        return f"No report came, as is allowed; {files if count else 'nothing else, either'}"
    results = job.summary().counts.total
    said = f"{results:,} result{'' if results == 1 else 's'} imported"
    if outcome.failures:
        plural = "" if outcome.failures == 1 else "s"
        said += f"; {outcome.failures} file{plural} could not be read, see the import's log"
    return said


def _date(job: Job, found: Summary) -> datetime:
    """When the tests ran: as the client said, else as the report says, else when it came."""
    given = job.job.options.get("date")
    if given == "now":
        return job.job.received_at
    if given:
        return datetime.fromisoformat(given)
    if found.date is None:
        return job.job.received_at
    if found.date > job.job.received_at + FUTURE:
        message = f"The report is dated {found.date:%Y-%m-%d}, in the future; dated now instead"
        job.tell([LogLine("warning", message)])
        return job.job.received_at
    return found.date


def _tell_age(job: Job, date: datetime) -> None:
    """Say that a report was overtaken by one that came before it and ran after it."""
    if job.asks("ignore_old_report_date"):
        return
    mine = job.job
    with job.stores.catalog.read() as conn:
        newer = reports.newest(conn, mine.profile_id, came_before=mine.report_id)
    if newer is None or newer.date <= date:
        return
    message = (
        f"The report is of {date:%Y-%m-%d %H:%M} UTC, before report #{newer.id} of "
        f"{newer.date:%Y-%m-%d %H:%M} that came earlier. It took its place by its date, and what "
        "comes after it is compared with it; ignore_old_report_date=true silences this"
    )
    job.tell([LogLine("warning", message)])


def _fact(name: str, options: dict[str, object], tags: list[str], found: Summary) -> str:
    given = options.get(name)
    if isinstance(given, str) and given:
        return given
    prefix = f"{name}:"
    tagged = next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")
    return tagged.strip() or str(getattr(found, name))
