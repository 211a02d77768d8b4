#!/bin/bash
echo "2 books"; echo png > $TEST_UNDECLARED_OUTPUTS_DIR/cover.png
