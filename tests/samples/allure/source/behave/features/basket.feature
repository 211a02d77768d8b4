# Four scenarios: two examples that pass, one that fails, one that has an undefined step.
@smoke
Feature: Basket
  Customers pay what is in it.

  Background:
    Given a basket

  @critical
  Scenario Outline: Apples cost <price>
    When I put in <amount> apples
    Then I pay <price>

    Examples:
      | amount | price |
      | 1      | 3     |
      | 2      | 6     |

  Scenario: A voucher
    When I put in 3 apples
    Then I pay 8

  Scenario: A drone
    When it is sent by drone
