"""What of a file's absolute path is the project's own."""

from __future__ import annotations

import pytest

from assay.formats._workspaces import within_project


@pytest.mark.parametrize(
    "path",
    [
        "src/cart.test.js",
        "./src/cart.test.js",
        "src\\cart.test.js",
        "/home/runner/work/shop/shop/src/cart.test.js",
        "/Users/runner/work/shop/shop/src/cart.test.js",
        "D:\\a\\shop\\shop\\src\\cart.test.js",
        "/__w/shop/shop/src/cart.test.js",
        "/home/ci/actions-runner/_work/shop/shop/src/cart.test.js",
        "D:\\a\\1\\s\\src\\cart.test.js",
        "/home/vsts/work/1/s/src/cart.test.js",
        "/builds/company/shop/src/cart.test.js",
        "/builds/Yx1zabcd/0/company/shop/src/cart.test.js",
        "/var/lib/jenkins/workspace/shop@2/src/cart.test.js",
        "/var/jenkins_home/workspace/shop_PR-12/src/cart.test.js",
        "C:\\Jenkins\\workspace\\shop\\src\\cart.test.js",
        "/home/jenkins/agent/workspace/shop/src/cart.test.js",
        "/home/circleci/project/src/cart.test.js",
        "/root/project/src/cart.test.js",
        "/home/travis/build/company/shop/src/cart.test.js",
        "/opt/atlassian/pipelines/agent/build/src/cart.test.js",
        "c:\\projects\\shop\\src\\cart.test.js",
        "/codebuild/output/src123/src/github.com/company/shop/src/cart.test.js",
        "/var/lib/buildkite-agent/builds/agent-1/company/shop/src/cart.test.js",
        "/opt/buildAgent/work/1a2b3c/src/cart.test.js",
        "/drone/src/src/cart.test.js",
        "/workspaces/shop/src/cart.test.js",
        "/usr/src/app/src/cart.test.js",
        "file:///app/src/cart.test.js",
        "/home/alice/src/cart.test.js",
    ],
)
def test_a_file_is_called_the_same_wherever_its_project_was_checked_out(path: str) -> None:
    assert within_project(path) == "src/cart.test.js"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("C:\\Dev\\shop\\src\\cart.test.js", "Dev/shop/src/cart.test.js"),
        ("/srv/shop/src/cart.test.js", "srv/shop/src/cart.test.js"),
        ("/Users/alice/shop/src/cart.test.js", "shop/src/cart.test.js"),
        ("", ""),
    ],
)
def test_where_the_place_says_nothing_most_of_the_path_is_kept(path: str, kept: str) -> None:
    assert within_project(path) == kept
