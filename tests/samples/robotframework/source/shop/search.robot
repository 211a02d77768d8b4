*** Comments ***
2 tests: 2 pass, or both fail where their suite's setup does.

*** Settings ***
Suite Setup    Run Keyword If    '%{SHOP_DOWN=}' == 'yes'    Fail    the catalogue is not there

*** Test Cases ***
By Name
    Should Contain    apples pears    pears

By Number
    Should Be Equal    ${12}    ${12}
