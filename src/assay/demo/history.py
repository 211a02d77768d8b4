"""Four months of runs: who ran what when, and how each test ended.

Everything follows from the seed and `now`: the same two give the same history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from random import Random

from assay.demo import company, words
from assay.demo.causes import CAUSES, WORK_IN_PROGRESS
from assay.demo.company import DAYS, Profile
from assay.demo.run import Case, Failure, Run
from assay.model import Status

FEATURES = (
    "feature/one-page-checkout",
    "feature/loyalty-points",
    "feature/dark-mode",
    "feature/new-carrier",
    "fix/rounding-of-vat",
    "fix/SHOP-1290-double-click",
    "feature/parcel-lockers",
)
RELEASES = ("release/4.6", "release/4.7", "release/4.8")

LATEST = timedelta(hours=1)
"""The last run of every profile is younger than this."""

SATURDAY = 5
OFFICE_HOURS = (13 * 3600.0, 3 * 3600.0)  # mean and deviation, seconds into the day
WEEKEND = 0.15  # of a weekday's runs
RERUN = 0.2  # of the runs are of the commit before
ADDED = 0.14  # of the tests came during the history
REMOVED = 0.03  # … and went
UNFINISHED = 0.006  # of the tests on a feature branch fail

ERRORS_APART = frozenset({"surefire", "pytest", "testng"})
"""Flavours whose files tell errors and failed assertions apart."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test over time; `since` and `until` are days ago."""

    suite: str
    name: str
    index: int
    seconds: float
    line: int
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A run to be: when (and how many days ago), of what."""

    date: datetime
    age: float
    branch: str
    commit: str
    build: int


def dice(*parts: object) -> Random:
    return Random("/".join(map(str, parts)))  # noqa: S311


def runs(profile: Profile, now: datetime, seed: int) -> Iterator[Run]:
    """The profile's runs, oldest first; the last one is of today."""
    tests = everything(profile, seed)
    for number, moment in enumerate(moments(profile, now, seed)):
        chance = dice(seed, profile.name, number)
        cases = [case(profile, test, moment, chance) for test in tests if here(test, moment)]
        tags = profile.tags[number % len(profile.tags)]
        yield Run(
            profile, moment.date, moment.branch, moment.commit, moment.build, tags, tuple(cases)
        )


# When and of what ------------------------------------------------------------------------------


def moments(profile: Profile, now: datetime, seed: int) -> Iterator[Moment]:
    chance = dice(seed, profile.name, "moments")
    commit, build, branch = new_commit(chance), chance.randint(300, 900), "main"
    fixed = witnesses(profile, now)
    for date in sorted({*dates(profile, now, chance), *fixed}):
        build += chance.choice((1, 1, 1, 2, 3))
        due = date in fixed or now - date < LATEST
        if due or chance.random() > RERUN:
            branch = "main" if due else pick_branch(date, now, chance)
            commit = new_commit(chance)
        yield Moment(date, (now - date) / timedelta(days=1), branch, commit, build)


def witnesses(profile: Profile, now: datetime) -> set[datetime]:
    """Runs of main without which a story could be missed, on a long weekend for example."""
    episodes = [episode for episode in company.EPISODES if episode.profile == profile.name]
    dates = {now - timedelta(days=age) for each in episodes for age in each.witnesses()}
    return {date.replace(microsecond=0) for date in dates if now - date > LATEST * 3}


def dates(profile: Profile, now: datetime, chance: Random) -> set[datetime]:
    """When the profile's tests ran, never later than `now`."""
    found: list[datetime] = []
    for ago in range(DAYS, -1, -1):
        day = (now - timedelta(days=ago)).replace(hour=0, minute=0, second=0, microsecond=0)
        pace = profile.pace * (WEEKEND if day.weekday() >= SATURDAY else 1)
        times = int(pace) + (chance.random() < pace % 1)
        found += [day + timedelta(seconds=chance.gauss(*OFFICE_HOURS)) for _ in range(times)]
    last = now - timedelta(seconds=chance.randint(180, 3300))
    before = [date for date in found if date < last - LATEST * 2]
    return {date.replace(microsecond=0) for date in (*before, last)}


