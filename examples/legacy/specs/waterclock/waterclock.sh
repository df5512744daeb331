#!/bin/bash
# One drop a second.
for ((drop = 1; drop <= ${1:-3}; drop++)); do echo "drop $drop"; sleep 1; done
