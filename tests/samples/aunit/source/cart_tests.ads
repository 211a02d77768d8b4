with AUnit.Test_Cases;
package Cart_Tests is
   type Cart is new AUnit.Test_Cases.Test_Case with null record;
   overriding procedure Register_Tests (T : in out Cart);
   overriding function Name (T : Cart) return AUnit.Message_String;
end Cart_Tests;
