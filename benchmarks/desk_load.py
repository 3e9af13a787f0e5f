"""The desk under load: one real `voicebot serve`, a long queue, a room full of consoles, live audio both ways.

    python -m benchmarks.desk_load [--calls 30] [--seconds 60]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import tempfile
from pathlib import Path

from benchmarks import harness
from benchmarks.desk.house import OtherProcess, furnish, served
from benchmarks.desk.shift import Order, Outcome, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--consoles", type=int, default=40)
    parser.add_argument("--seats", type=int, default=8)
    parser.add_argument("--bots", type=int, default=8)
    parser.add_argument("--races", type=int, default=10)
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        logins = furnish(Path(folder), o.consoles)
        with served(Path(folder), calls=o.calls) as serving:
            other = OtherProcess(Path(folder), o.tickets - (o.calls - o.bots - o.seats))
            order = Order(serving=serving, logins=tuple(logins), calls=o.calls, seats=o.seats, bots=o.bots, seconds=o.seconds,
                          talk_s=15.0, status_every_s=0.5, races=o.races)
            fresh = multiprocessing.get_context("spawn")
            with other.changing(2.0), concurrent.futures.ProcessPoolExecutor(1, mp_context=fresh) as process:
                outcome = process.submit(run, order).result()
            other.close()
        import shutil
        shutil.copy(Path(folder)/"serve.log", "/tmp/desk_load_serve.log")
    import pickle
    pickle.dump(outcome, open("/tmp/desk_outcome.pkl", "wb"))
    show(outcome)

def show(outcome):
    for name, p in outcome.periods.items():
        cpu = (p.after.cpu_s-p.before.cpu_s)/p.seconds
        d = [(a, y-x) for (a,y),(_,x) in zip(p.after.delays,p.before.delays)]
        print(name, f"{p.seconds:.1f}s cpu {cpu:.3f} clients {p.clients_cpu_s/p.seconds:.3f} events/s {p.events/p.seconds:.0f} rss {p.before.rss_mb:.0f}->{p.after.rss_mb:.0f}", [(a, round(b/d[-1][1],3)) for a,b in d])
    u = [s for x in outcome.updates for s in x.seen_s]
    print("updates", len(outcome.updates), "missing", sum(x.missing for x in outcome.updates), "refused", sum(x.status!=200 for x in outcome.updates))
    if u: print(harness.spread(u))
    import collections
    by=collections.defaultdict(list)
    for x in outcome.updates: by[x.command]+=x.seen_s
    for k,v in by.items():
        if v: print("  ",k,harness.spread(v))
    for h in ("callers","secretaries"):
        x=getattr(outcome,h)
        if x.gaps_s: print(h, "gap", harness.spread(x.gaps_s), "jitter", harness.spread([abs(g-0.02) for g in x.gaps_s]), max(x.gaps_s))
        if x.delays_s: print(h, "delay", harness.spread(x.delays_s), max(x.delays_s))
    print("lateness", harness.spread(outcome.lateness_s), max(outcome.lateness_s))
    for r in outcome.races: print(r.won, round(r.winner_told_s,3), len(r.losers_told_s), r.others, r.losers_told_s and (round(sorted(r.losers_told_s)[len(r.losers_told_s)//2],3), round(max(r.losers_told_s),3)))
    print("talking", outcome.talking, "waiting", outcome.waiting[::5], "live", outcome.live[::5])
    print(outcome.happened)

if __name__ == "__main__":
    main()
