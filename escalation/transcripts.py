"""What is said in the live calls, for those who look on: kept while the call lasts, told as it is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from escalation.newsroom import Newsroom
from escalation.standing import Board
from escalation.views import Json
from voicebot.call.event_log import EventSink
from voicebot.call.live import LiveCall, LiveCalls
from voicebot.core.events import CallEvent, EventKind
from voicebot.core.ids import CallId, ClientId
from voicebot.records.calls import Turn

KEPT_TURNS = 400
"""Most turns kept of a call."""
_SPEAKERS = {
    EventKind.CALLER_TURN: "caller",
    EventKind.PARTIAL: "caller",
    EventKind.BOT_STARTED: "bot",
    EventKind.HUMAN_TURN: "secretary",
}


class Transcripts:
    """The turns of the live calls. From the event loop only."""

    def __init__(self, live: LiveCalls, newsroom: Newsroom, board: Callable[[], Board]) -> None:
        self._live = live
        self._newsroom = newsroom
        self._board = board
        self._turns: dict[CallId, deque[Json]] = {}
        self._clients: dict[CallId, ClientId] = {}
        self._resumed: list[CallId] = []

    def sink(self, call: CallId, client: ClientId) -> EventSink:
        """What takes the events of a call."""

        def take(event: CallEvent) -> None:
            match event.kind:
                case EventKind.CALL_STARTED | EventKind.RESUMED:
                    self._begin(call, client)
                    if event.kind is EventKind.RESUMED:
                        self._resumed.append(call)
                case EventKind.CALL_ENDED:
                    self._end(call)
                case EventKind.CALLER_TURN | EventKind.PARTIAL | EventKind.BOT_STARTED | EventKind.HUMAN_TURN:
                    self._say(call, client, event)
                case _:
                    pass

        return take

    def live(self) -> Iterable[tuple[LiveCall, Iterable[Json]]]:
        """The live calls, with what was said in them."""
        return ((call, self._turns.get(call.id, ())) for call in self._live)

    def resumed(self) -> list[CallId]:
        """The calls that were taken up again since the last time: what was said before is to be recalled."""
        resumed, self._resumed = self._resumed, []
        return resumed

    def recall(self, call: CallId, turns: Iterable[Turn]) -> None:
        """Put what was said before a cut in front of what was said since."""
        if call in self._turns:
            since = {(turn["speaker"], turn["t"]) for turn in self._turns[call]}
            before = [_turn(call, turn.speaker, turn.text, turn.t_s) for turn in turns if (turn.speaker, turn.t_s) not in since]
            self._turns[call] = deque([*before, *self._turns[call]], maxlen=KEPT_TURNS)
            self._tell(call)

    def forget_the_dead(self) -> None:
        """Drop what belongs to calls that are gone without a word."""
        for call in [call for call in self._turns if self._live.get(call) is None]:
            self._end(call)

    def _begin(self, call: CallId, client: ClientId) -> None:
        self._turns[call], self._clients[call] = deque(maxlen=KEPT_TURNS), client
        self._tell(call)

    def _end(self, call: CallId) -> None:
        client = self._clients.pop(call, None)
        self._turns.pop(call, None)
        if client is not None:
            self._newsroom.call(client, {"id": call, "gone": True})

    def _say(self, call: CallId, client: ClientId, event: CallEvent) -> None:
        partial = event.kind is EventKind.PARTIAL
        if partial and not self._newsroom.watched(client):
            return
        turn = _turn(call, _SPEAKERS[event.kind], str(event.data["text"]), event.t_s)
        if not partial and call in self._turns:
            self._turns[call].append(turn)
        self._newsroom.turn(client, {**turn, "partial": partial})

    def _tell(self, call: CallId) -> None:
        live = self._live.get(call)
        if live is not None:
            shown = self._newsroom.call_now(live, self._board())
            self._newsroom.call(live.client, {**shown, "turns": [*self._turns[call]]})


def _turn(call: CallId, speaker: str, text: str, t_s: float) -> Json:
    return {"call": call, "speaker": speaker, "text": text, "t": t_s}
