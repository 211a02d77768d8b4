# language: en
# 6 scenarios: 3 pass, 1 fails, 1 is skipped, 1 is unknown (undefined).
Feature: Weighing
  Background:
    Given an empty scale

  @fruit
  Scenario: Apples
    When I lay down 1200 g
    Then it shows "1.20 kg"

  Scenario Outline: Rounding
    When I lay down <grams> g
    Then it shows "<shown>"
    Examples: Kilograms
      | grams | shown   |
      | 999   | 1.00 kg |
      | 994   | 1.00 kg |
      | 1     | 0.00 kg |

  Scenario: Without a printer
    When I ask for a label
    Then it shows "label"

  Scenario: Over the limit
    When I lay down an elephant
