#!/bin/sh
echo no scale; exit 99
