#!/usr/bin/env python3
"""A program that acts: with `output: "jsonl"` each line it prints is an event, and actions are answered on stdin."""
import json
import sys


def say(event):
    print(json.dumps(event), flush=True)


envelope = json.loads(sys.stdin.readline())
latest = envelope["messages"][-1]

say({"type": "action", "id": "1", "action": "react", "messageId": latest.get("sid", latest["guid"]), "emoji": "love"})
result = json.loads(sys.stdin.readline())
if result["ok"]:
    say({"type": "text", "text": "Loved it."})
else:
    say({"type": "text", "text": f"I would love it, but: {result['error']['message']}"})
say({"type": "end"})
