"""Tests of an agent in Python: `python3 -m unittest` in this folder, with imsg-sim installed or named by IMSG_SIM."""

import unittest

from world import NotSo, World

MIA = "+15550100123"


def agent(turn):
    """The agent that is tested: counts words, and remembers how many it has counted."""
    if turn.text == "Thanks!":
        turn.act("react", messageId=turn.envelope["messages"][0]["sid"], emoji="love")
        return None
    words = len(turn.text.split())
    total = (turn.session or 0) + words
    turn.remember(total)
    return f"{words} words, {total} in all."


class AgentTest(unittest.TestCase):
    def test_counts_and_remembers(self):
        with World(main=agent) as world:
            world.says(MIA, "Hello there")
            world.settles()
            world.says(MIA, "How are you?")
            world.settles()
            self.assertEqual(world.received(MIA), ["2 words, 2 in all.", "3 words, 5 in all."])
            world.call("expect.answeredExactlyOnce")
            world.call("expect.leakedNothing")

    def test_loves_thanks_and_says_nothing(self):
        with World(main=agent) as world:
            message = world.says(MIA, "Thanks!")
            world.settles()
            world.call("expect.silent", **{"with": MIA})
            row = next(row for row in world.call("world.transcript") if row["guid"] == message)
            self.assertEqual(row["tapbacks"], [{"emoji": "❤️", "from": "me"}])

    def test_answers_once_though_the_gateway_dies(self):
        def slow(turn):
            turn.sleep(5000)
            return agent(turn)

        with World(main=slow) as world:
            world.says(MIA, "Hello there")
            world.passes(seconds=3)
            world.fault("gateway-dies", ms=2000)
            world.settles()
            world.call("expect.answeredExactlyOnce")

    def test_tells_what_the_world_saw_when_it_is_not_so(self):
        with World(main=agent) as world:
            world.says(MIA, "Hello there")
            world.settles()
            with self.assertRaisesRegex(NotSo, r"Hello there[\s\S]*turn of main: done"):
                world.call("expect.silent")


if __name__ == "__main__":
    unittest.main()
