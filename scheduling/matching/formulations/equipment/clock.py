"""When a run ends."""

from scheduling.matching.plan import OUT_OF_TIME, Control, Progress
from scheduling.matching.problem import Kind

WORK_PER_SECOND = 0.5  # deterministic work for a second of one kind's limit: two cores do more


class Clock:
    """Deterministic work ends a run, so that it can be replayed; the clock only where the
    machine is too slow for that (``late``), or somebody does (``stopped``)."""

    def __init__(self, control: Control):
        self.control = control
        self.work = self.left = control.seconds * WORK_PER_SECOND
        self.began = control.now()
        self.late = self.stopped = False

    def going(self, reserve: float) -> bool:
        """Whether there is more work left than the part ``reserve`` of all."""
        self.stopped = self.stopped or self.control.should_stop()
        self.late = self.late or self.seconds_left <= 0
        return not (self.stopped or self.late) and self.left > reserve * self.work

    @property
    def elapsed(self) -> float:
        return self.control.now() - self.began

    @property
    def seconds_left(self) -> float:
        return self.control.seconds - self.elapsed

    @property
    def notes(self) -> tuple[str, ...]:
        return (OUT_OF_TIME,) if self.late else ()

    def report(self, phase: str, done: float, served: int) -> None:
        self.control.report(Progress(Kind.EQUIPMENT, phase, done, served))
