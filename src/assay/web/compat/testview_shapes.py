"""Projects and test specifications as XL TestView's clients read them. What there is not is left
out, never null."""

from __future__ import annotations

from typing import Any

from assay.gates import BUILT_IN
from assay.store.catalog.groups import Group
from assay.store.catalog.profiles import Kind, Profile
from assay.testtools import tool_of
from assay.web.compat.testview_places import project_path, specification_path

PROJECT = "xlt.Project"

TYPES: dict[Kind, str] = {
    Kind.PASSIVE: "xlt.PassiveTestSpecification",
    Kind.ACTIVE: "xlt.ActiveTestSpecification",
    Kind.EXECUTABLE: "xlt.ExecutableTestSpecification",
    Kind.SET: "xlt.TestSpecificationSet",
}

JsonObject = dict[str, Any]


def show_project(group: Group) -> JsonObject:
    """At the public API."""
    return {"id": group.uuid, "title": group.name}


def show_specification(profile: Profile) -> JsonObject:
    """At the public API, which was made for passive ones: the others say their type."""
    kind = {} if profile.kind is Kind.PASSIVE else {"type": TYPES[profile.kind]}
    return {"id": profile.uuid, "title": profile.name} | _tested(profile) | kind


def project_item(group: Group) -> JsonObject:
    """At the internal API, with a path for its id."""
    return {
        "id": project_path(group),
        "name": group.uuid,
        "type": PROJECT,
        "title": group.name,
    }


def specification_item(group: Group, profile: Profile, *, has_runs: bool) -> JsonObject:
    """At the internal API."""
    item = {
        "id": specification_path(group, profile),
        "name": profile.uuid,
        "type": TYPES[profile.kind],
        "title": profile.name,
        "hasRuns": has_runs,
        "importable": profile.kind is Kind.ACTIVE,
        "executable": profile.kind is Kind.EXECUTABLE,
    }
    return item | _tested(profile)


def extended_specification(group: Group, profile: Profile) -> JsonObject:
    """As the Jenkins plugin builds its list from it; it cannot do without the project's title."""
    item: JsonObject = {
        "id": profile.uuid,
        "title": profile.name,
        "type": TYPES[profile.kind],
        "project": {"id": group.uuid, "title": group.name, "type": PROJECT},
    }
    gate = BUILT_IN.get(profile.qualification)
    if gate:
        item["qualification"] = {
            "type": gate.name,
            "name": gate.title,
            "description": gate.title,
        }
    if profile.kind is not Kind.SET:
        tool = tool_of(profile.tool)
        item["testTool"] = {
            "name": tool.label,
            "category": tool.category.value,
            "defaultSearchPattern": profile.pattern or tool.pattern,
        }
    return item


def _tested(profile: Profile) -> JsonObject:
    if profile.kind is Kind.SET:
        return {}
    found = {"testToolName": tool_of(profile.tool).type}
    if profile.qualification:
        found["qualificationType"] = profile.qualification
    return found
