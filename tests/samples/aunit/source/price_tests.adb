with AUnit.Assertions; use AUnit.Assertions;
package body Price_Tests is
   use AUnit.Test_Cases;

   procedure Rounds (T : in out Test_Case'Class) is
   begin
      delay 0.01;
      Assert (True, "rounded");
   end Rounds;

   procedure Sums (T : in out Test_Case'Class) is
   begin
      Assert (True, "summed");
   end Sums;

   overriding procedure Register_Tests (T : in out Price) is
      use Registration;
   begin
      Register_Routine (T, Rounds'Access, "rounds");
      Register_Routine (T, Sums'Access, "sums");
   end Register_Tests;

   overriding function Name (T : Price) return AUnit.Message_String is
     (AUnit.Format ("Price"));
end Price_Tests;
