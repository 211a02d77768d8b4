#!/bin/sh
echo "price <3>"; echo wrong >\&2; exit 1
