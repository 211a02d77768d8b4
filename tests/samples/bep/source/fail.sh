#!/bin/bash
echo "12.50 is not 12.00" >&2; exit 1
