#!/bin/sh
# Behaves as a test of LTP's: prints a line for each check and gives the code of the worst.
case $(basename "$0") in
adds) echo "adds.c:12: TPASS: 1 + 1 is 2"; echo "adds.c:13: TPASS: 2 + 2 is 4"; code=0 ;;
weighs) echo "weighs.c:20: TPASS: weighs apples"; echo "weighs.c:21: TFAIL: $2 $4 is <too> light"; code=1 ;;
prices) echo "prices.c:9: TFAIL: wrong price: ENOENT (2)"; code=1 ;;
opens) echo "opens.c:7: TBROK: open(/dev/till) failed: ENOENT (2)"; code=2 ;;
prints) echo "prints.c:5: TCONF: there is no printer here"; code=32 ;;
warns) echo "warns.c:5: TPASS: weighs"; echo "warns.c:6: TWARN: nearly full"; code=4 ;;
crashes) kill -SEGV $$ ;;
esac
printf '\nSummary:\npassed   %s\nfailed   %s\nbroken   %s\nskipped  %s\nwarnings %s\n' $((code == 0 ? 2 : code == 4 ? 1 : $# > 0)) $((code == 1)) $((code == 2)) $((code == 32)) $((code == 4))
exit $code
