"""The pages, one file each, named as its template."""

from __future__ import annotations

from fastapi import APIRouter

from assay.web.pages import (
    account,
    acts,
    api_docs,
    badge,
    bell,
    companies,
    company,
    company_deliveries,
    company_people,
    company_reports,
    company_settings,
    comparison,
    formats,
    group_settings,
    importing,
    known_format,
    notifications,
    profile,
    profile_settings,
    report,
    result,
    shared_profile,
    shared_report,
    shared_result,
    sharing,
    sign_in,
    trash,
    upload,
)
from assay.web.pages.problem import error_page

PAGES: tuple[APIRouter, ...] = (
    sign_in.router,
    companies.router,
    company.router,
    company_people.router,
    company_reports.router,
    company_settings.router,
    group_settings.router,
    profile.router,
    profile_settings.router,
    acts.router,
    trash.router,
    comparison.router,
    report.router,
    result.router,
    shared_profile.router,
    shared_report.router,
    shared_result.router,
    sharing.router,
    badge.router,
    importing.router,
    upload.router,
    account.router,
    bell.router,
    notifications.router,
    company_deliveries.router,
    api_docs.router,
    formats.router,
    known_format.router,
)

__all__ = ["PAGES", "error_page"]
