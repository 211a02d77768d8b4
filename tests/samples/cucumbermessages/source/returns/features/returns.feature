# 5 scenarios: 3 pass, 1 is broken (2 definitions fit its step), 1 is skipped by its own step.
Feature: Returns

  Background:
    Given a customer

  @refund
  Rule: A refund takes its time

    Background:
      Given a parcel on its way back

    Scenario Outline: Refund by <means>
      When it arrives
      Then the refund takes <days> days

      Examples: quick
        | means | days |
        | card  | 2    |
        | cash  | 0    |

      @slow
      Examples: slow
        | means | days |
        | card  | 9    |

  Scenario: Two ways
    When it is weighed

  Scenario: On a holiday
    When the shop is closed
