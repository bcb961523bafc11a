"""The choices of a town as draws of hypothesis, so that one that fails is shrunk to the smallest
town that still does."""

from hypothesis import strategies as st


class Draws:
    """What a town asks of chance.  ``data``: what ``st.data()`` gives; first options and small
    numbers are what it shrinks to."""

    def __init__(self, data):
        self.data = data

    def choice(self, options):
        return self.data.draw(st.sampled_from(list(options)))

    def randint(self, least: int, most: int) -> int:
        return self.data.draw(st.integers(least, most))

    def likely(self, percent: int) -> bool:
        return self.data.draw(st.integers(1, 100)) > 100 - percent
