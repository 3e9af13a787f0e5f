"""Who calls in the demonstration, and what they answer to which question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerVoice:
    """A synthetic caller's voice: an espeak-ng accent and variant, none of them the bot's."""

    accent: str
    variant: str
    speed_wpm: int
    pitch: int
    snr_db: float
    """Noise on the telephone line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One call."""

    title: str
    client: str
    number: str
    """Calling number, E.164."""
    voice: CallerVoice
    replies: Mapping[str, tuple[str, ...]]
    """Start of a sentence's key -> what the caller says to it, the first time, the second time, ..."""


SCENES = (
    Scene(
        title="Rendez-vous, avec une correction",
        client="cabinet-lilas",
        number="+33639980021",
        voice=CallerVoice(accent="fr", variant="linda", speed_wpm=150, pitch=55, snr_db=28),
        replies={
            "opening": ("bonjour je voudrais un rendez-vous mardi matin",),
            "booking.ask_wish": ("mardi matin",),
            "booking.propose": ("non plutôt jeudi après-midi", "le premier"),
            "contact.name": ("je m'appelle marie lambert",),
            "contact.own_number": ("oui",),
            "booking.recap": ("oui c'est ça",),
            "closing": ("merci au revoir",),
        },
    ),
    Scene(
        title="Les horaires au milieu d'un rendez-vous",
        client="chauffage-duval",
        number="+33639980022",
        voice=CallerVoice(accent="fr", variant="m3", speed_wpm=150, pitch=50, snr_db=25),
        replies={
            "opening": ("bonjour je voudrais prendre rendez-vous pour un devis",),
            "booking.ask_wish": ("à quelle heure vous fermez", "jeudi matin"),
            "booking.propose": ("le premier", "oui"),
            "contact.name": ("je m'appelle paul martin",),
            "contact.own_number": ("oui c'est ça",),
            "booking.recap": ("oui c'est ça",),
            "closing": ("merci au revoir",),
        },
    ),
    Scene(
        title="Un message, numéro dicté",
        client="maitre-roche",
        number="+33639980023",
        voice=CallerVoice(accent="fr", variant="max", speed_wpm=150, pitch=50, snr_db=28),
        replies={
            "opening": ("bonjour je voudrais laisser un message",),
            "message.reason": ("je rappelle au sujet d'une succession",),
            "urgency": ("non",),
            "contact.name": ("je m'appelle louis bernard",),
            "contact.own_number": ("non",),
            "contact.phone_check": ("oui c'est ça",),
            "contact.phone": ("zéro six quatorze vingt-deux trente-trois quarante-quatre",),
            "contact.digits": ("zéro six un quatre deux deux trois trois quatre quatre",),
            "message.recap": ("oui c'est ça",),
            "closing": ("merci au revoir",),
        },
    ),
    Scene(
        title="Une urgence",
        client="cabinet-lilas",
        number="+33639980024",
        voice=CallerVoice(accent="fr", variant="m1", speed_wpm=150, pitch=50, snr_db=25),
        replies={
            "opening": ("c'est urgent mon fils a de la fièvre",),
            "urgency": ("oui",),
        },
    ),
    Scene(
        title="Un client prioritaire",
        client="maitre-roche",
        number="",
        voice=CallerVoice(accent="fr-be", variant="paul", speed_wpm=150, pitch=45, snr_db=30),
        replies={},
    ),
    Scene(
        title="Un démarcheur",
        client="chauffage-duval",
        number="+33639980026",
        voice=CallerVoice(accent="fr-ch", variant="pablo", speed_wpm=160, pitch=45, snr_db=28),
        replies={
            "opening": ("je vous appelle de la société durand pour vous proposer une offre",),
            "confirm": ("oui",),
        },
    ),
)
