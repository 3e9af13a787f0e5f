"""Written text to the words that a voice says: no digit, no symbol, no abbreviation is left to the engine's guess."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from voicebot.core.language import Language
from voicebot.tts.spoken_rules import SpokenGrammar, apply_lexicon, plain_characters, speak
from voicebot.tts.verbalise_en import ENGLISH
from voicebot.tts.verbalise_fr import FRENCH

_GRAMMARS: Mapping[Language, SpokenGrammar] = MappingProxyType({"fr": FRENCH, "en": ENGLISH})
_NO_LEXICON: Mapping[str, str] = MappingProxyType({})


def verbalise(text: str, language: Language, lexicon: Mapping[str, str] = _NO_LEXICON) -> str:
    """Spoken form of a written sentence.

    Args:
        text: as written, in any typography (« 14 h 30 », `+33612345678`, « Me Durand », `contact@exemple.fr`).
        language: language of the words around.
        lexicon: written word or phrase -> how this client wants it said; applied first, whole words, any case.

    Returns:
        Words, with `. , ; : ! ? ' ’ -` as the only other characters; empty when there is nothing to say.
    """
    return speak(apply_lexicon(plain_characters(text), lexicon), _GRAMMARS[language])
