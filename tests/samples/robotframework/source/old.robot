*** Comments ***
4 tests: 2 pass, 2 fail.

*** Settings ***
Documentation    What Robot Framework 3 knew.
Test Teardown    Tidy Up

*** Test Cases ***
It Weighs
    [Tags]    scale
    Should Be Equal As Numbers    ${1.2}    1.20

It Rounds
    Run Keyword And Expect Error    *not*    Should Be Equal    1    2    not the same

It Prints
    :FOR    ${page}    IN RANGE    2
    \    Log    page ${page}
    Fail    no paper in the printer

It Tidies Up
    [Teardown]    Fail    the drawer is stuck
    No Operation

*** Keywords ***
Tidy Up
    Log    tidy
