"""What a caller may do, and the functions that fetch a thing only for those who may.

A stranger is told that there is no such thing (`NotFound`), a member whose role or key is not
enough that they may not (`NotAllowed`), and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection

from assay.errors import Gone, NotAllowed, NotFound, TakesNone
from assay.store.catalog import (
    channels,
    companies,
    dashboards,
    deliveries,
    executions,
    groups,
    imports,
    profiles,
    reports,
)
from assay.store.catalog.channels import ChannelRow
from assay.store.catalog.companies import Company
from assay.store.catalog.dashboards import Dashboard
from assay.store.catalog.deliveries import Delivery
from assay.store.catalog.executions import Execution
from assay.store.catalog.groups import Group
from assay.store.catalog.imports import Import
from assay.store.catalog.keys import Key, Scope
from assay.store.catalog.members import Role
from assay.store.catalog.profiles import Kind, Profile
from assay.store.catalog.reports import Report, State
from assay.store.catalog.users import User

Thing = TypeVar("Thing")


class Right(StrEnum):
    """Something one may do in a company, in the words of a sentence: "may not …"."""

    VIEW = "see this"
    IMPORT = "import results"
    EDIT = "change groups, profiles, reports and dashboards"
    INVITE = "invite people"
    COMPANY = "change the company"
    PUBLIC = "make a report public"
    BILLING = "see or change the subscription"
    DELETE_COMPANY = "delete the company"


_user = {Right.VIEW, Right.IMPORT, Right.EDIT}
_moderator = _user | {Right.INVITE, Right.COMPANY, Right.PUBLIC}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.READ_ONLY: frozenset({Right.VIEW}),
    Role.USER: frozenset(_user),
    Role.MODERATOR: frozenset(_moderator),
    Role.ADMINISTRATOR: frozenset(_moderator | {Right.BILLING}),
    Role.OWNER: frozenset(_moderator | {Right.BILLING, Right.DELETE_COMPANY}),
}
"""What a role may, as Calliope.pro documents it; of its two rules for deleting a company this is
the narrower one."""

SCOPES: dict[Scope, frozenset[Right]] = {
    Scope.IMPORT: frozenset({Right.IMPORT}),
    Scope.READ: frozenset({Right.VIEW}),
    Scope.WRITE: frozenset(_moderator - {Right.IMPORT}),
}
"""What a key's scope leaves of that. Money and the company's end are for people, not for keys."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who is known; with `key`, a program that acts for them. Roles are by company id."""

    user: User
    key: Key | None
    memberships: Mapping[int, Role]

    def role_in(self, company_id: int) -> Role | None:
        """None for a stranger to the company."""
        return self.memberships.get(company_id)

    def may(self, right: Right, company_id: int, profile_id: int | None = None) -> bool:
        """For a page to know what to offer; whoever acts asks one of the functions below."""
        role = self.role_in(company_id)
        return role is not None and _hindrance(self, role, (right,), profile_id) is None


def see_company(
    conn: Connection, caller: Caller, company_id: int, right: Right = Right.VIEW
) -> Company:
    _check(caller, company_id, f"company {company_id}", right)
    return _found(companies.get(conn, company_id), f"company {company_id}")


def see_group(conn: Connection, caller: Caller, group_id: int, right: Right = Right.VIEW) -> Group:
    group = _found(groups.get(conn, group_id), f"group {group_id}")
    _check(caller, group.company_id, f"group {group_id}", right)
    return group


def see_dashboard(
    conn: Connection, caller: Caller, dashboard_id: int, right: Right = Right.VIEW
) -> Dashboard:
    thing = f"dashboard {dashboard_id}"
    found = _found(dashboards.get(conn, dashboard_id), thing)
    _check(caller, found.company_id, thing, right)
    return found


def see_profile(
    conn: Connection, caller: Caller, profile_id: int, right: Right = Right.VIEW
) -> Profile:
    return _profile(conn, caller, profile_id, f"profile {profile_id}", right)


def see_report(
    conn: Connection, caller: Caller, report_id: int, right: Right = Right.VIEW
) -> Report:
    report = _report(conn, caller, report_id, right)
    _refuse_deleted(report)
    return report


def find_deleted(conn: Connection, caller: Caller, report_id: int) -> Report:
    """A report in the trash, for those who may take it back."""
    report = _report(conn, caller, report_id, Right.EDIT)
    if report.state is not State.DELETED:
        raise NotFound(f"Report {report_id} is not in the trash.")
    return report


