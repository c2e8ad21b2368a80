#!/bin/sh
# Draws the PNG icons of both apps from their icon.svg with a headless Chromium.
set -eu
cd "$(dirname "$0")/../public"
for drawing in */icon.svg; do
  for size in 180 192 512; do
    chromium --headless --no-sandbox --hide-scrollbars --window-size="$size,$size" \
      --screenshot="$PWD/${drawing%.svg}-$size.png" "file://$PWD/$drawing" 2>/dev/null
  done
done
