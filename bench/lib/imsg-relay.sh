#!/bin/bash
# `imsg rpc --db NAME` of an account whose Mac is played elsewhere (`macs.mjs`).
[ "$1" = rpc ] || exit 1
exec 3<>"/dev/tcp/127.0.0.1/$BENCH_MACS"
printf '{"account":"%s","plan":%s}\n' "$3" "$BENCH_PLAN" >&3
cat <&3 &
exec cat >&3