def see_import(conn: Connection, caller: Caller, import_id: str) -> Import:
    """Whoever may import may also watch what becomes of it."""
    found = _found(imports.get(conn, import_id), f"import {import_id}")
    _profile(conn, caller, found.profile_id, f"import {import_id}", Right.VIEW, Right.IMPORT)
    _refuse_deleted(_found(reports.get(conn, found.report_id), f"import {import_id}"))
    return found


def extend_run(conn: Connection, caller: Caller, import_id: str) -> Import:
    """A run, for whoever may import into its profile. Raises `Gone` if its report was deleted."""
    found = _found(imports.get(conn, import_id), f"run {import_id}")
    _profile(conn, caller, found.profile_id, f"run {import_id}", Right.IMPORT)
    if found.state is State.DELETED:
        raise Gone("The report of this run was deleted, so it takes no more lines.")
    return found


def import_into(conn: Connection, caller: Caller, profile_id: int) -> Profile:
    """A profile that takes results. Raises `TakesNone` for a set."""
    found = see_profile(conn, caller, profile_id, Right.IMPORT)
    require_own_reports(found)
    return found


def require_own_reports(profile: Profile) -> None:
    """Raise `TakesNone` for a set."""
    if profile.kind is Kind.SET:
        raise TakesNone(
            f"{profile.name} is a set: it tells of its members, and takes no reports of its own. "
            "Send them to one of its members."
        )


def know_profile(conn: Connection, caller: Caller, profile_id: int) -> Profile:
    """A profile's name and place, for those who may see it or only import into it."""
    return _profile(conn, caller, profile_id, f"profile {profile_id}", Right.VIEW, Right.IMPORT)


def know_group(conn: Connection, caller: Caller, group_id: int) -> Group:
    """A group's name, for those who may see it, or see or import into a profile of it."""
    thing = f"group {group_id}"
    group = _found(groups.get(conn, group_id), thing)
    key = caller.key
    only = profiles.get(conn, key.profile_id) if key and key.profile_id else None
    inside = only.id if only and only.group_id == group.id else None
    _check(caller, group.company_id, thing, Right.VIEW, Right.IMPORT, profile_id=inside)
    return group


def know_report(conn: Connection, caller: Caller, report_id: int) -> Report:
    """How far a report is, for those who may see it or only import into its profile."""
    report = _report(conn, caller, report_id, Right.VIEW, Right.IMPORT)
    _refuse_deleted(report)
    return report


def edit_group(conn: Connection, caller: Caller, group_id: int) -> Group:
    return see_group(conn, caller, group_id, Right.EDIT)


def edit_profile(conn: Connection, caller: Caller, profile_id: int) -> Profile:
    return see_profile(conn, caller, profile_id, Right.EDIT)


def edit_report(conn: Connection, caller: Caller, report_id: int) -> Report:
    return see_report(conn, caller, report_id, Right.EDIT)


def visible_companies(conn: Connection, caller: Caller) -> list[Company]:
    """By name; none for a key that cannot read, or is for one profile."""
    return companies.several(conn, [c for c in caller.memberships if caller.may(Right.VIEW, c)])


def visible_profiles(
    conn: Connection, caller: Caller, company_id: int | None = None
) -> list[Profile]:
    """Those the caller may see, of one company or of all, by name."""
    mine = caller.memberships if company_id is None else {company_id} & set(caller.memberships)
    found = profiles.of_companies(conn, mine)
    return [each for each in found if caller.may(Right.VIEW, each.company_id, each.id)]


def known_profiles(conn: Connection, caller: Caller) -> list[Profile]:
    """Those the caller may see, or only import into, of all companies, by name."""
    rights = (Right.VIEW, Right.IMPORT)
    found = profiles.of_companies(conn, caller.memberships)
    return [p for p in found if any(caller.may(each, p.company_id, p.id) for each in rights)]


def subscribe_to(conn: Connection, caller: Caller, profile_id: int) -> Profile:
    """Whoever may see a profile may have themselves told of it; a key must be one that changes."""
    profile = see_profile(conn, caller, profile_id)
    if caller.key is not None and Scope.WRITE not in caller.key.scopes:
        raise NotAllowed("This API key may not change anything. Make one with the scope write.")
    return profile


