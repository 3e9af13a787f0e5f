"""The desk under load: one real `voicebot serve` on SQLite, a long queue, a room full of consoles, live audio both ways.

    server process      everything: pages, sockets, bot, recognition, queue (measured: CPU, memory, its own figures)
    clients' process    forty consoles signed in, thirty calls with a frame every 20 ms both ways, who talks, accepts, refuses ...
    this process        another one of the same house: its callers' tickets fill the queue, and come and go

Callers beyond `--calls` have a ticket and no line in this server: it sees them in the database. Clients and server share the
machine's cores. The bundled recogniser works for those calls that talk with the bot; callers on hold are silent, as is its rule.

Run: python -m benchmarks.desk_load [--calls 30] [--seconds 60] [--tickets 200] [--consoles 40] [--races 10]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.desk.figures import figures_of
from benchmarks.desk.house import OtherProcess, complaints, furnish, served
from benchmarks.desk.plan import Order
from benchmarks.desk.shift import run
from voicebot.models.resolution import resolve

CALLS = 30
SEATS, BOTS = 8, 8
"""Secretaries who take calls; calls that stay with the bot. Fewer where there are few calls."""
OTHERS_CHANGE_EVERY_S = 2.0
AIMS = {"console_update_p95_ms": 250.0, "loop_delay_p95_ms": 20.0, "loser_told_max_ms": 200.0}

_FRESH = multiprocessing.get_context("spawn")


def measure(options: argparse.Namespace) -> Mapping[str, Any]:
    """Furnish the house, serve it, hold a shift."""
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ProcessPoolExecutor(1, mp_context=_FRESH) as clients:
        folder = Path(name)
        logins = furnish(folder, options.consoles)
        with served(folder, calls=options.calls) as serving:
            seats, bots = min(SEATS, options.calls // 3), min(BOTS, options.calls // 3)
            order = Order(
                serving=serving, logins=logins, seats=seats, calls=options.calls, bots=bots,
                seconds=options.seconds, races=options.races,
            )  # fmt: skip
            others = OtherProcess(folder, max(0, options.tickets - (options.calls - bots - seats)))
            with others.changing(OTHERS_CHANGE_EVERY_S):
                outcome = clients.submit(run, order).result()
            others.close()
        return {"setup": _setup(order, others.tickets), "aims": AIMS, **figures_of(outcome, order), "log": complaints(folder)}


def _setup(order: Order, elsewhere: int) -> Mapping[str, Any]:
    return {
        "consoles": len(order.logins),
        "secretaries_who_take_calls": order.seats,
        "secretaries_on_a_break": len(order.logins) - order.seats,
        "calls": order.calls,
        "of_them_with_the_bot": order.bots,
        "tickets_of_callers_elsewhere": elsewhere,
        "of_them_replaced_every_s": OTHERS_CHANGE_EVERY_S,
        "database": "SQLite",
        "cores_shared_by_server_and_clients": os.cpu_count(),
        "voices": "espeak-ng; recogniser compact-fr",
    }


def show(figures: Mapping[str, Any]) -> None:
    """What matters most, in words."""
    setup, during, cpu = figures["setup"], figures["during"], figures["cpu"]
    update, race, loop = figures["console_update_ms"], figures["race"], figures["loop_delay_ms"]
    per_call = cpu["server_ms_per_call_and_audio_s"]
    print(
        f"{setup['calls']} calls, {setup['consoles']} consoles, {during['tickets_in_the_queue']['least']} to"
        f" {during['tickets_in_the_queue']['most']} tickets in the queue ({setup['tickets_of_callers_elsewhere']} of callers"
        f" elsewhere), {during['talking_with_a_secretary']['least']} to {during['talking_with_a_secretary']['most']}"
        f" conversations; server and clients share {setup['cores_shared_by_server_and_clients']} cores"
    )
    print(
        f"  a console knows after {_three(update['all'])} ms"
        f" (aim: p95 {AIMS['console_update_p95_ms']:.0f}); {during['commands']} commands, {update['missed']} updates missed"
    )
    print(
        f"  the loop that carries the audio is late by {_three(loop)} ms"
        f" (aim: p95 {AIMS['loop_delay_p95_ms']:.0f}); {100 * loop['share_above_20_ms']:.2f} % above 20 ms"
    )
    for ears in ("callers", "secretaries"):
        frames, delay = figures["frames_ms"][f"at_{ears}"], figures["mouth_to_ear_ms"][f"to_{ears}"]
        print(f"  frames at {ears}: off the beat by {_three(frames['off_the_beat'])} ms, longest gap {frames['longest']} ms")
        print(f"  mouth to ear, to {ears}: {_three(delay['delay'])} ms; {delay['heard']} of {delay['clicks']} clicks heard")
    print(
        f"  {race['races']} races of {setup['consoles']}: {race['with_exactly_one_winner']} with one winner;"
        f" losers told who won after p50 {race['loser_told_ms'].get('p50')} max {race['loser_told_ms'].get('max')} ms"
        f" (aim: max {AIMS['loser_told_max_ms']:.0f}), {race['other_answers']} other answers"
    )
    print(
        f"  server: {cpu['server_cores']['work']} cores, {per_call['everything']} ms per call and audio-second with everything,"
        f" {per_call['calls_alone']} ms for calls alone; clients: {cpu['clients_cores']['work']} cores;"
        f" resident {figures['memory_mb']['start_of_work']} MB at the start, {figures['memory_mb']['end_of_work']} MB at the end"
    )
    print(f"  warnings and errors in the server's log: {len(figures['log'])}")
    for line in figures["log"]:
        print(f"    {line}")


def _three(spread: Mapping[str, float]) -> str:
    return " ".join(f"{name} {spread.get(name, 0.0)}" for name in ("p50", "p95", "p99"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--consoles", type=int, default=40)
    parser.add_argument("--races", type=int, default=10)
    options = parser.parse_args()
    figures = measure(options)
    show(figures)
    name = "desk_load" if options.calls == CALLS else f"desk_load_{options.calls}_calls"
    harness.write(name, figures, hashes={"compact-fr": harness.sha256_of(resolve("compact-fr"))})


if __name__ == "__main__":
    main()
