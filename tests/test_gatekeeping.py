"""`assay gate` and `assay upload --gate`, at a real server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assay import client
from assay.cli import main
from support.house import REPORT, House, given
from support.server import free_port

GOOD = b"<testsuite name='s'><testcase classname='shop' name='adds'/></testsuite>"


@dataclass(frozen=True, slots=True)
class Shell:
    """Someone at a command line, with a profile."""

    house: House
    profile: int

    def run(self, *arguments: str, url: str = "", key: str = "") -> Result:
        alice = self.house.people.alice
        where = ["--url", url or self.house.server.url, "--api-key", key or alice.secret]
        return CliRunner().invoke(main, [*arguments, *where])

    def gate(self, *arguments: str) -> Result:
        return self.run("gate", *arguments)

    def upload(self, data: bytes, *arguments: str) -> Result:
        Path("report.xml").write_bytes(data)
        profile = ("--profile", str(self.profile))
        return self.run("upload", "report.xml", "--gate", *profile, *arguments)

    def report(self, data: bytes = REPORT, **options: str) -> int:
        with self.house.client(self.house.people.alice) as alice:
            made: int = given(alice, self.profile, data, **options)["id"]
            return made

    def write(self, rules: str) -> None:
        with self.house.client(self.house.people.alice) as alice:
            answer = alice.put(f"/api/v3/profiles/{self.profile}/gate", json={"rules": rules})
            assert answer.status_code == 200, answer.text


@pytest.fixture
def shell(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setattr(client, "PAUSES", (0.01,))
    monkeypatch.chdir(tmp_path)
    return Shell(house, house.new_profile(house.people.alice, "Pipeline"))


def test_it_ends_with_1_and_says_of_each_rule_why(shell: Shell) -> None:
    shell.write("failures: 0\ntests: 3\nmean: 1 s")
    report = shell.report()
    answer = shell.gate("--report", str(report))
    assert answer.exit_code == 1
    assert answer.stdout.splitlines() == [
        "✕ failures: 2 > 0",
        "✓ tests: 4 ≥ 3",
        "– mean: no mean was measured",
        f"Report {report} fails its gate: 2 test(s) failed",
        f"{shell.house.server.url}/reports/{report}",
    ]


def test_it_ends_with_0_for_a_report_that_passes(shell: Shell) -> None:
    report = shell.report(GOOD)
    answer = shell.gate("--report", str(report))
    assert answer.exit_code == 0
    assert f"Report {report} passes its gate" in answer.stdout


def test_it_finds_the_newest_of_a_commit(shell: Shell) -> None:
    shell.report(GOOD, commit="a1b2c3", date="2026-03-01")
    shell.report(commit="ffffff", date="2026-03-02")
    profile = ("--profile", str(shell.profile))
    assert shell.gate(*profile).exit_code == 1
    assert shell.gate(*profile, "--commit", "a1b2").exit_code == 0
    answer = shell.gate(*profile, "--commit", "0000", "--wait", "--timeout", "1")
    assert answer.exit_code == 2
    assert f"Profile {shell.profile} has no report of commit 0000" in answer.stdout


def test_what_could_not_be_judged_is_neither(shell: Shell) -> None:
    shell.write("mean: 1 s")
    answer = shell.gate("--report", str(shell.report()))
    assert answer.exit_code == 2
    assert "could not be judged: mean: no mean was measured" in answer.stdout


def test_it_prints_what_the_server_says(shell: Shell) -> None:
    report = shell.report()
    answer = shell.gate("--report", str(report), "--json")
    told = json.loads(answer.stdout)
    assert (told["report_id"], told["gate"], told["reason"]) == (report, "fail", "2 test(s) failed")
    assert told["rules"] == [{"rule": "failures", "passed": False, "said": "2 > 0"}]


def test_without_an_answer_there_is_no_verdict(shell: Shell) -> None:
    report = str(shell.report(GOOD))
    nobody = f"http://127.0.0.1:{free_port()}"
    refused = shell.run("gate", "--report", report, key="assay_nonsense")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "the API key is missing or not valid" in refused.stderr
    assert shell.run("gate", "--report", report, url=nobody).exit_code == 2
    assert shell.gate("--report", "999999").exit_code == 2
    assert shell.gate().exit_code == 2
    strange = shell.house.people.charlie.secret
    assert shell.run("gate", "--report", report, key=strange).exit_code == 2


def test_an_upload_can_end_as_its_gate_decides(shell: Shell) -> None:
    good, bad = shell.upload(GOOD), shell.upload(REPORT)
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "✓ failures: 0 ≤ 0" in good.stdout
    assert "fails its gate: 2 test(s) failed" in bad.stdout


def test_an_upload_that_is_no_report_is_not_judged(shell: Shell) -> None:
    answer = shell.upload(b"<html>Not found</html>")
    assert answer.exit_code == 2
    assert "The report could not be read" in answer.stderr
    told = json.loads(shell.upload(b"<html>Not found</html>", "--json").stdout)
    assert told["message"].startswith("The report could not be read")


def test_a_stream_is_not_waited_for(shell: Shell) -> None:
    answer = shell.upload(GOOD, "--live")
    assert answer.exit_code == 2
    assert "do not go together" in answer.stderr
