"""XCTest: where Assay counts otherwise than the corpus' own counter, and why it is right."""

from __future__ import annotations

NOT_RECOGNISED = {
    "xctest-plist/fastlane-community-trainer/"
    "fixtures__Test.test_result.xcresult__Info.plist": "the bundle's own list, without any test",
}
