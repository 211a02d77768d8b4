# 8 scenarios: 4 pass (1 of them at the second try), 2 fail, 2 are unknown (1 undefined, 1 pending).
@shop
Feature: Checkout
  A customer pays for what is in the basket.

  Background:
    Given a basket with 3 apples

  @card
  Scenario: Paying with a card
    When I pay with a "card"
    Then the order is placed

  Scenario: Paying with an expired card
    When I pay with a "expired card"
    Then the order is placed

  Scenario Outline: Vouchers
    When I enter the voucher <code>
    Then the total is <total>

    Examples:
      | code     | total |
      | SPRING10 | 27    |
      | WINTER50 | 15    |
      | UNKNOWN  | 25    |

  Scenario: A slow bank
    When the bank answers at the second try
    Then the order is placed

  Scenario: Paying with a cheque
    When I write a cheque
    Then the order is placed

  Scenario: Paying by instalments
    When I pay by instalments:
      | month | amount |
      | May   | 10     |
    Then the order is placed
