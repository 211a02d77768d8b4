with AUnit.Test_Cases;
package Price_Tests is
   type Price is new AUnit.Test_Cases.Test_Case with null record;
   overriding procedure Register_Tests (T : in out Price);
   overriding function Name (T : Price) return AUnit.Message_String;
end Price_Tests;
