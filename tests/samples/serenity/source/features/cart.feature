# 7 tests: 2 pass (one of them a row), 2 fail (one of them a row), 2 are broken (one is compromised), 1 is unknown.
@shop
Feature: Cart

  To buy several books at once, a reader puts them into a cart.

  @smoke
  Scenario: Adds up its lines
    Given a book for 7
    When 1 more book for 4 is taken
    Then 11 are to be paid

  Scenario: Charges for delivery
    Given a book for 7
    Then 11 are to be paid
    And it is sent

  Scenario: Loads prices
    Given the prices are loaded

  Scenario: Depends on the warehouse
    Given the warehouse is down

  Scenario: Is sent by drone
    Given a drone

  Scenario Outline: Gives a discount
    Given a book for <price>
    Then <paid> are to be paid

    Examples:
      | price | paid |
      | 7     | 7    |
      | 20    | 18   |
