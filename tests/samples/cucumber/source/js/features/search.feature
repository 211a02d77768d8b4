Feature: Search

  Rule: Names and numbers are found

    Scenario: By name
      Given the catalogue:
        """
        apples
        pears 🍐
        """
      Then "pears" is found

    Scenario: By number
      Then "apples" is found in the screenshot
