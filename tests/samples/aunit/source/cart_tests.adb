with AUnit.Assertions; use AUnit.Assertions;
package body Cart_Tests is
   use AUnit.Test_Cases;

   procedure Adds (T : in out Test_Case'Class) is
   begin
      Assert (1 + 1 = 2, "one and one");
   end Adds;

   procedure Removes (T : in out Test_Case'Class) is
   begin
      Assert (False, "nothing was removed");
   end Removes;

   procedure Compares (T : in out Test_Case'Class) is
   begin
      Assert (False, "expected <3> & got <4>");
   end Compares;

   procedure Overflows (T : in out Test_Case'Class) is
      Weight : Natural := 0;
   begin
      Weight := Weight - 1;
      Assert (Weight < 0, "light");
   end Overflows;

   overriding procedure Register_Tests (T : in out Cart) is
      use Registration;
   begin
      Register_Routine (T, Adds'Access, "adds");
      Register_Routine (T, Removes'Access, "removes");
      Register_Routine (T, Compares'Access, "compares");
      Register_Routine (T, Overflows'Access, "overflows");
   end Register_Tests;

   overriding function Name (T : Cart) return AUnit.Message_String is
     (AUnit.Format ("Cart"));
end Cart_Tests;
