"""The command `assay`. Each command imports what it needs when it is called, so that the uploader
runs without the server's libraries."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from assay import __version__
from assay.errors import AssayError, Invalid, UnknownFormat

SERVER_MISSING = "This command needs the server's libraries: pip install 'assay[server]'"

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ASSAY_DATA",
    default=Path("data"),
    show_default=True,
    help="The folder that holds everything.",
)


class Commands(click.Group):
    """A group whose commands end with a sentence, not a traceback, where an AssayError comes."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AssayError as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def _server_parts() -> Iterator[None]:
    """Around the imports of what only `assay[server]` brings."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "assay":
            raise
        raise click.ClickException(f"{SERVER_MISSING} ({error.name} is not installed)") from error


@contextmanager
def _usage() -> Iterator[None]:
    """Around a command whose arguments may name what is not there."""
    try:
        yield
    except (Invalid, UnknownFormat) as error:
        raise click.UsageError(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="assay")
def main() -> None:
    """The open, self-hosted home of test results."""


@main.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(data: Path, host: str, port: int) -> None:
    """Run the server: pages, API and worker in one process."""
    with _server_parts():
        from assay.server import serve as run
    run(data, host=host, port=port)


@main.command()
@data_option
@click.option("--url", default="", help="The address at which people will find the server.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def quickstart(data: Path, url: str, as_json: bool) -> None:
    """Make the first owner, company, group, profile and key. What it prints is shown this once."""
    with _server_parts():
        from assay.administration import quickstart as make
    import msgspec

    made = make(data, url)
    if as_json:
        click.echo(msgspec.json.encode(made))
        return
    for name, value in msgspec.to_builtins(made).items():
        click.echo(f"{name.replace('_', ' '):<10}  {value}")


@main.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=None)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def demo(data: Path | None, port: int) -> None:
    """Serve a made-up company with months of history."""
    with _server_parts():
        from assay.demo import run
    options: dict[str, Any] = {"port": port} if data is None else {"port": port, "data": data}
    run(**options)


@main.group()
def admin() -> None:
    """Look after a server."""


@admin.command()
@data_option
@click.option("--report", type=int, metavar="N", help="This report alone.")
@click.option("--profile", type=int, metavar="N", help="The reports of this profile.")
@click.option("--all", "everything", is_flag=True, help="Every report.")
def reprocess(data: Path, report: int | None, profile: int | None, everything: bool) -> None:
    """Read raw uploads again, after a reader has learned more or a store was lost."""
    if [report is not None, profile is not None, everything].count(True) != 1:
        raise click.UsageError("Give one of --report N, --profile N and --all.")
    with _server_parts():
        from assay.administration import reprocess as again
    queued = again(data, report=report, profile=profile)
    click.echo(f"{queued} import{'' if queued == 1 else 's'} will be read again")


@admin.command()
@data_option
@click.argument("email")
def password(data: Path, email: str) -> None:
    """Give a user a new password, and sign them out everywhere."""
    with _server_parts():
        from assay.administration import new_password
    click.echo(new_password(data, email))


@admin.command("mail-test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send a test mail to ADDRESS with the settings ASSAY_SMTP and ASSAY_MAIL_FROM."""
    with _server_parts():
        from assay.administration import mail_test as send
    click.echo(send(address))


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--url", envvar="ASSAY_URL", required=True, help="The server. [env: ASSAY_URL]")
@click.option("--api-key", envvar="ASSAY_API_KEY", required=True, help="[env: ASSAY_API_KEY]")
@click.option("--profile", envvar="ASSAY_PROFILE", required=True, help="[env: ASSAY_PROFILE]")
@click.option("--format", "formatter", default="", help="The format; found out if not given.")
@click.option("--attach", multiple=True, help="A file to keep with the report; repeatable.")
@click.option("--tag", "tags", multiple=True, help="name or name:value; repeatable.")
@click.option("--date", default="", help="When the tests ran; found in the files if not given.")
@click.option("--branch", default="", help="Taken from the CI's environment if not given.")
@click.option("--commit", default="", help="The same.")
@click.option("--build", default="", help="The same.")
@click.option("--wait", is_flag=True, help="Wait until the report is read.")
@click.option("--gate", is_flag=True, help="Wait, and end as the report's gate decides.")
@click.option("--live", is_flag=True, help="Send one file as it grows; - is standard input.")
@click.option("--pid", type=click.IntRange(1), help="With --live: the process that writes it.")
@click.option("--json", "as_json", is_flag=True, help="Print the server's answer as JSON.")
def upload(
    files: tuple[str, ...], live: bool, pid: int | None, gate: bool, as_json: bool, **options: Any
) -> None:
    """Send result files, folders of them, or patterns such as 'build/**/TEST-*.xml'.

    With --live a report is sent line by line while the tests go on, until the process --pid has
    ended or this command is told to end (Ctrl-C), and then waited for.

    Ends with 0 when the files were taken (with --wait: read), 1 when the server refused them or
    they could not be read, 2 when the command is wrong, 3 when the server was not to be reached.
    With --gate it ends as `assay gate` does: 0 passed, 1 failed, 2 not judged, whyever.
    """
    from assay import client, gatekeeping, tail

    delivery = client.Delivery(files=files, **options)
    with _usage():
        if live and gate:
            raise click.UsageError("--gate and --live do not go together: ask with assay gate")
        if live:
            sys.exit(tail.follow(delivery, pid, as_json=as_json))
        ask = gatekeeping.upload if gate else client.upload
        sys.exit(ask(delivery, as_json=as_json))