def edit_channel(conn: Connection, caller: Caller, channel_id: int) -> ChannelRow:
    """A channel of a profile that the caller may change."""
    thing = f"channel {channel_id}"
    found = _found(channels.get(conn, channel_id), thing)
    _profile(conn, caller, found.profile_id, thing, Right.EDIT)
    return found


def edit_delivery(conn: Connection, caller: Caller, delivery_id: int) -> Delivery:
    """One of a profile that the caller may change, or of a company that they look after."""
    thing = f"delivery {delivery_id}"
    found = _found(deliveries.get(conn, delivery_id), thing)
    if found.profile_id is not None:
        _profile(conn, caller, found.profile_id, thing, Right.EDIT)
    else:
        _check(caller, found.company_id or 0, thing, Right.COMPANY)
    return found


def know_execution(conn: Connection, caller: Caller, execution_id: str) -> Execution:
    """How a run that was asked for stands, for those who may see its profile or only import."""
    return _execution(conn, caller, execution_id, Right.VIEW, Right.IMPORT)


def stop_execution(conn: Connection, caller: Caller, execution_id: str) -> Execution:
    """A run, for those who may ask for one."""
    return _execution(conn, caller, execution_id, Right.IMPORT)


def require_person(caller: Caller) -> User:
    """The user who is signed in. Raises `NotAllowed` for a key: no key makes or revokes keys,
    changes a password or signs anyone out."""
    if caller.key is not None:
        raise NotAllowed("An API key may not do this. Sign in and do it on the page.")
    return caller.user


def require_writer(caller: Caller) -> User:
    """Whoever may make what is in no company yet: a person, or a key for writing that is not for
    one profile alone. Raises `NotAllowed` for any other key."""
    key = caller.key
    if key is not None and (key.profile_id is not None or Scope.WRITE not in key.scopes):
        raise NotAllowed("This takes a key with the scope write that is not for one profile alone.")
    return caller.user


def _profile(
    conn: Connection, caller: Caller, profile_id: int, thing: str, *rights: Right
) -> Profile:
    profile = _found(profiles.get(conn, profile_id), thing)
    _check(caller, profile.company_id, thing, *rights, profile_id=profile.id)
    return profile


def _execution(conn: Connection, caller: Caller, execution_id: str, *rights: Right) -> Execution:
    thing = f"execution {execution_id}"
    found = _found(executions.get(conn, execution_id), thing)
    _profile(conn, caller, found.profile_id, thing, *rights)
    return found


def _report(conn: Connection, caller: Caller, report_id: int, *rights: Right) -> Report:
    report = _found(reports.get(conn, report_id), f"report {report_id}")
    _profile(conn, caller, report.profile_id, f"report {report_id}", *rights)
    return report


def _refuse_deleted(report: Report) -> None:
    if report.state is State.DELETED:
        raise NotFound(
            f"Report {report.id} was deleted. For some days it can be had back from the trash of "
            f"its profile, by whoever may change reports there."
        )


def _found(thing: Thing | None, name: str) -> Thing:
    if thing is None:
        raise NotFound(_absent(name))
    return thing


def _check(
    caller: Caller, company_id: int, thing: str, *rights: Right, profile_id: int | None = None
) -> None:
    """Raise unless one of the rights is the caller's."""
    role = caller.role_in(company_id)
    if role is None:
        raise NotFound(_absent(thing))
    hindrance = _hindrance(caller, role, rights, profile_id)
    if hindrance:
        raise NotAllowed(hindrance)


def _absent(thing: str) -> str:
    return f"There is no {thing}, or you may not see it."


def _hindrance(
    caller: Caller, role: Role, rights: tuple[Right, ...], profile_id: int | None
) -> str | None:
    """Why the caller has none of these rights, as a sentence; None when they have one."""
    granted = RIGHTS[role].intersection(rights)
    if not granted:
        title = role.value.replace("_", " ").title()
        return f"Your role in this company is {title}, which may not {rights[-1]}."
    if caller.key is None:
        return None
    if caller.key.profile_id is not None and caller.key.profile_id != profile_id:
        return f"This API key is for profile {caller.key.profile_id} alone."
    if not any(granted & SCOPES[scope] for scope in caller.key.scopes):
        names = ", ".join(sorted(caller.key.scopes))
        return f"The scope of this API key is {names}: it may not {rights[-1]}. Make another key."
    return None
