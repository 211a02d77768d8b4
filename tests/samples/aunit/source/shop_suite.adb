with Cart_Tests;
with Price_Tests;
package body Shop_Suite is
   function Suite return AUnit.Test_Suites.Access_Test_Suite is
      Result : constant AUnit.Test_Suites.Access_Test_Suite :=
        AUnit.Test_Suites.New_Suite;
   begin
      Result.Add_Test (new Cart_Tests.Cart);
      Result.Add_Test (new Price_Tests.Price);
      return Result;
   end Suite;
end Shop_Suite;