def pick_branch(date: datetime, now: datetime, chance: Random) -> str:
    kind = chance.random()
    if kind < 0.68:
        return "main"
    if kind < 0.8:
        age = (now - date).days
        return RELEASES[0 if age > 80 else 1 if age > 35 else 2]
    return FEATURES[(now - date).days // 9 % len(FEATURES)]


def new_commit(chance: Random) -> str:
    return sha1(str(chance.random()).encode()).hexdigest()  # noqa: S324


# Which tests -----------------------------------------------------------------------------------


def everything(profile: Profile, seed: int) -> list[Test]:
    """Every test the profile ever had, in the order of its suites."""
    chance = dice(seed, profile.name, "tests")
    told = told_of(profile)
    return [
        invent(profile, suite, name, index, chance, fixed=(suite, index) in told)
        for suite, names in suites(profile)
        for index, name in enumerate(names)
    ]


def suites(profile: Profile) -> company.Suites:
    if profile.flavour != "cucumber":
        return profile.suites
    lines = [line.partition(":") for line in words.ACCEPTANCE.strip().splitlines()]
    return [(feature, [s.strip() for s in found.split(";")]) for feature, _, found in lines]


def told_of(profile: Profile) -> set[tuple[str, int]]:
    """The tests that something is told of: they are there all the time."""
    single = (*company.FLAKES, *company.SKIPS, *company.DRIFTS)
    found = {(one.suite, one.test) for one in single if one.profile == profile.name}
    for episode in company.EPISODES:
        if episode.profile == profile.name:
            last = episode.first + episode.tests
            found.update((episode.suite, index) for index in range(episode.first, last))
    return found


def invent(
    profile: Profile, suite: str, name: str, index: int, chance: Random, *, fixed: bool
) -> Test:
    seconds = profile.typical * chance.lognormvariate(0, 0.9)
    line, fate, day = chance.randint(14, 240), chance.random(), chance.uniform(4, DAYS - 5)
    since = day if fate < ADDED and not fixed else DAYS + 1.0
    until = day if fate > 1 - REMOVED and not fixed else -1.0
    return Test(suite, name, index, seconds, line, since, until)


def here(test: Test, moment: Moment) -> bool:
    return test.until < moment.age <= test.since


# How it ended ----------------------------------------------------------------------------------


def case(profile: Profile, test: Test, moment: Moment, chance: Random) -> Case:
    seconds = took(profile, test, moment, chance)
    if (reason := skipped(profile, test, moment)) is not None:
        return Case(test.suite, test.name, Status.SKIPPED, 0.0, reason=reason)
    if cause := broken_by(profile, test, moment, chance):
        return failed(profile, test, cause, seconds, chance)
    return shaky(profile, test, seconds, chance)


def took(profile: Profile, test: Test, moment: Moment, chance: Random) -> float:
    factor = next((d.factor for d in company.DRIFTS if told(d, profile, test)), 1.0)
    progress = max(0.0, 1 - moment.age / DAYS)
    return test.seconds * (1 + (factor - 1) * progress) * chance.lognormvariate(0, 0.09)


def told(one: company.Flake | company.Skip | company.Drift, profile: Profile, test: Test) -> bool:
    return (one.profile, one.suite, one.test) == (profile.name, test.suite, test.index)


def skipped(profile: Profile, test: Test, moment: Moment) -> str | None:
    reasons = (s.reason for s in company.SKIPS if told(s, profile, test) and moment.age < s.since)
    return next(reasons, None)


def broken_by(profile: Profile, test: Test, moment: Moment, chance: Random) -> str:
    """The cause's name: a story's on main, on a feature branch now and then unfinished work."""
    feature = moment.branch in FEATURES
    if feature and profile.name != company.GREEN and chance.random() < UNFINISHED:
        return WORK_IN_PROGRESS[profile.flavour]
    episodes = (e for e in company.EPISODES if e.everywhere or not feature)
    about = (profile.name, test.suite, test.index, moment.age)
    return next((e.cause for e in episodes if e.strikes(*about)), "")


def failed(profile: Profile, test: Test, cause: str, seconds: float, chance: Random) -> Case:
    failure = explain(profile, test, cause, chance)
    apart = failure.error and profile.flavour in ERRORS_APART
    status = Status.BROKEN if apart else Status.FAILED
    shot = f"{test.suite} {test.name}".partition("|")[0] if is_seen(profile) else ""
    return Case(test.suite, test.name, status, seconds * 1.8, failure, shot=shot.strip())


def is_seen(profile: Profile) -> bool:
    return profile.flavour in ("ctrf", "cucumber")


def shaky(profile: Profile, test: Test, seconds: float, chance: Random) -> Case:
    flake = next((f for f in company.FLAKES if told(f, profile, test)), None)
    if flake is None or chance.random() > flake.rate:
        return Case(test.suite, test.name, Status.PASSED, seconds)
    if flake.tries == 1 or chance.random() < 0.12:
        return failed(profile, test, flake.cause, seconds, chance)
    tries = tuple(
        explain(profile, test, flake.cause, chance)
        for _ in range(chance.randint(1, flake.tries - 1))
    )
    return Case(test.suite, test.name, Status.PASSED, seconds, tries=tries)


def explain(profile: Profile, test: Test, cause: str, chance: Random) -> Failure:
    found, at = CAUSES[cause], place(profile, test.suite)
    n = chance.randint(2, 9) if "lines" in found.message else chance.randint(1001, 9999)
    known: dict[str, object] = {"n": n, "line": test.line, "test": bare(profile, test.name)} | at
    message = found.message.format(**known)
    trace = found.trace.format(type=found.type, message=message, **known)
    return Failure(found.type, message, trace, found.error)


def bare(profile: Profile, name: str) -> str:
    """The function a test is, without its parameters."""
    return ("test_" if profile.flavour == "pytest" else "") + name.partition("[")[0]


def place(profile: Profile, suite: str) -> dict[str, object]:
    """The class and the file a suite is in, as traces name them."""
    if profile.flavour in ("surefire", "testng"):
        simple = suite.rpartition(".")[2]
        return {"class": f"{profile.package}.{suite}", "file": f"{simple}.java"}
    if profile.flavour == "pytest":
        return {"class": suite, "file": f"tests/{suite.partition('.')[0]}.py"}
    if profile.flavour == "jest":
        return {"class": suite, "file": f"src/components/{suite}/{suite}.test.tsx"}
    return {"class": suite, "file": f"tests/shop/{suite.replace(' ', '-')}.spec.ts"}
