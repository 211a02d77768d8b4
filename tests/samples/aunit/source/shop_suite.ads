with AUnit.Test_Suites;
package Shop_Suite is
   function Suite return AUnit.Test_Suites.Access_Test_Suite;
end Shop_Suite;
