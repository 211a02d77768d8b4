*** Settings ***
Documentation     What a customer is going to pay for.

*** Test Cases ***
A Basket Adds Up
    [Documentation]    Three apples and two pears.
    [Tags]    smoke
    Log    3 apples, 2 pears
    ${total} =    Evaluate    3 + 2
    Should Be Equal As Integers    ${total}    5

A Voucher Takes Ten Percent Off
    Should Be Equal As Integers    27    25    SPRING10 takes ten percent off

A Second Currency
    Skip    no second currency yet
