program shoptests;
{ 7 tests of 2 classes: 3 pass (one of them without any assertion), 2 fail, 1 is an error, 1 is ignored. }
{$mode objfpc}{$H+}
uses
  Classes, SysUtils, fpcunit, testregistry, consoletestrunner;

type
  TCartTest = class(TTestCase)
  published
    procedure Adds;
    procedure Removes;
    procedure Compares;
    procedure Divides;
    procedure Prints;
  end;

  TPriceTest = class(TTestCase)
  published
    procedure Rounds;
    procedure Nothing;
  end;

procedure TCartTest.Adds;
begin
  AssertEquals(2, 1 + 1);
end;

procedure TCartTest.Removes;
begin
  Fail('nothing was removed');
end;

procedure TCartTest.Compares;
begin
  AssertEquals('price & <tare>', 3, 4);
end;

procedure TCartTest.Divides;
var
  Zero: Integer;
begin
  Zero := 0;
  AssertEquals(1, 1 div Zero);
end;

procedure TCartTest.Prints;
begin
  Ignore('there is no printer here');
end;

procedure TPriceTest.Rounds;
begin
  Sleep(12);
  AssertTrue(Round(1.4) = 1);
end;

procedure TPriceTest.Nothing;
begin
end;

var
  Runner: TTestRunner;
begin
  RegisterTest(TCartTest);
  RegisterTest('Till.Prices', TPriceTest);
  Runner := TTestRunner.Create(nil);
  Runner.Initialize;
  Runner.Run;
  Runner.Free;
end.
