Feature: Basket
  What a customer is going to pay for.

  Background:
    Given a basket with 3 apples

  @smoke
  Scenario: Adding up
    When I add 2 pears
    Then it holds 5 pieces

  Scenario: Vouchers
    When I enter the voucher "SPRING10"
    Then the total is 25

  Scenario: Cheques
    When I write a cheque
