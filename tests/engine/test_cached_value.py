"""A property that is computed once for an object, without a lock."""

import threading

from keras_aegan.engine.cached_value import cached_value


class Batch:
    def __init__(self, meeting=None):
        self.meeting = meeting
        self.times = 0

    @cached_value
    def codes(self):
        """Codes."""
        self.times += 1
        if self.meeting is not None:
            self.meeting.wait(timeout=60)
        return self.times


def test_it_is_computed_once_for_each_object():
    first, second = Batch(), Batch()
    assert (first.codes, first.codes, first.times) == (1, 1, 1)
    assert second.times == 0
    assert Batch.codes.__doc__ == "Codes."


def test_threads_may_wait_for_each_other_in_the_middle():
    """As replicas of TensorFlow do; `functools.cached_property` hangs here."""
    batches = [Batch(threading.Barrier(2)) for _ in range(2)]
    batches[1].meeting = batches[0].meeting
    found = []
    threads = [
        threading.Thread(target=lambda b=b: found.append(b.codes))
        for b in batches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1]
