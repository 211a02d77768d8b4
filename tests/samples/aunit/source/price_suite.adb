with Price_Tests;
package body Price_Suite is
   function Suite return AUnit.Test_Suites.Access_Test_Suite is
      Result : constant AUnit.Test_Suites.Access_Test_Suite :=
        AUnit.Test_Suites.New_Suite;
   begin
      Result.Add_Test (new Price_Tests.Price);
      return Result;
   end Suite;
end Price_Suite;
