"""Kills a gateway at random moments and judges it by the database of Messages alone.

It shares no code with the project: messages are written into `chat.db` by SQL, the agent is a web service of its own,
and what was sent is read back by SQL. Python's standard library is all that it needs.

    python3 test/independent/kills.py --kills 1000 --seed 1

Each question carries a number, and the agent answers every number that it is asked. At the end each question of somebody
who may talk has exactly one answer, in the chat where it was asked, and nobody else was written to.
"""

import argparse
import http.server
import json
import os
import random
import re
import sys
import tempfile
import time

from gateway import IMSG, Gateway, serve
from messages import Messages, make_world


class Agent(http.server.BaseHTTPRequestHandler):
    """Answers `answer-N` for each `question-N` of a turn, some time later."""

    protocol_version = "HTTP/1.1"
    chance = random.Random()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        messages = json.loads(body)["messages"]
        asked = [number for message in messages for number in re.findall(r"question-(\d+)", message.get("text", ""))]
        time.sleep(self.chance.choice([0, 0, 0.02, 0.1, 0.4]))
        answer = " ".join(f"answer-{number}" for number in asked).encode()
        try:
            self.send_response(200)
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:
            pass  # The gateway that asked is dead.

    def log_message(self, *_):
        pass


def configuration(port, groups, people, catchup):
    return {
        "channels": {
            "imessage": {
                "cliPath": IMSG,
                "dmPolicy": "allowlist",
                "allowFrom": people,
                "groupPolicy": "allowlist",
                "groupAllowFrom": people,
                "groups": {str(groups): {"requireMention": False}},
                "watchDebounceMs": 10,
                "outbound": {"perChatPerMinute": 100_000, "perAccountPerHour": 1_000_000},
                "catchup": {"enabled": catchup},
            }
        },
        "session": {"dmScope": "per-peer"},
        "agents": {"list": [{"id": "main", "runtime": {"type": "http", "url": f"http://127.0.0.1:{port}/"}}]},
    }


def judge(asked, strangers, sent):
    """@param asked number of a question to its chat; @returns complaints and a tally"""
    answers = {}
    complaints = []
    for chat, text in sent:
        numbers = [int(number) for number in re.findall(r"answer-(\d+)", text or "")]
        if not numbers:
            complaints.append(f"chat {chat} was sent {text!r}, which no agent said")
        for number in numbers:
            answers.setdefault(number, []).append(chat)
    lost = [number for number in asked if number not in answers]
    doubled = [number for number, chats in answers.items() if len(chats) > 1]
    misdirected = [number for number, chats in answers.items() if any(chat != asked.get(number) for chat in chats)]
    complaints += [f"question {number} was asked in chat {asked[number]} and has no answer" for number in lost]
    complaints += [f"question {number} has {len(answers[number])} answers" for number in doubled]
    complaints += [f"question {number} was answered in {answers[number]}" for number in misdirected]
    tally = {
        "questions": len(asked),
        "strangers": len(strangers),
        "lost": len(lost),
        "doubled": len(doubled),
        "misdirected": len(misdirected),
        "complaints": len(complaints),
    }
    return complaints, tally


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--settle", type=float, default=300, help="seconds that the last answers may take")
    # Its pass reads two hours of history at each start: thousands of rows here, so that a start seldom lives to the end of it.
    options.add_argument("--catchup", action="store_true", help="with catchup.enabled")
    options.add_argument("--keep", action="store_true", help="keep the folder of the run")
    asked_for = options.parse_args()
    chance = random.Random(asked_for.seed)
    Agent.chance = random.Random(asked_for.seed + 1)

    folder = tempfile.mkdtemp(prefix="tapback-kills-")
    world = os.path.join(folder, "world")
    os.makedirs(os.path.join(folder, "state"), mode=0o700)
    messages = Messages(make_world(world))

    people = [f"+155501001{number:02}" for number in range(8)]
    strangers = ["+15550109999", "eve@example.com"]
    direct = {
        person: messages.add_chat(f"iMessage;-;{person}", person, 45, [person]) for person in (*people, *strangers)
    }
    group = messages.add_chat("iMessage;+;chat100000000000000001", "chat100000000000000001", 43, [*people, strangers[0]])

    with open(os.path.join(folder, "tapback.json5"), "w", encoding="utf-8") as file:
        json.dump(configuration(serve(Agent), group, people, asked_for.catchup), file)

    gateway = Gateway(folder)
    gateway.wait_until_connected()
    asked, unanswered, number, kills = {}, [], 0, 0
    began = time.time()
    try:
        while kills < asked_for.kills:
            # A send in doubt is looked for during two seconds: where no life were longer, its chat would stand still.
            longest = chance.choice([2.5, 2.5, 8])
            until = time.time() + chance.uniform(0.05, longest)
            while time.time() < until:
                number += 1
                if chance.random() < 0.1:
                    person = chance.choice(strangers)
                    chat = chance.choice([direct[person], group]) if person == strangers[0] else direct[person]
                    unanswered.append(number)
                else:
                    person = chance.choice(people)
                    chat = group if chance.random() < 0.25 else direct[person]
                    asked[number] = chat
                messages.arrive(chat, person, f"question-{number}")
                time.sleep(chance.uniform(0, 0.5))
            how = chance.choices(["gateway", "all", "child"], [6, 3, 2])[0]
            if gateway.die(how, chance):
                kills += 1
                if kills % 50 == 0:
                    print(f"{kills} kills, {number} messages, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
            if gateway.process.poll() is not None:
                gateway.start()
        end = time.time() + asked_for.settle
        while time.time() < end:
            complaints, tally = judge(asked, unanswered, messages.sent())
            if tally["lost"] == 0:
                # An answer too many may still be on its way.
                time.sleep(5)
                break
            time.sleep(1)
        complaints, tally = judge(asked, unanswered, messages.sent())
        print(json.dumps({"seed": asked_for.seed, "kills": kills, **tally, "seconds": round(time.time() - began)}))
        for complaint in complaints[:20]:
            print(complaint, file=sys.stderr)
    finally:
        gateway.end(asked_for.keep)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
