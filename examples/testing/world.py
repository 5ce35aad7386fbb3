"""A simulated Messages world with a gateway, for tests of an agent in Python: a client of `imsg-sim serve`.

The protocol is JSON-RPC 2.0, a line each way at a time; docs/testing.md has its methods. Only the standard library is used.
"""

import itertools
import json
import os
import queue
import shlex
import subprocess
import threading


class NotSo(AssertionError):
    """What the test said of the world is not so; the text tells what the world saw."""


class Turn:
    """One turn: its facts as attributes (text, sender, chat, files, envelope), and what an agent can do in it."""

    def __init__(self, world, facts):
        self._world, self._id = world, facts["turn"]
        self.__dict__.update({name: value for name, value in facts.items() if name != "turn"})

    def say(self, text, files=()):
        self._world.call("turn.say", turn=self._id, text=text, files=list(files))

    def act(self, action, **parameters):
        return self._world.call("turn.act", turn=self._id, action=action, parameters=parameters)

    def remember(self, session):
        self._world.call("turn.remember", turn=self._id, session=session)

    def sleep(self, ms):
        return self._world.call("turn.sleep", turn=self._id, ms=ms)


class World:
    """`World(main=answer)`: each keyword is an agent, a function that takes a Turn and returns its answer or None."""

    def __init__(self, config=None, mac=None, **agents):
        program = shlex.split(os.environ.get("IMSG_SIM", "imsg-sim"))
        self._agents, self._ids, self._waiting, self._lock = agents, itertools.count(1), {}, threading.Lock()
        self._child = subprocess.Popen(
            [*program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.call("world.open", agents=list(agents), config=config or {}, mac=mac or {})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._child.stdin.close()
        self._child.wait()
        self._reader.join()
        self._child.stdout.close()

    def call(self, method, **params):
        """Calls a method and returns its result. Turns are answered meanwhile, each in a thread of its own."""
        mine, answer = next(self._ids), queue.Queue()
        self._waiting[mine] = answer
        self._send(id=mine, method=method, params=params)
        frame = answer.get()
        error = frame.get("error")
        if error is None:
            return frame["result"]
        if error.get("data", {}).get("code") == "NOT_SO":
            raise NotSo(error["message"])
        raise RuntimeError(error["message"])

    def says(self, person, text, **more):
        return self.call("world.says", **{"from": person}, text=text, **more)["message"]

    def settles(self):
        self.call("world.settles")

    def passes(self, **time):
        self.call("world.passes", **time)

    def fault(self, name, **manner):
        self.call("world.fault", name=name, **manner)

    def received(self, person):
        return self.call("world.received", **{"with": person})

    def _read(self):
        for line in self._child.stdout:
            frame = json.loads(line)
            if frame.get("method") == "agent.turn":
                threading.Thread(target=self._answer, args=(frame,), daemon=True).start()
            elif frame.get("id") in self._waiting and "method" not in frame:
                self._waiting.pop(frame["id"]).put(frame)
        for answer in self._waiting.values():
            answer.put({"error": {"message": "imsg-sim has ended"}})

    def _answer(self, frame):
        facts = frame["params"]
        try:
            self._send(id=frame["id"], result=self._agents[facts["agent"]](Turn(self, facts)))
        except Exception as error:  # the turn fails, not the test
            if not self._child.stdin.closed:
                self._send(id=frame["id"], error={"code": 1, "message": repr(error)})

    def _send(self, **frame):
        with self._lock:
            self._child.stdin.write(json.dumps({"jsonrpc": "2.0", **frame}) + "\n")
            self._child.stdin.flush()
