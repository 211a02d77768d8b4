*** Comments ***
8 tests: 4 pass (1 of them needs Robot Framework 5), 3 fail, 1 is skipped.

*** Settings ***
Documentation    Paying for what is in the basket.
Metadata         Browser    none
Suite Setup      Log    the till opens
Test Setup       Set Test Variable    ${basket}    ${30}
Test Teardown    Log    the basket is emptied

*** Test Cases ***
Paying With A Card
    [Documentation]    The bank says *yes*.
    [Tags]    card    smoke
    Pay With    card
    Should Be Equal As Integers    ${basket}    0

Paying With An Expired Card
    [Tags]    card
    Pay With    expired card
    Should Be Equal As Integers    ${basket}    0    the payment was refused

Paying With A Cheque
    Write A Cheque

Paying With A Voucher
    Skip    the voucher service has no test account

Paying By Instalments
    FOR    ${month}    IN    May    June    July
        Log    ${month}: 10
        IF    '${month}' == 'July'
            Pay With    card
        ELSE
            Log    not yet    level=DEBUG
        END
    END

A Slow Bank
    [Timeout]    200 ms
    Sleep    2 s

Names Are Kept
    Log    <b>Müller & Søn</b> 🛒    html=True
    Log    the printer is out of paper    level=WARN

Paper Is Fetched
    [Tags]    robot-5
    TRY
        Fail    no paper
    EXCEPT    no paper
        Log    fetched some
    END

*** Keywords ***
Pay With
    [Arguments]    ${means}
    IF    $means == 'card'
        Set Test Variable    ${basket}    ${0}
    END