@main.command()
@click.option("--url", envvar="ASSAY_URL", required=True, help="The server. [env: ASSAY_URL]")
@click.option("--api-key", envvar="ASSAY_API_KEY", required=True, help="[env: ASSAY_API_KEY]")
@click.option("--report", type=click.IntRange(1), help="The report.")
@click.option("--profile", envvar="ASSAY_PROFILE", default="", help="Or the newest of a profile …")
@click.option("--branch", default="", help="… of this branch")
@click.option("--commit", default="", help="… of this commit, or one that begins so")
@click.option("--build", default="", help="… of this build.")
@click.option("--wait", is_flag=True, help="Wait until it is there and judged.")
@click.option("--timeout", default=600, show_default=True, help="Seconds to wait at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the server's answer as JSON.")
def gate(as_json: bool, **options: Any) -> None:
    """Ask whether a report passes its gate, for a pipeline to go on or not.

    Ends with 0 when it passes, 1 when it fails, 2 when that cannot be said: there is no such report
    (yet), none of the rules could be judged, the server was not to be reached, the command is
    wrong.
    """
    from assay import gatekeeping

    with _usage():
        sys.exit(gatekeeping.ask(gatekeeping.Question(**options), as_json=as_json))


@main.command()
@click.argument("report_id", type=click.IntRange(1))
@click.option("--url", envvar="ASSAY_URL", required=True, help="The server. [env: ASSAY_URL]")
@click.option("--api-key", envvar="ASSAY_API_KEY", required=True, help="[env: ASSAY_API_KEY]")
@click.option(
    "--as", "kind", default="html", show_default=True, help="html, csv, junit, calliope, assay"
)
@click.option("-o", "--output", default="", help="Where to write it; - is standard output.")
def export(report_id: int, url: str, api_key: str, kind: str, output: str) -> None:
    """Fetch a report as a file: a page to keep, a table, JUnit XML, or all there is of it.

    Without -o it is written here, under the name the server gives it. Ends with 0 when it was
    written, 1 when the server refused, 2 when the command is wrong, 3 when the server was not to be
    reached.
    """
    from assay import download

    with _usage():
        sys.exit(download.export(download.Order(report_id, url, api_key, kind, output)))


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--format", "formatter", default="", help="The format; found out if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def inspect(files: tuple[str, ...], formatter: str, as_json: bool) -> None:
    """Show what Assay makes of files, offline.

    Ends with 0 when at least one was read, 1 when none was, 2 when the command is wrong.
    """
    from assay import inspection

    with _usage():
        sys.exit(inspection.inspect(files, formatter, as_json=as_json))
