"""A gateway as a process that can be killed."""

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GATEWAY = os.path.join(ROOT, "dist", "cli", "main.js")
IMSG = os.path.join(ROOT, "dist", "simulator", "main.js")


def children_of(pid):
    """Processes that a process started, and theirs."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [child for one in found for child in (int(one), *children_of(int(one)))]


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def serve(handler):
    """Plays what the gateway asks over HTTP, until the script ends. @returns the port"""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Gateway:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            **os.environ,
            "IMSG_SIM_HOME": os.path.join(folder, "world"),
            "TAPBACK_CONFIG": os.path.join(folder, "tapback.json5"),
            "TAPBACK_STATE_DIR": os.path.join(folder, "state"),
        }
        self.log = open(os.path.join(folder, "gateway.log"), "ab")
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["node", GATEWAY, "gateway"], env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )

    def die(self, how, chance):
        """@returns False where nothing was killed"""
        if how == "child":
            children = children_of(self.process.pid)
            if not children:
                return False
            kill(chance.choice(children))
            return True
        children = children_of(self.process.pid) if how == "all" else []
        for pid in (self.process.pid, *children):
            kill(pid)
        self.process.wait()
        return True

    def is_connected(self):
        answer = subprocess.run(
            ["node", GATEWAY, "channels", "status", "--json"], env=self.environment, capture_output=True, text=True, timeout=120
        )
        if answer.returncode not in (0, 1) or not answer.stdout.startswith("{"):
            return False
        return any(account.get("connected") for account in json.loads(answer.stdout).get("accounts", []))

    def wait_until_connected(self, seconds=120):
        """What was there before the first connection is not answered, by rule."""
        deadline = time.time() + seconds
        while not self.is_connected():
            if time.time() > deadline:
                raise SystemExit("the gateway did not connect")
            time.sleep(0.2)

    def end(self, keep):
        """Ends it and removes its folder, or says where that is kept."""
        for pid in (self.process.pid, *children_of(self.process.pid)):
            kill(pid)
        if keep:
            print(f"kept: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
