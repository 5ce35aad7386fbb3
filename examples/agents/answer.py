#!/usr/bin/env python3
"""A program as an agent: the envelope comes as one line of JSON on stdin, what is printed is the answer."""
import json
import sys

envelope = json.loads(sys.stdin.readline())
sender = envelope["sender"]
words = sum(len(message["text"].split()) for message in envelope["messages"])
print(f"Hello {sender.get('name', sender['handle'])}, you wrote {words} words.")
