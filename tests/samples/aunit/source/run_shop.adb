--  6 tests of 2 cases: 3 pass, 2 fail, 1 raises.
with AUnit.Options;
with AUnit.Reporter.XML;
with AUnit.Run;
with Shop_Suite;

procedure Run_Shop is
   procedure Run is new AUnit.Run.Test_Runner (Shop_Suite.Suite);
   Reporter : AUnit.Reporter.XML.XML_Reporter;
begin
   Run (Reporter, (Global_Timer => True, Test_Case_Timer => True,
                   Report_Successes => True, others => <>));
end Run_Shop;
