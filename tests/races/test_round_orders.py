"""Several colleagues order a matching round at the same moment: each gets one, numbered apart."""

import threading

import pytest
from django.db import connection, transaction

from scheduling.actions.rounds import ordering
from scheduling.models import MatchingRun
from tests import make
from tests.races.arena import rounds, this_hour

pytestmark = pytest.mark.race
COLLEAGUES = ordering.MOST_WAITING + 2


def order_at_once(institution, people, now) -> list[Exception]:
    """What each of them met, but for the refusal of a further round."""
    start, faults = threading.Barrier(len(people)), []

    def one(person):
        try:
            start.wait()
            with transaction.atomic():
                ordering.order(
                    terms=ordering.RoundTerms(kinds=("equipment",)),
                    institution=institution,
                    by=person,
                    now=now,
                )
        except ordering.TooManyRounds:
            pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_orders_at_the_same_moment_are_numbered_one_after_the_other(idle_portal):
    for number in range(rounds(3)):
        hospital = make.institution(f"hospital{number}")
        people = [make.user(at=hospital, role="coordinator") for _place in range(COLLEAGUES)]

        assert order_at_once(hospital, people, this_hour()) == []

        ordered = MatchingRun.unscoped.filter(institution=hospital)
        numbers = sorted(ordered.values_list("number", flat=True))
        assert numbers == list(range(1, ordering.MOST_WAITING + 1))
