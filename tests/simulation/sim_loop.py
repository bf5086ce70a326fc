"""An event loop whose selector advances virtual time instead of sleeping, and processes that can die or freeze in it.

Everything a process does runs in a context that names it. A dead process's callbacks are put aside instead of being
run: its tasks never resume and no `finally` of theirs runs, as after SIGKILL. A frozen one's wait until it thaws.
"""

import asyncio
import contextvars
import selectors
from collections.abc import Callable, Iterable
from typing import Any

RUNNING: contextvars.ContextVar["Process | None"] = contextvars.ContextVar("running", default=None)


class Process:
    """One life of one node."""

    def __init__(self, name: str, loop: "VirtualLoop") -> None:
        self.name = name
        self.loop = loop
        self.alive = True
        self.frozen_until = 0.0
        self.tasks: list[asyncio.Task[Any]] = []
        self.aside: list[tuple[Callable[..., object], tuple[Any, ...], contextvars.Context]] = []
        """What would run, were it not dead or frozen."""
        self.context = contextvars.copy_context()
        self.context.run(RUNNING.set, self)

    def freeze(self, seconds: float) -> None:
        self.frozen_until = max(self.frozen_until, self.loop.time() + seconds)
        self.loop.call_later(seconds, self.thaw, context=self.loop.nobody)

    def thaw(self) -> None:
        if self.alive and self.loop.time() >= self.frozen_until:
            aside, self.aside = self.aside, []
            for callback, args, context in aside:
                self.loop.call_soon(callback, *args, context=context)


class Still(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    """Waits for nothing: the time until the next timer passes at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("nothing is scheduled any more: the simulation would stand still for ever")
        if timeout > 0:
            self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Deterministic: nothing from outside ever wakes it, and what others do in threads is done in place."""

    def __init__(self) -> None:
        self.clockwork = Still()
        self.tasks_made = self.timers_made = 0
        super().__init__(self.clockwork)
        self.nobody = contextvars.Context()
        """For what the world does by itself."""
        self.set_task_factory(_known_to_its_process)

    def time(self) -> float:
        return self.clockwork.now

    def call_soon(self, callback: Any, *args: Any, context: contextvars.Context | None = None) -> asyncio.Handle:
        process = _process(context)
        if process is None:
            return super().call_soon(callback, *args, context=context)
        context = context or contextvars.copy_context()
        return super().call_soon(self._step, process, callback, args, context, context=context)

    def call_at(
        self, when: float, callback: Any, *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        # Of two timers for one instant the earlier made comes first; in a heap it might be either.
        self.timers_made += 1
        when += self.timers_made * 1e-10
        process = _process(context)
        if process is None:
            return super().call_at(when, callback, *args, context=context)
        context = context or contextvars.copy_context()
        return super().call_at(when, self._step, process, callback, args, context, context=context)

    def call_soon_threadsafe(
        self, callback: Any, *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def bury(self, processes: Iterable[Process]) -> None:
        """At the end: let everything that is left end, so that no task is destroyed while it is pending."""
        left = [task for process in processes for task in process.tasks]
        for process in processes:
            process.alive, process.frozen_until = True, 0.0
            process.thaw()
        for _ in range(20):
            left = [task for task in left if not task.done()]
            if not left:
                return
            for task in left:
                task.cancel()
            for _ in range(10):
                self.call_soon(self.stop)
                self.run_forever()
        raise AssertionError(f"tasks that do not end: {left[:3]}")

    def _step(self, process: Process, callback: Any, args: tuple[Any, ...], context: contextvars.Context) -> None:
        if not process.alive or process.frozen_until > self.time():
            process.aside.append((callback, args, context))
        else:
            callback(*args)


class NumberedTask(asyncio.Task[Any]):
    """Told apart by the order they came in, not by their place in memory: sets of them have one order, on every run."""

    def __init__(self, coroutine: Any, *, loop: VirtualLoop, **kwargs: Any) -> None:
        loop.tasks_made += 1
        self._number = loop.tasks_made
        super().__init__(coroutine, loop=loop, **kwargs)

    def __hash__(self) -> int:
        return self._number


def _process(context: contextvars.Context | None) -> Process | None:
    return RUNNING.get() if context is None else context.get(RUNNING)


def _known_to_its_process(loop: Any, coroutine: Any, **kwargs: Any) -> asyncio.Task[Any]:
    task = NumberedTask(coroutine, loop=loop, **kwargs)
    process = _process(kwargs.get("context"))
    if process is not None:
        process.tasks.append(task)
    return task
