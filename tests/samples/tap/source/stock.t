# 3 tests are planned, 2 run: the second passes, then the script dies
use strict; use warnings;
use Test::More tests => 3;
pass('counts');
pass('orders');
die "no connection to the warehouse\n";
