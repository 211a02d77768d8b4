with AUnit.Test_Suites;
package Price_Suite is
   function Suite return AUnit.Test_Suites.Access_Test_Suite;
end Price_Suite;
