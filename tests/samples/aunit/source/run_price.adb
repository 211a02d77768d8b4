--  2 tests of 1 case: 2 pass. Without timers, as older versions write.
with AUnit.Options;
with AUnit.Reporter.XML;
with AUnit.Run;
with Price_Suite;

procedure Run_Price is
   procedure Run is new AUnit.Run.Test_Runner (Price_Suite.Suite);
   Reporter : AUnit.Reporter.XML.XML_Reporter;
begin
   Run (Reporter, (Global_Timer => False, Test_Case_Timer => False,
                   Report_Successes => True, others => <>));
end Run_Price;
