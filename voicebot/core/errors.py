"""Every error that leaves a package of ours. Adapters wrap their library's exceptions `from exc`.

PermanenceError
├── InputError            bad file, argument or YAML given by a person       exit status 2
│   ├── AudioFileError
│   └── ConsignesError
├── ModelError            a model is missing, incomplete or does not load
├── RecognitionError      speech recognition failed
├── SynthesisError        speech synthesis failed
├── RecordsError          the database refused or could not be reached
│   ├── StorageFullError  no room left on disk
│   └── SlotTakenError    the appointment slot is no longer free
├── TransportError        the audio connection failed
│   └── TransferError     the caller could not be passed on to another number
└── RefusalError          the desk does not do it as things stand: somebody was faster, the call is gone, ...
"""

from __future__ import annotations

from typing import ClassVar

from voicebot.core.ids import UserId


class PermanenceError(Exception):
    """Root of the tree. The message is one clear sentence: what, where, what was expected."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False


class InputError(PermanenceError):
    """A person gave something unusable."""

    code = "bad_input"


class AudioFileError(InputError):
    """An audio file is missing, unreadable or of the wrong shape."""

    code = "bad_audio_file"


class ConsignesError(InputError):
    """A client's consignes do not pass the check."""

    code = "bad_consignes"


class ModelError(PermanenceError):
    """A model is missing, incomplete or does not load."""

    code = "model"


class RecognitionError(PermanenceError):
    """Speech recognition failed."""

    code = "recognition"
    retryable = True


class SynthesisError(PermanenceError):
    """Speech synthesis failed."""

    code = "synthesis"
    retryable = True


class RecordsError(PermanenceError):
    """The database refused or could not be reached."""

    code = "records"
    retryable = True


class StorageFullError(RecordsError):
    """No room is left where recordings or records are kept."""

    code = "storage_full"
    retryable = False


class SlotTakenError(RecordsError):
    """The appointment slot is no longer free."""

    code = "slot_taken"
    retryable = False


class TransportError(PermanenceError):
    """The audio connection failed."""

    code = "transport"


class TransferError(TransportError):
    """The caller could not be passed on to another number."""

    code = "transfer"


class RefusalError(PermanenceError):
    """The desk does not do what a secretary asks, as things stand."""

    code = "refused"

    def __init__(self, message: str, *, why: str, winner: UserId | None = None, winner_name: str | None = None) -> None:
        super().__init__(message)
        self.why = why
        """Which rule says so: `taken`, `gone`, `busy`, ...; `escalation.refusals` lists them."""
        self.winner = winner
        """Who was faster, where somebody was."""
        self.winner_name = winner_name
